//! Loaders of credentials and certificates. The first byte chooses. The password of everything that is
//! encrypted is "secret"; what deriving a key may cost is less than usual (`cfg(fuzzing)`).
#![no_main]

use std::sync::{Arc, OnceLock};
use tls_core::cert::CertificateInfo;
use tls_std::{Context, OnePassword, Password, Reason, Roles};

const CERT: &[u8] = include_bytes!("../../tests/pki/server-p256.pem");

/// A context costs a random ticket key: one for all inputs.
fn context() -> &'static Context {
    static CONTEXT: OnceLock<Context> = OnceLock::new();
    CONTEXT.get_or_init(|| {
        let ctx = Context::new(Roles::Both);
        let source = OnePassword(Password::new("secret"));
        ctx.set_password_source(Some(Arc::new(source)));
        ctx
    })
}

/// What was loaded is there, and an error leaves nothing and is one that such a file can have.
fn check(ctx: &Context, loaded: tls_std::Result<()>, possible: &[Reason]) {
    let count = ctx.config().keypairs.len();
    match loaded {
        Ok(()) => assert!(count > 0),
        Err(error) => {
            assert_eq!(count, 0);
            assert_eq!(ctx.last_error().as_ref(), Some(&error));
            assert!(possible.contains(&error.reason()), "{error}");
            assert!(!error.text().is_empty() && !error.text().contains("secret"));
        }
    }
    ctx.clear_keypairs();
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let ctx = context();
    let key = [
        Reason::BadPem,
        Reason::BadPrivateKey,
        Reason::KeyMismatch,
        Reason::WrongPassword,
        Reason::KeyDerivationTooCostly,
        Reason::WeakKeypair,
    ];
    match data {
        [0, file @ ..] => check(ctx, ctx.add_keypair_mem(CERT, Some(file)), &key),
        [1, file @ ..] => {
            let pfx = [Reason::BadPkcs12, Reason::BadCertificateFile];
            check(
                ctx,
                ctx.add_pkcs12_mem(file, Some(b"secret")),
                &[&key[..], &pfx].concat(),
            );
        }
        [2, file @ ..] => {
            let both = [Reason::BadCertificateFile];
            check(
                ctx,
                ctx.add_keypair_mem(file, None),
                &[&key[..], &both].concat(),
            );
        }
        [3, file @ ..] => {
            for certificate in tls_std::read_certificates(file).unwrap_or_default() {
                let pem = tls_std::certificate_pem(&certificate);
                let again = tls_std::read_certificates(pem.as_bytes()).expect("ours");
                assert_eq!(again, [certificate.clone()]);
                let pin = tls_std::spki_pin(&certificate).expect("it was read");
                assert_eq!(pin.len(), "sha256//".len() + 44);
                if let Ok(info) = CertificateInfo::parse(&certificate) {
                    assert!(info.serial.bytes().all(|b| b.is_ascii_hexdigit()));
                    assert!(!info.subject.contains(|c: char| c.is_control()));
                }
            }
        }
        [4, file @ ..] => {
            let clients = Context::new(Roles::Client);
            let added = clients.add_ca_mem(file);
            assert_eq!(added.is_err(), clients.last_error().is_some());
        }
        _ => {}
    }
});
