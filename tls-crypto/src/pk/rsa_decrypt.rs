use super::rsa_private::RsaSigner;
use getrandom::SysRng;
use rsa::BoxedUint;
use rsa::hazmat::rsa_decrypt_and_check;
use rsa::traits::PublicKeyParts as _;
use tls_core::crypto::{KeyError, Secret};
use zeroize::{Zeroize as _, Zeroizing};

/// RSADP (RFC 8017 §5.1.2) with base blinding and a constant-time exponentiation. What comes out
/// is not looked at; it has the modulus's length, so that leading zeroes do not show.
pub(crate) fn decrypt_raw(signer: &RsaSigner, ciphertext: &[u8]) -> Result<Secret, KeyError> {
    let key = signer.key();
    let len = key.size();
    if ciphertext.len() != len {
        return Err(KeyError::Failed(format!(
            "an RSA ciphertext of {} bytes for a modulus of {len}",
            ciphertext.len()
        )));
    }
    // Whether a ciphertext is below the modulus is for everyone to see.
    let cipher = BoxedUint::from_be_slice(ciphertext, key.n_bits_precision())
        .ok()
        .filter(|cipher| cipher < key.n().as_ref())
        .ok_or_else(|| KeyError::Failed("an RSA ciphertext not below the modulus".into()))?;
    let failed =
        || KeyError::Failed("RSA decryption failed its check, or there is no randomness".into());
    if let Some(kernel) = signer.ifma() {
        let mut plain = vec![0; len];
        kernel.decrypt(ciphertext, &mut plain).ok_or_else(failed)?;
        return Ok(Secret::new(plain));
    }
    let mut plain = rsa_decrypt_and_check(key, Some(&mut SysRng), &cipher).map_err(|_| failed())?;
    // Whole words, so possibly longer than the modulus; never shorter.
    let words = Zeroizing::new(plain.to_be_bytes());
    plain.zeroize();
    Ok(Secret::new(words[words.len() - len..].to_vec()))
}
