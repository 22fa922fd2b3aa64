use super::ext::Extensions;
use crate::error::{Error, Reason, Result};
use crate::wire::{ProtocolVersion, Put, Reader};

/// ServerHello (RFC 5246 §7.4.1.3), borrowed from the message.
#[derive(Debug)]
pub(crate) struct ServerHello<'a> {
    pub(crate) version: ProtocolVersion,
    pub(crate) random: [u8; 32],
    pub(crate) session_id: &'a [u8],
    pub(crate) suite: u16,
    pub(crate) extensions: Extensions<'a>,
}

impl<'a> ServerHello<'a> {
    pub(crate) fn decode(body: &'a [u8]) -> Result<Self> {
        let mut r = Reader::new("ServerHello", body);
        let version = ProtocolVersion(r.u16()?);
        let random = r.array()?;
        let session_id = r.vec8(0..=32)?;
        let suite = r.u16()?;
        let compression = r.u8()?;
        let extensions = Extensions::read("ServerHello", &mut r)?;
        r.end()?;
        if compression != 0 {
            return Err(Error::with(
                Reason::CompressionNotOffered,
                format!("the server chose compression method {compression}, only 0 was offered"),
            ));
        }
        Ok(Self {
            version,
            random,
            session_id,
            suite,
            extensions,
        })
    }

    pub(crate) fn encode(
        out: &mut Vec<u8>,
        random: &[u8; 32],
        session_id: &[u8],
        suite: u16,
        extensions: impl FnOnce(&mut Vec<u8>),
    ) {
        out.u16(ProtocolVersion::TLS12.0);
        out.raw(random);
        out.vec8(|out| out.raw(session_id));
        out.u16(suite);
        out.u8(0);
        super::ext::encode_block(out, extensions);
    }
}
