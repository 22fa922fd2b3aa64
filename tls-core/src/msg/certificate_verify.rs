use crate::error::Result;
use crate::wire::{Put, Reader, SignatureScheme};

/// A DigitallySigned struct (RFC 5246 §4.7): what CertificateVerify (§7.4.8) is, and what stands
/// behind the parameters of a signed ServerKeyExchange (§7.4.3).
#[derive(Clone, Copy, Debug)]
pub(crate) struct DigitallySigned<'a> {
    pub(crate) scheme: SignatureScheme,
    pub(crate) signature: &'a [u8],
}

impl<'a> DigitallySigned<'a> {
    pub(crate) fn read(r: &mut Reader<'a>) -> Result<Self> {
        let scheme = SignatureScheme(r.u16()?);
        Ok(Self {
            scheme,
            signature: r.vec16(0..=0xffff)?,
        })
    }

    pub(crate) fn encode(self, out: &mut Vec<u8>) {
        out.u16(self.scheme.0);
        out.vec16(|out| out.raw(self.signature));
    }
}
