//! Certificates of every form, also of forms that no honest tool makes: DER written by hand, signed by
//! keys that follow from their names, so that each run makes the same bytes.
#![allow(dead_code, reason = "each program uses a part of it")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(unreachable_pub, reason = "a module of several programs")]

use std::sync::Arc;
use tls_core::cert::Certificate;
use tls_core::crypto::{HashId, Later, PrivateKey, PrivateKeyEncoding, Provider, Reply};
use tls_core::wire::SignatureScheme;
use tls_crypto::DefaultProvider;

/// An element with a length in its shortest form.
pub fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let len = u32::try_from(content.len()).unwrap().to_be_bytes();
    let mut out = vec![tag];
    match content.len() {
        0..=0x7f => out.push(len[3]),
        0x80..=0xff => out.extend([0x81, len[3]]),
        0x100..=0xffff => out.extend([0x82, len[2], len[3]]),
        _ => out.extend([0x83, len[1], len[2], len[3]]),
    }
    out.extend(content);
    out
}

pub fn seq(parts: &[&[u8]]) -> Vec<u8> {
    tlv(0x30, parts)
}

/// An OBJECT IDENTIFIER from its dotted form.
pub fn oid(dotted: &str) -> Vec<u8> {
    let numbers: Vec<u64> = dotted.split('.').map(|n| n.parse().unwrap()).collect();
    let mut bytes = Vec::new();
    for number in [&[numbers[0] * 40 + numbers[1]], &numbers[2..]].concat() {
        let groups = (1..10).rev().filter(|g| number >> (7 * g) != 0);
        bytes.extend(groups.map(|g| (number >> (7 * g)) as u8 | 0x80));
        bytes.push(number as u8 & 0x7f);
    }
    tlv(6, &[&bytes])
}

/// A `Name` with a common name alone; empty: no RDN at all.
pub fn name(common_name: &str) -> Vec<u8> {
    if common_name.is_empty() {
        return seq(&[]);
    }
    let pair = seq(&[&oid("2.5.4.3"), &tlv(0x0c, &[common_name.as_bytes()])]);
    seq(&[&tlv(0x31, &[&pair])])
}

/// A time as RFC 5280 §4.1.2.5 wants it, from `YYYYMMDDHHMMSSZ`.
pub fn time(text: &str) -> Vec<u8> {
    match &text[..2] {
        "20" if &text[2..4] < "50" => tlv(0x17, &[&text.as_bytes()[2..]]),
        _ => tlv(0x18, &[text.as_bytes()]),
    }
}

/// What signs: the algorithm as it stands in certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum With {
    Ed25519,
    RsaSha256,
    RsaSha384,
    RsaSha1,
    /// Signed with SHA-256, called MD5: nobody makes real ones any more.
    RsaMd5,
    EcdsaSha256,
    EcdsaSha384,
    EcdsaSha512,
    /// An identifier that nobody knows.
    Unknown,
}

impl With {
    pub fn algorithm(self) -> Vec<u8> {
        let null = [5, 0];
        match self {
            Self::Ed25519 => seq(&[&oid("1.3.101.112")]),
            Self::RsaSha256 => seq(&[&oid("1.2.840.113549.1.1.11"), &null]),
            Self::RsaSha384 => seq(&[&oid("1.2.840.113549.1.1.12"), &null]),
            Self::RsaSha1 => seq(&[&oid("1.2.840.113549.1.1.5"), &null]),
            Self::RsaMd5 => seq(&[&oid("1.2.840.113549.1.1.4"), &null]),
            Self::EcdsaSha256 => seq(&[&oid("1.2.840.10045.4.3.2")]),
            Self::EcdsaSha384 => seq(&[&oid("1.2.840.10045.4.3.3")]),
            Self::EcdsaSha512 => seq(&[&oid("1.2.840.10045.4.3.4")]),
            Self::Unknown => seq(&[&oid("1.2.3.4.5")]),
        }
    }

    const fn scheme(self) -> SignatureScheme {
        match self {
            Self::Ed25519 | Self::Unknown => SignatureScheme::ED25519,
            Self::RsaSha256 | Self::RsaMd5 => SignatureScheme::RSA_PKCS1_SHA256,
            Self::RsaSha384 => SignatureScheme::RSA_PKCS1_SHA384,
            Self::RsaSha1 => SignatureScheme::RSA_PKCS1_SHA1,
            Self::EcdsaSha256 => SignatureScheme::ECDSA_SECP256R1_SHA256,
            Self::EcdsaSha384 => SignatureScheme::ECDSA_SECP384R1_SHA384,
            Self::EcdsaSha512 => SignatureScheme::ECDSA_SECP521R1_SHA512,
        }
    }
}

/// A private key and its `SubjectPublicKeyInfo`.
#[derive(Clone, Debug)]
pub struct Key {
    key: Arc<dyn PrivateKey>,
    pub spki: Vec<u8>,
    with: With,
}

