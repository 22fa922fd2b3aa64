//! What a peer can make us work: signatures are counted here, and measured by `make slowest`.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::counting::{COUNTING, count};
use common::forge::With;
use common::hostile::{Set, revocation, search};
use common::judge::{Judge, judge_chain};
use tls_core::cert::{Crl, TrustAnchors};
use tls_core::error::{Error, Reason as R};

/// 2026-01-01T00:00:00Z
const NOW: u64 = 1_767_225_600;

const P521: With = With::EcdsaSha512;
const RSA8192: With = With::RsaSha256;

fn judge(set: &Set) -> Judge {
    let mut judge = judge_chain(set.chain.clone()).named("host.test").at(NOW);
    judge.trusted = TrustAnchors::default();
    for certificate in &set.trusted {
        judge.trusted.add(certificate.clone()).unwrap();
    }
    judge.staple.clone_from(&set.staple);
    let (lists, now) = (
        set.crls.iter().map(|der| Crl::parse(der).unwrap()),
        judge.time(),
    );
    judge.options.crls.add(lists, now).unwrap();
    judge.options.crl_policy.allow_unknown = set.allow_unknown;
    judge
}

/// Why a set is refused, if it is, and how many signatures that took.
fn judged(set: &Set) -> (Option<Error>, usize) {
    let judge = judge(set);
    count(|| judge.verdict_by(&*COUNTING).err())
}

#[track_caller]
fn beyond(set: &Set, most: usize) {
    let (error, signatures) = judged(set);
    let error = error.expect(&set.title);
    assert_eq!(
        error.reason(),
        R::CertificateChainTooLong,
        "{}: {error}",
        set.title
    );
    assert!(error.text().contains("more work"), "{}: {error}", set.title);
    assert!(signatures <= most, "{}: {signatures}", set.title);
}

#[test]
fn what_is_honest_is_within_the_bounds_whatever_its_keys_are() {
    for with in [With::Ed25519, With::EcdsaSha384, P521] {
        let honest = &search::of_kind(with)[0];
        let (error, signatures) = judged(honest);
        assert_eq!((error, signatures), (None, 2), "{with:?}");
    }
}

/// 400 signatures with P-256 cost what 33 with P-521 do, and 6 with the longest RSA key and exponent.
#[test]
fn signatures_that_take_longer_are_fewer() {
    for (with, most) in [(With::EcdsaSha384, 100), (P521, 33), (RSA8192, 6)] {
        for set in &search::of_kind(with)[1..] {
            match (with, &*set.title) {
                // Fewer than the bound are enough.
                (With::EcdsaSha384, _) => assert!(judged(set).1 <= most, "{}", set.title),
                // One key stands for all of that name.
                (RSA8192, "everybody of one name") => assert_eq!(judged(set), (None, 1)),
                _ => beyond(set, most),
            }
        }
    }
}

#[test]
fn the_signatures_of_staples_and_lists_count() {
    let [stapled, listed] = &revocation::of_kind(With::Ed25519)[..] else {
        panic!("two sets");
    };
    // All of it is asked, and is not too much: 15 paths of two signatures, and two for each of 8 responders.
    let (error, signatures) = judged(stapled);
    assert_eq!(error.unwrap().reason(), R::OcspSignature);
    assert_eq!(signatures, 2 * 15 + 15 * 2 * 8);
    // Each list is asked about each key once.
    assert_eq!(judged(listed), (None, 7 + 6 * 16));
    let sets = revocation::of_kind(P521);
    beyond(&sets[0], 33);
    // Nothing was found out, so that nothing is allowed: a certificate that was revoked would pass.
    beyond(&sets[1], 34);
}
