//! What a user asks of paths beside the policy: pins, depth, partial chains, CRLs.

use super::path::Node;
use super::view::CertView;
use super::{CrlPolicy, Crls, VerifyRequest};
use crate::crypto::{HashContext, HashId};
use crate::error::{Error, Reason, Result};
use std::sync::Arc;

/// Most intermediate certificates between a leaf and the trusted certificate: no public CA needs more
/// than three, and the work for hostile chains grows with it.
pub const MAX_INTERMEDIATES: usize = 6;

/// What a user asks of paths beside the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyOptions {
    /// Most intermediate certificates of a path (OpenSSL's verify depth), at most
    /// [`MAX_INTERMEDIATES`], which is the default.
    pub max_intermediates: usize,
    /// A path may end in a trusted intermediate, in place of a trusted root (off by default).
    pub partial_chain: bool,
    /// Every certificate of a path keeps the profile of RFC 5280 §4, also in what a sound path does not need: CAs have
    /// critical basicConstraints, a keyUsage and a subjectKeyIdentifier; all but the last name their issuer's key;
    /// subjects and issuers are not empty (off by default).
    pub strict: bool,
    /// Keys of which one must be on the path; empty: any will do.
    pub pins: Pins,
    /// Revocation lists; none: nobody is asked but a server's staple.
    pub crls: Crls,
    /// What is asked of them.
    pub crl_policy: CrlPolicy,
}

impl Default for VerifyOptions {
    fn default() -> Self {
        Self {
            max_intermediates: MAX_INTERMEDIATES,
            partial_chain: false,
            strict: false,
            pins: Pins::default(),
            crls: Crls::default(),
            crl_policy: CrlPolicy::default(),
        }
    }
}

impl VerifyOptions {
    /// What a session is bound to: nobody judges a chain again when it is resumed.
    pub(crate) fn bind(&self, digest: &mut dyn HashContext) {
        digest.update(&[
            self.max_intermediates.min(0xff) as u8,
            u8::from(self.partial_chain),
            u8::from(self.strict),
            u8::from(self.pins.alone),
        ]);
        digest.update(&(self.pins.keys.len() as u64).to_be_bytes());
        self.pins.keys.iter().for_each(|pin| digest.update(pin));
        let policy = self.crl_policy;
        let flags = [
            policy.leaf_only,
            policy.allow_unknown,
            policy.allow_expired,
            policy.required,
        ];
        digest.update(&flags.map(u8::from));
        self.crls.bind(digest);
    }
}

/// Pinned keys: SHA-256 over the DER `SubjectPublicKeyInfo`, as in RFC 7469 §2.4.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pins {
    keys: Arc<[[u8; 32]]>,
    alone: bool,
}

impl Pins {
    /// Pins one more key.
    pub fn add(&mut self, spki_sha256: [u8; 32]) {
        if !self.keys.contains(&spki_sha256) {
            self.keys = self.keys.iter().copied().chain([spki_sha256]).collect();
        }
    }

    /// Whether a pinned key of the leaf takes the place of a trusted CA. Its name, dates, purpose and
    /// strength are checked as ever. Off by default: a pin is one requirement more.
    pub const fn set_alone(&mut self, alone: bool) {
        self.alone = alone;
    }

    /// Whether no key is pinned.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The pinned keys, in the order in which they were added.
    pub fn keys(&self) -> &[[u8; 32]] {
        &self.keys
    }

    /// Whether a pinned leaf is trusted as it is.
    pub const fn alone(&self) -> bool {
        self.alone
    }
}

/// Whether this certificate's key is a pinned one.
pub(super) fn is_pinned(view: &CertView<'_>, request: &VerifyRequest<'_>) -> Result<bool> {
    let keys = &request.options.pins.keys;
    if keys.is_empty() {
        return Ok(false);
    }
    let hash = request.provider.hash(HashId::Sha256);
    let digest = hash.ok_or(Reason::ProviderMissing)?.hash(&[view.spki]);
    Ok(keys.iter().any(|pin| pin[..] == *digest.as_ref()))
}

/// RFC 7469 §2.6: one of the keys on the path is a pinned one.
pub(super) fn check_pins(path: &[Node<'_>], request: &VerifyRequest<'_>) -> Result<()> {
    if request.options.pins.is_empty() {
        return Ok(());
    }
    for certificate in path {
        if is_pinned(certificate, request)? {
            return Ok(());
        }
    }
    Err(Error::new(Reason::CertificateNotPinned))
}

/// What is left to check where any certificate is accepted: a leaf with another key than the pinned ones
/// is none of those that the user meant.
pub(crate) fn check_leaf_pins(request: &VerifyRequest<'_>) -> Result<()> {
    if request.options.pins.is_empty() {
        return Ok(());
    }
    match request.chain.first().and_then(Node::new) {
        Some(leaf) => check_pins(&[leaf], request),
        None => Err(Reason::CertificateMalformed.into()),
    }
}

/// Whether nothing but its pinned key vouches for a path. Who has that key wrote all else in the leaf, its
/// issuer too.
pub(super) fn is_pinned_alone(path: &[Node<'_>], request: &VerifyRequest<'_>) -> Result<bool> {
    match path {
        [leaf] if request.options.pins.alone() => is_pinned(leaf, request),
        _ => Ok(false),
    }
}
