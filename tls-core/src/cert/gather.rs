//! Which certificates of a pile belong to a key, and in which order: for PKCS #12 files, which have none.

use super::credentials::same_key;
use super::same::same_name;
use super::view::CertView;
use crate::crypto::PrivateKey;
use crate::error::{Error, Reason, Result};
use crate::wire::Certificate;
use crate::wire::der::BadDer;

/// The chain of a private key out of certificates in no order, as PKCS #12 files have them: the
/// certificate that is the key's own, then issuer behind issuer, without a root (the peer has to have
/// that by itself, RFC 5246 §7.4.2). `None`: no certificate belongs to the key, or the key does not tell
/// its public half.
///
/// Errors: `BadCertificateFile` for one that does not parse.
pub fn chain_of(
    key: &dyn PrivateKey,
    certificates: &[Certificate],
) -> Result<Option<Vec<Certificate>>> {
    let mut views = Vec::with_capacity(certificates.len());
    for (i, certificate) in certificates.iter().enumerate() {
        views.push(CertView::parse(certificate).map_err(|BadDer| {
            let text = format!(
                "certificate {} of {} does not parse",
                i + 1,
                certificates.len()
            );
            Error::with(Reason::BadCertificateFile, text)
        })?);
    }
    let Some(public) = key.public_key() else {
        return Ok(None);
    };
    let owned = |view: &CertView<'_>| same_key(public.spki(), view.spki);
    let Some(mut at) = views.iter().position(owned) else {
        return Ok(None);
    };
    let mut chain = vec![certificates[at].clone()];
    let mut left: Vec<usize> = (0..views.len()).filter(|i| *i != at).collect();
    while !views[at].is_self_issued() {
        let issues = |i: &usize| same_name(views[*i].subject, views[at].issuer);
        let named = left.iter().filter(|i| issues(i));
        // Of several with that name, the one whose key is meant.
        let Some(&issuer) = named.max_by_key(|i| is_key_of(&views[**i], &views[at])) else {
            break;
        };
        if views[issuer].is_self_issued() {
            break;
        }
        // Each is taken once: certificates that issue each other end here.
        left.retain(|i| *i != issuer);
        chain.push(certificates[issuer].clone());
        at = issuer;
    }
    Ok(Some(chain))
}

/// Whether the authorityKeyIdentifier names the subjectKeyIdentifier (RFC 5280 §4.2.1.1).
pub(super) fn is_key_of(issuer: &CertView<'_>, issued: &CertView<'_>) -> bool {
    let subject = issuer.subject_key_id();
    subject.is_some() && subject == issued.authority_key_id()
}
