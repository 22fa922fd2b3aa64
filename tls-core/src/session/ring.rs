use super::aead_key::AeadTicketKey;
use super::seal::{Opened, SealFailed, TICKET_KEY_NAME_LEN, TicketKey, TicketSealer};
use super::state::MAX_LIFETIME;
use crate::cert::UnixTime;
use crate::crypto::{Provider, Random, Secret};
use crate::error::{Error, Reason, Result};
use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

/// Most keys of a ring; another one takes the oldest one's place.
const MAX_KEYS: usize = 64;

/// For how many periods a derived key opens tickets behind its own, at most.
const MAX_EPOCHS: u64 = 32;

/// When a key is used: it encrypts (and decrypts) for `encrypt` seconds from `from` on, and
/// decrypts for `decrypt` seconds more. Before `from` it decrypts: another host's clock may be
/// ahead of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyWindow {
    /// Seconds since 1970.
    pub from: u64,
    /// Seconds.
    pub encrypt: u64,
    /// Seconds.
    pub decrypt: u64,
}

impl KeyWindow {
    /// Encrypts and decrypts until the key is removed.
    pub const ALWAYS: Self = Self {
        from: 0,
        encrypt: u64::MAX,
        decrypt: 0,
    };

    /// Decrypts alone, until the key is removed.
    pub const DECRYPT: Self = Self {
        from: 0,
        encrypt: 0,
        decrypt: u64::MAX,
    };

    fn encrypts(&self, now: u64) -> bool {
        now >= self.from && now < self.from.saturating_add(self.encrypt)
    }

    fn is_over(&self, now: u64) -> bool {
        let end = self.from.saturating_add(self.encrypt);
        now >= end.saturating_add(self.decrypt)
    }
}

#[derive(Clone, Debug)]
struct Entry {
    name: [u8; TICKET_KEY_NAME_LEN],
    /// `None`: removed. A derived ring remembers that until the window is over, or the next epoch would
    /// bring the key back.
    key: Option<Arc<dyn TicketKey>>,
    window: KeyWindow,
}

impl Entry {
    fn new(key: Arc<dyn TicketKey>, window: KeyWindow) -> Self {
        Self {
            name: *key.name(),
            key: Some(key),
            window,
        }
    }
}

/// Where keys come from when none is in its window.
enum Source {
    /// From outside alone.
    Given,
    /// Made at random: of use to one process. `given`: a key that seals was added, and whoever brings keys
    /// means them; one made in secret would only look as if the other hosts could open its tickets.
    Random { period: u64, given: AtomicBool },
    /// Derived from a master secret and the time.
    Derived(Derivation),
}

/// Keys that follow from a master secret and the time.
struct Derivation {
    master: Secret,
    period: u64,
    /// The epoch whose surroundings are in the ring, plus one; 0: none are. A forged ticket must not
    /// make us derive keys again.
    derived: AtomicU64,
}

/// A ring of ticket keys, changed live: the newest key in its window seals, every key whose window
/// is not over opens. Shared by any number of threads; a handshake takes a read lock for as long as
/// the one operation, the rare change of keys the write lock.
pub struct TicketRing {
    provider: Arc<dyn Provider>,
    source: Source,
    /// The newest last.
    keys: RwLock<Vec<Entry>>,
}

impl TicketRing {
    /// A ring whose keys are all given; it seals nothing while none is in its window.
    pub fn given(provider: Arc<dyn Provider>) -> Self {
        Self::new(provider, Source::Given)
    }

    /// A ring that makes a random key every `period` seconds and keeps each for as long as sessions
    /// live: the default of one process. Once a key that encrypts is added, it makes none any more.
    pub fn random(provider: Arc<dyn Provider>, period: u32) -> Self {
        let source = Source::Random {
            period: u64::from(period.max(1)),
            given: AtomicBool::new(false),
        };
        Self::new(provider, source)
    }

    /// A ring that derives its keys: `AeadTicketKey::derive(master, now / period)`. Hosts with the
    /// same master secret and period need no coordination. A key opens tickets for as long as they
    /// live, but no longer than 32 periods. At least 32 bytes of `master` (`BadTicketKeys`).
    pub fn derived(provider: Arc<dyn Provider>, master: Secret, period: u32) -> Result<Self> {
        AeadTicketKey::derive(&*provider, &master, 0)?;
        if period == 0 {
            return Err(Error::with(
                Reason::BadTicketKeys,
                "an epoch of ticket keys has at least one second",
            ));
        }
        let source = Source::Derived(Derivation {
            master,
            period: period.into(),
            derived: AtomicU64::new(0),
        });
        Ok(Self::new(provider, source))
    }

    fn new(provider: Arc<dyn Provider>, source: Source) -> Self {
        Self {
            provider,
            source,
            keys: RwLock::default(),
        }
    }

    /// Adds a key. One with the same name is replaced. When it encrypts (`window.encrypt` above 0), a
    /// random ring makes no keys of its own from there on: behind the last window no ticket is sealed.
    pub fn add(&self, key: Arc<dyn TicketKey>, window: KeyWindow) {
        self.note_given(&window);
        self.change(|keys| {
            keys.retain(|e| e.name != *key.name());
            keys.push(Entry::new(key, window));
        });
    }

    /// Removes the key with this name; whether there was one. A random ring to which none was added makes
    /// another when it has none left to seal with; a derived one seals nothing until its next epoch.
    pub fn remove(&self, name: &[u8; TICKET_KEY_NAME_LEN]) -> bool {
        let derived = matches!(self.source, Source::Derived(_));
        let mut removed = None;
        self.change(|keys| {
            if let Some(entry) = keys.iter_mut().find(|e| e.name == *name) {
                removed = entry.key.take();
            }
            keys.retain(|e| derived || e.key.is_some());
        });
        // Dropped here, without the lock: it may be the application's.
        removed.is_some()
    }

