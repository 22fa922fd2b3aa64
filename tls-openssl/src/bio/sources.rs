//! The kinds of BIOs, by name, and the functions that make one of a kind at once.

use super::base64::Base64;
use super::fd::Descriptor;
use super::file::File;
use super::mem::Mem;
use super::null::Null;
use super::pair::Half;
use super::ssl::Filter;
use super::{BIO, BIO_METHOD, ctrl, kind};
use crate::args::{self, Str};
use crate::err::{self, Lib};
use crate::guard::guard;
use crate::object::Owned;
use core::ffi::{c_char, c_int, c_long, c_void};
use std::sync::OnceLock;

/// A method that lives as long as the process.
struct Fixed(OnceLock<Owned<BIO_METHOD>>);

// SAFETY: a method of ours is never changed: programs get it as `const`.
unsafe impl Sync for Fixed {}
// SAFETY: as above.
unsafe impl Send for Fixed {}

impl Fixed {
    const fn new() -> Self {
        Self(OnceLock::new())
    }

    fn get(&self, make: impl FnOnce() -> Owned<BIO_METHOD>) -> &Owned<BIO_METHOD> {
        self.0.get_or_init(make)
    }
}

fn mem() -> &'static Owned<BIO_METHOD> {
    static METHOD: Fixed = Fixed::new();
    METHOD.get(|| BIO_METHOD::builtin(kind::MEM, c"memory buffer", || Box::new(Mem::new())))
}

fn file() -> &'static Owned<BIO_METHOD> {
    static METHOD: Fixed = Fixed::new();
    METHOD.get(|| BIO_METHOD::builtin(kind::FILE, c"FILE pointer", || Box::new(File::new())))
}

fn fd() -> &'static Owned<BIO_METHOD> {
    static METHOD: Fixed = Fixed::new();
    METHOD.get(|| BIO_METHOD::builtin(kind::FD, c"file descriptor", || Box::new(Descriptor::new())))
}

fn socket() -> &'static Owned<BIO_METHOD> {
    static METHOD: Fixed = Fixed::new();
    METHOD.get(|| BIO_METHOD::builtin(kind::SOCKET, c"socket", || Box::new(Descriptor::new())))
}

fn pair() -> &'static Owned<BIO_METHOD> {
    static METHOD: Fixed = Fixed::new();
    METHOD.get(|| BIO_METHOD::builtin(kind::PAIR, c"BIO pair", || Box::new(Half::new())))
}

fn null() -> &'static Owned<BIO_METHOD> {
    static METHOD: Fixed = Fixed::new();
    METHOD.get(|| BIO_METHOD::builtin(kind::NULL, c"NULL", || Box::new(Null)))
}

fn ssl() -> &'static Owned<BIO_METHOD> {
    static METHOD: Fixed = Fixed::new();
    METHOD.get(|| BIO_METHOD::builtin(kind::SSL, c"ssl", || Box::new(Filter::new())))
}

