//! `SSL_CTX_ctrl`, which most of OpenSSL's macros become.

use super::chain::Chain;
use super::*;
use crate::guard::guard;
use crate::ssl::status;
use crate::stack::OPENSSL_STACK;
use crate::x509::{X509, cert};

/// SSL_CTRL_* that contexts and connections know.
pub(crate) mod cmd {
    use core::ffi::c_int;
    pub(crate) const EXTRA_CHAIN_CERT: c_int = 14;
    pub(crate) const SET_MSG_CALLBACK_ARG: c_int = 16;
    pub(crate) const SESS_NUMBER: c_int = 20;
    pub(crate) const SESS_CONNECT: c_int = 21;
    pub(crate) const SESS_CONNECT_GOOD: c_int = 22;
    pub(crate) const SESS_ACCEPT: c_int = 24;
    pub(crate) const SESS_ACCEPT_GOOD: c_int = 25;
    pub(crate) const SESS_HIT: c_int = 27;
    pub(crate) const SESS_CACHE_FULL: c_int = 31;
    pub(crate) const MODE: c_int = 33;
    pub(crate) const GET_READ_AHEAD: c_int = 40;
    pub(crate) const SET_READ_AHEAD: c_int = 41;
    pub(crate) const SET_SESS_CACHE_SIZE: c_int = 42;
    pub(crate) const GET_SESS_CACHE_SIZE: c_int = 43;
    pub(crate) const SET_SESS_CACHE_MODE: c_int = 44;
    pub(crate) const GET_SESS_CACHE_MODE: c_int = 45;
    pub(crate) const GET_MAX_CERT_LIST: c_int = 50;
    pub(crate) const SET_MAX_CERT_LIST: c_int = 51;
    pub(crate) const SET_MAX_SEND_FRAGMENT: c_int = 52;
    pub(crate) const SET_SERVERNAME_CB: c_int = 53;
    pub(crate) const SET_SERVERNAME_ARG: c_int = 54;
    pub(crate) const SET_HOSTNAME: c_int = 55;
    pub(crate) const GET_RI_SUPPORT: c_int = 76;
    pub(crate) const CLEAR_MODE: c_int = 78;
    pub(crate) const GET_EXTRA_CHAIN_CERTS: c_int = 82;
    pub(crate) const CLEAR_EXTRA_CHAIN_CERTS: c_int = 83;
    pub(crate) const CHAIN: c_int = 88;
    pub(crate) const CHAIN_CERT: c_int = 89;
    pub(crate) const SET_GROUPS_LIST: c_int = 92;
    pub(crate) const SET_SIGALGS_LIST: c_int = 98;
    pub(crate) const GET_CHAIN_CERTS: c_int = 115;
    pub(crate) const SET_DH_AUTO: c_int = 118;
    pub(crate) const GET_EXTMS_SUPPORT: c_int = 122;
    pub(crate) const GET_PEER_TMP_KEY: c_int = 109;
    pub(crate) const SET_MIN_PROTO: c_int = 123;
    pub(crate) const SET_MAX_PROTO: c_int = 124;
    pub(crate) const GET_MIN_PROTO: c_int = 130;
    pub(crate) const GET_MAX_PROTO: c_int = 131;
}

