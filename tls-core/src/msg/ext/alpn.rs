use crate::error::{Error, Reason, Result};
use crate::wire::{Put, Reader};

/// application_layer_protocol_negotiation in a ClientHello (RFC 7301 §3.1): names in order of
/// preference, none empty. Kept as they came: thirty thousand names cost no thirty thousand
/// allocations.
#[derive(Clone, Debug)]
pub(crate) struct ProtocolNames(Box<[u8]>);

impl ProtocolNames {
    pub(crate) fn decode(body: &[u8]) -> Result<Self> {
        Ok(Self(read_list(body)?.into()))
    }

    /// The names as they came, each behind its length.
    pub(crate) fn wire(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &[u8]> + Clone {
        names(&self.0)
    }
}

/// The checked contents of a ProtocolNameList.
fn read_list(body: &[u8]) -> Result<&[u8]> {
    let mut r = Reader::new("application_layer_protocol_negotiation", body);
    let list = r.vec16(2..=0xffff)?;
    r.end()?;
    let mut r = Reader::new("ProtocolNameList", list);
    while !r.is_empty() {
        if r.vec8(0..=255)?.is_empty() {
            return Err(Reason::EmptyAlpnName.into());
        }
    }
    Ok(list)
}

/// The names of a list that was checked.
pub(crate) fn names(list: &[u8]) -> impl Iterator<Item = &[u8]> + Clone {
    let mut r = Reader::new("ProtocolNameList", list);
    core::iter::from_fn(move || {
        if r.is_empty() {
            None
        } else {
            r.vec8(1..=255).ok()
        }
    })
}

/// The same in a ServerHello: exactly one name.
pub(crate) fn decode_server(body: &[u8]) -> Result<&[u8]> {
    let mut names = names(read_list(body)?);
    match (names.next(), names.count()) {
        (Some(name), 0) => Ok(name),
        (_, more) => Err(Error::with(
            Reason::DecodeError,
            format!(
                "the server chose {} application protocols, not one",
                1 + more
            ),
        )),
    }
}

pub(crate) fn encode<'a>(names: impl Iterator<Item = &'a [u8]>, out: &mut Vec<u8>) {
    out.vec16(|out| names.for_each(|name| out.vec8(|out| out.raw(name))));
}
