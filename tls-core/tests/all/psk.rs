//! Pre-shared keys between our two sides: who is asked for what, when, and what comes of it.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::psk::{IDENTITY, KEY, OneKey, When, psk};
use common::puppet::{Puppet, suite};
use common::sessions::{Pair, resumed};
use common::{client, config, give, handshake, reason, server, server_config, take, transfer};
use std::sync::Arc;
use tls_core::config::{ClientAuth, Config, LEGACY, MODERN, Renegotiation};
use tls_core::conn::{Connection, Stop};
use tls_core::crypto::{Answer, KeyError, MAX_PSK, MAX_PSK_IDENTITY, Pending, SUITES, Secret};
use tls_core::error::{Direction, Reason};
use tls_core::wire::{AlertDescription, HandshakeType as T};

const PSK: u16 = 0x00a8;
const ECDHE_PSK: u16 = 0xd001;
const DHE_PSK: u16 = 0x00aa;
const RSA_PSK: u16 = 0x00ac;
pub(crate) const KINDS: [u16; 4] = [PSK, ECDHE_PSK, DHE_PSK, RSA_PSK];

/// Both sides with one suite and the same key, and the objects that are asked.
fn both(id: u16, when: When) -> ([Config; 2], [Arc<OneKey>; 2]) {
    let keys = [(), ()].map(|()| {
        Arc::new(OneKey {
            psk: Some(psk(IDENTITY, KEY)),
            when,
            ..OneKey::default()
        })
    });
    let mut configs = [config(&LEGACY), server_config(&LEGACY, &["server-rsa"])];
    for (config, keys) in configs.iter_mut().zip(&keys) {
        config.suites = vec![suite(id)];
        config.psk = Some(keys.clone());
    }
    (configs, keys)
}

fn ends([ours, theirs]: [Config; 2]) -> (Connection, Connection) {
    (client(ours), server(theirs))
}

#[test]
fn hints_and_identities_reach_those_who_have_the_keys() {
    for id in KINDS {
        for hint in [&b""[..], b"devices", &[0xff; MAX_PSK_IDENTITY]] {
            let (mut configs, [ours, theirs]) = both(id, When::Now);
            configs[1].psk_hint = hint.to_vec();
            let (mut c, mut s) = ends(configs);
            handshake(&mut c, &mut s).unwrap();
            transfer(&mut c, &mut s, b"data");
            assert_eq!(*ours.asked.lock().unwrap(), [hint]);
            assert_eq!(*theirs.asked.lock().unwrap(), [IDENTITY]);
        }
    }
}

#[test]
fn a_server_without_a_hint_sends_no_server_key_exchange_where_it_may() {
    for (id, hint, comes) in [
        (PSK, "", false),
        (PSK, "h", true),
        (RSA_PSK, "", false),
        (RSA_PSK, "h", true),
        (ECDHE_PSK, "", true),
        (DHE_PSK, "", true),
    ] {
        let (mut configs, _) = both(id, When::Now);
        configs[1].psk_hint = hint.into();
        let hello = common::wire::ClientHello {
            suites: vec![id],
            ..Default::default()
        };
        let mut puppet = Puppet::against_server(configs[1].clone());
        puppet.client_hello(&hello);
        puppet.accepted();
        let heard = puppet.heard();
        let has = |typ| heard.iter().any(|m| m.0 == typ);
        assert_eq!(has(T::SERVER_KEY_EXCHANGE), comes);
        assert_eq!(has(T::CERTIFICATE), id == RSA_PSK);
    }
}

#[test]
fn answers_may_come_later() {
    for id in KINDS {
        let (configs, [ours, theirs]) = both(id, When::Later);
        let (mut c, mut s) = ends(configs);
        let mut answered = [false; 2];
        for _ in 0..12 {
            for (conn, keys, i) in [(&mut c, &ours, 0), (&mut s, &theirs, 1)] {
                if conn.handshake() == Err(Stop::WantApp) {
                    assert_eq!(conn.handshake(), Err(Stop::WantApp));
                    let pending = keys.pending.lock().unwrap().take().unwrap();
                    pending
                        .answer(Answer::Psk(Some(psk(IDENTITY, KEY))))
                        .unwrap();
                    answered[i] = true;
                    let _result = conn.handshake();
                }
            }
            let (to_server, to_client) = (take(&mut c), take(&mut s));
            give(&mut s, &to_server);
            give(&mut c, &to_client);
        }
        assert_eq!(answered, [true, true]);
        assert_eq!((c.handshake(), s.handshake()), (Ok(()), Ok(())));
        transfer(&mut s, &mut c, b"data");
    }
}

