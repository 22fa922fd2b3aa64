//! Certificates made to hurt: broken at every byte, long, and many.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::counting::{CREDULOUS, count};
use common::der::der;
use common::forge::{Forged, Key, root};
use common::judge::{judge, judge_chain, pki};
use tls_core::cert::{
    Certificate, CertificateInfo, Keypair, MAX_CHAIN_CERTIFICATES, SubjectName, TrustAnchors,
    leaf_key_usage, leaf_spki,
};
use tls_core::crypto::Provider;
use tls_core::error::{Family, Reason};
use tls_crypto::DefaultProvider;

/// Everything that reads a certificate, on this one.
fn read_all(der: &[u8]) {
    let _ = CertificateInfo::parse(der);
    let _ = leaf_key_usage(der);
    if let Ok(spki) = leaf_spki(der) {
        let _ = DefaultProvider.public_key(spki);
    }
    let certificate = Certificate::from(der.to_vec());
    let mut trusted = judge_chain(vec![certificate.clone()]);
    let _ = trusted.verdict();
    if trusted.trusted.add(certificate).is_ok() {
        let _ = trusted.with_common_name().verdict();
    }
}

#[test]
fn every_truncation_is_refused() {
    for name in ["server-p256", "name-utf8", "int-constrained"] {
        let der = pki(name).remove(0);
        for len in 0..der.len() {
            let cut = &der[..len];
            assert!(CertificateInfo::parse(cut).is_err(), "{name} {len}");
            assert!(leaf_spki(cut).is_err());
            assert!(TrustAnchors::default().add(cut.to_vec()).is_err());
            let error = judge_chain(vec![cut.to_vec().into()])
                .verdict()
                .unwrap_err();
            assert_eq!(
                error.reason(),
                Reason::CertificateMalformed,
                "{name} {len}: {error}"
            );
        }
    }
}

#[test]
fn no_changed_byte_is_accepted_or_panics() {
    for name in ["server-p256", "name-utf8", "server-ed25519"] {
        let chain = pki(name);
        for place in 0..chain[0].len() {
            for change in [0x01, 0x80, 0xff] {
                let mut der = chain[0].to_vec();
                der[place] ^= change;
                read_all(&der);
                let mut changed = judge_chain(chain.clone());
                changed.name = None;
                changed.chain[0] = der.into();
                let error = changed.verdict().expect_err("a signature over other bytes");
                assert_eq!(
                    error.reason().family(),
                    Family::Certificate,
                    "{place}: {error}"
                );
            }
        }
    }
}

#[test]
fn a_changed_intermediate_is_never_used() {
    let chain = pki("server-p256");
    for place in 0..chain[1].len() {
        let mut der = chain[1].to_vec();
        der[place] ^= 0x01;
        let mut changed = judge_chain(chain.clone());
        changed.chain[1] = der.into();
        let error = changed.verdict().expect_err("a signature over other bytes");
        assert_eq!(
            error.reason().family(),
            Family::Certificate,
            "{place}: {error}"
        );
        assert!(error.text().len() < 1000);
    }
}

/// X.690 §8.3: INTEGERs have one byte at least, and no more than they need.
#[test]
fn serial_numbers_in_other_forms() {
    use common::forge::{Forged, root};
    let judged = |serial: &[u8]| {
        let leaf = Forged::leaf("leaf", "Root").serial(serial).signed();
        let mut judge = judge_chain(vec![leaf]).named("host.test");
        judge.trusted = TrustAnchors::default();
        judge.trusted.add(root("Root")).unwrap();
        judge.verdict().map_err(|error| error.reason())
    };
    for good in [&[0][..], &[1], &[0x80], &[0, 0x80], &[0xff; 20]] {
        assert!(judged(good).is_ok() || good[0] == 0xff, "{good:02x?}");
    }
    for bad in [&[][..], &[0, 1], &[0, 0], &[0xff, 0x80], &[0xff, 0xff, 1]] {
        let malformed = Err(tls_core::error::Reason::CertificateMalformed);
        assert_eq!(
            judged(bad).map(|_| ()),
            malformed.map(|_: ()| ()),
            "{bad:02x?}"
        );
    }
}

