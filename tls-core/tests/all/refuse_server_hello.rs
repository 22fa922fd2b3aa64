//! What a client refuses of a ServerHello (RFC 5246 §7.4.1.3 and the extensions' RFCs).
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::config;
use common::plan::{CBC, ETM, GCM, RSA};
use common::puppet::Puppet;
use common::wire::{ExtensionList, ServerHello, alpn, message_with_len};
use tls_core::config::{COMPATIBLE, Config, LEGACY, MODERN, Ocsp};
use tls_core::error::Reason;
use tls_core::wire::{AlertDescription as A, ExtensionType as E, HandshakeType as T};

/// A client that offers everything that there is to offer.
fn eager() -> Config {
    let mut config = config(&LEGACY);
    config.alpn = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config.ocsp = Ocsp::Request;
    config.scts = true;
    config.max_fragment_length = Some(1024);
    config.record_size_limit = Some(1000);
    config.hello_padding = 512;
    config
}

fn say(config: Config, body: &[u8]) -> Puppet {
    let mut puppet = Puppet::against_client(config);
    puppet.say(T::SERVER_HELLO, body);
    puppet
}

fn answer(config: Config, hello: &ServerHello) -> Puppet {
    say(config, &hello.encode())
}

fn changed(change: impl FnOnce(&mut ServerHello)) -> ServerHello {
    let mut hello = ServerHello::new(0xc013);
    change(&mut hello);
    hello
}

fn with(typ: E, body: &[u8]) -> ServerHello {
    changed(|hello| hello.extensions.set(typ, body))
}

fn bare() -> ServerHello {
    changed(|hello| hello.extensions = ExtensionList(None))
}

#[test]
fn a_hello_cut_anywhere_is_refused() {
    let body = with(E::EXTENDED_MASTER_SECRET, &[]).encode();
    for cut in 0..body.len() {
        let mut puppet = say(eager(), &body[..cut]);
        if cut == bare().encode().len() {
            puppet.accepted();
        } else {
            puppet.refused(Reason::DecodeError, A::DECODE_ERROR);
        }
    }
}

#[test]
fn bytes_behind_a_hello_are_refused() {
    let mut body = ServerHello::new(0xc013).encode();
    for _ in 0..3 {
        body.push(0);
        say(eager(), &body).refused(Reason::TrailingData, A::DECODE_ERROR);
    }
    let behind = |more: &[u8]| say(eager(), &[&bare().encode(), more].concat());
    behind(&[0]).refused(Reason::DecodeError, A::DECODE_ERROR);
    behind(&[0, 0]).accepted();
    behind(&[0, 0, 0]).refused(Reason::TrailingData, A::DECODE_ERROR);
}

#[test]
fn a_hello_that_announces_too_much_is_refused_by_its_header() {
    for (len, refused) in [(16 << 10, false), ((16 << 10) + 1, true), (0xff_ffff, true)] {
        let mut puppet = Puppet::against_client(eager());
        puppet.handshake_bytes(&message_with_len(T::SERVER_HELLO, len, &[3, 3]));
        if refused {
            puppet.refused(Reason::MessageTooLong, A::ILLEGAL_PARAMETER);
        } else {
            puppet.accepted();
        }
    }
}

#[test]
fn a_session_id_has_at_most_32_bytes() {
    for len in [33, 64, 255] {
        let hello = changed(|hello| hello.session_id = vec![1; len]);
        answer(eager(), &hello).refused(Reason::DecodeError, A::DECODE_ERROR);
    }
    let hello = changed(|hello| hello.session_id = vec![1; 32]);
    answer(eager(), &hello).accepted();
}

