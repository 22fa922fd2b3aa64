use super::digits::{self, Digits};
use super::lanes::{DIGIT, Lanes, Numbers, digit, numbers, of_digits, wipe};
use super::modulus::{Modulus, Prepared, sum, take};
use super::public::Public;
use super::vector::Vector;
use super::workspace::Workspace;
use rsa::pkcs1::{RsaPrivateKeyRef, UintRef};
use zeroize::Zeroizing;

/// Bits of the exponent that one multiplication takes.
const WINDOW: usize = 5;

/// RSADP and RSASP1 (RFC 8017 §5.1.2, §5.2.1) with one key, by the Chinese remainder theorem: both
/// halves run side by side in one vector. Wiped when dropped.
pub(super) struct Private<X, const V: usize, const W: usize> {
    primes: Modulus<4, V, W>,
    radix_squared: Numbers<V>,
    /// What brings the upper half of a ciphertext into Montgomery's form.
    radix_cubed: Numbers<V>,
    /// d modulo p - 1 and q - 1.
    exponents: Numbers<V>,
    /// 1/q modulo p, in Montgomery's form. The other number is of no meaning.
    coefficient: Numbers<V>,
    /// Bits of each prime.
    prime_bits: usize,
    public: Public<X, V, W>,
}

impl<X: Vector, const V: usize, const W: usize> Private<X, V, W> {
    /// Takes a key that was checked for consistency, and has primes of `bits / 2` bits.
    pub(super) fn new(key: &RsaPrivateKeyRef<'_>, bits: usize, exponent: u64) -> Self {
        let primes = [key.prime1, key.prime2];
        let exponents = [key.exponent1, key.exponent2];
        let digits_of = |number: UintRef<'_>| digits::from_bytes(number.as_bytes(), 4 * V);
        let modulus: Modulus<4, V, W> =
            Prepared::<4, V>::new(&primes.map(digits_of)).expand::<X, W>();
        let radix_squared = modulus.radix_squared::<X>(bits / 2);
        let mut space = Workspace::new(radix_squared);
        X::square(&mut space, &modulus, 1);
        let radix_cubed = space.number;
        let none = Digits::zero();
        space.number = of_digits::<4, V>(&[digits_of(key.coefficient), none]);
        X::multiply(&mut space, &modulus, &radix_squared);
        Self {
            coefficient: space.number,
            exponents: of_digits::<4, V>(&exponents.map(digits_of)),
            radix_cubed,
            radix_squared,
            primes: modulus,
            prime_bits: bits / 2,
            public: Public::new(key.modulus.as_bytes(), exponent),
        }
    }

    /// `input`, as long as the modulus, to the power of d. Nothing is written to `out`, and `None` is
    /// the answer, when the input is not below the modulus, or when the result to the power of e is
    /// not the input: a fault in one half would give the factors away (Boneh, DeMillo, Lipton).
    ///
    /// With `blind`, a random number of the same length, the exponentiation works on another number
    /// than the input: the input times a power of `blind`. That costs a second exponentiation, for its
    /// inverse.
    pub(super) fn apply(&self, input: &[u8], blind: Option<&[u8]>, out: &mut [u8]) -> Option<()> {
        let number = digits::from_bytes(input, 8 * V);
        if !self.public.is_above(&number) {
            return None;
        }
        let result = match blind {
            Some(blind) => self.raise_blinded(&number, blind),
            None => self.raise(&number),
        };
        if !self.public.is_above(&result) || *self.public.raise(&result) != *number {
            return None;
        }
        digits::to_bytes(&result[..8 * V], out);
        Some(())
    }

    /// A number to the power of d. Takes the same time for every key and number.
    pub(super) fn raise(&self, number: &Digits) -> Digits {
        let mut space = self.base(number);
        self.power(&mut space, &self.exponents);
        self.recombine(&mut space)
    }

    /// The same, as the product of (number * r^e)^d and 1/r.
    pub(super) fn raise_blinded(&self, number: &Digits, blind: &[u8]) -> Digits {
        let mut blind = digits::from_bytes(blind, 8 * V);
        // Without its uppermost digit it is below the modulus.
        blind[2 * self.prime_bits / DIGIT] = 0;
        let blinded = self.public.product(number, &self.public.raise(&blind));
        let mut inverse = self.base(&blind);
        self.power(&mut inverse, &self.inverting());
        let mut space = self.base(&blinded);
        self.power(&mut space, &self.exponents);
        X::multiply(&mut space, &self.primes, &inverse.number);
        self.recombine(&mut space)
    }

