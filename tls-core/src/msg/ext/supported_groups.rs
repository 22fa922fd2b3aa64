use crate::error::Result;
use crate::wire::{NamedGroup, Put, Reader, Short};

/// supported_groups (RFC 8422 §5.1.1), in order of preference.
pub(crate) fn decode(body: &[u8]) -> Result<Short<NamedGroup, 16>> {
    let mut r = Reader::new("supported_groups", body);
    let groups = r.list16()?.map(NamedGroup).collect();
    r.end()?;
    Ok(groups)
}

pub(crate) fn encode(groups: impl IntoIterator<Item = NamedGroup>, out: &mut Vec<u8>) {
    out.vec16(|out| groups.into_iter().for_each(|g| out.u16(g.0)));
}
