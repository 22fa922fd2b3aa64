//! How strong keys and hashes of a path must be: the numbers are the policy's (config/policy.rs).

use super::hashes::{ED25519, ED25519_BITS, SHA1, SignatureHash, of_signature};
use super::rules::Fault;
use super::sentence::title;
use super::view::{CertView, oid};
use super::{VerifyRequest, dn};
use crate::error::{Error, Reason};
use crate::wire::der::{BadDer, Der, tag};

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

/// Every key on a path.
pub(super) fn check_key(view: &CertView<'_>, request: &VerifyRequest<'_>) -> Result<(), Fault> {
    let policy = &request.policy;
    let by = policy.asked_by;
    let (kind, bits, min, its_min) = match (view.rsa_bits()?, ec_bits(view)?) {
        (Some(bits), _) => ("RSA", bits, policy.min_rsa_bits, by.rsa_bits),
        (None, Some(bits)) => {
            check_point(view)?;
            ("elliptic curve", bits, policy.min_ec_bits, by.ec_bits)
        }
        (None, None) => return Err(unknown_key(view)?.into()),
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
    let Some(SignatureHash { name, bits, .. }) = of_signature(algorithm)? else {
        return Ok(Some("is signed with a hash that is not known here".into()));
    };
    if bits >= asked.min_hash_bits {
        return Ok(None);
    }
    let content = bits >= asked.asked_by.hash_bits;
    let rule = match bits == SHA1.bits && !content {
        true => "which only the policy legacy allows".to_owned(),
        false => format!(
            "{} wants at least {} bits",
            asked.asked_by.who(content),
            asked.min_hash_bits
        ),
    };
    Ok(Some(format!("is signed with {name}, {rule}")))
}

/// Whose strength nobody knows is not called strong.
fn unknown_key(view: &CertView<'_>) -> Result<Error, BadDer> {
    let (algorithm, _) = view.public_key()?;
    let mut fields = Der::new(algorithm);
    let kind = fields.expect(tag::OID)?.content;
    let (what, id) = match kind {
        oid::EC => match fields.optional(tag::OID)? {
            Some(curve) => ("on a curve", curve.content),
            None => ("on a curve without a name", kind),
        },
        _ => ("of a kind", kind),
    };
    let id = dn::shorten(dn::dotted(id));
    let text = format!(
        "the key of {} is {what} that is not known here ({id})",
        title(view)
    );
    Ok(Error::with(Reason::CertificateUnsupported, text))
}

/// RFC 5480 §2.2: a point may be compressed, and nobody has to read that.
fn check_point(view: &CertView<'_>) -> Result<(), Fault> {
    let (algorithm, key) = view.public_key()?;
    let is_named = Der::new(algorithm).expect(tag::OID)?.content == oid::EC;
    if !is_named || !matches!(key, [2 | 3, ..]) {
        return Ok(());
    }
    let text = format!(
        "the key of {} is a compressed point, which is not supported: uncompressed ones are (RFC 5480 2.2)",
        title(view)
    );
    Err(Error::with(Reason::CertificateUnsupported, text).into())
}

fn weak(text: String) -> Error {
    Error::with(Reason::CertificateWeak, text)
}

/// Bits of the order of a key's curve; `None` for other kinds of keys and unknown curves.
pub(super) fn ec_bits(view: &CertView<'_>) -> Result<Option<usize>, BadDer> {
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
