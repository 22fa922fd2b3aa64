//! Errors that name the file and the place in it, also those that show after the file was read; and directories
//! with files of every kind.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::*;
use std::path::{Path, PathBuf};
use tls_std::{Context, Reason, Roles};

fn refused(result: tls_std::Result<()>, reason: Reason) -> String {
    let error = result.unwrap_err();
    assert_eq!(error.reason(), reason, "{error}");
    error.text().to_owned()
}

/// A directory that goes with the test.
struct Dir(PathBuf);

impl Dir {
    fn new(name: &str) -> Self {
        let dir = std::env::temp_dir().join(format!("tls-std-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        Self(dir)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn remove(&self, name: &str) {
        std::fs::remove_file(self.0.join(name)).unwrap();
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.0);
    }
}

/// What the first block of a PEM file holds.
fn der(file: &str) -> Vec<u8> {
    let text = std::fs::read_to_string(pki(file)).unwrap();
    let body = text.lines().skip_while(|l| !l.starts_with("-----BEGIN"));
    let body = body.skip(1).take_while(|l| !l.starts_with("-----"));
    let value = |c: u8| match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let (mut bits, mut count, mut out) = (0_u32, 0, Vec::new());
    for c in body.flat_map(str::bytes).filter(|c| *c != b'=') {
        (bits, count) = (bits << 6 | u32::from(value(c)), count + 6);
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
        }
    }
    out
}

#[test]
fn a_weak_keypair_names_its_file() {
    let (cert, key) = (pki("server-rsa1024.pem"), pki("server-rsa1024.key"));
    let begins = format!("{}: the key of CN=server-rsa1024", cert.display());
    let ctx = server_ctx("p256");
    for result in [
        ctx.add_keypair_file(&cert, Some(&key)),
        ctx.set_keypair_file(&cert, Some(&key)),
        ctx.renew_keypair_file(&cert, Some(&key)),
        ctx.server().set_keypair_file(&cert, Some(&key)),
    ] {
        let text = refused(result, Reason::WeakKeypair);
        assert!(text.starts_with(&begins), "{text}");
    }
    let read = |path: &Path| std::fs::read(path).unwrap();
    let text = refused(
        ctx.add_keypair_mem(&read(&cert), Some(&read(&key))),
        Reason::WeakKeypair,
    );
    assert!(text.starts_with("the key of CN="), "{text}");
    assert_eq!(ctx.config().keypairs.len(), 1);
    // A keypair that was there before is not the new file's fault.
    let text = refused(ctx.set_security_level(4), Reason::WeakKeypair);
    assert!(text.starts_with("the key of CN="), "{text}");
}

#[test]
fn a_mismatch_names_both_files() {
    let ctx = Context::new(Roles::Server);
    let (cert, key) = (pki("server-rsa.pem"), pki("server-rsa4096.key"));
    let text = refused(ctx.add_keypair_file(&cert, Some(&key)), Reason::KeyMismatch);
    let both = format!("{} and {}: the private key", cert.display(), key.display());
    assert!(text.starts_with(&both), "{text}");
    // One file with both is named once.
    let dir = Dir::new("mismatch");
    let (cert, key) = (std::fs::read(cert).unwrap(), std::fs::read(key).unwrap());
    let one = dir.write("both.pem", [cert, key].concat());
    let text = refused(ctx.add_keypair_file(&one, None), Reason::KeyMismatch);
    let begins = format!("{}: the private key", one.display());
    assert!(text.starts_with(&begins), "{text}");
}

/// A list of a CA that nobody knows, with a number: CRLs are not verified when they are loaded.
fn crl(number: u8) -> Vec<u8> {
    let mut der = std::fs::read(pki("crl-int.der")).unwrap();
    *der.last_mut().unwrap() = number;
    der
}

fn pem(der: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut body = String::new();
    for three in der.chunks(3) {
        let bits = (0..3).fold(0, |n, i| n << 8 | u32::from(*three.get(i).unwrap_or(&0)));
        for i in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * i) & 63) as usize];
            body.push(if i > three.len() { '=' } else { digit.into() });
        }
    }
    let lines: Vec<_> = body
        .as_bytes()
        .chunks(64)
        .map(|l| str::from_utf8(l).unwrap())
        .collect();
    format!(
        "-----BEGIN X509 CRL-----\n{}\n-----END X509 CRL-----\n",
        lines.join("\n")
    )
}

