//! The order of messages (RFC 5246 §7.3): whatever the tables do not have is refused, in every
//! state of either side.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::plan::{AtClient, AtServer, CBC, GCM, PLANS, Plan, RSA};
use common::puppet::{Puppet, certificate_body};
use common::read;
use common::wire::{Record, message};
use tls_core::config::Ocsp;
use tls_core::conn::Stop;
use tls_core::error::Reason;
use tls_core::wire::{
    AlertDescription, AlertLevel, ContentType, ExtensionType as E, HandshakeType as T,
};

const UNEXPECTED: AlertDescription = AlertDescription::UNEXPECTED_MESSAGE;

/// Every type that has a name, and some that have none here (HelloVerifyRequest, an old
/// extension's, a private one).
fn types() -> impl Iterator<Item = T> {
    let strangers = [3, 5, 8, 21, 23, 24, 67, 254, 255].map(T);
    T::KNOWN.iter().copied().chain(strangers)
}

const AT_CLIENT: [AtClient; 7] = [
    AtClient::ServerHello,
    AtClient::Certificate,
    AtClient::ServerKeyExchange,
    AtClient::ServerHelloDone,
    AtClient::Ccs,
    AtClient::Finished,
    AtClient::Traffic,
];

const AT_SERVER: [AtServer; 5] = [
    AtServer::ClientHello,
    AtServer::ClientKeyExchange,
    AtServer::Ccs,
    AtServer::Finished,
    AtServer::Traffic,
];

/// What a client takes in a state: the other half of each assertion is in the plans.
fn client_takes(at: AtClient, ecdhe: bool, typ: T) -> bool {
    match at {
        _ if typ == T::HELLO_REQUEST => true,
        AtClient::ServerHello => typ == T::SERVER_HELLO,
        AtClient::Certificate => typ == T::CERTIFICATE,
        AtClient::ServerKeyExchange if ecdhe => typ == T::SERVER_KEY_EXCHANGE,
        AtClient::ServerKeyExchange | AtClient::ServerHelloDone => {
            matches!(typ, T::SERVER_HELLO_DONE | T::CERTIFICATE_REQUEST)
        }
        AtClient::Finished => typ == T::FINISHED,
        AtClient::Ccs | AtClient::Traffic => false,
    }
}

fn server_takes(at: AtServer, typ: T) -> bool {
    match at {
        AtServer::ClientHello | AtServer::Traffic => typ == T::CLIENT_HELLO,
        AtServer::ClientKeyExchange => typ == T::CLIENT_KEY_EXCHANGE,
        AtServer::Finished => typ == T::FINISHED,
        AtServer::Ccs => false,
    }
}

#[test]
fn the_puppet_can_finish_every_plan() {
    for plan in PLANS {
        for mut puppet in [
            plan.client(AtClient::Traffic),
            plan.server(AtServer::Traffic),
        ] {
            puppet.data(b"hello");
            assert_eq!(read(&mut puppet.conn, 100).unwrap(), b"hello");
        }
    }
}

#[test]
fn a_client_refuses_every_other_message_in_every_state() {
    for plan in [GCM, RSA, CBC] {
        for at in AT_CLIENT {
            let refused = types().filter(|typ| !client_takes(at, plan.is_ecdhe(), *typ));
            for typ in refused {
                let mut puppet = plan.client(at);
                puppet.say(typ, &[]);
                puppet.refused(Reason::UnexpectedMessage, UNEXPECTED);
            }
        }
    }
}

#[test]
fn a_server_refuses_every_other_message_in_every_state() {
    for plan in [GCM, RSA, CBC] {
        for at in AT_SERVER {
            for typ in types().filter(|typ| !server_takes(at, *typ)) {
                let mut puppet = plan.server(at);
                puppet.say(typ, &[]);
                puppet.refused(Reason::UnexpectedMessage, UNEXPECTED);
            }
        }
    }
}

#[test]
fn the_order_is_checked_before_the_contents() {
    // A whole and good message at the wrong place, one that would be malformed anywhere.
    for body in [certificate_body("server-rsa"), vec![0xff; 9]] {
        for mut puppet in [
            GCM.client(AtClient::ServerKeyExchange),
            GCM.server(AtServer::ClientKeyExchange),
        ] {
            puppet.say(T::CERTIFICATE, &body);
            puppet.refused(Reason::UnexpectedMessage, UNEXPECTED);
        }
    }
}

