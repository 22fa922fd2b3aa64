//! The class Session.

use crate::buffer::Input;
use crate::guard::run;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::sync::Arc;
use tls_std::ClientSession;

/// A session as a client keeps it: what one handshake leaves for a shorter one with the same server
/// (RFC 5246 section 7.3, RFC 5077). Connection.session gives it, Connection.set_session() offers it.
///
/// Session(exported): the inverse of export(); raises UsageError (BAD_SESSION).
///
/// It is bound to the names that were sent and verified, the policy, what was trusted, and the
/// client's own certificates: a connection for which any of these differs makes a full handshake.
#[pyclass(name = "Session", module = "tlscore", frozen, weakref)]
pub(crate) struct PySession(pub(crate) Arc<ClientSession>);

#[pymethods]
impl PySession {
    #[new]
    fn new(py: Python<'_>, exported: Input) -> PyResult<Self> {
        let session = run(py, || Ok(ClientSession::import(exported.bytes())?))?;
        Ok(Self(Arc::new(session)))
    }

    /// The session as opaque, versioned bytes. They are as secret as the connection itself: whoever
    /// has them can read it.
    fn export<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.0.export())
    }

    /// The session ID that the server gave (bytes); b"" when it gave a ticket alone.
    #[getter]
    fn id<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.0.id())
    }

    /// Whether the server gave a ticket (bool).
    #[getter]
    fn has_ticket(&self) -> bool {
        self.0.has_ticket()
    }

    /// The suite's OpenSSL name (str).
    #[getter]
    fn cipher(&self) -> &'static str {
        self.0.suite().openssl_name
    }

    /// The host name that was sent (str), or None.
    #[getter]
    fn server_name(&self) -> Option<&str> {
        self.0.server_name()
    }

    /// When it was made (int, seconds since 1970).
    #[getter]
    fn time(&self) -> u64 {
        self.0.issued()
    }

    /// For how many seconds from then on it may be used, at most (int).
    #[getter]
    fn lifetime(&self) -> u32 {
        self.0.lifetime()
    }

    fn __eq__(&self, other: &Self) -> bool {
        // Both are the program's own: nobody outside learns from the time that this takes.
        Arc::ptr_eq(&self.0, &other.0) || *self.0.export() == *other.0.export()
    }

    fn __hash__(&self) -> u64 {
        self.0.issued()
    }

    fn __repr__(&self) -> String {
        let name = self.0.server_name().unwrap_or("no name");
        format!("<tlscore.Session {name} {}>", self.cipher())
    }
}
