//! Contexts: the keys that seal tickets, and sessions for stores outside.

use crate::args;
use crate::callback_store::CallbackTicketKeys;
use crate::ctx::{set, tls_ctx};
use core::ffi::{c_char, c_int, c_void};
use std::sync::Arc;
use tls_std::Context;

/// The ticket keys in a file, in place of all others, also for connections that exist. Two forms are
/// known: one raw key of 48 or 80 bytes (nginx), or lines of such keys in base64, at least three, all
/// of one length, of which the last but one encrypts and the last three decrypt (haproxy). 48 bytes
/// are AES-128, 80 bytes AES-256, with HMAC-SHA256. For hosts that share their tickets.
///
/// By default a context has random keys of its own and makes another one every 12 hours.
///
/// Returns TLS_OK, or TLS_ERR_USAGE with a reason in tls_ctx_error() that names the file and the
/// place in it; then nothing was changed. This holds for all functions here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_ticket_keys_file(
    ctx: *mut tls_ctx,
    path: *const c_char,
) -> c_int {
    // SAFETY: by the header, a live context and readable arguments, or NULL.
    unsafe {
        set(ctx, |ctx| {
            ctx.set_ticket_keys_file(args::path("path", path)?)
        })
    }
}

/// tls_ctx_set_ticket_keys_file() from memory. The caller may wipe `keys` afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_ticket_keys_mem(
    ctx: *mut tls_ctx,
    keys: *const c_void,
    len: usize,
) -> c_int {
    let setter = |ctx: &Context| {
        // SAFETY: by the header, so many readable bytes, or NULL.
        ctx.set_ticket_keys_mem(unsafe { args::bytes("keys", keys, len)? })
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// Adds one raw key of 48 or 80 bytes, also for connections that exist: it encrypts for `encrypt`
/// seconds from now on, in place of older keys, and decrypts for `decrypt` seconds more. With
/// `encrypt` 0 it only decrypts: hand a new key to all hosts that way before any of them encrypts
/// with it. Tickets under older keys still open, and are renewed. A key with the same name (its first
/// 16 bytes) is replaced; of more than 64 keys the oldest goes. With the first key that encrypts, the
/// context makes no random keys any more: behind the last window no ticket is given out.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_add_ticket_key_mem(
    ctx: *mut tls_ctx,
    key: *const c_void,
    len: usize,
    encrypt: u64,
    decrypt: u64,
) -> c_int {
    let setter = |ctx: &Context| {
        // SAFETY: by the header, so many readable bytes, or NULL.
        ctx.add_ticket_key_mem(unsafe { args::bytes("key", key, len)? }, encrypt, decrypt)
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// tls_ctx_add_ticket_key_mem() from a file.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_add_ticket_key_file(
    ctx: *mut tls_ctx,
    path: *const c_char,
    encrypt: u64,
    decrypt: u64,
) -> c_int {
    let setter = |ctx: &Context| {
        // SAFETY: by the header, a path or NULL.
        ctx.add_ticket_key_file(unsafe { args::path("path", path)? }, encrypt, decrypt)
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// Removes the ticket key with this name (its first 16 bytes), also for connections that exist: its
/// tickets no longer open.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_remove_ticket_key(
    ctx: *mut tls_ctx,
    name: *const u8,
    len: usize,
) -> c_int {
    let setter = |ctx: &Context| {
        // SAFETY: by the header, so many readable bytes, or NULL.
        let name = unsafe { args::bytes("name", name.cast(), len)? };
        let name = name
            .try_into()
            .map_err(|_| args::bad("a ticket key's name has 16 bytes"))?;
        ctx.remove_ticket_key(name)
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// Derives the ticket keys from a master secret, random and at least 32 bytes long, and the time:
/// another key for each `epoch` seconds since 1970. Hosts with the same secret and epochs open each
/// other's tickets and need no coordination. A key opens tickets for as long as they live, but no
/// longer than 32 epochs; one hour (3600) is a good epoch.
///
/// The key of epoch n is AES-256-GCM with name (16 bytes) and key (32 bytes) of P_SHA256(secret,
/// "tlscore ticket key" || n) (RFC 5246 §5), n as 8 bytes in network order.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_ticket_master(
    ctx: *mut tls_ctx,
    secret: *const c_void,
    len: usize,
    epoch: u32,
) -> c_int {
    let setter = |ctx: &Context| {
        // SAFETY: by the header, so many readable bytes, or NULL.
        ctx.set_ticket_master(unsafe { args::bytes("secret", secret, len)? }, epoch)
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}

/// Asks `key` for the ticket keys, as OpenSSL's ticket key callback does. `name` NULL: the key to
/// encrypt with; otherwise 16 bytes, the name of the key to decrypt with. The callback writes the raw
/// key, which begins with its name, to `out` (room for 80 bytes) and returns its length, 48 or 80; or
/// 0: there is none, so that no ticket is given out, or the handshake is a full one. Where the key is
/// being replaced it sets `*renew` to 1: the client then gets a new ticket. `out` is wiped after use.
///
/// It is called by whatever thread drives a connection of the context, also by several at once, in
/// the middle of handshakes: it must not wait, must not call functions on that connection, and must
/// return normally. `release` (may be NULL) is called once with `arg` when neither the context nor any
/// connection needs the callback any more; not where this function fails.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_set_ticket_key_callback(
    ctx: *mut tls_ctx,
    key: Option<
        unsafe extern "C" fn(
            name: *const u8,
            out: *mut u8,
            renew: *mut c_int,
            arg: *mut c_void,
        ) -> c_int,
    >,
    arg: *mut c_void,
    release: Option<unsafe extern "C" fn(arg: *mut c_void)>,
) -> c_int {
    let setter = |ctx: &Context| {
        ctx.set_ticket_sealer(Arc::new(CallbackTicketKeys::new(key, arg, release)?));
        Ok(())
    };
    // SAFETY: by the header, NULL or a live context.
    unsafe { set(ctx, setter) }
}
