//! Resumption between two ends of ours: what is resumed, what it keeps, and everything that makes a
//! full handshake of it. Nothing here is ever an error.

use crate::common::psk::{IDENTITY, keypair_for, share_key};
use crate::common::sessions::{
    Blob, ForeignStore, Manner, Pair, STATE_BINDING, finish, key, resumed, ring,
};
use crate::common::{anchors, client, keypair, reason, server, take, transfer};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tls_core::cert::ServerName;
use tls_core::config::{COMPATIBLE, ClientAuth, LEGACY, MODERN, Verification};
use tls_core::conn::{Connection, Stop};
use tls_core::crypto::{Answer, KeyError, SUITES, Secret, Suite};
use tls_core::error::Reason;
use tls_core::session::{
    ClientSession, ClientSessionStore, KeyWindow, MAX_LIFETIME, MemoryClientStore, SessionStore,
    TicketRing,
};
use tls_core::wire::ExtensionType as E;
use tls_crypto::DefaultProvider;

fn pairs() -> [Pair; 2] {
    [
        Pair::tickets(&MODERN, "server-p256"),
        Pair::ids(&MODERN, "server-p256"),
    ]
}

/// Data in both directions.
fn talk((c, s): &mut (Connection, Connection)) {
    transfer(c, s, b"a question");
    transfer(s, c, &[7; 40_000]);
}

#[test]
fn every_suite_resumes_both_ways() {
    for suite in SUITES {
        let name = keypair_for(suite);
        for mut pair in [Pair::tickets(&LEGACY, name), Pair::ids(&LEGACY, name)] {
            if !pair.client.suites.contains(&suite) {
                continue;
            }
            pair.client.suites = vec![suite];
            share_key(suite, [&mut pair.client, &mut pair.server]);
            let mut first = pair.connect();
            assert!(!resumed(&first));
            talk(&mut first);
            for _ in 0..2 {
                let mut again = pair.connect();
                assert!(resumed(&again), "{}", suite.name);
                let identity = suite.kx.row().psk.then_some(IDENTITY);
                assert_eq!(again.0.facts().psk_identity.as_deref(), identity);
                assert_eq!(again.1.facts().psk_identity.as_deref(), identity);
                talk(&mut again);
                assert_eq!(again.0.facts().suite.unwrap().id, suite.id);
            }
        }
    }
}

#[test]
fn a_resumed_connection_knows_what_the_first_one_knew() {
    for pair in pairs() {
        let first = pair.connect();
        let again = pair.connect();
        assert!(resumed(&again));
        for (old, new) in [(&first.0, &again.0), (&first.1, &again.1)] {
            let (old, new) = (old.facts(), new.facts());
            assert_eq!(old.suite, new.suite);
            assert_eq!(old.peer_chain, new.peer_chain);
            assert_eq!(old.verified_chain, new.verified_chain);
            assert_eq!(old.server_name, new.server_name);
            assert!(new.extended_master_secret);
            assert_eq!((old.group, old.scheme), (new.group, new.scheme));
            assert!(new.group.is_some() && new.scheme.is_some());
            assert_eq!(old.local_keypair, new.local_keypair);
        }
        assert!(again.0.facts().verified_chain.is_some());
    }
}

#[test]
fn the_ways_differ_in_who_keeps_the_session() {
    let [tickets, ids] = pairs();
    let (c, s) = tickets.connect();
    assert!(c.session().unwrap().has_ticket());
    assert!(c.session().unwrap().id().is_empty());
    assert!(s.facts().session_id.is_empty() && tickets.store.is_empty());
    let (c, s) = ids.connect();
    assert!(!c.session().unwrap().has_ticket());
    assert_eq!(c.session().unwrap().id().len(), 32);
    assert_eq!(s.facts().session_id, c.session().unwrap().id());
    assert_eq!(ids.store.len(), 1);
    assert!(s.session().is_none());
}

#[test]
fn a_server_that_keeps_both_prefers_tickets() {
    let mut pair = Pair::ids(&MODERN, "server-p256");
    pair.server.sessions.tickets = true;
    assert!(pair.session().has_ticket());
    assert!(pair.store.is_empty());
    pair.client.sessions.tickets = false;
    assert!(
        !pair.resumes(),
        "a ticket is of no use without the extension"
    );
    assert!(pair.resumes(), "the session ID");
    assert_eq!(pair.store.len(), 1);
}

/// As OpenSSL's: level 3 is about forward secrecy, and who has a ticket key has what was said while it was in use.
#[test]
fn security_level_3_has_no_tickets() {
    for (client, server) in [(3, 0), (0, 3), (3, 3)] {
        let mut pair = Pair::ids(&MODERN, "server-p256");
        pair.server.sessions.tickets = true;
        // The CA's key is too short for the level.
        pair.client.verification = Verification::Required(anchors("pki/server-p256.pem"));
        let before = pair.session();
        assert!(before.has_ticket());
        (pair.client.security_level, pair.server.security_level) = (client, server);
        // Nor is one taken that was given before.
        let ends = pair.offer(&before);
        assert!(!resumed(&ends));
        let session = ends.0.session().unwrap();
        assert!(!session.has_ticket() && !session.id().is_empty());
        assert!(pair.resumes(), "the session ID");
    }
}

