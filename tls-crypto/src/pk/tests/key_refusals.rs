use super::{data, engines, malformed, pkcs8, public, unsupported};
use crate::pk::engine::Engine;
use crate::pk::key_formats;
use crate::pk::private_key::MemoryKey;
use rsa::pkcs1::{RsaPublicKeyRef, UintRef};
use rsa::pkcs8::der::asn1::{AnyRef, BitStringRef, ContextSpecific, OctetStringRef};
use rsa::pkcs8::der::{Decode as _, Encode as _, TagMode, TagNumber};
use rsa::pkcs8::{PrivateKeyInfoRef, SubjectPublicKeyInfoRef};
use tls_core::crypto::{KeyError, PrivateKeyEncoding};

pub(super) fn pkcs1(der: &[u8], engine: Engine) -> Result<MemoryKey, KeyError> {
    key_formats::parse(PrivateKeyEncoding::Pkcs1, der, engine)
}

fn sec1(der: &[u8], engine: Engine) -> Result<MemoryKey, KeyError> {
    key_formats::parse(PrivateKeyEncoding::Sec1, der, engine)
}

/// Every prefix of a good file, the file with a byte behind it, and an empty one.
fn cut_and_extended(der: &[u8]) -> Vec<Vec<u8>> {
    let mut broken: Vec<_> = (0..der.len())
        .step_by(7)
        .map(|n| der[..n].to_vec())
        .collect();
    broken.push(der[..der.len() - 1].to_vec());
    broken.push([der, &[0]].concat());
    broken
}

#[test]
fn truncated_and_extended_files_are_malformed() {
    for engine in engines() {
        for der in [data!("rsa2048.spki"), data!("pss.spki"), data!("p384.spki")] {
            for broken in cut_and_extended(der) {
                malformed(public(&broken, engine), "not a SubjectPublicKeyInfo");
            }
        }
        for der in [data!("rsa2048.p8"), data!("p256.p8"), data!("ed25519.p8")] {
            for broken in cut_and_extended(der) {
                malformed(pkcs8(&broken, engine), "not a PrivateKeyInfo");
            }
        }
        for broken in cut_and_extended(data!("rsa2048.pkcs1")) {
            malformed(pkcs1(&broken, engine), "not an RSAPrivateKey");
        }
        for broken in cut_and_extended(data!("p521.sec1")) {
            malformed(sec1(&broken, engine), "not an ECPrivateKey");
        }
    }
}

#[test]
fn the_wrong_container_is_malformed() {
    for engine in engines() {
        malformed(
            pkcs8(data!("rsa2048.pkcs1"), engine),
            "not a PrivateKeyInfo",
        );
        malformed(pkcs8(data!("p256.sec1"), engine), "not a PrivateKeyInfo");
        malformed(pkcs1(data!("rsa2048.p8"), engine), "not an RSAPrivateKey");
        malformed(sec1(data!("p256.p8"), engine), "not an ECPrivateKey");
        malformed(
            public(data!("p256.p8"), engine),
            "not a SubjectPublicKeyInfo",
        );
    }
}

/// An algorithm where the version should stand (RFC 5958 §3).
#[test]
fn an_encrypted_key_is_called_one() {
    let encrypted = [
        0x30, 0x0c, // EncryptedPrivateKeyInfo
        0x30, 0x05, 0x06, 0x03, 0x2a, 0x03, 0x04, // encryptionAlgorithm
        0x04, 0x03, 1, 2, 3, // encryptedData
    ];
    for engine in engines() {
        unsupported(pkcs8(&encrypted, engine), "encrypted");
    }
}

#[test]
fn unsupported_kinds_are_called_by_name() {
    for engine in engines() {
        for (private, spki, name) in [
            (data!("secp256k1.p8"), data!("secp256k1.spki"), "secp256k1"),
            (data!("ed448.p8"), data!("ed448.spki"), "Ed448"),
            (data!("x25519.p8"), data!("x25519.spki"), "X25519"),
            (
                data!("p256-explicit.p8"),
                data!("p256-explicit.spki"),
                "explicit",
            ),
            (data!("rsa1016.p8"), data!("rsa1016.spki"), "1016 bits"),
            (
                data!("rsa-long-exponent.p8"),
                data!("rsa-long-exponent.spki"),
                "35",
            ),
            (
                data!("pss-two-hashes.p8"),
                data!("pss-two-hashes.spki"),
                "same hash",
            ),
            (
                data!("pss-sha1.p8"),
                data!("pss-sha1.spki"),
                "SHA-256, SHA-384",
            ),
        ] {
            unsupported(pkcs8(private, engine), name);
            unsupported(public(spki, engine), name);
        }
        unsupported(pkcs8(data!("rsa-three-primes.p8"), engine), "two primes");
    }
}

