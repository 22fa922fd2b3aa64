use crate::cert::UnixTime;
use crate::crypto::{Random, Secret};

/// Bytes of a ticket key's name (RFC 5077 §4).
pub const TICKET_KEY_NAME_LEN: usize = 16;

/// No ticket can be sealed: no key is in its window, or there is no randomness.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealFailed;

/// What [`TicketSealer::open`] found.
#[derive(Debug)]
pub struct Opened {
    /// What was sealed.
    pub plain: Secret,
    /// The key is being replaced: the client should get a new ticket.
    pub renew: bool,
}

/// Seals what leaves the process: tickets (RFC 5077), and sessions in stores outside. Called by any
/// thread, also by several at once, in the middle of handshakes: it must not wait.
///
/// What was sealed must be unreadable and unforgeable to everyone who has not the key. Whatever
/// cannot be opened is `None`: a full handshake follows.
pub trait TicketSealer: Send + Sync + core::fmt::Debug {
    /// Seals `plain`.
    fn seal(&self, plain: &[u8], now: UnixTime, random: &dyn Random)
    -> Result<Vec<u8>, SealFailed>;

    /// Opens what was sealed here or by someone with the same keys.
    fn open(&self, sealed: &[u8], now: UnixTime) -> Option<Opened>;
}

/// One key of a [`super::TicketRing`].
pub trait TicketKey: Send + Sync + core::fmt::Debug {
    /// What a ticket of this key begins with.
    fn name(&self) -> &[u8; TICKET_KEY_NAME_LEN];

    /// Seals `plain`; the result begins with the name.
    fn seal(&self, plain: &[u8], random: &dyn Random) -> Result<Vec<u8>, SealFailed>;

    /// Opens what begins with the name; `None` where it was not sealed with this key.
    fn open(&self, sealed: &[u8]) -> Option<Secret>;
}
