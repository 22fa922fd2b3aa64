use crate::error::{Reason, Result};
use crate::wire::{Put, Reader};

/// uncompressed (RFC 8422 §5.1.2): the only format that is not deprecated.
const UNCOMPRESSED: u8 = 0;

/// ec_point_formats, in either hello: uncompressed must be among them.
pub(crate) fn decode(body: &[u8]) -> Result<()> {
    let mut r = Reader::new("ec_point_formats", body);
    let formats = r.vec8(1..=255)?;
    r.end()?;
    if !formats.contains(&UNCOMPRESSED) {
        return Err(Reason::PointFormatMissing.into());
    }
    Ok(())
}

pub(crate) fn encode(out: &mut Vec<u8>) {
    out.vec8(|out| out.u8(UNCOMPRESSED));
}
