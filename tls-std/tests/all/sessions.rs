//! Sessions as a context keeps them: defaults, settings, blobs, ticket keys in files.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::*;
use std::sync::Arc;
use tls_std::{ClientSession, Connection, Context, Reason, Roles};

/// A handshake that must succeed.
fn connect(client: &Context, server: &Context) -> (Connection, Connection) {
    let (mut c, mut s) = (client.client(Some("localhost")), server.server());
    shake(&mut c, &mut s).unwrap();
    assert_eq!(c.facts().resumed, s.facts().resumed);
    (c, s)
}

fn resumes(client: &Context, server: &Context) -> bool {
    connect(client, server).0.facts().resumed
}

/// Resumes at a server that already made a session for this client.
fn session(client: &Context, server: &Context) -> Arc<ClientSession> {
    connect(client, server).0.session().unwrap().clone()
}

fn offer(client: &Context, server: &Context, session: &Arc<ClientSession>) -> bool {
    let (mut c, mut s) = (client.client(Some("localhost")), server.server());
    c.set_session(Some(session.clone())).unwrap();
    shake(&mut c, &mut s).unwrap();
    c.facts().resumed
}

fn refused(result: tls_std::Result<()>, reason: Reason) -> String {
    let error = result.unwrap_err();
    assert_eq!(error.reason(), reason, "{error}");
    error.text().to_owned()
}

#[test]
fn contexts_resume_by_themselves_with_tickets() {
    let (client, server) = (client_ctx(), server_ctx("p256"));
    assert!(!resumes(&client, &server));
    assert!(resumes(&client, &server));
    assert!(session(&client, &server).has_ticket());
    assert!(
        !resumes(&client, &server_ctx("p256")),
        "each has its own keys"
    );
}

#[test]
fn without_tickets_sessions_are_resumed_by_id() {
    let (client, server) = (client_ctx(), server_ctx("p256"));
    server.set_tickets(false);
    let session = session(&client, &server);
    assert_eq!((session.has_ticket(), session.id().len()), (false, 32));
    assert!(resumes(&client, &server));
    server.set_session_cache(0);
    assert!(!resumes(&client, &server));
    server.set_session_cache(1);
    assert!(!resumes(&client, &server), "a new cache");
    assert!(resumes(&client, &server));
    client.set_client_session_cache(0);
    assert!(!resumes(&client, &server) && !resumes(&client, &server));
    assert!(offer(&client, &server, &session) || !session.is_fresh(0));
}

#[test]
fn a_context_with_a_configuration_of_its_own_keeps_what_that_says() {
    let config = (*Context::new(Roles::Both).config()).clone();
    let default = tls_std::tls_core::config::Config::new(
        config.provider,
        config.random,
        config.clock,
        config.verification,
    );
    let server = Context::with_config(Roles::Server, default);
    add_keypair(&server, "p256");
    let client = client_ctx();
    assert!(!resumes(&client, &server) && !resumes(&client, &server));
    server.set_tickets(true);
    server.set_ticket_keys_random();
    assert!(!resumes(&client, &server) && resumes(&client, &server));
}

#[test]
fn a_session_travels_as_a_blob() {
    let (client, server) = (client_ctx(), server_ctx("p256"));
    let blob = session(&client, &server).export();
    client.set_client_session_cache(0);
    let copy = Arc::new(ClientSession::import(&blob).unwrap());
    assert!(offer(&client, &server, &copy));
    assert_eq!(copy.server_name(), Some("localhost"));
    for len in 0..blob.len() {
        let error = ClientSession::import(&blob[..len]).unwrap_err();
        assert_eq!(error.reason(), Reason::BadSession, "{len}");
    }
    for place in 0..blob.len() {
        let mut damaged = blob.to_vec();
        damaged[place] ^= 1 << (place % 8);
        let error = ClientSession::import(&damaged).unwrap_err();
        assert_eq!(error.reason(), Reason::BadSession, "{place}");
    }
    // Another client, whose trust or name differs, does not use it.
    let other = Context::new(Roles::Client);
    other.add_ca_file(pki("ca-p256.pem")).unwrap();
    other.add_ca_file(pki("ca.pem")).unwrap();
    assert!(!offer(&other, &server, &copy));
    let mut late = client.client(Some("localhost"));
    assert!(late.handshake().is_err());
    refused(late.set_session(Some(copy.clone())), Reason::WrongOrder);
    refused(server.server().set_session(Some(copy)), Reason::WrongRole);
}

