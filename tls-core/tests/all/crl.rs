//! Certificate revocation lists (RFC 5280 §5, §6.3): what they say, and where nobody can tell.

use crate::common;

use common::crl::{Revocations, at, crl, distribution, entry, reason_code};
use common::der::{Issue, der, extension, key_usage, parts_of, sequence};
use common::judge::{Judge, judge, judge_chain, pki};
use common::sessions::Pair;
use common::staple::DAY;
use common::{NOW, client, config, handshake, reason, server, server_config};
use tls_core::cert::{Crl, Crls, TrustAnchors};
use tls_core::config::{ClientAuth, MODERN};
use tls_core::error::Reason as R;

fn with(lists: &[Revocations]) -> Judge {
    let mut judge = judge("server-p256");
    judge.revoked_by(lists);
    judge
}

trait RevokedBy {
    fn revoked_by(&mut self, lists: &[Revocations]);
}

impl RevokedBy for Judge {
    fn revoked_by(&mut self, lists: &[Revocations]) {
        let lists = lists.iter().map(|l| Crl::parse(&l.bytes()).unwrap());
        let now = self.time();
        self.options.crls.add(lists, now).unwrap();
    }
}

#[test]
fn a_path_that_no_list_revokes() {
    with(&[crl("int"), crl("ca")]).accepted();
    with(&[
        crl("int").revoking("server-p384"),
        crl("ca").revoking("other-ca"),
        crl("other-ca"),
    ])
    .accepted();
    // Version 1: what openssl ca makes without a section of extensions.
    let mut first = crl("int").revoking("server-p384");
    first.version.clear();
    first.extensions.clear();
    with(&[first, crl("ca")]).accepted();
}

#[test]
fn revoked_certificates() {
    with(&[crl("int").revoking("server-p256"), crl("ca")]).refused(
        R::CertificateRevoked,
        &[
            "Test Intermediate",
            "revoked the certificate of CN=server-p256",
            "2025-12-22 00:00:00 UTC",
        ],
    );
    let serial = parts_of("server-p256").serial;
    let why = entry(&serial, &[reason_code(1)]);
    with(&[crl("int").with_entry(why), crl("ca")])
        .refused(R::CertificateRevoked, &["(keyCompromise)"]);
    // An intermediate.
    with(&[crl("int"), crl("ca").revoking("int")]).refused(
        R::CertificateRevoked,
        &["CN=Test Root,O=tlscore tests revoked", "Test Intermediate"],
    );
    // The first and the last of many, and one that is not among them.
    let many = |own: usize| {
        let mut list = crl("int");
        for i in 0..1000u32 {
            let serial = der(2, &[&[&[0x11][..], &i.to_be_bytes()].concat()]);
            list.entries.push(entry(&serial, &[]));
        }
        list.entries.insert(own.min(1000), entry(&serial, &[]));
        list
    };
    for own in [0, 500, 1000] {
        with(&[many(own), crl("ca")]).refused(R::CertificateRevoked, &[]);
    }
    assert_eq!(Crl::parse(&many(0).bytes()).unwrap().len(), 1001);
    let mut list = many(0);
    list.entries.remove(0);
    with(&[list, crl("ca")]).accepted();
    // Twice is once.
    with(&[
        crl("int").revoking("server-p256").revoking("server-p256"),
        crl("ca"),
    ])
    .refused(R::CertificateRevoked, &[]);
    // However old the word is.
    let old = crl("int")
        .revoking("server-p256")
        .from(NOW - 90 * DAY, Some(NOW - 80 * DAY));
    with(&[old, crl("ca")]).refused(R::CertificateRevoked, &[]);
}

