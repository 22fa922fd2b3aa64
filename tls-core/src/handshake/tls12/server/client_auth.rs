//! Client authentication (RFC 5246 §7.4.4, §7.4.6, §7.4.8).

use super::super::agreed::Agreed;
use super::super::kx::Ours;
use super::Server12;
use super::client_key_exchange::ExpectClientKeyExchange;
use super::finished::{ExpectClientCcs, Secrets};
use crate::cert::{KeyUse, Purpose};
use crate::config::{ClientAuth, Config};
use crate::crypto::{Answer, KeyKind, PublicKey, Suite};
use crate::error::{Error, Reason, Result};
use crate::handshake::Env;
use crate::handshake::effect::Effects;
use crate::handshake::judge::{Judged, Judging, leaf_key};
use crate::handshake::negotiate::scheme_fits;
use crate::handshake::proof::{ClientProof, PeerProof, PossessionProof};
use crate::msg;
use crate::msg::certificate_request;
use crate::msg::certificate_verify::DigitallySigned;
use crate::record::RawMessage;
use crate::wire::{ClientCertificateType, HandshakeType, Reader, SignatureScheme};
use std::sync::Arc;

/// What a client has shown of itself before its key exchange.
pub(super) enum Client {
    /// Nothing, and nothing is insisted on.
    Anonymous(ClientProof),
    /// A chain that was judged; its CertificateVerify must follow.
    Certified {
        peer: PeerProof,
        key: Arc<dyn PublicKey>,
    },
}

/// Whether the client is asked for a certificate.
pub(super) fn asks(suite: &Suite, config: &Config) -> bool {
    suite.kx.row().certificate && config.client_auth != ClientAuth::None
}

/// Ends our flight: CertificateRequest, where the configuration asks for a certificate, and
/// ServerHelloDone (RFC 5246 §7.4.4, §7.4.5).
pub(super) fn end_flight(
    mut agreed: Box<Agreed>,
    ours: Ours,
    env: Env<'_>,
    fx: &mut Effects,
) -> Result<Server12> {
    let asks = asks(agreed.suite, env.config);
    if asks {
        request(&mut agreed, env.config, fx);
    }
    fx.message(
        &mut agreed.transcript,
        HandshakeType::SERVER_HELLO_DONE,
        |_| {},
    );
    if asks {
        return Ok(Server12::Certificate(ExpectCertificate { agreed, ours }));
    }
    let client = Client::Anonymous(ClientProof::without_certificate(env.config.client_auth)?);
    Ok(Server12::ClientKeyExchange(ExpectClientKeyExchange {
        agreed,
        ours,
        client,
    }))
}

/// RFC 5246 §7.4.4: every scheme that we verify, and the types of keys that make them.
fn request(agreed: &mut Agreed, config: &Config, fx: &mut Effects) {
    let wanted =
        |typ: &ClientCertificateType| config.schemes.iter().any(|s| certificate_type(*s) == *typ);
    let types = [
        ClientCertificateType::ECDSA_SIGN,
        ClientCertificateType::RSA_SIGN,
    ];
    let authorities = config.authorities();
    fx.message(
        &mut agreed.transcript,
        HandshakeType::CERTIFICATE_REQUEST,
        |out| {
            let types = types.into_iter().filter(wanted);
            certificate_request::encode(types, &config.schemes, &authorities, out);
        },
    );
}

/// ecdsa_sign stands for Ed25519 too (RFC 8422 §5.5).
fn certificate_type(scheme: SignatureScheme) -> ClientCertificateType {
    use SignatureScheme as S;
    match scheme {
        S::ECDSA_SHA1
        | S::ECDSA_SECP256R1_SHA256
        | S::ECDSA_SECP384R1_SHA384
        | S::ECDSA_SECP521R1_SHA512
        | S::ED25519 => ClientCertificateType::ECDSA_SIGN,
        _ => ClientCertificateType::RSA_SIGN,
    }
}

/// A client that was asked must send its certificate, or say that it has none.
pub(crate) struct ExpectCertificate {
    agreed: Box<Agreed>,
    ours: Ours,
}

