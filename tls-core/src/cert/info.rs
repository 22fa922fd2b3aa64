//! What people want to see of a certificate. Nothing is decided by it.

use super::san::{self, AltName};
use super::view::{CertView, oid};
use super::{KeyUsage, dn, time};
use crate::crypto::Hash;
use crate::error::{Error, Reason, Result};
use crate::wire::der::{BadDer, Der, tag};
use core::net::IpAddr;
use x509_parser::asn1_rs::{FromDer, Oid};
use x509_parser::certificate::{TbsCertificate, X509CertificateParser};
use x509_parser::error::X509Result;
use x509_parser::extensions::{GeneralName, SubjectAlternativeName, X509Extension};
use x509_parser::nom::Parser;

/// What people want to read of a certificate. Nothing here was verified: a certificate says what its
/// maker wrote into it. Texts have control characters and those that turn the direction of writing
/// escaped as in RFC 4514 (`\0a`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateInfo {
    /// X.509 version: 1, 2 or 3.
    pub version: u8,
    /// Subject in RFC 4514 form: `CN=example.com,O=Example`.
    pub subject: String,
    /// Issuer in RFC 4514 form.
    pub issuer: String,
    /// The subject's last (most specific) common name.
    pub common_name: Option<String>,
    /// Serial number in hexadecimal, without the sign's zero byte.
    pub serial: String,
    /// First second of its validity, in seconds since 1970-01-01 00:00:00 UTC.
    pub not_before: i64,
    /// Last second of its validity.
    pub not_after: i64,
    /// subjectAltName, in its order; x400Address and ediPartyName, which nobody uses, are left out.
    pub names: Vec<SubjectName>,
    /// The public key.
    pub key: KeyInfo,
    /// The algorithm of the issuer's signature: `sha256WithRSAEncryption`, or dotted when unknown.
    pub signature_algorithm: String,
    /// Whether basicConstraints says that it is a CA.
    pub is_ca: bool,
    /// keyUsage, or `None` where nothing is restricted.
    pub key_usage: Option<KeyUsage>,
    /// extendedKeyUsage, by name (`serverAuth`), or dotted when unknown; empty without that extension, where
    /// nothing is restricted, and for an empty one, which is for nothing: `extensions` tells them apart.
    pub extended_key_usage: Vec<String>,
    /// Every extension, in its order.
    pub extensions: Vec<ExtensionInfo>,
}

/// One name of subjectAltName.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubjectName {
    /// dNSName, possibly with a wildcard.
    Dns(String),
    /// iPAddress
    Ip(IpAddr),
    /// rfc822Name
    Email(String),
    /// uniformResourceIdentifier
    Uri(String),
    /// directoryName, in RFC 4514 form
    Directory(String),
    /// registeredID, in dotted form
    Id(String),
    /// otherName: its type, in dotted form
    Other(String),
}

/// A public key as people name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyInfo {
    /// `RSA`, `RSA-PSS`, `EC`, `Ed25519`, …, or dotted when unknown.
    pub algorithm: String,
    /// The named curve of an EC key, or dotted when unknown.
    pub curve: Option<String>,
    /// Bits of the modulus or of the curve; 0 when unknown.
    pub bits: usize,
}

/// An extension, by its identifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtensionInfo {
    /// Object identifier in dotted form: `2.5.29.17`.
    pub oid: String,
    /// Who does not know it must refuse the certificate.
    pub critical: bool,
    /// The contents of its OCTET STRING: DER.
    pub value: Vec<u8>,
}

impl CertificateInfo {
    /// Reads a DER certificate. The error is `CertificateMalformed`.
    pub fn parse(certificate: &[u8]) -> Result<Self> {
        read(certificate).map_err(|BadDer| Error::new(Reason::CertificateMalformed))
    }

    /// The start of its validity: `2026-01-02 03:04:05 UTC`.
    pub fn not_before_text(&self) -> String {
        time::readable(self.not_before)
    }

    /// The end of its validity: `2026-01-02 03:04:05 UTC`.
    pub fn not_after_text(&self) -> String {
        time::readable(self.not_after)
    }

    /// The hash of the whole certificate in lower-case hexadecimal; SHA-256 is what people compare.
    pub fn fingerprint(certificate: &[u8], hash: &dyn Hash) -> String {
        hexadecimal(hash.hash(&[certificate]).as_ref())
    }
}

impl core::fmt::Display for SubjectName {
    /// As OpenSSL writes it: `DNS:example.com`.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Dns(name) => write!(f, "DNS:{name}"),
            Self::Ip(ip) => write!(f, "IP:{ip}"),
            Self::Email(name) => write!(f, "email:{name}"),
            Self::Uri(name) => write!(f, "URI:{name}"),
            Self::Directory(name) => write!(f, "DirName:{name}"),
            Self::Id(id) => write!(f, "Registered ID:{id}"),
            Self::Other(id) => write!(f, "othername:{id}"),
        }
    }
}

