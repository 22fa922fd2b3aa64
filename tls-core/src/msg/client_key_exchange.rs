use crate::crypto::{Agreement, ExchangeRow};
use crate::error::Result;
use crate::wire::{Put, Reader};

/// ClientKeyExchange (RFC 5246 §7.4.7, RFC 4279 §2), with the parts that its key exchange has.
#[derive(Debug)]
pub(crate) struct ClientKeyExchange<'a> {
    /// psk_identity, where there is one.
    pub(crate) identity: Option<&'a [u8]>,
    /// A point (RFC 8422 §5.7), a power (RFC 5246 §7.4.7.2) or an EncryptedPreMasterSecret (RFC 5246 §7.4.7.1).
    pub(crate) share: &'a [u8],
}

impl<'a> ClientKeyExchange<'a> {
    pub(crate) fn decode(row: ExchangeRow, body: &'a [u8]) -> Result<Self> {
        let mut r = Reader::new("ClientKeyExchange", body);
        let identity = match row.psk {
            true => Some(r.vec16(0..=0xffff)?),
            false => None,
        };
        let share = match row.agreement {
            Agreement::Ecdhe => r.vec8(1..=255)?,
            Agreement::Dhe => r.vec16(1..=0xffff)?,
            Agreement::Rsa => r.vec16(0..=0xffff)?,
            Agreement::Nothing => &[],
        };
        r.end()?;
        Ok(Self { identity, share })
    }

    pub(crate) fn encode(&self, row: ExchangeRow, out: &mut Vec<u8>) {
        if let Some(identity) = self.identity {
            out.vec16(|out| out.raw(identity));
        }
        match row.agreement {
            Agreement::Ecdhe => out.vec8(|out| out.raw(self.share)),
            Agreement::Dhe | Agreement::Rsa => out.vec16(|out| out.raw(self.share)),
            Agreement::Nothing => {}
        }
    }
}
