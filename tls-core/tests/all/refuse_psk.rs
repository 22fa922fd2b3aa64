//! Pre-shared keys that are none: an unknown identity looks like a wrong key, callbacks that answer
//! nonsense, and messages that do not parse (RFC 4279).
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use crate::psk::KINDS;
use common::keys::{Keys, Writer};
use common::plan::{AtServer, GCM, Plan};
use common::psk::{IDENTITY, KEY, OneKey, When};
use common::puppet::{Puppet, params, public_value, suite};
use common::wire::{ClientHello, Record, ServerHello, built, message, records};
use common::{client, give, reason, server, take};
use std::sync::Arc;
use tls_core::config::Config;
use tls_core::conn::{Connection, Stop};
use tls_core::crypto::{Answer, KeyError, MAX_PSK, MAX_PSK_IDENTITY};
use tls_core::error::Reason;
use tls_core::wire::{
    AlertDescription as A, ContentType as C, HandshakeType as T, NamedGroup, Put,
};

const PSK: Plan = Plan {
    suite: 0x00a8,
    ..GCM
};

fn with_keys(mut config: Config, keys: Arc<OneKey>) -> Config {
    config.psk = Some(keys);
    config
}

fn ends(id: u16, ours: Arc<OneKey>, theirs: Arc<OneKey>) -> (Connection, Connection) {
    let mut config = with_keys(GCM.client_config(), ours);
    config.suites = vec![suite(id)];
    (
        client(config),
        server(with_keys(GCM.server_config(), theirs)),
    )
}

/// What the server says on the wire in a handshake with these keys, types and lengths, and its error.
fn seen(id: u16, ours: Arc<OneKey>, theirs: Arc<OneKey>) -> (Vec<(C, usize)>, String) {
    let (mut c, mut s) = ends(id, ours, theirs.clone());
    let mut said = Vec::new();
    for _ in 0..8 {
        let _result = (c.handshake(), s.handshake());
        if let Some(pending) = theirs.pending.lock().unwrap().take() {
            pending.answer(Answer::Psk(None)).unwrap();
            let _result = s.handshake();
        }
        let (to_server, to_client) = (take(&mut c), take(&mut s));
        said.extend(
            records(&to_client)
                .iter()
                .map(|r: &Record| (r.typ, r.body.len())),
        );
        give(&mut s, &to_server);
        give(&mut c, &to_client);
    }
    let error = s
        .error()
        .unwrap_or_else(|| panic!("{id:#x}: no error"))
        .to_string();
    assert_eq!(c.error().unwrap().alert().unwrap().0, A::BAD_RECORD_MAC);
    (said, error)
}

#[test]
fn an_unknown_identity_looks_like_a_wrong_key() {
    for id in KINDS {
        let known = || OneKey::new(IDENTITY, KEY);
        let wrong = seen(id, OneKey::new(IDENTITY, &[1; 40]), known());
        assert!(wrong.1.starts_with("BAD_RECORD_MAC"), "{}", wrong.1);
        assert_eq!(seen(id, OneKey::new(b"nobody!!", KEY), known()), wrong);
        // Nobody at all, and one who says so later.
        let nobody = Arc::new(OneKey::default());
        assert_eq!(seen(id, known(), nobody), wrong);
        let later = Arc::new(OneKey {
            when: When::Later,
            ..OneKey::default()
        });
        assert_eq!(seen(id, known(), later), wrong);
    }
}

/// A ClientKeyExchange of plain PSK.
fn identity(bytes: &[u8]) -> Vec<u8> {
    built(|out| out.vec16(|out| out.raw(bytes)))
}

fn server_at_key_exchange(plan: Plan, keys: Arc<OneKey>) -> Puppet {
    plan.server_with(
        with_keys(plan.server_config(), keys),
        AtServer::ClientKeyExchange,
    )
}

