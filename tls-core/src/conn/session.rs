//! A connection and its session.

use super::{Connection, Role};
use crate::error::{Error, Reason, Result};
use crate::handshake::{Handshake, SessionEffect};
use crate::session::ClientSession;
use crate::wire::AlertDescription;
use std::sync::Arc;

impl Connection {
    /// A client that has not begun, or its next renegotiation, offers this session, in place of what its configuration's store
    /// has. One that does not fit (another name, policy, trust or verification; over; a suite that
    /// is not offered) is passed over: the handshake is a full one.
    pub fn set_session(&mut self, session: Option<Arc<ClientSession>>) -> Result<()> {
        if self.role == Role::Server {
            return Err(Error::with(Reason::WrongRole, "a server offers no session"));
        }
        let Some(offer) = self.handshake.as_mut().and_then(Handshake::offer) else {
            let text = "a handshake goes on: a session can be offered before it begins";
            return Err(Error::with(Reason::WrongOrder, text));
        };
        *offer = session;
        Ok(())
    }

    /// The session that a client can offer next time; `None` on servers, before the handshake is
    /// complete, and where the server keeps none.
    pub fn session(&self) -> Option<&Arc<ClientSession>> {
        self.session.as_ref().filter(|_| self.facts.established)
    }

    pub(super) fn on_session(&mut self, effect: SessionEffect) {
        match effect {
            SessionEffect::Offer(session) => *self.newest_session() = Some(session),
            SessionEffect::Keep(session) => {
                if let Some(store) = &self.config.sessions.client_store {
                    store.put(session.binding(), session.clone());
                }
                *self.newest_session() = Some(session);
            }
            SessionEffect::Forget => self.drop_session(),
            SessionEffect::Store {
                id,
                value,
                lifetime,
            } => {
                let config = self.handshake_config();
                if let Some(store) = &config.sessions.store {
                    store.put(&id, &value, config.clock.now(), lifetime);
                }
                self.learning().session_id = id.to_vec();
            }
        }
    }

    /// RFC 5246 §7.2.2: a connection that ends with a fatal alert, whoever sent it, takes its
    /// session with it. A transport that merely ends does not (§7.2.1), nor does a close_notify. A ticket
    /// that is out cannot be called back.
    pub(super) fn forget_session(&mut self, error: &Error) {
        if matches!(
            error.alert(),
            None | Some((AlertDescription::CLOSE_NOTIFY, _))
        ) {
            return;
        }
        self.drop_session();
        if self.renegotiation.take().is_some() {
            self.drop_session();
        }
    }

    /// The session of the handshake that goes on, or else of the last.
    fn newest_session(&mut self) -> &mut Option<Arc<ClientSession>> {
        match &mut self.renegotiation {
            Some(learned) => &mut learned.session,
            None => &mut self.session,
        }
    }

    /// That one, out of its store too.
    fn drop_session(&mut self) {
        if self.role == Role::Server {
            let id = core::mem::take(&mut self.learning().session_id);
            let store = &self.handshake_config().sessions.store;
            if let (false, Some(store)) = (id.is_empty(), store) {
                store.remove(&id);
            }
        }
        if let Some(session) = self.newest_session().take()
            && let Some(store) = &self.config.sessions.client_store
        {
            store.remove(session.binding(), &session);
        }
    }
}
