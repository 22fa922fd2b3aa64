//! Errors as C sees them.

use crate::code::*;
use core::ffi::{c_char, c_int};
use tls_core::error::{Direction, Family, Reason};

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
    /// The certificate that it is about, by its place on the path: 0 is the leaf, 1 its issuer; -1: none.
    pub certificate: c_int,
    /// Zero; room for later versions.
    pub reserved: [c_int; 2],
    /// The symbolic name ("UNKNOWN_CA"), NUL-terminated; empty: no error.
    pub name: [c_char; 48],
    /// One English sentence that says what was expected and what came, UTF-8, NUL-terminated; cut
    /// with "..." where it does not fit.
    pub text: [c_char; 432],
}

impl tls_error_info {
    pub(crate) fn new(error: Option<&tls_std::Error>) -> Self {
        let Some(error) = error else {
            return Self {
                number: 0,
                family: 0,
                alert: -1,
                alert_direction: TLS_ALERT_NONE,
                os_errno: 0,
                certificate: -1,
                reserved: [0; 2],
                name: [0; 48],
                text: [0; 432],
            };
        };
        let (alert, alert_direction) = match error.alert() {
            None => (-1, TLS_ALERT_NONE),
            Some((alert, Direction::Sent)) => (c_int::from(alert.0), TLS_ALERT_SENT),
            Some((alert, Direction::Received)) => (c_int::from(alert.0), TLS_ALERT_RECEIVED),
        };
        Self {
            number: error.reason() as c_int,
            family: family(error.family()),
            alert,
            alert_direction,
            os_errno: error.os_error().unwrap_or(0),
            certificate: error
                .certificate()
                .and_then(|index| c_int::try_from(index).ok())
                .unwrap_or(-1),
            reserved: [0; 2],
            name: fixed(error.reason().name()),
            text: fixed(error.text()),
        }
    }
}

/// The return code of an error.
pub(crate) fn code(error: &tls_std::Error) -> c_int {
    match error.family() {
        _ if error.reason() == Reason::Panicked => TLS_ERR_PANIC,
        Family::Misuse => TLS_ERR_USAGE,
        Family::Transport => TLS_ERR_IO,
        Family::Malformed
        | Family::Misbehaved
        | Family::Incompatible
        | Family::Certificate
        | Family::PeerAlert
        | Family::Internal => TLS_ERR_TLS,
    }
}

fn family(family: Family) -> c_int {
    match family {
        Family::Misuse => TLS_FAMILY_MISUSE,
        Family::Transport => TLS_FAMILY_TRANSPORT,
        Family::Malformed => TLS_FAMILY_MALFORMED,
        Family::Misbehaved => TLS_FAMILY_MISBEHAVED,
        Family::Incompatible => TLS_FAMILY_INCOMPATIBLE,
        Family::Certificate => TLS_FAMILY_CERTIFICATE,
        Family::PeerAlert => TLS_FAMILY_PEER_ALERT,
        Family::Internal => TLS_FAMILY_INTERNAL,
    }
}

/// `text` with its NUL in an array of `N`; cut between characters, with "..." to show it.
fn fixed<const N: usize>(text: &str) -> [c_char; N] {
    let mut out = [0; N];
    let (kept, dots) = if text.len() < N {
        (text, "")
    } else {
        (&text[..text.floor_char_boundary(N - 4)], "...")
    };
    // A NUL inside would hide what follows.
    let bytes = kept.bytes().chain(dots.bytes());
    for (to, from) in out
        .iter_mut()
        .zip(bytes.map(|b| if b == 0 { b'?' } else { b }))
    {
        *to = from.cast_signed() as c_char;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(chars: &[c_char]) -> String {
        let bytes = chars.iter().map(|c| *c as u8).take_while(|b| *b != 0);
        String::from_utf8(bytes.collect()).unwrap()
    }

    #[test]
    fn texts_are_cut_between_characters() {
        assert_eq!(text(&fixed::<8>("1234567")), "1234567");
        assert_eq!(text(&fixed::<8>("12345678")), "1234...");
        assert_eq!(text(&fixed::<8>("123\u{e9}5678")), "123...");
        assert_eq!(text(&fixed::<8>("a\0b")), "a?b");
        assert_eq!(text(&fixed::<8>("")), "");
    }

    #[test]
    fn every_reason_has_a_code_a_name_that_fits_and_a_text_that_fits() {
        for reason in Reason::ALL {
            let error = tls_std::Error::from(*reason);
            let info = tls_error_info::new(Some(&error));
            assert_eq!(text(&info.name), reason.name());
            assert_eq!(text(&info.text), reason.text());
            assert_eq!(info.number / 100, info.family);
            assert!(
                [TLS_ERR_TLS, TLS_ERR_IO, TLS_ERR_USAGE, TLS_ERR_PANIC].contains(&code(&error))
            );
        }
    }
}
