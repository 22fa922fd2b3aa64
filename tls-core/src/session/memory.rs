use super::store::SessionStore;
use crate::cert::UnixTime;
use crate::crypto::{Later, Reply, Secret};
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many parts a store has, each with its lock: as many threads seldom meet.
const SHARDS: usize = 16;

/// A server's sessions in memory, bounded by number and age. A full store drops its oldest session.
///
/// Sessions are spread over 16 shards by their random IDs; each shard has a lock of its own, held
/// for one look into a hash map. A session costs its encoding (about 200 bytes, with a client's
/// chain at most 8 KiB more) and some 150 bytes beside it. Values are wiped when they go.
#[derive(Debug)]
pub struct MemoryStore {
    shards: [Mutex<Shard>; SHARDS],
    /// Of each shard.
    capacity: usize,
}

#[derive(Default)]
struct Shard {
    sessions: HashMap<Box<[u8]>, Stored>,
    /// In the order in which they came; an entry whose serial number is not the session's any more
    /// was removed or replaced.
    order: VecDeque<(Box<[u8]>, u64)>,
    serial: u64,
}

struct Stored {
    value: Secret,
    /// Seconds since 1970.
    until: u64,
    serial: u64,
}

impl MemoryStore {
    /// Room for `capacity` sessions, rounded up to a multiple of 16; 0 keeps none.
    pub fn new(capacity: usize) -> Self {
        Self {
            shards: Default::default(),
            capacity: capacity.div_ceil(SHARDS),
        }
    }

    /// How many sessions there are, expired ones included.
    pub fn len(&self) -> usize {
        let count = |shard| lock(shard).sessions.len();
        self.shards.iter().map(count).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// IDs are random; the first byte is as good as any.
    fn shard(&self, id: &[u8]) -> MutexGuard<'_, Shard> {
        let place = usize::from(id.first().copied().unwrap_or_default());
        lock(&self.shards[place % SHARDS])
    }
}

fn lock(shard: &Mutex<Shard>) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shard {
    fn put(&mut self, id: &[u8], value: Secret, until: u64) {
        self.serial += 1;
        let serial = self.serial;
        self.order.push_back((id.into(), serial));
        let stored = Stored {
            value,
            until,
            serial,
        };
        self.sessions.insert(id.into(), stored);
    }

    /// Drops what is over, and the oldest beyond `capacity`. Each entry is looked at once when it
    /// comes to the front, so that a put costs a constant time on the average.
    fn trim(&mut self, now: u64, capacity: usize) {
        while let Some((id, serial)) = self.order.front() {
            let live = self.sessions.get(id).filter(|s| s.serial == *serial);
            let goes = match live {
                None => true,
                Some(stored) if stored.until <= now || self.sessions.len() > capacity => {
                    self.sessions.remove(id);
                    true
                }
                Some(_) => false,
            };
            if !goes {
                break;
            }
            self.order.pop_front();
        }
        // Removed sessions leave their entries in the middle: those must not pile up either.
        if self.order.len() > 2 * self.sessions.len() + 16 {
            let sessions = &self.sessions;
            self.order
                .retain(|(id, serial)| sessions.get(id).is_some_and(|s| s.serial == *serial));
        }
    }
}

impl SessionStore for MemoryStore {
    fn get(&self, id: &[u8], now: UnixTime, _later: &Later) -> Reply<Option<Secret>> {
        let shard = self.shard(id);
        let stored = shard.sessions.get(id);
        let fresh = stored.filter(|s| now.as_secs() < s.until);
        Reply::Now(fresh.map(|s| s.value.clone()))
    }

    fn put(&self, id: &[u8], value: &[u8], now: UnixTime, lifetime: u32) {
        if self.capacity == 0 {
            return;
        }
        let now = now.as_secs();
        let value = Secret::new(value.to_vec());
        let mut shard = self.shard(id);
        shard.put(id, value, now.saturating_add(lifetime.into()));
        shard.trim(now, self.capacity);
    }

    fn remove(&self, id: &[u8]) {
        self.shard(id).sessions.remove(id);
    }

    fn keeps_inside(&self) -> bool {
        true
    }
}

impl core::fmt::Debug for Shard {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} sessions", self.sessions.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::time::Duration;

    fn at(secs: u64) -> UnixTime {
        UnixTime::since_unix_epoch(Duration::from_secs(secs))
    }

    fn get(store: &MemoryStore, id: &[u8], now: u64) -> Option<Vec<u8>> {
        match store.get(id, at(now), &Later::default()) {
            Reply::Now(value) => value.map(|v| v.to_vec()),
            Reply::Later => panic!("memory answers at once"),
        }
    }

    #[test]
    fn keeps_replaces_removes_and_forgets_with_age() {
        let store = MemoryStore::new(64);
        store.put(&[1; 32], b"one", at(100), 10);
        assert_eq!(get(&store, &[1; 32], 109).as_deref(), Some(&b"one"[..]));
        assert_eq!(get(&store, &[1; 32], 110), None, "over");
        assert_eq!(get(&store, &[2; 32], 100), None, "another");
        store.put(&[1; 32], b"two", at(100), 20);
        assert_eq!(get(&store, &[1; 32], 110).as_deref(), Some(&b"two"[..]));
        store.remove(&[1; 32]);
        assert_eq!(get(&store, &[1; 32], 100), None, "removed");
        store.remove(&[1; 32]);
        assert!(store.is_empty());
    }

    #[test]
    fn drops_the_oldest_when_full() {
        let store = MemoryStore::new(32);
        let id = |n: u8| [16, n];
        for n in 0..5 {
            store.put(&id(n), &[n], at(1), 100);
        }
        assert_eq!(store.len(), 2);
        assert_eq!(get(&store, &id(2), 1), None);
        assert_eq!(get(&store, &id(3), 1), Some(vec![3]));
        assert_eq!(get(&store, &id(4), 1), Some(vec![4]));
    }

    #[test]
    fn what_is_over_makes_room_first() {
        let store = MemoryStore::new(32);
        store.put(&[0, 1], b"short", at(1), 1);
        store.put(&[0, 2], b"long", at(1), 100);
        store.put(&[0, 3], b"new", at(50), 100);
        assert_eq!(store.len(), 2);
        assert!(get(&store, &[0, 2], 50).is_some());
    }

    #[test]
    fn puts_and_removes_without_end_take_no_room() {
        let store = MemoryStore::new(1000);
        for n in 0..1000_u32 {
            let id = [&[7][..], &n.to_be_bytes()].concat();
            store.put(&id, b"x", at(1), 100);
            store.remove(&id);
        }
        assert!(store.is_empty());
        assert!(store.shard(&[7]).order.len() < 40);
    }

    #[test]
    fn a_store_without_room_keeps_nothing() {
        let store = MemoryStore::new(0);
        store.put(b"id", b"value", at(1), 100);
        assert!(store.is_empty());
    }
}
