//! Pre-shared keys (RFC 4279), as OpenSSL's programs look them up: in callbacks that know an identity as a text.

use super::{Question, Role, SSL};
use crate::args::Str;
use crate::ctx::callbacks::current;
use crate::ctx::{SSL_CTX, tell};
use crate::err::{self, Lib, ssl as reason};
use crate::guard::guard;
use crate::native::{Ctx, Pending};
use crate::sys::*;
use core::ffi::{c_char, c_int, c_uchar, c_uint, c_void};
use core::ptr;
use std::ffi::CString;
use zeroize::Zeroizing;

/// A client's key for a server's hint: writes its identity, as a text, and the key; returns the key's length, 0: none.
pub type PskClientFn = unsafe extern "C" fn(
    *mut SSL,
    *const c_char,
    *mut c_char,
    c_uint,
    *mut c_uchar,
    c_uint,
) -> c_uint;
/// A server's key for an identity; 0: there is none.
pub type PskServerFn =
    unsafe extern "C" fn(*mut SSL, *const c_char, *mut c_uchar, c_uint) -> c_uint;

/// PSK_MAX_IDENTITY_LEN, PSK_MAX_PSK_LEN
const MOST_IDENTITY: usize = 256;
const MOST_KEY: usize = 512;

/// Whose key is asked for.
pub(crate) enum Asked {
    /// Of the server that gives this hint.
    Hint(Vec<u8>),
    /// Of the client with this identity.
    Identity(Vec<u8>),
}

fn ask(pending: *mut tls_pending, asked: Asked) -> c_int {
    let Some(ssl) = current() else {
        return TLS_ERR_USAGE;
    };
    // SAFETY: lent for this call; the new reference is ours.
    let Some(pending) = (unsafe { Pending::own(tls_pending_ref(pending)) }) else {
        return TLS_ERR_USAGE;
    };
    ssl.ask(Question::Psk { pending, asked });
    TLS_WANT_APP
}

unsafe extern "C" fn client(
    pending: *mut tls_pending,
    hint: *const u8,
    len: usize,
    _arg: *mut c_void,
) -> c_int {
    // SAFETY: lent for this call, and copied.
    ask(
        pending,
        Asked::Hint(unsafe { crate::args::bytes(hint.cast(), len) }.to_vec()),
    )
}

unsafe extern "C" fn server(
    pending: *mut tls_pending,
    identity: *const u8,
    len: usize,
    _arg: *mut c_void,
) -> c_int {
    // SAFETY: as above.
    ask(
        pending,
        Asked::Identity(unsafe { crate::args::bytes(identity.cast(), len) }.to_vec()),
    )
}

impl SSL {
    /// Whether the program has keys for this role.
    pub(super) fn has_psk(&self) -> bool {
        let settings = self.settings();
        match self.role() {
            Some(Role::Server) => settings.psk_server.is_some(),
            _ => settings.psk_client.is_some(),
        }
    }

    /// Lets libtlscore ask for keys, in a context that is this connection's alone.
    pub(super) fn tell_psk(&self, native: &Ctx) -> bool {
        if !self.has_psk() {
            return true;
        }
        let callbacks = tls_psk_callbacks {
            client: Some(client),
            server: Some(server),
            release: None,
        };
        let hint = self.settings().psk_hint.clone();
        // SAFETY: a live context, functions that need no argument, and readable bytes.
        tell(native.set(|ctx| unsafe { tls_ctx_set_psk_callback(ctx, &raw const callbacks, ptr::null_mut()) }))
            // SAFETY: as above.
            && tell(native.set(|ctx| unsafe { tls_ctx_set_psk_hint(ctx, hint.as_ptr().cast(), hint.len()) }))
    }

