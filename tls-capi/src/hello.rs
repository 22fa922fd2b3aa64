//! A server's say in what is done with a ClientHello.

use crate::callback_hello::{AlpnFn, CallbackAlpn, CallbackHello, Hello, HelloFn};
use crate::ctx::{set, tls_ctx};
use crate::handle::{self, Handle};
use crate::pending::{answer, fatal_alert, tls_pending};
use crate::{conn_state, guard};
use core::ffi::{c_char, c_int, c_void};
use std::ffi::CString;
use std::sync::Arc;
use tls_core::config::{ClientHelloInfo, HelloDecision, HelloHandler};
use tls_core::crypto::{Answer, AnswerKind};
use tls_core::wire::ExtensionType;
use tls_std::Context;

/// A ClientHello, as a callback is told of it: what the client offers, in its order, values without
/// meaning (GREASE, RFC 8701) too. It and everything in it are borrowed for the call.
pub struct tls_hello {
    _private: (),
}

/// The host name that the client asks for (server_name), or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_hello_server_name(hello: *const tls_hello) -> *const c_char {
    // SAFETY: by the header, NULL or a live object.
    unsafe {
        look(hello, core::ptr::null(), |hello| {
            conn_state::pointer(hello.server_name.as_deref())
        })
    }
}

/// The highest version that the client offers in the hello itself: 0x0303 for TLS 1.2 and later.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_hello_version(hello: *const tls_hello) -> c_int {
    // SAFETY: by the header, NULL or a live object.
    unsafe { look(hello, 0, |hello| c_int::from(hello.version)) }
}

/// The cipher suites by number, `count` of them, signalling values among them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_hello_ciphers(
    hello: *const tls_hello,
    count: *mut usize,
) -> *const u16 {
    // SAFETY: by the header, NULL or a live object, and room for a number, or NULL.
    unsafe { list(hello, count, |hello| Some(&hello.suites)) }
}

/// The groups of supported_groups by number, `count` of them; NULL where there are none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_hello_groups(
    hello: *const tls_hello,
    count: *mut usize,
) -> *const u16 {
    // SAFETY: as above.
    unsafe { list(hello, count, |hello| hello.groups.as_deref()) }
}

/// The signature schemes of signature_algorithms by number, `count` of them; NULL where there are none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_hello_sigalgs(
    hello: *const tls_hello,
    count: *mut usize,
) -> *const u16 {
    // SAFETY: as above.
    unsafe { list(hello, count, |hello| hello.schemes.as_deref()) }
}

/// The application protocols in `len` bytes, each name behind one byte with its length; NULL where
/// the client offers none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_hello_alpn(hello: *const tls_hello, len: *mut usize) -> *const u8 {
    // SAFETY: as above.
    unsafe { list(hello, len, |hello| hello.alpn.as_deref()) }
}

/// The session ID, `len` bytes; empty where the client has none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_hello_session_id(
    hello: *const tls_hello,
    len: *mut usize,
) -> *const u8 {
    // SAFETY: as above.
    unsafe { list(hello, len, |hello| Some(&hello.session_id)) }
}

/// The whole handshake message, `len` bytes, its header of four bytes too.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_hello_raw(hello: *const tls_hello, len: *mut usize) -> *const u8 {
    // SAFETY: as above.
    unsafe { list(hello, len, |hello| Some(&hello.message)) }
}

/// The contents of the extension with this number, `len` bytes; NULL where it is not there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_hello_extension(
    hello: *const tls_hello,
    number: c_int,
    len: *mut usize,
) -> *const u8 {
    let find = |hello: &Hello| {
        let wanted = ExtensionType(u16::try_from(number).ok()?);
        let found = ClientHelloInfo::find_extension(&hello.message, wanted)?;
        // Where it stands in the message, which lives as long as the call.
        let at = found.as_ptr().addr() - hello.message.as_ptr().addr();
        Some(at..at + found.len())
    };
    // SAFETY: as above.
    unsafe {
        list(hello, len, |hello| {
            find(hello).map(|range| &hello.message[range])
        })
    }
}

