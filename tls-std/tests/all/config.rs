//! Contexts: what they take, what they refuse and how they say it.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::*;
use std::path::Path;
use tls_std::{Context, Preference, Reason, Roles};

fn refused(result: tls_std::Result<()>, reason: Reason) -> String {
    let error = result.unwrap_err();
    assert_eq!(error.reason(), reason, "{error}");
    error.text().to_owned()
}

fn keypair(ctx: &Context, cert: &str, key: &str) -> tls_std::Result<()> {
    ctx.add_keypair_file(pki(cert), Some(&pki(key)))
}

#[test]
fn types_cross_threads() {
    fn shared<T: Send + Sync + Clone>() {}
    fn sent<T: Send>() {}
    shared::<Context>();
    sent::<tls_std::Connection>();
}

#[test]
fn files_that_are_no_good_are_named_with_the_place() {
    let ctx = Context::new(Roles::Both);
    let missing = refused(ctx.add_ca_file("no/such.pem"), Reason::FileUnreadable);
    assert!(missing.starts_with("no/such.pem: "), "{missing}");
    assert_eq!(ctx.last_error().unwrap().os_error(), Some(2));
    assert!(
        ctx.last_error()
            .unwrap()
            .to_string()
            .contains("No such file")
    );
    let text = refused(ctx.add_ca_file(pki("README.md")), Reason::BadPem);
    assert!(text.contains("README.md: neither PEM nor DER"), "{text}");
    let text = refused(ctx.add_ca_file(pki("ca.key")), Reason::BadPem);
    assert!(
        text.contains("no certificate among the PEM blocks [\"PRIVATE KEY\"]"),
        "{text}"
    );
    let text = refused(
        keypair(&ctx, "server-rsa.pem", "server-rsa.pem"),
        Reason::BadPem,
    );
    assert!(
        text.contains("server-rsa.pem: no private key among the PEM blocks"),
        "{text}"
    );
    let text = refused(
        keypair(&ctx, "server-rsa.key", "server-rsa.key"),
        Reason::BadPem,
    );
    assert!(text.contains("no certificate"), "{text}");
    let encrypted = keypair(&ctx, "server-rsa.pem", "server-rsa-encrypted.key");
    let text = refused(encrypted, Reason::PasswordNeeded);
    assert!(
        text.contains("server-rsa-encrypted.key: line 1: it is encrypted"),
        "{text}"
    );
    let text = refused(
        keypair(&ctx, "server-rsa.pem", "server-p256.key"),
        Reason::KeyMismatch,
    );
    assert!(text.contains("server-rsa.pem and "), "{text}");
    refused(
        keypair(&ctx, "server-rsa.pem", "server-rsa4096.key"),
        Reason::KeyMismatch,
    );
    let text = refused(ctx.add_ca_dir("no/such/dir"), Reason::FileUnreadable);
    assert!(text.contains("no/such/dir"), "{text}");
    assert!(ctx.config().keypairs.is_empty(), "what fails adds nothing");
}

#[test]
fn broken_certificates_in_a_bundle_name_their_line() {
    let good = std::fs::read_to_string(pki("ca.pem")).unwrap();
    let broken = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
    let lines = good.lines().count();
    let ctx = Context::new(Roles::Client);
    let result = ctx.add_ca_mem(format!("{good}{broken}").as_bytes());
    let text = refused(result, Reason::BadCertificateFile);
    assert!(text.starts_with(&format!("line {}: ", lines + 1)), "{text}");
    // All or nothing: the system's are still what is trusted.
    let (mut client, mut server) = (ctx.client(Some("localhost")), server_ctx("p256").server());
    client.danger_accept_any_name().unwrap();
    assert!(shake(&mut client, &mut server).is_err());
}

