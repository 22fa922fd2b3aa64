//! Every message behind the hellos: cut, too long, with bytes behind it, and with inner lengths
//! that do not fit.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::plan::{AtClient, AtServer, GCM, PLANS, Plan, RSA};
use common::puppet::{Puppet, certificate_body, key_exchange_body, params, public_value};
use common::wire::{built, message_with_len};
use tls_core::config::Ocsp;
use tls_core::error::Reason;
use tls_core::wire::{
    AlertDescription as A, ExtensionType as E, HandshakeType as T, NamedGroup, Put,
};

/// A client that expects ServerKeyExchange, or CertificateStatus before it.
fn at_status() -> Puppet {
    let mut config = GCM.client_config();
    config.ocsp = Ocsp::Request;
    let mut puppet = Puppet::against_client(config);
    let mut hello = GCM.server_hello();
    hello.extensions.set(E::STATUS_REQUEST, &[]);
    puppet.server_hello(&hello);
    puppet.certificate(GCM.keypair);
    puppet.accepted();
    puppet
}

/// A message at its place: who expects it, its type, a body that parses, and its limit in bytes.
struct Place {
    expecting: fn() -> Puppet,
    typ: T,
    body: Vec<u8>,
    max: usize,
}

fn places() -> Vec<Place> {
    let place = |expecting, typ, body, max| Place {
        expecting,
        typ,
        body,
        max,
    };
    let point = params(NamedGroup::X25519, &public_value(NamedGroup::X25519));
    let key_exchange = key_exchange_body(&point, GCM.scheme, &[7; 256]);
    let request = vec![2, 1, 64, 0, 4, 4, 1, 4, 3, 0, 4, 0, 2, 0x30, 0];
    vec![
        place(
            || GCM.client(AtClient::Certificate),
            T::CERTIFICATE,
            certificate_body("server-p256"),
            100 << 10,
        ),
        place(
            at_status,
            T::CERTIFICATE_STATUS,
            vec![1, 0, 0, 3, 0x30, 1, 0],
            16 << 10,
        ),
        place(
            || GCM.client(AtClient::ServerKeyExchange),
            T::SERVER_KEY_EXCHANGE,
            key_exchange,
            16 << 10,
        ),
        place(
            || GCM.client(AtClient::ServerHelloDone),
            T::CERTIFICATE_REQUEST,
            request,
            64 << 10,
        ),
        place(
            || GCM.client(AtClient::ServerHelloDone),
            T::SERVER_HELLO_DONE,
            vec![],
            16 << 10,
        ),
        place(
            || GCM.server(AtServer::ClientKeyExchange),
            T::CLIENT_KEY_EXCHANGE,
            [&[32][..], &[9; 32]].concat(),
            16 << 10,
        ),
        place(
            || RSA.server(AtServer::ClientKeyExchange),
            T::CLIENT_KEY_EXCHANGE,
            [&[1, 0][..], &[9; 256]].concat(),
            16 << 10,
        ),
    ]
}

#[test]
fn a_message_cut_anywhere_is_refused() {
    for place in places() {
        // Of a long one the beginning and the end, and every so often between.
        let len = place.body.len();
        for cut in (0..len).filter(|cut| *cut < 50 || cut + 50 > len || cut % 61 == 0) {
            let mut puppet = (place.expecting)();
            puppet.say(place.typ, &place.body[..cut]);
            puppet.refused(Reason::DecodeError, A::DECODE_ERROR);
        }
    }
}

#[test]
fn bytes_behind_a_message_are_refused() {
    for place in places() {
        for more in [&[0][..], &[0xff], &[0; 4], &[1; 300]] {
            let mut puppet = (place.expecting)();
            puppet.say(place.typ, &[&place.body, more].concat());
            puppet.refused(Reason::TrailingData, A::DECODE_ERROR);
        }
    }
}

#[test]
fn a_message_that_announces_too_much_is_refused_by_its_header() {
    for place in places() {
        for len in [place.max + 1, 0x01_ffff, 0xff_ffff] {
            let mut puppet = (place.expecting)();
            puppet.handshake_bytes(&message_with_len(place.typ, len, &[]));
            puppet.refused(Reason::MessageTooLong, A::ILLEGAL_PARAMETER);
        }
        let mut puppet = (place.expecting)();
        puppet.handshake_bytes(&message_with_len(place.typ, place.max, &[]));
        puppet.accepted();
    }
}

