//! The kernel against the crate `rsa`, in the instructions and in the model: the model runs on
//! every CPU, so the arithmetic is tested also where the instructions are missing.
#![allow(clippy::unwrap_used)]

use super::digits::Digits;
use super::division::Remainder;
use super::lanes::{DIGIT_MASK, numbers};
use super::model::Model;
use super::modulus::{Modulus, Prepared, take};
use super::private::Private;
use super::vector::{Ifma, Vector};
use super::workspace::Workspace;
use super::{
    PrivatePrimitive, PublicPrimitive, RsaSigner, RsaVerifier, available, digits, private, public,
};
use crate::testing::{bytes, public as declassify, secret};
use rsa::pkcs1::RsaPrivateKeyRef;
use rsa::pkcs8::PrivateKeyInfoRef;
use rsa::pkcs8::der::Decode as _;
use rsa::traits::PublicKeyParts as _;
use rsa::{BoxedUint, RsaPrivateKey};

/// PKCS#1 files of the test keys: 2048 and 4096 bits with e = 65537, 2048 with e = 3, and one of
/// 3072 bits.
fn keys() -> Vec<Vec<u8>> {
    let inner = |der: &[u8]| {
        let info = PrivateKeyInfoRef::from_der(der).unwrap();
        info.private_key.as_bytes().to_vec()
    };
    vec![
        inner(include_bytes!("../../../testdata/pk/rsa2048.p8")),
        inner(include_bytes!("../../../testdata/pk/rsa-e3.p8")),
        inner(include_bytes!("../../../testdata/pk/rsa3072.p8")),
        inner(include_bytes!("../../../testdata/pk/rsa4096.p8")),
    ]
}

/// One key, with everything that computes with it.
struct Subject {
    bits: usize,
    reference: RsaPrivateKey,
    modulus: BoxedUint,
    exponent: u64,
    /// The private and the public primitive, in every machine there is.
    private: Vec<Box<dyn PrivatePrimitive>>,
    public: Vec<Box<dyn PublicPrimitive>>,
}

impl Subject {
    fn new(der: &[u8]) -> Self {
        use rsa::pkcs1::DecodeRsaPrivateKey as _;
        let reference = RsaPrivateKey::from_pkcs1_der(der).unwrap();
        let key = RsaPrivateKeyRef::from_der(der).unwrap();
        let bits = reference.n().bits() as usize;
        let exponent = super::exponent(key.public_exponent.as_bytes()).unwrap();
        let modulus = key.modulus.as_bytes();
        let mut privates = vec![private::<Model>(&key, bits, exponent)];
        let mut publics = vec![public::<Model>(modulus, bits, exponent)];
        if available() {
            privates.push(private::<Ifma>(&key, bits, exponent));
            publics.push(public::<Ifma>(modulus, bits, exponent));
        }
        Self {
            bits,
            modulus: reference.n().as_ref().clone(),
            reference,
            exponent,
            private: privates,
            public: publics,
        }
    }

    fn bytes(&self, number: &BoxedUint) -> Vec<u8> {
        let bytes = number.to_be_bytes();
        let mut out = vec![0; self.bits / 8];
        let len = out.len();
        for (out, byte) in out.iter_mut().rev().zip(bytes.iter().rev()) {
            *out = *byte;
        }
        assert_eq!(out.len(), len);
        out
    }

    /// Raises `input` in every machine, and back.
    fn check(&self, input: &[u8]) {
        let number = BoxedUint::from_be_slice(input, self.bits as u32).unwrap();
        let expected = rsa::hazmat::rsa_decrypt_and_check(
            &self.reference,
            None::<&mut getrandom::SysRng>,
            &number,
        )
        .unwrap();
        let expected = self.bytes(&expected);
        let blind = bytes(self.bits as u64, input.len());
        for primitive in &self.private {
            for blind in [None, Some(blind.as_slice())] {
                let mut out = vec![0; input.len()];
                primitive.apply(input, blind, &mut out).unwrap();
                assert_eq!(out, expected, "{} {}", self.bits, self.exponent);
            }
        }
        for primitive in &self.public {
            let mut out = vec![0; input.len()];
            primitive.apply(&expected, &mut out).unwrap();
            assert_eq!(out, input, "{} {}", self.bits, self.exponent);
        }
    }
}

