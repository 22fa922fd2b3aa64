//! The small extensions between our own two sides, and what either side refuses of them:
//! status_request, signed_certificate_timestamp, max_fragment_length, record_size_limit, padding, and
//! TLS_FALLBACK_SCSV.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::plan::{AtClient, AtServer, GCM, PLANS};
use common::puppet::Puppet;
use common::sessions::Pair;
use common::staple::staple;
use common::wire::records;
use common::{
    client, config, give, handshake, keypair, read, reason, server, server_config, take, transfer,
};
use std::sync::Arc;
use tls_core::cert::{Keypair, MAX_OCSP_RESPONSE};
use tls_core::config::{Config, MODERN, Ocsp};
use tls_core::conn::{Connection, RecordLimits, Stop};
use tls_core::error::{Error, Reason};
use tls_core::wire::{AlertDescription as A, ContentType, ExtensionType as E, HandshakeType as T};

fn stapling(response: &[u8]) -> Config {
    let mut config = server_config(&MODERN, &["server-p256"]);
    let keypair = Keypair::clone(&keypair("server-p256"));
    config.keypairs = vec![Arc::new(
        keypair.with_ocsp_response(Some(response.into())).unwrap(),
    )];
    config
}

fn asking(ocsp: Ocsp) -> Config {
    let mut config = config(&MODERN);
    config.ocsp = ocsp;
    config
}

fn run(c: Config, s: Config) -> (Connection, Connection, bool) {
    let (mut c, mut s) = (client(c), server(s));
    let done = handshake(&mut c, &mut s).is_ok();
    (c, s, done)
}

#[test]
fn a_staple_is_sent_to_those_who_ask() {
    let staple = staple("server-p256").bytes();
    for (ocsp, sent) in [
        (Ocsp::Off, false),
        (Ocsp::Request, true),
        (Ocsp::Require, true),
    ] {
        let (c, s, done) = run(asking(ocsp), stapling(&staple));
        assert!(done, "{:?}", c.error());
        assert_eq!(
            c.facts().ocsp_response.as_deref(),
            sent.then_some(&staple[..])
        );
        assert_eq!(s.facts().ocsp_response, None);
    }
    // A server that does not answer the extension staples nothing.
    let mut mute = stapling(&staple);
    mute.server_extensions
        .retain(|typ| *typ != E::STATUS_REQUEST);
    let (c, _, done) = run(asking(Ocsp::Request), mute);
    assert!(done && c.facts().ocsp_response.is_none());
}

#[test]
fn where_one_is_required_none_is_refused() {
    let (c, s, done) = run(
        asking(Ocsp::Require),
        server_config(&MODERN, &["server-p256"]),
    );
    assert!(!done);
    assert_eq!(reason(&c), Reason::OcspResponseMissing);
    assert_eq!(
        s.error().unwrap().alert().unwrap().0,
        A::BAD_CERTIFICATE_STATUS_RESPONSE
    );
    let (_, _, done) = run(
        asking(Ocsp::Request),
        server_config(&MODERN, &["server-p256"]),
    );
    assert!(done);
}

#[test]
fn staples_that_no_message_carries() {
    // They are found when they are configured.
    for bytes in [vec![], vec![0x30; MAX_OCSP_RESPONSE + 1]] {
        let keypair = Keypair::clone(&keypair("server-p256"));
        let error = keypair.with_ocsp_response(Some(bytes.into())).unwrap_err();
        assert_eq!(error.reason(), Reason::BadArgument);
    }
    // From a peer what does not parse is refused when the chain is judged.
    let mut config = GCM.client_config();
    config.ocsp = Ocsp::Request;
    let mut puppet = GCM.client_with(config, AtClient::ServerHello);
    let mut hello = GCM.server_hello();
    hello.extensions.set(E::STATUS_REQUEST, &[]);
    puppet.server_hello(&hello);
    puppet.certificate(GCM.keypair);
    puppet.say(T::CERTIFICATE_STATUS, &[1, 0, 0, 2, 0x30, 0]);
    GCM.server_key_exchange(&mut puppet);
    puppet.accepted();
    puppet.say(T::SERVER_HELLO_DONE, &[]);
    puppet.refused(Reason::BadOcspResponse, A::BAD_CERTIFICATE_STATUS_RESPONSE);
}

