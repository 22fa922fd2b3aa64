//! What a server refuses of a ClientHello (RFC 5246 §7.4.1.2 and the extensions' RFCs), and what
//! it must not.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::plan::{CBC, ETM, GCM, Plan, RSA};
use common::puppet::{Puppet, suite};
use common::server_config;
use common::wire::{ClientHello, ExtensionList, alpn, host_name, list16, message_with_len};
use tls_core::config::{COMPATIBLE, Config, LEGACY, MODERN};
use tls_core::error::Reason;
use tls_core::wire::{AlertDescription as A, ExtensionType as E, HandshakeType as T};

fn legacy() -> Config {
    server_config(&LEGACY, &["server-rsa", "server-p256"])
}

fn modern() -> Config {
    server_config(&MODERN, &["server-rsa", "server-p256"])
}

fn say(config: Config, body: &[u8]) -> Puppet {
    let mut puppet = Puppet::against_server(config);
    puppet.say(T::CLIENT_HELLO, body);
    puppet
}

fn offer(config: Config, hello: &ClientHello) -> Puppet {
    say(config, &hello.encode())
}

fn changed(change: impl FnOnce(&mut ClientHello)) -> ClientHello {
    let mut hello = ClientHello::default();
    change(&mut hello);
    hello
}

fn with(typ: E, body: &[u8]) -> ClientHello {
    changed(|hello| hello.extensions.set(typ, body))
}

fn without(typ: E) -> ClientHello {
    changed(|hello| hello.extensions.remove(typ))
}

#[test]
fn a_hello_cut_anywhere_is_refused() {
    let body = ClientHello::default().encode();
    let bare = changed(|hello| hello.extensions = ExtensionList(None)).encode();
    for cut in 0..body.len() {
        let mut puppet = say(legacy(), &body[..cut]);
        if cut == bare.len() {
            // RFC 5246 §7.4.1.2: a hello may end in front of the extensions.
            puppet.accepted();
        } else {
            puppet.refused(Reason::DecodeError, A::DECODE_ERROR);
        }
    }
}

#[test]
fn bytes_behind_a_hello_are_refused() {
    let mut body = ClientHello::default().encode();
    for _ in 0..3 {
        body.push(0);
        say(legacy(), &body).refused(Reason::TrailingData, A::DECODE_ERROR);
    }
    let bare = changed(|hello| hello.extensions = ExtensionList(None)).encode();
    let behind = |more: &[u8]| say(legacy(), &[&bare, more].concat());
    behind(&[0]).refused(Reason::DecodeError, A::DECODE_ERROR);
    behind(&[0, 0]).accepted();
    behind(&[0, 0, 0]).refused(Reason::TrailingData, A::DECODE_ERROR);
}

#[test]
fn a_hello_that_announces_too_much_is_refused_by_its_header() {
    for (len, refused) in [(64 << 10, false), ((64 << 10) + 1, true), (0xff_ffff, true)] {
        let mut puppet = Puppet::against_server(legacy());
        puppet.handshake_bytes(&message_with_len(T::CLIENT_HELLO, len, &[3, 3]));
        if refused {
            puppet.refused(Reason::MessageTooLong, A::ILLEGAL_PARAMETER);
        } else {
            puppet.accepted();
        }
    }
}

#[test]
fn fields_have_their_bounds() {
    let bad: [fn(&mut ClientHello); 4] = [
        |hello| hello.session_id = vec![1; 33],
        |hello| hello.session_id = vec![1; 255],
        |hello| hello.suites.clear(),
        |hello| hello.compressions.clear(),
    ];
    for change in bad {
        offer(legacy(), &changed(change)).refused(Reason::DecodeError, A::DECODE_ERROR);
    }
    // An odd length of the suites: one byte less than said, so that everything behind it shifts.
    let mut body = ClientHello::default().encode();
    assert_eq!(
        body[34..37],
        [0, 0, 4],
        "session_id, and the suites' length"
    );
    body[36] = 3;
    say(legacy(), &body).refused(Reason::DecodeError, A::DECODE_ERROR);
    for session_id in [vec![], vec![9], vec![9; 32]] {
        let hello = changed(|hello| hello.session_id = session_id);
        offer(legacy(), &hello).accepted();
    }
}

