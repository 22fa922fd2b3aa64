//! RFC 5280 §7.1: a name is the same in another string type, in the other case and with other blanks, wherever
//! names are looked for. OpenSSL's verdict on the same chains is in tests/verify.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::NOW;
use common::crl::crl;
use common::der::{Issue, ocsp_signing, parts, parts_of};
use common::forge::{Forged, Key, name, oid, root, seq, tlv};
use common::judge::{Judge, judge, judge_chain};
use common::staple::{Staple, staple};
use tls_core::cert::{Certificate, Crl, TrustAnchors, chain_of, issuers_by_name};
use tls_core::error::Reason as R;

const UTF8: u8 = 0x0c;
const PRINTABLE: u8 = 0x13;
const TELETEX: u8 = 0x14;
const BMP: u8 = 0x1e;
const UNIVERSAL: u8 = 0x1c;

fn attribute(id: &str, tag: u8, value: &[u8]) -> Vec<u8> {
    seq(&[&oid(id), &tlv(tag, &[value])])
}

fn of(rdns: &[&[Vec<u8>]]) -> Vec<u8> {
    let sets: Vec<u8> = rdns
        .iter()
        .flat_map(|rdn| tlv(0x31, &[&rdn.concat()]))
        .collect();
    seq(&[&sets])
}

fn cn(tag: u8, value: &[u8]) -> Vec<u8> {
    of(&[&[attribute("2.5.4.3", tag, value)]])
}

/// "Int" issued the leaf, and calls itself `subject`; the leaf calls it `issuer`.
fn chain(issuer: Vec<u8>, subject: Vec<u8>) -> Vec<Certificate> {
    let mut leaf = Forged::leaf("leaf", "Int");
    leaf.issuer = issuer;
    let mut int = Forged::ca("Int", "Root");
    int.subject = subject;
    vec![leaf.signed(), int.signed()]
}

fn trusting(chain: Vec<Certificate>, trusted: Certificate) -> Judge {
    let mut judge = judge_chain(chain).named("host.test");
    judge.trusted = TrustAnchors::default();
    judge.trusted.add(trusted).unwrap();
    judge
}

fn judged(issuer: Vec<u8>, subject: Vec<u8>) -> Judge {
    trusting(chain(issuer, subject), root("Root"))
}

#[test]
fn string_types_case_and_blanks_do_not_matter() {
    let bmp = |text: &str| {
        text.encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect::<Vec<_>>()
    };
    let universal = |text: &str| {
        text.chars()
            .flat_map(|c| u32::from(c).to_be_bytes())
            .collect::<Vec<_>>()
    };
    for (issuer, subject) in [
        (cn(PRINTABLE, b"Int"), cn(UTF8, b"Int")),
        (cn(PRINTABLE, b"INT"), cn(PRINTABLE, b"int")),
        (cn(UTF8, b"  My \t CA "), cn(PRINTABLE, b"my ca")),
        (cn(TELETEX, b"M\xfcller"), cn(UTF8, "MÜLLER".as_bytes())),
        (cn(BMP, &bmp("Int😀")), cn(UTF8, "int😀".as_bytes())),
        (
            cn(UNIVERSAL, &universal("Ärger")),
            cn(UTF8, "ärger".as_bytes()),
        ),
        (cn(UTF8, b""), cn(PRINTABLE, b" ")),
        // The attributes of one RDN are a SET.
        (
            of(&[&[
                attribute("2.5.4.10", UTF8, b"O"),
                attribute("2.5.4.11", UTF8, b"U"),
            ]]),
            of(&[&[
                attribute("2.5.4.11", PRINTABLE, b"u"),
                attribute("2.5.4.10", PRINTABLE, b"o"),
            ]]),
        ),
    ] {
        let judge = judged(issuer.clone(), subject.clone());
        let path = judge.accepted();
        assert_eq!(path[..2], judge.chain, "the certificates as they came");
        judged(subject, issuer).accepted();
    }
}

