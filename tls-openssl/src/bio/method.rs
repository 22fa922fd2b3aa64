//! BIO_METHOD: the kinds that are here, and those that a program makes of functions of its own (`BIO_meth_new`).

use super::{BIO, Behaviour, Room};
use crate::args::{Out, Str, count};
use crate::guard::guard;
use crate::object::{Counted, Owned};
use core::cell::Cell;
use core::ffi::{CStr, c_char, c_int, c_long, c_void};
use std::ffi::CString;

pub(crate) type WriteFn = unsafe extern "C" fn(*mut BIO, *const c_char, c_int) -> c_int;
pub(crate) type ReadFn = unsafe extern "C" fn(*mut BIO, *mut c_char, c_int) -> c_int;
pub(crate) type WriteExFn =
    unsafe extern "C" fn(*mut BIO, *const c_char, usize, *mut usize) -> c_int;
pub(crate) type ReadExFn = unsafe extern "C" fn(*mut BIO, *mut c_char, usize, *mut usize) -> c_int;
pub(crate) type PutsFn = unsafe extern "C" fn(*mut BIO, *const c_char) -> c_int;
pub(crate) type CtrlFn = unsafe extern "C" fn(*mut BIO, c_int, c_long, *mut c_void) -> c_long;
pub(crate) type LifeFn = unsafe extern "C" fn(*mut BIO) -> c_int;

#[derive(Clone, Copy, Default)]
struct Functions {
    write: Option<WriteFn>,
    write_ex: Option<WriteExFn>,
    read: Option<ReadFn>,
    read_ex: Option<ReadExFn>,
    puts: Option<PutsFn>,
    gets: Option<ReadFn>,
    ctrl: Option<CtrlFn>,
    create: Option<LifeFn>,
    destroy: Option<LifeFn>,
}

/// A kind of BIO.
pub struct BIO_METHOD {
    kind: c_int,
    name: CString,
    /// Makes what a BIO of a kind of ours does; `None`: the program's functions do it.
    make: Option<fn() -> Box<dyn Behaviour>>,
    functions: Cell<Functions>,
}

// SAFETY: made in `builtin` and `tlscore_BIO_meth_new` alone, inside of an Owned.
unsafe impl Counted for BIO_METHOD {}

impl BIO_METHOD {
    /// A kind of ours.
    pub(crate) fn builtin(
        kind: c_int,
        name: &CStr,
        make: fn() -> Box<dyn Behaviour>,
    ) -> Owned<Self> {
        Owned::new(Self {
            kind,
            name: name.to_owned(),
            make: Some(make),
            functions: Cell::default(),
        })
    }

    pub(crate) const fn kind(&self) -> c_int {
        self.kind
    }

    pub(crate) fn name(&self) -> &CStr {
        &self.name
    }

    pub(crate) fn behaviour(&self) -> Box<dyn Behaviour> {
        match self.make {
            Some(make) => make(),
            None => Box::new(Custom(self.functions.get())),
        }
    }

    /// Tells the program's method of a new BIO; false: it does not want it.
    pub(crate) fn made(&self, bio: &BIO) -> bool {
        match self.functions.get().create {
            // SAFETY: the program's function, with a BIO that it may keep in pointers.
            Some(create) => unsafe { create(pointer(bio)) > 0 },
            None => true,
        }
    }

    fn change(&self, f: impl FnOnce(&mut Functions)) -> c_int {
        let mut functions = self.functions.get();
        f(&mut functions);
        self.functions.set(functions);
        1
    }
}

fn pointer(bio: &BIO) -> *mut BIO {
    core::ptr::from_ref(bio).cast_mut()
}

/// The program's functions, as they were when the BIO was made.
struct Custom(Functions);

impl Behaviour for Custom {
    fn read(&self, bio: &BIO, room: Room<'_>) -> c_int {
        let out = room.as_mut_ptr().cast();
        let mut n = 0;
        match (self.0.read_ex, self.0.read) {
            // SAFETY: the program's functions, with room for as many bytes, here and below.
            (Some(read), _) if unsafe { read(pointer(bio), out, room.len(), &raw mut n) } > 0 => {
                count(n.min(room.len()))
            }
            (Some(_), _) => -1,
            // SAFETY: as above.
            (None, Some(read)) => unsafe { read(pointer(bio), out, count(room.len())) },
            (None, None) => -2,
        }
    }

