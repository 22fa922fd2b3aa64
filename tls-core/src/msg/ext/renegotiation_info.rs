use crate::error::Result;
use crate::wire::{Put, Reader};

/// renegotiation_info (RFC 5746 §3.2): verify_data of the handshake before; empty in a first one.
pub(crate) fn decode(body: &[u8]) -> Result<&[u8]> {
    let mut r = Reader::new("renegotiation_info", body);
    let renegotiated_connection = r.vec8(0..=255)?;
    r.end()?;
    Ok(renegotiated_connection)
}

pub(crate) fn encode(renegotiated_connection: &[u8], out: &mut Vec<u8>) {
    out.vec8(|out| out.raw(renegotiated_connection));
}
