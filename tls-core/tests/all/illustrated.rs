//! The illustrated TLS 1.2 connection, byte for byte from both sides: injected randomness, clock
//! and configuration, and no special path in the product.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;
use crate::inspect::Told;
use crate::secrets::Lines;

use common::tap::Tap;
use common::{FixedClock, ScriptedRandom, anchors, give, keypair_from, read, take};
use std::sync::Arc;
use tls_core::cert::ServerName;
use tls_core::config::{Config, LEGACY, Ocsp, Verification};
use tls_core::conn::{Connection, Stop};
use tls_core::crypto::Suite;
use tls_core::wire::{ExtensionType as E, NamedGroup, SignatureScheme};

const JSON: &str = include_str!("../../../tests/vectors/tls12-illustrated/connection.json");

/// The value of a string or number field; `after` is where to look from.
fn field<'a>(after: &'a str, name: &str) -> &'a str {
    let key = format!("\"{name}\": ");
    let rest = &after[after.find(&key).unwrap_or_else(|| panic!("no {name}")) + key.len()..];
    let rest = rest.strip_prefix('"').unwrap_or(rest);
    rest.split(['"', ',', '\n']).next().unwrap()
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap())
        .collect()
}

fn secret(name: &str) -> Vec<u8> {
    hex(field(JSON, name))
}

fn record(name: &str) -> Vec<u8> {
    let at = JSON.find(&format!("\"name\": \"{name}\"")).unwrap();
    hex(field(&JSON[at..], "record_hex"))
}

fn flight(names: &[&str]) -> Vec<u8> {
    names.iter().flat_map(|name| record(name)).collect()
}

/// What was derived is what the illustration lists.
fn check_secrets(tap: &Tap) {
    let master = tap.last(&["master secret"]).unwrap();
    assert_eq!(master.secret, secret("pre_master_secret"));
    assert_eq!(master.output, secret("master_secret"));
    let listed = [
        "client_write_mac_key",
        "server_write_mac_key",
        "client_write_key",
        "server_write_key",
    ];
    assert_eq!(tap.key_block().unwrap(), listed.map(secret).concat());
}

/// The orders of suites, groups, schemes and extensions are configuration.
fn config(tap: &Tap, random: &[&[u8]]) -> Config {
    const SUITES: [u16; 16] = [
        0xcca8, 0xcca9, 0xc02f, 0xc030, 0xc02b, 0xc02c, 0xc013, 0xc009, 0xc014, 0xc00a, 0x009c,
        0x009d, 0x002f, 0x0035, 0xc012, 0x000a,
    ];
    const SCHEMES: [u16; 8] = [
        0x0401, 0x0403, 0x0501, 0x0503, 0x0601, 0x0603, 0x0201, 0x0203,
    ];
    let now = field(JSON, "certificate_valid_at_unix").parse().unwrap();
    let mut config = Config::new(
        tap.provider(),
        ScriptedRandom::new(random),
        Arc::new(FixedClock(now)),
        Verification::Required(anchors("vectors/tls12-illustrated/ca.crt")),
    );
    config.set_policy(&LEGACY);
    config.suites = SUITES.iter().map(|id| Suite::by_id(*id).unwrap()).collect();
    config.groups = [29, 23, 24, 25].map(NamedGroup).to_vec();
    config.schemes = SCHEMES.map(SignatureScheme).to_vec();
    config.client_extensions = vec![
        E::SERVER_NAME,
        E::STATUS_REQUEST,
        E::SUPPORTED_GROUPS,
        E::EC_POINT_FORMATS,
        E::SIGNATURE_ALGORITHMS,
        E::RENEGOTIATION_INFO,
        E::SIGNED_CERTIFICATE_TIMESTAMP,
    ];
    config.ocsp = Ocsp::Request;
    config.scts = true;
    config.server_extensions = vec![E::RENEGOTIATION_INFO];
    config
}

/// The key log is the one that came with the connection.
pub(crate) fn check_log(log: &Lines) {
    let listed = include_str!("../../../tests/vectors/tls12-illustrated/keylog.txt");
    assert_eq!(*log.0.lock().unwrap(), [listed.trim_end()]);
}

/// The sixteen bytes of an explicit IV, as the illustration counts them.
fn iv(first: u8) -> Vec<u8> {
    (first..first + 16).collect()
}

