use super::ext::status_request::OCSP;
use crate::error::{Error, Reason, Result};
use crate::wire::{Put, Reader};

/// CertificateStatus (RFC 6066 §8): the DER OCSPResponse of the staple.
pub(crate) fn decode(body: &[u8]) -> Result<&[u8]> {
    let mut r = Reader::new("CertificateStatus", body);
    let typ = r.u8()?;
    if typ != OCSP {
        return Err(Error::with(
            Reason::BadExtension,
            format!("the certificate status has type {typ}, only ocsp was asked for"),
        ));
    }
    let response = r.vec24(1..=(1 << 24) - 1)?;
    r.end()?;
    Ok(response)
}

/// `response` has at most 2^24 - 1 bytes, and far fewer in our configuration.
pub(crate) fn encode(response: &[u8], out: &mut Vec<u8>) {
    out.u8(OCSP);
    out.vec24(|out| out.raw(response));
}
