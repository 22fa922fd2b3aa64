//! What is behind a `tls_cert`.

use crate::code::*;
use crate::conn_state::c_string;
use core::ffi::c_int;
use std::ffi::CString;
use std::sync::OnceLock;
use tls_core::cert::{Certificate, CertificateInfo, SubjectName};
use tls_core::crypto::{HashId, Provider};
use tls_std::DefaultProvider;

pub(crate) struct Cert {
    der: Certificate,
    readable: OnceLock<Option<Readable>>,
    fingerprint: OnceLock<CString>,
    details: OnceLock<Option<Details>>,
}

/// The parts that people read, as C strings.
pub(crate) struct Readable {
    pub(crate) subject: CString,
    pub(crate) issuer: CString,
    pub(crate) serial: CString,
    pub(crate) not_before: i64,
    pub(crate) not_after: i64,
    pub(crate) names: Vec<(c_int, CString)>,
}

impl Cert {
    pub(crate) fn new(der: Certificate) -> Self {
        Self {
            der,
            readable: OnceLock::new(),
            fingerprint: OnceLock::new(),
            details: OnceLock::new(),
        }
    }

    pub(crate) fn certificate(&self) -> &Certificate {
        &self.der
    }

    pub(crate) fn der(&self) -> &[u8] {
        &self.der
    }

    /// `None` for a certificate that does not parse.
    pub(crate) fn readable(&self) -> Option<&Readable> {
        self.readable
            .get_or_init(|| CertificateInfo::parse(&self.der).ok().map(Readable::new))
            .as_ref()
    }

    /// The rest of what people read; `None` for a certificate that does not parse.
    pub(crate) fn details(&self) -> Option<&Details> {
        self.details
            .get_or_init(|| Details::read(&self.der))
            .as_ref()
    }

    /// SHA-256 in hexadecimal; `None` without a provider that hashes.
    pub(crate) fn fingerprint(&self) -> Option<&CString> {
        let hash = DefaultProvider.hash(HashId::Sha256)?;
        Some(
            self.fingerprint
                .get_or_init(|| c_string(CertificateInfo::fingerprint(&self.der, hash).as_bytes())),
        )
    }
}

impl Readable {
    fn new(info: CertificateInfo) -> Self {
        Self {
            subject: c_string(info.subject.as_bytes()),
            issuer: c_string(info.issuer.as_bytes()),
            serial: c_string(info.serial.as_bytes()),
            not_before: info.not_before,
            not_after: info.not_after,
            names: info.names.iter().map(name).collect(),
        }
    }
}

fn name(name: &SubjectName) -> (c_int, CString) {
    match name {
        SubjectName::Dns(name) => (TLS_NAME_DNS, c_string(name.as_bytes())),
        SubjectName::Ip(ip) => (TLS_NAME_IP, c_string(ip.to_string().as_bytes())),
        SubjectName::Email(name) => (TLS_NAME_EMAIL, c_string(name.as_bytes())),
        SubjectName::Uri(name) => (TLS_NAME_URI, c_string(name.as_bytes())),
        SubjectName::Directory(name) => (TLS_NAME_DIRECTORY, c_string(name.as_bytes())),
        SubjectName::Id(id) => (TLS_NAME_ID, c_string(id.as_bytes())),
        SubjectName::Other(id) => (TLS_NAME_OTHER, c_string(id.as_bytes())),
    }
}

/// What programs ask for less often.
pub(crate) struct Details {
    pub(crate) version: c_int,
    pub(crate) common_name: Option<CString>,
    pub(crate) sha1: CString,
    pub(crate) pin: CString,
    pub(crate) spki_sha256: [u8; 32],
    pub(crate) key_type: CString,
    pub(crate) key_curve: Option<CString>,
    pub(crate) key_bits: c_int,
    pub(crate) signature_algorithm: CString,
    pub(crate) is_ca: bool,
    pub(crate) key_usage: Option<CString>,
    pub(crate) purposes: Vec<CString>,
    pub(crate) extensions: Vec<Extension>,
    pub(crate) pem: CString,
}

pub(crate) struct Extension {
    pub(crate) oid: CString,
    pub(crate) critical: bool,
    pub(crate) value: Vec<u8>,
}

impl Details {
    fn read(der: &[u8]) -> Option<Self> {
        let info = CertificateInfo::parse(der).ok()?;
        let text = |text: &str| c_string(text.as_bytes());
        let sha1 = DefaultProvider.hash(HashId::Sha1)?;
        let extension = |e: &tls_core::cert::ExtensionInfo| Extension {
            oid: text(&e.oid),
            critical: e.critical,
            value: e.value.clone(),
        };
        Some(Self {
            version: c_int::from(info.version),
            common_name: info.common_name.as_deref().map(text),
            sha1: text(&CertificateInfo::fingerprint(der, sha1)),
            pin: text(&tls_std::spki_pin(der).ok()?),
            spki_sha256: tls_std::spki_sha256(der).ok()?,
            key_type: text(&info.key.algorithm),
            key_curve: info.key.curve.as_deref().map(text),
            key_bits: c_int::try_from(info.key.bits).unwrap_or(c_int::MAX),
            signature_algorithm: text(&info.signature_algorithm),
            is_ca: info.is_ca,
            key_usage: info.key_usage.map(|usage| text(&usage.to_string())),
            purposes: info.extended_key_usage.iter().map(|p| text(p)).collect(),
            extensions: info.extensions.iter().map(extension).collect(),
            pem: text(&tls_std::certificate_pem(der)),
        })
    }
}
