//! The seat of [`super::fast`] on architectures that graviola does not know: the same names, and
//! no value of any of these types.

use super::scheme::RsaPadding;
use tls_core::crypto::{HashId, KeyExchangeGroup};
use tls_core::wire::NamedGroup;

pub(crate) fn available() -> bool {
    false
}

pub(crate) fn group(_group: NamedGroup) -> Option<&'static dyn KeyExchangeGroup> {
    None
}

pub(crate) enum EcVerifier {}

impl EcVerifier {
    pub(crate) fn has(_curve: NamedGroup) -> bool {
        false
    }

    pub(crate) fn new(_curve: NamedGroup, _point: &[u8]) -> Option<Self> {
        None
    }

    pub(crate) fn verify(&self, _: HashId, _: &[u8], _: &[u8]) -> Option<bool> {
        match *self {}
    }
}

pub(crate) enum EcSigner {}

impl EcSigner {
    pub(crate) fn new(_curve: NamedGroup, _scalar: &[u8]) -> Option<Self> {
        None
    }

    pub(crate) fn sign(&self, _: HashId, _: &[u8]) -> Option<Vec<u8>> {
        match *self {}
    }
}

pub(crate) enum Ed25519Verifier {}

impl Ed25519Verifier {
    pub(crate) fn new(_key: &[u8; 32]) -> Option<Self> {
        None
    }

    pub(crate) fn verify(&self, _: &[u8], _: &[u8]) -> bool {
        match *self {}
    }
}

pub(crate) enum Ed25519Signer {}

impl Ed25519Signer {
    pub(crate) fn new(_seed: &[u8; 32]) -> Option<Self> {
        None
    }

    pub(crate) fn public(&self) -> [u8; 32] {
        match *self {}
    }

    pub(crate) fn sign(&self, _: &[u8]) -> [u8; 64] {
        match *self {}
    }
}

pub(crate) enum RsaVerifier {}

impl RsaVerifier {
    pub(crate) fn new(_pkcs1: &[u8], _bits: usize) -> Option<Self> {
        None
    }

    pub(crate) fn verify(&self, _: RsaPadding, _: HashId, _: &[u8], _: &[u8]) -> Option<bool> {
        match *self {}
    }
}

pub(crate) enum RsaSigner {}

impl RsaSigner {
    pub(crate) fn new(_pkcs1: &[u8], _bits: usize, _prime_bits: [usize; 2]) -> Option<Self> {
        None
    }

    pub(crate) fn sign(&self, _: RsaPadding, _: HashId, _: &[u8]) -> Option<Result<Vec<u8>, ()>> {
        match *self {}
    }
}
