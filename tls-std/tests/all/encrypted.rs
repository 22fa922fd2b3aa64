//! Encrypted keys and PKCS #12 files, as OpenSSL, GnuTLS, NSS, Java and Python write them
//! (tests/keys), and passwords.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::*;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use tls_std::{
    Context, OnePassword, Password, PasswordRequest, PasswordSource, Reason, Result, Roles,
};

const UTF8: &str = "geheim-ß€😀";

pub(crate) fn keys(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "../tests/keys", name]
        .iter()
        .collect()
}

/// The names of the files there that begin and end so.
fn files(end: &str, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let entries = std::fs::read_dir(keys("")).unwrap();
    let names = entries.map(|e| e.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|n| n.ends_with(end) && wanted(n)).collect();
    names.sort();
    assert!(!names.is_empty());
    names
}

/// Gives these passwords, and says what it was asked.
#[derive(Debug, Default)]
pub(crate) struct Given {
    passwords: Vec<&'static str>,
    asked: Mutex<Vec<(String, usize)>>,
}

impl PasswordSource for Given {
    fn password(&self, request: &PasswordRequest<'_>) -> Result<Option<Password>> {
        let mut asked = self.asked.lock().unwrap();
        asked.push((request.place.to_owned(), request.attempt));
        let password = self.passwords.get(request.attempt);
        Ok(password.map(Password::new))
    }
}

pub(crate) fn with(passwords: &[&'static str]) -> (Context, Arc<Given>) {
    let ctx = Context::new(Roles::Server);
    let given = Arc::new(Given {
        passwords: passwords.to_vec(),
        asked: Mutex::default(),
    });
    ctx.set_password_source(Some(given.clone()));
    (ctx, given)
}

fn password_of(file: &str) -> &'static str {
    match file {
        _ if file.contains("utf8") => UTF8,
        _ if file.contains("empty") || file == "python-plain.p12" => "",
        _ => "secret",
    }
}

fn cert_of(file: &str) -> PathBuf {
    pki(match file.contains("rsa") {
        true => "server-rsa.pem",
        false => "server-p256.pem",
    })
}

#[track_caller]
pub(crate) fn refused<T: std::fmt::Debug>(result: Result<T>, reason: Reason) -> String {
    let error = result.unwrap_err();
    assert_eq!(error.reason(), reason, "{error}");
    error.text().to_owned()
}

#[test]
fn a_password_of_one_load_is_nobody_elses() {
    let (ctx, given) = with(&["wrong"]);
    let [cert, key] = ["server-rsa.pem", "server-rsa-encrypted.key"].map(pki);
    let load = |ctx: &Context| ctx.add_keypair_file(&cert, Some(&key));
    load(&ctx.with_passwords(Arc::new(OnePassword(Password::new("secret"))))).unwrap();
    assert_eq!(ctx.config().keypairs.len(), 1);
    assert!(given.asked.lock().unwrap().is_empty());
    refused(load(&ctx), Reason::WrongPassword);
}

#[test]
fn encrypted_keys_of_every_program_open_with_their_password_alone() {
    let good = |name: &str| !name.starts_with("bad-");
    for file in [files(".key", good), files("encrypted.der", good)].concat() {
        let (ctx, given) = with(&[password_of(&file)]);
        let path = keys(&file);
        ctx.add_keypair_file(cert_of(&file), Some(&path))
            .unwrap_or_else(|error| panic!("{file}: {error}"));
        let asked = given.asked.lock().unwrap().clone();
        assert_eq!(asked, [(path.display().to_string(), 0)], "{file}");

        let (ctx, _) = with(&["wrong"]);
        let text = refused(
            ctx.add_keypair_file(cert_of(&file), Some(&path)),
            Reason::WrongPassword,
        );
        assert!(text.starts_with(&path.display().to_string()), "{text}");
        assert!(ctx.config().keypairs.is_empty());
    }
}

