//! Pre-shared keys that Python functions know.

use crate::interpreter::call;
use crate::pending::ask_or;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use tls_std::Error;
use tls_std::tls_core::crypto::{Later, Psk, PskKeys, Reply};

#[derive(Debug)]
pub(crate) struct Psks {
    client: Option<Py<PyAny>>,
    server: Option<Py<PyAny>>,
    scope: [u8; 16],
}

impl Psks {
    pub(crate) fn new(client: Option<Py<PyAny>>, server: Option<Py<PyAny>>) -> Result<Self, Error> {
        Ok(Self {
            client,
            server,
            scope: super::scope()?,
        })
    }
}

fn look_up(callback: Option<&Py<PyAny>>, name: &[u8], later: &Later) -> Reply<Option<Psk>> {
    let Some(callback) = callback else {
        return Reply::Now(None);
    };
    ask_or(
        later,
        |_raised| None,
        |py, pending| call(callback.bind(py), (PyBytes::new(py, name), pending)),
    )
}

impl PskKeys for Psks {
    fn for_hint(&self, hint: &[u8], later: &Later) -> Reply<Option<Psk>> {
        look_up(self.client.as_ref(), hint, later)
    }

    fn for_identity(&self, identity: &[u8], later: &Later) -> Reply<Option<Psk>> {
        look_up(self.server.as_ref(), identity, later)
    }

    fn scope(&self) -> Vec<u8> {
        self.scope.to_vec()
    }
}
