//! A connection with its transport.

mod drive;
mod renegotiation;
mod secrets;
mod setup;
mod stream;
mod verbs;

pub(crate) use setup::parse_name;

use crate::error::{Error, Result};
use crate::settings::Settings;
use crate::transport::{Transport, Want};
use drive::Blocked;
use renegotiation::KeyNotice;
use setup::Setup;
use std::sync::Arc;
use tls_core::cert::{Certificate, OcspInfo};
use tls_core::conn::{Connection as Core, Facts, Role};
use tls_core::crypto::Pending;
use tls_core::session::ClientSession;

/// One TLS connection: [`tls_core::conn::Connection`] with a [`Transport`] and the loop between
/// them, or without one, driven with [`Connection::feed`] and [`Connection::drain`].
///
/// A verb (handshake, read, write, flush, close, feed, drain) that cannot finish says why with a
/// [`Stop`](crate::Stop); repeat it when the cause is gone. [`Connection::error`] tells about a
/// failure: a fatal one stays for ever, any other until the next verb.
pub struct Connection {
    stage: Stage,
    transport: Option<Box<dyn Transport>>,
    blocked: Blocked,
    /// Without a transport: whether bytes are moved by feed and drain.
    by_hand: ByHand,
    /// What the last verb, or the first fatal one, failed with.
    error: Option<Error>,
    /// The transport can no longer be written to: every writing verb says so, reading goes on.
    unwritable: Option<Error>,
    /// The first verb found that the connection cannot be set up.
    born_failed: bool,
    /// What the program was told about its keys.
    key_notice: KeyNotice,
    /// Bytes behind the peer's close_notify that were not taken back yet.
    unread: Vec<u8>,
    /// Whether the core reads ahead.
    read_ahead: bool,
}

enum Stage {
    /// No verb yet: names and settings can still change.
    Setup(Box<Setup>),
    Running(Box<Core>),
}

/// Whether the caller moves the bytes himself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ByHand {
    NotYet,
    /// A verb said what it waits for.
    Expected,
    Yes,
}

/// What a connection waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wants {
    /// Until the transport is readable.
    pub read: bool,
    /// Until the transport is writable.
    pub write: bool,
    /// For an answer of the application ([`Connection::question`]).
    pub app: bool,
}

impl Connection {
    pub(crate) fn client(settings: Settings, name: Option<&str>) -> Self {
        Self::new(Setup::client(settings, name))
    }

    pub(crate) fn server(settings: Settings) -> Self {
        Self::new(Setup::server(settings))
    }

    pub(crate) fn born_failed(settings: Settings, role: Role, error: Error) -> Self {
        Self::new(Setup::failed(settings, role, error))
    }

    fn new(setup: Setup) -> Self {
        Self {
            error: setup.lacks(),
            stage: Stage::Setup(Box::new(setup)),
            transport: None,
            blocked: Blocked::default(),
            by_hand: ByHand::NotYet,
            unwritable: None,
            born_failed: false,
            key_notice: KeyNotice::default(),
            unread: Vec::new(),
            read_ahead: true,
        }
    }

    fn core(&self) -> Option<&Core> {
        match &self.stage {
            Stage::Setup(_) => None,
            Stage::Running(core) => Some(core),
        }
    }

    /// Sets the transport; it takes the place of an earlier one. `None`: feed and drain alone.
    pub fn set_transport(&mut self, transport: Option<Box<dyn Transport>>) {
        self.transport = transport;
        self.blocked = Blocked::default();
    }

    /// Whether more is taken from the transport than the record that is begun: the default. See
    /// [`tls_core::conn::Connection::set_read_ahead`].
    pub fn set_read_ahead(&mut self, on: bool) {
        self.read_ahead = on;
        if let Stage::Running(core) = &mut self.stage {
            core.set_read_ahead(on);
        }
    }

    /// Whether a transport is set.
    pub fn has_transport(&self) -> bool {
        self.transport.is_some()
    }

    /// Which side this is.
    pub fn role(&self) -> Role {
        match &self.stage {
            Stage::Setup(setup) => setup.role(),
            Stage::Running(core) => core.role(),
        }
    }

    /// Why the last verb or setter failed; a fatal error for ever.
    pub fn error(&self) -> Option<&Error> {
        self.error.as_ref()
    }

    /// Whether the connection failed for ever.
    pub fn is_failed(&self) -> bool {
        match &self.stage {
            Stage::Setup(setup) => setup.failure().is_some(),
            Stage::Running(core) => core.is_failed(),
        }
    }