#[test]
fn a_clients_store_is_bounded_and_forgets_in_order() {
    let session = || Pair::tickets(&MODERN, "server-p256").session();
    let (one, other) = (session(), session());
    let store = MemoryClientStore::new(3);
    let holds = |wanted: &[u8]| {
        let held = (0..10).filter(|n| store.get(&[*n; 32]).is_some());
        assert_eq!(held.collect::<Vec<_>>(), wanted);
        assert_eq!(store.len(), wanted.len());
    };
    for n in 0..5 {
        store.put(&[n; 32], one.clone());
    }
    holds(&[2, 3, 4]);
    // Another session under the key stays; one that takes the place of an older keeps its place.
    store.remove(&[3; 32], &other);
    store.put(&[2; 32], other.clone());
    holds(&[2, 3, 4]);
    store.remove(&[3; 32], &one);
    store.remove(&[3; 32], &one);
    store.remove(&[9; 32], &one);
    holds(&[2, 4]);
    store.put(&[5; 32], one.clone());
    store.put(&[6; 32], one.clone());
    holds(&[4, 5, 6]);
    // Room for none.
    let none = MemoryClientStore::new(0);
    none.put(&[0; 32], one);
    assert!(none.is_empty());
}

#[test]
fn nothing_is_kept_where_nothing_keeps_it() {
    let mut pair = Pair::tickets(&MODERN, "server-p256");
    pair.server.sessions = Default::default();
    for _ in 0..2 {
        let ends = pair.connect();
        assert!(!resumed(&ends) && ends.0.session().is_none());
    }
    let mut pair = Pair::tickets(&MODERN, "server-p256");
    pair.client.sessions = Default::default();
    assert!(!pair.resumes() && !pair.resumes());
}

#[test]
fn a_session_can_be_given_instead_of_found() {
    for mut pair in pairs() {
        pair.client.sessions.client_store = None;
        let session = pair.session();
        assert!(!pair.resumes(), "nobody offered it");
        assert!(resumed(&pair.offer(&session)));
        let copy = ClientSession::import(&session.export()).unwrap();
        assert!(
            resumed(&pair.offer(&Arc::new(copy))),
            "exported and imported"
        );
    }
}

#[test]
fn alpn_and_encrypt_then_mac_are_negotiated_afresh() {
    for mut pair in [
        Pair::tickets(&COMPATIBLE, "server-rsa"),
        Pair::ids(&COMPATIBLE, "server-rsa"),
    ] {
        pair.client.suites = vec![Suite::by_id(0xc027).unwrap()];
        pair.client.alpn = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        pair.server.alpn = vec![b"h2".to_vec()];
        let (c, _) = pair.connect();
        assert_eq!(c.facts().alpn.as_deref(), Some(&b"h2"[..]));
        assert!(c.facts().encrypt_then_mac);
        pair.server.alpn = vec![b"http/1.1".to_vec()];
        pair.server
            .server_extensions
            .retain(|e| *e != E::ENCRYPT_THEN_MAC);
        let mut ends = pair.connect();
        assert!(resumed(&ends));
        assert_eq!(ends.0.facts().alpn.as_deref(), Some(&b"http/1.1"[..]));
        assert!(!ends.0.facts().encrypt_then_mac);
        talk(&mut ends);
        pair.server.alpn = vec![b"other".to_vec()];
        let (mut c, mut s) = pair.ends();
        assert!(crate::common::handshake(&mut c, &mut s).is_err());
        assert_eq!(reason(&s), Reason::NoCommonProtocol);
    }
}

#[test]
fn time_ends_sessions() {
    for pair in pairs() {
        let session = pair.session();
        pair.clock.forward(7199);
        assert!(resumed(&pair.offer(&session)));
        pair.clock.forward(1);
        assert!(!resumed(&pair.offer(&session)));
    }
}

#[test]
fn the_server_does_not_trust_the_clients_clock() {
    for mut pair in pairs() {
        let session = pair.session();
        // The client's clock stands still, and its session says what it likes.
        let still = crate::common::sessions::TestClock::new();
        pair.client.clock = still;
        pair.clock.forward(7201);
        assert!(!resumed(&pair.offer(&session)));
    }
}

#[test]
fn a_clock_that_is_set_back_ends_sessions_too() {
    for mut pair in pairs() {
        let session = pair.session();
        let still = crate::common::sessions::TestClock::new();
        pair.client.clock = still;
        pair.clock.back(30);
        assert!(resumed(&pair.offer(&session)), "hosts may differ a little");
        pair.clock.back(60);
        assert!(!resumed(&pair.offer(&session)));
    }
}