    fn write(&self, bio: &BIO, bytes: &[u8]) -> c_int {
        let data = bytes.as_ptr().cast();
        let mut n = 0;
        match (self.0.write_ex, self.0.write) {
            // SAFETY: the program's functions, with readable bytes, here and below.
            (Some(f), _) if unsafe { f(pointer(bio), data, bytes.len(), &raw mut n) } > 0 => {
                count(n.min(bytes.len()))
            }
            (Some(_), _) => -1,
            // SAFETY: as above.
            (None, Some(write)) => unsafe { write(pointer(bio), data, count(bytes.len())) },
            (None, None) => -2,
        }
    }

    fn gets(&self, bio: &BIO, room: Room<'_>) -> c_int {
        let Some(gets) = self.0.gets else { return -2 };
        // SAFETY: the program's function, with room for as many bytes.
        unsafe { gets(pointer(bio), room.as_mut_ptr().cast(), count(room.len())) }
    }

    fn puts(&self, bio: &BIO, text: &CStr) -> c_int {
        match self.0.puts {
            // SAFETY: the program's function, with a text.
            Some(puts) => unsafe { puts(pointer(bio), text.as_ptr()) },
            None => self.write(bio, text.to_bytes()),
        }
    }

    unsafe fn ctrl(&self, bio: &BIO, cmd: c_int, num: c_long, ptr: *mut c_void) -> c_long {
        let Some(ctrl) = self.0.ctrl else { return -2 };
        // SAFETY: the program's function, for what the program asks.
        unsafe { ctrl(pointer(bio), cmd, num, ptr) }
    }

    fn destroy(&self, bio: &BIO) {
        if let Some(destroy) = self.0.destroy {
            // SAFETY: the program's function, for a BIO that lives to the end of the call.
            unsafe { destroy(pointer(bio)) };
        }
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_meth_new(kind: c_int, name: Str<'_>) -> Option<Owned<BIO_METHOD>> {
    guard(None, || {
        Some(Owned::new(BIO_METHOD {
            kind,
            name: name.c_str().unwrap_or_default().to_owned(),
            make: None,
            functions: Cell::default(),
        }))
    })
}

/// BIOs of the method keep it: it may go before them.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_meth_free(method: Option<Owned<BIO_METHOD>>) {
    guard((), || drop(method));
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_meth_set_write(
    method: Option<&BIO_METHOD>,
    f: Option<WriteFn>,
) -> c_int {
    method.map_or(0, |method| {
        method.change(|all| (all.write, all.write_ex) = (f, None))
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_meth_set_write_ex(
    method: Option<&BIO_METHOD>,
    f: Option<WriteExFn>,
) -> c_int {
    method.map_or(0, |method| method.change(|all| all.write_ex = f))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_meth_set_read(
    method: Option<&BIO_METHOD>,
    f: Option<ReadFn>,
) -> c_int {
    method.map_or(0, |method| {
        method.change(|all| (all.read, all.read_ex) = (f, None))
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_meth_set_read_ex(
    method: Option<&BIO_METHOD>,
    f: Option<ReadExFn>,
) -> c_int {
    method.map_or(0, |method| method.change(|all| all.read_ex = f))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_meth_set_puts(
    method: Option<&BIO_METHOD>,
    f: Option<PutsFn>,
) -> c_int {
    method.map_or(0, |method| method.change(|all| all.puts = f))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_meth_set_gets(
    method: Option<&BIO_METHOD>,
    f: Option<ReadFn>,
) -> c_int {
    method.map_or(0, |method| method.change(|all| all.gets = f))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_meth_set_ctrl(
    method: Option<&BIO_METHOD>,
    f: Option<CtrlFn>,
) -> c_int {
    method.map_or(0, |method| method.change(|all| all.ctrl = f))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_meth_set_create(
    method: Option<&BIO_METHOD>,
    f: Option<LifeFn>,
) -> c_int {
    method.map_or(0, |method| method.change(|all| all.create = f))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_meth_set_destroy(
    method: Option<&BIO_METHOD>,
    f: Option<LifeFn>,
) -> c_int {
    method.map_or(0, |method| method.change(|all| all.destroy = f))
}

/// A number for a kind of BIO of the program's own.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_get_new_index() -> c_int {
    use core::sync::atomic::{AtomicI32, Ordering};
    /// BIO_TYPE_START: OpenSSL's own kinds end there.
    static NEXT: AtomicI32 = AtomicI32::new(128);
    let next = NEXT.fetch_add(1, Ordering::Relaxed) + 1;
    if next > 255 { -1 } else { next }
}

/// Reads with a count; what `BIO_read_ex` and `BIO_write_ex` tell of it.
pub(crate) fn told(n: c_int, out: Out<'_, usize>) -> c_int {
    let moved = usize::try_from(n).unwrap_or(0);
    out.set(moved);
    c_int::from(moved > 0)
}
