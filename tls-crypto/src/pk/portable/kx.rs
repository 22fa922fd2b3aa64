use super::super::kx::{Curve, Group, Public, is_uncompressed};
use tls_core::crypto::{KeyExchangeGroup, Secret};
use tls_core::wire::NamedGroup;
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

/// The groups of the portable floor: all of them.
pub(crate) fn group(group: NamedGroup) -> Option<&'static dyn KeyExchangeGroup> {
    Some(match group {
        NamedGroup::X25519 => &Group::<X25519>::NEW,
        NamedGroup::SECP256R1 => &Group::<P256>::NEW,
        NamedGroup::SECP384R1 => &Group::<P384>::NEW,
        NamedGroup::SECP521R1 => &Group::<P521>::NEW,
        _ => return None,
    })
}

struct X25519;

impl Curve for X25519 {
    const GROUP: NamedGroup = NamedGroup::X25519;
    const SCALAR_LEN: usize = 32;
    type Private = StaticSecret;

    /// Any 32 bytes; clamped in use (RFC 7748 §5).
    fn private(scalar: &[u8]) -> Option<Self::Private> {
        let scalar: Zeroizing<[u8; 32]> = Zeroizing::new(scalar.try_into().ok()?);
        Some(StaticSecret::from(*scalar))
    }

    fn public(private: &Self::Private) -> Public {
        Public::from(&PublicKey::from(private).as_bytes()[..])
    }

    fn agree(private: &Self::Private, peer: &[u8]) -> Option<Secret> {
        let peer: [u8; 32] = peer.try_into().ok()?;
        let shared = private.diffie_hellman(&PublicKey::from(peer));
        // The all-zero result of a point of small order (RFC 8422 §5.11, RFC 7748 §6.1).
        shared
            .was_contributory()
            .then(|| Secret::new(shared.as_bytes().to_vec()))
    }
}

macro_rules! nist_curve {
    ($name:ident, $crate_name:ident, $len:literal, $first:literal, $group:ident) => {
        struct $name;

        impl Curve for $name {
            const GROUP: NamedGroup = NamedGroup::$group;
            const SCALAR_LEN: usize = $len;
            const FIRST_BYTE: u8 = $first;
            type Private = $crate_name::SecretKey;

            fn private(scalar: &[u8]) -> Option<Self::Private> {
                $crate_name::SecretKey::from_slice(scalar).ok()
            }

            fn public(private: &Self::Private) -> Public {
                use $crate_name::elliptic_curve::sec1::ToSec1Point as _;
                Public::from(private.public_key().to_sec1_point(false).as_bytes())
            }

            fn agree(private: &Self::Private, peer: &[u8]) -> Option<Secret> {
                if !is_uncompressed(peer, Self::SCALAR_LEN) {
                    return None;
                }
                let peer = $crate_name::PublicKey::from_sec1_bytes(peer).ok()?;
                let shared = $crate_name::ecdh::diffie_hellman(
                    private.to_nonzero_scalar(),
                    peer.as_affine(),
                );
                Some(Secret::new(shared.raw_secret_bytes().to_vec()))
            }
        }
    };
}

nist_curve!(P256, p256, 32, 0xff, SECP256R1);
nist_curve!(P384, p384, 48, 0xff, SECP384R1);
nist_curve!(P521, p521, 66, 0x01, SECP521R1);
