//! SSL_*: life, transport, verbs.

use super::{RECEIVED, Role, SENT, SSL, Wanted};
use crate::args::{self, Out, Str, length};
use crate::bio::{BIO, Room, api::room, ctrl, sources};
use crate::ctx::SSL_CTX;
use crate::err::{self, Lib, ssl as reason};
use crate::guard::guard;
use crate::object::{Owned, lend};
use crate::session::SSL_SESSION;
use core::ffi::{c_int, c_void};

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_new(ctx: Option<&SSL_CTX>) -> Option<Owned<SSL>> {
    guard(None, || {
        if ctx.is_none() {
            err::put(Lib::Ssl, reason::NULL_SSL_CTX, "");
        }
        ctx.map(SSL::of)
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_free(ssl: Option<Owned<SSL>>) {
    guard((), || drop(ssl));
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_up_ref(ssl: Option<&SSL>) -> c_int {
    ssl.map_or(0, |ssl| {
        core::mem::forget(Owned::again(ssl));
        1
    })
}

/// Ready for another connection with the same settings; the session stays for a client to offer.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_clear(ssl: Option<&SSL>) -> c_int {
    guard(0, || {
        ssl.map_or(0, |ssl| {
            if ssl.is_established() && ssl.shutdown.replace(0) == 0 {
                // RFC 2246 7.2.1: what was not closed is not resumed.
                ssl.spoil_session();
                *ssl.session.borrow_mut() = None;
            }
            ssl.forget();
            ssl.shutdown.set(0);
            1
        })
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_connect_state(ssl: Option<&SSL>) {
    guard((), || {
        if let Some(ssl) = ssl {
            ssl.set_role(Role::Client);
        }
    });
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_accept_state(ssl: Option<&SSL>) {
    guard((), || {
        if let Some(ssl) = ssl {
            ssl.set_role(Role::Server);
        }
    });
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_is_server(ssl: Option<&SSL>) -> c_int {
    c_int::from(ssl.is_some_and(|ssl| ssl.role() == Some(Role::Server)))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_SSL_CTX(ssl: Option<&SSL>) -> *mut SSL_CTX {
    ssl.map_or(core::ptr::null_mut(), |ssl| ssl.ctx.borrow().pointer())
}

/// Another context: its certificates and its store are used from here on, what was copied by `SSL_new` stays.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_SSL_CTX(
    ssl: Option<&SSL>,
    ctx: Option<&SSL_CTX>,
) -> *mut SSL_CTX {
    guard(core::ptr::null_mut(), || {
        let Some(ssl) = ssl else {
            return core::ptr::null_mut();
        };
        // NULL: back to the context that it was made of.
        let ctx = ctx.map_or_else(|| ssl.session_ctx().clone(), Owned::again);
        let pointer = ctx.pointer();
        let same = |settings: &crate::ctx::Settings| {
            settings.session_context == ssl.session_ctx().settings().session_context
        };
        let context = ctx.settings().session_context.clone();
        let follows = same(&ssl.settings());
        ssl.change(|settings| {
            if follows {
                settings.session_context = context;
            }
        });
        ssl.own.borrow_mut().keys = None;
        *ssl.ctx.borrow_mut() = ctx;
        pointer
    })
}

/// Takes a reference of each BIO, of one that is given twice one reference, as OpenSSL's rules for the references
/// that it has already say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SSL_set_bio(ssl: Option<&SSL>, rbio: *mut BIO, wbio: *mut BIO) {
    guard((), || {
        let Some(ssl) = ssl else { return };
        let (old_r, old_w) = (
            lend(ssl.rbio.borrow().as_ref()),
            lend(ssl.wbio.borrow().as_ref()),
        );
        // SAFETY: BIOs, with as many references as the manual asks for.
        unsafe {
            if rbio == old_r && wbio == old_w {
                return;
            }
            // One reference for both: the second is made here.
            if !rbio.is_null() && rbio == wbio {
                core::mem::forget(rbio.as_ref().map(Owned::again));
            }
            if rbio == old_r {
                ssl.set_wbio(Owned::from_raw(wbio));
            } else if wbio == old_w && (old_r != old_w) {
                ssl.set_rbio(Owned::from_raw(rbio));
            } else {
                let (r, w) = (Owned::from_raw(rbio), Owned::from_raw(wbio));
                ssl.set_bios(r, w);
            }
        }
    });
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set0_rbio(ssl: Option<&SSL>, bio: Option<Owned<BIO>>) {
    guard((), || {
        if let Some(ssl) = ssl {
            ssl.set_rbio(bio);
        }
    });
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set0_wbio(ssl: Option<&SSL>, bio: Option<Owned<BIO>>) {
    guard((), || {
        if let Some(ssl) = ssl {
            ssl.set_wbio(bio);
        }
    });
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_rbio(ssl: Option<&SSL>) -> *mut BIO {
    ssl.map_or(core::ptr::null_mut(), |ssl| {
        lend(ssl.rbio.borrow().as_ref())
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_wbio(ssl: Option<&SSL>) -> *mut BIO {
    ssl.map_or(core::ptr::null_mut(), |ssl| {
        lend(ssl.wbio.borrow().as_ref())
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_fd(ssl: Option<&SSL>, fd: c_int) -> c_int {
    guard(0, || {
        let bio = sources::borrowed_socket(fd);
        ssl.map_or(0, |ssl| {
            ssl.set_bios(bio.clone(), bio);
            1
        })
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_rfd(ssl: Option<&SSL>, fd: c_int) -> c_int {
    guard(0, || {
        ssl.map_or(0, |ssl| {
            ssl.set_rbio(sources::borrowed_socket(fd));
            1
        })
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_wfd(ssl: Option<&SSL>, fd: c_int) -> c_int {
    guard(0, || {
        ssl.map_or(0, |ssl| {
            ssl.set_wbio(sources::borrowed_socket(fd));
            1
        })
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_fd(ssl: Option<&SSL>) -> c_int {
    tlscore_SSL_get_rfd(ssl)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_rfd(ssl: Option<&SSL>) -> c_int {
    descriptor(ssl.and_then(SSL::rbio))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_wfd(ssl: Option<&SSL>) -> c_int {
    descriptor(ssl.and_then(SSL::wbio))
}

/// BIO_TYPE_DESCRIPTOR
const DESCRIPTOR: c_int = 0x100;

/// The descriptor at the end of a chain; -1: it has none.
fn descriptor(bio: Option<Owned<BIO>>) -> c_int {
    let found = crate::bio::chain::tlscore_BIO_find_type(bio.as_deref(), DESCRIPTOR);
    // SAFETY: NULL, or a BIO of the chain, which the SSL holds.
    let fd = unsafe { found.as_ref() }.map_or(-1, |bio| bio.command(ctrl::GET_FD));
    c_int::try_from(fd).unwrap_or(-1)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_connect(ssl: Option<&SSL>) -> c_int {
    shake(ssl, Some(Role::Client))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_accept(ssl: Option<&SSL>) -> c_int {
    shake(ssl, Some(Role::Server))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_do_handshake(ssl: Option<&SSL>) -> c_int {
    shake(ssl, None)
}

fn shake(ssl: Option<&SSL>, role: Option<Role>) -> c_int {
    guard(-1, || {
        let Some(ssl) = ssl else { return -1 };
        if let Some(role) = role.filter(|_| !ssl.has_begun() && !ssl.has_failed()) {
            ssl.role.set(Some(role));
        }
        ssl.handshake()
    })
}

/// `SSL_read` and its kin: into `len` bytes at `out`, by `f`.
///
/// # Safety
/// There is room for `len` bytes.
unsafe fn receive(
    ssl: Option<&SSL>,
    out: *mut c_void,
    len: c_int,
    f: fn(&SSL, Room<'_>) -> c_int,
) -> c_int {
    guard(-1, || {
        let Some(ssl) = ssl else { return -1 };
        if len < 0 {
            err::put(Lib::Ssl, reason::BAD_LENGTH, "");
            return -1;
        }
        // SAFETY: the caller's promise.
        f(ssl, unsafe { room(out, length(len)) })
    })
}

/// The same with sizes.
///
/// # Safety
/// There is room for `len` bytes.
unsafe fn receive_ex(
    ssl: Option<&SSL>,
    out: *mut c_void,
    len: usize,
    read: Out<'_, usize>,
    f: fn(&SSL, Room<'_>) -> c_int,
) -> c_int {
    guard(0, || {
        let Some(ssl) = ssl else { return 0 };
        // SAFETY: the caller's promise.
        let n = f(ssl, unsafe { room(out, len) });
        if n > 0 {
            read.set(length(n));
        }
        c_int::from(n > 0)
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SSL_read(
    ssl: Option<&SSL>,
    out: *mut c_void,
    len: c_int,
) -> c_int {
    // SAFETY: room for `len` bytes: the manual's promise, here and below.
    unsafe { receive(ssl, out, len, SSL::read) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SSL_read_ex(
    ssl: Option<&SSL>,
    out: *mut c_void,
    len: usize,
    read: Out<'_, usize>,
) -> c_int {
    // SAFETY: as above.
    unsafe { receive_ex(ssl, out, len, read, SSL::read) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SSL_peek(
    ssl: Option<&SSL>,
    out: *mut c_void,
    len: c_int,
) -> c_int {
    // SAFETY: as above.
    unsafe { receive(ssl, out, len, SSL::peek) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SSL_peek_ex(
    ssl: Option<&SSL>,
    out: *mut c_void,
    len: usize,
    read: Out<'_, usize>,
) -> c_int {
    // SAFETY: as above.
    unsafe { receive_ex(ssl, out, len, read, SSL::peek) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SSL_write(
    ssl: Option<&SSL>,
    data: *const c_void,
    len: c_int,
) -> c_int {
    guard(-1, || {
        let Some(ssl) = ssl else { return -1 };
        if len < 0 {
            err::put(Lib::Ssl, reason::BAD_LENGTH, "");
            return -1;
        }
        // SAFETY: `len` readable bytes: the manual's promise.
        ssl.write(unsafe { args::bytes(data, length(len)) })
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SSL_write_ex(
    ssl: Option<&SSL>,
    data: *const c_void,
    len: usize,
    written: Out<'_, usize>,
) -> c_int {
    guard(0, || {
        let Some(ssl) = ssl else { return 0 };
        // SAFETY: `len` readable bytes: the manual's promise.
        let n = ssl.write(unsafe { args::bytes(data, len) });
        if n > 0 {
            written.set(length(n));
        }
        c_int::from(n > 0 || n == 0 && len == 0)
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_shutdown(ssl: Option<&SSL>) -> c_int {
    guard(-1, || ssl.map_or(-1, SSL::shutdown))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_shutdown(ssl: Option<&SSL>, flags: c_int) {
    if let Some(ssl) = ssl {
        ssl.shutdown.set(flags & (SENT | RECEIVED));
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_shutdown(ssl: Option<&SSL>) -> c_int {
    ssl.map_or(0, |ssl| ssl.shutdown.get())
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_quiet_shutdown(ssl: Option<&SSL>, quiet: c_int) {
    if let Some(ssl) = ssl {
        ssl.change(|settings| settings.quiet_shutdown = quiet != 0);
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_quiet_shutdown(ssl: Option<&SSL>) -> c_int {
    ssl.map_or(0, |ssl| c_int::from(ssl.settings().quiet_shutdown))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_error(ssl: Option<&SSL>, result: c_int) -> c_int {
    guard(1, || ssl.map_or(1, |ssl| ssl.error(result)))
}

/// SSL_NOTHING 1, SSL_WRITING 2, SSL_READING 3, SSL_X509_LOOKUP 4, SSL_CLIENT_HELLO_CB 7
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_want(ssl: Option<&SSL>) -> c_int {
    ssl.map_or(1, |ssl| match ssl.wanted() {
        Wanted::Nothing => 1,
        Wanted::Writing => 2,
        Wanted::Reading => 3,
        Wanted::Program(4) => 4,
        Wanted::Program(_) => 7,
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_pending(ssl: Option<&SSL>) -> c_int {
    guard(0, || ssl.map_or(0, |ssl| args::count(ssl.pending())))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_has_pending(ssl: Option<&SSL>) -> c_int {
    guard(0, || c_int::from(ssl.is_some_and(SSL::has_pending)))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_renegotiate(ssl: Option<&SSL>) -> c_int {
    guard(0, || ssl.map_or(0, SSL::renegotiate))
}

/// As `SSL_renegotiate`: libtlscore decides whether a session is resumed.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_renegotiate_abbreviated(ssl: Option<&SSL>) -> c_int {
    tlscore_SSL_renegotiate(ssl)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_session(
    ssl: Option<&SSL>,
    session: Option<&SSL_SESSION>,
) -> c_int {
    guard(0, || {
        ssl.map_or(0, |ssl| {
            *ssl.session.borrow_mut() = session.map(Owned::again);
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

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_cipher_list(ssl: Option<&SSL>, list: Str<'_>) -> c_int {
    guard(0, || {
        let Some((ssl, list)) = ssl.zip(list.c_str()) else {
            return 0;
        };
        c_int::from(ssl.set_ciphers(list))
    })
}

/// Knows the names of TLS 1.3; there is nothing to choose.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_ciphersuites(ssl: Option<&SSL>, list: Str<'_>) -> c_int {
    c_int::from(ssl.is_some() && list.bytes().is_some_and(crate::cipher::are_tls13))
}

/// 0 where it is set: as in OpenSSL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SSL_set_alpn_protos(
    ssl: Option<&SSL>,
    wire: *const core::ffi::c_uchar,
    len: core::ffi::c_uint,
) -> c_int {
    guard(1, || {
        // SAFETY: `len` readable bytes: the manual's promise.
        let wire = unsafe { args::bytes(wire.cast(), len as usize) };
        let Some(ssl) = ssl.filter(|_| super::facts::are_names(wire)) else {
            return 1;
        };
        ssl.own.borrow_mut().alpn = Some(wire.to_vec());
        0
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_ex_data(
    ssl: Option<&SSL>,
    index: c_int,
    data: *mut c_void,
) -> c_int {
    c_int::from(ssl.is_some_and(|ssl| ssl.ex_data.set(index, data)))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_ex_data(ssl: Option<&SSL>, index: c_int) -> *mut c_void {
    ssl.map_or(core::ptr::null_mut(), |ssl| ssl.ex_data.get(index))
}
