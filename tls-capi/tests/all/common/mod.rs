//! What the tests of the C functions share.
#![allow(
    dead_code,
    unused_macros,
    unused_imports,
    reason = "each test uses some of it"
)]

use core::ffi::{CStr, c_char, c_int, c_void};
use std::ffi::CString;
use tls_capi::code::*;
use tls_capi::conn::*;
use tls_capi::ctx::*;
use tls_capi::ctx_trust::*;
use tls_capi::error::tls_error_info;
use tls_capi::keypair::*;
use tls_capi::verbs::*;

/// Calls C functions.
macro_rules! c {
    ($($call:tt)*) => {{
        // SAFETY: tests keep to the header, or break it where the function must notice: every handle
        // is NULL or live, every length is that of its buffer.
        #[allow(unused_unsafe, reason = "a macro may be in another")]
        unsafe { $($call)* }
    }};
}
pub(crate) use c;

pub(crate) fn pki(file: &str) -> CString {
    let path = format!("{}/../tests/pki/{file}", env!("CARGO_MANIFEST_DIR"));
    CString::new(path).unwrap()
}

pub(crate) fn pem(file: &str) -> Vec<u8> {
    std::fs::read(pki(file).to_str().unwrap()).unwrap()
}

pub(crate) fn text(pointer: *const c_char) -> Option<String> {
    if pointer.is_null() {
        return None;
    }
    // SAFETY: the library's texts are NUL-terminated.
    let text = unsafe { CStr::from_ptr(pointer) };
    Some(text.to_str().unwrap().to_owned())
}

pub(crate) fn client_ctx() -> *mut tls_ctx {
    let ctx = tls_ctx_new(TLS_CLIENT);
    assert_eq!(c!(tls_ctx_add_ca_file(ctx, pki("ca.pem").as_ptr())), TLS_OK);
    ctx
}

pub(crate) fn server_ctx(name: &str) -> *mut tls_ctx {
    let ctx = tls_ctx_new(TLS_SERVER);
    let (cert, key) = (
        pki(&format!("server-{name}.pem")),
        pki(&format!("server-{name}.key")),
    );
    assert_eq!(
        c!(tls_ctx_add_keypair_file(ctx, cert.as_ptr(), key.as_ptr())),
        TLS_OK
    );
    ctx
}

/// A client and a server, each with a context of its own that is freed at once.
pub(crate) struct Pair {
    pub(crate) client: *mut tls_conn,
    pub(crate) server: *mut tls_conn,
}

impl Pair {
    pub(crate) fn new() -> Self {
        Self::of(client_ctx(), server_ctx("p256"))
    }

    pub(crate) fn of(client_ctx: *mut tls_ctx, server_ctx: *mut tls_ctx) -> Self {
        let client = c!(tls_conn_new(client_ctx, c"localhost".as_ptr()));
        let server = c!(tls_conn_new_server(server_ctx));
        c!(tls_ctx_free(client_ctx));
        c!(tls_ctx_free(server_ctx));
        Self { client, server }
    }

    pub(crate) fn established() -> Self {
        let pair = Self::new();
        assert_eq!(pair.handshake(), (TLS_OK, TLS_OK));
        pair
    }

    /// Both handshakes, as far as they go.
    pub(crate) fn handshake(&self) -> (c_int, c_int) {
        let mut last = (TLS_WANT_READ, TLS_WANT_READ);
        for _ in 0..10 {
            last = (
                c!(tls_handshake(self.client)),
                c!(tls_handshake(self.server)),
            );
            let moved = carry(self.client, self.server) + carry(self.server, self.client);
            if moved == 0 {
                break;
            }
        }
        last
    }
}

impl Drop for Pair {
    fn drop(&mut self) {
        c!(tls_conn_free(self.client));
        c!(tls_conn_free(self.server));
    }
}

pub(crate) fn carry(from: *mut tls_conn, to: *mut tls_conn) -> usize {
    let mut buf = [0_u8; 4096];
    let mut total = 0;
    loop {
        let n = c!(tls_drain(from, buf.as_mut_ptr().cast(), buf.len()));
        let Some(n) = usize::try_from(n).ok().filter(|n| *n > 0) else {
            return total;
        };
        let mut at = 0;
        while at < n {
            match c!(tls_feed(to, buf[at..].as_ptr().cast(), n - at)) {
                taken @ 1.. => at += taken.unsigned_abs(),
                _ => return total + at,
            }
        }
        total += n;
    }
}

pub(crate) fn conn_error(conn: *const tls_conn) -> tls_error_info {
    let mut info = core::mem::MaybeUninit::uninit();
    assert_eq!(c!(tls_conn_error(conn, info.as_mut_ptr())), TLS_OK);
    // SAFETY: it was written, as TLS_OK says.
    unsafe { info.assume_init() }
}

pub(crate) fn ctx_error(ctx: *const tls_ctx) -> tls_error_info {
    let mut info = core::mem::MaybeUninit::uninit();
    assert_eq!(c!(tls_ctx_error(ctx, info.as_mut_ptr())), TLS_OK);
    // SAFETY: it was written, as TLS_OK says.
    unsafe { info.assume_init() }
}

pub(crate) fn message(info: &tls_error_info) -> String {
    text(info.text.as_ptr()).unwrap()
}

pub(crate) fn write(conn: *mut tls_conn, bytes: &[u8]) -> isize {
    c!(tls_write(conn, bytes.as_ptr().cast(), bytes.len()))
}

pub(crate) fn read(conn: *mut tls_conn, buf: &mut [u8]) -> isize {
    c!(tls_read(conn, buf.as_mut_ptr().cast(), buf.len()))
}

pub(crate) const NULL: *mut c_void = core::ptr::null_mut();