#[test]
fn a_crl_too_many_names_its_file_and_line() {
    let dir = Dir::new("crls");
    let all: Vec<String> = (0..17).map(|n| pem(&crl(n))).collect();
    let lines = all[0].lines().count();
    let bundle = dir.write("bundle.pem", all.concat());
    let ctx = Context::new(Roles::Client);
    let text = refused(ctx.add_crl_file(&bundle), Reason::BadCrl);
    let begins = format!(
        "{}: line {}: there are 16 CRLs of",
        bundle.display(),
        16 * lines + 1
    );
    assert!(text.starts_with(&begins), "{text}");
    assert!(ctx.config().verify_options.crls.is_empty());
    let text = refused(ctx.add_crl_mem(all.concat().as_bytes()), Reason::BadCrl);
    assert!(
        text.starts_with(&format!("line {}: there", 16 * lines + 1)),
        "{text}"
    );
    // The first of the second file.
    let first = dir.write("a.pem", all[..16].concat());
    dir.remove("bundle.pem");
    ctx.add_crl_file(&first).unwrap();
    let second = dir.write("b.crl", crl(16));
    for result in [ctx.add_crl_file(&second), ctx.add_crl_dir(&dir.0)] {
        let text = refused(result, Reason::BadCrl);
        assert!(
            text.starts_with(&format!("{}: there are 16", second.display())),
            "{text}"
        );
    }
    let text = refused(ctx.add_crl_mem(&crl(16)), Reason::BadCrl);
    assert!(text.starts_with("there are 16"), "{text}");
    assert_eq!(ctx.config().verify_options.crls.lists().len(), 16);
}

/// What begins as something else is passed over, whatever its name is; what begins as a certificate is one.
#[test]
fn a_directory_with_der_of_every_kind() {
    let dir = Dir::new("ca-dir");
    let ctx = Context::new(Roles::Client);
    for (name, bytes) in [
        ("pkcs8.key", der("server-rsa.key")),
        ("pkcs1.crt", der("server-rsa-pkcs1.key")),
        ("sec1.key", der("server-p256-sec1.key")),
        ("encrypted.pem", der("server-rsa-encrypted.key")),
        ("dh.der", der("dh2048.pem")),
        ("int.crl", std::fs::read(pki("crl-int.der")).unwrap()),
        ("ocsp.der", std::fs::read(pki("ocsp-rsa-good.der")).unwrap()),
        ("text", b"0 is how DER begins, and so does this".to_vec()),
        ("garbage", vec![0x30; 100]),
        ("long", vec![0x30, 0x84, 1, 0, 0, 0, 0xa0, 3]),
        ("empty", Vec::new()),
    ] {
        dir.write(name, bytes);
    }
    let text = refused(ctx.add_ca_dir(&dir.0), Reason::BadPem);
    assert!(
        text.contains("no file of the directory holds a certificate"),
        "{text}"
    );
    dir.write("ca", der("ca.pem"));
    // Version 1, which has no version.
    dir.write("v1", der("bad-v1.pem"));
    ctx.add_ca_dir(&dir.0).unwrap();
    let (mut client, mut server) = (ctx.client(Some("localhost")), server_ctx("p256").server());
    shake(&mut client, &mut server).unwrap();
    // Damaged ones would be missed later.
    let good = der("ca.pem");
    for (bytes, says) in [
        (good[..good.len() / 2].to_vec(), "the DER is cut off"),
        (good[..20].to_vec(), "the DER is cut off"),
        ([&good[..], b"\n"].concat(), "bytes are left over"),
    ] {
        let path = dir.write("damaged", bytes);
        let text = refused(ctx.add_ca_dir(&dir.0), Reason::BadCertificateFile);
        let begins = format!("{}: byte ", path.display());
        assert!(text.starts_with(&begins) && text.contains(says), "{text}");
    }
}
