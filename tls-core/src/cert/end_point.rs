//! tls-server-end-point (RFC 5929 §4.1): which hash goes with a certificate.

use super::hashes::{of_signature, pss};
use super::view::{CertView, oid};
use crate::crypto::HashId;
use crate::error::{Error, Reason, Result};
use crate::wire::der::{BadDer, Der, tag};

/// The hash for tls-server-end-point: that of the certificate's own signature, SHA-256 in place of
/// MD5 and SHA-1. A signature without a single hash of its own (Ed25519) leaves the binding
/// undefined.
///
/// Errors: `CertificateMalformed`, `BindingUndefined`.
pub fn end_point_hash(certificate: &[u8]) -> Result<HashId> {
    let read = || {
        let view = CertView::parse(certificate)?;
        let mut fields = Der::new(view.signature_algorithm);
        if fields.expect(tag::OID)?.content == oid::RSA_PSS {
            let (message, mask) = pss(&mut fields)?;
            return Ok(message.filter(|_| message == mask));
        }
        of_signature(view.signature_algorithm)
    };
    let hash = read().map_err(|BadDer| Error::new(Reason::CertificateMalformed))?;
    match hash.map(|hash| (hash.name, hash.id)) {
        Some(("MD5" | "SHA-1", _)) => Ok(HashId::Sha256),
        Some((_, Some(id))) => Ok(id),
        Some((_, None)) | None => Err(Error::with(
            Reason::BindingUndefined,
            "the certificate's signature algorithm has no single hash function (RFC 5929 4.1)",
        )),
    }
}
