//! Why no path leads to a trusted certificate, and what would mend it.

use super::hashes::{SignatureHash, of_signature};
use super::path::Node;
use super::rules::Fault;
use super::sentence::title;
use super::strength::check_key;
use super::view::CertView;
use super::{TrustAnchors, VerifyRequest, dn};
use crate::crypto::KeyError;
use crate::error::{Error, Reason};
use crate::wire::der::{BadDer, Der, tag};

/// No trusted certificate at the end of the longest path.
pub(super) fn ends(
    anchors: &TrustAnchors,
    request: &VerifyRequest<'_>,
    path: &[Node<'_>],
) -> Error {
    let Some(last) = path.last() else {
        return Error::with(Reason::Bug, "a search without a leaf");
    };
    let why = if anchors.is_empty() {
        "no CA certificate is loaded".into()
    } else {
        reason(anchors, request, path, &last.view)
    };
    Error::with(
        Reason::CertificateUntrusted,
        format!("no trusted CA stands behind the certificate: {why}"),
    )
    .about_certificate(path.len() - 1)
}

fn reason(
    anchors: &TrustAnchors,
    request: &VerifyRequest<'_>,
    path: &[Node<'_>],
    last: &CertView<'_>,
) -> String {
    let (subject, issuer) = (dn::short(last.subject), dn::short(last.issuer));
    let partial = path.iter().skip(1).find(|n| anchors.contains(n.der));
    if last.is_self_issued() && path.len() == 1 {
        format!("{subject} is self-signed and not itself trusted")
    } else if last.is_self_issued() {
        format!("its chain ends in {subject}, which is not trusted")
    } else if let Some(node) = partial.filter(|_| !request.options.partial_chain) {
        format!(
            "its chain ends in {}, which is trusted but is no root: trust its root, or allow partial chains",
            dn::short(node.view.subject)
        )
    } else if path.len() == 1 {
        let alone = match request.chain.len() {
            1 => " (the leaf came alone)",
            _ => "",
        };
        format!(
            "its issuer is {issuer}, and no certificate of that name came with it{alone}{}",
            named_at(last)
        )
    } else {
        format!(
            "its chain ends in {subject}, issued by {issuer}, which is not trusted{}",
            named_at(last)
        )
    }
}

/// Where the certificate says that its issuer's can be had (caIssuers, RFC 5280 §4.2.2.1).
fn named_at(view: &CertView<'_>) -> String {
    match view.ca_issuers() {
        Some(url) => {
            let mut visible = String::new();
            url.chars().for_each(|c| dn::push_visible(&mut visible, c));
            format!("; it is named at {}", dn::shorten(visible))
        }
        None => String::new(),
    }
}

/// The last certificate of the path has issuers by name, and none of them signed it.
pub(super) fn unsigned(
    path: &[Node<'_>],
    issuers: &[Node<'_>],
    request: &VerifyRequest<'_>,
) -> Error {
    let Some(child) = path.last().map(|node| node.view) else {
        return Error::with(Reason::Bug, "a search without a leaf");
    };
    // A key that is too short to be tried counts as weak, not as a bad signature.
    let weak = issuers.iter().find_map(|issuer| {
        let Err(Fault::Rule(error)) = check_key(&issuer.view, request) else {
            return None;
        };
        Some(error.about_certificate(path.len()))
    });
    let unsupported = || {
        issuers.iter().find_map(|issuer| {
            let Err(KeyError::Unsupported(why)) = request.provider.public_key(issuer.spki) else {
                return None;
            };
            let text = format!("the key of {} is not supported: {why}", title(issuer));
            Some(Error::with(Reason::CertificateUnsupported, text).about_certificate(path.len()))
        })
    };
    weak.or_else(unsupported)
        .unwrap_or_else(|| unverified(&child, request).about_certificate(path.len() - 1))
}

fn unverified(child: &CertView<'_>, request: &VerifyRequest<'_>) -> Error {
    let algorithms = request.provider.certificate_algorithms();
    let known = algorithms
        .legacy
        .iter()
        .any(|a| a.signature_alg_id().as_ref() == child.signature_algorithm);
    if known {
        return Error::with(
            Reason::CertificateSignature,
            format!(
                "the signature of {} on the certificate of {} does not verify",
                dn::short(child.issuer),
                title(child)
            ),
        );
    }
    let id = Der::new(child.signature_algorithm)
        .expect(tag::OID)
        .map_or_else(
            |BadDer| "?".into(),
            |id| dn::shorten(dn::dotted(id.content)),
        );
    let text = match of_signature(child.signature_algorithm) {
        Ok(Some(SignatureHash {
            name, bits: ..=128, ..
        })) => {
            let text = format!(
                "the certificate of {} is signed with {name}, which no policy allows",
                title(child)
            );
            return Error::with(Reason::CertificateWeak, text);
        }
        Ok(Some(_)) if id == "1.2.840.113549.1.1.10" => format!(
            "the certificate of {} is signed with RSASSA-PSS and parameters that are not supported: SHA-256, SHA-384 or SHA-512, MGF1 with the same hash, and a salt of its length are",
            title(child)
        ),
        Ok(Some(SignatureHash { name, .. })) => format!(
            "the certificate of {} is signed with {name}, which is not supported ({id})",
            title(child)
        ),
        _ => format!(
            "the certificate of {} is signed with an algorithm that is not known here ({id})",
            title(child)
        ),
    };
    Error::with(Reason::CertificateUnsupported, text)
}
