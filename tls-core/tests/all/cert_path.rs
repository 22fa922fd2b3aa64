//! The search for a path: which way it finds, what it may cost, and what it says when there is none.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::counting::{COUNTING, count};
use common::forge::{Forged, Key, With, key_id, name, oid, root, tlv};
use common::judge::{Judge, judge, judge_chain};
use pki_types::PrivateKeyDer;
use pki_types::pem::PemObject as _;
use tls_core::cert::{
    Certificate, MAX_CHAIN_CERTIFICATES, MAX_INTERMEDIATES, TrustAnchors, issuers_by_name,
};
use tls_core::crypto::{HashId, Provider};
use tls_core::error::Reason as R;
use tls_crypto::DefaultProvider;

type Der = Certificate;

fn ca(subject: &str, issuer: &str) -> Der {
    Forged::ca(subject, issuer).signed()
}

fn leaf(issuer: &str) -> Der {
    Forged::leaf("leaf", issuer).signed()
}

/// For host.test, "Root" trusted.
fn forged(chain: impl IntoIterator<Item = Der>) -> Judge {
    trusting(chain, [root("Root")])
}

fn trusting(chain: impl IntoIterator<Item = Der>, roots: impl IntoIterator<Item = Der>) -> Judge {
    let mut judge = judge_chain(chain.into_iter().collect()).named("host.test");
    judge.trusted = TrustAnchors::default();
    for certificate in roots {
        judge.trusted.add(certificate).unwrap();
    }
    judge
}

#[track_caller]
fn refused(judge: &Judge, reason: R, index: usize, words: &[&str]) {
    judge.refused(reason, words);
    let error = judge.verdict().unwrap_err();
    assert_eq!(error.certificate(), Some(index), "{error}");
}

#[test]
fn every_way_is_tried() {
    let path = forged([leaf("Int"), ca("Int", "Nobody"), ca("Int", "Root")]).accepted();
    assert_eq!(path, [leaf("Int"), ca("Int", "Root"), root("Root")]);
    // A new root that the old one signed: both forms are sent, one leads somewhere.
    let chain = [leaf("New"), root("New"), ca("New", "Root")];
    assert_eq!(forged(chain.clone()).accepted().len(), 3);
    // Where both are trusted, the shorter way is taken.
    let both = trusting(chain, [root("Root"), root("New")]);
    assert_eq!(both.accepted(), [leaf("New"), root("New")]);
    // The same name with another key is no way.
    let stranger = Forged::ca("Int", "Root")
        .with_key(Key::of("another"))
        .signed();
    let path = forged([leaf("Int"), stranger.clone(), ca("Int", "Root")]).accepted();
    assert_eq!(path[1], ca("Int", "Root"));
    let bad = forged([leaf("Int"), stranger]);
    refused(
        &bad,
        R::CertificateSignature,
        0,
        &["CN=Int", "CN=leaf", "does not verify"],
    );
    // Nor is a circle an endless one.
    let circle = [leaf("A"), ca("A", "B"), ca("B", "C"), ca("C", "A")];
    refused(
        &forged(circle.clone()),
        R::CertificateUntrusted,
        3,
        &["chain ends in CN=C"],
    );
    let out = circle.into_iter().chain([ca("B", "Root")]);
    assert_eq!(forged(out).accepted().len(), 4);
    let own = [leaf("Own"), root("Own")];
    refused(
        &forged(own),
        R::CertificateUntrusted,
        1,
        &["chain ends in CN=Own"],
    );
}

#[test]
fn the_issuer_that_the_leaf_names_is_tried_first() {
    let other = |n: u8| {
        let key = Key::of(&format!("other {n}"));
        let forged = Forged::new("Int", "Root").basic(true, None).with_key(key);
        forged.key_ids().signed()
    };
    let mut chain = vec![leaf("Int")];
    chain.extend((0..10).map(other));
    chain.push(ca("Int", "Root"));
    assert_eq!(counted(&forged(chain)), (true, 2));
}

