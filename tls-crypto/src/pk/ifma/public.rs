use super::digits;
use super::division::Remainder;
use super::lanes::{DIGIT, Numbers, numbers};
use super::modulus::{Modulus, take};
use super::vector::Vector;
use super::workspace::Workspace;
use core::marker::PhantomData;

/// RSAEP and RSAVP1 (RFC 8017 §5.1.1, §5.2.2) with one key. Its numbers are public: only what
/// depends on the exponent takes a time of its own, though.
pub(super) struct Public<X, const V: usize, const W: usize> {
    modulus: Modulus<8, V, W>,
    radix_squared: Numbers<V>,
    exponent: u64,
    machine: PhantomData<fn() -> X>,
}

impl<X: Vector, const V: usize, const W: usize> Public<X, V, W> {
    /// `modulus` is odd, big-endian and has one of the lengths that the kernel takes in full; `exponent` is odd and at least 3.
    pub(super) fn new(modulus: &[u8], exponent: u64) -> Self {
        // R^2 = 2^(2 * 52 * 8 * V)
        let radix_squared = Remainder::of_power(modulus, 2 * DIGIT * V / 8);
        Self {
            radix_squared: numbers::<8, V>(|_, index| radix_squared.digit(index)),
            modulus: Modulus::new(|_, index| digits::of_bytes(modulus, index)),
            exponent,
            machine: PhantomData,
        }
    }

    /// Raises `input`, as long as the modulus. `None` when it is not below the modulus.
    pub(super) fn apply(&self, input: &[u8], out: &mut [u8]) -> Option<()> {
        let len = 8 * V;
        let modulus = self.modulus.digits(0);
        let number = numbers::<8, V>(|_, index| digits::of_bytes(input, index));
        if digits::less(&take::<8>(&number, 0)[..len], &modulus[..len]) == 0 {
            return None;
        }
        let mut space = Workspace::new(number);
        X::multiply(&mut space, &self.modulus, &self.radix_squared);
        let base = space.number;
        for bit in (0..self.exponent.ilog2()).rev() {
            X::square(&mut space, &self.modulus, 1);
            if self.exponent >> bit & 1 == 1 {
                // The last bit is set: the number as it came leaves Montgomery's form with it.
                let factor = if bit == 0 { &number } else { &base };
                X::multiply(&mut space, &self.modulus, factor);
            }
        }
        let mut result = take::<8>(&space.number, 0);
        for _ in 0..2 {
            digits::reduce_once(&mut result[..len], &modulus[..len]);
        }
        digits::to_bytes(&result[..len], out);
        Some(())
    }
}
