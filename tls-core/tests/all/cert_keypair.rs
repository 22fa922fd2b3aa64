//! Certificate chains with their private keys, and what choosing among them sees.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::judge::pki;
use common::{keypair, keypair_from, path};
use pki_types::pem::PemObject;
use std::sync::Arc;
use tls_core::cert::{
    Certificate, KeyUsage, KeyUse, Keypair, MatchQuality, leaf_key_usage, leaf_spki,
};
use tls_core::crypto::{
    KeyError, KeyKind, Later, PrivateKey, PrivateKeyEncoding, Provider, PublicKey, Reply, Secret,
    SignedBytes,
};
use tls_core::error::{Error, Reason};
use tls_core::wire::{NamedGroup, SignatureScheme};
use tls_crypto::DefaultProvider;

fn private_key(name: &str) -> Arc<dyn PrivateKey> {
    let der =
        pki_types::PrivatePkcs8KeyDer::from_pem_file(path(&format!("pki/{name}.key"))).unwrap();
    DefaultProvider
        .private_key(PrivateKeyEncoding::Pkcs8, der.secret_pkcs8_der())
        .unwrap()
}

fn refused(chain: Vec<Certificate>, key: &str, reason: Reason, words: &[&str]) -> Error {
    let error = Keypair::new(&DefaultProvider, chain, private_key(key)).unwrap_err();
    assert_eq!(error.reason(), reason, "{error}");
    for word in words {
        assert!(error.text().contains(word), "{word:?} is not in: {error}");
    }
    error
}

#[test]
fn kinds_and_chains() {
    for (name, kind) in [
        ("server-rsa", KeyKind::Rsa { bits: 2048 }),
        ("server-rsa1024", KeyKind::Rsa { bits: 1024 }),
        ("server-rsa4096", KeyKind::Rsa { bits: 4096 }),
        ("server-rsapss", KeyKind::RsaPss { bits: 2048 }),
        ("server-p256", KeyKind::Ec(NamedGroup::SECP256R1)),
        ("server-p384", KeyKind::Ec(NamedGroup::SECP384R1)),
        ("server-p521", KeyKind::Ec(NamedGroup::SECP521R1)),
        ("server-ed25519", KeyKind::Ed25519),
    ] {
        let keypair = keypair(name);
        assert_eq!(keypair.kind(), kind, "{name}");
        assert_eq!(keypair.chain(), pki(name));
        assert_eq!(keypair.spki(), leaf_spki(&pki(name)[0]).unwrap(), "{name}");
        assert_eq!(keypair.key().kind(), kind);
    }
    keypair_from("pki/server-rsa.pem", "pki/server-rsa-pkcs1.key");
    keypair_from("pki/server-p256.pem", "pki/server-p256-sec1.key");
}

#[test]
fn a_key_of_another_certificate_is_refused() {
    let mismatch = Reason::KeyMismatch;
    refused(
        pki("server-p256"),
        "client-p256",
        mismatch,
        &["CN=server-p256"],
    );
    refused(
        pki("server-rsa"),
        "client-rsa",
        mismatch,
        &["CN=server-rsa"],
    );
    let words = ["CN=server-rsa", "2048", "secp256r1"];
    refused(pki("server-rsa"), "server-p256", mismatch, &words);
    refused(pki("server-rsa"), "server-rsa4096", mismatch, &["4096"]);
    refused(pki("server-rsapss"), "server-rsa", mismatch, &[]);
    // Leaf first: the intermediate's key is not asked for.
    refused(
        pki("int"),
        "server-rsa",
        mismatch,
        &["CN=Test Intermediate"],
    );
}

#[test]
fn broken_chains_are_refused() {
    let bad = Reason::BadCertificateFile;
    refused(vec![], "server-rsa", bad, &["empty"]);
    refused(
        vec![vec![1, 2, 3].into()],
        "server-rsa",
        bad,
        &["certificate 1 "],
    );
    let mut chain = pki("server-rsa");
    chain[1] = vec![0x30, 0].into();
    refused(chain, "server-rsa", bad, &["certificate 2 "]);
    refused(pki("bad-curve"), "server-p256", bad, &["CN=bad-curve"]);
    refused(
        pki("bad-explicit"),
        "server-p256",
        bad,
        &["CN=bad-explicit"],
    );
}

/// A token that signs and cannot tell its public key.
#[derive(Debug)]
struct Opaque(KeyKind);

impl PrivateKey for Opaque {
    fn kind(&self) -> KeyKind {
        self.0
    }

    fn schemes(&self) -> &[SignatureScheme] {
        &[]
    }

    fn public_key(&self) -> Option<Arc<dyn PublicKey>> {
        None
    }

    fn sign(
        &self,
        _scheme: SignatureScheme,
        _message: &[u8],
        _later: &Later,
    ) -> Reply<Result<SignedBytes, KeyError>> {
        Reply::Now(Err(KeyError::Failed("no".into())))
    }

