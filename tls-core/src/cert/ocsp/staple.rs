//! The verdict on a staple: what it says of the leaf, from when to when, and what follows (the table is in mod.rs).

use super::response::{Basic, CertId, Response, Single, Status};
use super::signer::check_signer;
use super::{OCSP_MAX_AGE, OCSP_TOLERANCE, bad, parse};
use crate::cert::crl::CRL_REASONS;
use crate::cert::hashes::by_id;
use crate::cert::issuer::issuer_of;
use crate::cert::options::is_pinned_alone;
use crate::cert::path::Node;
use crate::cert::sentence::title;
use crate::cert::view::{CertView, oid};
use crate::cert::work::Work;
use crate::cert::{
    Certificate, CertificatePolicy, KnownCertificates, Purpose, TrustAnchors, UnixTime,
    VerifyOptions, VerifyRequest, time,
};
use crate::crypto::Provider;
use crate::error::{Error, Reason, Result};
use crate::wire::der::{BadDer, Der, only, tag};
use core::time::Duration;

/// What a response says of one certificate. Times are seconds since 1970-01-01 00:00:00 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OcspInfo {
    /// What became of the certificate.
    pub status: OcspStatus,
    /// When the response was signed; `None` where the responder gave no answer.
    pub produced_at: Option<i64>,
    /// When the status was known to be right; `None` likewise.
    pub this_update: Option<i64>,
    /// When there will be a newer one; `None` where the response does not say.
    pub next_update: Option<i64>,
}

/// CertStatus (RFC 6960 §4.2.1), or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OcspStatus {
    /// The responder knows of no revocation.
    Good,
    /// It was revoked.
    Revoked {
        /// When, in seconds since 1970.
        at: i64,
        /// Why: the number of a CRLReason (RFC 5280 §5.3.1), where the response says it.
        reason: Option<u8>,
    },
    /// The responder does not know the certificate.
    Unknown,
    /// The responder gave no answer: its OCSPResponseStatus.
    NoAnswer(u8),
}

impl OcspInfo {
    const fn of(basic: &Basic<'_>, single: &Single<'_>) -> Self {
        Self {
            status: match single.status {
                Status::Good => OcspStatus::Good,
                Status::Revoked { at, reason } => OcspStatus::Revoked { at, reason },
                Status::Unknown => OcspStatus::Unknown,
            },
            produced_at: Some(basic.produced_at),
            this_update: Some(single.this_update),
            next_update: single.next_update,
        }
    }
}

/// RFC 7633: whether the certificate demands a stapled response.
pub fn must_staple(certificate: &[u8]) -> Result<bool> {
    CertView::parse(certificate)
        .and_then(|view| demands_staple(&view))
        .map_err(|BadDer| Error::new(Reason::CertificateMalformed))
}

/// TLS feature (RFC 7633 §4.1): `SEQUENCE OF INTEGER`, of extensions that the server has to answer.
fn demands_staple(view: &CertView<'_>) -> Result<bool, BadDer> {
    let Some(value) = view.extension(oid::TLS_FEATURE)? else {
        return Ok(false);
    };
    let mut features = Der::new(only(value, tag::SEQUENCE)?);
    let mut found = false;
    while !features.is_empty() {
        found |= features.expect(tag::INTEGER)?.content == [5]; // status_request
    }
    Ok(found)
}