#[test]
fn an_identity_that_is_too_long_is_nobodys() {
    for (len, asked) in [
        (MAX_PSK_IDENTITY, 1),
        (MAX_PSK_IDENTITY + 1, 0),
        (16_000, 0),
    ] {
        let keys = Arc::new(OneKey::default());
        let mut puppet = server_at_key_exchange(PSK, keys.clone());
        puppet.say(T::CLIENT_KEY_EXCHANGE, &identity(&vec![b'i'; len]));
        puppet.accepted();
        assert_eq!(keys.asked.lock().unwrap().len(), asked);
        puppet.ccs();
        puppet.accepted();
        let plan = suite(PSK.suite);
        puppet.ours = Some(Keys::from_block(&[0x42; 200], plan, false, Writer::Client));
        puppet.handshake_bytes(&message(T::FINISHED, &[0; 12]));
        puppet.refused(Reason::BadRecordMac, A::BAD_RECORD_MAC);
    }
}

#[test]
fn a_key_that_makes_no_sense_is_the_applications_fault() {
    for len in [0, MAX_PSK + 1, 70_000] {
        let keys = || OneKey::new(IDENTITY, &vec![7; len]);
        let mut puppet = server_at_key_exchange(PSK, keys());
        puppet.say(T::CLIENT_KEY_EXCHANGE, &identity(IDENTITY));
        puppet.refused(Reason::CallbackMisbehaved, A::INTERNAL_ERROR);
        let mut puppet = client_at_done(PSK, keys());
        puppet.say(T::SERVER_HELLO_DONE, &[]);
        puppet.refused(Reason::CallbackMisbehaved, A::INTERNAL_ERROR);
    }
    let long = OneKey::new(&[b'i'; MAX_PSK_IDENTITY + 1], KEY);
    let mut puppet = client_at_done(PSK, long);
    puppet.say(T::SERVER_HELLO_DONE, &[]);
    puppet.refused(Reason::CallbackMisbehaved, A::INTERNAL_ERROR);
}

/// A client that has seen a ServerHello.
fn client_at_done(plan: Plan, keys: Arc<OneKey>) -> Puppet {
    let mut puppet = Puppet::against_client(with_keys(plan.client_config(), keys));
    puppet.server_hello(&plan.server_hello());
    puppet.accepted();
    puppet.seen.clear();
    puppet
}

#[test]
fn a_client_without_a_key_for_the_hint_gives_up() {
    let mut puppet = client_at_done(PSK, Arc::new(OneKey::default()));
    puppet.say(T::SERVER_KEY_EXCHANGE, &identity(b"a hint"));
    puppet.say(T::SERVER_HELLO_DONE, &[]);
    puppet.refused(Reason::PskMissing, A::HANDSHAKE_FAILURE);
    assert_eq!(puppet.seen.len(), 1, "the alert, and no key exchange");
}

#[test]
fn answers_of_another_kind_or_without_a_handle() {
    for when in [When::Later, When::Forgotten] {
        let keys = || {
            Arc::new(OneKey {
                when,
                ..OneKey::default()
            })
        };
        let at_client = keys();
        let mut c = client_at_done(PSK, at_client.clone());
        c.say(T::SERVER_HELLO_DONE, &[]);
        let at_server = keys();
        let mut s = server_at_key_exchange(PSK, at_server.clone());
        s.say(T::CLIENT_KEY_EXCHANGE, &identity(IDENTITY));
        for (mut puppet, keys) in [(c, at_client), (s, at_server)] {
            if when == When::Later {
                assert_eq!(puppet.drive(), Err(Stop::WantApp));
                let pending = keys.pending.lock().unwrap().take().unwrap();
                pending.answer(Answer::Session(None)).unwrap();
            }
            puppet.refused(Reason::CallbackMisbehaved, A::INTERNAL_ERROR);
        }
    }
}