    fn decrypt_raw(&self, _: &[u8], _: &Later) -> Reply<Result<Secret, KeyError>> {
        Reply::Now(Err(KeyError::Failed("no".into())))
    }
}

#[test]
fn a_key_that_cannot_tell_its_public_half_is_believed_up_to_its_kind() {
    let with = |kind| Keypair::new(&DefaultProvider, pki("server-p256"), Arc::new(Opaque(kind)));
    with(KeyKind::Ec(NamedGroup::SECP256R1)).unwrap();
    for kind in [
        KeyKind::Ec(NamedGroup::SECP384R1),
        KeyKind::Rsa { bits: 2048 },
    ] {
        assert_eq!(with(kind).unwrap_err().reason(), Reason::KeyMismatch);
    }
}

#[test]
fn usage() {
    for (name, sign, encrypt) in [
        ("server-rsa", true, true),
        ("server-p256", true, false),
        ("no-usage", true, true),
        ("bad-no-sign", false, true),
        ("bad-no-encrypt", true, false),
    ] {
        let keypair = keypair(name);
        assert_eq!(keypair.may(KeyUse::Sign), sign, "{name}");
        assert_eq!(keypair.may(KeyUse::Encrypt), encrypt, "{name}");
        let usage = leaf_key_usage(&keypair.chain()[0]).unwrap();
        assert_eq!(usage.is_none_or(|u| u.allows(KeyUse::Sign)), sign, "{name}");
    }
    let usage = leaf_key_usage(&pki("int")[0]).unwrap().unwrap();
    assert!(usage.contains(KeyUsage::KEY_CERT_SIGN) && !usage.allows(KeyUse::Sign));
    for junk in [&b""[..], &[0x30, 0], &[0x30, 0x80, 0, 0]] {
        assert_eq!(
            leaf_spki(junk).unwrap_err().reason(),
            Reason::CertificateMalformed
        );
        assert_eq!(
            leaf_key_usage(junk).unwrap_err().reason(),
            Reason::CertificateMalformed
        );
    }
}

#[test]
fn matches() {
    use MatchQuality::{Exact, No, Wildcard};
    let table: &[(&str, &[(&str, MatchQuality)])] = &[
        (
            "server-rsa",
            &[
                ("example.test", Exact),
                ("EXAMPLE.TEST", Exact),
                ("example.test.", Exact),
                ("a.wild.test", Wildcard),
                ("wild.test", No),
                ("a.b.wild.test", No),
                ("*.wild.test", Wildcard),
                ("127.0.0.1", Exact),
                ("::1", Exact),
                ("127.0.0.2", No),
                ("server-rsa", No),
                ("", No),
                (".", No),
                ("a\0.wild.test", Wildcard),
            ],
        ),
        (
            "name-cn",
            &[
                ("cn.example.test", Exact),
                ("CN.example.TEST", Exact),
                ("example.test", No),
            ],
        ),
        (
            "name-cn-and-san",
            &[("san.example.test", Exact), ("cn.example.test", No)],
        ),
        ("name-email-only", &[("cn.example.test", No)]),
        (
            "name-ip",
            &[
                ("192.0.2.1", Exact),
                ("2001:DB8::1", Exact),
                ("name-ip", No),
            ],
        ),
        ("name-many", &[("h.many.test", Exact)]),
    ];
    for (name, hosts) in table {
        let keypair = keypair(name);
        for (host, quality) in *hosts {
            assert_eq!(keypair.matches(host), *quality, "{name} {host:?}");
        }
    }
    let names: Vec<_> = table.iter().map(|(n, _)| keypair(n)).collect();
    assert_eq!(
        names[0].dns_names().collect::<Vec<_>>(),
        ["localhost", "example.test", "*.wild.test"]
    );
    assert_eq!(
        names[1].dns_names().collect::<Vec<_>>(),
        ["cn.example.test"]
    );
    let debug = format!("{:?}", names[0]);
    assert!(
        debug.contains("localhost") && !debug.contains("key:"),
        "{debug}"
    );
}

#[test]
fn issuers_named_by_a_server() {
    let keypair = keypair("client-rsa");
    let subjects = |files: &[&str]| {
        let mut anchors = tls_core::cert::TrustAnchors::default();
        for file in files {
            anchors.add(pki(file).remove(0)).unwrap();
        }
        anchors
    };
    for (files, expected) in [
        (&["ca"][..], true),
        (&["int"], true),
        (&["other-ca", "ca"], true),
        (&["other-ca"], false),
        (&[], false),
    ] {
        let anchors = subjects(files);
        let names: Vec<_> = anchors.subjects().collect();
        assert_eq!(keypair.is_issued_by_any(&names), expected, "{files:?}");
    }
}