/// Each names the certificate and what is wrong with it.
#[test]
fn what_the_second_judge_does_not_take() {
    use common::forge::{Forged, Key, root, seq, tlv};
    let judged = |leaf: Forged, ca: Forged| {
        let chain = vec![leaf.signed(), ca.with_key(Key::of("CA")).signed()];
        let mut judge = judge_chain(chain).named("host.test");
        judge.trusted = TrustAnchors::default();
        judge.trusted.add(root("Root")).unwrap();
        let error = judge.verdict().map(|_| ()).unwrap_err();
        (error.certificate(), error.text().to_owned())
    };
    let leaf = || Forged::leaf("leaf", "CA");
    let ca = || Forged::ca("CA", "Root");
    let (place, text) = judged(leaf().valid("19690101000000Z", "20900101000000Z"), ca());
    assert!(text.contains("CN=leaf begins before 1970"), "{text}");
    assert_eq!(place, Some(0));
    let (place, text) = judged(leaf(), ca().valid("19690101000000Z", "20900101000000Z"));
    assert!(text.contains("CN=CA begins before 1970"), "{text}");
    assert_eq!(place, Some(1));
    // pathLenConstraint 256, in the place of the CA's basicConstraints.
    let long = seq(&[&[1, 1, 0xff], &[2, 2, 1, 0]]);
    let bare = ca().bare().extension("2.5.29.19", true, &long);
    let (place, text) = judged(leaf(), bare);
    assert!(
        text.contains("CN=CA") && text.contains("larger than 255"),
        "{text}"
    );
    assert_eq!(place, Some(1));
    // A minimum, encoded though it is the default.
    let base = tlv(0x82, &[b"host.test"]);
    let constraints = seq(&[&tlv(0xa0, &[&seq(&[&base, &[0x80, 1, 0]])])]);
    let (place, text) = judged(leaf(), ca().extension("2.5.29.30", true, &constraints));
    assert!(text.contains("CN=CA") && text.contains("minimum"), "{text}");
    assert_eq!(place, Some(1));
}

/// A certificate that nobody signed, with this subject, issuer and extensions, and an own key.
fn forged(subject: &[u8], issuer: &[u8], key: u8, extensions: &[u8]) -> Certificate {
    let algorithm = der(
        0x30,
        &[&der(6, &[&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2]])],
    );
    let date = |year: &[u8]| der(0x18, &[year, b"0101000000Z"]);
    let curve = der(
        0x30,
        &[
            &der(6, &[&[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1]]),
            &der(6, &[&[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7]]),
        ],
    );
    let spki = der(0x30, &[&curve, &der(3, &[&[0, 4], &[key; 64]])]);
    let tbs = der(
        0x30,
        &[
            &der(0xa0, &[&[2, 1, 2]]),
            &[2, 1, 1],
            &algorithm,
            issuer,
            &der(0x30, &[&date(b"2020"), &date(b"2120")]),
            subject,
            &spki,
            &der(0xa3, &[&der(0x30, &[extensions])]),
        ],
    );
    der(
        0x30,
        &[
            &tbs,
            &algorithm,
            &der(3, &[&[0, 0x30, 6, 2, 1, 1, 2, 1, 1]]),
        ],
    )
    .into()
}

fn name(text: &[u8]) -> Vec<u8> {
    let pair = der(0x30, &[&der(6, &[&[0x55, 4, 3]]), &der(0x0c, &[text])]);
    der(0x30, &[&der(0x31, &[&pair])])
}

fn extension(id: u8, value: &[u8]) -> Vec<u8> {
    der(0x30, &[&der(6, &[&[0x55, 0x1d, id]]), &der(4, &[value])])
}

fn ca() -> Vec<u8> {
    extension(0x13, &der(0x30, &[&[1, 1, 0xff]]))
}

/// The sentence about a set in which everybody signed everybody, and how many signatures were asked about.
fn credulous(chain: Vec<Certificate>) -> (String, usize) {
    let judge = judge_chain(chain).named("host.test");
    let (error, signatures) = count(|| judge.verdict_by(&*CREDULOUS).unwrap_err());
    assert_eq!(error.reason(), Reason::CertificateChainTooLong, "{error}");
    (error.text().to_owned(), signatures)
}

/// Long, so that each look at it costs something, and with a key of its own, so that it is no loop.
fn heavy(subject: &str, issuer: &str, number: usize) -> Certificate {
    let key = Key::of(&format!("{subject} {number}"));
    let filler = Forged::ca(subject, issuer).extension("1.2.3.4", false, &[0; 50_000]);
    filler.with_key(key).signed()
}

#[test]
fn issuers_who_all_signed_each_other_do_not_multiply() {
    // As many ways as there are orders of fifteen.
    let mut chain = vec![Forged::leaf("leaf", "Same").signed()];
    chain.extend((1..MAX_CHAIN_CERTIFICATES).map(|n| heavy("Same", "Same", n)));
    let (text, signatures) = credulous(chain);
    assert!(text.contains("more work"), "{text}");
    assert_eq!(signatures, 100);
    // Two of each name, in a circle of seven: twice as many ways with each step.
    let name = |i: usize| format!("N{}", i % 7);
    let mut chain = vec![Forged::leaf("leaf", "N0").signed()];
    chain.extend((0..14).map(|i| heavy(&name(i), &name(i + 1), i)));
    let (text, signatures) = credulous(chain);
    // Each pair was asked about once, and nobody behind the sixth of a path.
    assert!(text.contains("more than 6 intermediate"), "{text}");
    assert_eq!(signatures, 2 + 6 * 2 * 2);
}