impl ExpectCertificate {
    /// RFC 5246 §7.4.6
    pub(super) fn on_message(
        mut self,
        message: &RawMessage<'_>,
        env: Env<'_>,
        fx: &mut Effects,
    ) -> Result<Server12> {
        let chain = msg::certificate::decode(message.body(), |der| env.config.known.share(der))?;
        self.agreed.transcript.add(message.encoded);
        let Some(leaf) = chain.first() else {
            let proof = ClientProof::without_certificate(env.config.client_auth)?;
            return Ok(Server12::ClientKeyExchange(ExpectClientKeyExchange {
                agreed: self.agreed,
                ours: self.ours,
                client: Client::Anonymous(proof),
            }));
        };
        let key = leaf_key(leaf, env.config, "client")?;
        check_kind(key.kind(), env.config)?;
        self.agreed.peer_chain(chain.clone(), fx);
        let judging = Judging::new(chain, None, Purpose::Client);
        fx.ask_in_flight(judging.question(KeyUse::Sign));
        Ok(Server12::Verdict(ExpectVerdict {
            agreed: self.agreed,
            ours: self.ours,
            key,
            judging: Box::new(judging),
        }))
    }
}

/// RFC 5246 §7.4.6: the key must be of a type that was asked for, and an ECDSA key on a curve that
/// we support.
fn check_kind(kind: KeyKind, config: &Config) -> Result<()> {
    if !config.schemes.iter().any(|s| scheme_fits(*s, kind)) {
        return Err(Error::with(
            Reason::CertificateUnsupported,
            format!("no scheme that was asked for fits the client's key of kind {kind}"),
        ));
    }
    match kind {
        KeyKind::Ec(curve) if !config.groups.contains(&curve) => Err(Error::with(
            Reason::GroupNotOffered,
            format!("the client's certificate is on the curve {curve}, which is not configured"),
        )),
        _ => Ok(()),
    }
}

/// The client's chain is being judged.
pub(crate) struct ExpectVerdict {
    agreed: Box<Agreed>,
    ours: Ours,
    key: Arc<dyn PublicKey>,
    judging: Box<Judging>,
}

impl ExpectVerdict {
    pub(super) fn on_answer(
        mut self,
        answer: Answer,
        env: Env<'_>,
        fx: &mut Effects,
    ) -> Result<Server12> {
        let (peer, path) = match self.judging.on_answer(answer, &self.key, env.config, fx)? {
            Judged::Waiting(judging) => return Ok(Server12::Verdict(Self { judging, ..self })),
            Judged::Accepted(peer, path) => (peer, path),
        };
        self.agreed.verified_chain(path, fx);
        Ok(Server12::ClientKeyExchange(ExpectClientKeyExchange {
            agreed: self.agreed,
            ours: self.ours,
            client: Client::Certified {
                peer,
                key: self.key,
            },
        }))
    }
}

/// The client must prove that it holds its certificate's key.
pub(crate) struct ExpectCertificateVerify {
    agreed: Box<Agreed>,
    secrets: Secrets,
    peer: PeerProof,
    key: Arc<dyn PublicKey>,
}

impl ExpectCertificateVerify {
    /// The transcript reaches through ClientKeyExchange, and its messages are still there.
    pub(super) fn new(
        agreed: Box<Agreed>,
        secrets: Secrets,
        peer: PeerProof,
        key: Arc<dyn PublicKey>,
    ) -> Self {
        Self {
            agreed,
            secrets,
            peer,
            key,
        }
    }

    /// RFC 5246 §7.4.8: a signature over all messages so far, itself apart.
    pub(super) fn on_message(
        mut self,
        message: &RawMessage<'_>,
        env: Env<'_>,
        fx: &mut Effects,
    ) -> Result<Server12> {
        let mut r = Reader::new("CertificateVerify", message.body());
        let signed = DigitallySigned::read(&mut r)?;
        r.end()?;
        let (scheme, kind) = (signed.scheme, self.key.kind());
        if !env.config.schemes.contains(&scheme) || !scheme_fits(scheme, kind) {
            return Err(Error::with(
                Reason::SchemeNotOffered,
                format!(
                    "the client signed with {scheme}: not asked for, or not for a key of kind {kind}"
                ),
            ));
        }
        let possession = PossessionProof::by_signature(
            "CertificateVerify",
            &*self.key,
            env.config,
            scheme,
            self.agreed.transcript.bytes()?,
            signed.signature,
        )?;
        self.agreed.client_scheme(scheme, fx);
        self.agreed.transcript.add(message.encoded);
        let client = ClientProof::verified(self.peer, possession);
        Ok(Server12::ClientCcs(ExpectClientCcs::new(
            self.agreed,
            self.secrets,
            client,
        )))
    }
}
