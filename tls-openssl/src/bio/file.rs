//! `BIO_s_file`: files of the C library.

use super::{BIO, Behaviour, Room, ctrl};
use crate::err::{self, Lib};
use crate::errno;
use core::cell::Cell;
use core::ffi::{c_char, c_int, c_long, c_void};
use libc::FILE;

pub(crate) struct File {
    file: Cell<*mut FILE>,
}

/// BIO_FP_*: how a file named by `BIO_C_SET_FILENAME` is opened.
const READ: c_long = 2;
const WRITE: c_long = 4;
const APPEND: c_long = 8;

impl File {
    pub(crate) const fn new() -> Self {
        Self {
            file: Cell::new(core::ptr::null_mut()),
        }
    }

    fn take(&self, bio: &BIO, file: *mut FILE, close: c_int) {
        self.close(bio);
        self.file.set(file);
        bio.shutdown.set(close);
        bio.init.set(1);
    }

    fn close(&self, bio: &BIO) {
        let file = self.file.replace(core::ptr::null_mut());
        if !file.is_null() && bio.shutdown.get() != 0 {
            // SAFETY: an open file that was handed over to be closed.
            unsafe { libc::fclose(file) };
        }
        bio.init.set(0);
    }

    /// Opens a file; the error of the system, and that of the BIO, are in the queue where it fails.
    ///
    /// # Safety
    /// `name` and `mode` are texts.
    pub(crate) unsafe fn open(
        &self,
        bio: &BIO,
        name: *const c_char,
        mode: *const c_char,
        by_command: bool,
    ) -> bool {
        // SAFETY: the caller's promise.
        let file = unsafe { libc::fopen(name, mode) };
        if file.is_null() {
            let code = errno::get();
            // SAFETY: the caller's promise.
            let (name, mode) = unsafe {
                (
                    core::ffi::CStr::from_ptr(name),
                    core::ffi::CStr::from_ptr(mode),
                )
            };
            let call = format!(
                "calling fopen({}, {})",
                name.to_string_lossy(),
                mode.to_string_lossy()
            );
            err::put_system(code, call);
            // The command and the function have different words for it in OpenSSL.
            let missing = [libc::ENOENT, libc::ENXIO].contains(&code) && !by_command;
            err::put(
                Lib::Bio,
                if missing {
                    err::bio::NO_SUCH_FILE
                } else {
                    err::SYS_LIB
                },
                "",
            );
            return false;
        }
        self.take(bio, file, 1);
        true
    }
}

impl Behaviour for File {
    fn read(&self, bio: &BIO, room: Room<'_>) -> c_int {
        bio.clear_retry();
        if self.file.get().is_null() {
            return -1;
        }
        // SAFETY: an open file, and room for as many bytes.
        let n = unsafe { libc::fread(room.as_mut_ptr().cast(), 1, room.len(), self.file.get()) };
        // SAFETY: an open file.
        if n == 0 && unsafe { libc::ferror(self.file.get()) } != 0 {
            err::put_system(errno::get(), "calling fread()");
            return -1;
        }
        crate::args::count(n)
    }

    fn write(&self, bio: &BIO, bytes: &[u8]) -> c_int {
        bio.clear_retry();
        if self.file.get().is_null() {
            return -1;
        }
        // SAFETY: an open file and readable bytes.
        let n = unsafe { libc::fwrite(bytes.as_ptr().cast(), 1, bytes.len(), self.file.get()) };
        crate::args::count(n)
    }

    fn gets(&self, bio: &BIO, room: Room<'_>) -> c_int {
        bio.clear_retry();
        if self.file.get().is_null() || room.is_empty() {
            return 0;
        }
        let (out, cap) = (
            room.as_mut_ptr().cast::<c_char>(),
            crate::args::count(room.len()),
        );
        // SAFETY: room for `cap` bytes, the NUL among them, and an open file.
        let line = unsafe { libc::fgets(out, cap, self.file.get()) };
        if line.is_null() {
            return 0;
        }
        // SAFETY: fgets() wrote a text.
        crate::args::count(unsafe { libc::strlen(line) })
    }

    unsafe fn ctrl(&self, bio: &BIO, cmd: c_int, num: c_long, ptr: *mut c_void) -> c_long {
        let file = self.file.get();
        match cmd {
            ctrl::SET_FILE_PTR => {
                self.take(bio, ptr.cast(), c_int::from(num & 1 != 0));
                1
            }
            ctrl::SET_FILENAME => {
                let mode = match num & (READ | WRITE | APPEND) {
                    all if all & APPEND != 0 && all & READ != 0 => c"a+",
                    all if all & APPEND != 0 => c"a",
                    all if all == READ | WRITE => c"r+",
                    WRITE => c"w",
                    READ => c"r",
                    _ => return 0,
                };
                // SAFETY: for this command a text.
                let opened = unsafe { self.open(bio, ptr.cast(), mode.as_ptr(), true) };
                bio.shutdown.set(c_int::from(num & 1 != 0));
                c_long::from(opened)
            }
            ctrl::GET_FILE_PTR => {
                if !ptr.is_null() {
                    // SAFETY: for this command a place for a pointer.
                    unsafe { ptr.cast::<*mut FILE>().write(file) };
                }
                1
            }
            _ if file.is_null() => super::common(bio, cmd, num),
            // SAFETY: an open file.
            ctrl::RESET => c_long::from(unsafe { libc::fseek(file, 0, libc::SEEK_SET) }),
            // SAFETY: an open file.
            ctrl::FILE_SEEK => c_long::from(unsafe { libc::fseek(file, num, libc::SEEK_SET) }),
            // SAFETY: an open file.
            ctrl::EOF => c_long::from(unsafe { libc::feof(file) }),
            // SAFETY: an open file.
            ctrl::FILE_TELL | ctrl::INFO => unsafe { libc::ftell(file) },
            // SAFETY: an open file.
            ctrl::FLUSH => c_long::from(unsafe { libc::fflush(file) } == 0),
            _ => super::common(bio, cmd, num),
        }
    }

    fn destroy(&self, bio: &BIO) {
        self.close(bio);
    }
}
