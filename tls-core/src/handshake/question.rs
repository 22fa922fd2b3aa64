use super::hello::Greeting;
use super::judge::Verdict;
use crate::cert::{
    Certificate, KeyUse, Purpose, Review, Reviewer, ServerName, VerifyRequest, check_leaf_pins,
};
use crate::config::{Config, HelloDecision, HelloHandler, Ocsp, Verification};
use crate::crypto::{
    Answer, AnswerKind, KeyError, Later, Pending, PrivateKey, Psk, PskKeys, Reply, Ruling, Secret,
};
use crate::error::{Error, Reason, Result};
use crate::session::{SessionId, SessionStore};
use crate::wire::{AlertDescription, SignatureScheme};
use std::sync::Arc;

/// What a step cannot decide by itself. It goes to the configuration's objects, which answer at
/// once or later.
pub(crate) enum Question {
    /// Is this chain acceptable?
    Verify {
        chain: Arc<[Certificate]>,
        name: Option<ServerName>,
        purpose: Purpose,
        key_use: KeyUse,
        ocsp_response: Option<Arc<[u8]>>,
    },
    /// Does this verdict stand?
    Review {
        reviewer: Arc<dyn Reviewer>,
        chain: Arc<[Certificate]>,
        name: Option<ServerName>,
        purpose: Purpose,
        ocsp_response: Option<Arc<[u8]>>,
        verdict: Verdict,
    },
    /// Sign this message.
    Sign {
        key: Arc<dyn PrivateKey>,
        scheme: SignatureScheme,
        message: Vec<u8>,
    },
    /// Decrypt this EncryptedPreMasterSecret, padding left on.
    Decrypt {
        key: Arc<dyn PrivateKey>,
        ciphertext: Vec<u8>,
    },
    /// What does the application make of this ClientHello?
    Hello {
        handler: Arc<dyn HelloHandler>,
        greeting: Arc<Greeting>,
    },
    /// Which pre-shared key goes with this server's identity hint?
    PskForHint {
        keys: Arc<dyn PskKeys>,
        hint: Vec<u8>,
    },
    /// Which pre-shared key has this client's identity?
    PskForIdentity {
        keys: Arc<dyn PskKeys>,
        identity: Vec<u8>,
    },
    /// Is there a session under this ID?
    Session {
        store: Arc<dyn SessionStore>,
        id: SessionId,
    },
}

/// An answer, or where it will come.
pub(crate) enum Asked {
    Answered(Answer),
    Waiting(Arc<Pending>),
}

impl Question {
    /// What it asks for.
    pub(crate) fn kind(&self) -> AnswerKind {
        match self {
            Self::Verify { .. } => AnswerKind::Verdict,
            Self::Review { .. } => AnswerKind::Ruling,
            Self::Sign { .. } => AnswerKind::Signature,
            Self::Decrypt { .. } => AnswerKind::Decryption,
            Self::Hello { .. } => AnswerKind::Hello,
            Self::PskForHint { .. } | Self::PskForIdentity { .. } => AnswerKind::Psk,
            Self::Session { .. } => AnswerKind::Session,
        }
    }

    pub(crate) fn ask(self, config: &Config) -> Result<Asked> {
        let later = Later::new(self.kind());
        let reply = match &self {
            Self::Verify { .. } => self.verify(config, &later),
            Self::Review {
                reviewer,
                chain,
                name,
                purpose,
                ocsp_response,
                verdict,
            } => {
                let review = Review {
                    chain,
                    name: name_checked(config, name.as_ref()),
                    purpose: *purpose,
                    ocsp_response: ocsp_response.as_deref(),
                    verdict: verdict.as_deref(),
                };
                map(reviewer.review(&review, &later), Answer::Ruling)
            }
            Self::Sign {
                key,
                scheme,
                message,
            } => map(key.sign(*scheme, message, &later), Answer::Signature),
            Self::Decrypt { key, ciphertext } => {
                map(key.decrypt_raw(ciphertext, &later), Answer::Decrypted)
            }
            Self::Hello { handler, greeting } => {
                map(handler.on_hello(&greeting.info()?, &later), Answer::from)
            }
            Self::PskForHint { keys, hint } => map(keys.for_hint(hint, &later), Answer::Psk),
            Self::PskForIdentity { keys, identity } => {
                map(keys.for_identity(identity, &later), Answer::Psk)
            }
            Self::Session { store, id } => {
                map(store.get(id, config.clock.now(), &later), Answer::Session)
            }
        };
        match reply {
            Reply::Now(answer) => Ok(Asked::Answered(answer)),
            // A store that fails, whatever its way, has nothing.
            Reply::Later if matches!(self, Self::Session { .. }) && !later.is_taken() => {
                Ok(Asked::Answered(Answer::Session(None)))
            }
            Reply::Later => later.into_pending().map(Asked::Waiting).ok_or_else(|| {
                Error::with(
                    Reason::CallbackMisbehaved,
                    "a callback answered later without taking the pending handle",
                )
            }),
        }
    }

    fn verify(&self, config: &Config, later: &Later) -> Reply<Answer> {
        let Self::Verify {
            chain,
            name,
            purpose,
            key_use,
            ocsp_response,
        } = self
        else {
            return Reply::Now(Answer::Verdict(Err(Reason::Bug.into())));
        };
        let request = VerifyRequest {
            chain,
            name: name_checked(config, name.as_ref()),
            purpose: *purpose,
            key_use: Some(*key_use),
            now: config.clock.now(),
            policy: config.certificate_policy(),
            options: &config.verify_options,
            ocsp_response: ocsp_response.as_deref(),
            ocsp_required: config.ocsp == Ocsp::Require,
            provider: &*config.provider,
            known: &config.known,
        };
        let verifier = match &config.verification {
            Verification::Required(verifier) | Verification::WithoutName(verifier) => verifier,
            Verification::AcceptAny => {
                let verdict = check_leaf_pins(&request).map(|()| Arc::default());
                return Reply::Now(Answer::Verdict(verdict));
            }
        };
        map(verifier.verify(&request, later), |r| {
            Answer::Verdict(r.map(|chain| chain.path))
        })
    }
}

