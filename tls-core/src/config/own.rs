//! Which settings are a connection's own, and stay when another configuration is chosen for it.

use super::{ClientAuth, Config, KeyLimits, Renegotiation, Verification};
use crate::cert::Reviewer;
use std::sync::Arc;

/// What was set for one connection alone, by the setters of [`Config`] that say so in their names. Where
/// the ClientHello callback chooses another configuration ([`super::HelloDecision::Config`]), in whichever
/// handshake, this is laid over it: what a program asked of a connection is not lost on the way. What
/// configurations are chosen for stays that of the chosen one: lists, protocols, keypairs, pre-shared
/// keys, sessions, and CAs where the connection has none of its own.
#[derive(Clone, Debug, Default)]
pub struct Own {
    client_auth: Option<ClientAuth>,
    renegotiation: Option<Renegotiation>,
    key_limits: Option<KeyLimits>,
    /// `Some(None)`: no reviewer.
    reviewer: Option<Option<Arc<dyn Reviewer>>>,
    verification: Option<OwnVerification>,
    pins: Vec<[u8; 32]>,
}

#[derive(Clone, Debug)]
struct OwnVerification {
    /// The mode and, where the chosen configuration names no verifier, who judges.
    verification: Verification,
    /// The verifier too is the connection's own: it judges whatever configuration is chosen.
    verifier: bool,
}

impl OwnVerification {
    fn over(&self, chosen: &Verification) -> Verification {
        use Verification::{AcceptAny, Required, WithoutName};
        match (&self.verification, chosen) {
            (Required(_), Required(v) | WithoutName(v)) if !self.verifier => Required(v.clone()),
            (WithoutName(_), Required(v) | WithoutName(v)) if !self.verifier => {
                WithoutName(v.clone())
            }
            (own @ (Required(_) | WithoutName(_) | AcceptAny), _) => own.clone(),
        }
    }
}

impl Config {
    /// [`Config::client_auth`] for one connection alone. Of this and what a chosen configuration says the
    /// stricter holds.
    pub fn set_own_client_auth(&mut self, asked: ClientAuth) {
        self.client_auth = asked;
        self.own.client_auth = Some(asked);
    }

    /// [`Config::renegotiation`] for one connection alone.
    pub fn set_own_renegotiation(&mut self, renegotiation: Renegotiation) {
        self.renegotiation = renegotiation;
        self.own.renegotiation = Some(renegotiation);
    }

    /// [`Config::key_limits`] for one connection alone.
    pub fn set_own_key_limits(&mut self, limits: KeyLimits) {
        self.key_limits = limits;
        self.own.key_limits = Some(limits);
    }

    /// [`Config::reviewer`] for one connection alone; `None`: no reviewer, whatever is chosen.
    pub fn set_own_reviewer(&mut self, reviewer: Option<Arc<dyn Reviewer>>) {
        self.reviewer.clone_from(&reviewer);
        self.own.reviewer = Some(reviewer);
    }

    /// [`Config::verification`] for one connection alone: how strictly and, with `verifier` in this or an
    /// earlier call, by whom too. Else the verifier of a chosen configuration judges, if it has one.
    pub fn set_own_verification(&mut self, verification: Verification, verifier: bool) {
        let before = self.own.verification.as_ref().is_some_and(|o| o.verifier);
        self.verification = verification.clone();
        self.own.verification = Some(OwnVerification {
            verification,
            verifier: verifier || before,
        });
    }

    /// A pin of [`Config::verify_options`](Config) for one connection alone, beside those of whatever is
    /// chosen.
    pub fn add_own_pin(&mut self, spki_sha256: [u8; 32]) {
        self.verify_options.pins.add(spki_sha256);
        self.own.pins.push(spki_sha256);
    }

    /// `chosen` in place of this configuration, with the settings on top that are the connection's own.
    pub(crate) fn exchanged_for(&self, chosen: &Self) -> Self {
        let own = self.own.clone();
        let mut config = chosen.clone();
        // A demand on the client is not lowered by either side.
        let asked = own.client_auth.unwrap_or_default();
        config.client_auth = config.client_auth.max(asked);
        config.renegotiation = own.renegotiation.unwrap_or(config.renegotiation);
        config.key_limits = own.key_limits.unwrap_or(config.key_limits);
        if let Some(reviewer) = &own.reviewer {
            config.reviewer.clone_from(reviewer);
        }
        if let Some(verification) = &own.verification {
            config.verification = verification.over(&chosen.verification);
        }
        own.pins
            .iter()
            .for_each(|pin| config.verify_options.pins.add(*pin));
        config.own = own;
        config
    }
}
