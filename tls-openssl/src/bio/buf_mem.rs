//! BUF_MEM: bytes that a memory BIO and its program share. It is the C library's memory, since the program may keep it
//! (`BIO_set_close(bio, BIO_NOCLOSE)`).

use crate::guard::guard;
use core::ffi::{c_char, c_int, c_ulong};
use core::ptr;

/// OpenSSL's BUF_MEM, as its header shows it to programs.
#[repr(C)]
pub struct BUF_MEM {
    length: usize,
    data: *mut c_char,
    max: usize,
    flags: c_ulong,
}

impl BUF_MEM {
    /// An empty one; NULL without memory.
    pub(super) fn make() -> *mut Self {
        // SAFETY: memory of the C library for one structure, zeroed.
        unsafe { libc::calloc(1, size_of::<Self>()).cast() }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        // SAFETY: `length` bytes are there: ours, or what the program left.
        unsafe { crate::args::bytes(self.data.cast_const().cast(), self.length) }
    }

    /// Room for `n` bytes in all; false without memory. What is moved is wiped where it was.
    fn reserve(&mut self, n: usize) -> bool {
        if n <= self.max {
            return true;
        }
        let Some(size) = n.max(256).checked_next_power_of_two() else {
            return false;
        };
        // SAFETY: memory of the C library, zeroed.
        let fresh = unsafe { libc::calloc(1, size) }.cast::<c_char>();
        if fresh.is_null() {
            return false;
        }
        // SAFETY: `length` bytes in both, which do not overlap.
        unsafe { ptr::copy_nonoverlapping(self.bytes().as_ptr().cast(), fresh, self.length) };
        self.wipe();
        // SAFETY: memory of the C library, or NULL, that nobody uses any more.
        unsafe { libc::free(self.data.cast()) };
        (self.data, self.max) = (fresh, size);
        true
    }

    /// Private keys are read from such buffers.
    fn wipe(&mut self) {
        if !self.data.is_null() {
            // SAFETY: `max` bytes are there.
            let all = unsafe { core::slice::from_raw_parts_mut(self.data.cast::<u8>(), self.max) };
            zeroize::Zeroize::zeroize(all);
        }
    }

    pub(super) fn push(&mut self, bytes: &[u8]) -> bool {
        let Some(whole) = self.length.checked_add(bytes.len()) else {
            return false;
        };
        // One byte more: programs put a NUL behind it.
        if whole == usize::MAX || !self.reserve(whole + 1) {
            return false;
        }
        // SAFETY: reserved, and apart from what is pushed.
        unsafe {
            let end = self.data.add(self.length);
            ptr::copy_nonoverlapping(bytes.as_ptr().cast(), end, bytes.len());
        }
        self.length = whole;
        true
    }

    /// Takes bytes away from the front.
    pub(super) fn shift(&mut self, n: usize) {
        let n = n.min(self.length);
        if n > 0 {
            // SAFETY: within the `length` bytes.
            unsafe { ptr::copy(self.data.add(n), self.data, self.length - n) };
            self.length -= n;
        }
    }

    pub(super) fn clear(&mut self) {
        self.wipe();
        self.length = 0;
    }

    /// # Safety
    /// `buf` is NULL or a BUF_MEM of ours that nobody uses any more.
    pub(super) unsafe fn free(buf: *mut Self) {
        // SAFETY: the caller's promise.
        unsafe {
            if let Some(live) = buf.as_mut() {
                live.wipe();
                libc::free(live.data.cast());
                libc::free(buf.cast());
            }
        }
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BUF_MEM_new() -> *mut BUF_MEM {
    BUF_MEM::make()
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_BUF_MEM_free(buf: *mut BUF_MEM) {
    // SAFETY: the manual's promise.
    unsafe { BUF_MEM::free(buf) };
}

/// Makes it `len` bytes long, new ones 0; returns the length, or 0 without memory.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_BUF_MEM_grow(buf: *mut BUF_MEM, len: usize) -> usize {
    guard(0, || {
        // SAFETY: NULL or a live BUF_MEM: the manual's promise.
        let Some(buf) = (unsafe { buf.as_mut() }) else {
            return 0;
        };
        if !buf.reserve(len) {
            return 0;
        }
        if len > buf.length {
            // SAFETY: reserved.
            unsafe { buf.data.add(buf.length).write_bytes(0, len - buf.length) };
        }
        buf.length = len;
        len
    })
}

/// As `BUF_MEM_grow`; bytes that it leaves behind a shorter length are wiped at once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_BUF_MEM_grow_clean(buf: *mut BUF_MEM, len: usize) -> c_int {
    // SAFETY: NULL or a live BUF_MEM: the manual's promise.
    if let Some(live) = unsafe { buf.as_mut() }
        && len < live.length
    {
        // SAFETY: as many bytes are there.
        let left =
            unsafe { core::slice::from_raw_parts_mut(live.data.add(len), live.length - len) };
        zeroize::Zeroize::zeroize(left);
    }
    // SAFETY: the manual's promise.
    crate::args::count(unsafe { tlscore_BUF_MEM_grow(buf, len) })
}
