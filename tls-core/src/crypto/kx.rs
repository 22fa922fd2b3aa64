use super::{Random, RandomFailed};
use crate::wire::NamedGroup;
use zeroize::Zeroizing;

/// A shared secret or another short-lived secret, wiped when dropped.
pub type Secret = Zeroizing<Vec<u8>>;

/// The peer's public value is not one: wrong length, not on the curve, of small order, or out of
/// range (RFC 8422 §5.11, RFC 7748 §6, RFC 7919 §5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidKeyShare;

/// One elliptic-curve group.
pub trait KeyExchangeGroup: Send + Sync + core::fmt::Debug {
    /// Its number.
    fn group(&self) -> NamedGroup;

    /// Draws an ephemeral private key from `random` (and from nowhere else, so that tests can
    /// reproduce a connection) and computes the public value.
    fn start(&self, random: &dyn Random) -> Result<Box<dyn ActiveKeyExchange>, RandomFailed>;
}

/// An ephemeral key pair, used once. The private key is wiped when dropped.
pub trait ActiveKeyExchange: Send + Sync {
    /// The public value in the form of the wire: 32 bytes for x25519, an uncompressed point for
    /// the NIST curves (RFC 8422 §5.4), big-endian and of the prime's length for FFDHE.
    fn public(&self) -> &[u8];

    /// The shared secret. For the NIST curves the x-coordinate with leading zeroes kept
    /// (RFC 8422 §5.10); for FFDHE with leading zeroes stripped (RFC 5246 §8.1.2). The all-zero
    /// x25519 result is an [`InvalidKeyShare`] (RFC 8422 §5.11).
    fn complete(self: Box<Self>, peer: &[u8]) -> Result<Secret, InvalidKeyShare>;
}
