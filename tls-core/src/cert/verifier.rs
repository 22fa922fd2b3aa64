//! What is asked of whoever judges certificates, and what comes of it.

use crate::crypto::{Digest, Hash, Later, Provider, Reply};
use crate::error::Error;
use crate::wire::Certificate;
use pki_types::UnixTime;
use std::sync::Arc;

use super::{KnownCertificates, ServerName, TrustAnchors, VerifyOptions};

/// What the peer's certificate must be good for (extendedKeyUsage, RFC 5280 §4.2.1.12).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// The peer is a server: id-kp-serverAuth.
    Server,
    /// The peer is a client: id-kp-clientAuth.
    Client,
}

/// What the handshake does with the leaf's key (keyUsage, RFC 5280 §4.2.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyUse {
    /// digitalSignature: (EC)DHE and CertificateVerify.
    Sign,
    /// keyEncipherment: RSA key exchange.
    Encrypt,
}

/// The part of a policy that concerns certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CertificatePolicy {
    /// Fall back to the subject's common name when there is no subjectAltName (off by default).
    pub common_name: bool,
    /// Smallest RSA modulus in bits, of every key in the path.
    pub min_rsa_bits: usize,
    /// Smallest order of an elliptic curve in bits, of every key in the path.
    pub min_ec_bits: usize,
    /// Shortest hash in bits, of every signature in the path but the trusted certificate's own:
    /// 160 is SHA-1.
    pub min_hash_bits: usize,
    /// Accept certificates of X.509 versions 1 and 2, which cannot say what they are for.
    pub version1: bool,
    /// For sentences.
    pub asked_by: AskedBy,
}

/// Who asks for the numbers of a [`CertificatePolicy`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AskedBy {
    /// The policy's name.
    pub policy: &'static str,
    /// What it asks itself of RSA keys, in bits.
    pub rsa_bits: usize,
    /// Of elliptic curves.
    pub ec_bits: usize,
    /// Of hashes.
    pub hash_bits: usize,
    /// The security level that asks beside it.
    pub security_level: u8,
}

impl AskedBy {
    /// The policy, or the security level where the policy is content.
    pub(crate) fn who(&self, content: bool) -> String {
        match content {
            true => format!("security level {}", self.security_level),
            false => format!("the policy {}", self.policy),
        }
    }
}

/// One verification.
#[derive(Clone, Copy, Debug)]
pub struct VerifyRequest<'a> {
    /// The peer's chain as it came, leaf first; never empty.
    pub chain: &'a [Certificate],
    /// The name that the leaf must carry; `None` only where the caller chose to check no name.
    pub name: Option<&'a ServerName>,
    /// What the certificate must be good for.
    pub purpose: Purpose,
    /// What its key will do; `None` outside of a handshake: nobody uses it then, nor staples a response, so that a
    /// certificate that demands one (RFC 7633) is good without.
    pub key_use: Option<KeyUse>,
    /// The time of the check.
    pub now: UnixTime,
    /// What the policy allows.
    pub policy: CertificatePolicy,
    /// What the user asks beside it.
    pub options: &'a VerifyOptions,
    /// The OCSP response that the server stapled, as it came; not parsed so far.
    pub ocsp_response: Option<&'a [u8]>,
    /// A response that says nothing is refused.
    pub ocsp_required: bool,
    /// How signatures are verified and keys are hashed.
    pub provider: &'a dyn Provider,
    /// What is remembered of certificates that were accepted before.
    pub known: &'a KnownCertificates,
}

/// A path from the leaf to a trust anchor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedChain {
    /// Leaf first; the anchor is last where it is known as a certificate.
    pub path: Arc<[Certificate]>,
}

/// Judges the peer's chain. Signatures made with the leaf's key in the handshake are not its
/// business: those are always verified.
pub trait CertificateVerifier: Send + Sync + core::fmt::Debug {
    /// The verdict; the error's reason is one of the certificate family.
    fn verify(
        &self,
        request: &VerifyRequest<'_>,
        later: &Later,
    ) -> Reply<Result<VerifiedChain, Error>>;

    /// The subjects of the CAs that it trusts, as DER `Name`s: a server lists them in its
    /// CertificateRequest (RFC 5246 §7.4.4). None: any CA may do.
    fn authorities(&self) -> Vec<Vec<u8>> {
        Vec::new()
    }

    /// What it trusts, where that is a set of certificates: the issuer of a leaf that is trusted as itself
    /// may be among them, and answers for its revocation.
    fn anchors(&self) -> Option<&TrustAnchors> {
        None
    }

    /// Whether it may judge certificates of clients. One that trusts the CAs that vouch for the world's
    /// servers may not: a server that asks for certificates with it is refused (`NoTrustAnchors`).
    fn judges_clients(&self) -> bool {
        true
    }

    /// A digest of what is accepted: a session that was made under one scope is resumed under no
    /// other, because nobody judges a chain again when it is. `None`, the default: not known, so
    /// that every handshake is a full one.
    fn scope(&self, _hash: &dyn Hash) -> Option<Digest> {
        None
    }
}
