//! Project Wycheproof's vectors against every engine.

use super::{Engine, Fixed, engines};
use crate::pk::group_of;
use crate::pk::public_key::SpkiKey;
use tls_core::crypto::PublicKey;
use tls_core::wire::{NamedGroup, SignatureScheme};
use wycheproof::{TestResult, ecdh, ecdsa, eddsa, rsa_pkcs1_verify, rsa_pss_verify, xdh};

/// Compares a verdict with the one that the vector asks for. "Acceptable" leaves it open.
fn check(expected: TestResult, accepted: bool, what: &dyn core::fmt::Debug) {
    match expected {
        TestResult::Valid => assert!(accepted, "refused: {what:?}"),
        TestResult::Invalid => assert!(!accepted, "accepted: {what:?}"),
        TestResult::Acceptable => {}
    }
}

fn agree(engine: Engine, group: NamedGroup, private: &[u8], peer: &[u8]) -> Option<Vec<u8>> {
    let random = Fixed::new(private);
    let key = group_of(engine, group)?.start(&random).ok()?;
    key.complete(peer).ok().map(|secret| secret.to_vec())
}

#[test]
fn x25519() {
    let set = xdh::TestSet::load(xdh::TestName::X25519).unwrap();
    let mut compared = 0;
    for engine in engines() {
        for test in set.test_groups.iter().flat_map(|group| &group.tests) {
            let peer = &test.public_key;
            let secret = agree(engine, NamedGroup::X25519, &test.private_key, peer);
            // "Acceptable" are points of small order and the like: zero is refused, and whatever
            // is not refused must be right.
            check(test.result, secret.is_some(), test);
            if let Some(secret) = secret {
                assert_eq!(secret, *test.shared_secret, "{test:?}");
                assert!(secret.iter().any(|&byte| byte != 0));
                compared += 1;
            }
        }
    }
    assert!(compared > 400 * engines().len(), "{compared}");
}