fn with_scts(list: &[u8]) -> Result<Keypair, Error> {
    Keypair::clone(&keypair("server-p256")).with_scts(Some(list.into()))
}

const SCTS: &[u8] = &[0, 7, 0, 2, 1, 2, 0, 1, 9];

#[test]
fn timestamps_are_sent_to_those_who_ask() {
    for asks in [true, false] {
        let (mut c, mut s) = (config(&MODERN), server_config(&MODERN, &["server-p256"]));
        c.scts = asks;
        s.keypairs = vec![Arc::new(with_scts(SCTS).unwrap())];
        let (c, _, done) = run(c, s);
        assert!(done);
        assert_eq!(c.facts().scts.as_deref(), asks.then_some(SCTS));
    }
    for bad in [
        &[][..],
        &[0],
        &[0, 0],
        &[0, 2, 0, 0],
        &[0, 3, 0, 2, 1],
        &[0, 3, 0, 1, 1, 0],
        &[0; 9000],
    ] {
        assert_eq!(
            with_scts(bad).unwrap_err().reason(),
            Reason::BadArgument,
            "{bad:02x?}"
        );
    }
}

#[test]
fn timestamp_lists_that_a_client_refuses() {
    let bad: [(&[u8], Reason); 6] = [
        (&[], Reason::DecodeError),
        (&[0, 0], Reason::DecodeError),
        (&[0, 2, 0, 0], Reason::DecodeError),
        (&[0, 3, 0, 2, 1], Reason::DecodeError),
        (&[0, 9, 0, 1, 1], Reason::DecodeError),
        (&[0, 3, 0, 1, 1, 0], Reason::TrailingData),
    ];
    for (body, why) in bad {
        let mut config = GCM.client_config();
        config.scts = true;
        hears(config, &[(E::SIGNED_CERTIFICATE_TIMESTAMP, body)]).refused(why, A::DECODE_ERROR);
    }
}

/// A client that hears a ServerHello with these extensions.
fn hears(config: Config, extensions: &[(E, &[u8])]) -> Puppet {
    let mut puppet = Puppet::against_client(config);
    let mut hello = GCM.server_hello();
    for (typ, body) in extensions {
        hello.extensions.set(*typ, body);
    }
    puppet.server_hello(&hello);
    puppet
}

/// A server that hears a ClientHello with this extension.
fn is_asked(typ: E, body: &[u8]) -> Puppet {
    let mut puppet = Puppet::against_server(GCM.server_config());
    let mut hello = GCM.client_hello();
    hello.extensions.set(typ, body);
    puppet.client_hello(&hello);
    puppet
}

#[test]
fn lengths_that_are_out_of_range() {
    let cases: [(E, &[u8], Reason, A); 11] = [
        (
            E::MAX_FRAGMENT_LENGTH,
            &[],
            Reason::DecodeError,
            A::DECODE_ERROR,
        ),
        (
            E::MAX_FRAGMENT_LENGTH,
            &[1, 1],
            Reason::TrailingData,
            A::DECODE_ERROR,
        ),
        (
            E::MAX_FRAGMENT_LENGTH,
            &[0],
            Reason::BadFragmentLength,
            A::ILLEGAL_PARAMETER,
        ),
        (
            E::MAX_FRAGMENT_LENGTH,
            &[5],
            Reason::BadFragmentLength,
            A::ILLEGAL_PARAMETER,
        ),
        (
            E::MAX_FRAGMENT_LENGTH,
            &[255],
            Reason::BadFragmentLength,
            A::ILLEGAL_PARAMETER,
        ),
        (
            E::RECORD_SIZE_LIMIT,
            &[],
            Reason::DecodeError,
            A::DECODE_ERROR,
        ),
        (
            E::RECORD_SIZE_LIMIT,
            &[1],
            Reason::DecodeError,
            A::DECODE_ERROR,
        ),
        (
            E::RECORD_SIZE_LIMIT,
            &[1, 0, 0],
            Reason::TrailingData,
            A::DECODE_ERROR,
        ),
        (
            E::RECORD_SIZE_LIMIT,
            &[0, 0],
            Reason::BadFragmentLength,
            A::ILLEGAL_PARAMETER,
        ),
        (
            E::RECORD_SIZE_LIMIT,
            &[0, 1],
            Reason::BadFragmentLength,
            A::ILLEGAL_PARAMETER,
        ),
        (
            E::RECORD_SIZE_LIMIT,
            &[0, 63],
            Reason::BadFragmentLength,
            A::ILLEGAL_PARAMETER,
        ),
    ];
    for (typ, body, why, alert) in cases {
        let mut config = GCM.client_config();
        config.max_fragment_length = Some(512);
        config.record_size_limit = Some(512);
        hears(config, &[(typ, body)]).refused(why, alert);
        is_asked(typ, body).refused(why, alert);
    }
    // More than a record can hold is a server's to overlook (RFC 8449 §4).
    is_asked(E::RECORD_SIZE_LIMIT, &[0xff, 0xff]).accepted();
}

