//! The client's side of RFC 5246 §7.3, figure 1.

mod authenticate;
mod certificate;
mod finished;
mod key_exchange;
mod our_flight;
mod resume;
mod server_hello;
mod session;

pub(crate) use server_hello::client_hello_answered;

use crate::crypto::Presence;
use crate::error::Result;
use crate::handshake::effect::Effects;
use crate::handshake::{Env, Input, unexpected};
use crate::wire::HandshakeType as T;
use authenticate::{ExpectSignature, ExpectVerdict};
use certificate::ExpectCertificate;
use finished::{ExpectServerCcs, ExpectServerFinished, Traffic};
use key_exchange::{ExpectServerHelloDone, ExpectServerKeyExchange};
use our_flight::ExpectPsk;
use session::ExpectNewSessionTicket;

/// A client behind the ServerHello.
pub(crate) enum Client12 {
    Certificate(ExpectCertificate),
    ServerKeyExchange(ExpectServerKeyExchange),
    ServerHelloDone(ExpectServerHelloDone),
    Verdict(ExpectVerdict),
    Psk(ExpectPsk),
    Signature(ExpectSignature),
    NewSessionTicket(ExpectNewSessionTicket),
    ServerCcs(ExpectServerCcs),
    ServerFinished(ExpectServerFinished),
    Traffic(Traffic),
}

impl Client12 {
    /// ```text
    ///   Certificate  [CertificateStatus]  [ServerKeyExchange]  [CertificateRequest]
    ///   ServerHelloDone  (verdict on the chain)  (our pre-shared key)
    ///   (our signature, if we have a certificate)
    ///   [NewSessionTicket]  ChangeCipherSpec  Finished  application data
    /// ```
    /// Which of Certificate and ServerKeyExchange there is says the row of the key exchange.
    /// A resumed session begins in the last line.
    /// A (state, input) pair without a line here is `unexpected_message`.
    pub(crate) fn step(self, input: Input<'_>, env: Env<'_>, fx: &mut Effects) -> Result<Self> {
        match (self, input) {
            // RFC 5246 §7.4.1.1: a HelloRequest during a handshake is ignored, and is in no
            // transcript.
            (s, Input::Message(m)) if m.typ == T::HELLO_REQUEST => {
                crate::msg::decode_empty("HelloRequest", m.body()).map(|()| s)
            }
            (Self::Certificate(s), Input::Message(m)) if m.typ == T::CERTIFICATE => {
                s.on_message(&m, env, fx)
            }
            (Self::ServerKeyExchange(s), Input::Message(m))
                if m.typ == T::CERTIFICATE_STATUS && s.expects_status() =>
            {
                s.on_certificate_status(&m, fx).map(Self::ServerKeyExchange)
            }
            (Self::ServerKeyExchange(s), Input::Message(m))
                if m.typ == T::SERVER_KEY_EXCHANGE && s.presence() != Presence::Never =>
            {
                s.on_message(&m, env, fx)
            }
            (Self::ServerKeyExchange(s), Input::Message(m)) if s.presence() != Presence::Always => {
                Self::ServerHelloDone(s.without_message()).step(Input::Message(m), env, fx)
            }
            (Self::ServerHelloDone(s), Input::Message(m))
                if m.typ == T::CERTIFICATE_REQUEST && s.expects_request() =>
            {
                s.on_certificate_request(&m, env, fx)
                    .map(Self::ServerHelloDone)
            }
            (Self::ServerHelloDone(s), Input::Message(m)) if m.typ == T::SERVER_HELLO_DONE => {
                s.on_message(&m, env, fx)
            }
            (Self::Verdict(s), Input::Answer(answer)) => s.on_answer(answer, env, fx),
            (Self::Psk(s), Input::Answer(answer)) => s.on_answer(answer, env, fx),
            (Self::Signature(s), Input::Answer(answer)) => s.on_answer(answer, env, fx),
            (Self::NewSessionTicket(s), Input::Message(m)) if m.typ == T::NEW_SESSION_TICKET => {
                s.on_message(&m)
            }
            (Self::ServerCcs(s), Input::ChangeCipherSpec) => s.on_change_cipher_spec(env, fx),
            (Self::ServerFinished(s), Input::Message(m)) if m.typ == T::FINISHED => {
                s.on_message(&m, env, fx)
            }
            // Where nothing was asked the warning means nothing (RFC 5246 §7.2.2).
            (s, Input::NoRenegotiation) => Ok(s),
            (s, input) => Err(unexpected(s.name(), &input)),
        }
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Certificate(_) => "Certificate",
            Self::ServerKeyExchange(s) if s.presence() != Presence::Never => "ServerKeyExchange",
            Self::ServerKeyExchange(_) | Self::ServerHelloDone(_) => "ServerHelloDone",
            Self::Verdict(_) => "the verdict on the server's certificate",
            Self::Psk(_) => "our pre-shared key",
            Self::Signature(_) => "our signature",
            Self::NewSessionTicket(_) => "NewSessionTicket",
            Self::ServerCcs(_) => "ChangeCipherSpec",
            Self::ServerFinished(_) => "Finished",
            Self::Traffic(_) => "application data",
        }
    }
}
