//! The verdict over a chain: the leaf's own rules here, the path to a trusted CA in [`super::path`].

use super::explain::Explain;
use super::options::check_pins;
use super::san::{MatchQuality, list_hosts, match_dns};
use super::status::check_status;
use super::view::{CertView, oid};
use super::{ServerName, TrustAnchors, VerifiedChain, VerifyRequest, dn, path, sentence};
use crate::error::{Error, Reason, Result};
use crate::wire::der::BadDer;
use webpki::EndEntityCert;

/// Certificates of a peer's chain that are looked at.
pub const MAX_CHAIN_CERTIFICATES: usize = 16;

/// Judges a chain against trusted certificates (RFC 5280 §6, RFC 9525 §6).
///
/// Path building, signatures, validity, basicConstraints, path lengths, name constraints and
/// extendedKeyUsage are rustls-webpki's. What it leaves out is checked on the path: issuers need
/// keyCertSign where they have a keyUsage; the trusted CA itself must be a CA, in its validity and
/// for the purpose; every RSA key must be as long as the policy wants it; the leaf's keyUsage, where
/// there is one, must allow what the handshake does with the key.
///
/// A leaf that is itself among the trusted certificates needs no issuer: validity, name, usage and
/// key length are still checked, CA:TRUE does not matter. Any other leaf with CA:TRUE is refused,
/// also when a trusted CA issued it: who holds a server's key must not be able to issue
/// certificates in its CA's name.
///
/// The returned path is the one that was verified: leaf, the intermediates used, the trusted
/// certificate (once, when it is the leaf). Costs are bounded: at most
/// [`MAX_CHAIN_CERTIFICATES`] are looked at, paths have at most six intermediates, and of several
/// intermediates under one name only a few are tried.
pub fn verify_chain(anchors: &TrustAnchors, request: &VerifyRequest<'_>) -> Result<VerifiedChain> {
    let Some((leaf, intermediates)) = request.chain.split_first() else {
        return Err(Error::with(
            Reason::CertificateMalformed,
            "the certificate chain is empty",
        ));
    };
    if request.chain.len() > MAX_CHAIN_CERTIFICATES {
        return Err(Error::with(
            Reason::CertificateChainTooLong,
            format!(
                "the chain has {} certificates, the limit is {MAX_CHAIN_CERTIFICATES}",
                request.chain.len()
            ),
        ));
    }
    let view = CertView::parse(leaf).map_err(|BadDer| {
        Error::with(
            Reason::CertificateMalformed,
            "the peer's certificate is not a DER-encoded X.509 certificate",
        )
    })?;
    let explain = Explain {
        anchors,
        request,
        leaf: view,
    };
    let parsed = EndEntityCert::try_from(leaf).map_err(|why| explain.leaf(&why))?;
    let path = if anchors.contains(leaf) {
        check_trusted_leaf(&view, request).map_err(|e| explain.or_malformed(e))?;
        vec![leaf.clone()]
    } else {
        path::build(anchors, request, &parsed, intermediates, &explain)?
    };
    check_key_usage(&view, request).map_err(|e| explain.or_malformed(e))?;
    if let Some(name) = request.name {
        check_name(&view, &parsed, name, request, &path, &explain)?;
    }
    Ok(VerifiedChain { path })
}

/// A rule that is broken, or a certificate that broke while it was checked.
pub(super) enum Fault {
    Rule(Error),
    Malformed,
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Rule(error)
    }
}

impl From<BadDer> for Fault {
    fn from(_: BadDer) -> Self {
        Self::Malformed
    }
}

/// What path building would have checked of a leaf that is trusted as itself.
fn check_trusted_leaf(view: &CertView<'_>, request: &VerifyRequest<'_>) -> Result<(), Fault> {
    check_validity(view, request)?;
    check_purpose(view, request)?;
    check_key_length(view, request)?;
    check_pins(&[*view], request)?;
    Ok(check_status(&[*view], request)?)
}

/// RFC 5280 §4.1.2.5: both ends are included.
pub(super) fn check_validity(
    view: &CertView<'_>,
    request: &VerifyRequest<'_>,
) -> Result<(), Fault> {
    let now = i64::try_from(request.now.as_secs()).unwrap_or(i64::MAX);
    if now > view.not_after {
        return Err(sentence::expired(view, now).into());
    }
    if now < view.not_before {
        return Err(sentence::not_yet_valid(view, now).into());
    }
    Ok(())
}

/// RFC 5280 §4.2.1.12
pub(super) fn check_purpose(view: &CertView<'_>, request: &VerifyRequest<'_>) -> Result<(), Fault> {
    if view.is_for(request.purpose)? {
        Ok(())
    } else {
        Err(sentence::wrong_purpose(view, request.purpose).into())
    }
}

pub(super) fn check_key_length(
    view: &CertView<'_>,
    request: &VerifyRequest<'_>,
) -> Result<(), Fault> {
    let min = request.policy.min_rsa_bits;
    match view.rsa_bits()? {
        Some(bits) if bits < min => Err(Error::with(
            Reason::CertificateWeak,
            format!(
                "the RSA key of {} has {bits} bits, the policy wants at least {min}",
                sentence::title(view)
            ),
        )
        .into()),
        _ => Ok(()),
    }
}

/// RFC 5280 §4.2.1.3, RFC 5246 §7.4.2: a leaf without keyUsage may do everything.
fn check_key_usage(view: &CertView<'_>, request: &VerifyRequest<'_>) -> Result<(), Fault> {
    let Some(key_use) = request.key_use else {
        return Ok(());
    };
    match view.key_usage()? {
        Some(usage) if !usage.allows(key_use) => Err(Error::with(
            Reason::CertificateUsage,
            format!(
                "the certificate of {} allows {usage}, but the handshake needs {key_use}",
                sentence::title(view)
            ),
        )
        .into()),
        _ => Ok(()),
    }
}

/// RFC 9525 §6: subjectAltName; the common name only where the policy asks for it, the certificate
/// has no subjectAltName at all, and nothing on the path constrains names (a constraint would not
/// have been applied to the common name).
fn check_name(
    view: &CertView<'_>,
    parsed: &EndEntityCert<'_>,
    name: &ServerName,
    request: &VerifyRequest<'_>,
    path: &[super::CertificateDer<'_>],
    explain: &Explain<'_>,
) -> Result<()> {
    let malformed = |BadDer| explain.malformed();
    let names = view.alt_names().map_err(malformed)?;
    let by_common_name = match (&names, name) {
        (None, ServerName::Dns(host)) if request.policy.common_name => Some(host),
        _ => None,
    };
    let Some(host) = by_common_name else {
        return match pki_name(name).map(|n| parsed.verify_is_valid_for_subject_name(&n)) {
            Some(Ok(())) => Ok(()),
            Some(Err(webpki::Error::CertNotValidForName(_))) | None => {
                Err(wrong_name(view, names.map(list_hosts), name))
            }
            Some(Err(why)) => Err(explain.leaf(&why)),
        };
    };
    let constrained = path
        .iter()
        .any(|c| CertView::parse(c).and_then(|v| v.extension(oid::NAME_CONSTRAINTS)) != Ok(None));
    if constrained {
        return Err(Error::with(
            Reason::CertificateConstraint,
            format!(
                "{} has only a common name, which an issuer's name constraints cannot be applied to",
                sentence::title(view)
            ),
        ));
    }
    match dn::common_name(view.subject).map_err(malformed)? {
        Some(common) if match_dns(&common, host) != MatchQuality::No => Ok(()),
        common => Err(wrong_name(view, common.map(dn::shorten), name)),
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
