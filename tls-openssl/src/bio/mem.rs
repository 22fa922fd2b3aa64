//! `BIO_s_mem`: a buffer that is written at its end and read at its beginning, or bytes to be read alone.

use super::{BIO, Behaviour, READ, Room, ctrl, fill};
use crate::err::{self, Lib};
use core::cell::{Cell, RefCell};
use core::ffi::{c_char, c_int, c_long, c_ulong, c_void};
use zeroize::Zeroizing;

/// OpenSSL's BUF_MEM, as its header shows it to programs.
#[repr(C)]
pub struct BUF_MEM {
    length: usize,
    data: *mut c_char,
    max: usize,
    flags: c_ulong,
}

pub(crate) struct Mem {
    /// Private keys are read from such buffers: wiped when it goes.
    bytes: RefCell<Zeroizing<Vec<u8>>>,
    at: Cell<usize>,
    read_only: bool,
    /// What an empty buffer answers to a read: 0 is the end, -1 asks to come back.
    at_end: Cell<c_int>,
    /// What `BIO_get_mem_ptr` shows.
    view: Cell<*mut BUF_MEM>,
}

impl Mem {
    pub(crate) fn new() -> Self {
        Self::with(Vec::new(), false)
    }

    /// A copy of bytes that are there to be read.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self::with(bytes.to_vec(), true)
    }

    fn with(bytes: Vec<u8>, read_only: bool) -> Self {
        Self {
            bytes: RefCell::new(Zeroizing::new(bytes)),
            at: Cell::new(0),
            read_only,
            at_end: Cell::new(if read_only { 0 } else { -1 }),
            view: Cell::new(core::ptr::null_mut()),
        }
    }

    fn taken(&self, n: usize) {
        let mut bytes = self.bytes.borrow_mut();
        let at = self.at.get() + n;
        if at < bytes.len() || self.read_only {
            self.at.set(at);
        } else {
            // All was read: the next write begins at the front.
            bytes.clear();
            self.at.set(0);
        }
    }

    fn rest(&self) -> usize {
        self.bytes.borrow().len() - self.at.get()
    }

    /// The unread bytes as a BUF_MEM, which stays with this BIO; it shows them until the next call on the BIO.
    fn show(&self) -> *mut BUF_MEM {
        let mut bytes = self.bytes.borrow_mut();
        let at = self.at.get();
        let view = BUF_MEM {
            length: bytes.len() - at,
            data: bytes[at..].as_mut_ptr().cast(),
            max: bytes.capacity() - at,
            flags: 0,
        };
        if self.view.get().is_null() {
            self.view.set(Box::into_raw(Box::new(view)));
        } else {
            // SAFETY: our own box, which only a program that was lent it looks at.
            unsafe { self.view.get().write(view) };
        }
        self.view.get()
    }
}

impl Drop for Mem {
    fn drop(&mut self) {
        if !self.view.get().is_null() {
            // SAFETY: made by Box::into_raw in `show`.
            drop(unsafe { Box::from_raw(self.view.get()) });
        }
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
        let n = fill(room, &self.bytes.borrow()[self.at.get()..]);
        self.taken(crate::args::length(n));
        n
    }

    fn write(&self, bio: &BIO, bytes: &[u8]) -> c_int {
        bio.clear_retry();
        if self.read_only {
            err::put(Lib::Bio, err::bio::WRITE_TO_READ_ONLY_BIO, "");
            return -1;
        }
        let mut all = self.bytes.borrow_mut();
        let (at, need) = (self.at.get(), all.len() + bytes.len());
        if at > 0 {
            all.drain(..at);
            self.at.set(0);
        }
        if need > all.capacity() {
            // A vector that grows by itself leaves its old bytes behind unwiped.
            let mut grown = Zeroizing::new(Vec::with_capacity(need.next_power_of_two().max(256)));
            grown.extend_from_slice(&all);
            *all = grown;
        }
        all.extend_from_slice(bytes);
        crate::args::count(bytes.len())
    }

    fn gets(&self, bio: &BIO, room: Room<'_>) -> c_int {
        bio.clear_retry();
        let [room @ .., _] = room else { return 0 };
        let n = {
            let bytes = self.bytes.borrow();
            let rest = &bytes[self.at.get()..];
            let line = rest
                .iter()
                .position(|byte| *byte == b'\n')
                .map_or(rest.len(), |at| at + 1);
            fill(room, &rest[..line])
        };
        self.taken(crate::args::length(n));
        n
    }

    unsafe fn ctrl(&self, bio: &BIO, cmd: c_int, num: c_long, ptr: *mut c_void) -> c_long {
        match cmd {
            ctrl::RESET => {
                self.at.set(0);
                if !self.read_only {
                    *self.bytes.borrow_mut() = Zeroizing::default();
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
                let (view, rest) = (self.show(), self.rest());
                if !ptr.is_null() {
                    // SAFETY: for this command a place for a pointer; the view is our own.
                    unsafe { ptr.cast::<*mut c_char>().write((*view).data) };
                }
                c_long::try_from(rest).unwrap_or(c_long::MAX)
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
}