impl Key {
    /// The Ed25519 key whose seed is the hash of this text.
    pub fn of(text: &str) -> Self {
        let seed = DefaultProvider.hash(HashId::Sha256).unwrap();
        let seed = seed.hash(&[text.as_bytes()]).as_ref().to_vec();
        let info = seq(&[
            &[2, 1, 0],
            &With::Ed25519.algorithm(),
            &tlv(4, &[&tlv(4, &[&seed])]),
        ]);
        Self::new(&info, With::Ed25519)
    }

    /// The key of this kind on its curve that follows from this text.
    pub fn on_curve(with: With, text: &str) -> Self {
        let (curve, len) = match with {
            With::EcdsaSha256 => ("1.2.840.10045.3.1.7", 32),
            With::EcdsaSha384 => ("1.3.132.0.34", 48),
            With::EcdsaSha512 => ("1.3.132.0.35", 66),
            _ => return Self::of(text),
        };
        let hash = DefaultProvider.hash(HashId::Sha512).unwrap();
        let half = |n: u8| hash.hash(&[&[n], text.as_bytes()]).as_ref().to_vec();
        let mut scalar = [half(0), half(1)].concat();
        scalar.truncate(len);
        // Below every order.
        scalar[0] = 0;
        let key = seq(&[&[2, 1, 1], &tlv(4, &[&scalar])]);
        let algorithm = seq(&[&oid("1.2.840.10045.2.1"), &oid(curve)]);
        Self::new(&seq(&[&[2, 1, 0], &algorithm, &tlv(4, &[&key])]), with)
    }

    /// A key in PKCS#8.
    pub fn new(pkcs8: &[u8], with: With) -> Self {
        let key = DefaultProvider
            .private_key(PrivateKeyEncoding::Pkcs8, pkcs8)
            .unwrap();
        let spki = key.public_key().unwrap().spki().to_vec();
        Self { key, spki, with }
    }

    pub fn sign(&self, with: With, message: &[u8]) -> Vec<u8> {
        let scheme = match (self.with, with) {
            (With::Ed25519, _) => SignatureScheme::ED25519,
            (_, with) => with.scheme(),
        };
        match self.key.sign(scheme, message, &Later::default()) {
            Reply::Now(signature) => signature.unwrap(),
            Reply::Later => panic!("a key in memory"),
        }
    }
}

/// One certificate, changed by what it is asked to be.
#[derive(Clone, Debug)]
pub struct Forged {
    pub subject: Vec<u8>,
    pub issuer: Vec<u8>,
    pub version: Option<u8>,
    pub serial: Vec<u8>,
    pub validity: Vec<u8>,
    pub key: Key,
    /// The issuer's usual key.
    pub issuer_key: Key,
    pub extensions: Vec<u8>,
    pub with: With,
    /// The algorithm inside, where it is another one.
    pub inner: Option<With>,
    /// Appended inside of the outermost SEQUENCE.
    pub garbage: Vec<u8>,
}

pub const FROM: &str = "20200101000000Z";
pub const TO: &str = "21200101000000Z";

impl Forged {
    /// A version 3 certificate of 2020 to 2120 without extensions.
    pub fn new(subject: &str, issuer: &str) -> Self {
        Self {
            subject: name(subject),
            issuer: name(issuer),
            version: Some(2),
            serial: DefaultProvider
                .hash(HashId::Sha256)
                .unwrap()
                .hash(&[subject.as_bytes(), b"/", issuer.as_bytes()])
                .as_ref()[..8]
                .iter()
                .enumerate()
                .map(|(i, b)| if i == 0 { b & 0x3f | 0x40 } else { *b })
                .collect(),
            validity: seq(&[&time(FROM), &time(TO)]),
            key: Key::of(subject),
            issuer_key: Key::of(issuer),
            extensions: Vec::new(),
            with: With::Ed25519,
            inner: None,
            garbage: Vec::new(),
        }
    }

    /// A CA with keyUsage and key identifiers.
    pub fn ca(subject: &str, issuer: &str) -> Self {
        Self::new(subject, issuer)
            .basic(true, None)
            .usage(&[3, 2, 1, 6])
            .key_ids()
    }

    /// A server's certificate for host.test.
    pub fn leaf(subject: &str, issuer: &str) -> Self {
        Self::new(subject, issuer)
            .usage(&[3, 2, 7, 0x80])
            .purposes(&["1.3.6.1.5.5.7.3.1"])
            .dns(&["host.test"])
            .key_ids()
    }

    /// subjectKeyIdentifier, and authorityKeyIdentifier of the issuer's usual key.
    pub fn key_ids(self) -> Self {
        let (own, issuer) = (key_id(&self.key.spki), key_id(&self.issuer_key.spki));
        self.extension("2.5.29.14", false, &tlv(4, &[&own]))
            .authority(&issuer)
    }

