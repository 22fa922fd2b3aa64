//! Poly1305 in lanes against plain big numbers, where carries are rarest and hurt most.

use super::lanes::{EIGHT, Lanes};
use crate::aead::chacha::poly1305::Poly1305;
use crate::testing::bytes;
use crypto_bigint::{NonZero, U256};

/// RFC 8439 §2.5.1 as it is written there, for whole blocks.
fn reference(key: &[u8; 32], message: &[u8]) -> [u8; 16] {
    let number =
        |bytes: &[u8]| U256::from_u128(u128::from_le_bytes(bytes.try_into().expect("16 bytes")));
    let p = U256::ONE.shl(130).wrapping_sub(&U256::from_u64(5));
    let p = NonZero::new(p).expect("a modulus");
    let clamp = U256::from_u128(0x0fff_fffc_0fff_fffc_0fff_fffc_0fff_ffff);
    let r = number(&key[..16]) & clamp;
    let mut a = U256::ZERO;
    for block in message.chunks_exact(16) {
        let n = number(block).wrapping_add(&U256::ONE.shl(128));
        a = a.wrapping_add(&n).wrapping_mul(&r).rem_vartime(&p);
    }
    let tag = a.wrapping_add(&number(&key[16..]));
    tag.to_le_bytes()[..16].try_into().expect("16 bytes")
}

/// `before` bytes in single blocks, then lanes, with steps of four times eight blocks or without, then
/// single blocks.
fn in_lanes(key: &[u8; 32], message: &[u8], before: usize, by_four: bool) -> [u8; 16] {
    let words = key.as_chunks().0;
    let mut poly = Poly1305::new(core::array::from_fn(|i| u64::from_le_bytes(words[i])));
    let (first, mut rest) = message.split_at(before);
    // SAFETY: the caller has looked for the instructions; what is read is inside the message.
    unsafe {
        poly.padded(first);
        let mut lanes = Lanes::new(&poly, rest[..EIGHT].as_ptr(), rest.len());
        rest = &rest[EIGHT..];
        if by_four {
            rest = &rest[lanes.steps(rest.as_ptr(), rest.len())..];
        }
        while rest.len() >= EIGHT {
            lanes.eight(rest.as_ptr());
            rest = &rest[EIGHT..];
        }
        lanes.finish(&mut poly);
        poly.padded(rest);
    }
    poly.finish()
}

fn check(key: &[u8; 32], message: &[u8], what: &str) {
    let expected = reference(key, message);
    for before in [0, 16, 128] {
        for by_four in [false, true] {
            assert_eq!(
                in_lanes(key, message, before, by_four),
                expected,
                "{what}, {before} bytes before, by four: {by_four}"
            );
        }
    }
}

#[test]
fn lanes_equal_big_numbers_at_the_edges() {
    if !crate::cpu::has_avx512_ifma() {
        return;
    }
    // r: nothing, small, all that clamping leaves, and its ends. Blocks: all zeroes, all ones, what
    // lies at the borders of limbs, and what makes sums around 2^130 - 5 (RFC 8439 A.3, 7 to 10).
    let keys = [
        0u128,
        1,
        2,
        4,
        5,
        u128::MAX,
        0xf << 120,
        0xfc,
        0xffff_fffc << 32,
    ];
    let blocks = [
        0u128,
        u128::MAX,
        u128::MAX - 4,
        u128::MAX - 5,
        1,
        5,
        1 << 127,
        (1 << 44) - 1,
    ];
    for r in keys {
        for s in [0, u128::MAX] {
            let mut key = [0; 32];
            key[..16].copy_from_slice(&r.to_le_bytes());
            key[16..].copy_from_slice(&s.to_le_bytes());
            for (index, one) in blocks.iter().enumerate() {
                for other in &blocks[index..] {
                    let message: Vec<u8> = [one, other]
                        .into_iter()
                        .cycle()
                        .take(88)
                        .flat_map(|block| block.to_le_bytes())
                        .collect();
                    check(&key, &message, &format!("r {r:x} blocks {one:x} {other:x}"));
                }
            }
        }
    }
}

/// The last reduction: of what is just below, at and above 2^130 - 5.
#[test]
fn the_last_block_reaches_the_modulus() {
    if !crate::cpu::has_avx512_ifma() {
        return;
    }
    let mut key = [0; 32];
    key[0] = 1;
    // With r = 1 the authenticator is the sum of the blocks, each with 2^128 on top: 23 of them are
    // 5 * 5 + 3 * 2^128, and with a last block of 2^128 - 30 exactly 2^130 - 5.
    for above in 0..32u128 {
        let mut message = vec![0; 8 * 16];
        message.extend((u128::MAX - 40 + above).to_le_bytes());
        message.resize(23 * 16, 0);
        check(&key, &message, &format!("{above} above"));
    }
}

#[test]
fn lanes_equal_big_numbers_at_random() {
    if !crate::cpu::has_avx512_ifma() {
        return;
    }
    for round in 0..200 {
        let key: [u8; 32] = bytes(round, 32).try_into().expect("32 bytes");
        let blocks = 16 + 3 * round as usize % 120;
        check(&key, &bytes(!round, 16 * blocks), &format!("round {round}"));
    }
}
