use super::portable::fixed_length;
use super::rsa_public::RsaVerifier;
use rsa::BoxedUint;
use rsa::hazmat::rsa_encrypt;
use rsa::traits::PublicKeyParts as _;
use tls_core::crypto::{KeyError, Random};
use zeroize::{Zeroize as _, Zeroizing};

/// How many times the padding is drawn anew where it came out zero. Each time 255 of 256 bytes
/// become good: a source that fails this often repeats itself.
const MAX_DRAWS: usize = 64;

/// RSAES-PKCS1-v1_5 (RFC 8017 §7.2.1): `00 02 padding 00 message`, padding bytes nonzero and from
/// `random` alone.
pub(crate) fn encrypt_pkcs1(
    key: &RsaVerifier,
    message: &[u8],
    random: &dyn Random,
) -> Result<Vec<u8>, KeyError> {
    let Some(padding_len) = key.len().checked_sub(message.len() + 3).filter(|&n| n >= 8) else {
        return Err(KeyError::Failed(
            "the message is too long for the RSA key".into(),
        ));
    };
    let mut encoded = Zeroizing::new(vec![0; key.len()]);
    encoded[1] = 2;
    fill_nonzero(&mut encoded[2..2 + padding_len], random)?;
    encoded[3 + padding_len..].copy_from_slice(message);

    let failed = || KeyError::Failed("RSA encryption".into());
    let key = key.portable().ok_or_else(failed)?;
    let mut plain =
        BoxedUint::from_be_slice(&encoded, key.n_bits_precision()).map_err(|_| failed())?;
    let cipher = rsa_encrypt(key, &plain).map_err(|_| failed());
    plain.zeroize();
    Ok(fixed_length(&cipher?.to_be_bytes(), encoded.len()).to_vec())
}

/// Random bytes without zeroes, by rejection, so that all 255 values stay equally likely.
fn fill_nonzero(out: &mut [u8], random: &dyn Random) -> Result<(), KeyError> {
    let failed = || KeyError::Failed("the source of randomness failed".into());
    random.fill(out).map_err(|_| failed())?;
    for _ in 0..MAX_DRAWS {
        let mut whole = true;
        for byte in out.iter_mut().filter(|byte| **byte == 0) {
            random
                .fill(core::slice::from_mut(byte))
                .map_err(|_| failed())?;
            whole &= *byte != 0;
        }
        if whole {
            return Ok(());
        }
    }
    Err(failed())
}
