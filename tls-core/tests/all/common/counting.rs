//! A provider that counts the signatures in certificates that it verifies.

use super::patched::Patched;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};

static VERIFIED: AtomicUsize = AtomicUsize::new(0);

pub static COUNTING: LazyLock<Patched> = LazyLock::new(|| {
    Patched::new("counting").with_verify(|real| {
        VERIFIED.fetch_add(1, Ordering::Relaxed);
        real()
    })
});

/// Every signature is good, whoever made it: sets of certificates in which everybody signed everybody.
pub static CREDULOUS: LazyLock<Patched> = LazyLock::new(|| {
    Patched::new("credulous").with_verify(|_| {
        VERIFIED.fetch_add(1, Ordering::Relaxed);
        true
    })
});

/// What `f` returns, and how many signatures were verified meanwhile with [`COUNTING`] or [`CREDULOUS`]: one `f`
/// at a time.
pub fn count<T>(f: impl FnOnce() -> T) -> (T, usize) {
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    VERIFIED.store(0, Ordering::Relaxed);
    let result = f();
    (result, VERIFIED.load(Ordering::Relaxed))
}