/// They refuse whatever the names are, and that is what is said.
#[test]
fn constraints_that_are_not_evaluated_are_called_so() {
    let constraint = R::CertificateConstraint;
    let under = |permitted: &[Vec<u8>], excluded: &[Vec<u8>]| {
        Forged::ca("Int", "Root")
            .constraints(permitted, excluded)
            .signed()
    };
    let (dns, uri, email) = (
        tlv(0x82, &[b"test"]),
        tlv(0x86, &[b".test"]),
        tlv(0x81, &[b"test"]),
    );
    let directory = |of: &str| tlv(0xa4, &[&name(of)]);
    let with = |names: &[Vec<u8>]| {
        Forged::new("leaf", "Int")
            .alt_names(&names.concat())
            .signed()
    };
    let host = || tlv(0x82, &[b"host.test"]);
    let about = |what: &str| format!("are about {what}, which are not evaluated here");
    for list in [
        under(&[directory("leaf")], &[]),
        under(&[], &[directory("nobody")]),
        under(&[dns.clone(), directory("leaf")], &[]),
    ] {
        let words = about("directory names");
        let judge = forged([leaf("Int"), list]);
        refused(
            &judge,
            constraint,
            1,
            &[&words, "CN=Int (", "no certificate below it is accepted"],
        );
        assert!(!judge.verdict().unwrap_err().text().contains("outside"));
    }
    // A root's refuse all below it, though an intermediate evaluates well.
    let root = Forged::ca("Root", "Root").constraints(&[directory("leaf")], &[]);
    let chain = [leaf("Int"), under(core::slice::from_ref(&dns), &[])];
    refused(
        &trusting(chain, [root.signed()]),
        constraint,
        2,
        &[&about("directory names"), "CN=Root ("],
    );
    for (tree, kind) in [
        (uri, "URIs"),
        (email, "e-mail addresses"),
        (tlv(0x88, &[&[42, 3]]), "registered identifiers"),
        (tlv(0xa0, &[&oid("1.2.3")]), "otherName"),
    ] {
        let holder = with(&[host(), tree.clone()]);
        let judge = forged([holder, under(core::slice::from_ref(&tree), &[])]);
        refused(
            &judge,
            constraint,
            1,
            &[kind, "not evaluated", "CN=leaf has such a name"],
        );
        // Nobody has such a name: then it constrains nothing.
        forged([with(&[host()]), under(&[], &[tree])]).accepted();
    }
    // What is outside is outside still.
    let text = forged([leaf("Int"), under(&[tlv(0x82, &[b"a.test"])], &[])])
        .refused(constraint, &["are outside of"]);
    assert!(!text.contains("evaluated"), "{text}");
}

#[test]
fn a_missing_intermediate_is_named_with_its_place() {
    let named = |url: &str| Forged::leaf("leaf", "Int").ca_issuers(url).signed();
    refused(
        &forged([named("http://ca.test/int.cer")]),
        R::CertificateUntrusted,
        0,
        &[
            "its issuer is CN=Int",
            "no certificate of that name came with it (the leaf came alone)",
            "it is named at http://ca.test/int.cer",
        ],
    );
    let text = forged([named("http://a\x1b[2J\n.test/")])
        .refused(R::CertificateUntrusted, &["a\\1b[2J\\0a"]);
    assert!(!text.chars().any(char::is_control));
    assert!(
        forged([named(&"x".repeat(60_000))])
            .verdict()
            .unwrap_err()
            .text()
            .len()
            < 1000
    );
    let int = Forged::ca("Int", "Upper").ca_issuers("http://ca.test/upper.cer");
    refused(
        &forged([leaf("Int"), int.signed()]),
        R::CertificateUntrusted,
        1,
        &[
            "chain ends in CN=Int, issued by CN=Upper",
            "http://ca.test/upper.cer",
        ],
    );
}

