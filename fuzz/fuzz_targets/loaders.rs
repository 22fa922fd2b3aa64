//! What a program loads beside credentials: CRLs, DH parameters, chains to verify and what they may lead through, OCSP
//! responses, SCTs, the names of CAs, directories. The first byte chooses.
#![no_main]

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};
use tls_core::cert::UnixTime;
use tls_core::error::Family;
use tls_std::{Context, Reason, Result, Roles, Verify};

const CA: &[u8] = include_bytes!("../../tests/pki/ca.pem");
const CERT: &[u8] = include_bytes!("../../tests/pki/server-p256.pem");
const KEY: &[u8] = include_bytes!("../../tests/pki/server-p256.key");

#[derive(Debug)]
struct At2026;

impl tls_core::config::Clock for At2026 {
    fn now(&self) -> UnixTime {
        UnixTime::since_unix_epoch(core::time::Duration::from_secs(1_767_225_600))
    }
}

/// A context costs a random ticket key: one for all inputs, which each leave it as it was.
static CONTEXT: LazyLock<Context> = LazyLock::new(|| {
    let ctx = Context::new(Roles::Both);
    ctx.set_clock(Arc::new(At2026));
    ctx.add_ca_mem(CA).expect("a CA");
    ctx.add_keypair_mem(CERT, Some(KEY)).expect("a keypair");
    ctx
});

/// One for this process.
static DIRECTORY: LazyLock<PathBuf> = LazyLock::new(|| {
    let dir = std::env::temp_dir().join(format!("tlscore-fuzz-loaders-{}", std::process::id()));
    std::fs::create_dir_all(&dir).expect("a directory");
    dir
});

/// Whether it was loaded; an error is one that such a file can have, and is kept.
fn loaded(result: Result<()>, possible: &[Reason]) -> bool {
    let Err(error) = result else {
        return true;
    };
    assert!(possible.contains(&error.reason()), "{error}");
    assert!(!error.text().is_empty() && !error.text().chars().any(char::is_control), "{error}");
    assert_eq!(CONTEXT.last_error(), Some(error));
    false
}

fn crls(list: &[u8]) {
    let ctx = &*CONTEXT;
    let added = loaded(ctx.add_crl_mem(list), &[Reason::BadPem, Reason::BadCrl]);
    assert_eq!(added, !ctx.config().verify_options.crls.is_empty());
    if let Err(error) = ctx.verify().verify_mem(CERT) {
        assert!(added && error.reason().family() == Family::Certificate, "{error}");
    }
    ctx.clear_crls();
}

fn dh_params(file: &[u8]) {
    let before = CONTEXT.config().dh_params.clone();
    let set = loaded(CONTEXT.set_dh_params_mem(file), &[Reason::BadPem, Reason::BadDhParams]);
    let params = CONTEXT.config().dh_params.clone();
    match set {
        true => assert!(params.is_some_and(|p| p.bits() >= 2048)),
        false => assert_eq!(params, before),
    }
}

/// Whatever else is there, the good path is found.
fn untrusted(file: &[u8]) {
    let mut verify = CONTEXT.verify();
    match verify.add_untrusted_mem(file) {
        Ok(()) => drop(verify.verify_mem(CERT).expect("a good chain")),
        Err(error) => assert!(
            [Reason::BadPem, Reason::BadCertificateFile, Reason::BadArgument].contains(&error.reason()),
            "{error}"
        ),
    }
}

fn chain(verify: &Verify, file: &[u8]) {
    if let Err(error) = verify.verify_mem(file) {
        let unread = [Reason::BadPem, Reason::BadCertificateFile].contains(&error.reason());
        assert!(unread || error.reason().family() == Family::Certificate, "{error}");
        assert!(!error.text().chars().any(char::is_control));
    }
}

fn staple(response: &[u8]) {
    let set = CONTEXT.set_ocsp_response(0, Some(response));
    let kept = |error: &tls_std::Error| [Reason::BadArgument, Reason::BadStaple].contains(&error.reason());
    assert!(set.as_ref().err().is_none_or(kept), "{set:?}");
    let stapled = CONTEXT.config().keypairs[0].ocsp_response().map(|r| r.to_vec());
    assert_eq!(stapled.as_deref(), set.is_ok().then_some(response));
    CONTEXT.set_ocsp_response(0, None).expect("none is always possible");
}

fn names(file: &[u8]) {
    let bad = [Reason::BadPem, Reason::BadCertificateFile, Reason::BadArgument];
    loaded(CONTEXT.set_client_ca_mem(file), &bad);
    CONTEXT.set_client_ca_names(None).expect("the default");
}

/// A directory takes of a file what it takes of its contents, or passes it over.
fn directory(file: &[u8]) {
    std::fs::write(DIRECTORY.join("file.crl"), file).expect("a file");
    let ctx = Context::new(Roles::Client);
    if let Err(error) = ctx.add_ca_dir(&*DIRECTORY) {
        let bad = [Reason::BadPem, Reason::BadCertificateFile];
        assert!(bad.contains(&error.reason()), "{error}");
    } else {
        ctx.add_ca_mem(file).expect("as in the directory");
    }
    assert_eq!(ctx.add_crl_dir(&*DIRECTORY).is_ok(), ctx.add_crl_mem(file).is_ok());
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| match data {
    [0, file @ ..] => crls(file),
    [1, file @ ..] => dh_params(file),
    [2, file @ ..] => untrusted(file),
    [3, file @ ..] => chain(&CONTEXT.verify(), file),
    [4, file @ ..] => staple(file),
    [5, file @ ..] => names(file),
    [6, file @ ..] => directory(file),
    [7, list @ ..] => {
        let set = CONTEXT.set_scts(0, Some(list)).is_ok();
        assert_eq!(CONTEXT.config().keypairs[0].scts().is_some(), set);
        CONTEXT.set_scts(0, None).expect("none is always possible");
    }
    _ => {}
});
