//! What this library is, and names.

use core::ffi::{CStr, c_char, c_int};

/// Major version of this header.
pub const TLSCORE_VERSION_MAJOR: c_int = 0;
/// Minor version of this header. Before 1.0 the binary interface may change with it.
pub const TLSCORE_VERSION_MINOR: c_int = 1;
/// Patch version of this header.
pub const TLSCORE_VERSION_PATCH: c_int = 0;

const VERSION: &CStr =
    match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
        Ok(version) => version,
        Err(_) => c"",
    };

/// The version of the library that is loaded, as "MAJOR.MINOR.PATCH". Static.
#[unsafe(no_mangle)]
pub extern "C" fn tls_version() -> *const c_char {
    VERSION.as_ptr()
}

/// What the loaded library can do, as words between spaces: protocol versions, the crypto provider,
/// and the optional features that it was built with ("TLSv1.2 provider=tlscore"). Static.
#[unsafe(no_mangle)]
pub extern "C" fn tls_features() -> *const c_char {
    c"TLSv1.2 provider=tlscore".as_ptr()
}

/// The registered name of an alert ("handshake_failure"), or NULL for a number without one. Static.
#[unsafe(no_mangle)]
pub extern "C" fn tls_alert_name(alert: c_int) -> *const c_char {
    // Spelled out, for C's NUL; a test compares it with the registry.
    let name = match alert {
        0 => c"close_notify",
        10 => c"unexpected_message",
        20 => c"bad_record_mac",
        21 => c"decryption_failed_RESERVED",
        22 => c"record_overflow",
        30 => c"decompression_failure",
        40 => c"handshake_failure",
        41 => c"no_certificate_RESERVED",
        42 => c"bad_certificate",
        43 => c"unsupported_certificate",
        44 => c"certificate_revoked",
        45 => c"certificate_expired",
        46 => c"certificate_unknown",
        47 => c"illegal_parameter",
        48 => c"unknown_ca",
        49 => c"access_denied",
        50 => c"decode_error",
        51 => c"decrypt_error",
        60 => c"export_restriction_RESERVED",
        70 => c"protocol_version",
        71 => c"insufficient_security",
        80 => c"internal_error",
        86 => c"inappropriate_fallback",
        90 => c"user_canceled",
        100 => c"no_renegotiation",
        110 => c"unsupported_extension",
        111 => c"certificate_unobtainable",
        112 => c"unrecognized_name",
        113 => c"bad_certificate_status_response",
        115 => c"unknown_psk_identity",
        120 => c"no_application_protocol",
        _ => return core::ptr::null(),
    };
    name.as_ptr()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tls_core::crypto::Provider;
    use tls_core::wire::AlertDescription;

    #[test]
    fn numbers_are_those_of_the_package() {
        let numbers =
            format!("{TLSCORE_VERSION_MAJOR}.{TLSCORE_VERSION_MINOR}.{TLSCORE_VERSION_PATCH}");
        assert_eq!(VERSION.to_str().unwrap(), numbers);
        // SAFETY: a static string.
        let features = unsafe { CStr::from_ptr(tls_features()) }.to_str().unwrap();
        let provider = tls_std::DefaultProvider.name();
        assert!(
            features
                .split(' ')
                .any(|w| w == format!("provider={provider}"))
        );
    }

    #[test]
    fn alerts_are_those_of_the_registry() {
        for number in -1..=256 {
            let name = tls_alert_name(number);
            let expected = u8::try_from(number)
                .ok()
                .and_then(|n| AlertDescription(n).name());
            let name = (!name.is_null())
                // SAFETY: not NULL, so a static string.
                .then(|| unsafe { CStr::from_ptr(name) }.to_str().unwrap());
            assert_eq!(name, expected, "{number}");
        }
    }
}