#[test]
fn keys_and_identities_of_all_lengths() {
    for (identity, key) in [
        (&b""[..], &b"k"[..]),
        (&[0, 0xff, 0x2c], &[0; 64]),
        (&[b'i'; MAX_PSK_IDENTITY], &[9; MAX_PSK]),
    ] {
        for id in KINDS {
            let (mut configs, _) = both(id, When::Now);
            for config in &mut configs {
                config.psk = Some(OneKey::new(identity, key));
            }
            let (mut c, mut s) = ends(configs);
            handshake(&mut c, &mut s).unwrap();
            for conn in [&c, &s] {
                assert_eq!(conn.facts().psk_identity.as_deref(), Some(identity));
            }
        }
    }
}

#[test]
fn psk_suites_exist_only_where_there_is_a_key() {
    for policy in tls_core::config::Policy::ALL {
        let without = config(policy);
        assert!(without.suites.iter().any(|s| s.kx.row().psk));
        assert!(without.usable_suites().all(|s| !s.kx.row().psk));
        let puppet = Puppet::against_client(without);
        let hello = common::wire::ClientHello::parse(&puppet.client_hello_body());
        assert!(hello.suites.iter().all(|id| !suite(*id).kx.row().psk));
        let mut with = config(policy);
        with.psk = Some(OneKey::new(IDENTITY, KEY));
        let puppet = Puppet::against_client(with);
        let hello = common::wire::ClientHello::parse(&puppet.client_hello_body());
        assert!(hello.suites.iter().any(|id| suite(*id).kx.row().psk));
    }
    // A list that has nothing else is no list.
    let (mut configs, _) = both(PSK, When::Now);
    configs[0].psk = None;
    configs[1].psk = None;
    let (c, s) = ends(configs);
    assert_eq!(reason(&c), Reason::BadCipherList);
    assert_eq!(reason(&s), Reason::BadCipherList);
    // A server that has no keys does not choose them.
    let (mut configs, _) = both(PSK, When::Now);
    configs[1] = server_config(&LEGACY, &["server-rsa"]);
    let (mut c, mut s) = ends(configs);
    handshake(&mut c, &mut s).unwrap_err();
    assert_eq!(reason(&s), Reason::NoCommonSuite);
}

#[test]
fn without_certificates_neither_name_nor_keypair_is_needed() {
    for id in KINDS {
        let (mut configs, _) = both(id, When::Now);
        configs[1].keypairs.clear();
        let [ours, theirs] = configs;
        let mut c = Connection::client(Arc::new(ours), None, None);
        let mut s = server(theirs);
        if id == RSA_PSK {
            assert_eq!(reason(&c), Reason::NoServerName);
            assert_eq!(reason(&s), Reason::NoKeypair);
            continue;
        }
        handshake(&mut c, &mut s).unwrap();
        assert!(c.facts().peer_chain.is_none() && c.facts().verified_chain.is_none());
    }
    // Where a certificate may come, the name is needed as ever.
    let mut ours = config(&MODERN);
    ours.psk = Some(OneKey::new(IDENTITY, KEY));
    let c = Connection::client(Arc::new(ours), None, None);
    assert_eq!(reason(&c), Reason::NoServerName);
}

#[test]
fn the_certificate_of_rsa_psk_is_verified() {
    let (configs, _) = both(RSA_PSK, When::Now);
    let name = tls_core::cert::ServerName::parse("elsewhere.test").unwrap();
    let [ours, theirs] = configs;
    let mut c = Connection::client(Arc::new(ours), Some(name.clone()), Some(name));
    let mut s = server(theirs);
    handshake(&mut c, &mut s).unwrap_err();
    assert_eq!(reason(&c), Reason::CertificateNameMismatch);
}

