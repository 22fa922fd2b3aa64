//! A session store of Python functions. What they raise is told to sys.unraisablehook and the handshake is a
//! full one: a store that fails must not keep clients out.

use crate::pending::ask;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use tls_std::tls_core::cert::UnixTime;
use tls_std::tls_core::crypto::{Later, Reply, Secret};
use tls_std::tls_core::session::SessionStore;

#[derive(Debug)]
pub(crate) struct Store {
    pub(crate) get: Py<PyAny>,
    pub(crate) put: Py<PyAny>,
    pub(crate) remove: Option<Py<PyAny>>,
}

impl SessionStore for Store {
    fn get(&self, id: &[u8], _now: UnixTime, later: &Later) -> Reply<Option<Secret>> {
        Python::attach(|py| {
            let get = |pending: &Bound<'_, _>| self.get.call1(py, (PyBytes::new(py, id), pending));
            ask(py, later, get).unwrap_or_else(|raised| {
                raised.write_unraisable(py, Some(self.get.bind(py)));
                Reply::Now(None)
            })
        })
    }

    fn put(&self, id: &[u8], value: &[u8], _now: UnixTime, lifetime: u32) {
        Python::attach(|py| {
            let arguments = (PyBytes::new(py, id), PyBytes::new(py, value), lifetime);
            if let Err(raised) = self.put.call1(py, arguments) {
                raised.write_unraisable(py, Some(self.put.bind(py)));
            }
        });
    }

    fn remove(&self, id: &[u8]) {
        let Some(remove) = &self.remove else { return };
        Python::attach(|py| {
            if let Err(raised) = remove.call1(py, (PyBytes::new(py, id),)) {
                raised.write_unraisable(py, Some(remove.bind(py)));
            }
        });
    }
}