/// x509-parser reads what people want to know. It is more lenient than DER (a BOOLEAN or an OBJECT
/// IDENTIFIER may have any tag), so the strict walk comes first: what the verifier calls malformed is
/// malformed here. What the verifier acts upon (key, CA, usages) is read as the verifier reads it.
fn read(certificate: &[u8]) -> Result<CertificateInfo, BadDer> {
    let view = CertView::parse(certificate)?;
    view.extensions().try_for_each(|e| e.map(drop))?;
    // The contents of extensions that are not shown stay closed.
    let mut parser = X509CertificateParser::new().with_deep_parse_extensions(false);
    let tbs = whole(parser.parse(certificate))?.tbs_certificate;
    let (subject, issuer) = (tbs.subject.as_raw(), tbs.issuer.as_raw());
    Ok(CertificateInfo {
        version: u8::try_from(tbs.version.0 + 1).map_err(|_| BadDer)?,
        subject: dn::rfc4514(subject)?,
        issuer: dn::rfc4514(issuer)?,
        common_name: dn::common_name(subject)?.map(|name| visible(&name)),
        serial: hexadecimal(match tbs.raw_serial() {
            [0, rest @ ..] if !rest.is_empty() => rest,
            all => all,
        }),
        not_before: tbs.validity.not_before.timestamp(),
        not_after: tbs.validity.not_after.timestamp(),
        names: names(&view, &tbs)?,
        key: key(&view)?,
        signature_algorithm: identified(
            SIGNATURES,
            Der::new(view.signature_algorithm).expect(tag::OID)?.content,
        ),
        is_ca: view.is_ca()? == Some(true),
        key_usage: view.key_usage()?,
        extended_key_usage: view
            .purposes()?
            .unwrap_or_default()
            .into_iter()
            .map(|id| identified(PURPOSES, id))
            .collect(),
        extensions: tbs.extensions().iter().map(extension).collect(),
    })
}

/// What was parsed, when nothing is left behind it.
fn whole<T>(parsed: X509Result<'_, T>) -> Result<T, BadDer> {
    match parsed {
        Ok(([], value)) => Ok(value),
        _ => Err(BadDer),
    }
}

fn extension(extension: &X509Extension<'_>) -> ExtensionInfo {
    ExtensionInfo {
        // The spelling that the sentences of errors use.
        oid: dn::dotted(extension.oid.as_bytes()),
        critical: extension.critical,
        value: extension.value.to_vec(),
    }
}

/// The names of subjectAltName. An extension that comes twice is malformed (RFC 5280 §4.2).
fn names(view: &CertView<'_>, tbs: &TbsCertificate<'_>) -> Result<Vec<SubjectName>, BadDer> {
    let id = Oid::new(oid::SUBJECT_ALT_NAME.into());
    let names = match tbs.get_extension_unique(&id).map_err(|_| BadDer)? {
        Some(e) => whole(SubjectAlternativeName::from_der(e.value))?.general_names,
        None => return Ok(Vec::new()),
    };
    let shown = names.iter().map(subject_name);
    let shown: Vec<_> = shown
        .collect::<Result<Vec<_>, _>>()?
        .into_iter()
        .flatten()
        .collect();
    // Someone may match a host against these: they have to be those that the verifier sees.
    let seen = view.alt_names()?.map_or(0, |names| {
        names.filter(|name| *name != AltName::Other).count()
    });
    use SubjectName as S;
    let hosts = |n: &&S| !matches!(n, S::Directory(_) | S::Id(_) | S::Other(_));
    if shown.iter().filter(hosts).count() == seen {
        Ok(shown)
    } else {
        Err(BadDer)
    }
}

fn subject_name(name: &GeneralName<'_>) -> Result<Option<SubjectName>, BadDer> {
    Ok(Some(match name {
        // x509-parser takes UTF-8 where RFC 5280 has IA5String.
        GeneralName::DNSName(name) if name.is_ascii() => SubjectName::Dns(visible(name)),
        GeneralName::RFC822Name(name) if name.is_ascii() => SubjectName::Email(visible(name)),
        GeneralName::URI(name) if name.is_ascii() => SubjectName::Uri(visible(name)),
        GeneralName::IPAddress(bytes) => match san::ip(bytes) {
            Some(ip) => SubjectName::Ip(ip),
            None => return Ok(None),
        },
        GeneralName::DirectoryName(name) => SubjectName::Directory(dn::rfc4514(name.as_raw())?),
        GeneralName::RegisteredID(id) => SubjectName::Id(dn::dotted(id.as_bytes())),
        GeneralName::OtherName(id, _) => SubjectName::Other(dn::dotted(id.as_bytes())),
        _ => return Ok(None),
    }))
}

