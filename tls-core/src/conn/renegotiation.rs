//! Handshakes behind the first one (RFC 5746).
//!
//! What each direction may do follows from where the handshake stands, and from nothing else:
//!
//! ```text
//!                         reading data                    writing data
//!   first handshake       no                              no
//!   traffic               yes                             yes (a HelloRequest of ours changes nothing)
//!   our hello is out      yes                             waits
//!   the peer's new keys   no: its Finished comes next     waits
//! ```
//!
//! What the new handshake learns holds from its end on. Data that comes while nobody reads stays in the
//! receive buffer; when that is full, the verb waits until somebody does.

use super::receive::count;
use super::{Connection, Facts, Role, Stop};
use crate::config::{ClientAuth, Config, Renegotiation};
use crate::error::{Error, Reason, Result};
use crate::handshake::{Env, Handshake, Input, Previous};
use crate::session::ClientSession;
use crate::wire::{AlertDescription, AlertLevel, HandshakeType};
use std::sync::Arc;

/// Requests for renegotiation that the peer makes by itself, in any [`REQUEST_WINDOW`].
const MAX_RENEGOTIATION_REQUESTS: u32 = 10;

/// Seconds.
const REQUEST_WINDOW: u64 = 60;

/// What the peer asked for in the last [`REQUEST_WINDOW`].
#[derive(Default)]
pub(super) struct Requests {
    number: u32,
    /// When the first of them came, in seconds since the epoch.
    since: u64,
    /// Our refusals since everything that we sent had left.
    unread: u32,
}

/// What a handshake inside of the established connection has learned so far.
pub(super) struct Learned {
    pub(super) facts: Facts,
    pub(super) session: Option<Arc<ClientSession>>,
    /// What was chosen for it in place of the connection's configuration.
    pub(super) config: Option<Arc<Config>>,
}

impl Connection {
    /// Begins another handshake: a client with its ClientHello, a server with a HelloRequest. The
    /// following verbs carry it on; [`Connection::handshake`] does until it is complete. Where one
    /// goes on already nothing happens.
    ///
    /// Errors, none of them fatal: `WrongOrder` before the first handshake is complete,
    /// `ClosedForWriting` behind our close_notify, `RenegotiationOff` where the configuration or the
    /// peer stand against it. The peer may refuse: then the connection goes on as it was,
    /// [`Connection::handshake`] says `RenegotiationRefused`, and so does
    /// [`Facts::renegotiation_refused`].
    pub fn renegotiate(&mut self) -> Result<(), Stop> {
        self.misuse = None;
        self.check_alive()?;
        if !self.facts.established {
            let text = "there is nothing to renegotiate before the handshake is complete";
            return self.misused(Reason::WrongOrder, text);
        }
        if self.facts.close_sent {
            return self.misused(Reason::ClosedForWriting, Reason::ClosedForWriting.text());
        }
        if !self.env().may_renegotiate(Renegotiation::Own) {
            return self.misused(Reason::RenegotiationOff, Reason::RenegotiationOff.text());
        }
        if !self.is_settled() {
            return Ok(());
        }
        self.facts.renegotiation_refused = false;
        self.step(Input::Start, true)
            .map_err(|error| self.fail_with(error))?;
        self.tidy();
        Ok(())
    }

    /// What is allowed from here on; see [`Config::renegotiation`]. A handshake that goes on is not
    /// touched.
    pub fn set_renegotiation(&mut self, renegotiation: Renegotiation) {
        self.reconfigure(|config| config.set_own_renegotiation(renegotiation));
    }

    /// What a server asks of its client in the handshakes that begin from here on: a certificate can
    /// be asked for when it turns out to be needed.
    ///
    /// Errors, none of them fatal: `WrongRole` on clients, `WrongOrder` from a ClientHello to the end
    /// of its handshake and on failed connections,
    /// `NoTrustAnchors` where nobody may judge client certificates ([`Config::check_client_auth`]).
    pub fn set_client_auth(&mut self, client_auth: ClientAuth) -> Result<()> {
        if self.role == Role::Client {
            let text = "a client asks for no client certificate";
            return Err(Error::with(Reason::WrongRole, text));
        }
        let untouched = |state: &Handshake| state.is_untouched();
        if self.is_handshaking() && !self.handshake.as_ref().is_some_and(untouched) {
            let text = "a handshake goes on: what it asks for is decided";
            return Err(Error::with(Reason::WrongOrder, text));
        }
        self.config.check_client_auth(client_auth)?;
        self.reconfigure(|config| config.set_own_client_auth(client_auth));
        Ok(())
    }

    /// Whether the keys of either direction have protected nearly as much as they may
    /// ([`Config::key_limits`]): the last eighth has begun. At the limit [`Connection::write`] fails with
    /// `KeyLimitReached`, which is not fatal. Data of the peer beyond its limit is not read: we close (by a
    /// close_notify, the session stays good), and reading fails with `KeyLimitExceeded`. Closing before that
    /// is possible in any case, and so is [`Connection::renegotiate`], which brings new keys.
    pub fn keys_nearly_used(&self) -> bool {
        self.own_keys_nearly_used() || self.peer_keys_nearly_used()
    }

    /// The same of the keys that protect what we send.
    pub fn own_keys_nearly_used(&self) -> bool {
        self.writing.is_nearly_used()
    }

