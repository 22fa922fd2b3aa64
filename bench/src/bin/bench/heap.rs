//! The C allocator, counted: whatever the implementations take, Rust or C, ours or a shared library's, passes here.
//!
//! A program's own `malloc` comes before the C library's for every library that it loads. Counters are plain
//! loads and stores: measurements have one thread, and a locked addition would be measured too.

use std::ffi::c_void;
use std::sync::atomic::{AtomicIsize, AtomicUsize, Ordering::Relaxed};

static CALLS: AtomicUsize = AtomicUsize::new(0);
static LIVE: AtomicIsize = AtomicIsize::new(0);
static PEAK: AtomicIsize = AtomicIsize::new(0);

/// How often memory was taken, or moved by realloc.
pub(crate) fn calls() -> usize {
    CALLS.load(Relaxed)
}

/// Bytes that are taken.
pub(crate) fn live() -> isize {
    LIVE.load(Relaxed)
}

/// The most bytes that were taken at once since the last call.
pub(crate) fn peak() -> isize {
    let peak = PEAK.load(Relaxed);
    PEAK.store(live(), Relaxed);
    peak
}

unsafe extern "C" {
    fn __libc_malloc(size: usize) -> *mut c_void;
    fn __libc_calloc(count: usize, size: usize) -> *mut c_void;
    fn __libc_realloc(at: *mut c_void, size: usize) -> *mut c_void;
    fn __libc_memalign(align: usize, size: usize) -> *mut c_void;
    fn __libc_free(at: *mut c_void);
    fn malloc_usable_size(at: *mut c_void) -> usize;
}

fn took(at: *mut c_void) -> *mut c_void {
    if !at.is_null() {
        CALLS.store(CALLS.load(Relaxed) + 1, Relaxed);
        // SAFETY: just allocated.
        let live = LIVE.load(Relaxed) + unsafe { malloc_usable_size(at) } as isize;
        LIVE.store(live, Relaxed);
        if live > PEAK.load(Relaxed) {
            PEAK.store(live, Relaxed);
        }
    }
    at
}

fn gave(at: *mut c_void) {
    if !at.is_null() {
        // SAFETY: allocated, says the caller of free.
        LIVE.store(
            LIVE.load(Relaxed) - unsafe { malloc_usable_size(at) } as isize,
            Relaxed,
        );
    }
}

// SAFETY of all: each does what glibc's does, by glibc's own name for it, and counts.
#[unsafe(no_mangle)]
unsafe extern "C" fn malloc(size: usize) -> *mut c_void {
    took(unsafe { __libc_malloc(size) })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn calloc(count: usize, size: usize) -> *mut c_void {
    took(unsafe { __libc_calloc(count, size) })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn realloc(at: *mut c_void, size: usize) -> *mut c_void {
    gave(at);
    took(unsafe { __libc_realloc(at, size) })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn memalign(align: usize, size: usize) -> *mut c_void {
    took(unsafe { __libc_memalign(align, size) })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn aligned_alloc(align: usize, size: usize) -> *mut c_void {
    took(unsafe { __libc_memalign(align, size) })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn posix_memalign(out: *mut *mut c_void, align: usize, size: usize) -> i32 {
    let at = took(unsafe { __libc_memalign(align, size) });
    if at.is_null() {
        return libc::ENOMEM;
    }
    unsafe { *out = at };
    0
}

#[unsafe(no_mangle)]
unsafe extern "C" fn free(at: *mut c_void) {
    gave(at);
    unsafe { __libc_free(at) }
}
