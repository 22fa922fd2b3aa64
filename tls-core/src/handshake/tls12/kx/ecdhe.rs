//! Ephemeral elliptic-curve Diffie-Hellman on a named curve (RFC 8422 §5.4, §5.7).

use super::{ClientHalf, Share};
use crate::crypto::{ActiveKeyExchange, Secret};
use crate::error::{Error, Reason, Result};
use crate::handshake::Env;
use crate::handshake::effect::{Effects, Fact};
use crate::msg::server_key_exchange::ServerShare;
use crate::wire::NamedGroup;

/// The server's point, as a client has it.
pub(in crate::handshake::tls12) struct Theirs {
    pub(super) group: NamedGroup,
    public: Share,
}

impl Theirs {
    /// RFC 8422 §5.4: the group must be one that we offered.
    pub(super) fn accept(
        group: NamedGroup,
        public: &[u8],
        env: Env<'_>,
        fx: &mut Effects,
    ) -> Result<Self> {
        if group.is_ffdhe() || !env.config.groups.contains(&group) {
            return Err(Error::with(
                Reason::GroupNotOffered,
                format!("the server chose the group {group}, which was not offered"),
            ));
        }
        fx.learn(Fact::Group(group));
        Ok(Self {
            group,
            public: public.into(),
        })
    }

    pub(super) fn answer(&self, env: Env<'_>) -> Result<ClientHalf> {
        let ours = draw(self.group, env)?;
        let share = ours.public().into();
        let secret = agree(ours, &self.public, "server", self.group)?;
        Ok(ClientHalf { share, secret })
    }
}

/// A server's key pair, used once.
pub(in crate::handshake::tls12) struct Ours {
    pub(super) group: NamedGroup,
    ephemeral: Box<dyn ActiveKeyExchange>,
}

impl Ours {
    pub(super) fn start(group: NamedGroup, env: Env<'_>, fx: &mut Effects) -> Result<Self> {
        let ephemeral = draw(group, env)?;
        fx.learn(Fact::Group(group));
        Ok(Self { group, ephemeral })
    }

    pub(super) fn share(&self) -> ServerShare<'_> {
        ServerShare::Ecdhe {
            group: self.group,
            public: self.ephemeral.public(),
        }
    }

    pub(super) fn complete(self, public: &[u8]) -> Result<Secret> {
        agree(self.ephemeral, public, "client", self.group)
    }
}

fn draw(group: NamedGroup, env: Env<'_>) -> Result<Box<dyn ActiveKeyExchange>> {
    let config = env.config;
    let group = config
        .provider
        .group(group)
        .ok_or(Reason::ProviderMissing)?;
    Ok(group
        .start(&*config.random)
        .map_err(|_| Reason::RandomFailed)?)
}

/// RFC 8422 §5.11: the peer's value must be an element of the group.
fn agree(
    ours: Box<dyn ActiveKeyExchange>,
    public: &[u8],
    whose: &str,
    group: NamedGroup,
) -> Result<Secret> {
    ours.complete(public).map_err(|_| {
        Error::with(
            Reason::BadPoint,
            format!("the {whose}'s public value is no element of {group}"),
        )
    })
}