#[test]
fn illustrated_client() {
    let tap = Tap::new();
    let mut config = config(
        &tap,
        &[
            &secret("client_random"),
            &secret("client_ephemeral_x25519_private"),
            &iv(0x40),
            &iv(0x00),
            &iv(0x10),
        ],
    );
    // The server's certificate carries its name in the common name alone.
    config.common_name = true;
    let log = Arc::new(Lines::default());
    config.key_log = Some(log.clone());
    let witness_of_events = Arc::new(Told::default());
    config.observers = Some(witness_of_events.clone());
    let name = ServerName::parse("example.ulfheim.net").unwrap();
    let mut client = Connection::client(Arc::new(config), Some(name.clone()), Some(name));

    assert_eq!(client.handshake(), Err(Stop::WantRead));
    assert_eq!(take(&mut client), record("clienthello"));
    give(
        &mut client,
        &flight(&[
            "serverhello",
            "servercert",
            "serverkeyexchange",
            "serverhellodone",
        ]),
    );
    assert_eq!(
        client.handshake(),
        Err(Stop::WantRead),
        "{:?}",
        client.error()
    );
    assert_eq!(
        take(&mut client),
        flight(&["clientkeyexchange", "clientccs", "clientfinished"])
    );
    give(&mut client, &flight(&["serverccs", "serverfinished"]));
    assert_eq!(client.handshake(), Ok(()), "{:?}", client.error());
    assert!(client.facts().verified_chain.is_some());
    check_secrets(&tap);
    check_log(&log);
    let finished = hex(&field(JSON, "decrypted_hex")[8..32]);
    assert_eq!(client.danger_tls_unique().unwrap(), finished);

    assert_eq!(client.write(b"ping"), Ok(4));
    assert_eq!(take(&mut client), record("clientdata"));
    give(&mut client, &record("serverdata"));
    assert_eq!(read(&mut client, 100).unwrap(), b"pong");
    client.close().unwrap();
    assert_eq!(take(&mut client), record("clientalert"));
    witness_of_events.check(crate::inspect::ILLUSTRATED_CLIENT);
}

#[test]
fn illustrated_client_refuses_without_the_common_name_option() {
    let tap = Tap::new();
    let random = secret("client_random");
    let name = ServerName::parse("example.ulfheim.net").unwrap();
    let config = Arc::new(config(&tap, &[&random]));
    let mut client = Connection::client(config, Some(name.clone()), Some(name));
    assert_eq!(client.handshake(), Err(Stop::WantRead));
    give(
        &mut client,
        &flight(&[
            "serverhello",
            "servercert",
            "serverkeyexchange",
            "serverhellodone",
        ]),
    );
    assert_eq!(client.handshake(), Err(Stop::Failed));
    assert_eq!(client.error().unwrap().reason().name(), "NAME_MISMATCH");
}

#[test]
fn illustrated_server() {
    let tap = Tap::new();
    let mut config = config(
        &tap,
        &[
            &secret("server_random"),
            &secret("server_ephemeral_x25519_private"),
            &iv(0x51),
            &iv(0x61),
        ],
    );
    config.suites = vec![Suite::by_id(0xc013).unwrap()];
    config.keypairs = vec![keypair_from(
        "vectors/tls12-illustrated/server.crt",
        "vectors/tls12-illustrated/server.key",
    )];
    let log = Arc::new(Lines::default());
    config.key_log = Some(log.clone());
    let witness_of_events = Arc::new(Told::default());
    config.observers = Some(witness_of_events.clone());
    let mut server = Connection::server(Arc::new(config));

    assert_eq!(server.handshake(), Err(Stop::WantRead));
    give(&mut server, &record("clienthello"));
    assert_eq!(
        server.handshake(),
        Err(Stop::WantRead),
        "{:?}",
        server.error()
    );
    assert_eq!(
        take(&mut server),
        flight(&[
            "serverhello",
            "servercert",
            "serverkeyexchange",
            "serverhellodone"
        ])
    );
    give(
        &mut server,
        &flight(&["clientkeyexchange", "clientccs", "clientfinished"]),
    );
    assert_eq!(server.handshake(), Ok(()), "{:?}", server.error());
    assert_eq!(take(&mut server), flight(&["serverccs", "serverfinished"]));
    check_secrets(&tap);
    check_log(&log);

    give(&mut server, &record("clientdata"));
    assert_eq!(read(&mut server, 100).unwrap(), b"ping");
    assert_eq!(server.write(b"pong"), Ok(4));
    assert_eq!(take(&mut server), record("serverdata"));
    give(&mut server, &record("clientalert"));
    assert_eq!(read(&mut server, 100), Ok(Vec::new()), "a clean end");
    assert!(server.facts().close_received);
    witness_of_events.check(crate::inspect::ILLUSTRATED_SERVER);
}

#[test]
fn illustrated_server_with_one_byte_at_a_time() {
    let tap = Tap::new();
    let mut config = config(
        &tap,
        &[
            &secret("server_random"),
            &secret("server_ephemeral_x25519_private"),
            &iv(0x51),
        ],
    );
    config.suites = vec![Suite::by_id(0xc013).unwrap()];
    config.keypairs = vec![keypair_from(
        "vectors/tls12-illustrated/server.crt",
        "vectors/tls12-illustrated/server.key",
    )];
    let mut server = Connection::server(Arc::new(config));
    for byte in flight(&["clienthello", "clientkeyexchange", "clientccs"]) {
        assert_eq!(server.handshake(), Err(Stop::WantRead));
        give(&mut server, &[byte]);
    }
    let finished = record("clientfinished");
    for byte in &finished {
        assert_eq!(server.handshake(), Err(Stop::WantRead));
        give(&mut server, &[*byte]);
    }
    assert_eq!(server.handshake(), Ok(()), "{:?}", server.error());
}