#[test]
fn what_else_differs_is_another_name() {
    let one = || attribute("2.5.4.3", UTF8, b"Int");
    let pair = |a: &[u8], b: &[u8]| {
        of(&[&[
            attribute("2.5.4.10", UTF8, a),
            attribute("2.5.4.10", UTF8, b),
        ]])
    };
    for (issuer, subject) in [
        (cn(UTF8, b"Int"), cn(UTF8, b"I nt")),
        (cn(UTF8, b"Int"), cn(UTF8, b"Int2")),
        (
            cn(UTF8, b"Int"),
            of(&[&[attribute("2.5.4.10", UTF8, b"Int")]]),
        ),
        (cn(UTF8, b"Int"), of(&[&[one()], &[one()]])),
        (cn(UTF8, b"Int"), of(&[&[one(), one()]])),
        (of(&[&[one()], &[]]), cn(UTF8, b"Int")),
        // The order of RDNs counts.
        (
            of(&[&[one()], &[attribute("2.5.4.10", UTF8, b"O")]]),
            of(&[&[attribute("2.5.4.10", UTF8, b"O")], &[one()]]),
        ),
        (pair(b"a", b"b"), pair(b"a", b"c")),
        (pair(b"a", b"a"), pair(b"a", b"b")),
        // No strings, or broken ones: as they are.
        (cn(2, b"Int"), cn(UTF8, b"Int")),
        (cn(UTF8, b"\xff"), cn(TELETEX, b"\xff")),
        (cn(UNIVERSAL, b"Int"), cn(UTF8, b"Int")),
        (cn(BMP, &[0xd8, 0]), cn(UTF8, b"")),
        (cn(PRINTABLE, b"\xc3\xa4"), cn(UTF8, "ä".as_bytes())),
        // Composed in another way: not normalised.
        (cn(UTF8, "a\u{308}".as_bytes()), cn(UTF8, "ä".as_bytes())),
        // An RDN that does not parse.
        (seq(&[&tlv(0x31, &[b"\x02\x01\x01"])]), cn(UTF8, b"Int")),
    ] {
        for judge in [
            judged(issuer.clone(), subject.clone()),
            judged(subject, issuer),
        ] {
            judge.refused(
                R::CertificateUntrusted,
                &["no certificate of that name came with it"],
            );
        }
    }
}

#[test]
fn long_names_are_compared_as_they_are() {
    let long = |len, tag| cn(tag, &vec![b'a'; len]);
    judged(long(4000, PRINTABLE), long(4000, UTF8)).accepted();
    judged(long(4200, UTF8), long(4200, UTF8)).accepted();
    judged(long(4200, PRINTABLE), long(4200, UTF8)).refused(R::CertificateUntrusted, &[]);
    // More attributes in one RDN than are looked for in any order.
    let many = |tag, count: u8| {
        let one = |n: u8| attribute("2.5.4.11", tag, &[b'a' + n]);
        (0..count).map(one).collect::<Vec<_>>()
    };
    let turned = |tag, count| many(tag, count).into_iter().rev().collect::<Vec<_>>();
    judged(of(&[&many(UTF8, 8)]), of(&[&turned(PRINTABLE, 8)])).accepted();
    judged(of(&[&many(UTF8, 9)]), of(&[&many(PRINTABLE, 9)])).accepted();
    judged(of(&[&many(UTF8, 9)]), of(&[&turned(PRINTABLE, 9)]))
        .refused(R::CertificateUntrusted, &[]);
}

#[test]
fn a_trusted_root_is_found_and_judged_like_any_other() {
    let mut leaf = Forged::leaf("leaf", "Root");
    leaf.issuer = cn(PRINTABLE, b"ROOT");
    let leaf = vec![leaf.signed()];
    assert_eq!(trusting(leaf.clone(), root("Root")).accepted().len(), 2);
    // A root that writes its own name in two ways is a root.
    let mut own = Forged::ca("Root", "Root");
    own.issuer = cn(PRINTABLE, b"root");
    trusting(leaf.clone(), own.signed()).accepted();
    // A name finds, it proves nothing: another key does not verify.
    let stranger = Forged::ca("Root", "Root")
        .with_key(Key::of("x"))
        .by(&Key::of("x"));
    trusting(leaf.clone(), stranger).refused(R::CertificateSignature, &["does not verify"]);
    // Nor does it go around a constraint, which webpki judges.
    let constrained = Forged::ca("Root", "Root").constraints(&[tlv(0x82, &[b"other.test"])], &[]);
    let judge = trusting(leaf, constrained.signed());
    judge.refused(R::CertificateConstraint, &["host.test", "other.test"]);
    // An issuer with such a name of another length: every length of the certificate follows.
    for len in [1, 60, 120, 200, 300, 2000] {
        let blanks = cn(UTF8, &[b"Int", &vec![b' '; len][..]].concat());
        judged(cn(PRINTABLE, b"Int"), blanks.clone()).accepted();
        judged(blanks, cn(PRINTABLE, b"Int")).accepted();
    }
}

