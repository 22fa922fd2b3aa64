//! OCSP staples that are believed, and those that are passed over (RFC 6960, RFC 5019, RFC 7633).

use crate::common;
use crate::renegotiation::pump;

use common::crl::{crl, entry};
use common::der::{Issue, key_usage, ocsp_signing, tls_feature};
use common::judge::{Judge, judge, judge_chain, pki};
use common::sessions::{Pair, TestClock};
use common::staple::{DAY, GOOD, HOUR, Staple, UNKNOWN, no_answer, revoked, staple, staple_for};
use common::{NOW, client, config, handshake, keypair, reason, server, server_config};
use std::sync::Arc;
use tls_core::cert::{
    Certificate, Crl, Keypair, OCSP_MAX_AGE, OCSP_TOLERANCE, OcspStatus, TrustAnchors, must_staple,
};
use tls_core::config::{Config, MODERN, Ocsp, Renegotiation, Verification};
use tls_core::conn::Connection;
use tls_core::crypto::HashId;
use tls_core::error::Reason;

fn stapled(staple: &Staple) -> Judge {
    judge("server-p256").stapled(&staple.bytes())
}

#[track_caller]
fn vouches(staple: &Staple) {
    stapled(staple).requiring_a_staple().accepted();
}

#[test]
fn a_staple_vouches() {
    let good = staple("server-p256");
    vouches(&good);
    for hash in [HashId::Sha256, HashId::Sha384, HashId::Sha512] {
        let mut other = good.clone();
        other.hash = hash;
        vouches(&other);
    }
    // By the hash of the key, RFC 5019 §2.2.1.
    let mut by_key = good.clone();
    let hash = common::der::digest(HashId::Sha1, &by_key.issuer.key);
    by_key.responder = common::der::der(0xa2, &[&common::der::der(4, &[&hash])]);
    vouches(&by_key);
    // With an encoded default, and with extensions that nobody has to know.
    let mut odd = good.clone();
    odd.version = common::der::der(0xa0, &[&[2, 1, 0]]);
    let nonce = common::der::extension(&[0x2b, 6, 1, 5, 5, 7, 0x30, 1, 2], false, &[4, 1, 9]);
    odd.extensions = common::der::der(0xa1, &[&common::der::sequence(&[&nonce])]);
    odd.single_extensions = odd.extensions.clone();
    vouches(&odd);
}

#[test]
fn a_responder_whom_the_ca_certified() {
    let good = staple("server-p256");
    let nocheck = common::der::extension(&[0x2b, 6, 1, 5, 5, 7, 0x30, 1, 5], false, &[5, 0]);
    for extensions in [
        vec![ocsp_signing()],
        vec![ocsp_signing(), nocheck, key_usage(7, 0x80)],
    ] {
        let certificate = Issue::new("client-p256", "int", &extensions).certificate();
        vouches(&good.clone().delegated("client-p256", certificate.clone()));
        // Others beside it do not matter.
        let mut many = good.clone().delegated("client-p256", certificate);
        many.certificates.insert(0, pki("ca")[0].to_vec());
        many.certificates.insert(0, vec![0x30, 0]);
        vouches(&many);
    }
}

/// A cache that was not renewed through an outage: its response is over, and so may be the certificate of who
/// signed it.
#[test]
fn a_stale_answer_of_a_responder_whose_certificate_ended() {
    let mut issue = Issue::new("client-p256", "int", &[ocsp_signing()]);
    issue.until = NOW - HOUR;
    let by = |staple: Staple| staple.delegated("client-p256", issue.certificate());
    let stale = by(staple("server-p256").from(NOW - 9 * DAY, Some(NOW - 2 * DAY)));
    stapled(&stale).accepted();
    stapled(&stale)
        .requiring_a_staple()
        .refused(Reason::OcspExpired, &[]);
    // What is not over has no such excuse, nor has what was made behind the end.
    for bad in [
        by(staple("server-p256").from(NOW - 9 * DAY, Some(NOW + DAY))),
        by(staple("server-p256").from(NOW - HOUR / 2, Some(NOW - HOUR / 4))),
    ] {
        let verdict = stapled(&bad).verdict().unwrap_err();
        assert_eq!(verdict.reason(), Reason::OcspSignature, "{verdict}");
    }
    // A revocation holds, however old.
    let revoked = staple("server-p256")
        .says(&revoked(Some(1)))
        .from(NOW - 9 * DAY, Some(NOW - 2 * DAY));
    stapled(&by(revoked)).refused(Reason::CertificateRevoked, &["keyCompromise"]);
}

