use super::super::agreed::Agreed;
use super::super::kx::Theirs;
use super::Client12;
use super::authenticate::{ExpectVerdict, OurCertificate};
use super::certificate::Peer;
use super::finished::Authenticated;
use super::our_flight::OurFlight;
use crate::cert::{Authorities, KeyUse, Purpose};
use crate::config::Ocsp;
use crate::crypto::Presence;
use crate::error::{Error, Reason, Result};
use crate::handshake::Env;
use crate::handshake::effect::{Effects, Fact};
use crate::handshake::judge::Judging;
use crate::handshake::negotiate::scheme_fits;
use crate::handshake::proof::PeerProof;
use crate::msg;
use crate::msg::certificate_request::CertificateRequest;
use crate::msg::certificate_verify::DigitallySigned;
use crate::msg::server_key_exchange::ServerKeyExchange;
use crate::record::RawMessage;
use crate::wire::SignatureScheme;
use std::sync::Arc;

/// The server's parameters, where the key exchange has such a message.
pub(crate) struct ExpectServerKeyExchange {
    agreed: Box<Agreed>,
    /// `None`: the key exchange has no certificate.
    peer: Option<Peer>,
    status: bool,
    ocsp_response: Option<Arc<[u8]>>,
}

/// The server's half of the key exchange. Its signature is not checked yet.
pub(super) struct ServerParams {
    pub(super) theirs: Theirs,
    pub(super) signed: Option<Signed>,
}

/// A signature over the parameters.
pub(super) struct Signed {
    pub(super) scheme: SignatureScheme,
    /// What was signed, both randoms and the parameters, and the signature behind it.
    bytes: Vec<u8>,
    message_len: usize,
}

impl Signed {
    /// What was signed, and the signature.
    pub(super) fn parts(&self) -> (&[u8], &[u8]) {
        self.bytes.split_at(self.message_len)
    }
}

impl ExpectServerKeyExchange {
    pub(super) fn new(agreed: Box<Agreed>, peer: Option<Peer>, status: bool) -> Self {
        Self {
            agreed,
            peer,
            status,
            ocsp_response: None,
        }
    }

    /// Whether and how the message comes.
    pub(super) fn presence(&self) -> Presence {
        self.agreed.suite.kx.row().server_key_exchange
    }

    /// RFC 6066 §8: it may come once, if status_request was answered.
    pub(super) fn expects_status(&self) -> bool {
        self.status
    }

    /// RFC 6066 §8. What it says is judged with the chain.
    pub(super) fn on_certificate_status(
        mut self,
        message: &RawMessage<'_>,
        fx: &mut Effects,
    ) -> Result<Self> {
        let response: Arc<[u8]> = msg::certificate_status::decode(message.body())?.into();
        self.agreed.ocsp_response(response.clone(), fx);
        self.ocsp_response = Some(response);
        self.agreed.transcript.add(message.encoded);
        self.status = false;
        Ok(self)
    }

    /// The server has nothing to say: what comes next is behind this state.
    pub(super) fn without_message(self) -> ExpectServerHelloDone {
        let kind = self.agreed.suite.kx;
        self.followed_by(ServerParams {
            theirs: Theirs::without_message(kind),
            signed: None,
        })
    }

    fn followed_by(self, params: ServerParams) -> ExpectServerHelloDone {
        let params = Box::new(params);
        ExpectServerHelloDone {
            agreed: self.agreed,
            peer: self.peer,
            params,
            request: Request::None,
            ocsp_response: self.ocsp_response,
        }
    }

    /// RFC 5246 §7.4.3
    pub(super) fn on_message(
        mut self,
        message: &RawMessage<'_>,
        env: Env<'_>,
        fx: &mut Effects,
    ) -> Result<Client12> {
        let kind = self.agreed.suite.kx;
        let ske = ServerKeyExchange::decode(kind.row(), message.body())?;
        self.agreed.transcript.add(message.encoded);
        let theirs = Theirs::accept(kind, &ske, env, fx)?;
        self.agreed.keep.exchange.group = theirs.group();
        let signed = match &ske.signed {
            Some(signed) => Some(self.signed(ske.params, signed, env, fx)?),
            None => None,
        };
        Ok(Client12::ServerHelloDone(
            self.followed_by(ServerParams { theirs, signed }),
        ))
    }

