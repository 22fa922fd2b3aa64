//! SHA1_*, SHA256_* and their like: hashes in memory of the program's (`SHA_CTX`), and hashes at once. Nothing ends such a
//! hash but its last function: it is nothing but its own bytes.

use crate::args::bytes;
use crate::guard::guard;
use core::cell::UnsafeCell;
use core::ffi::{c_int, c_uchar, c_void};
use md5::Md5;
use sha1::Sha1;
use sha2::digest::Digest;
use sha2::{Sha224, Sha256, Sha384, Sha512};

pub type MD5_CTX = Md5;
pub type SHA_CTX = Sha1;
pub type SHA256_CTX = Sha256;
pub type SHA512_CTX = Sha512;

/// The words that the header has for each of them (`tlscore_state`).
const _: () = assert!(
    size_of::<Md5>() <= 8 * 14
        && size_of::<Sha1>() <= 8 * 14
        && size_of::<Sha256>() <= 8 * 16
        && size_of::<Sha512>() <= 8 * 28
);

/// Puts a hash into memory of the program's, whatever its alignment; ours is wiped.
///
/// # Safety
/// `place` has room for it.
unsafe fn put<H: Digest>(place: *mut H, hash: H) {
    // SAFETY: the caller's promise. The bytes are all that a hash is: what was there needs no end, and neither has this
    // one, whose drop wipes itself alone.
    unsafe {
        let bytes = (&raw const hash).cast::<u8>();
        core::ptr::copy_nonoverlapping(bytes, place.cast::<u8>(), size_of::<H>());
    }
}

/// # Safety
/// `place` is NULL or has room for a hash.
unsafe fn begin<H: Digest>(place: *mut H) -> c_int {
    if place.is_null() {
        return 0;
    }
    // SAFETY: the caller's promise.
    guard(0, || unsafe {
        put(place, H::new());
        1
    })
}

/// # Safety
/// `place` is NULL or has a hash that `begin` put there; `data` has `len` readable bytes.
unsafe fn add<H: Digest>(place: *mut H, data: *const c_void, len: usize) -> c_int {
    if place.is_null() {
        return 0;
    }
    // SAFETY: the caller's promise.
    guard(0, || unsafe {
        let mut hash = place.read_unaligned();
        hash.update(bytes(data, len));
        put(place, hash);
        1
    })
}

/// What is left in the program's memory is a hash of nothing.
///
/// # Safety
/// `place` is NULL or has a hash that `begin` put there; `out` is NULL or has room for it.
unsafe fn end<H: Digest>(out: *mut c_uchar, place: *mut H) -> c_int {
    if place.is_null() || out.is_null() {
        return 0;
    }
    // SAFETY: the caller's promise.
    guard(0, || unsafe {
        let told = place.read_unaligned().finalize();
        core::ptr::copy_nonoverlapping(told.as_ptr(), out, told.len());
        put(place, H::new());
        1
    })
}

std::thread_local! {
    /// Where a hash goes for which the program has no room, as OpenSSL's does; here each thread has its own.
    static LAST: UnsafeCell<[u8; 64]> = const { UnsafeCell::new([0; 64]) };
}

/// # Safety
/// `data` has `len` readable bytes; `out` is NULL or has room for the hash.
unsafe fn at_once<H: Digest>(data: *const c_uchar, len: usize, out: *mut c_uchar) -> *mut c_uchar {
    guard(core::ptr::null_mut(), || {
        // SAFETY: the caller's promise.
        let told = H::digest(unsafe { bytes(data.cast(), len) });
        let out = if out.is_null() {
            LAST.with(UnsafeCell::get).cast()
        } else {
            out
        };
        // SAFETY: the caller's promise, or our 64 bytes, which no reference looks at.
        unsafe { core::ptr::copy_nonoverlapping(told.as_ptr(), out, told.len()) };
        out
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_MD5_Init(hash: *mut MD5_CTX) -> c_int {
    // SAFETY: the manual's promise.
    unsafe { begin(hash) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_MD5_Update(
    hash: *mut MD5_CTX,
    data: *const c_void,
    len: usize,
) -> c_int {
    // SAFETY: the manual's promise.
    unsafe { add(hash, data, len) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_MD5_Final(out: *mut c_uchar, hash: *mut MD5_CTX) -> c_int {
    // SAFETY: the manual's promise.
    unsafe { end(out, hash) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SHA1_Init(hash: *mut SHA_CTX) -> c_int {
    // SAFETY: the manual's promise.
    unsafe { begin(hash) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SHA1_Update(
    hash: *mut SHA_CTX,
    data: *const c_void,
    len: usize,
) -> c_int {
    // SAFETY: the manual's promise.
    unsafe { add(hash, data, len) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SHA1_Final(out: *mut c_uchar, hash: *mut SHA_CTX) -> c_int {
    // SAFETY: the manual's promise.
    unsafe { end(out, hash) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SHA256_Init(hash: *mut SHA256_CTX) -> c_int {
    // SAFETY: the manual's promise.
    unsafe { begin(hash) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SHA256_Update(
    hash: *mut SHA256_CTX,
    data: *const c_void,
    len: usize,
) -> c_int {
    // SAFETY: the manual's promise.
    unsafe { add(hash, data, len) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SHA256_Final(out: *mut c_uchar, hash: *mut SHA256_CTX) -> c_int {
    // SAFETY: the manual's promise.
    unsafe { end(out, hash) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SHA512_Init(hash: *mut SHA512_CTX) -> c_int {
    // SAFETY: the manual's promise.
    unsafe { begin(hash) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SHA512_Update(
    hash: *mut SHA512_CTX,
    data: *const c_void,
    len: usize,
) -> c_int {
    // SAFETY: the manual's promise.
    unsafe { add(hash, data, len) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SHA512_Final(out: *mut c_uchar, hash: *mut SHA512_CTX) -> c_int {
    // SAFETY: the manual's promise.
    unsafe { end(out, hash) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_MD5(
    data: *const c_uchar,
    len: usize,
    out: *mut c_uchar,
) -> *mut c_uchar {
    // SAFETY: the manual's promise.
    unsafe { at_once::<Md5>(data, len, out) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SHA1(
    data: *const c_uchar,
    len: usize,
    out: *mut c_uchar,
) -> *mut c_uchar {
    // SAFETY: the manual's promise.
    unsafe { at_once::<Sha1>(data, len, out) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SHA224(
    data: *const c_uchar,
    len: usize,
    out: *mut c_uchar,
) -> *mut c_uchar {
    // SAFETY: the manual's promise.
    unsafe { at_once::<Sha224>(data, len, out) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SHA256(
    data: *const c_uchar,
    len: usize,
    out: *mut c_uchar,
) -> *mut c_uchar {
    // SAFETY: the manual's promise.
    unsafe { at_once::<Sha256>(data, len, out) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SHA384(
    data: *const c_uchar,
    len: usize,
    out: *mut c_uchar,
) -> *mut c_uchar {
    // SAFETY: the manual's promise.
    unsafe { at_once::<Sha384>(data, len, out) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SHA512(
    data: *const c_uchar,
    len: usize,
    out: *mut c_uchar,
) -> *mut c_uchar {
    // SAFETY: the manual's promise.
    unsafe { at_once::<Sha512>(data, len, out) }
}
