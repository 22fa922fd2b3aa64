//! Our own certificates with their keys, and what choosing among them needs, read once.

use super::hashes::of_signature;
use super::same::same_name;
use super::san::{AltName, MatchQuality, match_dns};
use super::sentence::title;
use super::usage::KeyUsage;
use super::view::{CertView, spki_parts};
use super::{KeyUse, MAX_OCSP_RESPONSE, dn};
use crate::crypto::{HashId, KeyKind, PrivateKey, Provider, PublicKey};
use crate::error::{Error, Reason, Result};
use crate::msg::ext::signed_certificate_timestamp::check_sct_list;
use crate::wire::Certificate;
use crate::wire::der::BadDer;
use core::net::IpAddr;
use std::sync::Arc;

/// A certificate chain and the private key of its leaf.
#[derive(Clone)]
pub struct Keypair {
    chain: Arc<[Certificate]>,
    key: Arc<dyn PrivateKey>,
    leaf: Arc<Leaf>,
    weakest_hash: Option<WeakestHash>,
    /// SHA-256 of the leaf: sessions name it by this.
    digest: Option<[u8; 32]>,
    ocsp_response: Option<Arc<[u8]>>,
    scts: Option<Arc<[u8]>>,
}

/// What choosing among keypairs needs of the leaf, read once.
struct Leaf {
    public: Arc<dyn PublicKey>,
    dns: Box<[Box<str>]>,
    ips: Box<[IpAddr]>,
    usage: Option<KeyUsage>,
}

/// The weakest hash of the chain's signatures.
#[derive(Clone, Debug)]
pub(crate) struct WeakestHash {
    pub(crate) name: &'static str,
    pub(crate) bits: usize,
    /// Whose certificate it is on.
    pub(crate) title: Box<str>,
}

/// What clients do not look at, a root's own signature, is left out; so is what nobody here knows.
fn weakest_hash(chain: &[Certificate]) -> Option<WeakestHash> {
    let views = chain.iter().filter_map(|c| CertView::parse(c).ok());
    let signed = views.filter(|view| !view.is_self_issued());
    let hashes =
        signed.filter_map(|view| Some((of_signature(view.signature_algorithm).ok()??, view)));
    let (hash, view) = hashes.min_by_key(|(hash, _)| hash.bits)?;
    Some(WeakestHash {
        name: hash.name,
        bits: hash.bits,
        title: title(&view).into(),
    })
}

impl Keypair {
    /// Checks that every certificate of the chain parses and that the key belongs to the leaf
    /// (where the key can tell its public half; else the certificate is believed). Whether clients
    /// will trust the chain is not checked: who runs a server may know better.
    ///
    /// Errors: `BadCertificateFile`, `KeyMismatch`.
    pub fn new(
        provider: &dyn Provider,
        chain: Vec<impl Into<Certificate>>,
        key: Arc<dyn PrivateKey>,
    ) -> Result<Self> {
        let chain: Arc<[Certificate]> = chain.into_iter().map(Into::into).collect();
        let bad = |text: String| Error::with(Reason::BadCertificateFile, text);
        if chain.is_empty() {
            return Err(bad("the certificate chain is empty".into()));
        }
        for (i, certificate) in chain.iter().enumerate() {
            CertView::parse(certificate).map_err(|BadDer| {
                bad(format!("certificate {} of the chain does not parse", i + 1))
            })?;
        }
        let leaf = CertView::parse(&chain[0])
            .and_then(|view| Leaf::read(provider, &view))
            .map_err(|BadDer| bad("an extension of the leaf certificate does not parse".into()))?
            .map_err(bad)?;
        check_belongs(&*leaf.public, &*key, &chain[0])?;
        let hash = provider.hash(HashId::Sha256);
        Ok(Self {
            digest: hash.and_then(|h| h.hash(&[&chain[0]]).as_ref().try_into().ok()),
            weakest_hash: weakest_hash(&chain),
            chain,
            key,
            leaf: Arc::new(leaf),
            ocsp_response: None,
            scts: None,
        })
    }

    /// The same with this OCSP response (DER, RFC 6960) to staple (RFC 6066 §8), of 1 to
    /// [`MAX_OCSP_RESPONSE`] bytes; `None`: none. It is sent as it is:
    /// [`check_ocsp_response`](super::check_ocsp_response) tells whether it parses.
    pub fn with_ocsp_response(mut self, response: Option<Arc<[u8]>>) -> Result<Self> {
        let len = response.as_ref().map_or(1, |r| r.len());
        if !(1..=MAX_OCSP_RESPONSE).contains(&len) {
            return Err(Error::with(
                Reason::BadArgument,
                format!("the OCSP response has {len} bytes, 1 to {MAX_OCSP_RESPONSE} are possible"),
            ));
        }
        self.ocsp_response = response;
        Ok(self)
    }

    /// The same with this SignedCertificateTimestampList (RFC 6962 §3.3) for clients that ask; `None`:
    /// none.
    pub fn with_scts(mut self, list: Option<Arc<[u8]>>) -> Result<Self> {
        list.as_deref().map_or(Ok(()), check_sct_list)?;
        self.scts = list;
        Ok(self)
    }

    /// The OCSP response to staple.
    pub fn ocsp_response(&self) -> Option<&Arc<[u8]>> {
        self.ocsp_response.as_ref()
    }