#[test]
fn a_suite_that_was_not_offered_is_refused() {
    // Not one that exists; the signalling values; GREASE; TLS 1.3; anonymous; of another policy.
    for suite in [0x0000, 0x00ff, 0x5600, 0x0a0a, 0x1301, 0xc018, 0xffff] {
        for config in [eager(), config(&MODERN)] {
            answer(config, &ServerHello::new(suite))
                .refused(Reason::SuiteNotOffered, A::ILLEGAL_PARAMETER);
        }
    }
    for (policy, suite) in [
        (&MODERN, 0xc013),
        (&MODERN, 0x009c),
        (&COMPATIBLE, 0x002f),
        (&COMPATIBLE, 0x000a),
    ] {
        answer(config(policy), &ServerHello::new(suite))
            .refused(Reason::SuiteNotOffered, A::ILLEGAL_PARAMETER);
    }
    // The SCSV was offered, but it is no suite.
    let mut config = eager();
    config.renegotiation_scsv = true;
    answer(config, &ServerHello::new(0x00ff))
        .refused(Reason::SuiteNotOffered, A::ILLEGAL_PARAMETER);
}

#[test]
fn a_compression_method_is_refused() {
    for compression in [1, 64, 255] {
        let hello = changed(|hello| hello.compression = compression);
        answer(eager(), &hello).refused(Reason::CompressionNotOffered, A::ILLEGAL_PARAMETER);
    }
}

#[test]
fn an_extension_that_was_not_offered_is_refused() {
    // Unknown, GREASE, for others, of TLS 1.3, of versions that are gone.
    for typ in [15, 20, 21, 27, 35, 43, 44, 45, 51, 0x0a0a, 0x3374, 0xffff] {
        for body in [&[][..], &[0], &[0xff; 9]] {
            answer(eager(), &with(E(typ), body))
                .refused(Reason::UnsolicitedExtension, A::UNSUPPORTED_EXTENSION);
        }
    }
    // Known, but not offered this time.
    let all = eager().client_extensions;
    for typ in all {
        let mut config = eager();
        config.client_extensions.retain(|t| *t != typ);
        let body: &[u8] = if typ == E::RENEGOTIATION_INFO {
            &[0]
        } else {
            &[]
        };
        answer(config, &with(typ, body))
            .refused(Reason::UnsolicitedExtension, A::UNSUPPORTED_EXTENSION);
    }
}

#[test]
fn what_does_not_apply_is_not_offered_and_so_not_taken() {
    let refused = |config: Config, hello: ServerHello| {
        answer(config, &hello).refused(Reason::UnsolicitedExtension, A::UNSUPPORTED_EXTENSION);
    };
    // ALPN without protocols; encrypt_then_mac without CBC.
    let hello = with(E::ALPN, &alpn(&[b"h2"]));
    refused(config(&LEGACY), hello);
    let mut hello = ServerHello::new(0xc02f);
    hello.extensions.set(E::ENCRYPT_THEN_MAC, &[]);
    refused(config(&MODERN), hello);
    // Points of curves without a suite that has curves.
    let mut config = config(&LEGACY);
    config.suites.retain(|s| !s.is_ecdhe());
    let mut hello = ServerHello::new(0x009c);
    hello.extensions.set(E::EC_POINT_FORMATS, &[1, 0]);
    refused(config, hello);
}

#[test]
fn signature_algorithms_are_for_clients_alone() {
    for body in [&[][..], &[0, 2, 4, 1]] {
        answer(eager(), &with(E::SIGNATURE_ALGORITHMS, body))
            .refused(Reason::UnsolicitedExtension, A::UNSUPPORTED_EXTENSION);
    }
}

#[test]
fn an_extension_that_comes_twice_is_refused() {
    let offered = eager().client_extensions;
    for typ in offered.into_iter().chain([E(0x1a1a), E(43)]) {
        let body: &[u8] = match typ {
            E::RENEGOTIATION_INFO => &[0],
            E::EC_POINT_FORMATS => &[1, 0],
            _ => &[],
        };
        let twice = changed(|hello| {
            hello.extensions.remove(typ);
            let list = hello.extensions.0.as_mut().unwrap();
            list.insert(0, (typ, body.to_vec()));
            list.push((typ, body.to_vec()));
        });
        answer(eager(), &twice).refused(Reason::DuplicateExtension, A::DECODE_ERROR);
    }
}

