//! Sentences about a certificate: they name it, the rule, and what was expected.

use super::san::AltName;
use super::view::CertView;
use super::{Purpose, dn, time};
use crate::error::{Error, Reason};

/// What a sentence calls a certificate: its subject, else its first name, else its serial number.
pub(super) fn title(view: &CertView<'_>) -> String {
    if !matches!(view.subject, [_, 0]) {
        return dn::short(view.subject);
    }
    let named = view.alt_names().ok().flatten().and_then(|mut names| {
        names.find_map(|n| match n {
            AltName::Dns(text) | AltName::Email(text) | AltName::Uri(text) => {
                let mut visible = String::new();
                text.chars().for_each(|c| dn::push_visible(&mut visible, c));
                Some(dn::shorten(visible))
            }
            AltName::Ip(ip) => Some(ip.to_string()),
            AltName::Other => None,
        })
    });
    named.unwrap_or_else(|| {
        let mut serial = "serial number ".to_owned();
        dn::push_hex(&mut serial, view.serial);
        dn::shorten(serial)
    })
}

pub(super) fn expired(view: &CertView<'_>, now: i64) -> Error {
    Error::with(
        Reason::CertificateExpired,
        format!(
            "the certificate of {} expired at {} (now is {})",
            title(view),
            time::readable(view.not_after),
            time::readable(now)
        ),
    )
}

pub(super) fn not_yet_valid(view: &CertView<'_>, now: i64) -> Error {
    Error::with(
        Reason::CertificateNotYetValid,
        format!(
            "the certificate of {} is not valid before {} (now is {})",
            title(view),
            time::readable(view.not_before),
            time::readable(now)
        ),
    )
}

pub(super) fn wrong_purpose(view: &CertView<'_>, purpose: Purpose) -> Error {
    Error::with(
        Reason::CertificateUsage,
        format!(
            "the extendedKeyUsage of {} does not have {}",
            title(view),
            purpose.name()
        ),
    )
}

pub(super) fn not_ca(view: &CertView<'_>, why: &str) -> Error {
    Error::with(
        Reason::CertificateNotCa,
        format!("{} may not issue certificates: {why}", title(view)),
    )
}

pub(super) fn malformed(view: &CertView<'_>, why: &str) -> Error {
    Error::with(
        Reason::CertificateMalformed,
        format!("the certificate of {} is malformed: {why}", title(view)),
    )
}
