//! X509_VERIFY_PARAM: what is asked of a certificate.

use crate::args::Str;
use crate::err::{self, Lib};
use crate::guard::guard;
use crate::object::{Counted, Owned};
use core::ffi::{CStr, c_char, c_int, c_uint, c_ulong};
use std::ffi::CString;
use std::sync::{Mutex, PoisonError};

/// X509_V_FLAG_*
pub(crate) const USE_CHECK_TIME: c_ulong = 2;
pub(crate) const CRL_CHECK: c_ulong = 4;
pub(crate) const CRL_CHECK_ALL: c_ulong = 8;
pub(crate) const PARTIAL_CHAIN: c_ulong = 0x8_0000;
pub(crate) const NO_CHECK_TIME: c_ulong = 0x20_0000;
/// Checks that are not there: X509_STRICT, policies, delta and indirect CRLs, a root's signature on itself, Suite B.
pub(crate) const UNKNOWN_CHECKS: c_ulong =
    0x20 | 0x80 | 0x100 | 0x200 | 0x400 | 0x1000 | 0x2000 | 0x4000 | 0x3_0000;

/// X509_CHECK_FLAG_*
pub(crate) const CHECK_NO_WILDCARDS: c_uint = 2;
pub(crate) const CHECK_NEVER_SUBJECT: c_uint = 0x20;

/// X509_PURPOSE_*; 0: nothing was said of it.
pub(crate) const PURPOSE_CLIENT: c_int = 1;
pub(crate) const PURPOSE_SERVER: c_int = 2;
pub(crate) const PURPOSE_ANY: c_int = 7;

#[derive(Clone, Default)]
pub(crate) struct Values {
    pub(crate) hosts: Vec<CString>,
    pub(crate) ip: Option<CString>,
    pub(crate) flags: c_ulong,
    pub(crate) hostflags: c_uint,
    pub(crate) purpose: c_int,
    /// Most intermediates; `None`: libtlscore's own limit.
    pub(crate) depth: Option<c_int>,
    pub(crate) time: Option<i64>,
}

impl Values {
    /// Takes over what `from` has set; the rest stays. As `X509_VERIFY_PARAM_set1` does it.
    pub(crate) fn take(&mut self, from: &Self) {
        if !from.hosts.is_empty() {
            self.hosts.clone_from(&from.hosts);
            self.hostflags = from.hostflags;
        }
        self.hostflags |= from.hostflags;
        self.ip = from.ip.clone().or_else(|| self.ip.take());
        self.flags |= from.flags;
        if from.purpose != 0 {
            self.purpose = from.purpose;
        }
        self.depth = from.depth.or(self.depth);
        self.time = from.time.or(self.time);
    }

    /// X509_V_FLAG_*; false, with an error in the queue, for checks that are not there: whoever asks for them all the
    /// same trusts nobody.
    pub(crate) fn add_flags(&mut self, flags: c_ulong) -> bool {
        self.flags |= flags;
        if flags & UNKNOWN_CHECKS != 0 {
            err::put(
                Lib::X509,
                err::UNSUPPORTED,
                "X509_STRICT, policies, delta CRLs, a root's signature on itself and Suite B are not checked",
            );
            return false;
        }
        true
    }
}

/// What is asked of a certificate.
pub struct X509_VERIFY_PARAM {
    values: Mutex<Values>,
    peername: Mutex<Option<CString>>,
}

// SAFETY: made in `new` alone, inside of an Owned.
unsafe impl Counted for X509_VERIFY_PARAM {}

impl X509_VERIFY_PARAM {
    pub(crate) fn new(values: Values) -> Owned<Self> {
        Owned::new(Self {
            values: Mutex::new(values),
            peername: Mutex::new(None),
        })
    }