#[test]
fn times_have_a_tolerance() {
    let (tolerance, age) = (OCSP_TOLERANCE as u64, OCSP_MAX_AGE as u64);
    for (this, next) in [
        (NOW, Some(NOW)),
        (NOW + tolerance, Some(NOW + DAY)),
        (NOW - DAY, Some(NOW - tolerance)),
        (NOW - 4000 * DAY, Some(NOW)),
        (NOW, None),
        (NOW - age - tolerance, None),
    ] {
        vouches(&staple("server-p256").from(this, next));
    }
    for (this, next, why) in [
        (
            NOW + tolerance + 1,
            Some(NOW + DAY),
            Reason::OcspNotYetValid,
        ),
        (NOW + DAY, None, Reason::OcspNotYetValid),
        (NOW - DAY, Some(NOW - tolerance - 1), Reason::OcspExpired),
        (NOW - age - tolerance - 1, None, Reason::OcspExpired),
    ] {
        let late = stapled(&staple("server-p256").from(this, next));
        late.accepted();
        late.requiring_a_staple()
            .refused(why, &["server-p256", "now is"]);
    }
}

#[test]
fn what_is_no_answer_is_passed_over_unless_one_is_required() {
    let unknown = stapled(&staple("server-p256").says(UNKNOWN));
    unknown.accepted();
    unknown
        .requiring_a_staple()
        .refused(Reason::OcspUnknown, &["does not know"]);
    for (status, name) in [
        (1, "malformedRequest"),
        (2, "internalError"),
        (3, "tryLater"),
        (5, "sigRequired"),
        (6, "unauthorized"),
    ] {
        let none = judge("server-p256").stapled(&no_answer(status));
        none.accepted();
        none.requiring_a_staple()
            .refused(Reason::OcspUnknown, &[name]);
    }
}

#[test]
fn of_several_answers_about_it_the_worst_counts() {
    let good = staple("server-p256");
    let other = staple("server-p384").says(&revoked(None));
    for (status, refused) in [
        (GOOD.to_vec(), None),
        (UNKNOWN.to_vec(), Some(Reason::OcspUnknown)),
        (revoked(None), Some(Reason::CertificateRevoked)),
    ] {
        let second = good.clone().says(&status).single();
        for front in [true, false] {
            let mut both = good.clone();
            both.before = other.single();
            match front {
                true => both.before.extend(&second),
                false => both.behind.extend(&second),
            }
            let verdict = stapled(&both).requiring_a_staple().verdict();
            assert_eq!(verdict.err().map(|e| e.reason()), refused);
        }
    }
    // Equally good: the later one.
    let mut both = good.clone().from(NOW - 30 * DAY, Some(NOW - 20 * DAY));
    both.behind = good.single();
    vouches(&both);
}

#[test]
fn a_leaf_that_is_trusted_as_itself() {
    // Its issuer came along.
    let good = stapled(&staple("server-p256")).trusting_only("server-p256");
    good.clone().requiring_a_staple().accepted();
    stapled(&staple("server-p256").says(&revoked(Some(1))))
        .trusting_only("server-p256")
        .refused(Reason::CertificateRevoked, &["keyCompromise"]);
    // Without it nobody can tell.
    let mut alone =
        judge_chain(pki("server-p256")[..1].to_vec()).stapled(&staple("server-p256").bytes());
    alone.trusted = TrustAnchors::default();
    alone.trusted.add(pki("server-p256")[0].clone()).unwrap();
    alone.accepted();
    alone
        .clone()
        .requiring_a_staple()
        .refused(Reason::OcspUnknown, &["issuer did not come"]);
    // The issuer may be among what is trusted.
    let both = alone.trusting("int");
    both.clone().requiring_a_staple().accepted();
    let mut bad = both;
    bad.staple = Some(staple("server-p256").says(&revoked(Some(1))).bytes());
    bad.refused(Reason::CertificateRevoked, &["keyCompromise"]);
    // Self-signed: it speaks of itself.
    let mut own = staple("self-leaf");
    own.issuer = own.leaf.clone();
    let own = own.clone().signed_by("self-leaf", &own.leaf);
    judge("self-leaf")
        .trusting_only("self-leaf")
        .stapled(&own.bytes())
        .requiring_a_staple()
        .accepted();
}

/// server-p256's key under a certificate with these features.
fn with_features(features: &[u8]) -> Vec<Certificate> {
    let names = common::der::sequence(&[&common::der::der(0x82, &[b"example.test"])]);
    let names = common::der::extension(&[0x55, 0x1d, 0x11], false, &names);
    let mut issue = Issue::new("server-p256", "int", &[names, tls_feature(features)]);
    issue.subject = "must-staple";
    vec![issue.certificate().into(), pki("int")[0].clone()]
}

