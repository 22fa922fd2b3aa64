use super::{Engine, data, engines, pkcs8};
use crate::pk::private_key::MemoryKey;
use crate::pk::public_key::SpkiKey;
use tls_core::crypto::{KeyError, Later, PrivateKey, PublicKey, Reply};
use tls_core::wire::SignatureScheme;

fn keys() -> Vec<&'static [u8]> {
    vec![
        data!("rsa1024.p8"),
        data!("rsa2048.p8"),
        data!("rsa2056.p8"),
        data!("rsa3072.p8"),
        data!("rsa4096.p8"),
        data!("rsa-e3.p8"),
        data!("pss.p8"),
        data!("pss-sha256.p8"),
        data!("pss-sha512.p8"),
        data!("p256.p8"),
        data!("p384.p8"),
        data!("p521.p8"),
        data!("ed25519.p8"),
    ]
}

pub(super) fn sign(
    key: &MemoryKey,
    scheme: SignatureScheme,
    message: &[u8],
) -> Result<Vec<u8>, KeyError> {
    match key.sign(scheme, message, &Later::default()) {
        Reply::Now(result) => result,
        Reply::Later => panic!("a key in memory answers at once"),
    }
}

/// Every scheme of every key, signed in one engine and verified in each.
#[test]
fn signatures_verify_in_every_engine() {
    let message = [0x5a; 300];
    for der in keys() {
        for signing in engines() {
            let key = pkcs8(der, signing).unwrap();
            assert!(!key.schemes().is_empty());
            for &scheme in key.schemes() {
                let signature = sign(&key, scheme, &message).unwrap();
                for verifying in engines() {
                    let spki = key.public_key().unwrap().spki().to_vec();
                    let public = SpkiKey::from_der(&spki, verifying).unwrap();
                    let verdict = public.verify(scheme, &message, &signature);
                    assert_eq!(
                        verdict,
                        Ok(()),
                        "{key:?} {scheme} {signing:?} {verifying:?}"
                    );
                    assert!(public.verify(scheme, &message[1..], &signature).is_err());
                }
            }
        }
    }
}

/// RSASSA-PKCS1-v1_5 and Ed25519 are deterministic: we sign exactly as OpenSSL does.
#[test]
fn deterministic_signatures_equal_openssl() {
    let cases = [
        (data!("rsa2048.p8"), 0x0201, data!("rsa2048.pkcs1-sha1.sig")),
        (
            data!("rsa2048.p8"),
            0x0401,
            data!("rsa2048.pkcs1-sha256.sig"),
        ),
        (
            data!("rsa2048.p8"),
            0x0501,
            data!("rsa2048.pkcs1-sha384.sig"),
        ),
        (
            data!("rsa2048.p8"),
            0x0601,
            data!("rsa2048.pkcs1-sha512.sig"),
        ),
        (data!("rsa1024.p8"), 0x0201, data!("rsa1024.pkcs1-sha1.sig")),
        (
            data!("rsa1024.p8"),
            0x0601,
            data!("rsa1024.pkcs1-sha512.sig"),
        ),
        (data!("rsa-e3.p8"), 0x0401, data!("rsa-e3.pkcs1-sha256.sig")),
        (data!("ed25519.p8"), 0x0807, data!("ed25519.ed25519.sig")),
    ];
    for engine in engines() {
        for (der, scheme, expected) in cases {
            let key = pkcs8(der, engine).unwrap();
            let signature = sign(&key, SignatureScheme(scheme), b"a message").unwrap();
            assert_eq!(signature, expected, "{key:?} {scheme:#06x}");
        }
    }
}

/// PSS salts and ECDSA nonces are fresh each time.
#[test]
fn randomised_signatures_differ() {
    for engine in engines() {
        for der in [
            data!("rsa2048.p8"),
            data!("p256.p8"),
            data!("p384.p8"),
            data!("p521.p8"),
        ] {
            let key = pkcs8(der, engine).unwrap();
            let scheme = key.schemes()[0];
            let one = sign(&key, scheme, b"a message").unwrap();
            let two = sign(&key, scheme, b"a message").unwrap();
            assert_ne!(one, two, "{key:?}");
        }
    }
}

#[test]
fn schemes_that_a_key_does_not_list_are_refused() {
    for engine in engines() {
        for der in keys() {
            let key = pkcs8(der, engine).unwrap();
            for &scheme in SignatureScheme::KNOWN {
                let listed = key.schemes().contains(&scheme);
                let signed = sign(&key, scheme, b"a message");
                assert_eq!(signed.is_ok(), listed, "{key:?} {scheme}");
                if let Err(why) = signed {
                    assert!(why.to_string().contains(scheme.name().unwrap()), "{why}");
                }
            }
            assert!(sign(&key, SignatureScheme(0x0a0a), b"a message").is_err());
        }
    }
}

/// A key with its smaller prime first still signs: graviola alone needs the other order.
#[test]
fn the_order_of_the_primes_does_not_matter() {
    for engine in engines() {
        for der in super::rsa_refusals::both_orders() {
            let key = crate::pk::key_formats::parse(
                tls_core::crypto::PrivateKeyEncoding::Pkcs1,
                &der,
                engine,
            )
            .unwrap();
            for message in 0..16_u8 {
                let scheme = SignatureScheme::RSA_PKCS1_SHA256;
                let signature = sign(&key, scheme, &[message]).unwrap();
                let public = key.public_key().unwrap();
                assert!(public.verify(scheme, &[message], &signature).is_ok());
            }
        }
    }
}

/// The engine that was asked for is the one that works, also where it does not have everything.
#[test]
fn sha1_and_p521_work_in_the_fast_engine() {
    if !engines().contains(&Engine::Fast) {
        return;
    }
    let key = pkcs8(data!("p384.p8"), Engine::Fast).unwrap();
    let signature = sign(&key, SignatureScheme::ECDSA_SHA1, b"a message").unwrap();
    let public = key.public_key().unwrap();
    assert!(
        public
            .verify(SignatureScheme::ECDSA_SHA1, b"a message", &signature)
            .is_ok()
    );
    assert!(pkcs8(data!("p521.p8"), Engine::Fast).is_ok());
}
