//! slowest: how long the slowest sets of certificates take that could be thought of. Prints a line each,
//! the slowest of three runs. No test: times depend on the machine.

#[path = "../forge.rs"]
mod forge;

use forge::{Forged, Key, root, tlv};
use std::time::{Duration, Instant};
use tls_core::cert::{
    AskedBy, Certificate, CertificatePolicy, KnownCertificates, MAX_CHAIN_CERTIFICATES, Purpose,
    ServerName, TrustAnchors, UnixTime, VerifyOptions, VerifyRequest, verify_chain,
};
use tls_core::config::MODERN;
use tls_crypto::DefaultProvider;

type Der = Certificate;

fn main() {
    let long = &[0; 55_000][..];
    let mut slowest = Duration::ZERO;
    for (title, chain, trusted) in [
        (
            "an honest chain",
            vec![leaf("Int"), ca("Int", "Root")],
            vec![root("Root")],
        ),
        (
            "levels of 3, all ways to a root that refuses",
            levels(3, 4, &[]),
            vec![narrow("L4")],
        ),
        (
            "the same, 60 KiB each",
            levels(3, 4, long),
            vec![narrow("L4")],
        ),
        (
            "levels of 2, nowhere",
            levels(2, 7, &[]),
            vec![root("Root")],
        ),
        ("15 of one name", levels(15, 1, &[]), vec![root("Root")]),
        (
            "the same, 60 KiB each",
            levels(15, 1, long),
            vec![root("Root")],
        ),
        ("4000 extensions each", extensions(), vec![narrow("L4")]),
        (
            "4000 names, 60 constraints",
            names(4000, 60),
            vec![root("Root")],
        ),
        (
            "500 names, 490 constraints",
            names(500, 490),
            vec![root("Root")],
        ),
        (
            "4000 names, 4000 constraints",
            names(4000, 4000),
            vec![root("Root")],
        ),
        (
            "300 trusted of one name",
            vec![Forged::leaf("leaf", "Root").by(&Key::of("nobody"))],
            generations(),
        ),
    ] {
        let (time, said) = run(&chain, trusted);
        println!("{:>9.3} ms  {title}: {said}", time.as_secs_f64() * 1e3);
        slowest = slowest.max(time);
    }
    println!("the slowest: {:.3} ms", slowest.as_secs_f64() * 1e3);
}

fn leaf(issuer: &str) -> Der {
    Forged::leaf("leaf", issuer).signed()
}

fn ca(subject: &str, issuer: &str) -> Der {
    Forged::ca(subject, issuer).signed()
}

/// A root that allows no CA below it.
fn narrow(name: &str) -> Der {
    Forged::new(name, name).basic(true, Some(0)).signed()
}

/// `width` certificates for each step of so many levels: each leads on over each of the next level.
fn levels(width: u8, levels: u8, filler: &[u8]) -> Vec<Der> {
    let mut chain = vec![leaf("L0")];
    for level in 0..levels {
        for n in 0..width {
            let c = Forged::ca(&format!("L{level}"), &format!("L{}", level + 1));
            let c = c.extension("1.2.3.4", false, filler).serial(&[n + 1]);
            chain.push(c.signed());
        }
    }
    chain.truncate(MAX_CHAIN_CERTIFICATES);
    chain
}

fn extensions() -> Vec<Der> {
    let mut chain = vec![leaf("L0")];
    for level in 0..4 {
        for n in 0..3 {
            let mut c = Forged::new(&format!("L{level}"), &format!("L{}", level + 1));
            for id in 0..4000 {
                c = c.extension(&format!("1.2.{}.{}", 128 + id / 128, id % 128), false, &[]);
            }
            chain.push(c.basic(true, None).serial(&[n + 1]).signed());
        }
    }
    chain
}

fn names(names: usize, trees: usize) -> Vec<Der> {
    let tree = vec![tlv(0x82, &[b"test"]); trees];
    let int = Forged::ca("Int", "Root").constraints(&tree, &[]);
    let names = tlv(0x82, &[b"host.test"]).repeat(names);
    vec![
        Forged::new("leaf", "Int").alt_names(&names).signed(),
        int.signed(),
    ]
}

fn generations() -> Vec<Der> {
    let generation = |n: u32| {
        let key = Key::of(&format!("generation {n}"));
        Forged::new("Root", "Root")
            .basic(true, None)
            .with_key(key.clone())
            .by(&key)
    };
    (0..300).map(generation).collect()
}

fn run(chain: &[Der], trusted: Vec<Der>) -> (Duration, String) {
    let mut anchors = TrustAnchors::default();
    for certificate in trusted {
        anchors.add(certificate).expect("a certificate");
    }
    let name = ServerName::parse("host.test").expect("a name");
    let policy = CertificatePolicy {
        common_name: false,
        min_rsa_bits: MODERN.min_rsa_bits,
        min_ec_bits: MODERN.min_ec_bits,
        min_hash_bits: MODERN.min_hash_bits,
        version1: false,
        asked_by: AskedBy {
            policy: MODERN.name,
            rsa_bits: MODERN.min_rsa_bits,
            ec_bits: MODERN.min_ec_bits,
            hash_bits: MODERN.min_hash_bits,
            security_level: 0,
        },
    };
    let options = VerifyOptions::default();
    let mut slowest = Duration::ZERO;
    let mut said = String::new();
    for _ in 0..3 {
        let start = Instant::now();
        let verdict = verify_chain(
            &anchors,
            &VerifyRequest {
                chain,
                name: Some(&name),
                purpose: Purpose::Server,
                key_use: None,
                now: UnixTime::since_unix_epoch(Duration::from_secs(1_767_225_600)),
                policy,
                options: &options,
                ocsp_response: None,
                ocsp_required: false,
                provider: &DefaultProvider,
                known: &KnownCertificates::default(),
            },
        );
        slowest = slowest.max(start.elapsed());
        said = verdict.map_or_else(|e| e.reason().name().to_owned(), |_| "OK".to_owned());
    }
    (slowest, said)
}
