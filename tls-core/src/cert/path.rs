//! The path from the leaf to a trusted CA: webpki builds it, our rules are checked on each one that
//! it finds, so that a path that breaks a rule does not hide a second that keeps all.

use super::chain::{Fault, check_key_length, check_purpose, check_validity};
use super::explain::Explain;
use super::options::check_pins;
use super::status::check_status;
use super::usage::KeyUsage;
use super::view::CertView;
use super::{CertificateDer, Purpose, TrustAnchors, VerifyRequest, sentence, signature};
use crate::error::{Error, Reason, Result};
use core::cell::RefCell;
use webpki::{EndEntityCert, VerifiedPath};

/// Intermediates with the same subject that are tried: a CA and its cross-signed twin. webpki
/// searches every order, so the limit to the power of six bounds the work; without one, sixteen
/// certificates under one name took a minute.
const MAX_SAME_SUBJECT: usize = 2;

/// The verified path: leaf, intermediates, trusted certificate.
pub(super) fn build(
    anchors: &TrustAnchors,
    request: &VerifyRequest<'_>,
    leaf: &EndEntityCert<'_>,
    intermediates: &[CertificateDer<'static>],
    explain: &Explain<'_>,
) -> Result<Vec<CertificateDer<'static>>> {
    let intermediates = candidates(intermediates);
    let usage = match request.purpose {
        Purpose::Server => webpki::KeyUsage::server_auth(),
        Purpose::Client => webpki::KeyUsage::client_auth(),
    };
    // webpki's errors cannot carry ours: the first broken rule is kept beside.
    let broken: RefCell<Option<Error>> = RefCell::default();
    let check = |path: &VerifiedPath<'_>| {
        check_path(anchors, request, path).map_err(|fault| {
            let error = explain.or_malformed(fault);
            broken.borrow_mut().get_or_insert(error);
            webpki::Error::UnknownIssuer
        })
    };
    let verified = leaf.verify_for_usage(
        signature::algorithms(request),
        anchors.anchors(),
        &intermediates,
        request.now,
        usage,
        None,
        Some(&check),
    );
    let verified = match verified {
        Ok(path) => path,
        Err(why) => {
            return Err(broken
                .take()
                .unwrap_or_else(|| explain.path(&why, &intermediates)));
        }
    };
    let mut path = vec![leaf.der().into_owned()];
    path.extend(
        verified
            .intermediate_certificates()
            .map(|c| c.der().into_owned()),
    );
    path.extend(anchors.certificate_of(verified.anchor()).cloned());
    Ok(path)
}

/// What path building may use of what the peer sent: certificates that parse (a stray one is not
/// worth an alert), each once, and few under one name.
fn candidates<'a>(sent: &'a [CertificateDer<'static>]) -> Vec<CertificateDer<'a>> {
    let mut kept: Vec<(&[u8], &CertificateDer<'static>)> = Vec::new();
    for certificate in sent {
        let Ok(view) = CertView::parse(certificate) else {
            continue;
        };
        let same = kept.iter().filter(|(s, _)| *s == view.subject);
        if same.clone().count() < MAX_SAME_SUBJECT && !same.clone().any(|(_, c)| *c == certificate)
        {
            kept.push((view.subject, certificate));
        }
    }
    kept.into_iter()
        .map(|(_, c)| CertificateDer::from(c.as_ref()))
        .collect()
}

/// Our own rules, on a path whose signatures, names and dates are right.
fn check_path(
    anchors: &TrustAnchors,
    request: &VerifyRequest<'_>,
    path: &VerifiedPath<'_>,
) -> Result<(), Fault> {
    let leaf = path.end_entity().der();
    let ders: Vec<_> = path.intermediate_certificates().map(|c| c.der()).collect();
    let mut views = vec![CertView::parse(&leaf)?];
    check_key_length(&views[0], request)?;
    for der in &ders {
        let view = CertView::parse(der)?;
        check_key_length(&view, request)?;
        check_may_issue(&view)?;
        views.push(view);
    }
    let Some(anchor) = anchors.certificate_of(path.anchor()) else {
        return Err(Error::with(Reason::Bug, "a path ends in an unknown anchor").into());
    };
    let view = CertView::parse(anchor)?;
    check_validity(&view, request)?;
    check_purpose(&view, request)?;
    check_key_length(&view, request)?;
    check_is_ca(&view)?;
    check_may_issue(&view)?;
    views.push(view);
    check_pins(&views, request)?;
    Ok(check_status(&views, request)?)
}

/// A trusted certificate that issues: webpki believes every anchor to be a CA. Before version 3
/// there was no way to say it, so a self-issued certificate of version 1 is one; so is one without
/// basicConstraints whose keyUsage says keyCertSign.
fn check_is_ca(view: &CertView<'_>) -> Result<(), Fault> {
    let is_ca = match view.is_ca()? {
        Some(is_ca) => is_ca,
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
