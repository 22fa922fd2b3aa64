//! Whom to trust.

use crate::error::{Error, Result};
use crate::material;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use tls_core::cert::{CertificateVerifier, TrustAnchors, VerifiedChain, VerifyRequest};
use tls_core::config::Verification;
use tls_core::crypto::{Digest, Hash, Later, Reply};
use tls_core::error::Reason;

/// What is asked of the peer's certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mode {
    #[default]
    Required,
    WithoutName,
    AcceptAny,
}

/// Who judges it.
#[derive(Clone, Debug)]
pub(crate) enum Judge {
    /// The system's CA certificates, loaded when they are needed.
    System(Arc<SystemTrust>),
    /// These.
    Anchors(Arc<TrustAnchors>),
    /// The application's own verifier.
    Custom(Arc<dyn CertificateVerifier>),
}

impl Default for Judge {
    fn default() -> Self {
        Self::System(Arc::default())
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Trust {
    pub(crate) mode: Mode,
    pub(crate) judge: Judge,
}

impl Trust {
    /// What a connection gets.
    pub(crate) fn verification(&self) -> Verification {
        let judge = self.verifier();
        match self.mode {
            Mode::Required => Verification::Required(judge),
            Mode::WithoutName => Verification::WithoutName(judge),
            Mode::AcceptAny => Verification::AcceptAny,
        }
    }

    pub(crate) fn verifier(&self) -> Arc<dyn CertificateVerifier> {
        match &self.judge {
            Judge::System(system) => system.clone(),
            Judge::Anchors(anchors) => anchors.clone(),
            Judge::Custom(verifier) => verifier.clone(),
        }
    }

    /// Loads what a client needs before it begins, so that a system without CA certificates is an
    /// error of the set-up rather than of the handshake.
    pub(crate) fn prepare(&self) -> Result<()> {
        match &self.judge {
            Judge::System(system) if self.mode != Mode::AcceptAny => system.load().map(drop),
            Judge::System(_) | Judge::Anchors(_) | Judge::Custom(_) => Ok(()),
        }
    }

    /// Adds certificates. The first addition takes the place of the system's, and of a verifier.
    pub(crate) fn add(&mut self, more: TrustAnchors) {
        let anchors = match &self.judge {
            Judge::Anchors(anchors) => {
                let mut anchors = TrustAnchors::clone(anchors);
                anchors.extend(&more);
                anchors
            }
            Judge::System(_) | Judge::Custom(_) => more,
        };
        self.judge = Judge::Anchors(Arc::new(anchors));
    }
}

/// The system's CA certificates: read once, when a client first needs them, and shared by all
/// connections of a context. A system without any is asked again by the next client.
#[derive(Debug, Default)]
pub(crate) struct SystemTrust {
    anchors: OnceLock<TrustAnchors>,
}

impl SystemTrust {
    fn load(&self) -> Result<&TrustAnchors> {
        if let Some(anchors) = self.anchors.get() {
            return Ok(anchors);
        }
        let anchors = from_system()?;
        Ok(self.anchors.get_or_init(|| anchors))
    }
}

impl CertificateVerifier for SystemTrust {
    fn verify(
        &self,
        request: &VerifyRequest<'_>,
        later: &Later,
    ) -> Reply<Result<VerifiedChain, tls_core::error::Error>> {
        match self.load() {
            Ok(anchors) => anchors.verify(request, later),
            Err(error) => Reply::Now(Err(error.into_core())),
        }
    }

    fn anchors(&self) -> Option<&TrustAnchors> {
        self.load().ok()
    }

    /// The system's CAs vouch for servers.
    fn judges_clients(&self) -> bool {
        false
    }

    fn scope(&self, hash: &dyn Hash) -> Option<Digest> {
        self.load().ok()?.scope(hash)
    }
}

/// PEM with any number of certificates, or one in DER.
pub(crate) fn from_mem(bytes: &[u8]) -> Result<TrustAnchors> {
    let mut anchors = TrustAnchors::default();
    for found in material::certificates(bytes)? {
        anchors.add(found.certificate).map_err(|error| {
            let error = Error::from(error);
            match found.line {
                Some(line) => error.at(&format!("line {line}")),
                None => error,
            }
        })?;
    }
    Ok(anchors)
}

/// The same from a file.
pub(crate) fn from_file(path: &Path) -> Result<TrustAnchors> {
    material::in_file(path, from_mem)
}

/// Every file of a directory that holds a certificate; none is an error. Files that hold something
/// else are passed over; one that cannot be read, or whose certificate is damaged, is an error: a CA
/// that is missing would show as an unknown issuer much later.
pub(crate) fn from_dir(dir: &Path) -> Result<TrustAnchors> {
    let mut anchors = TrustAnchors::default();
    for path in material::files_of(dir)? {
        let more = material::in_file(&path, |bytes| match material::holds_certificate(bytes) {
            true => from_mem(bytes).map(Some),
            false => Ok(None),
        })?;
        if let Some(more) = more {
            anchors.extend(&more);
        }
    }
    if !anchors.is_empty() {
        return Ok(anchors);
    }
    Err(Error::with(
        Reason::BadPem,
        format!(
            "{}: no file of the directory holds a certificate",
            material::shown(dir)
        ),
    ))
}

/// The system's CA certificates: those that SSL_CERT_FILE and SSL_CERT_DIR name where one of them is set (as
/// OpenSSL has it), else the platform's.
///
/// Single ones that cannot be read or do not parse are passed over: the system's owner put them there, and
/// nobody who reads our error could repair them.
pub(crate) fn from_system() -> Result<TrustAnchors> {
    let named = ["SSL_CERT_FILE", "SSL_CERT_DIR"].map(std::env::var_os);
    let (anchors, why) = match named {
        [None, None] => of_the_platform(),
        [file, dirs] => of_the_environment(file.as_deref(), dirs.as_deref()),
    };
    if !anchors.is_empty() {
        return Ok(anchors);
    }
    Err(Error::with(
        Reason::NoTrustAnchors,
        format!("the system has no CA certificates{why}; add some"),
    ))
}

/// What was found, and why there is not more.
fn of_the_platform() -> (TrustAnchors, String) {
    let mut anchors = TrustAnchors::default();
    let loaded = rustls_native_certs::load_native_certs();
    for certificate in loaded.certs {
        let _passed_over = anchors.add(certificate);
    }
    let why = loaded
        .errors
        .first()
        .map_or(String::new(), |error| format!(": {error}"));
    (anchors, why)
}

/// The same, from one file and any number of directories, with the care that every other file gets (nothing
/// that is no regular file, and a limit on its size).
fn of_the_environment(file: Option<&OsStr>, dirs: Option<&OsStr>) -> (TrustAnchors, String) {
    let mut anchors = TrustAnchors::default();
    let mut why = String::new();
    let mut note = |error: Error| {
        if why.is_empty() {
            why = format!(": {}", error.text());
        }
    };
    let mut paths: Vec<PathBuf> = file.into_iter().map(PathBuf::from).collect();
    for dir in dirs.iter().flat_map(std::env::split_paths) {
        match material::files_of(&dir) {
            Ok(files) => paths.extend(files),
            Err(error) => note(error),
        }
    }
    for path in paths {
        match material::in_file(&path, material::certificates) {
            Ok(found) => {
                for found in found {
                    let _passed_over = anchors.add(found.certificate);
                }
            }
            Err(error) => note(error),
        }
    }
    (anchors, why)
}
