//! Errors as C sees them.

use core::ffi::{c_char, c_int};

/// One error, copied out: nothing in it is borrowed.
#[repr(C)]
pub struct tls_error_info {
    /// Stable number, one of TLS_REASON_*; 0: no error.
    pub number: c_int,
    /// Who is to blame: one of TLS_FAMILY_*; 0: no error.
    pub family: c_int,
    /// The alert that belongs to it (tls_alert_name()), or -1.
    pub alert: c_int,
    /// One of TLS_ALERT_NONE, TLS_ALERT_SENT, TLS_ALERT_RECEIVED.
    pub alert_direction: c_int,
    /// The operating system's errno where a file, a file descriptor or a callback
    /// (tls_conn_set_os_error()) gave one, or 0.
    pub os_errno: c_int,
    /// Zero; room for later versions.
    pub reserved: [c_int; 3],
    /// The symbolic name ("UNKNOWN_CA"), NUL-terminated; empty: no error.
    pub name: [c_char; 48],
    /// One English sentence that says what was expected and what came, UTF-8, NUL-terminated; cut
    /// with "..." where it does not fit.
    pub text: [c_char; 432],
}