#[test]
fn a_certificate_that_grows_beyond_what_webpki_reads() {
    let mut leaf = Forged::leaf("leaf", "Int").extension("1.2.3.4", false, &vec![0; 64_000]);
    leaf.issuer = cn(PRINTABLE, b"Int");
    let mut int = Forged::ca("Int", "Root");
    int.subject = cn(UTF8, &[b"Int", &[b' '; 3000][..]].concat());
    let judge = trusting(vec![leaf.signed(), int.signed()], root("Root"));
    judge.refused(R::CertificateUnsupported, &["CN=leaf", "more than 64 KiB"]);
}

#[test]
fn searches_by_name_see_them_too() {
    let chain = chain(cn(PRINTABLE, b"INT"), cn(UTF8, b"int"));
    assert_eq!(issuers_by_name(&chain[0], &chain[1..]), [&chain[1]]);
    // What a PKCS #12 file has is put in order.
    let key = common::keypair("server-p256");
    let spki = parts(&key.chain()[0]).spki;
    let mut own = Key::of("leaf");
    own.spki = spki;
    let mut leaf = Forged::leaf("leaf", "Int").with_key(own);
    leaf.issuer = cn(PRINTABLE, b"INT");
    let bag = [chain[1].clone(), leaf.signed()];
    let sorted = chain_of(&**key.key(), &bag).unwrap().unwrap();
    assert_eq!(sorted, [bag[1].clone(), bag[0].clone()]);
    // A server names the CAs from which it takes certificates.
    let authority = parts(&key.chain()[1]).subject;
    let upper: Vec<u8> = authority.to_ascii_uppercase();
    assert_ne!(authority, upper);
    assert!(key.is_issued_by_any(&[&upper]));
    assert!(!key.is_issued_by_any(&[&name("Nobody")]));
}

/// A CA that writes its name in another way in its lists, and in its responder's certificate.
#[test]
fn crls_and_responders_are_found_by_name() {
    let mut judge = judge("server-p256");
    let mut list = crl("int").revoking("server-p256");
    list.issuer.make_ascii_uppercase();
    assert_ne!(list.issuer, crl("int").issuer);
    let now = judge.time();
    judge.options.crl_policy.leaf_only = true;
    let lists = [Crl::parse(&list.bytes()).unwrap()];
    judge.options.crls.add(lists, now).unwrap();
    judge.refused(R::CertificateRevoked, &[]);
    // The newer one of either spelling counts.
    let newer = crl("int").from(NOW - 60, Some(NOW + 600));
    let newer = Crl::parse(&newer.bytes()).unwrap();
    judge.options.crls.add([newer], now).unwrap();
    judge.accepted();

    let mut issue = Issue::new("client-p256", "int", &[ocsp_signing()]);
    let mut issuer = parts_of("int").subject;
    issuer.make_ascii_uppercase();
    issue.issuer_name = Some(issuer);
    let mut by = staple("server-p256").delegated("client-p256", issue.certificate());
    let stapled = |by: &Staple| common::judge::judge("server-p256").stapled(&by.bytes());
    stapled(&by).requiring_a_staple().accepted();
    by.responder.make_ascii_uppercase();
    stapled(&by).requiring_a_staple().accepted();
    // Another CA's name stays another's.
    issue.issuer_name = Some(parts_of("ca").subject);
    let other = staple("server-p256").delegated("client-p256", issue.certificate());
    stapled(&other).refused(R::OcspSignature, &["another CA issued its certificate"]);
}
