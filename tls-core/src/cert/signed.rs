//! Who signed whom, and what finding it out may cost.

use super::path::{Node, too_much};
use super::view::{CertView, spki_parts};
use crate::crypto::Provider;
use crate::error::Result;
use pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm};

/// Signatures that one verification tries: Go's limit, which webpki has as well.
const MAX_SIGNATURES: usize = 100;

/// Issuers that one search steps up to.
const MAX_STEPS: usize = 1000;

/// Names that one verification compares with name constraints: Go's and webpki's limit for one path,
/// here for all of them.
const MAX_COMPARISONS: usize = 250_000;

/// What is left of the bounds.
#[derive(Debug)]
pub(super) struct Work {
    steps: usize,
    /// `None`: used up.
    comparisons: Option<usize>,
    /// Where those certificates begin whose form was found right: it is looked at once, however many
    /// paths lead over them.
    formed: Vec<usize>,
}

impl Default for Work {
    fn default() -> Self {
        Self {
            steps: MAX_STEPS,
            comparisons: Some(MAX_COMPARISONS),
            formed: Vec::new(),
        }
    }
}

impl Work {
    pub(super) fn step(&mut self) -> Result<()> {
        self.steps = self.steps.checked_sub(1).ok_or_else(too_much)?;
        Ok(())
    }

    pub(super) fn compare(&mut self, count: usize) -> Result<()> {
        match self.comparisons.and_then(|left| left.checked_sub(count)) {
            None => {
                self.comparisons = None;
                Err(too_much())
            }
            left => {
                self.comparisons = left;
                Ok(())
            }
        }
    }

    /// Runs `check` on the certificate's form unless it has passed before.
    pub(super) fn form_once<E>(
        &mut self,
        view: &CertView<'_>,
        check: impl FnOnce() -> Result<(), E>,
    ) -> Result<(), E> {
        let place = view.tbs.as_ptr().addr();
        if !self.formed.contains(&place) {
            check()?;
            self.formed.push(place);
        }
        Ok(())
    }

    /// Whether more comparisons were needed than there are: the search is over.
    pub(super) const fn is_used_up(&self) -> bool {
        self.comparisons.is_none()
    }
}

/// The signatures that were tried: each once, however many paths lead over it.
pub(super) struct Signatures<'a> {
    provider: &'a dyn Provider,
    tried: Vec<Tried<'a>>,
}

struct Tried<'a> {
    child: CertView<'a>,
    issuer: &'a [u8],
    good: bool,
}

impl<'a> Signatures<'a> {
    pub(super) const fn new(provider: &'a dyn Provider) -> Self {
        Self {
            provider,
            tried: Vec::new(),
        }
    }

    /// Whether the issuer's key signed the child. SHA-1 counts here: the policy's word on hashes comes
    /// with the other rules, so that it can be told.
    pub(super) fn verify(&mut self, child: &Node<'a>, issuer: &Node<'a>) -> Result<bool> {
        let (child, issuer) = (child.view, issuer.view.spki);
        let before = self
            .tried
            .iter()
            .find(|t| core::ptr::eq(t.child.tbs, child.tbs) && core::ptr::eq(t.issuer, issuer));
        if let Some(before) = before {
            return Ok(before.good);
        }
        if self.tried.len() >= MAX_SIGNATURES {
            return Err(too_much());
        }
        let good = is_signed_by(self.provider, &child, issuer);
        self.tried.push(Tried {
            child,
            issuer,
            good,
        });
        Ok(good)
    }
}

fn is_signed_by(provider: &dyn Provider, child: &CertView<'_>, spki: &[u8]) -> bool {
    let Ok((key_algorithm, key)) = spki_parts(spki) else {
        return false;
    };
    provider.certificate_algorithms().legacy.iter().any(|a| {
        a.signature_alg_id().as_ref() == child.signature_algorithm
            && a.public_key_alg_id().as_ref() == key_algorithm
            && a.verify_signature(key, child.tbs, child.signature).is_ok()
    })
}

/// An algorithm that knows the signatures along a path, which verified already: webpki asks for each of
/// them again.
#[derive(Debug)]
pub(super) struct Verified<'a> {
    pub(super) algorithm: &'static dyn SignatureVerificationAlgorithm,
    pub(super) path: &'a [CertView<'a>],
}

impl SignatureVerificationAlgorithm for Verified<'_> {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let known = self.path.windows(2).any(|pair| match pair {
            [child, issuer] => {
                child.tbs == message
                    && child.signature == signature
                    && spki_parts(issuer.spki).is_ok_and(|(_, key)| key == public_key)
            }
            _ => false,
        });
        if known { Ok(()) } else { Err(InvalidSignature) }
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.algorithm.public_key_alg_id()
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.algorithm.signature_alg_id()
    }

    fn fips(&self) -> bool {
        self.algorithm.fips()
    }
}
