//! Pre-shared keys.

use super::PyContext;
use crate::buffer::Input;
use crate::callbacks::{Psks, optional};
use crate::guard::{run, set};
use pyo3::prelude::*;
use std::sync::Arc;

#[pymethods]
impl PyContext {
    /// One pre-shared key (bytes-like, 1 to 1024 random bytes, never a password) and what it is called
    /// (bytes-like, at most 1024, sent in the clear; RFC 4279): a client shows this name, a server knows no
    /// other. With it the suites of the list that need one are offered: "PSK" in a cipher list. In place of all
    /// earlier ones. Raises UsageError (BAD_ARGUMENT).
    fn set_psk(&self, py: Python<'_>, identity: Input, key: Input) -> PyResult<()> {
        run(py, || self.0.set_psk(identity.bytes(), key.bytes()))
    }

    /// Keys that functions look up. client(hint, pending), with the server's hint (bytes, empty where it gives
    /// none), returns (identity, key), None (that ends the handshake), or pending to answer later.
    /// server(identity, pending) returns the key, None (the client is told no more than of a wrong key), or
    /// pending. None in the place of one: that role has no keys; of both: no pre-shared keys.
    ///
    /// They are called by whatever thread runs a handshake; what they raise comes out of the verb. The server's is
    /// asked too before a session is resumed that was made with a key.
    #[pyo3(signature = (client = None, server = None))]
    fn set_psk_callbacks(
        &self,
        py: Python<'_>,
        client: Option<Py<PyAny>>,
        server: Option<Py<PyAny>>,
    ) -> PyResult<()> {
        let (client, server) = (optional(py, client)?, optional(py, server)?);
        if client.is_none() && server.is_none() {
            return set(py, || self.0.set_psk_keys(None));
        }
        run(py, || {
            let keys = Psks::new(client, server)?;
            self.0.set_psk_keys(Some(Arc::new(keys)));
            Ok(())
        })
    }

    /// What a server tells its clients, so that they find their key (bytes-like, at most 1024; RFC 4279 section
    /// 5.2); empty, the default: nothing. Raises UsageError (BAD_ARGUMENT).
    fn set_psk_hint(&self, py: Python<'_>, hint: Input) -> PyResult<()> {
        run(py, || self.0.set_psk_hint(hint.bytes()))
    }
}
