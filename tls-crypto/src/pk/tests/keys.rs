use super::{Engine, data, engines, pkcs8, public};
use crate::pk::key_formats;
use tls_core::crypto::{KeyKind, PrivateKey, PrivateKeyEncoding, PublicKey};
use tls_core::wire::{NamedGroup, SignatureScheme};

/// A PKCS#8 file, the SubjectPublicKeyInfo that openssl derives from it, and what it is.
fn all() -> Vec<(&'static [u8], &'static [u8], KeyKind)> {
    vec![
        (
            data!("rsa1024.p8"),
            data!("rsa1024.spki"),
            KeyKind::Rsa { bits: 1024 },
        ),
        (
            data!("rsa2048.p8"),
            data!("rsa2048.spki"),
            KeyKind::Rsa { bits: 2048 },
        ),
        (
            data!("rsa2056.p8"),
            data!("rsa2056.spki"),
            KeyKind::Rsa { bits: 2056 },
        ),
        (
            data!("rsa4096.p8"),
            data!("rsa4096.spki"),
            KeyKind::Rsa { bits: 4096 },
        ),
        (
            data!("rsa-e3.p8"),
            data!("rsa-e3.spki"),
            KeyKind::Rsa { bits: 2048 },
        ),
        (
            data!("pss.p8"),
            data!("pss.spki"),
            KeyKind::RsaPss { bits: 2048 },
        ),
        (
            data!("pss-sha256.p8"),
            data!("pss-sha256.spki"),
            KeyKind::RsaPss { bits: 2048 },
        ),
        (
            data!("pss-sha512.p8"),
            data!("pss-sha512.spki"),
            KeyKind::RsaPss { bits: 2048 },
        ),
        (
            data!("p256.p8"),
            data!("p256.spki"),
            KeyKind::Ec(NamedGroup::SECP256R1),
        ),
        (
            data!("p384.p8"),
            data!("p384.spki"),
            KeyKind::Ec(NamedGroup::SECP384R1),
        ),
        (
            data!("p521.p8"),
            data!("p521.spki"),
            KeyKind::Ec(NamedGroup::SECP521R1),
        ),
        (data!("ed25519.p8"), data!("ed25519.spki"), KeyKind::Ed25519),
    ]
}

#[test]
fn pkcs8_keys_know_their_kind_and_their_public_half() {
    for engine in engines() {
        for (private, spki, kind) in all() {
            let key = pkcs8(private, engine).unwrap();
            assert_eq!(key.kind(), kind);
            let ours = key.public_key().unwrap();
            assert_eq!((ours.spki(), ours.kind()), (spki, kind));
            let theirs = public(spki, engine).unwrap();
            assert_eq!((theirs.spki(), theirs.kind()), (spki, kind));
        }
    }
}

#[test]
fn traditional_containers_hold_the_same_keys() {
    use PrivateKeyEncoding::{Pkcs1, Sec1};
    for engine in engines() {
        for (encoding, der, spki) in [
            (Pkcs1, data!("rsa2048.pkcs1"), data!("rsa2048.spki")),
            (Sec1, data!("p256.sec1"), data!("p256.spki")),
            (Sec1, data!("p384.sec1"), data!("p384.spki")),
            (Sec1, data!("p521.sec1"), data!("p521.spki")),
        ] {
            let key = key_formats::parse(encoding, der, engine).unwrap();
            assert_eq!(key.public_key().unwrap().spki(), spki);
        }
    }
}

#[test]
fn schemes_in_order_of_preference() {
    let of = |der, engine: Engine| -> Vec<u16> {
        let key = pkcs8(der, engine).unwrap();
        key.schemes().iter().map(|scheme| scheme.0).collect()
    };
    for engine in engines() {
        assert_eq!(
            of(data!("rsa2048.p8"), engine),
            [0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0201]
        );
        // A hash and a salt of 64 bytes and two bytes more do not fit into 128 bytes.
        assert_eq!(
            of(data!("rsa1024.p8"), engine),
            [0x0804, 0x0805, 0x0401, 0x0501, 0x0601, 0x0201]
        );
        assert_eq!(of(data!("pss.p8"), engine), [0x0809, 0x080a, 0x080b]);
        assert_eq!(of(data!("pss-sha256.p8"), engine), [0x0809]);
        assert_eq!(of(data!("pss-sha512.p8"), engine), [0x080b]);
        assert_eq!(
            of(data!("p256.p8"), engine),
            [0x0403, 0x0503, 0x0603, 0x0203]
        );
        assert_eq!(
            of(data!("p384.p8"), engine),
            [0x0503, 0x0603, 0x0403, 0x0203]
        );
        assert_eq!(
            of(data!("p521.p8"), engine),
            [0x0603, 0x0503, 0x0403, 0x0203]
        );
        assert_eq!(of(data!("ed25519.p8"), engine), [0x0807]);
    }
}

#[test]
fn debug_output_tells_the_kind_and_no_secret() {
    let key = pkcs8(data!("p256.p8"), Engine::Portable).unwrap();
    assert_eq!(format!("{key:?}"), "PrivateKey(Ec(secp256r1))");
    let key = public(data!("rsa2048.spki"), Engine::Portable).unwrap();
    assert_eq!(format!("{key:?}"), "PublicKey(Rsa { bits: 2048 })");
}

/// The provider's own entry points choose an engine and lead here.
#[test]
fn the_provider_parses_keys() {
    let key = crate::pk::private_key(PrivateKeyEncoding::Pkcs8, data!("p384.p8")).unwrap();
    assert_eq!(key.schemes()[0], SignatureScheme::ECDSA_SECP384R1_SHA384);
    let key = crate::pk::public_key(data!("p384.spki")).unwrap();
    assert_eq!(key.kind(), KeyKind::Ec(NamedGroup::SECP384R1));
    assert!(crate::pk::group(NamedGroup::SECP521R1).is_some());
}
