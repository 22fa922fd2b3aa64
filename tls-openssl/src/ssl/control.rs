//! `SSL_ctrl`, and what an SSL changes of its context's settings.

use super::SSL;
use crate::args::Str;
use crate::cipher_words::{Listed, level_of, set_list};
use crate::ctx::control::{cmd, is_version};
use crate::ctx::{InfoFn, Settings};
use crate::err::{self, Lib};
use crate::guard::guard;
use crate::native::{Ctx, Verify};
use crate::sys;
use crate::x509::X509_VERIFY_PARAM;
use crate::x509::param::{asked_depth, set_host, set_ip};
use crate::x509::store_ctx::VerifyFn;
use core::ffi::{CStr, c_char, c_int, c_long, c_uint, c_void};

impl SSL {
    /// A cipher list of its own; false, with an error in the queue, for one that leaves nothing.
    pub(super) fn set_ciphers(&self, list: &CStr) -> bool {
        let Some(trial) = Ctx::new() else {
            return false;
        };
        let taken = std::cell::RefCell::new(None);
        let listed = set_list(list, |list| {
            // SAFETY: a live context and texts.
            trial.set(|ctx| unsafe {
                sys::tls_ctx_set_policy(ctx, c"legacy".as_ptr());
                sys::tls_ctx_set_cipher_list(ctx, list.as_ptr())
            })?;
            *taken.borrow_mut() = Some(list.to_owned());
            Ok(())
        });
        if matches!(listed, Listed::Unread) {
            return false;
        }
        if let Some(level) = level_of(list) {
            self.level.set(level);
        }
        self.own.borrow_mut().ciphers = Some(taken.take().unwrap_or_default());
        self.relisted.set(true);
        matches!(listed, Listed::Taken)
    }

    /// Whether it is the name, or the address, of a host.
    fn is_name(&self, host: &CStr) -> bool {
        let native = self.session_ctx().native();
        // SAFETY: a live context; the verification, which is none, is ours.
        let trial = unsafe { Verify::own(sys::tls_verify_new(native.raw())) };
        // SAFETY: a live verification and a text.
        trial.is_some_and(|trial| unsafe {
            sys::tls_verify_set_name(trial.raw(), host.as_ptr()) == sys::TLS_OK
        })
    }

