//! The verdict over a chain: the leaf's own rules here, the path to a trusted CA in [`super::path`].

use super::gather::is_key_of;
use super::options::is_pinned;
use super::path::{Node, Search};
use super::rules::{check_form, check_trusted_leaf, check_version};
use super::same::same_name;
use super::san::{MatchQuality, list_hosts, match_dns};
use super::second::malformed;
use super::view::{CertView, oid};
use super::{Certificate, ServerName, TrustAnchors, VerifiedChain, VerifyRequest, dn, sentence};
use crate::error::{Error, Reason, Result};
use crate::wire::der::BadDer;
use pki_types::CertificateDer;
use webpki::EndEntityCert;

/// Certificates of a peer's chain that are looked at.
pub const MAX_CHAIN_CERTIFICATES: usize = 16;

/// Judges a chain against trusted certificates (RFC 5280 §6, RFC 9525 §6).
///
/// Paths are searched through what was sent, and through trusted certificates that are no roots; each
/// that is complete has to keep our rules, and rustls-webpki has to accept it as well. A path ends in a
/// trusted root, or with [`VerifyOptions::partial_chain`](super::VerifyOptions) in any trusted CA.
/// The trusted CA itself must be a CA, in its validity and for the purpose; issuers need keyCertSign
/// where they have a keyUsage; keys and hashes must be as strong as the policy wants them; the leaf's
/// keyUsage, where there is one, must allow what the handshake does with the key.
///
/// A leaf that is itself among the trusted certificates needs no issuer: validity, name, usage and
/// strength are still checked, CA:TRUE does not matter. So does one with a pinned key, where pins are
/// to stand alone. Any other leaf with CA:TRUE is refused, also when a trusted CA issued it: who holds
/// a server's key must not be able to issue certificates in its CA's name.
///
/// The returned path is the one that was verified: leaf, the intermediates used, the trusted
/// certificate (once, when it is the leaf). An error tells the certificate that it is about by its place
/// on the path. Costs are bounded: at most [`MAX_CHAIN_CERTIFICATES`] are looked at, and the numbers
/// of intermediates, signatures, paths and compared names have limits.
pub fn verify_chain(anchors: &TrustAnchors, request: &VerifyRequest<'_>) -> Result<VerifiedChain> {
    let (leaf, intermediates) = split(request.chain)?;
    let view = leaf.view;
    let fault = |fault: super::rules::Fault| fault.at(0, &view);
    check_version(&view, request).map_err(fault)?;
    check_form(&view).map_err(fault)?;
    let leaf_der = CertificateDer::from(&**leaf.der);
    // Version 1 has neither names nor extensions for webpki to judge.
    let parsed = match view.version {
        3 => Some(
            EndEntityCert::try_from(&leaf_der)
                .map_err(|why| malformed(&view, &why).about_certificate(0))?,
        ),
        _ => None,
    };
    let pinned = request.options.pins.alone() && is_pinned(&view, request)?;
    let path = if pinned || anchors.contains(leaf.der) {
        check_trusted_leaf(anchors, leaf, request)?;
        vec![leaf]
    } else {
        Search::new(anchors, request, leaf, intermediates).run()?
    };
    check_key_usage(&view, request).map_err(|error| error.about_certificate(0))?;
    if let Some(name) = request.name {
        check_name(&path, parsed.as_ref(), name, request)
            .map_err(|error| error.about_certificate(0))?;
    }
    Ok(VerifiedChain {
        path: path.into_iter().map(|node| node.der.clone()).collect(),
    })
}

fn split<'a>(chain: &'a [Certificate]) -> Result<(Node<'a>, &'a [Certificate])> {
    let Some((leaf, intermediates)) = chain.split_first() else {
        return Err(Error::with(
            Reason::CertificateMalformed,
            "the certificate chain is empty",
        ));
    };
    if chain.len() > MAX_CHAIN_CERTIFICATES {
        return Err(Error::with(
            Reason::CertificateChainTooLong,
            format!(
                "the chain has {} certificates, the limit is {MAX_CHAIN_CERTIFICATES}",
                chain.len()
            ),
        ));
    }
    let leaf = Node::new(leaf).ok_or_else(|| {
        Error::with(
            Reason::CertificateMalformed,
            "the peer's certificate is not a DER-encoded X.509 certificate within the limit of 64 KiB",
        )
        .about_certificate(0)
    })?;
    Ok((leaf, intermediates))
}

/// The certificates of `pool` that may stand above `leaf` by their names: so many as a verification looks at,
/// those first whose key identifiers fit, then in their order. For programs that hold many intermediates and verify with few.
pub fn issuers_by_name<'a>(
    leaf: &Certificate,
    pool: impl IntoIterator<Item = &'a Certificate>,
) -> Vec<&'a Certificate> {
    let Ok(leaf) = CertView::parse(leaf) else {
        return Vec::new();
    };
    let mut rest: Vec<_> = pool.into_iter().filter_map(Node::new).collect();
    let mut wanted = vec![leaf];
    let mut found: Vec<Node<'a>> = Vec::new();
    // First over those whose key is meant, to the end: of one name there may be any number.
    for by_key in [true, false] {
        let mut next = 0;
        while let Some(&child) = wanted.get(next) {
            next += 1;
            rest.retain(|node| {
                let fits = same_name(node.subject, child.issuer)
                    && (!by_key || is_key_of(node, &child))
                    && found.len() + 1 < MAX_CHAIN_CERTIFICATES;
                if fits && found.iter().all(|f| f.der != node.der) {
                    wanted.push(node.view);
                    found.push(*node);
                }
                !fits
            });
        }
    }
    found.into_iter().map(|node| node.der).collect()
}