#[test]
fn a_session_that_is_renewed_ends_with_its_day() {
    let pair = Pair::tickets(&MODERN, "server-p256");
    pair.session();
    let mut spent = 0;
    loop {
        pair.clock.forward(3600);
        spent += 3600;
        let before = pair.client_store.get(&only_key(&pair)).unwrap();
        if !pair.resumes() {
            break;
        }
        let after = pair.client_store.get(&only_key(&pair)).unwrap();
        assert!(!Arc::ptr_eq(&before, &after), "half of its life is over");
        assert!(spent < u64::from(MAX_LIFETIME));
    }
    assert_eq!(spent, u64::from(MAX_LIFETIME));
}

/// The key of the only session in the client's store.
fn only_key(pair: &Pair) -> [u8; 32] {
    let (c, _) = {
        let mut bare = pair.clone();
        bare.client.sessions.client_store = None;
        bare.connect()
    };
    let blob = Blob::of(c.session().unwrap());
    blob.state[STATE_BINDING].try_into().unwrap()
}

#[test]
fn a_ticket_is_renewed_when_half_of_its_life_is_over_and_when_its_key_goes() {
    let pair = Pair::tickets(&MODERN, "server-p256");
    let session = pair.session();
    let (c, _) = pair.offer(&session);
    assert!(Arc::ptr_eq(c.session().unwrap(), &session), "too young");
    pair.clock.forward(3600);
    let (c, _) = pair.offer(&session);
    assert!(c.facts().resumed);
    assert!(!Arc::ptr_eq(c.session().unwrap(), &session));

    let pair = Pair::tickets(&MODERN, "server-p256");
    let session = pair.session();
    pair.ring.set(vec![
        (key(7), KeyWindow::DECRYPT),
        (key(8), KeyWindow::ALWAYS),
    ]);
    let (c, _) = pair.offer(&session);
    assert!(c.facts().resumed);
    let new = c.session().unwrap().clone();
    assert_eq!(Blob::of(&new).ticket[..16], [8; 16]);
    pair.ring.set(vec![(key(8), KeyWindow::ALWAYS)]);
    assert!(!resumed(&pair.offer(&session)), "the old key is gone");
    assert!(resumed(&pair.offer(&new)));
}

#[test]
fn a_ticket_that_was_changed_anywhere_is_no_ticket() {
    let pair = Pair::tickets(&MODERN, "server-p256");
    let blob = Blob::of(&pair.session());
    for place in 0..blob.ticket.len() {
        let mut forged = blob.clone();
        forged.ticket[place] ^= 1;
        assert!(!resumed(&pair.offer(&forged.session())), "byte {place}");
    }
}

#[test]
fn a_ticket_that_was_cut_or_grew_is_no_ticket() {
    let pair = Pair::tickets(&MODERN, "server-p256");
    let blob = Blob::of(&pair.session());
    for len in 1..blob.ticket.len() {
        let mut cut = blob.clone();
        cut.ticket.truncate(len);
        assert!(!resumed(&pair.offer(&cut.session())), "{len} bytes");
    }
    let mut long = blob.clone();
    long.ticket.push(0);
    assert!(!resumed(&pair.offer(&long.session())));
    assert!(resumed(&pair.offer(&blob.session())), "the test itself");
}

#[test]
fn a_ticket_of_another_key_is_no_ticket() {
    let mut pair = Pair::tickets(&MODERN, "server-p256");
    let session = pair.session();
    pair.server.sessions.sealer = Some(ring(9));
    assert!(!resumed(&pair.offer(&session)));
    // The same name, another key.
    let twin = TicketRing::given(Arc::new(DefaultProvider));
    let bytes: [u8; 48] = core::array::from_fn(|i| if i < 16 { 7 } else { 1 });
    let other = tls_core::session::AeadTicketKey::new(&DefaultProvider, &bytes).unwrap();
    twin.add(Arc::new(other), KeyWindow::ALWAYS);
    pair.server.sessions.sealer = Some(Arc::new(twin));
    assert!(!resumed(&pair.offer(&session)));
}

#[test]
fn a_stored_session_is_no_ticket_and_a_ticket_no_stored_session() {
    let store = ForeignStore::new(Manner::Prompt);
    let mut ids = Pair::ids(&MODERN, "server-p256");
    ids.server.sessions.store = Some(store.clone());
    let by_id = ids.session();
    let mut tickets = Pair::tickets(&MODERN, "server-p256");
    tickets.clock = ids.clock.clone();
    let by_ticket = tickets.session();

    let mut blob = Blob::of(&by_id);
    blob.ticket = store.find(by_id.id()).unwrap().to_vec();
    blob.id.clear();
    assert!(!resumed(&tickets.offer(&blob.session())));

    let mut blob = Blob::of(&by_ticket);
    blob.id = by_id.id().to_vec();
    store.remove(&blob.id);
    store.put(&blob.id, &blob.ticket, tls_core::cert::UnixTime::now(), 9);
    blob.ticket.clear();
    assert!(!resumed(&ids.offer(&blob.session())));
}

