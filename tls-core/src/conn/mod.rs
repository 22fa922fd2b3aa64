//! The connection: bytes in, bytes out, and the verbs between them.

mod facts;

pub use facts::Facts;

use crate::cert::ServerName;
use crate::config::Config;
use crate::crypto::Pending;
use crate::error::{Error, Reason};
use core::mem::MaybeUninit;
use std::sync::Arc;

/// Which side of the protocol a connection plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Opens the handshake.
    Client,
    /// Answers it.
    Server,
}

/// Why a verb could not finish. Repeat it when the cause is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stop {
    /// Bytes from the peer are needed: send [`Connection::outgoing`] first, then fill
    /// [`Connection::recv_buffer`].
    WantRead,
    /// [`Connection::outgoing`] must leave first.
    WantWrite,
    /// A question waits for its answer ([`Connection::pending`]).
    WantApp,
    /// [`Connection::error`] says why. A fatal error stays for ever; what is left of
    /// [`Connection::outgoing`] is its alert.
    Failed,
}

/// One TLS connection without I/O. Every verb works on what was received so far and never blocks.
#[derive(Debug)]
pub struct Connection {
    config: Arc<Config>,
    role: Role,
    facts: Facts,
    error: Option<Error>,
}

impl Connection {
    /// A client. `send_name` goes into server_name (nothing is sent for an IP address),
    /// `verify_name` is what the server's certificate must carry. A connection that cannot be set
    /// up is born failed and says why on every call.
    pub fn client(
        config: Arc<Config>,
        send_name: Option<ServerName>,
        verify_name: Option<ServerName>,
    ) -> Self {
        let _ = (send_name, verify_name);
        Self {
            config,
            role: Role::Client,
            facts: Facts::default(),
            error: None,
        }
    }

    /// A server.
    pub fn server(config: Arc<Config>) -> Self {
        Self {
            config,
            role: Role::Server,
            facts: Facts::default(),
            error: None,
        }
    }

    /// Which side this is.
    pub fn role(&self) -> Role {
        self.role
    }

    /// Free space for the transport's bytes; empty only while decrypted data or received records
    /// fill the buffer (read first).
    pub fn recv_buffer(&mut self) -> &mut [u8] {
        &mut []
    }

    /// `n` bytes were put at the start of [`Connection::recv_buffer`].
    pub fn received(&mut self, n: usize) {
        let _ = n;
    }

    /// Copies as much of `bytes` as there is room for and returns that number; 0 with room left
    /// never happens.
    pub fn feed(&mut self, bytes: &[u8]) -> usize {
        let _ = bytes;
        0
    }

    /// The transport ended. Without a close_notify before it, reading fails with
    /// [`Reason::Truncated`].
    pub fn transport_eof(&mut self) {}

    /// Sealed bytes that wait for the transport.
    pub fn outgoing(&self) -> &[u8] {
        &[]
    }

    /// The transport took the first `n` bytes of [`Connection::outgoing`].
    pub fn sent(&mut self, n: usize) {
        let _ = n;
    }

    /// Drives the handshake; `Ok` once it is complete (bytes may still wait in `outgoing`).
    pub fn handshake(&mut self) -> Result<(), Stop> {
        Err(Stop::Failed)
    }

    /// Decrypts into `out` and returns how many bytes of it are initialised; 0 means that the peer
    /// closed with close_notify. Runs the handshake when it is not done. `out` must not be empty.
    pub fn read(&mut self, out: &mut [MaybeUninit<u8>]) -> Result<usize, Stop> {
        let _ = out;
        Err(Stop::Failed)
    }

    /// Seals as much of `plain` as fits the send buffer and returns that number. Takes nothing
    /// while sealed bytes wait ([`Stop::WantWrite`]). Runs the handshake when it is not done.
    pub fn write(&mut self, plain: &[u8]) -> Result<usize, Stop> {
        let _ = plain;
        Err(Stop::Failed)
    }

    /// Queues close_notify once; reading stays possible.
    pub fn close(&mut self) -> Result<(), Stop> {
        Err(Stop::Failed)
    }

    /// Decrypted bytes that can be read without the transport.
    pub fn pending_plain(&self) -> usize {
        0
    }

    /// Whether any received byte waits, decrypted or not.
    pub fn has_buffered_input(&self) -> bool {
        false
    }

    /// The bytes that arrived behind the peer's close_notify: they belong to whatever follows TLS
    /// on this transport. Empty before.
    pub fn take_unread(&mut self) -> Vec<u8> {
        Vec::new()
    }

    /// Whether the handshake is complete.
    pub fn is_established(&self) -> bool {
        false
    }

    /// The question that the connection waits for, if any.
    pub fn pending(&self) -> Option<&Arc<Pending>> {
        None
    }

    /// The error that ended the connection.
    pub fn error(&self) -> Option<&Error> {
        self.error.as_ref()
    }

    /// Ends the connection with an error of the layer above (a transport that failed, a callback
    /// that misbehaved). The first error stays.
    pub fn fail(&mut self, error: Error) {
        self.error.get_or_insert(error);
    }

    /// What the handshake learned.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The configuration that the connection was created with.
    pub fn config(&self) -> &Arc<Config> {
        &self.config
    }

    /// Records that can still be sealed or opened before the keys are used up would be counted
    /// here; a born-failed connection says why.
    pub fn born_failed(config: Arc<Config>, role: Role, reason: Reason) -> Self {
        Self {
            config,
            role,
            facts: Facts::default(),
            error: Some(reason.into()),
        }
    }
}
