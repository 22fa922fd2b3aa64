//! Keypairs that are replaced while connections run: each connection has one of them, whole, and those that
//! are created after a replacement have the new one.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::*;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use tls_std::{Context, Reason, Roles};

fn keys(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "../tests/keys", name]
        .iter()
        .collect()
}

fn leaf_shown(server: &Context) -> Vec<u8> {
    let (mut client, mut server) = (client_ctx().client(Some("localhost")), server.server());
    shake(&mut client, &mut server).unwrap();
    leaf_seen(&client)
}

fn leaf_seen(client: &tls_std::Connection) -> Vec<u8> {
    client.facts().peer_chain.as_ref().unwrap()[0].to_vec()
}

fn leaf_of(ctx: &Context) -> Vec<u8> {
    ctx.config().keypairs[0].chain()[0].to_vec()
}

#[test]
fn every_handshake_has_one_whole_keypair() {
    let server = Context::new(Roles::Server);
    let replace: [&(dyn Fn() -> tls_std::Result<()> + Sync); 4] = [
        &|| server.set_keypair_file(pki("server-p256.pem"), Some(&pki("server-p256.key"))),
        &|| server.set_pkcs12_file(keys("openssl.p12"), Some(b"secret")),
        &|| server.set_keypair_file(pki("server-rsa.pem"), Some(&pki("server-rsa.key"))),
        &|| server.set_keypairs_of(&server_ctx("ed25519")),
    ];
    replace[0]().unwrap();
    let (stop, shaken) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    leaf_shown(&server);
                    shaken.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        for round in 0..40 {
            replace[round % 4]().unwrap();
            // What this thread creates from here on has it; nobody else replaces.
            assert_eq!(leaf_shown(&server), leaf_of(&server), "{round}");
            // A replacement that fails changes nothing.
            let before = leaf_of(&server);
            let error = server
                .set_keypair_file(pki("server-p256.pem"), Some(&pki("server-rsa.key")))
                .unwrap_err();
            assert_eq!(error.reason(), Reason::KeyMismatch);
            assert_eq!(leaf_of(&server), before);
            assert_eq!(server.config().keypairs.len(), 1);
        }
        stop.store(true, Ordering::Relaxed);
    });
    assert!(shaken.load(Ordering::Relaxed) > 0);
}

#[test]
fn a_connection_keeps_the_keypair_that_it_was_created_with() {
    let server = server_ctx("p256");
    let old = leaf_of(&server);
    let (mut client, mut conn) = (client_ctx().client(Some("localhost")), server.server());
    server
        .set_keypair_file(pki("server-rsa.pem"), Some(&pki("server-rsa.key")))
        .unwrap();
    shake(&mut client, &mut conn).unwrap();
    assert_eq!(leaf_seen(&client), old);
    assert_ne!(leaf_shown(&server), old);
}
