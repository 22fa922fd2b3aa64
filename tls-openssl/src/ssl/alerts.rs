//! Words for alerts and states.

use super::{Role, SSL};
use core::ffi::{CStr, c_char, c_int};

/// Number, two letters, words.
static ALERTS: &[(c_int, &CStr, &CStr)] = &[
    (0, c"CN", c"close notify"),
    (10, c"UM", c"unexpected_message"),
    (20, c"BM", c"bad record mac"),
    (21, c"DC", c"decryption failed"),
    (22, c"RO", c"record overflow"),
    (30, c"DF", c"decompression failure"),
    (40, c"HF", c"handshake failure"),
    (41, c"NC", c"no certificate"),
    (42, c"BC", c"bad certificate"),
    (43, c"UC", c"unsupported certificate"),
    (44, c"CR", c"certificate revoked"),
    (45, c"CE", c"certificate expired"),
    (46, c"CU", c"certificate unknown"),
    (47, c"IP", c"illegal parameter"),
    (48, c"CA", c"unknown CA"),
    (49, c"AD", c"access denied"),
    (50, c"DE", c"decode error"),
    (51, c"CY", c"decrypt error"),
    (60, c"ER", c"export restriction"),
    (70, c"PV", c"protocol version"),
    (71, c"IS", c"insufficient security"),
    (80, c"IE", c"internal error"),
    (90, c"US", c"user canceled"),
    (100, c"NR", c"no renegotiation"),
    (110, c"UE", c"unsupported extension"),
    (111, c"CO", c"certificate unobtainable"),
    (112, c"UN", c"unrecognized name"),
    (113, c"BR", c"bad certificate status response"),
    (114, c"BH", c"bad certificate hash value"),
    (115, c"UP", c"unknown PSK identity"),
    (120, c"AP", c"no application protocol"),
];

fn alert(value: c_int) -> Option<&'static (c_int, &'static CStr, &'static CStr)> {
    ALERTS.iter().find(|row| row.0 == value & 0xff)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_alert_desc_string_long(value: c_int) -> *const c_char {
    alert(value).map_or(c"unknown", |row| row.2).as_ptr()
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_alert_desc_string(value: c_int) -> *const c_char {
    alert(value).map_or(c"UK", |row| row.1).as_ptr()
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_alert_type_string_long(value: c_int) -> *const c_char {
    match value >> 8 {
        1 => c"warning",
        2 => c"fatal",
        _ => c"unknown",
    }
    .as_ptr()
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_alert_type_string(value: c_int) -> *const c_char {
    match value >> 8 {
        1 => c"W",
        2 => c"F",
        _ => c"U",
    }
    .as_ptr()
}

/// TLS_ST_*: before, in the middle (of which libtlscore tells no more), complete.
const BEFORE: c_int = 0;
const OK: c_int = 1;
const CLIENT_HELLO_SENT: c_int = 12;
const CLIENT_HELLO_READ: c_int = 20;

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_state(ssl: Option<&SSL>) -> c_int {
    ssl.map_or(BEFORE, |ssl| {
        match (ssl.is_established(), ssl.has_begun(), ssl.role()) {
            (true, _, _) => OK,
            (false, true, Some(Role::Client)) => CLIENT_HELLO_SENT,
            (false, true, _) => CLIENT_HELLO_READ,
            (false, false, _) => BEFORE,
        }
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_state_string_long(ssl: Option<&SSL>) -> *const c_char {
    let failed = ssl.is_some_and(SSL::has_failed);
    match tlscore_SSL_get_state(ssl) {
        _ if failed => c"error",
        OK => c"SSL negotiation finished successfully",
        CLIENT_HELLO_SENT => c"SSLv3/TLS write client hello",
        CLIENT_HELLO_READ => c"SSLv3/TLS read client hello",
        _ => c"before SSL initialization",
    }
    .as_ptr()
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_state_string(ssl: Option<&SSL>) -> *const c_char {
    let failed = ssl.is_some_and(SSL::has_failed);
    match tlscore_SSL_get_state(ssl) {
        _ if failed => c"SSLERR",
        OK => c"SSLOK",
        CLIENT_HELLO_SENT => c"TWCH",
        CLIENT_HELLO_READ => c"TRCH",
        _ => c"PINIT",
    }
    .as_ptr()
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_in_init(ssl: Option<&SSL>) -> c_int {
    c_int::from(ssl.is_some_and(|ssl| !ssl.is_open()))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_in_before(ssl: Option<&SSL>) -> c_int {
    c_int::from(ssl.is_some_and(|ssl| !ssl.has_begun() && !ssl.has_failed()))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_is_init_finished(ssl: Option<&SSL>) -> c_int {
    c_int::from(ssl.is_some_and(SSL::is_open))
}
