//! The seat of [`super::ifma`] on other architectures: the same names, and no value of these types.

use super::scheme::RsaPadding;
use rsa::pkcs1::RsaPrivateKeyRef;
use tls_core::crypto::HashId;

pub(crate) fn available() -> bool {
    false
}

pub(crate) enum RsaVerifier {}

impl RsaVerifier {
    pub(crate) fn new(_modulus: &[u8], _bits: usize, _public_exponent: &[u8]) -> Option<Self> {
        None
    }

    pub(crate) fn verify(&self, _: RsaPadding, _: HashId, _: &[u8], _: &[u8]) -> bool {
        match *self {}
    }
}

pub(crate) enum RsaSigner {}

impl RsaSigner {
    pub(crate) fn new(_key: &RsaPrivateKeyRef<'_>, _bits: usize) -> Option<Self> {
        None
    }

    pub(crate) fn sign(&self, _: RsaPadding, _: HashId, _: &[u8]) -> Option<Vec<u8>> {
        match *self {}
    }

    pub(crate) fn decrypt(&self, _: &[u8], _: &mut [u8]) -> Option<()> {
        match *self {}
    }
}
