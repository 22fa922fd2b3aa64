//! Exporters (RFC 5705), channel bindings (RFC 5929, RFC 9266) and the key log.

use crate::common::psk::share_key;
use crate::common::sessions::Pair;
use crate::common::{
    certificates, client, config, give, handshake, keypair, path, read, reason, server,
    server_config, take,
};
use std::sync::{Arc, Mutex};
use tls_core::cert::end_point_hash;
use tls_core::config::{COMPATIBLE, LEGACY, MODERN};
use tls_core::conn::{ChannelBinding as B, Connection, MAX_EXPORT};
use tls_core::crypto::{HashId, Provider, SUITES};
use tls_core::error::{Error, Reason};
use tls_core::inspect::{KeyLog, key_log_line};
use tls_core::wire::ExtensionType as E;
use tls_crypto::DefaultProvider;

/// Keeps the lines.
#[derive(Debug, Default)]
pub(crate) struct Lines(pub(crate) Mutex<Vec<String>>);

impl KeyLog for Lines {
    fn log(&self, label: &str, client_random: &[u8; 32], secret: &[u8]) {
        let line = key_log_line(label, client_random, secret);
        self.0.lock().unwrap().push(line.to_string());
    }
}

fn connected() -> (Connection, Connection) {
    let mut ends = (
        client(config(&MODERN)),
        server(server_config(&MODERN, &["server-p256"])),
    );
    handshake(&mut ends.0, &mut ends.1).unwrap();
    ends
}

fn export(conn: &Connection, label: &[u8], context: Option<&[u8]>) -> Vec<u8> {
    let mut out = vec![0; 70];
    conn.export_keying_material(label, context, &mut out)
        .unwrap();
    out
}

fn refused<T: std::fmt::Debug>(result: Result<T, Error>, reason: Reason) {
    let error = result.unwrap_err();
    assert_eq!(error.reason(), reason, "{error}");
    assert_eq!(error.alert(), None, "a misuse, not the peer's business");
}

#[test]
fn both_ends_export_the_same() {
    for suite in SUITES {
        let mut given = config(&LEGACY);
        given.suites = vec![suite];
        let mut theirs = server_config(&LEGACY, &["server-p256", "server-rsa"]);
        share_key(suite, [&mut given, &mut theirs]);
        let mut ends = (client(given), server(theirs));
        if handshake(&mut ends.0, &mut ends.1).is_err() {
            panic!("{}: {:?} {:?}", suite.name, ends.0.error(), ends.1.error());
        }
        let (c, s) = &ends;
        for context in [None, Some(&b""[..]), Some(b"a context"), Some(&[7; 0xffff])] {
            assert_eq!(
                export(c, b"EXPERIMENTAL test", context),
                export(s, b"EXPERIMENTAL test", context)
            );
        }
    }
}

#[test]
fn exports_differ_by_label_context_and_connection() {
    let (one, two) = (connected(), connected());
    let all = [
        export(&one.0, b"EXPERIMENTAL a", None),
        export(&one.0, b"EXPERIMENTAL b", None),
        export(&one.0, b"EXPERIMENTAL a", Some(b"")),
        export(&one.0, b"EXPERIMENTAL a", Some(b"c")),
        export(&two.0, b"EXPERIMENTAL a", None),
    ];
    for (i, value) in all.iter().enumerate() {
        assert!(!all[..i].contains(value), "{i}");
    }
    // A shorter one is the beginning of a longer one (RFC 5705 §4 names no length in the seed).
    let mut short = [0; 5];
    one.0
        .export_keying_material(b"EXPERIMENTAL a", None, &mut short)
        .unwrap();
    assert_eq!(short, all[0][..5]);
}

