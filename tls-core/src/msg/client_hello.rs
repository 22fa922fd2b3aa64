use super::ext::Extensions;
use crate::error::{Error, Reason, Result};
use crate::wire::{ProtocolVersion, Put, Reader, Short};

/// TLS_FALLBACK_SCSV (RFC 7507 §2).
pub(crate) const FALLBACK_SCSV: u16 = 0x5600;

/// The signalling suite value that stands for an empty renegotiation_info (RFC 5746 §3.3).
pub(crate) const EMPTY_RENEGOTIATION_INFO_SCSV: u16 = 0x00ff;

/// ClientHello (RFC 5246 §7.4.1.2), borrowed from the message.
#[derive(Debug)]
pub(crate) struct ClientHello<'a> {
    pub(crate) version: ProtocolVersion,
    pub(crate) random: [u8; 32],
    pub(crate) session_id: &'a [u8],
    pub(crate) suites: Short<u16, 40>,
    pub(crate) extensions: Extensions<'a>,
}

impl<'a> ClientHello<'a> {
    pub(crate) fn decode(body: &'a [u8]) -> Result<Self> {
        let mut r = Reader::new("ClientHello", body);
        let version = ProtocolVersion(r.u16()?);
        let random = r.array()?;
        let session_id = r.vec8(0..=32)?;
        let suites = r.list16()?.collect();
        let compressions = r.vec8(1..=255)?;
        let extensions = Extensions::read("ClientHello", &mut r)?;
        r.end()?;
        // RFC 5246 §7.4.1.2: the null method must be there.
        if !compressions.contains(&0) {
            return Err(Error::new(Reason::NullCompressionMissing));
        }
        Ok(Self {
            version,
            random,
            session_id,
            suites,
            extensions,
        })
    }

    /// Writes a hello of ours: version 1.2, null compression only, and no extensions block at all
    /// when `extensions` writes nothing.
    pub(crate) fn encode(
        out: &mut Vec<u8>,
        random: &[u8; 32],
        session_id: &[u8],
        suites: impl Iterator<Item = u16>,
        extensions: impl FnOnce(&mut Vec<u8>),
    ) {
        out.u16(ProtocolVersion::TLS12.0);
        out.raw(random);
        out.vec8(|out| out.raw(session_id));
        out.vec16(|out| suites.for_each(|id| out.u16(id)));
        out.vec8(|out| out.u8(0));
        super::ext::encode_block(out, extensions);
    }
}
