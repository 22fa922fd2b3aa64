//! Certificates with their private keys.

use super::PyContext;
use crate::buffer::Input;
use crate::callbacks::{Key, callable, optional};
use crate::guard::{run, set};
use crate::password::PasswordArgument;
use crate::text::Material;
use pyo3::prelude::*;
use std::path::PathBuf;
use std::sync::Arc;
use tls_std::{Context, Error};

#[pymethods]
impl PyContext {
    /// Adds a certificate chain, leaf first, and the private key of the leaf, from files: PEM, or
    /// DER (then the chain is the leaf alone). Without key, the key is in cert. Keys are RSA, ECDSA
    /// (P-256, P-384, P-521) or Ed25519, in PKCS #8, PKCS #1 or SEC 1 form.
    ///
    /// password opens an encrypted key: str, bytes-like, or a callable that gives one of these or
    /// None; it is called only when the key is encrypted, and what it raises comes out of here.
    ///
    /// A context may have several keypairs: the server takes the first that the client can verify
    /// and that fits the name it asked for. A client shows one when a server asks for it.
    ///
    /// Raises UsageError (FILE_UNREADABLE, BAD_PEM, BAD_CERTIFICATE_FILE, BAD_PRIVATE_KEY,
    /// KEY_MISMATCH, WEAK_KEYPAIR, PASSWORD_NEEDED, WRONG_PASSWORD); then nothing was added.
    #[pyo3(signature = (cert, key = None, password = None))]
    fn add_keypair_file(
        &self,
        py: Python<'_>,
        cert: PathBuf,
        key: Option<PathBuf>,
        password: Option<PasswordArgument>,
    ) -> PyResult<()> {
        self.with_password(py, password, |ctx| {
            ctx.add_keypair_file(cert, key.as_deref())
        })
    }

    /// add_keypair_file() from memory: PEM (str or bytes) or DER (bytes). The caller may wipe its
    /// buffers afterwards; the library wipes its own copies when they are freed.
    #[pyo3(signature = (cert, key = None, password = None))]
    fn add_keypair_mem(
        &self,
        py: Python<'_>,
        cert: Material,
        key: Option<Material>,
        password: Option<PasswordArgument>,
    ) -> PyResult<()> {
        let key = key.as_ref().map(Material::bytes);
        self.with_password(py, password, |ctx| ctx.add_keypair_mem(cert.bytes(), key))
    }

    /// add_keypair_file() in place of the keypairs whose keys are of the same kind (RSA, RSA-PSS, EC,
    /// Ed25519), at once: a server whose certificate is renewed has one at every moment.
    #[pyo3(signature = (cert, key = None, password = None))]
    fn renew_keypair_file(
        &self,
        py: Python<'_>,
        cert: PathBuf,
        key: Option<PathBuf>,
        password: Option<PasswordArgument>,
    ) -> PyResult<()> {
        self.with_password(py, password, |ctx| {
            ctx.renew_keypair_file(cert, key.as_deref())
        })
    }

    /// Adds the keypairs of a PKCS #12 file (RFC 7292), each private key with its certificate chain.
    /// Its CA certificates are not trusted by this.
    ///
    /// Raises UsageError (FILE_UNREADABLE, BAD_PKCS12, WRONG_PASSWORD, PASSWORD_NEEDED,
    /// KEY_DERIVATION_TOO_COSTLY, and those of keypairs).
    #[pyo3(signature = (path, password = None))]
    fn add_pkcs12_file(
        &self,
        py: Python<'_>,
        path: PathBuf,
        password: Option<PasswordArgument>,
    ) -> PyResult<()> {
        self.with_password(py, password, |ctx| ctx.add_pkcs12_file(path, None))
    }

    /// add_pkcs12_file() from memory (bytes-like).
    #[pyo3(signature = (pfx, password = None))]
    fn add_pkcs12_mem(
        &self,
        py: Python<'_>,
        pfx: Input,
        password: Option<PasswordArgument>,
    ) -> PyResult<()> {
        self.with_password(py, password, |ctx| ctx.add_pkcs12_mem(pfx.bytes(), None))
    }

    /// Adds a certificate chain (PEM, str or bytes, or a leaf in DER) whose private key lives elsewhere: in a
    /// token, in another process.
    ///
    /// sign(scheme, message, pending) signs message (bytes, not a digest) with exactly scheme (str:
    /// "rsa_pss_rsae_sha256", "ecdsa_secp256r1_sha256", ...) and returns the signature (bytes; ECDSA: DER), or
    /// pending to answer later. decrypt(ciphertext, pending) is the raw RSA private operation, which gives as
    /// many bytes as the modulus has; without it RSA key exchange is not negotiated. Both are called by
    /// whatever thread runs a handshake; what they raise comes out of the verb, and fails the connection.
    ///
    /// Raises UsageError as add_keypair_mem(), and TypeError.
    #[pyo3(signature = (cert, sign, decrypt = None))]
    fn add_keypair_external(
        &self,
        py: Python<'_>,
        cert: Material,
        sign: Py<PyAny>,
        decrypt: Option<Py<PyAny>>,
    ) -> PyResult<()> {
        let key = Arc::new(Key {
            sign: callable(py, sign)?,
            decrypt: optional(py, decrypt)?,
        });
        run(py, || self.0.add_keypair_external(cert.bytes(), key))
    }

    /// Forgets all keypairs: those added later take their place for connections created later.
    fn clear_keypairs(&self, py: Python<'_>) -> PyResult<()> {
        set(py, || self.0.clear_keypairs())
    }

    /// How many keypairs there are (int).
    #[getter]
    fn keypairs(&self) -> usize {
        self.0.config().keypairs.len()
    }
}

impl PyContext {
    /// Runs `load` with the password, which belongs to this call alone. No lock is held: a callback may load another one.
    fn with_password(
        &self,
        py: Python<'_>,
        password: Option<PasswordArgument>,
        load: impl FnOnce(&Context) -> Result<(), Error> + Send,
    ) -> PyResult<()> {
        let source = password.map(|p| p.source(py)).transpose()?;
        run(py, || match source {
            Some(source) => load(&self.0.with_passwords(source)),
            None => load(&self.0),
        })
    }
}
