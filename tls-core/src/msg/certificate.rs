use crate::error::{Error, Reason, Result};
use crate::wire::{Put, Reader};
use pki_types::CertificateDer;
use std::sync::Arc;

/// Entries of a certificate_list: several times what a verifier looks at. The message has room for
/// thousands, each of which would be kept.
const MAX_ENTRIES: usize = 64;

/// Certificate (RFC 5246 §7.4.2): the sender's chain, leaf first; empty from a client that has
/// none. An empty entry is malformed.
pub(crate) fn decode(body: &[u8]) -> Result<Arc<[CertificateDer<'static>]>> {
    let mut r = Reader::new("Certificate", body);
    let mut list = Reader::new("Certificate.certificate_list", r.vec24(0..=(1 << 24) - 1)?);
    r.end()?;
    let mut chain = Vec::new();
    while !list.is_empty() {
        if chain.len() == MAX_ENTRIES {
            return Err(Error::with(
                Reason::CertificateChainTooLong,
                format!("the chain has more than {MAX_ENTRIES} certificates"),
            ));
        }
        chain.push(CertificateDer::from(
            list.vec24(1..=(1 << 24) - 1)?.to_vec(),
        ));
    }
    Ok(chain.into())
}

pub(crate) fn encode(chain: &[CertificateDer<'_>], out: &mut Vec<u8>) {
    out.vec24(|out| {
        for certificate in chain {
            out.vec24(|out| out.raw(certificate));
        }
    });
}