#[test]
fn a_certificate_that_demands_a_staple() {
    for (features, demands) in [
        (&[5][..], true),
        (&[17, 5], true),
        (&[17], false),
        (&[], false),
    ] {
        let chain = with_features(features);
        assert_eq!(must_staple(&chain[0]), Ok(demands));
        let bare = judge_chain(chain.clone());
        let good = bare.clone().stapled(&staple_for(&chain[0]).bytes());
        let late = staple_for(&chain[0]).from(NOW - 9 * DAY, Some(NOW - DAY));
        let late = bare.clone().stapled(&late.bytes());
        let none = bare.clone().stapled(&no_answer(3));
        good.accepted();
        if !demands {
            bare.accepted();
            late.accepted();
            none.accepted();
            continue;
        }
        bare.refused(Reason::OcspResponseMissing, &["must-staple", "RFC 7633"]);
        late.refused(Reason::OcspExpired, &[]);
        none.refused(Reason::OcspUnknown, &[]);
    }
    let broken = common::der::extension(&[0x2b, 6, 1, 5, 5, 7, 1, 0x18], false, &[0x30, 1, 5]);
    let broken = Issue::new("server-p256", "int", &[broken]).certificate();
    let chain = vec![broken.into(), pki("int")[0].clone()];
    assert!(must_staple(&chain[0]).is_err());
    judge_chain(chain).refused(Reason::CertificateMalformed, &["TLS feature"]);
}

fn stapling(chain: Vec<Certificate>, response: Option<&[u8]>) -> Config {
    let mut config = server_config(&MODERN, &["server-p256"]);
    let key = keypair("server-p256").key().clone();
    let keypair = Keypair::new(&*config.provider, chain, key).unwrap();
    let keypair = keypair
        .with_ocsp_response(response.map(Into::into))
        .unwrap();
    config.keypairs = vec![Arc::new(keypair)];
    config
}

fn asking(ocsp: Ocsp) -> Config {
    let mut config = config(&MODERN);
    config.ocsp = ocsp;
    config
}

fn run(c: Config, s: Config) -> (Connection, Result<(), Reason>) {
    let (mut c, mut s) = (client(c), server(s));
    let done = handshake(&mut c, &mut s);
    let result = done.map_err(|_| reason(&c));
    (c, result)
}

#[test]
fn a_demand_is_kept_whatever_the_mode_unless_nothing_is_verified() {
    let chain = with_features(&[5]);
    let good = staple_for(&chain[0]).bytes();
    for ocsp in [Ocsp::Off, Ocsp::Request, Ocsp::Require] {
        let bare = run(asking(ocsp), stapling(chain.clone(), None)).1;
        assert_eq!(bare, Err(Reason::OcspResponseMissing), "{ocsp:?}");
        let expected = match ocsp {
            Ocsp::Off => Err(Reason::OcspResponseMissing),
            _ => Ok(()),
        };
        assert_eq!(
            run(asking(ocsp), stapling(chain.clone(), Some(&good))).1,
            expected
        );
    }
    let mut blind = asking(Ocsp::Off);
    blind.verification = Verification::AcceptAny;
    assert_eq!(run(blind, stapling(chain, None)).1, Ok(()));
}

#[test]
fn what_a_connection_tells_of_its_staple() {
    let chain = pki("server-p256");
    let told = |config: Config, staple: Option<Vec<u8>>| {
        let (c, result) = run(config, stapling(chain.clone(), staple.as_deref()));
        result.unwrap();
        c.ocsp_info()
    };
    assert_eq!(
        told(asking(Ocsp::Off), Some(staple("server-p256").bytes())),
        None
    );
    assert_eq!(told(asking(Ocsp::Request), None), None);
    let (info, right) = told(asking(Ocsp::default()), Some(staple("server-p256").bytes()))
        .unwrap()
        .unwrap();
    assert_eq!(right, Ok(()));
    assert_eq!(info.status, OcspStatus::Good);
    assert_eq!(info.produced_at, Some((NOW - HOUR) as i64));
    assert_eq!(info.this_update, Some((NOW - HOUR) as i64));
    assert_eq!(info.next_update, Some((NOW + 7 * DAY) as i64));
    // Passed over, and why.
    let late = staple("server-p256").from(NOW - 9 * DAY, Some(NOW - DAY));
    let (info, right) = told(asking(Ocsp::Request), Some(late.bytes()))
        .unwrap()
        .unwrap();
    assert_eq!(info.status, OcspStatus::Good);
    assert_eq!(right.unwrap_err().reason(), Reason::OcspExpired);
    let (info, right) = told(asking(Ocsp::Request), Some(no_answer(3)))
        .unwrap()
        .unwrap();
    assert_eq!(
        (info.status, info.this_update),
        (OcspStatus::NoAnswer(3), None)
    );
    assert_eq!(right.unwrap_err().reason(), Reason::OcspUnknown);
    // Where nothing is verified, no staple is right, and what it says can still be read.
    for bytes in [
        staple("server-p256").bytes(),
        staple("server-p256").says(&revoked(Some(4))).bytes(),
    ] {
        let mut blind = asking(Ocsp::Request);
        blind.verification = Verification::AcceptAny;
        let (_, right) = told(blind, Some(bytes)).unwrap().unwrap();
        assert_eq!(right.unwrap_err().reason(), Reason::OcspUnknown);
    }
    let mut blind = asking(Ocsp::Request);
    blind.verification = Verification::AcceptAny;
    let error = told(blind, Some(staple("server-p384").bytes()))
        .unwrap()
        .unwrap_err();
    assert_eq!(error.reason(), Reason::BadOcspResponse);
}

