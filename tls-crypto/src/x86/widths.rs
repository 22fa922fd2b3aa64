//! The three widths of [`Vector`].

use super::partial;
use super::vector::Vector;
use core::arch::x86_64::*;
use core::ops::Range;

/// One block: AES-NI, PCLMULQDQ, AVX2.
#[derive(Clone, Copy)]
pub(crate) struct One(__m128i);

/// Two blocks: VAES and VPCLMULQDQ on 256 bits.
#[derive(Clone, Copy)]
pub(crate) struct Two(__m256i);

/// Four blocks: VAES and VPCLMULQDQ on 512 bits.
#[derive(Clone, Copy)]
pub(crate) struct Four(__m512i);

/// An instruction on values that exist.
macro_rules! given {
    ($instruction:expr) => {
        // SAFETY: there is a value, hence the CPU has the instructions.
        unsafe { $instruction }
    };
}

/// Operations on two values that are one instruction each.
macro_rules! operations {
    ($($name:ident: $instruction:ident;)*) => {$(
        #[inline(always)]
        fn $name(self, other: Self) -> Self {
            given!(Self($instruction(self.0, other.0)))
        }
    )*};
}

/// The bytes of a block in the opposite order.
const REVERSED: [i64; 2] = [0x0001_0203_0405_0607, 0x0809_0a0b_0c0d_0e0f];

impl Vector for One {
    const BLOCKS: usize = 1;

    operations! {
        xor: _mm_xor_si128;
        add_words: _mm_add_epi32;
        encrypt_round: _mm_aesenc_si128;
        encrypt_last: _mm_aesenclast_si128;
    }

    #[inline(always)]
    unsafe fn all(block: __m128i) -> Self {
        Self(block)
    }

    #[inline(always)]
    unsafe fn all_halves(half: u64) -> Self {
        // SAFETY: the caller's promise.
        Self(unsafe { _mm_set1_epi64x(half.cast_signed()) })
    }

    #[inline(always)]
    unsafe fn load(from: *const u8) -> Self {
        // SAFETY: the caller's promise.
        Self(unsafe { _mm_loadu_si128(from.cast()) })
    }

    #[inline(always)]
    unsafe fn load_part(from: *const u8, part: Range<usize>) -> Self {
        // SAFETY: the caller's promise. A part that does not start at the block is empty.
        Self(unsafe { partial::load(from, part.len()) })
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut u8) {
        // SAFETY: the caller's promise.
        unsafe { _mm_storeu_si128(to.cast(), self.0) };
    }

    #[inline(always)]
    unsafe fn store_part(self, to: *mut u8, part: Range<usize>) {
        // SAFETY: the caller's promise. A part that does not start at the block is empty.
        unsafe { partial::store(to, part.len(), self.0) };
    }

    #[inline(always)]
    fn keep(self, part: Range<usize>) -> Self {
        given!(Self(partial::keep(self.0, part.len())))
    }

    #[inline(always)]
    fn block(self, _place: usize) -> __m128i {
        self.0
    }

    #[inline(always)]
    fn with_block(self, _place: usize, block: __m128i) -> Self {
        Self(block)
    }

    #[inline(always)]
    fn sum(self) -> __m128i {
        self.0
    }

    #[inline(always)]
    fn reverse(self) -> Self {
        given!(Self(_mm_shuffle_epi8(
            self.0,
            _mm_set_epi64x(REVERSED[0], REVERSED[1])
        )))
    }

    #[inline(always)]
    fn swap_halves(self) -> Self {
        given!(Self(_mm_shuffle_epi32::<0x4e>(self.0)))
    }

    #[inline(always)]
    fn multiply<const HALVES: i32>(self, other: Self) -> Self {
        given!(Self(_mm_clmulepi64_si128::<HALVES>(self.0, other.0)))
    }
}

impl Two {
    /// How much of `part` is in either block.
    #[inline(always)]
    fn lens(part: &Range<usize>) -> [usize; 2] {
        let high = part.end.saturating_sub(16);
        [
            if part.start == 0 { part.end.min(16) } else { 0 },
            if part.start <= 16 { high } else { 0 },
        ]
    }

    #[inline(always)]
    fn halves(self) -> [__m128i; 2] {
        given!([
            _mm256_castsi256_si128(self.0),
            _mm256_extracti128_si256::<1>(self.0),
        ])
    }
}

impl Vector for Two {
    const BLOCKS: usize = 2;

    operations! {
        xor: _mm256_xor_si256;
        add_words: _mm256_add_epi32;
        encrypt_round: _mm256_aesenc_epi128;
        encrypt_last: _mm256_aesenclast_epi128;
    }

    #[inline(always)]
    unsafe fn all(block: __m128i) -> Self {
        // SAFETY: the caller's promise.
        Self(unsafe { _mm256_broadcastsi128_si256(block) })
    }

    #[inline(always)]
    unsafe fn all_halves(half: u64) -> Self {
        // SAFETY: the caller's promise.
        Self(unsafe { _mm256_set1_epi64x(half.cast_signed()) })
    }

    #[inline(always)]
    unsafe fn load(from: *const u8) -> Self {
        // SAFETY: the caller's promise.
        Self(unsafe { _mm256_loadu_si256(from.cast()) })
    }

    #[inline(always)]
    unsafe fn load_part(from: *const u8, part: Range<usize>) -> Self {
        let [low, high] = Self::lens(&part);
        // SAFETY: the caller's promise.
        Self(unsafe {
            _mm256_set_m128i(
                partial::load(from.wrapping_add(16), high),
                partial::load(from, low),
            )
        })
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut u8) {
        // SAFETY: the caller's promise.
        unsafe { _mm256_storeu_si256(to.cast(), self.0) };
    }