#[test]
fn a_stored_session_is_for_its_own_id_alone() {
    let store = ForeignStore::new(Manner::Prompt);
    let mut pair = Pair::ids(&MODERN, "server-p256");
    pair.client.sessions.client_store = None;
    pair.server.sessions.store = Some(store.clone());
    let (one, two) = (pair.session(), pair.session());
    assert!(resumed(&pair.offer(&one)));
    let mut values = store.values.lock().unwrap();
    let (a, b) = (values[0].1.clone(), values[1].1.clone());
    (values[0].1, values[1].1) = (b, a);
    drop(values);
    assert!(!resumed(&pair.offer(&one)));
    assert!(!resumed(&pair.offer(&two)));
}

/// The session of `name`, bound as a session of another name would be.
fn disguised(pair: &Pair, name: &str) -> Arc<ClientSession> {
    let mut blob = Blob::of(&pair.session());
    let mut other = pair.clone();
    other.client.sessions.client_store = None;
    let (_, mut s) = other.ends();
    let name = ServerName::parse(name).unwrap();
    let mut c = Connection::client(Arc::new(other.client), Some(name.clone()), Some(name));
    finish(&mut c, &mut s);
    let binding = Blob::of(c.session().unwrap()).state[STATE_BINDING].to_vec();
    blob.state[STATE_BINDING].copy_from_slice(&binding);
    blob.session()
}

#[test]
fn another_host_name_means_a_full_handshake() {
    for pair in pairs() {
        let session = disguised(&pair, "localhost");
        let (_, mut s) = pair.ends();
        let name = ServerName::parse("localhost").unwrap();
        let config = Arc::new(pair.client.clone());
        let mut c = Connection::client(config, Some(name.clone()), Some(name));
        c.set_session(Some(session)).unwrap();
        finish(&mut c, &mut s);
        assert!(!resumed(&(c, s)));
    }
}

#[test]
fn no_host_name_is_another_host_name() {
    for mut pair in pairs() {
        let session = pair.session();
        pair.client
            .client_extensions
            .retain(|e| *e != E::SERVER_NAME);
        assert!(!resumed(&pair.offer(&session)));
    }
}

#[test]
fn another_session_context_means_a_full_handshake() {
    for mut pair in pairs() {
        pair.server.sessions.context_id = b"shop".to_vec();
        let session = pair.session();
        assert!(resumed(&pair.offer(&session)));
        for other in [&b"bank"[..], b"", b"shop2"] {
            pair.server.sessions.context_id = other.to_vec();
            assert!(!resumed(&pair.offer(&session)), "{other:?}");
        }
    }
}

#[test]
fn a_context_id_has_at_most_32_bytes() {
    let mut pair = Pair::tickets(&MODERN, "server-p256");
    pair.server.sessions.context_id = vec![1; 32];
    assert!(!pair.resumes() && pair.resumes());
    pair.server.sessions.context_id = vec![1; 33];
    assert_eq!(reason(&server(pair.server)), Reason::BadArgument);
}

#[test]
fn a_suite_that_is_gone_means_a_full_handshake() {
    for mut pair in pairs() {
        let session = pair.session();
        let suite = session.suite();
        let all = pair.server.suites.clone();
        pair.server.suites.retain(|s| s.id != suite.id);
        assert!(!resumed(&pair.offer(&session)), "at the server");
        pair.server.suites = all;
        pair.client.suites.retain(|s| s.id != suite.id);
        assert!(!resumed(&pair.offer(&session)), "at the client");
    }
}

#[test]
fn a_suite_that_the_server_likes_more_means_a_full_handshake() {
    for mut pair in pairs() {
        let all = pair.client.suites.clone();
        let last = pair.session().suite();
        pair.client.suites = vec![Suite::by_id(0xc02c).unwrap()];
        pair.client.sessions.client_store = None;
        let session = pair.session();
        assert_ne!(session.suite().id, last.id);
        assert!(resumed(&pair.offer(&session)));
        pair.client.suites = all;
        let ends = pair.offer(&session);
        assert!(!resumed(&ends));
        assert_eq!(ends.0.facts().suite.unwrap().id, last.id);
    }
}

#[test]
fn sessions_without_the_extended_master_secret_are_for_legacy_alone() {
    for policy in [&MODERN, &COMPATIBLE, &LEGACY] {
        for mut pair in [
            Pair::tickets(policy, "server-p256"),
            Pair::ids(policy, "server-p256"),
        ] {
            let ems = |e: &E| *e != E::EXTENDED_MASTER_SECRET;
            pair.server.server_extensions.retain(ems);
            let ends = pair.connect();
            assert_eq!(ends.0.session().is_some(), policy == &LEGACY);
            // RFC 7627 §5.3: a client that now says the extension gets a full handshake.
            assert!(!pair.resumes());
            pair.client.client_extensions.retain(ems);
            assert!(!pair.resumes() || policy == &LEGACY);
            assert_eq!(pair.resumes(), policy == &LEGACY);
        }
    }
}

