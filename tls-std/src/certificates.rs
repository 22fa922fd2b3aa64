//! Certificates for reading, apart from any connection.

use crate::error::{Error, Result};
use crate::{material, pem};
use std::path::Path;
use tls_core::cert::{Certificate, leaf_spki};
use tls_core::crypto::{HashId, Provider as _};
use tls_core::error::Reason;
use tls_crypto::DefaultProvider;

/// The certificates in PEM, in their order, or the one in DER. Each has the outer form of a
/// certificate; nothing is verified. Errors: `BadPem`, `BadCertificateFile`, with the line.
pub fn read_certificates(pem_or_der: &[u8]) -> Result<Vec<Certificate>> {
    material::chain(pem_or_der)
}

/// The same from a file. Errors: `FileUnreadable` too, and all name the file.
pub fn read_certificates_file(path: impl AsRef<Path>) -> Result<Vec<Certificate>> {
    material::in_file(path.as_ref(), material::chain)
}

/// A certificate as a PEM block (RFC 7468 §5).
pub fn certificate_pem(certificate: &[u8]) -> String {
    pem::encode("CERTIFICATE", certificate)
}

/// SHA-256 of a certificate's `SubjectPublicKeyInfo`: what pins name. The error is
/// `CertificateMalformed`.
pub fn spki_sha256(certificate: &[u8]) -> Result<[u8; 32]> {
    let spki = leaf_spki(certificate)?;
    let hash = DefaultProvider.hash(HashId::Sha256);
    let digest = hash.and_then(|hash| hash.hash(&[spki]).as_ref().try_into().ok());
    digest.ok_or_else(|| Error::from(Reason::ProviderMissing))
}

/// The same as people write it, and curl's `--pinnedpubkey` takes it: `sha256//` and base64.
pub fn spki_pin(certificate: &[u8]) -> Result<String> {
    let digest = spki_sha256(certificate)?;
    Ok(format!("sha256//{}", pem::base64(&digest)))
}
