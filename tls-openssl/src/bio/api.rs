//! BIO_*: what works on any BIO.

use super::method::told;
use super::{BIO, READ, SHOULD_RETRY, SPECIAL, WRITE, ctrl};
use crate::args::{self, Out, Str, length};
use crate::err::{self, Lib};
use crate::guard::guard;
use crate::object::Owned;
use core::cell::Cell;
use core::ffi::{c_char, c_int, c_long, c_void};
use core::mem::MaybeUninit;

/// # Safety
/// `out` has room for `len` bytes that nothing else uses.
pub(crate) unsafe fn room<'a>(out: *mut c_void, len: usize) -> &'a mut [MaybeUninit<u8>] {
    if out.is_null() || len == 0 || len > isize::MAX as usize {
        return &mut [];
    }
    // SAFETY: not NULL, no longer than an object can be; MaybeUninit asks for no initialisation.
    unsafe { core::slice::from_raw_parts_mut(out.cast(), len) }
}

fn usable(bio: Option<&BIO>) -> Option<&BIO> {
    let Some(bio) = bio else {
        err::put(Lib::Bio, err::PASSED_NULL, "");
        return None;
    };
    if bio.init.get() == 0 {
        err::put(Lib::Bio, err::bio::UNINITIALIZED, "");
        return None;
    }
    Some(bio)
}

