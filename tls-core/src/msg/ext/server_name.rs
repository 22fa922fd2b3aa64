use crate::error::{Error, Reason, Result};
use crate::wire::{Put, Reader};

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
        Some(Ok(name)) if name.is_ascii() && !name.contains('\0') => Ok(Some(name)),
        Some(_) => Err(Error::with(
            Reason::DecodeError,
            "the host name is not ASCII text",
        )),
    }
}

pub(crate) fn encode_client(host: &str, out: &mut Vec<u8>) {
    out.vec16(|out| {
        out.u8(HOST_NAME);
        out.vec16(|out| out.raw(host.as_bytes()));
    });
}
