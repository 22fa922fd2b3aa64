//! Python functions that are asked, or told, by connections.

use super::PyContext;
use crate::callbacks::{Alpn, optional};
use crate::frame::Frame;
use crate::guard::{run, set};
use crate::hello::Hello;
use crate::interpreter::{attach, call};
use pyo3::prelude::*;
use std::path::PathBuf;
use std::sync::Arc;
use tls_std::TraceSink;
use tls_std::tls_core::config::{AlpnSelector, HelloHandler};
use tls_std::tls_core::inspect::{KeyLog, key_log_line};

#[pymethods]
impl PyContext {
    /// Asks callback(hello) about each ClientHello, before anything is looked up or chosen; hello is
    /// a ClientHello. It returns None (on with what there is), a Context (on with that one), an
    /// alert's number (the handshake ends with it), or hello.pending (it answers later). None in its place:
    /// nobody is asked.
    ///
    /// It runs inside of the call that read the hello, in its thread, and what it raises comes out of
    /// that call; the client gets internal_error. It must not use the connection.
    #[pyo3(signature = (callback))]
    fn set_hello_callback(&self, py: Python<'_>, callback: Option<Py<PyAny>>) -> PyResult<()> {
        let handler = optional(py, callback)?.map(|callback| hello(Some(callback)));
        set(py, || self.0.set_hello_handler(handler))
    }

    /// Keeps what clients offer for Connection.offered_ciphers, without asking anybody; takes the
    /// place of set_hello_callback().
    fn keep_offers(&self, py: Python<'_>) -> PyResult<()> {
        set(py, || self.0.set_hello_handler(Some(hello(None))))
    }

    /// Lets callback(protocols, server_name) choose the application protocol on servers, in place of the list of set_alpn(),
    /// which takes it back: protocols are those that the client offers (list of str), server_name the name that it asks for
    /// (str or None). It returns one of them (str or bytes), None (on without one) or False (the handshake ends with
    /// no_application_protocol, RFC 7301 section 3.2). It is asked about each ClientHello that offers some, a resumed
    /// session's too; what it raises comes out of the verb, and refuses. None in its place: the list decides.
    #[pyo3(signature = (callback))]
    fn set_alpn_callback(&self, py: Python<'_>, callback: Option<Py<PyAny>>) -> PyResult<()> {
        let selector = optional(py, callback)?.map(|f| Arc::new(Alpn(f)) as Arc<dyn AlpnSelector>);
        set(py, || self.0.set_alpn_selector(selector))
    }

    /// Tells callback(line) what happens on the connections created from now on, an event a line of
    /// JSON (str) without a line feed: records, messages, decisions with their reasons, alerts. No
    /// line holds a secret. None: to nobody. It must not use the connection; what it raises goes to
    /// sys.unraisablehook where the call succeeds otherwise.
    #[pyo3(signature = (callback))]
    fn set_trace(&self, py: Python<'_>, callback: Option<Py<PyAny>>) -> PyResult<()> {
        let sink = optional(py, callback)?.map(|f| Arc::new(Listener(f)) as Arc<dyn TraceSink>);
        set(py, || self.0.set_trace(sink))
    }

    /// DANGER: gives the secrets of the connections created from now on to callback(line), lines of
    /// NSS's key log (str); whoever has them can read everything. None: to nobody.
    #[pyo3(signature = (callback))]
    fn danger_set_key_log(&self, py: Python<'_>, callback: Option<Py<PyAny>>) -> PyResult<()> {
        let log = optional(py, callback)?.map(|f| Arc::new(Listener(f)) as Arc<dyn KeyLog>);
        set(py, || self.0.danger_set_key_log(log))
    }

    /// DANGER: the same into a file, to which lines are added. Raises UsageError (FILE_UNREADABLE).
    fn danger_key_log_file(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        run(py, || self.0.danger_key_log_file(path))
    }
}

fn hello(callback: Option<Py<PyAny>>) -> Arc<dyn HelloHandler> {
    Arc::new(Hello(callback))
}

/// A function that is told lines.
#[derive(Debug)]
struct Listener(Py<PyAny>);

impl Listener {
    fn tell(&self, line: &str) {
        attach(|py| {
            if let Err(raised) = call(self.0.bind(py), (line,)) {
                Frame::raise(py, raised);
            }
        });
    }
}

impl TraceSink for Listener {
    fn line(&self, line: &str) {
        self.tell(line);
    }
}

impl KeyLog for Listener {
    fn log(&self, label: &str, client_random: &[u8; 32], secret: &[u8]) {
        self.tell(&key_log_line(label, client_random, secret));
    }
}
