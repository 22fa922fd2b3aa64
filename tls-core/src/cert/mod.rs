//! Certificates: chains, names, verification, credentials, and what people want to read of them.

mod credentials;
mod info;
mod name;
mod verifier;

pub use credentials::Keypair;
pub use info::CertificateInfo;
pub use name::{InvalidName, ServerName};
pub use verifier::{
    CertificatePolicy, CertificateVerifier, KeyUse, Purpose, TrustAnchors, VerifiedChain,
    VerifyRequest,
};

pub use pki_types::{CertificateDer, UnixTime};
