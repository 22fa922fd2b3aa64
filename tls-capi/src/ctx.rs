//! Contexts: making, sharing, freeing.

use crate::args;
use crate::code::*;
use crate::error::{code, tls_error_info};
use crate::guard::guard;
use crate::handle::{self, Handle};
use core::ffi::c_int;
use tls_std::{Context, Reason, Roles};

/// Configuration of connections: trust, keypairs, policy and lists. Reference-counted, and shared
/// by any number of threads without further locks. Its setters work at any time and affect the
/// connections that are created later: certificates can be reloaded while connections run.
pub struct tls_ctx {
    _private: (),
}

/// Makes a context for the given roles: TLS_CLIENT, TLS_SERVER, or both combined with "|". One
/// context may serve both. NULL only when `roles` is none of these three.
///
/// The defaults are safe: policy "modern", the peer's certificate verified with the server's name
/// against the system's CA certificates (loaded at the first client connection, when no CA was
/// added), server preference, no ALPN, no keypair.
#[unsafe(no_mangle)]
pub extern "C" fn tls_ctx_new(roles: c_int) -> *mut tls_ctx {
    guard(core::ptr::null_mut(), || {
        let roles = match roles {
            TLS_CLIENT => Roles::Client,
            TLS_SERVER => Roles::Server,
            both if both == TLS_CLIENT | TLS_SERVER => Roles::Both,
            _ => return core::ptr::null_mut(),
        };
        handle::shared(Context::new(roles))
    })
}

/// Takes one more reference and returns `ctx`. NULL gives NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_ref(ctx: *mut tls_ctx) -> *mut tls_ctx {
    // SAFETY: by the header, NULL or a live context.
    guard(core::ptr::null_mut(), || unsafe { handle::add_ref(ctx) })
}

/// Another context with the settings that `ctx` has now, to be given back with tls_ctx_free(). It goes its
/// own way from here on: setters of one do not touch the other. Sessions, ticket keys and what is known of
/// certificates are shared, until one of the two is given its own; a key that is added to or removed from
/// those that both have is so for both. For virtual hosts that differ in little, and for settings of one
/// connection (tls_pending_use_ctx()). NULL gives NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_dup(ctx: *const tls_ctx) -> *mut tls_ctx {
    guard(core::ptr::null_mut(), || {
        // SAFETY: by the header, NULL or a live context.
        match unsafe { handle::value(ctx) } {
            Ok(ctx) => handle::shared(ctx.duplicate()),
            Err(_) => core::ptr::null_mut(),
        }
    })
}

/// Gives a reference back; the last one frees the context. Connections keep what they need of it,
/// so it may be freed before them. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_free(ctx: *mut tls_ctx) {
    // SAFETY: by the header, NULL or a live context of which the caller gives a reference up.
    guard((), || unsafe { handle::release(ctx) });
}

/// Copies the last error of a tls_ctx_* setter to `out` (number 0: none failed so far). Where
/// several threads configure one context, this is the last of all.
///
/// Returns TLS_OK, or TLS_ERR_USAGE for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tls_ctx_error(ctx: *const tls_ctx, out: *mut tls_error_info) -> c_int {
    guard(TLS_ERR_PANIC, || {
        // SAFETY: by the header, NULL or a live context.
        let Ok(ctx) = (unsafe { handle::value(ctx) }) else {
            return TLS_ERR_USAGE;
        };
        if out.is_null() {
            return TLS_ERR_USAGE;
        }
        // SAFETY: not NULL, so room for one structure by the header.
        unsafe { out.write(tls_error_info::new(ctx.last_error().as_ref())) };
        TLS_OK
    })
}

impl Handle for tls_ctx {
    type Value = Context;
    const MAGIC: u64 = u64::from_be_bytes(*b"tlsctx\x00\x01");
}

/// Runs a setter: its error stays on the context, and its code is returned.
///
/// # Safety
/// `ctx` is NULL or a live context.
pub(crate) unsafe fn set(
    ctx: *const tls_ctx,
    setter: impl FnOnce(&Context) -> tls_std::Result<()>,
) -> c_int {
    let mut setter = Some(setter);
    // SAFETY: the caller's promise.
    unsafe { set_by(ctx, &mut |ctx| setter.take().map_or(Ok(()), |set| set(ctx))) }
}

/// One function for all setters, which it calls once: a copy for each of them would be longer than most are.
///
/// # Safety
/// As for [`set`].
unsafe fn set_by(
    ctx: *const tls_ctx,
    setter: &mut dyn FnMut(&Context) -> tls_std::Result<()>,
) -> c_int {
    // Passwords and clocks are asked for by callbacks, which may give the last other reference back.
    // SAFETY: the caller's promise.
    let Ok(ctx) = (unsafe { handle::held(ctx) }) else {
        return TLS_ERR_USAGE;
    };
    let result = guard(Err(Reason::Panicked.into()), || setter(&ctx));
    let Err(error) = result else {
        return TLS_OK;
    };
    let code = code(&error);
    guard((), || ctx.set_last_error(error));
    code
}

/// A setting that is 0 or 1.
///
/// # Safety
/// `ctx` is NULL or a live context.
pub(crate) unsafe fn switch(ctx: *mut tls_ctx, on: c_int, set_to: fn(&Context, bool)) -> c_int {
    let setter = |ctx: &Context| {
        set_to(
            ctx,
            match on {
                0 => false,
                1 => true,
                other => return Err(args::bad(format!("{other} is neither 0 nor 1")).into()),
            },
        );
        Ok(())
    };
    // SAFETY: the caller's promise.
    unsafe { set(ctx, setter) }
}
