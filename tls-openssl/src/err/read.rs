//! ERR_*: looking at the queue.

use super::{Entry, Which, show};
use crate::args::Out;
use crate::guard::guard;
use core::ffi::{CStr, c_char, c_int, c_ulong};

/// Where the parts of an error go that a program asks for.
struct Parts<'a> {
    file: Out<'a, *const c_char>,
    line: Out<'a, c_int>,
    func: Out<'a, *const c_char>,
    data: Out<'a, *const c_char>,
    flags: Out<'a, c_int>,
}

impl Parts<'_> {
    fn fill(self, entry: &Entry) -> c_ulong {
        let text = |text: &Option<std::ffi::CString>| text.as_deref().unwrap_or(c"").as_ptr();
        self.file.set(text(&entry.file));
        self.line.set(entry.line);
        self.func.set(text(&entry.func));
        self.data.set(text(&entry.data));
        self.flags.set(entry.flags());
        entry.code
    }
}

fn look(which: Which, parts: Parts<'_>) -> c_ulong {
    guard(0, || show(which, |entry| parts.fill(entry)).unwrap_or(0))
}

fn code(which: Which) -> c_ulong {
    guard(0, || show(which, |entry| entry.code).unwrap_or(0))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_ERR_get_error() -> c_ulong {
    code(Which::Get)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_ERR_peek_error() -> c_ulong {
    code(Which::Peek)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_ERR_peek_last_error() -> c_ulong {
    code(Which::PeekLast)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_ERR_get_error_all(
    file: Out<'_, *const c_char>,
    line: Out<'_, c_int>,
    func: Out<'_, *const c_char>,
    data: Out<'_, *const c_char>,
    flags: Out<'_, c_int>,
) -> c_ulong {
    look(
        Which::Get,
        Parts {
            file,
            line,
            func,
            data,
            flags,
        },
    )
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_ERR_peek_error_all(
    file: Out<'_, *const c_char>,
    line: Out<'_, c_int>,
    func: Out<'_, *const c_char>,
    data: Out<'_, *const c_char>,
    flags: Out<'_, c_int>,
) -> c_ulong {
    look(
        Which::Peek,
        Parts {
            file,
            line,
            func,
            data,
            flags,
        },
    )
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_ERR_peek_last_error_all(
    file: Out<'_, *const c_char>,
    line: Out<'_, c_int>,
    func: Out<'_, *const c_char>,
    data: Out<'_, *const c_char>,
    flags: Out<'_, c_int>,
) -> c_ulong {
    look(
        Which::PeekLast,
        Parts {
            file,
            line,
            func,
            data,
            flags,
        },
    )
}

/// The words for a library's number as they are in OpenSSL, NULL for one that is not known.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_ERR_lib_error_string(code: c_ulong) -> *const c_char {
    super::lib_text(lib_of(code)).map_or(core::ptr::null(), CStr::as_ptr)
}

/// The words for an error. Those of the operating system are kept for ever, once each.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_ERR_reason_error_string(code: c_ulong) -> *const c_char {
    guard(core::ptr::null(), || {
        use std::borrow::Cow;
        match super::reason_text(lib_of(code), reason_of(code)) {
            None => core::ptr::null(),
            Some(Cow::Borrowed(text)) => text.as_ptr(),
            Some(Cow::Owned(text)) => super::api::keep(reason_of(code), text),
        }
    })
}

/// Which library an error's code names.
pub(crate) fn lib_of(code: c_ulong) -> c_int {
    match code & 0x8000_0000 {
        0 => ((code >> 23) & 0xff) as c_int,
        _ => 2,
    }
}

/// Which of its errors it names.
pub(crate) fn reason_of(code: c_ulong) -> c_int {
    match code & 0x8000_0000 {
        0 => (code & 0x7f_ffff) as c_int,
        _ => (code & 0x7fff_ffff) as c_int,
    }
}

/// `error:0A000086:SSL routines::certificate verify failed`
pub(crate) fn line(code: c_ulong) -> Vec<u8> {
    let (lib, reason) = (lib_of(code), reason_of(code));
    let mut text = format!("error:{code:08X}:").into_bytes();
    match super::lib_text(lib) {
        Some(known) => text.extend(known.to_bytes()),
        None => text.extend(format!("lib({lib})").into_bytes()),
    }
    text.extend(b"::");
    match super::reason_text(lib, reason) {
        Some(known) => text.extend(known.to_bytes()),
        None => text.extend(format!("reason({reason})").into_bytes()),
    }
    text
}