#[test]
fn the_certificate_at_fault_is_named_by_its_place() {
    let late = |c: Forged| c.valid("20200101000000Z", "20210101000000Z").signed();
    let int = Forged::ca("Int", "Root");
    let expired = R::CertificateExpired;
    refused(
        &forged([late(Forged::leaf("leaf", "Root"))]),
        expired,
        0,
        &["CN=leaf"],
    );
    refused(
        &forged([leaf("Int"), late(int.clone())]),
        expired,
        1,
        &["CN=Int"],
    );
    let old = late(Forged::ca("Root", "Root"));
    refused(
        &trusting([leaf("Int"), ca("Int", "Root")], [old]),
        expired,
        2,
        &["CN=Root"],
    );
    let no_ca = Forged::new("Int", "Root").basic(false, None).signed();
    refused(
        &forged([leaf("Int"), no_ca]),
        R::CertificateNotCa,
        1,
        &["CN=Int"],
    );
    let narrow = Forged::new("Int", "Root").basic(true, Some(0)).signed();
    let chain = [leaf("Low"), ca("Low", "Int"), narrow];
    refused(
        &forged(chain),
        R::CertificateNotCa,
        2,
        &[
            "CN=Int",
            "path length allows no CA below it, and there are 1 CA",
        ],
    );
    let critical = int.clone().extension("1.2.3.4", true, &[5, 0]).signed();
    refused(
        &forged([leaf("Int"), critical]),
        R::CertificateUnsupported,
        1,
        &["CN=Int", "1.2.3.4"],
    );
    refused(
        &forged([leaf("Root")]).named("other.test"),
        R::CertificateNameMismatch,
        0,
        &["other.test"],
    );
}

#[test]
fn self_issued_cas_count_for_the_path_length() {
    let old = Forged::new("Int", "Root").basic(true, Some(0)).signed();
    let new = Forged::new("Int", "Int").basic(true, None);
    let new = new.with_key(Key::of("new")).signed();
    let leaf = Forged::leaf("leaf", "Int").by(&Key::of("new"));
    let judge = forged([leaf, new, old]);
    refused(&judge, R::CertificateNotCa, 2, &["CN=Int", "path length"]);
}

#[test]
fn depth_is_the_number_of_intermediates() {
    let chain = || [leaf("B"), ca("B", "A"), ca("A", "Root")];
    for (depth, fits) in [
        (0, false),
        (1, false),
        (2, true),
        (6, true),
        (usize::MAX, true),
    ] {
        let mut judge = forged(chain());
        judge.options.max_intermediates = depth;
        assert_eq!(judge.verdict().is_ok(), fits, "{depth}");
    }
    let mut judge = forged([leaf("Root")]);
    judge.options.max_intermediates = 0;
    judge.accepted();
    let mut judge = forged(chain());
    judge.options.max_intermediates = 1;
    judge.refused(R::CertificateChainTooLong, &["more than 1 intermediate"]);
    // What leads nowhere is not too long: an untrusted root, and who did not sign.
    let at_most = |depth, chain: Vec<Der>| {
        let mut judge = forged(chain);
        judge.options.max_intermediates = depth;
        judge
    };
    at_most(0, vec![leaf("Own"), root("Own")])
        .refused(R::CertificateUntrusted, &["chain ends in CN=Own"]);
    let stranger = Forged::ca("Int", "Root").with_key(Key::of("another"));
    at_most(0, vec![leaf("Int"), stranger.signed()])
        .refused(R::CertificateSignature, &["does not verify"]);
    // A shorter way does.
    let mut judge = forged(chain().into_iter().chain([ca("B", "Root")]));
    judge.options.max_intermediates = 1;
    assert_eq!(judge.accepted().len(), 3);
}

