//! Finite fields for Diffie-Hellman: parameters are public numbers, and what can be said of them by
//! looking is said here.

mod der;
mod primes;

use super::{ActiveKeyExchange, Random, RandomFailed};
use crate::wire::NamedGroup;
use std::borrow::Cow;

/// What is wrong with Diffie-Hellman parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadDhParams {
    /// The modulus has so many bits, more than [`DhParams::MAX_BITS`].
    TooLarge(usize),
    /// They do not parse.
    Malformed,
    /// The modulus is even, or the generator is none: it must lie between 1 and p - 1, without them.
    Nonsense,
}

impl core::fmt::Display for BadDhParams {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::TooLarge(bits) => write!(
                f,
                "the Diffie-Hellman modulus has {bits} bits, at most {} are computed with",
                DhParams::MAX_BITS
            ),
            Self::Malformed => f.write_str("the Diffie-Hellman parameters do not parse"),
            Self::Nonsense => {
                f.write_str("the Diffie-Hellman modulus is even, or the generator is out of range")
            }
        }
    }
}

/// A prime modulus and a generator (RFC 5246 §7.4.3, ServerDHParams), big-endian without leading
/// zeroes. That p is prime is believed, as everybody believes it: only RFC 7919's groups are known.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DhParams {
    p: Cow<'static, [u8]>,
    g: Cow<'static, [u8]>,
}

impl DhParams {
    /// The longest modulus that anyone has to compute with, in bits: ffdhe8192's. Time grows with
    /// the cube of the length, and a peer chooses it.
    pub const MAX_BITS: usize = 8192;

    /// Takes parameters that make sense: p odd and of at most [`DhParams::MAX_BITS`] bits,
    /// 1 < g < p - 1. Whether p is long enough is a matter of policy.
    pub fn new(p: &[u8], g: &[u8]) -> Result<Self, BadDhParams> {
        let (p, g) = (trimmed(p), trimmed(g));
        let params = Self {
            p: p.to_vec().into(),
            g: g.to_vec().into(),
        };
        let bits = params.bits();
        if bits > Self::MAX_BITS {
            return Err(BadDhParams::TooLarge(bits));
        }
        if p.last().is_none_or(|low| low % 2 == 0) || !params.contains(g) {
            return Err(BadDhParams::Nonsense);
        }
        Ok(params)
    }

    /// The parameters of a group of RFC 7919.
    pub fn named(group: NamedGroup) -> Option<&'static Self> {
        let found = primes::GROUPS.iter().find(|(name, _)| *name == group);
        found.map(|(_, params)| params)
    }

    /// Which group of RFC 7919 they are.
    pub fn group(&self) -> Option<NamedGroup> {
        let found = primes::GROUPS.iter().find(|(_, params)| params == self);
        found.map(|(name, _)| *name)
    }

    /// The modulus.
    pub fn p(&self) -> &[u8] {
        &self.p
    }

    /// The generator.
    pub fn g(&self) -> &[u8] {
        &self.g
    }

    /// Length of the modulus in bits.
    pub fn bits(&self) -> usize {
        let zeros = self.p.first().map_or(0, |b| b.leading_zeros() as usize);
        self.p.len() * 8 - zeros
    }

    /// Whether `y` is a public value: 1 < y < p - 1 (RFC 7919 §5.1). Leading zeroes do not count.
    pub fn contains(&self, y: &[u8]) -> bool {
        let y = trimmed(y);
        let above_one = y.len() > 1 || y.first().is_some_and(|b| *b > 1);
        // p is odd: p - 1 differs in its last byte alone.
        let Some((low, high)) = self.p.split_last() else {
            return false;
        };
        let below = match y.len().cmp(&self.p.len()) {
            core::cmp::Ordering::Equal => (&y[..high.len()], y[high.len()]) < (high, low & !1),
            other => other.is_lt(),
        };
        above_one && below
    }
}

/// Without leading zeroes.
fn trimmed(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|b| **b == 0).count();
    &number[zeros..]
}

/// Diffie-Hellman modulo any odd number of [`DhParams`].
pub trait FiniteField: Send + Sync + core::fmt::Debug {
    /// Draws an ephemeral private key from `random` alone and computes the public value. In the
    /// groups of RFC 7919 the exponent has at least the length of its §5.2; where the order is
    /// unknown it has the modulus's.
    fn start(
        &self,
        params: &DhParams,
        random: &dyn Random,
    ) -> Result<Box<dyn ActiveKeyExchange>, RandomFailed>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_values_lie_between_1_and_p_minus_1() {
        let params = DhParams::new(&[0, 1, 0x0b], &[5]).unwrap();
        assert_eq!(
            (params.p(), params.g(), params.bits()),
            (&[1, 11][..], &[5][..], 9)
        );
        for good in [&[2][..], &[255], &[0, 2], &[1, 0], &[1, 9], &[0, 0, 1, 9]] {
            assert!(params.contains(good), "{good:?}");
        }
        for bad in [
            &[][..],
            &[0],
            &[1],
            &[0, 1],
            &[1, 10],
            &[1, 11],
            &[1, 12],
            &[2, 0],
            &[1, 0, 0],
        ] {
            assert!(!params.contains(bad), "{bad:?}");
        }
    }

    #[test]
    fn parameters_that_make_no_sense_are_refused() {
        let p = [0xff; 32];
        for (p, g) in [
            (&[][..], &[2][..]),
            (&[0, 0], &[2]),
            (&[1], &[2]),
            (&[3], &[2]),
            (&[0xff, 0xfe], &[2]),
            (&p, &[]),
            (&p, &[0]),
            (&p, &[1]),
            (&p, &p),
            (&p, &[&p[..31], &[0xfe]].concat()),
            (&p, &[0xff; 33]),
        ] {
            assert_eq!(
                DhParams::new(p, g),
                Err(BadDhParams::Nonsense),
                "{p:?} {g:?}"
            );
        }
        let long = [&[1][..], &[0xff; 1024]].concat();
        assert_eq!(DhParams::new(&long, &[2]), Err(BadDhParams::TooLarge(8193)));
        assert!(DhParams::new(&[&[0; 9][..], &[0xff; 1024]].concat(), &[2]).is_ok());
    }
}
