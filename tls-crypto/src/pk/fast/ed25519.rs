use graviola::signing::eddsa::{Ed25519SigningKey, Ed25519VerifyingKey};

/// Verifies with one Ed25519 key.
pub(crate) struct Ed25519Verifier(Ed25519VerifyingKey);

impl Ed25519Verifier {
    /// `None` when the bytes are no point.
    pub(crate) fn new(key: &[u8; 32]) -> Option<Self> {
        Ed25519VerifyingKey::from_bytes(key).ok().map(Self)
    }

    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.0.verify(signature, message).is_ok()
    }
}

/// Signs with one Ed25519 key.
pub(crate) struct Ed25519Signer(Ed25519SigningKey);

impl Ed25519Signer {
    pub(crate) fn new(seed: &[u8; 32]) -> Option<Self> {
        Ed25519SigningKey::from_bytes(seed).ok().map(Self)
    }

    pub(crate) fn public(&self) -> [u8; 32] {
        self.0.public_key().as_bytes()
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message)
    }
}
