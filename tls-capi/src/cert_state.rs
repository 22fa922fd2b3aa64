//! What is behind a `tls_cert`.

use crate::code::{TLS_NAME_DNS, TLS_NAME_EMAIL, TLS_NAME_IP, TLS_NAME_URI};
use crate::conn_state::c_string;
use core::ffi::c_int;
use std::ffi::CString;
use std::sync::OnceLock;
use tls_core::cert::{CertificateDer, CertificateInfo, SubjectName};
use tls_core::crypto::{HashId, Provider};
use tls_std::DefaultProvider;

pub(crate) struct Cert {
    der: CertificateDer<'static>,
    readable: OnceLock<Option<Readable>>,
    fingerprint: OnceLock<CString>,
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
    pub(crate) fn new(der: CertificateDer<'static>) -> Self {
        Self {
            der,
            readable: OnceLock::new(),
            fingerprint: OnceLock::new(),
        }
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
    }
}
