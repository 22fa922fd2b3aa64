use super::digits::{self, Digits};
use super::lanes::{DIGIT, DIGIT_MASK, Lanes, Numbers, Shifted, digit, of_digits, wipe};
use super::vector::Vector;
use super::workspace::Workspace;
use zeroize::Zeroize as _;

/// n (one modulus of `8 * V` digits, or two of `4 * V`) and what is computed from it once per key. Wiped
/// when dropped.
pub(super) struct Prepared<const L: usize, const V: usize> {
    modulus: Numbers<V>,
    /// M', see [`super::multiply`].
    friendly: Numbers<V>,
    /// -1/n modulo 2^52, in all lanes of each number.
    inverse: Lanes,
}

/// What reduction modulo n needs, in the form that multiplications read: made anew for each
/// exponentiation, since it is five times as long. Wiped when dropped.
pub(super) struct Modulus<const L: usize, const V: usize, const W: usize> {
    /// M', with which all digits but the last are cleared.
    pub(super) friendly: Shifted<L, W>,
    /// -1/n modulo 2^52, in all lanes of each number.
    pub(super) inverse: Lanes,
    /// n moved up by `L - 1` digits, where the last digit's low products go,
    pub(super) last_low: [Lanes; W],
    /// and n, which is n moved up by `L` in the next vector: its high products.
    pub(super) last_high: Numbers<V>,
}

impl<const L: usize, const V: usize> Prepared<L, V> {
    /// Of the digits of odd numbers.
    pub(super) fn new(moduli: &[Digits]) -> Self {
        let mut friendly: [Digits; 2] = core::array::from_fn(|_| Digits::zero());
        let mut inverse = Lanes::ZERO;
        for (which, modulus) in moduli.iter().enumerate() {
            let negative_inverse = digits::negative_inverse(modulus[0]);
            inverse.0[which * L..][..L].fill(negative_inverse);
            digits::friendly(
                &modulus[..L * V],
                negative_inverse,
                &mut friendly[which][..],
            );
        }
        Self {
            modulus: of_digits::<L, V>(moduli),
            friendly: of_digits::<L, V>(&friendly[..8 / L]),
            inverse,
        }
    }

    #[inline(never)]
    pub(super) fn expand<X: Vector, const W: usize>(&self) -> Modulus<L, V, W> {
        let mut modulus = Modulus {
            friendly: Shifted::ZERO,
            inverse: self.inverse,
            last_low: [Lanes::ZERO; W],
            last_high: self.modulus,
        };
        let mut shifted = Shifted::<L, W>::ZERO;
        X::shift(&self.modulus, &mut shifted);
        modulus.last_low = shifted.0[L - 1];
        shifted.wipe();
        X::shift(&self.friendly, &mut modulus.friendly);
        modulus
    }

    /// The digits of number `which`.
    pub(super) fn digits(&self, which: usize) -> Digits {
        take::<L>(&self.modulus, which)
    }
}

impl<const L: usize, const V: usize, const W: usize> Modulus<L, V, W> {
    /// The digits of number `which`.
    pub(super) fn digits(&self, which: usize) -> Digits {
        take::<L>(&self.last_high, which)
    }

    /// R^2 modulo n, where R = 2^(52 * L * V): what brings numbers into Montgomery's form. The moduli
    /// have `bits` bits.
    pub(super) fn radix_squared<X: Vector>(&self, bits: usize) -> Numbers<V> {
        let len = L * V;
        let mut start: [Digits; 2] = core::array::from_fn(|_| Digits::zero());
        for (which, number) in start[..8 / L].iter_mut().enumerate() {
            // 2^bits - n, then doubled up to 2 * R.
            let modulus = self.digits(which);
            number[bits / DIGIT] = 1 << (bits % DIGIT);
            digits::reduce_once(&mut number[..len], &modulus[..len]);
            for _ in bits..=DIGIT * len {
                digits::double(&mut number[..len], &modulus[..len]);
            }
        }
        // In Montgomery's form that is 2, and to be 2^(52 * L * V).
        let mut space = Workspace::new(of_digits::<L, V>(&start[..8 / L]));
        let exponent = DIGIT * len;
        for bit in (0..exponent.ilog2()).rev() {
            X::square(&mut space, self, 1);
            if exponent >> bit & 1 == 1 {
                space.number = sum::<L, V>(&space.number, &space.number);
            }
        }
        space.number
    }
}

impl<const L: usize, const V: usize> Drop for Prepared<L, V> {
    fn drop(&mut self) {
        wipe(&mut self.modulus);
        wipe(&mut self.friendly);
        self.inverse.zeroize();
    }
}

impl<const L: usize, const V: usize, const W: usize> Drop for Modulus<L, V, W> {
    fn drop(&mut self) {
        self.friendly.wipe();
        self.inverse.zeroize();
        wipe(&mut self.last_low);
        wipe(&mut self.last_high);
    }
}

/// The digits of number `which`.
#[inline(never)]
pub(super) fn take<const L: usize>(of: &[Lanes], which: usize) -> Digits {
    let mut out = Digits::zero();
    for (index, out) in out[..of.len() * L].iter_mut().enumerate() {
        *out = digit::<L>(of, which, index);
    }
    out
}

/// The sums of two times as many numbers, which must fit.
#[inline(never)]
pub(super) fn sum<const L: usize, const V: usize>(a: &Numbers<V>, b: &Numbers<V>) -> Numbers<V> {
    let mut out = [Lanes::ZERO; V];
    for which in 0..8 / L {
        let mut carry = 0;
        for index in 0..L * V {
            carry += digit::<L>(a, which, index) + digit::<L>(b, which, index);
            out[index / L].0[which * L + index % L] = carry & DIGIT_MASK;
            carry >>= DIGIT;
        }
    }
    out
}
