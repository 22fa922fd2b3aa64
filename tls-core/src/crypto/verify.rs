use super::{KeyError, KeyKind, Random};
use crate::wire::SignatureScheme;
use pki_types::SignatureVerificationAlgorithm;

/// A signature that does not verify, or a scheme that does not fit the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadSignature;

/// A parsed public key.
pub trait PublicKey: Send + Sync + core::fmt::Debug {
    /// What kind of key it is.
    fn kind(&self) -> KeyKind;

    /// The DER `SubjectPublicKeyInfo`, for comparison and pinning.
    fn spki(&self) -> &[u8];

    /// Verifies `signature` over `message` (not a digest). In TLS 1.2 the ECDSA schemes name a
    /// hash and bind no curve: 0403 with a P-384 key is legal. SHA-1 schemes are verified too;
    /// whether they are allowed is the policy's business.
    fn verify(
        &self,
        scheme: SignatureScheme,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), BadSignature>;

    /// Verifies the signature of a certificate, a CRL or an OCSP response (not a digest). `algorithm` has
    /// the contents of its `AlgorithmIdentifier`: one of [`CertificateAlgorithms`] that goes with this
    /// key, else the signature is bad.
    fn verify_certificate(
        &self,
        algorithm: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), BadSignature>;

    /// RSAES-PKCS1-v1_5 encryption (RFC 8017 §7.2.1), for the RSA key exchange of a client.
    fn encrypt_pkcs1(&self, message: &[u8], random: &dyn Random) -> Result<Vec<u8>, KeyError>;
}

/// Signature algorithms inside certificates.
#[derive(Clone, Copy, Debug)]
pub struct CertificateAlgorithms {
    /// SHA-256 and better.
    pub modern: &'static [&'static dyn SignatureVerificationAlgorithm],
    /// The same and SHA-1: legacy policy only.
    pub legacy: &'static [&'static dyn SignatureVerificationAlgorithm],
}
