//! Hashes and how certificates name them: in signature algorithms, and by themselves.

use super::view::oid;
use crate::crypto::HashId;
use crate::wire::der::{BadDer, Der, only, tag};

/// What Ed25519 counts as: a curve, and a hash of a signature.
pub(crate) const ED25519_BITS: usize = 256;

/// Ed25519 (RFC 8410 §3), as a kind of keys and as a signature algorithm.
pub(super) const ED25519: &[u8] = &[0x2b, 0x65, 0x70];

/// The hash of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SignatureHash {
    pub(super) name: &'static str,
    pub(super) bits: usize,
    /// `None`: nothing here computes it by itself.
    pub(super) id: Option<HashId>,
}

const fn hash(name: &'static str, bits: usize, id: Option<HashId>) -> SignatureHash {
    SignatureHash { name, bits, id }
}

const MD5: SignatureHash = hash("MD5", 128, None);
pub(super) const SHA1: SignatureHash = hash("SHA-1", 160, Some(HashId::Sha1));
const SHA224: SignatureHash = hash("SHA-224", 224, None);
const SHA256: SignatureHash = hash("SHA-256", 256, Some(HashId::Sha256));
const SHA384: SignatureHash = hash("SHA-384", 384, Some(HashId::Sha384));
const SHA512: SignatureHash = hash("SHA-512", 512, Some(HashId::Sha512));
/// It hashes within (RFC 8032 §5.1.6).
const WITHIN: SignatureHash = hash("Ed25519", ED25519_BITS, None);

/// Contents of the identifiers of signature algorithms that name a hash (RFC 3279 §2.2, RFC 4055 §5, RFC 5758
/// §3.2).
#[rustfmt::skip]
const SIGNATURES: &[(&[u8], SignatureHash)] = &[
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 4], MD5),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 5], SHA1),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 14], SHA224),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11], SHA256),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 12], SHA384),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 13], SHA512),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1], SHA1),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 1], SHA224),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2], SHA256),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3], SHA384),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 4], SHA512),
    (ED25519, WITHIN),
];

/// Those of the hashes themselves (RFC 4055 §2.1).
#[rustfmt::skip]
const HASHES: &[(&[u8], SignatureHash)] = &[
    (&[0x2b, 0x0e, 3, 2, 0x1a], SHA1),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 4], SHA224),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1], SHA256),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2], SHA384),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3], SHA512),
];

fn find(table: &[(&[u8], SignatureHash)], id: &[u8]) -> Option<SignatureHash> {
    let row = table.iter().find(|(known, _)| *known == id);
    row.map(|(_, hash)| *hash)
}

/// The hash with this identifier; `None`: it is not known.
pub(super) fn by_id(id: &[u8]) -> Option<SignatureHash> {
    find(HASHES, id)
}

/// The hash of a signature, by the contents of its `AlgorithmIdentifier`; `None`: it is not known.
pub(super) fn of_signature(algorithm: &[u8]) -> Result<Option<SignatureHash>, BadDer> {
    let mut fields = Der::new(algorithm);
    let id = fields.expect(tag::OID)?.content;
    if id == oid::RSA_PSS {
        return Ok(pss(&mut fields)?.0);
    }
    Ok(find(SIGNATURES, id))
}

/// The hashes of the message and of the mask in RSASSA-PSS-params (RFC 4055 §3.1): SHA-1 where nothing is
/// said.
pub(super) fn pss(
    fields: &mut Der<'_>,
) -> Result<(Option<SignatureHash>, Option<SignatureHash>), BadDer> {
    let Some(params) = fields.optional(tag::SEQUENCE)? else {
        return Ok((Some(SHA1), Some(SHA1)));
    };
    let mut params = Der::new(params.content);
    let message = match params.optional(tag::context(0))? {
        None => Some(SHA1),
        Some(hash) => by_id(algorithm(hash.content)?.expect(tag::OID)?.content),
    };
    let mask = match params.optional(tag::context(1))? {
        None => Some(SHA1),
        Some(mask) => {
            let mut mgf1 = algorithm(mask.content)?;
            mgf1.expect(tag::OID)?;
            let hash = Der::new(mgf1.expect(tag::SEQUENCE)?.content).expect(tag::OID)?;
            by_id(hash.content)
        }
    };
    Ok((message, mask))
}

/// The fields of the `AlgorithmIdentifier` that is all there is.
fn algorithm(der: &[u8]) -> Result<Der<'_>, BadDer> {
    only(der, tag::SEQUENCE).map(Der::new)
}