    pub(super) fn answer_psk(&self, pending: &Pending, asked: Asked) -> bool {
        let mut key = Zeroizing::new([0_u8; MOST_KEY]);
        let mut identity = [0_u8; MOST_IDENTITY + 1];
        let us = ptr::from_ref(self).cast_mut();
        let (client, server) = {
            let settings = self.settings();
            (settings.psk_client, settings.psk_server)
        };
        let most = MOST_KEY as c_uint;
        let len = match asked {
            Asked::Hint(hint) => {
                let hint = CString::new(hint).unwrap_or_default();
                let hint = match hint.is_empty() {
                    true => ptr::null(),
                    false => hint.as_ptr(),
                };
                let room = MOST_IDENTITY as c_uint;
                let (name, out) = (identity.as_mut_ptr().cast(), key.as_mut_ptr());
                // SAFETY: the program's function, with room for as much as it is told.
                client.map_or(0, |f| unsafe { f(us, hint, name, room, out, most) })
            }
            // OpenSSL knows no identity with a NUL inside.
            Asked::Identity(name) => match CString::new(name) {
                // SAFETY: as above.
                Ok(name) => server.map_or(0, |f| unsafe {
                    f(us, name.as_ptr(), key.as_mut_ptr(), most)
                }),
                Err(_) => 0,
            },
        };
        let key = usize::try_from(len).ok().and_then(|len| key.get(..len));
        let name_len = identity.iter().position(|byte| *byte == 0);
        let client = self.is_client();
        let (Some(key), Some(name_len)) = (key.filter(|key| !key.is_empty()), name_len) else {
            if client {
                err::put(Lib::Ssl, reason::PSK_IDENTITY_NOT_FOUND, "");
            }
            // SAFETY: a live question, which is answered once.
            return unsafe {
                tls_pending_answer_psk(pending.raw(), ptr::null(), 0, ptr::null(), 0) == TLS_OK
            };
        };
        let (name, name_len) = match client {
            true => (identity.as_ptr().cast(), name_len),
            false => (ptr::null(), 0),
        };
        // SAFETY: as above, and readable bytes.
        unsafe {
            tls_pending_answer_psk(
                pending.raw(),
                name,
                name_len,
                key.as_ptr().cast(),
                key.len(),
            ) == TLS_OK
        }
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_set_psk_client_callback(
    ctx: Option<&SSL_CTX>,
    callback: Option<PskClientFn>,
) {
    if let Some(ctx) = ctx {
        ctx.settings().psk_client = callback;
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_psk_client_callback(
    ssl: Option<&SSL>,
    callback: Option<PskClientFn>,
) {
    if let Some(ssl) = ssl {
        ssl.change(|settings| settings.psk_client = callback);
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_set_psk_server_callback(
    ctx: Option<&SSL_CTX>,
    callback: Option<PskServerFn>,
) {
    if let Some(ctx) = ctx {
        ctx.settings().psk_server = callback;
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_psk_server_callback(
    ssl: Option<&SSL>,
    callback: Option<PskServerFn>,
) {
    if let Some(ssl) = ssl {
        ssl.change(|settings| settings.psk_server = callback);
    }
}

/// At most 256 bytes; 0, with an error in the queue, for more.
fn hint(text: Str<'_>) -> Option<Vec<u8>> {
    let hint = text.bytes().unwrap_or_default();
    if hint.len() > MOST_IDENTITY {
        err::put(Lib::Ssl, reason::DATA_LENGTH_TOO_LONG, "");
        return None;
    }
    Some(hint.to_vec())
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_use_psk_identity_hint(
    ctx: Option<&SSL_CTX>,
    text: Str<'_>,
) -> c_int {
    guard(0, || {
        let given = ctx.zip(hint(text));
        given.map_or(0, |(ctx, hint)| {
            ctx.settings().psk_hint = hint;
            1
        })
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_use_psk_identity_hint(ssl: Option<&SSL>, text: Str<'_>) -> c_int {
    guard(0, || {
        let given = ssl.zip(hint(text));
        given.map_or(0, |(ssl, hint)| {
            ssl.change(|settings| settings.psk_hint = hint);
            1
        })
    })
}

/// The identity of the key that is in use, or NULL; it belongs to the SSL's connection.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_psk_identity(ssl: Option<&SSL>) -> *const c_char {
    guard(ptr::null(), || {
        let identity = |ssl: &SSL| {
            // SAFETY: a live connection, which owns its text.
            ssl.look(|conn| unsafe { tls_conn_psk_identity(conn.raw(), ptr::null_mut()) })
        };
        ssl.and_then(identity).unwrap_or(ptr::null())
    })
}
