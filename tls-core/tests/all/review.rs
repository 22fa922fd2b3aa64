//! The application's word on a verdict: what it is told, what it may say, now or later, on either
//! side, and that sessions remember whose word it was.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::{client, config, give, handshake, keypair, reason, server, server_config, take};
use std::sync::{Arc, Mutex};
use tls_core::cert::{Purpose, Review, Reviewer};
use tls_core::config::{ClientAuth, Config, MODERN, Verification};
use tls_core::conn::{Connection, Stop};
use tls_core::crypto::{Answer, KeyError, Later, Pending, Reply, Ruling};
use tls_core::error::{Error, Reason};
use tls_core::wire::AlertDescription;

/// What a reviewer was told.
#[derive(Clone, Debug, PartialEq)]
struct Told {
    chain: usize,
    name: Option<String>,
    purpose: Purpose,
    verdict: Result<usize, Reason>,
}

#[derive(Debug)]
struct Says {
    ruling: Ruling,
    later: bool,
    told: Mutex<Vec<Told>>,
    pending: Mutex<Option<Arc<Pending>>>,
}

impl Reviewer for Says {
    fn review(&self, review: &Review<'_>, later: &Later) -> Reply<Ruling> {
        self.told.lock().unwrap().push(Told {
            chain: review.chain.len(),
            name: review.name.map(ToString::to_string),
            purpose: review.purpose,
            verdict: review.verdict.map(<[_]>::len).map_err(Error::reason),
        });
        if !self.later {
            return Reply::Now(self.ruling.clone());
        }
        *self.pending.lock().unwrap() = Some(later.pending());
        Reply::Later
    }
}

fn says(ruling: Ruling) -> Arc<Says> {
    Arc::new(Says {
        ruling,
        later: false,
        told: Mutex::default(),
        pending: Mutex::default(),
    })
}

fn slow() -> Arc<Says> {
    Arc::new(Says {
        ruling: Ruling::Stands,
        later: true,
        told: Mutex::default(),
        pending: Mutex::default(),
    })
}

fn refusal() -> Ruling {
    Ruling::Refused(Error::with(Reason::CertificateRejected, "not on the list"))
}

fn reviewed_by(reviewer: Arc<Says>) -> Config {
    let mut config = config(&MODERN);
    config.reviewer = Some(reviewer);
    config
}

/// A server with a good certificate, or with one of an unknown CA.
fn with_server(good: bool) -> Connection {
    let name = if good { "server-p256" } else { "self-leaf" };
    server(server_config(&MODERN, &[name]))
}

#[test]
fn a_verdict_that_stands() {
    for (good, verdict) in [(true, Ok(3)), (false, Err(Reason::CertificateUntrusted))] {
        let reviewer = says(Ruling::Stands);
        let (mut c, mut s) = (client(reviewed_by(reviewer.clone())), with_server(good));
        let result = handshake(&mut c, &mut s);
        assert_eq!(result.is_ok(), good, "{:?}", c.error());
        assert_eq!(c.facts().verified_chain.is_some(), good);
        if !good {
            assert_eq!(reason(&c), Reason::CertificateUntrusted);
        }
        let told = reviewer.told.lock().unwrap().clone();
        let [told] = &told[..] else {
            panic!("told {} times", told.len())
        };
        assert_eq!(told.verdict, verdict);
        assert_eq!(told.purpose, Purpose::Server);
        assert!(told.name.is_some() && told.chain >= 1);
    }
}

#[test]
fn refused_though_it_verified_and_with_the_alert_that_was_asked_for() {
    let denied = Error::with(Reason::CertificateRejected, "not on the list")
        .and_alert(AlertDescription::ACCESS_DENIED);
    for (ruling, alert) in [
        (refusal(), AlertDescription::BAD_CERTIFICATE),
        (Ruling::Refused(denied), AlertDescription::ACCESS_DENIED),
    ] {
        let (mut c, mut s) = (client(reviewed_by(says(ruling))), with_server(true));
        handshake(&mut c, &mut s).unwrap_err();
        assert_eq!(reason(&c), Reason::CertificateRejected);
        assert_eq!(c.error().unwrap().text(), "not on the list");
        assert_eq!(c.facts().verified_chain, None);
        assert_eq!(s.error().unwrap().alert().unwrap().0, alert);
    }
}

#[test]
fn danger_accepts_what_was_refused_and_nothing_is_called_verified() {
    let reviewer = says(Ruling::DangerAccepted);
    let (mut c, mut s) = (client(reviewed_by(reviewer)), with_server(false));
    handshake(&mut c, &mut s).unwrap();
    assert_eq!(c.facts().verified_chain, None);
    // Of a good chain it says nothing new.
    let reviewer = says(Ruling::DangerAccepted);
    let (mut c, mut s) = (client(reviewed_by(reviewer)), with_server(true));
    handshake(&mut c, &mut s).unwrap();
    assert!(c.facts().verified_chain.is_some());
}