#[test]
fn a_server_that_stops_answering_ems_makes_full_handshakes() {
    for mut pair in pairs() {
        pair.session();
        pair.server
            .server_extensions
            .retain(|e| *e != E::EXTENDED_MASTER_SECRET);
        assert!(!pair.resumes());
    }
}

#[test]
fn a_client_does_not_offer_what_it_may_not_resume() {
    for pair in pairs() {
        let session = pair.session();
        let quiet = |change: &dyn Fn(&mut Pair)| {
            let mut changed = pair.clone();
            changed.client.sessions.client_store = None;
            change(&mut changed);
            let (mut c, _) = changed.ends();
            c.set_session(Some(session.clone())).unwrap();
            assert_eq!(c.handshake(), Err(Stop::WantRead));
            let hello = take(&mut c);
            // Record header, message header, version, random: then the session ID's length.
            assert_eq!(hello[5 + 4 + 2 + 32], 0);
        };
        quiet(&|p| p.client.verification = Verification::AcceptAny);
        quiet(&|p| p.client.verification = Verification::Required(anchors("pki/ca-p256.pem")));
        quiet(&|p| {
            let Verification::Required(v) = &p.client.verification else {
                panic!()
            };
            p.client.verification = Verification::WithoutName(v.clone());
        });
        quiet(&|p| p.client.policy = &COMPATIBLE);
        quiet(&|p| p.client.common_name = true);
        quiet(&|p| p.client.verify_options.partial_chain = true);
        quiet(&|p| p.client.verify_options.strict = true);
        quiet(&|p| p.client.verify_options.max_intermediates = 3);
        quiet(&|p| p.client.verify_options.pins.add([7; 32]));
        quiet(&|p| p.client.verify_options.pins.set_alone(true));
        quiet(&|p| p.client.keypairs = vec![keypair("client-p256")]);
        quiet(&|p| p.clock.forward(8000));
        quiet(&|p| {
            p.client
                .client_extensions
                .retain(|e| *e != E::EXTENDED_MASTER_SECRET);
        });
        pair.clock.back(8000);
        assert!(resumed(&pair.offer(&session)), "the test itself");
    }
}

#[test]
fn a_session_for_another_name_is_not_offered() {
    for pair in pairs() {
        let session = pair.session();
        let name = |n| ServerName::parse(n).unwrap();
        for (send, verify) in [
            ("localhost", "example.test"),
            ("example.test", "localhost"),
            ("localhost", "localhost"),
        ] {
            let config = Arc::new(pair.client.clone());
            let mut c = Connection::client(config, Some(name(send)), Some(name(verify)));
            c.set_session(Some(session.clone())).unwrap();
            let mut s = server(pair.server.clone());
            finish(&mut c, &mut s);
            assert!(!c.facts().resumed, "{send} {verify}");
        }
    }
}

#[test]
fn what_was_never_verified_never_resumes_where_it_must_be() {
    for mut pair in pairs() {
        let strict = pair.client.verification.clone();
        pair.client.verification = Verification::AcceptAny;
        let session = pair.session();
        assert!(resumed(&pair.offer(&session)));
        pair.client.verification = strict;
        assert!(!resumed(&pair.offer(&session)));
        assert!(!Blob::of(&session).session().is_fresh(u64::MAX));
    }
}

#[test]
fn a_verifier_that_does_not_say_what_it_accepts_keeps_nothing() {
    #[derive(Debug)]
    struct Silent(Arc<tls_core::cert::TrustAnchors>);
    impl tls_core::cert::CertificateVerifier for Silent {
        fn verify(
            &self,
            request: &tls_core::cert::VerifyRequest<'_>,
            later: &tls_core::crypto::Later,
        ) -> tls_core::crypto::Reply<Result<tls_core::cert::VerifiedChain, tls_core::error::Error>>
        {
            self.0.verify(request, later)
        }
    }
    for mut pair in pairs() {
        let silent = Verification::Required(Arc::new(Silent(anchors("pki/ca.pem"))));
        pair.client.verification = silent.clone();
        for _ in 0..2 {
            let ends = pair.connect();
            assert!(!resumed(&ends) && ends.0.session().is_none());
        }
        // The same at a server that asks for certificates.
        let kept = pair.store.len();
        pair.client = Pair::tickets(&MODERN, "server-p256").client;
        pair.server.verification = silent;
        pair.server.client_auth = ClientAuth::Request;
        assert!(!pair.resumes() && !pair.resumes());
        assert_eq!(pair.store.len(), kept);
    }
}

fn with_client_auth(pair: &mut Pair, auth: ClientAuth) {
    pair.client.keypairs = vec![keypair("client-p256")];
    pair.server.client_auth = auth;
}

