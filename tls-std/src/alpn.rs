//! Lists of application protocols (RFC 7301 §3.1).

use crate::error::{Error, Result};
use std::sync::Arc;
use tls_core::config::{AlpnDecision, AlpnSelector, ClientHelloInfo};
use tls_core::error::Reason;

/// `h2,http/1.1`; an empty text is an empty list.
pub(crate) fn parse_list(text: &str) -> Result<Vec<Vec<u8>>> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    text.split(',')
        .map(|name| checked(name.trim().as_bytes()))
        .collect()
}

/// Each name behind one byte with its length.
pub(crate) fn parse_wire(mut wire: &[u8]) -> Result<Vec<Vec<u8>>> {
    let mut names = Vec::new();
    while let Some((len, rest)) = wire.split_first() {
        let Some((name, rest)) = rest.split_at_checked(usize::from(*len)) else {
            return Err(Error::with(
                Reason::BadAlpnList,
                format!(
                    "the length byte of ALPN protocol {} says {len}, {} bytes are left",
                    names.len() + 1,
                    rest.len()
                ),
            ));
        };
        names.push(checked(name)?);
        wire = rest;
    }
    Ok(names)
}

/// Names as they are.
pub(crate) fn check(names: &[impl AsRef<[u8]>]) -> Result<Vec<Vec<u8>>> {
    names.iter().map(|name| checked(name.as_ref())).collect()
}

/// A server that has none in common with a client, and goes on.
#[derive(Debug)]
struct Lenient(Vec<Vec<u8>>);

/// Chooses the first of these that the client has, or none.
pub(crate) fn lenient(names: Vec<Vec<u8>>) -> Arc<dyn AlpnSelector> {
    Arc::new(Lenient(names))
}

impl AlpnSelector for Lenient {
    fn select(&self, hello: &ClientHelloInfo<'_>) -> AlpnDecision {
        let offered = |name: &&Vec<u8>| hello.alpn_names().any(|offer| offer == name.as_slice());
        match self.0.iter().find(offered) {
            Some(name) => AlpnDecision::Select(name.clone()),
            None => AlpnDecision::Ignore,
        }
    }
}

fn checked(name: &[u8]) -> Result<Vec<u8>> {
    match name.len() {
        1..=255 => Ok(name.to_vec()),
        len => Err(Error::with(
            Reason::BadAlpnList,
            format!("an ALPN protocol name has {len} bytes, 1 to 255 are possible"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists() {
        assert!(parse_list("").unwrap().is_empty());
        assert_eq!(
            parse_list("h2, http/1.1").unwrap(),
            [&b"h2"[..], b"http/1.1"]
        );
        for bad in [",", "h2,", ",h2", "h2,,x"] {
            assert_eq!(
                parse_list(bad).unwrap_err().reason(),
                Reason::BadAlpnList,
                "{bad}"
            );
        }
        assert!(parse_list(&"x".repeat(256)).is_err());
        assert!(parse_list(&"x".repeat(255)).is_ok());
    }

    #[test]
    fn wire() {
        assert!(parse_wire(b"").unwrap().is_empty());
        assert_eq!(parse_wire(b"\x02h2\x01,").unwrap(), [&b"h2"[..], b","]);
        for bad in [&b"\0"[..], b"\x02h", b"\x02h2\0", b"\x01"] {
            assert_eq!(
                parse_wire(bad).unwrap_err().reason(),
                Reason::BadAlpnList,
                "{bad:?}"
            );
        }
    }
}
