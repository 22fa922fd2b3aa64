use super::portable;
use super::rsa_private::RsaSigner;
use rsa::traits::PublicKeyParts as _;
use tls_core::crypto::{KeyError, Secret};

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
    let cipher = portable::below_modulus(key, ciphertext)
        .ok_or_else(|| KeyError::Failed("an RSA ciphertext not below the modulus".into()))?;
    let failed =
        || KeyError::Failed("RSA decryption failed its check, or there is no randomness".into());
    if let Some(kernel) = signer.ifma() {
        let mut plain = vec![0; len];
        kernel.decrypt(ciphertext, &mut plain).ok_or_else(failed)?;
        return Ok(Secret::new(plain));
    }
    portable::raise(key, &cipher)
        .map(Secret::new)
        .ok_or_else(failed)
}
