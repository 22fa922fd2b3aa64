//! Why a chain is refused: webpki's errors become reasons and sentences here, in one match. webpki
//! does not say which certificate it means; the chain is walked by names once more to find it.

use super::chain::{Fault, check_key_length};
use super::sentence::{
    expired, malformation, malformed, not_ca, not_yet_valid, title, wrong_purpose,
};
use super::view::{CertView, oid, spki_parts};
use super::{CertificateDer, Purpose, TrustAnchors, VerifyRequest, dn};
use crate::error::{Error, Reason as R};
use crate::wire::der::{BadDer, Der, tag};

/// What is needed to say why.
pub(super) struct Explain<'a> {
    pub(super) anchors: &'a TrustAnchors,
    pub(super) request: &'a VerifyRequest<'a>,
    pub(super) leaf: CertView<'a>,
}

impl<'a> Explain<'a> {
    /// The leaf does not parse.
    pub(super) fn malformed(&self) -> Error {
        malformed(&self.leaf, "an extension is broken")
    }

    /// A fault as an error.
    pub(super) fn or_malformed(&self, fault: Fault) -> Error {
        match fault {
            Fault::Rule(error) => error,
            Fault::Malformed => self.malformed(),
        }
    }

    /// An error of webpki over the leaf alone.
    pub(super) fn leaf(&self, why: &webpki::Error) -> Error {
        self.reason(why, &[self.leaf])
    }

