//! What was set for one connection, against a configuration that is chosen for a hello: nothing of it is
//! lost, in whichever handshake.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common::der::parts_of;
use crate::common::puppet::suite;
use crate::common::sessions::Pair;
use crate::common::{
    client, config, give, handshake, keypair, read, reason, server, server_config, take, transfer,
};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tls_core::cert::{
    CertificateVerifier, Review, Reviewer, TrustAnchors, VerifiedChain, VerifyRequest,
};
use tls_core::config::{
    ClientAuth, ClientHelloInfo, Config, HelloDecision, HelloHandler, KeyLimits, MODERN,
    Renegotiation, Verification,
};
use tls_core::conn::{ChannelBinding, Connection, Stop};
use tls_core::crypto::{HashId, Later, Pending, Provider as _, Reply, Ruling};
use tls_core::error::{Error, Reason};
use tls_core::wire::AlertDescription as A;
use tls_crypto::DefaultProvider;

const ASKED: [ClientAuth; 3] = [ClientAuth::None, ClientAuth::Request, ClientAuth::Require];

/// Chooses these in turn, the last one for ever.
#[derive(Debug)]
struct Chooses {
    configs: Vec<Arc<Config>>,
    calls: AtomicUsize,
}

impl Chooses {
    fn new(configs: impl IntoIterator<Item = Config>) -> Arc<Self> {
        Arc::new(Self {
            configs: configs.into_iter().map(Arc::new).collect(),
            calls: AtomicUsize::new(0),
        })
    }
}

impl HelloHandler for Chooses {
    fn on_hello(&self, _: &ClientHelloInfo<'_>, _: &Later) -> Reply<HelloDecision> {
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        let config = self.configs.get(call).or(self.configs.last()).unwrap();
        Reply::Now(HelloDecision::Config(config.clone()))
    }
}

/// Keeps the question.
#[derive(Debug, Default)]
struct Waits(Mutex<Option<Arc<Pending>>>);

impl HelloHandler for Waits {
    fn on_hello(&self, _: &ClientHelloInfo<'_>, later: &Later) -> Reply<HelloDecision> {
        *self.0.lock().unwrap() = Some(later.pending());
        Reply::Later
    }
}

fn front(handler: Arc<dyn HelloHandler>) -> Config {
    let mut front = server_config(&MODERN, &["server-rsa"]);
    front.on_hello = Some(handler);
    front
}

/// A server in front of `chosen`, with settings of its own.
fn over(chosen: Config, own: impl FnOnce(&mut Config)) -> Config {
    let mut front = front(Chooses::new([chosen]));
    own(&mut front);
    front
}

fn plain() -> Config {
    server_config(&MODERN, &["server-p256"])
}

/// With a certificate, or with none.
fn our_client(certificate: bool) -> Config {
    let mut ours = config(&MODERN);
    ours.renegotiation = Renegotiation::Allow;
    if certificate {
        ours.keypairs = vec![keypair("client-rsa")];
    }
    ours
}

fn run(ours: Config, theirs: Config) -> ((Connection, Connection), Result<(), Stop>) {
    let mut ends = (client(ours), server(theirs));
    let result = handshake(&mut ends.0, &mut ends.1);
    (ends, result)
}

/// Until nothing moves any more.
fn pump(c: &mut Connection, s: &mut Connection) {
    loop {
        for conn in [&mut *c, &mut *s] {
            assert!(read(conn, 1).is_err());
        }
        let wire = [take(c), take(s)];
        if wire.iter().all(Vec::is_empty) {
            return;
        }
        give(s, &wire[0]);
        give(c, &wire[1]);
    }
}

/// What came of a demand: nobody was asked, a certificate was shown, or its lack was refused.
fn check_demand(asked: ClientAuth, certificate: bool, c: &Connection, s: &Connection, n: u32) {
    if asked == ClientAuth::Require && !certificate {
        assert_eq!(reason(s), Reason::ClientCertificateMissing);
        assert_eq!(s.error().unwrap().alert().unwrap().0, A::HANDSHAKE_FAILURE);
        return;
    }
    assert_eq!(s.facts().handshakes, n, "{:?}", s.error());
    let requested = c.facts().certificate_requested.is_some();
    assert_eq!(requested, asked != ClientAuth::None);
    let shown = s.facts().verified_chain.is_some();
    assert_eq!(shown, requested && certificate);
}

