//! Sessions of clients.

use crate::args;
use crate::code::{TLS_ERR_USAGE, TLS_OK};
use crate::conn::tls_conn;
use crate::conn_state::{c_string, look as look_at_conn, pointer, set};
use crate::error::{code, tls_error_info};
use crate::guard::guard;
use crate::handle::{self, Handle};
use core::ffi::{c_char, c_int, c_void};
use std::ffi::CString;
use std::sync::{Arc, OnceLock};
use tls_std::{ClientSession, Connection, Error, Reason};

/// A client's session: what a later connection resumes. Immutable, reference-counted, shared by any
/// number of threads. It belongs to the names that were sent and verified, the policy, what was
/// trusted and how it was verified: a connection for which any of these differs makes a full
/// handshake.
pub struct tls_session {
    _private: (),
}

/// The session that a client can offer next time, with a reference of its own, to be given back with
/// tls_session_free(). NULL on servers, before the handshake is complete, and where the server keeps
/// none.
///
/// A client context keeps a session for each host by itself (tls_ctx_set_client_session_cache());
/// this is for programs that keep sessions longer than their contexts.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_session(conn: *const tls_conn) -> *mut tls_session {
    // SAFETY: by the header, NULL or a live connection.
    unsafe {
        look_at_conn(conn, core::ptr::null_mut(), |conn| {
            let session = conn.look(|c| c.session().cloned()).flatten();
            session.map_or(core::ptr::null_mut(), shared)
        })
    }
}

/// A client offers this session, in place of what its context's cache has for this host (NULL: that,
/// as by default). One that does not fit, or that the server does not know any more, means a full
/// handshake, never an error.
///
/// Possible until the first verb, and between handshakes for the tls_renegotiate() that comes next (without,
/// or with NULL, that is a full one). Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_conn_error():
/// TLS_REASON_WRONG_ORDER inside of a handshake, TLS_REASON_WRONG_ROLE on servers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_set_session(
    conn: *mut tls_conn,
    session: *const tls_session,
) -> c_int {
    let setter = |conn: &mut Connection| {
        let session = match session.is_null() {
            true => None,
            // SAFETY: by the header, a live session.
            false => Some(unsafe { handle::value(session) }.map_err(|_| args::bad("session"))?),
        };
        conn.set_session(session.map(|s| s.session.clone()))
    };
    // SAFETY: by the header, NULL or a live connection.
    unsafe { set(conn, setter) }
}

/// 1 when the handshake resumed a session, on either side. What the full handshake learned (the
/// peer's certificates, whether they were verified) holds here too.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_conn_resumed(conn: *const tls_conn) -> c_int {
    // SAFETY: by the header, NULL or a live connection.
    unsafe {
        look_at_conn(conn, 0, |conn| {
            conn.look(|c| c_int::from(c.facts().resumed)).unwrap_or(0)
        })
    }
}

/// Takes one more reference and returns `session`. NULL gives NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_session_ref(session: *const tls_session) -> *mut tls_session {
    // SAFETY: by the header, NULL or a live session.
    guard(core::ptr::null_mut(), || unsafe {
        handle::add_ref(session)
    })
}

/// Gives a reference back; the last one wipes the session. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_session_free(session: *mut tls_session) {
    // SAFETY: by the header, NULL or a live session of which the caller gives a reference up.
    guard((), || unsafe { handle::release(session) });
}

/// Writes the session to `out` and returns how many bytes it is: opaque, versioned, to be read by
/// tls_session_import() alone. `out` NULL with `len` 0: how many bytes it would be (some hundred, and
/// the server's certificates).
///
/// It holds the master secret in the clear: whoever reads it can read the recorded connections of
/// this session, and pass for the server to this client. Keep it as you keep a private key, and wipe
/// `out` after use.
///
/// Returns TLS_ERR_USAGE when an argument is NULL or `len` is too small; then nothing was written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_session_export(
    session: *const tls_session,
    out: *mut c_void,
    len: usize,
) -> isize {
    let usage = TLS_ERR_USAGE as isize;
    // SAFETY: by the header, NULL or a live session, and room for so many bytes.
    unsafe {
        look(session, usage, |session| {
            let blob = session.session.export();
            let Ok(room) = args::room("out", out, len) else {
                return usage;
            };
            // A blob is far smaller than isize::MAX.
            let needed = blob.len() as isize;
            if out.is_null() {
                return needed;
            }
            let Some(room) = room.get_mut(..blob.len()) else {
                return usage;
            };
            room.write_copy_of_slice(&blob);
            needed
        })
    }
}

