use core::marker::PhantomData;
use tls_core::crypto::{
    ActiveKeyExchange, InvalidKeyShare, KeyExchangeGroup, Random, RandomFailed, Secret,
};
use tls_core::wire::NamedGroup;
use zeroize::Zeroizing;

/// How often a private key is drawn before the source of randomness is called broken. A draw for
/// P-256 misses with probability 2^-32, one for P-384 or P-521 less than 2^-190: eight misses in a
/// row are a source that repeats itself.
pub(super) const MAX_DRAWS: usize = 8;

/// Length in bytes of the longest private key (P-521).
const MAX_SCALAR_LEN: usize = 66;

/// Length in bytes of the longest public value (P-521).
const MAX_PUBLIC_LEN: usize = 1 + 2 * MAX_SCALAR_LEN;

/// A public value in the form of the wire.
pub(crate) struct Public {
    bytes: [u8; MAX_PUBLIC_LEN],
    len: usize,
}

impl From<&[u8]> for Public {
    /// Of at most [`MAX_PUBLIC_LEN`] bytes.
    fn from(value: &[u8]) -> Self {
        let mut bytes = [0; MAX_PUBLIC_LEN];
        bytes[..value.len()].copy_from_slice(value);
        let len = value.len();
        Self { bytes, len }
    }
}

/// Diffie-Hellman on one curve, in one implementation.
pub(crate) trait Curve: Send + Sync + 'static {
    /// Its number.
    const GROUP: NamedGroup;
    /// Length in bytes of a private key, and of a coordinate.
    const SCALAR_LEN: usize;
    /// The bits of the first drawn byte that are kept: P-521 has 7 bits too many in 66 bytes, and
    /// rejection would hardly ever accept without this.
    const FIRST_BYTE: u8 = 0xff;
    /// A private key; wiped when dropped.
    type Private: Send + Sync;

    /// `None` when the bytes are no private key: zero, or not below the order.
    fn private(scalar: &[u8]) -> Option<Self::Private>;

    /// The public value.
    fn public(private: &Self::Private) -> Public;

    /// The shared secret, or `None` when `peer` is no valid public value or the result is none.
    fn agree(private: &Self::Private, peer: &[u8]) -> Option<Secret>;
}

/// A [`Curve`] as the protocol sees it.
pub(crate) struct Group<C>(PhantomData<C>);

impl<C> Group<C> {
    pub(crate) const NEW: Self = Self(PhantomData);
}

impl<C: Curve> core::fmt::Debug for Group<C> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Debug::fmt(&C::GROUP, f)
    }
}

impl<C: Curve> KeyExchangeGroup for Group<C> {
    fn group(&self) -> NamedGroup {
        C::GROUP
    }

    fn start(&self, random: &dyn Random) -> Result<Box<dyn ActiveKeyExchange>, RandomFailed> {
        let private = draw::<C>(random)?;
        let public = C::public(&private);
        Ok(Box::new(Active::<C> { private, public }))
    }
}

/// Rejection sampling (NIST SP 800-56A §5.6.1.2.2): every private key is equally likely.
fn draw<C: Curve>(random: &dyn Random) -> Result<C::Private, RandomFailed> {
    let mut scalar = Zeroizing::new([0; MAX_SCALAR_LEN]);
    let scalar = &mut scalar[..C::SCALAR_LEN];
    for _ in 0..MAX_DRAWS {
        random.fill(scalar)?;
        scalar[0] &= C::FIRST_BYTE;
        if let Some(private) = C::private(scalar) {
            return Ok(private);
        }
    }
    Err(RandomFailed)
}

struct Active<C: Curve> {
    private: C::Private,
    public: Public,
}

impl<C: Curve> ActiveKeyExchange for Active<C> {
    fn public(&self) -> &[u8] {
        &self.public.bytes[..self.public.len]
    }

    fn complete(self: Box<Self>, peer: &[u8]) -> Result<Secret, InvalidKeyShare> {
        C::agree(&self.private, peer).ok_or(InvalidKeyShare)
    }
}

/// Whether `peer` has the length and the first byte of an uncompressed point: the only form that
/// RFC 8422 §5.4.1 leaves. Infinity, compressed and hybrid forms fail here.
pub(crate) fn is_uncompressed(peer: &[u8], coordinate_len: usize) -> bool {
    peer.len() == 1 + 2 * coordinate_len && peer[0] == 4
}