/// A kind that cannot do it says -2, and so does the queue.
fn supported(n: c_int) -> c_int {
    if n == -2 {
        err::put(Lib::Bio, err::bio::UNSUPPORTED_METHOD, "");
    }
    n
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_BIO_read(
    bio: Option<&BIO>,
    out: *mut c_void,
    len: c_int,
) -> c_int {
    guard(-1, || {
        // SAFETY: room for `len` bytes: the manual's promise.
        let room = unsafe { room(out, length(len)) };
        usable(bio).map_or(-1, |bio| supported(bio.read(room)))
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_BIO_read_ex(
    bio: Option<&BIO>,
    out: *mut c_void,
    len: usize,
    read: Out<'_, usize>,
) -> c_int {
    guard(0, || {
        // SAFETY: room for `len` bytes: the manual's promise.
        let room = unsafe { room(out, len) };
        told(
            usable(bio).map_or(-1, |bio| supported(bio.read(room))),
            read,
        )
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_BIO_write(
    bio: Option<&BIO>,
    data: *const c_void,
    len: c_int,
) -> c_int {
    guard(-1, || {
        // SAFETY: `len` readable bytes: the manual's promise.
        let bytes = unsafe { args::bytes(data, length(len)) };
        usable(bio).map_or(-1, |bio| supported(bio.write(bytes)))
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_BIO_write_ex(
    bio: Option<&BIO>,
    data: *const c_void,
    len: usize,
    written: Out<'_, usize>,
) -> c_int {
    guard(0, || {
        // SAFETY: `len` readable bytes: the manual's promise.
        let bytes = unsafe { args::bytes(data, len) };
        told(
            usable(bio).map_or(-1, |bio| supported(bio.write(bytes))),
            written,
        )
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_BIO_gets(
    bio: Option<&BIO>,
    out: *mut c_char,
    len: c_int,
) -> c_int {
    guard(-1, || {
        // SAFETY: room for `len` bytes: the manual's promise.
        let room = unsafe { room(out.cast(), length(len)) };
        let Some(bio) = usable(bio) else { return -1 };
        let n = bio.gets(room);
        if n >= 0 && length(n) < length(len) {
            // SAFETY: room for one byte more, behind what was written.
            unsafe { out.add(length(n)).write(0) };
        }
        supported(n)
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_puts(bio: Option<&BIO>, text: Str<'_>) -> c_int {
    guard(-1, || match (usable(bio), text.c_str()) {
        (Some(bio), Some(text)) => supported(bio.puts(text)),
        _ => -1,
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_BIO_ctrl(
    bio: Option<&BIO>,
    cmd: c_int,
    num: c_long,
    ptr: *mut c_void,
) -> c_long {
    // SAFETY: `ptr` is what the command wants: the manual's promise.
    guard(-1, || {
        // SAFETY: as the comment above says.
        bio.map_or(-1, |bio| unsafe { bio.ctrl(cmd, num, ptr) })
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_int_ctrl(
    bio: Option<&BIO>,
    cmd: c_int,
    num: c_long,
    arg: c_int,
) -> c_long {
    let mut arg = arg;
    // SAFETY: commands of this form want an int.
    guard(-1, || {
        // SAFETY: as the comment above says.
        bio.map_or(-1, |bio| unsafe {
            bio.ctrl(cmd, num, (&raw mut arg).cast())
        })
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_ptr_ctrl(bio: Option<&BIO>, cmd: c_int, num: c_long) -> *mut c_void {
    let mut out = core::ptr::null_mut::<c_void>();
    // SAFETY: commands of this form want a place for a pointer.
    let ok = guard(-1, || {
        // SAFETY: as the comment above says.
        bio.map_or(-1, |bio| unsafe {
            bio.ctrl(cmd, num, (&raw mut out).cast())
        })
    });
    if ok <= 0 { core::ptr::null_mut() } else { out }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_ctrl_pending(bio: Option<&BIO>) -> usize {
    let n = guard(0, || bio.map_or(0, |bio| bio.command(ctrl::PENDING)));
    usize::try_from(n).unwrap_or(0)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_ctrl_wpending(bio: Option<&BIO>) -> usize {
    let n = guard(0, || bio.map_or(0, |bio| bio.command(ctrl::WPENDING)));
    usize::try_from(n).unwrap_or(0)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_ctrl_get_write_guarantee(bio: Option<&BIO>) -> usize {
    let n = guard(0, || {
        bio.map_or(0, |bio| bio.command(ctrl::GET_WRITE_GUARANTEE))
    });
    usize::try_from(n).unwrap_or(0)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_ctrl_get_read_request(bio: Option<&BIO>) -> usize {
    let n = guard(0, || {
        bio.map_or(0, |bio| bio.command(ctrl::GET_READ_REQUEST))
    });
    usize::try_from(n).unwrap_or(0)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_ctrl_reset_read_request(bio: Option<&BIO>) -> c_int {
    let n = guard(0, || {
        bio.map_or(0, |bio| bio.command(ctrl::RESET_READ_REQUEST))
    });
    c_int::from(n > 0)
}

/// How many bytes lie together in a pair, to be read where they are; what is written meanwhile lies elsewhere.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_BIO_nread(
    bio: Option<&BIO>,
    out: *mut *mut c_char,
    most: c_int,
) -> c_int {
    counted(
        bio.map(|bio| &bio.read_bytes),
        in_place(bio, ctrl::NREAD, c_long::from(most), out),
    )
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_BIO_nread0(bio: Option<&BIO>, out: *mut *mut c_char) -> c_int {
    in_place(bio, ctrl::NREAD0, 0, out)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_BIO_nwrite(
    bio: Option<&BIO>,
    out: *mut *mut c_char,
    most: c_int,
) -> c_int {
    counted(
        bio.map(|bio| &bio.written_bytes),
        in_place(bio, ctrl::NWRITE, c_long::from(most), out),
    )
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_BIO_nwrite0(bio: Option<&BIO>, out: *mut *mut c_char) -> c_int {
    in_place(bio, ctrl::NWRITE0, 0, out)
}

/// What is moved in place counts as what is moved by a call.
fn counted(count: Option<&Cell<u64>>, n: c_int) -> c_int {
    if let Some(count) = count {
        count.update(|all| all + u64::try_from(n).unwrap_or(0));
    }
    n
}

fn in_place(bio: Option<&BIO>, cmd: c_int, most: c_long, out: *mut *mut c_char) -> c_int {
    guard(-1, || {
        let Some(bio) = usable(bio) else { return -2 };
        // SAFETY: a place for a pointer, or NULL: the manual's promise of the four functions above.
        let n = unsafe { bio.ctrl(cmd, most, out.cast()) };
        c_int::try_from(n).unwrap_or(c_int::MAX)
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_up_ref(bio: Option<&BIO>) -> c_int {
    bio.map_or(0, |bio| {
        core::mem::forget(Owned::again(bio));
        1
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_free(bio: Option<Owned<BIO>>) -> c_int {
    let there = c_int::from(bio.is_some());
    guard((), || drop(bio));
    there
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_vfree(bio: Option<Owned<BIO>>) {
    guard((), || drop(bio));
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_test_flags(bio: Option<&BIO>, flags: c_int) -> c_int {
    bio.map_or(0, |bio| bio.flags.get() & flags)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_set_flags(bio: Option<&BIO>, flags: c_int) {
    if let Some(bio) = bio {
        bio.flags.update(|now| now | flags);
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_clear_flags(bio: Option<&BIO>, flags: c_int) {
    if let Some(bio) = bio {
        bio.flags.update(|now| now & !flags);
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_get_retry_reason(bio: Option<&BIO>) -> c_int {
    bio.map_or(0, |bio| bio.retry_reason.get())
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_set_retry_reason(bio: Option<&BIO>, reason: c_int) {
    if let Some(bio) = bio {
        bio.retry_reason.set(reason);
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_copy_next_retry(bio: Option<&BIO>) {
    if let Some((bio, next)) = bio.and_then(|bio| Some((bio, bio.next()?))) {
        bio.copy_retry(&next);
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_set_data(bio: Option<&BIO>, data: *mut c_void) {
    if let Some(bio) = bio {
        bio.data.set(data);
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_get_data(bio: Option<&BIO>) -> *mut c_void {
    bio.map_or(core::ptr::null_mut(), |bio| bio.data.get())
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_set_ex_data(
    bio: Option<&BIO>,
    index: c_int,
    data: *mut c_void,
) -> c_int {
    c_int::from(bio.is_some_and(|bio| bio.ex_data.set(index, data)))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_get_ex_data(bio: Option<&BIO>, index: c_int) -> *mut c_void {
    bio.map_or(core::ptr::null_mut(), |bio| bio.ex_data.get(index))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_set_init(bio: Option<&BIO>, init: c_int) {
    if let Some(bio) = bio {
        bio.init.set(init);
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_get_init(bio: Option<&BIO>) -> c_int {
    bio.map_or(0, |bio| bio.init.get())
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_set_shutdown(bio: Option<&BIO>, close: c_int) {
    if let Some(bio) = bio {
        bio.shutdown.set(close);
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_get_shutdown(bio: Option<&BIO>) -> c_int {
    bio.map_or(0, |bio| bio.shutdown.get())
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_method_type(bio: Option<&BIO>) -> c_int {
    bio.map_or(0, BIO::kind)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_number_read(bio: Option<&BIO>) -> u64 {
    bio.map_or(0, |bio| bio.read_bytes.get())
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_number_written(bio: Option<&BIO>) -> u64 {
    bio.map_or(0, |bio| bio.written_bytes.get())
}

/// Whether a call on a socket with this result may be repeated, by errno.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_sock_should_retry(result: c_int) -> c_int {
    c_int::from((result == 0 || result == -1) && super::fd::transient(crate::errno::get()))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_sock_non_fatal_error(code: c_int) -> c_int {
    c_int::from(super::fd::transient(code))
}

// What the header's BIO_should_read and its like look at.
const _: () = assert!(READ == 1 && WRITE == 2 && SPECIAL == 4 && SHOULD_RETRY == 8);
