//! X509_V_ERR_*: what is wrong with a certificate, in OpenSSL's numbers and words.

use crate::sys::tls_error_info;
use core::ffi::{CStr, c_char, c_int, c_long};

pub(crate) const OK: c_int = 0;
pub(crate) const UNSPECIFIED: c_int = 1;
pub(crate) const NO_CRL: c_int = 3;
pub(crate) const NOT_YET_VALID: c_int = 9;
pub(crate) const EXPIRED: c_int = 10;
pub(crate) const SELF_SIGNED_LEAF: c_int = 18;
pub(crate) const SELF_SIGNED_IN_CHAIN: c_int = 19;
pub(crate) const NO_ISSUER_LOCALLY: c_int = 20;
pub(crate) const UNVERIFIED_LEAF: c_int = 21;
pub(crate) const PURPOSE: c_int = 26;
pub(crate) const HOSTNAME_MISMATCH: c_int = 62;
pub(crate) const IP_MISMATCH: c_int = 64;
pub(crate) const EE_KEY_TOO_SMALL: c_int = 66;
pub(crate) const CA_KEY_TOO_SMALL: c_int = 67;
pub(crate) const CA_MD_TOO_WEAK: c_int = 68;
pub(crate) const INVALID_CALL: c_int = 69;

/// Number, words, and the alert that tells the peer.
static ROWS: &[(c_int, &CStr, c_int)] = &[
    (0, c"ok", 80),
    (1, c"unspecified certificate verification error", 80),
    (2, c"unable to get issuer certificate", 48),
    (3, c"unable to get certificate CRL", 48),
    (4, c"unable to decrypt certificate's signature", 42),
    (5, c"unable to decrypt CRL's signature", 42),
    (6, c"unable to decode issuer public key", 42),
    (7, c"certificate signature failure", 51),
    (8, c"CRL signature failure", 51),
    (9, c"certificate is not yet valid", 42),
    (10, c"certificate has expired", 45),
    (11, c"CRL is not yet valid", 42),
    (12, c"CRL has expired", 45),
    (13, c"format error in certificate's notBefore field", 42),
    (14, c"format error in certificate's notAfter field", 42),
    (17, c"out of memory", 80),
    (18, c"self-signed certificate", 48),
    (19, c"self-signed certificate in certificate chain", 48),
    (20, c"unable to get local issuer certificate", 48),
    (21, c"unable to verify the first certificate", 48),
    (22, c"certificate chain too long", 48),
    (23, c"certificate revoked", 44),
    (24, c"issuer certificate doesn't have a public key", 42),
    (25, c"path length constraint exceeded", 48),
    (26, c"unsuitable certificate purpose", 43),
    (27, c"certificate not trusted", 42),
    (28, c"certificate rejected", 42),
    (29, c"subject issuer mismatch", 46),
    (32, c"key usage does not include certificate signing", 46),
    (34, c"unhandled critical extension", 46),
    (47, c"permitted subtree violation", 46),
    (48, c"excluded subtree violation", 46),
    (50, c"application verification failure", 40),
    (62, c"hostname mismatch", 42),
    (63, c"email address mismatch", 42),
    (64, c"IP address mismatch", 42),
    (66, c"EE certificate key too weak", 42),
    (67, c"CA certificate key too weak", 42),
    (68, c"CA signature digest algorithm too weak", 42),
    (69, c"invalid certificate verification context", 80),
    (70, c"issuer certificate lookup error", 80),
    (79, c"invalid CA certificate", 48),
];

fn row(error: c_long) -> Option<&'static (c_int, &'static CStr, c_int)> {
    ROWS.iter().find(|row| c_long::from(row.0) == error)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_verify_cert_error_string(error: c_long) -> *const c_char {
    row(error)
        .map_or(c"unknown certificate verification error", |row| row.1)
        .as_ptr()
}

/// The alert for an error; certificate_unknown for one that has none of its own.
pub(crate) fn alert(error: c_int) -> c_int {
    row(c_long::from(error)).map_or(46, |row| row.2)
}

/// Whether it is found when the certificates are looked at one by one, from the root to the leaf: signatures and
/// dates. Everything else is found before.
pub(crate) const fn is_late(error: c_int) -> bool {
    group(error) == LATE
}

const LATE: u8 = 7;

/// In which of OpenSSL's rounds it is found: the strength of the leaf's key, the path, what certificates may do, how strong
/// the others are, the name, revocation, the rest.
pub(crate) const fn group(error: c_int) -> u8 {
    match error {
        66 => 0,
        2 | 18 | 19 | 20 | 22 => 1,
        67 | 68 => 3,
        62..=64 => 4,
        3 | 8 | 11 | 12 | 23 => 5,
        21 => 6,
        7 | 9 | 10 => LATE,
        _ => 2,
    }
}

/// Whether what is found before CRLs are asked has kept libtlscore from asking them.
pub(crate) const fn hides_crls(error: c_int) -> bool {
    group(error) < 5
}

/// Whether libtlscore says that a certificate is out of date.
pub(crate) const fn is_date(info: &tls_error_info) -> bool {
    matches!(info.number, 603 | 604)
}

/// What OpenSSL calls what libtlscore's verifier found (TLS_REASON_*), and at which certificate.
pub(crate) fn of_native(info: &tls_error_info) -> (c_int, c_int) {
    let depth = info.certificate.max(0);
    let error = match info.number {
        602 => 6,
        603 => EXPIRED,
        604 => NOT_YET_VALID,
        605 => NO_ISSUER_LOCALLY,
        606 => HOSTNAME_MISMATCH,
        607 => PURPOSE,
        608 => 23,
        609 => 7,
        610 => 79,
        611 => 47,
        614 if depth == 0 => EE_KEY_TOO_SMALL,
        614 => CA_MD_TOO_WEAK,
        615 => 22,
        617 => EE_KEY_TOO_SMALL,
        651 => NO_CRL,
        652 => 12,
        653 => 11,
        654 => 8,
        _ => UNSPECIFIED,
    };
    (error, depth)
}