#[test]
fn a_refusal_names_what_was_expected_and_what_came() {
    let mut puppet = GCM.client(AtClient::ServerKeyExchange);
    puppet.say(T::SERVER_HELLO_DONE, &[]);
    puppet.refused(Reason::UnexpectedMessage, UNEXPECTED);
    assert_eq!(
        puppet.conn.error().unwrap().text(),
        "ServerKeyExchange was expected, ServerHelloDone came"
    );
}

#[test]
fn a_message_that_comes_twice_is_refused() {
    type Say = fn(&Plan, &mut Puppet);
    let twice: [(AtClient, Say); 4] = [
        (AtClient::ServerHello, |plan, puppet| {
            puppet.server_hello(&plan.server_hello());
        }),
        (AtClient::Certificate, |plan, puppet| {
            puppet.certificate(plan.keypair);
        }),
        (AtClient::ServerKeyExchange, Plan::server_key_exchange),
        (AtClient::ServerHelloDone, |_, puppet| {
            puppet.say(T::SERVER_HELLO_DONE, &[]);
        }),
    ];
    for (at, say) in twice {
        let mut puppet = GCM.client(at);
        say(&GCM, &mut puppet);
        puppet.accepted();
        say(&GCM, &mut puppet);
        puppet.refused(Reason::UnexpectedMessage, UNEXPECTED);
    }
    let mut puppet = GCM.server(AtServer::ClientHello);
    puppet.client_hello(&GCM.client_hello());
    puppet.client_hello(&GCM.client_hello());
    puppet.refused(Reason::UnexpectedMessage, UNEXPECTED);
    let mut puppet = GCM.server(AtServer::Ccs);
    GCM.client_key_exchange(&mut puppet);
    puppet.refused(Reason::UnexpectedMessage, UNEXPECTED);
}

/// types(1) rsa_sign, one scheme, no authorities
const CERTIFICATE_REQUEST: [u8; 8] = [1, 1, 0, 2, 4, 1, 0, 0];

#[test]
fn a_certificate_request_may_come_once_and_at_its_place() {
    for plan in [GCM, RSA] {
        let mut puppet = plan.client(AtClient::ServerHelloDone);
        puppet.say(T::CERTIFICATE_REQUEST, &CERTIFICATE_REQUEST);
        puppet.accepted();
        puppet.say(T::CERTIFICATE_REQUEST, &CERTIFICATE_REQUEST);
        puppet.refused(Reason::UnexpectedMessage, UNEXPECTED);
        // Behind it there is no way back.
        let mut puppet = plan.client(AtClient::ServerHelloDone);
        puppet.say(T::CERTIFICATE_REQUEST, &CERTIFICATE_REQUEST);
        puppet.accepted();
        puppet.say(T::SERVER_KEY_EXCHANGE, &[]);
        puppet.refused(Reason::UnexpectedMessage, UNEXPECTED);
    }
}

#[test]
fn a_certificate_status_may_come_once_and_only_if_announced() {
    let mut config = GCM.client_config();
    config.ocsp = Ocsp::Request;
    let at_certificate = |answered: bool| {
        let mut puppet = Puppet::against_client(config.clone());
        let mut hello = GCM.server_hello();
        if answered {
            hello.extensions.set(E::STATUS_REQUEST, &[]);
        }
        puppet.server_hello(&hello);
        puppet.certificate(GCM.keypair);
        puppet.accepted();
        puppet
    };
    let status = [1, 0, 0, 1, 0x30];
    let mut puppet = at_certificate(false);
    puppet.say(T::CERTIFICATE_STATUS, &status);
    puppet.refused(Reason::UnexpectedMessage, UNEXPECTED);
    let mut puppet = at_certificate(true);
    puppet.say(T::CERTIFICATE_STATUS, &status);
    puppet.accepted();
    puppet.say(T::CERTIFICATE_STATUS, &status);
    puppet.refused(Reason::UnexpectedMessage, UNEXPECTED);
    let mut puppet = at_certificate(true);
    GCM.server_key_exchange(&mut puppet);
    puppet.accepted();
    puppet.say(T::CERTIFICATE_STATUS, &status);
    puppet.refused(Reason::UnexpectedMessage, UNEXPECTED);
}

