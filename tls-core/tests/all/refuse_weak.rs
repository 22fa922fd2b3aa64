//! Keys and hashes that are weaker than the policy or the security level wants them, and whose word that is.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::crl::crl;
use common::der::{Issue, ocsp_signing, parts};
use common::forge::{Forged, Key, With, name, root};
use common::judge::{Judge, judge, judge_chain};
use common::staple::{Staple, staple_for};
use pki_types::PrivateKeyDer;
use pki_types::pem::PemObject;
use tls_core::cert::{Certificate, Crl, TrustAnchors};
use tls_core::error::Reason as R;

type Der = Certificate;

fn trusting(leaf: Der, root: Der) -> Judge {
    let mut judge = judge_chain(vec![leaf]).named("host.test");
    judge.trusted = TrustAnchors::default();
    judge.trusted.add(root).unwrap();
    judge
}

pub(crate) fn rsa() -> Key {
    let pem = include_bytes!("../../../tests/pki/server-rsa.key");
    let key = PrivateKeyDer::from_pem_slice(pem).unwrap();
    Key::new(key.secret_der(), With::RsaSha256)
}

fn rsa_root(with: With) -> Der {
    let root = Forged::ca("Root", "Root").with_key(rsa()).signed_with(with);
    root.by(&rsa())
}

/// The leaf of self-leaf, trusted as itself, with `from` in the place of `to`: nobody looks at its signature.
fn changed(from: &[u8], to: &[u8]) -> Judge {
    let mut der = common::judge::pki("self-leaf")[0].to_vec();
    let place = der.windows(from.len()).position(|w| w == from).unwrap();
    der[place..place + to.len()].copy_from_slice(to);
    let leaf = Der::from(der);
    let mut judge = judge_chain(vec![leaf.clone()]);
    judge.trusted = TrustAnchors::default();
    judge.trusted.add(leaf).unwrap();
    judge
}

#[test]
fn keys_whose_strength_nobody_knows() {
    const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
    const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
    changed(P256, P256).accepted();
    let mut curve = P256.to_vec();
    curve[7] = 9;
    changed(P256, &curve).refused(
        R::CertificateUnsupported,
        &["on a curve that is not known here (1.2.840.10045.3.1.9)"],
    );
    let mut kind = EC.to_vec();
    kind[6] = 9;
    changed(EC, &kind).refused(
        R::CertificateUnsupported,
        &["of a kind that is not known here (1.2.840.10045.2.9)"],
    );
}

#[test]
fn ed25519_counts_as_256_bits() {
    let usual = || trusting(Forged::leaf("leaf", "Root").signed(), root("Root"));
    for level in 0..=3 {
        usual().at_level(level).accepted();
    }
    for level in [4, 5] {
        let words = ["Ed25519", &format!("security level {level} wants at least")];
        usual().at_level(level).refused(R::CertificateWeak, &words);
    }
    // As a key, where a stronger one signed.
    let leaf = Forged::leaf("leaf", "Root")
        .signed_with(With::RsaSha384)
        .by(&rsa());
    let mut judge = trusting(leaf.clone(), rsa_root(With::RsaSha384));
    judge.policy.min_hash_bits = 384;
    judge.accepted();
    judge.policy.min_ec_bits = 384;
    judge.refused(
        R::CertificateWeak,
        &["key of CN=leaf has 256 bits", "at least 384"],
    );
    // Where it is trusted as itself, and where it is the root.
    let mut own = trusting(leaf.clone(), leaf);
    own.policy.min_ec_bits = 384;
    own.refused(R::CertificateWeak, &["key of CN=leaf has 256 bits"]);
}

#[test]
fn the_one_who_asks_is_named() {
    let weak = R::CertificateWeak;
    let sentence = |judge: Judge, words: &[&str]| judge.refused(weak, words);
    let old = || {
        let leaf = Forged::leaf("leaf", "Root").with_key(rsa());
        let leaf = leaf.signed_with(With::RsaSha1).by(&rsa());
        trusting(leaf, rsa_root(With::RsaSha256))
    };
    sentence(
        old(),
        &["signed with SHA-1, which only the policy legacy allows"],
    );
    let text = sentence(
        old().legacy().at_level(2),
        &["signed with SHA-1, security level 2 wants at least 224 bits"],
    );
    assert!(!text.contains("legacy"), "{text}");
    sentence(
        judge("server-rsa1024"),
        &["has 1024 bits, the policy modern wants at least 2048"],
    );
    sentence(
        judge("server-rsa").at_level(3),
        &["2048 bits, security level 3 wants at least 3072"],
    );
}

/// A leaf whose CA signs with SHA-384 and makes its lists and answers with SHA-256, where this many bits
/// are asked for.
fn asking(bits: usize) -> Judge {
    let leaf = Forged::leaf("leaf", "Root")
        .signed_with(With::RsaSha384)
        .by(&rsa());
    let mut judge = trusting(leaf, rsa_root(With::RsaSha384));
    judge.policy.min_hash_bits = bits;
    judge.policy.asked_by.security_level = 4;
    judge
}

fn answer(judge: &Judge) -> Staple {
    let mut answer = staple_for(&judge.chain[0]);
    answer.issuer = parts(&rsa_root(With::RsaSha384));
    let issuer = answer.issuer.clone();
    answer.signed_by("server-rsa", &issuer)
}

const WORDS: &[&str] = &["signed with SHA-256, security level 4 wants at least 384 bits"];

#[test]
fn revocation_lists_are_as_strong_as_the_path() {
    let mut list = crl("server-rsa");
    list.issuer = name("Root");
    // One list for all: what is remembered of its signature is no word on the hash.
    let list = Crl::parse(&list.bytes()).unwrap();
    for bits in [256, 384, 256, 384] {
        let mut judge = asking(bits);
        judge.accepted();
        let now = judge.time();
        judge.options.crls.add([list.clone()], now).unwrap();
        match bits {
            256 => drop(judge.accepted()),
            _ => drop(judge.refused(R::CrlSignature, WORDS)),
        }
    }
}

#[test]
fn ocsp_responses_are_as_strong_as_the_path() {
    let stapled =
        |bits, staple: &Staple| asking(bits).stapled(&staple.bytes()).requiring_a_staple();
    let by_ca = answer(&asking(256));
    stapled(256, &by_ca).accepted();
    stapled(384, &by_ca).refused(R::OcspSignature, WORDS);
    let mut delegate = Issue::new("client-p256", "server-rsa", &[ocsp_signing()]);
    delegate.issuer_name = Some(name("Root"));
    let delegated = by_ca.delegated("client-p256", delegate.certificate());
    stapled(256, &delegated).accepted();
    let text = stapled(384, &delegated).refused(R::OcspSignature, WORDS);
    assert!(
        text.contains("certificate of CN=responder is signed"),
        "{text}"
    );
}
