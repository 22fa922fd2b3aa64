//! The search for a path from the leaf to a trusted certificate (RFC 4158): every issuer that signed is
//! tried, our rules and webpki judge each path that is complete, and one that breaks a rule does not
//! hide another that keeps all. What a hostile set of certificates can cost has bounds with names.

use super::options::MAX_INTERMEDIATES;
use super::rules;
use super::same::same_name;
use super::signed::Signatures;
use super::untrusted;
use super::view::CertView;
use super::work::{Work, too_much};
use super::{Certificate, TrustAnchors, VerifyRequest};
use crate::error::{Error, Reason, Result};

/// Most bytes of a certificate: what webpki reads.
const MAX_CERTIFICATE: usize = (64 << 10) + 3;

/// Certificates of a usual path, the trusted one included.
const USUAL_LENGTH: usize = 4;

/// Complete paths that are judged before the search gives up: honest sets of cross-signed CAs have two
/// or three.
const MAX_PATHS: usize = 16;

/// A certificate that a path may lead through.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node<'a> {
    pub(super) der: &'a Certificate,
    pub(super) view: CertView<'a>,
}

impl<'a> core::ops::Deref for Node<'a> {
    type Target = CertView<'a>;

    fn deref(&self) -> &CertView<'a> {
        &self.view
    }
}

impl<'a> Node<'a> {
    /// `None` for what does not parse: a stray certificate is not worth an alert.
    pub(super) fn new(der: &'a Certificate) -> Option<Self> {
        let view = CertView::parse(der).ok()?;
        (der.len() <= MAX_CERTIFICATE).then_some(Self { der, view })
    }

    /// RFC 4158 §5.2: the same subject and key again would be a loop.
    fn is_again(&self, other: &Self) -> bool {
        self.view.spki == other.view.spki && same_name(self.subject, other.subject)
    }
}

pub(super) struct Search<'a> {
    anchors: &'a TrustAnchors,
    request: &'a VerifyRequest<'a>,
    sent: Vec<Node<'a>>,
    signatures: Signatures<'a>,
    work: Work,
    judged: usize,
    /// Leaf first, as far as it goes.
    path: Vec<Node<'a>>,
    /// Why the first complete path was refused.
    refused: Option<Error>,
    /// The first certificate that has issuers by name, none of which signed it.
    unsigned: Option<Vec<Node<'a>>>,
    /// The longest path that leads nowhere.
    longest: Vec<Node<'a>>,
    /// Whether a path ended because it would have been too long.
    too_long: bool,
}

impl<'a> Search<'a> {
    pub(super) fn new(
        anchors: &'a TrustAnchors,
        request: &'a VerifyRequest<'a>,
        leaf: Node<'a>,
        sent: &'a [Certificate],
    ) -> Self {
        let mut nodes: Vec<Node<'a>> = Vec::with_capacity(sent.len());
        for node in sent.iter().filter_map(Node::new) {
            if nodes.iter().all(|n| n.der != node.der) {
                nodes.push(node);
            }
        }
        let mut path = Vec::with_capacity(USUAL_LENGTH);
        path.push(leaf);
        Self {
            anchors,
            request,
            sent: nodes,
            signatures: Signatures::new(request),
            work: Work::default(),
            judged: 0,
            path,
            refused: None,
            unsigned: None,
            longest: Vec::new(),
            too_long: false,
        }
    }