#[test]
fn issuers_in_a_circle_end() {
    let leaf = || Forged::leaf("leaf", "A").signed();
    let circle = [Forged::ca("A", "B").signed(), Forged::ca("B", "A").signed()];
    judge_chain([&[leaf()][..], &circle].concat()).refused(
        Reason::CertificateUntrusted,
        &["its chain ends in CN=B, issued by CN=A"],
    );
    judge_chain(vec![leaf(), root("A")])
        .refused(Reason::CertificateUntrusted, &["its chain ends in CN=A"]);
}

#[test]
fn long_names_stay_out_of_sentences() {
    let long = name(&[b'x'; 30_000]);
    let chain = vec![forged(&long, &long, 0, &[])];
    let text = judge_chain(chain).refused(Reason::CertificateUntrusted, &["xxx", "…"]);
    assert!(text.len() < 1000, "{}", text.len());
    let longer = name(&[b'x'; 40_000]);
    judge_chain(vec![forged(&longer, &longer, 0, &[])])
        .refused(Reason::CertificateMalformed, &["limit"]);
    // Thousands of names: eight are told.
    let names = der(0x82, &[b"a.many.test"]).repeat(4_000);
    let san = extension(0x11, &der(0x30, &[&names]));
    let mut judge = judge_chain(vec![forged(&name(b"many"), &name(b"many"), 0, &san)]);
    judge.trusted.add(judge.chain[0].clone()).unwrap();
    let text = judge.refused(Reason::CertificateNameMismatch, &["and 3992 more, not for"]);
    assert!(text.len() < 1000, "{}", text.len());
}

#[test]
fn names_cannot_write_to_a_terminal() {
    let evil = name("a\u{1b}[2J\n\u{202e}b".as_bytes());
    let text = judge_chain(vec![forged(&evil, &evil, 0, &[])])
        .refused(Reason::CertificateUntrusted, &["a\\1b[2J\\0a\\e2\\80\\aeb"]);
    assert!(!text.chars().any(char::is_control));
    let san = der(0x82, &[b"x\x1b[2J.test"]);
    let san = extension(0x11, &der(0x30, &[&san]));
    let mut judge = judge_chain(vec![forged(&name(b"a"), &name(b"a"), 0, &san)]);
    judge.trusted.add(judge.chain[0].clone()).unwrap();
    let text = judge.refused(Reason::CertificateNameMismatch, &["x\\1b[2J.test"]);
    assert!(!text.chars().any(char::is_control));
    let mut judge = judge_chain(vec![forged(&evil, &evil, 0, &[])]).with_common_name();
    judge.trusted.add(judge.chain[0].clone()).unwrap();
    let text = judge.refused(Reason::CertificateNameMismatch, &["for a\\1b[2J\\0a"]);
    assert!(!text.chars().any(char::is_control));
}

#[test]
fn a_wildcard_is_one_whole_label() {
    let judge_for = |pattern: &[u8], host: &str, common_name: bool| {
        let san = extension(0x11, &der(0x30, &[&der(0x82, &[pattern])]));
        let certificate = if common_name {
            forged(&name(pattern), &name(b"x"), 0, &[])
        } else {
            forged(&name(b"x"), &name(b"x"), 0, &san)
        };
        let mut judge = judge_chain(vec![certificate]).named(host);
        judge.trusted.add(judge.chain[0].clone()).unwrap();
        judge.policy.common_name = common_name;
        judge.verdict().is_ok()
    };
    for common_name in [false, true] {
        for (pattern, host, expected) in [
            (&b"*.a.test"[..], "b.a.test", true),
            (b"*.a.test", "a.test", false),
            (b"*.a.test", "c.b.a.test", false),
            (b"*", "test", false),
            (b"*.test", "a.test", false),
            (b"b*.a.test", "bc.a.test", false),
            (b"*b.a.test", "cb.a.test", false),
            (b"a.*.test", "a.b.test", false),
            (b"*.*.test", "a.b.test", false),
            (b"a.test\0.b.test", "a.test", false),
            (b"a.test ", "a.test", false),
            (b"", "a.test", false),
        ] {
            let got = judge_for(pattern, host, common_name);
            assert_eq!(got, expected, "{pattern:?} {host} {common_name}");
        }
    }
}

