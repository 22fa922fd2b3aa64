//! BIOs: byte streams with one interface. What a kind of BIO does is a `Behaviour`; what all of them have
//! (retry flags, the chain, the close flag) is here.

pub mod api;
mod base64;
pub mod buf_mem;
pub mod chain;
mod fd;
mod file;
pub mod mem;
pub mod method;
mod null;
mod pair;
pub mod sources;
mod ssl;

use crate::ex_data::ExData;
use crate::object::{Counted, Owned};
use core::cell::{Cell, RefCell};
use core::ffi::{c_int, c_long, c_void};
use core::mem::MaybeUninit;
pub use method::BIO_METHOD;

/// Flags: why a call that failed may be repeated.
pub(crate) const READ: c_int = 1;
pub(crate) const WRITE: c_int = 2;
pub(crate) const SPECIAL: c_int = 4;
pub(crate) const SHOULD_RETRY: c_int = 8;
const RETRY_MASK: c_int = READ | WRITE | SPECIAL | SHOULD_RETRY;

/// BIO_ctrl commands.
pub(crate) mod ctrl {
    use core::ffi::c_int;
    pub(crate) const RESET: c_int = 1;
    pub(crate) const EOF: c_int = 2;
    pub(crate) const INFO: c_int = 3;
    pub(crate) const SET: c_int = 4;
    pub(crate) const PUSH: c_int = 6;
    pub(crate) const POP: c_int = 7;
    pub(crate) const GET_CLOSE: c_int = 8;
    pub(crate) const SET_CLOSE: c_int = 9;
    pub(crate) const PENDING: c_int = 10;
    pub(crate) const FLUSH: c_int = 11;
    pub(crate) const DUP: c_int = 12;
    pub(crate) const WPENDING: c_int = 13;
    pub(crate) const DO_STATE_MACHINE: c_int = 101;
    pub(crate) const SET_FD: c_int = 104;
    pub(crate) const GET_FD: c_int = 105;
    pub(crate) const SET_FILE_PTR: c_int = 106;
    pub(crate) const GET_FILE_PTR: c_int = 107;
    pub(crate) const SET_FILENAME: c_int = 108;
    pub(crate) const SET_SSL: c_int = 109;
    pub(crate) const GET_SSL: c_int = 110;
    pub(crate) const GET_BUF_MEM_PTR: c_int = 115;
    pub(crate) const SSL_MODE: c_int = 119;
    pub(crate) const FILE_SEEK: c_int = 128;
    pub(crate) const SET_BUF_MEM_EOF_RETURN: c_int = 130;
    pub(crate) const FILE_TELL: c_int = 133;
    pub(crate) const SET_WRITE_BUF_SIZE: c_int = 136;
    pub(crate) const GET_WRITE_BUF_SIZE: c_int = 137;
    pub(crate) const MAKE_BIO_PAIR: c_int = 138;
    pub(crate) const DESTROY_BIO_PAIR: c_int = 139;
    pub(crate) const GET_WRITE_GUARANTEE: c_int = 140;
    pub(crate) const GET_READ_REQUEST: c_int = 141;
    pub(crate) const SHUTDOWN_WR: c_int = 142;
    pub(crate) const NREAD0: c_int = 143;
    pub(crate) const NREAD: c_int = 144;
    pub(crate) const NWRITE0: c_int = 145;
    pub(crate) const NWRITE: c_int = 146;
    pub(crate) const RESET_READ_REQUEST: c_int = 147;
}

/// BIO_TYPE_* of what is here.
pub(crate) mod kind {
    use core::ffi::c_int;
    pub(crate) const MEM: c_int = 1025;
    pub(crate) const FILE: c_int = 1026;
    pub(crate) const FD: c_int = 1284;
    pub(crate) const SOCKET: c_int = 1285;
    pub(crate) const NULL: c_int = 1030;
    pub(crate) const SSL: c_int = 519;
    pub(crate) const BASE64: c_int = 523;
    pub(crate) const PAIR: c_int = 1043;
}

/// Room that C has for what is read.
pub(crate) type Room<'a> = &'a mut [MaybeUninit<u8>];

/// What one kind of BIO does. Results are OpenSSL's: a count of bytes, 0 or -1 with the retry flags of `bio` for
/// nothing, -2 for what the kind cannot do.
pub(crate) trait Behaviour {
    fn read(&self, bio: &BIO, room: Room<'_>) -> c_int;
    fn write(&self, bio: &BIO, bytes: &[u8]) -> c_int;

    /// A line with its line feed, as much of it as there is room for.
    fn gets(&self, _bio: &BIO, _room: Room<'_>) -> c_int {
        -2
    }

    fn puts(&self, bio: &BIO, text: &core::ffi::CStr) -> c_int {
        self.write(bio, text.to_bytes())
    }

    /// # Safety
    /// `ptr` is what `cmd` wants, as OpenSSL's manual says.
    unsafe fn ctrl(&self, bio: &BIO, cmd: c_int, num: c_long, ptr: *mut c_void) -> c_long;

    /// Before the BIO goes; it is the last that is heard of it.
    fn destroy(&self, _bio: &BIO) {}
}

/// A BIO, used by one thread at a time.
pub struct BIO {
    behaviour: Box<dyn Behaviour>,
    method: Owned<BIO_METHOD>,
    pub(crate) flags: Cell<c_int>,
    pub(crate) retry_reason: Cell<c_int>,
    pub(crate) init: Cell<c_int>,
    /// Whether what is behind it is closed with it (BIO_CLOSE).
    pub(crate) shutdown: Cell<c_int>,
    /// What a program's own method keeps.
    pub(crate) data: Cell<*mut c_void>,
    next: RefCell<Option<Owned<Self>>>,
    prev: Cell<*const Self>,
    pub(crate) read_bytes: Cell<u64>,
    pub(crate) written_bytes: Cell<u64>,
    pub(crate) ex_data: ExData,
}

// SAFETY: made in `BIO::new` alone, inside of an Owned.
unsafe impl Counted for BIO {}

impl BIO {
    pub(crate) fn new(method: Owned<BIO_METHOD>, behaviour: Box<dyn Behaviour>) -> Owned<Self> {
        let bio = Owned::new(Self {
            behaviour,
            method,
            flags: Cell::new(0),
            retry_reason: Cell::new(0),
            init: Cell::new(0),
            shutdown: Cell::new(1),
            data: Cell::new(core::ptr::null_mut()),
            next: RefCell::new(None),
            prev: Cell::new(core::ptr::null()),
            read_bytes: Cell::new(0),
            written_bytes: Cell::new(0),
            ex_data: ExData::default(),
        });
        let class = crate::ex_data::Class::Bio;
        bio.ex_data.made(bio.pointer().cast(), class);
        bio
    }