#[test]
fn a_client_certificate_is_asked_for_where_the_server_has_one_too() {
    for id in KINDS {
        let (mut configs, _) = both(id, When::Now);
        configs[0].keypairs = vec![common::keypair("client-p256")];
        configs[1].client_auth = ClientAuth::Request;
        let (mut c, mut s) = ends(configs);
        handshake(&mut c, &mut s).unwrap();
        let asked = id == RSA_PSK;
        assert_eq!(s.facts().verified_chain.is_some(), asked, "{id:#x}");
        assert_eq!(c.facts().local_keypair.is_some(), asked);
    }
}

#[test]
fn a_key_does_not_stand_for_a_certificate_that_is_required() {
    for id in KINDS {
        let (mut configs, _) = both(id, When::Now);
        configs[0].keypairs = vec![common::keypair("client-p256")];
        configs[1].client_auth = ClientAuth::Require;
        let (mut c, mut s) = ends(configs.clone());
        if id == RSA_PSK {
            handshake(&mut c, &mut s).unwrap();
            assert!(s.facts().verified_chain.is_some());
            continue;
        }
        handshake(&mut c, &mut s).unwrap_err();
        refused(&s, Reason::NoCommonSuite);
        // A suite with certificates is chosen in its place, wherever it stands.
        for config in &mut configs {
            config.suites = vec![suite(id), suite(0xc02f)];
        }
        let (mut c, mut s) = ends(configs);
        handshake(&mut c, &mut s).unwrap();
        assert_eq!(s.facts().suite.unwrap().id, 0xc02f);
        assert!(s.facts().verified_chain.is_some() && s.facts().psk_identity.is_none());
    }
}

/// By the alert handshake_failure.
fn refused(server: &Connection, why: Reason) {
    assert_eq!(reason(server), why);
    let alert = (AlertDescription::HANDSHAKE_FAILURE, Direction::Sent);
    assert_eq!(server.error().unwrap().alert(), Some(alert));
}

#[test]
fn a_certificate_that_is_required_later_is_no_matter_of_a_session_by_key() {
    for id in [PSK, ECDHE_PSK, RSA_PSK] {
        let mut pair = Pair::tickets(&LEGACY, "server-rsa");
        pair.server.client_auth = ClientAuth::Request;
        pair.client.suites = vec![suite(id)];
        pair.client.psk = Some(OneKey::new(IDENTITY, KEY));
        pair.server.psk = pair.client.psk.clone();
        assert!(!resumed(&pair.connect()));
        assert!(resumed(&pair.connect()));
        pair.server.client_auth = ClientAuth::Require;
        let (mut c, mut s) = pair.ends();
        handshake(&mut c, &mut s).unwrap_err();
        assert!(!s.facts().resumed);
        let why = match id {
            RSA_PSK => Reason::ClientCertificateMissing,
            _ => Reason::NoCommonSuite,
        };
        refused(&s, why);
    }
}

#[test]
fn a_renegotiation_for_a_certificate_is_not_done_with_a_key() {
    let (mut configs, _) = both(ECDHE_PSK, When::Now);
    for config in &mut configs {
        config.renegotiation = Renegotiation::Allow;
    }
    let (mut c, mut s) = ends(configs);
    handshake(&mut c, &mut s).unwrap();
    s.set_client_auth(ClientAuth::Require).unwrap();
    s.renegotiate().unwrap();
    let request = take(&mut s);
    give(&mut c, &request);
    assert_eq!(common::read(&mut c, 1), Err(Stop::WantRead));
    let hello = take(&mut c);
    give(&mut s, &hello);
    assert_eq!(common::read(&mut s, 1), Err(Stop::Failed));
    refused(&s, Reason::NoCommonSuite);
}

