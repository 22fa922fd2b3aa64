use crate::error::Result;
use crate::wire::{Put, Reader};

/// NewSessionTicket (RFC 5077 §3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NewSessionTicket<'a> {
    /// For how many seconds the client should keep it; 0 says nothing.
    pub(crate) lifetime_hint: u32,
    /// Empty: the server changed its mind.
    pub(crate) ticket: &'a [u8],
}

impl<'a> NewSessionTicket<'a> {
    pub(crate) fn decode(body: &'a [u8]) -> Result<Self> {
        let mut r = Reader::new("NewSessionTicket", body);
        let lifetime_hint = u32::from_be_bytes(r.array()?);
        let ticket = r.vec16(0..=0xffff)?;
        r.end()?;
        Ok(Self {
            lifetime_hint,
            ticket,
        })
    }

    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        out.raw(&self.lifetime_hint.to_be_bytes());
        out.vec16(|out| out.raw(self.ticket));
    }
}
