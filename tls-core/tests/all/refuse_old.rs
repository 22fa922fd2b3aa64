//! Certificates of X.509 versions 1 and 2, which the policy legacy takes: what they must not get around.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::forge::{Forged, root, tlv};
use common::judge::{Judge, judge_chain};
use tls_core::cert::{Certificate, TrustAnchors};
use tls_core::error::Reason as R;

type Der = Certificate;

fn trusting(chain: impl IntoIterator<Item = Der>, anchor: Der) -> Judge {
    let mut judge = judge_chain(chain.into_iter().collect()).legacy();
    judge.name = None;
    judge.trusted = TrustAnchors::default();
    judge.trusted.add(anchor).unwrap();
    judge
}

fn forged(chain: impl IntoIterator<Item = Der>) -> Judge {
    trusting(chain, root("Root"))
}

fn narrow(subject: &str, issuer: &str) -> Forged {
    Forged::ca(subject, issuer).constraints(&[tlv(0x82, &[b"example.com"])], &[])
}

#[track_caller]
fn refused(judge: &Judge, reason: R, index: usize, words: &[&str]) {
    judge.refused(reason, words);
    let error = judge.verdict().unwrap_err();
    assert_eq!(error.certificate(), Some(index), "{error}");
}

#[test]
fn extensions_need_version_3() {
    for version in [1, 2] {
        let words = format!("X.509 version {version} has no extensions");
        let words = [words.as_str()];
        let called = |c: Forged| c.called_version(version).signed();
        let leaf = called(Forged::leaf("leaf", "Root"));
        refused(&forged([leaf]), R::CertificateMalformed, 0, &words);
        let int = called(Forged::ca("Int", "Root"));
        let below = || Forged::leaf("leaf", "Int").signed();
        refused(&forged([below(), int]), R::CertificateMalformed, 1, &words);
    }
}

#[test]
fn nobody_gets_around_name_constraints() {
    for version in [1, 2] {
        // A CA of an old version between the constraint and the name.
        let mid = Forged::ca("Mid", "Narrow").called_version(version).signed();
        let leaf = Forged::new("leaf", "Mid").dns(&["bank.test"]);
        let chain = [leaf.signed(), mid, narrow("Narrow", "Root").signed()];
        refused(
            &forged(chain),
            R::CertificateMalformed,
            1,
            &["no extensions"],
        );
        // A client with a name of its own.
        let client = Forged::new("client", "Narrow").dns(&["bank.test"]);
        let chain = [
            client.called_version(version).signed(),
            narrow("Narrow", "Root").signed(),
        ];
        refused(
            &forged(chain).of_client(),
            R::CertificateMalformed,
            0,
            &["no extensions"],
        );
        // Without extensions: there is a name in its subject still.
        let old = |issuer| {
            Forged::new("bank.test", issuer)
                .called_version(version)
                .signed()
        };
        let words = [
            "CN=Narrow (permitted DNS:example.com)",
            "cannot be applied to CN=bank.test",
        ];
        for judge in [
            forged([old("Narrow"), narrow("Narrow", "Root").signed()]),
            trusting([old("Narrow")], narrow("Narrow", "Narrow").signed()),
        ] {
            refused(&judge, R::CertificateConstraint, 0, &[words[1]]);
            refused(&judge.of_client(), R::CertificateConstraint, 0, &[words[1]]);
        }
        // Where nothing is constrained it is taken.
        forged([old("Int"), Forged::ca("Int", "Root").signed()]).accepted();
    }
}

#[test]
fn an_extension_that_comes_twice_is_named_in_short() {
    let id = format!("1.2.{}", vec!["3"; 4000].join("."));
    let twice = Forged::leaf("leaf", "Root").extension(&id, false, &[5, 0]);
    let twice = twice.extension(&id, false, &[5, 0]).signed();
    let text = forged([twice]).refused(R::CertificateMalformed, &["1.2.3.3", "comes twice"]);
    assert!(text.len() < 1000, "{}", text.len());
}
