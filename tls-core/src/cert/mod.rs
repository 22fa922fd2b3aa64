//! Certificates: chains, names, verification, credentials, and what people want to read of them.
//!
//! Two judges decide about a path: our rules over `CertView`, one strict walk over the DER, which search
//! the path and say what is wrong with it, and rustls-webpki, which has to accept the very path that
//! they found. A third reader, x509-parser, reads for people alone; nothing is decided by it.

mod anchors;
mod authorities;
mod chain;
mod constraints;
mod credentials;
mod crl;
mod dn;
mod end_point;
mod extension;
mod gather;
mod hashes;
mod info;
mod issuer;
mod known;
mod name;
mod ocsp;
mod options;
mod outside;
mod path;
mod renamed;
mod review;
mod rules;
mod same;
mod san;
mod second;
mod sentence;
mod signature;
mod signed;
mod status;
mod strength;
mod strict;
mod text;
mod time;
mod untrusted;
mod usage;
mod verifier;
mod view;
mod words;
mod work;

pub use anchors::TrustAnchors;
pub use authorities::Authorities;
pub use chain::{MAX_CHAIN_CERTIFICATES, is_for, issuers_by_name, verify_chain};
pub use credentials::Keypair;
pub use crl::{Crl, CrlPolicy, CrlRefused, Crls, MAX_CRL};
pub use end_point::end_point_hash;
pub use gather::chain_of;
pub(crate) use hashes::ED25519_BITS;
pub use info::{CertificateInfo, ExtensionInfo, KeyInfo, SubjectName};
pub use known::{KnownCertificates, MAX_KNOWN_CAS, MAX_KNOWN_LEAVES};
pub use name::{InvalidName, ServerName};
pub(crate) use ocsp::ocsp_ends_at;
pub use ocsp::{
    MAX_OCSP_RESPONSE, OCSP_MAX_AGE, OCSP_TOLERANCE, OcspInfo, OcspStatus, check_ocsp_response,
    check_own_staple, must_staple, ocsp_info,
};
pub(crate) use options::check_leaf_pins;
pub use options::{MAX_INTERMEDIATES, Pins, VerifyOptions};
pub use review::{Review, Reviewer};
pub use san::MatchQuality;
pub use usage::{KeyUsage, leaf_key_usage};
pub use verifier::{
    AskedBy, CertificatePolicy, CertificateVerifier, KeyUse, Purpose, VerifiedChain, VerifyRequest,
};
pub(crate) use view::ends_at;
pub use view::leaf_spki;

pub use crate::wire::Certificate;
pub use pki_types::UnixTime;
