//! The class Context.

use crate::guard::run;
use crate::text::{Material, ProtocolName};
use pyo3::prelude::*;
use std::path::PathBuf;
use tls_std::{Context, Error, Reason, Roles, tls_core};

/// Role of a Context: it may make client connections.
pub(crate) const CLIENT: i64 = 1;

/// Role of a Context: it may make server connections.
pub(crate) const SERVER: i64 = 2;

/// Configuration of connections: trust, keypairs, policy and lists.
///
/// Context(roles=CLIENT): roles is CLIENT, SERVER, or CLIENT | SERVER; anything else raises
/// UsageError.
///
/// Any number of threads share a context without locks of their own. Setters work at any time and
/// affect the connections created later, so certificates can be reloaded while connections run.
/// One that fails raises UsageError and changes nothing.
///
/// The defaults are safe: policy "modern", the peer's certificate verified with the server's name
/// against the system's CA certificates (loaded at the first client connection, when no CA was
/// added), no ALPN, no keypair.
#[pyclass(name = "Context", module = "tlscore", frozen, weakref)]
pub(crate) struct PyContext(pub(crate) Context);

#[pymethods]
impl PyContext {
    #[new]
    #[pyo3(signature = (roles = CLIENT))]
    fn new(py: Python<'_>, roles: i64) -> PyResult<Self> {
        const BOTH: i64 = CLIENT | SERVER;
        run(py, || {
            let roles = match roles {
                CLIENT => Roles::Client,
                SERVER => Roles::Server,
                BOTH => Roles::Both,
                _ => return Err(bad_roles()),
            };
            Ok(Self(Context::new(roles)))
        })
    }

    /// The roles it was made for (int): CLIENT, SERVER or CLIENT | SERVER.
    #[getter]
    fn roles(&self) -> i64 {
        match self.0.roles() {
            Roles::Client => CLIENT,
            Roles::Server => SERVER,
            Roles::Both => CLIENT | SERVER,
        }
    }

    /// Chooses what is allowed at all, and resets the three lists to the policy's own.
    ///
    /// "modern" (the default): ECDHE with AES-GCM or ChaCha20-Poly1305;
    /// "compatible": adds ECDHE with AES-CBC;
    /// "legacy": adds RSA key exchange, 3DES, SHA-1 signatures, RSA keys from 1024 bits on and
    /// servers without RFC 5746: for old peers that cannot be replaced.
    ///
    /// Raises UsageError (BAD_POLICY_NAME).
    fn set_policy(&self, py: Python<'_>, name: &str) -> PyResult<()> {
        run(py, || self.0.set_policy(name))
    }

    /// Chooses and orders the cipher suites within the policy: an OpenSSL cipher string
    /// ("HIGH:!aNULL", "ECDHE+AESGCM") or IANA names between colons.
    ///
    /// Raises UsageError: BAD_CIPHER_LIST names the unknown word, REFUSED_BY_POLICY the name that
    /// the policy refuses and the policy that allows it.
    fn set_cipher_list(&self, py: Python<'_>, names: &str) -> PyResult<()> {
        run(py, || self.0.set_cipher_list(names))
    }

    /// Chooses and orders the key exchange groups within the policy: "X25519:P-256:secp384r1".
    ///
    /// Raises UsageError (BAD_GROUP_LIST, REFUSED_BY_POLICY).
    fn set_groups(&self, py: Python<'_>, names: &str) -> PyResult<()> {
        run(py, || self.0.set_groups(names))
    }

    /// Chooses and orders the signature schemes within the policy: "ECDSA+SHA256:RSA-PSS+SHA256" or
    /// "ecdsa_secp256r1_sha256:ed25519".
    ///
    /// Raises UsageError (BAD_SCHEME_LIST, REFUSED_BY_POLICY).
    fn set_sigalgs(&self, py: Python<'_>, names: &str) -> PyResult<()> {
        run(py, || self.0.set_schemes(names))
    }

    /// Offers (client) or accepts (server) these application protocols (RFC 7301), most preferred
    /// first: a sequence of str or bytes, 1 to 255 bytes each; an empty one offers none. A server
    /// that has none in common with a client that offers some refuses it.
    ///
    /// Raises UsageError (BAD_ALPN_LIST).
    fn set_alpn(&self, py: Python<'_>, protocols: Vec<ProtocolName>) -> PyResult<()> {
        run(py, || self.0.set_alpn(&protocols))
    }

    /// The resolved list of cipher suites (OpenSSL names), most preferred first: what connections
    /// created now would offer or accept.
    #[getter]
    fn ciphers(&self) -> Vec<&'static str> {
        let config = self.0.config();
        config.suites.iter().map(|s| s.openssl_name).collect()
    }

    /// The resolved list of groups, most preferred first.
    #[getter]
    fn groups(&self) -> Vec<String> {
        let config = self.0.config();
        config.groups.iter().map(ToString::to_string).collect()
    }

    /// The resolved list of signature schemes, most preferred first.
    #[getter]
    fn sigalgs(&self) -> Vec<String> {
        let config = self.0.config();
        config.schemes.iter().map(ToString::to_string).collect()
    }

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

    /// Adds a certificate chain, leaf first, and the private key of the leaf, from files: PEM, or
    /// DER (then the chain is the leaf alone). Without key, the key is in cert. Keys are RSA, ECDSA
    /// (P-256, P-384, P-521) or Ed25519, unencrypted, in PKCS #8, PKCS #1 or SEC 1 form.
    ///
    /// A context may have several keypairs: the server takes the first that the client can verify
    /// and that fits the name it asked for.
    ///
    /// Raises UsageError (FILE_UNREADABLE, BAD_PEM, BAD_CERTIFICATE_FILE, BAD_PRIVATE_KEY,
    /// KEY_MISMATCH); then nothing was added.
    #[pyo3(signature = (cert, key = None))]
    fn add_keypair_file(
        &self,
        py: Python<'_>,
        cert: PathBuf,
        key: Option<PathBuf>,
    ) -> PyResult<()> {
        run(py, || self.0.add_keypair_file(cert, key.as_deref()))
    }

    /// add_keypair_file() from memory: PEM (str or bytes) or DER (bytes). The caller may wipe its
    /// buffers afterwards; the library wipes its own copies when they are freed.
    #[pyo3(signature = (cert, key = None))]
    fn add_keypair_mem(
        &self,
        py: Python<'_>,
        cert: Material,
        key: Option<Material>,
    ) -> PyResult<()> {
        let key = key.as_ref().map(Material::bytes);
        run(py, || self.0.add_keypair_mem(cert.bytes(), key))
    }

    /// Forgets all keypairs: those added later take their place for connections created later.
    fn clear_keypairs(&self, py: Python<'_>) -> PyResult<()> {
        run(py, || {
            self.0.clear_keypairs();
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

    fn __repr__(&self) -> String {
        let roles = match self.0.roles() {
            Roles::Client => "client",
            Roles::Server => "server",
            Roles::Both => "client and server",
        };
        let config = self.0.config();
        format!("<tlscore.Context {roles} policy={}>", config.policy.name)
    }
}

fn bad_roles() -> Error {
    let text = "roles is none of CLIENT, SERVER and CLIENT | SERVER";
    tls_core::error::Error::with(Reason::BadArgument, text).into()
}
