//! The rules that every certificate of a path has to keep (RFC 5280 §6.1), each with its sentence, and
//! webpki's verdict on the same path: both have to accept.

use super::options::check_pins;
use super::path::Node;
use super::sentence::{self, title};
use super::status::check_status;
use super::strength::{check_hash, check_key};
use super::strict::check_profile;
use super::usage::KeyUsage;
use super::view::{CertView, oid};
use super::work::Work;
use super::{Purpose, TrustAnchors, VerifyRequest, dn, second};
use crate::error::{Error, Reason, Result};
use crate::wire::der::BadDer;

/// The longest pathLenConstraint that is read, by webpki too.
const MAX_PATH_LENGTH: u64 = 255;

/// Extensions of one certificate: several times what any CA writes.
const MAX_EXTENSIONS: usize = 64;

/// A rule that is broken, or a certificate that broke while it was checked.
pub(super) enum Fault {
    Rule(Error),
    Malformed,
}

impl Fault {
    /// The error, on the certificate at `index` of the path.
    pub(super) fn at(self, index: usize, view: &CertView<'_>) -> Error {
        let error = match self {
            Self::Rule(error) => error,
            Self::Malformed => sentence::malformed(view, "an extension is broken"),
        };
        error.about_certificate(index)
    }
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

/// A complete path whose signatures verify; the last certificate is trusted.
pub(super) fn check_path(
    anchors: &TrustAnchors,
    path: &[Node<'_>],
    request: &VerifyRequest<'_>,
    work: &mut Work,
) -> Result<()> {
    for (index, node) in path.iter().enumerate() {
        check_certificate(path, index, request).map_err(|fault| fault.at(index, node))?;
    }
    second::judge(anchors, path, request, work)?;
    check_pins(path, request)?;
    check_status(path, anchors, request, work)
}

/// A leaf that is trusted as itself: what path building would have checked of it.
pub(super) fn check_trusted_leaf(
    anchors: &TrustAnchors,
    leaf: Node<'_>,
    request: &VerifyRequest<'_>,
) -> Result<()> {
    check_alone(&leaf, request).map_err(|fault| fault.at(0, &leaf))?;
    check_pins(&[leaf], request)?;
    check_status(&[leaf], anchors, request, &mut Work::default())
}

/// The rules that hold wherever a certificate stands.
fn check_alone(view: &CertView<'_>, request: &VerifyRequest<'_>) -> Result<(), Fault> {
    check_version(view, request)?;
    check_key(view, request)?;
    check_validity(view, request)?;
    check_purpose(view, request)
}

fn check_certificate(
    path: &[Node<'_>],
    index: usize,
    request: &VerifyRequest<'_>,
) -> Result<(), Fault> {
    let view = &*path[index];
    let trusted = index + 1 == path.len();
    if !trusted {
        check_form(view)?;
        check_hash(view, request)?;
    }
    check_alone(view, request)?;
    if request.options.strict {
        check_profile(path, index)?;
    }
    match index {
        0 => check_is_no_ca(view, request),
        _ => {
            check_is_ca(view, trusted)?;
            check_may_issue(view)?;
            check_path_length(view, index - 1)
        }
    }
}

/// RFC 5280 §4.1.2.1: what version 1 cannot say, nobody can check.
pub(super) fn check_version(view: &CertView<'_>, request: &VerifyRequest<'_>) -> Result<(), Fault> {
    if view.version == 3 || request.policy.version1 {
        return Ok(());
    }
    Err(Error::with(
        Reason::CertificateUnsupported,
        format!(
            "the certificate of {} has X.509 version {}, 3 is needed; only the policy legacy allows others",
            title(view),
            view.version
        ),
    )
    .into())
}

/// RFC 5280 §4.1.1.2, §4.1.2.9 and §4.2: both signature algorithms are one, extensions are in version 3
/// alone, none comes twice, and those that are critical are known here.
pub(super) fn check_form(view: &CertView<'_>) -> Result<(), Fault> {
    if view.signature_algorithm != view.inner_algorithm {
        return Err(sentence::malformed(view, "the two signature algorithms differ").into());
    }
    // RFC 5280 §4.1.2.8: nobody should make them, and webpki does not read them.
    if view.unique_ids {
        let what = format!(
            "{} has an issuerUniqueID or a subjectUniqueID, which is not supported",
            title(view)
        );
        return Err(Error::with(Reason::CertificateUnsupported, what).into());
    }
    if view.version != 3 && view.extensions().next().is_some() {
        let what = format!("X.509 version {} has no extensions", view.version);
        return Err(sentence::malformed(view, &what).into());
    }
    let mut seen: [&[u8]; MAX_EXTENSIONS] = [&[]; MAX_EXTENSIONS];
    for (i, extension) in view.extensions().enumerate() {
        let extension = extension?;
        if i == MAX_EXTENSIONS {
            let what = format!("it has more than {MAX_EXTENSIONS} extensions");
            return Err(sentence::malformed(view, &what).into());
        }
        seen[i] = extension.id;
        if seen[..i].contains(&extension.id) {
            let what = dn::shorten(dn::dotted(extension.id));
            let what = format!("the extension {what} comes twice");
            return Err(sentence::malformed(view, &what).into());
        }
        if extension.critical && !oid::UNDERSTOOD.contains(&extension.id) {
            return Err(Error::with(
                Reason::CertificateUnsupported,
                format!(
                    "the certificate of {} has a critical extension that is not known here ({})",
                    title(view),
                    dn::shorten(dn::dotted(extension.id))
                ),
            )
            .into());
        }
    }
    Ok(())
}

/// RFC 5280 §4.1.2.5: both ends are included.
fn check_validity(view: &CertView<'_>, request: &VerifyRequest<'_>) -> Result<(), Fault> {
    if view.not_before < 0 || view.not_after < 0 {
        return Err(Error::with(
            Reason::CertificateUnsupported,
            format!(
                "the validity of {} begins before 1970, which is not supported",
                title(view)
            ),
        )
        .into());
    }
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
fn check_purpose(view: &CertView<'_>, request: &VerifyRequest<'_>) -> Result<(), Fault> {
    if view.is_for(request.purpose)? {
        Ok(())
    } else {
        Err(sentence::wrong_purpose(view, request.purpose).into())
    }
}

/// Who holds a server's key must not be able to issue certificates in its CA's name.
fn check_is_no_ca(view: &CertView<'_>, request: &VerifyRequest<'_>) -> Result<(), Fault> {
    if view.is_ca()? != Some(true) {
        return Ok(());
    }
    let peer = match request.purpose {
        Purpose::Server => "server",
        Purpose::Client => "client",
    };
    Err(Error::with(
        Reason::CertificateUsage,
        format!(
            "{} is a CA certificate (CA:TRUE), used as that of a {peer}: issue it with CA:FALSE, or trust it itself",
            title(view)
        ),
    )
    .into())
}

/// RFC 5280 §4.2.1.9. Before version 3 there was no way to say it, so a trusted self-issued certificate
/// of version 1 is a CA; so is a trusted one without basicConstraints whose keyUsage says keyCertSign.
fn check_is_ca(view: &CertView<'_>, trusted: bool) -> Result<(), Fault> {
    let is_ca = match view.is_ca()? {
        Some(is_ca) => is_ca,
        None if !trusted => false,
        None if view.version == 1 => view.is_self_issued(),
        None => view
            .key_usage()?
            .is_some_and(|u| u.contains(KeyUsage::KEY_CERT_SIGN)),
    };
    if is_ca {
        Ok(())
    } else {
        Err(sentence::not_ca(view, "it is no CA (basicConstraints)").into())
    }
}

/// RFC 5280 §4.2.1.3: keyCertSign, where there is a keyUsage.
fn check_may_issue(view: &CertView<'_>) -> Result<(), Fault> {
    match view.key_usage()? {
        Some(usage) if !usage.contains(KeyUsage::KEY_CERT_SIGN) => {
            let why = format!("its keyUsage allows {usage}, but not keyCertSign");
            Err(sentence::not_ca(view, &why).into())
        }
        _ => Ok(()),
    }
}

/// RFC 5280 §4.2.1.9: so many CAs may stand below, beside the leaf. Self-issued ones count too, since
/// webpki counts them; the RFC would let them pass.
fn check_path_length(view: &CertView<'_>, count: usize) -> Result<(), Fault> {
    match view.path_length()? {
        Some(max) if max > MAX_PATH_LENGTH => {
            Err(sentence::malformed(view, "its pathLenConstraint is larger than 255").into())
        }
        Some(max) if count as u64 > max => {
            let most = match max {
                0 => "no CA".into(),
                1 => "1 CA".into(),
                _ => format!("{max} CAs"),
            };
            let cas = if count == 1 { "CA" } else { "CAs" };
            let why =
                format!("its path length allows {most} below it, and there are {count} {cas}");
            Err(sentence::not_ca(view, &why).into())
        }
        _ => Ok(()),
    }
}
