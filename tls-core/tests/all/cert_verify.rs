//! The verdict over chains: what is accepted, and every refusal with its reason and sentence.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::judge::{judge, judge_chain, pki};
use tls_core::cert::{MAX_CHAIN_CERTIFICATES, TrustAnchors};
use tls_core::error::Reason as R;

#[test]
fn every_kind_of_key_is_accepted() {
    for name in ["rsa", "rsa4096", "p256", "p384", "p521", "ed25519"] {
        let path = judge(&format!("server-{name}")).accepted();
        let expected = [pki(&format!("server-{name}")), pki("ca")].concat();
        assert_eq!(path, expected, "{name}: leaf, intermediate, root");
    }
    for name in ["client-rsa", "client-p256", "client-ed25519"] {
        assert_eq!(judge(name).of_client().accepted().len(), 3, "{name}");
    }
    judge("no-usage").accepted();
    judge("no-usage").encrypting().accepted();
    judge("both-eku").accepted();
    judge("both-eku").of_client().accepted();
}

#[test]
fn every_kind_of_ca_is_accepted() {
    for kind in ["p256", "p384", "p521", "ed25519"] {
        let path = judge(&format!("by-ca-{kind}"))
            .trusting(&format!("ca-{kind}"))
            .accepted();
        assert_eq!(path.len(), 2, "{kind}");
    }
}

#[test]
fn a_root_sent_along_and_certificates_out_of_order_do_no_harm() {
    let chain = [pki("server-rsa"), pki("ca")].concat();
    assert_eq!(judge_chain(chain.clone()).accepted(), chain);
    let path = judge("deep").accepted();
    assert_eq!(path.len(), 6);
    assert_eq!(judge("deep-unordered").accepted(), path);
    // A trusted intermediate is enough when that is asked for.
    let partial = judge("server-rsa").trusting_only("int").partial_chain();
    assert_eq!(partial.accepted().len(), 2);
    let words = ["CN=Test Intermediate", "is no root", "allow partial chains"];
    judge("server-rsa")
        .trusting_only("int")
        .refused(R::CertificateUntrusted, &words);
    // One that is trusted beside its root stands for one that was not sent.
    assert_eq!(judge("bad-missing-int").trusting("int").accepted().len(), 3);
}

#[test]
fn a_stray_certificate_that_does_not_parse_is_passed_over() {
    let mut chain = pki("server-rsa");
    chain.insert(1, vec![0x30, 3, 1, 2, 3].into());
    assert_eq!(judge_chain(chain).accepted().len(), 3);
}

#[test]
fn trust_is_refused_where_the_path_ends() {
    let unknown = R::CertificateUntrusted;
    let text =
        judge("bad-missing-int").refused(unknown, &["no certificate of that name came with it"]);
    assert!(text.contains("its issuer is CN=Test Intermediate,O=tlscore tests"));
    let text = judge("client-rsa").of_client().trusting_only("other-ca");
    text.refused(
        unknown,
        &["chain ends in CN=Test Intermediate", "CN=Test Root"],
    );
    judge("bad-untrusted").refused(unknown, &["CN=Other Root"]);
    let mut sent = judge("bad-untrusted");
    sent.chain.extend(pki("other-ca"));
    sent.refused(unknown, &["its chain ends in CN=Other Root", "not trusted"]);
    let words = ["CN=self-ca.test is self-signed and not itself trusted"];
    judge("self-ca").refused(unknown, &words);
    judge("self-leaf").refused(
        unknown,
        &["CN=self-leaf.test is self-signed and not itself trusted"],
    );
    let mut nothing = judge("server-rsa");
    nothing.trusted = TrustAnchors::default();
    nothing.refused(unknown, &["no CA certificate is loaded"]);
    let mut client = judge("bad-missing-int");
    client.trusted = TrustAnchors::default();
    let client = client.trusting("other-ca");
    client.refused(unknown, &["Test Intermediate"]);
}

