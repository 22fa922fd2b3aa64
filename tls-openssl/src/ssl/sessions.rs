//! The session of an SSL: what a client offers, and what a handshake has left.

use super::SSL;
use crate::args;
use crate::err::{self, Lib, ssl as reason};
use crate::guard::guard;
use crate::object::{Owned, lend};
use crate::session::SSL_SESSION;
use core::ffi::c_int;

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_session(
    ssl: Option<&SSL>,
    session: Option<&SSL_SESSION>,
) -> c_int {
    guard(0, || {
        ssl.map_or(0, |ssl| {
            if let Some(session) = session {
                ssl.verify_result.set(session.verify_result());
            }
            drop(ssl.session.replace(session.map(Owned::again)));
            1
        })
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_session(ssl: Option<&SSL>) -> *mut SSL_SESSION {
    ssl.map_or(core::ptr::null_mut(), |ssl| {
        lend(ssl.session.borrow().as_ref())
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get1_session(ssl: Option<&SSL>) -> Option<Owned<SSL_SESSION>> {
    ssl.and_then(|ssl| ssl.session.borrow().clone())
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_copy_session_id(to: Option<&SSL>, from: Option<&SSL>) -> c_int {
    let session = tlscore_SSL_get1_session(from);
    tlscore_SSL_set_session(to, session.as_deref())
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SSL_set_session_id_context(
    ssl: Option<&SSL>,
    id: *const core::ffi::c_uchar,
    len: core::ffi::c_uint,
) -> c_int {
    // SAFETY: `len` readable bytes: the manual's promise.
    let id = unsafe { args::bytes(id.cast(), len as usize) };
    if id.len() > 32 {
        err::put(Lib::Ssl, reason::SSL_SESSION_ID_CONTEXT_TOO_LONG, "");
        return 0;
    }
    ssl.map_or(0, |ssl| {
        ssl.change(|settings| settings.session_context = id.to_vec());
        1
    })
}
