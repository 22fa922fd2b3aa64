//! Blocks that are not full, in registers. Lengths are public, so branches on them are no leak.

use core::arch::x86_64::*;

/// The `len <= 16` bytes at `from`, filled up with zeroes.
///
/// # Safety
/// `len` bytes at `from` are readable.
#[inline]
#[target_feature(enable = "avx2")]
pub(crate) unsafe fn load(from: *const u8, len: usize) -> __m128i {
    debug_assert!(len <= 16);
    // SAFETY: every read begins at `from` or ends at `from + len`, and none is longer than `len`.
    unsafe {
        // Words that were stored as such are read as such: a read across two of them would wait for the cache.
        match len {
            16 => _mm_loadu_si128(from.cast()),
            8..16 => words(
                from.cast::<u64>().read_unaligned(),
                word(from.add(8), len - 8),
            ),
            _ => words(word(from, len), 0),
        }
    }
}

/// The `len < 8` bytes at `from`, filled up with zeroes.
///
/// # Safety
/// `len` bytes at `from` are readable.
#[inline(always)]
unsafe fn word(from: *const u8, len: usize) -> u64 {
    // SAFETY: every read begins at `from` or ends at `from + len`, and none is longer than `len`.
    unsafe {
        // Reads may overlap: both have the same bytes there.
        match len {
            4..8 => {
                let low = u64::from(from.cast::<u32>().read_unaligned());
                let high = u64::from(from.add(len - 4).cast::<u32>().read_unaligned());
                low | high << (8 * (len - 4))
            }
            1..4 => {
                let (first, middle, last) = (
                    from.read(),
                    from.add(len / 2).read(),
                    from.add(len - 1).read(),
                );
                u64::from(first)
                    | u64::from(middle) << (8 * (len / 2))
                    | u64::from(last) << (8 * (len - 1))
            }
            _ => 0,
        }
    }
}

/// Stores the first `len <= 16` bytes of `block`.
///
/// # Safety
/// `len` bytes at `to` are writable.
#[inline]
#[target_feature(enable = "avx2")]
pub(crate) unsafe fn store(to: *mut u8, len: usize, block: __m128i) {
    debug_assert!(len <= 16);
    let low = _mm_cvtsi128_si64(block).cast_unsigned();
    let high = _mm_extract_epi64(block, 1).cast_unsigned();
    // SAFETY: every write begins at `to` or ends at `to + len`, and none is longer than `len`.
    unsafe {
        match len {
            16 => _mm_storeu_si128(to.cast(), block),
            8..16 => {
                let both = u128::from(low) | u128::from(high) << 64;
                to.cast::<u64>().write_unaligned(low);
                let last = (both >> (8 * (len - 8))) as u64;
                to.add(len - 8).cast::<u64>().write_unaligned(last);
            }
            4..8 => {
                to.cast::<u32>().write_unaligned(low as u32);
                let last = (low >> (8 * (len - 4))) as u32;
                to.add(len - 4).cast::<u32>().write_unaligned(last);
            }
            1..4 => {
                to.write(low as u8);
                to.add(len / 2).write((low >> (8 * (len / 2))) as u8);
                to.add(len - 1).write((low >> (8 * (len - 1))) as u8);
            }
            _ => {}
        }
    }
}

/// `block` with all but its first `len <= 16` bytes zero.
#[inline]
#[target_feature(enable = "avx2")]
pub(crate) fn keep(block: __m128i, len: usize) -> __m128i {
    debug_assert!(len <= 16);
    let index = _mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    _mm_and_si128(block, _mm_cmpgt_epi8(_mm_set1_epi8(len as i8), index))
}

#[inline]
#[target_feature(enable = "avx2")]
fn words(low: u64, high: u64) -> __m128i {
    _mm_set_epi64x(high.cast_signed(), low.cast_signed())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::bytes;

    #[test]
    fn every_length_is_loaded_stored_and_kept() {
        if !std::arch::is_x86_feature_detected!("avx2") {
            return;
        }
        for len in 0..=16 {
            let given = bytes(len as u64, len);
            let mut expected = given.clone();
            expected.resize(16, 0);

            let (mut loaded, mut kept, mut stored) = ([1u8; 16], [1u8; 16], [0xa5u8; 18]);
            // SAFETY: the CPU has AVX2; `given` has `len` bytes and the arrays at least 16.
            unsafe {
                let block = load(given.as_ptr(), len);
                _mm_storeu_si128(loaded.as_mut_ptr().cast(), block);
                let noise = _mm_or_si128(block, _mm_set1_epi8(0x55));
                _mm_storeu_si128(kept.as_mut_ptr().cast(), keep(noise, len));
                store(stored.as_mut_ptr().add(1), len, noise);
            }
            assert_eq!(loaded[..], expected, "load {len}");
            let noise: Vec<u8> = given.iter().map(|byte| byte | 0x55).collect();
            assert_eq!(kept[..len], noise);
            assert!(kept[len..].iter().all(|&byte| byte == 0), "keep {len}");
            assert_eq!(stored[1..=len], noise, "store {len}");
            assert_eq!(stored[0], 0xa5);
            assert!(
                stored[len + 1..].iter().all(|&byte| byte == 0xa5),
                "store {len}"
            );
        }
    }
}