#[test]
fn answers_that_were_not_asked_for() {
    let mut config = GCM.client_config();
    config.max_fragment_length = Some(512);
    config.record_size_limit = Some(512);
    hears(config.clone(), &[(E::MAX_FRAGMENT_LENGTH, &[2])])
        .refused(Reason::BadFragmentLength, A::ILLEGAL_PARAMETER);
    let both: [(E, &[u8]); 2] = [
        (E::MAX_FRAGMENT_LENGTH, &[1]),
        (E::RECORD_SIZE_LIMIT, &[1, 0]),
    ];
    hears(config.clone(), &both).refused(Reason::BadExtension, A::ILLEGAL_PARAMETER);
    config.hello_padding = 1000;
    hears(config, &[(E::PADDING, &[])])
        .refused(Reason::UnsolicitedExtension, A::UNSUPPORTED_EXTENSION);
    let unasked: [(E, &[u8]); 4] = [
        (E::MAX_FRAGMENT_LENGTH, &[1]),
        (E::RECORD_SIZE_LIMIT, &[1, 0]),
        (E::STATUS_REQUEST, &[]),
        (E::SIGNED_CERTIFICATE_TIMESTAMP, SCTS),
    ];
    for (typ, body) in unasked {
        let mut config = GCM.client_config();
        config.ocsp = Ocsp::Off;
        hears(config, &[(typ, body)])
            .refused(Reason::UnsolicitedExtension, A::UNSUPPORTED_EXTENSION);
    }
}

/// The longest ciphertext among the data records that leave.
fn longest(from: &mut Connection, to: &mut Connection, data: &[u8]) -> usize {
    let mut longest = 0;
    let mut rest = data;
    let mut got = Vec::new();
    while !rest.is_empty() {
        let n = from.write(rest).unwrap();
        rest = &rest[n..];
        let wire = take(from);
        let all = records(&wire);
        longest = all.iter().map(|r| r.body.len()).max().unwrap().max(longest);
        for record in &all {
            give(to, &record.encode());
            got.extend(read(to, 1 << 15).unwrap());
        }
    }
    assert!(got == data);
    longest
}

/// What AES-GCM adds to a record's plaintext.
const GCM_ADDS: usize = 24;

#[test]
fn fragments_of_every_length_in_both_directions() {
    for length in [512, 1024, 2048, 4096] {
        let (mut c, s) = (config(&MODERN), server_config(&MODERN, &["server-rsa"]));
        c.max_fragment_length = Some(length);
        let (mut c, mut s, done) = run(c, s);
        assert!(done);
        let limits = RecordLimits {
            send: length,
            receive: length,
        };
        assert_eq!(
            (c.facts().record_limits, s.facts().record_limits),
            (limits, limits)
        );
        let data = vec![7; 100_000];
        assert_eq!(
            longest(&mut c, &mut s, &data),
            usize::from(length) + GCM_ADDS
        );
        assert_eq!(
            longest(&mut s, &mut c, &data),
            usize::from(length) + GCM_ADDS
        );
    }
}

/// A server's Certificate does not fit 512 bytes: it is cut in the clear, from the ServerHello on.
#[test]
fn handshake_messages_are_cut_in_the_clear() {
    let (mut c, s) = (config(&MODERN), server_config(&MODERN, &["server-rsa"]));
    c.max_fragment_length = Some(512);
    let (mut c, mut s) = (client(c), server(s));
    let _hello = c.handshake();
    give(&mut s, &take(&mut c));
    let _flight = s.handshake();
    let flight = take(&mut s);
    let lengths: Vec<usize> = records(&flight).iter().map(|r| r.body.len()).collect();
    assert!(
        lengths.iter().all(|len| *len <= 512) && lengths.contains(&512),
        "{lengths:?}"
    );
    give(&mut c, &flight);
    handshake(&mut c, &mut s).unwrap();
}

