use super::super::Env;
use crate::error::Result;
use crate::session::{Binding, ClientSession, SessionId, random_id};
use crate::wire::ExtensionType as E;
use std::sync::Arc;

/// The session that a ClientHello offers to resume.
pub(crate) struct OfferedSession {
    pub(crate) session: Arc<ClientSession>,
    /// The session ID that is sent with it; its echo accepts the session. A ticket goes with a
    /// random one (RFC 5077 §3.4), so that the answer can be told from a full handshake's.
    pub(crate) id: SessionId,
}

impl OfferedSession {
    /// The given session, or the store's, if it can be resumed as things are. A renegotiation, which
    /// is there to change something, offers none by itself.
    pub(super) fn choose(
        given: Option<Arc<ClientSession>>,
        binding: Option<&Binding>,
        env: Env<'_>,
    ) -> Result<Option<Self>> {
        let Some(binding) = binding else {
            return Ok(None);
        };
        let store = env.config.sessions.client_store.as_ref();
        let stored = || store.filter(|_| env.previous.is_none())?.get(binding);
        let Some(session) = given.or_else(stored).filter(|s| fits(s, binding, env)) else {
            return Ok(None);
        };
        let mut id = session.id.clone();
        if id.is_empty() {
            id = random_id(&*env.config.random)?;
        }
        Ok(Some(Self { session, id }))
    }
}

/// Whether a session may be offered: made under what this connection asks for too, not over, its
/// suite among those that are offered.
fn fits(session: &ClientSession, binding: &Binding, env: Env<'_>) -> bool {
    let config = env.config;
    let state = &session.state;
    let offered = |typ| config.client_extensions.contains(&typ);
    // RFC 7627 §5.3: a server must refuse to resume such a session without the extension; one that
    // never had it should not be offered at all.
    let ems = if state.extended_master_secret {
        offered(E::EXTENDED_MASTER_SECRET)
    } else {
        config.policy.resumption_without_ems
    };
    let sendable = if session.ticket.is_empty() {
        !session.id.is_empty()
    } else {
        config.takes_tickets() && offered(E::SESSION_TICKET)
    };
    state.binding == *binding
        && state.is_fresh(config.clock.now().as_secs())
        && config.usable_suites().any(|s| s.id == state.suite.id)
        && ems
        // RFC 6066 §4: it holds for the session.
        && (state.max_fragment_length.is_none()
            || state.max_fragment_length == config.max_fragment_length)
        && sendable
}