/// The SubjectPublicKeyInfo with its identifier's parameters replaced.
fn with_parameters(spki: &[u8], parameters: Option<AnyRef<'_>>) -> Vec<u8> {
    let mut parsed = SubjectPublicKeyInfoRef::from_der(spki).unwrap();
    parsed.algorithm.parameters = parameters;
    parsed.to_der().unwrap()
}

/// The SubjectPublicKeyInfo with other key bits.
fn with_key(spki: &[u8], key: &[u8]) -> Vec<u8> {
    let mut parsed = SubjectPublicKeyInfoRef::from_der(spki).unwrap();
    parsed.subject_public_key = BitStringRef::from_bytes(key).unwrap();
    parsed.to_der().unwrap()
}

#[test]
fn parameters_are_what_the_rfcs_say() {
    for engine in engines() {
        let rsa = with_parameters(data!("rsa2048.spki"), None);
        malformed(public(&rsa, engine), "not NULL");
        let ec = with_parameters(data!("p256.spki"), None);
        malformed(public(&ec, engine), "without a curve");
        let ec = with_parameters(data!("p256.spki"), Some(AnyRef::NULL));
        unsupported(public(&ec, engine), "explicit");
        let ed25519 = with_parameters(data!("ed25519.spki"), Some(AnyRef::NULL));
        malformed(public(&ed25519, engine), "Ed25519 with parameters");
        let pss = with_parameters(data!("pss.spki"), Some(AnyRef::NULL));
        malformed(public(&pss, engine), "parameters of RSASSA-PSS");
    }
}

#[test]
fn unused_bits_in_the_key_are_malformed() {
    let mut spki = data!("ed25519.spki").to_vec();
    let at = spki.len() - 33;
    assert_eq!(spki[at], 0);
    spki[at] = 1;
    let last = spki.len() - 1;
    spki[last] &= 0xfe;
    for engine in engines() {
        assert!(matches!(public(&spki, engine), Err(KeyError::Malformed(_))));
    }
}

#[test]
fn public_points_are_uncompressed_and_on_the_curve() {
    for engine in engines() {
        for spki in [data!("p256.spki"), data!("p384.spki"), data!("p521.spki")] {
            let parsed = SubjectPublicKeyInfoRef::from_der(spki).unwrap();
            let good = parsed.subject_public_key.raw_bytes();
            let half = good.len() / 2;
            let mut compressed = good[..=half].to_vec();
            compressed[0] = 2 + (good[good.len() - 1] & 1);
            let mut off_curve = good.to_vec();
            off_curve[half] ^= 1;
            let mut hybrid = good.to_vec();
            hybrid[0] = 6 + (good[good.len() - 1] & 1);
            let long = [good, &[0]].concat();
            for key in [&compressed, &off_curve, &hybrid, &long, &vec![0], &vec![]] {
                malformed(
                    public(&with_key(spki, key), engine),
                    "not an uncompressed point",
                );
            }
        }
    }
}

#[test]
fn ed25519_public_keys_are_points_of_32_bytes() {
    let spki = data!("ed25519.spki");
    // y = 2 has no x.
    let mut no_point = [0; 32];
    no_point[0] = 2;
    for engine in engines() {
        malformed(public(&with_key(spki, &[1; 31]), engine), "31 bytes");
        malformed(public(&with_key(spki, &[1; 33]), engine), "33 bytes");
        malformed(public(&with_key(spki, &no_point), engine), "no point");
    }
}

/// An `RSAPublicKey` of these big-endian numbers.
fn rsa_public(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let key = RsaPublicKeyRef {
        modulus: UintRef::new(modulus).unwrap(),
        public_exponent: UintRef::new(exponent).unwrap(),
    };
    with_key(data!("rsa2048.spki"), &key.to_der().unwrap())
}