#[test]
fn certificates_come_first_where_a_client_has_both() {
    let mut ours = config(&MODERN);
    ours.psk = Some(OneKey::new(IDENTITY, KEY));
    let mut theirs = server_config(&MODERN, &["server-rsa"]);
    theirs.psk = Some(OneKey::new(IDENTITY, KEY));
    let (mut c, mut s) = ends([ours, theirs]);
    handshake(&mut c, &mut s).unwrap();
    assert!(c.facts().verified_chain.is_some());
    assert_eq!(c.facts().psk_identity, None);
}

#[test]
fn a_session_is_offered_by_the_same_key_alone() {
    for mut pair in [
        Pair::tickets(&LEGACY, "server-rsa"),
        Pair::ids(&LEGACY, "server-rsa"),
    ] {
        pair.client.suites = vec![suite(ECDHE_PSK)];
        pair.client.psk = Some(OneKey::new(IDENTITY, KEY));
        pair.server.psk = pair.client.psk.clone();
        assert!(!resumed(&pair.connect()));
        assert!(resumed(&pair.connect()));
        // The server is asked for the key, wherever it has it from.
        let same = OneKey::new(IDENTITY, KEY);
        pair.server.psk = Some(same.clone());
        let (c, s) = pair.connect();
        assert!(c.facts().resumed && s.facts().resumed);
        assert_eq!(*same.asked.lock().unwrap(), [IDENTITY]);
        assert_eq!(s.facts().psk_identity.as_deref(), Some(IDENTITY));
        // Another key at the client: another session.
        pair.client.psk = Some(OneKey::new(b"another device", KEY));
        pair.server.psk = pair.client.psk.clone();
        assert!(!resumed(&pair.connect()));
    }
}

/// A server that would resume, with these keys.
fn resuming(keys: OneKey, pair: &mut Pair) -> (Connection, Connection, Arc<OneKey>) {
    pair.client.suites = vec![suite(ECDHE_PSK)];
    pair.client.psk = Some(OneKey::new(IDENTITY, KEY));
    pair.server.psk = pair.client.psk.clone();
    let session = pair.session();
    let keys = Arc::new(keys);
    pair.server.psk = Some(keys.clone());
    let (mut c, s) = pair.ends();
    c.set_session(Some(session)).unwrap();
    (c, s, keys)
}

/// A server that resumes and was asked for the key; the answer comes later.
fn asked(pair: &mut Pair) -> (Connection, Connection, Arc<Pending>) {
    let slow = OneKey {
        when: When::Later,
        ..OneKey::default()
    };
    let (mut c, mut s, keys) = resuming(slow, pair);
    assert_eq!(c.handshake(), Err(Stop::WantRead));
    give(&mut s, &take(&mut c));
    for _ in 0..2 {
        assert_eq!(s.handshake(), Err(Stop::WantApp));
        assert!(s.outgoing().is_empty());
    }
    let pending = keys.pending.lock().unwrap().take().unwrap();
    (c, s, pending)
}

fn both_kinds() -> [Pair; 2] {
    [
        Pair::tickets(&LEGACY, "server-rsa"),
        Pair::ids(&LEGACY, "server-rsa"),
    ]
}

#[test]
fn a_session_by_key_ends_with_the_servers_key() {
    for (identity, key) in [(IDENTITY, &[0x6c; 40][..]), (b"another device", KEY)] {
        for mut pair in both_kinds() {
            let other = OneKey {
                psk: Some(psk(identity, key)),
                ..OneKey::default()
            };
            let (mut c, mut s, keys) = resuming(other, &mut pair);
            // The full handshake that follows needs the key.
            handshake(&mut c, &mut s).unwrap_err();
            assert!(!s.facts().resumed);
            assert_eq!(*keys.asked.lock().unwrap(), [IDENTITY, IDENTITY]);
            assert_eq!(reason(&s), Reason::BadRecordMac);
        }
    }
    // Keys do not matter to sessions that were made without one.
    let mut pair = Pair::tickets(&LEGACY, "server-rsa");
    pair.client.suites = vec![suite(0xc02f)];
    let session = pair.session();
    pair.server.psk = Some(OneKey::new(IDENTITY, KEY));
    assert!(resumed(&pair.offer(&session)));
}