#[test]
fn random_inputs_agree_with_the_crate_rsa() {
    for der in keys() {
        let subject = Subject::new(&der);
        for seed in 0..6 {
            let mut input = bytes(seed, subject.bits / 8);
            input[0] &= 0x7f;
            subject.check(&input);
        }
    }
}

/// 0, 1, the ends of the range, and what has a factor in common with the modulus.
#[test]
fn edge_inputs_agree_with_the_crate_rsa() {
    for der in keys() {
        let subject = Subject::new(&der);
        let key = RsaPrivateKeyRef::from_der(&der).unwrap();
        let wide = |bytes: &[u8]| BoxedUint::from_be_slice(bytes, subject.bits as u32).unwrap();
        let one = BoxedUint::one_with_precision(subject.bits as u32);
        let [p, q] = [key.prime1, key.prime2].map(|prime| wide(prime.as_bytes()));
        let n = &subject.modulus;
        let mut inputs = vec![
            BoxedUint::zero_with_precision(subject.bits as u32),
            one.clone(),
            n.wrapping_sub(&one),
            n.wrapping_sub(&one).wrapping_sub(&one),
            n.wrapping_sub(&p),
            n.wrapping_sub(&q),
            // All bits of one half of the digits.
            wide(&vec![0xff; subject.bits / 16]),
        ];
        for prime in [&p, &q] {
            inputs.extend([
                prime.clone(),
                prime.wrapping_sub(&one),
                prime.wrapping_add(&one),
                prime.wrapping_add(prime),
            ]);
        }
        for input in inputs {
            subject.check(&subject.bytes(&input));
        }
    }
}

#[test]
fn inputs_not_below_the_modulus_are_refused() {
    for der in keys() {
        let subject = Subject::new(&der);
        let one = BoxedUint::one_with_precision(subject.bits as u32);
        let modulus = subject.bytes(&subject.modulus);
        let above = subject.bytes(&subject.modulus.wrapping_add(&one));
        for input in [modulus, above, vec![0xff; subject.bits / 8]] {
            let mut out = vec![7; input.len()];
            for primitive in &subject.private {
                assert!(primitive.apply(&input, None, &mut out).is_none());
                assert!(primitive.apply(&input, Some(&input), &mut out).is_none());
            }
            for primitive in &subject.public {
                assert!(primitive.apply(&input, &mut out).is_none());
            }
            assert!(out.iter().all(|&byte| byte == 7), "nothing is written");
        }
    }
}

/// A key whose one half computes something wrong: what the other half alone gets right must not be
/// shown, since its difference from the right answer has a factor of the modulus.
/// A random number that cannot be inverted makes no result, and never a wrong one.
#[test]
fn blinding_with_what_has_no_inverse_fails() {
    for der in keys() {
        let subject = Subject::new(&der);
        let key = RsaPrivateKeyRef::from_der(&der).unwrap();
        let len = subject.bits / 8;
        let input = [&[0], bytes(1, len - 1).as_slice()].concat();
        let mut prime = vec![0; len];
        prime[len / 2..].copy_from_slice(key.prime1.as_bytes());
        for blind in [vec![0; len], prime] {
            for primitive in &subject.private {
                let mut out = vec![7; len];
                assert!(primitive.apply(&input, Some(&blind), &mut out).is_none());
                assert!(out.iter().all(|&byte| byte == 7));
            }
        }
    }
}

