use crate::crypto::{Agreement, ExchangeRow};
use crate::error::Result;
use crate::wire::{Put, Reader};

/// ClientKeyExchange (RFC 5246 §7.4.7), with the parts that its key exchange has.
#[derive(Debug)]
pub(crate) struct ClientKeyExchange<'a> {
    /// A point (RFC 8422 §5.7), a power (RFC 5246 §7.4.7.2) or an EncryptedPreMasterSecret (RFC 5246 §7.4.7.1).
    pub(crate) share: &'a [u8],
}

impl<'a> ClientKeyExchange<'a> {
    pub(crate) fn decode(row: ExchangeRow, body: &'a [u8]) -> Result<Self> {
        let mut r = Reader::new("ClientKeyExchange", body);
        let share = match row.agreement {
            Agreement::Ecdhe => r.vec8(1..=255)?,
            Agreement::Dhe => r.vec16(1..=0xffff)?,
            Agreement::Rsa => r.vec16(0..=0xffff)?,
        };
        r.end()?;
        Ok(Self { share })
    }

    pub(crate) fn encode(&self, row: ExchangeRow, out: &mut Vec<u8>) {
        match row.agreement {
            Agreement::Ecdhe => out.vec8(|out| out.raw(self.share)),
            Agreement::Dhe | Agreement::Rsa => out.vec16(|out| out.raw(self.share)),
        }
    }
}