#[test]
fn what_no_list_covers() {
    let missing = with(&[crl("ca")]);
    missing.refused(
        R::CrlMissing,
        &["server-p256", "no CRL of", "Test Intermediate"],
    );
    with(&[crl("int")]).refused(R::CrlMissing, &["tests is not known", "Test Root"]);
    with(&[crl("other-ca")]).refused(R::CrlMissing, &[]);
    let mut leaf_only = with(&[crl("int")]);
    leaf_only.options.crl_policy.leaf_only = true;
    leaf_only.accepted();
    leaf_only.revoked_by(&[crl("ca").revoking("int")]);
    leaf_only.accepted();
    let mut allowed = missing;
    allowed.options.crl_policy.allow_unknown = true;
    allowed.accepted();
    allowed.revoked_by(&[crl("int").revoking("server-p256")]);
    allowed.refused(R::CertificateRevoked, &[]);
    // Without any list nothing is asked.
    assert!(Crls::default().is_empty());
    judge("server-p256").accepted();
}

#[test]
fn lists_that_must_be_there() {
    let mut required = judge("server-p256");
    required.options.crl_policy.required = true;
    required.refused(R::CrlMissing, &["no CRL of", "Test Intermediate"]);
    required.revoked_by(&[crl("int"), crl("ca")]);
    required.accepted();
    let mut allowed = judge("server-p256");
    allowed.options.crl_policy.required = true;
    allowed.options.crl_policy.allow_unknown = true;
    allowed.accepted();
    // Who vouches for itself would have to say so.
    let mut alone = judge("self-leaf").trusting_only("self-leaf");
    alone.accepted();
    alone.options.crl_policy.required = true;
    alone.refused(R::CrlMissing, &["no CRL of"]);
}

#[test]
fn lists_that_are_out_of_date() {
    for (this, next) in [(NOW - DAY, Some(NOW)), (NOW + 300, Some(NOW + DAY))] {
        with(&[crl("int").from(this, next), crl("ca")]).accepted();
    }
    for (this, next, words) in [
        (
            NOW - DAY,
            Some(NOW - 1),
            "renewed at 2025-12-31 23:59:59 UTC",
        ),
        (NOW - DAY, None, "nextUpdate"),
    ] {
        let mut late = with(&[crl("int").from(this, next), crl("ca")]);
        late.refused(R::CrlExpired, &[words]);
        // That a list is out of date is another matter than that there is none.
        late.options.crl_policy.allow_unknown = true;
        late.refused(R::CrlExpired, &[words]);
        late.options.crl_policy.allow_unknown = false;
        late.options.crl_policy.allow_expired = true;
        late.accepted();
    }
    let early = crl("int").from(NOW + 301, Some(NOW + DAY));
    let mut early = with(&[early, crl("ca")]);
    early.refused(R::CrlNotYetValid, &["now is 2026-01-01"]);
    early.options.crl_policy.allow_expired = true;
    early.refused(R::CrlNotYetValid, &[]);
}

#[test]
fn a_newer_list_takes_the_place_of_the_older() {
    let old = crl("int")
        .revoking("server-p256")
        .from(NOW - 30 * DAY, Some(NOW - 23 * DAY));
    for order in [[old.clone(), crl("int")], [crl("int"), old.clone()]] {
        let mut judge = with(&order);
        judge.revoked_by(&[crl("ca")]);
        // The newer one does not revoke it any more.
        judge.accepted();
        // Once proven, it is all that is kept.
        let newer = crl("int").from(NOW - 600, Some(NOW + DAY));
        judge.revoked_by(&[newer]);
        assert_eq!(judge.options.crls.lists().len(), 3);
        judge.accepted();
    }
    let mut judge = with(&[crl("int"), crl("ca")]);
    judge.accepted();
    judge.revoked_by(&[crl("int")
        .revoking("server-p256")
        .from(NOW - 60, Some(NOW + DAY))]);
    judge.refused(R::CertificateRevoked, &[]);
    // The same list again is no other.
    let lists = judge.options.crls.lists().to_vec();
    let now = judge.time();
    judge.options.crls.add(lists.clone(), now).unwrap();
    assert_eq!(judge.options.crls.lists().len(), lists.len());
}

