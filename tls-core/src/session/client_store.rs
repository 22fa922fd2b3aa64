use super::client::ClientSession;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
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
/// lock, held for one look into a hash map and a search tree.
pub struct MemoryClientStore {
    inner: Mutex<Inner>,
    capacity: usize,
}

#[derive(Default)]
struct Inner {
    sessions: HashMap<[u8; 32], Kept>,
    /// The keys by the places of their sessions.
    order: BTreeMap<u64, [u8; 32]>,
    next: u64,
}

struct Kept {
    session: Arc<ClientSession>,
    /// Where it stands in the order in which keys first came.
    place: u64,
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
        self.lock()
            .sessions
            .get(key)
            .map(|kept| kept.session.clone())
    }

    fn put(&self, key: &[u8; 32], session: Arc<ClientSession>) {
        if self.capacity == 0 {
            return;
        }
        let inner = &mut *self.lock();
        if let Some(kept) = inner.sessions.get_mut(key) {
            kept.session = session;
            return;
        }
        let place = inner.next;
        inner.next += 1;
        inner.sessions.insert(*key, Kept { session, place });
        inner.order.insert(place, *key);
        if inner.sessions.len() > self.capacity
            && let Some((_, oldest)) = inner.order.pop_first()
        {
            inner.sessions.remove(&oldest);
        }
    }

    fn remove(&self, key: &[u8; 32], session: &Arc<ClientSession>) {
        let inner = &mut *self.lock();
        if let Entry::Occupied(entry) = inner.sessions.entry(*key)
            && Arc::ptr_eq(&entry.get().session, session)
        {
            inner.order.remove(&entry.remove().place);
        }
    }
}

impl core::fmt::Debug for MemoryClientStore {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "MemoryClientStore({} sessions)", self.len())
    }
}
