//! Hello extensions (RFC 5246 §7.4.1.4), one file each, both directions.

pub(crate) mod alpn;
pub(crate) mod ec_point_formats;
pub(crate) mod empty;
pub(crate) mod max_fragment_length;
pub(crate) mod padding;
pub(crate) mod record_size_limit;
pub(crate) mod renegotiation_info;
pub(crate) mod server_name;
pub(crate) mod signature_algorithms;
pub(crate) mod signed_certificate_timestamp;
pub(crate) mod status_request;
pub(crate) mod supported_groups;

use crate::error::{Error, Reason, Result};
use crate::wire::{ExtensionType, Put, Reader, Short};

/// The extensions of a hello: framing checked, no duplicates, contents not looked at.
#[derive(Clone, Debug)]
pub(crate) struct Extensions<'a> {
    bytes: &'a [u8],
}

impl<'a> Extensions<'a> {
    /// Reads the block at the end of a hello; it may be absent.
    pub(crate) fn read(hello: &'static str, r: &mut Reader<'a>) -> Result<Self> {
        if r.is_empty() {
            return Ok(Self { bytes: &[] });
        }
        let bytes = r.vec16(0..=0xffff)?;
        let mut seen = Short::<u16, 32>::new();
        let mut list = Reader::new("extensions", bytes);
        while !list.is_empty() {
            seen.push(list.u16()?);
            list.vec16(0..=0xffff)?;
        }
        // Sorted: 64 KiB of empty extensions must not cost a quadratic search.
        seen.sort_unstable();
        if let Some(pair) = seen.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(Error::with(
                Reason::DuplicateExtension,
                format!(
                    "{hello} holds the extension {} twice",
                    ExtensionType(pair[0])
                ),
            ));
        }
        Ok(Self { bytes })
    }

    /// Type and contents of each, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (ExtensionType, &'a [u8])> + use<'a> {
        let mut list = Reader::new("extensions", self.bytes);
        core::iter::from_fn(move || {
            // Making an error only to end would cost more than reading does.
            if list.is_empty() {
                return None;
            }
            // The framing was checked by `read`.
            let typ = ExtensionType(list.u16().ok()?);
            Some((typ, list.vec16(0..=0xffff).ok()?))
        })
    }
}

/// Writes an extensions block; nothing at all when `body` writes nothing (RFC 5246 §7.4.1.2).
pub(crate) fn encode_block(out: &mut Vec<u8>, body: impl FnOnce(&mut Vec<u8>)) {
    let at = out.len();
    out.vec16(body);
    if out.len() == at + 2 {
        out.truncate(at);
    }
}

/// Writes one extension.
pub(crate) fn encode(typ: ExtensionType, out: &mut Vec<u8>, body: impl FnOnce(&mut Vec<u8>)) {
    out.u16(typ.0);
    out.vec16(body);
}
