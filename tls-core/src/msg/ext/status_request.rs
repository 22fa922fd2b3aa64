use crate::error::Result;
use crate::wire::{Put, Reader};

/// CertificateStatusType.ocsp (RFC 6066 §8).
pub(crate) const OCSP: u8 = 1;

/// status_request in a ClientHello (RFC 6066 §8): whether an OCSP staple is asked for. Requests of
/// other types have a form that is unknown here.
pub(crate) fn decode_client(body: &[u8]) -> Result<bool> {
    let mut r = Reader::new("status_request", body);
    if r.u8()? != OCSP {
        return Ok(false);
    }
    let mut ids = Reader::new("responder_id_list", r.vec16(0..=0xffff)?);
    r.vec16(0..=0xffff)?;
    r.end()?;
    while !ids.is_empty() {
        ids.vec16(1..=0xffff)?;
    }
    Ok(true)
}

/// Asks for a staple, from any responder, without extensions.
pub(crate) fn encode_client(out: &mut Vec<u8>) {
    out.u8(OCSP);
    out.vec16(|_| {});
    out.vec16(|_| {});
}
