use std::sync::Arc;
use tls_core::crypto::{
    KeyError, KeyKind, Later, PrivateKey, PublicKey, Reply, Secret, SignedBytes,
};
use tls_core::wire::SignatureScheme;

/// What a private key that lives elsewhere (a token, another process) can do. The certificate tells
/// the rest.
pub trait KeyOperations: Send + Sync + core::fmt::Debug {
    /// Signs `message` (not a digest) with exactly `scheme`. ECDSA signatures are DER. To answer
    /// later, keep [`Later::pending`] and return [`Reply::Later`].
    fn sign(
        &self,
        scheme: SignatureScheme,
        message: &[u8],
        later: &Later,
    ) -> Reply<Result<SignedBytes, KeyError>>;

    /// Whether [`KeyOperations::decrypt_raw`] works; without it RSA key exchange is not negotiated.
    fn can_decrypt(&self) -> bool {
        false
    }

    /// The raw RSA private operation (see [`PrivateKey::decrypt_raw`]).
    fn decrypt_raw(&self, ciphertext: &[u8], later: &Later) -> Reply<Result<Secret, KeyError>> {
        let _ = (ciphertext, later);
        Reply::Now(Err(KeyError::Failed("this key does not decrypt".into())))
    }
}

/// Operations and the certificate's public key, as the protocol wants a private key.
#[derive(Debug)]
pub(crate) struct ExternalKey {
    public: Arc<dyn PublicKey>,
    operations: Arc<dyn KeyOperations>,
}

impl ExternalKey {
    pub(crate) fn new(public: Arc<dyn PublicKey>, operations: Arc<dyn KeyOperations>) -> Self {
        Self { public, operations }
    }
}

impl PrivateKey for ExternalKey {
    fn kind(&self) -> KeyKind {
        self.public.kind()
    }

    fn schemes(&self) -> &[SignatureScheme] {
        schemes_of(self.kind())
    }

    fn public_key(&self) -> Option<Arc<dyn PublicKey>> {
        // The certificate is believed: comparing it with itself would prove nothing.
        None
    }

    fn sign(
        &self,
        scheme: SignatureScheme,
        message: &[u8],
        later: &Later,
    ) -> Reply<Result<SignedBytes, KeyError>> {
        self.operations.sign(scheme, message, later)
    }

    fn can_decrypt(&self) -> bool {
        matches!(self.kind(), KeyKind::Rsa { .. }) && self.operations.can_decrypt()
    }

    fn decrypt_raw(&self, ciphertext: &[u8], later: &Later) -> Reply<Result<Secret, KeyError>> {
        self.operations.decrypt_raw(ciphertext, later)
    }
}

/// What a key of this kind can sign with. The configuration's schemes choose among them.
fn schemes_of(kind: KeyKind) -> &'static [SignatureScheme] {
    use SignatureScheme as S;
    match kind {
        KeyKind::Rsa { .. } => &[
            S::RSA_PSS_RSAE_SHA256,
            S::RSA_PSS_RSAE_SHA384,
            S::RSA_PSS_RSAE_SHA512,
            S::RSA_PKCS1_SHA256,
            S::RSA_PKCS1_SHA384,
            S::RSA_PKCS1_SHA512,
            S::RSA_PKCS1_SHA1,
        ],
        KeyKind::RsaPss { .. } => &[
            S::RSA_PSS_PSS_SHA256,
            S::RSA_PSS_PSS_SHA384,
            S::RSA_PSS_PSS_SHA512,
        ],
        KeyKind::Ec(_) => &[
            S::ECDSA_SECP256R1_SHA256,
            S::ECDSA_SECP384R1_SHA384,
            S::ECDSA_SECP521R1_SHA512,
            S::ECDSA_SHA1,
        ],
        KeyKind::Ed25519 => &[S::ED25519],
    }
}