#[test]
fn keys_in_every_container() {
    for (cert, key) in [
        ("server-rsa.pem", "server-rsa.key"),
        ("server-rsa.pem", "server-rsa-pkcs1.key"),
        ("server-p256.pem", "server-p256-sec1.key"),
        ("server-p384.pem", "server-p384.key"),
        ("server-p521.pem", "server-p521.key"),
        ("server-ed25519.pem", "server-ed25519.key"),
        ("server-rsapss.pem", "server-rsapss.key"),
    ] {
        let ctx = Context::new(Roles::Server);
        keypair(&ctx, cert, key).unwrap();
        // One file with both, in either order.
        let both = [pki(cert), pki(key)].map(|p| std::fs::read(p).unwrap());
        ctx.add_keypair_mem(&both.concat(), None).unwrap();
        ctx.add_keypair_mem(&[&both[1][..], &both[0]].concat(), None)
            .unwrap();
        // DER: the leaf alone.
        let der = both.map(|pem| der(&pem));
        ctx.add_keypair_mem(&der[0], Some(&der[1])).unwrap();
        assert_eq!(ctx.config().keypairs.len(), 4, "{cert}");
    }
}

/// The contents of the first PEM block, by another way than the library's.
fn der(pem: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(pem).unwrap();
    let body: String = text
        .lines()
        .skip(1)
        .take_while(|l| !l.starts_with("---"))
        .collect();
    let value = |c| match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let bits = body.trim_end_matches('=').bytes().map(value);
    let (mut out, mut hold, mut held) = (Vec::new(), 0_u32, 0);
    for six in bits {
        hold = hold << 6 | u32::from(six);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((hold >> held) as u8);
        }
    }
    out
}

#[test]
fn rubbish_is_no_key_and_no_certificate() {
    let ctx = Context::new(Roles::Server);
    let cert = std::fs::read(pki("server-p256.pem")).unwrap();
    for bad in [
        &b""[..],
        b"x",
        b"0",
        b"0\x82",
        b"\0",
        &[0x30, 0x80, 0, 0],
        &[0xff; 40],
    ] {
        assert!(ctx.add_keypair_mem(&cert, Some(bad)).is_err(), "{bad:?}");
        assert!(ctx.add_keypair_mem(bad, None).is_err(), "{bad:?}");
        assert!(ctx.add_ca_mem(bad).is_err(), "{bad:?}");
    }
    refused(ctx.add_keypair_mem(b"", None), Reason::BadPem);
    assert!(ctx.config().keypairs.is_empty());
}

