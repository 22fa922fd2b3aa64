//! OCSP responses that servers staple (RFC 6066 §8): clients ask for them, and the program judges what comes; servers' callbacks
//! give them.

use super::SSL;
use crate::ctx::control::AnyFn;
use crate::ctx::{SSL_CTX, tell};
use crate::err::{self, Lib, ssl as reason};
use crate::native::Ctx;
use crate::sys;
use core::ffi::{c_int, c_long, c_void};

/// A client looks at what came (`SSL_get_tlsext_status_ocsp_resp`): 1 is right, 0 wrong, less an error. A server gives what it has:
/// SSL_TLSEXT_ERR_*.
pub(crate) type StatusFn = unsafe extern "C" fn(*mut SSL, *mut c_void) -> c_int;

/// TLSEXT_STATUSTYPE_*
pub(crate) const NOTHING: c_long = -1;
const OCSP: c_long = 1;

/// The number of the extension status_request.
const STATUS_REQUEST: u16 = 5;

/// Alerts.
const INTERNAL_ERROR: c_int = 80;
const BAD_CERTIFICATE_STATUS_RESPONSE: c_int = 113;

/// Most keypairs of a context: one for each kind of key.
const MOST_KEYPAIRS: usize = 8;

impl SSL {
    /// What a server has stapled.
    pub(super) fn keep_staple(&self, staple: Vec<u8>) {
        drop(self.staple.replace(staple));
    }

    fn status_type(&self) -> c_long {
        self.settings().status_type
    }

    /// Whether a client asks for a response.
    pub(super) fn wants_staple(&self) -> bool {
        self.is_client() && self.status_type() == OCSP
    }

    /// The program's word on what was stapled, or was not: the alert that its refusal ends the handshake with.
    pub(super) fn judge_staple(&self) -> Option<c_int> {
        if self.status_type() == NOTHING {
            return None;
        }
        match self.call_status()? {
            0 => {
                err::put(Lib::Ssl, reason::INVALID_STATUS_RESPONSE, "");
                Some(BAD_CERTIFICATE_STATUS_RESPONSE)
            }
            n if n < 0 => {
                err::put(Lib::Ssl, reason::OCSP_CALLBACK_FAILURE, "");
                Some(INTERNAL_ERROR)
            }
            _ => None,
        }
    }

    /// What the callback says, where there is one.
    fn call_status(&self) -> Option<c_int> {
        let (callback, arg) = {
            let ctx = self.ctx();
            let hooks = ctx.hooks();
            (hooks.status?, hooks.status_arg)
        };
        // SAFETY: the program's function for its argument, with an SSL that lives.
        Some(unsafe { callback(core::ptr::from_ref(self).cast_mut(), arg) })
    }

    /// Asks a server's program for a response where the client wants one. `Err`: it ends the handshake.
    pub(super) fn ask_for_staple(&self) -> Result<bool, ()> {
        let hello = self.hello_extension(STATUS_REQUEST);
        // CertificateStatusType ocsp(1), whichever responders and extensions stand behind.
        let asked = hello.is_some_and(|contents| contents.first() == Some(&1));
        self.change(|settings| settings.status_type = if asked { OCSP } else { NOTHING });
        match asked.then(|| self.call_status()).flatten() {
            // SSL_TLSEXT_ERR_OK
            Some(0) => Ok(!self.staple.borrow().is_empty()),
            // SSL_TLSEXT_ERR_NOACK
            None | Some(3) => Ok(false),
            Some(_) => {
                err::put(Lib::Ssl, reason::CLIENTHELLO_TLSEXT, "");
                Err(())
            }
        }
    }

