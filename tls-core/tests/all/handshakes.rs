//! Whole connections between our own two sides: every suite, group and scheme, both MAC forms,
//! names, protocols, client certificates, and data of all sizes.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::psk::{IDENTITY, keypair_for, share_key};
use common::{
    client, config, handshake, keypair, read, reason, server, server_config, take, transfer,
};
use std::sync::Arc;
use tls_core::cert::ServerName;
use tls_core::config::{COMPATIBLE, Config, LEGACY, MODERN, Preference};
use tls_core::conn::{Connection, Stop};
use tls_core::crypto::{Authentication, SUITES, Suite};
use tls_core::error::Reason;
use tls_core::wire::{ExtensionType as E, NamedGroup, ProtocolVersion, SignatureScheme};

fn pair(client_config: Config, server_config: Config) -> (Connection, Connection) {
    let (mut c, mut s) = (client(client_config), server(server_config));
    handshake(&mut c, &mut s)
        .unwrap_or_else(|_| panic!("client: {:?}, server: {:?}", c.error(), s.error()));
    (c, s)
}

/// Sizes around everything that has an edge: blocks, records, the send buffer.
const SIZES: [usize; 12] = [
    1, 2, 15, 16, 17, 255, 256, 16383, 16384, 16385, 65536, 100_000,
];

fn bytes(len: usize) -> Vec<u8> {
    (0..len).map(|i| (i * 7 + len) as u8).collect()
}

#[test]
fn every_suite_with_either_mac_form_and_either_master_secret() {
    for suite in SUITES {
        for (etm, ems) in [(true, true), (false, false)] {
            let mut c = config(&LEGACY);
            c.suites = vec![suite];
            c.client_extensions.retain(|typ| match *typ {
                E::ENCRYPT_THEN_MAC => etm,
                E::EXTENDED_MASTER_SECRET => ems,
                _ => true,
            });
            let mut s = server_config(&LEGACY, &[keypair_for(suite)]);
            share_key(suite, [&mut c, &mut s]);
            let (mut c, mut s) = pair(c, s);
            for facts in [c.facts(), s.facts()] {
                assert_eq!(facts.suite.unwrap().id, suite.id);
                assert_eq!(facts.version, Some(ProtocolVersion::TLS12));
                assert_eq!(facts.encrypt_then_mac, etm && suite.is_cbc());
                assert_eq!(facts.extended_master_secret, ems);
                assert!(facts.secure_renegotiation);
            }
            let certificate = suite.kx.row().certificate;
            assert_eq!(c.facts().verified_chain.is_some(), certificate);
            assert_eq!(s.facts().local_keypair.is_some(), certificate);
            let identity = suite.kx.row().psk.then_some(IDENTITY);
            assert_eq!(c.facts().psk_identity.as_deref(), identity);
            assert_eq!(s.facts().psk_identity.as_deref(), identity);
            for size in SIZES {
                transfer(&mut c, &mut s, &bytes(size));
                transfer(&mut s, &mut c, &bytes(size));
            }
            c.close().unwrap();
            common::give(&mut s, &take(&mut c));
            assert_eq!(read(&mut s, 10), Ok(Vec::new()));
            s.close().unwrap();
            common::give(&mut c, &take(&mut s));
            assert_eq!(read(&mut c, 10), Ok(Vec::new()));
            assert!(!c.holds_buffer() && !s.holds_buffer());
        }
    }
}

#[test]
fn every_group() {
    for group in [29, 23, 24, 25].map(NamedGroup) {
        let mut c = config(&MODERN);
        c.groups = vec![group];
        let (c, s) = pair(c, server_config(&MODERN, &["server-rsa"]));
        assert_eq!(c.facts().group, Some(group));
        assert_eq!(s.facts().group, Some(group));
    }
}

#[test]
fn every_scheme_with_every_key_that_makes_it() {
    use SignatureScheme as S;
    let ecdsa = [
        S::ECDSA_SECP256R1_SHA256,
        S::ECDSA_SECP384R1_SHA384,
        S::ECDSA_SECP521R1_SHA512,
        S::ECDSA_SHA1,
    ];
    let rsa = [
        S::RSA_PKCS1_SHA1,
        S::RSA_PKCS1_SHA256,
        S::RSA_PKCS1_SHA384,
        S::RSA_PKCS1_SHA512,
        S::RSA_PSS_RSAE_SHA256,
        S::RSA_PSS_RSAE_SHA384,
        S::RSA_PSS_RSAE_SHA512,
    ];
    let cases = [
        ("server-rsa", &rsa[..]),
        ("server-p256", &ecdsa[..]),
        ("server-p384", &ecdsa[..]),
        ("server-p521", &ecdsa[..]),
        ("server-ed25519", &[S::ED25519][..]),
    ];
    for (name, schemes) in cases {
        for scheme in schemes {
            let mut c = config(&LEGACY);
            c.schemes = vec![*scheme];
            let (c, s) = pair(c, server_config(&LEGACY, &[name]));
            assert_eq!(c.facts().scheme, Some(*scheme), "{name}");
            assert_eq!(s.facts().scheme, Some(*scheme), "{name}");
        }
    }
}

