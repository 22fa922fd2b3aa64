//! What a handshake has brought.

use super::SSL;
use crate::args::{self, Out};
use crate::cipher::SSL_CIPHER;
use crate::ctx::TLS12;
use crate::guard::guard;
use crate::object::{Owned, lend};
use crate::stack::X509_STACK;
use crate::sys::*;
use crate::x509::{X509, X509_NAME};
use core::ffi::{CStr, c_char, c_int, c_long, c_uchar, c_uint};

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_version(_ssl: Option<&SSL>) -> *const c_char {
    c"TLSv1.2".as_ptr()
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_version(_ssl: Option<&SSL>) -> c_int {
    TLS12
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_client_version(_ssl: Option<&SSL>) -> c_int {
    TLS12
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_is_dtls(_ssl: Option<&SSL>) -> c_int {
    0
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_current_cipher(ssl: Option<&SSL>) -> *const SSL_CIPHER {
    let id = ssl.and_then(|ssl| ssl.look(|conn| conn.ask(tls_conn_cipher_id)));
    let cipher = id.and_then(|id| SSL_CIPHER::by_id(u16::try_from(id).ok()?));
    cipher.map_or(core::ptr::null(), core::ptr::from_ref)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_session_reused(ssl: Option<&SSL>) -> c_int {
    ssl.and_then(|ssl| ssl.look(|conn| conn.ask(tls_conn_resumed)))
        .unwrap_or(0)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_verify_result(ssl: Option<&SSL>) -> c_long {
    ssl.map_or(1, |ssl| ssl.verify_result.get())
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_verify_result(ssl: Option<&SSL>, result: c_long) {
    if let Some(ssl) = ssl {
        ssl.verify_result.set(result);
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get0_peer_certificate(ssl: Option<&SSL>) -> *mut X509 {
    ssl.map_or(core::ptr::null_mut(), |ssl| {
        lend(ssl.peer.borrow().leaf.as_ref())
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get1_peer_certificate(ssl: Option<&SSL>) -> Option<Owned<X509>> {
    ssl.and_then(|ssl| ssl.peer.borrow().leaf.clone())
}

/// The chain as the peer sent it: with its leaf on clients, without on servers. It belongs to the SSL.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_peer_cert_chain(ssl: Option<&SSL>) -> *mut X509_STACK {
    ssl.map_or(core::ptr::null_mut(), |ssl| {
        lend(ssl.peer.borrow().chain.as_ref())
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get0_verified_chain(ssl: Option<&SSL>) -> *mut X509_STACK {
    ssl.map_or(core::ptr::null_mut(), |ssl| {
        lend(ssl.peer.borrow().verified.as_ref())
    })
}

impl SSL {
    /// The names of CAs that the server sent to this client; `None`: it did not ask for a certificate.
    pub(crate) fn sent_authorities(&self) -> Option<Vec<Owned<X509_NAME>>> {
        self.look(|conn| {
            if conn.ask(tls_conn_cert_requested) != 1 {
                return None;
            }
            let name = |at: usize| {
                // SAFETY: a live connection; without room it says how much it wants.
                let len = unsafe { tls_conn_client_ca(conn.raw(), at, core::ptr::null_mut(), 0) };
                let mut der = vec![0_u8; usize::try_from(len).ok()?];
                // SAFETY: a live connection, and as much room.
                unsafe { tls_conn_client_ca(conn.raw(), at, der.as_mut_ptr().cast(), der.len()) };
                Some(X509_NAME::new(&der, None))
            };
            let all = 0..conn.ask(tls_conn_client_ca_count);
            Some(all.filter_map(name).collect())
        })?
    }
}

/// The host name that the client asks for; `kind` 0 is the only one there is.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_servername(ssl: Option<&SSL>, kind: c_int) -> *const c_char {
    guard(core::ptr::null(), || {
        let Some(ssl) = ssl.filter(|_| kind == 0) else {
            return core::ptr::null();
        };
        let asked = ssl.hello.borrow().as_ref().map(|hello| {
            hello
                .name
                .as_deref()
                .map_or(core::ptr::null(), CStr::as_ptr)
        });
        let own = || {
            ssl.own
                .borrow()
                .host
                .as_deref()
                .map_or(core::ptr::null(), CStr::as_ptr)
        };
        // SAFETY: a live connection, which owns its text.
        let known = || ssl.look(|conn| unsafe { tls_conn_server_name(conn.raw()) });
        asked
            .or_else(|| known().filter(|name| !name.is_null()))
            .unwrap_or_else(own)
    })
}

/// 0 where there is a host name, -1 where there is none.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_servername_type(ssl: Option<&SSL>) -> c_int {
    if tlscore_SSL_get_servername(ssl, 0).is_null() {
        -1
    } else {
        0
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get0_alpn_selected(
    ssl: Option<&SSL>,
    name: Out<'_, *const c_uchar>,
    len: Out<'_, c_uint>,
) {
    let mut n = 0;
    // SAFETY: a live connection, which owns its text.
    let chosen =
        ssl.and_then(|ssl| ssl.look(|conn| unsafe { tls_conn_alpn(conn.raw(), &raw mut n) }));
    let chosen = chosen.unwrap_or(core::ptr::null());
    name.set(chosen.cast());
    len.set(if chosen.is_null() { 0 } else { n as c_uint });
}

/// Chooses a protocol of the server's list that the client's has, too: 1 (OPENSSL_NPN_NEGOTIATED); without one the
/// client's first, and 2 (OPENSSL_NPN_NO_OVERLAP).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SSL_select_next_proto(
    out: *mut *mut c_uchar,
    out_len: *mut c_uchar,
    server: *const c_uchar,
    server_len: c_uint,
    client: *const c_uchar,
    client_len: c_uint,
) -> c_int {
    // SAFETY: readable bytes: the manual's promise.
    let (server, client) = unsafe {
        (
            args::bytes(server.cast(), server_len as usize),
            args::bytes(client.cast(), client_len as usize),
        )
    };
    let both = names(server).find(|name| names(client).any(|other| other == *name));
    let chosen = both.or_else(|| names(client).next()).unwrap_or_default();
    // SAFETY: places for the answer: the manual's promise.
    unsafe {
        out.write(chosen.as_ptr().cast_mut());
        out_len.write(chosen.len() as c_uchar);
    }
    if both.is_some() { 1 } else { 2 }
}

/// Whether it is a list of names in the form of the wire, with nothing behind.
pub(super) fn are_names(wire: &[u8]) -> bool {
    names(wire).map(|name| name.len() + 1).sum::<usize>() == wire.len()
}

/// The names of a list in the form of the wire; it ends at what is broken.
fn names(mut wire: &[u8]) -> impl Iterator<Item = &[u8]> {
    core::iter::from_fn(move || {
        let (len, rest) = wire.split_first()?;
        let (name, rest) = rest.split_at_checked(usize::from(*len))?;
        wire = rest;
        (!name.is_empty()).then_some(name)
    })
}

/// RFC 5705; 1 where it worked, -1 before the handshake is complete.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SSL_export_keying_material(
    ssl: Option<&SSL>,
    out: *mut c_uchar,
    out_len: usize,
    label: *const c_char,
    label_len: usize,
    context: *const c_uchar,
    context_len: usize,
    use_context: c_int,
) -> c_int {
    guard(0, || {
        if !ssl.is_some_and(SSL::is_established) {
            return -1;
        }
        let context = if use_context == 0 {
            core::ptr::null()
        } else {
            context
        };
        let context_len = if use_context == 0 { 0 } else { context_len };
        let empty = use_context != 0 && context.is_null();
        let context = if empty { c"".as_ptr().cast() } else { context };
        // SAFETY: a live connection, readable bytes and room: the manual's promise.
        let code = ssl.and_then(|ssl| {
            // SAFETY: as the comment above says.
            ssl.look(|conn| unsafe {
                tls_conn_export(
                    conn.raw(),
                    label,
                    label_len,
                    context.cast(),
                    context_len,
                    out.cast(),
                    out_len,
                )
            })
        });
        c_int::from(code == Some(TLS_OK))
    })
}

/// No compression, ever.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_current_compression(
    _ssl: Option<&SSL>,
) -> *const core::ffi::c_void {
    core::ptr::null()
}
