//! `BIO_s_mem`: a buffer that is written at its end and read at its beginning, or bytes to be read alone.

use super::buf_mem::BUF_MEM;
use super::{BIO, Behaviour, READ, Room, ctrl, fill};
use crate::err::{self, Lib};
use core::cell::Cell;
use core::ffi::{c_char, c_int, c_long, c_void};

pub(crate) struct Mem {
    /// Never NULL; programs may be lent it.
    buf: *mut BUF_MEM,
    /// Bytes of it that were read.
    at: Cell<usize>,
    read_only: bool,
    /// What an empty buffer answers to a read: 0 is the end, -1 asks to come back.
    at_end: Cell<c_int>,
}

impl Mem {
    pub(crate) fn new() -> Self {
        Self::with(&[], false)
    }

    /// A copy of bytes that are there to be read.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self::with(bytes, true)
    }

    fn with(bytes: &[u8], read_only: bool) -> Self {
        let made = Self {
            buf: BUF_MEM::make(),
            at: Cell::new(0),
            read_only,
            at_end: Cell::new(if read_only { 0 } else { -1 }),
        };
        let filled =
            !made.buf.is_null() && (bytes.is_empty() || made.change(|buf| buf.push(bytes)));
        if !filled {
            // As everywhere in Rust where there is no memory.
            std::alloc::handle_alloc_error(core::alloc::Layout::new::<BUF_MEM>());
        }
        made
    }

    fn look<T>(&self, f: impl FnOnce(&BUF_MEM) -> T) -> T {
        // SAFETY: live while this is; a BIO is used by one thread, and `f` calls nobody.
        f(unsafe { &*self.buf })
    }

    fn change<T>(&self, f: impl FnOnce(&mut BUF_MEM) -> T) -> T {
        // SAFETY: as above.
        f(unsafe { &mut *self.buf })
    }

    /// What is not read yet.
    fn unread<T>(&self, f: impl FnOnce(&[u8]) -> T) -> T {
        self.look(|buf| f(buf.bytes().get(self.at.get()..).unwrap_or_default()))
    }

    fn taken(&self, n: usize) {
        self.at.update(|at| at + n);
        if self.rest() == 0 && !self.read_only {
            // All was read: the next write begins at the front.
            self.change(BUF_MEM::clear);
            self.at.set(0);
        }
    }

    fn rest(&self) -> usize {
        self.unread(<[u8]>::len)
    }

    /// The BUF_MEM, with what is not read yet at its front.
    fn show(&self) -> *mut BUF_MEM {
        let read = self.at.replace(0);
        self.change(|buf| buf.shift(read));
        self.buf
    }
}

impl Behaviour for Mem {
    fn read(&self, bio: &BIO, room: Room<'_>) -> c_int {
        bio.clear_retry();
        if self.rest() == 0 {
            if self.at_end.get() != 0 {
                bio.set_retry(READ);
            }
            return self.at_end.get();
        }
        let n = self.unread(|bytes| fill(room, bytes));
        self.taken(crate::args::length(n));
        n
    }

    fn write(&self, bio: &BIO, bytes: &[u8]) -> c_int {
        bio.clear_retry();
        if self.read_only {
            err::put(Lib::Bio, err::bio::WRITE_TO_READ_ONLY_BIO, "");
            return -1;
        }
        let read = self.at.replace(0);
        let pushed = self.change(|buf| {
            buf.shift(read);
            buf.push(bytes)
        });
        if !pushed {
            err::put(Lib::Bio, err::MALLOC_FAILURE, "");
            return -1;
        }
        crate::args::count(bytes.len())
    }

    fn gets(&self, bio: &BIO, room: Room<'_>) -> c_int {
        bio.clear_retry();
        let [room @ .., _] = room else { return 0 };
        let n = self.unread(|rest| {
            let line = rest
                .iter()
                .position(|byte| *byte == b'\n')
                .map_or(rest.len(), |at| at + 1);
            fill(room, &rest[..line])
        });
        self.taken(crate::args::length(n));
        n
    }

    unsafe fn ctrl(&self, bio: &BIO, cmd: c_int, num: c_long, ptr: *mut c_void) -> c_long {
        match cmd {
            ctrl::RESET => {
                self.at.set(0);
                if !self.read_only {
                    self.change(BUF_MEM::clear);
                }
                1
            }
            ctrl::EOF => c_long::from(self.rest() == 0),
            ctrl::PENDING => c_long::try_from(self.rest()).unwrap_or(c_long::MAX),
            ctrl::WPENDING => 0,
            ctrl::SET_BUF_MEM_EOF_RETURN => {
                self.at_end.set(c_int::try_from(num).unwrap_or(-1));
                1
            }
            ctrl::INFO => {
                let (data, len) = self.unread(|bytes| (bytes.as_ptr(), bytes.len()));
                if !ptr.is_null() {
                    // SAFETY: for this command a place for a pointer.
                    unsafe { ptr.cast::<*mut c_char>().write(data.cast_mut().cast()) };
                }
                c_long::try_from(len).unwrap_or(c_long::MAX)
            }
            ctrl::GET_BUF_MEM_PTR => {
                if !ptr.is_null() {
                    // SAFETY: for this command a place for a pointer.
                    unsafe { ptr.cast::<*mut BUF_MEM>().write(self.show()) };
                }
                1
            }
            _ => super::common(bio, cmd, num),
        }
    }

    /// The program keeps the bytes where `BIO_set_close(bio, BIO_NOCLOSE)` says so.
    fn destroy(&self, bio: &BIO) {
        if bio.shutdown.get() != 0 {
            // SAFETY: made by `make`; it is not used any more.
            unsafe { BUF_MEM::free(self.buf) };
        }
    }
}
