//! Arguments of C callers.

use core::ffi::{CStr, c_char, c_void};
use core::mem::MaybeUninit;
use std::borrow::Cow;
use std::path::PathBuf;
use tls_core::error::{Error, Reason};

pub(crate) type Result<T> = core::result::Result<T, Error>;

pub(crate) fn null(what: &str) -> Error {
    Error::with(Reason::NullHandle, format!("{what} is NULL"))
}

pub(crate) fn bad(text: impl Into<String>) -> Error {
    Error::with(Reason::BadArgument, text.into())
}

/// A text; `what` names it in errors.
///
/// # Safety
/// `text` is NULL or points to a NUL-terminated string that stays unchanged within `'a`.
pub(crate) unsafe fn text<'a>(what: &str, text: *const c_char) -> Result<&'a str> {
    // SAFETY: the caller's promise.
    let bytes = unsafe { c_str(text) }.ok_or_else(|| null(what))?;
    bytes
        .to_str()
        .map_err(|_| bad(format!("{what} is not UTF-8")))
}

/// A name or a list of names, where what is not UTF-8 is merely an unknown word.
///
/// # Safety
/// As for [`text`].
pub(crate) unsafe fn words<'a>(what: &str, text: *const c_char) -> Result<Cow<'a, str>> {
    // SAFETY: the caller's promise.
    let words = unsafe { c_str(text) }.ok_or_else(|| null(what))?;
    Ok(words.to_string_lossy())
}

/// A text, or `None` for NULL.
///
/// # Safety
/// As for [`text`].
pub(crate) unsafe fn c_str<'a>(text: *const c_char) -> Option<&'a CStr> {
    // SAFETY: not NULL, so a NUL-terminated string by the caller's promise.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) })
}

/// A path: any bytes where the operating system takes any.
///
/// # Safety
/// As for [`text`].
pub(crate) unsafe fn path(what: &str, path: *const c_char) -> Result<PathBuf> {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        // SAFETY: the caller's promise.
        let bytes = unsafe { c_str(path) }.ok_or_else(|| null(what))?.to_bytes();
        Ok(std::ffi::OsStr::from_bytes(bytes).into())
    }
    #[cfg(not(unix))]
    {
        // SAFETY: the caller's promise.
        unsafe { text(what, path) }.map(PathBuf::from)
    }
}

/// Bytes to read; NULL is possible when there are none.
///
/// # Safety
/// `bytes` is NULL or points to `len` initialised bytes that stay unchanged within `'a`.
pub(crate) unsafe fn bytes<'a>(what: &str, bytes: *const c_void, len: usize) -> Result<&'a [u8]> {
    check(what, bytes, len)?;
    if len == 0 {
        return Ok(&[]);
    }
    // SAFETY: not NULL, not longer than an object can be, initialised by the caller's promise.
    Ok(unsafe { core::slice::from_raw_parts(bytes.cast(), len) })
}

/// Room to write to, which may be uninitialised; NULL is possible when there is none.
///
/// # Safety
/// `room` is NULL or points to `len` writable bytes that nothing else uses within `'a`.
pub(crate) unsafe fn room<'a>(
    what: &str,
    room: *mut c_void,
    len: usize,
) -> Result<&'a mut [MaybeUninit<u8>]> {
    check(what, room, len)?;
    if len == 0 {
        return Ok(&mut []);
    }
    // SAFETY: not NULL, not longer than an object can be, exclusive by the caller's promise;
    // MaybeUninit asks for no initialisation.
    Ok(unsafe { core::slice::from_raw_parts_mut(room.cast(), len) })
}

/// A switch: 0 or 1.
pub(crate) fn flag(value: core::ffi::c_int) -> Result<bool> {
    match value {
        0 => Ok(false),
        1 => Ok(true),
        other => Err(bad(format!("{other} is neither 0 nor 1"))),
    }
}

/// Copies bytes to C where `cap` bytes are enough; returns their length, or `TLS_ERR_USAGE`.
///
/// # Safety
/// As for [`room`].
pub(crate) unsafe fn copy_out(bytes: &[u8], out: *mut c_void, cap: usize) -> isize {
    // SAFETY: the caller's promise.
    let Ok(out) = (unsafe { room("out", out, cap) }) else {
        return crate::code::TLS_ERR_USAGE as isize;
    };
    if let Some(out) = out.get_mut(..bytes.len()) {
        out.write_copy_of_slice(bytes);
    }
    bytes.len().cast_signed()
}

fn check(what: &str, pointer: *const c_void, len: usize) -> Result<()> {
    if len > isize::MAX as usize {
        return Err(bad(format!(
            "the length of {what} is more than memory holds"
        )));
    }
    if pointer.is_null() && len > 0 {
        return Err(null(what));
    }
    Ok(())
}