    pub(super) fn has_pending(&self) -> bool {
        self.pending() > 0 || self.look(|conn| conn.ask(sys::tls_conn_has_pending)) == Some(1)
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SSL_ctrl(
    ssl: Option<&SSL>,
    command: c_int,
    number: c_long,
    pointer: *mut c_void,
) -> c_long {
    guard(0, || {
        let Some(ssl) = ssl else { return 0 };
        match command {
            cmd::SET_HOSTNAME => {
                // SAFETY: for this command a text, or NULL.
                let host = unsafe { crate::native::text(pointer.cast()) };
                if !host.is_none_or(|host| ssl.is_name(host)) {
                    err::put(Lib::Ssl, err::ssl::EXT_INVALID_SERVERNAME, "");
                    return 0;
                }
                ssl.own.borrow_mut().host = host.map(CStr::to_owned);
                1
            }
            cmd::SET_MSG_CALLBACK_ARG => {
                ssl.message_arg.set(pointer);
                1
            }
            cmd::MODE => ssl.change(|settings| {
                settings.mode |= number;
                settings.mode
            }),
            cmd::CLEAR_MODE => ssl.change(|settings| {
                settings.mode &= !number;
                settings.mode
            }),
            cmd::GET_READ_AHEAD => c_long::from(ssl.settings().read_ahead),
            cmd::SET_READ_AHEAD => ssl.change(|settings| {
                c_long::from(core::mem::replace(&mut settings.read_ahead, number != 0))
            }),
            cmd::SET_MIN_PROTO | cmd::SET_MAX_PROTO if !is_version(number) => 0,
            cmd::SET_MIN_PROTO => ssl.change(|settings| {
                // As on contexts: kept, and told.
                settings.min = c_int::try_from(number).unwrap_or(0);
                c_long::from(settings.min <= crate::ctx::TLS12)
            }),
            cmd::SET_MAX_PROTO => ssl.change(|settings| {
                settings.max = c_int::try_from(number).unwrap_or(0);
                1
            }),
            cmd::GET_MIN_PROTO => c_long::from(ssl.settings().min),
            cmd::GET_MAX_PROTO => c_long::from(ssl.settings().max),
            cmd::GET_RI_SUPPORT => asked(ssl, sys::tls_conn_secure_renegotiation),
            cmd::GET_EXTMS_SUPPORT => asked(ssl, sys::tls_conn_extended_master_secret),
            cmd::SET_DH_AUTO => 1,
            cmd::GET_PEER_TMP_KEY => {
                let key = crate::evp::EVP_PKEY::ephemeral(ssl);
                let found = c_long::from(key.is_some() && !pointer.is_null());
                if found == 1 {
                    // SAFETY: for this command a place for a key, which takes the reference.
                    unsafe {
                        pointer
                            .cast::<*mut crate::evp::EVP_PKEY>()
                            .write(crate::object::give(key))
                    };
                }
                found
            }
            // SAFETY: `pointer` is what the command wants: the manual's promise.
            command => unsafe { ssl.status_control(command, number, pointer) },
        }
    })
}

fn asked(ssl: &SSL, fact: unsafe extern "C" fn(*const sys::tls_conn) -> c_int) -> c_long {
    c_long::from(ssl.look(|conn| conn.ask(fact)).unwrap_or(0))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_options(ssl: Option<&SSL>, options: u64) -> u64 {
    change_options(ssl, |settings| settings.options |= options)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_clear_options(ssl: Option<&SSL>, options: u64) -> u64 {
    change_options(ssl, |settings| settings.options &= !options)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_options(ssl: Option<&SSL>) -> u64 {
    ssl.map_or(0, |ssl| ssl.settings().options)
}

fn change_options(ssl: Option<&SSL>, f: impl FnOnce(&mut Settings)) -> u64 {
    ssl.map_or(0, |ssl| {
        ssl.change(f);
        let renegotiation = ssl.renegotiation();
        // SAFETY: a live connection, in no call.
        ssl.look(|conn| unsafe { sys::tls_conn_set_renegotiation(conn.raw(), renegotiation) });
        ssl.settings().options
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_verify(
    ssl: Option<&SSL>,
    mode: c_int,
    callback: Option<VerifyFn>,
) {
    if let Some(ssl) = ssl {
        ssl.change(|settings| {
            settings.verify_mode = mode;
            if callback.is_some() {
                settings.verify_callback = callback;
            }
        });
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_verify_mode(ssl: Option<&SSL>) -> c_int {
    ssl.map_or(0, |ssl| ssl.settings().verify_mode)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_verify_callback(ssl: Option<&SSL>) -> Option<VerifyFn> {
    ssl.and_then(|ssl| ssl.settings().verify_callback)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_verify_depth(ssl: Option<&SSL>, depth: c_int) {
    if let Some(ssl) = ssl {
        ssl.settings()
            .param
            .set(|values| values.depth = asked_depth(depth));
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_verify_depth(ssl: Option<&SSL>) -> c_int {
    ssl.and_then(|ssl| ssl.settings().param.get().depth)
        .unwrap_or(-1)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set1_param(
    ssl: Option<&SSL>,
    param: Option<&X509_VERIFY_PARAM>,
) -> c_int {
    ssl.zip(param).map_or(0, |(ssl, param)| {
        let from = param.get();
        ssl.settings().param.set(|values| values.take(&from));
        1
    })
}

/// What is asked of the peer's certificate; it belongs to the SSL.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get0_param(ssl: Option<&SSL>) -> *mut X509_VERIFY_PARAM {
    ssl.map_or(core::ptr::null_mut(), |ssl| ssl.settings().param.pointer())
}

fn host(ssl: Option<&SSL>, name: Str<'_>, more: bool) -> c_int {
    let Some(ssl) = ssl else { return 0 };
    let name = name.c_str().unwrap_or_default();
    let set = ssl.settings().param.set(|values| {
        // What reads as an address is one, as in OpenSSL.
        (!name.is_empty() && set_ip(values, name)) || set_host(values, name.to_bytes(), more)
    });
    c_int::from(set)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set1_host(ssl: Option<&SSL>, name: Str<'_>) -> c_int {
    host(ssl, name, false)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_add1_host(ssl: Option<&SSL>, name: Str<'_>) -> c_int {
    host(ssl, name, true)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_hostflags(ssl: Option<&SSL>, flags: c_uint) {
    if let Some(ssl) = ssl {
        ssl.settings().param.set(|values| values.hostflags = flags);
    }
}

/// The name that the peer's certificate was found to be for, of those of `SSL_set1_host`; it belongs to the SSL.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get0_peername(ssl: Option<&SSL>) -> *const c_char {
    ssl.map_or(core::ptr::null(), |ssl| {
        ssl.peer
            .borrow()
            .matched
            .as_deref()
            .map_or(core::ptr::null(), CStr::as_ptr)
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_info_callback(ssl: Option<&SSL>, callback: Option<InfoFn>) {
    if let Some(ssl) = ssl {
        ssl.info.set(callback);
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_info_callback(ssl: Option<&SSL>) -> Option<InfoFn> {
    ssl.and_then(|ssl| ssl.info.get())
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_read_ahead(ssl: Option<&SSL>, on: c_int) {
    if let Some(ssl) = ssl {
        ssl.change(|settings| settings.read_ahead = on != 0);
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_read_ahead(ssl: Option<&SSL>) -> c_int {
    ssl.map_or(0, |ssl| c_int::from(ssl.settings().read_ahead))
}