#[test]
fn a_resumed_connection_shows_the_clients_verified_chain() {
    for mut pair in pairs() {
        with_client_auth(&mut pair, ClientAuth::Require);
        let (_, first) = pair.connect();
        let chain = first.facts().peer_chain.clone();
        assert!(chain.is_some() && first.facts().verified_chain.is_some());
        let ends = pair.connect();
        assert!(resumed(&ends));
        assert_eq!(ends.1.facts().peer_chain, chain);
        assert_eq!(ends.1.facts().verified_chain, first.facts().verified_chain);
    }
}

#[test]
fn a_server_that_asks_more_than_a_session_showed_asks_again() {
    for mut pair in pairs() {
        pair.client.sessions.client_store = None;
        let session = pair.session();
        // The client's keypair belongs to its binding: only the server changes here.
        pair.server.client_auth = ClientAuth::Request;
        assert!(!resumed(&pair.offer(&session)));

        let session = pair.session();
        assert!(resumed(&pair.offer(&session)), "asked, and shown none");
        pair.server.client_auth = ClientAuth::Require;
        let (mut c, mut s) = pair.ends();
        c.set_session(Some(session)).unwrap();
        assert!(crate::common::handshake(&mut c, &mut s).is_err());
        assert!(!s.facts().resumed);
        assert_eq!(reason(&s), Reason::ClientCertificateMissing);
    }
}

#[test]
fn another_judge_of_clients_means_a_full_handshake() {
    for mut pair in pairs() {
        with_client_auth(&mut pair, ClientAuth::Require);
        let session = pair.session();
        assert!(resumed(&pair.offer(&session)));
        let strict = pair.server.verification.clone();
        pair.server.verification = Verification::AcceptAny;
        assert!(!resumed(&pair.offer(&session)));
        pair.server.verification = strict;
        pair.server.client_auth = ClientAuth::None;
        assert!(!resumed(&pair.offer(&session)));
    }
}

#[test]
fn a_client_with_too_long_a_chain_gets_no_session() {
    for mut pair in pairs() {
        with_client_auth(&mut pair, ClientAuth::Require);
        let ours = keypair("client-p256");
        let mut chain = ours.chain().to_vec();
        while chain.iter().map(|c| c.len()).sum::<usize>() <= tls_core::session::MAX_PEER_CHAIN {
            chain.push(chain[0].clone());
            if chain.len() == tls_core::cert::MAX_CHAIN_CERTIFICATES {
                break;
            }
        }
        let long = tls_core::cert::Keypair::new(&DefaultProvider, chain, ours.key().clone());
        pair.client.keypairs = vec![Arc::new(long.unwrap())];
        let ends = pair.connect();
        let sent: usize = ends
            .1
            .facts()
            .peer_chain
            .as_ref()
            .unwrap()
            .iter()
            .map(|c| c.len())
            .sum();
        let too_long = sent > tls_core::session::MAX_PEER_CHAIN;
        assert_eq!(pair.resumes(), !too_long);
        assert_eq!(
            pair.store.is_empty(),
            too_long || pair.server.sessions.store.is_none()
        );
    }
}

// -------------------------------------------------------------------------------- stores outside

fn foreign(manner: Manner) -> (Pair, Arc<ForeignStore>) {
    let store = ForeignStore::new(manner);
    let mut pair = Pair::ids(&MODERN, "server-p256");
    pair.server.sessions.store = Some(store.clone());
    (pair, store)
}

#[test]
fn a_store_outside_gets_nothing_but_sealed_bytes() {
    let (mut pair, store) = foreign(Manner::Prompt);
    let session = pair.session();
    let value = store.find(session.id()).unwrap();
    assert_eq!(value[..16], [7; 16], "the ring's key");
    let blob = Blob::of(&session);
    assert!(!value.windows(48).any(|w| w == blob.master()));
    assert_eq!(store.values.lock().unwrap()[0].2, 7200);
    assert!(pair.resumes());
    // Another host with the same keys and the same store; its certificate goes with suites that it
    // likes less.
    pair.server.keypairs = vec![keypair("server-rsa")];
    assert!(pair.resumes());
    pair.server.sessions.sealer = Some(ring(8));
    assert!(!pair.resumes(), "other keys");
    pair.server.sessions.sealer = None;
    let ends = pair.connect();
    assert!(!resumed(&ends));
    assert!(ends.0.session().is_none(), "nothing leaves unsealed");
}

#[test]
fn a_store_that_gives_garbage_has_nothing() {
    let (pair, store) = foreign(Manner::Prompt);
    let session = pair.session();
    let good = store.find(session.id()).unwrap().to_vec();
    let mut garbage: Vec<Vec<u8>> = vec![Vec::new(), vec![0], vec![0xff; 500], vec![7; 16]];
    garbage.push(good[..good.len() - 1].to_vec());
    garbage.push([&good[..], &[0]].concat());
    for place in [0, 16, 27, 28, 29, good.len() - 1] {
        let mut changed = good.clone();
        changed[place] ^= 0x80;
        garbage.push(changed);
    }
    for bytes in garbage {
        store.values.lock().unwrap()[0].1 = bytes.clone();
        assert!(!resumed(&pair.offer(&session)), "{bytes:02x?}");
    }
    store.values.lock().unwrap()[0].1 = good;
    assert!(resumed(&pair.offer(&session)), "the test itself");
}

