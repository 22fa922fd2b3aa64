//! One certificate or CRL extension (RFC 5280 §4.2), as it stands in DER.

use crate::wire::der::{BadDer, Der, tag};

/// One extension (RFC 5280 §4.2): of a certificate, a CRL, an entry of one, or an OCSP response.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extension<'a> {
    /// Contents of the object identifier.
    pub(super) id: &'a [u8],
    pub(super) critical: bool,
    /// Contents of the OCTET STRING.
    pub(super) value: &'a [u8],
}

impl<'a> Extension<'a> {
    /// The next one of the contents of `Extensions`.
    pub(super) fn read(list: &mut Der<'a>) -> Result<Self, BadDer> {
        let mut fields = Der::new(list.expect(tag::SEQUENCE)?.content);
        let id = fields.expect(tag::OID)?.content;
        let critical = fields.flag(tag::BOOLEAN)?;
        let value = fields.expect(tag::OCTET_STRING)?.content;
        fields.end()?;
        Ok(Self {
            id,
            critical,
            value,
        })
    }
}