#[test]
fn limits_of_each_side_are_its_own() {
    let (mut c, mut s) = (config(&MODERN), server_config(&MODERN, &["server-rsa"]));
    (c.record_size_limit, s.record_size_limit) = (Some(64), Some(1000));
    // It wins over the older extension.
    c.max_fragment_length = Some(512);
    let (mut c, mut s, done) = run(c, s);
    assert!(done);
    assert_eq!(
        c.facts().record_limits,
        RecordLimits {
            send: 1000,
            receive: 64
        }
    );
    assert_eq!(
        s.facts().record_limits,
        RecordLimits {
            send: 64,
            receive: 1000
        }
    );
    let data = vec![9; 50_000];
    assert_eq!(longest(&mut c, &mut s, &data), 1000 + GCM_ADDS);
    assert_eq!(longest(&mut s, &mut c, &data), 64 + GCM_ADDS);
    // A server without a limit of its own answers what every record may hold.
    let mut c = config(&MODERN);
    c.record_size_limit = Some(777);
    let (c, _, _) = run(c, server_config(&MODERN, &["server-rsa"]));
    assert_eq!(
        c.facts().record_limits,
        RecordLimits {
            send: 16384,
            receive: 777
        }
    );
    // One that does not know it is no obstacle, nor is one that knows the older alone.
    for known in [None, Some(E::MAX_FRAGMENT_LENGTH)] {
        let (mut c, mut s) = (config(&MODERN), server_config(&MODERN, &["server-rsa"]));
        (c.record_size_limit, c.max_fragment_length) = (Some(777), Some(1024));
        s.server_extensions.retain(|typ| {
            !matches!(*typ, E::RECORD_SIZE_LIMIT | E::MAX_FRAGMENT_LENGTH) || Some(*typ) == known
        });
        let (mut c, mut s, done) = run(c, s);
        assert!(done);
        let length = known.map_or(16384, |_| 1024);
        assert_eq!(c.facts().record_limits.receive, length);
        transfer(&mut c, &mut s, &[1; 40_000]);
    }
}

#[test]
fn longer_records_than_were_agreed_on() {
    for plan in PLANS {
        for protected in [true, false] {
            let mut config = plan.client_config();
            config.max_fragment_length = Some(512);
            let mut hello = plan.server_hello();
            hello.extensions.set(E::MAX_FRAGMENT_LENGTH, &[1]);
            let mut puppet = Puppet::against_client(config);
            puppet.server_hello(&hello);
            puppet.accepted();
            if !protected {
                puppet.record(ContentType::HANDSHAKE, &[11; 513]);
                puppet.refused(Reason::RecordOverflow, A::RECORD_OVERFLOW);
            }
        }
        let mut config = plan.server_config();
        config.record_size_limit = Some(100);
        let mut puppet = asked_for_limit(plan, config);
        puppet.data(&[1; 100]);
        assert_eq!(read(&mut puppet.conn, 200).unwrap().len(), 100);
        puppet.data(&[1; 101]);
        puppet.refused(Reason::RecordOverflow, A::RECORD_OVERFLOW);
    }
}

/// A server in traffic whose client has record_size_limit.
fn asked_for_limit(plan: common::plan::Plan, config: Config) -> Puppet {
    let mut puppet = Puppet::against_server(config);
    let mut hello = plan.client_hello();
    hello.extensions.set(E::RECORD_SIZE_LIMIT, &[0x40, 0]);
    puppet.client_hello(&hello);
    puppet.accepted();
    plan.client_key_exchange(&mut puppet);
    puppet.ccs();
    puppet.finished();
    puppet.established();
    puppet
}

