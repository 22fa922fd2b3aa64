use super::aead_key::AeadTicketKey;
use super::seal::{Opened, SealFailed, TicketKey, TicketSealer};
use super::state::MAX_LIFETIME;
use crate::cert::UnixTime;
use crate::crypto::{Provider, Random, Secret};
use crate::error::{Error, Reason, Result};
use std::sync::{Arc, PoisonError, RwLock};

/// Most keys of a ring; another one takes the oldest one's place.
const MAX_KEYS: usize = 64;

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
    key: Arc<dyn TicketKey>,
    window: KeyWindow,
}

/// Where keys come from when none is in its window.
enum Source {
    /// From outside alone.
    Given,
    /// Made at random: of use to one process.
    Random { period: u64 },
    /// Derived from a master secret and the time.
    Derived { master: Secret, period: u64 },
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
    /// live: the default of one process. Keys that are added count as its own.
    pub fn random(provider: Arc<dyn Provider>, period: u32) -> Self {
        let period = u64::from(period.max(1));
        Self::new(provider, Source::Random { period })
    }

    /// A ring that derives its keys: `AeadTicketKey::derive(master, now / period)`. Hosts with the
    /// same master secret and period need no coordination. At least 32 bytes of `master`
    /// (`BadTicketKeys`).
    pub fn derived(provider: Arc<dyn Provider>, master: Secret, period: u32) -> Result<Self> {
        AeadTicketKey::derive(&*provider, &master, 0)?;
        if period == 0 {
            return Err(Error::with(
                Reason::BadTicketKeys,
                "an epoch of ticket keys has at least one second",
            ));
        }
        let period = u64::from(period);
        Ok(Self::new(provider, Source::Derived { master, period }))
    }

    fn new(provider: Arc<dyn Provider>, source: Source) -> Self {
        Self {
            provider,
            source,
            keys: RwLock::default(),
        }
    }

    /// Adds a key. One with the same name is replaced.
    pub fn add(&self, key: Arc<dyn TicketKey>, window: KeyWindow) {
        self.change(|keys| {
            keys.retain(|e| e.key.name() != key.name());
            keys.push(Entry { key, window });
        });
    }

    /// Replaces all keys, the newest last.
    pub fn set(&self, new: Vec<(Arc<dyn TicketKey>, KeyWindow)>) {
        self.change(|keys| {
            let new = new.into_iter();
            *keys = new.map(|(key, window)| Entry { key, window }).collect();
        });
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.read(|keys| keys.len())
    }

    /// Whether there is no key (yet).
    pub fn is_empty(&self) -> bool {
        self.len() == 0
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
            let in_window = keys.iter().filter(|e| e.window.encrypts(now));
            let newest =
                in_window.reduce(|a, b| if b.window.from >= a.window.from { b } else { a });
            newest.map(|e| e.key.clone())
        })
    }

    /// Makes the key that is missing now, where keys are made.
    fn refill(&self, now: u64, random: Option<&dyn Random>) -> Option<()> {
        let (key, window) = match &self.source {
            Source::Given => return None,
            Source::Random { period } => {
                let key = AeadTicketKey::random(&*self.provider, random?).ok()?;
                let window = KeyWindow {
                    from: now,
                    encrypt: *period,
                    decrypt: MAX_LIFETIME.into(),
                };
                (key, window)
            }
            Source::Derived { master, period } => {
                self.derive(now / period, master, *period).ok()?
            }
        };
        self.change(|keys| {
            keys.retain(|e| !e.window.is_over(now));
            // Another thread may have been faster.
            if !keys.iter().any(|e| e.window.encrypts(now)) {
                keys.push(Entry {
                    key: Arc::new(key),
                    window,
                });
            }
        });
        Some(())
    }

    fn derive(&self, epoch: u64, master: &[u8], period: u64) -> Result<(AeadTicketKey, KeyWindow)> {
        let key = AeadTicketKey::derive(&*self.provider, master, epoch)?;
        let window = KeyWindow {
            from: epoch.saturating_mul(period),
            encrypt: period,
            decrypt: MAX_LIFETIME.into(),
        };
        Ok((key, window))
    }

    fn find(&self, sealed: &[u8], now: u64) -> Option<Arc<dyn TicketKey>> {
        self.read(|keys| {
            let usable = keys.iter().filter(|e| !e.window.is_over(now));
            usable
                .map(|e| &e.key)
                .find(|key| sealed.starts_with(key.name()))
                .cloned()
        })
    }

    /// With derived keys: the key of an epoch whose tickets may still be around, or of the next one,
    /// which another host may have begun.
    fn find_derived(&self, sealed: &[u8], now: u64) -> Option<Arc<dyn TicketKey>> {
        let Source::Derived { master, period } = &self.source else {
            return None;
        };
        let epoch = now / period;
        let oldest = epoch.saturating_sub(u64::from(MAX_LIFETIME).div_ceil(*period).min(32));
        for epoch in (oldest..=epoch.saturating_add(1)).rev() {
            let (key, window) = self.derive(epoch, master, *period).ok()?;
            if sealed.starts_with(key.name()) {
                let key: Arc<dyn TicketKey> = Arc::new(key);
                self.add(key.clone(), window);
                return Some(key);
            }
        }
        None
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
        let key = match self.find(sealed, now) {
            Some(key) => key,
            None => self.find_derived(sealed, now)?,
        };
        let plain = key.open(sealed)?;
        if self.current(now).is_none() {
            // Derived keys alone can be made without randomness; a random ring makes its own when
            // it next seals.
            self.refill(now, None);
        }
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