#[test]
fn who_fails_to_answer_says_no() {
    let failing = || {
        Arc::new(OneKey {
            when: When::Later,
            ..OneKey::default()
        })
    };
    let failed = || Answer::Failed(KeyError::Failed("the database is gone".into()));
    for forgotten in [false, true] {
        // Nobody is left who could answer: the program forgot the question.
        let answer = || if forgotten { Answer::Never } else { failed() };
        let (reason, alert) = match forgotten {
            false => (Reason::PskMissing, A::HANDSHAKE_FAILURE),
            true => (Reason::CallbackMisbehaved, A::INTERNAL_ERROR),
        };
        let keys = failing();
        let mut puppet = client_at_done(PSK, keys.clone());
        puppet.say(T::SERVER_HELLO_DONE, &[]);
        assert_eq!(puppet.drive(), Err(Stop::WantApp));
        let pending = keys.pending.lock().unwrap().take().unwrap();
        pending.answer(answer()).unwrap();
        puppet.refused(reason, alert);
        // A server goes on: its client does not learn who exists.
        let keys = failing();
        let mut puppet = server_at_key_exchange(PSK, keys.clone());
        puppet.say(T::CLIENT_KEY_EXCHANGE, &identity(IDENTITY));
        assert_eq!(puppet.drive(), Err(Stop::WantApp));
        let pending = keys.pending.lock().unwrap().take().unwrap();
        pending.answer(answer()).unwrap();
        puppet.accepted();
    }
}

#[test]
fn malformed_messages() {
    let known = || OneKey::new(IDENTITY, KEY);
    for (body, reason) in [
        (&[][..], Reason::DecodeError),
        (&[0], Reason::DecodeError),
        (&[0, 3, 1, 2], Reason::DecodeError),
        (&[0, 1, 1, 2], Reason::TrailingData),
    ] {
        let mut puppet = server_at_key_exchange(PSK, known());
        puppet.say(T::CLIENT_KEY_EXCHANGE, body);
        puppet.refused(reason, A::DECODE_ERROR);
        let mut puppet = client_at_done(PSK, known());
        puppet.say(T::SERVER_KEY_EXCHANGE, body);
        puppet.refused(reason, A::DECODE_ERROR);
    }
    // What must stand behind the identity: a point, a power, a ciphertext.
    for id in &KINDS[1..] {
        let plan = Plan { suite: *id, ..GCM };
        for rest in [&[][..], &[9, 1]] {
            let mut puppet = server_at_key_exchange(plan, known());
            let body = [&identity(IDENTITY)[..], rest].concat();
            puppet.say(T::CLIENT_KEY_EXCHANGE, &body);
            puppet.refused(Reason::DecodeError, A::DECODE_ERROR);
        }
    }
}

#[test]
fn values_around_the_key_are_checked_as_ever() {
    let known = || OneKey::new(IDENTITY, KEY);
    let ecdhe = Plan {
        suite: 0xd001,
        ..GCM
    };
    let mut puppet = client_at_done(ecdhe, known());
    let point = params(NamedGroup::SECP256R1, &[4; 65]);
    let body = [&identity(b"")[..], &point].concat();
    puppet.say(T::SERVER_KEY_EXCHANGE, &body);
    puppet.say(T::SERVER_HELLO_DONE, &[]);
    puppet.refused(Reason::BadPoint, A::ILLEGAL_PARAMETER);
    let dhe = Plan {
        suite: 0x00aa,
        ..GCM
    };
    let mut puppet = server_at_key_exchange(dhe, known());
    let body = [&identity(IDENTITY)[..], &[0, 1, 1]].concat();
    puppet.say(T::CLIENT_KEY_EXCHANGE, &body);
    puppet.refused(Reason::BadDhValue, A::ILLEGAL_PARAMETER);
    // A signature does not belong there.
    let mut puppet = client_at_done(ecdhe, known());
    let good = params(NamedGroup::X25519, &public_value(NamedGroup::X25519));
    let body = [&identity(b"")[..], &good, &[4, 1, 0, 1, 7]].concat();
    puppet.say(T::SERVER_KEY_EXCHANGE, &body);
    puppet.refused(Reason::TrailingData, A::DECODE_ERROR);
}