#[test]
fn ecdh() {
    let mut compared = 0;
    for engine in engines() {
        for (name, group, len) in [
            (
                ecdh::TestName::EcdhSecp256r1Ecpoint,
                NamedGroup::SECP256R1,
                32,
            ),
            (
                ecdh::TestName::EcdhSecp384r1Ecpoint,
                NamedGroup::SECP384R1,
                48,
            ),
            (
                ecdh::TestName::EcdhSecp521r1Ecpoint,
                NamedGroup::SECP521R1,
                66,
            ),
        ] {
            let set = ecdh::TestSet::load(name).unwrap();
            for test in set.test_groups.iter().flat_map(|group| &group.tests) {
                let secret = agree(
                    engine,
                    group,
                    &fixed(&test.private_key, len),
                    &test.public_key,
                );
                if test.public_key.first() == Some(&4) {
                    check(test.result, secret.is_some(), test);
                } else {
                    // Compressed points, which the vectors allow and RFC 8422 §5.4.1 does not.
                    assert_eq!(secret, None, "{test:?}");
                }
                if let Some(secret) = secret {
                    assert_eq!(secret, *test.shared_secret, "{test:?}");
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 300 * engines().len(), "{compared}");
}

/// The vectors write private keys as integers, with any number of leading zeroes.
fn fixed(integer: &[u8], len: usize) -> Vec<u8> {
    let first = integer.iter().position(|&byte| byte != 0).unwrap();
    let mut out = vec![0; len - (integer.len() - first)];
    out.extend(&integer[first..]);
    out
}

#[test]
fn ecdsa_verify() {
    use SignatureScheme as S;
    use ecdsa::TestName as T;
    for engine in engines() {
        for (name, scheme) in [
            (T::EcdsaSecp256r1Sha256, S::ECDSA_SECP256R1_SHA256),
            (T::EcdsaSecp256r1Sha512, S::ECDSA_SECP521R1_SHA512),
            (T::EcdsaSecp384r1Sha256, S::ECDSA_SECP256R1_SHA256),
            (T::EcdsaSecp384r1Sha384, S::ECDSA_SECP384R1_SHA384),
            (T::EcdsaSecp384r1Sha512, S::ECDSA_SECP521R1_SHA512),
            (T::EcdsaSecp521r1Sha512, S::ECDSA_SECP521R1_SHA512),
        ] {
            let set = ecdsa::TestSet::load(name).unwrap();
            for group in &set.test_groups {
                let key = SpkiKey::from_der(&group.der, engine).unwrap();
                for test in &group.tests {
                    let verdict = key.verify(scheme, &test.msg, &test.sig);
                    check(test.result, verdict.is_ok(), &(engine, name, test));
                }
            }
        }
    }
}

#[test]
fn ed25519_verify() {
    for engine in engines() {
        let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap();
        for group in &set.test_groups {
            let key = SpkiKey::from_der(&group.der, engine).unwrap();
            for test in &group.tests {
                let verdict = key.verify(SignatureScheme::ED25519, &test.msg, &test.sig);
                check(test.result, verdict.is_ok(), &(engine, test));
            }
        }
    }
}

#[test]
fn rsa_pkcs1_verify() {
    use SignatureScheme as S;
    use rsa_pkcs1_verify::TestName as T;
    for engine in engines() {
        for (name, scheme) in [
            (T::Rsa2048Sha256, S::RSA_PKCS1_SHA256),
            (T::Rsa2048Sha384, S::RSA_PKCS1_SHA384),
            (T::Rsa2048Sha512, S::RSA_PKCS1_SHA512),
            (T::Rsa3072Sha256, S::RSA_PKCS1_SHA256),
            (T::Rsa3072Sha384, S::RSA_PKCS1_SHA384),
            (T::Rsa3072Sha512, S::RSA_PKCS1_SHA512),
            (T::Rsa4096Sha384, S::RSA_PKCS1_SHA384),
            (T::Rsa4096Sha512, S::RSA_PKCS1_SHA512),
            (T::Rsa8192Sha256, S::RSA_PKCS1_SHA256),
            (T::Rsa8192Sha384, S::RSA_PKCS1_SHA384),
            (T::Rsa8192Sha512, S::RSA_PKCS1_SHA512),
        ] {
            let set = rsa_pkcs1_verify::TestSet::load(name).unwrap();
            for group in &set.test_groups {
                let key = SpkiKey::from_der(&group.der, engine).unwrap();
                for test in &group.tests {
                    let verdict = key.verify(scheme, &test.msg, &test.sig);
                    check(test.result, verdict.is_ok(), &(engine, name, test));
                }
            }
        }
    }
}

#[test]
fn rsa_pss_verify() {
    use SignatureScheme as S;
    use rsa_pss_verify::TestName as T;
    for engine in engines() {
        for (name, scheme) in [
            (T::RsaPss2048Sha256Mgf1SaltLen32, S::RSA_PSS_RSAE_SHA256),
            (T::RsaPss2048Sha384Mgf1SaltLen48, S::RSA_PSS_RSAE_SHA384),
            (T::RsaPss3072Sha256Mgf1SaltLen32, S::RSA_PSS_RSAE_SHA256),
            (T::RsaPss4096Sha256Mgf1SaltLen32, S::RSA_PSS_RSAE_SHA256),
            (T::RsaPss4096Sha384Mgf1SaltLen48, S::RSA_PSS_RSAE_SHA384),
            (T::RsaPss4096Sha512Mgf1SaltLen64, S::RSA_PSS_RSAE_SHA512),
            (
                T::RsaPss2048Sha256Mgf1SaltLen32WithParams,
                S::RSA_PSS_PSS_SHA256,
            ),
            (
                T::RsaPss3072Sha256Mgf1SaltLen32WithParams,
                S::RSA_PSS_PSS_SHA256,
            ),
            (
                T::RsaPss4096Sha512Mgf1SaltLen64WithParams,
                S::RSA_PSS_PSS_SHA512,
            ),
        ] {
            let set = rsa_pss_verify::TestSet::load(name).unwrap();
            for group in &set.test_groups {
                let key = SpkiKey::from_der(&group.der, engine).unwrap();
                for test in &group.tests {
                    let verdict = key.verify(scheme, &test.msg, &test.sig);
                    check(test.result, verdict.is_ok(), &(engine, name, test));
                }
            }
        }
    }
}

/// Salts of other lengths than the hash's: the signatures are good, and TLS has no scheme for
/// them (RFC 8446 §4.2.3).
#[test]
fn rsa_pss_salts_of_other_lengths_are_refused() {
    use rsa_pss_verify::TestName as T;
    for engine in engines() {
        for (name, scheme) in [
            (
                T::RsaPss2048Sha256Mgf1SaltLen0,
                SignatureScheme::RSA_PSS_RSAE_SHA256,
            ),
            (
                T::RsaPss4096Sha512Mgf1SaltLen32,
                SignatureScheme::RSA_PSS_RSAE_SHA512,
            ),
        ] {
            let set = rsa_pss_verify::TestSet::load(name).unwrap();
            for group in &set.test_groups {
                let key = SpkiKey::from_der(&group.der, engine).unwrap();
                for test in group
                    .tests
                    .iter()
                    .filter(|test| test.result == TestResult::Valid)
                {
                    assert!(
                        key.verify(scheme, &test.msg, &test.sig).is_err(),
                        "{test:?}"
                    );
                }
            }
        }
    }
}
