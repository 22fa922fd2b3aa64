//! `BIO_s_fd` and `BIO_s_socket`: file descriptors.

use super::{BIO, Behaviour, READ, Room, WRITE, ctrl, kind};
use crate::errno;
use core::cell::Cell;
use core::ffi::{c_int, c_long, c_void};

pub(crate) struct Descriptor {
    fd: Cell<c_int>,
}

impl Descriptor {
    pub(crate) const fn new() -> Self {
        Self { fd: Cell::new(-1) }
    }

    fn seek(&self, to: c_long, from: c_int) -> c_long {
        // SAFETY: no memory is given.
        unsafe { libc::lseek(self.fd.get(), to, from) }
    }

    fn close(&self, bio: &BIO) {
        if bio.shutdown.get() != 0 && bio.init.get() != 0 {
            // SAFETY: the program handed it over to be closed (BIO_CLOSE).
            unsafe { libc::close(self.fd.get()) };
        }
        bio.init.set(0);
    }
}

/// Whether a call that failed with this errno may succeed later (BIO_sock_should_retry).
pub(crate) fn transient(errno: c_int) -> bool {
    let wait = [libc::EAGAIN, libc::EWOULDBLOCK, libc::EINTR, libc::ENOTCONN];
    let connect = [libc::EPROTO, libc::EINPROGRESS, libc::EALREADY];
    wait.contains(&errno) || connect.contains(&errno)
}

fn moved(bio: &BIO, n: isize, direction: c_int) -> c_int {
    bio.clear_retry();
    if n < 0 && transient(errno::get()) {
        bio.set_retry(direction);
    }
    c_int::try_from(n).unwrap_or(c_int::MAX)
}

impl Behaviour for Descriptor {
    fn read(&self, bio: &BIO, room: Room<'_>) -> c_int {
        errno::set(0);
        let len = room.len().min(c_int::MAX as usize);
        // SAFETY: room for `len` bytes.
        let n = unsafe { libc::read(self.fd.get(), room.as_mut_ptr().cast(), len) };
        moved(bio, n, READ)
    }

    fn write(&self, bio: &BIO, bytes: &[u8]) -> c_int {
        errno::set(0);
        let (data, len) = (bytes.as_ptr().cast(), bytes.len().min(c_int::MAX as usize));
        let n = match bio.kind() {
            // A peer that is gone is an error, not a signal that ends the program.
            // SAFETY: `len` readable bytes.
            kind::SOCKET => unsafe { libc::send(self.fd.get(), data, len, libc::MSG_NOSIGNAL) },
            // SAFETY: as above.
            _ => unsafe { libc::write(self.fd.get(), data, len) },
        };
        let n = if n < 0 && bio.kind() == kind::SOCKET && errno::get() == libc::ENOTSOCK {
            errno::set(0);
            // SAFETY: as above.
            unsafe { libc::write(self.fd.get(), data, len) }
        } else {
            n
        };
        moved(bio, n, WRITE)
    }

    unsafe fn ctrl(&self, bio: &BIO, cmd: c_int, num: c_long, ptr: *mut c_void) -> c_long {
        match cmd {
            ctrl::SET_FD => {
                self.close(bio);
                if !ptr.is_null() {
                    // SAFETY: for this command an int.
                    self.fd.set(unsafe { ptr.cast::<c_int>().read() });
                }
                bio.shutdown.set(c_int::try_from(num).unwrap_or(0));
                bio.init.set(1);
                1
            }
            ctrl::GET_FD => {
                if bio.init.get() == 0 {
                    return -1;
                }
                if !ptr.is_null() {
                    // SAFETY: for this command a place for an int.
                    unsafe { ptr.cast::<c_int>().write(self.fd.get()) };
                }
                c_long::from(self.fd.get())
            }
            // What is no socket may be a file.
            ctrl::RESET | ctrl::FILE_SEEK if bio.kind() == kind::FD => {
                let to = if cmd == ctrl::RESET { 0 } else { num };
                self.seek(to, libc::SEEK_SET)
            }
            ctrl::FILE_TELL | ctrl::INFO if bio.kind() == kind::FD => self.seek(0, libc::SEEK_CUR),
            _ => super::common(bio, cmd, num),
        }
    }

    fn destroy(&self, bio: &BIO) {
        self.close(bio);
    }
}
