//! Signatures that OpenSSL made over the nine bytes "a message".

use super::{data, engines, public};
use tls_core::crypto::{BadSignature, PublicKey};
use tls_core::wire::SignatureScheme;

const MESSAGE: &[u8] = b"a message";

macro_rules! signatures {
    ($($key:literal $scheme:ident $file:literal;)*) => {
        vec![$((
            data!($key),
            SignatureScheme::$scheme,
            data!($file),
        ),)*]
    };
}

fn all() -> Vec<(&'static [u8], SignatureScheme, &'static [u8])> {
    signatures! {
        "rsa2048.spki" RSA_PKCS1_SHA1 "rsa2048.pkcs1-sha1.sig";
        "rsa2048.spki" RSA_PKCS1_SHA256 "rsa2048.pkcs1-sha256.sig";
        "rsa2048.spki" RSA_PKCS1_SHA384 "rsa2048.pkcs1-sha384.sig";
        "rsa2048.spki" RSA_PKCS1_SHA512 "rsa2048.pkcs1-sha512.sig";
        "rsa2048.spki" RSA_PSS_RSAE_SHA256 "rsa2048.pss-sha256.sig";
        "rsa2048.spki" RSA_PSS_RSAE_SHA384 "rsa2048.pss-sha384.sig";
        "rsa2048.spki" RSA_PSS_RSAE_SHA512 "rsa2048.pss-sha512.sig";
        "rsa1024.spki" RSA_PKCS1_SHA1 "rsa1024.pkcs1-sha1.sig";
        "rsa1024.spki" RSA_PKCS1_SHA256 "rsa1024.pkcs1-sha256.sig";
        "rsa1024.spki" RSA_PKCS1_SHA384 "rsa1024.pkcs1-sha384.sig";
        "rsa1024.spki" RSA_PKCS1_SHA512 "rsa1024.pkcs1-sha512.sig";
        "rsa2056.spki" RSA_PSS_RSAE_SHA256 "rsa2056.pss-sha256.sig";
        "rsa2056.spki" RSA_PSS_RSAE_SHA384 "rsa2056.pss-sha384.sig";
        "rsa2056.spki" RSA_PSS_RSAE_SHA512 "rsa2056.pss-sha512.sig";
        "rsa-e3.spki" RSA_PKCS1_SHA256 "rsa-e3.pkcs1-sha256.sig";
        "pss.spki" RSA_PSS_PSS_SHA256 "pss.pss-sha256.sig";
        "pss.spki" RSA_PSS_PSS_SHA384 "pss.pss-sha384.sig";
        "pss.spki" RSA_PSS_PSS_SHA512 "pss.pss-sha512.sig";
        "pss-sha256.spki" RSA_PSS_PSS_SHA256 "pss-sha256.pss-sha256.sig";
        "pss-sha512.spki" RSA_PSS_PSS_SHA512 "pss-sha512.pss-sha512.sig";
        "p256.spki" ECDSA_SHA1 "p256.ecdsa-sha1.sig";
        "p256.spki" ECDSA_SECP256R1_SHA256 "p256.ecdsa-sha256.sig";
        "p256.spki" ECDSA_SECP384R1_SHA384 "p256.ecdsa-sha384.sig";
        "p256.spki" ECDSA_SECP521R1_SHA512 "p256.ecdsa-sha512.sig";
        "p384.spki" ECDSA_SHA1 "p384.ecdsa-sha1.sig";
        "p384.spki" ECDSA_SECP256R1_SHA256 "p384.ecdsa-sha256.sig";
        "p384.spki" ECDSA_SECP384R1_SHA384 "p384.ecdsa-sha384.sig";
        "p384.spki" ECDSA_SECP521R1_SHA512 "p384.ecdsa-sha512.sig";
        "p521.spki" ECDSA_SHA1 "p521.ecdsa-sha1.sig";
        "p521.spki" ECDSA_SECP256R1_SHA256 "p521.ecdsa-sha256.sig";
        "p521.spki" ECDSA_SECP384R1_SHA384 "p521.ecdsa-sha384.sig";
        "p521.spki" ECDSA_SECP521R1_SHA512 "p521.ecdsa-sha512.sig";
        "ed25519.spki" ED25519 "ed25519.ed25519.sig";
    }
}

