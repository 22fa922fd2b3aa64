//! Who may sign an OCSP response (RFC 6960 §4.2.2.2): the CA that issued the certificate, or whom that
//! CA certified for it.

use super::response::{Basic, Responder};
use crate::cert::crl::revocation;
use crate::cert::rules::Fault;
use crate::cert::same::same_name;
use crate::cert::sentence::title;
use crate::cert::strength::{check_hash, check_key};
use crate::cert::usage::KeyUsage;
use crate::cert::view::CertView;
use crate::cert::words::words;
use crate::cert::work::{Work, too_much};
use crate::cert::{UnixTime, VerifyRequest};
use crate::crypto::HashId;
use crate::error::{Error, Reason, Result};
use crate::wire::der::{BadDer, only, tag};
use pki_types::{CertificateDer, Der as PkiDer, TrustAnchor};
use webpki::EndEntityCert;

/// id-kp-OCSPSigning, 1.3.6.1.5.5.7.3.9
const OCSP_SIGNING: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x09];

fn fail(text: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::with(Reason::OcspSignature, text)
}

/// That the response is signed by `issuer`, or by somebody whom it certified for that, and whose certificate
/// was good at `at`.
pub(super) fn check_signer(
    basic: &Basic<'_>,
    issuer: &CertView<'_>,
    at: UnixTime,
    request: &VerifyRequest<'_>,
    work: &mut Work,
) -> Result<()> {
    let mut why = None;
    if is_responder(basic, issuer, request)? {
        match basic.signed.verify(issuer, request, work)? {
            Ok(()) => return Ok(()),
            Err(unproven) => {
                why = Some(fail(format!(
                    "the stapled OCSP response names {} as its signer, but {unproven}",
                    title(issuer)
                )));
            }
        }
    }
    for certificate in &basic.certificates {
        let Ok(delegate) = CertView::parse(certificate) else {
            why.get_or_insert_with(|| fail("a certificate in the OCSP response does not parse"));
            continue;
        };
        if !is_responder(basic, &delegate, request)? {
            continue;
        }
        match by_delegate(basic, &delegate, issuer, at, request, work) {
            Ok(()) => return Ok(()),
            Err(_) if work.is_over() => return Err(too_much()),
            Err(error) => why = Some(error),
        }
    }
    Err(why.unwrap_or_else(|| {
        fail(format!(
            "the stapled OCSP response is signed neither by {} nor by a responder whose certificate comes with it",
            title(issuer)
        ))
    }))
}

/// Whether the responderID means this certificate.
fn is_responder(
    basic: &Basic<'_>,
    view: &CertView<'_>,
    request: &VerifyRequest<'_>,
) -> Result<bool> {
    match basic.responder {
        Responder::Name(name) => Ok(same_name(view.subject, name)),
        Responder::KeyHash(hash) => {
            let sha1 = request.provider.hash(HashId::Sha1);
            let sha1 = sha1.ok_or(Reason::ProviderMissing)?;
            let key = view.public_key();
            Ok(key.is_ok_and(|(_, key)| sha1.hash(&[key]).as_ref() == hash))
        }
    }
}

/// The delegated certificate: issued by the very CA (a chain of them is not enough, RFC 6960
/// §4.2.2.2), for this purpose by name, in its dates, with a key and a signature as strong as every other.
fn by_delegate(
    basic: &Basic<'_>,
    delegate: &CertView<'_>,
    issuer: &CertView<'_>,
    at: UnixTime,
    request: &VerifyRequest<'_>,
    work: &mut Work,
) -> Result<()> {
    let refused = |why: &dyn core::fmt::Display| {
        fail(format!(
            "the OCSP responder {} is not authorized by {}: {why}",
            title(delegate),
            title(issuer)
        ))
    };
    work.verify(issuer, delegate.tbs)?;
    verify_delegate(delegate, issuer, at, request).map_err(|why| refused(&why))?;
    match delegate.key_usage() {
        Ok(Some(usage)) if !usage.contains(KeyUsage::DIGITAL_SIGNATURE) => {
            return Err(refused(&format_args!("its keyUsage allows {usage} alone")));
        }
        Ok(_) => {}
        Err(BadDer) => return Err(refused(&"its keyUsage is broken")),
    }
    let strong = check_hash(delegate, request).and_then(|()| check_key(delegate, request));
    match strong {
        Ok(()) => {}
        Err(Fault::Rule(weak)) => return Err(refused(&weak.text())),
        Err(Fault::Malformed) => return Err(refused(&"its algorithm or its key is broken")),
    }
    if let Some(revoked) = revocation(delegate, issuer, request, work)? {
        return Err(refused(&revoked.text()));
    }
    let verdict = basic.signed.verify(delegate, request, work)?;
    verdict.map_err(|unproven| {
        fail(format!(
            "the stapled OCSP response names {} as its signer, but {unproven}",
            title(delegate)
        ))
    })
}

/// Signature, dates, purpose, critical extensions: as of any certificate, with the CA as the anchor; how
/// strong they are is the caller's question.
/// Whether the responder itself was revoked is asked of CRLs alone, where there are any: asking another
/// responder would not end (RFC 6960 §4.2.2.2.1).
fn verify_delegate(
    delegate: &CertView<'_>,
    issuer: &CertView<'_>,
    at: UnixTime,
    request: &VerifyRequest<'_>,
) -> Result<(), String> {
    let broken = |BadDer| "the issuer's certificate is broken".to_owned();
    let content = |whole| only(whole, tag::SEQUENCE).map_err(broken);
    // webpki compares names byte for byte.
    let named = match same_name(delegate.issuer, issuer.subject) {
        true => delegate.issuer,
        false => issuer.subject,
    };
    let anchor = TrustAnchor {
        subject: PkiDer::from_slice(content(named)?),
        subject_public_key_info: PkiDer::from_slice(content(issuer.spki)?),
        name_constraints: None,
    };
    let certificate = CertificateDer::from(delegate.der);
    let parsed = EndEntityCert::try_from(&certificate).map_err(|why| sentence(&why))?;
    let purpose = webpki::KeyUsage::required(OCSP_SIGNING);
    let anchors = [anchor];
    parsed
        .verify_for_usage(
            request.provider.certificate_algorithms().legacy,
            &anchors,
            &[],
            at,
            purpose,
            None,
            None,
        )
        .map(drop)
        .map_err(|why| sentence(&why))
}

fn sentence(why: &webpki::Error) -> String {
    use webpki::Error as E;
    match why {
        E::CertExpired { .. } => "its certificate has expired".into(),
        E::CertNotValidYet { .. } => "its certificate is not valid yet".into(),
        E::UnknownIssuer => "another CA issued its certificate".into(),
        E::InvalidSignatureForPublicKey => {
            "the signature of its certificate does not verify".into()
        }
        E::RequiredEkuNotFoundContext(_) => {
            "its certificate is not for OCSPSigning (extendedKeyUsage)".into()
        }
        E::CaUsedAsEndEntity => "its certificate is that of another CA".into(),
        other => words(other).into(),
    }
}
