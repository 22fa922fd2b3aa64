//! The paddings of RSA signatures (RFC 8017 §9), for moduli of any length: an encoded message has as many bytes
//! as the modulus. Everything here is public.

use super::digest::digest;
use super::scheme::RsaPadding;
use crate::hash::hash;
use tls_core::crypto::{Digest, HashId};

/// The longest output of our hashes in bytes, and so the longest salt.
const MAX_HASH: usize = 64;

/// Encodes `message` for signing with a modulus of `bits` bits. `None` when it is too short, or there is no
/// randomness.
pub(crate) fn encode(
    padding: RsaPadding,
    id: HashId,
    message: &[u8],
    bits: usize,
) -> Option<Vec<u8>> {
    let hashed = digest(id, message);
    let mut encoded = vec![0; bits.div_ceil(8)];
    match padding {
        RsaPadding::Pkcs1 => pkcs1(id, hashed.as_ref(), &mut encoded)?,
        RsaPadding::Pss => {
            let mut salt = [0; MAX_HASH];
            let salt = &mut salt[..id.output_len()];
            getrandom::fill(salt).ok()?;
            pss(id, hashed.as_ref(), salt, bits, &mut encoded)?;
        }
    }
    Some(encoded)
}

/// Whether `encoded`, as long as the modulus of `bits` bits, is an encoding of `message`. The salt of PSS has the
/// hash's length (RFC 8446 §4.2.3).
pub(crate) fn verify(
    padding: RsaPadding,
    id: HashId,
    message: &[u8],
    bits: usize,
    encoded: &mut [u8],
) -> bool {
    let hashed = digest(id, message);
    match padding {
        RsaPadding::Pkcs1 => {
            let mut expected = vec![0; encoded.len()];
            pkcs1(id, hashed.as_ref(), &mut expected).is_some() && *expected == *encoded
        }
        RsaPadding::Pss => pss_verify(id, hashed.as_ref(), bits, encoded).is_some(),
    }
}

/// The DER of a DigestInfo up to the hash (RFC 8017 §9.2, note 1).
fn digest_info(id: HashId) -> &'static [u8] {
    match id {
        HashId::Sha1 => &[
            0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04,
            0x14,
        ],
        HashId::Sha256 => &[
            0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
            0x01, 0x05, 0x00, 0x04, 0x20,
        ],
        HashId::Sha384 => &[
            0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
            0x02, 0x05, 0x00, 0x04, 0x30,
        ],
        HashId::Sha512 => &[
            0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
            0x03, 0x05, 0x00, 0x04, 0x40,
        ],
    }
}

/// EMSA-PKCS1-v1_5: `00 01 | ff... | 00 | DigestInfo` with at least eight ff.
fn pkcs1(id: HashId, hashed: &[u8], out: &mut [u8]) -> Option<()> {
    let info = digest_info(id);
    let padding = out.len().checked_sub(3 + info.len() + hashed.len())?;
    if padding < 8 {
        return None;
    }
    out[..2].copy_from_slice(&[0, 1]);
    out[2..2 + padding].fill(0xff);
    out[2 + padding] = 0;
    let (place, end) = out[3 + padding..].split_at_mut(info.len());
    place.copy_from_slice(info);
    end.copy_from_slice(hashed);
    Some(())
}

/// What EMSA-PSS fills of as many bytes as a modulus of `bits` bits has, one bit less than the modulus: the bytes
/// in front, and the bits of the first byte.
fn pss_room(bits: usize) -> (usize, u8) {
    let unused = (8 - (bits - 1) % 8) % 8;
    (usize::from(bits % 8 == 1), 0xff >> unused)
}

/// EMSA-PSS (RFC 8017 §9.1.1): `masked (0... | 01 | salt) | H | bc`, the uppermost bits cleared.
fn pss(id: HashId, hashed: &[u8], salt: &[u8], bits: usize, out: &mut [u8]) -> Option<()> {
    let (front, first) = pss_room(bits);
    let out = &mut out[front..];
    let block = out.len().checked_sub(id.output_len() + 1)?;
    let zeroes = block.checked_sub(salt.len() + 1)?;
    let bound = hash(id).hash(&[&[0; 8], hashed, salt]);
    let (data, end) = out.split_at_mut(block);
    data[..zeroes].fill(0);
    data[zeroes] = 1;
    data[zeroes + 1..].copy_from_slice(salt);
    mask(id, &bound, data);
    data[0] &= first;
    end[..id.output_len()].copy_from_slice(bound.as_ref());
    end[id.output_len()] = 0xbc;
    Some(())
}

/// EMSA-PSS (RFC 8017 §9.1.2).
fn pss_verify(id: HashId, hashed: &[u8], bits: usize, encoded: &mut [u8]) -> Option<()> {
    let (front, first) = pss_room(bits);
    let (front, encoded) = encoded.split_at_mut(front);
    let len = id.output_len();
    let block = encoded.len().checked_sub(len + 1)?;
    let zeroes = block.checked_sub(len + 1)?;
    let (data, end) = encoded.split_at_mut(block);
    if end[len] != 0xbc || data[0] & !first != 0 || front.iter().any(|&byte| byte != 0) {
        return None;
    }
    let bound = Digest::new(&end[..len]);
    mask(id, &bound, data);
    data[0] &= first;
    if data[..zeroes].iter().any(|&byte| byte != 0) || data[zeroes] != 1 {
        return None;
    }
    let salt = &data[zeroes + 1..];
    let expected = hash(id).hash(&[&[0; 8], hashed, salt]);
    (expected.as_ref() == bound.as_ref()).then_some(())
}

/// Adds MGF1 of `seed` (RFC 8017 Appendix B.2.1).
fn mask(id: HashId, seed: &Digest, data: &mut [u8]) {
    for (part, counter) in data.chunks_mut(id.output_len()).zip(0u32..) {
        let mask = hash(id).hash(&[seed.as_ref(), &counter.to_be_bytes()]);
        for (byte, mask) in part.iter_mut().zip(mask.as_ref()) {
            *byte ^= mask;
        }
    }
}
