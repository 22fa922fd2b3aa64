//! A session store of Python functions. What they raise is told to sys.unraisablehook and the handshake is a
//! full one: a store that fails must not keep clients out.

use crate::interpreter::{attach, call, tell};
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
        attach(|py| {
            let get = self.get.bind(py);
            let said = ask(py, later, |pending| {
                call(get, (PyBytes::new(py, id), pending))
            });
            said.unwrap_or_else(|raised| {
                tell(py, raised, Some(get));
                Reply::Now(None)
            })
        })
    }

    fn put(&self, id: &[u8], value: &[u8], _now: UnixTime, lifetime: u32) {
        attach(|py| {
            let arguments = (PyBytes::new(py, id), PyBytes::new(py, value), lifetime);
            if let Err(raised) = call(self.put.bind(py), arguments) {
                tell(py, raised, Some(self.put.bind(py)));
            }
        });
    }

    fn remove(&self, id: &[u8]) {
        let Some(remove) = &self.remove else { return };
        attach(|py| {
            if let Err(raised) = call(remove.bind(py), (PyBytes::new(py, id),)) {
                tell(py, raised, Some(remove.bind(py)));
            }
        });
    }
}