#[test]
fn an_export_is_the_prf_over_both_randoms_and_the_context() {
    let log = Arc::new(Lines::default());
    let mut given = config(&MODERN);
    given.key_log = Some(log.clone());
    let (mut c, mut s) = (
        client(given),
        server(server_config(&MODERN, &["server-rsa"])),
    );
    assert!(c.handshake().is_err());
    let hello = take(&mut c);
    give(&mut s, &hello);
    assert!(s.handshake().is_err());
    let flight = take(&mut s);
    give(&mut c, &flight);
    handshake(&mut c, &mut s).unwrap();
    // Record header, message header, version, random.
    let (client_random, server_random) = (&hello[11..43], &flight[11..43]);
    let line = log.0.lock().unwrap()[0].clone();
    let secret: Vec<u8> = (0..48)
        .map(|i| u8::from_str_radix(&line[79 + 2 * i..81 + 2 * i], 16).unwrap())
        .collect();
    let prf = DefaultProvider.prf(c.facts().suite.unwrap().prf).unwrap();
    let mut expected = [0; 70];
    let seed = [client_random, server_random, &[0, 3], b"abc"];
    prf.derive(&secret, b"EXPERIMENTAL x", &seed, &mut expected);
    assert_eq!(export(&c, b"EXPERIMENTAL x", Some(b"abc")), expected);
}

#[test]
fn nothing_is_exported_before_the_handshake_is_complete() {
    let (mut c, mut s) = (
        client(config(&MODERN)),
        server(server_config(&MODERN, &["server-p256"])),
    );
    let check = |conn: &Connection| {
        let mut out = [0x55; 8];
        let export = conn.export_keying_material(b"EXPERIMENTAL", None, &mut out);
        refused(export, Reason::WrongOrder);
        assert_eq!(out, [0x55; 8], "written on success alone");
        for binding in [B::TlsUnique, B::TlsServerEndPoint, B::TlsExporter] {
            refused(conn.channel_binding(binding), Reason::WrongOrder);
        }
        refused(conn.danger_tls_unique(), Reason::WrongOrder);
    };
    check(&c);
    for _ in 0..3 {
        let _turn = c.handshake();
        if !c.is_established() {
            check(&c);
        }
        let _turn = (give(&mut s, &take(&mut c)), s.handshake());
        if !s.is_established() {
            check(&s);
        }
        give(&mut c, &take(&mut s));
    }
    assert!(c.is_established() && s.is_established());
    export(&c, b"EXPERIMENTAL", None);
}

#[test]
fn a_failed_connection_has_no_secrets_any_more() {
    let (mut c, mut s) = connected();
    assert_eq!(s.write(b"data"), Ok(4));
    let mut wire = take(&mut s);
    *wire.last_mut().unwrap() ^= 1;
    give(&mut c, &wire);
    assert!(read(&mut c, 10).is_err());
    assert_eq!(reason(&c), Reason::BadRecordMac);
    let mut out = [0; 8];
    let error = c.export_keying_material(b"EXPERIMENTAL", None, &mut out);
    assert_eq!(error.unwrap_err().reason(), Reason::BadRecordMac);
    assert_eq!(
        c.channel_binding(B::TlsExporter).unwrap_err().reason(),
        Reason::BadRecordMac
    );
}

#[test]
fn labels_contexts_and_lengths_that_cannot_be() {
    let (c, _s) = connected();
    let refuse = |label: &[u8], context: Option<&[u8]>, len: usize| {
        let mut out = vec![0x55; len];
        refused(
            c.export_keying_material(label, context, &mut out),
            Reason::BadArgument,
        );
        assert!(out.iter().all(|b| *b == 0x55));
    };
    for own in [
        "client finished",
        "server finished",
        "master secret",
        "key expansion",
        "extended master secret",
    ] {
        refuse(own.as_bytes(), None, 8);
        refuse(format!("{own} and more").as_bytes(), Some(b"x"), 8);
    }
    refuse(b"EXPERIMENTAL", None, 0);
    refuse(b"EXPERIMENTAL", None, MAX_EXPORT + 1);
    refuse(b"EXPERIMENTAL", Some(&[0; 0x10000]), 8);
    assert!(!c.is_failed() && c.error().is_none());
    // Nobody registered an empty label, and nothing speaks against it.
    export(&c, b"", Some(b""));
}

