//! Diffie-Hellman in finite fields, with crypto-bigint's exponentiation: its time depends on the
//! lengths of modulus and exponent alone.

use super::kx::MAX_DRAWS;
use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, Odd};
use tls_core::crypto::{
    ActiveKeyExchange, DhParams, FiniteField, InvalidKeyShare, Random, RandomFailed, Secret,
};
use tls_core::wire::NamedGroup;
use zeroize::{Zeroize as _, Zeroizing};

/// Any modulus.
#[derive(Debug)]
pub(crate) struct FiniteFields;

impl FiniteField for FiniteFields {
    fn start(
        &self,
        params: &DhParams,
        random: &dyn Random,
    ) -> Result<Box<dyn ActiveKeyExchange>, RandomFailed> {
        let field = Field::new(params).ok_or(RandomFailed)?;
        let bits = exponent_bits(params);
        let mut exponent = Zeroizing::new(vec![0; bits.div_ceil(8)]);
        for _ in 0..MAX_DRAWS {
            random.fill(&mut exponent)?;
            exponent[0] &= 0xff >> (8 * exponent.len() - bits);
            let exponent = Zeroizing::new(BoxedUint::from_be_slice_vartime(&exponent));
            let Some(public) = field.power(params.g(), &exponent, bits) else {
                continue;
            };
            // 0 and a multiple of g's order give no public value.
            if params.contains(&public) {
                return Ok(Box::new(Active {
                    params: params.clone(),
                    field,
                    exponent,
                    bits,
                    public: public.to_vec(),
                }));
            }
        }
        Err(RandomFailed)
    }
}

/// Length in bits of a private exponent: twice the strength of RFC 7919's groups and more than its
/// Appendix A asks for. Below an unknown order nothing is saved: where p - 1 is smooth, a short
/// exponent is found.
fn exponent_bits(params: &DhParams) -> usize {
    match params.group() {
        Some(NamedGroup::FFDHE2048) => 256,
        Some(NamedGroup::FFDHE3072) => 320,
        Some(NamedGroup::FFDHE4096) => 384,
        Some(NamedGroup::FFDHE6144) => 448,
        Some(_) => 512,
        None => params.bits().max(2) - 1,
    }
}

/// Arithmetic modulo p.
struct Field {
    monty: BoxedMontyParams,
    /// Length of p in bytes.
    len: usize,
}

impl Field {
    fn new(params: &DhParams) -> Option<Self> {
        let p = Option::<Odd<BoxedUint>>::from(Odd::new(uint(params.p(), params.p().len())?))?;
        // p is public.
        let monty = BoxedMontyParams::new_vartime(p);
        Some(Self {
            monty,
            len: params.p().len(),
        })
    }

    /// `base ^ exponent`, of p's length. `base` is public and below p.
    fn power(&self, base: &[u8], exponent: &BoxedUint, bits: usize) -> Option<Zeroizing<Vec<u8>>> {
        let base = BoxedMontyForm::new(uint(base, self.len)?, &self.monty);
        let mut power = base.pow_bounded_exp(exponent, bits as u32);
        let number = Zeroizing::new(power.retrieve());
        power.zeroize();
        let mut bytes = Zeroizing::new(number.to_be_bytes());
        // Whole words: what is above p's length is zero.
        let start = bytes.len() - self.len;
        let power = Zeroizing::new(bytes[start..].to_vec());
        bytes.zeroize();
        Some(power)
    }
}

/// A number of at most `len` bytes, in as many words as p has.
fn uint(bytes: &[u8], len: usize) -> Option<BoxedUint> {
    let zeros = bytes.iter().take_while(|b| **b == 0).count();
    let bits = (len * 8).next_multiple_of(64) as u32;
    BoxedUint::from_be_slice(&bytes[zeros..], bits).ok()
}

/// A key pair of one handshake. The exponent is wiped when dropped.
struct Active {
    params: DhParams,
    field: Field,
    exponent: Zeroizing<BoxedUint>,
    bits: usize,
    public: Vec<u8>,
}

impl ActiveKeyExchange for Active {
    fn public(&self) -> &[u8] {
        &self.public
    }