    /// One that works at once.
    pub(crate) fn ready(method: Owned<BIO_METHOD>, behaviour: Box<dyn Behaviour>) -> Owned<Self> {
        let bio = Self::new(method, behaviour);
        bio.init.set(1);
        bio
    }

    pub(crate) fn method(&self) -> &Owned<BIO_METHOD> {
        &self.method
    }

    pub(crate) fn kind(&self) -> c_int {
        self.method.kind()
    }

    pub(crate) fn read(&self, room: Room<'_>) -> c_int {
        if room.is_empty() {
            return 0;
        }
        let most = room.len();
        let n = within(self.behaviour.read(self, room), most);
        self.read_bytes
            .update(|all| all + u64::try_from(n).unwrap_or(0));
        n
    }

    pub(crate) fn write(&self, bytes: &[u8]) -> c_int {
        if bytes.is_empty() {
            return 0;
        }
        let n = self.behaviour.write(self, bytes);
        self.written_bytes
            .update(|all| all + u64::try_from(n).unwrap_or(0));
        n
    }

    pub(crate) fn gets(&self, room: Room<'_>) -> c_int {
        let most = room.len();
        within(self.behaviour.gets(self, room), most)
    }

    pub(crate) fn puts(&self, text: &core::ffi::CStr) -> c_int {
        self.behaviour.puts(self, text)
    }

    /// # Safety
    /// As for [`Behaviour::ctrl`].
    pub(crate) unsafe fn ctrl(&self, cmd: c_int, num: c_long, ptr: *mut c_void) -> c_long {
        // SAFETY: the caller's promise.
        unsafe { self.behaviour.ctrl(self, cmd, num, ptr) }
    }

    /// A command without a pointer.
    pub(crate) fn command(&self, cmd: c_int) -> c_long {
        // SAFETY: none of the commands that are used this way looks at the pointer.
        unsafe { self.ctrl(cmd, 0, core::ptr::null_mut()) }
    }

    pub(crate) fn clear_retry(&self) {
        self.flags.update(|flags| flags & !RETRY_MASK);
        self.retry_reason.set(0);
    }

    pub(crate) fn set_retry(&self, why: c_int) {
        self.flags.update(|flags| flags | why | SHOULD_RETRY);
    }

    pub(crate) fn should_retry(&self) -> bool {
        self.flags.get() & SHOULD_RETRY != 0
    }

    /// The retry flags of the BIO behind a filter are the filter's.
    pub(crate) fn copy_retry(&self, from: &Self) {
        self.flags
            .update(|flags| flags & !RETRY_MASK | from.flags.get() & RETRY_MASK);
        self.retry_reason.set(from.retry_reason.get());
    }

    pub(crate) fn next(&self) -> Option<Owned<Self>> {
        self.next.borrow().clone()
    }
}

impl Drop for BIO {
    fn drop(&mut self) {
        self.behaviour.destroy(self);
        let us = core::ptr::from_ref(self).cast_mut().cast();
        self.ex_data.free(us, crate::ex_data::Class::Bio);
        // One BIO goes, not its chain: what is behind it is the program's again (`BIO_free_all` takes it before).
        if let Some(next) = self.next.take() {
            next.prev.set(core::ptr::null());
            core::mem::forget(next);
        }
    }
}

/// What a method of the program's says that it wrote: no more than there was room for.
fn within(n: c_int, most: usize) -> c_int {
    match usize::try_from(n) {
        Ok(n) if n > most => -1,
        _ => n,
    }
}

/// Copies to room that is at least as large.
pub(crate) fn fill(room: Room<'_>, bytes: &[u8]) -> c_int {
    let n = bytes.len().min(room.len());
    room[..n].write_copy_of_slice(&bytes[..n]);
    crate::args::count(n)
}

/// What most sources answer to a command that asks for nothing special.
pub(crate) fn common(bio: &BIO, cmd: c_int, num: c_long) -> c_long {
    match cmd {
        ctrl::GET_CLOSE => c_long::from(bio.shutdown.get()),
        ctrl::SET_CLOSE => {
            bio.shutdown.set(c_int::try_from(num).unwrap_or(1));
            1
        }
        ctrl::FLUSH | ctrl::DUP => 1,
        _ => 0,
    }
}
