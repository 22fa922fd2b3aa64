//! Randomness of the operating system, drawn in bulk: one call for many draws.

use super::OsRandom;
use core::cell::UnsafeCell;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering, compiler_fence};
use tls_core::crypto::{Random, RandomFailed};

/// Bytes of one call to the operating system: a dozen handshakes' worth.
const BULK: usize = 512;

/// [`Stock::left`] while the operating system is asked.
const FILLING: usize = BULK + 1;

/// The longest draw that is served from what is there.
const MOST: usize = 64;

/// The operating system's randomness, 512 bytes of it at a time. A byte is given out once, and wiped where it
/// was.
///
/// What waits lies on a page that the kernel zeroes in the child of a fork (`MADV_WIPEONFORK`, Linux 4.14), its
/// counters with it: a child finds nothing there and draws its own. No handler is registered with anybody. Where
/// there is no such page, each draw asks the operating system, as [`OsRandom`] does; so does a thread
/// that meets another one here, and whoever wants more than a key. A machine that is copied while it runs (a snapshot that
/// is resumed twice) copies what waits here too, as it copies every generator that lives in a process.
#[derive(Debug)]
pub struct BulkRandom(Option<Page>);

impl BulkRandom {
    /// Takes a page.
    pub fn new() -> Self {
        Self(Page::new())
    }
}

impl Default for BulkRandom {
    fn default() -> Self {
        Self::new()
    }
}

impl Random for BulkRandom {
    fn fill(&self, out: &mut [u8]) -> Result<(), RandomFailed> {
        match &self.0 {
            Some(page) if out.len() <= MOST && page.take(out)? => Ok(()),
            _ => OsRandom.fill(out),
        }
    }
}

/// What lies on the page. All zeroes, as it is new or in a child, it is free and empty.
#[repr(C)]
struct Stock {
    /// Somebody is at it.
    busy: AtomicBool,
    /// How many bytes wait, at the start of `bytes`.
    left: AtomicUsize,
    bytes: UnsafeCell<[u8; BULK]>,
}

/// A page of its own that is not inherited.
#[derive(Debug)]
struct Page(NonNull<Stock>);

// SAFETY: the page belongs to this value alone until it is dropped, whichever thread that is.
unsafe impl Send for Page {}
// SAFETY: `busy` lets one thread at a time to the bytes.
unsafe impl Sync for Page {}

impl Page {
    /// `None` where there is none that the kernel wipes.
    #[cfg(target_os = "linux")]
    fn new() -> Option<Self> {
        // SAFETY: a fresh mapping of nobody's; what it holds is zero.
        let at = unsafe {
            libc::mmap(
                core::ptr::null_mut(),
                size_of::<Stock>(),
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
                -1,
                0,
            )
        };
        if at == libc::MAP_FAILED {
            return None;
        }
        let page = Self(NonNull::new(at.cast())?);
        // SAFETY: the mapping is ours. Not in a core dump either, but that is no condition.
        let wiped = unsafe {
            libc::madvise(at, size_of::<Stock>(), libc::MADV_DONTDUMP);
            libc::madvise(at, size_of::<Stock>(), libc::MADV_WIPEONFORK)
        };
        (wiped == 0).then_some(page)
    }

    #[cfg(not(target_os = "linux"))]
    fn new() -> Option<Self> {
        None
    }

    fn stock(&self) -> &Stock {
        // SAFETY: the mapping lives as long as this value, is aligned to a page, and any bytes that it ever has are a
        // Stock: all zeroes, or what was stored through it.
        unsafe { self.0.as_ref() }
    }

    /// Fills `out`, unless another thread is here or this is suddenly a child: then `false`.
    fn take(&self, out: &mut [u8]) -> Result<bool, RandomFailed> {
        let stock = self.stock();
        if stock.busy.swap(true, Ordering::Acquire) {
            return Ok(false);
        }
        let done = stock.take(out);
        stock.busy.store(false, Ordering::Release);
        done
    }
}

