//! What a server decides before it answers a ClientHello. Each decision is a function that goes on
//! with the next one, or asks a question and becomes the state that waits for its answer.
//!
//! ```text
//!   ClientHello  (what the application makes of it)  (the session, if there is one)  (its pre-shared key)
//!   resumed, or full  (the application's keypairs)
//! ```

use super::super::kx::psk;
use super::{Server12, resume, server_hello};
use crate::cert::Keypair;
use crate::config::{Config, HelloDecision, HelloHandler};
use crate::crypto::{Answer, Secret};
use crate::error::{Error, Reason, Result};
use crate::handshake::effect::{Effect, Effects};
use crate::handshake::hello::Greeting;
use crate::handshake::{Env, Question, question, tell};
use crate::session::{SessionState, open_stored, open_ticket};
use crate::wire::{AlertDescription, ExtensionType as E};
use resume::{Found, Resumption};
use std::sync::Arc;

/// A ClientHello came. The application has its say before anything is looked up or chosen.
pub(crate) fn greeted(greeting: Box<Greeting>, env: Env<'_>, fx: &mut Effects) -> Result<Server12> {
    match &env.config.on_hello {
        Some(handler) => Ok(Decision::Hello.ask(handler, *greeting, fx)),
        None => look_up(greeting, env, fx),
    }
}

/// What the application decides.
#[derive(Clone, Copy)]
enum Decision {
    /// Everything.
    Hello,
    /// Which keypairs there are to choose from.
    Certificate,
}

/// The application decides.
pub(crate) struct ExpectDecision {
    decision: Decision,
    /// Shared with the question.
    greeting: Arc<Greeting>,
}

impl Decision {
    fn ask(
        self,
        handler: &Arc<dyn HelloHandler>,
        greeting: Greeting,
        fx: &mut Effects,
    ) -> Server12 {
        let greeting = Arc::new(greeting);
        fx.ask(Question::Hello {
            handler: handler.clone(),
            greeting: greeting.clone(),
        });
        Server12::Decision(ExpectDecision {
            decision: self,
            greeting,
        })
    }

    fn go_on(self, greeting: Greeting, env: Env<'_>, fx: &mut Effects) -> Result<Server12> {
        match self {
            Self::Hello => look_up(Box::new(greeting), env, fx),
            Self::Certificate => {
                server_hello::server_hello(&greeting.offer, greeting.transcript, env, fx)
            }
        }
    }
}

impl ExpectDecision {
    pub(super) fn on_answer(
        self,
        answer: Answer,
        env: Env<'_>,
        fx: &mut Effects,
    ) -> Result<Server12> {
        let greeting = Arc::into_inner(self.greeting).ok_or(Reason::Bug)?;
        let config = match (question::decision(answer)?, self.decision) {
            (HelloDecision::GoOn, Decision::Certificate) => {
                return self.decision.go_on(greeting, env, fx);
            }
            (HelloDecision::GoOn, Decision::Hello) => {
                check(env.config)?;
                return self.decision.go_on(greeting, env, fx);
            }
            (HelloDecision::Refuse(alert), _) => {
                return Err(Error::new(Reason::Rejected).and_alert(alert).fatally());
            }
            (HelloDecision::Keypairs(keypairs), _) => {
                // They are of another configuration, whose policy and level may ask for less.
                let weak = |k: &Arc<Keypair>| env.config.check_keypair(k);
                keypairs.iter().try_for_each(weak).map_err(ours)?;
                Arc::new(Config {
                    keypairs,
                    ..env.config.clone()
                })
            }
            (HelloDecision::Config(chosen), Decision::Hello) => {
                Arc::new(env.config.exchanged_for(&chosen))
            }
            (HelloDecision::Config(_), Decision::Certificate) => {
                let text = "another configuration comes too late where certificates are chosen";
                return Err(Error::with(Reason::CallbackMisbehaved, text));
            }
        };
        check(&config)?;
        fx.push(Effect::Configure(config.clone()));
        let env = Env {
            config: &config,
            ..env
        };
        self.decision.go_on(greeting, env, fx)
    }
}

