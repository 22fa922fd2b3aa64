use core::borrow::Borrow;
use core::ops::Deref;
use pki_types::CertificateDer;
use std::sync::Arc;

/// A certificate as DER. Clones share the bytes: the peer's chain, the path that verified, the session and
/// whoever looks at them hold one copy.
#[derive(Clone)]
pub struct Certificate(Arc<[u8]>);

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

impl Eq for Certificate {}

impl core::hash::Hash for Certificate {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl Deref for Certificate {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

/// As the bytes it is found in sets and maps.
impl Borrow<[u8]> for Certificate {
    fn borrow(&self) -> &[u8] {
        &self.0
    }
}

impl AsRef<[u8]> for Certificate {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl From<&[u8]> for Certificate {
    fn from(der: &[u8]) -> Self {
        Self(der.into())
    }
}

impl From<Vec<u8>> for Certificate {
    fn from(der: Vec<u8>) -> Self {
        Self(der.into())
    }
}

impl From<CertificateDer<'_>> for Certificate {
    fn from(der: CertificateDer<'_>) -> Self {
        Self(der.as_ref().into())
    }
}

impl core::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Certificate({} bytes)", self.len())
    }
}
