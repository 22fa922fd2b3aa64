use super::algorithm_id::key_algorithm;
use super::engine::Engine;
use super::rsa_encrypt::encrypt_pkcs1;
use super::scheme::{KeyAlgorithm, mechanism};
use super::verifier::Verifier;
use rsa::pkcs8::SubjectPublicKeyInfoRef;
use rsa::pkcs8::der::Decode as _;
use tls_core::crypto::{BadSignature, KeyError, KeyKind, PublicKey, Random};
use tls_core::wire::SignatureScheme;

/// A parsed `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7).
pub(crate) struct SpkiKey {
    algorithm: KeyAlgorithm,
    verifier: Verifier,
    spki: Box<[u8]>,
}

impl SpkiKey {
    pub(crate) fn from_der(spki: &[u8], engine: Engine) -> Result<Self, KeyError> {
        let parsed = SubjectPublicKeyInfoRef::from_der(spki)
            .map_err(|_| KeyError::Malformed("not a SubjectPublicKeyInfo in DER".into()))?;
        let algorithm = key_algorithm(&parsed.algorithm)?;
        let key = parsed.subject_public_key.as_bytes().ok_or_else(|| {
            KeyError::Malformed("the public key is not a whole number of bytes".into())
        })?;
        Ok(Self {
            algorithm,
            verifier: Verifier::new(algorithm, key, engine)?,
            spki: spki.into(),
        })
    }
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
