//! Diffie-Hellman parameters and values that are none (RFC 5246 §7.4.3, RFC 7919).
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use crate::dhe::{FIELDS, own_group};
use common::plan::{AtClient, AtServer, GCM, Plan};
use common::puppet::{Puppet, key_exchange_body};
use common::wire::{built, list16};
use tls_core::crypto::DhParams;
use tls_core::error::Reason;
use tls_core::wire::{
    AlertDescription as A, ExtensionType as E, HandshakeType as T, NamedGroup as G, Put,
};

/// AES-128-GCM.
const DHE: Plan = Plan {
    suite: 0x009e,
    ..GCM
};

fn server_params(p: &[u8], g: &[u8], public: &[u8]) -> Vec<u8> {
    built(|out| {
        for number in [p, g, public] {
            out.vec16(|out| out.raw(number));
        }
    })
}

/// A client that is told these parameters, under a good signature.
fn told(config: impl FnOnce(&mut tls_core::config::Config), params: &[u8]) -> Puppet {
    let mut ours = DHE.client_config();
    config(&mut ours);
    let mut puppet = DHE.client_with(ours, AtClient::ServerKeyExchange);
    puppet.seen.clear();
    puppet.server_key_exchange(params, DHE.keypair, DHE.scheme);
    puppet.say(T::SERVER_HELLO_DONE, &[]);
    puppet
}

fn refused(params: &[u8], reason: Reason, alert: A) {
    let mut puppet = told(|_| {}, params);
    puppet.refused(reason, alert);
    assert_eq!(puppet.seen.len(), 1, "the alert, and no key exchange");
}

/// Values that are out of range for p.
fn bad_values(params: &DhParams) -> Vec<Vec<u8>> {
    let mut p_minus_1 = params.p().to_vec();
    *p_minus_1.last_mut().unwrap() -= 1;
    vec![
        vec![0],
        vec![1],
        [&[0; 300][..], &[1]].concat(),
        p_minus_1,
        params.p().to_vec(),
        [&[1][..], &vec![0; params.p().len()]].concat(),
        vec![0xff; params.p().len() + 1],
    ]
}

#[test]
fn a_client_refuses_a_public_value_out_of_range() {
    for params in [DhParams::named(G::FFDHE2048).unwrap(), &own_group(2048)] {
        for value in bad_values(params) {
            let params = server_params(params.p(), params.g(), &value);
            refused(&params, Reason::BadDhValue, A::ILLEGAL_PARAMETER);
        }
    }
}

#[test]
fn a_server_refuses_a_public_value_out_of_range() {
    for group in FIELDS {
        for value in bad_values(DhParams::named(group).unwrap()) {
            let mut hello = DHE.client_hello();
            let groups = list16(&[group.0]);
            hello.extensions.set(E::SUPPORTED_GROUPS, &groups);
            let mut puppet = Puppet::against_server(DHE.server_config());
            puppet.client_hello(&hello);
            puppet.accepted();
            let body = built(|out| out.vec16(|out| out.raw(&value)));
            puppet.say(T::CLIENT_KEY_EXCHANGE, &body);
            puppet.refused(Reason::BadDhValue, A::ILLEGAL_PARAMETER);
        }
    }
}

#[test]
fn a_group_that_is_too_small_is_insufficient_security() {
    let of = |bits| server_params(own_group(bits).p(), &[2], &[7]);
    for bits in [1024, 1536, 2047] {
        refused(&of(bits), Reason::DhTooSmall, A::INSUFFICIENT_SECURITY);
    }
    told(|_| {}, &of(2048)).accepted();
    // The option reaches down to 1024 and not farther.
    told(|c| c.dh_1024 = true, &of(1024)).accepted();
    for bits in [3, 8, 512, 768, 1023] {
        let mut puppet = told(|c| c.dh_1024 = true, &of(bits));
        puppet.refused(Reason::DhTooSmall, A::INSUFFICIENT_SECURITY);
    }
    // Leading zeroes make nothing longer.
    let long = [&[0; 128][..], own_group(1024).p()].concat();
    let params = server_params(&long, &[2], &[7]);
    refused(&params, Reason::DhTooSmall, A::INSUFFICIENT_SECURITY);
}

#[test]
fn a_group_that_is_too_large_is_refused_before_it_costs_anything() {
    for len in [1025, 2048, 5000] {
        let params = server_params(&vec![0xff; len], &[2], &[7]);
        refused(&params, Reason::DhTooLarge, A::HANDSHAKE_FAILURE);
    }
    told(|_| {}, &server_params(&[0xff; 1024], &[2], &[7])).accepted();
}