#[test]
fn both_ends_have_the_same_bindings() {
    for name in ["server-p256", "server-rsa", "server-p521"] {
        let mut ends = (
            client(config(&MODERN)),
            server(server_config(&MODERN, &[name])),
        );
        handshake(&mut ends.0, &mut ends.1).unwrap();
        let of = |binding| {
            let (c, s) = (
                ends.0.channel_binding(binding).unwrap(),
                ends.1.channel_binding(binding).unwrap(),
            );
            assert_eq!(c, s, "{binding:?}");
            c
        };
        assert_eq!(of(B::TlsUnique).len(), 12);
        assert_eq!(of(B::TlsUnique), ends.0.danger_tls_unique().unwrap());
        let leaf = &keypair(name).chain()[0].clone();
        let sha256 = DefaultProvider.hash(HashId::Sha256).unwrap();
        assert_eq!(of(B::TlsServerEndPoint), sha256.hash(&[leaf]).as_ref());
        let mut exported = [0; 32];
        let label = b"EXPORTER-Channel-Binding";
        ends.0
            .export_keying_material(label, Some(b""), &mut exported)
            .unwrap();
        assert_eq!(of(B::TlsExporter), exported);
    }
}

#[test]
fn unique_bindings_need_the_extended_master_secret() {
    let mut without = config(&COMPATIBLE);
    without
        .client_extensions
        .retain(|e| *e != E::EXTENDED_MASTER_SECRET);
    let mut ends = (
        client(without),
        server(server_config(&COMPATIBLE, &["server-p256"])),
    );
    handshake(&mut ends.0, &mut ends.1).unwrap();
    for conn in [&ends.0, &ends.1] {
        refused(conn.channel_binding(B::TlsUnique), Reason::BindingUndefined);
        refused(
            conn.channel_binding(B::TlsExporter),
            Reason::BindingUndefined,
        );
        assert_eq!(
            conn.channel_binding(B::TlsServerEndPoint).unwrap().len(),
            32
        );
    }
    assert_eq!(
        ends.0.danger_tls_unique().unwrap(),
        ends.1.danger_tls_unique().unwrap()
    );
    assert_eq!(
        export(&ends.0, b"EXPERIMENTAL", None),
        export(&ends.1, b"EXPERIMENTAL", None)
    );
}

#[test]
fn resumed_connections_have_bindings_of_their_own() {
    for pair in [
        Pair::tickets(&MODERN, "server-p256"),
        Pair::ids(&MODERN, "server-p256"),
    ] {
        let full = pair.connect();
        let resumed = pair.connect();
        assert!(resumed.0.facts().resumed && resumed.1.facts().resumed);
        for binding in [B::TlsUnique, B::TlsExporter] {
            let of = |conn: &Connection| conn.channel_binding(binding).unwrap();
            assert_eq!(of(&resumed.0), of(&resumed.1), "{binding:?}");
            assert_ne!(of(&resumed.0), of(&full.0), "{binding:?}");
        }
        // The master secret is the same; the randoms are not.
        assert_eq!(
            export(&resumed.0, b"EXPERIMENTAL", None),
            export(&resumed.1, b"EXPERIMENTAL", None)
        );
        assert_ne!(
            export(&resumed.0, b"EXPERIMENTAL", None),
            export(&full.0, b"EXPERIMENTAL", None)
        );
        let end_point = |conn: &Connection| conn.channel_binding(B::TlsServerEndPoint).unwrap();
        assert_eq!(end_point(&resumed.0), end_point(&full.0));
    }
}

#[test]
fn the_key_log_has_a_line_for_every_handshake() {
    let log = Arc::new(Lines::default());
    let mut pair = Pair::tickets(&MODERN, "server-p256");
    pair.client.key_log = Some(log.clone());
    pair.server.key_log = Some(log.clone());
    pair.connect();
    pair.connect();
    let lines = log.0.lock().unwrap();
    let parts: Vec<Vec<&str>> = lines.iter().map(|l| l.split(' ').collect()).collect();
    assert_eq!(lines.len(), 4);
    for line in &parts {
        assert_eq!(line[0], "CLIENT_RANDOM");
        assert_eq!((line[1].len(), line[2].len()), (64, 96));
    }
    assert_eq!(lines[0], lines[1], "both ends, the same secret");
    assert_eq!(lines[2], lines[3]);
    assert_ne!(parts[0][1], parts[2][1], "another client random");
    assert_eq!(parts[0][2], parts[2][2], "the resumed secret");
}