fn key(view: &CertView<'_>) -> Result<KeyInfo, BadDer> {
    let (algorithm, _) = view.public_key()?;
    let mut algorithm = Der::new(algorithm);
    let id = algorithm.expect(tag::OID)?.content;
    let mut info = KeyInfo {
        algorithm: identified(KEYS, id),
        curve: None,
        bits: 0,
    };
    if let Some(bits) = view.rsa_bits()? {
        info.bits = bits;
    } else if id == oid::EC {
        // Explicit parameters (RFC 5480 §2.1.1 forbids them) stay without a name.
        if let Some(curve) = algorithm.optional(tag::OID)? {
            let known = CURVES.iter().find(|(id, ..)| *id == curve.content);
            info.bits = known.map_or(0, |(_, _, bits)| *bits);
            info.curve = Some(match known {
                Some((_, name, _)) => (*name).to_owned(),
                None => dn::dotted(curve.content),
            });
        }
    } else if let Some((_, _, bits)) = EDWARDS.iter().find(|(known, ..)| *known == id) {
        info.bits = *bits;
    }
    Ok(info)
}

fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|c| dn::push_visible(&mut out, c));
    out
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    dn::push_hex(&mut text, bytes);
    text
}

fn identified(known: &[(&[u8], &str)], id: &[u8]) -> String {
    match known.iter().find(|(k, _)| *k == id) {
        Some((_, name)) => (*name).to_owned(),
        None => dn::dotted(id),
    }
}

const EDWARDS: &[(&[u8], &str, usize)] = &[
    (&[0x2b, 0x65, 0x70], "Ed25519", 256),
    (&[0x2b, 0x65, 0x71], "Ed448", 456),
];

/// RFC 8017, RFC 4055, RFC 5480, RFC 3279, RFC 8410
#[rustfmt::skip]
const KEYS: &[(&[u8], &str)] = &[
    (oid::RSA, "RSA"),
    (oid::RSA_PSS, "RSA-PSS"),
    (oid::EC, "EC"),
    (EDWARDS[0].0, EDWARDS[0].1),
    (EDWARDS[1].0, EDWARDS[1].1),
    (&[0x2b, 0x65, 0x6e], "X25519"),
    (&[0x2b, 0x65, 0x6f], "X448"),
    (&[0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01], "DSA"),
];

/// RFC 5480 §2.1.1.1, SEC 2, RFC 5639 §4.1, with the length of their order in bits.
#[rustfmt::skip]
const CURVES: &[(&[u8], &str, usize)] = &[
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07], "P-256", 256),
    (&[0x2b, 0x81, 0x04, 0x00, 0x22], "P-384", 384),
    (&[0x2b, 0x81, 0x04, 0x00, 0x23], "P-521", 521),
    (&[0x2b, 0x81, 0x04, 0x00, 0x21], "P-224", 224),
    (&[0x2b, 0x81, 0x04, 0x00, 0x0a], "secp256k1", 256),
    (&[0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x07], "brainpoolP256r1", 256),
    (&[0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0b], "brainpoolP384r1", 384),
    (&[0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0d], "brainpoolP512r1", 512),
];

/// RFC 8017 Appendix A.2, RFC 5758 §3, RFC 3279 §2.2, RFC 8410 §3
#[rustfmt::skip]
const SIGNATURES: &[(&[u8], &str)] = &[
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x04], "md5WithRSAEncryption"),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05], "sha1WithRSAEncryption"),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0e], "sha224WithRSAEncryption"),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b], "sha256WithRSAEncryption"),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0c], "sha384WithRSAEncryption"),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0d], "sha512WithRSAEncryption"),
    (oid::RSA_PSS, "rsassaPss"),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01], "ecdsa-with-SHA1"),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x01], "ecdsa-with-SHA224"),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02], "ecdsa-with-SHA256"),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03], "ecdsa-with-SHA384"),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x04], "ecdsa-with-SHA512"),
    (EDWARDS[0].0, EDWARDS[0].1),
    (EDWARDS[1].0, EDWARDS[1].1),
];

/// RFC 5280 §4.2.1.12
#[rustfmt::skip]
const PURPOSES: &[(&[u8], &str)] = &[
    (&[0x55, 0x1d, 0x25, 0x00], "anyExtendedKeyUsage"),
    (&[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01], "serverAuth"),
    (&[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02], "clientAuth"),
    (&[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x03], "codeSigning"),
    (&[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x04], "emailProtection"),
    (&[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08], "timeStamping"),
    (&[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x09], "OCSPSigning"),
];
