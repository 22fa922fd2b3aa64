use super::algorithm_id::{self, curve, key_algorithm};
use super::ec::EcSigner;
use super::ed25519::Ed25519Signer;
use super::engine::Engine;
use super::private_key::{MemoryKey, Signer};
use super::rsa_private::RsaSigner;
use super::scheme::KeyAlgorithm;
use rsa::pkcs8::der::asn1::{AnyRef, BitStringRef, ContextSpecific, OctetStringRef};
use rsa::pkcs8::der::{
    self, Decode, DecodeValue, Encode as _, Header, Reader, TagNumber, Tagged as _,
};
use rsa::pkcs8::spki::AlgorithmIdentifierRef;
use rsa::pkcs8::{PrivateKeyInfoRef, SubjectPublicKeyInfoRef};
use tls_core::crypto::{KeyError, PrivateKeyEncoding};
use tls_core::wire::NamedGroup;

/// Parses an unencrypted private key out of its container.
pub(crate) fn parse(
    encoding: PrivateKeyEncoding,
    der: &[u8],
    engine: Engine,
) -> Result<MemoryKey, KeyError> {
    match encoding {
        PrivateKeyEncoding::Pkcs8 => pkcs8(der, engine),
        PrivateKeyEncoding::Pkcs1 => {
            let signer = Signer::Rsa(Box::new(RsaSigner::from_pkcs1(der, engine)?));
            assemble(KeyAlgorithm::Rsa, algorithm_id::RSA, signer, engine)
        }
        PrivateKeyEncoding::Sec1 => {
            let key = EcPrivateKey::read(der)?;
            let curve = key.curve.ok_or_else(|| {
                KeyError::Malformed("an ECPrivateKey that does not name its curve".into())
            })?;
            let signer = key.signer(curve, engine)?;
            assemble(
                KeyAlgorithm::Ec(curve),
                algorithm_id::ec(curve),
                signer,
                engine,
            )
        }
    }
}

/// `PrivateKeyInfo` or `OneAsymmetricKey` (RFC 5958 §2).
fn pkcs8(der: &[u8], engine: Engine) -> Result<MemoryKey, KeyError> {
    let info = PrivateKeyInfoRef::from_der(der).map_err(|_| not_pkcs8(der))?;
    let algorithm = key_algorithm(&info.algorithm)?;
    let inner = info.private_key.as_bytes();
    let signer = match algorithm {
        KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss(_) => {
            Signer::Rsa(Box::new(RsaSigner::from_pkcs1(inner, engine)?))
        }
        KeyAlgorithm::Ec(curve) => {
            let key = EcPrivateKey::read(inner)?;
            if key.curve.is_some_and(|inner| inner != curve) {
                return Err(KeyError::Malformed(
                    "PrivateKeyInfo and ECPrivateKey name different curves".into(),
                ));
            }
            key.signer(curve, engine)?
        }
        KeyAlgorithm::Ed25519 => {
            // RFC 8410 §7: an OCTET STRING inside the OCTET STRING.
            let seed = <&OctetStringRef>::from_der(inner).map_err(|_| {
                KeyError::Malformed("the Ed25519 private key is no OCTET STRING".into())
            })?;
            Signer::Ed25519(Ed25519Signer::new(seed.as_bytes(), engine)?)
        }
    };
    if let Some(public) = info.public_key {
        check_public(&signer, public.as_bytes())?;
    }
    assemble(algorithm, info.algorithm, signer, engine)
}

/// Tells an `EncryptedPrivateKeyInfo` (RFC 5958 §3), which begins with an algorithm and not with a
/// version, from what is no PKCS#8 at all.
fn not_pkcs8(der: &[u8]) -> KeyError {
    const SEQUENCE: u8 = 0x30;
    match AnyRef::from_der(der) {
        Ok(outer) if outer.value().first() == Some(&SEQUENCE) => {
            KeyError::Unsupported("an encrypted private key (decrypt it first)".into())
        }
        _ => KeyError::Malformed("not a PrivateKeyInfo in DER".into()),
    }
}

/// A public key that travels with the private one must be its own: signing with a wrong one is
/// how Ed25519 keys leak, and elsewhere the file is damaged.
fn check_public(signer: &Signer, stated: Option<&[u8]>) -> Result<(), KeyError> {
    if stated == Some(&signer.public()?) {
        Ok(())
    } else {
        Err(KeyError::Malformed(
            "the public key in the private key's file does not belong to it".into(),
        ))
    }
}

fn assemble(
    algorithm: KeyAlgorithm,
    id: AlgorithmIdentifierRef<'_>,
    signer: Signer,
    engine: Engine,
) -> Result<MemoryKey, KeyError> {
    let failed = |_: der::Error| KeyError::Failed("encoding the public key".into());
    let public = signer.public()?;
    let spki = SubjectPublicKeyInfoRef {
        algorithm: id,
        subject_public_key: BitStringRef::from_bytes(&public).map_err(failed)?,
    };
    MemoryKey::new(algorithm, signer, &spki.to_der().map_err(failed)?, engine)
}

/// `ECPrivateKey` (RFC 5915 §3).
struct EcPrivateKey<'a> {
    scalar: &'a [u8],
    curve: Option<NamedGroup>,
    public: Option<&'a [u8]>,
}

/// The same before its parameters were looked at, so that explicit curves get an error that says
/// so.
struct RawEcPrivateKey<'a> {
    version: u8,
    scalar: &'a OctetStringRef,
    parameters: Option<AnyRef<'a>>,
    public: Option<BitStringRef<'a>>,
}

impl<'a> DecodeValue<'a> for RawEcPrivateKey<'a> {
    type Error = der::Error;

    fn decode_value<R: Reader<'a>>(reader: &mut R, _header: Header) -> der::Result<Self> {
        let version = reader.decode()?;
        let scalar = reader.decode()?;
        let mut field: Option<ContextSpecific<AnyRef<'a>>> = reader.decode()?;
        let mut parameters = None;
        if let Some(found) = field.take_if(|field| field.tag_number == TagNumber(0)) {
            parameters = Some(found.value);
            field = reader.decode()?;
        }
        let public = match field {
            Some(field) if field.tag_number == TagNumber(1) => Some(field.value.decode_as()?),
            Some(field) => return Err(field.tag().unexpected_error(None).into()),
            None => None,
        };
        Ok(Self {
            version,
            scalar,
            parameters,
            public,
        })
    }
}

impl<'a> der::FixedTag for RawEcPrivateKey<'a> {
    const TAG: der::Tag = der::Tag::Sequence;
}

impl<'a> EcPrivateKey<'a> {
    fn read(der: &'a [u8]) -> Result<Self, KeyError> {
        let malformed = || KeyError::Malformed("not an ECPrivateKey in DER".into());
        let raw = RawEcPrivateKey::from_der(der).map_err(|_| malformed())?;
        if raw.version != 1 {
            return Err(malformed());
        }
        let public = match raw.public {
            Some(bits) => Some(bits.as_bytes().ok_or_else(malformed)?),
            None => None,
        };
        Ok(Self {
            scalar: raw.scalar.as_bytes(),
            curve: raw.parameters.map(curve).transpose()?,
            public,
        })
    }

    fn signer(&self, curve: NamedGroup, engine: Engine) -> Result<Signer, KeyError> {
        let signer = Signer::Ec(EcSigner::new(curve, self.scalar, engine)?);
        if self.public.is_some() {
            check_public(&signer, self.public)?;
        }
        Ok(signer)
    }
}
