//! Who signed whom: each pair is asked about once, within the bounds of work.rs.

use super::VerifyRequest;
use super::path::Node;
use super::signature::key_of;
use super::view::spki_parts;
use super::work::Work;
use crate::crypto::PublicKey;
use crate::error::Result;
use pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm};
use std::sync::Arc;

/// The signatures that were tried: each once, however many paths lead over it.
pub(super) struct Signatures<'a> {
    request: &'a VerifyRequest<'a>,
    tried: Vec<Tried<'a>>,
    keys: Vec<Key<'a>>,
}

/// The key of an issuer; `None`: it is none, or of no known kind.
struct Key<'a> {
    owner: &'a [u8],
    key: Option<Arc<dyn PublicKey>>,
}

struct Tried<'a> {
    child: &'a [u8],
    issuer: &'a [u8],
    good: bool,
}

impl<'a> Signatures<'a> {
    pub(super) const fn new(request: &'a VerifyRequest<'a>) -> Self {
        Self {
            request,
            tried: Vec::new(),
            keys: Vec::new(),
        }
    }

    /// Whether the issuer's key signed the child. SHA-1 counts here: the policy's word on hashes comes
    /// with the other rules, so that it can be told. `is_leaf`: the child is the leaf, whose signature
    /// nobody remembers.
    pub(super) fn verify(
        &mut self,
        child: &Node<'a>,
        issuer: &Node<'a>,
        is_leaf: bool,
        work: &mut Work,
    ) -> Result<bool> {
        let (child_der, issuer_der) = (child.view.der, issuer.view.der);
        let is = |t: &&Tried<'_>| {
            core::ptr::eq(t.child, child_der) && core::ptr::eq(t.issuer, issuer_der)
        };
        if let Some(before) = self.tried.iter().find(is) {
            return Ok(before.good);
        }
        work.try_issuer()?;
        let known = !is_leaf && self.request.known.is_signed_by(child_der, issuer_der);
        let good = known || self.is_signed_by(child, issuer, work)?;
        self.tried.push(Tried {
            child: child_der,
            issuer: issuer_der,
            good,
        });
        Ok(good)
    }

    fn is_signed_by(
        &mut self,
        child: &Node<'a>,
        issuer: &Node<'a>,
        work: &mut Work,
    ) -> Result<bool> {
        let child = child.view;
        // Keys that no signature fits are not even read.
        let all = self.request.provider.certificate_algorithms().legacy;
        let mut ids = all.iter().map(|a| a.signature_alg_id());
        if !ids.any(|id| id.as_ref() == child.signature_algorithm) {
            return Ok(false);
        }
        let Some(key) = self.key(issuer) else {
            return Ok(false);
        };
        work.verify(&issuer.view, child.tbs)?;
        let verdict = key.verify_certificate(child.signature_algorithm, child.tbs, child.signature);
        Ok(verdict.is_ok())
    }

    /// Made ready once, however many signatures it verifies.
    fn key(&mut self, node: &Node<'a>) -> Option<Arc<dyn PublicKey>> {
        let owner = node.view.der;
        if let Some(made) = self.keys.iter().find(|k| core::ptr::eq(k.owner, owner)) {
            return made.key.clone();
        }
        let key = key_of(&node.view, self.request);
        self.keys.push(Key {
            owner,
            key: key.clone(),
        });
        key
    }

    /// Remembers the CAs of an accepted path, as far as their keys were needed.
    pub(super) fn remember(&self, path: &[Node<'a>]) {
        for (i, ca) in path.iter().enumerate().skip(1) {
            let made = self
                .keys
                .iter()
                .find(|k| core::ptr::eq(k.owner, ca.view.der));
            if let Some(key) = made.and_then(|made| made.key.as_ref()) {
                let issuer = path.get(i + 1).map(|issuer| issuer.der);
                self.request.known.remember_ca(ca.der, key, issuer);
            }
        }
    }
}

/// An algorithm that knows the signatures along a path, which verified already: webpki asks for each of
/// them again.
#[derive(Debug)]
pub(super) struct Verified<'a> {
    pub(super) algorithm: &'static dyn SignatureVerificationAlgorithm,
    pub(super) path: &'a [Node<'a>],
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
                child.view.tbs == message
                    && child.view.signature == signature
                    && spki_parts(issuer.view.spki).is_ok_and(|(_, key)| key == public_key)
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
