use super::data;
use crate::pk::certificate_algorithms;
use pki_types::SignatureVerificationAlgorithm;
use rsa::pkcs8::SubjectPublicKeyInfoRef;
use rsa::pkcs8::der::asn1::{AnyRef, BitStringRef};
use rsa::pkcs8::der::{Decode as _, Encode as _, Reader as _, SliceReader};

/// What webpki takes out of a certificate: the bytes that are signed, the contents of the two
/// algorithm identifiers, the key's bits and the signature.
struct Parts {
    signed: Vec<u8>,
    signature_id: Vec<u8>,
    signature: Vec<u8>,
    public_key_id: Vec<u8>,
    public_key: Vec<u8>,
}

fn parts(certificate: &[u8], spki: &[u8]) -> Parts {
    let outer = AnyRef::from_der(certificate).unwrap();
    let mut fields = SliceReader::new(outer.value()).unwrap();
    let signed: AnyRef<'_> = fields.decode().unwrap();
    let signature_id: AnyRef<'_> = fields.decode().unwrap();
    let signature: BitStringRef<'_> = fields.decode().unwrap();
    assert!(fields.is_finished());
    let spki = SubjectPublicKeyInfoRef::from_der(spki).unwrap();
    let public_key_id = spki.algorithm.to_der().unwrap();
    Parts {
        signed: signed.to_der().unwrap(),
        signature_id: signature_id.value().to_vec(),
        signature: signature.raw_bytes().to_vec(),
        public_key_id: AnyRef::from_der(&public_key_id).unwrap().value().to_vec(),
        public_key: spki.subject_public_key.raw_bytes().to_vec(),
    }
}

fn find<'a>(
    algorithms: &[&'a dyn SignatureVerificationAlgorithm],
    parts: &Parts,
) -> Option<&'a dyn SignatureVerificationAlgorithm> {
    let mut found = algorithms.iter().filter(|algorithm| {
        *algorithm.signature_alg_id() == *parts.signature_id
            && *algorithm.public_key_alg_id() == *parts.public_key_id
    });
    let first = found.next();
    assert!(
        found.next().is_none(),
        "one row for each pair of identifiers"
    );
    first.copied()
}

macro_rules! certificates {
    ($($certificate:literal $spki:literal)*) => {
        vec![$(parts(data!($certificate), data!($spki)),)*]
    };
}

fn modern() -> Vec<Parts> {
    certificates! {
        "rsa2048.pkcs1-sha256.cert" "rsa2048.spki"
        "rsa2048.pkcs1-sha384.cert" "rsa2048.spki"
        "rsa2048.pkcs1-sha512.cert" "rsa2048.spki"
        "rsa2048.pss-sha256.cert" "rsa2048.spki"
        "rsa2048.pss-sha384.cert" "rsa2048.spki"
        "rsa2048.pss-sha512.cert" "rsa2048.spki"
        "pss.pss-sha256.cert" "pss.spki"
        "pss.pss-sha384.cert" "pss.spki"
        "pss.pss-sha512.cert" "pss.spki"
        "pss-sha256.pss-sha256.cert" "pss-sha256.spki"
        "pss-sha512.pss-sha512.cert" "pss-sha512.spki"
        "p256.ecdsa-sha256.cert" "p256.spki"
        "p256.ecdsa-sha384.cert" "p256.spki"
        "p256.ecdsa-sha512.cert" "p256.spki"
        "p384.ecdsa-sha256.cert" "p384.spki"
        "p384.ecdsa-sha384.cert" "p384.spki"
        "p384.ecdsa-sha512.cert" "p384.spki"
        "p521.ecdsa-sha256.cert" "p521.spki"
        "p521.ecdsa-sha384.cert" "p521.spki"
        "p521.ecdsa-sha512.cert" "p521.spki"
        "ed25519.ed25519.cert" "ed25519.spki"
    }
}

fn sha1() -> Vec<Parts> {
    certificates! {
        "rsa2048.pkcs1-sha1.cert" "rsa2048.spki"
        "p256.ecdsa-sha1.cert" "p256.spki"
        "p384.ecdsa-sha1.cert" "p384.spki"
        "p521.ecdsa-sha1.cert" "p521.spki"
    }
}

fn check(algorithm: &dyn SignatureVerificationAlgorithm, parts: &Parts) {
    let verify = |key: &[u8], message: &[u8], signature: &[u8]| {
        algorithm.verify_signature(key, message, signature).is_ok()
    };
    let Parts {
        signed,
        signature,
        public_key,
        ..
    } = parts;
    assert!(verify(public_key, signed, signature), "{algorithm:?}");
    assert!(
        !verify(public_key, &signed[1..], signature),
        "{algorithm:?}"
    );
    assert!(
        !verify(public_key, signed, &signature[1..]),
        "{algorithm:?}"
    );
    assert!(!verify(public_key, signed, &[]), "{algorithm:?}");
    assert!(
        !verify(&public_key[1..], signed, signature),
        "{algorithm:?}"
    );
    assert!(!verify(&[], signed, signature), "{algorithm:?}");
}

