//! Contexts: pre-shared keys.

use crate::args;
use crate::callback_psk::CallbackPsk;
use crate::ctx::{set, tls_ctx};
use crate::pending::tls_pending;
use core::ffi::{c_int, c_void};
use std::sync::Arc;
use tls_std::Context;

/// One pre-shared key (RFC 4279) and what it is called: a client shows this identity, a server knows
/// no other. It takes the place of all earlier keys. At most 1024 bytes of identity, which travels in
/// the clear and should be UTF-8; 1 to 1024 bytes of key: random bytes, never a password.
///
/// Without a key no PSK suite is offered or chosen. With one, certificates still come first where both
/// sides have them; tls_ctx_set_cipher_list(ctx, "aPSK") leaves no certificates. A client that offers
/// suites without certificates alone needs no server name, and such a server no keypair.
/// tls_conn_verified() is about certificates: tls_conn_psk_identity() tells of the key. A session that was
/// made with a key ends with it: a server that has no such key any more, or another one under the same
/// identity, makes a full handshake.
///
/// Like every setter here: returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_psk(
    ctx: *mut tls_ctx,
    identity: *const c_void,
    identity_len: usize,
    key: *const c_void,
    key_len: usize,
) -> c_int {
    let setter = |ctx: &Context| {
        // SAFETY: by the header, so many readable bytes, or NULL.
        let identity = unsafe { args::bytes("identity", identity, identity_len)? };
        // SAFETY: as above.
        ctx.set_psk(identity, unsafe { args::bytes("key", key, key_len)? })
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// Where a program looks up pre-shared keys.
///
/// Callbacks are called by whatever thread drives a connection of the context, also by several at
/// once, in the middle of handshakes. They must not call functions on that connection, and must return
/// normally (no longjmp, no exception). Pointers are borrowed for the call. The answer is given through
/// `pending`, with tls_pending_answer_psk(). They return
///
/// TLS_OK: the answer was given during this call, or there is no key;
/// TLS_WANT_APP: it will be given later, from any thread, through a reference of its own, taken with
/// tls_pending_ref(pending); the connection says TLS_WANT_APP meanwhile;
/// anything else: there is no key.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct tls_psk_callbacks {
    /// A client's key for a server with this identity hint, which is empty where the server gives
    /// none. Without a key the handshake fails (TLS_REASON_PSK_IDENTITY_NOT_FOUND). NULL where the
    /// context has no clients.
    pub client: Option<
        unsafe extern "C" fn(
            pending: *mut tls_pending,
            hint: *const u8,
            hint_len: usize,
            arg: *mut c_void,
        ) -> c_int,
    >,
    /// A server's key for this identity, which has at most 1024 bytes of any value. Without a key the
    /// handshake goes on and fails as it does with a wrong key: nobody learns which identities exist.
    /// Also called before a session is resumed that was made with a key: it is where the key is the same.
    /// NULL where the context has no servers.
    pub server: Option<
        unsafe extern "C" fn(
            pending: *mut tls_pending,
            identity: *const u8,
            identity_len: usize,
            arg: *mut c_void,
        ) -> c_int,
    >,
    /// Called once with `arg` when neither the context nor any connection needs the callbacks any
    /// more, from whatever thread gave the last reference back. May be NULL.
    pub release: Option<unsafe extern "C" fn(arg: *mut c_void)>,
}

/// Pre-shared keys that the program looks up, in place of all earlier ones. `callbacks` is copied;
/// `arg` is handed to each. NULL: no pre-shared keys any more. Where it fails nothing was changed and
/// `release` is not called.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_psk_callback(
    ctx: *mut tls_ctx,
    callbacks: *const tls_psk_callbacks,
    arg: *mut c_void,
) -> c_int {
    let setter = |ctx: &Context| {
        // SAFETY: by the header, a readable structure or NULL.
        match unsafe { callbacks.as_ref() } {
            Some(callbacks) => {
                ctx.set_psk_keys(Some(Arc::new(CallbackPsk::new(*callbacks, arg)?)));
            }
            None => ctx.set_psk_keys(None),
        }
        Ok(())
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// What a server tells its clients, so that they find their key (RFC 4279 5.2): at most 1024 bytes;
/// none, the default: nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_psk_hint(
    ctx: *mut tls_ctx,
    hint: *const c_void,
    len: usize,
) -> c_int {
    let setter = |ctx: &Context| {
        // SAFETY: by the header, so many readable bytes, or NULL.
        ctx.set_psk_hint(unsafe { args::bytes("hint", hint, len)? })
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}
