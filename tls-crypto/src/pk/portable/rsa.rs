use super::super::digest::digest;
use super::super::scheme::RsaPadding;
use getrandom::SysRng;
use rsa::traits::SignatureScheme;
use rsa::{Pkcs1v15Sign, Pss, RsaPrivateKey, RsaPublicKey};
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};
use tls_core::crypto::HashId;

/// Verifies; the salt of PSS has the hash's length (RFC 8446 §4.2.3).
pub(crate) fn verify(
    key: &RsaPublicKey,
    padding: RsaPadding,
    hash: HashId,
    message: &[u8],
    signature: &[u8],
) -> bool {
    let hashed = digest(hash, message);
    let hashed = hashed.as_ref();
    match (padding, hash) {
        (RsaPadding::Pkcs1, _) => key.verify(pkcs1(hash), hashed, signature),
        (RsaPadding::Pss, HashId::Sha1) => key.verify(Pss::<Sha1>::new(), hashed, signature),
        (RsaPadding::Pss, HashId::Sha256) => key.verify(Pss::<Sha256>::new(), hashed, signature),
        (RsaPadding::Pss, HashId::Sha384) => key.verify(Pss::<Sha384>::new(), hashed, signature),
        (RsaPadding::Pss, HashId::Sha512) => key.verify(Pss::<Sha512>::new(), hashed, signature),
    }
    .is_ok()
}

/// Signs with base blinding and a check of the result against the public key. `None` when the
/// padding does not fit the modulus or there is no randomness.
pub(crate) fn sign(
    key: &RsaPrivateKey,
    padding: RsaPadding,
    hash: HashId,
    message: &[u8],
) -> Option<Vec<u8>> {
    let hashed = digest(hash, message);
    let hashed = hashed.as_ref();
    match (padding, hash) {
        (RsaPadding::Pkcs1, _) => blinded(pkcs1(hash), key, hashed),
        (RsaPadding::Pss, HashId::Sha1) => blinded(Pss::<Sha1>::new(), key, hashed),
        (RsaPadding::Pss, HashId::Sha256) => blinded(Pss::<Sha256>::new(), key, hashed),
        (RsaPadding::Pss, HashId::Sha384) => blinded(Pss::<Sha384>::new(), key, hashed),
        (RsaPadding::Pss, HashId::Sha512) => blinded(Pss::<Sha512>::new(), key, hashed),
    }
}

fn blinded(scheme: impl SignatureScheme, key: &RsaPrivateKey, hashed: &[u8]) -> Option<Vec<u8>> {
    scheme.sign(Some(&mut SysRng), key, hashed).ok()
}

fn pkcs1(hash: HashId) -> Pkcs1v15Sign {
    match hash {
        HashId::Sha1 => Pkcs1v15Sign::new::<Sha1>(),
        HashId::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
        HashId::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
        HashId::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
    }
}
