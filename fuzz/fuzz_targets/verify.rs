//! Verification: chains of certificates, each behind two bytes with its length. The first byte says what
//! is asked; the last certificate is trusted. Signatures are good, whatever they are, unless a bit asks for
//! real ones: what lies behind them is what nobody would reach otherwise.
#![no_main]

use std::sync::Arc;
use tls_core::cert::{
    Certificate, CertificateInfo, KnownCertificates, MAX_CHAIN_CERTIFICATES, MAX_INTERMEDIATES, Purpose, ServerName,
    TrustAnchors, UnixTime, VerifyOptions, VerifyRequest, issuers_by_name, verify_chain,
};
use tls_core::config::{COMPATIBLE, Config, LEGACY, MODERN, Verification};
use tls_core::error::Family;
use tls_crypto::{DefaultProvider, OsRandom};

#[derive(Debug)]
struct Never;

impl tls_core::config::Clock for Never {
    fn now(&self) -> UnixTime {
        now()
    }
}

fn now() -> UnixTime {
    UnixTime::since_unix_epoch(core::time::Duration::from_secs(1_767_225_600))
}

fn certificates(mut data: &[u8]) -> Vec<Certificate> {
    let mut found = Vec::new();
    while let [high, low, rest @ ..] = data {
        let len = usize::from(u16::from_be_bytes([*high, *low])).min(rest.len());
        let (certificate, rest) = rest.split_at(len);
        found.push(certificate.to_vec().into());
        data = rest;
    }
    found
}

fn policy(byte: u8) -> tls_core::cert::CertificatePolicy {
    let mut config = Config::new(
        Arc::new(DefaultProvider),
        Arc::new(OsRandom),
        Arc::new(Never),
        Verification::AcceptAny,
    );
    config.set_policy([&MODERN, &COMPATIBLE, &LEGACY, &LEGACY][usize::from(byte & 3)]);
    config.common_name = byte & 4 != 0;
    config.certificate_policy()
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let [asked, rest @ ..] = data else { return };
    let mut chain = certificates(rest);
    let Some(trusted) = chain.pop() else { return };
    let _shown = CertificateInfo::parse(&trusted);
    let mut anchors = TrustAnchors::default();
    if anchors.add(trusted.clone()).is_err() {
        return;
    }
    if chain.is_empty() {
        chain.push(trusted);
    }
    assert!(issuers_by_name(&chain[0], &chain).len() < MAX_CHAIN_CERTIFICATES);
    let name = ServerName::parse("example.test").unwrap();
    let options = VerifyOptions {
        partial_chain: asked & 8 != 0,
        ..VerifyOptions::default()
    };
    let known = KnownCertificates::default();
    let request = VerifyRequest {
        chain: &chain,
        name: Some(&name).filter(|_| asked & 16 != 0),
        purpose: if asked & 32 != 0 {
            Purpose::Client
        } else {
            Purpose::Server
        },
        key_use: None,
        now: now(),
        policy: policy(*asked),
        options: &options,
        ocsp_response: None,
        ocsp_required: false,
        provider: if asked & 64 != 0 {
            &DefaultProvider
        } else {
            &*tlscore_fuzz::CREDULOUS
        },
        known: &known,
    };
    match verify_chain(&anchors, &request) {
        Ok(verified) => {
            assert_eq!(verified.path.first(), chain.first());
            assert!(verified.path.len() <= MAX_INTERMEDIATES + 2);
            assert!(anchors.contains(verified.path.last().expect("a leaf")));
        }
        Err(error) => {
            assert_eq!(error.reason().family(), Family::Certificate, "{error}");
            assert!(error.text().len() < 2000 && !error.text().chars().any(char::is_control));
            assert!(
                error
                    .certificate()
                    .is_none_or(|index| index <= MAX_INTERMEDIATES + 1)
            );
        }
    }
});
