//! The system's allocator, counting the bytes that are taken.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

pub(crate) struct Heap;

static LIVE: AtomicUsize = AtomicUsize::new(0);

/// Bytes taken and not given back.
pub(crate) fn live() -> usize {
    LIVE.load(Relaxed)
}

// SAFETY: every call is passed on to the system's allocator with the same arguments.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LIVE.fetch_add(layout.size(), Relaxed);
        // SAFETY: the caller keeps alloc's contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller keeps dealloc's contract, and `at` came from the system's allocator.
        unsafe { System.dealloc(at, layout) }
    }
}
