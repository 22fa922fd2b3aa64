//! The handshake as states and steps: `step(state, input) -> (state, effects)`, or an error.
//!
//! A step sees the configuration and what it was given; it holds no handle on the connection. What
//! it wants to happen it appends to [`Effects`].

mod effect;
mod hello;
mod input;
mod judge;
mod negotiate;
mod proof;
mod question;
mod tls12;
mod transcript;

pub(crate) use effect::{Derived, Effect, Effects, Fact, SessionEffect};
pub(crate) use input::Input;
pub(crate) use question::{Asked, Question};

use crate::cert::ServerName;
use crate::config::Config;
use crate::error::{Error, Reason, Result};
use crate::msg;
use crate::session::ClientSession;
use crate::wire::HandshakeType as T;
use hello::{ExpectClientHello, ExpectServerHello};
use std::sync::Arc;
use tls12::{Client12, Server12};

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

    /// Whether a client has not spoken yet.
    pub(crate) fn is_client_start(&self) -> bool {
        matches!(self, Self::ClientStart(_))
    }

    /// RFC 5246 §7.3. What has no line here or in a version's own table is `unexpected_message`.
    pub(crate) fn step(self, input: Input<'_>, env: Env<'_>, fx: &mut Effects) -> Result<Self> {
        match (self, input) {
            (Self::ClientStart(session), Input::Start) => hello::start(session, env, fx),
            // RFC 5246 §7.4.1.1: ignored by a client that is negotiating already.
            (s @ Self::ServerHello(_), Input::Message(m)) if m.typ == T::HELLO_REQUEST => {
                msg::decode_empty("HelloRequest", m.body()).map(|()| s)
            }
            (Self::ServerHello(s), Input::Message(m)) => (*s).on_message(&m, env, fx),
            (Self::Client12(s), input) => s.step(input, env, fx).map(Self::Client12),
            (Self::ClientHello(s), Input::Message(m)) => s.on_message(&m, env, fx),
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

    /// Whether application data may flow: only the traffic states say so, and those are built from
    /// proofs.
    pub(crate) fn is_established(&self) -> bool {
        matches!(
            self,
            Self::Client12(Client12::Traffic(_)) | Self::Server12(Server12::Traffic(_))
        )
    }
}

/// The one arm for everything that the tables do not have.
fn unexpected(state: &str, input: &Input<'_>) -> Error {
    let reason = match input {
        Input::ChangeCipherSpec => Reason::UnexpectedCcs,
        Input::Message(_) => Reason::UnexpectedMessage,
        Input::Start | Input::Answer(_) => Reason::Bug,
    };
    Error::with(
        reason,
        format!("{state} was expected, {} came", input.kind()),
    )
}
