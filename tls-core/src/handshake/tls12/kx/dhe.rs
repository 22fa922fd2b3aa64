//! Ephemeral Diffie-Hellman in a finite field (RFC 5246 §7.4.3, §7.4.7.2; RFC 7919).

use super::ClientHalf;
use crate::config::Config;
use crate::crypto::{ActiveKeyExchange, BadDhParams, DhParams, Secret};
use crate::error::{Error, Reason, Result};
use crate::handshake::Env;
use crate::handshake::effect::{Effects, Fact};
use crate::msg::server_key_exchange::ServerShare;
use crate::wire::NamedGroup;

/// The server's parameters and public value, as a client has them.
pub(in crate::handshake::tls12) struct Theirs {
    pub(super) params: DhParams,
    public: Vec<u8>,
}

impl Theirs {
    /// RFC 7919 §3 leaves groups without a name to the client's judgement: long enough to be hard,
    /// short enough to compute with, and nothing that is plainly no group.
    pub(super) fn accept(
        p: &[u8],
        g: &[u8],
        public: &[u8],
        env: Env<'_>,
        fx: &mut Effects,
    ) -> Result<Self> {
        let params = DhParams::new(p, g).map_err(|bad| {
            let reason = match bad {
                BadDhParams::TooLarge(_) => Reason::DhTooLarge,
                BadDhParams::Malformed | BadDhParams::Nonsense => Reason::BadDhValue,
            };
            Error::with(reason, format!("the server's parameters: {bad}"))
        })?;
        let (bits, least) = (params.bits(), env.config.min_dh_bits());
        if bits < least {
            return Err(Error::with(
                Reason::DhTooSmall,
                format!("the server's Diffie-Hellman modulus has {bits} bits, {least} are wanted"),
            ));
        }
        check_public(&params, public, "server")?;
        learn(&params, fx);
        Ok(Self {
            params,
            public: public.to_vec(),
        })
    }

    pub(super) fn answer(&self, env: Env<'_>) -> Result<ClientHalf> {
        let ours = draw(&self.params, env)?;
        let share = ours.public().into();
        let secret = agree(ours, &self.public, "server")?;
        Ok(ClientHalf { share, secret })
    }
}

/// A server's key pair, used once: what leaks of the secret's leading zeroes (RFC 5246 §8.1.2) is
/// about a key that is gone.
pub(in crate::handshake::tls12) struct Ours {
    pub(super) params: DhParams,
    ephemeral: Box<dyn ActiveKeyExchange>,
}

impl Ours {
    /// In the group that was negotiated, else in the one that the configuration has for clients
    /// that name none.
    pub(super) fn start(group: Option<NamedGroup>, env: Env<'_>, fx: &mut Effects) -> Result<Self> {
        let params = params_for(group, env.config).ok_or(Reason::Bug)?.clone();
        let ephemeral = draw(&params, env)?;
        learn(&params, fx);
        Ok(Self { params, ephemeral })
    }

    pub(super) fn share(&self) -> ServerShare<'_> {
        ServerShare::Dhe {
            p: self.params.p(),
            g: self.params.g(),
            public: self.ephemeral.public(),
        }
    }

    pub(super) fn complete(self, public: &[u8]) -> Result<Secret> {
        check_public(&self.params, public, "client")?;
        agree(self.ephemeral, public, "client")
    }
}

fn params_for(group: Option<NamedGroup>, config: &Config) -> Option<&DhParams> {
    match group {
        Some(group) => DhParams::named(group),
        None => config.dh_params.as_deref(),
    }
}

fn learn(params: &DhParams, fx: &mut Effects) {
    if let Some(group) = params.group() {
        fx.learn(Fact::Group(group));
    }
    fx.learn(Fact::DhBits(params.bits()));
}

fn draw(params: &DhParams, env: Env<'_>) -> Result<Box<dyn ActiveKeyExchange>> {
    let config = env.config;
    let field = config
        .provider
        .finite_field()
        .ok_or(Reason::ProviderMissing)?;
    Ok(field
        .start(params, &*config.random)
        .map_err(|_| Reason::RandomFailed)?)
}

/// RFC 7919 §3, §5.1: 1 < Y < p - 1.
fn check_public(params: &DhParams, public: &[u8], whose: &str) -> Result<()> {
    if params.contains(public) {
        return Ok(());
    }
    Err(bad_public(whose))
}

fn agree(ours: Box<dyn ActiveKeyExchange>, public: &[u8], whose: &str) -> Result<Secret> {
    ours.complete(public).map_err(|_| bad_public(whose))
}

fn bad_public(whose: &str) -> Error {
    Error::with(
        Reason::BadDhValue,
        format!("the {whose}'s Diffie-Hellman value is out of range, or of tiny order"),
    )
}
