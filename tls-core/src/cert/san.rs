//! Names inside certificates: subjectAltName (RFC 5280 §4.2.1.6), and how a host matches them.

use super::dn;
use super::view::{CertView, oid};
use crate::wire::der::{BadDer, Der, only, tag};
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Names that a sentence lists before it only counts.
const MAX_LISTED: usize = 8;

/// How a certificate fits a host name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MatchQuality {
    /// It does not.
    No,
    /// By a wildcard.
    Wildcard,
    /// By name or address.
    Exact,
}

/// One `GeneralName`, of the kinds that matter here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AltName<'a> {
    Dns(&'a str),
    Ip(IpAddr),
    Email(&'a str),
    Uri(&'a str),
    /// Another kind, or not what its kind has to be.
    Other,
}

/// The entries of a subjectAltName extension.
pub(super) struct AltNames<'a>(Der<'a>);

impl<'a> CertView<'a> {
    /// The entries of subjectAltName; `None` without that extension.
    pub(super) fn alt_names(&self) -> Result<Option<AltNames<'a>>, BadDer> {
        self.extension(oid::SUBJECT_ALT_NAME)?
            .map(|value| Ok(AltNames(Der::new(only(value, tag::SEQUENCE)?))))
            .transpose()
    }
}

impl CertView<'_> {
    /// Whether subjectAltName has a name of this kind, as GeneralName numbers them.
    pub(super) fn has_name_of(&self, kind: u8) -> bool {
        let Ok(Some(AltNames(mut entries))) = self.alt_names() else {
            return false;
        };
        core::iter::from_fn(|| entries.next().ok()).any(|entry| entry.tag & 0x1f == kind)
    }
}

impl<'a> Iterator for AltNames<'a> {
    type Item = AltName<'a>;

    /// Ends at the first entry that is no DER.
    fn next(&mut self) -> Option<AltName<'a>> {
        let entry = self.0.next().ok()?;
        let ascii = core::str::from_utf8(entry.content)
            .ok()
            .filter(|s| s.is_ascii());
        Some(match (entry.tag, ascii) {
            (0x81, Some(text)) => AltName::Email(text),
            (0x82, Some(text)) => AltName::Dns(text),
            (0x86, Some(text)) => AltName::Uri(text),
            (0x87, _) => ip(entry.content).map_or(AltName::Other, AltName::Ip),
            _ => AltName::Other,
        })
    }
}

/// An iPAddress: four or sixteen bytes.
pub(super) fn ip(bytes: &[u8]) -> Option<IpAddr> {
    if let Ok(v4) = <[u8; 4]>::try_from(bytes) {
        return Some(Ipv4Addr::from(v4).into());
    }
    <[u8; 16]>::try_from(bytes)
        .ok()
        .map(|v6| Ipv6Addr::from(v6).into())
}

/// RFC 9525 §6.3: names are equal without regard to ASCII case, and a wildcard stands for exactly
/// the whole left-most label. At least two labels must follow it.
pub(super) fn match_dns(pattern: &str, host: &str) -> MatchQuality {
    if let Some(parent) = pattern.strip_prefix("*.") {
        let covers = parent.contains('.')
            && host.split_once('.').is_some_and(|(label, rest)| {
                !label.is_empty() && rest.eq_ignore_ascii_case(parent)
            });
        return if covers {
            MatchQuality::Wildcard
        } else {
            MatchQuality::No
        };
    }
    if !host.is_empty() && pattern.eq_ignore_ascii_case(host) {
        MatchQuality::Exact
    } else {
        MatchQuality::No
    }
}

/// The hosts that a certificate is for, as a sentence lists them: `a.example, 192.0.2.1`.
pub(super) fn list_hosts(names: AltNames<'_>) -> String {
    let mut text = String::new();
    let mut more = 0;
    let hosts = names.filter_map(|name| match name {
        AltName::Dns(name) => Some(name.to_owned()),
        AltName::Ip(ip) => Some(ip.to_string()),
        AltName::Email(_) | AltName::Uri(_) | AltName::Other => None,
    });
    for (i, host) in hosts.enumerate() {
        if i >= MAX_LISTED {
            more += 1;
            continue;
        }
        if i > 0 {
            text.push_str(", ");
        }
        for c in dn::shorten(host).chars() {
            dn::push_visible(&mut text, c);
        }
    }
    match more {
        0 => text,
        n => format!("{text} and {n} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use MatchQuality::{Exact, No, Wildcard};

    #[test]
    fn dns_names() {
        for (pattern, host, expected) in [
            ("a.example", "a.example", Exact),
            ("A.Example", "a.eXample", Exact),
            ("a.example", "b.example", No),
            ("a.example", "a.example.com", No),
            ("", "", No),
            ("*.example.test", "a.example.test", Wildcard),
            ("*.EXAMPLE.test", "A.example.TEST", Wildcard),
            ("*.example.test", "example.test", No),
            ("*.example.test", ".example.test", No),
            ("*.example.test", "a.b.example.test", No),
            ("*.test", "example.test", No),
            ("*", "test", No),
            ("*.", "test.", No),
            ("a*.example.test", "ab.example.test", No),
            ("*a.example.test", "ba.example.test", No),
            ("a.*.test", "a.example.test", No),
        ] {
            assert_eq!(match_dns(pattern, host), expected, "{pattern} {host}");
        }
    }
}
