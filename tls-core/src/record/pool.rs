use core::cell::Cell;
use core::sync::atomic::{AtomicUsize, Ordering};
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
#[derive(Debug, Default)]
pub struct BufferPool {
    stacks: [Stack; STACKS],
}

/// Apart from the next one, and from the line that a CPU fetches beside it.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Stack(Mutex<Idle>);

#[derive(Debug, Default)]
struct Idle {
    recv: Vec<Box<[u8]>>,
    send: Vec<Box<[u8]>>,
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
        let kept = self.find(|idle| idle.recv.pop());
        kept.unwrap_or_else(|| vec![0; RECV_BUFFER_LEN].into())
    }

    pub(crate) fn take_send(&self) -> Box<[u8]> {
        let kept = self.find(|idle| idle.send.pop());
        kept.unwrap_or_else(|| vec![0; SEND_BUFFER_LEN].into())
    }

    /// Takes a buffer back; one that grew beyond the usual size is dropped instead, and so is one for which there
    /// is no room: that is the pool's bound.
    pub(crate) fn give(&self, buffer: Box<[u8]>) {
        let kind: fn(&mut Idle) -> &mut Vec<Box<[u8]>> = match buffer.len() {
            RECV_BUFFER_LEN => |idle| &mut idle.recv,
            SEND_BUFFER_LEN => |idle| &mut idle.send,
            _ => return,
        };
        let mut buffer = Some(buffer);
        self.find(|idle| {
            let stack = kind(idle);
            if stack.len() == DEPTH {
                return None;
            }
            stack.reserve_exact(DEPTH - stack.len());
            stack.extend(buffer.take());
            Some(())
        });
    }

    /// What `look` finds first: in this thread's stack, or else in another one.
    fn find<T>(&self, mut look: impl FnMut(&mut Idle) -> Option<T>) -> Option<T> {
        let own = number();
        (own..own + STACKS).find_map(|place| {
            let mut idle = self.stacks[place % STACKS].0.try_lock().ok()?;
            look(&mut idle)
        })
    }

    /// Buffers that wait in the pool: (receive, send).
    pub fn idle(&self) -> (usize, usize) {
        let stacks = self.stacks.iter().map(Stack::lock);
        stacks.fold((0, 0), |(recv, send), idle| {
            (recv + idle.recv.len(), send + idle.send.len())
        })
    }
}

impl Stack {
    fn lock(&self) -> MutexGuard<'_, Idle> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
        let last = place(&all[STACKS * DEPTH - 1]);
        all.into_iter().for_each(|buffer| pool.give(buffer));
        assert_eq!(pool.idle(), (STACKS * DEPTH, 0));
        // The own stack first, then the others.
        let taken: Vec<_> = (0..STACKS * DEPTH).map(|_| pool.take_recv()).collect();
        assert!(taken.iter().any(|buffer| place(buffer) == last));
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
        // A thread that finds its stack empty takes from another, unless somebody is there.
        let held = pool.stacks.iter().map(Stack::lock).collect::<Vec<_>>();
        let (fresh, _) = (pool.take_send(), held);
        assert_ne!(place(&fresh), own);
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
