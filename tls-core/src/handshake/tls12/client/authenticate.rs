use super::super::agreed::Agreed;
use super::super::keys::MasterSecret;
use super::Client12;
use super::finished::{Authenticated, finish};
use super::key_exchange::{Request, ServerParams};
use super::our_flight::OurFlight;
use crate::cert::{KeyUse, Keypair};
use crate::config::Config;
use crate::crypto::{Answer, KeyKind, PublicKey};
use crate::error::Result;
use crate::handshake::Env;
use crate::handshake::effect::Effects;
use crate::handshake::judge::{Judged, Judging};
use crate::handshake::negotiate::choose_scheme;
use crate::handshake::proof::{PossessionProof, check_strength};
use crate::handshake::question::signature;
use crate::msg::certificate_request::CertificateRequest;
use crate::msg::certificate_verify::DigitallySigned;
use crate::wire::{ClientCertificateType, HandshakeType, SignatureScheme};
use std::sync::Arc;

/// The certificate with which we answer a CertificateRequest.
pub(super) struct OurCertificate {
    pub(super) index: usize,
    pub(super) keypair: Arc<Keypair>,
    pub(super) scheme: SignatureScheme,
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
            let scheme = choose_scheme(config, true, keypair, request.schemes())?;
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
    pub(super) params: Box<ServerParams>,
    pub(super) request: Request,
    pub(super) judging: Box<Judging>,
}

impl ExpectVerdict {
    pub(super) fn on_answer(
        mut self,
        answer: Answer,
        env: Env<'_>,
        fx: &mut Effects,
    ) -> Result<Client12> {
        let (peer, path) = match self.judging.on_answer(answer, &self.key, env.config, fx)? {
            Judged::Waiting(judging) => {
                return Ok(Client12::Verdict(Self { judging, ..self }));
            }
            Judged::Accepted(peer, path) => (peer, path),
        };
        self.agreed.verified_chain(path, fx);
        let possession = check_signature(&self.params, &*self.key, env)?;
        let flight = OurFlight {
            agreed: self.agreed,
            proofs: Authenticated { peer, possession },
            key: Some(self.key),
            params: self.params,
            request: self.request,
        };
        flight.begin(env, fx)
    }
}

fn check_signature(
    params: &ServerParams,
    key: &dyn PublicKey,
    env: Env<'_>,
) -> Result<Option<PossessionProof>> {
    let config = env.config;
    let Some(signed) = &params.signed else {
        check_strength(key.kind(), config)?;
        return Ok(None);
    };
    let (message, signature) = signed.parts();
    PossessionProof::by_signature(
        "key exchange",
        key,
        config,
        signed.scheme,
        message,
        signature,
    )
    .map(Some)
}

/// Our key signs the CertificateVerify.
pub(crate) struct ExpectSignature {
    pub(super) agreed: Box<Agreed>,
    pub(super) master: MasterSecret,
    pub(super) proofs: Authenticated,
    pub(super) scheme: SignatureScheme,
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