#[test]
fn version_1_is_for_the_legacy_policy() {
    let old = |subject, issuer| Forged::new(subject, issuer).version1().signed();
    let unsupported = R::CertificateUnsupported;
    let mut judge = forged([old("leaf", "Root")]);
    judge.name = None;
    refused(&judge, unsupported, 0, &["X.509 version 1", "legacy"]);
    assert_eq!(judge.clone().legacy().accepted().len(), 2);
    // It has no names but its common name.
    let named = forged([old("host.test", "Root")]).legacy();
    named.refused(R::CertificateNameMismatch, &["no subjectAltName"]);
    named.with_common_name().accepted();
    // What it is for, when it began and who signed it still matter.
    judge
        .clone()
        .legacy()
        .at(0)
        .refused(R::CertificateNotYetValid, &[]);
    let mut forged_one = judge.clone().legacy();
    forged_one.chain = vec![Forged::new("leaf", "Root").version1().by(&Key::of("x"))];
    forged_one.refused(R::CertificateSignature, &[]);
    let roots = trusting([leaf("Old")], [old("Old", "Old")]);
    refused(&roots, unsupported, 1, &["CN=Old", "X.509 version 1"]);
    roots.legacy().accepted();
    let int = forged([leaf("Old"), old("Old", "Root")]);
    refused(&int, unsupported, 1, &["CN=Old"]);
    refused(
        &int.legacy(),
        R::CertificateNotCa,
        1,
        &["CN=Old", "basicConstraints"],
    );
}

fn pin(spki: &[u8]) -> [u8; 32] {
    let hash = DefaultProvider.hash(HashId::Sha256).unwrap();
    hash.hash(&[spki]).as_ref().try_into().unwrap()
}

#[test]
fn pins_are_one_requirement_more() {
    let chain = || [leaf("Int"), ca("Int", "Root")];
    for who in ["leaf", "Int", "Root"] {
        let mut judge = forged(chain());
        judge.options.pins.add(pin(&Key::of("other").spki));
        judge.refused(R::CertificateNotPinned, &["pinned"]);
        judge.options.pins.add(pin(&Key::of(who).spki));
        judge.options.pins.add(pin(&Key::of(who).spki));
        assert_eq!(judge.options.pins.keys().len(), 2);
        judge.accepted();
        // They take the place of nothing.
        judge.trusted = TrustAnchors::default();
        judge.refused(R::CertificateUntrusted, &[]);
    }
    // A leaf that is trusted as itself has to be pinned too, and a way over a pinned key is found.
    let mut own = trusting([leaf("Root")], [leaf("Root")]);
    own.options.pins.add(pin(&Key::of("other").spki));
    own.refused(R::CertificateNotPinned, &[]);
    let mut two = forged([leaf("Int"), ca("Int", "Root"), ca("Int", "Second")]);
    two.trusted.add(root("Second")).unwrap();
    two.options.pins.add(pin(&Key::of("Second").spki));
    assert_eq!(two.accepted()[2], root("Second"));
}

#[test]
fn pins_alone_trust_a_leaf_and_nothing_else() {
    let mut alone = forged([leaf("Unknown")]);
    alone.options.pins.set_alone(true);
    alone.refused(R::CertificateUntrusted, &[]);
    alone.options.pins.add(pin(&Key::of("leaf").spki));
    assert_eq!(alone.accepted().len(), 1);
    alone
        .clone()
        .named("other.test")
        .refused(R::CertificateNameMismatch, &[]);
    alone.clone().at(0).refused(R::CertificateNotYetValid, &[]);
    alone.clone().of_client().refused(R::CertificateUsage, &[]);
    // The pin of a CA that nobody trusts is none.
    let mut by_ca = forged([leaf("Int"), ca("Int", "Unknown")]);
    by_ca.options.pins.set_alone(true);
    by_ca.options.pins.add(pin(&Key::of("Int").spki));
    by_ca.refused(R::CertificateUntrusted, &[]);
    // A trusted path with a pinned key is still good.
    let mut both = forged([leaf("Root")]);
    both.options.pins.set_alone(true);
    both.options.pins.add(pin(&Key::of("Root").spki));
    assert_eq!(both.accepted().len(), 2);
}

/// Whether it is accepted, and how many signatures that took.
fn counted(judge: &Judge) -> (bool, usize) {
    count(|| judge.verdict_by(&*COUNTING).is_ok())
}

