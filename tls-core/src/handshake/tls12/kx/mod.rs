//! Key exchanges. The row of a [`KeyExchangeKind`](crate::crypto::KeyExchangeKind) says which
//! messages there are; what stands in them and how the secret follows is one file per agreement,
//! both ends:
//!
//! ```text
//!             server: Ours                                   client: Theirs
//!   start ──▶ draw ──▶ share ──▶ ServerKeyExchange ──▶ accept (checked against the offer)
//!          complete ◀────────── ClientKeyExchange ◀── answer ──▶ secret
//!             └──▶ secret, or a question to the private key and then the secret
//! ```

mod dhe;
mod ecdhe;
mod premaster;
mod rsa;

pub(super) use rsa::EncryptedSecret;

use crate::crypto::{KeyExchangeKind, PrivateKey, PublicKey, Secret};
use crate::error::{Reason, Result};
use crate::handshake::Env;
use crate::handshake::effect::Effects;
use crate::msg::server_key_exchange::ServerShare;
use crate::wire::{NamedGroup, ProtocolVersion};
use std::sync::Arc;

/// The server's half as a client keeps it until the flight is complete and judged.
pub(super) enum Theirs {
    Ecdhe(ecdhe::Theirs),
    Dhe(dhe::Theirs),
    Rsa,
}

/// What a client answers with.
pub(super) struct ClientHalf {
    /// What stands in ClientKeyExchange.
    pub(super) share: Vec<u8>,
    pub(super) secret: Secret,
}

impl Theirs {
    /// Where there is no ServerKeyExchange.
    pub(super) fn without_message() -> Self {
        Self::Rsa
    }

    /// Checks what a ServerKeyExchange says against what we offered.
    pub(super) fn accept(share: &ServerShare<'_>, env: Env<'_>, fx: &mut Effects) -> Result<Self> {
        match *share {
            ServerShare::Ecdhe { group, public } => {
                ecdhe::Theirs::accept(group, public, env, fx).map(Self::Ecdhe)
            }
            ServerShare::Dhe { p, g, public } => {
                dhe::Theirs::accept(p, g, public, env, fx).map(Self::Dhe)
            }
            ServerShare::Nothing => Ok(Self::Rsa),
        }
    }

    /// The group, where it has a name.
    pub(super) fn group(&self) -> Option<NamedGroup> {
        match self {
            Self::Ecdhe(theirs) => Some(theirs.group),
            Self::Dhe(theirs) => theirs.params.group(),
            Self::Rsa => None,
        }
    }

    /// Computes our half and the secret. `key` is that of the server's certificate.
    pub(super) fn answer(&self, key: &dyn PublicKey, env: Env<'_>) -> Result<ClientHalf> {
        match self {
            Self::Ecdhe(theirs) => theirs.answer(env),
            Self::Dhe(theirs) => theirs.answer(env),
            Self::Rsa => rsa::answer(key, env),
        }
    }
}

/// A server's own half.
pub(super) enum Ours {
    Ecdhe(ecdhe::Ours),
    Dhe(dhe::Ours),
    Rsa(rsa::Ours),
}

/// What a server needs to begin.
pub(super) struct Start {
    pub(super) kind: KeyExchangeKind,
    pub(super) group: Option<NamedGroup>,
    /// The key of our certificate.
    pub(super) key: Arc<dyn PrivateKey>,
    /// The version of the ClientHello.
    pub(super) version: ProtocolVersion,
}

/// What a ClientKeyExchange comes to.
pub(super) enum Outcome {
    Secret(Secret),
    /// Our certificate's key must be asked first.
    Encrypted(EncryptedSecret),
}

impl Ours {
    pub(super) fn start(start: Start, env: Env<'_>, fx: &mut Effects) -> Result<Self> {
        match (start.kind, start.group) {
            (KeyExchangeKind::Ecdhe, Some(group)) => {
                ecdhe::Ours::start(group, env, fx).map(Self::Ecdhe)
            }
            (KeyExchangeKind::Dhe, group) => dhe::Ours::start(group, env, fx).map(Self::Dhe),
            (KeyExchangeKind::Rsa, _) => Ok(Self::Rsa(rsa::Ours {
                key: start.key,
                version: start.version,
            })),
            (KeyExchangeKind::Ecdhe, None) => Err(Reason::Bug.into()),
        }
    }

    /// The group, where it has a name.
    pub(super) fn group(&self) -> Option<NamedGroup> {
        match self {
            Self::Ecdhe(ours) => Some(ours.group),
            Self::Dhe(ours) => ours.params.group(),
            Self::Rsa(_) => None,
        }
    }

    /// What stands in ServerKeyExchange.
    pub(super) fn share(&self) -> ServerShare<'_> {
        match self {
            Self::Ecdhe(ours) => ours.share(),
            Self::Dhe(ours) => ours.share(),
            Self::Rsa(_) => ServerShare::Nothing,
        }
    }

    /// Takes the client's half.
    pub(super) fn complete(self, share: &[u8], env: Env<'_>) -> Result<Outcome> {
        match self {
            Self::Ecdhe(ours) => ours.complete(share).map(Outcome::Secret),
            Self::Dhe(ours) => ours.complete(share).map(Outcome::Secret),
            Self::Rsa(ours) => ours.complete(share, env).map(Outcome::Encrypted),
        }
    }
}