    /// The scheme must be one that we offered, and fit the certificate's key.
    fn signed(
        &mut self,
        params: &[u8],
        signed: &DigitallySigned<'_>,
        env: Env<'_>,
        fx: &mut Effects,
    ) -> Result<Signed> {
        let peer = self.peer.as_ref().ok_or(Reason::Bug)?;
        let (scheme, kind) = (signed.scheme, peer.key.kind());
        if !env.config.schemes.contains(&scheme) || !scheme_fits(scheme, kind) {
            return Err(Error::with(
                Reason::SchemeNotOffered,
                format!(
                    "the server signed with {scheme}: not offered, or not for a key of kind {kind:?}"
                ),
            ));
        }
        self.agreed.scheme(scheme, fx);
        let mut bytes = self
            .agreed
            .signed_params(|out| out.extend_from_slice(params));
        let message_len = bytes.len();
        bytes.extend_from_slice(signed.signature);
        Ok(Signed {
            scheme,
            bytes,
            message_len,
        })
    }
}

/// Whether the server asked for our certificate, and what we have for it.
pub(super) enum Request {
    None,
    Asked(Option<OurCertificate>),
}

/// The end of the server's flight; a CertificateRequest may come before it.
pub(crate) struct ExpectServerHelloDone {
    agreed: Box<Agreed>,
    peer: Option<Peer>,
    params: Box<ServerParams>,
    request: Request,
    ocsp_response: Option<Arc<[u8]>>,
}

impl ExpectServerHelloDone {
    /// RFC 5246 §7.4.4: one, and none from a server without a certificate.
    pub(super) fn expects_request(&self) -> bool {
        self.peer.is_some() && matches!(self.request, Request::None)
    }

    /// RFC 5246 §7.4.4
    pub(super) fn on_certificate_request(
        mut self,
        message: &RawMessage<'_>,
        env: Env<'_>,
        fx: &mut Effects,
    ) -> Result<Self> {
        let request = CertificateRequest::decode(message.body())?;
        self.agreed.transcript.add(message.encoded);
        fx.learn(Fact::CertificateRequested(Authorities::of_checked(
            request.authorities_list(),
        )));
        self.request = Request::Asked(OurCertificate::choose(&request, env.config));
        Ok(self)
    }

    /// RFC 5246 §7.4.5. The flight is complete: the chain is judged, then its key's signature is
    /// checked, and only then is a secret computed. Without a chain the pre-shared key is all that
    /// authenticates: the server's Finished will show that it has it.
    pub(super) fn on_message(
        mut self,
        message: &RawMessage<'_>,
        env: Env<'_>,
        fx: &mut Effects,
    ) -> Result<Client12> {
        msg::decode_empty("ServerHelloDone", message.body())?;
        self.agreed.transcript.add(message.encoded);
        let Some(peer) = self.peer else {
            let flight = OurFlight {
                agreed: self.agreed,
                proofs: Authenticated {
                    peer: PeerProof::by_shared_key(),
                    possession: None,
                },
                key: None,
                params: self.params,
                request: self.request,
            };
            return flight.begin(env, fx);
        };
        let key_use = match self.params.signed {
            Some(_) => KeyUse::Sign,
            None => KeyUse::Encrypt,
        };
        let name = env.names.verify.clone();
        if self.ocsp_response.is_none() && env.config.ocsp == Ocsp::Require {
            return Err(Reason::OcspResponseMissing.into());
        }
        let judging = Judging::new(peer.chain.clone(), name, Purpose::Server)
            .with_ocsp_response(self.ocsp_response);
        fx.ask(judging.question(key_use));
        Ok(Client12::Verdict(ExpectVerdict {
            agreed: self.agreed,
            key: peer.key,
            params: self.params,
            request: self.request,
            judging: Box::new(judging),
        }))
    }
}