#[test]
fn the_work_for_hostile_sets_is_bounded() {
    // Levels of CAs: each is signed by every one of the level above, under the same name and key.
    for width in [1, 2, 3, 5, 15] {
        let levels = (MAX_CHAIN_CERTIFICATES - 1) / width;
        let mut chain = vec![leaf("L0")];
        for level in 0..levels {
            for n in 0..width {
                let c = Forged::ca(&format!("L{level}"), &format!("L{}", level + 1));
                chain.push(c.serial(&[n as u8 + 1]).signed());
            }
        }
        let (good, signatures) = counted(&forged(chain));
        assert!(!good);
        assert!(signatures <= 100, "{width}: {signatures}");
    }
    // The same where every way ends at a trusted root that refuses: each complete path is judged.
    let narrow = Forged::new("L4", "L4").basic(true, Some(0)).signed();
    let mut chain = vec![leaf("L0")];
    for level in 0..4 {
        for n in 0..3 {
            let c = Forged::ca(&format!("L{level}"), &format!("L{}", level + 1));
            chain.push(c.serial(&[n + 1]).signed());
        }
    }
    let judge = trusting(chain, [narrow]);
    let (good, signatures) = counted(&judge);
    assert!(!good && signatures <= 100, "{signatures}");
    judge.refused(R::CertificateChainTooLong, &["more work"]);
}

#[test]
fn many_trusted_certificates_of_one_name_are_tried_within_the_bound() {
    let generation = |n: u32| {
        let key = Key::of(&format!("generation {n}"));
        Forged::new("Root", "Root")
            .basic(true, None)
            .with_key(key.clone())
            .by(&key)
    };
    let bare = Forged::new("leaf", "Root").dns(&["host.test"]);
    let roots: Vec<_> = (0..300).map(generation).collect();
    let near = trusting([bare.clone().by(&Key::of("generation 99"))], roots.clone());
    assert_eq!(counted(&near), (true, 100));
    let far = trusting([bare.clone().by(&Key::of("generation 100"))], roots.clone());
    assert_eq!(counted(&far), (false, 100));
    far.refused(R::CertificateChainTooLong, &["more work"]);
    // A key identifier finds the right one among all.
    let key = Key::of("generation 299");
    let named = bare.authority(&key_id(&key.spki)).by(&key);
    let mut with_ids = roots;
    with_ids.pop();
    let last = Forged::new("Root", "Root")
        .basic(true, None)
        .with_key(key.clone());
    with_ids.push(last.key_ids().by(&key));
    assert_eq!(counted(&trusting([named], with_ids)), (true, 1));
}

/// Bundles as programs have them: whatever else is trusted, as much is verified.
#[test]
fn a_bundle_of_real_size_costs_no_signature_more() {
    let chain = [leaf("Int"), ca("Int", "Root")];
    let others = (0..5000).map(|n| Forged::new(&format!("CA {n}"), "Nobody").basic(true, None));
    let others = others.map(|c| c.by(&Key::of("nobody")));
    let many = trusting(chain.clone(), others.chain([root("Root")]));
    assert_eq!(many.trusted.len(), 5001);
    assert_eq!(counted(&many), (true, 2));
    let Ok(pem) = std::fs::read("/etc/ssl/certs/ca-certificates.crt") else {
        return println!("skipped: this system has no such bundle of CAs");
    };
    let mut judge = forged(chain.clone());
    for certificate in pki_types::CertificateDer::pem_slice_iter(&pem) {
        judge.trusted.add(certificate.unwrap().to_vec()).unwrap();
    }
    assert!(judge.trusted.len() > 50, "{}", judge.trusted.len());
    assert_eq!(counted(&judge), (true, 2));
    // Each of them is found by its name: a leaf in it is not unknown, but badly signed.
    for index in 1..judge.trusted.len() {
        let mut stranger = Forged::leaf("leaf", "").bare();
        stranger.issuer = judge.trusted.subjects().nth(index).unwrap().to_vec();
        let mut judge = judge.clone();
        judge.chain = vec![stranger.by(&Key::of("nobody"))];
        judge.refused(R::CertificateSignature, &["does not verify"]);
    }
    // By itself the bundle vouches for nobody of ours.
    let mut alone = judge.clone();
    alone.trusted = TrustAnchors::default();
    for certificate in &judge.trusted.certificates()[1..] {
        alone.trusted.add(certificate.clone()).unwrap();
    }
    alone.refused(R::CertificateUntrusted, &["CN=Root"]);
}