    /// p - 2 and q - 2: inversion by Fermat's little theorem.
    fn inverting(&self) -> Zeroizing<Numbers<V>> {
        let exponents = [0, 1].map(|which| {
            let mut exponent = self.primes.digits(which);
            digits::subtract_two(&mut exponent[..4 * V]);
            exponent
        });
        Zeroizing::new(of_digits::<4, V>(&exponents))
    }

    /// A number modulo p and q in Montgomery's form, below five times the primes.
    fn base(&self, number: &Digits) -> Workspace<4, V, W> {
        let half = |from: usize| numbers::<4, V>(|_, index| number[from + index]);
        let mut space = Workspace::new(half(4 * V));
        X::multiply(&mut space, &self.primes, &self.radix_cubed);
        let upper = Zeroizing::new(space.number);
        space.number = half(0);
        X::multiply(&mut space, &self.primes, &self.radix_squared);
        space.number = sum::<4, V>(&space.number, &upper);
        space
    }

    /// Raises both numbers to their exponents: from the top, five bits at a time. Each window costs
    /// the same, whatever its bits are.
    fn power(&self, space: &mut Workspace<4, V, W>, exponents: &Numbers<V>) {
        let base = Zeroizing::new(space.number);
        let mut table = Zeroizing::new([[Lanes::ZERO; V]; 1 << WINDOW]);
        space.number = one::<4, V>();
        X::multiply(space, &self.primes, &self.radix_squared);
        for entry in table.iter_mut() {
            *entry = space.number;
            X::multiply(space, &self.primes, &base);
        }
        let mut factor = Zeroizing::new([Lanes::ZERO; V]);
        let count = self.prime_bits.div_ceil(WINDOW);
        X::select(
            &table[..],
            &window::<V>(exponents, count - 1),
            &mut space.number,
        );
        for at in (0..count - 1).rev() {
            X::square(space, &self.primes, WINDOW);
            X::select(&table[..], &window::<V>(exponents, at), &mut factor);
            X::multiply(space, &self.primes, &factor);
        }
    }

    /// The number below p * q that has the remainders in `space` (RFC 8017 §5.1.2, step 2b).
    fn recombine(&self, space: &mut Workspace<4, V, W>) -> Digits {
        let half = 4 * V;
        let [p, q] = [0, 1].map(|which| self.primes.digits(which));
        // Out of Montgomery's form; now they are below twice the primes.
        X::multiply(space, &self.primes, &one::<4, V>());
        let [mut first, mut second] = [0, 1].map(|which| take::<4>(&space.number, which));
        digits::reduce_once(&mut second[..half], &q[..half]);
        // q < 2p, for both have as many bits.
        digits::add_twice_and_subtract(&mut first[..half], &p[..half], &second[..half]);
        space.number = numbers::<4, V>(|which, index| match which {
            0 => first[index],
            _ => 0,
        });
        X::multiply(space, &self.primes, &self.coefficient);
        let mut times = take::<4>(&space.number, 0);
        for _ in 0..2 {
            digits::reduce_once(&mut times[..half], &p[..half]);
        }
        digits::add_product(&mut second[..2 * half], &times[..half], &q[..half]);
        second
    }
}

/// Window `at` of each exponent, in the lanes of its number.
fn window<const V: usize>(exponents: &Numbers<V>, at: usize) -> Lanes {
    let windows: [u64; 2] = core::array::from_fn(|which| {
        let (index, shift) = (WINDOW * at / DIGIT, WINDOW * at % DIGIT);
        let low = digit::<4>(exponents, which, index) >> shift;
        let high = match index + 1 < 4 * V {
            true => digit::<4>(exponents, which, index + 1) << (DIGIT - shift),
            false => 0,
        };
        (low | high) & ((1 << WINDOW) - 1)
    });
    Lanes(core::array::from_fn(|lane| windows[lane / 4]))
}

/// The number 1, however many.
fn one<const L: usize, const V: usize>() -> Numbers<V> {
    numbers::<L, V>(|_, index| u64::from(index == 0))
}

impl<X, const V: usize, const W: usize> Drop for Private<X, V, W> {
    fn drop(&mut self) {
        wipe(&mut self.radix_squared);
        wipe(&mut self.radix_cubed);
        wipe(&mut self.exponents);
        wipe(&mut self.coefficient);
    }
}
