//! The verdict on the peer's chain: the verifier's, and then the application's word on it.

use super::effect::Effects;
use super::proof::PeerProof;
use super::question::{self, Question};
use crate::cert::{self, Certificate, KeyUse, Purpose, ServerName};
use crate::config::Config;
use crate::crypto::{Answer, KeyError, PublicKey};
use crate::error::{Error, Reason, Result};
use crate::wire::AlertDescription;
use std::sync::Arc;

/// The path that verified, or why none did.
pub(super) type Verdict = Result<Arc<[Certificate]>, Error>;

/// The peer's chain is being judged.
pub(super) struct Judging {
    chain: Arc<[Certificate]>,
    name: Option<ServerName>,
    purpose: Purpose,
    ocsp_response: Option<Arc<[u8]>>,
    /// What the verifier said, while the reviewer is asked.
    verdict: Option<Verdict>,
}

/// The key of the leaf that the peer (`who`) showed. A leaf that does not even parse makes the message
/// malformed.
pub(super) fn leaf_key(
    leaf: &Certificate,
    config: &Config,
    who: &str,
) -> Result<Arc<dyn PublicKey>> {
    if let Some(key) = config.known.key(leaf) {
        return Ok(key);
    }
    let spki = cert::leaf_spki(leaf).map_err(|e| e.and_alert(AlertDescription::DECODE_ERROR))?;
    config.provider.public_key(spki).map_err(|why| {
        let reason = match why {
            KeyError::Malformed(_) => Reason::CertificateMalformed,
            KeyError::Unsupported(_) | KeyError::Failed(_) => Reason::CertificateUnsupported,
        };
        Error::with(reason, format!("the {who}'s certificate: {why}"))
    })
}

/// What an answer led to.
pub(super) enum Judged {
    /// The next question is out.
    Waiting(Box<Judging>),
    /// The chain is accepted; the path is empty where nothing was verified.
    Accepted(PeerProof, Arc<[Certificate]>),
}

impl Judging {
    pub(super) fn new(
        chain: Arc<[Certificate]>,
        name: Option<ServerName>,
        purpose: Purpose,
    ) -> Self {
        Self {
            chain,
            name,
            purpose,
            ocsp_response: None,
            verdict: None,
        }
    }

    /// With what the server stapled.
    pub(super) fn with_ocsp_response(self, ocsp_response: Option<Arc<[u8]>>) -> Self {
        Self {
            ocsp_response,
            ..self
        }
    }

    /// The first question.
    pub(super) fn question(&self, key_use: KeyUse) -> Question {
        Question::Verify {
            chain: self.chain.clone(),
            name: self.name.clone(),
            purpose: self.purpose,
            key_use,
            ocsp_response: self.ocsp_response.clone(),
        }
    }

    /// `key` is the leaf's: remembered, where the chain verified.
    pub(super) fn on_answer(
        mut self: Box<Self>,
        answer: Answer,
        key: &Arc<dyn PublicKey>,
        config: &Config,
        fx: &mut Effects,
    ) -> Result<Judged> {
        let verdict = match (self.verdict.take(), &config.reviewer) {
            (Some(verdict), _) => question::reviewed(verdict, answer)?,
            (None, None) => question::verdict(answer)?,
            (None, Some(reviewer)) => {
                let verdict = question::verdict(answer)?;
                fx.ask(Question::Review {
                    reviewer: reviewer.clone(),
                    chain: self.chain.clone(),
                    name: self.name.clone(),
                    purpose: self.purpose,
                    ocsp_response: self.ocsp_response.clone(),
                    verdict: verdict.clone(),
                });
                self.verdict = Some(verdict);
                return Ok(Judged::Waiting(self));
            }
        };
        let (proof, path) = PeerProof::from_verdict(verdict)?;
        if let (Some(leaf), false) = (self.chain.first(), path.is_empty()) {
            config.known.remember_leaf(leaf, key);
        }
        Ok(Judged::Accepted(proof, path))
    }
}
