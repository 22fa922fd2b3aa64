//! Configurations that keep sessions, and ways to bend what they keep.

use super::{NOW, client, config, handshake, server, server_config};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tls_core::cert::UnixTime;
use tls_core::config::{Clock, Config, Policy};
use tls_core::conn::Connection;
use tls_core::crypto::{Later, Pending, Reply, Secret};
use tls_core::session::{
    AeadTicketKey, ClientSession, ClientSessionStore, KeyWindow, MemoryClientStore, MemoryStore,
    SessionStore, TicketRing,
};
use tls_core::wire::Put;
use tls_crypto::DefaultProvider;

/// A clock that the test moves.
#[derive(Debug)]
pub struct TestClock(pub AtomicU64);

impl TestClock {
    pub fn new() -> Arc<Self> {
        Arc::new(Self(AtomicU64::new(NOW)))
    }

    pub fn forward(&self, secs: u64) {
        self.0.fetch_add(secs, Ordering::Relaxed);
    }

    pub fn back(&self, secs: u64) {
        self.0.fetch_sub(secs, Ordering::Relaxed);
    }
}

impl Clock for TestClock {
    fn now(&self) -> UnixTime {
        let secs = self.0.load(Ordering::Relaxed);
        UnixTime::since_unix_epoch(std::time::Duration::from_secs(secs))
    }
}

/// The key with this byte everywhere.
pub fn key(byte: u8) -> Arc<AeadTicketKey> {
    let bytes = [byte; AeadTicketKey::LEN];
    Arc::new(AeadTicketKey::new(&DefaultProvider, &bytes).unwrap())
}

/// A ring with this key alone.
pub fn ring(byte: u8) -> Arc<TicketRing> {
    let ring = TicketRing::given(Arc::new(DefaultProvider));
    ring.add(key(byte), KeyWindow::ALWAYS);
    Arc::new(ring)
}

/// A client and a server that keep sessions.
#[derive(Clone)]
pub struct Pair {
    pub client: Config,
    pub server: Config,
    pub clock: Arc<TestClock>,
    pub ring: Arc<TicketRing>,
    pub store: Arc<MemoryStore>,
    pub client_store: Arc<MemoryClientStore>,
}

impl Pair {
    /// Tickets, and nothing by session ID.
    pub fn tickets(policy: &'static Policy, keypair: &str) -> Self {
        let mut pair = Self::new(policy, keypair);
        pair.server.sessions.store = None;
        pair
    }

    /// Session IDs, and no tickets.
    pub fn ids(policy: &'static Policy, keypair: &str) -> Self {
        let mut pair = Self::new(policy, keypair);
        pair.server.sessions.tickets = false;
        pair
    }

    fn new(policy: &'static Policy, keypair: &str) -> Self {
        let mut pair = Self {
            client: config(policy),
            server: server_config(policy, &[keypair]),
            clock: TestClock::new(),
            ring: ring(7),
            store: Arc::new(MemoryStore::new(64)),
            client_store: Arc::new(MemoryClientStore::new(8)),
        };
        for config in [&mut pair.client, &mut pair.server] {
            config.clock = pair.clock.clone();
            config.sessions.tickets = true;
        }
        pair.client.sessions.client_store = Some(pair.client_store.clone());
        pair.server.sessions.sealer = Some(pair.ring.clone());
        pair.server.sessions.store = Some(pair.store.clone());
        pair
    }

    pub fn ends(&self) -> (Connection, Connection) {
        (client(self.client.clone()), server(self.server.clone()))
    }

    /// A handshake that must succeed; whether both ends say that it was resumed.
    pub fn connect(&self) -> (Connection, Connection) {
        let (mut c, mut s) = self.ends();
        finish(&mut c, &mut s);
        (c, s)
    }

    /// A handshake that may fail.
    pub fn try_connect(&self) -> (Connection, Connection) {
        let (mut c, mut s) = self.ends();
        let _outcome = handshake(&mut c, &mut s);
        (c, s)
    }

    /// A handshake in which the client offers `session`.
    pub fn offer(&self, session: &Arc<ClientSession>) -> (Connection, Connection) {
        let (mut c, mut s) = self.ends();
        c.set_session(Some(session.clone())).unwrap();
        finish(&mut c, &mut s);
        (c, s)
    }

    pub fn resumes(&self) -> bool {
        resumed(&self.connect())
    }

    /// The session of a full handshake.
    pub fn session(&self) -> Arc<ClientSession> {
        let (c, s) = self.connect();
        assert!(!c.facts().resumed && !s.facts().resumed);
        c.session().expect("no session").clone()
    }
}

pub fn finish(c: &mut Connection, s: &mut Connection) {
    let result = handshake(c, s);
    assert_eq!(result, Ok(()), "{:?} {:?}", c.error(), s.error());
}

