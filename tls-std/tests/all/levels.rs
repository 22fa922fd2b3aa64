//! Security levels and weak keypairs: what they take from a context, and what is refused.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::*;
use tls_std::{Context, Reason, Result, Roles};

fn add(ctx: &Context, name: &str) -> Result<()> {
    let key = pki(&format!("{name}.key"));
    ctx.add_keypair_file(pki(&format!("{name}.pem")), Some(&key))
}

#[track_caller]
fn refused(result: Result<()>, reason: Reason, says: &str) {
    let error = result.unwrap_err();
    assert_eq!(error.reason(), reason, "{error}");
    assert!(error.text().contains(says), "{error}");
}

/// As OpenSSL's levels: also the certificates that we show.
#[test]
fn hashes_of_our_own_chain_are_as_strong_as_the_level() {
    let ctx = Context::new(Roles::Server);
    add(&ctx, "bad-sha1").unwrap();
    let words = "is signed with SHA-1, security level 1 wants at least 224 bits";
    refused(ctx.set_security_level(1), Reason::WeakKeypair, words);
    assert_eq!(ctx.config().security_level, 0);
    ctx.clear_keypairs();
    ctx.set_security_level(2).unwrap();
    refused(add(&ctx, "bad-sha1"), Reason::WeakKeypair, "SHA-1");
    add(&ctx, "server-p256").unwrap();
    // A root's signature proves nothing to anybody.
    add(&ctx, "self-leaf").unwrap();
}

#[test]
fn weak_keypairs_are_refused_by_policy_and_level() {
    let ctx = Context::new(Roles::Server);
    refused(
        add(&ctx, "server-rsa1024"),
        Reason::WeakKeypair,
        "the key of CN=server-rsa1024 (RSA of 1024 bits) has 1024 bits, the policy modern wants 2048; \
         the policy legacy allows it",
    );
    assert!(ctx.config().keypairs.is_empty());
    ctx.set_policy("legacy").unwrap();
    add(&ctx, "server-rsa1024").unwrap();
    // Now the policy cannot become stricter.
    refused(ctx.set_policy("modern"), Reason::WeakKeypair, "1024");
    assert_eq!(ctx.config().policy.name, "legacy");
    refused(
        ctx.set_security_level(2),
        Reason::WeakKeypair,
        "security level 2 wants 2048",
    );
    refused(
        ctx.set_cipher_list("ALL:@SECLEVEL=2"),
        Reason::WeakKeypair,
        "security level 2",
    );
    assert_eq!(ctx.config().security_level, 0);
    ctx.set_security_level(1).unwrap();
    ctx.clear_keypairs();
    ctx.set_policy("modern").unwrap();

    ctx.set_security_level(3).unwrap();
    refused(
        add(&ctx, "server-rsa"),
        Reason::WeakKeypair,
        "security level 3 wants 3072",
    );
    add(&ctx, "server-rsa4096").unwrap();
    add(&ctx, "server-p256").unwrap();
    refused(
        ctx.set_security_level(4),
        Reason::WeakKeypair,
        "security level 4",
    );
    let other = Context::new(Roles::Server);
    add(&other, "server-rsa").unwrap();
    refused(ctx.set_keypairs_of(&other), Reason::WeakKeypair, "3072");
    assert_eq!(ctx.config().keypairs.len(), 2);
}

#[test]
fn levels_narrow_the_lists_and_give_them_back() {
    let ctx = Context::new(Roles::Both);
    let names = |ctx: &Context| {
        let config = ctx.config();
        let suites: Vec<_> = config.usable_suites().map(|s| s.openssl_name).collect();
        (suites, config.groups.clone(), config.schemes.clone())
    };
    let before = names(&ctx);
    ctx.set_cipher_list("DEFAULT@SECLEVEL=4").unwrap();
    assert_eq!(ctx.config().security_level, 4);
    let (suites, groups, schemes) = names(&ctx);
    assert!(suites.iter().all(|s| !s.contains("AES128")), "{suites:?}");
    assert_eq!(groups.len(), 2);
    assert!(
        schemes.iter().all(|s| !s.to_string().contains("256")),
        "{schemes:?}"
    );
    refused(
        ctx.set_groups("X25519"),
        Reason::BadGroupList,
        "at security level 4 no group",
    );
    refused(
        ctx.set_cipher_list("ECDHE-RSA-AES128-GCM-SHA256"),
        Reason::BadCipherList,
        "at security level 4 no cipher suite",
    );
    refused(
        ctx.set_schemes("ed25519:RSA+SHA256"),
        Reason::BadSchemeList,
        "at security level 4 no signature scheme",
    );
    refused(
        ctx.set_security_level(6),
        Reason::BadArgument,
        "6 is no security level",
    );
    ctx.set_security_level(5).unwrap();
    assert_eq!(names(&ctx).1.len(), 1);
    ctx.set_security_level(0).unwrap();
    assert_eq!(names(&ctx), before);
    ctx.set_security_level(5).unwrap();
    ctx.set_policy("modern").unwrap();
    assert_eq!(ctx.config().security_level, 0);
    assert_eq!(names(&ctx), before);
}

#[test]
fn both_sides_keep_to_the_level() {
    let strict = |level| {
        let ctx = client_ctx();
        ctx.set_security_level(level).unwrap();
        ctx
    };
    let result = |level, name: &str| {
        let (mut client, mut server) = (
            strict(level).client(Some("localhost")),
            server_ctx(name).server(),
        );
        let shaken = shake(&mut client, &mut server);
        (shaken.is_ok(), client.error().map(|e| e.reason()))
    };
    assert_eq!(result(2, "rsa"), (true, None));
    // The intermediate and the root have RSA keys of 2048 bits: no path at level 3.
    let (ok, reason) = result(3, "p384");
    assert!(!ok && reason == Some(Reason::CertificateWeak), "{reason:?}");

    // A connection's own level.
    let ctx = client_ctx();
    let mut client = ctx.client(Some("localhost"));
    client.set_cipher_list("DEFAULT@SECLEVEL=3").unwrap();
    let mut server = server_ctx("rsa").server();
    assert!(shake(&mut client, &mut server).is_err());
    let (mut client, mut server) = (ctx.client(Some("localhost")), server_ctx("rsa").server());
    shake(&mut client, &mut server).unwrap();
}

#[test]
fn a_server_does_not_take_weak_clients() {
    let server = server_ctx("p256");
    server.set_security_level(3).unwrap();
    server.add_ca_file(pki("ca.pem")).unwrap();
    server.set_client_auth(tls_std::ClientAuth::Require);
    let client = client_ctx();
    add(&client, "client-rsa").unwrap();
    let (mut client, mut server) = (client.client(Some("localhost")), server.server());
    assert!(shake(&mut client, &mut server).is_err());
    let reason = server.error().unwrap().reason();
    assert!(
        [Reason::CertificateWeak, Reason::WeakPeerKey].contains(&reason),
        "{reason:?}"
    );
}

#[test]
fn sessions_are_bound_to_the_level() {
    let (client, server) = (client_ctx(), server_ctx("rsa"));
    let resumed = |client: &Context| {
        let (mut c, mut s) = (client.client(Some("localhost")), server.server());
        shake(&mut c, &mut s).map(|()| c.facts().resumed)
    };
    assert!(!resumed(&client).unwrap());
    assert!(resumed(&client).unwrap());
    client.set_security_level(2).unwrap();
    assert!(!resumed(&client).unwrap());
    client.set_security_level(3).unwrap();
    assert!(resumed(&client).is_err());
}
