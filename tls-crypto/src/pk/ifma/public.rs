use super::digits::{self, Digits};
use super::division::Remainder;
use super::lanes::{DIGIT, Numbers, numbers, of_digits};
use super::modulus::{Prepared, take};
use super::vector::Vector;
use super::workspace::Workspace;
use core::marker::PhantomData;
use zeroize::Zeroizing;

/// RSAEP and RSAVP1 (RFC 8017 §5.1.1, §5.2.2) with one key. Its numbers are public: only what
/// depends on the exponent takes a time of its own, though.
pub(super) struct Public<X, const V: usize, const W: usize> {
    modulus: Prepared<8, V>,
    radix_squared: Numbers<V>,
    exponent: u64,
    machine: PhantomData<fn() -> [X; W]>,
}

impl<X: Vector, const V: usize, const W: usize> Public<X, V, W> {
    /// `modulus` is odd, big-endian, and has one of the lengths that the kernel takes in full;
    /// `exponent` is odd and at least 3.
    pub(super) fn new(modulus: &[u8], exponent: u64) -> Self {
        // R^2 = 2^(2 * 52 * 8 * V)
        let radix_squared = Remainder::of_power(modulus, 2 * DIGIT * V / 8);
        Self {
            radix_squared: of_digits::<8, V>(&[radix_squared.digits(8 * V)]),
            modulus: Prepared::new(&[digits::from_bytes(modulus, 8 * V)]),
            exponent,
            machine: PhantomData,
        }
    }

    /// Raises `input`, as long as the modulus. `None` when it is not below the modulus.
    pub(super) fn apply(&self, input: &[u8], out: &mut [u8]) -> Option<()> {
        let number = digits::from_bytes(input, 8 * V);
        if !self.is_above(&number) {
            return None;
        }
        digits::to_bytes(&self.raise(&number)[..8 * V], out);
        Some(())
    }

    /// Whether the modulus is above the number.
    pub(super) fn is_above(&self, number: &Digits) -> bool {
        digits::less(&number[..8 * V], &self.modulus.digits(0)[..8 * V]) == 1
    }

    /// A number below the modulus to the power of e. Takes the same time for every number.
    pub(super) fn raise(&self, number: &Digits) -> Digits {
        let plain = Zeroizing::new(numbers::<8, V>(|_, index| number[index]));
        let modulus = self.modulus.expand::<X, W>();
        let mut space = Workspace::new(*plain);
        X::multiply(&mut space, &modulus, &self.radix_squared);
        let base = Zeroizing::new(space.number);
        for bit in (0..self.exponent.ilog2()).rev() {
            X::square(&mut space, &modulus, 1);
            if self.exponent >> bit & 1 == 1 {
                // The last bit is set: the number as it came leaves Montgomery's form with it.
                let factor = if bit == 0 { &plain } else { &base };
                X::multiply(&mut space, &modulus, factor);
            }
        }
        self.reduced(&space)
    }

    /// The product of two numbers below the modulus.
    pub(super) fn product(&self, a: &Digits, b: &Digits) -> Digits {
        let modulus = self.modulus.expand::<X, W>();
        let mut space = Workspace::new(numbers::<8, V>(|_, index| a[index]));
        X::multiply(&mut space, &modulus, &self.radix_squared);
        let b = Zeroizing::new(numbers::<8, V>(|_, index| b[index]));
        X::multiply(&mut space, &modulus, &b);
        self.reduced(&space)
    }

    fn reduced(&self, space: &Workspace<8, V, W>) -> Digits {
        let mut result = take::<8>(&space.number, 0);
        let modulus = self.modulus.digits(0);
        for _ in 0..2 {
            digits::reduce_once(&mut result[..8 * V], &modulus[..8 * V]);
        }
        result
    }
}
