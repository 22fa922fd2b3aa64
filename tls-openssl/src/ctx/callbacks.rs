//! libtlscore's callbacks. They belong to contexts; which SSL is meant is known by the thread that drives it. What a
//! program is to be asked waits as a question until libtlscore has returned: the program may then call whatever it
//! likes on its SSL. The choice of an application protocol alone must be made at once.

use super::SSL_CTX;
use crate::ctx::tell;
use crate::native::{Cert, Ctx, Pending};
use crate::ssl::{Question, SSL};
use crate::sys::*;
use core::cell::Cell;
use core::ffi::{c_char, c_int, c_uint, c_void};
use core::ptr;
use std::ffi::CString;

thread_local! {
    /// The SSL that this thread drives.
    static CURRENT: Cell<*const SSL> = const { Cell::new(ptr::null()) };
}

/// Runs a verb of libtlscore's with `ssl` as the one that its callbacks mean.
pub(crate) fn driving<T>(ssl: &SSL, verb: impl FnOnce() -> T) -> T {
    struct Back(*const SSL);
    impl Drop for Back {
        fn drop(&mut self) {
            CURRENT.set(self.0);
        }
    }
    let _back = Back(CURRENT.replace(ssl));
    verb()
}

pub(crate) fn current<'a>() -> Option<&'a SSL> {
    // SAFETY: set by `driving` alone, which lends the SSL for as long as callbacks can come.
    unsafe { CURRENT.get().as_ref() }
}

/// What every context has: certificates are judged by us, not in libtlscore's handshake.
pub(crate) fn prepare(ctx: &Ctx) -> Result<(), tls_error_info> {
    // SAFETY: a live context. Nothing is accepted by this: the callback refuses what nobody judged.
    ctx.set(|ctx| unsafe { tls_ctx_danger_accept_any_cert(ctx) })?;
    // SAFETY: a live context and a function that needs no argument.
    ctx.set(|ctx| unsafe { tls_ctx_set_verify_callback(ctx, Some(verify), ptr::null_mut(), None) })
}

unsafe extern "C" fn verify(
    pending: *mut tls_pending,
    verdict: *const tls_verdict,
    _arg: *mut c_void,
) -> c_int {
    let Some(ssl) = current() else {
        return TLS_ERR_USAGE;
    };
    // SAFETY: lent by libtlscore for this call; what is kept gets references of its own.
    let (pending, chain, staple) = unsafe {
        let (staple, len) = ((*verdict).ocsp_response, (*verdict).ocsp_response_len);
        let staple = crate::args::bytes(staple, len).to_vec();
        let certs = core::slice::from_raw_parts((*verdict).chain, (*verdict).chain_len);
        let chain: Vec<Cert> = certs.iter().filter_map(|cert| Cert::again(*cert)).collect();
        (Pending::own(tls_pending_ref(pending)), chain, staple)
    };
    let Some(pending) = pending else {
        return TLS_ERR_USAGE;
    };
    ssl.ask(Question::Verify {
        pending,
        chain,
        staple,
    });
    TLS_WANT_APP
}

unsafe extern "C" fn hello(
    pending: *mut tls_pending,
    hello: *const tls_hello,
    _arg: *mut c_void,
) -> c_int {
    let Some(ssl) = current() else {
        return TLS_ERR_USAGE;
    };
    // SAFETY: lent by libtlscore for this call; what is kept is copied, or gets a reference of its own.
    let (pending, hello) = unsafe { (Pending::own(tls_pending_ref(pending)), Hello::of(hello)) };
    let Some(pending) = pending else {
        return TLS_ERR_USAGE;
    };
    ssl.ask(Question::Hello { pending, hello });
    TLS_WANT_APP
}

/// What is kept of a ClientHello.
pub(crate) struct Hello {
    pub(crate) name: Option<CString>,
    /// The whole message, with its header of four bytes.
    pub(crate) raw: Vec<u8>,
}

impl Hello {
    /// # Safety
    /// `hello` is a live ClientHello.
    unsafe fn of(hello: *const tls_hello) -> Self {
        let mut len = 0;
        // SAFETY: the caller's promise; what is lent is copied.
        unsafe {
            let raw = crate::args::bytes(tls_hello_raw(hello, &raw mut len).cast(), len);
            Self {
                name: crate::native::text(tls_hello_server_name(hello))
                    .map(core::ffi::CStr::to_owned),
                raw: raw.to_vec(),
            }
        }
    }
}

