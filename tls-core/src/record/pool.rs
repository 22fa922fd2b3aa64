use core::cell::Cell;
use core::fmt;
use core::sync::atomic::{AtomicUsize, Ordering};
use crossbeam_utils::atomic::AtomicCell;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Bytes of a receive buffer: room for two records of the largest size (RFC 5246 §6.2.3), so that
/// one read of the transport can bring several.
pub const RECV_BUFFER_LEN: usize = 2 * (5 + (1 << 14) + 2048);

/// Bytes of a send buffer: room for four sealed records of the largest size that we send.
pub const SEND_BUFFER_LEN: usize = 4 * (5 + (1 << 14) + 512);

/// Stacks of a pool: as many threads have one each.
const STACKS: usize = 8;

/// Idle buffers of each kind in one of them.
const DEPTH: usize = 8;

/// Record buffers that connections take when bytes arrive and give back when the last is read.
/// Bounded. Buffers come initialised and stay so: their zeroing is paid once.
///
/// A buffer is worth as much as the cache that it is in: each thread has a stack of its own as long as there
/// are stacks, and takes what it gave last. Where another thread is at a stack nobody waits, but goes on to the next
/// one, and in the end to the allocator.
#[derive(Default)]
pub struct BufferPool {
    places: [Place; STACKS],
}

/// A thread's stacks, apart from the next thread's, and from the line that a CPU fetches beside it.
#[derive(Default)]
#[repr(align(128))]
struct Place {
    recv: Stack<RECV_BUFFER_LEN>,
    send: Stack<SEND_BUFFER_LEN>,
}

/// Its top is taken and given by one exchange each: of a small record, a lock's two would be a third of the time.
#[derive(Default)]
struct Stack<const N: usize> {
    top: AtomicCell<Option<Box<[u8; N]>>>,
    rest: Mutex<Vec<Box<[u8; N]>>>,
}

thread_local! {
    /// The thread's number, plus one; 0 before it has one. It has no destructor.
    static NUMBER: Cell<usize> = const { Cell::new(0) };
}

/// Threads are numbered as they come.
fn number() -> usize {
    static LAST: AtomicUsize = AtomicUsize::new(0);
    NUMBER.with(|number| {
        if number.get() == 0 {
            number.set(LAST.fetch_add(1, Ordering::Relaxed) + 1);
        }
        number.get()
    })
}

impl BufferPool {
    pub(crate) fn take_recv(&self) -> Box<[u8]> {
        match self.own().find_map(|place| place.recv.take()) {
            Some(buffer) => buffer,
            None => vec![0; RECV_BUFFER_LEN].into(),
        }
    }

    pub(crate) fn take_send(&self) -> Box<[u8]> {
        match self.own().find_map(|place| place.send.take()) {
            Some(buffer) => buffer,
            None => vec![0; SEND_BUFFER_LEN].into(),
        }
    }

    /// Takes a buffer back; one that grew beyond the usual size is dropped instead, and so is one for which there
    /// is no room: that is the pool's bound.
    pub(crate) fn give(&self, buffer: Box<[u8]>) {
        let buffer = match buffer.try_into() {
            Ok(recv) => {
                self.own()
                    .try_fold(recv, |recv, place| place.recv.give(recv));
                return;
            }
            Err(buffer) => buffer,
        };
        if let Ok(send) = Box::<[u8; SEND_BUFFER_LEN]>::try_from(buffer) {
            self.own()
                .try_fold(send, |send, place| place.send.give(send));
        }
    }

    /// This thread's place, then the others.
    fn own(&self) -> impl Iterator<Item = &Place> {
        let own = number() % STACKS;
        self.places[own..].iter().chain(&self.places[..own])
    }

    /// Buffers that wait in the pool: (receive, send).
    pub fn idle(&self) -> (usize, usize) {
        let idle = self.places.iter().map(|p| (p.recv.idle(), p.send.idle()));
        idle.fold((0, 0), |sum, n| (sum.0 + n.0, sum.1 + n.1))
    }
}

impl fmt::Debug for BufferPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BufferPool")
            .field("idle", &self.idle())
            .finish()
    }
}

impl<const N: usize> Stack<N> {
    /// What was given last, unless another thread is there.
    fn take(&self) -> Option<Box<[u8; N]>> {
        let top = self.top.take();
        top.or_else(|| self.rest.try_lock().ok()?.pop())
    }

    /// Takes a buffer in. `Some`: there was no room for this one, or another thread was there.
    fn give(&self, buffer: Box<[u8; N]>) -> Option<Box<[u8; N]>> {
        let below = self.top.swap(Some(buffer))?;
        match self.rest.try_lock() {
            Ok(mut rest) if rest.len() < DEPTH - 1 => {
                let room = DEPTH - 1 - rest.len();
                rest.reserve_exact(room);
                rest.push(below);
                None
            }
            _ => Some(below),
        }
    }

    fn idle(&self) -> usize {
        // Only by an exchange can it be looked at.
        let top = self.top.take();
        let count = usize::from(top.is_some());
        let kept = top.and_then(|top| self.give(top));
        drop(kept);
        count + self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Box<[u8; N]>>> {
        self.rest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which buffer it is.
    fn place(buffer: &[u8]) -> usize {
        buffer.as_ptr().addr()
    }

    #[test]
    fn gives_what_came_last_and_keeps_no_more_than_its_bound() {
        let pool = BufferPool::default();
        let all: Vec<_> = (0..100).map(|_| pool.take_recv()).collect();
        let last = place(&all[99]);
        all.into_iter().for_each(|buffer| pool.give(buffer));
        assert_eq!(pool.idle(), (STACKS * DEPTH, 0));
        // The own stack first, then the others.
        let taken: Vec<_> = (0..STACKS * DEPTH).map(|_| pool.take_recv()).collect();
        assert_eq!(place(&taken[0]), last);
        assert_eq!(pool.idle(), (0, 0));
        pool.give(pool.take_send());
        pool.give(vec![0; 7].into());
        assert_eq!(pool.idle(), (0, 1));
        let first = pool.take_send();
        let address = place(&first);
        pool.give(first);
        assert_eq!(place(&pool.take_send()), address);
    }

    #[test]
    fn threads_keep_apart_and_nobody_waits() {
        let pool = BufferPool::default();
        let kept = pool.take_send();
        let own = place(&kept);
        pool.give(kept);
        // Where somebody is at all stacks, only their tops are there.
        let held = pool
            .places
            .iter()
            .map(|p| p.send.lock())
            .collect::<Vec<_>>();
        let (top, fresh) = (pool.take_send(), pool.take_send());
        assert!(place(&top) == own && place(&fresh) != own);
        pool.give(fresh);
        pool.give(top);
        drop(held);
        assert_eq!(pool.idle().1, 2, "in another stack: nobody was waited for");
        drop((pool.take_send(), pool.take_send()));
        pool.give(vec![0; SEND_BUFFER_LEN].into());
        // A thread that finds its stack empty takes from another.
        let kept = pool.take_send();
        let own = place(&kept);
        pool.give(kept);
        std::thread::scope(|scope| {
            let other = scope.spawn(|| {
                let buffer = pool.take_send();
                let address = place(&buffer);
                pool.give(buffer);
                (address, place(&pool.take_send()))
            });
            let (first, again) = other.join().unwrap();
            assert_eq!(first, own, "the only one there is");
            assert_eq!(again, own, "the one given last");
        });
    }
}