/// Reads what tls_session_export() wrote, also in another process, and puts the session into `*out`,
/// to be given back with tls_session_free(). Nothing in it is believed that does not fit the
/// connection that offers it.
///
/// Returns TLS_OK; or TLS_ERR_USAGE, with the reason in `*error` where that is not NULL: the bytes
/// are no session, or one of another version of the library (TLS_REASON_BAD_SESSION).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_session_import(
    blob: *const c_void,
    len: usize,
    out: *mut *mut tls_session,
    error: *mut tls_error_info,
) -> c_int {
    let import = || -> Result<(), Error> {
        if out.is_null() {
            return Err(args::null("out").into());
        }
        // SAFETY: by the header, so many readable bytes, or NULL.
        let bytes = unsafe { args::bytes("blob", blob, len)? };
        let session = Arc::new(ClientSession::import(bytes)?);
        // SAFETY: not NULL, so room for one pointer by the header.
        unsafe { out.write(shared(session)) };
        Ok(())
    };
    let result = guard(Err(Reason::Panicked.into()), import);
    let Err(why) = result else {
        return TLS_OK;
    };
    guard((), || {
        if !error.is_null() {
            // SAFETY: not NULL, so room for one structure by the header.
            unsafe { error.write(tls_error_info::new(Some(&why))) };
        }
    });
    code(&why)
}

/// When the session, or its last renewal, was made: seconds since 1970, by the clock of this side.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_session_issued(session: *const tls_session) -> i64 {
    // SAFETY: by the header, NULL or a live session.
    unsafe {
        look(session, 0, |s| {
            i64::try_from(s.session.issued()).unwrap_or(i64::MAX)
        })
    }
}

/// For how many seconds from tls_session_issued() on the session may be used.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_session_lifetime(session: *const tls_session) -> u32 {
    // SAFETY: by the header, NULL or a live session.
    unsafe { look(session, 0, |s| s.session.lifetime()) }
}

/// 1 when the server gave a ticket (RFC 5077); otherwise it keeps the session under its ID.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_session_has_ticket(session: *const tls_session) -> c_int {
    // SAFETY: by the header, NULL or a live session.
    unsafe { look(session, 0, |s| c_int::from(s.session.has_ticket())) }
}

/// The session ID that the server gave, `*len` bytes (`len` may be NULL); it belongs to the session.
/// NULL when the server gave a ticket instead.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_session_id(session: *const tls_session, len: *mut usize) -> *const u8 {
    // SAFETY: by the header, NULL or a live session, and room for a length or NULL.
    unsafe {
        look(session, core::ptr::null(), |s| {
            let id = s.session.id();
            if id.is_empty() {
                return core::ptr::null();
            }
            if let Some(len) = len.as_mut() {
                *len = id.len();
            }
            id.as_ptr()
        })
    }
}

/// The host name that was sent, or NULL; it belongs to the session.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_session_server_name(session: *const tls_session) -> *const c_char {
    // SAFETY: by the header, NULL or a live session.
    unsafe {
        look(session, core::ptr::null(), |s| {
            let name = s.session.server_name();
            let name = name.map(|n| s.name.get_or_init(|| c_string(n.as_bytes())));
            pointer(name.map(CString::as_c_str))
        })
    }
}

/// The suite of the session under OpenSSL's name; it belongs to the session.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_session_cipher(session: *const tls_session) -> *const c_char {
    // SAFETY: by the header, NULL or a live session.
    unsafe {
        look(session, core::ptr::null(), |s| {
            let suite = s.session.suite().openssl_name;
            s.cipher.get_or_init(|| c_string(suite.as_bytes())).as_ptr()
        })
    }
}

/// What is behind a `tls_session`.
pub(crate) struct Session {
    session: Arc<ClientSession>,
    name: OnceLock<CString>,
    cipher: OnceLock<CString>,
}

impl Handle for tls_session {
    type Value = Session;
    const MAGIC: u64 = u64::from_be_bytes(*b"tlssess\x01");
}

fn shared(session: Arc<ClientSession>) -> *mut tls_session {
    handle::shared(Session {
        session,
        name: OnceLock::new(),
        cipher: OnceLock::new(),
    })
}

/// Reads a session; `default` when there is none.
///
/// # Safety
/// `session` is NULL or a live session.
unsafe fn look<T>(session: *const tls_session, default: T, f: impl FnOnce(&Session) -> T) -> T {
    // SAFETY: the caller's promise.
    match unsafe { handle::value(session) } {
        Ok(session) => guard(None, || Some(f(session))).unwrap_or(default),
        Err(_) => default,
    }
}
