//! What verbs are told apart by: who speaks, and why one could not finish.

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
    /// Bytes from the peer are needed: send [`super::Connection::outgoing`] first, then fill
    /// [`super::Connection::recv_buffer`].
    WantRead,
    /// [`super::Connection::outgoing`] must leave first.
    WantWrite,
    /// A question waits for its answer ([`super::Connection::pending`]).
    WantApp,
    /// [`super::Connection::error`] says why. A fatal error stays for ever; what is left of
    /// [`super::Connection::outgoing`] is its alert.
    Failed,
}
