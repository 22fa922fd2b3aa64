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
//!
//! Where the row has a pre-shared key, both ends put it around that secret at the end.

mod dhe;
mod ecdhe;
mod premaster;
pub(super) mod psk;
mod rsa;

pub(super) use rsa::EncryptedSecret;

use crate::crypto::{Agreement, KeyExchangeKind, PrivateKey, Psk, PublicKey, Secret};
use crate::error::{Reason, Result};
use crate::handshake::Env;
use crate::handshake::effect::Effects;
use crate::msg::server_key_exchange::{ServerKeyExchange, ServerShare, encode_params};
use crate::wire::{NamedGroup, ProtocolVersion, Short};
use std::sync::Arc;

/// The server's half as a client keeps it until the flight is complete and judged.
pub(super) struct Theirs {
    /// psk_identity_hint; empty where there is none.
    hint: Vec<u8>,
    half: TheirHalf,
}

enum TheirHalf {
    Ecdhe(ecdhe::Theirs),
    Dhe(dhe::Theirs),
    Rsa,
    Nothing,
}

/// A public value: of an elliptic curve as a rule, and then no longer than a point on P-256.
type Share = Short<u8, 65>;

/// What a client answers with.
pub(super) struct ClientHalf {
    /// What stands in ClientKeyExchange, behind a PSK identity.
    pub(super) share: Share,
    pub(super) secret: Secret,
}

impl Theirs {
    /// Where there is no ServerKeyExchange.
    pub(super) fn without_message(kind: KeyExchangeKind) -> Self {
        Self {
            hint: Vec::new(),
            half: TheirHalf::without_share(kind),
        }
    }

    /// The group, where it has a name.
    pub(super) fn group(&self) -> Option<NamedGroup> {
        match &self.half {
            TheirHalf::Ecdhe(theirs) => Some(theirs.group),
            TheirHalf::Dhe(theirs) => theirs.params.group(),
            TheirHalf::Rsa | TheirHalf::Nothing => None,
        }
    }

    /// Checks what a ServerKeyExchange says against what we offered.
    pub(super) fn accept(
        kind: KeyExchangeKind,
        message: &ServerKeyExchange<'_>,
        env: Env<'_>,
        fx: &mut Effects,
    ) -> Result<Self> {
        let half = match message.share {
            ServerShare::Ecdhe { group, public } => {
                TheirHalf::Ecdhe(ecdhe::Theirs::accept(group, public, env, fx)?)
            }
            ServerShare::Dhe { p, g, public } => {
                TheirHalf::Dhe(dhe::Theirs::accept(p, g, public, env, fx)?)
            }
            ServerShare::Nothing => TheirHalf::without_share(kind),
        };
        Ok(Self {
            hint: message.hint.to_vec(),
            half,
        })
    }

    /// psk_identity_hint; empty where there is none.
    pub(super) fn hint(&self) -> &[u8] {
        &self.hint
    }

    /// Computes our half and the secret. `key` is that of the server's certificate, `psk` what was
    /// chosen for its hint, where the key exchange has them.
    pub(super) fn answer(
        &self,
        key: Option<&dyn PublicKey>,
        psk: Option<&Psk>,
        env: Env<'_>,
    ) -> Result<ClientHalf> {
        let half = match &self.half {
            TheirHalf::Ecdhe(theirs) => Some(theirs.answer(env)?),
            TheirHalf::Dhe(theirs) => Some(theirs.answer(env)?),
            TheirHalf::Rsa => Some(rsa::answer(key.ok_or(Reason::Bug)?, env)?),
            TheirHalf::Nothing => None,
        };
        match (half, psk) {
            (Some(half), None) => Ok(half),
            (Some(half), Some(psk)) => Ok(ClientHalf {
                secret: psk::pre_master(Some(&half.secret), &psk.key),
                share: half.share,
            }),
            (None, Some(psk)) => Ok(ClientHalf {
                secret: psk::pre_master(None, &psk.key),
                share: Share::new(),
            }),
            (None, None) => Err(Reason::Bug.into()),
        }
    }
}

impl TheirHalf {
    fn without_share(kind: KeyExchangeKind) -> Self {
        match kind.row().agreement {
            Agreement::Rsa => Self::Rsa,
            Agreement::Nothing | Agreement::Ecdhe | Agreement::Dhe => Self::Nothing,
        }
    }
}

/// A server's own half.
pub(super) struct Ours {
    kind: KeyExchangeKind,
    half: OurHalf,
}

enum OurHalf {
    Ecdhe(ecdhe::Ours),
    Dhe(dhe::Ours),
    Rsa(rsa::Ours),
    Nothing,
}

/// What a server needs to begin.
pub(super) struct Start {
    pub(super) kind: KeyExchangeKind,
    pub(super) group: Option<NamedGroup>,
    /// The key of our certificate, where there is one.
    pub(super) key: Option<Arc<dyn PrivateKey>>,
    /// The version of the ClientHello.
    pub(super) version: ProtocolVersion,
}

/// What a ClientKeyExchange comes to, the pre-shared key aside.
pub(super) enum Outcome {
    Secret(Secret),
    /// Our certificate's key must be asked first.
    Encrypted(EncryptedSecret),
    /// There is no secret but the pre-shared key.
    Nothing,
}

impl Ours {
    pub(super) fn start(start: Start, env: Env<'_>, fx: &mut Effects) -> Result<Self> {
        let half = match start.kind.row().agreement {
            Agreement::Ecdhe => {
                let group = start.group.ok_or(Reason::Bug)?;
                OurHalf::Ecdhe(ecdhe::Ours::start(group, env, fx)?)
            }
            Agreement::Dhe => OurHalf::Dhe(dhe::Ours::start(start.group, env, fx)?),
            Agreement::Rsa => OurHalf::Rsa(rsa::Ours {
                key: start.key.ok_or(Reason::Bug)?,
                version: start.version,
            }),
            Agreement::Nothing => OurHalf::Nothing,
        };
        let kind = start.kind;
        Ok(Self { kind, half })
    }

    /// The group, where it has a name.
    pub(super) fn group(&self) -> Option<NamedGroup> {
        match &self.half {
            OurHalf::Ecdhe(ours) => Some(ours.group),
            OurHalf::Dhe(ours) => ours.params.group(),
            OurHalf::Rsa(_) | OurHalf::Nothing => None,
        }
    }

    /// What stands in ServerKeyExchange before its signature; `hint` is psk_identity_hint.
    pub(super) fn params(&self, hint: &[u8], out: &mut Vec<u8>) {
        let share = match &self.half {
            OurHalf::Ecdhe(ours) => ours.share(),
            OurHalf::Dhe(ours) => ours.share(),
            OurHalf::Rsa(_) | OurHalf::Nothing => ServerShare::Nothing,
        };
        encode_params(self.kind.row(), hint, &share, out);
    }

    /// Takes the client's half.
    pub(super) fn complete(self, share: &[u8], env: Env<'_>) -> Result<Outcome> {
        match self.half {
            OurHalf::Ecdhe(ours) => ours.complete(share).map(Outcome::Secret),
            OurHalf::Dhe(ours) => ours.complete(share).map(Outcome::Secret),
            OurHalf::Rsa(ours) => ours.complete(share, env).map(Outcome::Encrypted),
            OurHalf::Nothing => Ok(Outcome::Nothing),
        }
    }
}
