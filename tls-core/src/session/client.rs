use super::state::{Binding, SessionState};
use super::store::SessionId;
use crate::crypto::Secret;
use crate::crypto::Suite;
use crate::error::{Error, Reason, Result};
use crate::wire::{Put, Reader};

/// What an exported session begins with.
const MAGIC: &[u8; 4] = b"tlsS";

/// What it ends with: a checksum in bytes. A file that was damaged is told at once, not by a peer that cannot
/// decrypt; against whoever writes sessions on purpose nothing helps but keeping them secret.
const CHECKSUM_LEN: usize = 4;

/// The longest ticket in bytes that a client keeps: with it the next ClientHello stays below what
/// servers take.
pub(crate) const MAX_CLIENT_TICKET: usize = 16 << 10;

/// A session as a client keeps it. It is bound to the names that were sent and verified, the policy,
/// what was trusted and how it was verified, and the client's own certificates: a connection for
/// which any of these differs makes a full handshake.
pub struct ClientSession {
    pub(crate) state: SessionState,
    /// The server's session ID; empty when it gave none.
    pub(crate) id: SessionId,
    /// The server's ticket; empty when it gave none.
    pub(crate) ticket: Vec<u8>,
}

impl ClientSession {
    /// The encoding: opaque and versioned, and as secret as the connection itself, for it holds the
    /// master secret in the clear.
    pub fn export(&self) -> Secret {
        let own = MAGIC.len() + 3 + self.id.len() + self.ticket.len() + CHECKSUM_LEN;
        let mut out = Vec::with_capacity(own + 256 + self.state.certificates_len());
        out.raw(MAGIC);
        out.vec8(|out| out.raw(&self.id));
        out.vec16(|out| out.raw(&self.ticket));
        self.state.encode_into(&mut out);
        let checksum = crc32(&out);
        out.raw(&checksum.to_be_bytes());
        Secret::new(out)
    }

    /// The inverse of [`ClientSession::export`]; anything else is a `BadSession`.
    pub fn import(bytes: &[u8]) -> Result<Self> {
        let end = bytes.len().saturating_sub(CHECKSUM_LEN);
        let (body, checksum) = bytes.split_at(end);
        // Whatever the bytes lack: it is the caller who gave them, not a peer.
        let session = Self::decode(body)
            .map_err(|error| Error::with(Reason::BadSession, error.text().to_owned()))?;
        if checksum != crc32(body).to_be_bytes() {
            return Err(bad("the session is damaged: its checksum is another"));
        }
        Ok(session)
    }

    /// What stands before the checksum.
    pub(crate) fn decode(body: &[u8]) -> Result<Self> {
        let mut r = Reader::new("the session", body);
        if r.take(MAGIC.len())? != MAGIC {
            return Err(bad("the bytes are no exported session"));
        }
        let id: SessionId = r.vec8(0..=32)?.into();
        let ticket = r.vec16(0..=MAX_CLIENT_TICKET)?.to_vec();
        let state = SessionState::decode(r.rest())?;
        if id.is_empty() && ticket.is_empty() {
            return Err(bad("the session has neither an ID nor a ticket"));
        }
        Ok(Self { state, id, ticket })
    }

    /// The session ID that the server gave; empty when it gave a ticket alone.
    pub fn id(&self) -> &[u8] {
        &self.id
    }

    /// Whether the server gave a ticket.
    pub fn has_ticket(&self) -> bool {
        !self.ticket.is_empty()
    }

    /// The suite of the session.
    pub fn suite(&self) -> &'static Suite {
        self.state.suite
    }

    /// The host name that was sent.
    pub fn server_name(&self) -> Option<&str> {
        self.state.server_name.as_deref()
    }

    /// When it was made; seconds since 1970.
    pub fn issued(&self) -> u64 {
        self.state.issued
    }

    /// For how many seconds from then on it may be used, at most.
    pub fn lifetime(&self) -> u32 {
        self.state.lifetime
    }

    /// Whether it may still be used, as far as time goes; `now` in seconds since 1970.
    pub fn is_fresh(&self, now: u64) -> bool {
        self.state.is_fresh(now)
    }

    pub(crate) fn binding(&self) -> &Binding {
        &self.state.binding
    }
}

impl core::fmt::Debug for ClientSession {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("ClientSession")
            .field("state", &self.state)
            .field("id", &self.id.len())
            .field("ticket", &self.ticket.len())
            .finish()
    }
}

fn bad(text: &'static str) -> Error {
    Error::with(Reason::BadSession, text)
}

/// CRC-32 of IEEE 802.3, without a table: the bytes are secret and must not become addresses.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_checksum_is_the_known_one() {
        assert_eq!(super::crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(super::crc32(b""), 0);
    }
}