#[test]
fn certificates_of_openssl_verify() {
    let algorithms = certificate_algorithms();
    for parts in modern() {
        check(find(algorithms.modern, &parts).unwrap(), &parts);
        check(find(algorithms.legacy, &parts).unwrap(), &parts);
    }
}

#[test]
fn sha1_is_in_legacy_alone() {
    let algorithms = certificate_algorithms();
    for parts in sha1() {
        assert!(find(algorithms.modern, &parts).is_none());
        check(find(algorithms.legacy, &parts).unwrap(), &parts);
    }
}

/// RFC 4055 §2.1 and §5: NULL parameters may be left out.
#[test]
fn identifiers_without_null_parameters_are_known() {
    let bare = |id: &[u8]| -> Vec<u8> {
        match id.strip_suffix(&[5, 0]) {
            Some(bare) => bare.to_vec(),
            None => without_inner_nulls(id),
        }
    };
    let rsa = || {
        let rsa = modern().into_iter().take(9);
        rsa.chain(sha1().into_iter().take(1))
    };
    for mut parts in rsa() {
        parts.signature_id = bare(&parts.signature_id);
        check(
            find(certificate_algorithms().legacy, &parts).unwrap(),
            &parts,
        );
    }
}

/// A bound key that asks for a salt of the hash's length, not of 20 bytes, has the signature's
/// identifier.
#[test]
fn bound_keys_with_a_longer_least_salt_are_known() {
    let mut bound = parts(
        data!("pss-sha256.pss-sha256.cert"),
        data!("pss-sha256.spki"),
    );
    assert_ne!(bound.signature_id, bound.public_key_id);
    bound.public_key_id = bound.signature_id.clone();
    check(
        find(certificate_algorithms().modern, &bound).unwrap(),
        &bound,
    );
}

/// Takes the two NULLs behind hashes out of the contents of an RSASSA-PSS identifier and
/// mends the lengths around them.
fn without_inner_nulls(id: &[u8]) -> Vec<u8> {
    let mut bare = id.to_vec();
    let nulls: Vec<usize> = (1..id.len() - 1)
        .filter(|&at| id[at..at + 2] == [5, 0])
        .collect();
    let [first, second] = nulls[..] else {
        panic!("two NULLs");
    };
    bare[12] -= 4; // RSASSA-PSS-params
    bare[14] -= 2; // [0]
    bare[16] -= 2; // its AlgorithmIdentifier
    bare[first + 3] -= 2; // [1]
    bare[first + 5] -= 2; // its AlgorithmIdentifier
    bare[first + 18] -= 2; // the hash's inside it
    bare.drain(second..second + 2);
    bare.drain(first..first + 2);
    bare
}

/// The mechanism is bound to the row: no row takes the signature of another.
#[test]
fn rows_refuse_signatures_of_other_rows() {
    let algorithms = certificate_algorithms();
    for parts in modern().iter().chain(&sha1()) {
        for algorithm in algorithms.legacy {
            let ours = *algorithm.signature_alg_id() == *parts.signature_id;
            let verdict =
                algorithm.verify_signature(&parts.public_key, &parts.signed, &parts.signature);
            if verdict.is_ok() && !ours {
                // The other spelling of the same algorithm, or the other kind of RSA key.
                let theirs = algorithm.signature_alg_id();
                let spelled = without_nulls(&theirs) == without_nulls(&parts.signature_id);
                assert!(spelled, "{algorithm:?}");
            }
        }
    }
}

fn without_nulls(id: &[u8]) -> Vec<u8> {
    match id.strip_suffix(&[5, 0]) {
        Some(bare) => bare.to_vec(),
        None if id.len() > 61 => without_inner_nulls(id),
        None => id.to_vec(),
    }
}

#[test]
fn legacy_begins_with_modern() {
    let algorithms = certificate_algorithms();
    let ids = |list: &[&dyn SignatureVerificationAlgorithm]| -> Vec<_> {
        list.iter()
            .map(|row| (row.public_key_alg_id(), row.signature_alg_id()))
            .collect()
    };
    let (modern, legacy) = (ids(algorithms.modern), ids(algorithms.legacy));
    assert_eq!(legacy[..modern.len()], modern);
    assert!(legacy.len() > modern.len());
}
