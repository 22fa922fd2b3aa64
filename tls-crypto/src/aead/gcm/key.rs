use super::Width;
use super::field::{fold, multiply, times_x};
use crate::x86::aes::{RoundKeys, expand};
use crate::x86::{One, Vector};
use core::arch::x86_64::*;
use core::marker::PhantomData;
use zeroize::Zeroize;

/// How many powers of the hash key there are: as many as a batch has blocks, and one for the
/// lengths.
const POWERS: usize = 17;

/// Powers behind H^1 that are zero: what is left of the widest vector beside its first block.
const ZEROES: usize = 3;

/// An expanded AES-GCM key with `R` rounds, for vectors `V`.
///
/// Few powers are enough for any width and any number of blocks, since the blocks at one place of
/// all vectors of a batch are added up by powers that are the same for all places (see
/// [`Key::stride`]). All are computed at once, in less time than one record takes.
pub(super) struct Key<V, const R: usize> {
    /// H^17 in front, down to H^1, and zeroes.
    powers: [__m128i; POWERS + ZEROES],
    /// The sums of the halves of those powers that batches use, from the lowest up.
    folded: [u64; super::MAX_VECTORS],
    rounds: RoundKeys,
    width: PhantomData<fn() -> V>,
}

impl<V: Width, const R: usize> Key<V, R> {
    /// `key` has 16 (`R` = 10) or 32 bytes (`R` = 14).
    ///
    /// # Safety
    /// The CPU has the instructions of `V`.
    #[inline(always)]
    pub(super) unsafe fn new(key: &[u8]) -> Self {
        // SAFETY: the caller's promise; the narrowest width is a part of every other.
        unsafe {
            let mut this = Self {
                powers: [_mm_setzero_si128(); POWERS + ZEROES],
                folded: [0; super::MAX_VECTORS],
                rounds: expand::<R>(key),
                width: PhantomData,
            };
            let zero = One::all(_mm_setzero_si128());
            let h = One::all(times_x(this.encrypt(zero).reverse().sum()));
            this.fill_powers(h);
            this
        }
    }

    /// Each power is the product of its two halves, so that few wait for one another.
    #[inline(always)]
    fn fill_powers(&mut self, h: One) {
        let mut known = [h; POWERS + 1];
        for n in 2..=POWERS {
            known[n] = multiply(known[n / 2], known[n - n / 2]);
        }
        for (power, known) in self.powers.iter_mut().zip(known[1..].iter().rev()) {
            *power = known.sum();
        }
        for n in 1..=V::VECTORS {
            let folded = fold(known[n * V::BLOCKS]).sum();
            // SAFETY: there is a vector, hence the CPU has the instructions.
            self.folded[n - 1] = unsafe { _mm_cvtsi128_si64(folded) }.cast_unsigned();
        }
    }

    /// One block of AES.
    #[inline(always)]
    fn encrypt(&self, block: One) -> One {
        let mut state = block.xor(self.round1(0));
        for round in 1..R {
            state = state.encrypt_round(self.round1(round));
        }
        state.encrypt_last(self.round1(R))
    }

    /// The key of round `round` for one block.
    #[inline(always)]
    fn round1(&self, round: usize) -> One {
        // SAFETY: a key exists only where the CPU has the instructions.
        unsafe { One::all(self.rounds[round]) }
    }

    /// `block` in every place.
    #[inline(always)]
    pub(super) fn all(&self, block: __m128i) -> V {
        // SAFETY: a key exists only where the CPU has the instructions.
        unsafe { V::all(block) }
    }

    /// `block` in the first place, zeroes behind it.
    #[inline(always)]
    pub(super) fn first(&self, block: __m128i) -> V {
        self.zero().with_block(0, block)
    }

    #[inline(always)]
    pub(super) fn zero(&self) -> V {
        // SAFETY: a key exists only where the CPU has the instructions.
        unsafe { V::all(_mm_setzero_si128()) }
    }

    /// The key of round `round`.
    #[inline(always)]
    pub(super) fn round(&self, round: usize) -> V {
        self.all(self.rounds[round])
    }

    /// The power that takes the blocks of a vector over `n` vectors, H^(n * [`Vector::BLOCKS`]),
    /// in every place; and the same folded.
    #[inline(always)]
    pub(super) fn stride(&self, n: usize) -> (V, V) {
        // SAFETY: a key exists only where the CPU has the instructions.
        let folded = unsafe { V::all_halves(self.folded[n - 1]) };
        (self.all(self.powers[POWERS - n * V::BLOCKS]), folded)
    }

    /// For a vector whose first block has `to_go` blocks from itself to the end: their powers,
    /// H^`to_go` and the next lower ones (or zero), and the powers folded.
    #[inline(always)]
    pub(super) fn descending(&self, to_go: usize) -> (V, V) {
        assert!((1..=POWERS).contains(&to_go));
        // SAFETY: a key exists only where the CPU has the instructions. At least one block of the
        // vector is a power, and there are zeroes for all others.
        let powers = unsafe { V::load(self.powers.as_ptr().add(POWERS - to_go).cast()) };
        (powers, fold(powers))
    }

    /// H^1.
    #[inline(always)]
    pub(super) fn hash_key(&self) -> One {
        // SAFETY: a key exists only where the CPU has the instructions.
        unsafe { One::all(self.powers[POWERS - 1]) }
    }
}

impl<V, const R: usize> Drop for Key<V, R> {
    fn drop(&mut self) {
        self.powers.zeroize();
        self.folded.zeroize();
        self.rounds.zeroize();
    }
}