/// Whether the client can be served with what was decided.
fn check(config: &Config) -> Result<()> {
    config
        .unusable_chosen()
        .map_or(Ok(()), |error| Err(ours(error)))
}

/// The mistake of the application, which the client learns nothing of.
fn ours(error: Error) -> Error {
    error.and_alert(AlertDescription::INTERNAL_ERROR)
}

/// Whether the client has a session with us: in its ticket, or under its session ID.
fn look_up(greeting: Box<Greeting>, env: Env<'_>, fx: &mut Effects) -> Result<Server12> {
    let (config, offer) = (env.config, &greeting.offer);
    let sessions = &config.sessions;
    let takes_tickets =
        config.takes_tickets() && config.server_extensions.contains(&E::SESSION_TICKET);
    let ticket = offer.ticket.as_deref().filter(|t| !t.is_empty());
    if let (true, Some(sealer), Some(ticket)) = (takes_tickets, &sessions.sealer, ticket) {
        // RFC 5077 §3.4: beside a ticket the session ID is not looked up.
        let found = open_ticket(&**sealer, ticket, config.clock.now());
        let found = found.map(|(state, renew)| (state, Found::Ticket { renew }));
        return decide(*greeting, found, env, fx);
    }
    match &sessions.store {
        Some(store) if !offer.session_id.is_empty() => {
            fx.ask(Question::Session {
                store: store.clone(),
                id: offer.session_id.clone(),
            });
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

/// A session that was found is resumed if everything about it still holds, the client's pre-shared key
/// among it.
fn decide(
    greeting: Greeting,
    found: Option<(SessionState, Found)>,
    env: Env<'_>,
    fx: &mut Effects,
) -> Result<Server12> {
    let ask = |(state, _): &(SessionState, Found)| {
        resume::key_question(state, &greeting.offer, env.config)
    };
    let Some(question) = found.as_ref().and_then(ask) else {
        return decided(greeting, found, None, env, fx);
    };
    fx.ask(question);
    Ok(Server12::SessionKey(ExpectSessionKey(Box::new((
        greeting, found,
    )))))
}

/// Whoever has our pre-shared keys looks for the one that the session was made with.
pub(crate) struct ExpectSessionKey(Box<(Greeting, Option<(SessionState, Found)>)>);

impl ExpectSessionKey {
    pub(super) fn on_answer(
        self,
        answer: Answer,
        env: Env<'_>,
        fx: &mut Effects,
    ) -> Result<Server12> {
        let (greeting, found) = *self.0;
        decided(greeting, found, psk::found(answer)?, env, fx)
    }
}

/// Resumption, or a full handshake.
fn decided(
    greeting: Greeting,
    found: Option<(SessionState, Found)>,
    key: Option<Secret>,
    env: Env<'_>,
    fx: &mut Effects,
) -> Result<Server12> {
    let (offer, key) = (&greeting.offer, key.as_ref());
    let why = env.observed.then(|| {
        found
            .as_ref()
            .map(|(s, _)| resume::obstacle(s, offer, env.config, key))
    });
    let resumption = match found {
        Some((state, found)) => Resumption::check(state, found, offer, env.config, key)?,
        None => None,
    };
    if let Some(obstacle) = why {
        tell::session(
            env,
            fx,
            resumption.is_some(),
            reason(obstacle, resumption.is_some()),
        );
    }
    if let Some(resumption) = resumption {
        return resumption.resume(greeting, env, fx);
    }
    match &env.config.on_certificate {
        Some(handler) => Ok(Decision::Certificate.ask(handler, greeting, fx)),
        None => Decision::Certificate.go_on(greeting, env, fx),
    }
}

/// Why a session is resumed, or is not; `None`: there was none.
fn reason(obstacle: Option<Option<&'static str>>, resumed: bool) -> &'static str {
    match obstacle {
        None => "the client offers none, or none that was found and could be opened",
        Some(Some(obstacle)) => obstacle,
        Some(None) if resumed => "everything that it was made under still holds",
        Some(None) => "it lacks the extended master secret, or a client's certificate",
    }
}