unsafe extern "C" fn alpn(
    hello: *const tls_hello,
    name: *mut *const u8,
    len: *mut usize,
    _arg: *mut c_void,
) -> c_int {
    let Some(ssl) = current() else {
        return TLS_ERR_USAGE;
    };
    let (select, arg) = {
        let ctx = ssl.ctx();
        let hooks = ctx.hooks();
        (hooks.alpn_select, hooks.alpn_arg)
    };
    let Some(select) = select else {
        return TLS_ALPN_IGNORE;
    };
    // SAFETY: lent for this call, here and below.
    ssl.keep_hello(unsafe { Hello::of(hello) });
    let mut offered_len = 0;
    // SAFETY: as above.
    let offered = unsafe { tls_hello_alpn(hello, &raw mut offered_len) };
    let (mut out, mut out_len) = (ptr::null(), 0);
    let ssl = ptr::from_ref(ssl).cast_mut();
    // SAFETY: the program's function for its argument, with the names that the client offers.
    let said = unsafe {
        select(
            ssl,
            &raw mut out,
            &raw mut out_len,
            offered,
            offered_len as c_uint,
            arg,
        )
    };
    match said {
        // SSL_TLSEXT_ERR_OK
        0 if !out.is_null() => {
            // SAFETY: places for the answer, which is copied before the program can change it.
            unsafe {
                name.write(out);
                len.write(usize::from(out_len));
            }
            TLS_OK
        }
        // SSL_TLSEXT_ERR_NOACK
        3 => TLS_ALPN_IGNORE,
        _ => TLS_ERR_USAGE,
    }
}

unsafe extern "C" fn keylog(line: *const c_char, _arg: *mut c_void) {
    let Some(ssl) = current() else { return };
    let log = ssl.session_ctx().hooks().keylog;
    if let Some(log) = log {
        // SAFETY: the program's function, with a text that lives for the call.
        unsafe { log(ssl, line) };
    }
}

/// Asks about ClientHellos.
pub(crate) fn ask_hellos(native: &Ctx) -> bool {
    // SAFETY: a live context and a function that needs no argument.
    tell(
        native.set(|ctx| unsafe {
            tls_ctx_set_hello_callback(ctx, Some(hello), ptr::null_mut(), None)
        }),
    )
}

impl SSL_CTX {
    /// Asks about ClientHellos where the program has something to say to them.
    pub(crate) fn apply_hello(&self) {
        let wanted = {
            let hooks = self.hooks();
            hooks.servername.is_some()
                || hooks.client_hello.is_some()
                || hooks.cert.is_some()
                || hooks.status.is_some()
        };
        let f: Option<HelloFn> = if wanted { Some(hello) } else { None };
        // SAFETY: a live context and a function that needs no argument.
        self.set_native(|ctx| unsafe { tls_ctx_set_hello_callback(ctx, f, ptr::null_mut(), None) });
    }

    pub(crate) fn apply_alpn_select(&self) {
        self.choose_alpn(&self.native);
    }

    /// Lets the program choose among protocols in `native` where it wants to.
    pub(crate) fn choose_alpn(&self, native: &Ctx) -> bool {
        type F = unsafe extern "C" fn(
            *const tls_hello,
            *mut *const u8,
            *mut usize,
            *mut c_void,
        ) -> c_int;
        let f: Option<F> = if self.hooks().alpn_select.is_some() {
            Some(alpn)
        } else {
            None
        };
        // SAFETY: as above.
        tell(native.set(|ctx| unsafe { tls_ctx_set_alpn_callback(ctx, f, ptr::null_mut(), None) }))
    }

    pub(crate) fn apply_keylog(&self) {
        type F = unsafe extern "C" fn(*const c_char, *mut c_void);
        let f: Option<F> = if self.hooks().keylog.is_some() {
            Some(keylog)
        } else {
            None
        };
        // SAFETY: as above.
        self.set_native(|ctx| unsafe { tls_ctx_danger_set_keylog(ctx, f, ptr::null_mut(), None) });
    }
}