#[test]
fn the_stricter_demand_on_the_client_holds() {
    for own in ASKED {
        for chosen in ASKED {
            for certificate in [false, true] {
                let mut other = plain();
                other.client_auth = chosen;
                let theirs = over(other, |front| front.set_own_client_auth(own));
                let ((c, s), _) = run(our_client(certificate), theirs);
                check_demand(own.max(chosen), certificate, &c, &s, 1);
                assert_eq!(
                    s.config().keypairs[0].chain(),
                    keypair("server-p256").chain()
                );
            }
        }
    }
    // What the context says is not the connection's own.
    let mut theirs = over(plain(), |_| ());
    theirs.client_auth = ClientAuth::Require;
    let ((c, s), result) = run(our_client(false), theirs);
    result.unwrap();
    check_demand(ClientAuth::None, false, &c, &s, 1);
}

#[test]
fn so_it_does_in_the_handshakes_that_follow() {
    for own in ASKED {
        for chosen in ASKED {
            for certificate in [false, true] {
                // Who is chosen first asks for nothing, and is asked again for the next hello.

                let mut second = plain();
                second.client_auth = chosen;
                let mut first = plain();
                first.on_hello = Some(Chooses::new([second]));
                let mut theirs = front(Chooses::new([first]));
                theirs.set_own_renegotiation(Renegotiation::Allow);
                let ((mut c, mut s), result) = run(our_client(certificate), theirs);
                result.unwrap();

                check_demand(ClientAuth::None, certificate, &c, &s, 1);
                s.set_client_auth(own).unwrap();
                s.renegotiate().unwrap();
                pump(&mut c, &mut s);
                check_demand(own.max(chosen), certificate, &c, &s, 2);
            }
        }
    }
}

#[test]
fn what_a_connection_allows_of_renegotiation_is_its_own() {
    use Renegotiation::{Allow, Own, Refuse};
    for own in [None, Some(Refuse), Some(Own), Some(Allow)] {
        for chosen in [Refuse, Own, Allow] {
            let mut other = plain();
            other.renegotiation = chosen;
            let theirs = over(other, |front| {
                if let Some(own) = own {
                    front.set_own_renegotiation(own);
                }
            });
            let ((mut c, mut s), result) = run(our_client(false), theirs);
            result.unwrap();
            let holds = own.unwrap_or(chosen);
            assert_eq!(s.config().renegotiation, holds);
            c.renegotiate().unwrap();
            pump(&mut c, &mut s);
            assert_eq!(s.facts().handshakes, 1 + u32::from(holds == Allow));
            assert_eq!(s.facts().requests_refused, u32::from(holds != Allow));
            assert_eq!(s.renegotiate().is_ok(), holds != Refuse);
        }
    }
}

#[test]
fn limits_of_keys_are_its_own() {
    let few = KeyLimits::DEFAULT.at_most(8);
    for (own, chosen) in [(true, KeyLimits::DEFAULT), (false, few)] {
        let mut other = plain();
        other.key_limits = chosen;
        let theirs = over(other, |front| {
            if own {
                front.set_own_key_limits(few);
            }
        });
        let ((mut c, mut s), result) = run(our_client(false), theirs);
        result.unwrap();
        // The first of the eight was the Finished.
        for _ in 0..7 {
            transfer(&mut s, &mut c, b"data");
        }
        assert_eq!(s.write(b"data"), Err(Stop::Failed));
        assert_eq!(reason(&s), Reason::KeyLimitReached);
    }
}