#[test]
fn a_store_that_is_gone_means_full_handshakes() {
    let (pair, store) = foreign(Manner::Prompt);
    let session = pair.session();
    store.values.lock().unwrap().clear();
    assert!(!resumed(&pair.offer(&session)));
}

/// A late store's server, waiting, with everything else done.
fn waiting(pair: &Pair, session: &Arc<ClientSession>) -> (Connection, Connection) {
    let (mut c, mut s) = pair.ends();
    c.set_session(Some(session.clone())).unwrap();
    assert_eq!(c.handshake(), Err(Stop::WantRead));
    crate::common::give(&mut s, &take(&mut c));
    assert_eq!(s.handshake(), Err(Stop::WantApp));
    assert!(s.outgoing().is_empty());
    (c, s)
}

#[test]
fn a_store_may_answer_later() {
    let (pair, store) = foreign(Manner::Late);
    let session = pair.session();
    let (mut c, mut s) = waiting(&pair, &session);
    for _ in 0..3 {
        assert_eq!(s.handshake(), Err(Stop::WantApp));
    }
    let pending = store.pending.lock().unwrap().take().unwrap();
    pending
        .answer(Answer::Session(store.find(session.id())))
        .unwrap();
    finish(&mut c, &mut s);
    assert!(resumed(&(c, s)));
    assert!(pending.answer(Answer::Session(None)).is_err());
}

#[test]
fn a_late_answer_that_is_none_means_a_full_handshake() {
    let (pair, store) = foreign(Manner::Late);
    let session = pair.session();
    let answers: [fn() -> Answer; 5] = [
        || Answer::Session(None),
        || Answer::Session(Some(Secret::new(vec![1, 2, 3]))),
        || Answer::Failed(KeyError::Failed("the store is gone".into())),
        || Answer::Signature(Ok(vec![1])),
        || Answer::Verdict(Ok(Arc::default())),
    ];
    for answer in answers {
        let (mut c, mut s) = waiting(&pair, &session);
        let pending = store.pending.lock().unwrap().take().unwrap();
        pending.answer(answer()).unwrap();
        finish(&mut c, &mut s);
        assert!(!resumed(&(c, s)), "{:?}", answer());
    }
}

#[test]
fn a_store_that_says_later_and_takes_no_handle_has_nothing() {
    let (pair, _store) = foreign(Manner::Liar);
    let session = pair.session();
    assert!(!resumed(&pair.offer(&session)));
}

#[test]
fn an_answer_to_a_connection_that_is_gone_is_nobodys() {
    let (pair, store) = foreign(Manner::Late);
    let session = pair.session();
    drop(waiting(&pair, &session));
    let pending = store.pending.lock().unwrap().take().unwrap();
    assert!(
        pending
            .answer(Answer::Session(store.find(session.id())))
            .is_ok()
    );
}

#[test]
fn a_client_that_goes_on_while_the_store_is_asked_waits_in_the_buffer() {
    let (pair, _store) = foreign(Manner::Late);
    let session = pair.session();
    let (_c, mut s) = waiting(&pair, &session);
    let mut fed = 0;
    while s.feed(&[0x16; 1000]) > 0 {
        fed += 1000;
        assert!(fed < 100_000, "the receive buffer has a bound");
    }
    assert_eq!(s.handshake(), Err(Stop::WantApp));
}

#[test]
fn only_ids_are_looked_up_and_never_beside_a_ticket() {
    let (mut pair, store) = foreign(Manner::Prompt);
    pair.server.sessions.tickets = true;
    pair.connect();
    pair.connect();
    assert!(store.asked.lock().unwrap().is_empty());
    // A ticket that cannot be opened, with a session ID that the store has (RFC 5077 §3.4).
    pair.server.sessions.tickets = false;
    pair.client.sessions.client_store = None;
    let by_id = pair.session();
    pair.server.sessions.tickets = true;
    let mut blob = Blob::of(&by_id);
    blob.ticket = vec![1; 100];
    assert!(!resumed(&pair.offer(&blob.session())));
    assert!(store.asked.lock().unwrap().is_empty());
}

// ------------------------------------------------------------------------------ failed connections

