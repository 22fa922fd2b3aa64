//! OPENSSL_*, CRYPTO_*, RAND_*: what is left of libcrypto. There is nothing to initialise.

use crate::args::Str;
use crate::ex_data::{self, Class, DupFn, FreeFn, NewFn};
use crate::guard::guard;
use core::ffi::{c_char, c_int, c_long, c_uchar, c_ulong, c_void};

/// Nothing to do: 1.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_OPENSSL_init_ssl(_options: u64, _settings: *const c_void) -> c_int {
    1
}

/// Nothing to do: 1. No configuration file is read.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_OPENSSL_init_crypto(_options: u64, _settings: *const c_void) -> c_int {
    1
}

/// Nothing to do.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_OPENSSL_cleanup() {}

/// The version of OpenSSL whose interface this is: 3.0.0.
const VERSION: c_ulong = 0x3000_0000;

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_OpenSSL_version_num() -> c_ulong {
    VERSION
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_OPENSSL_version_major() -> core::ffi::c_uint {
    3
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_OPENSSL_version_minor() -> core::ffi::c_uint {
    0
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_OPENSSL_version_patch() -> core::ffi::c_uint {
    0
}

/// Says what it is: "tlscore (interface of OpenSSL 3.0)".
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_OpenSSL_version(kind: c_int) -> *const c_char {
    match kind {
        0 => c"tlscore (interface of OpenSSL 3.0.0)",
        1 => c"compiler: not available",
        2 => c"built on: date not available",
        3 => c"platform: not available",
        4 => c"OPENSSLDIR: N/A",
        5 => c"ENGINESDIR: N/A",
        _ => c"not available",
    }
    .as_ptr()
}

/// The C library's memory: programs and this library free each other's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_CRYPTO_malloc(
    len: usize,
    _file: *const c_char,
    _line: c_int,
) -> *mut c_void {
    // SAFETY: always possible.
    unsafe { libc::malloc(len.max(1)) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_CRYPTO_zalloc(
    len: usize,
    _file: *const c_char,
    _line: c_int,
) -> *mut c_void {
    // SAFETY: always possible.
    unsafe { libc::calloc(1, len.max(1)) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_CRYPTO_realloc(
    old: *mut c_void,
    len: usize,
    _file: *const c_char,
    _line: c_int,
) -> *mut c_void {
    // SAFETY: NULL or memory of these functions: the manual's promise.
    unsafe { libc::realloc(old, len.max(1)) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_CRYPTO_free(
    memory: *mut c_void,
    _file: *const c_char,
    _line: c_int,
) {
    // SAFETY: NULL or memory of these functions: the manual's promise.
    unsafe { libc::free(memory) };
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_CRYPTO_strdup(
    text: Str<'_>,
    _file: *const c_char,
    _line: c_int,
) -> *mut c_char {
    // SAFETY: a text.
    text.c_str().map_or(core::ptr::null_mut(), |text| unsafe {
        libc::strdup(text.as_ptr())
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_OPENSSL_cleanse(memory: *mut c_void, len: usize) {
    if memory.is_null() || len == 0 {
        return;
    }
    // SAFETY: `len` writable bytes: the manual's promise; uninitialised ones are written first.
    unsafe {
        core::ptr::write_bytes(memory.cast::<u8>(), 0, len);
        zeroize::Zeroize::zeroize(core::slice::from_raw_parts_mut(memory.cast::<u8>(), len));
    }
}

/// 0 where they are the same; its time depends on the length alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_CRYPTO_memcmp(
    a: *const c_void,
    b: *const c_void,
    len: usize,
) -> c_int {
    // SAFETY: `len` readable bytes each: the manual's promise.
    let (a, b) = unsafe { (crate::args::bytes(a, len), crate::args::bytes(b, len)) };
    let difference = a
        .iter()
        .zip(b)
        .fold(0_u8, |all, (a, b)| core::hint::black_box(all | (a ^ b)));
    c_int::from(difference)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_CRYPTO_get_ex_new_index(
    class: c_int,
    argl: c_long,
    argp: *mut c_void,
    new: Option<NewFn>,
    _dup: Option<DupFn>,
    free: Option<FreeFn>,
) -> c_int {
    guard(-1, || {
        Class::of(class).map_or(-1, |class| {
            ex_data::next_number(class, argl, argp, new, free)
        })
    })
}

/// Random bytes of the operating system.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_RAND_bytes(out: *mut c_uchar, len: c_int) -> c_int {
    // No length is no success: what was there would pass for random bytes.
    let Ok(len) = usize::try_from(len) else {
        return 0;
    };
    let mut done = 0;
    while done < len {
        // SAFETY: room for `len` bytes: the manual's promise.
        let n = unsafe { libc::getrandom(out.add(done).cast(), len - done, 0) };
        match usize::try_from(n) {
            Ok(n) => done += n,
            Err(_) if crate::errno::get() == libc::EINTR => {}
            Err(_) => return 0,
        }
    }
    1
}

/// Nothing to do: 1. The operating system seeds itself.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_RAND_poll() -> c_int {
    1
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_RAND_status() -> c_int {
    1
}

/// Nothing to do with it.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_RAND_seed(_data: *const c_void, _len: c_int) {}

/// Nothing to do with it.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_RAND_add(_data: *const c_void, _len: c_int, _entropy: f64) {}
