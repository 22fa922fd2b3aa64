//! Writes what CAs say about revocation into tests/pki: tools date their answers by the clock of today, and
//! no test shall end with the calendar. A program, not a test: make.sh runs it.

#![allow(clippy::unwrap_used, reason = "whoever runs it reads the panic")]

#[path = "common/mod.rs"]
mod common;

use common::crl::{Revocations, crl, entry, reason_code};
use common::der::{
    Issue, der, extension, general, key_usage, ocsp_signing, parts_of, sequence, tls_feature,
};
use common::judge::pki;
use common::staple::{GOOD, Staple, staple, staple_for};
use std::fmt::Write;
use tls_core::cert::Certificate;

/// 2020-01-01, 2021-01-01 and 2119-01-01
const FROM: u64 = 1_577_836_800;
const EARLY: u64 = 1_609_459_200;
const TO: u64 = 4_701_974_400;

fn save(name: &str, bytes: &[u8]) {
    std::fs::write(common::path(&format!("pki/{name}")), bytes).unwrap();
}

fn pem(label: &str, der: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in der.chunks(3) {
        let bits =
            three.iter().fold(0u32, |b, byte| b << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for i in 0..4 {
            text.push(match i <= three.len() {
                true => DIGITS[(bits >> (18 - 6 * i) & 63) as usize] as char,
                false => '=',
            });
        }
    }
    let mut out = format!("-----BEGIN {label}-----\n");
    for line in text.as_bytes().chunks(64) {
        writeln!(out, "{}", std::str::from_utf8(line).unwrap()).unwrap();
    }
    writeln!(out, "-----END {label}-----").unwrap();
    out
}

fn save_list(name: &str, list: &Revocations) {
    save(name, pem("X509 CRL", &list.bytes()).as_bytes());
}

fn always(staple: Staple) -> Staple {
    staple.from(FROM, Some(TO))
}

fn main() {
    let revoked = der(0xa1, &[&general(EARLY), &der(0xa0, &[&[0x0a, 1, 1]])]);
    save("ocsp-p256-good.der", &always(staple("server-p256")).bytes());
    save("ocsp-rsa-good.der", &always(staple("server-rsa")).bytes());
    save(
        "ocsp-p256-revoked.der",
        &always(staple("server-p256")).says(&revoked).bytes(),
    );
    let expired = staple("server-p256").says(GOOD).from(FROM, Some(EARLY));
    save("ocsp-p256-expired.der", &expired.bytes());
    let responder = Issue::new("client-p256", "int", &[ocsp_signing(), key_usage(7, 0x80)]);
    let delegated = always(staple("server-p256")).delegated("client-p256", responder.certificate());
    save("ocsp-p256-delegated.der", &delegated.bytes());
    // Signed by nobody who may.
    let stranger = always(staple("server-p256")).signed_by("ca", &parts_of("ca"));
    save("ocsp-p256-stranger.der", &stranger.bytes());

    let names: Vec<u8> = [&b"localhost"[..], b"example.test"]
        .iter()
        .flat_map(|name| der(0x82, &[name]))
        .chain(der(0x87, &[&[127, 0, 0, 1]]))
        .collect();
    let names = extension(&[0x55, 0x1d, 0x11], false, &sequence(&[&names]));
    let mut demanding = Issue::new(
        "server-p256",
        "int",
        &[names, key_usage(7, 0x80), tls_feature(&[5])],
    );
    (demanding.subject, demanding.serial) = ("must-staple", 78);
    let demanding = Certificate::from(demanding.certificate());
    let chain = pem("CERTIFICATE", &demanding) + &pem("CERTIFICATE", &pki("int")[0]);
    save("must-staple.pem", chain.as_bytes());
    let key = std::fs::read(common::path("pki/server-p256.key")).unwrap();
    save("must-staple.key", &key);
    save(
        "ocsp-must-staple-good.der",
        &always(staple_for(&demanding)).bytes(),
    );

    let list = |ca| crl(ca).from(FROM, Some(TO));
    save_list("crl-ca.pem", &list("ca"));
    save_list("crl-int.pem", &list("int"));
    save("crl-int.der", &list("int").bytes());
    let revoking = |name: &str| entry(&parts_of(name).serial, &[reason_code(4)]);
    let some = list("int")
        .from(FROM + 1, Some(TO))
        .with_entry(revoking("server-p256"))
        .with_entry(revoking("client-p256"));
    save_list("crl-int-revoked.pem", &some);
    save_list("crl-int-expired.pem", &crl("int").from(FROM, Some(EARLY)));
    let delta = extension(&[0x55, 0x1d, 0x1b], true, &[2, 1, 1]);
    save_list("crl-int-delta.pem", &list("int").with_extension(delta));
    save_list("crl-int-forged.pem", &list("int").signed_by("ca"));
}
