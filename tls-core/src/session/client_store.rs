use super::client::ClientSession;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A client's sessions, one for each key. A key is a digest of everything that a session is bound to:
/// names, policy, what is trusted and how, the client's certificates. Called by any thread; it must
/// not wait.
pub trait ClientSessionStore: Send + Sync + core::fmt::Debug {
    /// The session under `key`.
    fn get(&self, key: &[u8; 32]) -> Option<Arc<ClientSession>>;

    /// Keeps `session` under `key`, in place of an older one.
    fn put(&self, key: &[u8; 32], session: Arc<ClientSession>);

    /// Forgets this very session: it was refused, or its connection failed. A newer one under the
    /// same key stays.
    fn remove(&self, key: &[u8; 32], session: &Arc<ClientSession>);
}

/// A client's sessions in memory, bounded in number: beyond it the one that was put first goes. One
/// lock, held for one look into a hash map.
pub struct MemoryClientStore {
    inner: Mutex<Inner>,
    capacity: usize,
}

#[derive(Default)]
struct Inner {
    sessions: HashMap<[u8; 32], Arc<ClientSession>>,
    /// Keys in the order in which they first came.
    order: VecDeque<[u8; 32]>,
}

impl MemoryClientStore {
    /// Room for `capacity` sessions; 0 keeps none.
    pub fn new(capacity: usize) -> Self {
        Self {
            inner: Mutex::default(),
            capacity,
        }
    }

    /// How many sessions there are.
    pub fn len(&self) -> usize {
        self.lock().sessions.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ClientSessionStore for MemoryClientStore {
    fn get(&self, key: &[u8; 32]) -> Option<Arc<ClientSession>> {
        self.lock().sessions.get(key).cloned()
    }

    fn put(&self, key: &[u8; 32], session: Arc<ClientSession>) {
        if self.capacity == 0 {
            return;
        }
        let mut inner = self.lock();
        if inner.sessions.insert(*key, session).is_none() {
            inner.order.push_back(*key);
        }
        if inner.sessions.len() > self.capacity
            && let Some(oldest) = inner.order.pop_front()
        {
            inner.sessions.remove(&oldest);
        }
    }

    fn remove(&self, key: &[u8; 32], session: &Arc<ClientSession>) {
        let mut inner = self.lock();
        let same = |kept: &Arc<ClientSession>| Arc::ptr_eq(kept, session);
        if inner.sessions.get(key).is_some_and(same) {
            inner.sessions.remove(key);
            inner.order.retain(|k| k != key);
        }
    }
}

impl core::fmt::Debug for MemoryClientStore {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "MemoryClientStore({} sessions)", self.len())
    }
}
