//! What a server asks of its clients.

use super::PyContext;
use crate::error::exception;
use crate::failure::misuse;
use crate::guard::{run, set};
use crate::text::Material;
use pyo3::prelude::*;
use std::path::PathBuf;
use tls_std::{ClientAuth, Reason};

#[pymethods]
impl PyContext {
    /// Whether servers ask their clients for a certificate (RFC 5246 section 7.4.4): "none" (the
    /// default), "request" (of those that have one) or "require". What comes is verified in either
    /// case, against the CAs that were added: the system's vouch for servers.
    ///
    /// Raises UsageError (BAD_ARGUMENT) for another word.
    fn set_client_auth(&self, py: Python<'_>, asked: &str) -> PyResult<()> {
        let asked = client_auth(py, asked)?;
        set(py, || self.0.set_client_auth(asked))
    }

    /// The CAs whose names a server sends when it asks, for clients to choose by, from a PEM or DER
    /// file; they are not trusted by this. The default: those that are trusted.
    ///
    /// Raises as add_ca_file().
    fn set_client_ca_file(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        run(py, || self.0.set_client_ca_file(path))
    }

    /// The same from memory: PEM (str or bytes) or DER (bytes); nothing at all: no names.
    fn set_client_ca_mem(&self, py: Python<'_>, ca: Material) -> PyResult<()> {
        run(py, || self.0.set_client_ca_mem(ca.bytes()))
    }
}

/// What is asked of clients, by its name.
pub(crate) fn client_auth(py: Python<'_>, asked: &str) -> PyResult<ClientAuth> {
    match asked {
        "none" => Ok(ClientAuth::None),
        "request" => Ok(ClientAuth::Request),
        "require" => Ok(ClientAuth::Require),
        _ => {
            let text = format!("{asked:?} is none of none, request and require");
            Err(exception(py, &misuse(Reason::BadArgument, text)))
        }
    }
}
