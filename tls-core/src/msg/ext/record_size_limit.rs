use crate::error::{Error, Reason, Result};
use crate::wire::{Put, Reader};

/// The smallest limit in bytes (RFC 8449 §4).
pub(crate) const MIN: u16 = 64;

/// record_size_limit (RFC 8449 §4), in either hello: the longest plaintext in bytes of a protected
/// record that the sender will take. Below 64 is an illegal_parameter; beyond what a record can hold
/// is left to whoever reads it.
pub(crate) fn decode(body: &[u8]) -> Result<u16> {
    let mut r = Reader::new("record_size_limit", body);
    let limit = r.u16()?;
    r.end()?;
    if limit < MIN {
        return Err(Error::with(
            Reason::BadFragmentLength,
            format!("record_size_limit is {limit}, at least {MIN} is required"),
        ));
    }
    Ok(limit)
}

pub(crate) fn encode(limit: u16, out: &mut Vec<u8>) {
    out.u16(limit);
}
