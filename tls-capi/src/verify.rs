//! The application's word on the verdict about the peer's certificate.

use crate::callback_verify::{CallbackReviewer, VerifyFn};
use crate::cert::tls_cert;
use crate::conn::tls_conn;
use crate::conn_state;
use crate::ctx::{set, tls_ctx};
use crate::error::tls_error_info;
use crate::pending::{answer, fatal_alert, tls_pending};
use crate::{args, code::*};
use core::ffi::{c_char, c_int, c_void};
use tls_core::crypto::{Answer, AnswerKind, Ruling};
use tls_core::error::{Error, Reason};
use tls_std::{Connection, Context};

/// A verdict on the peer's chain, as a verify callback is told of it. Everything in it is borrowed for
/// the call; tls_cert_ref() keeps a certificate longer.
#[repr(C)]
pub struct tls_verdict {
    /// Who the peer is: TLS_SERVER (this side is a client) or TLS_CLIENT.
    pub peer: c_int,
    /// The name that the certificate must be for, or NULL where none is checked.
    pub name: *const c_char,
    /// The certificates as they came, leaf first.
    pub chain: *const *const tls_cert,
    /// How many; at least 1.
    pub chain_len: usize,
    /// The path that verified, leaf first, the trusted CA last.
    pub path: *const *const tls_cert,
    /// How many; 0 where the chain was refused, and where any certificate is accepted.
    pub path_len: usize,
    /// The OCSP response that a server stapled, DER, or NULL.
    pub ocsp_response: *const c_void,
    /// Its bytes.
    pub ocsp_response_len: usize,
    /// Why it was refused; number 0: it was accepted.
    pub error: tls_error_info,
}

/// Sets what is called with each verdict on a peer's certificate, whether it was accepted or refused:
/// to pin a key, to look somewhere else, to log. `callback` NULL: none. It gives its word by what it
/// returns,
///
/// TLS_OK: the verdict stands, whatever it is;
/// TLS_WANT_APP: the word will be given later, from any thread, through a reference of its own, taken
/// with tls_pending_ref(pending);
/// anything else: the peer is refused;
///
/// or before it returns, through `pending`: tls_pending_verdict_stands(), tls_pending_refuse_peer(), or
/// tls_pending_danger_accept_peer(), which alone accepts what was refused.
///
/// Without a resumed session it is called in every handshake in which the peer shows a certificate. A
/// session is resumed only under the callback that saw it made: one set anew, or another process,
/// makes a full handshake. It is called by whatever thread drives a connection, also by several at
/// once; it must not call functions on that connection and must return normally (no longjmp, no
/// exception). `release` (may be NULL) is called once with `arg` when neither the context nor any
/// connection needs the callback any more.
///
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error(); `release` is not called then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_verify_callback(
    ctx: *mut tls_ctx,
    callback: Option<
        unsafe extern "C" fn(
            pending: *mut tls_pending,
            verdict: *const tls_verdict,
            arg: *mut c_void,
        ) -> c_int,
    >,
    arg: *mut c_void,
    release: Option<unsafe extern "C" fn(arg: *mut c_void)>,
) -> c_int {
    let setter = |ctx: &Context| {
        let reviewer = reviewer(callback, arg, release)?;
        let adopted = reviewer.clone();
        ctx.set_reviewer(reviewer.map(|r| r as _));
        adopted.iter().for_each(|r| r.adopt());
        Ok(())
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// tls_ctx_set_verify_callback() for this connection alone, whatever context the hello callback chooses: with NULL
/// no callback is asked, also where the chosen context has one. Possible until the first verb, and returns
/// TLS_OK, or TLS_ERR_USAGE with a reason in tls_conn_error().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_set_verify_callback(
    conn: *mut tls_conn,
    callback: Option<
        unsafe extern "C" fn(
            pending: *mut tls_pending,
            verdict: *const tls_verdict,
            arg: *mut c_void,
        ) -> c_int,
    >,
    arg: *mut c_void,
    release: Option<unsafe extern "C" fn(arg: *mut c_void)>,
) -> c_int {
    let setter = |conn: &mut Connection| {
        let reviewer = reviewer(callback, arg, release)?;
        let adopted = reviewer.clone();
        conn.set_reviewer(reviewer.map(|r| r as _))?;
        adopted.iter().for_each(|r| r.adopt());
        Ok(())
    };
    // SAFETY: by the header, NULL or a live connection.
    unsafe { conn_state::set(conn, setter) }
}

/// Answers a verify callback: the verdict stands, whatever it is. Returns as
/// tls_pending_answer_signature().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_pending_verdict_stands(pending: *mut tls_pending) -> c_int {
    // SAFETY: by the header, NULL or a live object.
    unsafe { ruling(pending, || Some(Ruling::Stands)) }
}

/// Answers a verify callback: the peer is refused. The connection fails with
/// TLS_REASON_CERTIFICATE_VERIFY_FAILED and this sentence (`text` may be NULL). `alert` is the number
/// of the alert that the peer is told, -1 for bad_certificate. Returns as
/// tls_pending_answer_signature(), and TLS_ERR_USAGE for the number of no fatal alert.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_pending_refuse_peer(
    pending: *mut tls_pending,
    alert: c_int,
    text: *const c_char,
) -> c_int {
    // SAFETY: by the header, a live object and a string, or NULL.
    unsafe {
        ruling(pending, || {
            let text = args::c_str(text).unwrap_or(c"the application refused the certificate");
            let text = text.to_string_lossy().into_owned();
            let error = Error::with(Reason::CertificateRejected, text);
            Some(Ruling::Refused(match alert {
                -1 => error,
                number => error.and_alert(fatal_alert(number)?),
            }))
        })
    }
}

/// DANGER: answers a verify callback: the peer is accepted though its certificate was refused. Whoever
/// sits between the two sides can show such a certificate: the callback must know this very one (its
/// tls_cert_fingerprint()). tls_conn_verified() stays 0. Returns as tls_pending_answer_signature().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_pending_danger_accept_peer(pending: *mut tls_pending) -> c_int {
    // SAFETY: by the header, NULL or a live object.
    unsafe { ruling(pending, || Some(Ruling::DangerAccepted)) }
}

/// # Safety
/// `pending` is NULL or a live object.
unsafe fn ruling(pending: *mut tls_pending, make: impl FnOnce() -> Option<Ruling>) -> c_int {
    // SAFETY: the caller's promise.
    unsafe {
        answer(pending, Some(AnswerKind::Ruling), || {
            Some(Answer::Ruling(make()?))
        })
    }
}

fn reviewer(
    callback: Option<VerifyFn>,
    arg: *mut c_void,
    release: Option<unsafe extern "C" fn(*mut c_void)>,
) -> args::Result<Option<std::sync::Arc<CallbackReviewer>>> {
    callback
        .map(|callback| CallbackReviewer::new(callback, arg, release).map(std::sync::Arc::new))
        .transpose()
}

/// Who the peer is, as C names it.
pub(crate) const fn peer(purpose: tls_core::cert::Purpose) -> c_int {
    match purpose {
        tls_core::cert::Purpose::Server => TLS_SERVER,
        tls_core::cert::Purpose::Client => TLS_CLIENT,
    }
}