#[test]
fn what_nobody_proved_displaces_nothing() {
    let right = || crl("int").revoking("server-p256");
    let far = || crl("int").from(NOW + 1000 * DAY, Some(NOW + 2000 * DAY));
    for other in [
        // Another CA of that name, one who only says so, and next week's list.
        crl("int").signed_by("ca").from(NOW - 60, Some(NOW + DAY)),
        far().signed_by("ca"),
        far(),
    ] {
        for order in [[other.clone(), right()], [right(), other.clone()]] {
            let mut judge = with(&order);
            judge.options.crl_policy.allow_unknown = true;
            judge.refused(R::CertificateRevoked, &[]);
            // Nor later, when it is known that it is not right.
            judge.revoked_by(&[crl("ca")]);
            judge.refused(R::CertificateRevoked, &[]);
        }
    }
}

/// Somebody looks into next week; today's list must stay.
#[test]
fn a_verification_at_another_time_forgets_no_list() {
    let today = crl("int").revoking("server-p256");
    let next_week = crl("int").from(NOW + 7 * DAY, Some(NOW + 14 * DAY));
    let mut judge = with(&[today, next_week]);
    judge.options.crl_policy.leaf_only = true;
    judge.options.crl_policy.allow_unknown = true;
    judge.refused(R::CertificateRevoked, &[]);
    let mut later = judge.clone();
    later.now = NOW + 8 * DAY;
    later.accepted();
    judge.revoked_by(&[crl("ca")]);
    judge.refused(R::CertificateRevoked, &[]);
    // When next week has come, the old list goes.
    judge.now = NOW + 8 * DAY;
    judge.accepted();
    judge.revoked_by(&[crl("other-ca")]);
    assert_eq!(judge.options.crls.lists().len(), 3);
    judge.accepted();
}

/// Nothing is given up that might be the one that revokes: the 17th is refused, and says why.
#[test]
fn lists_of_one_name_are_bounded() {
    let mut judge = with(&[crl("int").revoking("server-p256")]);
    judge.options.crl_policy.leaf_only = true;
    judge.options.crl_policy.allow_unknown = true;
    let forged = |day| {
        let list = crl("int").signed_by("ca");
        Crl::parse(&list.from(NOW + day * DAY, Some(NOW + 99 * DAY)).bytes()).unwrap()
    };
    let now = judge.time();
    judge.options.crls.add((1..16).map(forged), now).unwrap();
    let before = judge.options.crls.clone();
    let other = Crl::parse(&crl("ca").bytes()).unwrap();
    for (more, index) in [
        (vec![forged(16)], 0),
        (vec![other, forged(1), forged(17)], 2),
    ] {
        let refused = judge.options.crls.add(more, now).unwrap_err();
        assert_eq!(refused.index, index);
        let error = refused.error;
        assert_eq!(error.reason(), R::BadCrl);
        let words = [
            "16 CRLs of CN=Test Intermediate",
            "authorityKeyIdentifier",
            "clear them",
        ];
        for word in words {
            assert!(error.text().contains(word), "{error}");
        }
        assert!(judge.options.crls == before, "nothing was added");
    }
    // One that is there already is no 17th.
    judge.options.crls.add([forged(3)], now).unwrap();
    judge.refused(R::CertificateRevoked, &[]);
}

/// A program that loads each day's list: a verification tells that one key signed them, and makes room.
#[test]
fn lists_that_were_proven_make_room() {
    let day = |day: u64| {
        let list = crl("int").from(NOW - (30 - day) * DAY, Some(NOW + DAY));
        Crl::parse(&list.bytes()).unwrap()
    };
    let mut judge = with(&[]);
    judge.options.crl_policy.leaf_only = true;
    let now = judge.time();
    judge.options.crls.add((0..16).map(day), now).unwrap();
    judge.options.crls.add([day(16)], now).unwrap_err();
    judge.accepted();
    judge.options.crls.add([day(16)], now).unwrap();
    assert_eq!(judge.options.crls.lists().len(), 2);
}

/// Generations of a CA's key, or CAs of one short name.
#[test]
fn lists_of_other_keys_are_not_counted() {
    let id = |n: u8| {
        let value = sequence(&[&der(0x80, &[&[n; 20]])]);
        extension(&[0x55, 0x1d, 0x23], false, &value)
    };
    let mut judge = with(&[
        crl("ca"),
        crl("int").revoking("server-p256").with_extension(id(0)),
    ]);
    for n in 1..40 {
        judge.revoked_by(&[crl("int").signed_by("ca").with_extension(id(n))]);
    }
    assert_eq!(judge.options.crls.lists().len(), 41);
    judge.options.crl_policy.allow_unknown = true;
    judge.refused(R::CertificateRevoked, &[]);
}