#[test]
fn names_and_constraints_do_not_multiply() {
    let names = |count: usize| tlv(0x82, &[b"host.test"]).repeat(count);
    let tree = |count: usize| vec![tlv(0x82, &[b"test"]); count];
    let chain = |names_count, trees| {
        let int = Forged::ca("Int", "Root").constraints(&tree(trees), &[]);
        let leaf = Forged::new("leaf", "Int").alt_names(&names(names_count));
        forged([leaf.signed(), int.signed()])
    };
    chain(400, 500).accepted();
    chain(1000, 1000).refused(R::CertificateChainTooLong, &["more work"]);
    chain(4000, 4000).refused(R::CertificateChainTooLong, &["more work"]);
    chain(4000, 1).accepted();
    chain(1, 4000).accepted();
    // All paths together have the same limit.
    let int = |n: u8| {
        Forged::ca("Int", "Root")
            .constraints(&tree(400), &[])
            .serial(&[n])
            .signed()
    };
    let leaf = Forged::new("leaf", "Int").alt_names(&names(400)).signed();
    let narrow = Forged::new("Root", "Root")
        .basic(true, None)
        .constraints(&[tlv(0x82, &[b"a"])], &[])
        .signed();
    let judge = trusting([leaf, int(1), int(2)], [narrow]);
    judge.refused(R::CertificateChainTooLong, &["more work"]);
}

#[test]
fn a_large_pool_is_reduced_to_what_may_be_above() {
    let leaf = leaf("A");
    let mut pool: Vec<_> = (0..100)
        .map(|n| ca(&format!("Other {n}"), "Root"))
        .collect();
    pool.insert(50, ca("B", "C"));
    pool.push(ca("A", "B"));
    pool.push(ca("A", "Other 7"));
    pool.push(ca("A", "B"));
    pool.push(vec![1, 2, 3].into());
    let found: Vec<_> = issuers_by_name(&leaf, &pool).into_iter().cloned().collect();
    let expected = [
        ca("A", "B"),
        ca("A", "Other 7"),
        ca("B", "C"),
        ca("Other 7", "Root"),
    ];
    assert_eq!(found, expected);
    let same: Vec<_> = (0..100)
        .map(|n| Forged::ca("A", "A").serial(&[n]).signed())
        .collect();
    assert_eq!(
        issuers_by_name(&leaf, &same).len(),
        MAX_CHAIN_CERTIFICATES - 1
    );
    assert!(issuers_by_name(&vec![1].into(), &pool).is_empty());
    assert_eq!(MAX_INTERMEDIATES, 6);
}

#[test]
fn a_certificate_of_more_than_64_kibibytes_is_refused() {
    let long = Forged::leaf("leaf", "Root").extension("1.2.3.4", false, &[0; 70_000]);
    judge_chain(vec![long.signed()]).refused(R::CertificateMalformed, &["64 KiB"]);
    let int = Forged::ca("Int", "Root").extension("1.2.3.4", false, &[0; 70_000]);
    forged([leaf("Int"), int.signed()]).refused(R::CertificateUntrusted, &["CN=Int"]);
}

