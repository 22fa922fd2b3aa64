//! Private keys in PEM that are refused, each with its line.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;
use crate::encrypted::{keys, refused, with};

use common::*;
use tls_std::{Context, Reason, Roles};

#[test]
fn old_pem_encryption_with_broken_headers() {
    let (ctx, _) = with(&["secret"]);
    let cert = std::fs::read(pki("server-p256.pem")).unwrap();
    let key = std::fs::read_to_string(keys("old-aes128.key")).unwrap();
    let try_it = |text: String| ctx.add_keypair_mem(&cert, Some(text.as_bytes()));
    try_it(key.clone()).unwrap();
    let info = key.lines().find(|l| l.starts_with("DEK-Info")).unwrap();
    for (header, says) in [
        ("", "no DEK-Info header"),
        ("DEK-Info: AES-128-CBC", "the DEK-Info header"),
        ("DEK-Info: AES-128-CBC,00", "the IV"),
        ("DEK-Info: AES-128-CBC,zz", "the IV"),
        ("DEK-Info: AES-128-CBC,0", "the IV"),
        ("DEK-Info: ROT13,0000000000000000", "ROT13"),
        ("DEK-Info: DES-CBC,0000000000000000", "DES-CBC"),
    ] {
        let text = refused(try_it(key.replace(info, header)), Reason::BadPrivateKey);
        assert!(
            text.contains(says) && text.starts_with("line 1: "),
            "{header}: {text}"
        );
    }
    // Another IV is another key.
    let other = key.replace(
        info,
        "DEK-Info: AES-128-CBC,00112233445566778899aabbccddeeff",
    );
    refused(try_it(other), Reason::WrongPassword);
}

#[test]
fn a_file_has_one_private_key_and_it_is_told_apart_from_other_things() {
    let ctx = Context::new(Roles::Server);
    let cert = std::fs::read(pki("server-p256.pem")).unwrap();
    let key = std::fs::read_to_string(pki("server-p256.key")).unwrap();
    let try_it = |key: &str| ctx.add_keypair_mem(&cert, Some(key.as_bytes()));
    let says = |key: &str, reason, says: &str| {
        let text = refused(try_it(key), reason);
        assert!(text.contains(says), "{text}");
    };
    let second = key.lines().count() + 1;
    says(
        &format!("{key}{key}"),
        Reason::BadPrivateKey,
        &format!("line {second}: a second private key, the first begins in line 1"),
    );
    // Parameters and a public key beside it are no second one.
    let beside =
        |label: &str| format!("-----BEGIN {label}-----\nAQID\n-----END {label}-----\n{key}");
    try_it(&beside("EC PARAMETERS")).unwrap();
    try_it(&beside("PUBLIC KEY")).unwrap();
    says(
        &beside("OPENSSH PRIVATE KEY"),
        Reason::BadPrivateKey,
        "a second private key",
    );
    let alone = beside("OPENSSH PRIVATE KEY").replace(&key, "");
    says(
        &alone,
        Reason::BadPrivateKey,
        "line 1: private keys of the kind \"OPENSSH PRIVATE KEY\"",
    );
    let alone = beside("DSA PRIVATE KEY").replace(&key, "");
    says(&alone, Reason::BadPrivateKey, "\"DSA PRIVATE KEY\"");
    // Under another label it is another thing.
    says(
        &key.replace("PRIVATE KEY", "RSA PRIVATE KEY"),
        Reason::BadPrivateKey,
        "RSAPrivateKey",
    );
    says(
        &key.replace("PRIVATE KEY", "EC PRIVATE KEY"),
        Reason::BadPrivateKey,
        "ECPrivateKey",
    );
    let encrypted = key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    says(&encrypted, Reason::PasswordNeeded, "encrypted");
    let (asks, _) = with(&["secret"]);
    let text = refused(
        asks.add_keypair_mem(&cert, Some(encrypted.as_bytes())),
        Reason::BadPrivateKey,
    );
    assert!(text.contains("EncryptedPrivateKeyInfo"), "{text}");
    // Cut off, within a line and between lines.
    let lines: Vec<_> = key.lines().collect();
    says(
        &lines[..lines.len() - 1].join("\n"),
        Reason::BadPem,
        "line 1: ",
    );
    let cut = format!("{}\n{}\n{}", lines[0], lines[1], lines[lines.len() - 1]);
    says(&cut, Reason::BadPrivateKey, "line 1: ");
    says(
        "",
        Reason::BadPem,
        "a private key was expected, nothing is there",
    );
    says("garbage", Reason::BadPem, "neither PEM nor DER");
    says(&"\0".repeat(1000), Reason::BadPem, "neither PEM nor DER");
}
