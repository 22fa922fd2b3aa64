//! The system's CA certificates, by way of the environment: alone in its process, since that is
//! shared by all threads.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "all/common/mod.rs"]
mod common;

use common::*;
use tls_core::config::Verification;
use tls_core::crypto::{HashId, Provider};
use tls_std::{Connection, Context, DefaultProvider, Reason, Roles};

fn connect(ctx: &Context) -> Result<(), Reason> {
    let mut client: Connection = ctx.client(Some("localhost"));
    shake(&mut client, &mut server_ctx("p256").server()).map_err(|(_, reason)| reason)
}

#[test]
fn clients_without_a_ca_trust_the_system() {
    let set = |file: std::path::PathBuf| {
        // SAFETY: this process has one test and no other thread.
        unsafe { std::env::set_var("SSL_CERT_FILE", file) };
    };
    // SAFETY: as above.
    unsafe { std::env::remove_var("SSL_CERT_DIR") };
    set("no/such/bundle.pem".into());
    let ctx = Context::new(Roles::Client);
    assert_eq!(connect(&ctx), Err(Reason::NoTrustAnchors));
    assert_eq!(
        ctx.add_ca_system().unwrap_err().reason(),
        Reason::NoTrustAnchors
    );
    let mut careless = ctx.client(None);
    careless.danger_accept_any_cert().unwrap();
    shake(&mut careless, &mut server_ctx("p256").server()).unwrap();

    // What is no regular file neither holds us for ever nor fills the memory.
    for odd in ["/dev/zero", "/dev/tty", "/"] {
        set(odd.into());
        assert_eq!(connect(&ctx), Err(Reason::NoTrustAnchors), "{odd}");
    }

    // Loaded when first needed; from then on the context has it.
    set(pki("ca.pem"));
    assert_eq!(connect(&ctx), Ok(()));
    set(pki("other-ca.pem"));
    assert_eq!(connect(&ctx), Ok(()));
    assert_eq!(
        connect(&Context::new(Roles::Client)),
        Err(Reason::CertificateUntrusted)
    );

    // Its sessions are bound to what it trusts.
    let scope = |ctx: &Context| match &ctx.config().verification {
        Verification::Required(verifier) => {
            verifier.scope(DefaultProvider.hash(HashId::Sha256).unwrap())
        }
        _ => panic!("a client verifies"),
    };
    let kept = scope(&ctx).unwrap();
    let other = scope(&Context::new(Roles::Client)).unwrap();
    assert_ne!(kept.as_ref(), other.as_ref());

    // A CA that was added takes the system's place, unless that is added too.
    set(pki("ca.pem"));
    let ctx = Context::new(Roles::Client);
    ctx.add_ca_file(pki("other-ca.pem")).unwrap();
    assert_eq!(connect(&ctx), Err(Reason::CertificateUntrusted));
    ctx.add_ca_system().unwrap();
    assert_eq!(connect(&ctx), Ok(()));

    // Directories, one behind the other; those that are not there do not matter beside one that is.
    // SAFETY: as above.
    unsafe { std::env::remove_var("SSL_CERT_FILE") };
    let dir = std::env::temp_dir().join(format!("tlscore-roots-{}", std::process::id()));
    std::fs::create_dir(&dir).unwrap();
    std::fs::copy(pki("ca.pem"), dir.join("ca.pem")).unwrap();
    std::fs::write(dir.join("notes.txt"), "no certificate").unwrap();
    let dirs = std::env::join_paths(["no/such/directory".into(), dir.clone()]).unwrap();
    // SAFETY: as above.
    unsafe { std::env::set_var("SSL_CERT_DIR", dirs) };
    let connected = connect(&Context::new(Roles::Client));
    std::fs::remove_dir_all(&dir).unwrap();
    assert_eq!(connected, Ok(()));
}
