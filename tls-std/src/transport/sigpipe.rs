//! Writing without SIGPIPE. A library can neither ignore the signal for the whole process nor rely
//! on the program to do so.

use std::io::{Error, Result};
use std::os::fd::RawFd;

/// The result of read(2) or write(2), with errno where it failed.
pub(super) fn checked(n: isize) -> Result<usize> {
    usize::try_from(n).map_err(|_| Error::last_os_error())
}

/// send(2) with MSG_NOSIGNAL.
#[cfg(not(target_vendor = "apple"))]
pub(super) fn send(fd: RawFd, buf: &[u8]) -> Result<usize> {
    // SAFETY: the pointer and the length are those of a live slice.
    checked(unsafe { libc::send(fd, buf.as_ptr().cast(), buf.len(), libc::MSG_NOSIGNAL) })
}

/// These systems have no MSG_NOSIGNAL.
#[cfg(target_vendor = "apple")]
pub(super) fn send(fd: RawFd, buf: &[u8]) -> Result<usize> {
    write(fd, buf)
}

/// write(2) with SIGPIPE held back in this thread: the signal of a broken pipe goes to the thread
/// that wrote, so it is blocked for the call, and taken off the queue when this write put it there.
pub(super) fn write(fd: RawFd, buf: &[u8]) -> Result<usize> {
    // SAFETY: the pointer and the length are those of a live slice.
    let write = || checked(unsafe { libc::write(fd, buf.as_ptr().cast(), buf.len()) });
    if is_pending() {
        // Somebody else's, blocked by somebody else: a second one would merge with it.
        return write();
    }
    let pipe = only_sigpipe();
    // SAFETY: all-zero bytes are a valid sigset_t (plain integers).
    let mut before: libc::sigset_t = unsafe { core::mem::zeroed() };
    // SAFETY: both pointers are to live locals; the mask is this thread's own, and restored below.
    unsafe { libc::pthread_sigmask(libc::SIG_BLOCK, &raw const pipe, &raw mut before) };
    let result = write();
    let broken = matches!(&result, Err(e) if e.raw_os_error() == Some(libc::EPIPE));
    if broken && is_pending() {
        let mut taken = 0;
        // SAFETY: as above. It does not block: the signal is pending.
        unsafe { libc::sigwait(&raw const pipe, &raw mut taken) };
    }
    // SAFETY: as above; a NULL third argument asks for nothing.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const before, core::ptr::null_mut()) };
    result
}

fn only_sigpipe() -> libc::sigset_t {
    // SAFETY: all-zero bytes are a valid sigset_t, and sigemptyset initialises it in whatever way
    // the system wants; the pointers are to a live local.
    unsafe {
        let mut set: libc::sigset_t = core::mem::zeroed();
        libc::sigemptyset(&raw mut set);
        libc::sigaddset(&raw mut set, libc::SIGPIPE);
        set
    }
}

fn is_pending() -> bool {
    // SAFETY: as above: sigpending initialises the local that sigismember reads.
    unsafe {
        let mut set: libc::sigset_t = core::mem::zeroed();
        libc::sigpending(&raw mut set) == 0 && libc::sigismember(&raw const set, libc::SIGPIPE) == 1
    }
}
