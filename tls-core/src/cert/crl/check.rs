//! RFC 5280 §6.3: what the lists say of a path.

use super::parse::Entry;
use super::{CRL_REASONS, Crl, CrlPolicy};
use crate::cert::issuer::issuer_of;
use crate::cert::options::is_pinned_alone;
use crate::cert::path::Node;
use crate::cert::same::same_name;
use crate::cert::sentence::{malformed, title};
use crate::cert::usage::KeyUsage;
use crate::cert::view::CertView;
use crate::cert::work::Work;
use crate::cert::{TrustAnchors, VerifyRequest, time};
use crate::error::{Error, Reason, Result};

/// How far the clocks of a CA and ours may differ, in seconds.
const TOLERANCE: i64 = 300;

/// Judges every certificate of a path but the trusted one: leaf first, each with its issuer.
pub(in crate::cert) fn check_crls(
    path: &[Node<'_>],
    anchors: &TrustAnchors,
    request: &VerifyRequest<'_>,
    work: &mut Work,
) -> Result<()> {
    let options = request.options;
    let Some(leaf) = path.first() else {
        return Ok(());
    };
    if options.crls.is_empty() && !options.crl_policy.required {
        return Ok(());
    }
    if path.len() == 1 {
        // Trusted as itself. Who signs itself cannot revoke itself either, nor vouch for a pinned key.
        let pinned = is_pinned_alone(path, request)?;
        return match issuer_of(path, anchors, request, work)? {
            _ if leaf.is_self_issued() && pinned => unknown(
                options.crl_policy,
                Reason::CrlMissing,
                format!(
                    "no CRL tells whether {} was revoked: its key is pinned, and nobody else vouches for it",
                    title(leaf)
                ),
            ),
            _ if leaf.is_self_issued() => match options.crl_policy.required {
                true => check(leaf, leaf, request, work),
                false => Ok(()),
            },
            Some(issuer) => check(leaf, &issuer, request, work),
            None => unknown(
                options.crl_policy,
                Reason::CrlMissing,
                format!(
                    "no CRL tells whether {} was revoked: it is trusted as itself, and the certificate of its issuer did not come",
                    title(leaf)
                ),
            ),
        };
    }
    let depth = match options.crl_policy.leaf_only {
        true => 1,
        false => path.len(),
    };
    path.windows(2).take(depth).try_for_each(|pair| match pair {
        [certificate, issuer] => check(certificate, issuer, request, work),
        _ => Ok(()),
    })
}

/// Why a list of the right CA does not help.
struct Useless {
    reason: Reason,
    why: String,
}

/// One certificate. Of the lists that its issuer's key signed the latest of each scope counts. Any of
/// those that revokes it does; one that does not must be right in all.
fn check(
    certificate: &CertView<'_>,
    issuer: &CertView<'_>,
    request: &VerifyRequest<'_>,
    work: &mut Work,
) -> Result<()> {
    let policy = request.options.crl_policy;
    let mut useless: Option<Useless> = None;
    let mut proven: Vec<&Crl> = Vec::new();
    for crl in request.options.crls.lists() {
        if !same_name(crl.issuer_name(), certificate.issuer) {
            continue;
        }
        let covers = crl.0.scope.covers(certificate);
        if !covers.map_err(|_| malformed(certificate, "its CRL distribution points are broken"))? {
            continue;
        }
        match usable(crl, issuer, request, work)? {
            Ok(()) => proven.push(crl),
            Err(why) => useless = Some(why),
        }
    }
    let mut covered = false;
    for crl in &proven {
        let replaces =
            |new: &&Crl| new.is_about_the_same(crl) && new.this_update() > crl.this_update();
        if proven.iter().any(replaces) {
            continue;
        }
        if let Some(entry) = crl.find(certificate.serial) {
            return Err(revoked(certificate, entry));
        }
        match out_of_date(crl, request) {
            Some(why) if !policy.allow_expired => useless = Some(why),
            _ => covered = true,
        }
    }
    if covered {
        return Ok(());
    }
    let useless = useless.unwrap_or_else(|| Useless {
        reason: Reason::CrlMissing,
        why: format!("no CRL of {} is loaded that covers it", title(issuer)),
    });
    let text = format!(
        "the status of {} is not known: {}",
        title(certificate),
        useless.why
    );
    unknown(policy, useless.reason, text)
}

/// Why a certificate is revoked, where a list says so; what no list covers is not. The error: finding it out would cost
/// more than is left.
pub(in crate::cert) fn revocation(
    certificate: &CertView<'_>,
    issuer: &CertView<'_>,
    request: &VerifyRequest<'_>,
    work: &mut Work,
) -> Result<Option<Error>> {
    match check(certificate, issuer, request, work) {
        Err(error) if work.is_over() => Err(error),
        verdict => Ok(verdict
            .err()
            .filter(|error| error.reason() == Reason::CertificateRevoked)),
    }
}

/// A list that is out of date is a matter of its own: it was there, and somebody ought to renew it.
fn unknown(policy: CrlPolicy, reason: Reason, text: String) -> Result<()> {
    match policy.allow_unknown && reason != Reason::CrlExpired {
        true => Ok(()),
        false => Err(Error::with(reason, text)),
    }
}

/// Whether the issuer's key signed the list, might sign it, and not in the future.
fn usable(
    crl: &Crl,
    issuer: &CertView<'_>,
    request: &VerifyRequest<'_>,
    work: &mut Work,
) -> Result<Result<(), Useless>> {
    let bad = |why: String| Useless {
        reason: Reason::CrlSignature,
        why: format!("the CRL of {} cannot be used: {why}", title(issuer)),
    };
    if let Err(unproven) = crl.is_signed_by(issuer, request, work)? {
        return Ok(Err(bad(unproven.to_string())));
    }
    match issuer.key_usage() {
        Ok(Some(usage)) if !usage.contains(KeyUsage::CRL_SIGN) => {
            return Ok(Err(bad(format!(
                "the CA's keyUsage allows {usage}, but not cRLSign"
            ))));
        }
        Ok(_) => {}
        Err(_) => return Err(malformed(issuer, "its keyUsage is broken")),
    }
    let now = now(request);
    if crl.this_update() > now.saturating_add(TOLERANCE) {
        return Ok(Err(Useless {
            reason: Reason::CrlNotYetValid,
            why: format!(
                "the CRL of {} is from {} (now is {})",
                title(issuer),
                time::readable(crl.this_update()),
                time::readable(now)
            ),
        }));
    }
    Ok(Ok(()))
}

/// RFC 5280 §5.1.2.5 wants a nextUpdate: a list without one has no end that could be kept.
fn out_of_date(crl: &Crl, request: &VerifyRequest<'_>) -> Option<Useless> {
    let now = now(request);
    let why = match crl.next_update() {
        Some(next) if now <= next => return None,
        Some(next) => format!(
            "the CRL of {} was to be renewed at {} (now is {})",
            crl.issuer(),
            time::readable(next),
            time::readable(now)
        ),
        None => format!(
            "the CRL of {} does not say until when it holds (nextUpdate)",
            crl.issuer()
        ),
    };
    Some(Useless {
        reason: Reason::CrlExpired,
        why,
    })
}

fn revoked(certificate: &CertView<'_>, entry: Entry) -> Error {
    let why = entry.reason.and_then(|r| CRL_REASONS.get(usize::from(r)));
    Error::with(
        Reason::CertificateRevoked,
        format!(
            "{} revoked the certificate of {} at {}{}",
            crate::cert::dn::short(certificate.issuer),
            title(certificate),
            time::readable(entry.revoked_at),
            why.map_or_else(String::new, |why| format!(" ({why})"))
        ),
    )
}

fn now(request: &VerifyRequest<'_>) -> i64 {
    i64::try_from(request.now.as_secs()).unwrap_or(i64::MAX)
}
