//! What can be set for one connection alone, before its first verb.

use super::PyConnection;
use crate::buffer::Input;
use crate::callbacks::{Review, optional};
use crate::context::{client_auth, pin};
use crate::error::exception;
use crate::failure::misuse;
use crate::session::PySession;
use crate::text::ProtocolName;
use pyo3::prelude::*;
use std::sync::Arc;
use tls_std::{Reason, Renegotiation};

#[pymethods]
impl PyConnection {
    /// A client offers this session (or None: no session) in its first handshake, in place of what its
    /// context has for this host. One that does not fit is passed over: a full handshake follows.
    ///
    /// Raises UsageError: WRONG_ROLE on servers, WRONG_ORDER inside of a handshake.
    #[pyo3(signature = (session))]
    fn set_session(&self, py: Python<'_>, session: Option<&Bound<'_, PySession>>) -> PyResult<()> {
        let session = session.map(|session| Arc::clone(&session.get().0));
        self.shared.attempt(py, |conn| conn.set_session(session))
    }

    /// The host name that a client sends (str; an IP address is not sent), or None: none. Raises
    /// UsageError (BAD_SERVER_NAME, WRONG_ROLE, WRONG_ORDER).
    #[pyo3(signature = (name))]
    fn set_server_name(&self, py: Python<'_>, name: Option<&str>) -> PyResult<()> {
        self.shared.attempt(py, |conn| conn.set_server_name(name))
    }

    /// The name that the server's certificate must be for (str). Raises as set_server_name().
    #[pyo3(signature = (name))]
    fn set_verify_name(&self, py: Python<'_>, name: Option<&str>) -> PyResult<()> {
        self.shared.attempt(py, |conn| conn.set_verify_name(name))
    }

    /// Context.set_cipher_list() for this connection.
    fn set_cipher_list(&self, py: Python<'_>, names: &str) -> PyResult<()> {
        self.shared.attempt(py, |conn| conn.set_cipher_list(names))
    }

    /// Context.set_alpn() for this connection.
    fn set_alpn(&self, py: Python<'_>, protocols: Vec<ProtocolName>) -> PyResult<()> {
        self.shared.attempt(py, |conn| conn.set_alpn(&protocols))
    }

    /// Context.set_client_auth() for this connection alone. Where a hello callback chooses another context the
    /// stricter of both holds. Raises UsageError (BAD_ARGUMENT, WRONG_ORDER).
    fn set_client_auth(&self, py: Python<'_>, asked: &str) -> PyResult<()> {
        let asked = client_auth(py, asked)?;
        self.shared.attempt(py, |conn| conn.set_client_auth(asked))
    }

    /// Context.require_verification() for this connection alone, whatever context a hello callback chooses.
    fn require_verification(&self, py: Python<'_>) -> PyResult<()> {
        self.shared
            .attempt(py, tls_std::Connection::require_verification)
    }

    /// DANGER: Context.danger_accept_any_name() for this connection alone.
    fn danger_accept_any_name(&self, py: Python<'_>) -> PyResult<()> {
        self.shared
            .attempt(py, tls_std::Connection::danger_accept_any_name)
    }

    /// DANGER: Context.danger_accept_any_cert() for this connection alone.
    fn danger_accept_any_cert(&self, py: Python<'_>) -> PyResult<()> {
        self.shared
            .attempt(py, tls_std::Connection::danger_accept_any_cert)
    }

    /// Context.set_verify_callback() for this connection alone, whatever context a hello callback chooses; None:
    /// nobody is asked. A callback that refers to the connection keeps it for ever: use weakref.ref there.
    #[pyo3(signature = (callback))]
    fn set_verify_callback(&self, py: Python<'_>, callback: Option<Py<PyAny>>) -> PyResult<()> {
        let callback = optional(py, callback)?;
        self.shared.attempt(py, |conn| {
            let review = callback.map(Review::new).transpose()?;
            conn.set_reviewer(review.map(|review| Arc::new(review) as _))
        })
    }

    /// Context.add_pin() for this connection alone, beside its context's. Raises UsageError (BAD_ARGUMENT,
    /// WRONG_ORDER).
    fn add_pin(&self, py: Python<'_>, spki_sha256: Input) -> PyResult<()> {
        let pin = pin(py, &spki_sha256)?;
        self.shared.attempt(py, |conn| conn.add_pin(pin))
    }

    /// Whether handshakes may follow the first one (RFC 5746): "refuse" (the default), "own" (those
    /// that this side asks for) or "allow" (the peer's too). Raises UsageError (BAD_ARGUMENT).
    fn set_renegotiation(&self, py: Python<'_>, renegotiation: &str) -> PyResult<()> {
        let renegotiation = match renegotiation {
            "refuse" => Renegotiation::Refuse,
            "own" => Renegotiation::Own,
            "allow" => Renegotiation::Allow,
            _ => {
                let text = format!("{renegotiation:?} is none of refuse, own and allow");
                return Err(exception(py, &misuse(Reason::BadArgument, text)));
            }
        };
        self.shared
            .attempt(py, |conn| conn.set_renegotiation(renegotiation))
    }

    /// Whether more is taken from the transport than the record that is being read (bool); True by
    /// default. With False no complete record waits inside unread: who polls the socket without
    /// asking has_pending first sees it readable as long as there is something to read.
    fn set_read_ahead(&self, py: Python<'_>, on: bool) -> PyResult<()> {
        self.shared.attempt(py, |conn| {
            conn.set_read_ahead(on);
            Ok(())
        })
    }
}