    /// The keypairs of `keys` with the response at the one that it is about; `None`: it is about none of them, or nothing that
    /// clients would take.
    pub(super) fn stapled(&self, keys: &Ctx) -> Option<Ctx> {
        let (fresh, level) = (Ctx::new()?, self.level());
        // SAFETY: live contexts and a text.
        let taken = tell(fresh.set(|ctx| unsafe {
            sys::tls_ctx_set_policy(ctx, c"legacy".as_ptr());
            sys::tls_ctx_set_security_level(ctx, level);
            sys::tls_ctx_set_keypairs_of(ctx, keys.raw())
        }));
        let response = self.staple.borrow();
        let put = |at: usize| {
            // SAFETY: a live context and readable bytes.
            let put = fresh.set(|ctx| unsafe {
                sys::tls_ctx_set_ocsp_response_mem(
                    ctx,
                    at,
                    response.as_ptr().cast(),
                    response.len(),
                )
            });
            put.is_ok()
        };
        (taken && (0..MOST_KEYPAIRS).any(put)).then_some(fresh)
    }

    /// The commands of `SSL_ctrl` that are about responses.
    ///
    /// # Safety
    /// `pointer` is what `command` wants.
    pub(super) unsafe fn status_control(
        &self,
        command: c_int,
        number: c_long,
        pointer: *mut c_void,
    ) -> c_long {
        match command {
            cmd::SET_TYPE => self.change(|settings| {
                settings.status_type = number;
                1
            }),
            cmd::GET_TYPE => self.status_type(),
            cmd::SET_RESPONSE => {
                let len = usize::try_from(number).unwrap_or(0);
                // SAFETY: for this command memory of OPENSSL_malloc of that many bytes, which goes to us.
                let response = unsafe {
                    let response = crate::args::bytes(pointer, len).to_vec();
                    libc::free(pointer);
                    response
                };
                drop(self.staple.replace(response));
                1
            }
            cmd::GET_RESPONSE => {
                let staple = self.staple.borrow();
                let (data, len) = match staple.is_empty() {
                    true => (core::ptr::null(), -1),
                    false => (
                        staple.as_ptr(),
                        c_long::try_from(staple.len()).unwrap_or(-1),
                    ),
                };
                // SAFETY: for this command a place for a pointer to bytes, which stay until the next response.
                unsafe { pointer.cast::<*const u8>().write(data) };
                len
            }
            _ => 0,
        }
    }
}

/// SSL_CTRL_* about responses.
pub(crate) mod cmd {
    use core::ffi::c_int;
    pub(crate) const SET_CALLBACK: c_int = 63;
    pub(crate) const SET_ARG: c_int = 64;
    pub(crate) const SET_TYPE: c_int = 65;
    pub(crate) const GET_RESPONSE: c_int = 70;
    pub(crate) const SET_RESPONSE: c_int = 71;
    pub(crate) const GET_TYPE: c_int = 127;
    pub(crate) const GET_CALLBACK: c_int = 128;
    pub(crate) const GET_ARG: c_int = 129;
}

impl SSL_CTX {
    pub(crate) fn set_status_callback(&self, callback: Option<AnyFn>) {
        // SAFETY: for this command a function of this type.
        let callback = callback.map(|f| unsafe { core::mem::transmute::<AnyFn, StatusFn>(f) });
        self.hooks().status = callback;
        self.apply_hello();
    }

    /// The commands of `SSL_CTX_ctrl` that are about responses.
    ///
    /// # Safety
    /// `pointer` is what `command` wants.
    pub(crate) unsafe fn status_control(
        &self,
        command: c_int,
        number: c_long,
        pointer: *mut c_void,
    ) -> Option<c_long> {
        match command {
            cmd::SET_TYPE => self.settings().status_type = number,
            cmd::GET_TYPE => return Some(self.settings().status_type),
            cmd::SET_ARG => self.hooks().status_arg = pointer,
            cmd::GET_ARG => {
                let arg = self.hooks().status_arg;
                // SAFETY: for this command a place for a pointer.
                unsafe { pointer.cast::<*mut c_void>().write(arg) };
            }
            cmd::GET_CALLBACK => {
                let callback = self.hooks().status;
                // SAFETY: for this command a place for a function.
                unsafe { pointer.cast::<Option<StatusFn>>().write(callback) };
            }
            _ => return None,
        }
        Some(1)
    }
}

/// A client's connection that asks for a response.
pub(super) fn ask(native: &Ctx) -> bool {
    // SAFETY: a live context.
    tell(native.set(|ctx| unsafe { sys::tls_ctx_set_ocsp(ctx, sys::TLS_OCSP_REQUEST) }))
}
