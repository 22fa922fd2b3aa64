//! The CA whose word on revocation counts.

use super::path::Node;
use super::same::same_name;
use super::signature::Signed;
use super::view::CertView;
use super::work::Work;
use super::{TrustAnchors, VerifyRequest};
use crate::error::Result;

/// The CA that issued the leaf. A leaf that is trusted as itself has no path: then who signed it among
/// what is trusted and what the peer sent, if anybody did.
pub(super) fn issuer_of<'a>(
    path: &[Node<'a>],
    anchors: &'a TrustAnchors,
    request: &VerifyRequest<'a>,
    work: &mut Work,
) -> Result<Option<CertView<'a>>> {
    let Some((leaf, rest)) = path.split_first() else {
        return Ok(None);
    };
    if let Some(issuer) = rest.first() {
        return Ok(Some(issuer.view));
    }
    if leaf.is_self_issued() {
        return Ok(Some(leaf.view));
    }
    let signed = Signed {
        message: leaf.tbs,
        algorithm: leaf.signature_algorithm,
        signature: leaf.signature,
    };
    let sent = request.chain.iter().filter_map(|c| CertView::parse(c).ok());
    let sent = sent.filter(|c| same_name(c.subject, leaf.issuer));
    let trusted = anchors.by_subject(leaf.issuer).map(|node| node.view);
    for issuer in trusted.chain(sent) {
        if signed.verify(&issuer, request, work)?.is_ok() {
            return Ok(Some(issuer));
        }
    }
    Ok(None)
}
