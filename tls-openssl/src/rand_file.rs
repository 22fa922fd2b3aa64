//! RAND_*_file: seeds in files. The operating system seeds itself, so that what is read is read for its length alone.

use crate::args::{Str, copy_text};
use crate::err;
use crate::guard::guard;
use core::ffi::{c_char, c_int, c_long};
use std::ffi::OsStr;
use std::io::{Read, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

/// What is written, in bytes.
const SEED: usize = 1024;
/// What is read where the program sets no bound, in bytes.
const MOST: u64 = 1024;

fn path(name: Str<'_>) -> Option<PathBuf> {
    name.bytes().map(|name| OsStr::from_bytes(name).into())
}

fn failed(error: &std::io::Error) -> c_int {
    err::put_system(error.raw_os_error().unwrap_or(0), String::new());
    -1
}

/// `$RANDFILE`, or `.rnd` in the home directory; NULL where there is no room for it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_RAND_file_name(out: *mut c_char, room: usize) -> *const c_char {
    guard(core::ptr::null(), || {
        let named = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let home = || Some(PathBuf::from(named("HOME")?).join(".rnd").into_os_string());
        let Some(name) = named("RANDFILE").or_else(home).map(OsStringExt::into_vec) else {
            return core::ptr::null();
        };
        if out.is_null() || name.len() >= room {
            return core::ptr::null();
        }
        // SAFETY: room for as many bytes: the manual's promise.
        unsafe { copy_text(&name, out, room) };
        out
    })
}

/// How many bytes there are in the file, at most `most`; a negative number is 1024 of them. -1, with an error in the queue:
/// it cannot be read. They change nothing.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_RAND_load_file(name: Str<'_>, most: c_long) -> c_int {
    guard(-1, || {
        let Some(path) = path(name) else { return 0 };
        let bound = u64::try_from(most).unwrap_or(MOST);
        let mut seed = zeroize::Zeroizing::new(Vec::new());
        let read =
            std::fs::File::open(path).and_then(|file| file.take(bound).read_to_end(&mut seed));
        match read {
            Ok(n) => crate::args::count(n),
            Err(error) => failed(&error),
        }
    })
}

/// Writes 1024 random bytes to a file that its owner alone may read, and returns their number; -1: it cannot.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_RAND_write_file(name: Str<'_>) -> c_int {
    guard(-1, || {
        let Some(path) = path(name) else { return -1 };
        let mut seed = zeroize::Zeroizing::new([0; SEED]);
        // SAFETY: room for as many bytes.
        let made = unsafe { crate::crypto::tlscore_RAND_bytes(seed.as_mut_ptr(), SEED as c_int) };
        if made != 1 {
            return -1;
        }
        let mut options = std::fs::OpenOptions::new();
        let file = options
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(path);
        match file.and_then(|mut file| file.write_all(&*seed)) {
            Ok(()) => SEED as c_int,
            Err(error) => failed(&error),
        }
    })
}
