//! One verification of a chain of tests/pki, written as a sentence.

use super::{NOW, certificates};
use std::sync::Arc;
use std::time::Duration;
use tls_core::cert::{
    AskedBy, Certificate, CertificatePolicy, KeyUse, KnownCertificates, Purpose, ServerName,
    TrustAnchors, UnixTime, VerifiedChain, VerifyOptions, VerifyRequest, verify_chain,
};
use tls_core::config::{LEGACY, MODERN, Policy, Strength};
use tls_core::crypto::Provider;
use tls_core::error::{Error, Reason};
use tls_crypto::DefaultProvider;

/// What is judged. By default: a server's chain for example.test that signs, in the modern policy,
/// at [`NOW`], with `ca` trusted.
#[derive(Clone)]
pub struct Judge {
    pub chain: Vec<Certificate>,
    pub trusted: TrustAnchors,
    pub name: Option<ServerName>,
    pub purpose: Purpose,
    pub key_use: Option<KeyUse>,
    pub now: u64,
    pub policy: CertificatePolicy,
    pub options: VerifyOptions,
    pub staple: Option<Vec<u8>>,
    pub staple_required: bool,
    pub known: Arc<KnownCertificates>,
}

pub fn pki(name: &str) -> Vec<Certificate> {
    certificates(&format!("pki/{name}.pem"))
}

pub fn judge(chain: &str) -> Judge {
    judge_chain(pki(chain))
}

pub fn judge_chain(chain: Vec<Certificate>) -> Judge {
    Judge {
        chain,
        trusted: TrustAnchors::default(),
        name: Some(ServerName::parse("example.test").unwrap()),
        purpose: Purpose::Server,
        key_use: Some(KeyUse::Sign),
        now: NOW,
        policy: certificate_policy(&MODERN),
        options: VerifyOptions::default(),
        staple: None,
        staple_required: false,
        known: Arc::default(),
    }
    .trusting("ca")
}

fn certificate_policy(policy: &'static Policy) -> CertificatePolicy {
    CertificatePolicy {
        common_name: false,
        min_rsa_bits: policy.min_rsa_bits,
        min_ec_bits: policy.min_ec_bits,
        min_hash_bits: policy.min_hash_bits,
        version1: policy.version1_certificates,
        asked_by: AskedBy {
            policy: policy.name,
            rsa_bits: policy.min_rsa_bits,
            ec_bits: policy.min_ec_bits,
            hash_bits: policy.min_hash_bits,
            security_level: 0,
        },
    }
}

impl Judge {
    pub fn trusting(mut self, file: &str) -> Self {
        for certificate in pki(file) {
            self.trusted.add(certificate).unwrap();
        }
        self
    }

    pub fn trusting_only(mut self, file: &str) -> Self {
        self.trusted = TrustAnchors::default();
        self.trusting(file)
    }

    pub fn named(mut self, name: &str) -> Self {
        self.name = Some(ServerName::parse(name).unwrap());
        self
    }

    pub fn of_client(mut self) -> Self {
        self.purpose = Purpose::Client;
        self.name = None;
        self
    }

    pub fn encrypting(mut self) -> Self {
        self.key_use = Some(KeyUse::Encrypt);
        self
    }

    pub fn at(mut self, now: u64) -> Self {
        self.now = now;
        self
    }

    pub fn legacy(mut self) -> Self {
        self.policy = certificate_policy(&LEGACY);
        self
    }

    pub fn at_level(mut self, level: u8) -> Self {
        let named = Policy::by_name(self.policy.asked_by.policy).unwrap();
        let strength = Strength::of_policy(named).and(Strength::of_level(level));
        self.policy.min_rsa_bits = strength.rsa_bits;
        self.policy.min_ec_bits = strength.ec_bits;
        self.policy.min_hash_bits = strength.hash_bits;
        self.policy.asked_by.security_level = level;
        self
    }

    pub fn partial_chain(mut self) -> Self {
        self.options.partial_chain = true;
        self
    }

    pub fn strict(mut self) -> Self {
        self.options.strict = true;
        self
    }

    pub fn with_common_name(mut self) -> Self {
        self.policy.common_name = true;
        self
    }

    pub fn stapled(mut self, response: &[u8]) -> Self {
        self.staple = Some(response.to_vec());
        self
    }

    pub fn requiring_a_staple(mut self) -> Self {
        self.staple_required = true;
        self
    }

    /// The time of the check.
    pub fn time(&self) -> UnixTime {
        UnixTime::since_unix_epoch(Duration::from_secs(self.now))
    }

    pub fn verdict(&self) -> Result<VerifiedChain, Error> {
        self.verdict_by(&DefaultProvider)
    }

    pub fn verdict_by(&self, provider: &dyn Provider) -> Result<VerifiedChain, Error> {
        verify_chain(
            &self.trusted,
            &VerifyRequest {
                chain: &self.chain,
                name: self.name.as_ref(),
                purpose: self.purpose,
                key_use: self.key_use,
                now: self.time(),
                policy: self.policy,
                options: &self.options,
                ocsp_response: self.staple.as_deref(),
                ocsp_required: self.staple_required,
                provider,
                known: &self.known,
            },
        )
    }

    /// The path of a chain that must be accepted.
    #[track_caller]
    pub fn accepted(&self) -> Vec<Certificate> {
        self.verdict()
            .unwrap_or_else(|e| panic!("{e}"))
            .path
            .to_vec()
    }

    /// The sentence of a chain that must be refused for this reason and with these words.
    #[track_caller]
    pub fn refused(&self, reason: Reason, words: &[&str]) -> String {
        let error = self.verdict().map(|v| v.path.len()).unwrap_err();
        assert_eq!(error.reason(), reason, "{error}");
        for word in words {
            assert!(error.text().contains(word), "{word:?} is not in: {error}");
        }
        error.text().to_owned()
    }
}
