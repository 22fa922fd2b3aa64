//! Telling an observer what was decided, and why.

use super::Env;
use super::effect::{Effect, Effects};
use super::hello::Offer;
use super::negotiate::Choice;
use crate::cert::Keypair;
use crate::config::Preference;
use crate::crypto::Suite;
use crate::inspect::Decision;

/// Tells a decision, if anybody looks on.
pub(super) fn decision(env: Env<'_>, fx: &mut Effects, make: impl FnOnce() -> Decision) {
    if env.observed {
        fx.push(Effect::Tell(Box::new(make())));
    }
}

/// What a server chose for a full handshake.
pub(super) fn server_choice(
    offer: &Offer,
    choice: &Choice,
    alpn: Option<&[u8]>,
    env: Env<'_>,
    fx: &mut Effects,
) {
    if !env.observed {
        return;
    }
    let config = env.config;
    let order = match config.preference {
        Preference::Server => "the first of our order that a keypair of ours and the client allow",
        Preference::Client => "the first of the client's order that a keypair of ours allows",
    };
    let offered = offer.suites.iter().map(|id| suite_name(*id));
    let chosen = Some(choice.suite.openssl_name.to_owned());
    decision(env, fx, || {
        Decision::new("cipher suite", chosen, offered, order)
    });
    if let Some(group) = choice.group {
        let offered = offer.groups.as_deref().unwrap_or_default();
        let chosen = Some(group.to_string());
        decision(env, fx, || Decision::new("group", chosen, offered, order));
    }
    if let Some(keypair) = choice.keypair.and_then(|at| config.keypairs.get(at)) {
        let reason = match &offer.server_name {
            Some(name) => format!("the best of ours for {name:?} and what the client verifies"),
            None => "the first of ours that the client verifies: it names no host".to_owned(),
        };
        let titles = config.keypairs.iter().map(|k| title(k));
        let chosen = Some(title(keypair));
        decision(env, fx, || {
            Decision::new("certificate", chosen, titles, reason)
        });
    }
    if let Some(scheme) = choice.scheme {
        let offered = offer.schemes.as_deref().unwrap_or_default();
        let chosen = Some(scheme.to_string());
        decision(env, fx, || {
            Decision::new("signature scheme", chosen, offered, order)
        });
    }
    protocol(offer, alpn, env, fx);
}

/// The application protocol, in a resumed handshake too.
pub(super) fn protocol(offer: &Offer, chosen: Option<&[u8]>, env: Env<'_>, fx: &mut Effects) {
    let Some(names) = offer.alpn.as_ref().filter(|_| env.previous.is_none()) else {
        return;
    };
    let reason = match (chosen, &env.config.alpn_selector) {
        (_, Some(_)) => "the application's choice",
        (Some(_), None) => "the first of our order that the client offers",
        (None, None) => "no protocols are configured",
    };
    let offered = names.iter().map(readable);
    decision(env, fx, || {
        Decision::new("protocol", chosen.map(readable), offered, reason)
    });
}

/// Whether a session is resumed.
pub(super) fn session(env: Env<'_>, fx: &mut Effects, resumed: bool, reason: &'static str) {
    let chosen = if resumed { "resumed" } else { "full handshake" };
    decision(env, fx, || {
        let ways = ["resumed", "full handshake"];
        Decision::new("session", Some(chosen.to_owned()), ways, reason)
    });
}

/// What the server chose among a client's suites.
pub(super) fn suite_of_server(suite: &'static Suite, env: Env<'_>, fx: &mut Effects) {
    decision(env, fx, || {
        let offered = env.config.usable_suites().map(|s| s.openssl_name);
        let chosen = Some(suite.openssl_name.to_owned());
        Decision::new("cipher suite", chosen, offered, "the server's choice")
    });
}

fn suite_name(id: u16) -> String {
    Suite::by_id(id).map_or_else(|| format!("{id:#06x}"), |s| s.openssl_name.to_owned())
}

fn title(keypair: &Keypair) -> String {
    let name = keypair.dns_names().next().unwrap_or("(no DNS name)");
    format!("{name}, {}", keypair.kind())
}

/// A protocol's name as text, whatever it holds.
fn readable(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}
