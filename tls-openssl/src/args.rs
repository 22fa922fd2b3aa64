//! Arguments of C callers.

use core::ffi::{CStr, c_char, c_int, c_void};
use core::marker::PhantomData;

/// A NUL-terminated text that C passes, or NULL. Only a caller in C can make one, and vouches for it.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct Str<'a>(*const c_char, PhantomData<&'a c_char>);

impl Str<'static> {
    /// The mode of files that are read.
    pub(crate) const READ: Self = Self(c"r".as_ptr(), PhantomData);
}

impl<'a> Str<'a> {
    pub(crate) fn c_str(self) -> Option<&'a CStr> {
        // SAFETY: not NULL, so a NUL-terminated text that stays as it is: what the type says.
        (!self.0.is_null()).then(|| unsafe { CStr::from_ptr(self.0) })
    }

    pub(crate) fn bytes(self) -> Option<&'a [u8]> {
        self.c_str().map(CStr::to_bytes)
    }

    pub(crate) fn utf8(self) -> Option<&'a str> {
        self.c_str().and_then(|text| text.to_str().ok())
    }

    pub(crate) fn pointer(self) -> *const c_char {
        self.0
    }
}

/// Where C wants a value written, or NULL.
#[repr(transparent)]
pub struct Out<'a, T>(*mut T, PhantomData<&'a mut T>);

impl<T> Out<'_, T> {
    /// Writes it where there is a place.
    pub(crate) fn set(self, value: T) {
        if !self.0.is_null() {
            // SAFETY: not NULL, so room for one value, which may be uninitialised: what the type says.
            unsafe { self.0.write(value) };
        }
    }
}

/// Bytes to read; none for NULL and for a length that is no length.
///
/// # Safety
/// `data` is NULL or points to `len` initialised bytes that stay as they are within `'a`.
pub(crate) unsafe fn bytes<'a>(data: *const c_void, len: usize) -> &'a [u8] {
    if data.is_null() || len == 0 || len > isize::MAX as usize {
        return &[];
    }
    // SAFETY: not NULL, and no longer than an object can be; the rest is the caller's promise.
    unsafe { core::slice::from_raw_parts(data.cast(), len) }
}

/// A length as C's `int` counts it; what is negative is nothing.
pub(crate) fn length(len: c_int) -> usize {
    usize::try_from(len).unwrap_or(0)
}

/// A count for C's `int`, the largest one where it does not fit.
pub(crate) fn count(n: usize) -> c_int {
    c_int::try_from(n).unwrap_or(c_int::MAX)
}

/// Copies `text` and a NUL to C, cut off where there is no room. Nothing is written without any.
///
/// # Safety
/// `out` is NULL or has room for `cap` bytes.
pub(crate) unsafe fn copy_text(text: &[u8], out: *mut c_char, cap: usize) {
    if out.is_null() || cap == 0 {
        return;
    }
    let n = text.len().min(cap - 1);
    // SAFETY: room for n + 1 bytes by the caller's promise; our text does not overlap it.
    unsafe {
        core::ptr::copy_nonoverlapping(text.as_ptr().cast(), out, n);
        out.add(n).write(0);
    }
}