/// RFC 5280 §4.2.1.3, RFC 5246 §7.4.2: a leaf without keyUsage may do everything.
fn check_key_usage(view: &CertView<'_>, request: &VerifyRequest<'_>) -> Result<()> {
    let usage = view.key_usage().map_err(|BadDer| broken(view))?;
    match (usage, request.key_use) {
        (Some(usage), Some(key_use)) if !usage.allows(key_use) => Err(Error::with(
            Reason::CertificateUsage,
            format!(
                "the certificate of {} allows {usage}, but the handshake needs {key_use}",
                sentence::title(view)
            ),
        )),
        (Some(usage), None) if !usage.allows_tls() => Err(Error::with(
            Reason::CertificateUsage,
            format!(
                "the certificate of {} allows {usage}, nothing that TLS does",
                sentence::title(view)
            ),
        )),
        _ => Ok(()),
    }
}

fn broken(view: &CertView<'_>) -> Error {
    sentence::malformed(view, "an extension is broken")
}

/// RFC 9525 §6: subjectAltName; the common name only where the policy asks for it, the certificate
/// has no subjectAltName at all, and nothing on the path constrains names (a constraint would not
/// have been applied to the common name).
fn check_name(
    path: &[Node<'_>],
    parsed: Option<&EndEntityCert<'_>>,
    name: &ServerName,
    request: &VerifyRequest<'_>,
) -> Result<()> {
    let view = &path[0].view;
    let names = view.alt_names().map_err(|BadDer| broken(view))?;
    let by_common_name = match (&names, name) {
        (None, ServerName::Dns(host)) if request.policy.common_name => Some(host),
        _ => None,
    };
    let Some(host) = by_common_name else {
        return match has_name(view, parsed, name)? {
            true => Ok(()),
            false => Err(wrong_name(view, names.map(list_hosts), name)),
        };
    };
    let constrained = path
        .iter()
        .any(|node| node.view.extension(oid::NAME_CONSTRAINTS) != Ok(None));
    if constrained {
        return Err(Error::with(
            Reason::CertificateConstraint,
            format!(
                "{} has only a common name, which an issuer's name constraints cannot be applied to",
                sentence::title(view)
            ),
        ));
    }
    match dn::common_name(view.subject).map_err(|BadDer| broken(view))? {
        Some(common) if match_dns(&common, host) != MatchQuality::No => Ok(()),
        common => Err(wrong_name(view, common.as_deref().map(dn::visible), name)),
    }
}

/// Whether the subjectAltName has a name.
fn has_name(
    view: &CertView<'_>,
    parsed: Option<&EndEntityCert<'_>>,
    name: &ServerName,
) -> Result<bool> {
    let verdict = match (parsed, pki_name(name)) {
        (Some(parsed), Some(name)) => parsed.verify_is_valid_for_subject_name(&name),
        _ => return Ok(false),
    };
    match verdict {
        Ok(()) => Ok(true),
        Err(webpki::Error::CertNotValidForName(_)) => Ok(false),
        Err(why) => Err(malformed(view, &why)),
    }
}

/// Whether a certificate is for a host name or an address, by its subjectAltName, as [`verify_chain`] asks (RFC 9525
/// §6). Nothing else of it is judged. Error: `CertificateMalformed`.
pub fn is_for(certificate: &Certificate, name: &ServerName) -> Result<bool> {
    let view =
        CertView::parse(certificate).map_err(|BadDer| Error::new(Reason::CertificateMalformed))?;
    let der = CertificateDer::from(&**certificate);
    match view.version {
        3 => {
            let parsed = EndEntityCert::try_from(&der).map_err(|why| malformed(&view, &why))?;
            has_name(&view, Some(&parsed), name)
        }
        _ => Ok(false),
    }
}

/// The name as webpki wants it; `None` for a text that is no DNS name.
fn pki_name(name: &ServerName) -> Option<pki_types::ServerName<'_>> {
    match name {
        ServerName::Dns(dns) => pki_types::DnsName::try_from(&**dns)
            .ok()
            .map(pki_types::ServerName::DnsName),
        ServerName::Ip(ip) => Some(pki_types::ServerName::IpAddress((*ip).into())),
    }
}

fn wrong_name(view: &CertView<'_>, hosts: Option<String>, name: &ServerName) -> Error {
    let text = match hosts.as_deref() {
        Some("") => format!(
            "the subjectAltName of {} names no host, so it is not for {name}",
            sentence::title(view)
        ),
        Some(hosts) => format!("the certificate is for {hosts}, not for {name}"),
        None => format!(
            "the certificate of {} has no subjectAltName, so it is not for {name}",
            sentence::title(view)
        ),
    };
    Error::with(Reason::CertificateNameMismatch, text)
}