#[test]
fn sha1_is_for_legacy_alone() {
    for policy in [&MODERN, &COMPATIBLE] {
        let mut c = config(&LEGACY);
        c.schemes = vec![SignatureScheme::RSA_PKCS1_SHA1];
        let (mut c, mut s) = (client(c), server(server_config(policy, &["server-rsa"])));
        handshake(&mut c, &mut s).unwrap_err();
        assert_eq!(reason(&s), Reason::NoCommonScheme);
    }
}

#[test]
fn the_keypair_is_chosen_by_name_and_by_what_the_client_verifies() {
    let serving = || server_config(&MODERN, &["server-rsa", "server-p256", "server-ed25519"]);
    let (_, s) = pair(config(&MODERN), serving());
    assert_eq!(s.facts().local_keypair, Some(1), "ECDSA suites come first");
    let mut rsa_only = config(&MODERN);
    rsa_only
        .suites
        .retain(|suite| suite.auth == Authentication::Rsa);
    assert_eq!(pair(rsa_only, serving()).1.facts().local_keypair, Some(0));
    let mut no_p256 = config(&MODERN);
    no_p256.groups = vec![NamedGroup::X25519];
    assert_eq!(pair(no_p256, serving()).1.facts().local_keypair, Some(2));
}

#[test]
fn the_decider_decides() {
    let lists = |preference, ours: [u16; 2]| {
        let mut config = server_config(&MODERN, &["server-rsa"]);
        config.preference = preference;
        config.suites = ours.map(|id| Suite::by_id(id).unwrap()).to_vec();
        config
    };
    for (preference, expected) in [(Preference::Server, 0xc030), (Preference::Client, 0xc02f)] {
        let mut c = config(&MODERN);
        c.suites = [0xc02f, 0xc030]
            .map(|id| Suite::by_id(id).unwrap())
            .to_vec();
        let (c, _) = pair(c, lists(preference, [0xc030, 0xc02f]));
        assert_eq!(c.facts().suite.unwrap().id, expected);
    }
}

#[test]
fn among_equals_the_client_decides() {
    let by_ids = |ids: &[u16]| {
        ids.iter()
            .map(|id| Suite::by_id(*id).unwrap())
            .collect::<Vec<_>>()
    };
    let chosen = |ours: &[u16], equal: &[u16], theirs: &[u16]| {
        let mut c = config(&MODERN);
        c.suites = by_ids(theirs);
        let mut s = server_config(&MODERN, &["server-rsa"]);
        s.suites = by_ids(ours);
        s.equal_suites = vec![by_ids(equal)];
        pair(c, s).0.facts().suite.unwrap().id
    };
    let (gcm128, gcm256, chacha) = (0xc02f, 0xc030, 0xcca8);
    let ours = [gcm256, chacha, gcm128];
    let equal = [gcm256, chacha];
    assert_eq!(chosen(&ours, &equal, &[gcm128, chacha, gcm256]), chacha);
    assert_eq!(chosen(&ours, &equal, &[gcm128, gcm256, chacha]), gcm256);
    assert_eq!(chosen(&ours, &equal, &[gcm128, chacha]), chacha);
    assert_eq!(chosen(&ours, &equal, &[gcm128]), gcm128);
    // A group stands where its first member stands.
    let equal = [gcm256, gcm128];
    assert_eq!(chosen(&ours, &equal, &[chacha, gcm128]), gcm128);
    assert_eq!(chosen(&ours, &[], &[gcm128, chacha, gcm256]), gcm256);
}

#[test]
fn application_protocols() {
    let names = |list: &[&str]| {
        list.iter()
            .map(|n| n.as_bytes().to_vec())
            .collect::<Vec<_>>()
    };
    let run = |ours: &[&str], theirs: &[&str]| {
        let mut c = config(&MODERN);
        c.alpn = names(ours);
        let mut s = server_config(&MODERN, &["server-rsa"]);
        s.alpn = names(theirs);
        (client(c), server(s))
    };
    let (mut c, mut s) = run(&["http/1.1", "h2"], &["h2", "http/1.1"]);
    handshake(&mut c, &mut s).unwrap();
    assert_eq!(c.facts().alpn.as_deref(), Some(&b"h2"[..]));
    assert_eq!(s.facts().alpn.as_deref(), Some(&b"h2"[..]));
    let (mut c, mut s) = run(&["h2"], &[]);
    handshake(&mut c, &mut s).unwrap();
    assert_eq!(c.facts().alpn, None);
    let (mut c, mut s) = run(&["h2"], &["smtp"]);
    handshake(&mut c, &mut s).unwrap_err();
    assert_eq!(reason(&s), Reason::NoCommonProtocol);
    assert_eq!(c.error().unwrap().alert().unwrap().0.0, 120);
}