/// Judges what the server stapled, or that it stapled nothing, on a path that keeps every other rule:
/// leaf first, then its issuer. See the table of this module.
pub(in crate::cert) fn check_staple(
    path: &[Node<'_>],
    anchors: &TrustAnchors,
    request: &VerifyRequest<'_>,
    work: &mut Work,
) -> Result<()> {
    let Some(leaf) = path.first() else {
        return Ok(());
    };
    let demanded = demands_staple(leaf).map_err(|BadDer| {
        Error::with(
            Reason::CertificateMalformed,
            format!("the TLS feature extension of {} is broken", title(leaf)),
        )
    })?;
    // Clients staple nothing in TLS 1.2, and outside of a handshake nobody does.
    let demanded = demanded && request.purpose == Purpose::Server && request.key_use.is_some();
    let Some(response) = request.ocsp_response else {
        return match demanded {
            true => Err(Error::with(
                Reason::OcspResponseMissing,
                format!(
                    "the certificate of {} demands a stapled OCSP response (RFC 7633), and none came: the server staples none, or OCSP is off here",
                    title(leaf)
                ),
            )),
            false => Ok(()),
        };
    };
    match judge(response, path, anchors, request, work) {
        Err(error) if !demanded && !request.ocsp_required && is_harmless(&error) => Ok(()),
        verdict => verdict,
    }
}

/// What comes of outages, not of attacks.
fn is_harmless(error: &Error) -> bool {
    matches!(
        error.reason(),
        Reason::OcspExpired | Reason::OcspNotYetValid | Reason::OcspUnknown
    )
}

/// What the response of `request` says of the peer's certificate now, and whether that may be believed.
/// `path` is the one that verified; without one no response is right. `anchors` has what was trusted, as
/// far as that is known. The outer error: it says nothing of the certificate at all.
pub fn ocsp_info(
    request: &VerifyRequest<'_>,
    anchors: &TrustAnchors,
    path: &[Certificate],
) -> Result<(OcspInfo, Result<()>)> {
    let (Some(response), Some(leaf)) = (request.ocsp_response, request.chain.first()) else {
        return Err(Reason::OcspResponseMissing.into());
    };
    let malformed = |BadDer| Error::new(Reason::CertificateMalformed);
    let info = match parse(response)? {
        Response::None(refusal) => OcspInfo {
            status: OcspStatus::NoAnswer(refusal.0),
            produced_at: None,
            this_update: None,
            next_update: None,
        },
        Response::Basic(basic) => {
            let leaf = CertView::parse(leaf).map_err(malformed)?;
            OcspInfo::of(&basic, find(&basic, &leaf, request)?.0)
        }
    };
    if path.is_empty() {
        let why = "nobody verified the chain that the stapled OCSP response is about";
        return Ok((info, Err(Error::with(Reason::OcspUnknown, why))));
    }
    let nodes: Option<Vec<_>> = path.iter().map(Node::new).collect();
    let nodes = nodes.ok_or_else(|| malformed(BadDer))?;
    let right = judge(response, &nodes, anchors, request, &mut Work::default());
    Ok((info, right))
}

/// Checks a response that a server is about to staple to this chain, leaf first, as its clients will: it is
/// about the leaf, in time, and signed by who may, as far as the chain shows the issuer. What it says of
/// the certificate may be anything: to say that it was revoked is honest.
///
/// Errors: `BadStaple`, with what is wrong.
pub fn check_own_staple(
    response: &[u8],
    chain: &[Certificate],
    now: UnixTime,
    policy: CertificatePolicy,
    provider: &dyn Provider,
) -> Result<()> {
    let request = VerifyRequest {
        chain,
        name: None,
        purpose: Purpose::Server,
        key_use: None,
        now,
        policy,
        options: &VerifyOptions::default(),
        ocsp_response: Some(response),
        ocsp_required: true,
        provider,
        known: &KnownCertificates::default(),
    };
    own_staple(response, chain, &request)
        .map_err(|error| Error::with(Reason::BadStaple, error.text().to_owned()))
}

fn own_staple(response: &[u8], chain: &[Certificate], request: &VerifyRequest<'_>) -> Result<()> {
    let Response::Basic(basic) = parse(response)? else {
        return Ok(());
    };
    let Some(leaf) = chain.first().and_then(Node::new) else {
        return Err(Reason::BadCertificateFile.into());
    };
    check_times(find(&basic, &leaf, request)?.0, &leaf, request)?;
    let (none, work) = (TrustAnchors::default(), &mut Work::default());
    match judge(response, &[leaf], &none, request, work) {
        Err(error)
            if !matches!(
                error.reason(),
                Reason::CertificateRevoked | Reason::OcspUnknown
            ) =>
        {
            Err(error)
        }
        _ => Ok(()),
    }
}

/// When the first of its answers ends, in seconds since 1970; `None`: there is none.
pub(crate) fn ocsp_ends_at(response: &[u8]) -> Option<i64> {
    match parse(response) {
        Ok(Response::Basic(basic)) => basic.singles.iter().map(Single::end).min(),
        Ok(Response::None(_)) | Err(_) => None,
    }
}

impl Single<'_> {
    /// The end of what is believed, tolerance included.
    fn end(&self) -> i64 {
        let end = self.next_update;
        let end = end.unwrap_or_else(|| self.this_update.saturating_add(OCSP_MAX_AGE));
        end.saturating_add(OCSP_TOLERANCE)
    }
}

