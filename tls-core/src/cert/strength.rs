//! How strong keys and hashes of a path must be: the numbers are the policy's (config/policy.rs).

use super::VerifyRequest;
use super::rules::Fault;
use super::sentence::title;
use super::view::{CertView, oid};
use crate::error::{Error, Reason};
use crate::wire::der::{BadDer, Der, only, tag};

/// What Ed25519 counts as: a curve, and a hash of a signature.
pub(crate) const ED25519_BITS: usize = 256;

/// Ed25519 (RFC 8410 §3), as a kind of keys and as a signature algorithm.
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];

/// The hash that a policy may allow though it is broken.
const SHA1_BITS: usize = 160;

/// Curves (RFC 5480 §2.1.1.1) and the bits of their order; Ed25519 names its own.
const CURVES: &[(&[u8], usize)] = &[
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x01], 192),
    (&[0x2b, 0x81, 0x04, 0x00, 0x21], 224),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07], 256),
    (&[0x2b, 0x81, 0x04, 0x00, 0x0a], 256),
    (&[0x2b, 0x81, 0x04, 0x00, 0x22], 384),
    (&[0x2b, 0x81, 0x04, 0x00, 0x23], 521),
    (ED25519, ED25519_BITS),
];

/// Signature algorithms that name a hash (RFC 3279 §2.2, RFC 4055 §5, RFC 5758 §3.2): its name and bits.
const HASHES: &[(&[u8], &str, usize)] = &[
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 4], "MD5", 128),
    (
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 5],
        "SHA-1",
        SHA1_BITS,
    ),
    (
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 14],
        "SHA-224",
        224,
    ),
    (
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11],
        "SHA-256",
        256,
    ),
    (
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 12],
        "SHA-384",
        384,
    ),
    (
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 13],
        "SHA-512",
        512,
    ),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1], "SHA-1", SHA1_BITS),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 1], "SHA-224", 224),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2], "SHA-256", 256),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3], "SHA-384", 384),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 4], "SHA-512", 512),
    (ED25519, "Ed25519", ED25519_BITS),
    // The hashes themselves, as the parameters of id-RSASSA-PSS name them.
    (&[0x2b, 0x0e, 3, 2, 0x1a], "SHA-1", SHA1_BITS),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 4], "SHA-224", 224),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1], "SHA-256", 256),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2], "SHA-384", 384),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3], "SHA-512", 512),
];

/// Every key on a path.
pub(super) fn check_key(view: &CertView<'_>, request: &VerifyRequest<'_>) -> Result<(), Fault> {
    let policy = &request.policy;
    let by = policy.asked_by;
    let (kind, bits, min, its_min) = match (view.rsa_bits()?, ec_bits(view)?) {
        (Some(bits), _) => ("RSA", bits, policy.min_rsa_bits, by.rsa_bits),
        (None, Some(bits)) => ("elliptic curve", bits, policy.min_ec_bits, by.ec_bits),
        (None, None) => return Ok(()),
    };
    if bits >= min {
        return Ok(());
    }
    Err(weak(format!(
        "the {kind} key of {} has {bits} bits, {} wants at least {min}",
        title(view),
        by.who(bits >= its_min)
    ))
    .into())
}

/// Every signature on a path; a trusted certificate's own proves nothing and is not looked at.
pub(super) fn check_hash(view: &CertView<'_>, request: &VerifyRequest<'_>) -> Result<(), Fault> {
    match weak_hash(view.signature_algorithm, request)? {
        None => Ok(()),
        Some(why) => Err(weak(format!("the certificate of {} {why}", title(view))).into()),
    }
}

/// Why a signature algorithm's hash is not strong enough, as the end of a sentence; `None`: it is.
pub(super) fn weak_hash(
    algorithm: &[u8],
    request: &VerifyRequest<'_>,
) -> Result<Option<String>, BadDer> {
    let asked = &request.policy;
    let Some((name, bits)) = signature_hash(algorithm)? else {
        return Ok(None);
    };
    if bits >= asked.min_hash_bits {
        return Ok(None);
    }
    let content = bits >= asked.asked_by.hash_bits;
    let rule = match bits == SHA1_BITS && !content {
        true => "which only the policy legacy allows".to_owned(),
        false => format!(
            "{} wants at least {} bits",
            asked.asked_by.who(content),
            asked.min_hash_bits
        ),
    };
    Ok(Some(format!("is signed with {name}, {rule}")))
}

fn weak(text: String) -> Error {
    Error::with(Reason::CertificateWeak, text)
}

/// Bits of the order of a key's curve; `None` for other kinds of keys and unknown curves.
fn ec_bits(view: &CertView<'_>) -> Result<Option<usize>, BadDer> {
    let (algorithm, _) = view.public_key()?;
    let mut fields = Der::new(algorithm);
    let curve = match fields.expect(tag::OID)?.content {
        oid::EC => fields.optional(tag::OID)?.map(|c| c.content),
        own => Some(own),
    };
    Ok(CURVES
        .iter()
        .find(|(id, _)| Some(*id) == curve)
        .map(|(_, bits)| *bits))
}

/// The hash of a signature algorithm; `None` where it is not known.
pub(super) fn signature_hash(algorithm: &[u8]) -> Result<Option<(&'static str, usize)>, BadDer> {
    let mut fields = Der::new(algorithm);
    let mut id = fields.expect(tag::OID)?.content;
    if id == oid::RSA_PSS {
        // RFC 4055 §3.1: SHA-1 unless [0] says otherwise.
        id = &[0x2b, 0x0e, 3, 2, 0x1a];
        if let Some(parameters) = fields.optional(tag::SEQUENCE)?
            && let Some(hash) = Der::new(parameters.content).optional(tag::context(0))?
        {
            id = Der::new(only(hash.content, tag::SEQUENCE)?)
                .expect(tag::OID)?
                .content;
        }
    }
    Ok(HASHES
        .iter()
        .find(|(known, _, _)| *known == id)
        .map(|(_, name, bits)| (*name, *bits)))
}
