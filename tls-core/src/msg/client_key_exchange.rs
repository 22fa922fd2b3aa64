use crate::error::Result;
use crate::wire::{Put, Reader};

/// ClientKeyExchange with a ClientECDiffieHellmanPublic (RFC 8422 §5.7).
pub(crate) fn decode_ecdhe(body: &[u8]) -> Result<&[u8]> {
    let mut r = Reader::new("ClientKeyExchange", body);
    let public = r.vec8(1..=255)?;
    r.end()?;
    Ok(public)
}

pub(crate) fn encode_ecdhe(public: &[u8], out: &mut Vec<u8>) {
    out.vec8(|out| out.raw(public));
}

/// ClientKeyExchange with an EncryptedPreMasterSecret (RFC 5246 §7.4.7.1).
pub(crate) fn decode_rsa(body: &[u8]) -> Result<&[u8]> {
    let mut r = Reader::new("ClientKeyExchange", body);
    let encrypted = r.vec16(0..=0xffff)?;
    r.end()?;
    Ok(encrypted)
}

pub(crate) fn encode_rsa(encrypted: &[u8], out: &mut Vec<u8>) {
    out.vec16(|out| out.raw(encrypted));
}