#[test]
fn a_trusted_leaf_needs_no_issuer_and_keeps_every_other_rule() {
    for name in ["self-ca", "self-leaf"] {
        let trusted = judge(name).trusting_only(name);
        assert_eq!(trusted.accepted(), pki(name));
        trusted.clone().named("127.0.0.1").accepted();
        trusted
            .named("other.test")
            .refused(R::CertificateNameMismatch, &["not for other.test"]);
        let late = judge(name).trusting_only(name).at(4_800_000_000);
        late.refused(R::CertificateExpired, &["expired at 2120-01-01"]);
        let early = judge(name).trusting_only(name).at(1_500_000_000);
        early.refused(R::CertificateNotYetValid, &["not valid before 2020-01-01"]);
    }
    // Issued by somebody, but trusted itself: its issuer is not asked.
    let pinned = judge("bad-missing-int").trusting_only("bad-missing-int");
    assert_eq!(pinned.accepted().len(), 1);
    let pinned = judge("bad-untrusted").trusting_only("bad-untrusted");
    assert_eq!(pinned.accepted().len(), 1);
    judge("self-expired").trusting_only("self-expired").refused(
        R::CertificateExpired,
        &["CN=self-expired.test expired at 2021-01-01 00:00:00 UTC"],
    );
    judge("self-client")
        .trusting_only("self-client")
        .refused(R::CertificateUsage, &["extendedKeyUsage", "serverAuth"]);
    judge("self-leaf")
        .trusting_only("self-leaf")
        .encrypting()
        .refused(
            R::CertificateUsage,
            &["digitalSignature", "keyEncipherment"],
        );
    judge_chain(pki("ca-rsa1024"))
        .trusting_only("ca-rsa1024")
        .refused(R::CertificateWeak, &["1024 bits"]);
    // It must be the very certificate.
    judge("self-leaf")
        .trusting_only("self-expired")
        .refused(R::CertificateUntrusted, &["self-signed"]);
}

#[test]
fn a_leaf_that_is_a_ca_is_refused_unless_it_is_trusted_itself() {
    let words = ["CN=bad-ca-leaf is a CA certificate (CA:TRUE)", "server"];
    judge("bad-ca-leaf").refused(R::CertificateUsage, &words);
    let pinned = judge("bad-ca-leaf");
    let mut trusted = TrustAnchors::default();
    trusted.add(pinned.chain[0].clone()).unwrap();
    let mut pinned = pinned;
    pinned.trusted = trusted;
    assert_eq!(pinned.accepted().len(), 1);
}

#[test]
fn validity() {
    let words = [
        "the certificate of CN=bad-expired expired at 2021-02-03 04:05:06 UTC",
        "(now is 2026-01-01 00:00:00 UTC)",
    ];
    judge("bad-expired").refused(R::CertificateExpired, &words);
    let words = ["CN=bad-not-yet is not valid before 2110-02-03 04:05:06 UTC"];
    judge("bad-not-yet").refused(R::CertificateNotYetValid, &words);
    let words = ["CN=Expired Issuer expired at 2021-02-03"];
    judge("bad-by-int-expired").refused(R::CertificateExpired, &words);
    // Both ends belong to the validity.
    let end = 1_612_325_106;
    judge("bad-expired").at(end).accepted();
    judge("bad-expired")
        .at(end + 1)
        .refused(R::CertificateExpired, &[]);
    let begin = 4_420_843_506;
    judge("bad-not-yet").at(begin).accepted();
    judge("bad-not-yet")
        .at(begin - 1)
        .refused(R::CertificateNotYetValid, &[]);
    judge("server-rsa")
        .at(0)
        .refused(R::CertificateNotYetValid, &["1970-01-01 00:00:00 UTC"]);
    judge("server-rsa")
        .at(u64::MAX)
        .refused(R::CertificateExpired, &["now is"]);
    // A trusted CA expires as well; the same CA with a later end stands in for it.
    let old = judge("server-rsa").trusting_only("ca-old");
    old.refused(
        R::CertificateExpired,
        &["CN=Test Root,O=tlscore tests expired at 2021-01-01"],
    );
    assert_eq!(old.trusting("ca").accepted()[2], pki("ca")[0]);
}