/// The name that the peer's certificate must carry.
fn name_checked<'a>(config: &Config, name: Option<&'a ServerName>) -> Option<&'a ServerName> {
    match &config.verification {
        Verification::Required(_) => name,
        Verification::WithoutName(_) | Verification::AcceptAny => None,
    }
}

fn map<T>(reply: Reply<T>, f: impl FnOnce(T) -> Answer) -> Reply<Answer> {
    match reply {
        Reply::Now(answer) => Reply::Now(f(answer)),
        Reply::Later => Reply::Later,
    }
}

/// Most bytes of a signature: a key of 64 Kibit. What a callback makes up beyond that would not fit
/// its message.
const MAX_SIGNATURE_LEN: usize = 8 << 10;

/// The signature that was asked for.
pub(crate) fn signature(answer: Answer) -> Result<Vec<u8>> {
    match answer {
        Answer::Signature(Ok(bytes)) if !(1..=MAX_SIGNATURE_LEN).contains(&bytes.len()) => {
            Err(Error::with(
                Reason::CallbackMisbehaved,
                format!("a signature of {} bytes was answered", bytes.len()),
            ))
        }
        Answer::Signature(Ok(signature)) => Ok(signature),
        Answer::Signature(Err(why)) | Answer::Failed(why) => {
            Err(Error::with(Reason::SigningFailed, why.to_string()))
        }
        other => Err(wrong_kind("a signature", &other)),
    }
}

/// The decryption that was asked for; `None` when the key refused. To the peer both look alike.
pub(crate) fn decrypted(answer: Answer) -> Result<Option<Secret>> {
    match answer {
        Answer::Decrypted(result) => Ok(result.ok()),
        Answer::Failed(_) | Answer::Never => Ok(None),
        other => Err(wrong_kind("a decryption", &other)),
    }
}

/// The pre-shared key that was asked for, if there is one.
pub(crate) fn psk(answer: Answer) -> Result<Option<Psk>> {
    match answer {
        Answer::Psk(psk) => Ok(psk),
        Answer::Failed(why) => Err(Error::with(Reason::PskMissing, why.to_string())),
        other => Err(wrong_kind("a pre-shared key", &other)),
    }
}

/// What a session store found; whatever else it answers is nothing.
pub(crate) fn session(answer: Answer) -> Option<Secret> {
    match answer {
        Answer::Session(found) => found,
        Answer::Failed(_)
        | Answer::Never
        | Answer::Signature(_)
        | Answer::Decrypted(_)
        | Answer::Verdict(_)
        | Answer::Hello(_)
        | Answer::Ruling(_)
        | Answer::Psk(_) => None,
    }
}

/// What the application decided about a ClientHello.
pub(crate) fn decision(answer: Answer) -> Result<HelloDecision> {
    match answer {
        Answer::Hello(made) => match made.downcast() {
            Ok(decision) => Ok(*decision),
            Err(_) => Err(Error::with(
                Reason::CallbackMisbehaved,
                "a decision on the ClientHello was asked for, something else was answered",
            )),
        },
        Answer::Failed(why) => Err(Error::with(Reason::Rejected, why.to_string())
            .and_alert(AlertDescription::INTERNAL_ERROR)),
        other => Err(wrong_kind("a decision on the ClientHello", &other)),
    }
}

/// The verifier's verdict. The outer error: something else was answered.
pub(crate) fn verdict(answer: Answer) -> Result<Verdict> {
    match answer {
        Answer::Verdict(verdict) => Ok(verdict.map_err(Error::fatally)),
        Answer::Failed(why) => Ok(Err(rejected(&why))),
        other => Err(wrong_kind("a verdict", &other)),
    }
}

/// What the reviewer makes of it.
pub(crate) fn reviewed(verdict: Verdict, answer: Answer) -> Result<Verdict> {
    match answer {
        Answer::Ruling(Ruling::Stands) => Ok(verdict),
        Answer::Ruling(Ruling::Refused(why)) => Ok(Err(why.fatally())),
        Answer::Ruling(Ruling::DangerAccepted) => Ok(Ok(verdict.unwrap_or_default())),
        Answer::Failed(why) => Ok(Err(rejected(&why))),
        other => Err(wrong_kind("a ruling", &other)),
    }
}

fn rejected(why: &KeyError) -> Error {
    Error::with(Reason::CertificateRejected, why.to_string())
}

fn wrong_kind(wanted: &str, got: &Answer) -> Error {
    let got = match got {
        Answer::Failed(_) => "a failure",
        Answer::Never => "nothing, and nobody is left who could,",
        Answer::Signature(_) => "a signature",
        Answer::Decrypted(_) => "a decryption",
        Answer::Verdict(_) => "a verdict",
        Answer::Hello(_) => "a decision on the ClientHello",
        Answer::Ruling(_) => "a ruling",
        Answer::Session(_) => "a session",
        Answer::Psk(_) => "a pre-shared key",
    };
    Error::with(
        Reason::CallbackMisbehaved,
        format!("{wanted} was asked for, {got} was answered"),
    )
}
