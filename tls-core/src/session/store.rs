use super::seal::{Opened, TicketSealer};
use super::state::SessionState;
use crate::cert::UnixTime;
use crate::crypto::{Later, Random, Reply, Secret};
use crate::error::{Reason, Result};
use crate::wire::{Put, Reader, Short};

/// A session ID, ours or another's (RFC 5246 §7.4.1.3: at most 32 bytes).
pub(crate) type SessionId = Short<u8, SESSION_ID_LEN>;

/// Bytes of the session IDs that are made here (RFC 5246 §7.4.1.3: at most 32).
pub const SESSION_ID_LEN: usize = 32;

/// A session ID of ours.
pub(crate) fn random_id(random: &dyn Random) -> Result<SessionId> {
    let mut id = [0; SESSION_ID_LEN];
    random.fill(&mut id).map_err(|_| Reason::RandomFailed)?;
    Ok(id[..].into())
}

/// A server's sessions by session ID (RFC 5246 §7.3). Called by any thread, also by several at once.
///
/// What it is given to keep is sealed by the library, unless [`SessionStore::keeps_inside`] says that
/// it never leaves the process. It can do no harm with it: what comes back is believed only if it
/// opens, and for its own session ID alone. A store that fails, or has nothing, means a full
/// handshake.
pub trait SessionStore: Send + Sync + core::fmt::Debug {
    /// The value under `id`. May answer later, with [`crate::crypto::Answer::Session`]: the
    /// connection waits meanwhile. Whatever comes too late is dropped.
    fn get(&self, id: &[u8], now: UnixTime, later: &Later) -> Reply<Option<Secret>>;

    /// Keeps `value` under `id` for `lifetime` seconds. It is called in the middle of a handshake
    /// and must not wait: hand the bytes on and return.
    fn put(&self, id: &[u8], value: &[u8], now: UnixTime, lifetime: u32);

    /// Forgets `id`: its connection failed (RFC 5246 §7.2.2). Must not wait either.
    fn remove(&self, id: &[u8]);

    /// Whether values stay in this process' memory, so that sealing them would be for nothing.
    fn keeps_inside(&self) -> bool {
        false
    }
}

/// What a sealed session is for: a ticket is no stored session, and no stored session a ticket.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place<'a> {
    Ticket,
    /// Under this session ID and no other.
    Store(&'a [u8]),
}

fn envelope(place: Place<'_>, state: &SessionState) -> Secret {
    let mut plain = Vec::with_capacity(320 + state.certificates_len());
    match place {
        Place::Ticket => plain.u8(1),
        Place::Store(id) => {
            plain.u8(2);
            plain.vec8(|out| out.raw(id));
        }
    }
    state.encode_into(&mut plain);
    Secret::new(plain)
}

pub(crate) fn open_envelope(place: Place<'_>, plain: &[u8]) -> Option<SessionState> {
    let mut r = Reader::new("the sealed session", plain);
    let fits = match (r.u8().ok()?, place) {
        (1, Place::Ticket) => true,
        (2, Place::Store(id)) => r.vec8(0..=32).ok()? == id,
        _ => false,
    };
    fits.then(|| SessionState::decode(r.rest()).ok()).flatten()
}

/// A ticket, or `None` where it cannot be sealed or is too long for its message.
pub(crate) fn seal_ticket(
    sealer: &dyn TicketSealer,
    state: &SessionState,
    now: UnixTime,
    random: &dyn Random,
) -> Option<Vec<u8>> {
    let sealed = sealer
        .seal(&envelope(Place::Ticket, state), now, random)
        .ok()?;
    (1..=MAX_TICKET).contains(&sealed.len()).then_some(sealed)
}

/// The longest ticket in bytes: what fits a NewSessionTicket, and leaves room in a ClientHello.
const MAX_TICKET: usize = 15 << 10;

/// The session in a ticket, and whether it should be renewed.
pub(crate) fn open_ticket(
    sealer: &dyn TicketSealer,
    ticket: &[u8],
    now: UnixTime,
) -> Option<(SessionState, bool)> {
    let Opened { plain, renew } = sealer.open(ticket, now)?;
    Some((open_envelope(Place::Ticket, &plain)?, renew))
}

/// What a store gets to keep under `id`; `None` where it cannot be sealed.
pub(crate) fn value_for(
    store: &dyn SessionStore,
    sealer: Option<&dyn TicketSealer>,
    id: &[u8],
    state: &SessionState,
    now: UnixTime,
    random: &dyn Random,
) -> Option<Secret> {
    let plain = envelope(Place::Store(id), state);
    if store.keeps_inside() {
        return Some(plain);
    }
    sealer?.seal(&plain, now, random).ok().map(Secret::new)
}

/// The session in what a store gave back.
pub(crate) fn open_stored(
    store: &dyn SessionStore,
    sealer: Option<&dyn TicketSealer>,
    id: &[u8],
    value: &[u8],
    now: UnixTime,
) -> Option<SessionState> {
    let place = Place::Store(id);
    if store.keeps_inside() {
        return open_envelope(place, value);
    }
    open_envelope(place, &sealer?.open(value, now)?.plain)
}