/// Refuses everybody, by name.
#[derive(Debug)]
struct Refuses(&'static str);

impl Reviewer for Refuses {
    fn review(&self, _: &Review<'_>, _: &Later) -> Reply<Ruling> {
        let error = Error::with(Reason::CertificateRejected, self.0);
        Reply::Now(Ruling::Refused(error))
    }
}

#[test]
fn who_reviews_is_its_own() {
    let named = |name| Some(Arc::new(Refuses(name)) as Arc<dyn Reviewer>);
    let cases = [
        (Some(named("own")), named("chosen"), Some("own")),
        (Some(named("own")), None, Some("own")),
        (Some(None), named("chosen"), None),
        (None, named("chosen"), Some("chosen")),
    ];
    for (own, chosen, expected) in cases {
        let mut other = plain();
        other.client_auth = ClientAuth::Require;
        other.reviewer = chosen;
        let theirs = over(other, |front| {
            if let Some(own) = own {
                front.set_own_reviewer(own);
            }
        });
        let ((_c, s), result) = run(our_client(true), theirs);
        assert_eq!(result.is_err(), expected.is_some());
        if let Some(expected) = expected {
            let error = s.error().unwrap();
            assert_eq!(error.reason(), Reason::CertificateRejected);
            assert!(error.to_string().contains(expected), "{error}");
        }
    }
}

#[test]
fn pins_are_its_own_and_the_chosen_ones_too() {
    let pin = |name| {
        let hash = DefaultProvider.hash(HashId::Sha256).unwrap();
        let digest = hash.hash(&[&parts_of(name).spki]);
        <[u8; 32]>::try_from(digest.as_ref()).unwrap()
    };
    let (right, wrong) = (pin("client-rsa"), pin("server-rsa"));
    // The connection's own, those of the chosen configuration, and whether one of them all fits.
    let cases = [
        (None, None, true),
        (Some(wrong), None, false),
        (None, Some(wrong), false),
        (Some(wrong), Some(wrong), false),
        (Some(right), None, true),
        (Some(wrong), Some(right), true),
        (Some(right), Some(wrong), true),
    ];
    for (own, chosen, fits) in cases {
        let mut other = plain();
        other.client_auth = ClientAuth::Require;
        chosen
            .iter()
            .for_each(|pin| other.verify_options.pins.add(*pin));
        let theirs = over(other, |front| {
            // Of the context alone: forgotten.
            front.verify_options.pins.add([7; 32]);
            own.iter().for_each(|pin| front.add_own_pin(*pin));
        });
        let ((_c, s), result) = run(our_client(true), theirs);
        assert_eq!(result.is_ok(), fits, "{own:?} {chosen:?} {:?}", s.error());
        if !fits {
            assert_eq!(reason(&s), Reason::CertificateNotPinned);
        }
    }
}

/// Vouches for servers alone.
#[derive(Debug)]
struct ForServers;

impl CertificateVerifier for ForServers {
    fn verify(&self, _: &VerifyRequest<'_>, _: &Later) -> Reply<Result<VerifiedChain, Error>> {
        panic!("it judges no clients")
    }

    fn judges_clients(&self) -> bool {
        false
    }
}

#[test]
fn how_it_verifies_is_its_own_and_so_are_cas_that_it_was_given() {
    use Verification::{AcceptAny, Required, WithoutName};
    let good = || match config(&MODERN).verification {
        Required(verifier) => verifier,
        _ => panic!("the test's CAs"),
    };
    let nobody = || Arc::new(TrustAnchors::default()) as Arc<dyn CertificateVerifier>;
    let unasked = || Arc::new(ForServers) as Arc<dyn CertificateVerifier>;
    let accepted = Ok(true);
    let unverified = Ok(false);
    let unknown = Err(Reason::CertificateUntrusted);
    let untold = Err(Reason::NoTrustAnchors);
    // (the connection's own, its verifier too, the chosen one's) -> what becomes of a good certificate.
    let cases = [
        (None, WithoutName(nobody()), unknown),
        (
            Some((Required(unasked()), false)),
            Required(good()),
            accepted,
        ),
        (
            Some((WithoutName(unasked()), false)),
            Required(good()),
            accepted,
        ),
        (
            Some((WithoutName(good()), false)),
            Required(nobody()),
            unknown,
        ),
        (Some((Required(good()), true)), Required(nobody()), accepted),
        (
            Some((WithoutName(nobody()), true)),
            Required(good()),
            unknown,
        ),
        (Some((Required(nobody()), true)), AcceptAny, unknown),
        (Some((AcceptAny, false)), Required(nobody()), unverified),
        (Some((AcceptAny, false)), Required(unasked()), unverified),
        (Some((Required(good()), false)), AcceptAny, accepted),
        (Some((WithoutName(good()), false)), AcceptAny, accepted),
        (Some((Required(nobody()), false)), AcceptAny, unknown),
        // Demanding verification where nobody may judge is an error, not trust.
        (Some((Required(unasked()), false)), AcceptAny, untold),
    ];
    for (n, (own, chosen, expected)) in cases.into_iter().enumerate() {
        let mut other = plain();
        other.client_auth = ClientAuth::Require;
        other.verification = chosen;
        let theirs = over(other, |front| {
            if let Some((verification, verifier)) = own {
                front.set_own_verification(verification, verifier);
            }
        });
        let ((_c, s), result) = run(our_client(true), theirs);
        let found = match result {
            Ok(()) => Ok(s.is_verified()),
            Err(_) => Err(reason(&s)),
        };
        assert_eq!(found, expected, "case {n}: {:?}", s.error());
    }
}

#[test]
fn a_verifier_stays_the_connections_when_the_mode_is_set_behind_it() {
    let nobody = Arc::new(TrustAnchors::default());
    let mut other = plain();
    other.client_auth = ClientAuth::Require;
    let theirs = over(other, |front| {
        front.set_own_verification(Verification::Required(nobody.clone()), true);
        front.set_own_verification(Verification::WithoutName(nobody), false);
    });
    let ((_c, s), result) = run(our_client(true), theirs);
    result.unwrap_err();
    assert_eq!(reason(&s), Reason::CertificateUntrusted);
}

#[test]
fn what_is_asked_is_settled_when_the_hello_has_come_whatever_is_chosen() {
    let waits = Arc::new(Waits::default());
    let (mut c, mut s) = (client(our_client(true)), server(front(waits.clone())));
    s.set_client_auth(ClientAuth::Request).unwrap();
    assert_eq!(c.handshake(), Err(Stop::WantRead));
    give(&mut s, &take(&mut c));
    assert_eq!(s.handshake(), Err(Stop::WantApp));
    let settled = |s: &mut Connection| {
        for asked in ASKED {
            let error = s.set_client_auth(asked).unwrap_err();
            assert_eq!(error.reason(), Reason::WrongOrder);
        }
    };
    settled(&mut s);
    // This one can be set at any time, and survives the choice that comes later.
    s.set_renegotiation(Renegotiation::Own);
    let pending = waits.0.lock().unwrap().take().unwrap();
    let decision = HelloDecision::Config(Arc::new(plain()));
    pending.answer(decision.into()).unwrap();
    assert_eq!(s.handshake(), Err(Stop::WantRead));
    settled(&mut s);
    handshake(&mut c, &mut s).unwrap();
    check_demand(ClientAuth::Request, true, &c, &s, 1);
    assert_eq!(s.config().renegotiation, Renegotiation::Own);
}

#[test]
fn who_serves_needs_somebody_who_judges() {
    let unasked = || Verification::Required(Arc::new(ForServers));
    let going_on = |goes_on: bool| {
        let mut other = plain();
        other.client_auth = ClientAuth::Require;
        let choice = match goes_on {
            true => HelloDecision::GoOn,
            false => HelloDecision::Config(Arc::new(other)),
        };
        let waits = Arc::new(Waits::default());
        let mut front = front(waits.clone());
        front.verification = unasked();
        front.client_auth = ClientAuth::Request;
        let (mut c, mut s) = (client(our_client(true)), server(front));
        s.set_client_auth(ClientAuth::Require).unwrap();
        assert_eq!(c.handshake(), Err(Stop::WantRead));
        give(&mut s, &take(&mut c));
        assert_eq!(s.handshake(), Err(Stop::WantApp));
        let pending = waits.0.lock().unwrap().take().unwrap();
        pending.answer(choice.into()).unwrap();
        let result = handshake(&mut c, &mut s);
        (s, result)
    };
    let (s, result) = going_on(false);
    result.unwrap();
    assert!(s.is_verified());
    let (s, result) = going_on(true);
    result.unwrap_err();
    assert_eq!(reason(&s), Reason::NoTrustAnchors);
    assert_eq!(s.error().unwrap().alert().unwrap().0, A::INTERNAL_ERROR);
    // Without anybody who is asked it is an error from the start.
    let mut alone = plain();
    alone.verification = unasked();
    let mut s = server(alone);
    let error = s.set_client_auth(ClientAuth::Require).unwrap_err();
    assert_eq!(error.reason(), Reason::NoTrustAnchors);
}

/// Two ends whose next handshake is under another certificate, with the client's hello of it at the server.
fn amid_a_renegotiation() -> (Pair, Arc<Config>, Connection, Connection) {
    let mut pair = Pair::ids(&MODERN, "server-rsa");
    pair.client.renegotiation = Renegotiation::Allow;
    pair.client.sessions.client_store = None;
    // A renegotiation shows the certificate of the handshake before; it has another place in the second.
    pair.client.suites = vec![suite(0xc02f)];
    pair.server.renegotiation = Renegotiation::Allow;
    let mut other = Pair::ids(&MODERN, "server-rsa").server;
    other.keypairs = vec![keypair("server-p384"), keypair("server-rsa")];
    other.renegotiation = Renegotiation::Allow;
    other.max_send_fragment = 512;
    pair.server.on_hello = Some(Arc::new(Turns(
        AtomicUsize::new(0),
        Arc::new(other.clone()),
    )));
    let (mut c, mut s) = pair.connect();
    c.renegotiate().unwrap();
    give(&mut s, &take(&mut c));
    assert_eq!(read(&mut s, 1), Err(Stop::WantRead));
    (pair, Arc::new(other), c, s)
}

/// Goes on, then chooses this one.
#[derive(Debug)]
struct Turns(AtomicUsize, Arc<Config>);

impl HelloHandler for Turns {
    fn on_hello(&self, _: &ClientHelloInfo<'_>, _: &Later) -> Reply<HelloDecision> {
        Reply::Now(match self.0.fetch_add(1, Ordering::Relaxed) {
            0 => HelloDecision::GoOn,
            _ => HelloDecision::Config(self.1.clone()),
        })
    }
}

fn end_points(c: &Connection, s: &Connection) -> [Vec<u8>; 2] {
    [c, s].map(|conn| {
        conn.channel_binding(ChannelBinding::TlsServerEndPoint)
            .unwrap()
    })
}

#[test]
fn until_it_is_complete_a_renegotiation_changes_nothing_that_is_known() {
    let (_pair, other, mut c, mut s) = amid_a_renegotiation();
    let [ours, theirs] = end_points(&c, &s);
    assert_eq!(ours, theirs);
    assert_eq!(s.facts().local_keypair, Some(0));
    assert_eq!(s.config().keypairs.len(), 1);
    // What is set now holds for both.
    s.set_renegotiation(Renegotiation::Own);
    pump(&mut c, &mut s);
    assert_eq!(s.facts().handshakes, 2);
    assert_eq!(s.config().keypairs.len(), other.keypairs.len());
    assert_eq!(s.config().renegotiation, Renegotiation::Own);
    let place = s.facts().local_keypair.unwrap();
    assert_eq!(place, 1);
    let leaf = &c.facts().peer_chain.as_ref().unwrap()[0];
    assert_eq!(&other.keypairs[place].chain()[0], leaf);
    let [ours, theirs] = end_points(&c, &s);
    assert_eq!(ours, theirs);
}

#[test]
fn a_renegotiation_that_fails_forgets_the_session_where_it_is_kept() {
    let (pair, _other, mut c, mut s) = amid_a_renegotiation();
    let store = pair.server.sessions.store.as_ref().unwrap();
    let id = s.facts().session_id.clone();
    let kept = || {
        let later = Later::new(tls_core::crypto::AnswerKind::Session);
        match store.get(&id, pair.server.clock.now(), &later) {
            Reply::Now(found) => found.is_some(),
            Reply::Later => panic!("a store in memory"),
        }
    };
    assert!(!id.is_empty() && kept());
    c.fail(Reason::Bug.into());
    give(&mut s, &take(&mut c));
    assert_eq!(read(&mut s, 1), Err(Stop::Failed));
    assert_eq!(reason(&s), Reason::AlertReceived);
    assert!(!kept());
}