    pub(crate) fn get(&self) -> Values {
        self.values
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn set<T>(&self, f: impl FnOnce(&mut Values) -> T) -> T {
        f(&mut self.values.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn matched(&self, name: Option<CString>) {
        *self.peername.lock().unwrap_or_else(PoisonError::into_inner) = name;
    }

    pub(crate) fn peername(&self) -> *const c_char {
        let name = self.peername.lock().unwrap_or_else(PoisonError::into_inner);
        name.as_deref().map_or(core::ptr::null(), CStr::as_ptr)
    }
}

/// Most intermediates; -1 asks for no limit of its own.
pub(crate) fn asked_depth(depth: c_int) -> Option<c_int> {
    (depth != -1).then_some(depth)
}

/// The parameters of a context or a connection: a connection's are a copy of its context's.
#[derive(Default)]
pub(crate) struct Param(Owned<X509_VERIFY_PARAM>);

impl Clone for Param {
    fn clone(&self) -> Self {
        Self(X509_VERIFY_PARAM::new(self.0.get()))
    }
}

impl core::ops::Deref for Param {
    type Target = Owned<X509_VERIFY_PARAM>;

    fn deref(&self) -> &Owned<X509_VERIFY_PARAM> {
        &self.0
    }
}

impl Default for Owned<X509_VERIFY_PARAM> {
    fn default() -> Self {
        X509_VERIFY_PARAM::new(Values::default())
    }
}

/// Whether a text is an IP address.
pub(super) fn is_ip(text: &CStr) -> bool {
    let text = text.to_str();
    text.is_ok_and(|text| text.parse::<std::net::IpAddr>().is_ok())
}

/// An address of 4 or 16 bytes as text.
pub(super) fn ip_text(bytes: &[u8]) -> Option<CString> {
    let text = match (<[u8; 4]>::try_from(bytes), <[u8; 16]>::try_from(bytes)) {
        (Ok(four), _) => std::net::Ipv4Addr::from(four).to_string(),
        (_, Ok(sixteen)) => std::net::Ipv6Addr::from(sixteen).to_string(),
        _ => return None,
    };
    CString::new(text).ok()
}

/// Names that the certificate must be for: one of these.
pub(crate) fn set_host(values: &mut Values, name: &[u8], more: bool) -> bool {
    // A NUL inside would end the name early.
    let name = name.strip_suffix(b"\0").unwrap_or(name);
    let Ok(name) = CString::new(name) else {
        return false;
    };
    if !more {
        values.hosts.clear();
    }
    if !name.is_empty() {
        values.hosts.push(name);
    }
    true
}

/// An IP address in text form; false: it is none.
pub(crate) fn set_ip(values: &mut Values, text: &CStr) -> bool {
    let parsed = is_ip(text);
    if parsed {
        values.ip = Some(text.to_owned());
    }
    parsed
}

/// # Safety
/// `name` has `len` bytes, or is a text where `len` is 0.
unsafe fn host<'a>(name: *const c_char, len: usize) -> &'a [u8] {
    // SAFETY: the caller's promise.
    unsafe {
        match (name.is_null(), len) {
            (true, _) => &[],
            (false, 0) => CStr::from_ptr(name).to_bytes(),
            (false, len) => crate::args::bytes(name.cast(), len),
        }
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_VERIFY_PARAM_new() -> Option<Owned<X509_VERIFY_PARAM>> {
    Some(X509_VERIFY_PARAM::new(Values::default()))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_VERIFY_PARAM_free(param: Option<Owned<X509_VERIFY_PARAM>>) {
    drop(param);
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_X509_VERIFY_PARAM_set1_host(
    param: Option<&X509_VERIFY_PARAM>,
    name: *const c_char,
    len: usize,
) -> c_int {
    // SAFETY: the manual's promise.
    let name = unsafe { host(name, len) };
    c_int::from(param.is_some_and(|param| param.set(|values| set_host(values, name, false))))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_X509_VERIFY_PARAM_add1_host(
    param: Option<&X509_VERIFY_PARAM>,
    name: *const c_char,
    len: usize,
) -> c_int {
    // SAFETY: the manual's promise.
    let name = unsafe { host(name, len) };
    c_int::from(param.is_some_and(|param| param.set(|values| set_host(values, name, true))))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_VERIFY_PARAM_set1_ip_asc(
    param: Option<&X509_VERIFY_PARAM>,
    ip: Str<'_>,
) -> c_int {
    let set = |(param, ip): (&X509_VERIFY_PARAM, &CStr)| param.set(|values| set_ip(values, ip));
    c_int::from(param.zip(ip.c_str()).is_some_and(set))
}

/// 4 bytes or 16.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_X509_VERIFY_PARAM_set1_ip(
    param: Option<&X509_VERIFY_PARAM>,
    ip: *const core::ffi::c_uchar,
    len: usize,
) -> c_int {
    // SAFETY: `len` readable bytes: the manual's promise.
    let bytes = unsafe { crate::args::bytes(ip.cast(), len) };
    let Some(text) = ip_text(bytes) else {
        return 0;
    };
    c_int::from(param.is_some_and(|param| param.set(|values| set_ip(values, &text))))
}

/// X509_CHECK_FLAG_NO_WILDCARDS and X509_CHECK_FLAG_NEVER_CHECK_SUBJECT are followed. Wildcards stand for a whole leftmost
/// label, and the common name counts where there is no subjectAltName at all: flags that ask for more have no effect.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_VERIFY_PARAM_set_hostflags(
    param: Option<&X509_VERIFY_PARAM>,
    flags: c_uint,
) {
    if let Some(param) = param {
        param.set(|values| values.hostflags = flags);
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_VERIFY_PARAM_get_hostflags(
    param: Option<&X509_VERIFY_PARAM>,
) -> c_uint {
    param.map_or(0, |param| param.get().hostflags)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_VERIFY_PARAM_set_flags(
    param: Option<&X509_VERIFY_PARAM>,
    flags: c_ulong,
) -> c_int {
    guard(0, || {
        c_int::from(param.is_some_and(|param| param.set(|values| values.add_flags(flags))))
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_VERIFY_PARAM_clear_flags(
    param: Option<&X509_VERIFY_PARAM>,
    flags: c_ulong,
) -> c_int {
    param.map_or(0, |param| {
        param.set(|values| {
            values.flags &= !flags;
            1
        })
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_VERIFY_PARAM_get_flags(
    param: Option<&X509_VERIFY_PARAM>,
) -> c_ulong {
    param.map_or(0, |param| param.get().flags)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_VERIFY_PARAM_set_depth(
    param: Option<&X509_VERIFY_PARAM>,
    depth: c_int,
) {
    if let Some(param) = param {
        param.set(|values| values.depth = asked_depth(depth));
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_VERIFY_PARAM_get_depth(param: Option<&X509_VERIFY_PARAM>) -> c_int {
    param.and_then(|param| param.get().depth).unwrap_or(-1)
}

/// 1: for a client's certificate, 2: for a server's, 7: for either.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_VERIFY_PARAM_set_purpose(
    param: Option<&X509_VERIFY_PARAM>,
    purpose: c_int,
) -> c_int {
    if ![PURPOSE_CLIENT, PURPOSE_SERVER, PURPOSE_ANY].contains(&purpose) {
        return 0;
    }
    param.map_or(0, |param| {
        param.set(|values| {
            values.purpose = purpose;
            1
        })
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_VERIFY_PARAM_set_time(
    param: Option<&X509_VERIFY_PARAM>,
    time: libc::time_t,
) {
    if let Some(param) = param {
        param.set(|values| {
            values.time = Some(time);
            values.flags |= USE_CHECK_TIME;
        });
    }
}

/// X509_VERIFY_PARAM_set1: what `from` has set; the rest stays.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_VERIFY_PARAM_set1(
    param: Option<&X509_VERIFY_PARAM>,
    from: Option<&X509_VERIFY_PARAM>,
) -> c_int {
    param.zip(from).map_or(0, |(param, from)| {
        let from = from.get();
        param.set(|values| values.take(&from));
        1
    })
}

/// The name that matched in the last verification, or NULL. It belongs to `param`.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_VERIFY_PARAM_get0_peername(
    param: Option<&X509_VERIFY_PARAM>,
) -> *mut c_char {
    param.map_or(core::ptr::null_mut(), |param| param.peername().cast_mut())
}
