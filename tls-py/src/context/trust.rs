//! Whom to trust, and what is asked of the peer's certificate.

use super::PyContext;
use crate::buffer::Input;
use crate::callbacks::{Review, optional};
use crate::error::exception;
use crate::failure::misuse;
use crate::guard::{run, set};
use crate::text::Material;
use pyo3::prelude::*;
use std::path::PathBuf;
use std::sync::Arc;
use tls_std::Reason;
use tls_std::tls_core::cert::TrustAnchors;

#[pymethods]
impl PyContext {
    /// Trusts the CA certificates in a file: PEM (any number of them) or one in DER. The first CA
    /// that is added takes the place of the system's.
    ///
    /// Raises UsageError; its text names the file and the place in it, its os_errno says why a file
    /// cannot be read. Then nothing was added.
    fn add_ca_file(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        run(py, || self.0.add_ca_file(path))
    }

    /// Trusts the CA certificates in the files of a directory (not of the directories in it). Files
    /// without a certificate are passed over; a directory without any is an error. Raises as
    /// add_ca_file().
    fn add_ca_dir(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        run(py, || self.0.add_ca_dir(path))
    }

    /// Trusts the CA certificates in ca: PEM (str or bytes, any number of them) or one in DER
    /// (bytes). Raises as add_ca_file().
    fn add_ca_mem(&self, py: Python<'_>, ca: Material) -> PyResult<()> {
        run(py, || self.0.add_ca_mem(ca.bytes()))
    }

    /// Trusts the system's CA certificates now, beside those that were added. Clients of a context
    /// without any CA trust them without this call. SSL_CERT_FILE and SSL_CERT_DIR are honoured.
    ///
    /// Raises UsageError (NO_TRUST_ANCHORS).
    fn add_ca_system(&self, py: Python<'_>) -> PyResult<()> {
        run(py, || self.0.add_ca_system())
    }

    /// Trusts no CA from now on, not the system's either, until one is added: what cannot be verified
    /// is refused.
    fn clear_cas(&self, py: Python<'_>) -> PyResult<()> {
        set(py, || {
            self.0.set_verifier(Arc::new(TrustAnchors::default()));
        })
    }

    /// Pins a key: SHA-256 of its SubjectPublicKeyInfo, 32 bytes (RFC 7469 section 2.4;
    /// Certificate.spki_sha256). Where there are pins, one key of a verified path must be pinned.
    ///
    /// Raises UsageError (BAD_ARGUMENT) for another length.
    fn add_pin(&self, py: Python<'_>, spki_sha256: Input) -> PyResult<()> {
        let pin = pin(py, &spki_sha256)?;
        set(py, || self.0.add_pin(pin))
    }

    /// Whether a leaf with a pinned key is trusted without any CA (bool; False by default); its name, dates,
    /// purpose and strength are checked as ever.
    fn trust_pins_alone(&self, py: Python<'_>, alone: bool) -> PyResult<()> {
        set(py, || self.0.trust_pins_alone(alone))
    }

    /// Whether a path may end in a trusted intermediate CA, in place of a trusted root (bool; False by
    /// default).
    fn set_partial_chain(&self, py: Python<'_>, allow: bool) -> PyResult<()> {
        set(py, || self.0.set_partial_chain(allow))
    }

    /// Whether each certificate of a path must keep the profile of RFC 5280, also in what a sound path does not
    /// need (bool; False by default): OpenSSL's X509_V_FLAG_X509_STRICT. What breaks a rule of it is refused
    /// with PROFILE_VIOLATION.
    fn set_strict_certificates(&self, py: Python<'_>, strict: bool) -> PyResult<()> {
        set(py, || self.0.set_strict_certificates(strict))
    }

    /// Most intermediate certificates between a leaf and the trusted certificate (int), 0 to 6, the
    /// default. Raises UsageError (BAD_ARGUMENT).
    fn set_verify_depth(&self, py: Python<'_>, max_intermediates: usize) -> PyResult<()> {
        run(py, || self.0.set_verify_depth(max_intermediates))
    }

    /// Asks callback(review) about the peer's certificate in every full handshake, after the verifier; review
    /// is a Review. It returns None or True (the verdict stands, whatever it is), False or a sentence (str: the
    /// peer is refused, with CERTIFICATE_VERIFY_FAILED), or review.pending (it answers later). To accept what
    /// the verifier refused there is Pending.danger_accept_peer() alone. None in its place: nobody is asked.
    ///
    /// It is called by whatever thread runs a handshake. What it raises comes out of the verb, and refuses the
    /// peer. Sessions that were made under one callback are resumed under no other.
    #[pyo3(signature = (callback))]
    fn set_verify_callback(&self, py: Python<'_>, callback: Option<Py<PyAny>>) -> PyResult<()> {
        let callback = optional(py, callback)?;
        run(py, || {
            let review = callback.map(Review::new).transpose()?;
            self.0
                .set_reviewer(review.map(|review| Arc::new(review) as _));
            Ok(())
        })
    }

    /// The peer's certificate must verify, and be for the right name: the default. Takes back
    /// danger_accept_any_name() and danger_accept_any_cert(). A client then needs a name to verify
    /// and fails without one.
    fn require_verification(&self, py: Python<'_>) -> PyResult<()> {
        run(py, || {
            self.0.require_verification();
            Ok(())
        })
    }

    /// DANGER: accepts a certificate of a trusted CA for any name. Whoever has a certificate for
    /// any name at all can then read and change everything.
    fn danger_accept_any_name(&self, py: Python<'_>) -> PyResult<()> {
        run(py, || {
            self.0.danger_accept_any_name();
            Ok(())
        })
    }

    /// DANGER: accepts any certificate at all. Whoever sits between the two sides can then read and
    /// change everything.
    fn danger_accept_any_cert(&self, py: Python<'_>) -> PyResult<()> {
        run(py, || {
            self.0.danger_accept_any_cert();
            Ok(())
        })
    }

    /// Accepts (True) or refuses (False, the default) a server's common name where its certificate
    /// has no subjectAltName. Public CAs have not issued such certificates since 2012.
    fn set_legacy_common_name(&self, py: Python<'_>, accept: bool) -> PyResult<()> {
        run(py, || {
            self.0.set_legacy_common_name(accept);
            Ok(())
        })
    }
}

/// A hash of that length.
pub(crate) fn pin(py: Python<'_>, spki_sha256: &Input) -> PyResult<[u8; 32]> {
    <[u8; 32]>::try_from(spki_sha256.bytes()).map_err(|_other_length| {
        let error = misuse(Reason::BadArgument, "a pin has 32 bytes: SHA-256 of a key");
        exception(py, &error)
    })
}