#[test]
fn rsa_public_numbers_are_bounded() {
    let modulus = |bits: usize| -> Vec<u8> {
        let mut modulus = vec![0xff; bits.div_ceil(8)];
        modulus[0] = 0xff >> (modulus.len() * 8 - bits);
        modulus
    };
    let even = |bits: usize| {
        let mut modulus = modulus(bits);
        *modulus.last_mut().unwrap() = 0xfe;
        modulus
    };
    for engine in engines() {
        let parse =
            |modulus: &[u8], exponent: &[u8]| public(&rsa_public(modulus, exponent), engine);
        for bits in [1024, 1025, 2047, 2048, 2049, 2112, 4096, 8191, 8192] {
            assert!(parse(&modulus(bits), &[1, 0, 1]).is_ok(), "{bits}");
        }
        assert!(parse(&modulus(2048), &[1, 0xff, 0xff, 0xff, 0xff]).is_ok());
        assert!(parse(&modulus(2048), &[0xff, 0xff, 0xff, 0xff]).is_ok());

        unsupported(parse(&modulus(1023), &[1, 0, 1]), "1023 bits");
        unsupported(parse(&modulus(8193), &[1, 0, 1]), "8193 bits");
        unsupported(parse(&modulus(16384), &[1, 0, 1]), "16384 bits");
        unsupported(parse(&[3], &[1, 0, 1]), "2 bits");
        unsupported(parse(&modulus(2048), &[2, 0, 0, 0, 1]), "34 bits");
        unsupported(parse(&modulus(2048), &modulus(2047)), "2047 bits");
        malformed(parse(&even(2048), &[1, 0, 1]), "modulus is even");
        malformed(parse(&modulus(2048), &[1, 0, 0]), "exponent is even");
        malformed(parse(&modulus(2048), &[1]), "even or 1");
        malformed(parse(&modulus(2048), &[]), "positive integers");
        malformed(parse(&modulus(2048), &[0]), "even or 1");
    }
}

#[test]
fn rsa_public_numbers_are_positive() {
    let good = data!("rsa2048.spki");
    let parsed = SubjectPublicKeyInfoRef::from_der(good).unwrap();
    let mut key = parsed.subject_public_key.raw_bytes().to_vec();
    // SEQUENCE, its length (4 bytes), INTEGER, its length (4 bytes), and the zero in front.
    assert_eq!(key[8], 0);
    key.remove(8);
    key[3] -= 1;
    key[7] -= 1;
    for engine in engines() {
        malformed(public(&with_key(good, &key), engine), "positive integers");
        malformed(public(&with_key(good, &[]), engine), "positive integers");
    }
}

/// A PKCS#8 file with other bytes inside its OCTET STRING, and possibly a public key behind.
fn with_private(p8: &[u8], private: &[u8], public: Option<&[u8]>) -> Vec<u8> {
    let mut info = PrivateKeyInfoRef::from_der(p8).unwrap();
    info.private_key = OctetStringRef::new(private).unwrap();
    info.public_key = public.map(|bits| BitStringRef::from_bytes(bits).unwrap());
    info.to_der().unwrap()
}

/// An `ECPrivateKey`; `parameters` and `public` are DER.
fn ec_private(
    version: u8,
    scalar: &[u8],
    parameters: Option<&[u8]>,
    public: Option<&[u8]>,
) -> Vec<u8> {
    let mut body = version.to_der().unwrap();
    body.extend(OctetStringRef::new(scalar).unwrap().to_der().unwrap());
    for (number, field) in [(0, parameters), (1, public)] {
        let Some(field) = field else { continue };
        let field = ContextSpecific {
            tag_number: TagNumber(number),
            tag_mode: TagMode::Explicit,
            value: AnyRef::from_der(field).unwrap(),
        };
        body.extend(field.to_der().unwrap());
    }
    AnyRef::new(rsa::pkcs8::der::Tag::Sequence, &body)
        .unwrap()
        .to_der()
        .unwrap()
}

