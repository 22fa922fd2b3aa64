use crate::error::{Error, Reason, Result};
use crate::wire::{Put, Reader};
use core::net::IpAddr;

/// NameType.host_name (RFC 6066 §3).
const HOST_NAME: u8 = 0;

/// server_name in a ClientHello (RFC 6066 §3): the host name, if it is one. The list must not be
/// empty and must not name a type twice; names of other types are skipped. A host name that is no
/// ASCII text is malformed; one that is merely odd is `None`, for nobody serves it.
pub(crate) fn decode_client(body: &[u8]) -> Result<Option<&str>> {
    let mut r = Reader::new("server_name", body);
    let mut list = Reader::new("ServerNameList", r.vec16(1..=0xffff)?);
    r.end()?;
    let mut host = None;
    while !list.is_empty() {
        let typ = list.u8()?;
        let name = list.vec16(1..=0xffff)?;
        if typ != HOST_NAME {
            continue;
        }
        if host.replace(name).is_some() {
            return Err(Error::with(
                Reason::DecodeError,
                "server_name holds two host names",
            ));
        }
    }
    match host.map(core::str::from_utf8) {
        None => Ok(None),
        Some(Ok(name)) if name.is_ascii() && !name.contains('\0') => {
            Ok(Some(name).filter(|name| is_host(name)))
        }
        Some(_) => Err(Error::with(
            Reason::DecodeError,
            "the host name is not ASCII text",
        )),
    }
}

/// Whether a text can be a host: programs log it, and look files up by it. Letters, digits, hyphens
/// and underscores in labels of DNS's lengths, hyphens anywhere (real names have them at the ends
/// of labels); or an IP address, which RFC 6066 §3 forbids and clients send.
fn is_host(text: &str) -> bool {
    let name = text.strip_suffix('.').unwrap_or(text);
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let label = |l: &str| (1..=63).contains(&l.len()) && l.bytes().all(fits);
    let dns = name.len() <= 253 && name.split('.').all(label);
    dns || text.parse::<IpAddr>().is_ok()
}

pub(crate) fn encode_client(host: &str, out: &mut Vec<u8>) {
    out.vec16(|out| {
        out.u8(HOST_NAME);
        out.vec16(|out| out.raw(host.as_bytes()));
    });
}