/// Whatever is accepted, the key's signature is verified: a chain alone proves nothing.
#[test]
fn danger_accepts_no_signature_by_another_key() {
    use common::plan::{AtClient, GCM};
    use common::puppet::{params, public_value};
    use tls_core::wire::{HandshakeType, NamedGroup};
    let mut config = GCM.client_config();
    config.reviewer = Some(says(Ruling::DangerAccepted));
    let mut puppet = GCM.client_with(config, AtClient::ServerKeyExchange);
    let params = params(NamedGroup::X25519, &public_value(NamedGroup::X25519));
    // The certificate's owner is somebody else.
    puppet.server_key_exchange(&params, "server-rsa4096", GCM.scheme);
    puppet.say(HandshakeType::SERVER_HELLO_DONE, &[]);
    puppet.refused(Reason::BadSignature, AlertDescription::DECRYPT_ERROR);
}

#[test]
fn where_any_certificate_is_accepted_the_reviewer_is_asked_too() {
    let reviewer = says(refusal());
    let mut c = reviewed_by(reviewer.clone());
    c.verification = Verification::AcceptAny;
    let (mut c, mut s) = (client(c), with_server(false));
    handshake(&mut c, &mut s).unwrap_err();
    assert_eq!(reason(&c), Reason::CertificateRejected);
    let told = reviewer.told.lock().unwrap();
    assert_eq!((told[0].verdict, told[0].name.as_ref()), (Ok(0), None));
}

#[test]
fn a_server_asks_about_its_client() {
    for (ruling, good, accepted) in [
        (Ruling::Stands, true, true),
        (Ruling::Stands, false, false),
        (refusal(), true, false),
        (Ruling::DangerAccepted, false, true),
    ] {
        let reviewer = says(ruling);
        let mut s = server_config(&MODERN, &["server-p256"]);
        s.client_auth = ClientAuth::Require;
        s.reviewer = Some(reviewer.clone());
        let mut c = config(&MODERN);
        let name = if good { "client-p256" } else { "self-client" };
        c.keypairs = vec![keypair(name)];
        let (mut c, mut s) = (client(c), server(s));
        assert_eq!(handshake(&mut c, &mut s).is_ok(), accepted);
        assert_eq!(s.facts().verified_chain.is_some(), good && accepted);
        let told = reviewer.told.lock().unwrap();
        assert_eq!((told.len(), told[0].purpose), (1, Purpose::Client));
        assert_eq!(told[0].name, None);
    }
    // Nobody came with a certificate: there is nothing to review.
    let reviewer = says(refusal());
    let mut s = server_config(&MODERN, &["server-p256"]);
    s.client_auth = ClientAuth::Request;
    s.reviewer = Some(reviewer.clone());
    handshake(&mut client(config(&MODERN)), &mut server(s)).unwrap();
    assert!(reviewer.told.lock().unwrap().is_empty());
}

#[test]
fn an_answer_may_come_later_from_any_thread() {
    let answers: [(Answer, Option<Reason>); 5] = [
        (Answer::Ruling(Ruling::Stands), None),
        (Answer::Ruling(refusal()), Some(Reason::CertificateRejected)),
        (
            Answer::Failed(KeyError::Failed("no".into())),
            Some(Reason::CertificateRejected),
        ),
        (
            Answer::Verdict(Ok(Arc::default())),
            Some(Reason::CallbackMisbehaved),
        ),
        (Answer::Session(None), Some(Reason::CallbackMisbehaved)),
    ];
    for (answer, refused) in answers {
        let reviewer = slow();
        let (mut c, mut s) = (client(reviewed_by(reviewer.clone())), with_server(true));
        let _hello = c.handshake();
        give(&mut s, &take(&mut c));
        let _flight = s.handshake();
        give(&mut c, &take(&mut s));
        for _ in 0..3 {
            assert_eq!(c.handshake(), Err(Stop::WantApp));
        }
        let pending = reviewer.pending.lock().unwrap().take().unwrap();
        std::thread::spawn(move || pending.answer(answer).unwrap())
            .join()
            .unwrap();
        match refused {
            None => handshake(&mut c, &mut s).unwrap(),
            Some(why) => {
                assert_eq!(c.handshake(), Err(Stop::Failed));
                assert_eq!(reason(&c), why);
            }
        }
    }
}

/// Later, and nobody holds what the answer could come through.
#[derive(Debug)]
struct Careless;

impl Reviewer for Careless {
    fn review(&self, _: &Review<'_>, _: &Later) -> Reply<Ruling> {
        Reply::Later
    }
}

#[test]
fn later_without_a_handle_is_a_mistake() {
    let mut c = config(&MODERN);
    c.reviewer = Some(Arc::new(Careless));
    let (mut c, mut s) = (client(c), with_server(true));
    handshake(&mut c, &mut s).unwrap_err();
    assert_eq!(reason(&c), Reason::CallbackMisbehaved);
}
