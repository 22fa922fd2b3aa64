//! X509_PUBKEY: the SubjectPublicKeyInfo of a certificate, for programs that pin it; and addresses as names have them.

use super::X509;
use super::cert::hand_out;
use crate::args::Str;
use crate::asn1::ASN1_STRING;
use crate::guard::guard;
use crate::object::Owned;
use core::ffi::{c_int, c_uchar};
use std::net::IpAddr;

/// A certificate's key, which is the certificate: a pointer to the one is a pointer to the other.
#[repr(transparent)]
pub struct X509_PUBKEY(X509);

/// The certificate's key; it belongs to the certificate.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_get_X509_PUBKEY(x509: Option<&X509>) -> *mut X509_PUBKEY {
    x509.map_or(core::ptr::null_mut(), |x509| {
        core::ptr::from_ref(x509).cast_mut().cast()
    })
}

/// Writes the DER behind `*out`, which moves on, or into memory that the program frees; its length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_i2d_X509_PUBKEY(
    key: Option<&X509_PUBKEY>,
    out: *mut *mut c_uchar,
) -> c_int {
    guard(-1, || {
        // SAFETY: as for `hand_out`: the manual's promise.
        key.map_or(0, |key| unsafe { hand_out(key.0.native().spki(), out) })
    })
}

/// The 4 or 16 bytes of an address in text form, as a subjectAltName has them; NULL for what is none.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_a2i_IPADDRESS(text: Str<'_>) -> Option<Owned<ASN1_STRING>> {
    /// V_ASN1_OCTET_STRING
    const OCTETS: c_int = 4;
    guard(None, || match text.utf8()?.parse().ok()? {
        IpAddr::V4(address) => Some(ASN1_STRING::new(OCTETS, &address.octets())),
        IpAddr::V6(address) => Some(ASN1_STRING::new(OCTETS, &address.octets())),
    })
}