fn base64() -> &'static Owned<BIO_METHOD> {
    static METHOD: Fixed = Fixed::new();
    METHOD.get(|| {
        BIO_METHOD::builtin(kind::BASE64, c"base64 encoding", || {
            Box::new(Base64::default())
        })
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_s_mem() -> *const BIO_METHOD {
    mem().pointer()
}

/// The same as `BIO_s_mem`: what goes out of any memory BIO is wiped.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_s_secmem() -> *const BIO_METHOD {
    mem().pointer()
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_s_file() -> *const BIO_METHOD {
    file().pointer()
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_s_fd() -> *const BIO_METHOD {
    fd().pointer()
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_s_socket() -> *const BIO_METHOD {
    socket().pointer()
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_s_bio() -> *const BIO_METHOD {
    pair().pointer()
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_s_null() -> *const BIO_METHOD {
    null().pointer()
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_f_ssl() -> *const BIO_METHOD {
    ssl().pointer()
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_f_base64() -> *const BIO_METHOD {
    base64().pointer()
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_new(method: Option<&BIO_METHOD>) -> Option<Owned<BIO>> {
    guard(None, || {
        let Some(method) = method else {
            err::put(Lib::Bio, err::PASSED_NULL, "");
            return None;
        };
        let bio = BIO::new(Owned::again(method), method.behaviour());
        // What is there at once; descriptors, files, pairs and filters wait for theirs.
        bio.init.set(c_int::from(
            [kind::MEM, kind::NULL, kind::BASE64].contains(&method.kind()),
        ));
        method.made(&bio).then_some(bio)
    })
}

/// Reads a copy of the bytes: they may change, or go, meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_BIO_new_mem_buf(
    data: *const c_void,
    len: c_int,
) -> Option<Owned<BIO>> {
    guard(None, || {
        if data.is_null() {
            err::put(Lib::Bio, err::PASSED_NULL, "");
            return None;
        }
        let len = match usize::try_from(len) {
            Ok(len) => len,
            // SAFETY: a negative length says that it is a text.
            Err(_) => unsafe { libc::strlen(data.cast()) },
        };
        // SAFETY: `len` readable bytes: the manual's promise.
        let bytes = unsafe { args::bytes(data, len) };
        Some(BIO::ready(mem().clone(), Box::new(Mem::of(bytes))))
    })
}

fn of_descriptor(method: &Owned<BIO_METHOD>, mut fd: c_int, close: c_int) -> Option<Owned<BIO>> {
    guard(None, || {
        let bio = BIO::new(method.clone(), method.behaviour());
        // SAFETY: an int for this command.
        unsafe { bio.ctrl(ctrl::SET_FD, c_long::from(close), (&raw mut fd).cast()) };
        Some(bio)
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_new_socket(fd: c_int, close: c_int) -> Option<Owned<BIO>> {
    of_descriptor(socket(), fd, close)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_new_fd(fd: c_int, close: c_int) -> Option<Owned<BIO>> {
    of_descriptor(self::fd(), fd, close)
}

/// The BIO of `SSL_set_fd` and its like: the program closes its descriptor itself.
pub(crate) fn borrowed_socket(fd: c_int) -> Option<Owned<BIO>> {
    of_descriptor(socket(), fd, 0)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_new_file(name: Str<'_>, mode: Str<'_>) -> Option<Owned<BIO>> {
    guard(None, || {
        if name.pointer().is_null() || mode.pointer().is_null() {
            err::put(Lib::Bio, err::PASSED_NULL, "");
            return None;
        }
        let of = File::new();
        let bio = BIO::new(file().clone(), Box::new(Null));
        // SAFETY: two texts.
        let opened = unsafe { of.open(&bio, name.pointer(), mode.pointer(), false) };
        drop(bio);
        if !opened {
            return None;
        }
        Some(BIO::ready(file().clone(), Box::new(of)))
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_BIO_new_fp(
    stream: *mut libc::FILE,
    close: c_int,
) -> Option<Owned<BIO>> {
    guard(None, || {
        let bio = BIO::new(file().clone(), Box::new(File::new()));
        // SAFETY: an open file, which is what this command wants.
        unsafe { bio.ctrl(ctrl::SET_FILE_PTR, c_long::from(close), stream.cast()) };
        Some(bio)
    })
}

/// A file by the command that OpenSSL's own functions use.
pub(crate) fn file_to_read(name: Str<'_>) -> Option<Owned<BIO>> {
    let bio = BIO::new(file().clone(), Box::new(File::new()));
    // SAFETY: a text, or NULL, which is no file.
    let opened = !name.pointer().is_null()
        && unsafe { bio.ctrl(ctrl::SET_FILENAME, 1 | 2, name.pointer().cast_mut().cast()) } == 1;
    opened.then_some(bio)
}

/// Two halves that are joined; a size of 0 is 17 KiB.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_BIO_new_bio_pair(
    one: *mut *mut BIO,
    one_size: usize,
    other: *mut *mut BIO,
    other_size: usize,
) -> c_int {
    let made = guard(None, || {
        let half = |size: usize| {
            let bio = BIO::new(pair().clone(), Box::new(Half::new()));
            if size > 0 {
                let size = c_long::try_from(size).unwrap_or(c_long::MAX);
                // SAFETY: this command looks at no pointer.
                unsafe { bio.ctrl(ctrl::SET_WRITE_BUF_SIZE, size, core::ptr::null_mut()) };
            }
            bio
        };
        let (a, b) = (half(one_size), half(other_size));
        // SAFETY: another BIO for this command.
        let joined = unsafe { a.ctrl(ctrl::MAKE_BIO_PAIR, 0, b.pointer().cast()) };
        (joined == 1).then_some((a, b))
    });
    let ok = c_int::from(made.is_some());
    let (a, b) = made.map_or((core::ptr::null_mut(), core::ptr::null_mut()), |(a, b)| {
        (a.into_raw(), b.into_raw())
    });
    // SAFETY: two places for pointers: the manual's promise.
    unsafe {
        one.write(a);
        other.write(b);
    }
    ok
}

/// A filter over an SSL of its own, for a client (`client` is not 0) or a server.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_new_ssl(
    ctx: Option<&crate::ctx::SSL_CTX>,
    client: c_int,
) -> Option<Owned<BIO>> {
    guard(None, || {
        let ssl = crate::ssl::SSL::of(ctx?);
        ssl.set_role(if client != 0 {
            crate::ssl::Role::Client
        } else {
            crate::ssl::Role::Server
        });
        let bio = BIO::new(self::ssl().clone(), Box::new(Filter::new()));
        // SAFETY: an SSL for this command, whose reference goes to the filter (BIO_CLOSE).
        unsafe { bio.ctrl(ctrl::SET_SSL, 1, ssl.into_raw().cast()) };
        Some(bio)
    })
}

/// The name of a kind of BIO ("memory buffer").
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_BIO_method_name(bio: Option<&BIO>) -> *const c_char {
    bio.map_or(core::ptr::null(), |bio| bio.method().name().as_ptr())
}