#[test]
fn usage_of_the_leaf() {
    let usage = R::CertificateUsage;
    judge("bad-eku").refused(
        usage,
        &["extendedKeyUsage of CN=bad-eku does not have serverAuth"],
    );
    judge("bad-any-eku").refused(usage, &["CN=bad-any-eku", "serverAuth"]);
    judge("server-rsa")
        .of_client()
        .refused(usage, &["CN=server-rsa", "clientAuth"]);
    judge("client-rsa").refused(usage, &["serverAuth"]);
    judge("server-rsa").encrypting().accepted();
    judge("bad-no-sign").encrypting().accepted();
    let words = [
        "CN=bad-no-sign allows keyEncipherment",
        "needs digitalSignature",
    ];
    judge("bad-no-sign").refused(usage, &words);
    judge("bad-no-encrypt").accepted();
    let words = [
        "CN=bad-no-encrypt allows digitalSignature",
        "needs keyEncipherment",
    ];
    judge("bad-no-encrypt").encrypting().refused(usage, &words);
}

#[test]
fn issuers_must_be_allowed_to_issue() {
    let not_ca = R::CertificateNotCa;
    let words = [
        "CN=Issuer without keyCertSign",
        "allows digitalSignature, but not keyCertSign",
    ];
    judge("bad-by-int-no-cert-sign").refused(not_ca, &words);
    judge("bad-by-ca-no-cert-sign")
        .trusting("ca-no-cert-sign")
        .refused(not_ca, &["CN=Root without keyCertSign", "keyCertSign"]);
    judge("bad-by-int-not-ca").refused(not_ca, &["CN=Issuer that is no CA", "basicConstraints"]);
    judge("bad-by-pathlen0").refused(not_ca, &["path length"]);
    judge("bad-by-int-eku").refused(
        R::CertificateUsage,
        &["CN=Issuer for clients", "serverAuth"],
    );
    // Trusting what is no CA makes it no issuer.
    let mut by_leaf = judge("bad-by-int-not-ca");
    by_leaf.trusted = TrustAnchors::default();
    by_leaf.trusted.add(pki("int-not-ca")[0].clone()).unwrap();
    by_leaf.chain.truncate(1);
    by_leaf
        .partial_chain()
        .refused(not_ca, &["CN=Issuer that is no CA", "basicConstraints"]);
    // An issuer of the wrong purpose does not become right by being trusted.
    let mut by_eku = judge("bad-by-int-eku");
    by_eku.trusted = TrustAnchors::default();
    by_eku.trusted.add(pki("int-eku")[0].clone()).unwrap();
    by_eku
        .partial_chain()
        .refused(R::CertificateUsage, &["CN=Issuer for clients"]);
    // Nor does an expired one become valid.
    let mut by_expired = judge("bad-by-int-expired");
    by_expired.trusted = TrustAnchors::default();
    by_expired
        .trusted
        .add(pki("int-expired")[0].clone())
        .unwrap();
    by_expired.chain.truncate(1);
    by_expired
        .partial_chain()
        .refused(R::CertificateExpired, &["CN=Expired Issuer"]);
}

#[test]
fn a_path_that_breaks_a_rule_does_not_hide_one_that_keeps_all() {
    let twice = judge("by-int-twice");
    assert_eq!(
        twice.chain[1..],
        [pki("int-twice-bad"), pki("int-twice")].concat()
    );
    let path = twice.accepted();
    assert_eq!(path[1], pki("int-twice")[0]);
    let mut bad_only = twice;
    bad_only.chain.truncate(2);
    bad_only.refused(
        R::CertificateNotCa,
        &["CN=Issued Twice", "cRLSign, but not keyCertSign"],
    );
}

#[test]
fn a_leaf_without_subject_is_named_otherwise() {
    judge("no-subject").accepted();
    judge("no-subject")
        .at(4_800_000_000)
        .refused(R::CertificateExpired, &["of localhost expired"]);
}

#[test]
fn name_constraints() {
    let constraint = R::CertificateConstraint;
    judge("inside-constraint")
        .named("host.inside.test")
        .accepted();
    judge("inside-constraint").named("10.1.2.3").accepted();
    let words = [
        "CN=bad-by-int-constrained",
        "CN=Constrained Issuer",
        "permitted: inside.test, 10.0.0.0/8",
    ];
    judge("bad-by-int-constrained").refused(constraint, &words);
}

#[test]
fn signatures() {
    let text = judge("bad-signature").refused(R::CertificateSignature, &["does not verify"]);
    assert_eq!(
        text,
        "the signature of CN=Test Intermediate,O=tlscore tests on the certificate of \
         CN=bad-signature does not verify"
    );
    // A bit of the intermediate instead.
    let mut chain = pki("server-rsa");
    let mut der = chain[1].to_vec();
    *der.last_mut().unwrap() ^= 1;
    chain[1] = der.into();
    let words = ["CN=Test Root", "on the certificate of CN=Test Intermediate"];
    judge_chain(chain).refused(R::CertificateSignature, &words);
}

