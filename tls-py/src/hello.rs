//! The class ClientHello, and who is asked about one.

use crate::context::PyContext;
use crate::failure::misuse;
use crate::frame::Frame;
use crate::text::protocol_name;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
use tls_std::Reason;
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
    fn of(py: Python<'_>, hello: &ClientHelloInfo<'_>) -> PyResult<Self> {
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
    fn on_hello(&self, hello: &ClientHelloInfo<'_>, _later: &Later) -> Reply<HelloDecision> {
        Frame::offer(hello.suites);
        let Some(callback) = &self.0 else {
            return Reply::Now(HelloDecision::GoOn);
        };
        Reply::Now(Python::attach(|py| {
            decide(callback.bind(py), hello).unwrap_or_else(|raised| {
                Frame::raise(py, raised);
                HelloDecision::Refuse(AlertDescription::INTERNAL_ERROR)
            })
        }))
    }
}

fn decide(callback: &Bound<'_, PyAny>, hello: &ClientHelloInfo<'_>) -> PyResult<HelloDecision> {
    let py = callback.py();
    let answer = callback.call1((PyClientHello::of(py, hello)?,))?;
    if answer.is_none() {
        return Ok(HelloDecision::GoOn);
    }
    if let Ok(ctx) = answer.cast::<PyContext>() {
        let decision = ctx.get().0.as_decision();
        return decision.map_err(|error| crate::error::exception(py, &error));
    }
    match answer.extract::<u8>() {
        Ok(alert) => Ok(HelloDecision::Refuse(AlertDescription(alert))),
        Err(_) if answer.is_instance_of::<pyo3::types::PyInt>() => {
            let error = misuse(Reason::BadArgument, "an alert is a number from 0 to 255");
            Err(crate::error::exception(py, &error))
        }
        Err(_) => Err(PyTypeError::new_err(
            "a hello callback returns None, a Context, or an alert's number",
        )),
    }
}