#[test]
fn parameters_that_make_no_sense_are_refused() {
    let p = own_group(2048).p().to_vec();
    let mut even = p.clone();
    even[255] = 0xfe;
    let nonsense = |p: &[u8], g: &[u8]| {
        let params = server_params(p, g, &[7]);
        refused(&params, Reason::BadDhValue, A::ILLEGAL_PARAMETER);
    };
    nonsense(&even, &[2]);
    nonsense(&[0; 256], &[2]);
    for g in [&[0][..], &[1], &even, &p, &[0xff; 257]] {
        nonsense(&p, g);
    }
}

#[test]
fn malformed_server_params() {
    let p = own_group(2048).p().to_vec();
    let good = server_params(&p, &[2], &[7]);
    let say = |body: &[u8], reason: Reason| {
        let mut puppet = DHE.client(AtClient::ServerKeyExchange);
        puppet.say(T::SERVER_KEY_EXCHANGE, body);
        puppet.refused(reason, A::DECODE_ERROR);
    };
    for (p, g, y) in [
        (&[][..], &[2][..], &[7][..]),
        (&p, &[], &[7]),
        (&p, &[2], &[]),
    ] {
        let body = key_exchange_body(&server_params(p, g, y), DHE.scheme, &[7; 256]);
        say(&body, Reason::DecodeError);
    }
    for len in [0, 1, 2, 100, 258, 259, 260, 261, 262, 263] {
        say(&good[..len], Reason::DecodeError);
    }
    // The signature's place: none, cut, more.
    say(&good, Reason::DecodeError);
    let whole = key_exchange_body(&good, DHE.scheme, &[7; 256]);
    say(&whole[..whole.len() - 1], Reason::DecodeError);
    say(&[&whole[..], &[0]].concat(), Reason::TrailingData);
}

#[test]
fn malformed_client_values() {
    let say = |body: &[u8], reason: Reason| {
        let mut puppet = DHE.server(AtServer::ClientKeyExchange);
        puppet.say(T::CLIENT_KEY_EXCHANGE, body);
        puppet.refused(reason, A::DECODE_ERROR);
    };
    // Nothing (an implicit value belongs to certificates with a DH key), empty, cut, more.
    say(&[], Reason::DecodeError);
    say(&[0, 0], Reason::DecodeError);
    say(&[0], Reason::DecodeError);
    say(&[0, 2, 7], Reason::DecodeError);
    say(&[0, 1, 7, 7], Reason::TrailingData);
    say(&[1, 7], Reason::DecodeError);
}

#[test]
fn a_signature_over_other_parameters_is_refused() {
    let p = own_group(2048).p().to_vec();
    let signed = server_params(&p, &[2], &[7]);
    for other in [
        server_params(&p, &[2], &[8]),
        server_params(&p, &[3], &[7]),
        server_params(DhParams::named(G::FFDHE2048).unwrap().p(), &[2], &[7]),
        server_params(&p, &[2], &[0, 7]),
    ] {
        let mut puppet = DHE.client(AtClient::ServerKeyExchange);
        puppet.seen.clear();
        let message = puppet.signed_message(&signed);
        let signature = common::puppet::sign(DHE.keypair, DHE.scheme, &message);
        let body = key_exchange_body(&other, DHE.scheme, &signature);
        puppet.say(T::SERVER_KEY_EXCHANGE, &body);
        puppet.say(T::SERVER_HELLO_DONE, &[]);
        puppet.refused(Reason::BadSignature, A::DECRYPT_ERROR);
    }
}

#[test]
fn a_curve_in_place_of_a_field_and_a_field_in_place_of_a_curve() {
    let mut puppet = DHE.client(AtClient::ServerKeyExchange);
    let point = common::puppet::params(G::X25519, &[9; 32]);
    puppet.server_key_exchange(&point, DHE.keypair, DHE.scheme);
    puppet.refused(Reason::DecodeError, A::DECODE_ERROR);
    // A field's number as a named curve.
    for group in FIELDS {
        let mut puppet = GCM.client(AtClient::ServerKeyExchange);
        let params = common::puppet::params(group, &[9; 32]);
        puppet.server_key_exchange(&params, GCM.keypair, GCM.scheme);
        puppet.refused(Reason::GroupNotOffered, A::ILLEGAL_PARAMETER);
    }
}