#[test]
fn extensions_without_contents_have_none() {
    for typ in [
        E::SERVER_NAME,
        E::EXTENDED_MASTER_SECRET,
        E::ENCRYPT_THEN_MAC,
        E::STATUS_REQUEST,
    ] {
        answer(eager(), &with(typ, &[])).accepted();
        for body in [&[0][..], &[0, 0], &[1, 0, 0, 0]] {
            answer(eager(), &with(typ, body)).refused(Reason::TrailingData, A::DECODE_ERROR);
        }
    }
}

#[test]
fn inner_lengths_of_extensions() {
    let bad: [(E, &[u8], Reason); 17] = [
        (E::RENEGOTIATION_INFO, &[], Reason::DecodeError),
        (E::RENEGOTIATION_INFO, &[1], Reason::DecodeError),
        (E::RENEGOTIATION_INFO, &[24, 0], Reason::DecodeError),
        (E::RENEGOTIATION_INFO, &[0, 0], Reason::TrailingData),
        (E::EC_POINT_FORMATS, &[], Reason::DecodeError),
        (E::EC_POINT_FORMATS, &[0], Reason::DecodeError),
        (E::EC_POINT_FORMATS, &[2, 0], Reason::DecodeError),
        (E::EC_POINT_FORMATS, &[1, 0, 0], Reason::TrailingData),
        (E::ALPN, &[], Reason::DecodeError),
        (E::ALPN, &[0], Reason::DecodeError),
        (E::ALPN, &[0, 0], Reason::DecodeError),
        (E::ALPN, &[0, 1, 0], Reason::DecodeError),
        (E::ALPN, &[0, 2, 0, 0], Reason::EmptyAlpnName),
        (E::ALPN, &[0, 3, 3, b'h', b'2'], Reason::DecodeError),
        (E::ALPN, &[0, 4, 2, b'h', b'2'], Reason::DecodeError),
        (E::ALPN, &[0, 3, 2, b'h', b'2', 0], Reason::TrailingData),
        // Two protocols are no choice.
        (
            E::ALPN,
            &[0, 6, 2, b'h', b'2', 2, b'h', b'3'],
            Reason::DecodeError,
        ),
    ];
    for (typ, body, reason) in bad {
        answer(eager(), &with(typ, body)).refused(reason, A::DECODE_ERROR);
    }
}

#[test]
fn the_length_of_the_whole_block() {
    let hello = ServerHello::new(0xc013).encode();
    let at = bare().encode().len();
    let spoiled = |change: i32| {
        let mut body = hello.clone();
        let len = i32::from(u16::from_be_bytes([body[at], body[at + 1]])) + change;
        body[at..at + 2].copy_from_slice(&(len as u16).to_be_bytes());
        say(eager(), &body)
    };
    spoiled(1).refused(Reason::DecodeError, A::DECODE_ERROR);
    spoiled(1000).refused(Reason::DecodeError, A::DECODE_ERROR);
    for less in 1..5 {
        spoiled(-less).refused(Reason::DecodeError, A::DECODE_ERROR);
    }
    // An empty block, and the extension behind it.
    spoiled(-5).refused(Reason::TrailingData, A::DECODE_ERROR);
}

#[test]
fn uncompressed_points_must_be_among_the_formats() {
    for formats in [&[1, 1][..], &[2, 1, 2]] {
        answer(eager(), &with(E::EC_POINT_FORMATS, formats))
            .refused(Reason::PointFormatMissing, A::ILLEGAL_PARAMETER);
    }
    answer(eager(), &with(E::EC_POINT_FORMATS, &[3, 0, 1, 2])).accepted();
}

