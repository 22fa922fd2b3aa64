use super::digits::Digits;
use super::lanes::{DIGIT, DIGIT_MASK};

/// Words of the longest modulus.
const MAX: usize = 64;

/// 2^(64 * `words`) modulo a public number: the time depends on it. Of a big-endian modulus that fills
/// its words and has more than one, and fewer than `words`.
pub(super) struct Remainder {
    words: [u64; MAX],
}

impl Remainder {
    pub(super) fn of_power(modulus: &[u8], words: usize) -> Self {
        let len = modulus.len() / 8;
        let mut divisor = [0; MAX];
        for (word, bytes) in divisor.iter_mut().zip(modulus.rchunks_exact(8)) {
            *word = bytes
                .iter()
                .fold(0, |all, &byte| all << 8 | u64::from(byte));
        }
        // 2^(64 * len) - n is below n, whose uppermost bit is set.
        let mut rest = [0; MAX];
        let mut carry = true;
        for (rest, word) in rest[..len].iter_mut().zip(&divisor) {
            (*rest, carry) = (!word).overflowing_add(u64::from(carry));
        }
        for _ in len..words {
            shift(&mut rest[..len], &divisor[..len]);
        }
        Self { words: rest }
    }

    /// Its first digits.
    pub(super) fn digits(&self, len: usize) -> Digits {
        let mut out = Digits::zero();
        for (index, digit) in out[..len].iter_mut().enumerate() {
            let (at, shift) = (DIGIT * index / 64, DIGIT * index % 64);
            let word = |at: usize| u128::from(self.words.get(at).copied().unwrap_or(0));
            *digit = ((word(at) | word(at + 1) << 64) >> shift) as u64 & DIGIT_MASK;
        }
        out
    }
}

/// `rest` times 2^64 modulo `divisor`: one step of a division (Knuth, algorithm D).
fn shift(rest: &mut [u64], divisor: &[u64]) {
    let last = rest.len() - 1;
    let (top, upper) = (rest[last], u128::from(divisor[last]));
    // At most two too large.
    let estimate = match u128::from(top) < upper {
        true => (u128::from(top) << 64 | u128::from(rest[last - 1])) / upper,
        false => u128::from(u64::MAX),
    };
    rest.copy_within(..last, 1);
    rest[0] = 0;
    let mut borrow = 0;
    for (rest, &word) in rest.iter_mut().zip(divisor) {
        let product = estimate * u128::from(word) + borrow;
        let (difference, under) = rest.overflowing_sub(product as u64);
        *rest = difference;
        borrow = (product >> 64) + u128::from(under);
    }
    let mut over = top.wrapping_sub(borrow as u64);
    while over != 0 {
        let mut carry = false;
        for (rest, &word) in rest.iter_mut().zip(divisor) {
            let (sum, first) = rest.overflowing_add(word);
            let (sum, second) = sum.overflowing_add(u64::from(carry));
            (*rest, carry) = (sum, first || second);
        }
        over = over.wrapping_add(u64::from(carry));
    }
}