#[test]
fn forms_that_are_refused_with_their_reason() {
    let of = |change: fn(Forged) -> Forged| forged([change(Forged::leaf("leaf", "Root")).signed()]);
    let malformed = R::CertificateMalformed;
    let algorithms = of(|mut c| {
        c.inner = Some(With::EcdsaSha256);
        c
    });
    refused(
        &algorithms,
        malformed,
        0,
        &["two signature algorithms differ"],
    );
    let twice = of(|c| c.dns(&["host.test"]));
    refused(&twice, malformed, 0, &["2.5.29.17 comes twice"]);
    let unknown = of(|c| c.signed_with(With::Unknown));
    refused(&unknown, R::CertificateUnsupported, 0, &["1.2.3.4.5"]);
    let md5 = of(|c| c.signed_with(With::RsaMd5));
    refused(&md5, R::CertificateWeak, 0, &["MD5", "no policy"]);
    of(|c| c.serial(&[0x80])).accepted();
    of(|c| c.serial(&[0x7f; 2000])).accepted();
    for bits in [&[3, 2, 1, 6][..], &[3, 1, 0]] {
        let mut judge = forged([Forged::new("leaf", "Root")
            .dns(&["host.test"])
            .usage(bits)
            .signed()]);
        judge.key_use = None;
        refused(&judge, R::CertificateUsage, 0, &["nothing that TLS does"]);
    }
    judge("server-rsa").accepted();
}

/// Generations of an intermediate's key: the one that is meant is among what is looked at.
#[test]
fn issuers_of_one_name_are_chosen_by_their_keys() {
    let int = |n: usize| {
        let key = Key::of(&format!("generation {n}"));
        Forged::new("Int", "Root")
            .with_key(key)
            .basic(true, None)
            .usage(&[3, 2, 1, 6])
            .key_ids()
    };
    let pool: Vec<_> = (0..40).map(|n| int(n).signed()).collect();
    for n in [0, 15, 39] {
        let key = Key::of(&format!("generation {n}"));
        let leaf = Forged::new("leaf", "Int")
            .usage(&[3, 2, 7, 0x80])
            .purposes(&["1.3.6.1.5.5.7.3.1"])
            .dns(&["host.test"])
            .authority(&key_id(&key.spki))
            .by(&key);
        let issuers = issuers_by_name(&leaf, &pool);
        assert_eq!(issuers.len(), MAX_CHAIN_CERTIFICATES - 1);
        assert_eq!(issuers[0], &pool[n]);
        let mut chain = vec![leaf];
        chain.extend(issuers.into_iter().cloned());
        let mut judge = judge_chain(chain).named("host.test");
        judge.trusted = TrustAnchors::default();
        judge.trusted.add(root("Root")).unwrap();
        assert_eq!(judge.accepted().len(), 3);
    }
}

/// What OpenSSL reads, and nobody has to: the sentence is about the key, not about a signature.
#[test]
fn compressed_points() {
    let p256 = include_bytes!("../../../tests/pki/server-p256.key");
    let key = || {
        let der = PrivateKeyDer::from_pem_slice(p256).unwrap();
        let mut key = Key::new(der.secret_der(), With::EcdsaSha256);
        // SEQUENCE { SEQUENCE (19 bytes) .., BIT STRING { 0, 4, x, y } }
        let last = *key.spki.last().unwrap();
        let x = &key.spki[27..59];
        let point = tlv(3, &[&[0, 2 + (last & 1)], x]);
        key.spki = tlv(0x30, &[&key.spki[2..23], &point]);
        key
    };
    let int = Forged::ca("Int", "Root").with_key(key()).signed();
    let mut signed = Forged::leaf("leaf", "Int").signed_with(With::EcdsaSha256);
    signed.issuer_key = key();
    let words = [
        "the key of CN=Int is a compressed point",
        "uncompressed ones are",
    ];
    refused(
        &forged([signed.clone().signed(), int]),
        R::CertificateUnsupported,
        1,
        &words,
    );
    // Nobody looks at the signature of a trusted certificate.
    let trusted = Forged::ca("Int", "Int").with_key(key()).signed();
    refused(
        &trusting([signed.signed()], [trusted]),
        R::CertificateUnsupported,
        1,
        &words,
    );
    let leaf = Forged::leaf("leaf", "Root").with_key(key()).signed();
    refused(
        &forged([leaf]),
        R::CertificateUnsupported,
        0,
        &["the key of CN=leaf is a compressed point"],
    );
}
