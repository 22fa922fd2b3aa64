//! Python functions in the place of keys, stores and reviewers. Each is called by whatever thread runs a
//! handshake, inside of the verb that asks.

mod alpn;
mod key;
mod psk;
mod review;
mod store;

pub(crate) use alpn::Alpn;
pub(crate) use key::Key;
pub(crate) use psk::Psks;
pub(crate) use review::{PyReview, Review};
pub(crate) use store::Store;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use tls_std::tls_core::crypto::Random as _;
use tls_std::{Error, OsRandom, Reason};

/// TypeError where it is no function.
pub(crate) fn callable(py: Python<'_>, callback: Py<PyAny>) -> PyResult<Py<PyAny>> {
    match callback.bind(py).is_callable() {
        true => Ok(callback),
        false => Err(PyTypeError::new_err("the callback is not callable")),
    }
}

/// The same where there may be none.
pub(crate) fn optional(py: Python<'_>, callback: Option<Py<PyAny>>) -> PyResult<Option<Py<PyAny>>> {
    callback.map(|callback| callable(py, callback)).transpose()
}

/// What nobody else has: sessions that were made under a callback's rules are resumed under no others.
fn scope<const N: usize>() -> Result<[u8; N], Error> {
    let mut scope = [0; N];
    OsRandom
        .fill(&mut scope)
        .map_err(|_| Error::from(Reason::RandomFailed))?;
    Ok(scope)
}