#[test]
fn passwords_are_tried_one_after_the_other() {
    let (ctx, given) = with(&["no", "", "secret", "never asked for"]);
    let cert = std::fs::read(pki("server-p256.pem")).unwrap();
    let key = std::fs::read(keys("python.key")).unwrap();
    ctx.set_keypair_mem(&cert, Some(&key)).unwrap();
    let expected = [0, 1, 2].map(|attempt| ("memory".to_owned(), attempt));
    assert_eq!(*given.asked.lock().unwrap(), expected);

    // The same for a PKCS #12 file without a password of its own.
    let pfx = std::fs::read(keys("openssl.p12")).unwrap();
    ctx.set_pkcs12_mem(&pfx, None).unwrap();
    assert_eq!(given.asked.lock().unwrap().len(), 6);
    // With one, nobody is asked.
    ctx.set_pkcs12_mem(&pfx, Some(b"secret")).unwrap();
    refused(ctx.set_pkcs12_mem(&pfx, Some(b"no")), Reason::WrongPassword);
    assert_eq!(given.asked.lock().unwrap().len(), 6);
    assert_eq!(ctx.config().keypairs.len(), 1);
}

#[test]
fn no_password_a_wrong_one_and_too_many() {
    let add =
        |ctx: &Context| ctx.add_keypair_file(pki("server-p256.pem"), Some(&keys("gnutls.key")));
    let none = Context::new(Roles::Server);
    let text = refused(add(&none), Reason::PasswordNeeded);
    assert!(
        text.contains("gnutls.key: line 1: it is encrypted"),
        "{text}"
    );
    let (empty, _) = with(&[]);
    refused(add(&empty), Reason::PasswordNeeded);
    let (one, _) = with(&["one"]);
    refused(add(&one), Reason::WrongPassword);
    let (two, _) = with(&["one", "two"]);
    let text = refused(add(&two), Reason::WrongPassword);
    assert!(text.contains("all of 2 passwords are wrong"), "{text}");
    let (many, given) = with(&["wrong"; 40]);
    refused(add(&many), Reason::WrongPassword);
    assert_eq!(given.asked.lock().unwrap().len(), tls_std::MAX_PASSWORDS);

    #[derive(Debug)]
    struct Broken;
    impl PasswordSource for Broken {
        fn password(&self, _: &PasswordRequest<'_>) -> Result<Option<Password>> {
            let why = tls_std::tls_core::error::Error::new(Reason::CallbackMisbehaved);
            Err(why.into())
        }
    }
    let broken = Context::new(Roles::Server);
    broken.set_password_source(Some(Arc::new(Broken)));
    refused(add(&broken), Reason::CallbackMisbehaved);
    // A key in the clear asks nobody.
    broken
        .add_keypair_file(pki("server-p256.pem"), Some(&pki("server-p256.key")))
        .unwrap();
}

#[test]
fn passwords_are_never_shown() {
    let password = Password::new("hidden-from-logs");
    let shown = format!("{password:?} {:?}", OnePassword(password.clone()));
    assert!(!shown.contains("hidden"), "{shown}");
    let (ctx, _) = with(&[]);
    assert!(!format!("{ctx:?}").contains("hidden"));
}

#[test]
fn what_is_not_supported_is_named() {
    for (file, name) in [
        ("bad-rc4.key", "RC4 with 128 bits"),
        ("bad-md5-des.key", "PBES1 (MD5 with DES)"),
        ("bad-pbes2-rc2.key", "RC2-CBC"),
        ("bad-camellia.key", "CAMELLIA-128-CBC"),
        ("bad-old-des.key", "DES-CBC"),
    ] {
        let (ctx, _) = with(&["secret"]);
        let result = ctx.add_keypair_file(pki("server-p256.pem"), Some(&keys(file)));
        let text = refused(result, Reason::BadPrivateKey);
        assert!(
            text.contains(name) && text.contains("not supported"),
            "{text}"
        );
    }
}