#[test]
fn a_client_without_a_name_fails_closed() {
    let mut c = Connection::client(Arc::new(config(&MODERN)), None, None);
    assert_eq!(c.handshake(), Err(Stop::Failed));
    assert_eq!(reason(&c), Reason::NoServerName);
    assert!(c.outgoing().is_empty());
}

#[test]
fn the_name_to_verify_may_differ_from_the_name_to_send() {
    let run = |send: &str, verify: &str| {
        let name = |n: &str| Some(ServerName::parse(n).unwrap());
        let mut c = Connection::client(Arc::new(config(&MODERN)), name(send), name(verify));
        let mut s = server(server_config(&MODERN, &["server-p256"]));
        let result = handshake(&mut c, &mut s);
        (
            result,
            s.facts().server_name.clone(),
            c.error().map(|e| e.reason()),
        )
    };
    let (result, sent, _) = run("elsewhere.test", "127.0.0.1");
    assert!(result.is_ok());
    assert_eq!(sent.as_deref(), Some("elsewhere.test"));
    let (result, sent, _) = run("127.0.0.1", "a.wild.test");
    assert!(result.is_ok());
    assert_eq!(sent, None, "no SNI for an address (RFC 6066 §3)");
    let (_, _, reason) = run("example.test", "elsewhere.test");
    assert_eq!(reason, Some(Reason::CertificateNameMismatch));
}

#[test]
fn several_writes_are_read_in_one_call() {
    let (mut c, mut s) = pair(config(&MODERN), server_config(&MODERN, &["server-p256"]));
    let mut wire = Vec::new();
    for i in 0..5_u8 {
        assert_eq!(c.write(&[i; 100]), Ok(100));
        assert_eq!(c.write(b"more"), Err(Stop::WantWrite), "sealed bytes wait");
        wire.extend(take(&mut c));
    }
    common::give(&mut s, &wire);
    assert_eq!(read(&mut s, 1000).unwrap().len(), 500);
    assert_eq!(read(&mut s, 1000), Err(Stop::WantRead));
}

#[test]
fn data_behind_a_close_notify_is_given_back() {
    let (mut c, mut s) = pair(config(&MODERN), server_config(&MODERN, &["server-p256"]));
    c.write(b"last").unwrap();
    let mut wire = take(&mut c);
    c.close().unwrap();
    wire.extend(take(&mut c));
    wire.extend(b"plain text follows");
    common::give(&mut s, &wire);
    assert!(s.take_unread().is_empty());
    assert_eq!(read(&mut s, 100).unwrap(), b"last");
    assert_eq!(read(&mut s, 100).unwrap(), b"");
    assert_eq!(s.take_unread(), b"plain text follows");
    assert!(!s.holds_buffer());
    assert_eq!(c.write(b"x"), Err(Stop::Failed));
    assert_eq!(reason(&c), Reason::ClosedForWriting);
    s.write(b"answer").unwrap();
    common::give(&mut c, &take(&mut s));
    assert_eq!(
        read(&mut c, 100).unwrap(),
        b"answer",
        "closed for writing is not closed"
    );
}

#[test]
fn a_truncated_stream_is_an_error_and_nothing_before_it_is_lost() {
    let (mut c, mut s) = pair(config(&MODERN), server_config(&MODERN, &["server-p256"]));
    c.write(b"whole").unwrap();
    let wire = take(&mut c);
    c.write(b"cut").unwrap();
    let cut = take(&mut c);
    common::give(&mut s, &wire);
    common::give(&mut s, &cut[..cut.len() - 1]);
    s.transport_eof();
    assert_eq!(read(&mut s, 100).unwrap(), b"whole");
    assert_eq!(read(&mut s, 100), Err(Stop::Failed));
    assert_eq!(reason(&s), Reason::Truncated);
}

#[test]
fn a_client_certificate_is_not_sent_unasked() {
    let mut c = config(&MODERN);
    c.keypairs = vec![keypair("client-p256")];
    let (c, _) = pair(c, server_config(&MODERN, &["server-rsa"]));
    assert_eq!(c.facts().local_keypair, None);
}
