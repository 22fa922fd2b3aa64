//! What this library is.

use core::ffi::{c_char, c_int};

/// Major version of this header.
pub const TLSCORE_VERSION_MAJOR: c_int = 0;
/// Minor version of this header. Before 1.0 the binary interface may change with it.
pub const TLSCORE_VERSION_MINOR: c_int = 1;
/// Patch version of this header.
pub const TLSCORE_VERSION_PATCH: c_int = 0;

/// The version of the library that is loaded, as "MAJOR.MINOR.PATCH". Static.
#[unsafe(no_mangle)]
pub extern "C" fn tls_version() -> *const c_char {
    crate::stub(c"".as_ptr())
}

/// What the loaded library can do, as words between spaces: protocol versions, the crypto provider,
/// and the optional features that it was built with ("TLSv1.2 provider=tlscore"). Static.
#[unsafe(no_mangle)]
pub extern "C" fn tls_features() -> *const c_char {
    crate::stub(c"".as_ptr())
}

/// The registered name of an alert ("handshake_failure"), or NULL for a number without one. Static.
#[unsafe(no_mangle)]
pub extern "C" fn tls_alert_name(alert: c_int) -> *const c_char {
    let _ = alert;
    crate::stub(core::ptr::null())
}