#[test]
fn contexts_and_lifetimes_have_bounds() {
    let server = server_ctx("p256");
    server.set_session_id_context(&[1; 32]).unwrap();
    refused(server.set_session_id_context(&[1; 33]), Reason::BadArgument);
    assert_eq!(server.config().sessions.context_id, [1; 32]);
    server.set_session_lifetime(1).unwrap();
    server.set_session_lifetime(86_400).unwrap();
    for seconds in [0, 86_401, u32::MAX] {
        let text = refused(server.set_session_lifetime(seconds), Reason::BadArgument);
        assert!(text.contains("1 to 86400"), "{text}");
    }
    assert_eq!(server.config().sessions.lifetime, 86_400);
}

#[test]
fn another_session_context_is_another_world() {
    let (client, server) = (client_ctx(), server_ctx("p256"));
    server.set_session_id_context(b"shop").unwrap();
    let session = session(&client, &server);
    assert!(offer(&client, &server, &session));
    server.set_session_id_context(b"bank").unwrap();
    assert!(!offer(&client, &server, &session));
}

// ------------------------------------------------------------------------------------ ticket keys

fn key(len: usize, byte: u8) -> Vec<u8> {
    let mut key = vec![byte; len];
    key[16..].iter_mut().zip(0..).for_each(|(b, n)| *b ^= n);
    key
}

/// Servers with these ticket keys.
fn host(keys: &[u8]) -> Context {
    let ctx = server_ctx("p256");
    ctx.set_ticket_keys_mem(keys).unwrap();
    ctx
}

fn key_name(session: &ClientSession) -> u8 {
    let blob = session.export();
    // "tlsS", the ID's length, the ticket's length, the key's name.
    blob[4 + 1 + 2]
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let mut group = [0; 4];
        group[1..=chunk.len()].copy_from_slice(chunk);
        let bits = u32::from_be_bytes(group);
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place)) as usize & 63];
            out.push(if place <= chunk.len() { digit } else { b'=' } as char);
        }
    }
    out
}

fn haproxy(keys: &[Vec<u8>]) -> Vec<u8> {
    let lines: Vec<_> = keys.iter().map(|key| base64(key)).collect();
    (lines.join("\n") + "\n").into_bytes()
}

#[test]
fn nginx_key_files_are_shared_by_hosts() {
    for len in [48, 80] {
        let client = client_ctx();
        let keys = key(len, 1);
        assert!(!resumes(&client, &host(&keys)));
        assert!(resumes(&client, &host(&keys)), "another host");
        assert!(!resumes(&client, &host(&key(len, 2))), "other keys");
    }
}

#[test]
fn of_haproxys_keys_the_last_but_one_encrypts_and_the_last_three_decrypt() {
    for len in [48, 80] {
        let keys: Vec<_> = (1..=5).map(|n| key(len, n)).collect();
        let (client, server) = (client_ctx(), host(&haproxy(&keys)));
        let new = session(&client, &server);
        assert_eq!(key_name(&new), 4);
        client.set_client_session_cache(0);
        for (n, opens) in [(1, false), (2, false), (3, true), (4, true), (5, true)] {
            let old = session(&client, &host(&keys[n - 1]));
            assert_eq!(key_name(&old), n as u8);
            assert_eq!(offer(&client, &server, &old), opens, "key {n}");
        }
        // CRLF, empty lines, no newline at the end.
        let text = String::from_utf8(haproxy(&keys)).unwrap();
        let odd = text.trim_end().replace('\n', "\r\n\r\n");
        assert!(offer(&client, &host(odd.as_bytes()), &new));
    }
}