#[test]
fn encrypt_then_mac_is_for_cbc_alone() {
    for plan in [GCM, RSA] {
        let mut hello = plan.server_hello();
        hello.extensions.set(E::ENCRYPT_THEN_MAC, &[]);
        answer(plan.client_config(), &hello)
            .refused(Reason::EncryptThenMacWithoutCbc, A::ILLEGAL_PARAMETER);
    }
    for plan in [CBC, ETM] {
        let mut hello = plan.server_hello();
        hello.extensions.set(E::ENCRYPT_THEN_MAC, &[]);
        let mut puppet = answer(plan.client_config(), &hello);
        puppet.accepted();
        assert!(puppet.conn.facts().encrypt_then_mac);
    }
}

#[test]
fn a_protocol_that_was_not_offered_is_refused() {
    for name in [&b"h3"[..], b"H2", b"h2 ", b"h", &[b'x'; 255]] {
        answer(eager(), &with(E::ALPN, &alpn(&[name])))
            .refused(Reason::AlpnNotOffered, A::ILLEGAL_PARAMETER);
    }
    let mut puppet = answer(eager(), &with(E::ALPN, &alpn(&[b"http/1.1"])));
    puppet.accepted();
    assert_eq!(puppet.conn.facts().alpn.as_deref(), Some(&b"http/1.1"[..]));
}

#[test]
fn renegotiation_info_must_be_empty_in_a_first_handshake() {
    for info in [&[1, 0][..], &[24; 25]] {
        answer(eager(), &with(E::RENEGOTIATION_INFO, info))
            .refused(Reason::RenegotiationMismatch, A::HANDSHAKE_FAILURE);
    }
}

#[test]
fn a_server_without_secure_renegotiation_is_for_legacy_alone() {
    let mut without = ServerHello::new(0xc02f);
    without.extensions = ExtensionList(None);
    let mut empty_block = ServerHello::new(0xc02f);
    empty_block.extensions = ExtensionList(Some(Vec::new()));
    for policy in [&MODERN, &COMPATIBLE] {
        for hello in [&without, &empty_block] {
            answer(config(policy), hello)
                .refused(Reason::NoSecureRenegotiation, A::HANDSHAKE_FAILURE);
            // Offered by the SCSV it is the same.
            let mut scsv = config(policy);
            scsv.renegotiation_scsv = true;
            scsv.client_extensions
                .retain(|t| *t != E::RENEGOTIATION_INFO);
            answer(scsv, hello).refused(Reason::NoSecureRenegotiation, A::HANDSHAKE_FAILURE);
        }
    }
    let mut asked_for = config(&MODERN);
    asked_for.servers_without_rfc5746 = true;
    for config in [config(&LEGACY), asked_for] {
        let mut puppet = answer(config, &without);
        puppet.accepted();
        assert!(!puppet.conn.facts().secure_renegotiation);
    }
}

#[test]
fn the_scsv_offers_renegotiation_info() {
    let mut config = config(&MODERN);
    config.renegotiation_scsv = true;
    config
        .client_extensions
        .retain(|t| *t != E::RENEGOTIATION_INFO);
    let mut puppet = answer(config, &ServerHello::new(0xc02f));
    puppet.accepted();
    assert!(puppet.conn.facts().secure_renegotiation);
}

#[test]
fn what_a_server_need_not_answer() {
    // No extension but renegotiation_info is answered, and all is well.
    let mut puppet = answer(eager(), &ServerHello::new(0xc013));
    puppet.accepted();
    let facts = puppet.conn.facts();
    assert!(!facts.extended_master_secret && !facts.encrypt_then_mac);
    assert_eq!(facts.alpn, None);
}

#[test]
fn nothing_is_learned_of_a_hello_that_is_refused() {
    let hello = changed(|hello| {
        hello.extensions.set(E::EXTENDED_MASTER_SECRET, &[]);
        hello.extensions.set(E::ALPN, &alpn(&[b"h3"]));
    });
    let mut puppet = answer(eager(), &hello);
    puppet.refused(Reason::AlpnNotOffered, A::ILLEGAL_PARAMETER);
    let facts = puppet.conn.facts();
    assert_eq!(facts.version, None);
    assert_eq!(facts.suite, None);
    assert!(!facts.extended_master_secret && !facts.secure_renegotiation);
}