#[test]
fn weak_keys_and_hashes_are_for_the_legacy_policy() {
    let weak = R::CertificateWeak;
    let words = [
        "the certificate of CN=bad-sha1 is signed with SHA-1",
        "legacy",
    ];
    judge("bad-sha1").refused(weak, &words);
    judge("bad-sha1").legacy().accepted();
    let words = [
        "the RSA key of CN=server-rsa1024 has 1024 bits",
        "at least 2048",
    ];
    judge("server-rsa1024").refused(weak, &words);
    judge("server-rsa1024").legacy().accepted();
    judge("bad-by-int-rsa1024").refused(weak, &["CN=Issuer with 1024 bits"]);
    judge("bad-by-int-rsa1024").legacy().accepted();
    let root = judge("bad-by-ca-rsa1024").trusting("ca-rsa1024");
    root.refused(weak, &["CN=Root with 1024 bits"]);
    root.legacy().accepted();
    let mut long = judge("server-rsa");
    long.policy.min_rsa_bits = 4096;
    long.refused(weak, &["CN=server-rsa has 2048 bits", "at least 4096"]);
}

#[test]
fn what_is_not_understood_is_refused() {
    let words = ["CN=bad-critical", "critical extension"];
    judge("bad-critical").refused(R::CertificateUnsupported, &words);
    let words = ["CN=example.test has X.509 version 1"];
    judge("bad-v1").refused(R::CertificateUnsupported, &words);
    judge_chain(vec![]).refused(R::CertificateMalformed, &["empty"]);
    judge_chain(vec![vec![].into()]).refused(R::CertificateMalformed, &["X.509"]);
    judge_chain(vec![vec![0x30, 0].into()]).refused(R::CertificateMalformed, &["X.509"]);
    let mut trailing = pki("server-rsa");
    trailing[0] = [&trailing[0][..], &[0]].concat().into();
    judge_chain(trailing).refused(R::CertificateMalformed, &["X.509"]);
}

#[test]
fn chains_are_bounded() {
    let long = R::CertificateChainTooLong;
    judge("too-deep").refused(long, &["more than 6 intermediate"]);
    let mut chain = pki("server-rsa");
    chain.resize(MAX_CHAIN_CERTIFICATES, chain[1].clone());
    judge_chain(chain.clone()).accepted();
    chain.push(chain[1].clone());
    judge_chain(chain).refused(long, &["17 certificates", "16"]);
}

#[test]
fn trusted_certificates_must_parse() {
    let mut anchors = TrustAnchors::default();
    for bad in [&b""[..], b"-----BEGIN", &[0x30, 0], &[0x30, 0x82, 1, 2]] {
        let error = anchors.add(bad.to_vec()).unwrap_err();
        assert_eq!(error.reason(), R::BadCertificateFile, "{bad:?}");
    }
    assert!(anchors.is_empty());
    let ca = pki("ca").remove(0);
    anchors.add(ca.clone()).unwrap();
    anchors.add(ca.clone()).unwrap();
    assert_eq!((anchors.len(), anchors.is_empty()), (1, false));
    assert!(anchors.contains(&ca));
    assert!(!anchors.contains(&pki("int")[0]));
    assert_eq!(anchors.certificates(), std::slice::from_ref(&ca));
    let subject = anchors.subjects().next().unwrap();
    assert!(ca.windows(subject.len()).any(|w| w == subject));
    assert_eq!(subject[0], 0x30);
    assert_eq!(format!("{anchors:?}"), "TrustAnchors(1 certificates)");
    let mut trailing = ca.to_vec();
    trailing.push(0);
    assert!(anchors.add(trailing).is_err());
}

#[test]
fn the_profile_of_rfc_5280_is_asked_for_by_name() {
    let rule = R::CertificateProfile;
    let words = ["empty subject", "is not critical", "4.1.2.6"];
    judge("no-subject").accepted();
    judge("no-subject").strict().refused(rule, &words);
    judge("server-p256").strict().accepted();
    // A leaf that is trusted as itself answers to nobody (RFC 6818 §2).
    judge("self-leaf").trusting("self-leaf").strict().accepted();
}
