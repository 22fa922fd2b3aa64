use crate::error::{Error, Reason, Result};
use crate::wire::{Put, Reader};
use subtle::ConstantTimeEq;

/// renegotiated_connection (RFC 5746 §3.2).
pub(crate) fn decode(body: &[u8]) -> Result<&[u8]> {
    let mut r = Reader::new("renegotiation_info", body);
    let renegotiated_connection = r.vec8(0..=255)?;
    r.end()?;
    Ok(renegotiated_connection)
}

/// What must stand in it: nothing in a first handshake, verify_data of the one before in a
/// renegotiation (RFC 5746 §3.4 to §3.7).
pub(crate) fn check(body: &[u8], expected: &[&[u8]]) -> Result<()> {
    let (got, expected) = (decode(body)?, expected.concat());
    if bool::from(got.ct_eq(&expected)) {
        return Ok(());
    }
    let text = if expected.is_empty() {
        format!(
            "renegotiation_info holds {} bytes, in a first handshake it must be empty",
            got.len()
        )
    } else {
        "renegotiation_info does not hold the verify_data of the handshake before".to_owned()
    };
    Err(Error::with(Reason::RenegotiationMismatch, text))
}

pub(crate) fn encode(renegotiated_connection: &[&[u8]], out: &mut Vec<u8>) {
    out.vec8(|out| {
        for part in renegotiated_connection {
            out.raw(part);
        }
    });
}