    /// Replaces all keys, the newest last. Those that encrypt count as with `add`.
    pub fn set(&self, new: Vec<(Arc<dyn TicketKey>, KeyWindow)>) {
        new.iter().for_each(|(_, window)| self.note_given(window));
        self.change(|keys| {
            let new = new.into_iter();
            *keys = new.map(|(key, window)| Entry::new(key, window)).collect();
        });
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.read(|keys| keys.iter().filter(|e| e.key.is_some()).count())
    }

    /// Whether there is no key (yet).
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn note_given(&self, window: &KeyWindow) {
        if let Source::Random { given, .. } = &self.source
            && window.encrypt > 0
        {
            given.store(true, Ordering::Release);
        }
    }

    fn read<T>(&self, f: impl FnOnce(&[Entry]) -> T) -> T {
        f(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn change(&self, f: impl FnOnce(&mut Vec<Entry>)) {
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        f(&mut keys);
        let surplus = keys.len().saturating_sub(MAX_KEYS);
        keys.drain(..surplus);
    }

    /// The key that seals now.
    fn current(&self, now: u64) -> Option<Arc<dyn TicketKey>> {
        self.read(|keys| {
            let usable = |e: &&Entry| e.key.is_some() && e.window.encrypts(now);
            let in_window = keys.iter().filter(usable);
            let newest =
                in_window.reduce(|a, b| if b.window.from >= a.window.from { b } else { a });
            newest.and_then(|e| e.key.clone())
        })
    }

    /// Makes the keys that are missing now, where keys are made.
    fn refill(&self, now: u64, random: Option<&dyn Random>) -> Option<()> {
        match &self.source {
            Source::Given => None,
            Source::Random { given, .. } if given.load(Ordering::Acquire) => None,
            Source::Random { period, .. } => {
                let window = KeyWindow {
                    from: now,
                    encrypt: *period,
                    decrypt: MAX_LIFETIME.into(),
                };
                let key = AeadTicketKey::random(&*self.provider, random?).ok()?;
                self.renew(now, vec![(Arc::new(key), window)]);
                Some(())
            }
            Source::Derived(derivation) => self.derive(derivation, now),
        }
    }

    /// The keys of all epochs whose tickets may still be around, and of the next one, which another
    /// host may have begun.
    fn derive(&self, derivation: &Derivation, now: u64) -> Option<()> {
        let period = derivation.period;
        let epoch = now / period;
        if derivation.derived.load(Ordering::Acquire) == epoch.saturating_add(1) {
            return Some(());
        }
        let back = u64::from(MAX_LIFETIME).div_ceil(period).min(MAX_EPOCHS);
        let mut keys: Vec<(Arc<dyn TicketKey>, KeyWindow)> = Vec::new();
        for epoch in epoch.saturating_sub(back)..=epoch.saturating_add(1) {
            let key = AeadTicketKey::derive(&*self.provider, &derivation.master, epoch).ok()?;
            let window = KeyWindow {
                from: epoch.saturating_mul(period),
                encrypt: period,
                decrypt: period.saturating_mul(back),
            };
            keys.push((Arc::new(key), window));
        }
        self.renew(now, keys);
        let done = epoch.saturating_add(1);
        derivation.derived.store(done, Ordering::Release);
        Some(())
    }

    /// Drops what is over and adds what is missing; another thread may have been faster.
    fn renew(&self, now: u64, new: Vec<(Arc<dyn TicketKey>, KeyWindow)>) {
        self.change(|keys| {
            keys.retain(|e| !e.window.is_over(now));
            let derived = matches!(self.source, Source::Derived(_));
            if !derived
                && keys
                    .iter()
                    .any(|e| e.key.is_some() && e.window.encrypts(now))
            {
                return;
            }
            for (key, window) in new {
                if !keys.iter().any(|e| e.name == *key.name()) {
                    keys.push(Entry::new(key, window));
                }
            }
        });
    }

    fn drop_old(&self, now: u64) {
        if self.read(|keys| keys.iter().any(|e| e.window.is_over(now))) {
            self.change(|keys| keys.retain(|e| !e.window.is_over(now)));
        }
    }

    fn find(&self, sealed: &[u8], now: u64) -> Option<Arc<dyn TicketKey>> {
        self.read(|keys| {
            let usable = keys.iter().filter(|e| !e.window.is_over(now));
            let named = usable.filter(|e| sealed.starts_with(&e.name));
            named.filter_map(|e| e.key.clone()).next()
        })
    }
}

impl TicketSealer for TicketRing {
    fn seal(
        &self,
        plain: &[u8],
        now: UnixTime,
        random: &dyn Random,
    ) -> Result<Vec<u8>, SealFailed> {
        let now = now.as_secs();
        let key = match self.current(now) {
            Some(key) => key,
            None => {
                self.refill(now, Some(random)).ok_or(SealFailed)?;
                self.current(now).ok_or(SealFailed)?
            }
        };
        key.seal(plain, random)
    }

    fn open(&self, sealed: &[u8], now: UnixTime) -> Option<Opened> {
        let now = now.as_secs();
        match self.source {
            Source::Given => {}
            // It makes its keys when it seals; a server that only resumes must not keep old ones for that.
            Source::Random { .. } => self.drop_old(now),
            Source::Derived(_) => self.refill(now, None)?,
        }
        let key = self.find(sealed, now)?;
        let plain = key.open(sealed)?;
        let renew = self
            .current(now)
            .is_none_or(|current| current.name() != key.name());
        Some(Opened { plain, renew })
    }
}

impl core::fmt::Debug for TicketRing {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "TicketRing({} keys)", self.len())
    }
}
