use crate::error::Result;
use crate::wire::{ClientCertificateType, Put, Reader, SignatureScheme};

/// CertificateRequest (RFC 5246 §7.4.4).
#[derive(Debug)]
pub(crate) struct CertificateRequest<'a> {
    types: &'a [u8],
    schemes: Vec<SignatureScheme>,
    authorities: Vec<&'a [u8]>,
    list: &'a [u8],
}

impl<'a> CertificateRequest<'a> {
    pub(crate) fn decode(body: &'a [u8]) -> Result<Self> {
        let mut r = Reader::new("CertificateRequest", body);
        let types = r.vec8(1..=255)?;
        let schemes = r.list16()?.map(SignatureScheme).collect();
        let list = r.vec16(0..=0xffff)?;
        let mut names = Reader::new("CertificateRequest.certificate_authorities", list);
        let mut authorities = Vec::new();
        while !names.is_empty() {
            authorities.push(names.vec16(1..=0xffff)?);
        }
        r.end()?;
        Ok(Self {
            types,
            schemes,
            authorities,
            list,
        })
    }

    /// Whether a certificate of this type is asked for.
    pub(crate) fn wants(&self, typ: ClientCertificateType) -> bool {
        self.types.contains(&typ.0)
    }

    /// The schemes that the server verifies.
    pub(crate) fn schemes(&self) -> &[SignatureScheme] {
        &self.schemes
    }

    /// DER names of the CAs that the server trusts; none means that it does not say.
    pub(crate) fn authorities(&self) -> &[&'a [u8]] {
        &self.authorities
    }

    /// The same as it came: each name behind two bytes with its length.
    pub(crate) fn authorities_list(&self) -> &'a [u8] {
        self.list
    }
}

/// Most bytes of all names with their lengths: more than three hundred CAs, and well within what
/// peers take as one message.
pub(crate) const MAX_AUTHORITIES: usize = 48 << 10;

/// Writes a request of ours. `authorities` are DER names, together at most [`MAX_AUTHORITIES`].
pub(crate) fn encode(
    types: impl Iterator<Item = ClientCertificateType>,
    schemes: &[SignatureScheme],
    authorities: &[Vec<u8>],
    out: &mut Vec<u8>,
) {
    out.vec8(|out| types.for_each(|typ| out.u8(typ.0)));
    out.vec16(|out| schemes.iter().for_each(|scheme| out.u16(scheme.0)));
    out.vec16(|out| {
        for name in authorities {
            out.vec16(|out| out.raw(name));
        }
    });
}

/// Bytes that these names need in a request.
pub(crate) fn authorities_len(authorities: &[Vec<u8>]) -> usize {
    authorities.iter().map(|name| 2 + name.len()).sum()
}