#[test]
fn the_null_compression_must_be_there() {
    for compressions in [vec![1], vec![1, 64], vec![255; 255]] {
        let hello = changed(|hello| hello.compressions = compressions);
        offer(modern(), &hello).refused(Reason::NullCompressionMissing, A::ILLEGAL_PARAMETER);
    }
    let hello = changed(|hello| hello.compressions = vec![64, 1, 0, 200]);
    offer(modern(), &hello).accepted();
}

/// Every extension that a server knows, with a good body.
fn good_extensions() -> [(E, Vec<u8>); 10] {
    [
        (E::SERVER_NAME, host_name(b"example.test")),
        (E::STATUS_REQUEST, vec![1, 0, 4, 0, 2, 7, 8, 0, 1, 9]),
        (E::SUPPORTED_GROUPS, list16(&[29, 23])),
        (E::EC_POINT_FORMATS, vec![2, 0, 1]),
        (E::SIGNATURE_ALGORITHMS, list16(&[0x0401, 0x0403])),
        (E::ALPN, alpn(&[b"h2", b"http/1.1"])),
        (E::SIGNED_CERTIFICATE_TIMESTAMP, vec![]),
        (E::ENCRYPT_THEN_MAC, vec![]),
        (E::EXTENDED_MASTER_SECRET, vec![]),
        (E::RENEGOTIATION_INFO, vec![0]),
    ]
}

#[test]
fn an_extension_cut_anywhere_is_refused() {
    for (typ, body) in good_extensions() {
        offer(legacy(), &with(typ, &body)).accepted();
        for cut in 0..body.len() {
            offer(legacy(), &with(typ, &body[..cut])).refused(Reason::DecodeError, A::DECODE_ERROR);
        }
    }
}

#[test]
fn bytes_behind_an_extension_are_refused() {
    for (typ, mut body) in good_extensions() {
        for byte in [0, 0xff] {
            body.push(byte);
            offer(legacy(), &with(typ, &body)).refused(Reason::TrailingData, A::DECODE_ERROR);
        }
    }
}

