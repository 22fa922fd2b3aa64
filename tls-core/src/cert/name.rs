//! The name of a server as a user gives it (RFC 9525 §2).

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;

/// The name is neither a DNS name nor an IP address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidName;

/// The name of a server, as a user gives it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ServerName {
    /// A DNS name in lower case, without a trailing dot; labels may be A-labels (RFC 5890).
    Dns(Arc<str>),
    /// An IP address: verified against iPAddress entries and never sent as SNI (RFC 6066 §3).
    Ip(IpAddr),
}

impl ServerName {
    /// Parses an IP literal (IPv6 with or without brackets) or a DNS name.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let bare = text
            .strip_prefix('[')
            .and_then(|t| t.strip_suffix(']'))
            .unwrap_or(text);
        if let Ok(ip) = bare.parse() {
            return Ok(Self::Ip(ip));
        }
        let name = text.strip_suffix('.').unwrap_or(text);
        if !is_dns_name(name) {
            return Err(InvalidName);
        }
        Ok(Self::Dns(name.to_ascii_lowercase().into()))
    }

    /// The name or the address as text.
    pub(crate) fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Dns(name) => Cow::Borrowed(name),
            Self::Ip(ip) => ip.to_string().into(),
        }
    }

    /// The host name for server_name, or `None` for IP addresses.
    pub fn sni(&self) -> Option<&str> {
        self.shared_sni().map(|name| &**name)
    }

    /// The same, to be kept.
    pub(crate) fn shared_sni(&self) -> Option<&Arc<str>> {
        match self {
            Self::Dns(name) => Some(name),
            Self::Ip(_) => None,
        }
    }
}

impl core::fmt::Display for ServerName {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Dns(name) => f.write_str(name),
            Self::Ip(ip) => write!(f, "{ip}"),
        }
    }
}

/// RFC 1123 §2.1 host names, with the underscore that real names use: labels of 1 to 63 bytes, 253
/// in total; a last label of digits alone would be a mistyped IPv4 address.
fn is_dns_name(name: &str) -> bool {
    let label = |l: &str| {
        (1..=63).contains(&l.len())
            && l.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            && !l.starts_with('-')
            && !l.ends_with('-')
    };
    name.len() <= 253
        && name.split('.').all(label)
        && name
            .rsplit('.')
            .next()
            .is_some_and(|l| !l.bytes().all(|b| b.is_ascii_digit()))
}
