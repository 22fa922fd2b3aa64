//! What is remembered of certificates saves work and decides nothing.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::counting::{COUNTING, count};
use common::judge::{Judge, judge, pki};
use common::*;
use std::sync::Arc;
use tls_core::cert::{Certificate, Pins, TrustAnchors};
use tls_core::config::MODERN;
use tls_core::error::Reason;

/// Signatures that a verification verifies; it must accept.
#[track_caller]
fn signatures(judge: &Judge) -> usize {
    let (verdict, signatures) = count(|| judge.verdict_by(&*COUNTING));
    verdict.unwrap();
    signatures
}

/// The verdict's reason, and how many signatures it took.
#[track_caller]
fn refusal(judge: &Judge) -> (Reason, usize) {
    let (verdict, signatures) = count(|| judge.verdict_by(&*COUNTING));
    (verdict.unwrap_err().reason(), signatures)
}

fn trusted(file: &str) -> TrustAnchors {
    TrustAnchors::clone(&anchors(file))
}

#[test]
fn a_cas_signature_is_verified_once_and_a_leafs_always() {
    let judge = judge("server-p256");
    assert_eq!(signatures(&judge), 2);
    assert_eq!(signatures(&judge), 1);
    let mut other = judge.clone();
    other.chain = pki("server-rsa");
    assert_eq!(signatures(&other), 1, "the same CAs");
    let mut stranger = judge.clone();
    stranger.known = Arc::default();
    assert_eq!(signatures(&stranger), 2);
    // A leaf that is below a root.
    let mut short = judge.clone();
    short.chain = pki("by-ca-p256");
    short.trusted = trusted("pki/ca-p256.pem");
    assert_eq!(signatures(&short), 1);
    assert_eq!(signatures(&short), 1);
}

#[test]
fn every_rule_is_judged_again() {
    let judge = judge("server-p256");
    assert_eq!(signatures(&judge), 2);
    let with = |change: &dyn Fn(&mut Judge)| {
        let mut changed = judge.clone();
        change(&mut changed);
        changed
    };
    let (reason, _) = refusal(&with(&|j| j.trusted = trusted("pki/other-ca.pem")));
    assert_eq!(reason, Reason::CertificateUntrusted);
    let (reason, _) = refusal(&with(&|j| j.trusted = TrustAnchors::default()));
    assert_eq!(reason, Reason::CertificateUntrusted);
    let late = with(&|j| j.now = NOW + 200 * 365 * 86_400);
    assert_eq!(refusal(&late), (Reason::CertificateExpired, 1));
    let early = with(&|j| j.now = 0);
    assert_eq!(refusal(&early), (Reason::CertificateNotYetValid, 1));
    let strong = with(&|j| j.policy.min_hash_bits = 512);
    assert_eq!(refusal(&strong), (Reason::CertificateWeak, 1));
    let pinned = with(&|j| {
        j.options.pins = Pins::default();
        j.options.pins.add([1; 32]);
    });
    assert_eq!(refusal(&pinned), (Reason::CertificateNotPinned, 1));
    assert_eq!(signatures(&judge), 1);
}

#[test]
fn wrong_signatures_never_enter() {
    let good = judge("server-p256");
    let mut bad = good.clone();
    // The last byte of a certificate is its signature's.
    let spoilt = |certificate: &Certificate| {
        let mut der = certificate.to_vec();
        *der.last_mut().unwrap() ^= 1;
        Certificate::from(der)
    };
    bad.chain[1] = spoilt(&good.chain[1]);
    assert_eq!(refusal(&bad).0, Reason::CertificateSignature);
    assert_eq!(refusal(&bad).0, Reason::CertificateSignature);
    assert_eq!(
        signatures(&good),
        2,
        "nothing is remembered of what was refused"
    );
    assert_eq!(refusal(&bad).0, Reason::CertificateSignature);
    let mut bad = good.clone();
    bad.chain[0] = spoilt(&good.chain[0]);
    assert_eq!(refusal(&bad), (Reason::CertificateSignature, 1));
    assert_eq!(signatures(&good), 1);
    assert_eq!(refusal(&bad), (Reason::CertificateSignature, 1));
}

#[test]
fn what_was_refused_is_not_remembered() {
    let mut judge = judge("server-p256");
    judge.now = NOW + 200 * 365 * 86_400;
    assert_eq!(refusal(&judge), (Reason::CertificateExpired, 2));
    judge.now = NOW;
    assert_eq!(signatures(&judge), 2);
}

#[test]
fn connections_share_the_certificates_of_a_peer() {
    // Clones of a configuration, as a context makes them, remember together.
    let config = config(&MODERN);
    let connect = || {
        let mut ours = client(config.clone());
        let mut theirs = server(server_config(&MODERN, &["server-p256"]));
        assert_eq!(handshake(&mut ours, &mut theirs), Ok(()));
        ours
    };
    let (first, second) = (connect(), connect());
    let at = |c: &Certificate| c.as_ptr();
    let (first, second) = (first.facts(), second.facts());
    let [one, two] = [first, second].map(|f| f.peer_chain.as_ref().unwrap());
    assert_eq!(at(&one[0]), at(&two[0]));
    assert_eq!(at(&one[1]), at(&two[1]));
    let path = second.verified_chain.as_ref().unwrap();
    assert_eq!(at(&path[0]), at(&two[0]));
    assert_eq!(at(&path[1]), at(&two[1]));
    assert_eq!(path.len(), 3);
}