#[test]
fn inner_lengths_of_extensions() {
    let bad: [(E, &[u8], Reason); 30] = [
        // An empty list; a name longer, or shorter, than its list; an empty name.
        (E::SERVER_NAME, &[0, 0], Reason::DecodeError),
        (E::SERVER_NAME, &[0, 4, 0, 0, 2, b'a'], Reason::DecodeError),
        (
            E::SERVER_NAME,
            &[0, 5, 0, 0, 1, b'a', b'b'],
            Reason::DecodeError,
        ),
        (E::SERVER_NAME, &[0, 3, 0, 0, 1, b'a'], Reason::TrailingData),
        (E::SERVER_NAME, &[0, 5, 0, 0, 1, b'a'], Reason::DecodeError),
        (E::SERVER_NAME, &[0, 3, 0, 0, 0], Reason::DecodeError),
        (
            E::STATUS_REQUEST,
            &[1, 0, 2, 0, 0, 0, 0],
            Reason::DecodeError,
        ),
        (
            E::STATUS_REQUEST,
            &[1, 0, 3, 0, 2, 1, 0, 0],
            Reason::DecodeError,
        ),
        (E::STATUS_REQUEST, &[1, 0, 0, 0, 1], Reason::DecodeError),
        (E::STATUS_REQUEST, &[1, 0, 0], Reason::DecodeError),
        (E::SUPPORTED_GROUPS, &[0, 0], Reason::DecodeError),
        (E::SUPPORTED_GROUPS, &[0, 1, 0], Reason::DecodeError),
        (E::SUPPORTED_GROUPS, &[0, 3, 0, 29, 0], Reason::DecodeError),
        (E::SUPPORTED_GROUPS, &[0, 4, 0, 29], Reason::DecodeError),
        (
            E::SUPPORTED_GROUPS,
            &[0, 2, 0, 29, 0, 23],
            Reason::TrailingData,
        ),
        (E::EC_POINT_FORMATS, &[0], Reason::DecodeError),
        (E::EC_POINT_FORMATS, &[2, 0], Reason::DecodeError),
        (E::EC_POINT_FORMATS, &[1, 0, 1], Reason::TrailingData),
        (E::SIGNATURE_ALGORITHMS, &[0, 0], Reason::DecodeError),
        (
            E::SIGNATURE_ALGORITHMS,
            &[0, 3, 4, 1, 4],
            Reason::DecodeError,
        ),
        (E::SIGNATURE_ALGORITHMS, &[0, 4, 4, 1], Reason::DecodeError),
        (
            E::SIGNATURE_ALGORITHMS,
            &[0, 2, 4, 1, 4, 3],
            Reason::TrailingData,
        ),
        (E::ALPN, &[0, 0], Reason::DecodeError),
        (E::ALPN, &[0, 1, 0], Reason::DecodeError),
        (E::ALPN, &[0, 4, 2, b'h', b'2', 0], Reason::EmptyAlpnName),
        (E::ALPN, &[0, 3, 3, b'h', b'2'], Reason::DecodeError),
        (E::ALPN, &[0, 4, 2, b'h', b'2'], Reason::DecodeError),
        (E::ALPN, &[0, 2, 1, b'h', b'2'], Reason::TrailingData),
        (E::RENEGOTIATION_INFO, &[1], Reason::DecodeError),
        (E::RENEGOTIATION_INFO, &[0, 0], Reason::TrailingData),
    ];
    for (typ, body, reason) in bad {
        offer(legacy(), &with(typ, body)).refused(reason, A::DECODE_ERROR);
    }
}

#[test]
fn the_length_of_the_whole_block() {
    let hello = ClientHello::default();
    let at = changed(|hello| hello.extensions = ExtensionList(None))
        .encode()
        .len();
    let spoiled = |change: i32| {
        let mut body = hello.encode();
        let len = i32::from(u16::from_be_bytes([body[at], body[at + 1]])) + change;
        body[at..at + 2].copy_from_slice(&(len as u16).to_be_bytes());
        say(legacy(), &body)
    };
    spoiled(1).refused(Reason::DecodeError, A::DECODE_ERROR);
    spoiled(1000).refused(Reason::DecodeError, A::DECODE_ERROR);
    for less in 1..4 {
        spoiled(-less).refused(Reason::DecodeError, A::DECODE_ERROR);
    }
}

#[test]
fn a_host_name_is_one_line_of_ascii() {
    for name in [
        "b\u{fc}cher.example".as_bytes(),
        b"a\xff",
        b"exa\0mple",
        &[0],
    ] {
        let hello = with(E::SERVER_NAME, &host_name(name));
        offer(legacy(), &hello).refused(Reason::DecodeError, A::DECODE_ERROR);
    }
    let one = [&[0, 0, 1][..], b"a"].concat();
    let two = [&[0, 8][..], &one, &one].concat();
    offer(legacy(), &with(E::SERVER_NAME, &two)).refused(Reason::DecodeError, A::DECODE_ERROR);
    // A name of a type that nobody knows is skipped.
    let strange = [&[0, 8, 9, 0, 1, 0xff][..], &one].concat();
    let mut puppet = offer(legacy(), &with(E::SERVER_NAME, &strange));
    puppet.accepted();
    assert_eq!(puppet.conn.facts().server_name.as_deref(), Some("a"));
}

#[test]
fn an_extension_that_comes_twice_is_refused() {
    let strangers = [E(0x1a1a), E(43), E(35), E(0xfe0d), E(21)].map(|typ| (typ, vec![]));
    for (typ, body) in good_extensions().into_iter().chain(strangers) {
        let twice = changed(|hello| {
            hello.extensions.remove(typ);
            let list = hello.extensions.0.as_mut().unwrap();
            list.insert(0, (typ, body.clone()));
            list.push((typ, body));
        });
        offer(legacy(), &twice).refused(Reason::DuplicateExtension, A::DECODE_ERROR);
    }
}

