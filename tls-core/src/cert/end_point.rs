//! tls-server-end-point (RFC 5929 §4.1): which hash goes with a certificate.

use super::view::{CertView, oid};
use crate::crypto::HashId;
use crate::error::{Error, Reason, Result};
use crate::wire::der::{BadDer, Der, only, tag};

/// 1.2.840.113549.1.1, the signature algorithms of PKCS #1, but for the last byte.
const PKCS1: [u8; 8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01];
/// 1.2.840.10045.4.3, ecdsa-with-SHA2, but for the last byte.
const ECDSA_SHA2: [u8; 7] = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03];
/// ecdsa-with-SHA1
const ECDSA_SHA1: [u8; 7] = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01];
/// 2.16.840.1.101.3.4.2, the SHA-2 family, but for the last byte.
const SHA2: [u8; 8] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02];
/// id-sha1
const SHA1: [u8; 5] = [0x2b, 0x0e, 0x03, 0x02, 0x1a];

/// The hash for tls-server-end-point: that of the certificate's own signature, SHA-256 in place of
/// MD5 and SHA-1. A signature without a single hash of its own (Ed25519) leaves the binding
/// undefined.
///
/// Errors: `CertificateMalformed`, `BindingUndefined`.
pub fn end_point_hash(certificate: &[u8]) -> Result<HashId> {
    let read = || {
        let view = CertView::parse(certificate)?;
        let mut fields = Der::new(view.signature_algorithm);
        let id = fields.expect(tag::OID)?.content;
        if id == oid::RSA_PSS {
            return pss_hash(&mut fields);
        }
        Ok(signature_hash(id))
    };
    match read() {
        Ok(Some(hash)) => Ok(hash),
        Ok(None) => Err(Error::with(
            Reason::BindingUndefined,
            "the certificate's signature algorithm has no single hash function (RFC 5929 4.1)",
        )),
        Err(BadDer) => Err(Reason::CertificateMalformed.into()),
    }
}

fn signature_hash(id: &[u8]) -> Option<HashId> {
    let (last, family) = id.split_last()?;
    match *last {
        // md5WithRSAEncryption and sha1WithRSAEncryption
        4 | 5 if family == PKCS1 => Some(HashId::Sha256),
        11 if family == PKCS1 => Some(HashId::Sha256),
        12 if family == PKCS1 => Some(HashId::Sha384),
        13 if family == PKCS1 => Some(HashId::Sha512),
        2 if family == ECDSA_SHA2 => Some(HashId::Sha256),
        3 if family == ECDSA_SHA2 => Some(HashId::Sha384),
        4 if family == ECDSA_SHA2 => Some(HashId::Sha512),
        _ => (id == ECDSA_SHA1).then_some(HashId::Sha256),
    }
}

fn digest(id: &[u8]) -> Option<HashId> {
    let (last, family) = id.split_last()?;
    match *last {
        1 if family == SHA2 => Some(HashId::Sha256),
        2 if family == SHA2 => Some(HashId::Sha384),
        3 if family == SHA2 => Some(HashId::Sha512),
        _ => (id == SHA1).then_some(HashId::Sha256),
    }
}

/// RSASSA-PSS-params (RFC 4055 §3.1): the message's hash, where the mask is made with the same one;
/// both are SHA-1 where nothing is said.
fn pss_hash(fields: &mut Der<'_>) -> Result<Option<HashId>, BadDer> {
    let mut params = Der::new(fields.expect(tag::SEQUENCE)?.content);
    let hash = match params.optional(tag::context(0))? {
        None => &SHA1[..],
        Some(hash) => algorithm(hash.content)?.expect(tag::OID)?.content,
    };
    let mask = match params.optional(tag::context(1))? {
        None => &SHA1[..],
        Some(mask) => {
            let mut mgf1 = algorithm(mask.content)?;
            mgf1.expect(tag::OID)?;
            Der::new(mgf1.expect(tag::SEQUENCE)?.content)
                .expect(tag::OID)?
                .content
        }
    };
    Ok(if hash == mask { digest(hash) } else { None })
}

/// The fields of the `AlgorithmIdentifier` that is all there is.
fn algorithm(der: &[u8]) -> Result<Der<'_>, BadDer> {
    only(der, tag::SEQUENCE).map(Der::new)
}
