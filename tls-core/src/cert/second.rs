//! webpki's verdict on a path that keeps our rules: it judges names against constraints, and whatever
//! we overlooked. It gets this one path alone, so it has nothing to search.
//!
//! X.509 versions 1 and 2, which it does not read, are judged by our rules alone; the policy legacy has to
//! allow them. Nobody could apply name constraints on such a path: with any, it is refused. Constraints on
//! directory names are not evaluated: they refuse every certificate below.

use super::path::Node;
use super::rules::Fault;
use super::san::list_hosts;
use super::sentence::{self, malformation, title};
use super::signed::{Verified, Work};
use super::view::{CertView, oid};
use super::{Purpose, TrustAnchors, VerifyRequest, constraints};
use crate::error::{Error, Reason, Result};
use crate::wire::der::BadDer;
use pki_types::SignatureVerificationAlgorithm;
use webpki::EndEntityCert;

pub(super) fn judge(
    anchors: &TrustAnchors,
    path: &[Node<'_>],
    views: &[CertView<'_>],
    request: &VerifyRequest<'_>,
    work: &mut Work,
) -> Result<()> {
    let [leaf, intermediates @ .., anchor] = path else {
        return Err(Error::with(Reason::Bug, "a path without an end"));
    };
    let Some(trusted) = anchors.anchor_of(anchor.der) else {
        return Err(Error::with(Reason::Bug, "a path ends in an unknown anchor"));
    };
    let below = &views[..views.len() - 1];
    if let Some(old) = below.iter().position(|view| view.version != 3) {
        return unconstrained(views, old);
    }
    for (index, node) in path[..path.len() - 1].iter().enumerate() {
        EndEntityCert::try_from(node.der)
            .map_err(|why| malformed(&node.view, &why).about_certificate(index))?;
    }
    count_comparisons(views, work)?;
    let parsed = EndEntityCert::try_from(leaf.der).map_err(|why| malformed(&leaf.view, &why))?;
    let ders: Vec<_> = intermediates.iter().map(|node| node.der.clone()).collect();
    let known: Vec<_> = request
        .provider
        .certificate_algorithms()
        .legacy
        .iter()
        .map(|algorithm| Verified {
            algorithm: *algorithm,
            path: views,
        })
        .collect();
    let algorithms: Vec<&dyn SignatureVerificationAlgorithm> =
        known.iter().map(|known| known as _).collect();
    let usage = match request.purpose {
        Purpose::Server => webpki::KeyUsage::server_auth(),
        Purpose::Client => webpki::KeyUsage::client_auth(),
    };
    parsed
        .verify_for_usage(
            &algorithms,
            core::slice::from_ref(trusted),
            &ders,
            request.now,
            usage,
            None,
            None,
        )
        .map(drop)
        .map_err(|why| refused(&why, views))
}

/// What webpki cannot read, though its form is right by our reading.
pub(super) fn malformed(view: &CertView<'_>, why: &webpki::Error) -> Error {
    sentence::malformed(view, malformation(why))
}

/// Our own rules come first: what is left are name constraints, their work, and differences.
fn refused(why: &webpki::Error, path: &[CertView<'_>]) -> Error {
    use webpki::Error as E;
    let leaf = &path[0];
    match why {
        E::NameConstraintViolation | E::UnsupportedNameType => outside(path),
        E::MalformedNameConstraint | E::InvalidNetworkMaskConstraint => {
            let (index, issuer) = constraining(path).unwrap_or((0, leaf));
            sentence::malformed(issuer, malformation(why)).about_certificate(index)
        }
        E::MaximumNameConstraintComparisonsExceeded
        | E::MaximumPathBuildCallsExceeded
        | E::MaximumSignatureChecksExceeded
        | E::MaximumPathDepthExceeded => super::path::too_much(),
        E::MalformedDnsIdentifier => malformed(leaf, why).about_certificate(0),
        // webpki's enum may grow: what is not known here is refused, with its own words.
        _ => Error::with(
            Reason::CertificateRejected,
            format!("the chain of {} is refused: {why}", title(leaf)),
        ),
    }
}

fn outside(path: &[CertView<'_>]) -> Error {
    let leaf = &path[0];
    let names = leaf.alt_names().ok().flatten().map(list_hosts);
    let names = match names.filter(|names| !names.is_empty()) {
        Some(names) => format!(" ({names})"),
        None => String::new(),
    };
    let by = constraining(path).map_or_else(
        || "an issuer".into(),
        |(_, view)| format!("{} ({})", title(view), constraints::list(view)),
    );
    let title = title(leaf);
    Error::with(
        Reason::CertificateConstraint,
        format!("the names of {title}{names} are outside of the name constraints of {by}"),
    )
    .about_certificate(0)
}

/// That nothing on a path constrains names, the trusted certificate included: the one at `old` is not of
/// version 3, so that webpki does not see the path.
fn unconstrained(path: &[CertView<'_>], old: usize) -> Result<()> {
    let Some((_, by)) = constraining(path) else {
        return Ok(());
    };
    let view = &path[old];
    let text = format!(
        "the name constraints of {} ({}) cannot be applied to {}, which has X.509 version {}",
        title(by),
        constraints::list(by),
        title(view),
        view.version
    );
    Err(Error::with(Reason::CertificateConstraint, text).about_certificate(old))
}

/// The issuer nearest to the leaf that constrains names.
fn constraining<'a, 'b>(path: &'a [CertView<'b>]) -> Option<(usize, &'a CertView<'b>)> {
    path.iter()
        .enumerate()
        .find(|(_, view)| view.extension(oid::NAME_CONSTRAINTS) != Ok(None))
}

/// Takes what comparing every name with every constraint above it will cost from what is left.
fn count_comparisons(path: &[CertView<'_>], work: &mut Work) -> Result<()> {
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