#[test]
fn uncompressed_points_must_be_among_the_formats() {
    for formats in [&[1, 1][..], &[2, 1, 2], &[1, 255]] {
        let hello = with(E::EC_POINT_FORMATS, formats);
        offer(modern(), &hello).refused(Reason::PointFormatMissing, A::ILLEGAL_PARAMETER);
    }
    offer(modern(), &with(E::EC_POINT_FORMATS, &[3, 2, 1, 0])).accepted();
    offer(modern(), &without(E::EC_POINT_FORMATS)).accepted();
}

#[test]
fn renegotiation_info_must_be_empty_in_a_first_handshake() {
    for info in [&[1, 0][..], &[12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]] {
        let hello = with(E::RENEGOTIATION_INFO, info);
        offer(legacy(), &hello).refused(Reason::RenegotiationMismatch, A::HANDSHAKE_FAILURE);
        // The SCSV beside it changes nothing.
        let hello = changed(|hello| {
            hello.suites.push(0x00ff);
            hello.extensions.set(E::RENEGOTIATION_INFO, info);
        });
        offer(legacy(), &hello).refused(Reason::RenegotiationMismatch, A::HANDSHAKE_FAILURE);
    }
}

#[test]
fn secure_renegotiation_by_extension_by_scsv_or_not_at_all() {
    let scsv = changed(|hello| {
        hello.extensions.remove(E::RENEGOTIATION_INFO);
        hello.suites.insert(0, 0x00ff);
    });
    let neither = without(E::RENEGOTIATION_INFO);
    for (hello, secure) in [
        (ClientHello::default(), true),
        (scsv, true),
        (neither, false),
    ] {
        let mut puppet = offer(modern(), &hello);
        puppet.accepted();
        assert_eq!(puppet.conn.facts().secure_renegotiation, secure);
        let (_, server_hello) = &puppet.heard()[0];
        let answered = server_hello.windows(5).any(|w| w == [0xff, 1, 0, 1, 0]);
        assert_eq!(answered, secure);
    }
}

#[test]
fn no_suite_in_common() {
    for suites in [
        // CBC, RSA key exchange, 3DES; TLS 1.3; none that exists; the signalling values; GREASE.
        vec![0xc013, 0x009c, 0x000a],
        vec![0x1301, 0x1302],
        vec![0x0000, 0x0004, 0x0005],
        vec![0x00ff, 0x5600],
        vec![0x0a0a, 0x1a1a],
    ] {
        let hello = changed(|hello| hello.suites = suites);
        offer(modern(), &hello).refused(Reason::NoCommonSuite, A::HANDSHAKE_FAILURE);
    }
    let hello = changed(|hello| hello.suites = vec![0x009c]);
    offer(server_config(&COMPATIBLE, &["server-rsa"]), &hello)
        .refused(Reason::NoCommonSuite, A::HANDSHAKE_FAILURE);
}

#[test]
fn no_certificate_for_the_suite() {
    for (keypair, suites) in [
        ("server-rsa", [0xc02b, 0xc009]),
        ("server-p256", [0xc02f, 0x009c]),
        ("server-ed25519", [0xc013, 0x002f]),
        // A key that may not encrypt, a key that may not sign.
        ("bad-no-encrypt", [0x009c, 0x002f]),
        ("bad-no-sign", [0xc02f, 0xc013]),
        ("server-rsapss", [0x009c, 0x002f]),
    ] {
        let hello = changed(|hello| hello.suites = suites.to_vec());
        offer(server_config(&LEGACY, &[keypair]), &hello)
            .refused(Reason::NoCommonSuite, A::HANDSHAKE_FAILURE);
    }
}

