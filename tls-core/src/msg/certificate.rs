use crate::error::{Error, Reason, Result};
use crate::wire::{Certificate, Put, Reader};
use std::sync::Arc;

/// Entries of a certificate_list: several times what a verifier looks at. The message has room for
/// thousands, each of which would be kept.
const MAX_ENTRIES: usize = 64;

/// Most bytes that three length bytes can say.
const MAX_LEN: usize = (1 << 24) - 1;

/// Certificate (RFC 5246 §7.4.2): the sender's chain, leaf first; empty from a client that has
/// none. An empty entry is malformed.
///
/// `share` makes certificates of entries: of one that is known already, another reference.
pub(crate) fn decode(
    body: &[u8],
    share: impl Fn(&[u8]) -> Certificate,
) -> Result<Arc<[Certificate]>> {
    let mut r = Reader::new("Certificate", body);
    let mut list = Reader::new("Certificate.certificate_list", r.vec24(0..=MAX_LEN)?);
    r.end()?;
    let mut entries: [&[u8]; MAX_ENTRIES] = [&[]; MAX_ENTRIES];
    let mut count = 0;
    while !list.is_empty() {
        let Some(entry) = entries.get_mut(count) else {
            return Err(Error::with(
                Reason::CertificateChainTooLong,
                format!("the chain has more than {MAX_ENTRIES} certificates"),
            ));
        };
        *entry = list.vec24(1..=MAX_LEN)?;
        count += 1;
    }
    Ok(entries[..count].iter().map(|der| share(der)).collect())
}

pub(crate) fn encode(chain: &[Certificate], out: &mut Vec<u8>) {
    out.reserve(3 + chain.iter().map(|c| 3 + c.len()).sum::<usize>());
    out.vec24(|out| {
        for certificate in chain {
            out.vec24(|out| out.raw(certificate));
        }
    });
}