pub fn resumed((c, s): &(Connection, Connection)) -> bool {
    assert_eq!(c.facts().resumed, s.facts().resumed);
    c.facts().resumed
}

/// An exported session, taken apart.
#[derive(Clone)]
pub struct Blob {
    pub id: Vec<u8>,
    pub ticket: Vec<u8>,
    /// From the version on.
    pub state: Vec<u8>,
}

/// Where the parts of a state stand, with an empty session context ID.
pub const STATE_SUITE: usize = 1;
pub const STATE_FLAGS: usize = 3;
pub const STATE_MASTER: std::ops::Range<usize> = 4..52;
pub const STATE_BINDING: std::ops::Range<usize> = 73..105;

impl Blob {
    pub fn of(session: &ClientSession) -> Self {
        let bytes = session.export();
        assert_eq!(&bytes[..4], b"tlsS");
        let (id, rest) = bytes[5..].split_at(bytes[4].into());
        let len = usize::from(u16::from_be_bytes([rest[0], rest[1]]));
        let (ticket, state) = rest[2..rest.len() - 4].split_at(len);
        Self {
            id: id.to_vec(),
            ticket: ticket.to_vec(),
            state: state.to_vec(),
        }
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut out = b"tlsS".to_vec();
        out.vec8(|out| out.raw(&self.id));
        out.vec16(|out| out.raw(&self.ticket));
        out.raw(&self.state);
        let checksum = crc32(&out);
        out.raw(&checksum.to_be_bytes());
        out
    }

    pub fn session(&self) -> Arc<ClientSession> {
        Arc::new(ClientSession::import(&self.bytes()).unwrap())
    }

    pub fn master(&self) -> &[u8] {
        &self.state[STATE_MASTER]
    }
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 {
                crc >> 1 ^ 0xedb8_8320
            } else {
                crc >> 1
            };
        }
    }
    !crc
}

/// What a foreign store does when it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    Prompt,
    /// Answers when the test says so.
    Late,
    /// Says "later" without taking the handle.
    Liar,
}

/// Session ID, value, lifetime in seconds.
pub type StoredValue = (Vec<u8>, Vec<u8>, u32);

/// A store outside of the process, as far as the library knows.
#[derive(Debug)]
pub struct ForeignStore {
    pub manner: Manner,
    pub values: Mutex<Vec<StoredValue>>,
    pub asked: Mutex<Vec<Vec<u8>>>,
    pub removed: Mutex<Vec<Vec<u8>>>,
    pub pending: Mutex<Option<Arc<Pending>>>,
}

impl ForeignStore {
    pub fn new(manner: Manner) -> Arc<Self> {
        Arc::new(Self {
            manner,
            values: Mutex::default(),
            asked: Mutex::default(),
            removed: Mutex::default(),
            pending: Mutex::default(),
        })
    }

    pub fn find(&self, id: &[u8]) -> Option<Secret> {
        let values = self.values.lock().unwrap();
        let found = values.iter().find(|(i, ..)| i == id);
        found.map(|(_, value, _)| Secret::new(value.clone()))
    }
}

impl SessionStore for ForeignStore {
    fn get(&self, id: &[u8], _now: UnixTime, later: &Later) -> Reply<Option<Secret>> {
        self.asked.lock().unwrap().push(id.to_vec());
        match self.manner {
            Manner::Prompt => Reply::Now(self.find(id)),
            Manner::Late => {
                *self.pending.lock().unwrap() = Some(later.pending());
                Reply::Later
            }
            Manner::Liar => Reply::Later,
        }
    }

    fn put(&self, id: &[u8], value: &[u8], _now: UnixTime, lifetime: u32) {
        let entry = (id.to_vec(), value.to_vec(), lifetime);
        self.values.lock().unwrap().push(entry);
    }

    fn remove(&self, id: &[u8]) {
        self.removed.lock().unwrap().push(id.to_vec());
        self.values.lock().unwrap().retain(|(i, ..)| i != id);
    }
}

/// What is in a client's store under the only key that it has seen.
#[derive(Debug, Default)]
pub struct LoneStore(pub Mutex<Option<Arc<ClientSession>>>);

impl ClientSessionStore for LoneStore {
    fn get(&self, _key: &[u8; 32]) -> Option<Arc<ClientSession>> {
        self.0.lock().unwrap().clone()
    }

    fn put(&self, _key: &[u8; 32], session: Arc<ClientSession>) {
        *self.0.lock().unwrap() = Some(session);
    }

    fn remove(&self, _key: &[u8; 32], session: &Arc<ClientSession>) {
        let mut kept = self.0.lock().unwrap();
        if kept.as_ref().is_some_and(|s| Arc::ptr_eq(s, session)) {
            *kept = None;
        }
    }
}
