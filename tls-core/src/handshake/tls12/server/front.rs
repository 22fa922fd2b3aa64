//! What a server decides before it answers a ClientHello. Each decision is a function that goes on
//! with the next one, or asks a question and becomes the state that waits for its answer.
//!
//! ```text
//!   ClientHello  (what the application makes of it)  (the session, if there is one)  full or resumed
//! ```

use super::{Server12, resume, server_hello};
use crate::crypto::Answer;
use crate::error::Result;
use crate::handshake::effect::{Effect, Effects};
use crate::handshake::hello::Greeting;
use crate::handshake::{Env, Question, question};
use crate::session::{SessionState, open_stored, open_ticket};
use crate::wire::ExtensionType as E;
use resume::{Found, Resumption};

/// A ClientHello came. This is where an application's say in it comes in, before anything is
/// looked up or chosen.
pub(crate) fn greeted(greeting: Box<Greeting>, env: Env<'_>, fx: &mut Effects) -> Result<Server12> {
    look_up(greeting, env, fx)
}

/// Whether the client has a session with us: in its ticket, or under its session ID.
fn look_up(greeting: Box<Greeting>, env: Env<'_>, fx: &mut Effects) -> Result<Server12> {
    let (config, offer) = (env.config, &greeting.offer);
    let sessions = &config.sessions;
    let takes_tickets = sessions.tickets && config.server_extensions.contains(&E::SESSION_TICKET);
    let ticket = offer.ticket.as_deref().filter(|t| !t.is_empty());
    if let (true, Some(sealer), Some(ticket)) = (takes_tickets, &sessions.sealer, ticket) {
        // RFC 5077 §3.4: beside a ticket the session ID is not looked up.
        let found = open_ticket(&**sealer, ticket, config.clock.now());
        let found = found.map(|(state, renew)| (state, Found::Ticket { renew }));
        return decide(*greeting, found, env, fx);
    }
    match &sessions.store {
        Some(store) if !offer.session_id.is_empty() => {
            fx.push(Effect::Ask(Question::Session {
                store: store.clone(),
                id: offer.session_id.clone(),
            }));
            Ok(Server12::Session(ExpectSession(greeting)))
        }
        _ => decide(*greeting, None, env, fx),
    }
}

/// The store looks for the session.
pub(crate) struct ExpectSession(Box<Greeting>);

impl ExpectSession {
    /// What cannot be opened was not found.
    pub(super) fn on_answer(
        self,
        answer: Answer,
        env: Env<'_>,
        fx: &mut Effects,
    ) -> Result<Server12> {
        let (greeting, sessions) = (*self.0, &env.config.sessions);
        let open = |value: &[u8]| {
            let (store, sealer) = (sessions.store.as_deref()?, sessions.sealer.as_deref());
            let (id, now) = (&greeting.offer.session_id, env.config.clock.now());
            open_stored(store, sealer, id, value, now)
        };
        let found = question::session(answer).and_then(|value| open(&value));
        decide(greeting, found.map(|state| (state, Found::Id)), env, fx)
    }
}

/// A session that was found is resumed if everything about it still holds; else the handshake is a
/// full one.
fn decide(
    greeting: Greeting,
    found: Option<(SessionState, Found)>,
    env: Env<'_>,
    fx: &mut Effects,
) -> Result<Server12> {
    if let Some((state, found)) = found
        && let Some(resumption) = Resumption::check(state, found, &greeting.offer, env.config)?
    {
        return resumption.resume(greeting, env, fx);
    }
    server_hello::server_hello(&greeting.offer, greeting.transcript, env, fx)
}
