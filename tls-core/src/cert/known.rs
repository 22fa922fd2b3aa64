//! What a context remembers of certificates that it accepted. Nothing here is a verdict: a prepared key, and
//! that one certificate's key signed another certificate, are facts whatever the time, the trust and
//! the policy are. Every rule that depends on those is judged for each chain anew, and a leaf's signature is
//! verified anew.

use crate::crypto::PublicKey;
use crate::wire::Certificate;
use std::sync::{Arc, Mutex, PoisonError};

/// CA certificates that are remembered: several times what a program's peers have.
pub const MAX_KNOWN_CAS: usize = 32;

/// Leaves that are remembered: for programs that talk to a few peers again and again.
pub const MAX_KNOWN_LEAVES: usize = 8;

/// Certificates that were on accepted paths: the bytes, shared by all connections that meet them, the keys, ready
/// to verify, and of CAs whose key signed them. Bounded; who was met last stays. A lock is held for a short
/// search, in handshakes alone.
#[derive(Default)]
pub struct KnownCertificates {
    cas: Mutex<Vec<Known>>,
    leaves: Mutex<Vec<Known>>,
}

struct Known {
    certificate: Certificate,
    key: Arc<dyn PublicKey>,
    /// Whose key signed it, by a signature that was verified.
    issuer: Option<Certificate>,
}

impl KnownCertificates {
    /// The certificate with this DER: one that is known already, or a new one.
    pub(crate) fn share(&self, der: &[u8]) -> Certificate {
        self.find(der, |known| known.certificate.clone())
            .unwrap_or_else(|| der.into())
    }

    /// The certificate's key, ready to verify.
    pub(crate) fn key(&self, der: &[u8]) -> Option<Arc<dyn PublicKey>> {
        self.find(der, |known| known.key.clone())
    }

    /// Whether it is known that the issuer's key signed the CA's certificate.
    pub(super) fn is_signed_by(&self, ca: &[u8], issuer: &[u8]) -> bool {
        let by = |known: &Known| known.issuer.as_deref() == Some(issuer);
        find(&self.cas, ca, by).unwrap_or(false)
    }

    /// A leaf was accepted, and has this key.
    pub(crate) fn remember_leaf(&self, certificate: &Certificate, key: &Arc<dyn PublicKey>) {
        remember(&self.leaves, MAX_KNOWN_LEAVES, certificate, key, None);
    }

    /// A path was accepted with this CA, which has this key; `issuer`: whose key signed it.
    pub(super) fn remember_ca(
        &self,
        certificate: &Certificate,
        key: &Arc<dyn PublicKey>,
        issuer: Option<&Certificate>,
    ) {
        remember(&self.cas, MAX_KNOWN_CAS, certificate, key, issuer);
    }

    fn find<T>(&self, der: &[u8], read: impl Fn(&Known) -> T) -> Option<T> {
        find(&self.cas, der, &read).or_else(|| find(&self.leaves, der, &read))
    }
}

/// Reads the entry of a certificate, which becomes the first.
fn find<T>(list: &Mutex<Vec<Known>>, der: &[u8], read: impl Fn(&Known) -> T) -> Option<T> {
    let mut list = list.lock().unwrap_or_else(PoisonError::into_inner);
    let place = list.iter().position(|known| *known.certificate == *der)?;
    list[..=place].rotate_right(1);
    list.first().map(read)
}

fn remember(
    list: &Mutex<Vec<Known>>,
    most: usize,
    certificate: &Certificate,
    key: &Arc<dyn PublicKey>,
    issuer: Option<&Certificate>,
) {
    let mut list = list.lock().unwrap_or_else(PoisonError::into_inner);
    let known = list.iter_mut().find(|k| k.certificate == *certificate);
    if let Some(known) = known {
        if let Some(issuer) = issuer {
            known.issuer = Some(issuer.clone());
        }
        return;
    }
    list.truncate(most - 1);
    list.insert(
        0,
        Known {
            certificate: certificate.clone(),
            key: key.clone(),
            issuer: issuer.cloned(),
        },
    );
}

impl core::fmt::Debug for KnownCertificates {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let len = |list: &Mutex<Vec<Known>>| list.lock().map_or(0, |list| list.len());
        let (cas, leaves) = (len(&self.cas), len(&self.leaves));
        write!(f, "KnownCertificates({cas} CAs, {leaves} leaves)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::{BadSignature, KeyError, KeyKind, Random};
    use crate::wire::SignatureScheme;

    #[derive(Debug)]
    struct Key;

    impl PublicKey for Key {
        fn kind(&self) -> KeyKind {
            KeyKind::Ed25519
        }
        fn spki(&self) -> &[u8] {
            &[]
        }
        fn verify(&self, _: SignatureScheme, _: &[u8], _: &[u8]) -> Result<(), BadSignature> {
            Err(BadSignature)
        }
        fn verify_certificate(&self, _: &[u8], _: &[u8], _: &[u8]) -> Result<(), BadSignature> {
            Err(BadSignature)
        }
        fn encrypt_pkcs1(&self, _: &[u8], _: &dyn Random) -> Result<Vec<u8>, KeyError> {
            Err(KeyError::Unsupported("encryption".into()))
        }
    }

    fn certificate(n: u8) -> Certificate {
        Certificate::from(&[n, 1, 2][..])
    }

    #[test]
    fn the_last_that_were_met_stay() {
        let key: Arc<dyn PublicKey> = Arc::new(Key);
        let known = KnownCertificates::default();
        for n in 0..200 {
            known.remember_ca(&certificate(n), &key, Some(&certificate(n + 1)));
            known.remember_leaf(&certificate(n), &key);
            // Met again and again.
            assert!(known.is_signed_by(&certificate(0), &certificate(1)));
        }
        assert_eq!(format!("{known:?}"), "KnownCertificates(32 CAs, 8 leaves)");
        assert!(known.is_signed_by(&certificate(199), &certificate(200)));
        assert!(known.is_signed_by(&certificate(169), &certificate(170)));
        assert!(!known.is_signed_by(&certificate(168), &certificate(169)));
        assert!(known.key(&certificate(100)).is_none());
    }

    #[test]
    fn signatures_are_known_between_two_certificates() {
        let key: Arc<dyn PublicKey> = Arc::new(Key);
        let known = KnownCertificates::default();
        known.remember_ca(&certificate(1), &key, Some(&certificate(2)));
        known.remember_ca(&certificate(2), &key, None);
        known.remember_leaf(&certificate(3), &key);
        assert!(known.is_signed_by(&certificate(1), &certificate(2)));
        for (child, issuer) in [(2, 1), (1, 1), (2, 2), (3, 1), (1, 3), (4, 2)] {
            assert!(!known.is_signed_by(&certificate(child), &certificate(issuer)));
        }
        // Cross-signed: another issuer takes the place of the first, none does not.
        known.remember_ca(&certificate(1), &key, None);
        assert!(known.is_signed_by(&certificate(1), &certificate(2)));
        known.remember_ca(&certificate(1), &key, Some(&certificate(4)));
        assert!(!known.is_signed_by(&certificate(1), &certificate(2)));
        let one = known.share(&certificate(1));
        assert_eq!(one.as_ptr(), known.share(&certificate(1)).as_ptr());
        assert_ne!(one.as_ptr(), certificate(1).as_ptr());
    }
}