#[test]
fn broken_extensions_do_not_open_anything() {
    let broken: &[(u8, &[u8])] = &[
        (0x0f, &[3, 2, 5, 0x01]),
        (0x0f, &[4, 2, 5, 0xa0]),
        (0x0f, &[]),
        (0x11, &[0x31, 0]),
        (0x11, &[0x30, 5, 0x82]),
        (0x25, &[0x30, 3, 6, 2, 1]),
        (0x25, &[0x30, 2, 5, 0]),
        (0x25, &[0x30, 0]),
    ];
    for (id, value) in broken {
        let certificate = forged(&name(b"x"), &name(b"x"), 0, &extension(*id, value));
        read_all(&certificate);
        let mut judge = judge_chain(vec![certificate]).with_common_name();
        if judge.trusted.add(judge.chain[0].clone()).is_ok() {
            let error = judge.verdict().expect_err("broken");
            assert_eq!(
                error.reason().family(),
                Family::Certificate,
                "{id:02x} {value:02x?}"
            );
        }
    }
    // Twice the same extension: which one counts?
    let twice = [
        extension(0x0f, &[3, 2, 7, 0x80]),
        extension(0x0f, &[3, 2, 7, 0]),
    ]
    .concat();
    let mut judge = judge_chain(vec![forged(&name(b"x"), &name(b"x"), 0, &twice)]);
    assert!(judge.trusted.add(judge.chain[0].clone()).is_err());
    judge.refused(
        Reason::CertificateMalformed,
        &["CN=x is malformed: the extension 2.5.29.15 comes twice"],
    );
}

fn info(extensions: &[u8]) -> Result<CertificateInfo, Reason> {
    let certificate = forged(&name(b"x"), &name(b"x"), 0, extensions);
    CertificateInfo::parse(&certificate).map_err(|e| e.reason())
}

#[test]
fn what_is_shown_is_what_the_verifier_sees() {
    let san = |names: &[u8]| extension(0x11, &der(0x30, &[names]));
    let dns = der(0x82, &[b"a.test"]);
    let shown = info(&san(&dns)).unwrap();
    assert_eq!(shown.names, [SubjectName::Dns("a.test".into())]);
    // Kinds that do not count are left out, by both.
    for other in [
        der(0x82, &["ä.test".as_bytes()]),
        der(0x82, &[b"\xff.test"]),
        der(0x87, &[&[127, 0, 0]]),
    ] {
        let both = info(&san(&[&other[..], &dns].concat())).unwrap();
        assert_eq!(both.names, shown.names, "{other:02x?}");
    }
    // Kinds that no host is matched against are shown for what they are.
    let id = info(&san(&[&der(0x88, &[&[0x2a, 3]])[..], &dns].concat())).unwrap();
    assert_eq!(
        id.names,
        [SubjectName::Id("1.2.3".into()), shown.names[0].clone()]
    );
    let broken = [
        san(&der(0xa2, &[b"a.test"])),
        san(&der(0xa7, &[&[127, 0, 0, 1]])),
        san(&[0x82, 9, b'a']),
        san(&[&dns[..], &[0x82]].concat()),
        extension(0x11, &dns),
        extension(0x11, &[&der(0x30, &[&dns])[..], &[0]].concat()),
        [san(&dns), san(&dns)].concat(),
        // basicConstraints with another value than DER's TRUE
        extension(0x13, &der(0x30, &[&[1, 1, 1]])),
        // extendedKeyUsage with another tag than that of an OBJECT IDENTIFIER
        extension(0x25, &der(0x30, &[&[7, 1, 0x2a]])),
    ];
    for extensions in broken {
        let result = info(&extensions);
        assert_eq!(
            result,
            Err(Reason::CertificateMalformed),
            "{extensions:02x?}"
        );
    }
    let other_tag = extension(0x13, &der(0x30, &[&[0x81, 1, 0xff]]));
    assert!(info(&other_tag).is_ok_and(|info| !info.is_ca));
    assert!(info(&ca()).unwrap().is_ca);
}

#[test]
fn an_identifier_of_any_length_is_shown() {
    let mut id = vec![0x2a];
    id.resize(60_000, 0xff);
    id.push(0x7f);
    let long = der(0x30, &[&der(6, &[&id]), &der(4, &[])]);
    let text = &info(&long).unwrap().extensions[0].oid;
    assert!(text.starts_with("0x2affff"), "{}", &text[..20]);
}

#[test]
fn a_server_with_a_strange_certificate_is_told_so() {
    let der = pki("server-p256").remove(0);
    let key = common::keypair("server-p256").key().clone();
    for place in 0..der.len() {
        let mut changed = der.to_vec();
        changed[place] ^= 0xff;
        let chain = vec![Certificate::from(changed)];
        // What is changed outside of key and extensions may pass: no signature is checked here.
        if let Err(error) = Keypair::new(&DefaultProvider, chain, key.clone()) {
            let expected = [Reason::BadCertificateFile, Reason::KeyMismatch];
            assert!(expected.contains(&error.reason()), "{place}: {error}");
        }
    }
    judge("server-p256").accepted();
}
