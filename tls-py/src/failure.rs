//! Why a call brought nothing.

use crate::error::{exception, want};
use pyo3::prelude::*;
use tls_std::{Error, Reason, Stop, tls_core};

/// Why a call brought nothing.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Wait for this, then repeat.
    Want {
        stop: Stop,
        /// In the handshake a step of another thread can be what this one waits for.
        in_handshake: bool,
    },
    /// For good, or until the mistake is mended.
    Error(Error),
    /// A callback raised it.
    Raised(PyErr),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<PyErr> for Failure {
    fn from(raised: PyErr) -> Self {
        Self::Raised(raised)
    }
}

impl Failure {
    /// A misuse that this layer found.
    pub(crate) fn misuse(reason: Reason, text: &'static str) -> Self {
        Self::Error(misuse(reason, text))
    }

    /// The exception for it.
    pub(crate) fn exception(self, py: Python<'_>) -> PyErr {
        match self {
            Self::Want { stop, .. } => want(py, stop),
            Self::Error(error) => exception(py, &error),
            Self::Raised(error) => error,
        }
    }
}

/// An error of this layer.
pub(crate) fn misuse(reason: Reason, text: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    tls_core::error::Error::with(reason, text).into()
}
