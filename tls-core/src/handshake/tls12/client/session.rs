//! What a client keeps of a handshake.

use super::Client12;
use super::finished::{Ending, ExpectServerCcs};
use crate::error::Result;
use crate::handshake::Env;
use crate::handshake::effect::{Effect, Effects, SessionEffect};
use crate::msg::new_session_ticket::NewSessionTicket;
use crate::record::RawMessage;
use crate::session::{ClientSession, MAX_CLIENT_TICKET, SessionId, SessionState};
use std::sync::Arc;

/// What a NewSessionTicket brought.
pub(super) struct NewTicket {
    /// Seconds; 0 says nothing.
    lifetime_hint: u32,
    ticket: Vec<u8>,
}

/// The server promised a ticket.
pub(crate) struct ExpectNewSessionTicket(pub(super) Ending);

impl ExpectNewSessionTicket {
    /// RFC 5077 §3.3. An empty ticket takes the promise back; one that is too long for our next
    /// ClientHello is not kept.
    pub(super) fn on_message(mut self, message: &RawMessage<'_>) -> Result<Client12> {
        let new = NewSessionTicket::decode(message.body())?;
        self.0.agreed.transcript.add(message.encoded);
        if (1..=MAX_CLIENT_TICKET).contains(&new.ticket.len()) {
            self.0.ticket = Some(NewTicket {
                lifetime_hint: new.lifetime_hint,
                ticket: new.ticket.to_vec(),
            });
        }
        Ok(Client12::ServerCcs(ExpectServerCcs(self.0)))
    }
}

impl Ending {
    /// The handshake is complete: what is there to resume next time?
    pub(super) fn keep_session(&mut self, env: Env<'_>, fx: &mut Effects) {
        let effect = match (self.resumed.take(), self.ticket.take()) {
            (Some(_), None) => return,
            (Some(old), Some(new)) => renewed(&old, new, env),
            (None, new) => self.first(new, env),
        };
        fx.push(Effect::Session(effect));
    }

    /// Of a full handshake. With a ticket the session ID means nothing (RFC 5077 §3.4).
    fn first(&mut self, new: Option<NewTicket>, env: Env<'_>) -> SessionEffect {
        let id = core::mem::take(&mut self.agreed.keep.session_id);
        let state = self.agreed.session(&self.master, env.config);
        match (state, new) {
            (Some(state), Some(new)) => with_ticket(state, new),
            (Some(state), None) if !id.is_empty() => SessionEffect::Keep(Arc::new(ClientSession {
                state,
                id,
                ticket: Vec::new(),
            })),
            _ => SessionEffect::Forget,
        }
    }
}

/// A new ticket for a session that was resumed (RFC 5077 §3.3): it lives longer, but not beyond
/// what a session may since its full handshake.
fn renewed(old: &ClientSession, new: NewTicket, env: Env<'_>) -> SessionEffect {
    let mut state = old.state.clone();
    state.issued = env.config.clock.now().as_secs();
    state.lifetime = env.config.sessions.lifetime();
    with_ticket(state.within_its_proofs(), new)
}

fn with_ticket(mut state: SessionState, new: NewTicket) -> SessionEffect {
    if new.lifetime_hint != 0 {
        state.lifetime = state.lifetime.min(new.lifetime_hint);
    }
    SessionEffect::Keep(Arc::new(ClientSession {
        state,
        id: SessionId::new(),
        ticket: new.ticket,
    }))
}
