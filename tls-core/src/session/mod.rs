//! Sessions: what one handshake leaves to the next (RFC 5246 §7.3, RFC 5077).
//!
//! A server hands the encoding of a session state to its client, sealed (a ticket), or puts it
//! into a [`SessionStore`] under a session ID. A client keeps [`ClientSession`]s, in a
//! [`ClientSessionStore`] or exported by its program. What cannot be found, opened or used means a
//! full handshake, never an error.

mod aead_key;
mod client;
mod client_store;
mod memory;
mod ring;
mod seal;
mod state;
mod store;

pub use aead_key::AeadTicketKey;
pub use client::ClientSession;
pub(crate) use client::MAX_CLIENT_TICKET;
pub use client_store::{ClientSessionStore, MemoryClientStore};
pub use memory::MemoryStore;
pub use ring::{KeyWindow, TicketRing};
pub use seal::{Opened, SealFailed, TICKET_KEY_NAME_LEN, TicketKey, TicketSealer};
pub use state::{MAX_LIFETIME, MAX_PEER_CHAIN};
pub use store::{SESSION_ID_LEN, SessionStore};
pub(crate) use store::{SessionId, random_id};

pub(crate) use state::{Binding, Exchange, SessionState};
#[cfg(feature = "fuzzing")]
pub(crate) use store::{Place, open_envelope};
pub(crate) use store::{open_stored, open_ticket, seal_ticket, value_for};