#[test]
fn an_ecdsa_certificate_needs_its_curve_in_the_clients_groups() {
    for (keypair, scheme, groups, good) in [
        ("server-p384", 0x0403, &[23, 29][..], false),
        ("server-p384", 0x0403, &[23, 24], true),
        ("server-p256", 0x0403, &[29], false),
        ("server-p256", 0x0403, &[29, 23], true),
        // An Edwards curve is in no list of groups.
        ("server-ed25519", 0x0807, &[29], true),
    ] {
        let hello = changed(|hello| {
            hello.suites = vec![0xc02b];
            hello.extensions.set(E::SUPPORTED_GROUPS, &list16(groups));
            hello
                .extensions
                .set(E::SIGNATURE_ALGORITHMS, &list16(&[scheme]));
        });
        let mut puppet = offer(server_config(&MODERN, &[keypair]), &hello);
        if good {
            puppet.accepted();
        } else {
            puppet.refused(Reason::NoCommonSuite, A::HANDSHAKE_FAILURE);
        }
    }
}

#[test]
fn no_group_in_common() {
    for groups in [&[0x0a0a][..], &[256, 257], &[1, 2, 3], &[22, 26]] {
        let hello = with(E::SUPPORTED_GROUPS, &list16(groups));
        offer(modern(), &hello).refused(Reason::NoCommonGroup, A::HANDSHAKE_FAILURE);
    }
    // Without the extension it is secp256r1 (RFC 8422 §4), which one may not want.
    let hello = without(E::SUPPORTED_GROUPS);
    offer(modern(), &hello).accepted();
    let mut config = modern();
    config
        .groups
        .retain(|g| *g != tls_core::wire::NamedGroup::SECP256R1);
    offer(config, &hello).refused(Reason::NoCommonGroup, A::HANDSHAKE_FAILURE);
}

#[test]
fn no_group_in_common_matters_to_ecdhe_alone() {
    let hello = changed(|hello| {
        hello.suites.push(0x009c);
        hello.extensions.set(E::SUPPORTED_GROUPS, &list16(&[22]));
    });
    let mut puppet = offer(legacy(), &hello);
    puppet.accepted();
    assert_eq!(puppet.conn.facts().suite, Some(suite(0x009c)));
}

#[test]
fn no_scheme_in_common() {
    for schemes in [
        &[0x0101][..],
        &[0x0301, 0x0303],
        &[0x0402],
        &[0x1a1a],
        &[0x0201, 0x0203],
    ] {
        let hello = with(E::SIGNATURE_ALGORITHMS, &list16(schemes));
        offer(modern(), &hello).refused(Reason::NoCommonScheme, A::HANDSHAKE_FAILURE);
    }
    // A scheme for another kind of key.
    let hello = with(E::SIGNATURE_ALGORITHMS, &list16(&[0x0403, 0x0807]));
    offer(server_config(&MODERN, &["server-rsa"]), &hello)
        .refused(Reason::NoCommonScheme, A::HANDSHAKE_FAILURE);
}

#[test]
fn without_signature_algorithms_it_is_sha1_which_only_legacy_has() {
    let hello = without(E::SIGNATURE_ALGORITHMS);
    for policy in [&MODERN, &COMPATIBLE] {
        for keypair in ["server-rsa", "server-p256"] {
            offer(server_config(policy, &[keypair]), &hello)
                .refused(Reason::NoCommonScheme, A::HANDSHAKE_FAILURE);
        }
    }
    for (keypair, scheme) in [("server-rsa", 0x0201), ("server-p256", 0x0203)] {
        let mut puppet = offer(server_config(&LEGACY, &[keypair]), &hello);
        puppet.accepted();
        assert_eq!(puppet.conn.facts().scheme.map(|s| s.0), Some(scheme));
    }
}

#[test]
fn no_application_protocol_in_common() {
    let mut config = modern();
    config.alpn = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    for names in [
        &[&b"h3"[..]][..],
        &[b"H2", b"http/1.0", b"h"],
        &[b"h2\0", &[b'x'; 255]],
    ] {
        offer(config.clone(), &with(E::ALPN, &alpn(names)))
            .refused(Reason::NoCommonProtocol, A::NO_APPLICATION_PROTOCOL);
    }
    let mut puppet = offer(config.clone(), &with(E::ALPN, &alpn(&[b"h3", b"http/1.1"])));
    puppet.accepted();
    assert_eq!(puppet.conn.facts().alpn.as_deref(), Some(&b"http/1.1"[..]));
    offer(config, &ClientHello::default()).accepted();
    // A server without a list does not care.
    offer(modern(), &with(E::ALPN, &alpn(&[b"h3"]))).accepted();
}

