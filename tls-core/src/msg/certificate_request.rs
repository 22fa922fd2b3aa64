use crate::error::Result;
use crate::wire::{ClientCertificateType, Reader, SignatureScheme};

/// CertificateRequest (RFC 5246 §7.4.4).
#[derive(Debug)]
pub(crate) struct CertificateRequest<'a> {
    types: &'a [u8],
    schemes: Vec<SignatureScheme>,
    authorities: Vec<&'a [u8]>,
}

impl<'a> CertificateRequest<'a> {
    pub(crate) fn decode(body: &'a [u8]) -> Result<Self> {
        let mut r = Reader::new("CertificateRequest", body);
        let types = r.vec8(1..=255)?;
        let schemes = r.list16()?.map(SignatureScheme).collect();
        let mut names = Reader::new(
            "CertificateRequest.certificate_authorities",
            r.vec16(0..=0xffff)?,
        );
        let mut authorities = Vec::new();
        while !names.is_empty() {
            authorities.push(names.vec16(1..=0xffff)?);
        }
        r.end()?;
        Ok(Self {
            types,
            schemes,
            authorities,
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
}