    /// The verified path: leaf, intermediates, trusted certificate.
    pub(super) fn run(mut self) -> Result<Vec<Node<'a>>> {
        if self.extend()? {
            self.signatures.remember(&self.path);
            return Ok(self.path);
        }
        if let Some(error) = self.refused {
            return Err(error);
        }
        if let Some(path) = &self.unsigned {
            return Err(untrusted::unsigned(
                path,
                &self.issuers_of_last(path),
                self.request,
            ));
        }
        if self.too_long {
            return Err(too_long(self.request.options.max_intermediates));
        }
        Err(untrusted::ends(self.anchors, self.request, &self.longest))
    }

    /// Goes on from the end of the path; whether it is complete and keeps every rule. An error ends the
    /// search.
    fn extend(&mut self) -> Result<bool> {
        let Some(&head) = self.path.last() else {
            return Ok(false);
        };
        let mut signed = false;
        let trusted = self.trusted_issuers(&head);
        let sent = self.sent_issuers(&head);
        let named = !trusted.is_empty() || !sent.is_empty();
        for issuer in trusted {
            if self.is_signed_by(&head, &issuer)? {
                signed = true;
                self.path.push(issuer);
                if self.judge()? {
                    return Ok(true);
                }
                self.path.pop();
            }
        }
        let max = self
            .request
            .options
            .max_intermediates
            .min(MAX_INTERMEDIATES);
        for issuer in sent {
            if self.is_signed_by(&head, &issuer)? {
                signed = true;
                self.work.step()?;
                let full = self.path.len() > max;
                self.path.push(issuer);
                if full {
                    self.stop_at(&issuer);
                } else if self.extend()? {
                    return Ok(true);
                }
                self.path.pop();
            }
        }
        if named && !signed && self.unsigned.is_none() {
            self.unsigned = Some(self.path.clone());
        }
        self.keep_longest();
        Ok(false)
    }

    fn is_signed_by(&mut self, child: &Node<'a>, issuer: &Node<'a>) -> Result<bool> {
        let is_leaf = self.path.len() == 1;
        let work = &mut self.work;
        self.signatures.verify(child, issuer, is_leaf, work)
    }

    /// No more fits behind `issuer`, the end of the path. A root that is not trusted leads no further
    /// anyway.
    fn stop_at(&mut self, issuer: &Node<'a>) {
        match issuer.view.is_self_issued() {
            true => self.keep_longest(),
            false => self.too_long = true,
        }
    }

    fn keep_longest(&mut self) {
        if self.path.len() > self.longest.len() {
            self.longest.clone_from(&self.path);
        }
    }

    /// Whether the complete path keeps every rule.
    fn judge(&mut self) -> Result<bool> {
        self.judged += 1;
        if self.judged > MAX_PATHS {
            return Err(too_much());
        }
        match rules::check_path(self.anchors, &self.path, self.request, &mut self.work) {
            Ok(()) => Ok(true),
            Err(error) if self.work.is_over() => Err(error),
            Err(error) => {
                self.refused.get_or_insert(error);
                Ok(false)
            }
        }
    }

    /// The trusted certificates that may end a path behind `head`: roots, and others on request.
    fn trusted_issuers(&self, head: &Node<'a>) -> Vec<Node<'a>> {
        let partial = self.request.options.partial_chain;
        let issuers = self.anchors.by_subject(head.view.issuer);
        self.likely_first(head, issuers.filter(|n| partial || n.view.is_self_issued()))
    }

    /// What the path may go on through: certificates that were sent, and trusted ones that are no
    /// roots.
    fn sent_issuers(&self, head: &Node<'a>) -> Vec<Node<'a>> {
        let sent = self.sent.iter().copied();
        let sent = sent.filter(|n| same_name(n.subject, head.issuer));
        let trusted = self.anchors.by_subject(head.view.issuer);
        let known = trusted.filter(|n| !n.view.is_self_issued());
        let issuers = sent.chain(known);
        self.likely_first(head, issuers)
    }

    /// Those that are not on the path already, whose key identifier is the one that `head` names
    /// first (RFC 5280 §4.2.1.1): a hint, no rule.
    fn likely_first(
        &self,
        head: &Node<'a>,
        issuers: impl Iterator<Item = Node<'a>>,
    ) -> Vec<Node<'a>> {
        let wanted = head.view.authority_key_id();
        let issuers: Vec<_> = issuers
            .filter(|n| !self.path.iter().any(|p| p.is_again(n)))
            .collect();
        if issuers.len() < 2 {
            return issuers;
        }
        let rank = |issuer: &Node<'a>| match (wanted, issuer.view.subject_key_id()) {
            (Some(wanted), Some(id)) if wanted == id => 0,
            (Some(_), Some(_)) => 2,
            (None, _) | (_, None) => 1,
        };
        let mut sorted = Vec::with_capacity(issuers.len());
        for wanted in 0..=2 {
            sorted.extend(issuers.iter().copied().filter(|n| rank(n) == wanted));
        }
        sorted
    }

    fn issuers_of_last(&self, path: &[Node<'a>]) -> Vec<Node<'a>> {
        let Some(head) = path.last() else {
            return Vec::new();
        };
        let mut issuers: Vec<_> = self.anchors.by_subject(head.view.issuer).collect();
        issuers.extend(
            self.sent
                .iter()
                .filter(|n| same_name(n.subject, head.issuer)),
        );
        issuers
    }
}

fn too_long(max: usize) -> Error {
    Error::with(
        Reason::CertificateChainTooLong,
        format!(
            "there are more than {max} intermediate certificates between the certificate and a trusted one"
        ),
    )
}