#[test]
fn what_nobody_knows_is_ignored() {
    let hello = |plan: Plan| {
        let mut hello = plan.client_hello();
        hello.suites.splice(0..0, [0x3a3a, 0x1301, 0xffff]);
        hello.session_id = vec![7; 32];
        let groups = list16(&[0x4a4a, 0x6399, 29, 23]);
        hello.extensions.set(E::SUPPORTED_GROUPS, &groups);
        let schemes = list16(&[0x5a5a, 0xffff, plan.scheme.0]);
        hello.extensions.set(E::SIGNATURE_ALGORITHMS, &schemes);
        hello.extensions.set(E(0x0a0a), &[]);
        hello.extensions.set(E(0xfafa), &[0]);
        hello
            .extensions
            .set(E::SUPPORTED_VERSIONS, &[4, 0x7a, 0x7a, 3, 4]);
        hello.extensions.set(E(51), &[0xff; 40]);
        hello.extensions.set(E(45), &[1, 1]);
        hello.extensions.set(E(27), &[]);
        hello.extensions.set(E::SESSION_TICKET, &[1; 200]);
        hello.extensions.set(E::MAX_FRAGMENT_LENGTH, &[1]);
        hello.extensions.set(E::RECORD_SIZE_LIMIT, &[0x40, 1]);
        hello.extensions.set(E::PADDING, &[0; 300]);
        // A certificate status of a type that is not ocsp.
        hello.extensions.set(E::STATUS_REQUEST, &[2, 9, 9, 9]);
        hello
    };
    for plan in [GCM, CBC, ETM, RSA] {
        let mut puppet = Puppet::against_server(plan.server_config());
        puppet.client_hello(&hello(plan));
        puppet.accepted();
        // Nothing that was not understood is answered, and the handshake comes to its end.
        let (typ, server_hello) = &puppet.heard()[0];
        assert_eq!(*typ, T::SERVER_HELLO);
        assert!(server_hello.len() < 80, "{server_hello:02x?}");
        plan.client_key_exchange(&mut puppet);
        puppet.ccs();
        puppet.finished();
        puppet.established();
    }
}

#[test]
fn encrypt_then_mac_is_answered_for_cbc_alone() {
    for (plan, answered) in [(GCM, false), (RSA, false), (CBC, true), (ETM, true)] {
        let mut hello = plan.client_hello();
        hello.extensions.set(E::ENCRYPT_THEN_MAC, &[]);
        let mut puppet = offer(plan.server_config(), &hello);
        puppet.accepted();
        assert_eq!(puppet.conn.facts().encrypt_then_mac, answered);
        let (_, server_hello) = &puppet.heard()[0];
        let found = server_hello.windows(4).any(|w| w == [0, 22, 0, 0]);
        assert_eq!(found, answered);
    }
}

#[test]
fn nothing_is_answered_that_was_not_offered() {
    let mut config = legacy();
    config.alpn = vec![b"h2".to_vec()];
    let bare = changed(|hello| {
        hello.suites = vec![0xc013];
        hello.extensions = ExtensionList(None);
    });
    let mut puppet = offer(config, &bare);
    puppet.accepted();
    let (_, server_hello) = &puppet.heard()[0];
    // version, random, empty session_id, suite, compression, and no block.
    assert_eq!(server_hello.len(), 2 + 32 + 1 + 2 + 1);
}

#[test]
fn a_server_without_a_keypair_is_born_failed() {
    let mut config = legacy();
    config.keypairs.clear();
    let mut puppet = Puppet::against_server(config);
    puppet.refused(Reason::NoKeypair, None);
}
