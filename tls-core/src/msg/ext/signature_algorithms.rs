use crate::error::Result;
use crate::wire::{Put, Reader, Short, SignatureScheme};

/// signature_algorithms (RFC 5246 §7.4.1.4.1), in order of preference.
pub(crate) fn decode(body: &[u8]) -> Result<Short<SignatureScheme, 24>> {
    let mut r = Reader::new("signature_algorithms", body);
    let schemes = r.list16()?.map(SignatureScheme).collect();
    r.end()?;
    Ok(schemes)
}

pub(crate) fn encode(schemes: &[SignatureScheme], out: &mut Vec<u8>) {
    out.vec16(|out| schemes.iter().for_each(|s| out.u16(s.0)));
}
