//! The handshake as states and steps: `step(state, input) -> (state, effects)`, or an error.
//!
//! A step sees the configuration and what it was given; it holds no handle on the connection. What
//! it wants to happen it appends to [`Effects`].

mod effect;
mod hello;
mod input;
mod judge;
mod negotiate;
mod previous;
mod proof;
mod protocol;
mod question;
mod tell;
mod tls12;
mod transcript;

pub(crate) use effect::{Derived, Effect, Effects, Fact, SessionEffect};
pub(crate) use input::Input;
pub(crate) use previous::Previous;
pub(crate) use question::{Asked, Question};

use crate::cert::ServerName;
use crate::config::{Config, Renegotiation};
use crate::error::{Error, Reason, Result};
use crate::msg;
use crate::session::ClientSession;
use crate::wire::HandshakeType as T;
use hello::{ExpectClientHello, ExpectServerHello};
use std::sync::Arc;
use tls12::{Client12, Server12, Side};

/// The two names of a client: the one it sends and the one it verifies.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    pub(crate) send: Option<ServerName>,
    pub(crate) verify: Option<ServerName>,
}

/// What every step may look at.
#[derive(Clone, Copy)]
pub(crate) struct Env<'a> {
    pub(crate) config: &'a Config,
    pub(crate) names: &'a Names,
    /// What the last complete handshake of this connection left; `None` in the first.
    pub(crate) previous: Option<&'a Previous>,
    /// Which renegotiations may begin.
    pub(crate) renegotiation: Renegotiation,
    /// Somebody looks on: decisions are told.
    pub(crate) observed: bool,
}

impl Env<'_> {
    /// Whether a renegotiation that needs `wanted` may begin: only with a peer that knows RFC 5746.
    pub(crate) fn may_renegotiate(&self, wanted: Renegotiation) -> bool {
        self.renegotiation >= wanted && self.previous.is_some_and(|p| p.secure)
    }

    /// renegotiated_connection of a side's hello (RFC 5746 §3.2): nothing in a first handshake.
    fn renegotiated_connection(&self, hello: Side) -> [&[u8]; 2] {
        self.previous
            .map_or([&[], &[]], |p| p.renegotiated_connection(hello))
    }
}

/// Where a connection stands. The first states know no version; each version has its own rest.
pub(crate) enum Handshake {
    ClientStart(Option<Arc<ClientSession>>),
    ServerHello(Box<ExpectServerHello>),
    Client12(Client12),
    ClientHello(ExpectClientHello),
    Server12(Server12),
}

impl Handshake {
    /// Where a server starts.
    pub(crate) fn client_hello() -> Self {
        Self::ClientHello(ExpectClientHello)
    }

    /// Where a client that begins a handshake next keeps what it will offer to resume.
    pub(crate) fn offer(&mut self) -> Option<&mut Option<Arc<ClientSession>>> {
        match self {
            Self::ClientStart(offer) => Some(offer),
            Self::Client12(Client12::Traffic(s)) => Some(s.offer()),
            _ => None,
        }
    }

    /// Whether a client has not spoken yet.
    pub(crate) fn is_client_start(&self) -> bool {
        matches!(self, Self::ClientStart(_))
    }

    /// RFC 5246 §7.3. What has no line here or in a version's own table is `unexpected_message`.
    pub(crate) fn step(self, input: Input<'_>, env: Env<'_>, fx: &mut Effects) -> Result<Self> {
        match (self, input) {
            (Self::ClientStart(session), Input::Start) => hello::start(session, None, env, fx),
            (Self::Client12(Client12::Traffic(s)), Input::Start) => s.renegotiate(env, fx),
            (Self::Client12(Client12::Traffic(s)), Input::Message(m))
                if m.typ == T::HELLO_REQUEST =>
            {
                s.on_hello_request(&m, env, fx)
            }
            // RFC 5246 §7.4.1.1: ignored by a client that is negotiating already.
            (s @ Self::ServerHello(_), Input::Message(m)) if m.typ == T::HELLO_REQUEST => {
                msg::decode_empty("HelloRequest", m.body()).map(|()| s)
            }
            (Self::ServerHello(s), Input::Message(m)) => (*s).on_message(&m, env, fx),
            (Self::ServerHello(s), Input::NoRenegotiation) => Ok((*s).on_refusal(fx)),
            (Self::Client12(s), input) => s.step(input, env, fx).map(Self::Client12),
            (Self::ClientHello(s), Input::Message(m)) => s.on_message(&m, env, fx),
            (Self::Server12(Server12::Traffic(s)), Input::Message(m))
                if m.typ == T::CLIENT_HELLO =>
            {
                s.on_client_hello(&m, env, fx)
            }
            // Where nothing was asked the warning means nothing (RFC 5246 §7.2.2).
            (s @ (Self::ClientStart(_) | Self::ClientHello(_)), Input::NoRenegotiation) => Ok(s),
            (Self::Server12(s), input) => s.step(input, env, fx).map(Self::Server12),
            (s, input) => Err(unexpected(s.name(), &input)),
        }
    }

    /// The state's name, for error sentences.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::ClientStart(_) => "nothing before our ClientHello",
            Self::ServerHello(_) => "ServerHello",
            Self::Client12(s) => s.name(),
            Self::ClientHello(_) => "ClientHello",
            Self::Server12(s) => s.name(),
        }
    }

    /// Whether no handshake goes on: only the traffic states say so, and those are built from
    /// proofs. Application data is sent in no other.
    pub(crate) fn is_traffic(&self) -> bool {
        matches!(
            self,
            Self::Client12(Client12::Traffic(_)) | Self::Server12(Server12::Traffic(_))
        )
    }

    /// Whether nothing of the first handshake has come to a server.
    pub(crate) fn is_untouched(&self) -> bool {
        matches!(self, Self::ClientHello(_))
    }

    /// Whether a server's HelloRequest waits for the client's answer.
    pub(crate) fn has_asked(&self) -> bool {
        matches!(self, Self::Server12(Server12::Traffic(s)) if s.has_asked())
    }

    /// Whether the peer has changed its keys and not proven them yet: nothing but its Finished may
    /// come, no application data either.
    pub(crate) fn expects_finished(&self) -> bool {
        matches!(
            self,
            Self::Client12(Client12::ServerFinished(_))
                | Self::Server12(Server12::ClientFinished(_))
        )
    }
}

/// The one arm for everything that the tables do not have.
fn unexpected(state: &str, input: &Input<'_>) -> Error {
    let reason = match input {
        Input::ChangeCipherSpec => Reason::UnexpectedCcs,
        Input::Message(_) => Reason::UnexpectedMessage,
        Input::Start | Input::Answer(_) | Input::NoRenegotiation => Reason::Bug,
    };
    Error::with(
        reason,
        format!("{state} was expected, {} came", input.kind()),
    )
}
