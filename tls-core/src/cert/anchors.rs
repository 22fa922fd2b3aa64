//! Trusted certificates: added one by one, found by name, and the default verifier over them.

use super::chain::verify_chain;
use super::path::Node;
use super::same::SameName;
use super::view::CertView;
use super::words::words;
use super::{Certificate, CertificateVerifier, VerifiedChain, VerifyRequest};
use crate::crypto::{Digest, Hash, Later, Reply};
use crate::error::{Error, Reason, Result};
use crate::wire::der::BadDer;
use pki_types::{CertificateDer, TrustAnchor};
use std::collections::HashMap;
use std::sync::OnceLock;

/// A set of trusted certificates, and the default verifier over it.
///
/// A CA certificate in the set may issue. Any certificate in it, CA or not, self-signed or not, is
/// also trusted as itself: that is how a server with a self-signed certificate is reached.
#[derive(Clone, Default)]
pub struct TrustAnchors {
    certificates: Vec<Certificate>,
    /// The same certificates as path building wants them, at the same indices.
    anchors: Vec<TrustAnchor<'static>>,
    /// Where each stands: bundles may have any number of them.
    places: HashMap<Certificate, usize>,
    /// Where those with this subject, a whole `Name`, stand.
    subjects: HashMap<SameName<'static>, Vec<usize>>,
    /// The digest of so many certificates: they only ever become more.
    scope: OnceLock<(usize, Digest)>,
}

impl TrustAnchors {
    /// Adds a certificate; one that is there already is not added again. A certificate that does
    /// not parse is a `BadCertificateFile`.
    pub fn add(&mut self, certificate: impl Into<Certificate>) -> Result<()> {
        let certificate = certificate.into();
        if self.contains(&certificate) {
            return Ok(());
        }
        let view = CertView::parse(&certificate).map_err(|BadDer| {
            Error::with(
                Reason::BadCertificateFile,
                "a trusted certificate is not a DER-encoded X.509 certificate",
            )
        })?;
        let subject = SameName::owned(view.subject);
        let der = CertificateDer::from(&*certificate);
        let anchor = webpki::anchor_from_trusted_cert(&der).map_err(|why| {
            Error::with(
                Reason::BadCertificateFile,
                format!("a trusted certificate does not parse: {}", words(&why)),
            )
        })?;
        let anchor = anchor.to_owned();
        self.push(certificate, anchor, subject);
        Ok(())
    }

    fn push(
        &mut self,
        certificate: Certificate,
        anchor: TrustAnchor<'static>,
        subject: SameName<'static>,
    ) {
        let place = self.certificates.len();
        self.places.insert(certificate.clone(), place);
        self.subjects.entry(subject).or_default().push(place);
        self.certificates.push(certificate);
        self.anchors.push(anchor);
    }

    /// Adds all of `more`.
    pub fn extend(&mut self, more: &Self) {
        for (certificate, anchor) in more.certificates.iter().zip(&more.anchors) {
            if let (false, Ok(view)) = (self.contains(certificate), CertView::parse(certificate)) {
                self.push(
                    certificate.clone(),
                    anchor.clone(),
                    SameName::owned(view.subject),
                );
            }
        }
    }

    /// Whether nothing is trusted.
    pub fn is_empty(&self) -> bool {
        self.certificates.is_empty()
    }

    /// How many certificates are trusted.
    pub fn len(&self) -> usize {
        self.certificates.len()
    }

    /// The certificates, in the order in which they were added.
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// Their subjects as DER `Name`s, as CertificateRequest lists them (RFC 5246 §7.4.4).
    pub fn subjects(&self) -> impl Iterator<Item = &[u8]> {
        self.certificates
            .iter()
            .filter_map(|c| Some(CertView::parse(c).ok()?.subject))
    }

    /// Whether this very certificate is in the set.
    pub fn contains(&self, certificate: &[u8]) -> bool {
        self.places.contains_key(certificate)
    }

    /// The certificates with this subject, a whole `Name`.
    pub(super) fn by_subject<'a>(&'a self, subject: &'a [u8]) -> impl Iterator<Item = Node<'a>> {
        let places = self
            .subjects
            .get(&SameName(subject.into()))
            .map_or(&[][..], |places| places);
        places
            .iter()
            .filter_map(|place| Node::new(&self.certificates[*place]))
    }

    /// A trusted certificate as webpki wants it.
    pub(super) fn anchor_of(&self, certificate: &[u8]) -> Option<&TrustAnchor<'static>> {
        self.anchors.get(*self.places.get(certificate)?)
    }
}

