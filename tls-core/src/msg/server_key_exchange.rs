use super::certificate_verify::DigitallySigned;
use crate::crypto::{Agreement, ExchangeRow};
use crate::error::{Error, Reason, Result};
use crate::wire::{NamedGroup, Put, Reader};

/// ECCurveType.named_curve (RFC 8422 §5.4).
const NAMED_CURVE: u8 = 3;

/// ServerKeyExchange (RFC 5246 §7.4.3, RFC 8422 §5.4, RFC 4279 §2), with the parts that its key exchange has.
#[derive(Debug)]
pub(crate) struct ServerKeyExchange<'a> {
    /// Everything but the signature, as it came: what the signature covers.
    pub(crate) params: &'a [u8],
    /// psk_identity_hint; empty where there is none.
    pub(crate) hint: &'a [u8],
    pub(crate) share: ServerShare<'a>,
    pub(crate) signed: Option<DigitallySigned<'a>>,
}

/// The server's half of the agreement.
#[derive(Debug)]
pub(crate) enum ServerShare<'a> {
    /// ServerECDHParams (RFC 8422 §5.4).
    Ecdhe { group: NamedGroup, public: &'a [u8] },
    /// ServerDHParams (RFC 5246 §7.4.3).
    Dhe {
        p: &'a [u8],
        g: &'a [u8],
        public: &'a [u8],
    },
    /// The half is the certificate, or there is none.
    Nothing,
}

impl<'a> ServerKeyExchange<'a> {
    pub(crate) fn decode(row: ExchangeRow, body: &'a [u8]) -> Result<Self> {
        let mut r = Reader::new("ServerKeyExchange", body);
        let hint = match row.psk {
            true => r.vec16(0..=0xffff)?,
            false => &[],
        };
        let share = ServerShare::read(row.agreement, &mut r)?;
        let params = &body[..r.position()];
        let signed = match row.signed {
            true => Some(DigitallySigned::read(&mut r)?),
            false => None,
        };
        r.end()?;
        Ok(Self {
            params,
            hint,
            share,
            signed,
        })
    }
}

/// Appends everything but the signature.
pub(crate) fn encode_params(
    row: ExchangeRow,
    hint: &[u8],
    share: &ServerShare<'_>,
    out: &mut Vec<u8>,
) {
    if row.psk {
        out.vec16(|out| out.raw(hint));
    }
    share.encode(out);
}

impl<'a> ServerShare<'a> {
    fn read(agreement: Agreement, r: &mut Reader<'a>) -> Result<Self> {
        match agreement {
            Agreement::Ecdhe => {
                let curve_type = r.u8()?;
                if curve_type != NAMED_CURVE {
                    return Err(Error::with(
                        Reason::GroupNotOffered,
                        format!(
                            "the server sent curve type {curve_type}, only named_curve is offered"
                        ),
                    ));
                }
                let group = NamedGroup(r.u16()?);
                let public = r.vec8(1..=255)?;
                Ok(Self::Ecdhe { group, public })
            }
            Agreement::Dhe => Ok(Self::Dhe {
                p: r.vec16(1..=0xffff)?,
                g: r.vec16(1..=0xffff)?,
                public: r.vec16(1..=0xffff)?,
            }),
            Agreement::Rsa | Agreement::Nothing => Ok(Self::Nothing),
        }
    }

    fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Self::Ecdhe { group, public } => {
                out.u8(NAMED_CURVE);
                out.u16(group.0);
                out.vec8(|out| out.raw(public));
            }
            Self::Dhe { p, g, public } => {
                for number in [p, g, public] {
                    out.vec16(|out| out.raw(number));
                }
            }
            Self::Nothing => {}
        }
    }
}