const P256: &[u8] = &[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const P384: &[u8] = &[0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22];
const SECP256K1: &[u8] = &[0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x0a];

#[test]
fn ec_private_keys_are_in_range_and_name_a_curve() {
    for engine in engines() {
        assert!(sec1(&ec_private(1, &[1; 32], Some(P256), None), engine).is_ok());
        // Leading zeroes may be missing.
        assert!(sec1(&ec_private(1, &[1; 31], Some(P256), None), engine).is_ok());
        assert!(sec1(&ec_private(1, &[1], Some(P384), None), engine).is_ok());

        let refused = |scalar: &[u8], text: &str| {
            malformed(sec1(&ec_private(1, scalar, Some(P256), None), engine), text);
        };
        refused(&[], "zero or not below");
        refused(&[0; 32], "zero or not below");
        refused(&[0xff; 32], "zero or not below");
        refused(&[1; 33], "33 bytes");
        refused(&[0; 33], "33 bytes");
        malformed(
            sec1(&ec_private(1, &[1; 32], None, None), engine),
            "name its curve",
        );
        malformed(
            sec1(&ec_private(0, &[1; 32], Some(P256), None), engine),
            "ECPrivateKey",
        );
        malformed(
            sec1(&ec_private(2, &[1; 32], Some(P256), None), engine),
            "ECPrivateKey",
        );
        unsupported(
            sec1(&ec_private(1, &[1; 32], Some(SECP256K1), None), engine),
            "secp256k1",
        );
        unsupported(
            sec1(&ec_private(1, &[1; 32], Some(&[0x30, 0]), None), engine),
            "explicit",
        );
    }
}

#[test]
fn the_curve_of_both_containers_is_the_same() {
    let with = |parameters| {
        let inner = ec_private(1, &[1; 32], parameters, None);
        with_private(data!("p256.p8"), &inner, None)
    };
    for engine in engines() {
        assert!(pkcs8(&with(None), engine).is_ok());
        assert!(pkcs8(&with(Some(P256)), engine).is_ok());
        malformed(pkcs8(&with(Some(P384)), engine), "different curves");
    }
}

/// The public key in a private key's file belongs to it (RFC 5915 §3, RFC 5958 §2).
#[test]
fn a_public_key_that_travels_along_must_match() {
    let bit_string = |bits: &[u8]| BitStringRef::from_bytes(bits).unwrap().to_der().unwrap();
    for engine in engines() {
        for (p8, spki, other) in [
            (data!("p256.p8"), data!("p256.spki"), data!("p384.spki")),
            (
                data!("ed25519.p8"),
                data!("ed25519.spki"),
                data!("x25519.spki"),
            ),
            (
                data!("rsa2048.p8"),
                data!("rsa2048.spki"),
                data!("rsa-e3.spki"),
            ),
        ] {
            let bits = |spki| {
                let parsed = SubjectPublicKeyInfoRef::from_der(spki).unwrap();
                parsed.subject_public_key.raw_bytes().to_vec()
            };
            let private = PrivateKeyInfoRef::from_der(p8).unwrap();
            let private = private.private_key.as_bytes();
            let with = |public: &[u8]| pkcs8(&with_private(p8, private, Some(public)), engine);
            assert!(with(&bits(spki)).is_ok());
            malformed(with(&bits(other)), "does not belong");
            malformed(with(&bits(spki)[1..]), "does not belong");
            malformed(with(&[]), "does not belong");
        }

        let base =
            crate::pk::ec::EcSigner::new(tls_core::wire::NamedGroup::SECP256R1, &[1; 32], engine);
        let mut point = base.unwrap().public();
        let with = |point: &[u8]| {
            let public = bit_string(point);
            sec1(&ec_private(1, &[1; 32], Some(P256), Some(&public)), engine)
        };
        assert!(with(&point).is_ok());
        point[64] ^= 1;
        malformed(with(&point), "does not belong");
    }
}

#[test]
fn ed25519_private_keys_are_32_bytes_in_an_octet_string() {
    let with = |inner: &[u8]| with_private(data!("ed25519.p8"), inner, None);
    for engine in engines() {
        assert!(pkcs8(&with(&[&[4, 32], &[1; 32][..]].concat()), engine).is_ok());
        malformed(
            pkcs8(&with(&[&[4, 31], &[1; 31][..]].concat()), engine),
            "31 bytes",
        );
        malformed(
            pkcs8(&with(&[&[4, 33], &[1; 33][..]].concat()), engine),
            "33 bytes",
        );
        malformed(pkcs8(&with(&[1; 32]), engine), "no OCTET STRING");
        malformed(pkcs8(&with(&[]), engine), "no OCTET STRING");
    }
}