impl CertificateVerifier for TrustAnchors {
    fn verify(&self, request: &VerifyRequest<'_>, _later: &Later) -> Reply<Result<VerifiedChain>> {
        Reply::Now(verify_chain(self, request))
    }

    fn anchors(&self) -> Option<&TrustAnchors> {
        Some(self)
    }

    fn authorities(&self) -> Vec<Vec<u8>> {
        self.subjects().map(<[u8]>::to_vec).collect()
    }

    /// The certificates, in whatever order.
    fn scope(&self, hash: &dyn Hash) -> Option<Digest> {
        let compute = || {
            let digest = |c: &Certificate| hash.hash(&[c]).as_ref().to_vec();
            let mut all: Vec<_> = self.certificates.iter().map(digest).collect();
            all.sort_unstable();
            (all.len(), hash.hash(&[&all.concat()]))
        };
        let (len, digest) = self.scope.get_or_init(compute);
        if *len == self.len() {
            return Some(digest.clone());
        }
        Some(compute().1)
    }
}

impl core::fmt::Debug for TrustAnchors {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "TrustAnchors({} certificates)", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cert::same::COMPARED;
    use crate::wire::der::{sequence, tag};

    fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
        let len = u8::try_from(content.len()).expect("short");
        [&[tag, len], content].concat()
    }

    fn name(text: &str) -> Vec<u8> {
        let pair = sequence(&[&[6, 3, 0x55, 4, 3], &tlv(0x0c, text.as_bytes())]);
        sequence(&[&tlv(tag::SET, &pair)])
    }

    /// A CA that nobody signed: what is trusted needs no signature.
    fn ca(subject: &[u8], serial: u16) -> Certificate {
        let ed25519 = sequence(&[&[6, 3, 0x2b, 0x65, 0x70]]);
        let time = |text: &[u8]| tlv(tag::UTC_TIME, text);
        let constraints = sequence(&[&[6, 3, 0x55, 0x1d, 0x13], &[4, 5, 0x30, 3, 1, 1, 0xff]]);
        let tbs = sequence(&[
            &[0xa0, 3, 2, 1, 2],
            &tlv(tag::INTEGER, &[&[1], &serial.to_be_bytes()[..]].concat()),
            &ed25519,
            subject,
            &sequence(&[&time(b"200101000000Z"), &time(b"490101000000Z")]),
            subject,
            &sequence(&[&ed25519, &tlv(tag::BIT_STRING, &[0; 33])]),
            &tlv(0xa3, &sequence(&[&constraints])),
        ]);
        let signature = tlv(tag::BIT_STRING, &[0; 65]);
        sequence(&[&tbs, &ed25519, &signature]).into()
    }

    /// Bundles of the web have 140 CAs, those of large companies thousands: each is found in one look.
    #[test]
    fn so_many_anchors_are_found_in_one_look_each() {
        const ANCHORS: u16 = 5000;
        let mut anchors = TrustAnchors::default();
        COMPARED.set(0);
        for n in 0..ANCHORS {
            let certificate = ca(&name(&format!("CA {n}")), n);
            anchors.add(certificate.clone()).expect("a certificate");
            anchors.add(certificate).expect("it is there already");
        }
        assert_eq!(anchors.len(), usize::from(ANCHORS));
        let adding = COMPARED.replace(0);
        for n in 0..ANCHORS {
            let subject = name(&format!("ca  {n}"));
            let found: Vec<_> = anchors.by_subject(&subject).collect();
            assert!(matches!(&found[..], [one] if anchors.anchor_of(one.der).is_some()));
        }
        let finding = COMPARED.get();
        assert_eq!(anchors.by_subject(&name("CA 5000")).count(), 0);
        // One for each that is found, and some where a part of two hashes is the same.
        let one_each = usize::from(ANCHORS)..usize::from(ANCHORS) * 3 / 2;
        assert!(
            adding < one_each.end / 3 && one_each.contains(&finding),
            "{adding} {finding}"
        );
        // A context that gets them from another one.
        let mut more = TrustAnchors::default();
        more.extend(&anchors);
        assert_eq!(more.len(), anchors.len());
        // Generations of one CA stand together, in their order.
        for n in 0..20 {
            more.add(ca(&name("CA 7"), 6000 + n))
                .expect("a certificate");
        }
        assert_eq!(more.by_subject(&name("CA 7")).count(), 21);
    }
}
