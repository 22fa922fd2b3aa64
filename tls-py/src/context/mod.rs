//! The class Context: policy and lists. What else it holds is in the files beside this one.

mod clients;
mod handlers;
mod keypairs;
mod psk;
mod records;
mod revocation;
mod sessions;
mod trust;

pub(crate) use clients::client_auth;
pub(crate) use trust::pin;

use crate::failure::misuse;
use crate::guard::{run, set};
use crate::text::ProtocolName;
use pyo3::prelude::*;
use std::path::PathBuf;
use tls_std::tls_core::config::Preference;
use tls_std::{Context, Error, Reason, Roles};

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
/// What a callback refers to lives as long as the context and its connections: no garbage collector looks
/// into them. One that refers to its context, or its connection, keeps it for ever: use weakref.ref there.
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
    /// "modern" (the default): ECDHE with AES-GCM or ChaCha20-Poly1305, RSA keys from 2048 bits on;
    /// "compatible": adds ECDHE with AES-CBC or AES-CCM and, where there are pre-shared keys, their suites
    /// without ECDHE, which keep nothing secret from who learns the key later;
    /// "legacy": adds DHE, RSA key exchange, AES-CCM_8, 3DES, SHA-1 signatures, RSA keys from 1024 bits on and
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

    /// Asks for at least the strength of one of OpenSSL's security levels (int), 0 (the default: the
    /// policy's alone) to 5, of keys, hashes, suites and groups; "@SECLEVEL=n" in a cipher list does
    /// the same. A level only forbids.
    ///
    /// Raises UsageError: BAD_ARGUMENT, WEAK_KEYPAIR, or that of a list of which nothing is left.
    fn set_security_level(&self, py: Python<'_>, level: u8) -> PyResult<()> {
        run(py, || self.0.set_security_level(level))
    }

    /// The security level (int).
    #[getter]
    fn security_level(&self) -> u8 {
        self.0.config().security_level
    }

    /// The policy's name (str).
    #[getter]
    fn policy(&self) -> &'static str {
        self.0.config().policy.name
    }

    /// Whether a server lets the client's order of cipher suites decide (False: its own does, the
    /// default).
    fn set_client_preference(&self, py: Python<'_>, client: bool) -> PyResult<()> {
        let preference = match client {
            true => Preference::Client,
            false => Preference::Server,
        };
        set(py, || self.0.set_preference(preference))
    }

    /// Whether a client goes on with servers that do not know RFC 5746 (bool; False by default), which the policy
    /// "legacy" does anyway. Such a server may take what a stranger sent it before for the client's own.
    fn set_servers_without_rfc5746(&self, py: Python<'_>, accept: bool) -> PyResult<()> {
        set(py, || self.0.set_servers_without_rfc5746(accept))
    }

    /// A server's own group for DHE, from a file as "openssl dhparam" makes it; DHE exists in the
    /// policy "legacy" alone. Raises UsageError (FILE_UNREADABLE, BAD_PEM, BAD_DH_PARAMS).
    fn set_dh_params_file(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        run(py, || self.0.set_dh_params_file(path))
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
    /// that has none in common with a client that offers some refuses it, as RFC 7301 section 3.2 wants
    /// it; with required=False it goes on without one, as CPython's ssl module does. Takes the place of
    /// set_alpn_callback().
    ///
    /// Raises UsageError (BAD_ALPN_LIST).
    #[pyo3(signature = (protocols, *, required = true))]
    fn set_alpn(
        &self,
        py: Python<'_>,
        protocols: Vec<ProtocolName>,
        required: bool,
    ) -> PyResult<()> {
        run(py, || self.0.set_alpn_required(&protocols, required))
    }

    /// The resolved list of cipher suites (OpenSSL names), most preferred first: what connections
    /// created now would offer or accept.
    #[getter]
    fn ciphers(&self) -> Vec<&'static str> {
        let config = self.0.config();
        config.suites.iter().map(|s| s.openssl_name).collect()
    }

    /// The same with what they are made of (list of (number, name, bits)): the IANA number (int), the
    /// OpenSSL name (str), and the strength of the cipher in bits (int).
    #[getter]
    fn cipher_suites(&self) -> Vec<(u16, &'static str, u16)> {
        let config = self.0.config();
        let suites = config.suites.iter();
        suites.map(|s| (s.id, s.openssl_name, s.bits)).collect()
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
    misuse(Reason::BadArgument, text)
}