#[test]
fn a_fault_in_one_half_is_caught() {
    for der in keys() {
        let mut key = RsaPrivateKeyRef::from_der(&der).unwrap();
        let bits = 8 * key.modulus.as_bytes().len();
        let exponent = super::exponent(key.public_exponent.as_bytes()).unwrap();
        let whole = key.clone();
        let flipped = |number: rsa::pkcs1::UintRef<'_>| {
            let mut bytes = number.as_bytes().to_vec();
            *bytes.last_mut().unwrap() ^= 2;
            bytes
        };
        let first = flipped(whole.exponent1);
        let second = flipped(whole.exponent2);
        let coefficient = flipped(whole.coefficient);
        let input = [&[0], bytes(1, bits / 8 - 1).as_slice()].concat();
        for fault in 0..4 {
            key = whole.clone();
            match fault {
                1 => key.exponent1 = rsa::pkcs1::UintRef::new(&first).unwrap(),
                2 => key.exponent2 = rsa::pkcs1::UintRef::new(&second).unwrap(),
                3 => key.coefficient = rsa::pkcs1::UintRef::new(&coefficient).unwrap(),
                _ => {}
            }
            let mut primitives = vec![private::<Model>(&key, bits, exponent)];
            if available() {
                primitives.push(private::<Ifma>(&key, bits, exponent));
            }
            for primitive in primitives {
                for blind in [None, Some(input.as_slice())] {
                    let mut out = vec![7; bits / 8];
                    let done = primitive.apply(&input, blind, &mut out);
                    assert_eq!(done.is_some(), fault == 0, "{bits} {fault}");
                    assert_eq!(out.iter().all(|&byte| byte == 7), fault != 0);
                }
            }
        }
    }
}

/// Digits at both ends of their range: carries run through whole numbers.
#[test]
fn the_model_is_the_machine() {
    fn compare<const L: usize, const V: usize, const W: usize>() {
        let pattern = |seed: u64| {
            let random = bytes(seed, 8 * 8 * V);
            move |which: usize, index: usize| {
                let at = 8 * (which * L * V + index);
                let word = u64::from_le_bytes(random[at..at + 8].try_into().unwrap());
                // The uppermost digit stays small: operands are up to 4n.
                let most = if index + 1 == L * V { 0xff } else { DIGIT_MASK };
                match word >> 62 {
                    0 => 0,
                    1 => most,
                    _ => word & most,
                }
            }
        };
        for seed in 0..40 {
            let odd = pattern(3 * seed);
            let mut moduli: Vec<Digits> = (0..8 / L).map(|_| Digits::zero()).collect();
            for (which, digits) in moduli.iter_mut().enumerate() {
                for (index, digit) in digits[..L * V].iter_mut().enumerate() {
                    *digit = odd(which, index);
                }
                digits[0] |= 1;
                digits[L * V - 1] |= 1 << 8;
            }
            let prepared = Prepared::<L, V>::new(&moduli);
            let modulus = prepared.expand::<Ifma, W>();
            let same: Modulus<L, V, W> = prepared.expand::<Model, W>();
            assert!(modulus.friendly.0 == same.friendly.0 && modulus.last_low == same.last_low);
            let (a, b) = (pattern(3 * seed + 1), pattern(3 * seed + 2));
            let (a, b) = (numbers::<L, V>(a), numbers::<L, V>(b));
            let mut model = Workspace::new(a);
            Model::multiply(&mut model, &modulus, &b);
            Model::square(&mut model, &modulus, 3);
            let mut machine = Workspace::new(a);
            Ifma::multiply(&mut machine, &modulus, &b);
            Ifma::square(&mut machine, &modulus, 3);
            assert_eq!(model.number, machine.number, "{L} {V} {seed}");
            for which in 0..8 / L {
                let digits = take::<L>(&machine.number, which);
                assert!(digits.iter().all(|&digit| digit <= DIGIT_MASK));
            }
        }
    }
    if !available() {
        return;
    }
    compare::<4, 5, 6>();
    compare::<4, 8, 9>();
    compare::<4, 10, 11>();
    compare::<8, 5, 6>();
    compare::<8, 8, 9>();
    compare::<8, 10, 11>();
}