#[test]
fn lists_that_the_ca_did_not_sign() {
    // Under its name by another key: worth nothing, and no way to revoke either.
    let forged = crl("int").revoking("server-p256").signed_by("ca");
    with(&[forged.clone(), crl("ca")])
        .refused(R::CrlSignature, &["Test Intermediate", "does not verify"]);
    // Beside the right one it does no harm: a CA may have had two keys.
    let id = extension(
        &[0x55, 0x1d, 0x23],
        false,
        &sequence(&[&der(0x80, &[&[9; 20]])]),
    );
    with(&[forged.clone().with_extension(id), crl("int"), crl("ca")]).accepted();
    let mut allowed = with(&[forged, crl("ca")]);
    allowed.options.crl_policy.allow_unknown = true;
    allowed.accepted();
    let mut flipped = crl("int").bytes();
    *flipped.last_mut().unwrap() ^= 1;
    let mut judge = with(&[crl("ca")]);
    let now = judge.time();
    judge
        .options
        .crls
        .add([Crl::parse(&flipped).unwrap()], now)
        .unwrap();
    judge.refused(R::CrlSignature, &["does not verify"]);
    // Asked again, the answer is the same.
    judge.refused(R::CrlSignature, &["does not verify"]);
    // With SHA-1, and by something unknown.
    for (algorithm, words) in [
        (common::der::RSA_SHA1, "SHA-1"),
        (&[6, 3, 0x2a, 3, 4][..], "not known here (1.2.3.4)"),
    ] {
        let mut list = crl("int");
        list.algorithm = Some(algorithm);
        let bytes = sequence(&[&list.tbs(), &sequence(&[algorithm]), &der(3, &[&[0, 1]])]);
        let mut judge = with(&[crl("ca")]);
        let now = judge.time();
        judge
            .options
            .crls
            .add([Crl::parse(&bytes).unwrap()], now)
            .unwrap();
        judge.refused(R::CrlSignature, &[words]);
    }
}

#[test]
fn a_ca_that_may_not_sign_lists() {
    // keyCertSign alone.
    let basic = extension(&[0x55, 0x1d, 0x13], true, &sequence(&[&[1, 1, 0xff]]));
    let mut issue = Issue::new("server-p384", "ca", &[basic, key_usage(2, 0x04)]);
    issue.subject = "cannot sign lists";
    let issuer = issue.certificate();
    let issuer_parts = common::der::parts(&issuer.clone().into());
    let names = extension(
        &[0x55, 0x1d, 0x11],
        false,
        &sequence(&[&der(0x82, &[b"example.test"])]),
    );
    let mut leaf = Issue::new("server-p256", "client-p256", &[names]);
    leaf.issuer_name = Some(issuer_parts.subject.clone());
    // The key of client-p256 is the CA's.
    issue.key = "client-p256";
    let issuer = issue.certificate();
    let mut list = crl("int").signed_by("client-p256");
    list.issuer = issuer_parts.subject;
    let mut judge = judge_chain(vec![leaf.certificate().into(), issuer.into()]);
    judge.accepted();
    judge.revoked_by(&[list, crl("ca")]);
    judge.refused(R::CrlSignature, &["cannot sign lists", "not cRLSign"]);
}

/// A leaf whose list is at these places.
fn sharded(uris: &[&str]) -> Judge {
    let points: Vec<u8> = uris.iter().flat_map(|uri| sequence(&[&at(uri)])).collect();
    let points = extension(&[0x55, 0x1d, 0x1f], false, &sequence(&[&points]));
    let names = extension(
        &[0x55, 0x1d, 0x11],
        false,
        &sequence(&[&der(0x82, &[b"example.test"])]),
    );
    let leaf = Issue::new("server-p256", "int", &[names, points]).certificate();
    let mut judge = judge_chain(vec![leaf.into(), pki("int")[0].clone()]);
    judge.revoked_by(&[crl("ca")]);
    judge
}