    /// The same of the keys that protect what the peer sends.
    pub fn peer_keys_nearly_used(&self) -> bool {
        self.reading.is_nearly_used()
    }

    /// Sets something on the connection itself, whichever configuration it has or gets.
    fn reconfigure(&mut self, change: impl Fn(&mut Config)) {
        change(Arc::make_mut(&mut self.config));
        if let Some(next) = self.renegotiation.as_mut().and_then(|l| l.config.as_mut()) {
            change(Arc::make_mut(next));
        }
    }

    /// The configuration of the handshake that goes on, or else of the last.
    pub(super) fn handshake_config(&self) -> &Arc<Config> {
        let learned = self.renegotiation.as_ref();
        learned
            .and_then(|l| l.config.as_ref())
            .unwrap_or(&self.config)
    }

    /// Another configuration was chosen. What holds between handshakes is that of the last complete one.
    pub(super) fn on_configure(&mut self, config: Arc<Config>) {
        match &mut self.renegotiation {
            Some(learned) => learned.config = Some(config),
            None => self.config = config,
        }
    }

    /// What a handshake step may look at.
    pub(super) fn env(&self) -> Env<'_> {
        Env {
            config: self.handshake_config(),
            names: &self.names,
            previous: self.previous.as_ref(),
            observed: self.watch.is_some(),
            // Behind our close_notify there is nothing left to say.
            renegotiation: match self.facts.close_sent {
                true => Renegotiation::Refuse,
                false => self.config.renegotiation,
            },
        }
    }

    /// Whether a handshake goes on, the first or another: nothing is written meanwhile.
    pub(super) fn is_handshaking(&self) -> bool {
        !self.handshake.as_ref().is_some_and(Handshake::is_traffic)
    }

    /// Whether no handshake goes on and none is asked for.
    pub(super) fn is_settled(&self) -> bool {
        !self.is_handshaking() && !self.has_asked()
    }

    fn has_asked(&self) -> bool {
        self.handshake.as_ref().is_some_and(Handshake::has_asked)
    }

    /// Whether application data may be read.
    pub(super) fn reads_data(&self) -> bool {
        let expects_finished = |state: &Handshake| state.expects_finished();
        self.facts.established && !self.handshake.as_ref().is_some_and(expects_finished)
    }

    /// Counts a message that asks for a renegotiation: each but the one ClientHello that a HelloRequest of
    /// ours asked for.
    pub(super) fn count_request(&mut self, typ: HandshakeType) -> Result<()> {
        let request = typ == HandshakeType::HELLO_REQUEST
            || (typ == HandshakeType::CLIENT_HELLO && self.facts.established && !self.has_asked());
        if !request {
            return Ok(());
        }
        let now = self.config.clock.now().as_secs();
        let requests = &mut self.counters.requests;
        if now.abs_diff(requests.since) >= REQUEST_WINDOW {
            (requests.since, requests.number) = (now, 0);
        }
        count(
            &mut requests.number,
            MAX_RENEGOTIATION_REQUESTS,
            Reason::TooManyRenegotiations,
        )
    }

    /// Refuses a request with the warning no_renegotiation. A peer that reads none of them gets no more.
    pub(super) fn refuse_renegotiation(&mut self) -> Result<()> {
        let unread = &mut self.counters.requests.unread;
        if self.outbound.is_empty() {
            *unread = 0;
        }
        count(
            unread,
            MAX_RENEGOTIATION_REQUESTS,
            Reason::TooManyRenegotiations,
        )?;
        self.facts.requests_refused += 1;
        self.seal_alert(AlertLevel::WARNING, AlertDescription::NO_RENEGOTIATION)
    }

    /// Where what a handshake learns goes.
    pub(super) fn learning(&mut self) -> &mut Facts {
        match &mut self.renegotiation {
            Some(learned) => &mut learned.facts,
            None => &mut self.facts,
        }
    }

    /// A handshake begins inside of the connection.
    pub(super) fn on_renegotiate(&mut self) {
        let facts = Facts {
            // A renegotiation does not change the protocol that is spoken inside.
            alpn: self.facts.alpn.clone(),
            ..Facts::default()
        };
        self.renegotiation = Some(Box::new(Learned {
            facts,
            session: None,
            config: None,
        }));
    }

    /// The peer will not: nothing has changed.
    pub(super) fn on_renegotiation_refused(&mut self) {
        self.renegotiation = None;
        self.facts.renegotiation_refused = true;
    }

    /// The handshake is complete: what it learned holds.
    pub(super) fn on_complete(&mut self, previous: Previous) {
        if let Some(learned) = self.renegotiation.take() {
            let old = core::mem::replace(&mut self.facts, learned.facts);
            self.facts.close_sent = old.close_sent;
            self.facts.close_received = old.close_received;
            self.facts.handshakes = old.handshakes;
            self.facts.requests_refused = old.requests_refused;
            self.session = learned.session;
            if let Some(config) = learned.config {
                self.config = config;
            }
        }
        self.facts.established = true;
        self.facts.handshakes += 1;
        self.tell_established(self.facts.handshakes > 1);
        self.secrets = self.scratch().derived.take();
        self.previous = Some(previous);
    }
}