#[test]
fn key_files_that_are_none_are_refused_and_change_nothing() {
    let (client, server) = (client_ctx(), host(&key(48, 1)));
    assert!(!resumes(&client, &server));
    let good = [key(48, 1), key(48, 2), key(48, 3)];
    let mixed = [key(48, 1), key(48, 2), key(80, 3)];
    let short = [key(48, 1), key(47, 2), key(48, 3)];
    let text = |bytes: &[u8]| refused(server.set_ticket_keys_mem(bytes), Reason::BadTicketKeys);
    assert!(text(b"").contains("(0 bytes) nor 3 lines of base64 (0 lines)"));
    assert!(text(&haproxy(&good[..2])).contains("(2 lines)"));
    assert!(text(&haproxy(&mixed)).contains("line 3: keys of 48 and of 80 bytes are mixed"));
    assert!(
        text(&haproxy(&short)).contains("line 2: a ticket key has 48 or 80 bytes, this one has 47")
    );
    assert!(text(&key(49, 1)).contains("line 1 is no base64"));
    let mut broken = haproxy(&good);
    broken[70] = b'!';
    assert!(text(&broken).contains("line 2 is no base64"));
    for len in [0, 1, 47, 49, 79, 81] {
        refused(
            server.add_ticket_key_mem(&key(90, 9)[..len], 1, 1),
            Reason::BadTicketKeys,
        );
    }
    assert!(resumes(&client, &server));
    let missing = refused(
        server.set_ticket_keys_file("no/such"),
        Reason::FileUnreadable,
    );
    assert!(missing.starts_with("no/such: "), "{missing}");
    refused(
        server.add_ticket_key_file("no/such", 1, 1),
        Reason::FileUnreadable,
    );
    let named = refused(
        server.set_ticket_keys_file(pki("ca.pem")),
        Reason::BadTicketKeys,
    );
    assert!(named.contains("ca.pem: line 1 is no base64"), "{named}");
    assert_eq!(server.last_error().unwrap().reason(), Reason::BadTicketKeys);
}

#[test]
fn keys_change_live() {
    let (client, server) = (client_ctx(), host(&key(48, 1)));
    client.set_client_session_cache(0);
    let first = session(&client, &server);
    // A connection that exists already has the ring that changes.
    let mut early = server.server();
    server.add_ticket_key_mem(&key(80, 2), 3600, 3600).unwrap();
    let mut c = client.client(Some("localhost"));
    c.set_session(Some(first.clone())).unwrap();
    shake(&mut c, &mut early).unwrap();
    assert!(c.facts().resumed);
    assert_eq!(
        key_name(c.session().unwrap()),
        2,
        "renewed under the new key"
    );
    server.remove_ticket_key(&[1; 16]).unwrap();
    assert!(!offer(&client, &server, &first));
    refused(server.remove_ticket_key(&[1; 16]), Reason::BadTicketKeys);
    // A key that only decrypts.
    server.add_ticket_key_mem(&key(48, 1), 0, 3600).unwrap();
    assert!(offer(&client, &server, &first));
    assert_eq!(key_name(&session(&client, &server)), 2);
    server.set_ticket_keys_mem(&key(48, 3)).unwrap();
    assert_eq!(key_name(&session(&client, &server)), 3);
    assert!(!offer(&client, &server, &first));
}

#[test]
fn hosts_derive_their_keys_from_one_master_secret() {
    let host = |byte| {
        let ctx = server_ctx("p256");
        ctx.set_ticket_master(&[byte; 32], 3600).unwrap();
        ctx
    };
    let client = client_ctx();
    assert!(!resumes(&client, &host(1)));
    assert!(resumes(&client, &host(1)));
    assert!(!resumes(&client, &host(2)));
    refused(
        host(1).set_ticket_master(&[1; 31], 3600),
        Reason::BadTicketKeys,
    );
    refused(
        host(1).set_ticket_master(&[1; 32], 0),
        Reason::BadTicketKeys,
    );
}