    pub fn authority(self, id: &[u8]) -> Self {
        self.extension("2.5.29.35", false, &seq(&[&tlv(0x80, &[id])]))
    }

    pub fn with_key(mut self, key: Key) -> Self {
        self.key = key;
        self
    }

    pub fn signed_with(mut self, with: With) -> Self {
        self.with = with;
        self
    }

    pub fn valid(mut self, from: &str, to: &str) -> Self {
        self.validity = seq(&[&time(from), &time(to)]);
        self
    }

    pub fn serial(mut self, serial: &[u8]) -> Self {
        self.serial = serial.to_vec();
        self
    }

    /// Version 1: without a version field and without extensions.
    pub fn version1(mut self) -> Self {
        self.version = None;
        self.extensions.clear();
        self
    }

    /// Version 1 or 2, its extensions left where they are.
    pub fn called_version(mut self, version: u8) -> Self {
        self.version = (version > 1).then(|| version - 1);
        self
    }

    pub fn bare(mut self) -> Self {
        self.extensions.clear();
        self
    }

    /// An extension, behind those that are there.
    pub fn extension(mut self, id: &str, critical: bool, value: &[u8]) -> Self {
        let critical: &[u8] = if critical { &[1, 1, 0xff] } else { &[] };
        let extension = seq(&[&oid(id), critical, &tlv(4, &[value])]);
        self.extensions.extend(extension);
        self
    }

    pub fn basic(self, ca: bool, path_length: Option<u8>) -> Self {
        let ca: &[u8] = if ca { &[1, 1, 0xff] } else { &[] };
        let length = path_length.map_or(Vec::new(), |n| vec![2, 1, n]);
        self.extension("2.5.29.19", true, &seq(&[ca, &length]))
    }

    /// keyUsage as the DER BIT STRING it is.
    pub fn usage(self, bits: &[u8]) -> Self {
        self.extension("2.5.29.15", true, bits)
    }

    pub fn purposes(self, ids: &[&str]) -> Self {
        let ids: Vec<u8> = ids.iter().flat_map(|id| oid(id)).collect();
        self.extension("2.5.29.37", false, &seq(&[&ids]))
    }

    pub fn dns(self, names: &[&str]) -> Self {
        let names: Vec<u8> = names
            .iter()
            .flat_map(|n| tlv(0x82, &[n.as_bytes()]))
            .collect();
        self.alt_names(&names)
    }

    pub fn alt_names(self, names: &[u8]) -> Self {
        self.extension("2.5.29.17", false, &seq(&[names]))
    }

    /// nameConstraints: `GeneralName`s that are permitted, and excluded.
    pub fn constraints(self, permitted: &[Vec<u8>], excluded: &[Vec<u8>]) -> Self {
        let list = |tag: u8, names: &[Vec<u8>]| {
            let trees: Vec<u8> = names.iter().flat_map(|n| seq(&[n])).collect();
            match names {
                [] => Vec::new(),
                _ => tlv(tag, &[&trees]),
            }
        };
        let value = seq(&[&list(0xa0, permitted), &list(0xa1, excluded)]);
        self.extension("2.5.29.30", true, &value)
    }

    pub fn ca_issuers(self, url: &str) -> Self {
        let entry = seq(&[&oid("1.3.6.1.5.5.7.48.2"), &tlv(0x86, &[url.as_bytes()])]);
        self.extension("1.3.6.1.5.5.7.1.1", false, &seq(&[&entry]))
    }

    /// Signed with the usual key of the issuer.
    pub fn signed(self) -> Certificate {
        let key = self.issuer_key.clone();
        self.by(&key)
    }

    /// Signed with this key.
    pub fn by(self, issuer: &Key) -> Certificate {
        let inner = self.inner.unwrap_or(self.with).algorithm();
        let version = self
            .version
            .map_or(Vec::new(), |v| tlv(0xa0, &[&[2, 1, v]]));
        let extensions = match self.extensions.as_slice() {
            [] => Vec::new(),
            all => tlv(0xa3, &[&seq(&[all])]),
        };
        let tbs = seq(&[
            &version,
            &tlv(2, &[&self.serial]),
            &inner,
            &self.issuer,
            &self.validity,
            &self.subject,
            &self.key.spki,
            &extensions,
        ]);
        let signature = issuer.sign(self.with, &tbs);
        let whole = seq(&[
            &tbs,
            &self.with.algorithm(),
            &tlv(3, &[&[0], &signature]),
            &self.garbage,
        ]);
        whole.into()
    }
}

/// The first twenty bytes of the key's hash.
pub fn key_id(spki: &[u8]) -> Vec<u8> {
    let hash = DefaultProvider.hash(HashId::Sha256).unwrap();
    hash.hash(&[spki]).as_ref()[..20].to_vec()
}

/// A root: self-signed.
pub fn root(subject: &str) -> Certificate {
    Forged::ca(subject, subject).signed()
}
