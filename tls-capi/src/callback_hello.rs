//! Decisions about a ClientHello behind C callbacks.

use crate::callback::{self, CallbackArg};
use crate::code::{TLS_ALPN_IGNORE, TLS_OK};
use crate::handle::Tagged;
use crate::hello::{name_text, tls_hello};
use crate::pending::tls_pending;
use core::ffi::{c_int, c_void};
use std::ffi::CString;
use tls_core::config::{AlpnDecision, AlpnSelector, ClientHelloInfo, HelloDecision, HelloHandler};
use tls_core::crypto::{Later, Reply};
use tls_core::wire::AlertDescription;

pub(crate) type HelloFn =
    unsafe extern "C" fn(*mut tls_pending, *const tls_hello, *mut c_void) -> c_int;
pub(crate) type AlpnFn =
    unsafe extern "C" fn(*const tls_hello, *mut *const u8, *mut usize, *mut c_void) -> c_int;
type ReleaseFn = unsafe extern "C" fn(*mut c_void);

/// What a `tls_hello` shows.
pub(crate) struct Hello {
    pub(crate) version: u16,
    pub(crate) server_name: Option<CString>,
    pub(crate) suites: Vec<u16>,
    pub(crate) groups: Option<Vec<u16>>,
    pub(crate) schemes: Option<Vec<u16>>,
    pub(crate) alpn: Option<Vec<u8>>,
    pub(crate) session_id: Vec<u8>,
    pub(crate) message: Vec<u8>,
}

impl Hello {
    fn of(info: &ClientHelloInfo<'_>) -> Self {
        Self {
            version: info.version.0,
            server_name: name_text(info.server_name),
            suites: info.suites.to_vec(),
            groups: info.groups.map(|list| list.iter().map(|g| g.0).collect()),
            schemes: info.schemes.map(|list| list.iter().map(|s| s.0).collect()),
            alpn: info.alpn.map(<[u8]>::to_vec),
            session_id: info.session_id.to_vec(),
            message: info.message.to_vec(),
        }
    }

    /// Lends it to a callback.
    fn lend<T>(info: &ClientHelloInfo<'_>, f: impl FnOnce(*const tls_hello) -> T) -> T {
        let tagged = Tagged::new::<tls_hello>(Self::of(info));
        f((&raw const tagged).cast())
    }
}

pub(crate) struct CallbackHello {
    callback: HelloFn,
    arg: CallbackArg,
}

impl CallbackHello {
    pub(crate) fn new(callback: HelloFn, arg: *mut c_void, release: Option<ReleaseFn>) -> Self {
        Self {
            callback,
            arg: CallbackArg::new(arg, release),
        }
    }

    pub(crate) fn adopt(&self) {
        self.arg.adopt();
    }
}

impl HelloHandler for CallbackHello {
    fn on_hello(&self, hello: &ClientHelloInfo<'_>, later: &Later) -> Reply<HelloDecision> {
        let said = Hello::lend(hello, |hello| {
            callback::ask(later, |pending| {
                // SAFETY: the program gave this function for this argument; both objects are live.
                unsafe { (self.callback)(pending, hello, self.arg.get()) }
            })
        });
        match said {
            None => Reply::Later,
            Some(TLS_OK) => Reply::Now(HelloDecision::GoOn),
            Some(_) => Reply::Now(HelloDecision::Refuse(AlertDescription::INTERNAL_ERROR)),
        }
    }
}

impl core::fmt::Debug for CallbackHello {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("CallbackHello")
    }
}

pub(crate) struct CallbackAlpn {
    callback: AlpnFn,
    arg: CallbackArg,
}

impl CallbackAlpn {
    pub(crate) fn new(callback: AlpnFn, arg: *mut c_void, release: Option<ReleaseFn>) -> Self {
        Self {
            callback,
            arg: CallbackArg::new(arg, release),
        }
    }

    pub(crate) fn adopt(&self) {
        self.arg.adopt();
    }
}

impl AlpnSelector for CallbackAlpn {
    fn select(&self, hello: &ClientHelloInfo<'_>) -> AlpnDecision {
        let (mut name, mut len) = (core::ptr::null(), 0);
        Hello::lend(hello, |hello| {
            // SAFETY: the program gave this function for this argument; the object is live.
            match unsafe { (self.callback)(hello, &mut name, &mut len, self.arg.get()) } {
                TLS_OK if name.is_null() || len > usize::from(u8::MAX) => {
                    AlpnDecision::Select(Vec::new())
                }
                TLS_OK => {
                    // SAFETY: by the header, so many readable bytes, perhaps those of the hello.
                    let name = unsafe { core::slice::from_raw_parts(name, len) };
                    AlpnDecision::Select(name.to_vec())
                }
                TLS_ALPN_IGNORE => AlpnDecision::Ignore,
                _ => AlpnDecision::Refuse,
            }
        })
    }
}

impl core::fmt::Debug for CallbackAlpn {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("CallbackAlpn")
    }
}
