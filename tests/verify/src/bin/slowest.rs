//! slowest: how long the slowest sets of certificates, staples and CRLs take that could be thought of, by kind of
//! key. Prints a line each, the slowest of three runs. No test: times depend on the machine.

#[path = "../forge.rs"]
mod forge;
#[path = "../hostile/mod.rs"]
mod hostile;

use forge::With;
use hostile::{Set, revocation, search};
use std::time::{Duration, Instant};
use tls_core::cert::{
    AskedBy, CertificatePolicy, Crl, KeyUse, KnownCertificates, Purpose, ServerName, TrustAnchors,
    UnixTime, VerifyOptions, VerifyRequest, verify_chain,
};
use tls_core::config::MODERN;
use tls_crypto::DefaultProvider;

/// 2026-01-01T00:00:00Z
const NOW: u64 = 1_767_225_600;

const KINDS: [(&str, With); 5] = [
    ("Ed25519", With::Ed25519),
    ("P-256", With::EcdsaSha256),
    ("P-384", With::EcdsaSha384),
    ("P-521", With::EcdsaSha512),
    ("RSA-8192", With::RsaSha256),
];

fn main() {
    let of_kinds = KINDS.iter().flat_map(|(name, with)| {
        let mut sets = search::of_kind(*with);
        sets.extend(revocation::of_kind(*with));
        sets.into_iter().map(move |mut set| {
            set.title = format!("{name}: {}", set.title);
            set
        })
    });
    let mut slowest = Duration::ZERO;
    for set in search::all().into_iter().chain(of_kinds) {
        let (time, said) = run(&set);
        println!(
            "{:>9.3} ms  {}: {said}",
            time.as_secs_f64() * 1e3,
            set.title
        );
        slowest = slowest.max(time);
    }
    println!("the slowest: {:.3} ms", slowest.as_secs_f64() * 1e3);
}

fn policy() -> CertificatePolicy {
    CertificatePolicy {
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
    }
}

/// As in a handshake with a peer of whom nothing is known.
fn run(set: &Set) -> (Duration, String) {
    let mut anchors = TrustAnchors::default();
    for certificate in &set.trusted {
        anchors.add(certificate.clone()).expect("a certificate");
    }
    let now = UnixTime::since_unix_epoch(Duration::from_secs(NOW));
    let name = ServerName::parse("host.test").expect("a name");
    let mut slowest = Duration::ZERO;
    let mut said = String::new();
    for _ in 0..3 {
        let mut options = VerifyOptions::default();
        let lists = set.crls.iter().map(|der| Crl::parse(der).expect("a CRL"));
        options.crls.add(lists, now).expect("not too many");
        options.crl_policy.allow_unknown = set.allow_unknown;
        let start = Instant::now();
        let verdict = verify_chain(
            &anchors,
            &VerifyRequest {
                chain: &set.chain,
                name: Some(&name),
                purpose: Purpose::Server,
                key_use: Some(KeyUse::Sign),
                now,
                policy: policy(),
                options: &options,
                ocsp_response: set.staple.as_deref(),
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
