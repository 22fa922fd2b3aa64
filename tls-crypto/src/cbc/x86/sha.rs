//! SHA-1 and SHA-256 with the SHA extensions, four rounds at a time, so that something else can run
//! in between. Functions without 256-bit vectors, as in [`super::stitched`].

use core::arch::x86_64::*;

/// The sixteen words of a block of the hash; `order` says how the bytes of a vector are turned,
/// its upper half first.
#[inline]
#[target_feature(enable = "avx,aes,sha,sse4.1,ssse3")]
pub(super) fn load_words(block: &[u8; 64], order: [i64; 2]) -> [__m128i; 4] {
    let order = _mm_set_epi64x(order[0], order[1]);
    let mut words = [order; 4];
    for (words, bytes) in words.iter_mut().zip(block.as_chunks::<16>().0) {
        // SAFETY: the array has 16 bytes.
        let bytes = unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) };
        *words = _mm_shuffle_epi8(bytes, order);
    }
    words
}

/// SHA-256's state as the instructions want it: words from the top of the vector down.
#[derive(Clone, Copy)]
pub(super) struct Sha256 {
    abef: __m128i,
    cdgh: __m128i,
}

/// FIPS 180-4 §4.2.2.
static K: [[u32; 4]; 16] = [
    [0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5],
    [0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5],
    [0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3],
    [0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174],
    [0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc],
    [0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da],
    [0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7],
    [0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967],
    [0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13],
    [0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85],
    [0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3],
    [0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070],
    [0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5],
    [0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3],
    [0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208],
    [0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2],
];

impl Sha256 {
    /// The bytes of each word reversed.
    pub(super) const ORDER: [i64; 2] = [0x0c0d_0e0f_0809_0a0b, 0x0405_0607_0001_0203];

    #[inline]
    #[target_feature(enable = "avx,aes,sha,sse4.1,ssse3")]
    pub(super) fn new(digest: &[u32; 8]) -> Self {
        // SAFETY: an array of eight words is twice 16 bytes.
        let (dcba, hgfe) = unsafe {
            let dcba = _mm_loadu_si128(digest.as_ptr().cast());
            (dcba, _mm_loadu_si128(digest[4..].as_ptr().cast()))
        };
        let (cdab, efgh) = (_mm_shuffle_epi32(dcba, 0xb1), _mm_shuffle_epi32(hgfe, 0x1b));
        Self {
            abef: _mm_alignr_epi8(cdab, efgh, 8),
            cdgh: _mm_blend_epi16(efgh, cdab, 0xf0),
        }
    }

    #[inline]
    #[target_feature(enable = "avx,aes,sha,sse4.1,ssse3")]
    pub(super) fn store(self, digest: &mut [u32; 8]) {
        let (feba, dchg) = (
            _mm_shuffle_epi32(self.abef, 0x1b),
            _mm_shuffle_epi32(self.cdgh, 0xb1),
        );
        // SAFETY: an array of eight words is twice 16 bytes.
        unsafe {
            let dcba = _mm_blend_epi16(feba, dchg, 0xf0);
            _mm_storeu_si128(digest.as_mut_ptr().cast(), dcba);
            let hgfe = _mm_alignr_epi8(dchg, feba, 8);
            _mm_storeu_si128(digest[4..].as_mut_ptr().cast(), hgfe);
        }
    }

    /// The sum of the state before a block and behind its rounds.
    #[inline]
    #[target_feature(enable = "avx,aes,sha,sse4.1,ssse3")]
    pub(super) fn add(&mut self, before: Self) {
        self.abef = _mm_add_epi32(self.abef, before.abef);
        self.cdgh = _mm_add_epi32(self.cdgh, before.cdgh);
    }

    /// No instruction, but both values are there at this point: without it the compiler puts the
    /// rounds of one behind those of the other, which costs a tenth or more.
    #[inline]
    #[target_feature(enable = "avx,aes,sha,sse4.1,ssse3")]
    pub(super) fn abreast(&mut self, other: &mut Self) {
        // SAFETY: there is no instruction in it.
        unsafe {
            core::arch::asm!(
                "/* {0} {1} */",
                inout(xmm_reg) self.abef,
                inout(xmm_reg) other.abef,
                options(pure, nomem, nostack, preserves_flags)
            );
        }
    }

    /// Four rounds, and the words of the message schedule that are due sixteen rounds later.
    #[inline]
    #[target_feature(enable = "avx,aes,sha,sse4.1,ssse3")]
    pub(super) fn group<const GROUP: usize>(&mut self, w: &mut [__m128i; 4]) {
        // No closure: compiled for another set of instructions, it is not inlined everywhere.
        let (w0, w1) = (w[GROUP % 4], w[(GROUP + 1) % 4]);
        let (w2, w3) = (w[(GROUP + 2) % 4], w[(GROUP + 3) % 4]);
        // SAFETY: an array of four words is 16 bytes.
        let constants = unsafe { _mm_loadu_si128(K[GROUP].as_ptr().cast()) };
        let message = _mm_add_epi32(w0, constants);
        // Two rounds turn CDGH into the new ABEF, and ABEF is the new CDGH.
        let middle = _mm_sha256rnds2_epu32(self.cdgh, self.abef, message);
        self.abef = _mm_sha256rnds2_epu32(self.abef, middle, _mm_shuffle_epi32(message, 0x0e));
        self.cdgh = middle;
        if GROUP < 12 {
            let sum = _mm_add_epi32(_mm_sha256msg1_epu32(w0, w1), _mm_alignr_epi8(w3, w2, 4));
            w[GROUP % 4] = _mm_sha256msg2_epu32(sum, w3);
        }
    }
}