/// Asks `callback` about each ClientHello, before anything is looked up or chosen. It gives its word
/// through `pending`, with tls_pending_use_ctx(), tls_pending_use_keypairs_of(), tls_pending_refuse_hello()
/// or tls_pending_go_on(), and returns
///
/// TLS_OK: that was done during this call, or there is nothing to say: on with this context;
/// TLS_WANT_APP: the word will be given later, from any thread, through a reference of its own, taken
/// with tls_pending_ref(pending);
/// anything else: the handshake ends with internal_error.
///
/// It is called by whatever thread drives a connection, also by several at once; it must not call
/// functions on that connection and must return normally (no longjmp, no exception). `callback` NULL:
/// nobody is asked. `release` (may be NULL) is called once with `arg` when neither the context nor any
/// connection needs the callback any more. A server context with this callback needs no keypair of its own.
///
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error(); `release` is not called then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_hello_callback(
    ctx: *mut tls_ctx,
    callback: Option<
        unsafe extern "C" fn(
            pending: *mut tls_pending,
            hello: *const tls_hello,
            arg: *mut c_void,
        ) -> c_int,
    >,
    arg: *mut c_void,
    release: Option<unsafe extern "C" fn(arg: *mut c_void)>,
) -> c_int {
    let setter = |ctx: &Context| {
        with_handler(callback, arg, release, |handler| {
            ctx.set_hello_handler(handler)
        })
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// Asks `callback` for keypairs in each full handshake, behind the look-up of sessions: not where one is
/// resumed. As tls_ctx_set_hello_callback(), but tls_pending_use_ctx() comes too late here and ends the
/// handshake with internal_error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_certificate_callback(
    ctx: *mut tls_ctx,
    callback: Option<
        unsafe extern "C" fn(
            pending: *mut tls_pending,
            hello: *const tls_hello,
            arg: *mut c_void,
        ) -> c_int,
    >,
    arg: *mut c_void,
    release: Option<unsafe extern "C" fn(arg: *mut c_void)>,
) -> c_int {
    let setter = |ctx: &Context| {
        with_handler(callback, arg, release, |handler| {
            ctx.set_certificate_handler(handler)
        })
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// Lets `callback` choose among the application protocols that a client offers (tls_hello_alpn()), in
/// place of the list of tls_ctx_set_alpn(). It returns
///
/// TLS_OK: the name is in `*name` and `*len`, one of those that are offered; it is copied;
/// TLS_ALPN_IGNORE: none is chosen, and the handshake goes on without;
/// anything else: the handshake ends with no_application_protocol (RFC 7301 §3.2).
///
/// Called, and given back, as tls_ctx_set_hello_callback()'s, for resumed sessions too.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_alpn_callback(
    ctx: *mut tls_ctx,
    callback: Option<
        unsafe extern "C" fn(
            hello: *const tls_hello,
            name: *mut *const u8,
            len: *mut usize,
            arg: *mut c_void,
        ) -> c_int,
    >,
    arg: *mut c_void,
    release: Option<unsafe extern "C" fn(arg: *mut c_void)>,
) -> c_int {
    let setter = |ctx: &Context| {
        let made = callback.map(|callback: AlpnFn| CallbackAlpn::new(callback, arg, release));
        let made = made.map(Arc::new);
        ctx.set_alpn_selector(made.clone().map(|s| s as _));
        made.iter().for_each(|s| s.adopt());
        Ok(())
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// Answers a hello or certificate callback: nothing to say. Returns as tls_pending_answer_signature().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_pending_go_on(pending: *mut tls_pending) -> c_int {
    // SAFETY: by the header, NULL or a live object.
    unsafe { decide(pending, || Some(HelloDecision::GoOn)) }
}

/// Answers a hello callback: on with `ctx`, a server context, as it is now. Its own hello callback is not
/// asked about this hello, but about the next one of the connection.
///
/// What was set on the connection itself holds all the same, in every handshake: tls_conn_set_client_auth()
/// (or what `ctx` asks, where that is more), tls_conn_set_verify() and its danger forms,
/// tls_conn_set_verify_callback(), tls_conn_set_renegotiation(), tls_conn_add_pin(), whose pins are added
/// to those of `ctx`: one of them all must match. The CAs are those of `ctx`; where that
/// accepts any certificate and the connection does not, those of the context before. All else is that of
/// `ctx`, for which it is chosen: tls_conn_set_cipher_list(), tls_conn_set_alpn() and
/// tls_conn_set_keypair_file() are forgotten.
///
/// Returns as tls_pending_answer_signature(), and TLS_ERR_USAGE for NULL and for a context without
/// TLS_SERVER. A client that must show a certificate while `ctx` has no CAs for clients ends the handshake
/// with TLS_REASON_NO_TRUST_ANCHORS.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_pending_use_ctx(
    pending: *mut tls_pending,
    ctx: *const tls_ctx,
) -> c_int {
    // SAFETY: by the header, live objects or NULL.
    unsafe { decide(pending, || handle::value(ctx).ok()?.as_decision().ok()) }
}

/// Answers a hello or certificate callback: on with the keypairs of `ctx`, as they are now, in place of
/// the context's own; the best for the client is chosen among them. A key that is weaker than the policy
/// and the security level of the connection allow ends the handshake with TLS_REASON_WEAK_KEYPAIR.
/// Returns as tls_pending_answer_signature(), and TLS_ERR_USAGE for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_pending_use_keypairs_of(
    pending: *mut tls_pending,
    ctx: *const tls_ctx,
) -> c_int {
    // SAFETY: by the header, live objects or NULL.
    unsafe {
        decide(pending, || {
            Some(handle::value(ctx).ok()?.keypairs_as_decision())
        })
    }
}

/// Answers a hello or certificate callback: the handshake ends with this alert, by its number (40:
/// handshake_failure, 112: unrecognized_name). The connection fails with
/// TLS_REASON_CONNECTION_REJECTED. Returns as tls_pending_answer_signature(), and TLS_ERR_USAGE for the
/// number of no alert, or of one that is not fatal.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_pending_refuse_hello(
    pending: *mut tls_pending,
    alert: c_int,
) -> c_int {
    let refusal = || Some(HelloDecision::Refuse(fatal_alert(alert)?));
    // SAFETY: by the header, NULL or a live object.
    unsafe { decide(pending, refusal) }
}