#[test]
fn a_fragment_length_holds_for_the_session() {
    let mut world = Pair::tickets(&MODERN, "server-rsa");
    world.client.max_fragment_length = Some(1024);
    let limits = RecordLimits {
        send: 1024,
        receive: 1024,
    };
    let (c, s) = world.connect();
    assert!(!c.facts().resumed && s.facts().record_limits == limits);
    let (c, s) = world.connect();
    assert!(c.facts().resumed);
    assert_eq!(
        (c.facts().record_limits, s.facts().record_limits),
        (limits, limits)
    );
    // A server that no longer answers the extension keeps to it all the same.
    world
        .server
        .server_extensions
        .retain(|typ| *typ != E::MAX_FRAGMENT_LENGTH);
    let (mut c, mut s) = world.connect();
    assert!(c.facts().resumed);
    assert_eq!(
        (c.facts().record_limits, s.facts().record_limits),
        (limits, limits)
    );
    assert_eq!(longest(&mut s, &mut c, &[3; 5000]), 1024 + GCM_ADDS);
    // Another length is another session.
    world.client.max_fragment_length = Some(2048);
    let (c, _) = world.connect();
    assert!(!c.facts().resumed);
}

#[test]
fn staple_and_timestamps_come_back_with_the_session() {
    let mut world = Pair::tickets(&MODERN, "server-p256");
    let staple = staple("server-p256").bytes();
    let keypair = with_scts(SCTS).unwrap();
    world.server.keypairs = vec![Arc::new(
        keypair
            .with_ocsp_response(Some(staple.as_slice().into()))
            .unwrap(),
    )];
    world.client.ocsp = Ocsp::Require;
    world.client.scts = true;
    for resumed in [false, true] {
        let (c, _) = world.connect();
        assert_eq!(c.facts().resumed, resumed);
        assert_eq!(c.facts().ocsp_response.as_deref(), Some(&staple[..]));
        assert_eq!(c.facts().scts.as_deref(), Some(SCTS));
    }
}

#[test]
fn a_hello_is_padded_and_a_padded_one_is_taken() {
    let len = |padding: usize| {
        let mut c = config(&MODERN);
        c.hello_padding = padding;
        let mut c = client(c);
        let _hello = c.handshake();
        let hello = take(&mut c);
        let mut s = server(server_config(&MODERN, &["server-rsa"]));
        give(&mut s, &hello);
        assert_eq!(s.handshake(), Err(Stop::WantRead));
        hello.len() - 5
    };
    let plain = len(0);
    assert!(plain < 400, "{plain}");
    assert_eq!(len(plain), plain);
    assert_eq!(len(plain + 1), plain + 4, "the extension's own header");
    assert_eq!(len(plain + 4), plain + 4);
    assert_eq!(len(512), 512);
    assert_eq!(len(1 << 20), 4096);
    // Whatever it is filled with (RFC 7685 §4 lets a server look, and ours does not).
    is_asked(E::PADDING, &[7; 300]).accepted();
    is_asked(E::PADDING, &[]).accepted();
}

#[test]
fn a_fallback_is_said_and_harms_nobody() {
    let mut c = config(&MODERN);
    c.fallback_scsv = true;
    let mut c = client(c);
    let _hello = c.handshake();
    let hello = take(&mut c);
    assert!(hello.windows(2).any(|pair| pair == [0x56, 0x00]));
    // There is no higher version here that could have been lost.
    let mut s = server(server_config(&MODERN, &["server-rsa"]));
    give(&mut s, &hello);
    assert_eq!(s.handshake(), Err(Stop::WantRead));
    assert!(!s.is_failed());
}

#[test]
fn lengths_that_no_hello_carries() {
    let cases: [fn(&mut Config); 5] = [
        |c| c.max_fragment_length = Some(511),
        |c| c.max_fragment_length = Some(0),
        |c| c.max_fragment_length = Some(8192),
        |c| c.record_size_limit = Some(63),
        |c| c.record_size_limit = Some(16385),
    ];
    for change in cases {
        let mut c = config(&MODERN);
        change(&mut c);
        let mut c = client(c);
        assert_eq!(c.handshake(), Err(Stop::Failed));
        assert_eq!(reason(&c), Reason::BadArgument);
    }
}

#[test]
fn a_status_without_a_request_in_the_hello() {
    let mut puppet = GCM.server(AtServer::ClientHello);
    let mut hello = GCM.client_hello();
    hello.extensions.set(E::STATUS_REQUEST, &[1, 0, 0, 0, 0]);
    puppet.client_hello(&hello);
    puppet.accepted();
    let heard = puppet.heard();
    assert!(
        heard.iter().all(|(typ, _)| *typ != T::CERTIFICATE_STATUS),
        "there is nothing to staple"
    );
}