#[test]
fn messages_that_belong_to_certificates_are_unexpected() {
    let known = || OneKey::new(IDENTITY, KEY);
    for id in &KINDS[..3] {
        let plan = Plan { suite: *id, ..GCM };
        let mut puppet = client_at_done(plan, known());
        puppet.certificate("server-rsa");
        puppet.refused(Reason::UnexpectedMessage, A::UNEXPECTED_MESSAGE);
    }
    let request = built(|out| {
        out.vec8(|out| out.u8(64));
        out.vec16(|out| out.u16(0x0403));
        out.vec16(|_| {});
    });
    for with_hint in [false, true] {
        let mut puppet = client_at_done(PSK, known());
        if with_hint {
            puppet.say(T::SERVER_KEY_EXCHANGE, &identity(b"h"));
        }
        puppet.say(T::CERTIFICATE_REQUEST, &request);
        puppet.refused(Reason::UnexpectedMessage, A::UNEXPECTED_MESSAGE);
    }
    for unexpected in [T::CERTIFICATE, T::CERTIFICATE_VERIFY] {
        let mut puppet = server_at_key_exchange(PSK, known());
        puppet.say(unexpected, &[0, 0, 0]);
        puppet.refused(Reason::UnexpectedMessage, A::UNEXPECTED_MESSAGE);
    }
    // And the other way round: ECDHE_PSK and DHE_PSK need their ServerKeyExchange, RSA_PSK its chain.
    for id in &KINDS[1..] {
        let mut puppet = client_at_done(Plan { suite: *id, ..GCM }, known());
        puppet.say(T::SERVER_HELLO_DONE, &[]);
        puppet.refused(Reason::UnexpectedMessage, A::UNEXPECTED_MESSAGE);
    }
}

#[test]
fn a_psk_suite_that_was_not_offered_is_refused() {
    for id in KINDS {
        let mut puppet = Puppet::against_client(GCM.client_config());
        puppet.server_hello(&ServerHello::new(id));
        puppet.refused(Reason::SuiteNotOffered, A::ILLEGAL_PARAMETER);
        let mut puppet = Puppet::against_server(GCM.server_config());
        puppet.client_hello(&ClientHello {
            suites: vec![id],
            ..ClientHello::default()
        });
        puppet.refused(Reason::NoCommonSuite, A::HANDSHAKE_FAILURE);
    }
}

#[test]
fn anonymous_and_null_suites_are_never_chosen_and_never_accepted() {
    // DH_anon and ECDH_anon with everything, NULL with everything (RFC 5246, 4785, 5487, 8422).
    let none = [
        0x0000, 0x0001, 0x0002, 0x003b, 0x0018, 0x001b, 0x0034, 0x003a, 0x006c, 0x006d, 0x00a6,
        0x00a7, 0xc015, 0xc018, 0xc019, 0xc001, 0xc006, 0xc00b, 0xc010, 0x002c, 0x002d, 0x002e,
        0x00b0, 0x00b1, 0x00b4, 0x00b5, 0x00b8, 0x00b9, 0xc039, 0xc03a, 0xc03b,
    ];
    let all = || {
        let mut config = GCM.server_config();
        config.psk = Some(OneKey::new(IDENTITY, KEY));
        config
    };
    let mut puppet = Puppet::against_server(all());
    puppet.client_hello(&ClientHello {
        suites: none.to_vec(),
        ..ClientHello::default()
    });
    puppet.refused(Reason::NoCommonSuite, A::HANDSHAKE_FAILURE);
    for id in none {
        let mut puppet = Puppet::against_client(all());
        puppet.server_hello(&ServerHello::new(id));
        puppet.refused(Reason::SuiteNotOffered, A::ILLEGAL_PARAMETER);
    }
    let offered = Puppet::against_client(all()).client_hello_body();
    let offered = ClientHello::parse(&offered).suites;
    assert!(offered.iter().all(|id| !none.contains(id)));
}

#[test]
fn a_hint_that_is_too_long_to_send_is_no_configuration() {
    let mut config = with_keys(GCM.server_config(), OneKey::new(IDENTITY, KEY));
    config.psk_hint = vec![0; MAX_PSK_IDENTITY + 1];
    assert_eq!(reason(&server(config)), Reason::BadArgument);
}
