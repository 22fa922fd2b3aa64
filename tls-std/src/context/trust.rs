//! Whom to trust, what paths must keep beside the policy, the clock that judges them, and verification without a
//! connection.

use super::Context;
use crate::error::{Error, Result};
use crate::settings::Settings;
use crate::trust;
use crate::verify::Verify;
use std::path::Path;
use std::sync::Arc;
use tls_core::cert::{MAX_INTERMEDIATES, TrustAnchors};
use tls_core::config::Clock;
use tls_core::error::Reason;

impl Context {
    /// Trusts the CA certificates of a PEM or DER file. The first addition takes the place of the
    /// system's certificates. Errors name the file and the line; then nothing was added.
    pub fn add_ca_file(&self, path: impl AsRef<Path>) -> Result<()> {
        self.trust_more(|| trust::from_file(path.as_ref()))
    }

    /// Trusts the CA certificates in the files of a directory: PEM, or DER that begins as a certificate does. Files
    /// that hold something else (keys, CRLs, text) are passed over; one that cannot be read, a damaged
    /// certificate, and a directory without any are errors, which name the file.
    pub fn add_ca_dir(&self, path: impl AsRef<Path>) -> Result<()> {
        self.trust_more(|| trust::from_dir(path.as_ref()))
    }

    /// Trusts the CA certificates in `pem_or_der`.
    pub fn add_ca_mem(&self, pem_or_der: &[u8]) -> Result<()> {
        self.trust_more(|| trust::from_mem(pem_or_der))
    }

    /// Trusts the system's CA certificates now, beside those that were added.
    pub fn add_ca_system(&self) -> Result<()> {
        self.trust_more(trust::from_system)
    }

    /// Pins a key: the SHA-256 of a DER `SubjectPublicKeyInfo` (RFC 7469 §2.4). Where there are pins,
    /// one of the keys on a verified path, the leaf's or a CA's, must be a pinned one.
    pub fn add_pin(&self, spki_sha256: [u8; 32]) {
        self.change(|s| s.edit().verify_options.pins.add(spki_sha256));
    }

    /// Whether a leaf with a pinned key is trusted without any CA; its name, dates, purpose and strength
    /// are checked as ever. Off by default.
    pub fn trust_pins_alone(&self, alone: bool) {
        self.change(|s| s.edit().verify_options.pins.set_alone(alone));
    }

    /// Whether a path may end in a trusted intermediate CA, in place of a trusted root (off by default).
    pub fn set_partial_chain(&self, allow: bool) {
        self.change(|s| s.edit().verify_options.partial_chain = allow);
    }

    /// Whether each certificate of a path must keep the profile of RFC 5280, also in what a sound path does not need
    /// ([`VerifyOptions::strict`](tls_core::cert::VerifyOptions::strict); off by default).
    pub fn set_strict_certificates(&self, strict: bool) {
        self.change(|s| s.edit().verify_options.strict = strict);
    }

    /// Most intermediate certificates between a leaf and the trusted certificate, 0 to
    /// [`MAX_INTERMEDIATES`], the default.
    pub fn set_verify_depth(&self, max_intermediates: usize) -> Result<()> {
        self.edit(|s| s.set_verify_depth(max_intermediates))
    }

    /// The clock that everything goes by: validities of certificates, tickets and sessions.
    pub fn set_clock(&self, clock: Arc<dyn Clock>) {
        self.change(|s| s.edit().clock = clock);
    }

    /// A verification without a connection, by the trust, policy, pins and clock that the context has
    /// now. What it says about danger is passed over: nothing is accepted that does not verify.
    pub fn verify(&self) -> Verify {
        Verify::new(self.read().settings.clone())
    }

    fn trust_more(&self, load: impl FnOnce() -> Result<TrustAnchors>) -> Result<()> {
        self.prepare(|_| load(), Settings::trust_more)
    }
}

impl Settings {
    pub(crate) fn set_verify_depth(&mut self, max_intermediates: usize) -> Result<()> {
        if max_intermediates > MAX_INTERMEDIATES {
            return Err(Error::with(
                Reason::BadArgument,
                format!(
                    "a depth of {max_intermediates}: at most {MAX_INTERMEDIATES} intermediate certificates are possible"
                ),
            ));
        }
        self.edit().verify_options.max_intermediates = max_intermediates;
        Ok(())
    }
}
