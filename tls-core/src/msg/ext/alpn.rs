use crate::error::{Error, Reason, Result};
use crate::wire::{Put, Reader};

/// application_layer_protocol_negotiation in a ClientHello (RFC 7301 §3.1): names in order of
/// preference, none empty.
pub(crate) fn decode_client(body: &[u8]) -> Result<Vec<&[u8]>> {
    let mut r = Reader::new("application_layer_protocol_negotiation", body);
    let mut list = Reader::new("ProtocolNameList", r.vec16(2..=0xffff)?);
    r.end()?;
    let mut names = Vec::new();
    while !list.is_empty() {
        let name = list.vec8(0..=255)?;
        if name.is_empty() {
            return Err(Reason::EmptyAlpnName.into());
        }
        names.push(name);
    }
    Ok(names)
}

/// The same in a ServerHello: exactly one name.
pub(crate) fn decode_server(body: &[u8]) -> Result<&[u8]> {
    match decode_client(body)?[..] {
        [name] => Ok(name),
        ref names => Err(Error::with(
            Reason::DecodeError,
            format!(
                "the server chose {} application protocols, not one",
                names.len()
            ),
        )),
    }
}

pub(crate) fn encode<'a>(names: impl Iterator<Item = &'a [u8]>, out: &mut Vec<u8>) {
    out.vec16(|out| names.for_each(|name| out.vec8(|out| out.raw(name))));
}