    /// The SignedCertificateTimestampList.
    pub fn scts(&self) -> Option<&Arc<[u8]>> {
        self.scts.as_ref()
    }

    /// Whether one of these CAs (DER names, RFC 5246 §7.4.4) issued a certificate of the chain.
    pub fn is_issued_by_any(&self, authorities: &[&[u8]]) -> bool {
        self.chain
            .iter()
            .filter_map(|c| CertView::parse(c).ok())
            .any(|view| authorities.iter().any(|ca| same_name(ca, view.issuer)))
    }

    /// The chain, leaf first.
    pub fn chain(&self) -> &[Certificate] {
        &self.chain
    }

    /// SHA-256 of the leaf, where the provider has it.
    pub(crate) fn leaf_digest(&self) -> Option<[u8; 32]> {
        self.digest
    }

    /// The weakest hash of a signature in the chain.
    pub(crate) fn weakest_hash(&self) -> Option<&WeakestHash> {
        self.weakest_hash.as_ref()
    }

    /// The private key.
    pub fn key(&self) -> &Arc<dyn PrivateKey> {
        &self.key
    }

    /// What kind of key the leaf has.
    pub fn kind(&self) -> KeyKind {
        self.leaf.public.kind()
    }

    /// The leaf's public key.
    pub fn public_key(&self) -> &Arc<dyn PublicKey> {
        &self.leaf.public
    }

    /// What a sentence calls it: the leaf's subject, else its first name, else its serial number.
    pub(crate) fn title(&self) -> String {
        CertView::parse(&self.chain[0]).map_or_else(|BadDer| "?".into(), |v| title(&v))
    }

    /// The DER `SubjectPublicKeyInfo` of the leaf.
    pub fn spki(&self) -> &[u8] {
        self.leaf.public.spki()
    }

    /// Whether the leaf's keyUsage, where there is one, allows this.
    pub fn may(&self, key_use: KeyUse) -> bool {
        self.leaf.usage.is_none_or(|usage| usage.allows(key_use))
    }

    /// How the leaf fits a host name (as server_name brings it) or an IP address in text form. The
    /// common name counts only for a leaf without subjectAltName. It does not allocate.
    pub fn matches(&self, host: &str) -> MatchQuality {
        if let Ok(ip) = host.parse::<IpAddr>() {
            return if self.leaf.ips.contains(&ip) {
                MatchQuality::Exact
            } else {
                MatchQuality::No
            };
        }
        let host = host.strip_suffix('.').unwrap_or(host);
        self.leaf
            .dns
            .iter()
            .map(|name| match_dns(name, host))
            .max()
            .unwrap_or(MatchQuality::No)
    }

    /// The DNS names that it is for, wildcards included, in lower case.
    pub fn dns_names(&self) -> impl Iterator<Item = &str> {
        self.leaf.dns.iter().map(|name| &**name)
    }
}

impl core::fmt::Debug for Keypair {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Keypair")
            .field("kind", &self.kind())
            .field("dns", &self.leaf.dns)
            .field("ips", &self.leaf.ips)
            .finish_non_exhaustive()
    }
}

impl Leaf {
    /// The outer error: no DER. The inner one: a key that the provider does not take.
    fn read(provider: &dyn Provider, view: &CertView<'_>) -> Result<Result<Self, String>, BadDer> {
        let public = match provider.public_key(view.spki) {
            Ok(public) => public,
            Err(why) => return Ok(Err(format!("the certificate of {}: {why}", title(view)))),
        };
        let (mut dns, mut ips) = (Vec::new(), Vec::new());
        match view.alt_names()? {
            Some(names) => {
                for name in names {
                    match name {
                        AltName::Dns(name) => dns.push(name.to_ascii_lowercase().into()),
                        AltName::Ip(ip) => ips.push(ip),
                        AltName::Email(_) | AltName::Uri(_) | AltName::Other => {}
                    }
                }
            }
            None => {
                let common = dn::common_name(view.subject)?;
                dns.extend(common.map(|name| name.to_ascii_lowercase().into()));
            }
        }
        Ok(Ok(Self {
            public,
            dns: dns.into(),
            ips: ips.into(),
            usage: view.key_usage()?,
        }))
    }
}

/// Whether two `SubjectPublicKeyInfo` hold one key. Two encodings of it (parameters present or absent)
/// count as the same.
pub(super) fn same_key(a: &[u8], b: &[u8]) -> bool {
    a == b
        || match (spki_parts(a), spki_parts(b)) {
            (Ok((_, a)), Ok((_, b))) => a == b,
            _ => false,
        }
}

/// That the key's public half is the certificate's.
fn check_belongs(
    certified: &dyn PublicKey,
    key: &dyn PrivateKey,
    leaf: &Certificate,
) -> Result<()> {
    let whose = || CertView::parse(leaf).map_or_else(|BadDer| "?".into(), |v| title(&v));
    if certified.kind() != key.kind() {
        return Err(Error::with(
            Reason::KeyMismatch,
            format!(
                "the private key does not belong to the certificate of {}: that has a key of the kind {}, the private key is {}",
                whose(),
                certified.kind(),
                key.kind()
            ),
        ));
    }
    let own = |public: Arc<dyn PublicKey>| same_key(public.spki(), certified.spki());
    if key.public_key().is_none_or(own) {
        return Ok(());
    }
    Err(Error::with(
        Reason::KeyMismatch,
        format!(
            "the private key does not belong to the certificate of {}",
            whose()
        ),
    ))
}
