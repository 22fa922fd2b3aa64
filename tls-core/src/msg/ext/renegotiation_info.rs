use crate::error::{Error, Reason, Result};
use crate::wire::{Put, Reader};

/// renegotiation_info of a first handshake, the only one there is (RFC 5746 §3.4, §3.6): it must be
/// empty. In a renegotiation it would hold verify_data (§3.2).
pub(crate) fn decode_first(body: &[u8]) -> Result<()> {
    let mut r = Reader::new("renegotiation_info", body);
    let renegotiated_connection = r.vec8(0..=255)?;
    r.end()?;
    if renegotiated_connection.is_empty() {
        return Ok(());
    }
    Err(Error::with(
        Reason::RenegotiationMismatch,
        format!(
            "renegotiation_info holds {} bytes, in a first handshake it must be empty",
            renegotiated_connection.len()
        ),
    ))
}

pub(crate) fn encode(renegotiated_connection: &[u8], out: &mut Vec<u8>) {
    out.vec8(|out| out.raw(renegotiated_connection));
}
