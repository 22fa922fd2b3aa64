use super::super::agreed::Agreed;
use super::super::keys::MasterSecret;
use super::super::premaster;
use super::Client12;
use super::finished::{Authenticated, finish};
use super::key_exchange::{Request, ServerParams};
use crate::cert::{KeyUse, Keypair};
use crate::config::Config;
use crate::crypto::{Answer, KeyError, KeyKind, PublicKey, Secret};
use crate::error::{Error, Reason, Result};
use crate::handshake::effect::{Effect, Effects, Fact};
use crate::handshake::negotiate::choose_scheme;
use crate::handshake::proof::{PeerProof, PossessionProof};
use crate::handshake::question::signature;
use crate::handshake::{Env, Question};
use crate::msg;
use crate::msg::certificate_request::CertificateRequest;
use crate::msg::certificate_verify::DigitallySigned;
use crate::wire::{ClientCertificateType, HandshakeType, SignatureScheme};
use std::sync::Arc;

/// The certificate with which we answer a CertificateRequest.
pub(super) struct OurCertificate {
    index: usize,
    keypair: Arc<Keypair>,
    scheme: SignatureScheme,
}

impl OurCertificate {
    /// The first keypair that the server can verify (RFC 5246 §7.4.6), preferring one that was
    /// issued by a CA it names.
    pub(super) fn choose(request: &CertificateRequest<'_>, config: &Config) -> Option<Self> {
        let usable = |(index, keypair): (usize, &Arc<Keypair>)| {
            let typ = match keypair.kind() {
                KeyKind::Rsa { .. } | KeyKind::RsaPss { .. } => ClientCertificateType::RSA_SIGN,
                KeyKind::Ec(_) | KeyKind::Ed25519 => ClientCertificateType::ECDSA_SIGN,
            };
            let scheme = choose_scheme(config, keypair, request.schemes())?;
            (request.wants(typ) && keypair.may(KeyUse::Sign)).then(|| Self {
                index,
                keypair: keypair.clone(),
                scheme,
            })
        };
        let mut usable: Vec<Self> = config
            .keypairs
            .iter()
            .enumerate()
            .filter_map(usable)
            .collect();
        let named = usable
            .iter()
            .position(|ours| ours.keypair.is_issued_by_any(request.authorities()));
        match named {
            Some(place) => Some(usable.swap_remove(place)),
            None => usable.into_iter().next(),
        }
    }
}

/// The server's chain is being judged.
pub(crate) struct ExpectVerdict {
    pub(super) agreed: Box<Agreed>,
    pub(super) key: Arc<dyn PublicKey>,
    pub(super) params: Option<ServerParams>,
    pub(super) request: Request,
}

impl ExpectVerdict {
    pub(super) fn on_answer(
        mut self,
        answer: Answer,
        env: Env<'_>,
        fx: &mut Effects,
    ) -> Result<Client12> {
        let (peer, path) = PeerProof::from_verdict(answer)?;
        if !path.is_empty() {
            fx.learn(Fact::VerifiedChain(path.into()));
        }
        let possession = self.check_signature()?;
        let ours = match self.request {
            Request::None => None,
            Request::Asked(ours) => {
                let chain = ours.as_ref().map_or(&[][..], |o| o.keypair.chain());
                fx.message(
                    &mut self.agreed.transcript,
                    HandshakeType::CERTIFICATE,
                    |out| {
                        msg::certificate::encode(chain, out);
                    },
                );
                ours
            }
        };
        let pre_master = key_exchange(&mut self.agreed, &*self.key, self.params.as_ref(), env, fx)?;
        if ours.is_none() {
            self.agreed.hash_transcript();
        }
        let master = self.agreed.master_secret(&pre_master);
        let proofs = Authenticated { peer, possession };
        match ours {
            Some(ours) => {
                fx.learn(Fact::LocalKeypair(ours.index));
                fx.push(Effect::Ask(Question::Sign {
                    key: ours.keypair.key().clone(),
                    scheme: ours.scheme,
                    message: self.agreed.transcript.bytes().to_vec(),
                }));
                Ok(Client12::Signature(ExpectSignature {
                    agreed: self.agreed,
                    master,
                    proofs,
                    scheme: ours.scheme,
                }))
            }
            None => finish(self.agreed, master, proofs, env, fx),
        }
    }

    fn check_signature(&self) -> Result<Option<PossessionProof>> {
        let Some(params) = &self.params else {
            return Ok(None);
        };
        PossessionProof::by_signature(&*self.key, params.scheme, &params.signed, &params.signature)
            .map(Some)
    }
}

/// Sends ClientKeyExchange (RFC 5246 §7.4.7, RFC 8422 §5.7); returns the pre_master_secret.
fn key_exchange(
    agreed: &mut Agreed,
    key: &dyn PublicKey,
    params: Option<&ServerParams>,
    env: Env<'_>,
    fx: &mut Effects,
) -> Result<Secret> {
    let random = &*env.config.random;
    let Some(params) = params else {
        let pre_master = premaster::generate(random)?;
        let encrypted = key
            .encrypt_pkcs1(&pre_master[..], random)
            .map_err(cannot_encrypt)?;
        fx.message(
            &mut agreed.transcript,
            HandshakeType::CLIENT_KEY_EXCHANGE,
            |out| {
                msg::client_key_exchange::encode_rsa(&encrypted, out);
            },
        );
        return Ok(Secret::new(pre_master.to_vec()));
    };
    let group = env
        .config
        .provider
        .group(params.group)
        .ok_or(Reason::ProviderMissing)?;
    let ours = group.start(random).map_err(|_| Reason::RandomFailed)?;
    fx.message(
        &mut agreed.transcript,
        HandshakeType::CLIENT_KEY_EXCHANGE,
        |out| {
            msg::client_key_exchange::encode_ecdhe(ours.public(), out);
        },
    );
    ours.complete(&params.public).map_err(|_| {
        Error::with(
            Reason::BadPoint,
            format!(
                "the server's public value is no element of {}",
                params.group
            ),
        )
    })
}

fn cannot_encrypt(why: KeyError) -> Error {
    let reason = match why {
        KeyError::Malformed(_) | KeyError::Unsupported(_) => Reason::CertificateUnsupported,
        KeyError::Failed(_) => Reason::EncryptionFailed,
    };
    Error::with(reason, why.to_string())
}

/// Our key signs the CertificateVerify.
pub(crate) struct ExpectSignature {
    agreed: Box<Agreed>,
    master: MasterSecret,
    proofs: Authenticated,
    scheme: SignatureScheme,
}

impl ExpectSignature {
    /// RFC 5246 §7.4.8
    pub(super) fn on_answer(
        mut self,
        answer: Answer,
        env: Env<'_>,
        fx: &mut Effects,
    ) -> Result<Client12> {
        let signature = signature(answer)?;
        let signed = DigitallySigned {
            scheme: self.scheme,
            signature: &signature,
        };
        fx.message(
            &mut self.agreed.transcript,
            HandshakeType::CERTIFICATE_VERIFY,
            |out| {
                signed.encode(out);
            },
        );
        finish(self.agreed, self.master, self.proofs, env, fx)
    }
}