impl Handle for tls_hello {
    type Value = Hello;
    const MAGIC: u64 = u64::from_be_bytes(*b"tlshello");
}

fn with_handler(
    callback: Option<HelloFn>,
    arg: *mut c_void,
    release: Option<unsafe extern "C" fn(*mut c_void)>,
    install: impl FnOnce(Option<Arc<dyn HelloHandler>>),
) -> tls_std::Result<()> {
    let made = callback.map(|callback| Arc::new(CallbackHello::new(callback, arg, release)));
    install(made.clone().map(|handler| handler as _));
    made.iter().for_each(|handler| handler.adopt());
    Ok(())
}

/// # Safety
/// `pending` is NULL or a live object.
unsafe fn decide(pending: *mut tls_pending, make: impl FnOnce() -> Option<HelloDecision>) -> c_int {
    // SAFETY: the caller's promise.
    unsafe {
        answer(pending, Some(AnswerKind::Hello), || {
            make().map(Answer::from)
        })
    }
}

/// # Safety
/// `hello` is NULL or lives within the call.
unsafe fn look<T>(hello: *const tls_hello, default: T, f: impl FnOnce(&Hello) -> T) -> T {
    // SAFETY: the caller's promise.
    match unsafe { handle::value(hello) } {
        Ok(hello) => guard::guard(None, || Some(f(hello))).unwrap_or(default),
        Err(_) => default,
    }
}

/// The pointer to a list, and its length where somebody wants it.
///
/// # Safety
/// `hello` is NULL or lives within the call; `len` is NULL or has room for a number.
unsafe fn list<T>(
    hello: *const tls_hello,
    len: *mut usize,
    of: impl FnOnce(&Hello) -> Option<&[T]>,
) -> *const T {
    let told = |hello: &Hello| {
        let Some(list) = of(hello) else {
            return core::ptr::null();
        };
        // SAFETY: the caller's promise.
        if let Some(len) = unsafe { len.as_mut() } {
            *len = list.len();
        }
        list.as_ptr()
    };
    // SAFETY: the caller's promise.
    unsafe { look(hello, core::ptr::null(), told) }
}

/// A host name as C has it: it has no NUL, or it would have been refused.
pub(crate) fn name_text(name: Option<&str>) -> Option<CString> {
    name.map(|name| conn_state::c_string(name.as_bytes()))
}