    #[inline(always)]
    unsafe fn store_part(self, to: *mut u8, part: Range<usize>) {
        let [low, high] = Self::lens(&part);
        let blocks = self.halves();
        // SAFETY: the caller's promise.
        unsafe {
            partial::store(to, low, blocks[0]);
            partial::store(to.wrapping_add(16), high, blocks[1]);
        }
    }

    #[inline(always)]
    fn keep(self, part: Range<usize>) -> Self {
        let [low, high] = Self::lens(&part);
        let blocks = self.halves();
        given!(Self(_mm256_set_m128i(
            partial::keep(blocks[1], high),
            partial::keep(blocks[0], low),
        )))
    }

    #[inline(always)]
    fn block(self, place: usize) -> __m128i {
        self.halves()[place]
    }

    #[inline(always)]
    fn with_block(self, place: usize, block: __m128i) -> Self {
        let mut blocks = self.halves();
        blocks[place] = block;
        given!(Self(_mm256_set_m128i(blocks[1], blocks[0])))
    }

    #[inline(always)]
    fn sum(self) -> __m128i {
        let [low, high] = self.halves();
        given!(_mm_xor_si128(low, high))
    }

    #[inline(always)]
    fn reverse(self) -> Self {
        given!(Self(_mm256_shuffle_epi8(
            self.0,
            _mm256_broadcastsi128_si256(_mm_set_epi64x(REVERSED[0], REVERSED[1]))
        )))
    }

    #[inline(always)]
    fn swap_halves(self) -> Self {
        given!(Self(_mm256_shuffle_epi32::<0x4e>(self.0)))
    }

    #[inline(always)]
    fn multiply<const HALVES: i32>(self, other: Self) -> Self {
        given!(Self(_mm256_clmulepi64_epi128::<HALVES>(self.0, other.0)))
    }
}

/// The bytes `part` of 64, one bit each.
#[inline(always)]
fn bits(part: Range<usize>) -> u64 {
    let below = |end: usize| u64::MAX.unbounded_shr(64 - end as u32);
    below(part.end) & !below(part.start)
}

impl Vector for Four {
    const BLOCKS: usize = 4;

    operations! {
        xor: _mm512_xor_si512;
        add_words: _mm512_add_epi32;
        encrypt_round: _mm512_aesenc_epi128;
        encrypt_last: _mm512_aesenclast_epi128;
    }

    #[inline(always)]
    unsafe fn all(block: __m128i) -> Self {
        // SAFETY: the caller's promise.
        Self(unsafe { _mm512_broadcast_i32x4(block) })
    }

    #[inline(always)]
    unsafe fn all_halves(half: u64) -> Self {
        // SAFETY: the caller's promise.
        Self(unsafe { _mm512_set1_epi64(half.cast_signed()) })
    }

    #[inline(always)]
    unsafe fn load(from: *const u8) -> Self {
        // SAFETY: the caller's promise.
        Self(unsafe { _mm512_loadu_si512(from.cast()) })
    }

    #[inline(always)]
    unsafe fn load_part(from: *const u8, part: Range<usize>) -> Self {
        // SAFETY: the caller's promise. What the mask leaves out is not touched.
        Self(unsafe { _mm512_maskz_loadu_epi8(bits(part), from.cast()) })
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut u8) {
        // SAFETY: the caller's promise.
        unsafe { _mm512_storeu_si512(to.cast(), self.0) };
    }

    #[inline(always)]
    unsafe fn store_part(self, to: *mut u8, part: Range<usize>) {
        // SAFETY: the caller's promise. What the mask leaves out is not touched.
        unsafe { _mm512_mask_storeu_epi8(to.cast(), bits(part), self.0) };
    }

    #[inline(always)]
    fn keep(self, part: Range<usize>) -> Self {
        given!(Self(_mm512_maskz_mov_epi8(bits(part), self.0)))
    }

    #[inline(always)]
    fn block(self, place: usize) -> __m128i {
        match place {
            0 => given!(_mm512_castsi512_si128(self.0)),
            1 => given!(_mm512_extracti32x4_epi32::<1>(self.0)),
            2 => given!(_mm512_extracti32x4_epi32::<2>(self.0)),
            _ => given!(_mm512_extracti32x4_epi32::<3>(self.0)),
        }
    }

    #[inline(always)]
    fn with_block(self, place: usize, block: __m128i) -> Self {
        given!(Self(_mm512_mask_broadcast_i32x4(
            self.0,
            0xf << (4 * place),
            block
        )))
    }

    #[inline(always)]
    fn sum(self) -> __m128i {
        let halves = given!(_mm256_xor_si256(
            _mm512_castsi512_si256(self.0),
            _mm512_extracti64x4_epi64::<1>(self.0),
        ));
        Two(halves).sum()
    }

    #[inline(always)]
    fn reverse(self) -> Self {
        given!(Self(_mm512_shuffle_epi8(
            self.0,
            _mm512_broadcast_i32x4(_mm_set_epi64x(REVERSED[0], REVERSED[1]))
        )))
    }

    #[inline(always)]
    fn swap_halves(self) -> Self {
        given!(Self(_mm512_shuffle_epi32::<0x4e>(self.0)))
    }

    #[inline(always)]
    fn multiply<const HALVES: i32>(self, other: Self) -> Self {
        given!(Self(_mm512_clmulepi64_epi128::<HALVES>(self.0, other.0)))
    }
}
