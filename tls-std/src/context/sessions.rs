//! What is kept for resumption: session caches, stores and ticket keys.

use super::Context;
use crate::error::{Error, Result};
use crate::settings::Settings;
use crate::{material, ticket_keys};
use std::path::Path;
use std::sync::Arc;
use tls_core::config::{Config, Sessions};
use tls_core::crypto::Secret;
use tls_core::error::Reason;
use tls_core::session::{
    ClientSessionStore, KeyWindow, MAX_LIFETIME, MemoryClientStore, MemoryStore, SessionStore,
    TICKET_KEY_NAME_LEN, TicketRing, TicketSealer,
};

/// How many sessions a server context keeps by session ID.
const SERVER_SESSIONS: usize = 20_480;

/// How many sessions a client context keeps, one for each host.
const CLIENT_SESSIONS: usize = 1024;

/// A random ring makes another key after so many seconds.
const RING_PERIOD: u32 = 12 * 60 * 60;

/// The ring of a context, and what the sessions of its connections are by default.
pub(crate) fn defaults(config: &mut Config) -> Arc<TicketRing> {
    let ring = random_ring(config);
    config.sessions = Sessions {
        tickets: true,
        sealer: Some(ring.clone()),
        store: Some(Arc::new(MemoryStore::new(SERVER_SESSIONS))),
        client_store: Some(Arc::new(MemoryClientStore::new(CLIENT_SESSIONS))),
        ..Sessions::default()
    };
    ring
}

pub(crate) fn random_ring(config: &Config) -> Arc<TicketRing> {
    Arc::new(TicketRing::random(config.provider.clone(), RING_PERIOD))
}

/// Sessions: what one handshake leaves to the next.
///
/// By default a client context keeps a session for each host it connects to, and a server context
/// gives out tickets, sealed under random keys that it renews every 12 hours, and keeps the sessions
/// of clients that take no tickets, 20480 of them, in memory.
impl Context {
    /// Whether a client asks for tickets and a server gives them out (RFC 5077). On by default.
    pub fn set_tickets(&self, on: bool) {
        self.change(|s| s.edit().sessions.tickets = on);
    }

    /// How many sessions a server keeps in memory by session ID; 0 keeps none. What was kept before
    /// is forgotten.
    pub fn set_session_cache(&self, sessions: usize) {
        let store: Option<Arc<dyn SessionStore>> = match sessions {
            0 => None,
            _ => Some(Arc::new(MemoryStore::new(sessions))),
        };
        self.change(|s| s.edit().sessions.store = store);
    }

    /// How many sessions a client keeps in memory, one for each host; 0 keeps none. What was kept
    /// before is forgotten.
    pub fn set_client_session_cache(&self, sessions: usize) {
        let store: Option<Arc<dyn ClientSessionStore>> = match sessions {
            0 => None,
            _ => Some(Arc::new(MemoryClientStore::new(sessions))),
        };
        self.change(|s| s.edit().sessions.client_store = store);
    }

    /// For how many seconds a session is used, 1 to [`MAX_LIFETIME`] (a day); two hours by default.
    pub fn set_session_lifetime(&self, seconds: u32) -> Result<()> {
        self.edit(|s| {
            if !(1..=MAX_LIFETIME).contains(&seconds) {
                return Err(Error::with(
                    Reason::BadArgument,
                    format!("a session lives 1 to {MAX_LIFETIME} seconds, not {seconds}"),
                ));
            }
            s.edit().sessions.lifetime = seconds;
            Ok(())
        })
    }

    /// A server's session context ID, at most 32 bytes: sessions of another context are not resumed.
    /// For servers that share ticket keys or a store and differ in what they are for.
    pub fn set_session_id_context(&self, id: &[u8]) -> Result<()> {
        self.edit(|s| {
            if id.len() > Sessions::MAX_CONTEXT_ID {
                return Err(Error::with(
                    Reason::BadArgument,
                    format!(
                        "a session context ID has at most {} bytes, not {}",
                        Sessions::MAX_CONTEXT_ID,
                        id.len()
                    ),
                ));
            }
            s.edit().sessions.context_id = id.to_vec();
            Ok(())
        })
    }

