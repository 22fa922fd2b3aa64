//! Sessions and ticket keys.

use super::PyContext;
use crate::buffer::Input;
use crate::callbacks::{Store, callable, optional};
use crate::failure::misuse;
use crate::guard::{run, set};
use pyo3::prelude::*;
use std::path::PathBuf;
use std::sync::Arc;
use tls_std::Reason;

#[pymethods]
impl PyContext {
    /// Whether a client asks for tickets and a server gives them out (bool, RFC 5077); True by default.
    fn set_tickets(&self, py: Python<'_>, on: bool) -> PyResult<()> {
        set(py, || self.0.set_tickets(on))
    }

    /// How many sessions a server keeps in memory by session ID (int); 0 keeps none. What was kept
    /// before is forgotten. The default: 20480.
    fn set_session_cache(&self, py: Python<'_>, sessions: usize) -> PyResult<()> {
        set(py, || self.0.set_session_cache(sessions))
    }

    /// Keeps a server's sessions elsewhere, in place of its memory, by session ID (bytes, 32). They are sealed
    /// with the ticket keys before they leave: hosts that share a store share their ticket keys too.
    ///
    /// get(id, pending) returns the value (bytes), None, or pending to answer later; put(id, value, lifetime)
    /// keeps value for so many seconds (int); remove(id), where it is given, forgets one. All are called by
    /// whatever thread runs a handshake. A store that fails costs a full handshake and no more: what they raise
    /// goes to sys.unraisablehook.
    #[pyo3(signature = (get, put, remove = None))]
    fn set_session_store(
        &self,
        py: Python<'_>,
        get: Py<PyAny>,
        put: Py<PyAny>,
        remove: Option<Py<PyAny>>,
    ) -> PyResult<()> {
        let store = Arc::new(Store {
            get: callable(py, get)?,
            put: callable(py, put)?,
            remove: optional(py, remove)?,
        });
        set(py, || self.0.set_session_store(store))
    }

    /// How many sessions a client keeps in memory, one for each host, and resumes by itself (int);
    /// 0 keeps none. What was kept before is forgotten. The default: 1024.
    fn set_client_session_cache(&self, py: Python<'_>, sessions: usize) -> PyResult<()> {
        set(py, || self.0.set_client_session_cache(sessions))
    }

    /// For how many seconds a session is used (int), 1 to 86400; 7200 by default. Raises UsageError
    /// (BAD_ARGUMENT).
    fn set_session_lifetime(&self, py: Python<'_>, seconds: u32) -> PyResult<()> {
        run(py, || self.0.set_session_lifetime(seconds))
    }

    /// A server's session context ID (bytes-like), at most 32 bytes: sessions of another context are
    /// not resumed. For servers that share ticket keys and differ in what they are for. Raises
    /// UsageError (BAD_ARGUMENT).
    fn set_session_id_context(&self, py: Python<'_>, id: Input) -> PyResult<()> {
        run(py, || self.0.set_session_id_context(id.bytes()))
    }

    /// The ticket keys of a file of nginx (48 or 80 raw bytes) or haproxy (lines of base64), in place
    /// of all others, also for connections that exist. Raises UsageError (BAD_TICKET_KEYS,
    /// FILE_UNREADABLE) and changes nothing then.
    fn set_ticket_keys_file(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        run(py, || self.0.set_ticket_keys_file(path))
    }

    /// The same from memory (bytes-like).
    fn set_ticket_keys_mem(&self, py: Python<'_>, keys: Input) -> PyResult<()> {
        run(py, || self.0.set_ticket_keys_mem(keys.bytes()))
    }

    /// Adds one raw key of 48 or 80 bytes (bytes-like), also for connections that exist: it encrypts
    /// for encrypt seconds from now on, in place of older ones, and decrypts for decrypt seconds more.
    /// encrypt 0: it only decrypts. Raises UsageError (BAD_TICKET_KEYS).
    fn add_ticket_key(
        &self,
        py: Python<'_>,
        key: Input,
        encrypt: u64,
        decrypt: u64,
    ) -> PyResult<()> {
        run(py, || {
            self.0.add_ticket_key_mem(key.bytes(), encrypt, decrypt)
        })
    }

    /// Removes the key whose first 16 bytes are name (bytes-like), also for connections that exist. Raises
    /// UsageError (BAD_TICKET_KEYS) where there is none of that name.
    fn remove_ticket_key(&self, py: Python<'_>, name: Input) -> PyResult<()> {
        run(py, || match name.bytes().try_into() {
            Ok(name) => self.0.remove_ticket_key(name),
            Err(_other_length) => {
                let text = "the name of a ticket key has 16 bytes";
                Err(misuse(Reason::BadTicketKeys, text))
            }
        })
    }

    /// Derives the ticket keys from a master secret of at least 32 bytes and the time, another one for
    /// each epoch of so many seconds: hosts with the same secret and epochs open each other's tickets.
    /// Raises UsageError (BAD_TICKET_KEYS, BAD_ARGUMENT).
    fn set_ticket_master(&self, py: Python<'_>, master: Input, epoch: u32) -> PyResult<()> {
        run(py, || self.0.set_ticket_master(master.bytes(), epoch))
    }
}
