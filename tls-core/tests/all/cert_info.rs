//! What people read of a certificate.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::judge::pki;
use tls_core::cert::{CertificateInfo, KeyUsage, SubjectName};
use tls_core::crypto::{HashId, Provider};
use tls_core::error::Reason;
use tls_crypto::DefaultProvider;

fn info(name: &str) -> CertificateInfo {
    CertificateInfo::parse(&pki(name)[0]).unwrap()
}

#[test]
fn a_server_certificate() {
    let info = info("server-rsa");
    assert_eq!(info.version, 3);
    assert_eq!(info.subject, "CN=server-rsa");
    assert_eq!(info.issuer, "CN=Test Intermediate,O=tlscore tests");
    assert_eq!(info.common_name.as_deref(), Some("server-rsa"));
    assert_eq!(
        (info.not_before, info.not_after),
        (1_577_836_800, 4_733_510_400)
    );
    assert_eq!(info.not_before_text(), "2020-01-01 00:00:00 UTC");
    assert_eq!(info.not_after_text(), "2120-01-01 00:00:00 UTC");
    assert_eq!(info.signature_algorithm, "sha256WithRSAEncryption");
    assert!(!info.is_ca);
    assert_eq!(
        info.key_usage.unwrap().to_string(),
        "digitalSignature, keyEncipherment"
    );
    assert_eq!(info.extended_key_usage, ["serverAuth"]);
    let names: Vec<_> = info.names.iter().map(ToString::to_string).collect();
    let expected = [
        "DNS:localhost",
        "DNS:example.test",
        "DNS:*.wild.test",
        "IP:127.0.0.1",
        "IP:::1",
    ];
    assert_eq!(names, expected);
    assert!(!info.serial.is_empty() && info.serial.bytes().all(|b| b.is_ascii_hexdigit()));
    assert!(!info.serial.starts_with("00"));
    let critical: Vec<_> = info
        .extensions
        .iter()
        .filter(|e| e.critical)
        .map(|e| e.oid.as_str())
        .collect();
    assert_eq!(critical, ["2.5.29.15"]);
    assert!(info.extensions.iter().any(|e| e.oid == "2.5.29.17"));
}

#[test]
fn keys_and_signatures() {
    for (name, algorithm, curve, bits, signature) in [
        ("server-rsa", "RSA", None, 2048, "sha256WithRSAEncryption"),
        (
            "server-rsa1024",
            "RSA",
            None,
            1024,
            "sha256WithRSAEncryption",
        ),
        (
            "server-rsapss",
            "RSA-PSS",
            None,
            2048,
            "sha256WithRSAEncryption",
        ),
        (
            "server-p256",
            "EC",
            Some("P-256"),
            256,
            "sha256WithRSAEncryption",
        ),
        (
            "server-p521",
            "EC",
            Some("P-521"),
            521,
            "sha256WithRSAEncryption",
        ),
        (
            "server-ed25519",
            "Ed25519",
            None,
            256,
            "sha256WithRSAEncryption",
        ),
        ("ca-p384", "EC", Some("P-384"), 384, "ecdsa-with-SHA256"),
        ("ca-ed25519", "Ed25519", None, 256, "Ed25519"),
        ("bad-sha1", "RSA", None, 2048, "sha1WithRSAEncryption"),
        (
            "bad-curve",
            "EC",
            Some("secp256k1"),
            256,
            "sha256WithRSAEncryption",
        ),
        ("bad-explicit", "EC", None, 0, "sha256WithRSAEncryption"),
    ] {
        let info = info(name);
        assert_eq!(info.key.algorithm, algorithm, "{name}");
        assert_eq!(info.key.curve.as_deref(), curve, "{name}");
        assert_eq!(info.key.bits, bits, "{name}");
        assert_eq!(info.signature_algorithm, signature, "{name}");
    }
}

#[test]
fn authorities_and_unusual_certificates() {
    let ca = info("ca");
    assert!(ca.is_ca);
    assert_eq!(ca.subject, ca.issuer);
    assert_eq!(ca.key_usage.unwrap().to_string(), "keyCertSign, cRLSign");
    assert!(ca.key_usage.unwrap().contains(KeyUsage::KEY_CERT_SIGN));
    assert!(ca.names.is_empty() && ca.extended_key_usage.is_empty());
    assert!(info("self-ca").is_ca && info("self-ca").key_usage.is_none());
    let old = info("bad-v1");
    assert_eq!(
        (old.version, old.extensions.len(), old.is_ca),
        (1, 0, false)
    );
    let nobody = info("no-subject");
    assert_eq!((nobody.subject.as_str(), nobody.common_name), ("", None));
    assert_eq!(
        info("both-eku").extended_key_usage,
        ["clientAuth", "serverAuth"]
    );
    assert_eq!(
        info("bad-any-eku").extended_key_usage,
        ["anyExtendedKeyUsage"]
    );
    let critical = info("bad-critical");
    let unknown = critical.extensions.iter().find(|e| e.oid == "1.2.3.4.5");
    assert!(unknown.unwrap().critical);
}

#[test]
fn names_that_need_escapes() {
    let info = info("name-utf8");
    assert_eq!(info.subject, "CN=name-utf8,O=Zo\\, \\\"Käse\\\" \\+ Söhne");
    assert_eq!(
        info.names,
        [
            SubjectName::Dns("xn--kse-qla.test".into()),
            SubjectName::Uri("https://example.test/".into()),
            SubjectName::Email("a@example.test".into()),
        ]
    );
}

#[test]
fn fingerprints() {
    let sha256 = DefaultProvider.hash(HashId::Sha256).unwrap();
    assert_eq!(
        CertificateInfo::fingerprint(b"abc", sha256),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    let print = |name| CertificateInfo::fingerprint(&pki(name)[0], sha256);
    assert_eq!(print("ca"), print("ca"));
    assert_ne!(print("ca"), print("int"));
}

#[test]
fn junk_is_an_error() {
    for junk in [
        &b""[..],
        b"abc",
        &[0x30, 0],
        &[0x30, 0x82, 0xff, 0xff],
        &[0xff; 100],
    ] {
        let error = CertificateInfo::parse(junk).unwrap_err();
        assert_eq!(error.reason(), Reason::CertificateMalformed);
    }
}

#[test]
fn every_truncation_is_an_error_and_so_is_a_byte_too_many() {
    for name in [
        "ca",
        "ca-ed25519",
        "server-rsa",
        "server-p521",
        "server-rsapss",
        "name-many",
        "bad-v1",
        "bad-critical",
        "bad-explicit",
        "no-subject",
    ] {
        let der = pki(name).remove(0);
        assert!(CertificateInfo::parse(&der).is_ok(), "{name}");
        for len in 0..der.len() {
            let error = CertificateInfo::parse(&der[..len]).expect_err(name);
            assert_eq!(error.reason(), Reason::CertificateMalformed, "{name} {len}");
        }
        let longer = [&der[..], &[0]].concat();
        assert!(CertificateInfo::parse(&longer).is_err(), "{name}");
    }
}