#[test]
fn the_key_of_a_session_may_be_told_later() {
    for answer in [Some(KEY), Some(&[0x6c; 40]), None] {
        for mut pair in both_kinds() {
            let (mut c, mut s, pending) = asked(&mut pair);
            let known = answer.map(|key| psk(IDENTITY, key));
            pending.answer(Answer::Psk(known)).unwrap();
            assert_eq!(s.handshake(), Err(Stop::WantRead));
            assert_eq!(s.facts().resumed, answer == Some(KEY));
            if s.facts().resumed {
                handshake(&mut c, &mut s).unwrap();
            }
        }
    }
}

#[test]
fn a_key_of_a_session_that_nobody_can_tell_means_a_full_handshake() {
    let failed = || Answer::Failed(KeyError::Failed("no".into()));
    let answers: [fn() -> Answer; 2] = [|| Answer::Never, failed];
    for answer in answers {
        for mut pair in both_kinds() {
            let (_c, mut s, pending) = asked(&mut pair);
            pending.answer(answer()).unwrap();
            assert_eq!(s.handshake(), Err(Stop::WantRead));
            assert!(!s.facts().resumed);
        }
    }
}

#[test]
fn senseless_answers_about_the_key_of_a_session() {
    let answers: [fn() -> Answer; 4] = [
        || Answer::Psk(Some(psk(IDENTITY, b""))),
        || Answer::Psk(Some(psk(IDENTITY, &[1; 1025]))),
        || Answer::Session(None),
        || Answer::Decrypted(Ok(Secret::new(vec![1]))),
    ];
    for answer in answers {
        let mut pair = Pair::ids(&LEGACY, "server-rsa");
        let (_c, mut s, pending) = asked(&mut pair);
        pending.answer(answer()).unwrap();
        assert_eq!(s.handshake(), Err(Stop::Failed));
        assert_eq!(reason(&s), Reason::CallbackMisbehaved);
    }
    let mut pair = Pair::ids(&LEGACY, "server-rsa");
    let liar = OneKey {
        when: When::Forgotten,
        ..OneKey::default()
    };
    let (mut c, mut s, _) = resuming(liar, &mut pair);
    handshake(&mut c, &mut s).unwrap_err();
    assert_eq!(reason(&s), Reason::CallbackMisbehaved);
}

#[test]
fn nobody_is_named_who_did_not_know_the_key() {
    for id in KINDS {
        let (mut configs, _) = both(id, When::Now);
        configs[0].psk = Some(OneKey::new(IDENTITY, &[1; 16]));
        let (mut c, mut s) = ends(configs);
        handshake(&mut c, &mut s).unwrap_err();
        assert!(c.facts().psk_identity.is_none());
        assert!(s.facts().psk_identity.is_none());
    }
}

#[test]
fn a_server_that_lost_its_keys_resumes_nothing_of_theirs() {
    let mut pair = Pair::tickets(&LEGACY, "server-rsa");
    pair.client.psk = Some(OneKey::new(IDENTITY, KEY));
    pair.server.psk = pair.client.psk.clone();
    pair.client.suites = vec![suite(PSK), suite(0xc02f)];
    pair.server.suites = pair.client.suites.clone();
    assert!(pair.connect().0.facts().psk_identity.is_some());
    pair.server.psk = None;
    let again = pair.connect();
    assert!(!resumed(&again));
    assert_eq!(again.0.facts().suite.unwrap().id, 0xc02f);
}

#[test]
fn debugging_a_key_shows_its_name_alone() {
    let shown = format!("{:?}", psk(b"name", &[0xab; 5]));
    assert_eq!(shown, "Psk(\"name\", a key of 5 bytes)");
}

#[test]
fn every_kind_of_every_policy_is_there() {
    let count = |kind| SUITES.iter().filter(|s| s.kx == kind).count();
    use tls_core::crypto::KeyExchangeKind as K;
    let counts = [K::Psk, K::EcdhePsk, K::DhePsk, K::RsaPsk].map(count);
    assert_eq!(counts, [11, 9, 11, 7]);
}
