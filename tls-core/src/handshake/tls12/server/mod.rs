//! The server's side of RFC 5246 §7.3, figure 1.

mod client_auth;
mod client_key_exchange;
mod finished;
mod front;
mod resume;
mod server_hello;
mod server_key_exchange;

pub(crate) use front::greeted;

use crate::error::Result;
use crate::handshake::effect::Effects;
use crate::handshake::{Env, Input, unexpected};
use crate::wire::HandshakeType as T;
use client_auth::{ExpectCertificate, ExpectCertificateVerify, ExpectVerdict};
use client_key_exchange::{ExpectClientKeyExchange, ExpectPreMaster, ExpectPsk};
use finished::{ExpectClientCcs, ExpectClientFinished, Traffic};
use front::{ExpectDecision, ExpectSession, ExpectSessionKey};
use server_key_exchange::ExpectSignature;

/// A server behind the ClientHello.
pub(crate) enum Server12 {
    Decision(ExpectDecision),
    Session(ExpectSession),
    SessionKey(ExpectSessionKey),
    Signature(ExpectSignature),
    Certificate(ExpectCertificate),
    Verdict(ExpectVerdict),
    ClientKeyExchange(ExpectClientKeyExchange),
    PreMaster(ExpectPreMaster),
    Psk(ExpectPsk),
    CertificateVerify(ExpectCertificateVerify),
    ClientCcs(ExpectClientCcs),
    ClientFinished(ExpectClientFinished),
    Traffic(Traffic),
}

impl Server12 {
    /// ```text
    ///   (the application's word on the ClientHello)  (the session's look-up)  (its pre-shared key)
    ///   (its word on the certificate)
    ///   (our signature)  [Certificate  (verdict on the chain)]  ClientKeyExchange  (our decryption)
    ///   (the client's pre-shared key)
    ///   [CertificateVerify, if there was a chain]
    ///   ChangeCipherSpec  Finished  application data
    /// ```
    /// A resumed session goes from the end of the first line to the last one.
    /// A (state, input) pair without a line here is `unexpected_message`.
    pub(crate) fn step(self, input: Input<'_>, env: Env<'_>, fx: &mut Effects) -> Result<Self> {
        match (self, input) {
            (Self::Decision(s), Input::Answer(answer)) => s.on_answer(answer, env, fx),
            (Self::Session(s), Input::Answer(answer)) => s.on_answer(answer, env, fx),
            (Self::SessionKey(s), Input::Answer(answer)) => s.on_answer(answer, env, fx),
            (Self::Signature(s), Input::Answer(answer)) => s.on_answer(answer, env, fx),
            (Self::Certificate(s), Input::Message(m)) if m.typ == T::CERTIFICATE => {
                s.on_message(&m, env, fx)
            }
            (Self::Verdict(s), Input::Answer(answer)) => s.on_answer(answer, env, fx),
            (Self::ClientKeyExchange(s), Input::Message(m)) if m.typ == T::CLIENT_KEY_EXCHANGE => {
                s.on_message(&m, env, fx)
            }
            (Self::PreMaster(s), Input::Answer(answer)) => s.on_answer(answer, env, fx),
            (Self::Psk(s), Input::Answer(answer)) => s.on_answer(answer, env, fx),
            (Self::CertificateVerify(s), Input::Message(m)) if m.typ == T::CERTIFICATE_VERIFY => {
                s.on_message(&m, env, fx)
            }
            (Self::ClientCcs(s), Input::ChangeCipherSpec) => s.on_change_cipher_spec(env, fx),
            (Self::ClientFinished(s), Input::Message(m)) if m.typ == T::FINISHED => {
                s.on_message(&m, env, fx)
            }
            (Self::Traffic(s), Input::Start) => Ok(Self::Traffic(s.ask(fx))),
            (Self::Traffic(s), Input::NoRenegotiation) => Ok(Self::Traffic(s.on_refusal(fx))),
            (s, Input::NoRenegotiation) => Ok(s),
            (s, input) => Err(unexpected(s.name(), &input)),
        }
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Decision(_) => "the application's decision",
            Self::Session(_) => "the session's look-up",
            Self::SessionKey(_) => "the session's pre-shared key",
            Self::Signature(_) => "our signature",
            Self::Certificate(_) => "Certificate",
            Self::Verdict(_) => "the verdict on the client's certificate",
            Self::ClientKeyExchange(_) => "ClientKeyExchange",
            Self::PreMaster(_) => "our decryption",
            Self::Psk(_) => "the client's pre-shared key",
            Self::CertificateVerify(_) => "CertificateVerify",
            Self::ClientCcs(_) => "ChangeCipherSpec",
            Self::ClientFinished(_) => "Finished",
            Self::Traffic(_) => "application data",
        }
    }
}