#[test]
fn change_cipher_spec_is_refused_in_every_other_state() {
    for plan in PLANS {
        for at in AT_CLIENT.into_iter().filter(|at| *at != AtClient::Ccs) {
            let mut puppet = plan.client(at);
            puppet.record(ContentType::CHANGE_CIPHER_SPEC, &[1]);
            puppet.refused(Reason::UnexpectedCcs, UNEXPECTED);
        }
        for at in AT_SERVER.into_iter().filter(|at| *at != AtServer::Ccs) {
            let mut puppet = plan.server(at);
            puppet.record(ContentType::CHANGE_CIPHER_SPEC, &[1]);
            puppet.refused(Reason::UnexpectedCcs, UNEXPECTED);
        }
    }
}

#[test]
fn change_cipher_spec_has_one_form() {
    for body in [&[][..], &[0], &[2], &[0xff], &[1, 1], &[1, 0], &[0, 1]] {
        for mut puppet in [
            GCM.client(AtClient::Ccs),
            GCM.server(AtServer::Ccs),
            GCM.client(AtClient::ServerHello),
            GCM.server(AtServer::ClientHello),
            CBC.client(AtClient::Traffic),
            CBC.server(AtServer::Traffic),
        ] {
            puppet.record(ContentType::CHANGE_CIPHER_SPEC, body);
            puppet.refused(Reason::BadChangeCipherSpec, AlertDescription::DECODE_ERROR);
        }
    }
}

#[test]
fn change_cipher_spec_within_a_message_is_refused() {
    let finished = message(T::FINISHED, &[0; 12]);
    for cut in 1..finished.len() {
        for mut puppet in [GCM.client(AtClient::Ccs), GCM.server(AtServer::Ccs)] {
            puppet.handshake_bytes(&finished[..cut]);
            puppet.accepted();
            puppet.record(ContentType::CHANGE_CIPHER_SPEC, &[1]);
            puppet.refused(Reason::ExcessHandshakeData, UNEXPECTED);
        }
    }
}

/// One record with the last message of a flight and more: who writes that did not wait for us.
#[test]
fn bytes_behind_a_flight_are_refused() {
    let mores = [vec![20], vec![20, 0, 0], message(T::FINISHED, &[0; 12])];
    for more in &mores {
        let mut puppet = GCM.client(AtClient::ServerHelloDone);
        puppet.handshake_bytes(&[message(T::SERVER_HELLO_DONE, &[]), more.clone()].concat());
        puppet.refused(Reason::ExcessHandshakeData, UNEXPECTED);
        let mut puppet = GCM.server(AtServer::ClientHello);
        let hello = message(T::CLIENT_HELLO, &GCM.client_hello().encode());
        puppet.handshake_bytes(&[hello, more.clone()].concat());
        puppet.refused(Reason::ExcessHandshakeData, UNEXPECTED);
        let mut puppet = GCM.server(AtServer::Finished);
        let finished = message(T::FINISHED, &puppet.verify_data());
        puppet.handshake_bytes(&[finished, more.clone()].concat());
        puppet.refused(Reason::ExcessHandshakeData, UNEXPECTED);
    }
}

#[test]
fn bytes_behind_the_last_finished_are_refused() {
    for plan in PLANS {
        let behind_finished = |more: &[u8]| {
            let mut puppet = plan.client(AtClient::Finished);
            let finished = message(T::FINISHED, &puppet.verify_data());
            puppet.handshake_bytes(&[&finished, more].concat());
            puppet
        };
        for more in [
            &message(T::FINISHED, &[])[..],
            &message(T::HELLO_REQUEST, &[]),
            &[0],
        ] {
            behind_finished(more).refused(Reason::ExcessHandshakeData, UNEXPECTED);
        }
    }
}

/// The client's flight goes on behind ClientKeyExchange, but not under the same keys.
#[test]
fn no_message_reaches_across_the_change_of_keys() {
    let key_exchange = message(T::CLIENT_KEY_EXCHANGE, &[&[32][..], &[9; 32]].concat());
    let mut puppet = GCM.server(AtServer::ClientKeyExchange);
    puppet.handshake_bytes(&[key_exchange.clone(), vec![20, 0]].concat());
    puppet.accepted();
    puppet.record(ContentType::CHANGE_CIPHER_SPEC, &[1]);
    puppet.refused(Reason::ExcessHandshakeData, UNEXPECTED);
    let mut puppet = GCM.server(AtServer::ClientKeyExchange);
    puppet.handshake_bytes(&[key_exchange, message(T::FINISHED, &[0; 12])].concat());
    puppet.refused(Reason::UnexpectedMessage, UNEXPECTED);
}

