//! Our errors under the names that the suite compares.

use tls_core::error::{Direction, Error};

/// The error's own name; a received alert goes under BoringSSL's name for it.
pub(crate) fn name(error: &Error) -> String {
    match error.alert() {
        Some((alert, Direction::Received)) => {
            let prefix = match alert.0 {
                10 | 20 | 30 | 40..=47 => "SSLV3",
                _ => "TLSV1",
            };
            format!("{prefix}_ALERT_{}", alert.to_string().to_uppercase())
        }
        _ => error.reason().name().to_owned(),
    }
}
