//! A small writer of DER: what no tool makes on request (broken, expired and hostile answers of CAs),
//! signed with the keys of tests/pki.

pub use super::forge::tlv as der;
use super::{certificates, keypair};
use std::fmt::Write;
use tls_core::cert::Certificate;
use tls_core::crypto::{HashId, Later, Provider, Reply};
use tls_core::wire::SignatureScheme;
use tls_crypto::DefaultProvider;
use x509_parser::prelude::{FromDer, X509Certificate};

pub fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    der(0x30, parts)
}

/// From the contents of the identifier.
pub fn oid(content: &[u8]) -> Vec<u8> {
    der(6, &[content])
}

/// GeneralizedTime of seconds since 1970.
pub fn general(seconds: u64) -> Vec<u8> {
    der(0x18, &[text(seconds).as_bytes()])
}

/// Time as RFC 5280 wants it: UTCTime until 2049.
pub fn time(seconds: u64) -> Vec<u8> {
    match text(seconds) {
        late if late.as_str() >= "2050" => der(0x18, &[late.as_bytes()]),
        early => der(0x17, &[&early.as_bytes()[2..]]),
    }
}

fn text(seconds: u64) -> String {
    let (mut days, second) = (seconds / 86_400, seconds % 86_400);
    let leap = |y: u64| y.is_multiple_of(4) && (!y.is_multiple_of(100) || y.is_multiple_of(400));
    let mut year = 1970;
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let february = 28 + u64::from(leap(year));
    let mut month = 1;
    for len in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if days < len {
            break;
        }
        days -= len;
        month += 1;
    }
    let mut out = String::new();
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    write!(
        out,
        "{year:04}{month:02}{:02}{hour:02}{minute:02}{second:02}Z",
        days + 1
    )
    .unwrap();
    out
}

/// An extension with this contents of the identifier.
pub fn extension(id: &[u8], critical: bool, value: &[u8]) -> Vec<u8> {
    let critical: &[u8] = if critical { &[1, 1, 0xff] } else { &[] };
    sequence(&[&oid(id), critical, &der(4, &[value])])
}

/// What a CA's answer says of a certificate.
#[derive(Clone)]
pub struct Parts {
    pub serial: Vec<u8>,
    pub subject: Vec<u8>,
    pub issuer: Vec<u8>,
    pub spki: Vec<u8>,
    /// The bits of the key alone.
    pub key: Vec<u8>,
}

pub fn parts(certificate: &Certificate) -> Parts {
    let (_, parsed) = X509Certificate::from_der(certificate).unwrap();
    Parts {
        serial: der(2, &[parsed.tbs_certificate.raw_serial()]),
        subject: parsed.subject().as_raw().to_vec(),
        issuer: parsed.issuer().as_raw().to_vec(),
        spki: parsed.public_key().raw.to_vec(),
        key: parsed.public_key().subject_public_key.data.to_vec(),
    }
}

/// The first certificate of a file of tests/pki.
pub fn parts_of(name: &str) -> Parts {
    parts(&certificates(&format!("pki/{name}.pem"))[0])
}

pub fn digest(hash: HashId, bytes: &[u8]) -> Vec<u8> {
    let hash = DefaultProvider.hash(hash).unwrap();
    hash.hash(&[bytes]).as_ref().to_vec()
}

/// Who signs: a file of tests/pki, by the algorithm of its key.
pub fn signed(message: &[u8], signer: &str) -> Vec<u8> {
    let keypair = keypair(signer);
    let (scheme, algorithm) = match keypair.kind() {
        tls_core::crypto::KeyKind::Rsa { .. } => (SignatureScheme::RSA_PKCS1_SHA256, RSA_SHA256),
        _ => (SignatureScheme::ECDSA_SECP256R1_SHA256, ECDSA_SHA256),
    };
    signed_by(message, signer, scheme, algorithm)
}

pub const RSA_SHA256: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00";
pub const RSA_SHA1: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05\x05\x00";
pub const ECDSA_SHA256: &[u8] = b"\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02";

/// `message`, the algorithm and the signature: without a SEQUENCE around them.
pub fn signed_by(
    message: &[u8],
    signer: &str,
    scheme: SignatureScheme,
    algorithm: &[u8],
) -> Vec<u8> {
    let later = Later::new(tls_core::crypto::AnswerKind::Signature);
    let Reply::Now(Ok(signature)) = keypair(signer).key().sign(scheme, message, &later) else {
        panic!("{signer} does not sign");
    };
    [
        message,
        &sequence(&[algorithm]),
        &der(3, &[&[0], &signature]),
    ]
    .concat()
}

/// A certificate of the key in the file `key`, issued by the file `issuer`, from 2020 to 2120.
pub struct Issue<'a> {
    pub key: &'a str,
    pub issuer: &'a str,
    pub subject: &'a str,
    /// `None`: the subject of the file `issuer`.
    pub issuer_name: Option<Vec<u8>>,
    pub serial: u8,
    pub until: u64,
    pub extensions: Vec<Vec<u8>>,
}

impl<'a> Issue<'a> {
    pub fn new(key: &'a str, issuer: &'a str, extensions: &[Vec<u8>]) -> Self {
        Self {
            key,
            issuer,
            subject: "responder",
            issuer_name: None,
            serial: 77,
            until: 4_733_510_400,
            extensions: extensions.to_vec(),
        }
    }

    pub fn certificate(&self) -> Vec<u8> {
        let (key, issuer) = (parts_of(self.key), parts_of(self.issuer));
        let common = sequence(&[&oid(&[0x55, 4, 3]), &der(12, &[self.subject.as_bytes()])]);
        let algorithm = match keypair(self.issuer).kind() {
            tls_core::crypto::KeyKind::Rsa { .. } => RSA_SHA256,
            _ => ECDSA_SHA256,
        };
        let tbs = sequence(&[
            &der(0xa0, &[&[2, 1, 2]]),
            &der(2, &[&[self.serial]]),
            &sequence(&[algorithm]),
            self.issuer_name.as_ref().unwrap_or(&issuer.subject),
            &sequence(&[&time(1_577_836_800), &time(self.until)]),
            &sequence(&[&der(0x31, &[&common])]),
            &key.spki,
            &der(0xa3, &[&sequence(&[&self.extensions.concat()])]),
        ]);
        sequence(&[&signed(&tbs, self.issuer)])
    }
}

/// extendedKeyUsage OCSPSigning
pub fn ocsp_signing() -> Vec<u8> {
    let id = oid(&[0x2b, 6, 1, 5, 5, 7, 3, 9]);
    extension(&[0x55, 0x1d, 0x25], false, &sequence(&[&id]))
}

/// keyUsage of one byte of bits.
pub fn key_usage(unused: u8, bits: u8) -> Vec<u8> {
    extension(&[0x55, 0x1d, 0x0f], true, &der(3, &[&[unused, bits]]))
}

/// TLS feature (RFC 7633) with these numbers.
pub fn tls_feature(features: &[u8]) -> Vec<u8> {
    let list: Vec<u8> = features.iter().flat_map(|f| der(2, &[&[*f]])).collect();
    extension(&[0x2b, 6, 1, 5, 5, 7, 1, 0x18], false, &sequence(&[&list]))
}