impl Stock {
    /// The caller holds `busy`.
    fn take(&self, out: &mut [u8]) -> Result<bool, RandomFailed> {
        // SAFETY: `busy` is ours, so nobody else looks at the bytes. A fork wipes them for the child, whose one thread
        // this may be: any value is fine for a byte, and `left` tells below.
        let bytes = unsafe { &mut *self.bytes.get() };
        let mut left = self.left.load(Ordering::Relaxed);
        if left < out.len() {
            self.left.store(FILLING, Ordering::Relaxed);
            if OsRandom.fill(bytes).is_err() {
                self.left.store(0, Ordering::Relaxed);
                return Err(RandomFailed);
            }
            if !self.becomes(FILLING, BULK) {
                return Ok(false);
            }
            left = BULK;
        }
        let Some(from) = left.checked_sub(out.len()) else {
            return Ok(false);
        };
        out.copy_from_slice(&bytes[from..left]);
        bytes[from..left].fill(0);
        Ok(self.becomes(left, from))
    }

    /// Whether `left` was still what it was. A fork inside of a signal's handler, from which the child comes back to
    /// here, has wiped what was filled in or copied, and `left` with it.
    fn becomes(&self, before: usize, after: usize) -> bool {
        compiler_fence(Ordering::SeqCst);
        let changed =
            self.left
                .compare_exchange(before, after, Ordering::Relaxed, Ordering::Relaxed);
        changed.is_ok()
    }
}

impl Drop for Page {
    #[cfg(target_os = "linux")]
    fn drop(&mut self) {
        // SAFETY: ours, and nobody refers to it any more. The pages of a mapping that is gone are zeroed before
        // anybody else gets them.
        unsafe { libc::munmap(self.0.as_ptr().cast(), size_of::<Stock>()) };
    }

    #[cfg(not(target_os = "linux"))]
    fn drop(&mut self) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn draw(random: &BulkRandom) -> [u8; 16] {
        let mut out = [0; 16];
        random.fill(&mut out).expect("the OS has randomness");
        out
    }

    #[test]
    fn no_draw_comes_twice_whatever_its_length() {
        let random = BulkRandom::new();
        let mut seen = HashSet::new();
        for len in (16..100).cycle().take(5000) {
            let mut out = vec![0; len];
            random.fill(&mut out).expect("the OS has randomness");
            for window in out.chunks_exact(16) {
                assert!(seen.insert(window.to_vec()));
            }
        }
        random.fill(&mut []).expect("nothing is always there");
    }

    #[test]
    fn threads_do_not_share_a_byte() {
        let random = BulkRandom::new();
        let draws = || (0..5000).map(|_| draw(&random)).collect::<Vec<_>>();
        let mut all: Vec<_> = std::thread::scope(|scope| {
            let threads = [(); 4].map(|()| scope.spawn(draws));
            threads
                .into_iter()
                .flat_map(|t| t.join().expect("no panic"))
                .collect()
        });
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 20_000);
    }

    /// What was given out is gone from where it was.
    #[cfg(target_os = "linux")]
    #[test]
    fn nothing_given_out_stays() {
        let random = BulkRandom::new();
        let out = draw(&random);
        let Some(page) = &random.0 else { return };
        // SAFETY: this thread alone has the page.
        let bytes = unsafe { &*page.stock().bytes.get() };
        assert!(!bytes.windows(16).any(|w| w == out));
        assert_eq!(page.stock().left.load(Ordering::Relaxed), BULK - 16);
    }

    /// A child of a fork draws other bytes than its parent, though bytes waited when it was made.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_child_has_randomness_of_its_own() {
        let random = BulkRandom::new();
        draw(&random);
        let mut ends = [0; 2];
        // SAFETY: a child of a process with threads may only do what a signal's handler may: drawing takes no lock
        // that could be held, and neither write nor _exit does.
        let (child, drawn) = unsafe {
            assert_eq!(libc::pipe(ends.as_mut_ptr()), 0);
            let child = libc::fork();
            if child == 0 {
                let mut out = [0; 16];
                let code = i32::from(random.fill(&mut out).is_err());
                libc::write(ends[1], out.as_ptr().cast(), out.len());
                libc::_exit(code);
            }
            let mut drawn = [0u8; 16];
            assert_eq!(libc::read(ends[0], drawn.as_mut_ptr().cast(), 16), 16);
            (child, drawn)
        };
        let mut status = 0;
        // SAFETY: our own child, and our own descriptors.
        unsafe {
            assert_eq!(libc::waitpid(child, &mut status, 0), child);
            ends.iter().for_each(|end| assert_eq!(libc::close(*end), 0));
        }
        assert_eq!(status, 0);
        assert_ne!(drawn, draw(&random));
        assert_ne!(drawn, [0; 16]);
    }
}