#[test]
fn lists_in_parts() {
    let revoking = || crl("int").with_entry(entry(&[2, 1, 77], &[]));
    let part = |uri: &str| distribution(&[&at(uri), &[0x81, 1, 0xff]]);
    let mut here = sharded(&["http://a/1", "http://a/2"]);
    here.revoked_by(&[revoking().with_extension(part("http://a/2"))]);
    here.refused(R::CertificateRevoked, &[]);
    // Another part says nothing about it.
    let mut there = sharded(&["http://a/1"]);
    there.revoked_by(&[revoking().with_extension(part("http://a/2"))]);
    there.refused(R::CrlMissing, &[]);
    there.revoked_by(&[crl("int").with_extension(part("http://a/1"))]);
    assert_eq!(there.options.crls.lists().len(), 3);
    there.accepted();
    // A certificate that names no place is in no part.
    let mut nowhere = with(&[crl("ca")]);
    nowhere.revoked_by(&[crl("int")
        .revoking("server-p256")
        .with_extension(part("http://a/1"))]);
    nowhere.refused(R::CrlMissing, &[]);
    // Of leaves alone, of CAs alone.
    let leaves = distribution(&[&[0x81, 1, 0xff]]);
    let cas = distribution(&[&[0x82, 1, 0xff]]);
    with(&[
        crl("int").with_extension(leaves.clone()),
        crl("ca").with_extension(cas.clone()),
    ])
    .accepted();
    with(&[crl("int").with_extension(cas), crl("ca")]).refused(R::CrlMissing, &["server-p256"]);
    with(&[crl("int"), crl("ca").with_extension(leaves)])
        .refused(R::CrlMissing, &["tests is not known"]);
}

#[test]
fn a_leaf_that_is_trusted_as_itself() {
    let mut pinned = with(&[crl("int").revoking("server-p256")]).trusting_only("server-p256");
    pinned.refused(R::CertificateRevoked, &[]);
    pinned.options.crls = Crls::default();
    pinned.revoked_by(&[crl("int")]);
    pinned.accepted();
    // Its issuer did not come.
    let mut alone = judge_chain(pki("server-p256")[..1].to_vec());
    alone.trusted = TrustAnchors::default();
    alone.trusted.add(pki("server-p256")[0].clone()).unwrap();
    alone.revoked_by(&[crl("int").revoking("server-p256")]);
    alone.refused(R::CrlMissing, &["issuer did not come"]);
    alone.options.crl_policy.allow_unknown = true;
    alone.accepted();
    // Nobody revokes who signs himself.
    let mut own = judge("self-leaf").trusting_only("self-leaf");
    own.revoked_by(&[crl("int")]);
    own.accepted();
}

#[test]
fn clients_of_a_server_and_their_sessions() {
    let lists = |revoking: bool| {
        let mut crls = Crls::default();
        let list = match revoking {
            true => crl("int")
                .revoking("client-p256")
                .from(NOW - 60, Some(NOW + DAY)),
            false => crl("int"),
        };
        let both = [list, crl("ca")].map(|l| Crl::parse(&l.bytes()).unwrap());
        crls.add(both, judge("server-p256").time()).unwrap();
        crls
    };
    for (revoking, expected) in [(false, None), (true, Some(R::CertificateRevoked))] {
        let mut s = server_config(&MODERN, &["server-p256"]);
        s.client_auth = ClientAuth::Require;
        s.verify_options.crls = lists(revoking);
        let mut c = config(&MODERN);
        c.keypairs = vec![common::keypair("client-p256")];
        let (mut c, mut s) = (client(c), server(s));
        let done = handshake(&mut c, &mut s);
        assert_eq!(done.is_err().then(|| reason(&s)), expected);
    }
    // Other lists are other sessions.
    let mut world = Pair::tickets(&MODERN, "server-p256");
    world.client.verify_options.crls = lists(false);
    for resumed in [false, true] {
        assert_eq!(world.connect().0.facts().resumed, resumed);
    }
    world.client.verify_options.crls = lists(true);
    assert!(!world.connect().0.facts().resumed);
}
