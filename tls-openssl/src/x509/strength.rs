//! Which certificates of a chain are weaker than a security level asks for. libtlscore's verifier names the first.

use super::findings::Finding;
use super::{X509, errors};
use crate::args::count;
use crate::der;
use crate::sys;
use core::ffi::c_int;

/// What levels 0 to 5 ask for, in bits (tls_ctx_set_security_level()): of RSA's modulus, of a curve, of a hash.
const LEAST: [[c_int; 3]; 6] = [
    [0, 0, 0],
    [1024, 160, 224],
    [2048, 224, 224],
    [3072, 256, 256],
    [7680, 384, 384],
    [15_360, 512, 512],
];

/// What of a certificate is weaker than a level asks for.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Weak {
    Key,
    /// The hash that it is signed with.
    Hash,
}

/// What of a certificate is weaker than `level` asks for: its key first.
pub(crate) fn of(x509: &X509, level: c_int) -> Option<Weak> {
    [Weak::Key, Weak::Hash]
        .into_iter()
        .find(|what| is(x509, level, *what))
}

fn is(x509: &X509, level: c_int, what: Weak) -> bool {
    let least = LEAST[crate::args::length(level).min(5)];
    match what {
        Weak::Key => key_bits(x509, least).is_some_and(|(bits, least)| bits < least),
        Weak::Hash => hash_bits(x509).is_some_and(|bits| bits < least[2]),
    }
}

/// Keys and signatures that are weaker than `level`; the signature of the last certificate, which is trusted as it is,
/// counts for nothing.
pub(super) fn weak<T: core::ops::Deref<Target = X509>>(chain: &[T], level: c_int) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, x509) in chain.iter().enumerate() {
        let depth = count(at);
        if is(x509, level, Weak::Key) {
            let error = match depth {
                0 => errors::EE_KEY_TOO_SMALL,
                _ => errors::CA_KEY_TOO_SMALL,
            };
            findings.push((error, depth));
        }
        if at + 1 < chain.len() && is(x509, level, Weak::Hash) {
            findings.push((errors::CA_MD_TOO_WEAK, depth));
        }
    }
    findings
}

/// The bits of a key, and the least for its kind; `None`: a kind that levels do not know.
fn key_bits(x509: &X509, [rsa, curve, _]: [c_int; 3]) -> Option<(c_int, c_int)> {
    // SAFETY: a live certificate.
    let bits = unsafe { sys::tls_cert_key_bits(x509.native().raw()) };
    match x509.key_type().to_bytes() {
        b"RSA" | b"RSA-PSS" => Some((bits, rsa)),
        b"EC" => Some((bits, curve)),
        _ => None,
    }
}

/// The bits of the hash that a certificate is signed with; `None`: by no hash, or by one that is not known.
fn hash_bits(x509: &X509) -> Option<c_int> {
    const PKCS1: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01";
    const ECDSA: &[u8] = b"\x2a\x86\x48\xce\x3d\x04";
    let (_, certificate, _) = der::element(x509.der())?;
    let (_, algorithm, _) = der::element(der::element(certificate)?.2)?;
    let (_, oid, parameters) = der::element(algorithm)?;
    let after = |prefix: &[u8]| oid.strip_prefix(prefix);
    match (after(PKCS1), after(ECDSA)) {
        (Some([4]), _) => Some(128),
        (Some([5]), _) | (_, Some([1])) => Some(160),
        (Some([14]), _) | (_, Some([3, 1])) => Some(224),
        (Some([11]), _) | (_, Some([3, 2])) => Some(256),
        (Some([12]), _) | (_, Some([3, 3])) => Some(384),
        (Some([13]), _) | (_, Some([3, 4])) => Some(512),
        (Some([10]), _) => pss_bits(parameters),
        _ => None,
    }
}

/// RSASSA-PSS-params (RFC 4055 §3.1): the hash in [0], SHA-1 without it.
fn pss_bits(parameters: &[u8]) -> Option<c_int> {
    const SHA2: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x02";
    let (_, fields, _) = der::element(parameters)?;
    let (0xa0, hash, _) = der::element(fields)? else {
        return Some(160);
    };
    let (_, oid, _) = der::element(der::element(hash)?.1)?;
    match oid.strip_prefix(SHA2) {
        Some([1]) => Some(256),
        Some([2]) => Some(384),
        Some([3]) => Some(512),
        Some([4]) => Some(224),
        _ => None,
    }
}