/// To the peer a Finished of another length is one that does not match.
#[test]
fn a_finished_has_twelve_bytes() {
    for plan in PLANS {
        let ends = || {
            [
                plan.client(AtClient::Finished),
                plan.server(AtServer::Finished),
            ]
        };
        for len in (0..12).chain([13, 24, 36, 1000]) {
            for mut puppet in ends() {
                let mut body = puppet.verify_data().to_vec();
                body.resize(len, 0);
                puppet.say(T::FINISHED, &body);
                puppet.refused(Reason::BadFinished, A::DECRYPT_ERROR);
            }
        }
        for mut puppet in ends() {
            puppet.handshake_bytes(&message_with_len(T::FINISHED, (16 << 10) + 1, &[]));
            puppet.refused(Reason::MessageTooLong, A::ILLEGAL_PARAMETER);
        }
    }
}

#[test]
fn a_finished_with_a_changed_bit_is_refused() {
    for plan in PLANS {
        for bit in 0..96 {
            for mut puppet in [
                plan.client(AtClient::Finished),
                plan.server(AtServer::Finished),
            ] {
                let mut body = puppet.verify_data();
                body[bit / 8] ^= 1 << (bit % 8);
                puppet.say(T::FINISHED, &body);
                puppet.refused(Reason::BadFinished, A::DECRYPT_ERROR);
            }
        }
    }
}

#[test]
fn a_finished_of_another_transcript_is_refused() {
    // A message that only the puppet heard: what an attacker changed on the way looks like this.
    for plan in PLANS {
        for mut puppet in [
            plan.client(AtClient::Finished),
            plan.server(AtServer::Finished),
        ] {
            let good = puppet.verify_data();
            puppet.overhear(&[0, 0, 0, 0]);
            assert_ne!(puppet.verify_data(), good);
            puppet.finished();
            puppet.refused(Reason::BadFinished, A::DECRYPT_ERROR);
        }
    }
}

#[test]
fn a_finished_that_is_sent_back_is_refused() {
    // The client's own verify_data, as a mirror would answer it.
    for plan in PLANS {
        let mut puppet = plan.client(AtClient::Finished);
        let (typ, own) = puppet.heard().pop().unwrap();
        assert_eq!((typ, own.len()), (T::FINISHED, 12));
        puppet.say(T::FINISHED, &own);
        puppet.refused(Reason::BadFinished, A::DECRYPT_ERROR);
    }
}

#[test]
fn a_long_message_of_unknown_type_is_refused_by_its_header() {
    for typ in [3, 5, 99, 254] {
        for mut puppet in [
            GCM.client(AtClient::ServerHello),
            GCM.server(AtServer::ClientHello),
            GCM.client(AtClient::Traffic),
            GCM.server(AtServer::Traffic),
        ] {
            puppet.handshake_bytes(&message_with_len(T(typ), (16 << 10) + 1, &[]));
            puppet.refused(Reason::MessageTooLong, A::ILLEGAL_PARAMETER);
        }
    }
}

fn refuse(expecting: fn() -> Puppet, typ: T, body: &[u8], reason: Reason) {
    let mut puppet = expecting();
    puppet.say(typ, body);
    puppet.refused(reason, A::DECODE_ERROR);
}

#[test]
fn certificate_lists_have_exact_lengths() {
    let refuse = |body: &[u8], reason| {
        refuse(
            || GCM.client(AtClient::Certificate),
            T::CERTIFICATE,
            body,
            reason,
        );
    };
    // No list; a list with half a length; an empty entry; an entry longer than the list; one that
    // leaves a byte.
    refuse(&[], Reason::DecodeError);
    refuse(&[0, 0], Reason::DecodeError);
    refuse(&[0, 0, 2, 0, 0], Reason::DecodeError);
    refuse(&[0, 0, 3, 0, 0, 0], Reason::DecodeError);
    refuse(&[0, 0, 4, 0, 0, 2, 0x30], Reason::DecodeError);
    refuse(&[0, 0, 5, 0, 0, 1, 0x30, 0], Reason::DecodeError);
    refuse(&[0, 0, 4, 0, 0, 1, 0x30, 0], Reason::TrailingData);
    let good = certificate_body("server-rsa");
    let leaf_only = {
        let leaf = &common::certificates("pki/server-rsa.pem")[0];
        built(|out| {
            out.vec24(|out| {
                out.vec24(|out| out.raw(leaf));
                out.u24(0);
            });
        })
    };
    refuse(&leaf_only, Reason::DecodeError);
    for (place, change, reason) in [
        (2, 1, Reason::DecodeError),
        (2, 255, Reason::TrailingData),
        (5, 255, Reason::DecodeError),
    ] {
        let mut body = good.clone();
        body[place] = body[place].wrapping_add(change);
        refuse(&body, reason);
    }
}

