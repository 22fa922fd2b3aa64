//! The RSA key exchange's pre_master_secret (RFC 5246 §7.4.7.1).

use crate::crypto::{Random, Secret};
use crate::error::{Reason, Result};
use crate::wire::ProtocolVersion;
use subtle::{ConditionallySelectable, ConstantTimeEq};
use zeroize::Zeroizing;

/// Bytes of an RSA pre_master_secret: two of version, 46 random ones.
const PRE_MASTER_LEN: usize = 48;

/// Bytes in front of the secret in the block: 00 02, at least eight padding bytes, 00.
const MIN_OVERHEAD: usize = 11;

/// A pre_master_secret, wiped when dropped. On the heap: a move would leave its bytes behind.
pub(super) type PreMaster = Box<Zeroizing<[u8; PRE_MASTER_LEN]>>;

/// A client's: its highest version, then random bytes.
pub(super) fn generate(random: &dyn Random) -> Result<PreMaster> {
    let mut secret = random_secret(random)?;
    secret[..2].copy_from_slice(&ProtocolVersion::TLS12.0.to_be_bytes());
    Ok(secret)
}

/// What a server goes on with when the decryption is no good. Drawn before the decryption.
pub(super) fn random_secret(random: &dyn Random) -> Result<PreMaster> {
    let mut secret = Box::new(Zeroizing::new([0; PRE_MASTER_LEN]));
    random
        .fill(&mut secret[..])
        .map_err(|_| Reason::RandomFailed)?;
    Ok(secret)
}

/// Takes the secret out of the decrypted block, or `fallback` where padding, length or version are
/// wrong: in time that depends on the block's length alone, and with no trace of which it was
/// (RFC 5246 §7.4.7.1; Bleichenbacher's attack and all of its descendants need that trace).
///
/// `version` is the one of the ClientHello. A block of `None` (the key refused the ciphertext) is
/// public: it depends on the ciphertext's range alone.
pub(super) fn unpad(
    block: Option<Secret>,
    version: ProtocolVersion,
    fallback: PreMaster,
) -> PreMaster {
    let Some(block) = block else { return fallback };
    let Some(pad_len) = block
        .len()
        .checked_sub(PRE_MASTER_LEN)
        .filter(|n| *n >= MIN_OVERHEAD)
    else {
        return fallback;
    };
    let (padding, secret) = block.split_at(pad_len);
    // EM = 00 02 PS 00 M with exactly 48 bytes of M, so that every byte has its fixed place.
    let mut good = padding[0].ct_eq(&0) & padding[1].ct_eq(&2) & padding[pad_len - 1].ct_eq(&0);
    for byte in &padding[2..pad_len - 1] {
        good &= !byte.ct_eq(&0);
    }
    let [major, minor] = version.0.to_be_bytes();
    good &= secret[0].ct_eq(&major) & secret[1].ct_eq(&minor);
    let mut out = fallback;
    for (o, s) in out.iter_mut().zip(secret) {
        *o = u8::conditional_select(o, s, good);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const FALLBACK: [u8; PRE_MASTER_LEN] = [0xee; PRE_MASTER_LEN];

    fn block(len: usize) -> Vec<u8> {
        let mut block = vec![0x55; len];
        block[0] = 0;
        block[1] = 2;
        block[len - PRE_MASTER_LEN - 1] = 0;
        block[len - PRE_MASTER_LEN..].fill(7);
        block[len - PRE_MASTER_LEN] = 3;
        block[len - PRE_MASTER_LEN + 1] = 3;
        block
    }

    fn unpadded(block: &[u8]) -> [u8; PRE_MASTER_LEN] {
        let block = Some(Zeroizing::new(block.to_vec()));
        **unpad(
            block,
            ProtocolVersion::TLS12,
            Box::new(Zeroizing::new(FALLBACK)),
        )
    }

    #[test]
    fn takes_a_good_secret() {
        let good = block(256);
        assert_eq!(unpadded(&good), good[256 - PRE_MASTER_LEN..]);
        let shortest = block(PRE_MASTER_LEN + MIN_OVERHEAD);
        assert_eq!(unpadded(&shortest), shortest[MIN_OVERHEAD..]);
    }

    #[test]
    fn falls_back_for_every_wrong_byte() {
        let len = 256;
        for place in 0..len - PRE_MASTER_LEN + 2 {
            let mut bad = block(len);
            bad[place] = if (2..len - PRE_MASTER_LEN - 1).contains(&place) {
                0
            } else {
                0x99
            };
            assert_eq!(unpadded(&bad), FALLBACK, "byte {place}");
        }
    }

    #[test]
    fn falls_back_without_a_block_or_with_a_short_one() {
        let none = unpad(
            None,
            ProtocolVersion::TLS12,
            Box::new(Zeroizing::new(FALLBACK)),
        );
        assert_eq!(**none, FALLBACK);
        assert_eq!(
            unpadded(&block(PRE_MASTER_LEN + MIN_OVERHEAD)[1..]),
            FALLBACK
        );
        assert_eq!(unpadded(&[]), FALLBACK);
    }
}
