//! A verify callback, and the class Review that it is given.

use crate::certificate::PyCertificate;
use crate::error::exception;
use crate::interpreter::call;
use crate::pending::{PyPending, ask_or};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use tls_std::tls_core::cert::{Purpose, Review as Told, Reviewer};
use tls_std::tls_core::crypto::{Later, Reply, Ruling};
use tls_std::{Error, Reason, tls_core};

/// What a verify callback is told: the peer's certificate and what the verifier makes of it.
#[pyclass(name = "Review", module = "tlscore", frozen, get_all)]
pub(crate) struct PyReview {
    /// Who the peer is (str): "server" or "client".
    peer: &'static str,
    /// The name that the certificate must be for (str), or None where none is checked.
    name: Option<String>,
    /// The peer's certificates as they came (list of Certificate), leaf first.
    chain: Vec<Py<PyCertificate>>,
    /// The path that verified (list of Certificate), leaf first; empty where none did, and where any
    /// certificate is accepted.
    path: Vec<Py<PyCertificate>>,
    /// Why the certificate was refused (CertificateError), or None.
    error: Option<Py<PyAny>>,
    /// The OCSP response that a server stapled, as it came (DER, bytes), or None.
    ocsp_response: Option<Py<PyBytes>>,
    /// For an answer that comes later: return it (Pending).
    pending: Py<PyPending>,
}

#[pymethods]
impl PyReview {
    fn __repr__(&self) -> String {
        let verdict = if self.error.is_none() {
            "good"
        } else {
            "refused"
        };
        format!("<tlscore.Review of a {}: {verdict}>", self.peer)
    }
}

impl PyReview {
    fn of(py: Python<'_>, told: &Told<'_>, pending: &Bound<'_, PyPending>) -> PyResult<Self> {
        let certificates = |chain: &[_]| -> PyResult<Vec<_>> {
            let objects = PyCertificate::of(chain).into_iter();
            objects
                .map(|certificate| Py::new(py, certificate))
                .collect()
        };
        let error = told.verdict.err().cloned().map(Error::from);
        Ok(Self {
            peer: match told.purpose {
                Purpose::Server => "server",
                Purpose::Client => "client",
            },
            name: told.name.map(ToString::to_string),
            chain: certificates(told.chain)?,
            path: certificates(told.verdict.unwrap_or_default())?,
            error: error.map(|error| exception(py, &error).into_value(py).into_any()),
            ocsp_response: told
                .ocsp_response
                .map(|response| PyBytes::new(py, response).unbind()),
            pending: pending.clone().unbind(),
        })
    }
}

#[derive(Debug)]
pub(crate) struct Review {
    callback: Py<PyAny>,
    scope: [u8; 32],
}

impl Review {
    pub(crate) fn new(callback: Py<PyAny>) -> Result<Self, Error> {
        Ok(Self {
            callback,
            scope: super::scope()?,
        })
    }
}

impl Reviewer for Review {
    fn review(&self, told: &Told<'_>, later: &Later) -> Reply<Ruling> {
        let refused = |raised: &PyErr| {
            let text = format!("the verify callback raised {raised}");
            Ruling::Refused(tls_core::error::Error::with(
                Reason::CertificateRejected,
                text,
            ))
        };
        ask_or(later, refused, |py, pending| {
            call(self.callback.bind(py), (PyReview::of(py, told, pending)?,))
        })
    }

    fn scope(&self) -> Option<[u8; 32]> {
        Some(self.scope)
    }
}