/// Whether this is a version that OpenSSL knows; 0: no bound.
pub(crate) const fn is_version(version: c_long) -> bool {
    version == 0 || version >= 0x300 && version <= 0x304
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SSL_CTX_ctrl(
    ctx: Option<&SSL_CTX>,
    command: c_int,
    number: c_long,
    pointer: *mut c_void,
) -> c_long {
    guard(0, || {
        let Some(ctx) = ctx else { return 0 };
        if let Some(value) = sessions(ctx, command, number) {
            return value;
        }
        // SAFETY: `pointer` is what the command wants: the manual's promise, here and below.
        if let Some(value) = unsafe { chains(ctx, command, number, pointer) } {
            return value;
        }
        // SAFETY: as above.
        if let Some(value) = unsafe { ctx.status_control(command, number, pointer) } {
            return value;
        }
        // SAFETY: as above.
        unsafe { settings(ctx, command, number, pointer) }
    })
}

/// Sessions: how many, for how long, what was counted.
fn sessions(ctx: &SSL_CTX, command: c_int, number: c_long) -> Option<c_long> {
    let counted = ctx.hooks().sessions;
    Some(match command {
        cmd::SET_SESS_CACHE_MODE => {
            let old = core::mem::replace(&mut ctx.settings().cache_mode, number);
            ctx.apply_cache();
            old
        }
        cmd::GET_SESS_CACHE_MODE => ctx.settings().cache_mode,
        cmd::SET_SESS_CACHE_SIZE => {
            let size = usize::try_from(number).unwrap_or(0);
            let old = core::mem::replace(&mut ctx.hooks().cache_size, size);
            ctx.apply_cache();
            c_long::try_from(old).unwrap_or(c_long::MAX)
        }
        cmd::GET_SESS_CACHE_SIZE => c_long::try_from(ctx.hooks().cache_size).unwrap_or(c_long::MAX),
        cmd::SESS_CONNECT => counted.connect,
        cmd::SESS_CONNECT_GOOD => counted.connect_good,
        cmd::SESS_ACCEPT => counted.accept,
        cmd::SESS_ACCEPT_GOOD => counted.accept_good,
        cmd::SESS_HIT => counted.hits,
        cmd::SESS_NUMBER => c_long::try_from(ctx.cache().len()).unwrap_or(c_long::MAX),
        // Renegotiations, misses and their like: nobody counts them.
        23 | 26 | 28..=cmd::SESS_CACHE_FULL => 0,
        _ => return None,
    })
}

/// What is sent behind a certificate.
///
/// # Safety
/// `pointer` is what `command` wants.
unsafe fn chains(
    ctx: &SSL_CTX,
    command: c_int,
    number: c_long,
    pointer: *mut c_void,
) -> Option<c_long> {
    // SAFETY: a certificate, or a list of certificates, by the command: the caller's promise.
    let (certificate, list) = unsafe {
        (
            pointer.cast::<X509>().as_ref(),
            pointer.cast::<OPENSSL_STACK>(),
        )
    };
    // What goes, goes when the lock is free.
    let mut old = Chain::default();
    let mut keys = ctx.keys();
    if matches!(
        command,
        cmd::EXTRA_CHAIN_CERT | cmd::CLEAR_EXTRA_CHAIN_CERTS | cmd::CHAIN_CERT | cmd::CHAIN
    ) {
        keys.changed();
    }
    Some(match command {
        cmd::EXTRA_CHAIN_CERT => {
            // The reference goes to the context.
            // SAFETY: as above.
            let Some(x509) = (unsafe { Owned::from_raw(pointer.cast()) }) else {
                return Some(0);
            };
            keys.extra.push(x509);
            1
        }
        cmd::CLEAR_EXTRA_CHAIN_CERTS => {
            core::mem::swap(&mut old, &mut keys.extra);
            1
        }
        cmd::GET_EXTRA_CHAIN_CERTS | cmd::GET_CHAIN_CERTS => {
            // The extra ones are asked for with 0 where the certificate's own may stand in for them.
            let own = keys.lend_own_chain();
            let list = match command {
                cmd::GET_CHAIN_CERTS => own,
                _ => match keys.extra.lend() {
                    none if none.is_null() && number == 0 => own,
                    extra => extra,
                },
            };
            // SAFETY: for this command a place for a list, which stays with the context.
            unsafe { pointer.cast::<*mut OPENSSL_STACK>().write(list) };
            1
        }
        cmd::CHAIN_CERT => {
            let Some(pair) = keys.current_mut() else {
                return Some(0);
            };
            match (certificate, number) {
                (None, _) => core::mem::swap(&mut old, &mut pair.chain),
                (Some(x509), 0) => {
                    // SAFETY: `SSL_CTX_add0_chain_cert`: the reference goes to the context.
                    let x509 = unsafe { Owned::from_raw(core::ptr::from_ref(x509).cast_mut()) };
                    x509.into_iter().for_each(|x509| pair.chain.push(x509));
                }
                (Some(x509), _) => pair.chain.push(Owned::again(x509)),
            }
            1
        }
        cmd::CHAIN => {
            // SAFETY: for this command a list of certificates, or NULL.
            let list = unsafe { list.as_ref() };
            let items = list.map(OPENSSL_STACK::items).unwrap_or_default();
            // SAFETY: as above.
            let certs = items
                .iter()
                .filter_map(|item| unsafe { item.cast::<X509>().as_ref() });
            let certs: Vec<Owned<X509>> = certs.map(Owned::again).collect();
            let Some(pair) = keys.current_mut() else {
                return Some(0);
            };
            core::mem::swap(&mut old, &mut pair.chain);
            pair.chain = certs.into();
            if number == 0 {
                // SAFETY: `SSL_CTX_set0_chain`: the list, and its references, go to the context.
                unsafe {
                    items.iter().for_each(|item| cert::free(*item));
                    drop(Owned::from_raw(pointer.cast::<OPENSSL_STACK>()));
                }
            }
            1
        }
        _ => return None,
    })
}

/// Everything else.
///
/// # Safety
/// `pointer` is what `command` wants.
unsafe fn settings(ctx: &SSL_CTX, command: c_int, number: c_long, pointer: *mut c_void) -> c_long {
    match command {
        cmd::MODE => change_mode(ctx, |mode| mode | number),
        cmd::CLEAR_MODE => change_mode(ctx, |mode| mode & !number),
        cmd::GET_READ_AHEAD => c_long::from(ctx.settings().read_ahead),
        cmd::SET_READ_AHEAD => c_long::from(core::mem::replace(
            &mut ctx.settings().read_ahead,
            number != 0,
        )),
        cmd::GET_MAX_CERT_LIST => {
            c_long::try_from(ctx.hooks().max_cert_list).unwrap_or(c_long::MAX)
        }
        cmd::SET_MAX_CERT_LIST if number < 0 => 0,
        cmd::SET_MAX_CERT_LIST => {
            let new = usize::try_from(number).unwrap_or(0);
            let old = core::mem::replace(&mut ctx.hooks().max_cert_list, new);
            c_long::try_from(old).unwrap_or(c_long::MAX)
        }
        cmd::SET_MAX_SEND_FRAGMENT if !(512..=16_384).contains(&number) => 0,
        cmd::SET_MAX_SEND_FRAGMENT => {
            let bytes = usize::try_from(number).unwrap_or(16_384);
            // SAFETY: a live context.
            c_long::from(
                ctx.set_native(|ctx| unsafe { sys::tls_ctx_set_max_send_fragment(ctx, bytes) }),
            )
        }
        cmd::SET_MSG_CALLBACK_ARG => {
            ctx.settings().message_arg = pointer;
            1
        }
        cmd::SET_SERVERNAME_ARG => {
            ctx.hooks().servername_arg = pointer;
            1
        }
        // SAFETY: for these commands a text.
        cmd::SET_GROUPS_LIST => c_long::from(
            ctx.set_native(|ctx| unsafe { sys::tls_ctx_set_groups(ctx, pointer.cast()) }),
        ),
        cmd::SET_SIGALGS_LIST => {
            // SAFETY: as above.
            let set =
                ctx.set_native(|ctx| unsafe { sys::tls_ctx_set_sigalgs(ctx, pointer.cast()) });
            if set {
                // SAFETY: as above.
                let list = unsafe { crate::native::text(pointer.cast()) };
                ctx.keys().sigalgs = list.map(core::ffi::CStr::to_owned);
            }
            c_long::from(set)
        }
        // Groups for DHE are chosen by themselves, as for elliptic curves.
        cmd::SET_DH_AUTO => 1,
        cmd::SET_MIN_PROTO if is_version(number) => {
            // A bound that leaves nothing is kept, so that no handshake succeeds, and told, as an OpenSSL without TLS 1.3
            // tells it.
            let mut settings = ctx.settings();
            settings.min = c_int::try_from(number).unwrap_or(0);
            c_long::from(settings.min <= TLS12)
        }
        cmd::SET_MAX_PROTO if is_version(number) => {
            ctx.settings().max = c_int::try_from(number).unwrap_or(0);
            1
        }
        cmd::GET_MIN_PROTO => c_long::from(ctx.settings().min),
        cmd::GET_MAX_PROTO => c_long::from(ctx.settings().max),
        _ => 0,
    }
}

fn change_mode(ctx: &SSL_CTX, f: impl FnOnce(c_long) -> c_long) -> c_long {
    // NO_AUTO_CHAIN is about what is sent.
    ctx.keys().changed();
    let mut settings = ctx.settings();
    settings.mode = f(settings.mode);
    settings.mode
}

/// A function of any type.
pub type AnyFn = unsafe extern "C" fn();

/// A function of the program's: one for the host name that a client asks for.
///
/// # Safety
/// `callback` is what `command` wants.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SSL_CTX_callback_ctrl(
    ctx: Option<&SSL_CTX>,
    command: c_int,
    callback: Option<AnyFn>,
) -> c_long {
    guard(0, || {
        let Some(ctx) = ctx else { return 0 };
        match command {
            cmd::SET_SERVERNAME_CB => {}
            status::cmd::SET_CALLBACK => {
                ctx.set_status_callback(callback);
                return 1;
            }
            _ => return 0,
        }
        // SAFETY: for this command a function of this type.
        let callback = callback.map(|f| unsafe { core::mem::transmute::<AnyFn, ServernameFn>(f) });
        ctx.hooks().servername = callback;
        ctx.apply_hello();
        1
    })
}
