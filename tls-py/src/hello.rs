//! The class ClientHello, and who is asked about one.

use crate::frame::Frame;
use crate::interpreter::call;
use crate::pending::{PyPending, ask_or};
use crate::text::protocol_name;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
use tls_std::tls_core::config::{ClientHelloInfo, HelloDecision, HelloHandler};
use tls_std::tls_core::crypto::{Later, Reply};
use tls_std::tls_core::wire::AlertDescription;

/// What a client offers, in its order; values without a meaning here are in the lists too.
#[pyclass(name = "ClientHello", module = "tlscore", frozen, get_all)]
pub(crate) struct PyClientHello {
    /// The host name of server_name (str), or None.
    server_name: Option<String>,
    /// The application protocols (list of str); empty when it offers none.
    alpn: Vec<Py<PyString>>,
    /// Cipher suites by number (list of int), signalling values among them.
    cipher_suites: Vec<u16>,
    /// Groups (list of str).
    groups: Vec<String>,
    /// Signature schemes (list of str).
    sigalgs: Vec<String>,
    /// The client's random (bytes).
    random: Py<PyBytes>,
    /// The session that it would resume, as it names it (bytes).
    session_id: Py<PyBytes>,
    /// The whole handshake message, its header too (bytes).
    message: Py<PyBytes>,
    /// For an answer that comes later: return it (Pending).
    pending: Py<PyPending>,
}

#[pymethods]
impl PyClientHello {
    fn __repr__(&self) -> String {
        match &self.server_name {
            Some(name) => format!("<tlscore.ClientHello for {name}>"),
            None => "<tlscore.ClientHello without a name>".to_owned(),
        }
    }
}

impl PyClientHello {
    fn of(
        py: Python<'_>,
        hello: &ClientHelloInfo<'_>,
        pending: &Bound<'_, PyPending>,
    ) -> PyResult<Self> {
        let bytes = |bytes: &[u8]| PyBytes::new(py, bytes).unbind();
        let names = hello.alpn_names();
        Ok(Self {
            server_name: hello.server_name.map(str::to_owned),
            alpn: names
                .map(|name| protocol_name(py, name).map(Bound::unbind))
                .collect::<PyResult<_>>()?,
            cipher_suites: hello.suites.to_vec(),
            groups: texts(hello.groups),
            sigalgs: texts(hello.schemes),
            random: bytes(hello.random),
            session_id: bytes(hello.session_id),
            message: bytes(hello.message),
            pending: pending.clone().unbind(),
        })
    }
}

fn texts(list: Option<&[impl ToString]>) -> Vec<String> {
    list.unwrap_or_default()
        .iter()
        .map(ToString::to_string)
        .collect()
}

/// Tells a Python function, or nobody, and keeps what was offered.
#[derive(Debug)]
pub(crate) struct Hello(pub(crate) Option<Py<PyAny>>);

impl HelloHandler for Hello {
    fn on_hello(&self, hello: &ClientHelloInfo<'_>, later: &Later) -> Reply<HelloDecision> {
        Frame::offer(hello.suites);
        let Some(callback) = &self.0 else {
            return Reply::Now(HelloDecision::GoOn);
        };
        let refuse = |_raised: &PyErr| HelloDecision::Refuse(AlertDescription::INTERNAL_ERROR);
        ask_or(later, refuse, |py, pending| {
            call(callback.bind(py), (PyClientHello::of(py, hello, pending)?,))
        })
    }
}