#[test]
fn the_session_of_a_failed_connection_leaves_both_stores() {
    for resume_first in [false, true] {
        let pair = Pair::ids(&MODERN, "server-p256");
        let (mut c, mut s) = pair.connect();
        if resume_first {
            (c, s) = pair.connect();
            assert!(c.facts().resumed);
        }
        assert_eq!((pair.store.len(), pair.client_store.len()), (1, 1));
        // A record that does not authenticate: the server fails, its alert reaches the client.
        crate::common::give(
            &mut s,
            &[
                23, 3, 3, 0, 32, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
                14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24,
            ],
        );
        assert_eq!(crate::common::read(&mut s, 10), Err(Stop::Failed));
        crate::common::give(&mut c, &take(&mut s));
        assert_eq!(crate::common::read(&mut c, 10), Err(Stop::Failed));
        assert_eq!(reason(&c), Reason::AlertReceived);
        assert_eq!((pair.store.len(), pair.client_store.len()), (0, 0));
        assert!(c.session().is_none());
        assert!(!pair.resumes());
    }
}

/// A session ID travels in the clear: naming it is no right to end the session.
#[test]
fn who_only_knows_the_session_id_does_not_end_the_session() {
    let pair = Pair::ids(&MODERN, "server-p256");
    pair.connect();
    let (mut c, mut s) = pair.ends();
    assert_eq!(c.handshake(), Err(Stop::WantRead));
    crate::common::give(&mut s, &take(&mut c));
    assert_eq!(s.handshake(), Err(Stop::WantRead));
    assert!(s.facts().resumed);
    let ccs_and_garbage = [&[20, 3, 3, 0, 1, 1, 22, 3, 3, 0, 40][..], &[7; 40]].concat();
    crate::common::give(&mut s, &ccs_and_garbage);
    assert_eq!(s.handshake(), Err(Stop::Failed));
    assert_eq!(reason(&s), Reason::BadRecordMac);
    assert_eq!(pair.store.len(), 1);
    assert!(pair.resumes());
}

#[test]
fn a_transport_that_merely_ends_leaves_the_session() {
    let pair = Pair::ids(&MODERN, "server-p256");
    let (mut c, mut s) = pair.connect();
    for conn in [&mut c, &mut s] {
        conn.transport_eof();
        assert_eq!(crate::common::read(conn, 10), Err(Stop::Failed));
        assert_eq!(reason(conn), Reason::Truncated);
    }
    assert!(pair.resumes());
}

#[test]
fn a_handshake_that_fails_leaves_no_session() {
    for mut pair in pairs() {
        pair.server.alpn = vec![b"h2".to_vec()];
        pair.client.alpn = vec![b"other".to_vec()];
        let (mut c, mut s) = pair.ends();
        assert!(crate::common::handshake(&mut c, &mut s).is_err());
        assert!(pair.store.is_empty() && pair.client_store.is_empty());
        assert!(c.session().is_none());
    }
}

#[test]
fn a_session_that_the_server_has_forgotten_is_forgotten_here() {
    let mut pair = Pair::ids(&MODERN, "server-p256");
    pair.session();
    pair.server.sessions = Default::default();
    assert!(!pair.resumes());
    assert!(pair.client_store.is_empty());
}

#[test]
fn a_newer_session_is_not_removed_with_an_older_connection() {
    let pair = Pair::ids(&MODERN, "server-p256");
    let (mut c, _s) = pair.connect();
    pair.clock.forward(7200);
    pair.connect();
    c.fail(tls_core::error::Error::new(Reason::Bug));
    assert_eq!(pair.client_store.len(), 1);
    assert!(pair.resumes());
}

#[test]
fn a_session_can_be_offered_before_the_first_verb_alone() {
    let pair = Pair::tickets(&MODERN, "server-p256");
    let session = pair.session();
    let (mut c, mut s) = pair.ends();
    assert_eq!(c.handshake(), Err(Stop::WantRead));
    let late = c.set_session(Some(session.clone())).unwrap_err();
    assert_eq!(late.reason(), Reason::WrongOrder);
    let server_side = s.set_session(Some(session)).unwrap_err();
    assert_eq!(server_side.reason(), Reason::WrongRole);
    let _unused = client(pair.client.clone());
}

/// notAfter of bad-expired and bad-client-expired.
const NOT_AFTER: u64 = 1_612_325_106;

#[test]
fn sessions_live_no_longer_than_the_path_that_verified() {
    for client in [false, true] {
        for make in [Pair::tickets, Pair::ids] {
            let mut pair = make(&MODERN, if client { "server-p256" } else { "bad-expired" });
            if client {
                pair.client.keypairs = vec![keypair("bad-client-expired")];
                pair.server.client_auth = ClientAuth::Require;
            }
            pair.clock.0.store(NOT_AFTER - 600, Ordering::Relaxed);
            assert!(!pair.resumes());
            pair.clock.forward(590);
            // A new ticket does not make it longer.
            assert!(pair.resumes());
            pair.clock.forward(10);
            assert!(pair.resumes());
            pair.clock.forward(1);
            let (c, s) = pair.try_connect();
            let judge = if client { s } else { c };
            assert_eq!(reason(&judge), Reason::CertificateExpired);
        }
    }
}