#[test]
fn good_signatures_verify_and_damaged_ones_do_not() {
    for engine in engines() {
        for (spki, scheme, signature) in all() {
            let key = public(spki, engine).unwrap();
            let verify = |message: &[u8], signature: &[u8]| key.verify(scheme, message, signature);
            assert_eq!(verify(MESSAGE, signature), Ok(()), "{key:?} {scheme}");

            assert_eq!(verify(b"b message", signature), Err(BadSignature));
            for at in [0, 8, signature.len() / 2, signature.len() - 1] {
                let mut damaged = signature.to_vec();
                damaged[at] ^= 1;
                assert_eq!(verify(MESSAGE, &damaged), Err(BadSignature), "{key:?} {at}");
            }
            assert_eq!(verify(MESSAGE, &[]), Err(BadSignature));
            assert_eq!(verify(MESSAGE, &signature[1..]), Err(BadSignature));
            let (all_but_last, longer) = (&signature[..signature.len() - 1], [signature, &[0]]);
            assert_eq!(verify(MESSAGE, all_but_last), Err(BadSignature));
            assert_eq!(verify(MESSAGE, &longer.concat()), Err(BadSignature));
            assert_eq!(
                verify(MESSAGE, &vec![0; signature.len()]),
                Err(BadSignature)
            );
            assert_eq!(
                verify(MESSAGE, &vec![0xff; signature.len()]),
                Err(BadSignature)
            );
        }
    }
}

/// A signature holds under its own scheme alone: another hash, another padding, and the PSS
/// schemes of the other kind of key are all refused.
#[test]
fn every_other_scheme_is_refused() {
    for engine in engines() {
        for (spki, scheme, signature) in all() {
            let key = public(spki, engine).unwrap();
            for &other in SignatureScheme::KNOWN
                .iter()
                .filter(|other| **other != scheme)
            {
                let verdict = key.verify(other, MESSAGE, signature);
                assert_eq!(verdict, Err(BadSignature), "{key:?} {scheme} as {other}");
            }
            for unknown in [0, 0x0a0a, 0x0603 + 0x100, 0xffff] {
                let verdict = key.verify(SignatureScheme(unknown), MESSAGE, signature);
                assert_eq!(verdict, Err(BadSignature));
            }
        }
    }
}

/// The same bytes under a key that is bound to another hash (RFC 4055 §3.1).
#[test]
fn a_bound_pss_key_takes_its_hash_alone() {
    for engine in engines() {
        let key = public(data!("pss-sha256.spki"), engine).unwrap();
        let signature = data!("pss-sha256.pss-sha256.sig");
        let schemes = [
            SignatureScheme::RSA_PSS_PSS_SHA512,
            SignatureScheme::RSA_PSS_RSAE_SHA256,
            SignatureScheme::RSA_PKCS1_SHA256,
        ];
        for scheme in schemes {
            assert_eq!(key.verify(scheme, MESSAGE, signature), Err(BadSignature));
        }
    }
}

/// RFC 8446 §4.2.3: the salt has the hash's length.
#[test]
fn a_salt_of_another_length_is_refused() {
    for engine in engines() {
        let key = public(data!("rsa2048.spki"), engine).unwrap();
        let signature = data!("rsa2048.pss-sha256-salt20.sig");
        let verdict = key.verify(SignatureScheme::RSA_PSS_RSAE_SHA256, MESSAGE, signature);
        assert_eq!(verdict, Err(BadSignature));
    }
}

#[test]
fn a_signature_of_another_key_is_refused() {
    for engine in engines() {
        let key = public(data!("rsa-e3.spki"), engine).unwrap();
        let scheme = SignatureScheme::RSA_PKCS1_SHA256;
        let signature = data!("rsa2048.pkcs1-sha256.sig");
        assert_eq!(key.verify(scheme, MESSAGE, signature), Err(BadSignature));
    }
}
