use super::super::rsa_padding;
use super::super::scheme::RsaPadding;
use getrandom::SysRng;
use rsa::hazmat::{rsa_decrypt_and_check, rsa_encrypt};
use rsa::traits::PublicKeyParts;
use rsa::{BoxedUint, RsaPrivateKey, RsaPublicKey};
use tls_core::crypto::HashId;
use zeroize::{Zeroize as _, Zeroizing};

/// Verifies a signature of the modulus's length.
pub(crate) fn verify(
    key: &RsaPublicKey,
    padding: RsaPadding,
    hash: HashId,
    message: &[u8],
    signature: &[u8],
) -> bool {
    let bits = key.n().bits() as usize;
    below_modulus(key, signature)
        .and_then(|signature| rsa_encrypt(key, &signature).ok())
        .is_some_and(|encoded| {
            let mut encoded = fixed_length(&encoded.to_be_bytes(), bits.div_ceil(8)).to_vec();
            rsa_padding::verify(padding, hash, message, bits, &mut encoded)
        })
}

/// Signs. `None` when the padding does not fit the modulus, the signature failed its check, or there is no
/// randomness.
pub(crate) fn sign(
    key: &RsaPrivateKey,
    padding: RsaPadding,
    hash: HashId,
    message: &[u8],
) -> Option<Vec<u8>> {
    let encoded = rsa_padding::encode(padding, hash, message, key.n().bits() as usize)?;
    raise(key, &below_modulus(key, &encoded)?)
}

/// RSADP and RSASP1 (RFC 8017 §5.1.2, §5.2.1) with base blinding and a check of the result against the public key:
/// as many bytes as the modulus has. `None` when the check failed, or there is no randomness.
pub(crate) fn raise(key: &RsaPrivateKey, number: &BoxedUint) -> Option<Vec<u8>> {
    let mut result = rsa_decrypt_and_check(key, Some(&mut SysRng), number).ok()?;
    let words = Zeroizing::new(result.to_be_bytes());
    result.zeroize();
    Some(fixed_length(&words, key.size()).to_vec())
}

/// An integer of as many bytes as the modulus has, if it is below it. Which it is, is for everyone to see.
pub(crate) fn below_modulus(key: &impl PublicKeyParts, bytes: &[u8]) -> Option<BoxedUint> {
    BoxedUint::from_be_slice(bytes, key.n_bits_precision())
        .ok()
        .filter(|number| number < key.n().as_ref())
}

/// The last `len` bytes of whole words: what stands before them is zero, since every value is below the modulus.
pub(crate) fn fixed_length(words: &[u8], len: usize) -> &[u8] {
    &words[words.len() - len..]
}