#[test]
fn a_handshake_that_fails_late_is_logged_too() {
    let log = Arc::new(Lines::default());
    let (mut c, mut given) = (
        client(config(&MODERN)),
        server_config(&MODERN, &["server-p256"]),
    );
    given.key_log = Some(log.clone());
    let mut s = server(given);
    assert!(c.handshake().is_err());
    give(&mut s, &take(&mut c));
    assert!(s.handshake().is_err());
    assert!(log.0.lock().unwrap().is_empty());
    give(&mut c, &take(&mut s));
    assert!(c.handshake().is_err());
    let mut flight = take(&mut c);
    *flight.last_mut().unwrap() ^= 1;
    give(&mut s, &flight);
    assert!(s.handshake().is_err());
    assert_eq!(reason(&s), Reason::BadRecordMac);
    assert_eq!(log.0.lock().unwrap().len(), 1);
}

fn hash_of(file: &str) -> Result<HashId, Reason> {
    let der = std::fs::read(path(&format!("../tls-crypto/testdata/pk/{file}.cert"))).unwrap();
    end_point_hash(&der).map_err(|e| e.reason())
}

#[test]
fn the_end_points_hash_is_that_of_the_certificates_signature() {
    for (file, hash) in [
        ("rsa2048.pkcs1-sha1", HashId::Sha256),
        ("rsa2048.pkcs1-sha256", HashId::Sha256),
        ("rsa2048.pkcs1-sha384", HashId::Sha384),
        ("rsa2048.pkcs1-sha512", HashId::Sha512),
        ("p256.ecdsa-sha1", HashId::Sha256),
        ("p256.ecdsa-sha256", HashId::Sha256),
        ("p521.ecdsa-sha384", HashId::Sha384),
        ("p384.ecdsa-sha512", HashId::Sha512),
        ("rsa2048.pss-sha256", HashId::Sha256),
        ("pss.pss-sha384", HashId::Sha384),
        ("pss-sha512.pss-sha512", HashId::Sha512),
    ] {
        assert_eq!(hash_of(file), Ok(hash), "{file}");
    }
    assert_eq!(hash_of("ed25519.ed25519"), Err(Reason::BindingUndefined));
}

#[test]
fn an_end_point_without_a_hash_leaves_the_binding_undefined() {
    let mut given = config(&MODERN);
    given.verification = tls_core::config::Verification::AcceptAny;
    let mut ends = (
        client(given),
        server(server_config(&MODERN, &["by-ca-ed25519"])),
    );
    let done = handshake(&mut ends.0, &mut ends.1);
    assert_eq!(done, Ok(()), "{:?} {:?}", ends.0.error(), ends.1.error());
    for conn in [&ends.0, &ends.1] {
        let binding = conn.channel_binding(B::TlsServerEndPoint);
        refused(binding, Reason::BindingUndefined);
    }
}

#[test]
fn broken_certificates_have_no_end_point() {
    let leaf = certificates("pki/server-rsapss.pem")[0].to_vec();
    let pss = std::fs::read(path("../tls-crypto/testdata/pk/pss.pss-sha384.cert")).unwrap();
    for whole in [leaf, pss] {
        for len in 0..whole.len() {
            let error = end_point_hash(&whole[..len]).unwrap_err();
            assert_eq!(error.reason(), Reason::CertificateMalformed, "{len}");
        }
        // Any byte may be wrong: an answer or an error, and no panic.
        for at in 0..whole.len() {
            let mut bent = whole.clone();
            bent[at] ^= 0x11;
            let _either = end_point_hash(&bent);
        }
    }
}