fn judge(
    response: &[u8],
    path: &[Node<'_>],
    anchors: &TrustAnchors,
    request: &VerifyRequest<'_>,
    work: &mut Work,
) -> Result<()> {
    let leaf = path.first().ok_or(Reason::Bug)?;
    let unknown = |text: String| Error::with(Reason::OcspUnknown, text);
    let basic = match parse(response)? {
        Response::Basic(basic) => basic,
        Response::None(refusal) => {
            return Err(unknown(format!(
                "the OCSP responder gave no answer about {} ({refusal})",
                title(leaf)
            )));
        }
    };
    let (_, named) = find(&basic, leaf, request)?;
    let Some(issuer) = issuer_of(path, anchors, request, work)? else {
        return Err(unknown(format!(
            "the stapled OCSP response cannot be verified: {} is trusted as itself, and the certificate of its issuer did not come",
            title(leaf)
        )));
    };
    // By the name and the number it is ours: by the key it must be too.
    let Some(single) = worst(named.iter().filter(|s| is_issuer(&s.id, &issuer, request))) else {
        return Err(bad(format!(
            "the stapled OCSP response is about a certificate of another key than that of {}",
            title(&issuer)
        )));
    };
    // A response that is over is judged as it was when it was made: what a cache kept through an outage may
    // outlive its signer's certificate.
    let now = i64::try_from(request.now.as_secs()).unwrap_or(i64::MAX);
    let at = match now > single.end() {
        true => UnixTime::since_unix_epoch(Duration::from_secs(
            basic.produced_at.try_into().unwrap_or(0),
        )),
        false => request.now,
    };
    check_signer(&basic, &issuer, at, request, work)?;
    match single.status {
        Status::Good if is_pinned_alone(path, request)? => Err(unknown(format!(
            "the stapled OCSP response says nothing of {}: its key is pinned, and who has it chose the issuer",
            title(leaf)
        ))),
        Status::Good => check_times(single, leaf, request),
        Status::Revoked { at, reason } => Err(revoked(leaf, at, reason)),
        Status::Unknown => Err(unknown(format!(
            "the OCSP responder does not know the certificate of {}",
            title(leaf)
        ))),
    }
}

fn revoked(leaf: &CertView<'_>, at: i64, reason: Option<u8>) -> Error {
    let why = reason.and_then(|r| CRL_REASONS.get(usize::from(r)));
    Error::with(
        Reason::CertificateRevoked,
        format!(
            "the stapled OCSP response says that the certificate of {} was revoked at {}{}",
            title(leaf),
            time::readable(at),
            why.map_or_else(String::new, |why| format!(" ({why})"))
        ),
    )
}

/// RFC 6960 §4.2.2.1
fn check_times(
    single: &Single<'_>,
    leaf: &CertView<'_>,
    request: &VerifyRequest<'_>,
) -> Result<()> {
    let now = i64::try_from(request.now.as_secs()).unwrap_or(i64::MAX);
    if now.saturating_add(OCSP_TOLERANCE) < single.this_update {
        return Err(Error::with(
            Reason::OcspNotYetValid,
            format!(
                "the stapled OCSP response about {} holds from {} on (now is {})",
                title(leaf),
                time::readable(single.this_update),
                time::readable(now)
            ),
        ));
    }
    if now > single.end() {
        return Err(Error::with(
            Reason::OcspExpired,
            format!(
                "the stapled OCSP response about {} was good until {} (now is {})",
                title(leaf),
                time::readable(single.end() - OCSP_TOLERANCE),
                time::readable(now)
            ),
        ));
    }
    Ok(())
}

/// What the response says of this certificate, by issuer's name and serial number: the worst of it, and
/// all of it. CertIDs with hashes that are not known here are none of ours.
fn find<'a>(
    basic: &'a Basic<'_>,
    leaf: &CertView<'_>,
    request: &VerifyRequest<'_>,
) -> Result<(&'a Single<'a>, Vec<&'a Single<'a>>)> {
    let named = |single: &&Single<'_>| {
        single.id.serial == leaf.serial
            && hashes(&single.id, leaf.issuer, single.id.issuer_name, request)
    };
    let named: Vec<_> = basic.singles.iter().filter(named).collect();
    match worst(named.iter()) {
        Some(single) => Ok((single, named)),
        None => Err(bad(format!(
            "the stapled OCSP response is about another certificate than that of {}",
            title(leaf)
        ))),
    }
}

/// Where a response speaks several times of one certificate, the worst counts, then the latest.
fn worst<'a, 'b: 'a>(singles: impl Iterator<Item = &'a &'b Single<'b>>) -> Option<&'b Single<'b>> {
    singles.copied().max_by_key(|single| {
        let badness = match single.status {
            Status::Good => 0,
            Status::Unknown => 1,
            Status::Revoked { .. } => 2,
        };
        (badness, single.this_update)
    })
}

fn is_issuer(id: &CertId<'_>, issuer: &CertView<'_>, request: &VerifyRequest<'_>) -> bool {
    let key = issuer.public_key();
    key.is_ok_and(|(_, key)| hashes(id, key, id.issuer_key, request))
}

/// Whether `bytes` have this digest, by the CertID's hash. SHA-1 is what RFC 5019 §2.1.1 asks for: it
/// names a certificate here, the signature protects the name.
fn hashes(id: &CertId<'_>, bytes: &[u8], digest: &[u8], request: &VerifyRequest<'_>) -> bool {
    let hash = by_id(id.hash).and_then(|known| known.id);
    let hash = hash.and_then(|id| request.provider.hash(id));
    hash.is_some_and(|hash| hash.hash(&[bytes]).as_ref() == digest)
}