#[test]
fn application_data_is_refused_before_the_handshake_is_complete() {
    for plan in PLANS {
        for data in [&b"data"[..], b""] {
            for at in &AT_CLIENT[..6] {
                let mut puppet = plan.client(*at);
                puppet.data(data);
                puppet.refused(Reason::ApplicationDataEarly, UNEXPECTED);
            }
            for at in &AT_SERVER[..4] {
                let mut puppet = plan.server(*at);
                puppet.data(data);
                puppet.refused(Reason::ApplicationDataEarly, UNEXPECTED);
            }
        }
    }
}

#[test]
fn plaintext_behind_change_cipher_spec_is_refused() {
    for plan in PLANS {
        for (mut puppet, typ) in [
            (plan.client(AtClient::Finished), T::FINISHED),
            (plan.server(AtServer::Finished), T::FINISHED),
            (plan.client(AtClient::Traffic), T::HELLO_REQUEST),
            (plan.server(AtServer::Traffic), T::CLIENT_HELLO),
        ] {
            let body = message(typ, &[0; 12]);
            puppet.raw(&Record::new(ContentType::HANDSHAKE, &body).encode());
            puppet.refused(Reason::BadRecordMac, AlertDescription::BAD_RECORD_MAC);
        }
    }
}

#[test]
fn data_between_the_fragments_of_a_message_is_refused() {
    for plan in PLANS {
        let mut puppet = plan.client(AtClient::Traffic);
        puppet.handshake_bytes(&[0, 0]);
        puppet.data(b"data");
        puppet.refused(Reason::ExcessHandshakeData, UNEXPECTED);
        let mut puppet = plan.server(AtServer::Traffic);
        puppet.handshake_bytes(&message(T::CLIENT_HELLO, &[0; 40])[..20]);
        puppet.data(b"");
        puppet.refused(Reason::ExcessHandshakeData, UNEXPECTED);
    }
}

#[test]
fn a_warning_between_the_fragments_of_a_message_is_not() {
    let hello = GCM.server_hello().encode();
    let hello = message(T::SERVER_HELLO, &hello);
    let mut puppet = GCM.client(AtClient::ServerHello);
    puppet.handshake_bytes(&hello[..10]);
    puppet.alert(AlertLevel::WARNING, AlertDescription::UNRECOGNIZED_NAME);
    puppet.handshake_bytes(&hello[10..]);
    puppet.accepted();
    puppet.certificate(GCM.keypair);
    puppet.accepted();
}

#[test]
fn a_hello_request_is_ignored_during_a_handshake() {
    for plan in PLANS {
        for at in &AT_CLIENT[..6] {
            let mut puppet = plan.client(*at);
            puppet.seen.clear();
            puppet.say(T::HELLO_REQUEST, &[]);
            puppet.accepted();
            assert_eq!(puppet.seen, [], "not a word");
        }
    }
    // It is in no transcript: the handshake comes to its end.
    let mut puppet = Puppet::against_client(GCM.client_config());
    puppet.say(T::HELLO_REQUEST, &[]);
    puppet.server_hello(&GCM.server_hello());
    puppet.say(T::HELLO_REQUEST, &[]);
    puppet.certificate(GCM.keypair);
    puppet.say(T::HELLO_REQUEST, &[]);
    puppet.accepted();
    GCM.server_key_exchange(&mut puppet);
    puppet.say(T::HELLO_REQUEST, &[]);
    puppet.say(T::SERVER_HELLO_DONE, &[]);
    puppet.accepted();
    puppet.say(T::HELLO_REQUEST, &[]);
    puppet.ccs();
    puppet.say(T::HELLO_REQUEST, &[]);
    puppet.finished();
    puppet.established();
}

#[test]
fn a_hello_request_has_no_body() {
    for at in AT_CLIENT {
        let mut puppet = GCM.client(at);
        puppet.say(T::HELLO_REQUEST, &[0]);
        puppet.refused(Reason::TrailingData, AlertDescription::DECODE_ERROR);
    }
}

#[test]
fn an_end_that_expects_nothing_says_nothing() {
    let mut puppet = GCM.server(AtServer::ClientHello);
    assert_eq!(puppet.drive(), Err(Stop::WantRead));
    assert!(puppet.seen.is_empty() && !puppet.conn.holds_buffer());
}
