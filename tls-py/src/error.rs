//! Errors as exceptions: python/tlscore/_errors.py has the classes, this maps and fills them.

use crate::interpreter::call;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyModule, PyTuple};
use tls_std::tls_core::error::Direction;
use tls_std::{Error, Family, Reason, Stop};

/// What kind of exception: the class, and the SSL_ERROR_* number that the ssl module has for it.
struct Kind(&'static str, i32);

/// Numbers of OpenSSL's SSL_get_error(), which the ssl module has in `errno`.
const SSL_ERROR_SSL: i32 = 1;
const SSL_ERROR_SYSCALL: i32 = 5;
const SSL_ERROR_EOF: i32 = 8;

fn kind(reason: Reason) -> Kind {
    match (reason.family(), reason) {
        (Family::Transport, Reason::Truncated | Reason::EofInHandshake) => {
            Kind("TruncatedError", SSL_ERROR_EOF)
        }
        (Family::Transport, _) => Kind("TransportError", SSL_ERROR_SYSCALL),
        (Family::Misuse, _) => Kind("UsageError", SSL_ERROR_SSL),
        (Family::Malformed | Family::Misbehaved, _) => Kind("ProtocolError", SSL_ERROR_SSL),
        (Family::Incompatible, _) => Kind("IncompatibleError", SSL_ERROR_SSL),
        (Family::Certificate, _) => Kind("CertificateError", SSL_ERROR_SSL),
        (Family::PeerAlert, _) => Kind("AlertError", SSL_ERROR_SSL),
        (Family::Internal, _) => Kind("InternalError", SSL_ERROR_SSL),
    }
}

const fn family_name(family: Family) -> &'static str {
    match family {
        Family::Misuse => "misuse",
        Family::Transport => "transport",
        Family::Malformed => "malformed",
        Family::Misbehaved => "misbehaved",
        Family::Incompatible => "incompatible",
        Family::Certificate => "certificate",
        Family::PeerAlert => "peer_alert",
        Family::Internal => "internal",
    }
}

/// The exception for an error of tls-std.
pub(crate) fn exception(py: Python<'_>, error: &Error) -> PyErr {
    filled(py, error).map_or_else(|broken| broken, PyErr::from_value)
}

fn filled<'py>(py: Python<'py>, error: &Error) -> PyResult<Bound<'py, PyAny>> {
    let reason = error.reason();
    let name = reason.name();
    let number = reason as u16;
    let exception = new(py, &kind(reason), name, &error.to_string())?;
    exception.setattr("number", number)?;
    exception.setattr("text", error.text())?;
    exception.setattr("family", family_name(reason.family()))?;
    exception.setattr("os_errno", error.os_error())?;
    if let Some((alert, direction)) = error.alert() {
        exception.setattr("alert", alert.0)?;
        exception.setattr("alert_name", alert.name())?;
        exception.setattr("alert_sent", direction == Direction::Sent)?;
    }
    if reason.family() == Family::Certificate {
        exception.setattr("verify_code", number)?;
        exception.setattr("verify_message", error.text())?;
    }
    Ok(exception)
}

/// An instance of one of our classes, with what all of them carry.
fn new<'py>(
    py: Python<'py>,
    kind: &Kind,
    name: &str,
    strerror: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let exception = instance(py, kind, strerror)?;
    exception.setattr("name", name)?;
    exception.setattr("reason", name)?;
    Ok(exception)
}

/// The exception for what a connection waits for: made in one call of what is kept, for one is raised whenever a
/// transport has nothing more.
pub(crate) fn want(py: Python<'_>, stop: Stop) -> PyErr {
    static READ: PyOnceLock<Want> = PyOnceLock::new();
    static WRITE: PyOnceLock<Want> = PyOnceLock::new();
    static APP: PyOnceLock<Want> = PyOnceLock::new();
    // The numbers are those of SSL_ERROR_WANT_READ, _WANT_WRITE and _WANT_X509_LOOKUP; the first words
    // are those of the ssl module.
    let (kept, kind, strerror) = match stop {
        Stop::WantRead => (
            &READ,
            Kind("WantRead", 2),
            "The operation did not complete (read): bytes from the peer are needed",
        ),
        Stop::WantWrite => (
            &WRITE,
            Kind("WantWrite", 3),
            "The operation did not complete (write): sealed bytes must leave first",
        ),
        Stop::WantApp => (
            &APP,
            Kind("WantApp", 4),
            "The operation did not complete: the application's answer is needed",
        ),
        Stop::Failed => return exception(py, &Reason::Bug.into()),
    };
    let made = kept
        .get_or_try_init(py, || Want::new(py, &kind, strerror))
        .and_then(|want| call(want.class.bind(py), want.arguments.bind(py).clone()));
    made.map_or_else(|broken| broken, PyErr::from_value)
}

/// A class, and what its instances are made with.
struct Want {
    class: Py<PyAny>,
    arguments: Py<PyTuple>,
}

impl Want {
    fn new(py: Python<'_>, kind: &Kind, strerror: &str) -> PyResult<Self> {
        Ok(Self {
            class: class(py, kind)?.unbind(),
            arguments: (kind.1, strerror).into_pyobject(py)?.unbind(),
        })
    }
}

/// An instance of one of our classes.
fn instance<'py>(py: Python<'py>, kind: &Kind, strerror: &str) -> PyResult<Bound<'py, PyAny>> {
    call(&class(py, kind)?, (kind.1, strerror))
}

fn class<'py>(py: Python<'py>, kind: &Kind) -> PyResult<Bound<'py, PyAny>> {
    classes(py)?.getattr(kind.0)
}

/// Where they are: imported with the extension, for an interpreter that ends imports nothing any more.
pub(crate) fn classes(py: Python<'_>) -> PyResult<&Bound<'_, PyModule>> {
    static MODULE: PyOnceLock<Py<PyModule>> = PyOnceLock::new();
    let module = MODULE.get_or_try_init(py, || {
        PyModule::import(py, "tlscore._errors").map(Bound::unbind)
    })?;
    Ok(module.bind(py))
}
