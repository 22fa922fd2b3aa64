use super::super::kx::{Curve, Group, Public};
use super::point;
use graviola::key_agreement::{p256, p384, x25519};
use tls_core::crypto::{KeyExchangeGroup, Secret};
use tls_core::wire::NamedGroup;

/// The groups that graviola has.
pub(crate) fn group(group: NamedGroup) -> Option<&'static dyn KeyExchangeGroup> {
    Some(match group {
        NamedGroup::X25519 => &Group::<X25519>::NEW,
        NamedGroup::SECP256R1 => &Group::<P256>::NEW,
        NamedGroup::SECP384R1 => &Group::<P384>::NEW,
        _ => return None,
    })
}

struct X25519;

impl Curve for X25519 {
    const GROUP: NamedGroup = NamedGroup::X25519;
    const SCALAR_LEN: usize = 32;
    type Private = x25519::StaticPrivateKey;

    /// Any 32 bytes; clamped in use (RFC 7748 §5).
    fn private(scalar: &[u8]) -> Option<Self::Private> {
        x25519::StaticPrivateKey::try_from_slice(scalar).ok()
    }

    fn public(private: &Self::Private) -> Public {
        Public::from(&private.public_key().as_bytes()[..])
    }

    /// graviola answers the all-zero result with an error (RFC 8422 §5.11).
    fn agree(private: &Self::Private, peer: &[u8]) -> Option<Secret> {
        let peer = x25519::PublicKey::try_from_slice(peer).ok()?;
        let shared = private.diffie_hellman(&peer).ok()?;
        Some(Secret::new(shared.0.to_vec()))
    }
}

macro_rules! nist_curve {
    ($name:ident, $module:ident, $len:literal, $group:ident, $is_point:path) => {
        struct $name;

        impl Curve for $name {
            const GROUP: NamedGroup = NamedGroup::$group;
            const SCALAR_LEN: usize = $len;
            type Private = $module::StaticPrivateKey;

            fn private(scalar: &[u8]) -> Option<Self::Private> {
                $module::StaticPrivateKey::from_bytes(scalar).ok()
            }

            fn public(private: &Self::Private) -> Public {
                Public::from(&private.public_key_uncompressed()[..])
            }

            fn agree(private: &Self::Private, peer: &[u8]) -> Option<Secret> {
                if !$is_point(peer) {
                    return None;
                }
                let peer = $module::PublicKey::from_x962_uncompressed(peer).ok()?;
                let shared = private.diffie_hellman(&peer).ok()?;
                Some(Secret::new(shared.0.to_vec()))
            }
        }
    };
}

nist_curve!(P256, p256, 32, SECP256R1, point::is_p256);
nist_curve!(P384, p384, 48, SECP384R1, point::is_p384);