#[test]
fn a_directory_of_certificates() {
    let dir = std::env::temp_dir().join(format!("tlscore-ca-dir-{}", std::process::id()));
    std::fs::create_dir_all(dir.join("sub")).unwrap();
    std::fs::write(dir.join("notes.txt"), "no certificate").unwrap();
    let ctx = Context::new(Roles::Client);
    let empty = ctx.add_ca_dir(&dir);
    std::fs::copy(pki("ca.pem"), dir.join("b.pem")).unwrap();
    std::fs::copy(pki("ca-p256.pem"), dir.join("a.crt")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("gone", dir.join("0123abcd.0")).unwrap();
    let full = ctx.add_ca_dir(&dir);
    // A key is something else; a bundle that was cut is a CA that would be missed later.
    std::fs::copy(pki("server-p256.key"), dir.join("c.key")).unwrap();
    let with_key = ctx.add_ca_dir(&dir);
    let cut = std::fs::read(pki("ca.pem")).unwrap();
    std::fs::write(dir.join("d.pem"), &cut[..cut.len() / 2]).unwrap();
    let damaged = ctx.add_ca_dir(&dir);
    std::fs::remove_dir_all(&dir).unwrap();
    refused(empty, Reason::BadPem);
    with_key.unwrap();
    let text = refused(damaged, Reason::BadPem);
    assert!(text.contains("d.pem"), "{text}");
    full.unwrap();
    let (mut client, mut server) = (ctx.client(Some("localhost")), server_ctx("p256").server());
    shake(&mut client, &mut server).unwrap();
}

#[test]
fn lists_and_policies() {
    let ctx = Context::new(Roles::Both);
    let text = refused(ctx.set_policy("lax"), Reason::BadPolicyName);
    assert!(text.contains("modern, compatible, legacy"), "{text}");
    refused(ctx.set_cipher_list("AES128-SHA"), Reason::RefusedByPolicy);
    refused(ctx.set_cipher_list("NONSENSE"), Reason::BadCipherList);
    refused(ctx.set_groups("P-25"), Reason::BadGroupList);
    refused(ctx.set_schemes("MD5"), Reason::BadSchemeList);
    assert_eq!(ctx.last_error().unwrap().reason(), Reason::BadSchemeList);
    let default = ctx.config().suites.len();
    ctx.set_policy("legacy").unwrap();
    assert!(ctx.config().suites.len() > default);
    ctx.set_cipher_list("AES128-SHA").unwrap();
    assert_eq!(ctx.config().suites.len(), 1);
    ctx.set_groups("P-384:X25519").unwrap();
    assert_eq!(ctx.config().groups.len(), 2);
    ctx.set_schemes("ed25519").unwrap();
    ctx.set_preference(Preference::Client);
    assert_eq!(ctx.config().preference, Preference::Client);
    refused(ctx.set_alpn(&[""]), Reason::BadAlpnList);
    ctx.set_alpn(&["h2"]).unwrap();
    ctx.set_policy("modern").unwrap();
    assert_eq!(
        ctx.config().suites.len(),
        default,
        "a policy brings its own lists"
    );
    assert_eq!(ctx.config().alpn, [b"h2"]);
}

#[test]
fn a_server_may_go_on_without_a_protocol() {
    let (client, server) = (client_ctx(), server_ctx("rsa"));
    client.set_alpn(&["h2", "http/1.1"]).unwrap();
    let agreed = || {
        let mut ends = (client.client(Some("localhost")), server.server());
        shake(&mut ends.0, &mut ends.1)
            .map(|()| ends.0.facts().alpn.clone())
            .map_err(|_stop| reason(&ends.1))
    };
    server.set_alpn_required(&["spdy/3"], true).unwrap();
    assert_eq!(agreed(), Err(Reason::NoCommonProtocol));
    server.set_alpn_required(&["spdy/3"], false).unwrap();
    assert_eq!(agreed(), Ok(None));
    refused(
        server.set_alpn_required(&["h2", ""], true),
        Reason::BadAlpnList,
    );
    assert_eq!(agreed(), Ok(None), "nothing was changed");
    server
        .set_alpn_required(&["http/1.1", "h2"], false)
        .unwrap();
    assert_eq!(agreed(), Ok(Some(b"http/1.1".to_vec())));
    server.set_alpn_required(&["h2"], true).unwrap();
    assert_eq!(agreed(), Ok(Some(b"h2".to_vec())));
}

#[test]
fn roles() {
    let (client, server) = (client_ctx(), server_ctx("rsa"));
    for conn in [client.server(), server.client(Some("localhost"))] {
        assert_eq!(reason(&conn), Reason::WrongRole);
        assert!(conn.is_failed());
    }
    let both = Context::new(Roles::Both);
    add_keypair(&both, "rsa");
    both.add_ca_file(pki("ca.pem")).unwrap();
    shake(&mut both.client(Some("localhost")), &mut both.server()).unwrap();
}

#[test]
fn a_connection_keeps_the_settings_of_its_birth() {
    let ctx = server_ctx("rsa");
    let mut old = ctx.server();
    ctx.clear_keypairs();
    add_keypair(&ctx, "p256");
    let mut new = ctx.server();
    drop(ctx);
    let suites = [&mut old, &mut new].map(|server| {
        let mut client = client_ctx().client(Some("localhost"));
        shake(&mut client, server).unwrap();
        client.facts().suite.unwrap().openssl_name
    });
    assert_eq!(
        suites,
        [
            "ECDHE-RSA-AES128-GCM-SHA256",
            "ECDHE-ECDSA-AES128-GCM-SHA256"
        ]
    );
}

#[test]
fn names_and_verification() {
    let server = || server_ctx("p256").server();
    let outcome = |ctx: &Context, name: Option<&str>| {
        shake(&mut ctx.client(name), &mut server()).map_err(|(_, reason)| reason)
    };
    let trusting = client_ctx();
    assert_eq!(outcome(&trusting, Some("localhost")), Ok(()));
    assert_eq!(outcome(&trusting, Some("[::1]")), Ok(()));
    assert_eq!(
        outcome(&trusting, Some("other.test")),
        Err(Reason::CertificateNameMismatch)
    );
    assert_eq!(outcome(&trusting, None), Err(Reason::NoServerName));
    for bad in ["", "a b", "-x", "1.2.3", "\u{fffd}"] {
        assert_eq!(
            outcome(&trusting, Some(bad)),
            Err(Reason::BadServerName),
            "{bad:?}"
        );
    }
    trusting.danger_accept_any_name();
    assert_eq!(outcome(&trusting, Some("other.test")), Ok(()));
    assert_eq!(outcome(&trusting, None), Ok(()));
    trusting.require_verification();
    assert_eq!(outcome(&trusting, None), Err(Reason::NoServerName));

    let stranger = Context::new(Roles::Client);
    stranger.add_ca_file(pki("other-ca.pem")).unwrap();
    assert_eq!(
        outcome(&stranger, Some("localhost")),
        Err(Reason::CertificateUntrusted)
    );
    stranger.danger_accept_any_name();
    assert_eq!(
        outcome(&stranger, Some("localhost")),
        Err(Reason::CertificateUntrusted)
    );
    stranger.danger_accept_any_cert();
    assert_eq!(outcome(&stranger, None), Ok(()));

    // Danger on one connection stays there.
    let careful = client_ctx();
    let mut client = careful.client(None);
    client.danger_accept_any_cert().unwrap();
    shake(&mut client, &mut server()).unwrap();
    assert!(client.facts().verified_chain.is_none() && !client.peer_chain().is_empty());
    assert_eq!(outcome(&careful, None), Err(Reason::NoServerName));
}

#[test]
fn common_names_on_request() {
    let shake_with = |accept| {
        let client = client_ctx();
        client.set_legacy_common_name(accept);
        let server = Context::new(Roles::Server);
        keypair(&server, "name-cn.pem", "name-cn.key").unwrap();
        shake(
            &mut client.client(Some("cn.example.test")),
            &mut server.server(),
        )
    };
    assert!(shake_with(false).is_err());
    assert_eq!(shake_with(true), Ok(()));
}

#[test]
fn several_keypairs_are_chosen_by_name_and_by_what_the_client_verifies() {
    let ctx = server_ctx("rsa");
    add_keypair(&ctx, "p256");
    let suite = |schemes: &str| {
        let client = client_ctx();
        client.set_schemes(schemes).unwrap();
        let mut client = client.client(Some("localhost"));
        shake(&mut client, &mut ctx.server()).unwrap();
        client.facts().scheme.unwrap().to_string()
    };
    assert_eq!(suite("rsa_pss_rsae_sha256"), "rsa_pss_rsae_sha256");
    assert_eq!(
        suite("ecdsa_secp256r1_sha256:rsa_pkcs1_sha256"),
        "ecdsa_secp256r1_sha256"
    );
}

#[test]
fn a_keypair_of_one_connection() {
    let ctx = Context::new(Roles::Server);
    let mut bare = ctx.server();
    assert_eq!(reason(&bare), Reason::NoKeypair);
    assert!(bare.handshake().is_err() && bare.is_failed());
    let mut own = ctx.server();
    assert!(own.set_keypair_file(pki("nothing"), None).is_err());
    own.set_keypair_file(
        pki("server-p256.pem"),
        Some(Path::new(&pki("server-p256.key"))),
    )
    .unwrap();
    assert!(own.error().is_none());
    shake(&mut client_ctx().client(Some("localhost")), &mut own).unwrap();
    assert!(ctx.config().keypairs.is_empty());
}

#[test]
fn renewing_a_keypair_leaves_no_moment_without_one() {
    let ctx = server_ctx("rsa");
    add_keypair(&ctx, "p256");
    let old = ctx.config().keypairs.clone();
    let key = pki("server-p384.key");
    // What cannot be read changes nothing.
    let wrong = ctx.set_keypair_file(pki("server-rsa.pem"), Some(&key));
    refused(wrong, Reason::KeyMismatch);
    refused(ctx.set_keypair_mem(b"rubbish", None), Reason::BadPem);
    let now = ctx.config().keypairs.clone();
    assert!(
        old.iter()
            .zip(&now)
            .all(|(a, b)| std::sync::Arc::ptr_eq(a, b))
            && now.len() == 2
    );

    let running = ctx.server();
    ctx.set_keypair_file(pki("server-p384.pem"), Some(&key))
        .unwrap();
    assert_eq!(ctx.config().keypairs.len(), 1);
    let read = |file: &str| std::fs::read(pki(file)).unwrap();
    let (cert, key) = (read("server-ed25519.pem"), read("server-ed25519.key"));
    ctx.set_keypair_mem(&cert, Some(&key)).unwrap();
    assert_eq!(ctx.config().keypairs.len(), 1);
    // Several at once, from a context that was filled meanwhile.
    let fresh = server_ctx("rsa");
    add_keypair(&fresh, "p521");
    ctx.set_keypairs_of(&fresh).unwrap();
    assert_eq!(ctx.config().keypairs.len(), 2);
    // A connection keeps what it was born with.
    let (mut client, mut server) = (client_ctx().client(Some("localhost")), running);
    shake(&mut client, &mut server).unwrap();
    assert!(client.facts().suite.unwrap().openssl_name.contains("ECDSA"));
    assert_eq!(server.facts().local_keypair, Some(1));
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_refused_at_once() {
    use std::os::unix::ffi::OsStrExt;
    let dir = std::env::temp_dir().join(format!("tls-std-fifo-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let fifo = dir.join("fifo.pem");
    let name = std::ffi::CString::new(fifo.as_os_str().as_bytes()).unwrap();
    // SAFETY: a NUL-terminated path.
    assert_eq!(unsafe { libc::mkfifo(name.as_ptr(), 0o600) }, 0);
    let ctx = server_ctx("p256");
    // Each of these would wait for ever for somebody who writes.
    for result in [
        ctx.add_ca_file(&fifo),
        ctx.add_keypair_file(&fifo, None),
        ctx.add_keypair_file(pki("server-p256.pem"), Some(&fifo)),
        ctx.set_keypair_file(&fifo, None),
        ctx.add_ca_file("/dev/null"),
        ctx.add_ca_file(&dir),
    ] {
        let text = refused(result, Reason::FileUnreadable);
        assert!(text.ends_with("is no regular file"), "{text}");
    }
    // In a directory it is passed over.
    std::fs::copy(pki("ca.pem"), dir.join("ca.pem")).unwrap();
    ctx.add_ca_dir(&dir).unwrap();
    std::fs::remove_dir_all(&dir).unwrap();
}

/// Comes back to its context when it is dropped.
#[derive(Debug)]
struct ComesBack(std::sync::Weak<Context>, std::sync::mpsc::Sender<()>);

impl Drop for ComesBack {
    fn drop(&mut self) {
        if let Some(ctx) = self.0.upgrade() {
            ctx.set_preference(Preference::Client);
            let _config = (ctx.config(), ctx.last_error());
            self.1.send(()).unwrap();
        }
    }
}

impl tls_std::tls_core::cert::CertificateVerifier for ComesBack {
    fn verify(
        &self,
        _: &tls_std::tls_core::cert::VerifyRequest<'_>,
        _: &tls_std::tls_core::crypto::Later,
    ) -> tls_std::tls_core::crypto::Reply<
        Result<tls_std::tls_core::cert::VerifiedChain, tls_std::tls_core::error::Error>,
    > {
        unreachable!("nobody connects")
    }
}

#[test]
fn what_a_setter_replaces_may_come_back_to_the_context() {
    let (sender, dropped) = std::sync::mpsc::channel();
    let thread = std::thread::spawn(move || {
        let ctx = std::sync::Arc::new(client_ctx());
        let weak = std::sync::Arc::downgrade(&ctx);
        ctx.set_verifier(std::sync::Arc::new(ComesBack(weak, sender)));
        ctx.add_ca_file(pki("ca.pem")).unwrap();
        ctx
    });
    // A deadlock would be for ever: this long is only how long a failing run waits.
    let waited = dropped.recv_timeout(std::time::Duration::from_secs(60));
    assert!(waited.is_ok(), "the context's locks were held");
    assert_eq!(
        thread.join().unwrap().config().preference,
        Preference::Client
    );
}
