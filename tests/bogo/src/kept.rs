//! What outlives a connection: ticket keys, sessions, and the clock that the tests move.

use crate::options::Options;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tls_core::cert::UnixTime;
use tls_core::config::{Clock, Sessions};
use tls_core::crypto::{Answer, Later, Reply, Secret};
use tls_core::session::{
    ClientSession, KeyWindow, MemoryStore, SessionStore, TicketRing, TicketSealer,
};
use tls_crypto::{CbcTicketKey, DefaultProvider};

/// The wall clock, ahead by so many seconds.
#[derive(Debug, Default)]
pub(crate) struct MovedClock(AtomicU64);

impl MovedClock {
    pub(crate) fn forward(&self, secs: u64) {
        self.0.fetch_add(secs, Ordering::Relaxed);
    }
}

impl Clock for MovedClock {
    fn now(&self) -> UnixTime {
        let secs = UnixTime::now().as_secs() + self.0.load(Ordering::Relaxed);
        UnixTime::since_unix_epoch(Duration::from_secs(secs))
    }
}

pub(crate) struct Kept {
    pub(crate) clock: Arc<MovedClock>,
    sealer: Arc<dyn TicketSealer>,
    store: Arc<MemoryStore>,
    /// What a client got last.
    pub(crate) session: Option<Arc<ClientSession>>,
}

impl Kept {
    pub(crate) fn new(options: &Options) -> Result<Self, Box<dyn Error>> {
        let provider = Arc::new(DefaultProvider);
        let ring = match &options.ticket_key {
            None => TicketRing::random(provider, 3600),
            Some(bytes) => {
                let key = CbcTicketKey::new(bytes).ok_or("a ticket key of a wrong length")?;
                let ring = TicketRing::given(provider);
                ring.add(Arc::new(key), KeyWindow::ALWAYS);
                ring
            }
        };
        Ok(Self {
            clock: Arc::default(),
            sealer: Arc::new(ring),
            store: Arc::new(MemoryStore::new(64)),
            session: None,
        })
    }

    /// What a connection with these options keeps and finds.
    pub(crate) fn sessions(&self, options: &Options) -> Sessions {
        let store: Arc<dyn SessionStore> = match options.asynchronous {
            true => Arc::new(LateStore(self.store.clone())),
            false => self.store.clone(),
        };
        Sessions {
            tickets: !options.no_ticket,
            sealer: Some(self.sealer.clone()),
            store: Some(store),
            ..Sessions::default()
        }
    }
}

/// Says "later", having answered.
#[derive(Debug)]
struct LateStore(Arc<MemoryStore>);

impl SessionStore for LateStore {
    fn get(&self, id: &[u8], now: UnixTime, later: &Later) -> Reply<Option<Secret>> {
        let reply = self.0.get(id, now, later);
        if let Reply::Now(value) = reply {
            let _stored = later.pending().answer(Answer::Session(value));
        }
        Reply::Later
    }

    fn put(&self, id: &[u8], value: &[u8], now: UnixTime, lifetime: u32) {
        self.0.put(id, value, now, lifetime);
    }

    fn remove(&self, id: &[u8]) {
        self.0.remove(id);
    }

    fn keeps_inside(&self) -> bool {
        true
    }
}
