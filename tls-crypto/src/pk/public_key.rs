use super::algorithm_id::key_algorithm;
use super::certificates::certificate_mechanism;
use super::engine::Engine;
use super::rsa_encrypt::encrypt_pkcs1;
use super::scheme::{KeyAlgorithm, mechanism};
use super::verifier::Verifier;
use core::ops::Range;
use rsa::pkcs8::SubjectPublicKeyInfoRef;
use rsa::pkcs8::der::asn1::AnyRef;
use rsa::pkcs8::der::{Decode as _, SliceReader};
use tls_core::crypto::{BadSignature, KeyError, KeyKind, PublicKey, Random};
use tls_core::wire::SignatureScheme;

/// A parsed `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7).
pub(crate) struct SpkiKey {
    algorithm: KeyAlgorithm,
    verifier: Verifier,
    spki: Box<[u8]>,
    /// Where the contents of the `AlgorithmIdentifier` stand in `spki`.
    algorithm_id: Range<usize>,
}

impl SpkiKey {
    pub(crate) fn from_der(spki: &[u8], engine: Engine) -> Result<Self, KeyError> {
        let not_spki = || KeyError::Malformed("not a SubjectPublicKeyInfo in DER".into());
        let parsed = SubjectPublicKeyInfoRef::from_der(spki).map_err(|_| not_spki())?;
        let algorithm = key_algorithm(&parsed.algorithm)?;
        let key = parsed.subject_public_key.as_bytes().ok_or_else(|| {
            KeyError::Malformed("the public key is not a whole number of bytes".into())
        })?;
        Ok(Self {
            algorithm,
            verifier: Verifier::new(algorithm, key, engine)?,
            spki: spki.into(),
            algorithm_id: algorithm_id(spki).ok_or_else(not_spki)?,
        })
    }
}

fn algorithm_id(spki: &[u8]) -> Option<Range<usize>> {
    let fields = AnyRef::from_der(spki).ok()?.value();
    let id = AnyRef::decode(&mut SliceReader::new(fields).ok()?)
        .ok()?
        .value();
    let start = id.as_ptr().addr() - spki.as_ptr().addr();
    Some(start..start + id.len())
}

impl PublicKey for SpkiKey {
    fn kind(&self) -> KeyKind {
        self.algorithm.kind(self.verifier.bits())
    }

    fn spki(&self) -> &[u8] {
        &self.spki
    }

    fn verify(
        &self,
        scheme: SignatureScheme,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), BadSignature> {
        let mechanism = mechanism(self.algorithm, scheme).ok_or(BadSignature)?;
        if self.verifier.verify(mechanism, message, signature) {
            Ok(())
        } else {
            Err(BadSignature)
        }
    }

    fn verify_certificate(
        &self,
        algorithm: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), BadSignature> {
        let own = &self.spki[self.algorithm_id.clone()];
        let mechanism = certificate_mechanism(own, algorithm).ok_or(BadSignature)?;
        match self.verifier.verify(mechanism, message, signature) {
            true => Ok(()),
            false => Err(BadSignature),
        }
    }

    fn encrypt_pkcs1(&self, message: &[u8], random: &dyn Random) -> Result<Vec<u8>, KeyError> {
        match (&self.verifier, self.algorithm) {
            (Verifier::Rsa(key), KeyAlgorithm::Rsa) => encrypt_pkcs1(key, message, random),
            _ => Err(KeyError::Unsupported(
                "encryption to a key that is not rsaEncryption".into(),
            )),
        }
    }
}

impl core::fmt::Debug for SpkiKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_tuple("PublicKey").field(&self.kind()).finish()
    }
}