#[test]
fn an_empty_chain_is_refused() {
    let mut puppet = GCM.client(AtClient::Certificate);
    puppet.say(T::CERTIFICATE, &[0, 0, 0]);
    puppet.refused(Reason::EmptyCertificateChain, A::DECODE_ERROR);
}

#[test]
fn key_exchange_parameters_have_exact_lengths() {
    let refuse = |body: &[u8], reason| {
        refuse(
            || GCM.client(AtClient::ServerKeyExchange),
            T::SERVER_KEY_EXCHANGE,
            body,
            reason,
        );
    };
    // An empty point; a signature longer, and shorter, than said.
    refuse(
        &key_exchange_body(&[3, 0, 29, 0], GCM.scheme, &[7; 256]),
        Reason::DecodeError,
    );
    let good = key_exchange_body(&params(NamedGroup::X25519, &[9; 32]), GCM.scheme, &[7; 256]);
    let at = 4 + 32 + 2;
    assert_eq!(good[at..at + 2], [1, 0]);
    let mut long = good.clone();
    long[at + 1] = 1;
    refuse(&long, Reason::DecodeError);
    let mut short = good.clone();
    short[at..at + 2].copy_from_slice(&[0, 255]);
    refuse(&short, Reason::TrailingData);
    // A point that takes the scheme and the signature with it.
    let mut point = good;
    point[3] = 33 + 1;
    refuse(&point, Reason::DecodeError);
}

#[test]
fn certificate_requests_have_exact_lengths() {
    let refuse = |plan: Plan, body: &[u8], reason| {
        let mut puppet = plan.client(AtClient::ServerHelloDone);
        puppet.say(T::CERTIFICATE_REQUEST, body);
        puppet.refused(reason, A::DECODE_ERROR);
    };
    for plan in [GCM, RSA] {
        // No type; no scheme; half a scheme; an empty name; a name longer than its list, and one
        // that leaves a byte.
        refuse(plan, &[0, 0, 2, 4, 1, 0, 0], Reason::DecodeError);
        refuse(plan, &[1, 1, 0, 0, 0, 0], Reason::DecodeError);
        refuse(plan, &[1, 1, 0, 3, 4, 1, 4, 0, 0], Reason::DecodeError);
        refuse(plan, &[1, 1, 0, 2, 4, 1, 0, 2, 0, 0], Reason::DecodeError);
        refuse(
            plan,
            &[1, 1, 0, 2, 4, 1, 0, 3, 0, 2, 0x30],
            Reason::DecodeError,
        );
        refuse(
            plan,
            &[1, 1, 0, 2, 4, 1, 0, 4, 0, 1, 0x30, 0],
            Reason::DecodeError,
        );
        refuse(plan, &[1, 1, 0, 2, 4, 1, 0, 0, 0], Reason::TrailingData);
    }
}

#[test]
fn a_certificate_status_is_of_type_ocsp_and_not_empty() {
    let mut puppet = at_status();
    puppet.say(T::CERTIFICATE_STATUS, &[1, 0, 0, 0]);
    puppet.refused(Reason::DecodeError, A::DECODE_ERROR);
    for typ in [0, 2, 255] {
        let mut puppet = at_status();
        puppet.say(T::CERTIFICATE_STATUS, &[typ, 0, 0, 1, 0x30]);
        puppet.refused(Reason::BadExtension, A::ILLEGAL_PARAMETER);
    }
}

#[test]
fn client_key_exchanges_have_exact_lengths() {
    let ecdhe = || GCM.server(AtServer::ClientKeyExchange);
    refuse(ecdhe, T::CLIENT_KEY_EXCHANGE, &[0], Reason::DecodeError);
    let longer = [&[33][..], &[9; 32]].concat();
    refuse(ecdhe, T::CLIENT_KEY_EXCHANGE, &longer, Reason::DecodeError);
    let shorter = [&[31][..], &[9; 32]].concat();
    refuse(
        ecdhe,
        T::CLIENT_KEY_EXCHANGE,
        &shorter,
        Reason::TrailingData,
    );
    let rsa = || RSA.server(AtServer::ClientKeyExchange);
    let longer = [&[1, 1][..], &[9; 256]].concat();
    refuse(rsa, T::CLIENT_KEY_EXCHANGE, &longer, Reason::DecodeError);
    let shorter = [&[0, 255][..], &[9; 256]].concat();
    refuse(rsa, T::CLIENT_KEY_EXCHANGE, &shorter, Reason::TrailingData);
}
