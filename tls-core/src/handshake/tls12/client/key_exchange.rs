use super::super::agreed::Agreed;
use super::Client12;
use super::authenticate::{ExpectVerdict, OurCertificate};
use super::certificate::Peer;
use crate::cert::{KeyUse, Purpose};
use crate::error::{Error, Reason, Result};
use crate::handshake::effect::{Effect, Effects, Fact};
use crate::handshake::negotiate::scheme_fits;
use crate::handshake::{Env, Question};
use crate::msg;
use crate::msg::certificate_request::CertificateRequest;
use crate::msg::server_key_exchange::EcdheServerKeyExchange;
use crate::record::RawMessage;
use crate::wire::{NamedGroup, SignatureScheme};

/// With ECDHE the server must send its signed parameters; with RSA there is no such message.
pub(crate) struct ExpectServerKeyExchange {
    agreed: Box<Agreed>,
    peer: Peer,
    status: bool,
}

/// The server's ephemeral parameters. Their signature is not checked yet.
pub(super) struct ServerParams {
    pub(super) group: NamedGroup,
    pub(super) public: Vec<u8>,
    pub(super) scheme: SignatureScheme,
    /// What was signed: both randoms and the parameters.
    pub(super) signed: Vec<u8>,
    pub(super) signature: Vec<u8>,
}

impl ExpectServerKeyExchange {
    pub(super) fn new(agreed: Box<Agreed>, peer: Peer, status: bool) -> Self {
        Self {
            agreed,
            peer,
            status,
        }
    }

    pub(super) fn is_ecdhe(&self) -> bool {
        self.agreed.suite.is_ecdhe()
    }

    /// RFC 6066 §8: it may come once, if status_request was answered.
    pub(super) fn expects_status(&self) -> bool {
        self.status
    }

    pub(super) fn on_certificate_status(mut self, message: &RawMessage<'_>) -> Result<Self> {
        msg::certificate_status::decode(message.body())?;
        self.agreed.transcript.add(message.encoded);
        self.status = false;
        Ok(self)
    }

    /// RSA key exchange: what comes next is behind this state.
    pub(super) fn without_message(self) -> ExpectServerHelloDone {
        ExpectServerHelloDone {
            agreed: self.agreed,
            peer: self.peer,
            params: None,
            request: Request::None,
        }
    }

    /// RFC 8422 §5.4: group and scheme must be ones that we offered, and the scheme must fit the
    /// certificate's key.
    pub(super) fn on_message(
        mut self,
        message: &RawMessage<'_>,
        env: Env<'_>,
        fx: &mut Effects,
    ) -> Result<Client12> {
        let ske = EcdheServerKeyExchange::decode(message.body())?;
        self.agreed.transcript.add(message.encoded);
        if !env.config.groups.contains(&ske.group) {
            return Err(Error::with(
                Reason::GroupNotOffered,
                format!(
                    "the server chose the group {}, which was not offered",
                    ske.group
                ),
            ));
        }
        let (scheme, kind) = (ske.signed.scheme, self.peer.key.kind());
        if !env.config.schemes.contains(&scheme) || !scheme_fits(scheme, kind) {
            return Err(Error::with(
                Reason::SchemeNotOffered,
                format!(
                    "the server signed with {scheme}: not offered, or not for a key of kind {kind:?}"
                ),
            ));
        }
        fx.learn(Fact::Group(ske.group));
        fx.learn(Fact::Scheme(scheme));
        let params = ServerParams {
            group: ske.group,
            public: ske.public.to_vec(),
            scheme,
            signed: self.agreed.signed_params(ske.params),
            signature: ske.signed.signature.to_vec(),
        };
        Ok(Client12::ServerHelloDone(ExpectServerHelloDone {
            agreed: self.agreed,
            peer: self.peer,
            params: Some(params),
            request: Request::None,
        }))
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
    peer: Peer,
    params: Option<ServerParams>,
    request: Request,
}

impl ExpectServerHelloDone {
    pub(super) fn has_request(&self) -> bool {
        matches!(self.request, Request::Asked(_))
    }

    /// RFC 5246 §7.4.4
    pub(super) fn on_certificate_request(
        mut self,
        message: &RawMessage<'_>,
        env: Env<'_>,
    ) -> Result<Self> {
        let request = CertificateRequest::decode(message.body())?;
        self.agreed.transcript.add(message.encoded);
        self.request = Request::Asked(OurCertificate::choose(&request, env.config));
        Ok(self)
    }

    /// RFC 5246 §7.4.5. The flight is complete: the chain is judged, then its key's signature is
    /// checked, and only then is a secret computed.
    pub(super) fn on_message(
        mut self,
        message: &RawMessage<'_>,
        env: Env<'_>,
        fx: &mut Effects,
    ) -> Result<Client12> {
        msg::decode_empty("ServerHelloDone", message.body())?;
        self.agreed.transcript.add(message.encoded);
        let key_use = if self.params.is_some() {
            KeyUse::Sign
        } else {
            KeyUse::Encrypt
        };
        fx.push(Effect::Ask(Question::Verify {
            chain: self.peer.chain.clone(),
            name: env.names.verify.clone(),
            purpose: Purpose::Server,
            key_use,
        }));
        Ok(Client12::Verdict(ExpectVerdict {
            agreed: self.agreed,
            key: self.peer.key,
            params: self.params,
            request: self.request,
        }))
    }
}