    /// Keeps a server's sessions elsewhere. They are sealed with the ticket keys before they leave:
    /// hosts that share a store share their ticket keys too.
    pub fn set_session_store(&self, store: Arc<dyn SessionStore>) {
        self.change(|s| s.edit().sessions.store = Some(store));
    }

    /// Keeps a client's sessions elsewhere.
    pub fn set_client_session_store(&self, store: Arc<dyn ClientSessionStore>) {
        self.change(|s| s.edit().sessions.client_store = Some(store));
    }

    /// The ticket keys of a file of nginx (48 or 80 raw bytes) or haproxy (base64 lines, at least
    /// three; the last but one encrypts, the last three decrypt), in place of all others, also for
    /// connections that exist. An error (`BadTicketKeys`) names the file and the line and changes
    /// nothing.
    pub fn set_ticket_keys_file(&self, path: impl AsRef<Path>) -> Result<()> {
        self.prepare(
            |_| material::in_file(path.as_ref(), ticket_keys::file),
            Settings::set_ticket_keys,
        )
    }

    /// The same from memory.
    pub fn set_ticket_keys_mem(&self, bytes: &[u8]) -> Result<()> {
        self.prepare(|_| ticket_keys::file(bytes), Settings::set_ticket_keys)
    }

    /// Adds one raw key of 48 or 80 bytes (`BadTicketKeys`), also for connections that exist: it
    /// encrypts for `encrypt` seconds from now on, in place of older ones, and decrypts for `decrypt`
    /// seconds more. `encrypt` 0: it only decrypts.
    pub fn add_ticket_key_mem(&self, bytes: &[u8], encrypt: u64, decrypt: u64) -> Result<()> {
        let now = self.config().clock.now().as_secs();
        let window = KeyWindow {
            from: now,
            encrypt,
            decrypt,
        };
        self.prepare(
            |_| ticket_keys::raw(bytes),
            |s, key| s.ticket_ring().add(key, window),
        )
    }

    /// The same from a file, as nginx has them.
    pub fn add_ticket_key_file(
        &self,
        path: impl AsRef<Path>,
        encrypt: u64,
        decrypt: u64,
    ) -> Result<()> {
        let bytes = material::read_file(path.as_ref()).inspect_err(|error| {
            self.set_last_error(error.clone());
        })?;
        self.add_ticket_key_mem(&bytes, encrypt, decrypt)
    }

    /// Removes the ticket key with this name, also for connections that exist; an unknown name is
    /// a `BadTicketKeys`.
    pub fn remove_ticket_key(&self, name: &[u8; TICKET_KEY_NAME_LEN]) -> Result<()> {
        self.edit(|s| {
            if s.ring().remove(name) {
                return Ok(());
            }
            let text = "no ticket key has this name";
            Err(Error::with(Reason::BadTicketKeys, text))
        })
    }

    /// Derives the ticket keys from a master secret of at least 32 bytes and the time, another one
    /// for each epoch of so many seconds: hosts with the same secret and epochs open each other's
    /// tickets and need no coordination. See [`TicketRing::derived`].
    pub fn set_ticket_master(&self, master: &[u8], epoch: u32) -> Result<()> {
        self.edit(|s| {
            let provider = s.config().provider.clone();
            let master = Secret::new(master.to_vec());
            s.set_ring(Arc::new(TicketRing::derived(provider, master, epoch)?));
            Ok(())
        })
    }

    /// Random ticket keys of this context's own: the default.
    pub fn set_ticket_keys_random(&self) {
        self.change(|s| s.set_ring(random_ring(s.config())));
    }

    /// Seals tickets, and sessions for stores outside, in another way.
    pub fn set_ticket_sealer(&self, sealer: Arc<dyn TicketSealer>) {
        self.change(|s| s.edit().sessions.sealer = Some(sealer));
    }
}
