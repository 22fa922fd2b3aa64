//! webpki's verdict on a path that keeps our rules: it judges names against constraints, and whatever
//! we overlooked. It gets this one path alone, so it has nothing to search.
//!
//! X.509 versions 1 and 2, which it does not read, are judged by our rules alone; the policy legacy has to
//! allow them. What is said of name constraints is in outside.rs.

use super::options::MAX_INTERMEDIATES;
use super::path::Node;
use super::renamed::{nodes, renamed};
use super::rules::Fault;
use super::sentence::{self, title};
use super::signed::Verified;
use super::view::{CertView, spki_parts};
use super::words::words;
use super::work::{Work, too_much};
use super::{Purpose, TrustAnchors, VerifyRequest, constraints, outside};
use crate::error::{Error, Reason, Result};
use crate::wire::der::BadDer;
use pki_types::{CertificateDer, SignatureVerificationAlgorithm};
use webpki::{DerTypeId, EndEntityCert};

/// Most certificates of a path below the trusted one.
const MAX_BELOW: usize = MAX_INTERMEDIATES + 1;

pub(super) fn judge(
    anchors: &TrustAnchors,
    path: &[Node<'_>],
    request: &VerifyRequest<'_>,
    work: &mut Work,
) -> Result<()> {
    match renamed(path)? {
        None => judge_linked(anchors, path, request, work),
        Some(ders) => judge_linked(anchors, &nodes(path, &ders)?, request, work),
    }
}

/// The names of issuers are byte for byte their own.
fn judge_linked(
    anchors: &TrustAnchors,
    path: &[Node<'_>],
    request: &VerifyRequest<'_>,
    work: &mut Work,
) -> Result<()> {
    let [below @ .., anchor] = path else {
        return Err(Error::with(Reason::Bug, "a path without an end"));
    };
    let (Some((leaf, intermediates)), true) = (below.split_first(), below.len() <= MAX_BELOW)
    else {
        return Err(Error::with(Reason::Bug, "a path of another length"));
    };
    let Some(trusted) = anchors.anchor_of(anchor.der) else {
        return Err(Error::with(Reason::Bug, "a path ends in an unknown anchor"));
    };
    if let Some(old) = below.iter().position(|node| node.version != 3) {
        return outside::unconstrained(path, old);
    }
    count_comparisons(path, work)?;
    let der = CertificateDer::from(&**leaf.der);
    let parsed = EndEntityCert::try_from(&der).map_err(|why| malformed(leaf, &why))?;
    let ders: [_; MAX_BELOW] = core::array::from_fn(|i| match intermediates.get(i) {
        Some(node) => CertificateDer::from(&**node.der),
        None => CertificateDer::from(&[][..]),
    });
    let known = verified(path, request)
        .ok_or_else(|| Error::with(Reason::Bug, "a path with an unknown algorithm"))?;
    let algorithms = known
        .each_ref()
        .map(|known| known as &dyn SignatureVerificationAlgorithm);
    let usage = match request.purpose {
        Purpose::Server => webpki::KeyUsage::server_auth(),
        Purpose::Client => webpki::KeyUsage::client_auth(),
    };
    parsed
        .verify_for_usage(
            &algorithms[..below.len()],
            core::slice::from_ref(trusted),
            &ders[..intermediates.len()],
            request.now,
            usage,
            None,
            None,
        )
        .map(drop)
        .map_err(|why| unreadable(below).unwrap_or_else(|| refused(&why, path)))
}

/// The algorithms of the path's signatures, the leaf's first; where the path is shorter, it stands for
/// the others. `None`: one is not known, so that its signature was never verified.
fn verified<'a>(
    path: &'a [Node<'a>],
    request: &VerifyRequest<'_>,
) -> Option<[Verified<'a>; MAX_BELOW]> {
    let all = request.provider.certificate_algorithms().legacy;
    let algorithm = |pair: &[Node<'_>]| {
        let (child, issuer) = (pair.first()?, pair.get(1)?);
        let (key, _) = spki_parts(issuer.spki).ok()?;
        all.iter().copied().find(|a| {
            a.signature_alg_id().as_ref() == child.signature_algorithm
                && a.public_key_alg_id().as_ref() == key
        })
    };
    let mut algorithms = [algorithm(path)?; MAX_BELOW];
    for (found, pair) in algorithms.iter_mut().zip(path.windows(2)) {
        *found = algorithm(pair)?;
    }
    Some(algorithms.map(|algorithm| Verified { algorithm, path }))
}

/// The first certificate that webpki does not read at all.
fn unreadable(below: &[Node<'_>]) -> Option<Error> {
    below.iter().enumerate().find_map(|(index, node)| {
        let why = EndEntityCert::try_from(&CertificateDer::from(&**node.der)).err()?;
        Some(malformed(node, &why).about_certificate(index))
    })
}

/// What webpki cannot read, though its form is right by our reading.
pub(super) fn malformed(view: &CertView<'_>, why: &webpki::Error) -> Error {
    sentence::malformed(view, words(why))
}

/// Our own rules come first: what is left are name constraints, their work, and differences.
fn refused(why: &webpki::Error, path: &[Node<'_>]) -> Error {
    use webpki::Error as E;
    let leaf = &path[0];
    match why {
        E::NameConstraintViolation | E::UnsupportedNameType => outside::refused(path),
        E::MalformedNameConstraint
        | E::InvalidNetworkMaskConstraint
        | E::TrailingData(DerTypeId::GeneralName) => {
            let (index, issuer) = outside::constraining(path).unwrap_or((0, leaf));
            sentence::malformed(issuer, words(why)).about_certificate(index)
        }
        E::MaximumNameConstraintComparisonsExceeded
        | E::MaximumPathBuildCallsExceeded
        | E::MaximumSignatureChecksExceeded
        | E::MaximumPathDepthExceeded => too_much(),
        E::MalformedDnsIdentifier => malformed(leaf, why).about_certificate(0),
        _ => Error::with(
            Reason::CertificateRejected,
            format!("the chain of {} is refused: {}", title(leaf), words(why)),
        ),
    }
}

/// Takes what comparing every name with every constraint above it will cost from what is left.
fn count_comparisons(path: &[Node<'_>], work: &mut Work) -> Result<()> {
    let mut names = 0;
    for (index, view) in path.iter().enumerate() {
        let subtrees = constraints::count(view)
            .map_err(|BadDer| Fault::Malformed)
            .map_err(|fault| fault.at(index, view))?;
        work.compare(subtrees.saturating_mul(names))?;
        names += 1 + view.alt_names().ok().flatten().map_or(0, Iterator::count);
    }
    Ok(())
}