    /// An error of webpki over the leaf and these intermediates.
    pub(super) fn path(&self, why: &webpki::Error, intermediates: &[CertificateDer<'_>]) -> Error {
        let sent: Vec<_> = intermediates
            .iter()
            .filter_map(|c| CertView::parse(c).ok())
            .collect();
        self.reason(why, &self.walk(&sent))
    }

    /// From the leaf along the issuers' names through what the peer sent.
    fn walk<'b>(&self, sent: &[CertView<'b>]) -> Vec<CertView<'b>>
    where
        'a: 'b,
    {
        let mut path: Vec<CertView<'b>> = vec![self.leaf];
        while let Some(last) = path.last().filter(|l| !l.is_self_issued()) {
            let issuer = last.issuer;
            let next = sent.iter().find(|c| c.subject == issuer);
            match next {
                Some(next) if path.iter().all(|c| c.subject != next.subject) => path.push(*next),
                _ => break,
            }
        }
        path
    }

    /// The one map from webpki's errors to ours. `path` begins with the leaf.
    #[allow(deprecated)] // variants that webpki no longer makes, but still has
    fn reason(&self, why: &webpki::Error, path: &[CertView<'_>]) -> Error {
        use webpki::Error as E;
        let leaf = &self.leaf;
        let now = i64::try_from(self.request.now.as_secs()).unwrap_or(i64::MAX);
        match why {
            E::CertExpired { .. } => {
                expired(path.iter().find(|c| now > c.not_after).unwrap_or(leaf), now)
            }
            E::CertNotValidYet { .. } => {
                let early = path.iter().find(|c| now < c.not_before);
                not_yet_valid(early.unwrap_or(leaf), now)
            }
            E::UnknownIssuer => self.untrusted(path),
            E::InvalidSignatureForPublicKey => self.bad_signature(path),
            E::UnsupportedSignatureAlgorithm | E::UnsupportedSignatureAlgorithmContext(_) => {
                self.unsupported_signature(path)
            }
            E::RequiredEkuNotFound | E::RequiredEkuNotFoundContext(_) => {
                let purpose = self.request.purpose;
                let wrong = path.iter().find(|c| c.is_for(purpose) != Ok(true));
                wrong_purpose(wrong.unwrap_or(leaf), purpose)
            }
            // What `openssl req -x509` makes: that nobody trusts it says more.
            E::CaUsedAsEndEntity if leaf.is_self_issued() => self.untrusted(&[*leaf]),
            E::CaUsedAsEndEntity => Error::with(
                R::CertificateUsage,
                format!(
                    "{} is a CA certificate (CA:TRUE), used as that of a {}: issue it with CA:FALSE, or trust it itself",
                    title(leaf),
                    self.peer()
                ),
            ),
            E::EndEntityUsedAsCa => {
                let issuer = path.iter().skip(1).find(|c| c.is_ca() != Ok(Some(true)));
                not_ca(issuer.unwrap_or(leaf), "it is no CA (basicConstraints)")
            }
            E::PathLenConstraintViolated => Error::with(
                R::CertificateNotCa,
                "the chain has more CAs than the path length of one of them allows",
            ),
            E::NameConstraintViolation => {
                let by = path
                    .iter()
                    .find(|c| c.extension(oid::NAME_CONSTRAINTS) != Ok(None));
                Error::with(
                    R::CertificateConstraint,
                    format!(
                        "the names of {} are outside of the name constraints of {}",
                        title(leaf),
                        by.map_or_else(|| "the trusted CA".into(), title)
                    ),
                )
            }
            E::CertNotValidForName(_) => Error::new(R::CertificateNameMismatch),
            E::CertRevoked => Error::new(R::CertificateRevoked),
            E::CertDistrusted => Error::with(
                R::CertificateRejected,
                "a key in the chain is known to be compromised",
            ),
            E::BadDer
            | E::BadDerTime
            | E::TrailingData(_)
            | E::ExtensionValueInvalid
            | E::EmptyEkuExtension
            | E::InvalidCertValidity
            | E::InvalidNetworkMaskConstraint
            | E::InvalidSerialNumber
            | E::MalformedDnsIdentifier
            | E::MalformedExtensions
            | E::MalformedNameConstraint
            | E::SignatureAlgorithmMismatch => {
                let what = malformation(why);
                match path {
                    [_, _, ..] => Error::with(
                        R::CertificateMalformed,
                        format!("in the chain of {}: {what}", title(leaf)),
                    ),
                    _ => malformed(leaf, what),
                }
            }
            E::UnsupportedCertVersion => Error::with(
                R::CertificateUnsupported,
                format!(
                    "the certificate of {} has X.509 version {}, 3 is needed",
                    title(leaf),
                    leaf.version
                ),
            ),
            E::UnsupportedCriticalExtension => Error::with(
                R::CertificateUnsupported,
                format!(
                    "the certificate of {} has a critical extension that is not known here",
                    title(leaf)
                ),
            ),
            E::UnsupportedSignatureAlgorithmForPublicKey
            | E::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => Error::with(
                R::CertificateUnsupported,
                format!(
                    "a signature in the chain of {} is of a kind that does not go with the issuer's key",
                    title(leaf)
                ),
            ),
            E::UnsupportedNameType => Error::new(R::CertificateUnsupported),
            E::MaximumPathDepthExceeded => Error::with(
                R::CertificateChainTooLong,
                "there are more than six CAs between the certificate and a trusted one",
            ),
            E::MaximumNameConstraintComparisonsExceeded
            | E::MaximumPathBuildCallsExceeded
            | E::MaximumSignatureChecksExceeded => Error::with(
                R::CertificateChainTooLong,
                "the chain takes more work to verify than the limit",
            ),
            // No revocation list is given to webpki here.
            E::CrlExpired { .. }
            | E::InvalidCrlNumber
            | E::InvalidCrlSignatureForPublicKey
            | E::IssuerNotCrlSigner
            | E::UnknownRevocationStatus
            | E::UnsupportedCrlIssuingDistributionPoint
            | E::UnsupportedCrlVersion
            | E::UnsupportedDeltaCrl
            | E::UnsupportedIndirectCrl
            | E::UnsupportedRevocationReason
            | E::UnsupportedRevocationReasonsPartitioning
            | E::UnsupportedCrlSignatureAlgorithm
            | E::UnsupportedCrlSignatureAlgorithmContext(_)
            | E::UnsupportedCrlSignatureAlgorithmForPublicKey
            | E::UnsupportedCrlSignatureAlgorithmForPublicKeyContext(_) => Error::with(
                R::CertificateRejected,
                format!("the revocation status is not known: {why}"),
            ),
            // webpki's enum may grow: what is not known here is refused, with its own words.
            _ => Error::with(
                R::CertificateRejected,
                format!("the chain is refused: {why}"),
            ),
        }
    }

    const fn peer(&self) -> &'static str {
        match self.request.purpose {
            Purpose::Server => "server",
            Purpose::Client => "client",
        }
    }

    /// Where the path ends, and why that is not enough.
    fn untrusted(&self, path: &[CertView<'_>]) -> Error {
        let last = path.last().unwrap_or(&self.leaf);
        let why = if self.anchors.is_empty() {
            "no CA certificate is loaded".into()
        } else if last.is_self_issued() && path.len() == 1 {
            format!(
                "{} is self-signed and not itself trusted",
                dn::short(last.subject)
            )
        } else if last.is_self_issued() {
            format!(
                "its chain ends in {}, which is not trusted",
                dn::short(last.subject)
            )
        } else if path.len() == 1 {
            format!(
                "its issuer is {}, and the {} sent no certificate for it",
                dn::short(last.issuer),
                self.peer()
            )
        } else {
            format!(
                "its chain ends in {}, issued by {}, which is not trusted",
                dn::short(last.subject),
                dn::short(last.issuer)
            )
        };
        Error::with(
            R::CertificateUntrusted,
            format!("no trusted CA stands behind the certificate: {why}"),
        )
    }

    /// A key that is too short to be tried counts as weak, not as a bad signature.
    fn bad_signature(&self, path: &[CertView<'_>]) -> Error {
        let roots = self.trusted();
        for view in path.iter().skip(1).chain(&roots) {
            let issues = path.iter().any(|c| c.issuer == view.subject);
            if let (true, Err(Fault::Rule(weak))) = (issues, check_key_length(view, self.request)) {
                return weak;
            }
        }
        let issuers = || path.iter().skip(1).chain(&roots);
        let broken = path.iter().find(|child| {
            !issuers().any(|issuer| issuer.subject == child.issuer && self.signed_by(child, issuer))
                && issuers().any(|issuer| issuer.subject == child.issuer)
        });
        let child = broken.unwrap_or(&self.leaf);
        Error::with(
            R::CertificateSignature,
            format!(
                "the signature of {} on the certificate of {} does not verify",
                dn::short(child.issuer),
                title(child)
            ),
        )
    }

    fn trusted(&self) -> Vec<CertView<'a>> {
        self.anchors
            .certificates()
            .iter()
            .filter_map(|c| CertView::parse(c).ok())
            .collect()
    }

    /// Whether one signature verifies.
    fn signed_by(&self, child: &CertView<'_>, issuer: &CertView<'_>) -> bool {
        let Ok((key_algorithm, key)) = spki_parts(issuer.spki) else {
            return false;
        };
        self.request
            .provider
            .certificate_algorithms()
            .legacy
            .iter()
            .any(|a| {
                a.signature_alg_id().as_ref() == child.signature_algorithm
                    && a.public_key_alg_id().as_ref() == key_algorithm
                    && a.verify_signature(key, child.tbs, child.signature).is_ok()
            })
    }

    /// SHA-1 outside of the legacy policy is weak; everything else that is not known here is just
    /// that.
    fn unsupported_signature(&self, path: &[CertView<'_>]) -> Error {
        let known = |list: &[&dyn pki_types::SignatureVerificationAlgorithm],
                     view: &CertView<'_>| {
            list.iter()
                .any(|a| a.signature_alg_id().as_ref() == view.signature_algorithm)
        };
        let algorithms = self.request.provider.certificate_algorithms();
        let odd = path.iter().find(|c| !known(algorithms.modern, c));
        let child = odd.unwrap_or(&self.leaf);
        if known(algorithms.legacy, child) {
            return Error::with(
                R::CertificateWeak,
                format!(
                    "the certificate of {} is signed with SHA-1, which only the policy legacy allows",
                    title(child)
                ),
            );
        }
        let id = Der::new(child.signature_algorithm)
            .expect(tag::OID)
            .map_or_else(|BadDer| "?".into(), |id| dn::dotted(id.content));
        Error::with(
            R::CertificateUnsupported,
            format!(
                "the certificate of {} is signed with an algorithm that is not known here ({id})",
                title(child)
            ),
        )
    }
}