/// A digest and its padding behind a block, compressed as words: no byte has to change its place.
#[target_feature(enable = "avx,aes,sha,sse4.1,ssse3")]
pub(super) fn compress_digest(pad: &[u32; 8], digest: &mut [u32; 8]) {
    const BITS: i32 = 8 * (64 + 32);
    // Assembly of others leaves upper halves dirty (a key exchange in front of a key derivation does): thirty times the
    // time, for the SHA instructions have no VEX form.
    _mm256_zeroupper();
    // SAFETY: an array of eight words is twice 16 bytes.
    let [low, high] = unsafe {
        let low = _mm_loadu_si128(digest.as_ptr().cast());
        [low, _mm_loadu_si128(digest[4..].as_ptr().cast())]
    };
    let mut w = [
        low,
        high,
        _mm_set_epi32(0, 0, 0, 0x8000_0000_u32.cast_signed()),
        _mm_set_epi32(BITS, 0, 0, 0),
    ];
    let before = Sha256::new(pad);
    let mut hash = before;
    macro_rules! groups {
        ($($group:literal)*) => { $(hash.group::<$group>(&mut w);)* };
    }
    groups!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15);
    hash.add(before);
    hash.store(digest);
}

/// SHA-1's state as the instructions want it: words from the top of the vector down.
#[derive(Clone, Copy)]
pub(super) struct Sha1 {
    abcd: __m128i,
    /// E in the top word; after the first group the ABCD of four rounds ago, of which the
    /// instructions make the next E.
    e: __m128i,
}

impl Sha1 {
    /// All sixteen bytes reversed.
    pub(super) const ORDER: [i64; 2] = [0x0001_0203_0405_0607, 0x0809_0a0b_0c0d_0e0f];

    #[inline]
    #[target_feature(enable = "avx,aes,sha,sse4.1,ssse3")]
    pub(super) fn new(digest: &[u32; 5]) -> Self {
        let [a, b, c, d, e] = digest.map(u32::cast_signed);
        Self {
            abcd: _mm_set_epi32(a, b, c, d),
            e: _mm_set_epi32(e, 0, 0, 0),
        }
    }

    #[inline]
    #[target_feature(enable = "avx,aes,sha,sse4.1,ssse3")]
    pub(super) fn store(self, digest: &mut [u32; 5]) {
        let ([d, c, b, a], [.., e]) = (words(self.abcd), words(self.e));
        *digest = [a, b, c, d, e];
    }

    /// The sum of the state before a block and behind its rounds.
    #[inline]
    #[target_feature(enable = "avx,aes,sha,sse4.1,ssse3")]
    pub(super) fn add(&mut self, before: Self) {
        self.e = _mm_sha1nexte_epu32(self.e, before.e);
        self.abcd = _mm_add_epi32(self.abcd, before.abcd);
    }

    /// As [`Sha256::abreast`]. Not beside AES, where it costs more than it gains.
    #[inline]
    #[target_feature(enable = "avx,aes,sha,sse4.1,ssse3")]
    pub(super) fn abreast(&mut self, other: &mut Self) {
        // SAFETY: there is no instruction in it.
        unsafe {
            core::arch::asm!(
                "/* {0} {1} */",
                inout(xmm_reg) self.abcd,
                inout(xmm_reg) other.abcd,
                options(pure, nomem, nostack, preserves_flags)
            );
        }
    }

    /// Four rounds, and the words of the message schedule that are due sixteen rounds later.
    #[inline]
    #[target_feature(enable = "avx,aes,sha,sse4.1,ssse3")]
    pub(super) fn group<const GROUP: usize>(&mut self, w: &mut [__m128i; 4]) {
        let (w0, w1) = (w[GROUP % 4], w[(GROUP + 1) % 4]);
        let (w2, w3) = (w[(GROUP + 2) % 4], w[(GROUP + 3) % 4]);
        let message = if GROUP == 0 {
            _mm_add_epi32(self.e, w0)
        } else {
            _mm_sha1nexte_epu32(self.e, w0)
        };
        self.e = self.abcd;
        self.abcd = match GROUP / 5 {
            0 => _mm_sha1rnds4_epu32(self.abcd, message, 0),
            1 => _mm_sha1rnds4_epu32(self.abcd, message, 1),
            2 => _mm_sha1rnds4_epu32(self.abcd, message, 2),
            _ => _mm_sha1rnds4_epu32(self.abcd, message, 3),
        };
        if GROUP < 16 {
            let sum = _mm_xor_si128(_mm_sha1msg1_epu32(w0, w1), w2);
            w[GROUP % 4] = _mm_sha1msg2_epu32(sum, w3);
        }
    }
}

/// The four words of a vector, lowest first.
#[inline]
#[target_feature(enable = "avx,aes,sha,sse4.1,ssse3")]
fn words(vector: __m128i) -> [u32; 4] {
    let mut words = [0; 4];
    // SAFETY: an array of four words is 16 bytes.
    unsafe { _mm_storeu_si128(words.as_mut_ptr().cast(), vector) };
    words
}