/// R^2 by division, for public moduli, and by doubling and squaring, for secret ones: among the moduli
/// those whose first word says least about them.
#[test]
fn both_ways_to_the_square_of_the_radix_agree() {
    fn compare<const V: usize, const W: usize>(bits: usize) {
        let len = bits / 8;
        let mut moduli: Vec<Vec<u8>> = (0..20).map(|seed| bytes(seed, len)).collect();
        moduli.extend([vec![0xff; len], vec![0; len]]);
        for filled in 1..20 {
            let mut ends = vec![0; len];
            ends[1..1 + filled].fill(0xff);
            moduli.push(ends.clone());
            ends[..8].fill(0xff);
            moduli.push(ends);
        }
        for mut modulus in moduli {
            modulus[0] |= 0x80;
            modulus[len - 1] |= 1;
            let by_division = Remainder::of_power(&modulus, 13 * V).digits(8 * V);
            let prepared =
                Prepared::<8, V>::new(&[digits::from_bytes(&modulus, 8 * V)]).expand::<Model, W>();
            let mut expected = take::<8>(&prepared.radix_squared::<Model>(bits), 0);
            let n = prepared.digits(0);
            for _ in 0..2 {
                digits::reduce_once(&mut expected[..8 * V], &n[..8 * V]);
            }
            assert_eq!(by_division, expected, "{bits}");
        }
    }
    compare::<5, 6>(2048);
    compare::<8, 9>(3072);
    compare::<10, 11>(4096);
}

#[test]
fn integers_of_bytes_and_back() {
    for len in [1, 6, 7, 8, 13, 128, 255, 256, 512] {
        let given = bytes(len as u64, len);
        let mut number = [0; digits::MAX];
        for (index, digit) in number.iter_mut().enumerate() {
            *digit = digits::of_bytes(&given, index);
            assert!(*digit <= DIGIT_MASK);
        }
        let mut back = vec![0; len];
        digits::to_bytes(&number, &mut back);
        assert_eq!(back, given);
    }
}

/// What the kernel does not take goes to the floors: other sizes, unequal halves, long exponents.
#[test]
fn other_keys_are_left_to_the_floors() {
    let all = keys();
    let key = RsaPrivateKeyRef::from_der(&all[0]).unwrap();
    let modulus = key.modulus.as_bytes();
    let exponent = key.public_exponent.as_bytes();
    for bits in [1024, 2040, 2047, 2056, 3071, 4095, 4104, 8192] {
        assert!(RsaVerifier::new(modulus, bits, exponent).is_none());
        assert!(RsaSigner::new(&key, bits).is_none());
    }
    for exponent in [&[][..], &[1], &[2], &[0xff; 9]] {
        assert!(RsaVerifier::new(modulus, 2048, exponent).is_none());
    }
    let short = rsa::pkcs1::UintRef::new(&[0x7f; 128]).unwrap();
    let long = rsa::pkcs1::UintRef::new(&[0xff; 129]).unwrap();
    for (prime1, prime2) in [(short, key.prime2), (key.prime1, short), (long, key.prime2)] {
        let unequal = RsaPrivateKeyRef {
            prime1,
            prime2,
            ..key.clone()
        };
        assert!(RsaSigner::new(&unequal, 2048).is_none());
    }
}

/// Runs under valgrind in constant-time.sh: the key and the base decide no branch and no address. In
/// the model, whose instructions valgrind knows; the vectors and their order are the same.
#[test]
fn valgrind_sees_no_leak() {
    let all = keys();
    let key = RsaPrivateKeyRef::from_der(&all[0]).unwrap();
    for number in [
        key.prime1,
        key.prime2,
        key.exponent1,
        key.exponent2,
        key.coefficient,
    ] {
        secret(number.as_bytes());
    }
    let input = [&[0], bytes(1, 255).as_slice()].concat();
    secret(&input);
    let blind = bytes(2, 256);
    secret(&blind);
    let key = Private::<Model, 5, 6>::new(&key, 2048, 65537);
    let number = digits::from_bytes(&input, 40);
    let mut plain = key.raise(&number);
    let mut blinded = key.raise_blinded(&number, &blind);
    declassify(&mut *plain);
    declassify(&mut *blinded);
    assert!(plain == blinded);
}
