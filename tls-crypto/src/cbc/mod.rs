//! Block ciphers in CBC mode with HMAC (RFC 5246 §6.2.3.2, RFC 7366), as one primitive.
//!
//! [`seal`] and [`open`] know the layout, [`mac`] and [`unpad`] are what keeps Lucky 13 away, and the ciphers
//! beneath know neither.

pub(crate) mod compression;
mod ct;
mod mac;
mod open;
mod portable;
mod record;
mod seal;
mod side_by_side;
#[cfg(test)]
mod tests;
mod unpad;
#[cfg(target_arch = "x86_64")]
mod x86;

pub(crate) use portable::Portable;
pub(crate) use record::BlockCipher;

use compression::{Sha1, Sha256, Sha384};
use des::TdesEde3;
use record::Algorithm;
use tls_core::crypto::{CbcAlgorithm, CipherId, HashId, PSEUDO_HEADER_LEN};

/// The implementation to use on this CPU; `None` for pairs that no cipher suite has.
pub(crate) fn cbc(cipher: CipherId, mac: HashId) -> Option<&'static dyn CbcAlgorithm> {
    kernel(cipher, mac).or_else(|| portable(cipher, mac))
}

/// An algorithm as a constant.
macro_rules! algorithm {
    ($cipher:ident $rust:ty, $mac:ident) => {{
        static ALGORITHM: Algorithm<$rust, $mac> = Algorithm::new(CipherId::$cipher, HashId::$mac);
        Some(&ALGORITHM)
    }};
}

/// The kernel of our own for this CPU, if there is one.
#[cfg(target_arch = "x86_64")]
fn kernel(cipher: CipherId, mac: HashId) -> Option<&'static dyn CbcAlgorithm> {
    if !crate::cpu::has_vaes_and_sha() {
        return None;
    }
    match (cipher, mac) {
        (CipherId::Aes128, HashId::Sha1) => algorithm!(Aes128 x86::Aes, Sha1),
        (CipherId::Aes128, HashId::Sha256) => algorithm!(Aes128 x86::Aes, Sha256),
        (CipherId::Aes128, HashId::Sha384) => algorithm!(Aes128 x86::Aes, Sha384),
        (CipherId::Aes256, HashId::Sha1) => algorithm!(Aes256 x86::Aes, Sha1),
        (CipherId::Aes256, HashId::Sha256) => algorithm!(Aes256 x86::Aes, Sha256),
        (CipherId::Aes256, HashId::Sha384) => algorithm!(Aes256 x86::Aes, Sha384),
        (CipherId::TripleDes, _) | (_, HashId::Sha512) => None,
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn kernel(_cipher: CipherId, _mac: HashId) -> Option<&'static dyn CbcAlgorithm> {
    None
}

/// The implementation that runs everywhere.
fn portable(cipher: CipherId, mac: HashId) -> Option<&'static dyn CbcAlgorithm> {
    match (cipher, mac) {
        (CipherId::Aes128, HashId::Sha1) => algorithm!(Aes128 portable::Aes, Sha1),
        (CipherId::Aes128, HashId::Sha256) => algorithm!(Aes128 portable::Aes, Sha256),
        (CipherId::Aes128, HashId::Sha384) => algorithm!(Aes128 portable::Aes, Sha384),
        (CipherId::Aes256, HashId::Sha1) => algorithm!(Aes256 portable::Aes, Sha1),
        (CipherId::Aes256, HashId::Sha256) => algorithm!(Aes256 portable::Aes, Sha256),
        (CipherId::Aes256, HashId::Sha384) => algorithm!(Aes256 portable::Aes, Sha384),
        (CipherId::TripleDes, HashId::Sha1) => algorithm!(TripleDes Portable<TdesEde3>, Sha1),
        (CipherId::TripleDes, _) | (_, HashId::Sha512) => None,
    }
}

/// What the MAC covers before the fragment (RFC 5246 §6.2.3.1).
fn pseudo_header(seq: u64, header: [u8; 3], len: usize) -> [u8; PSEUDO_HEADER_LEN] {
    let mut out = [0; PSEUDO_HEADER_LEN];
    out[..8].copy_from_slice(&seq.to_be_bytes());
    out[8..11].copy_from_slice(&header);
    // A fragment is far shorter than 2^16 bytes.
    out[11..].copy_from_slice(&(len as u16).to_be_bytes());
    out
}
