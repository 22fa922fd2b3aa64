//! Certificates: chains, names, verification, credentials, and what people want to read of them.
//!
//! Two readers decide about a certificate here: rustls-webpki, which judges, and `CertView`, a walk
//! over the same DER for what webpki does not tell. What the second one finds makes the verdict
//! stricter, with two exceptions that a user has to ask for: a leaf that is trusted as itself, and the
//! common name. A third, x509-parser, reads for people alone; nothing is decided by it.

mod anchors;
mod authorities;
mod chain;
mod credentials;
mod crl;
mod dn;
mod end_point;
mod explain;
mod gather;
mod info;
mod name;
mod ocsp;
mod options;
mod path;
mod review;
mod san;
mod sentence;
mod signature;
mod status;
mod time;
mod usage;
mod verifier;
mod view;

pub use anchors::TrustAnchors;
pub use authorities::Authorities;
pub use chain::{MAX_CHAIN_CERTIFICATES, verify_chain};
pub use credentials::Keypair;
pub use crl::{Crl, CrlPolicy, Crls, MAX_CRL};
pub use end_point::end_point_hash;
pub use gather::chain_of;
pub use info::{CertificateInfo, ExtensionInfo, KeyInfo, SubjectName};
pub use name::{InvalidName, ServerName};
pub(crate) use ocsp::ocsp_ends_at;
pub use ocsp::{
    MAX_OCSP_RESPONSE, OCSP_MAX_AGE, OCSP_TOLERANCE, OcspInfo, OcspStatus, check_ocsp_response,
    check_own_staple, must_staple, ocsp_info,
};
pub use options::{MAX_INTERMEDIATES, Pins, VerifyOptions};
pub use review::{Review, Reviewer};
pub use san::MatchQuality;
pub use usage::{KeyUsage, leaf_key_usage};
pub use verifier::{
    CertificatePolicy, CertificateVerifier, KeyUse, Purpose, VerifiedChain, VerifyRequest,
};
pub use view::leaf_spki;

pub use pki_types::{CertificateDer, UnixTime};