    /// The error of a connection that could not be set up.
    pub fn setup_error(&self) -> Option<&Error> {
        match &self.stage {
            Stage::Setup(setup) => setup.failure(),
            Stage::Running(_) if self.born_failed => self.error(),
            Stage::Running(_) => None,
        }
    }

    /// Keeps a misuse that the layer above found, until the next verb; a fatal error stays.
    pub fn misused(&mut self, error: impl Into<Error>) {
        if !self.is_failed() {
            self.error = Some(error.into());
        }
    }

    /// What the handshake learned so far.
    pub fn facts(&self) -> &Facts {
        match &self.stage {
            Stage::Setup(setup) => setup.facts(),
            Stage::Running(core) => core.facts(),
        }
    }

    /// What the server's OCSP staple says of its certificate and what it is worth, by the clock of now;
    /// see [`tls_core::conn::Connection::ocsp_info`]. `None`: there is none.
    pub fn ocsp_info(&self) -> Option<Result<(OcspInfo, Result<()>)>> {
        match &self.stage {
            Stage::Setup(_) => None,
            Stage::Running(core) => match core.ocsp_info()? {
                Ok((info, verdict)) => Some(Ok((info, verdict.map_err(Error::from)))),
                Err(error) => Some(Err(error.into())),
            },
        }
    }

    /// Whether the handshake is complete.
    pub fn is_established(&self) -> bool {
        self.facts().established
    }

    /// The peer's certificates as they came, leaf first.
    pub fn peer_chain(&self) -> &[Certificate] {
        self.facts().peer_chain.as_deref().unwrap_or_default()
    }

    /// Whether the handshake is complete and the peer's certificate was verified in it, on a client for
    /// the right name too.
    pub fn is_verified(&self) -> bool {
        self.core().is_some_and(Core::is_verified)
    }

    /// The path that verified, leaf first; empty when nothing was verified.
    pub fn verified_chain(&self) -> &[Certificate] {
        self.facts().verified_chain.as_deref().unwrap_or_default()
    }

    /// The session that a client can offer next time; `None` on servers, before the handshake is
    /// complete, and where the server keeps none.
    pub fn session(&self) -> Option<&Arc<ClientSession>> {
        self.core()?.session()
    }

    /// The question that the connection waits for.
    pub fn question(&self) -> Option<&Arc<Pending>> {
        self.core()?.pending()
    }

    /// Decrypted bytes that can be read without the transport.
    pub fn pending(&self) -> usize {
        self.core().map_or(0, Core::pending_plain)
    }

    /// Whether any received byte waits inside, decrypted or not.
    pub fn has_pending(&self) -> bool {
        !self.unread.is_empty() || self.core().is_some_and(Core::has_buffered_input)
    }

    /// Sealed bytes that wait for the transport.
    pub fn outgoing(&self) -> &[u8] {
        self.core().map_or(&[], Core::outgoing)
    }

    /// What the connection waits for, after a verb. Bytes that wait inside do not show on the
    /// transport: read until something is wanted before polling.
    pub fn wants(&self) -> Wants {
        let Stage::Running(core) = &self.stage else {
            // Speaks first, or listens first.
            return Wants {
                read: self.role() == Role::Server && !self.is_failed(),
                write: self.role() == Role::Client && !self.is_failed(),
                app: false,
            };
        };
        let mut wants = Wants::default();
        if !core.outgoing().is_empty() && self.unwritable.is_none() {
            wants.add(self.blocked.writing);
        }
        if core.is_failed() {
            return wants;
        }
        if core.pending().is_some() {
            wants.app = true;
        } else if !ended(core.facts()) && !self.speaks_first(core) {
            wants.add(self.blocked.reading);
        }
        wants
    }

    /// In the handshake the peer answers only what it has got.
    fn speaks_first(&self, core: &Core) -> bool {
        !core.facts().established && !core.outgoing().is_empty()
    }
}

/// Nothing more of the peer is wanted: it closed, or we did before the handshake was complete.
fn ended(facts: &Facts) -> bool {
    facts.close_received || (facts.close_sent && !facts.established)
}

impl Wants {
    fn add(&mut self, want: Want) {
        match want {
            Want::Read => self.read = true,
            Want::Write => self.write = true,
            Want::App => self.app = true,
        }
    }
}

impl core::fmt::Debug for Connection {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Connection")
            .field("role", &self.role())
            .field("facts", self.facts())
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

impl Connection {
    fn keep<T>(&mut self, result: Result<T>) -> Result<T> {
        result.inspect_err(|error| self.misused(error.clone()))
    }
}