#[test]
fn pkcs12_files_of_every_program() {
    for file in files(".p12", |name| !name.starts_with("bad-")) {
        let password = password_of(&file).as_bytes();
        let ctx = Context::new(Roles::Server);
        ctx.add_pkcs12_file(keys(&file), Some(password))
            .unwrap_or_else(|error| panic!("{file}: {error}"));
        let keypairs = ctx.config().keypairs.clone();
        assert_eq!(
            keypairs.len(),
            if file == "java-two.p12" { 2 } else { 1 },
            "{file}"
        );
        // Leaf and intermediate, as in the PEM file; the root stays at home.
        let same = Context::new(Roles::Server);
        same.add_keypair_file(pki("server-p256.pem"), Some(&pki("server-p256.key")))
            .unwrap();
        let wanted = same.config().keypairs[0].chain().to_vec();
        assert_eq!(keypairs[0].chain(), &wanted[..], "{file}");

        // And it serves.
        let (mut client, mut server) = (client_ctx().client(Some("localhost")), ctx.server());
        shake(&mut client, &mut server).unwrap_or_else(|why| panic!("{file}: {why:?}"));

        let plain = file.contains("plain.p12");
        if !plain {
            let wrong = ctx.set_pkcs12_file(keys(&file), Some(b"wrong"));
            let text = refused(wrong, Reason::WrongPassword);
            assert!(text.contains(&file), "{text}");
            assert_eq!(ctx.config().keypairs.len(), keypairs.len());
        }
        if !plain && !file.contains("empty") {
            refused(
                ctx.add_pkcs12_file(keys(&file), None),
                Reason::PasswordNeeded,
            );
            let (asked, _) = with(&["wrong"]);
            refused(
                asked.add_pkcs12_file(keys(&file), None),
                Reason::WrongPassword,
            );
        }
    }
    let ctx = Context::new(Roles::Server);
    ctx.add_pkcs12_file(keys("openssl-empty.p12"), None)
        .unwrap();
}

#[test]
fn pkcs12_files_that_lack_something_or_are_no_such_thing() {
    let ctx = Context::new(Roles::Server);
    let add = |file: PathBuf| ctx.add_pkcs12_file(file, Some(b"secret"));
    let text = refused(add(keys("bad-no-key.p12")), Reason::BadPkcs12);
    assert!(text.contains("there is no private key in it"), "{text}");
    let text = refused(add(keys("bad-no-cert.p12")), Reason::BadPkcs12);
    assert!(
        text.contains("none of 0 certificates belongs to it"),
        "{text}"
    );
    let text = refused(add(pki("server-p256.pem")), Reason::BadPkcs12);
    assert!(text.contains("does not begin with a SEQUENCE"), "{text}");
    refused(add(keys("encrypted.der")), Reason::BadPkcs12);
    refused(add(keys("missing.p12")), Reason::FileUnreadable);
    refused(ctx.add_pkcs12_mem(b"", Some(b"secret")), Reason::BadPkcs12);
    // As a key file it is none.
    let (ctx, _) = with(&["secret"]);
    let result = ctx.add_keypair_file(pki("server-p256.pem"), Some(&keys("openssl.p12")));
    let text = refused(result, Reason::BadPrivateKey);
    assert!(text.contains("PKCS #12"), "{text}");
}

#[test]
fn damaged_files_are_errors_wherever_they_are_cut_or_changed() {
    let ctx = Context::new(Roles::Server);
    for file in [
        "openssl.p12",
        "nss.p12",
        "python-plain.p12",
        "openssl-nomac.p12",
    ] {
        let whole = std::fs::read(keys(file)).unwrap();
        for len in (0..whole.len()).step_by(61) {
            let result = ctx.add_pkcs12_mem(&whole[..len], Some(b"secret"));
            refused(result, Reason::BadPkcs12);
        }
        let longer = [&whole[..], b"\0"].concat();
        refused(
            ctx.add_pkcs12_mem(&longer, Some(b"secret")),
            Reason::BadPkcs12,
        );
    }
    // Behind a MAC every changed byte shows.
    let whole = std::fs::read(keys("openssl.p12")).unwrap();
    for at in (0..whole.len()).step_by(97) {
        let mut changed = whole.clone();
        changed[at] ^= 0x10;
        let error = ctx.add_pkcs12_mem(&changed, Some(b"secret")).unwrap_err();
        let possible = [
            Reason::BadPkcs12,
            Reason::WrongPassword,
            Reason::KeyDerivationTooCostly,
        ];
        assert!(possible.contains(&error.reason()), "{at}: {error}");
    }
    let (ctx, _) = with(&["secret"]);
    let cert = std::fs::read(pki("server-p256.pem")).unwrap();
    let key = std::fs::read(keys("encrypted.der")).unwrap();
    for len in 1..key.len() {
        refused(
            ctx.add_keypair_mem(&cert, Some(&key[..len])),
            Reason::BadPrivateKey,
        );
    }
    let longer = [&key[..], b"x"].concat();
    let text = refused(
        ctx.add_keypair_mem(&cert, Some(&longer)),
        Reason::BadPrivateKey,
    );
    assert!(text.contains("byte 239: bytes are left over"), "{text}");
}
