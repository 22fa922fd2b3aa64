//! ERR_*: the rest.

use super::{Entry, Which, read};
use crate::args::{Str, copy_text};
use crate::bio::BIO;
use crate::guard::guard;
use core::cell::RefCell;
use core::ffi::{c_char, c_int, c_ulong, c_void};
use std::collections::BTreeMap;
use std::ffi::{CStr, CString};
use std::sync::Mutex;

/// Prints a line of `len` bytes; 0 and less end the printing.
pub type PrintFn = unsafe extern "C" fn(*const c_char, usize, *mut c_void) -> c_int;

/// The operating system's words for its errors, as `ERR_reason_error_string` gives them.
static SYSTEM: Mutex<BTreeMap<c_int, CString>> = Mutex::new(BTreeMap::new());

/// The text as it is kept for ever.
pub(crate) fn keep(errno: c_int, text: CString) -> *const c_char {
    let mut known = SYSTEM
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    known.entry(errno).or_insert(text).as_ptr()
}

thread_local! {
    /// What `ERR_error_string` writes to when it is given nothing.
    static LINE: RefCell<[u8; 256]> = const { RefCell::new([0; 256]) };
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_ERR_clear_error() {
    guard((), super::clear);
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_ERR_error_string_n(code: c_ulong, out: *mut c_char, len: usize) {
    // SAFETY: room for `len` bytes, or NULL: the manual's promise.
    guard((), || unsafe { copy_text(&read::line(code), out, len) });
}

/// Into 256 bytes at `out`, or, for NULL, into memory of this thread (not of the whole process, as in OpenSSL).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_ERR_error_string(code: c_ulong, out: *mut c_char) -> *mut c_char {
    let own = || {
        LINE.try_with(|line| line.as_ptr().cast::<c_char>())
            .unwrap_or(core::ptr::null_mut())
    };
    let out = if out.is_null() { own() } else { out };
    // SAFETY: 256 bytes by the manual's promise, or our own, which no other thread knows.
    guard((), || unsafe { copy_text(&read::line(code), out, 256) });
    out
}

/// NULL, as in OpenSSL 3.0: errors name no functions by number.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_ERR_func_error_string(_code: c_ulong) -> *const c_char {
    core::ptr::null()
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_ERR_set_mark() -> c_int {
    c_int::from(guard(false, super::mark))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_ERR_pop_to_mark() -> c_int {
    c_int::from(guard(false, super::pop_to_mark))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_ERR_clear_last_mark() -> c_int {
    c_int::from(guard(false, super::clear_mark))
}

/// What the header's `ERR_raise`, `ERR_raise_data` and `ERR_put_error` become.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_ERR_put(
    lib: c_int,
    reason: c_int,
    file: Str<'_>,
    line: c_int,
    func: Str<'_>,
    data: Str<'_>,
) {
    guard((), || {
        super::push_entry(Entry {
            code: super::pack(lib, reason),
            file: file.c_str().map(CStr::to_owned),
            line,
            func: func.c_str().map(CStr::to_owned),
            data: data.c_str().map(CStr::to_owned),
            ..Entry::default()
        });
    });
}

/// What the header's `ERR_add_error_data` becomes: takes the place of the newest error's text.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_ERR_set_data(data: Str<'_>) {
    guard((), || {
        super::change_last(|entry| entry.data = data.c_str().map(CStr::to_owned))
    });
}

/// One line as OpenSSL prints it, with its line feed.
fn printed(entry: &Entry) -> Vec<u8> {
    let mut text = format!("{:016X}:", thread()).into_bytes();
    text.extend(read::line(entry.code));
    let part = |part: &Option<CString>| part.clone().unwrap_or_default().into_bytes();
    text.push(b':');
    text.extend(part(&entry.file));
    text.extend(format!(":{}:", entry.line).into_bytes());
    text.extend(part(&entry.data));
    text.push(b'\n');
    text
}

fn thread() -> u64 {
    // SAFETY: always possible.
    (unsafe { libc::pthread_self() }) as u64
}

/// Empties the queue, oldest first, until `print` says to stop.
fn drain(mut print: impl FnMut(&[u8]) -> bool) {
    while let Some(text) = super::show(Which::Get, printed) {
        if !print(&text) {
            break;
        }
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_ERR_print_errors_fp(file: *mut libc::FILE) {
    guard((), || {
        drain(|text| {
            // SAFETY: an open file by the manual's promise, and bytes of ours.
            unsafe { libc::fwrite(text.as_ptr().cast(), 1, text.len(), file) == text.len() }
        });
    });
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_ERR_print_errors(bio: Option<&BIO>) {
    let Some(bio) = bio else { return };
    guard((), || drain(|text| bio.write(text) > 0));
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_ERR_print_errors_cb(callback: Option<PrintFn>, arg: *mut c_void) {
    let Some(callback) = callback else { return };
    guard((), || {
        drain(|text| {
            let Ok(line) = CString::new(text) else {
                return false;
            };
            // SAFETY: the program's function for its argument, with a text of ours.
            unsafe { callback(line.as_ptr(), text.len(), arg) > 0 }
        });
    });
}
