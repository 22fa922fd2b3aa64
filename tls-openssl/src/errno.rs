//! The C library's errno, which programs of OpenSSL look at behind SSL_ERROR_SYSCALL.

use core::ffi::c_int;

pub(crate) fn get() -> c_int {
    // SAFETY: always a live place of this thread.
    unsafe { *libc::__errno_location() }
}

pub(crate) fn set(value: c_int) {
    // SAFETY: as above.
    unsafe { *libc::__errno_location() = value };
}
