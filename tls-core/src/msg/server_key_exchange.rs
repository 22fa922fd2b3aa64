use super::certificate_verify::DigitallySigned;
use crate::error::{Error, Reason, Result};
use crate::wire::{NamedGroup, Put, Reader};

/// ECCurveType.named_curve (RFC 8422 §5.4).
const NAMED_CURVE: u8 = 3;

/// ServerKeyExchange of ECDHE_RSA and ECDHE_ECDSA (RFC 8422 §5.4).
#[derive(Debug)]
pub(crate) struct EcdheServerKeyExchange<'a> {
    /// ServerECDHParams as they came: what the signature covers.
    pub(crate) params: &'a [u8],
    pub(crate) group: NamedGroup,
    pub(crate) public: &'a [u8],
    pub(crate) signed: DigitallySigned<'a>,
}

impl<'a> EcdheServerKeyExchange<'a> {
    pub(crate) fn decode(body: &'a [u8]) -> Result<Self> {
        let mut r = Reader::new("ServerKeyExchange", body);
        let curve_type = r.u8()?;
        if curve_type != NAMED_CURVE {
            return Err(Error::with(
                Reason::GroupNotOffered,
                format!("the server sent curve type {curve_type}, only named_curve is offered"),
            ));
        }
        let group = NamedGroup(r.u16()?);
        let public = r.vec8(1..=255)?;
        let params = &body[..r.position()];
        let signed = DigitallySigned::read(&mut r)?;
        r.end()?;
        Ok(Self {
            params,
            group,
            public,
            signed,
        })
    }

    /// ServerECDHParams alone.
    pub(crate) fn encode_params(out: &mut Vec<u8>, group: NamedGroup, public: &[u8]) {
        out.u8(NAMED_CURVE);
        out.u16(group.0);
        out.vec8(|out| out.raw(public));
    }
}
