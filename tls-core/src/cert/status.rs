//! Whether a certificate of a path was revoked: the last rule that a path has to keep.

use super::crl::check_crls;
use super::ocsp::check_staple;
use super::path::Node;
use super::work::Work;
use super::{TrustAnchors, VerifyRequest};
use crate::error::Result;

/// Judges a path that keeps every other rule: leaf first, the trusted certificate last (the leaf
/// alone, when it is trusted as itself). A path that breaks this rule does not hide another.
pub(super) fn check_status(
    path: &[Node<'_>],
    anchors: &TrustAnchors,
    request: &VerifyRequest<'_>,
    work: &mut Work,
) -> Result<()> {
    check_crls(path, anchors, request, work)?;
    check_staple(path, anchors, request, work)
}
