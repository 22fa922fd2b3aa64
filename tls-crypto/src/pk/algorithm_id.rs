use super::scheme::KeyAlgorithm;
use rsa::pkcs1::RsaPssParams;
use rsa::pkcs8::ObjectIdentifier;
use rsa::pkcs8::der::asn1::{Any, AnyRef};
use rsa::pkcs8::der::{Tag, Tagged as _};
use rsa::pkcs8::spki::{AlgorithmIdentifierOwned, AlgorithmIdentifierRef};
use tls_core::crypto::{HashId, KeyError};
use tls_core::wire::NamedGroup;

const fn oid(dotted: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(dotted)
}

/// RFC 3279 §2.3.1
const RSA_ENCRYPTION: ObjectIdentifier = oid("1.2.840.113549.1.1.1");
/// RFC 4055 §3.1
const RSASSA_PSS: ObjectIdentifier = oid("1.2.840.113549.1.1.10");
/// RFC 4055 §2.2
const MGF1: ObjectIdentifier = oid("1.2.840.113549.1.1.8");
/// RFC 5480 §2.1.1
const EC_PUBLIC_KEY: ObjectIdentifier = oid("1.2.840.10045.2.1");
/// RFC 8410 §3
const ED25519: ObjectIdentifier = oid("1.3.101.112");

/// The named curves (RFC 5480 §2.1.1.1).
static CURVES: [(ObjectIdentifier, NamedGroup); 3] = [
    (oid("1.2.840.10045.3.1.7"), NamedGroup::SECP256R1),
    (oid("1.3.132.0.34"), NamedGroup::SECP384R1),
    (oid("1.3.132.0.35"), NamedGroup::SECP521R1),
];

/// The hashes that PSS parameters may name (RFC 4055 §2.1).
const HASHES: [(ObjectIdentifier, HashId); 3] = [
    (oid("2.16.840.1.101.3.4.2.1"), HashId::Sha256),
    (oid("2.16.840.1.101.3.4.2.2"), HashId::Sha384),
    (oid("2.16.840.1.101.3.4.2.3"), HashId::Sha512),
];

/// Algorithms that people have keys of and that an error should call by name.
const KNOWN: [(ObjectIdentifier, &str); 9] = [
    (oid("1.2.840.10040.4.1"), "DSA"),
    (oid("1.2.840.10046.2.1"), "Diffie-Hellman"),
    (oid("1.2.840.113549.1.3.1"), "Diffie-Hellman"),
    (oid("1.3.101.110"), "X25519"),
    (oid("1.3.101.111"), "X448"),
    (oid("1.3.101.113"), "Ed448"),
    (oid("1.3.132.0.10"), "secp256k1"),
    (oid("1.3.132.0.33"), "secp224r1"),
    (oid("1.2.156.10197.1.301"), "SM2"),
];

fn name(oid: ObjectIdentifier) -> String {
    match KNOWN.iter().find(|(known, _)| *known == oid) {
        Some((_, name)) => (*name).into(),
        None => format!("object identifier {oid}"),
    }
}

/// Reads the algorithm identifier of a `SubjectPublicKeyInfo` or a `PrivateKeyInfo`.
pub(crate) fn key_algorithm(id: &AlgorithmIdentifierRef<'_>) -> Result<KeyAlgorithm, KeyError> {
    match id.oid {
        // RFC 3279 §2.3.1: the parameters are NULL.
        RSA_ENCRYPTION => match id.parameters {
            Some(parameters) if parameters.is_null() => Ok(KeyAlgorithm::Rsa),
            _ => Err(malformed("the parameters of rsaEncryption are not NULL")),
        },
        RSASSA_PSS => match id.parameters {
            None => Ok(KeyAlgorithm::RsaPss(None)),
            Some(parameters) => Ok(KeyAlgorithm::RsaPss(Some(pss_hash(parameters)?))),
        },
        EC_PUBLIC_KEY => match id.parameters {
            Some(parameters) => curve(parameters).map(KeyAlgorithm::Ec),
            None => Err(malformed("id-ecPublicKey without a curve")),
        },
        // RFC 8410 §3: the parameters are absent.
        ED25519 => match id.parameters {
            None => Ok(KeyAlgorithm::Ed25519),
            Some(_) => Err(malformed("Ed25519 with parameters")),
        },
        other => Err(KeyError::Unsupported(name(other))),
    }
}

/// `ECParameters`: named curves alone (RFC 5480 §2.1.1 forbids the other forms in certificates,
/// and explicit parameters have been a way to pass off a curve of one's own).
pub(crate) fn curve(parameters: AnyRef<'_>) -> Result<NamedGroup, KeyError> {
    if parameters.tag() != Tag::ObjectIdentifier {
        return Err(KeyError::Unsupported(
            "explicit curve parameters (only named curves are supported)".into(),
        ));
    }
    let oid: ObjectIdentifier = parameters
        .decode_as()
        .map_err(|_| malformed("the curve's object identifier"))?;
    CURVES
        .iter()
        .find(|(known, _)| *known == oid)
        .map(|(_, curve)| *curve)
        .ok_or_else(|| KeyError::Unsupported(format!("elliptic curve {}", name(oid))))
}

/// The one hash that `RSASSA-PSS-params` allow. The parameters are a lower bound on the salt
/// (RFC 4055 §3.3), and TLS always uses the hash's length (RFC 8446 §4.2.3).
fn pss_hash(parameters: AnyRef<'_>) -> Result<HashId, KeyError> {
    let unsupported = || {
        KeyError::Unsupported(
            "RSASSA-PSS parameters other than SHA-256, SHA-384 or SHA-512 with MGF1 over the same \
             hash and a salt of at most the hash's length"
                .into(),
        )
    };
    let parameters: RsaPssParams<Any> = parameters
        .decode_as()
        .map_err(|_| malformed("the parameters of RSASSA-PSS"))?;
    let hash = hash(&parameters.hash).ok_or_else(unsupported)?;
    let mask = &parameters.mask_gen;
    let mask_hash = mask.parameters.as_ref().and_then(self::hash);
    let fits = mask.oid == MGF1
        && mask_hash == Some(hash)
        && usize::from(parameters.salt_len) <= hash.output_len();
    fits.then_some(hash).ok_or_else(unsupported)
}

/// RFC 4055 §2.1: the hash's own parameters are NULL or absent, and both must be accepted.
fn hash(id: &AlgorithmIdentifierOwned) -> Option<HashId> {
    if id
        .parameters
        .as_ref()
        .is_some_and(|parameters| !parameters.is_null())
    {
        return None;
    }
    HASHES
        .iter()
        .find(|(known, _)| *known == id.oid)
        .map(|(_, hash)| *hash)
}

/// The identifier of an rsaEncryption key.
pub(crate) const RSA: AlgorithmIdentifierRef<'static> = AlgorithmIdentifierRef {
    oid: RSA_ENCRYPTION,
    parameters: Some(AnyRef::NULL),
};

/// The identifier of an EC key on one of our curves.
pub(crate) fn ec(curve: NamedGroup) -> AlgorithmIdentifierRef<'static> {
    AlgorithmIdentifierRef {
        oid: EC_PUBLIC_KEY,
        parameters: CURVES
            .iter()
            .find(|(_, known)| *known == curve)
            .map(|(oid, _)| AnyRef::from(oid)),
    }
}

fn malformed(what: &str) -> KeyError {
    KeyError::Malformed(what.into())
}