#[test]
fn a_refused_staple_can_still_be_read() {
    let bytes = staple("server-p256").says(&revoked(Some(1))).bytes();
    let (c, result) = run(
        asking(Ocsp::Request),
        stapling(pki("server-p256"), Some(&bytes)),
    );
    assert_eq!(result, Err(Reason::CertificateRevoked));
    let (info, right) = c.ocsp_info().unwrap().unwrap();
    let at = (NOW - 10 * DAY) as i64;
    assert_eq!(
        info.status,
        OcspStatus::Revoked {
            at,
            reason: Some(1)
        }
    );
    assert!(right.is_err());
}

#[test]
fn a_session_lives_no_longer_than_its_staple() {
    let mut world = Pair::tickets(&MODERN, "server-p256");
    let until = staple("server-p256")
        .from(NOW - HOUR, Some(NOW + HOUR))
        .bytes();
    let keypair = Keypair::clone(&keypair("server-p256"));
    world.server.keypairs = vec![Arc::new(
        keypair.with_ocsp_response(Some(until.into())).unwrap(),
    )];
    world.client.ocsp = Ocsp::Require;
    for resumed in [false, true] {
        let (c, _) = world.connect();
        assert_eq!(c.facts().resumed, resumed);
        let (info, right) = c.ocsp_info().unwrap().unwrap();
        assert_eq!((info.status, right), (OcspStatus::Good, Ok(())));
    }
    world.clock.forward(HOUR + OCSP_TOLERANCE as u64 + 1);
    let (c, _) = world.try_connect();
    assert_eq!(reason(&c), Reason::OcspExpired);
    // Who only asks resumes: the staple is passed over in a full handshake too.
    world.client.ocsp = Ocsp::Request;
    let (c, _) = world.connect();
    assert!(!c.facts().resumed);
    let (c, _) = world.connect();
    assert!(c.facts().resumed);
    assert!(c.ocsp_info().unwrap().unwrap().1.is_err());
}

#[test]
fn a_renegotiation_judges_the_staple_anew() {
    let until = staple("server-p256")
        .from(NOW - HOUR, Some(NOW + HOUR))
        .bytes();
    for (ocsp, refused) in [
        (Ocsp::Require, Some(Reason::OcspExpired)),
        (Ocsp::Request, None),
    ] {
        let clock = TestClock::new();
        let (mut ours, mut theirs) = (asking(ocsp), stapling(pki("server-p256"), Some(&until)));
        for config in [&mut ours, &mut theirs] {
            config.clock = clock.clone();
            config.renegotiation = Renegotiation::Allow;
        }
        let mut ends = [client(ours), server(theirs)];
        let [c, s] = &mut ends;
        handshake(c, s).unwrap();
        for handshakes in [2, 3] {
            ends[0].renegotiate().unwrap();
            pump(&mut ends);
            let error = ends[0].error().map(|e| e.reason());
            if handshakes == 2 || refused.is_none() {
                assert_eq!((ends[0].facts().handshakes, error), (handshakes, None));
            } else {
                assert_eq!(error, refused);
            }
            let right = ends[0].ocsp_info().unwrap().unwrap().1;
            assert_eq!(right.is_ok(), handshakes == 2);
            clock.forward(2 * HOUR);
        }
    }
}

#[test]
fn a_responder_that_a_crl_revokes() {
    let certificate = Issue::new("client-p256", "int", &[ocsp_signing()]).certificate();
    let staple = staple("server-p256").delegated("client-p256", certificate);
    let mut judge = stapled(&staple);
    let list = |entries: &[Vec<u8>]| {
        let mut list = crl("int");
        list.entries = entries.to_vec();
        [list, crl("ca")].map(|list| Crl::parse(&list.bytes()).unwrap())
    };
    let now = judge.time();
    judge.options.crls.add(list(&[]), now).unwrap();
    judge.accepted();
    judge.options.crls = Default::default();
    judge
        .options
        .crls
        .add(list(&[entry(&[2, 1, 77], &[])]), now)
        .unwrap();
    judge.refused(
        Reason::OcspSignature,
        &["CN=responder", "not authorized", "revoked"],
    );
}