    fn complete(self: Box<Self>, peer: &[u8]) -> Result<Secret, InvalidKeyShare> {
        if !self.params.contains(peer) {
            return Err(InvalidKeyShare);
        }
        let z = self
            .field
            .power(peer, &self.exponent, self.bits)
            .ok_or(InvalidKeyShare)?;
        // RFC 5246 §8.1.2: leading zeroes are stripped. How many there are shows in the time that
        // the PRF takes (the Raccoon attack); nobody learns from it, since the exponent is drawn
        // anew for each handshake and serves one peer's value.
        let zeros = z.iter().take_while(|b| **b == 0).count();
        let z = Zeroizing::new(z[zeros..].to_vec());
        // A peer's value of tiny order (SP 800-56A §5.7.1.1): everybody knows 1.
        if z.is_empty() || z[..] == [1] {
            return Err(InvalidKeyShare);
        }
        Ok(z)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OsRandom;
    use crate::testing::bytes;
    use std::sync::Mutex;

    const GROUPS: [NamedGroup; 5] = [
        NamedGroup::FFDHE2048,
        NamedGroup::FFDHE3072,
        NamedGroup::FFDHE4096,
        NamedGroup::FFDHE6144,
        NamedGroup::FFDHE8192,
    ];

    /// Gives the same bytes each time.
    #[derive(Debug)]
    struct Same(Vec<u8>, Mutex<usize>);

    impl Random for Same {
        fn fill(&self, out: &mut [u8]) -> Result<(), RandomFailed> {
            *self.1.lock().map_err(|_| RandomFailed)? += 1;
            out.fill(0);
            let from = out.len().saturating_sub(self.0.len());
            let len = out.len() - from;
            out[from..].copy_from_slice(&self.0[..len]);
            Ok(())
        }
    }

    fn start(params: &DhParams) -> Box<dyn ActiveKeyExchange> {
        FiniteFields.start(params, &OsRandom).expect("randomness")
    }

    fn small(exponent: u8, params: &DhParams) -> Box<dyn ActiveKeyExchange> {
        let random = Same(vec![exponent], Mutex::new(0));
        FiniteFields.start(params, &random).expect("a key")
    }

    #[test]
    fn both_sides_get_the_same_secret_in_every_group() {
        for group in GROUPS {
            let params = DhParams::named(group).expect("RFC 7919");
            let (a, b) = (start(params), start(params));
            let (ours, theirs) = (a.public().to_vec(), b.public().to_vec());
            assert_eq!(ours.len(), params.p().len());
            assert_ne!(ours, theirs);
            let padded = [&[0; 3][..], &theirs].concat();
            assert_eq!(a.complete(&padded), b.complete(&ours), "{group}");
        }
    }

    #[test]
    fn powers_are_those_of_arithmetic() {
        // p = 2^127 - 1, g = 3.
        let p = [&[0x7f][..], &[0xff; 15]].concat();
        let params = DhParams::new(&p, &[3]).expect("odd");
        let power = |base: u128, n: u32| (0..n).fold(1_u128, |x, _| mul(x, base));
        for n in [1, 2, 3, 77, 200_u8] {
            let key = small(n, &params);
            let public = u128::from_be_bytes(key.public().try_into().expect("16 bytes"));
            assert_eq!(public, power(3, n.into()));
            let secret = key.complete(&[7]).expect("in range");
            let expected = power(7, n.into()).to_be_bytes();
            let zeros = expected.iter().take_while(|b| **b == 0).count();
            assert_eq!(secret[..], expected[zeros..], "leading zeroes are stripped");
        }
    }

    /// Modulo 2^127 - 1, by doubling.
    fn mul(mut a: u128, mut b: u128) -> u128 {
        const P: u128 = (1 << 127) - 1;
        let mut sum = 0;
        while b != 0 {
            if b & 1 == 1 {
                sum = (sum + a) % P;
            }
            a = (a << 1) % P;
            b >>= 1;
        }
        sum
    }

    #[test]
    fn values_out_of_range_are_refused() {
        for group in GROUPS {
            let params = DhParams::named(group).expect("RFC 7919");
            let mut p_minus_1 = params.p().to_vec();
            *p_minus_1.last_mut().expect("long") -= 1;
            let longer = [&[1][..], params.p()].concat();
            for bad in [
                &[][..],
                &[0],
                &[1],
                &[0, 0, 1],
                &p_minus_1,
                params.p(),
                &longer,
            ] {
                assert_eq!(start(params).complete(bad), Err(InvalidKeyShare));
            }
        }
    }

    #[test]
    fn a_secret_that_everybody_knows_is_refused() {
        // p = 13: 3 has order 3, and any exponent that 3 divides makes 1 of it.
        let params = DhParams::new(&[13], &[2]).expect("odd");
        assert_eq!(small(3, &params).complete(&[3]), Err(InvalidKeyShare));
        assert!(small(2, &params).complete(&[3]).is_ok());
    }

    #[test]
    fn a_source_that_repeats_itself_is_given_up() {
        let params = DhParams::named(NamedGroup::FFDHE2048).expect("RFC 7919");
        let zeros = Same(vec![0], Mutex::new(0));
        assert!(FiniteFields.start(params, &zeros).is_err());
        assert_eq!(*zeros.1.lock().expect("one thread"), MAX_DRAWS);
    }

    #[test]
    fn moduli_of_any_length() {
        for len in [1, 7, 8, 9, 63, 64, 65, 128, 255, 256, 257] {
            let mut p = bytes(len as u64, len);
            p[0] |= 0x11;
            p[len - 1] |= 1;
            let params = DhParams::new(&p, &[3]).expect("odd");
            let (a, b) = (start(&params), start(&params));
            let (ours, theirs) = (a.public().to_vec(), b.public().to_vec());
            assert_eq!(a.complete(&theirs).ok(), b.complete(&ours).ok(), "{len}");
        }
    }
}
