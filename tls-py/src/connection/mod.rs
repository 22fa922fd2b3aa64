//! The class Connection and its verbs. Facts, settings and secrets are in the files beside this one.

mod drive;
mod facts;
mod secrets;
mod setup;
mod standard;

use crate::buffer::{Input, Output};
use crate::callbacks::optional;
use crate::context::PyContext;
use crate::failure::{Failure, misuse};
use crate::guard::run;
use crate::memory::{Bios, MemoryTransport};
use crate::shared::Shared;
use crate::socket::Socket;
use core::mem::MaybeUninit;
use drive::Verb;
use pyo3::exceptions::PyTypeError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tls_std::tls_core::config::RECV_BUFFER_LEN;
use tls_std::transport::Transport;
use tls_std::{Connection, Error, Facts, Reason, Role};

/// How many bytes are written while a reading thread waits for its turn.
const WRITE_STEP: usize = 256 * 1024;

/// One TLS connection, over a socket or without any I/O.
///
/// Connection(ctx, server_hostname=None, *, server_side=False, sock=None, bio=None, raising=None)
///
/// A client needs server_hostname, the server's DNS name or IP address: it is sent (server_name;
/// never an IP address) and verified against the server's certificate. It is in A-labels
/// ("xn--bcher-kva.example"); one with characters beyond ASCII is refused (BAD_SERVER_NAME), as what
/// becomes of them has to be what was resolved: socket's functions, and tlscore.compat, take
/// name.encode("idna").
///
/// sock is a connected socket, another object with fileno(), a weakref.ref to one of these, or a
/// descriptor of a socket. It is not closed with the connection. Its timeout is obeyed: a blocking socket waits, one with a timeout
/// raises TimeoutError, a non-blocking one WantRead or WantWrite (repeat the call when it is
/// readable or writable). A waiting call holds neither the interpreter nor the connection: one
/// thread may read while another writes.
///
/// bio is a pair of objects like ssl.MemoryBIO, what comes and what goes: verbs read() the first and
/// write() to the second, raise WantRead when the first is empty, and its eof ends the transport.
///
/// raising(error) is given every TLSError but those that want something, and returns the exception that
/// the verb raises: for programs that have exceptions of their own.
///
/// Without sock and bio the connection does no I/O: feed() it what the transport brings and send what
/// drain() gives. A verb that needs more raises WantRead or WantWrite; repeat it afterwards. Calls
/// that overlap in two threads raise UsageError (WRONG_ORDER).
///
/// A connection keeps the configuration as it was when it was created. One that failed raises the
/// same for ever. Raises UsageError for a wrong role or a malformed name.
#[pyclass(name = "Connection", module = "tlscore", frozen, weakref)]
pub(crate) struct PyConnection {
    shared: Shared,
    socket: Option<Socket>,
    /// Its transport's, where that is two of them.
    bios: Option<Arc<Bios>>,
    /// What makes other exceptions of ours.
    raising: Option<Py<PyAny>>,
    /// Bytes that a write took and did not count yet: `_standard_write`.
    owed: AtomicUsize,
}

/// The verbs.
#[pymethods]
impl PyConnection {
    #[new]
    #[pyo3(signature = (ctx, server_hostname = None, *, server_side = false, sock = None, bio = None, raising = None))]
    fn new(
        py: Python<'_>,
        ctx: &PyContext,
        server_hostname: Option<&str>,
        server_side: bool,
        sock: Option<Bound<'_, PyAny>>,
        bio: Option<(Bound<'_, PyAny>, Bound<'_, PyAny>)>,
        raising: Option<Py<PyAny>>,
    ) -> PyResult<Self> {
        let socket = sock.map(Socket::new).transpose()?;
        let bios = match bio {
            Some((incoming, outgoing)) => Some(Arc::new(Bios::new(incoming, &outgoing)?)),
            None => None,
        };
        let transport: Option<Box<dyn Transport>> = match (&socket, &bios) {
            (Some(_), Some(_)) => return Err(PyTypeError::new_err("either sock or bio, not both")),
            (Some(socket), None) => Some(socket.transport()),
            (None, Some(bios)) => Some(Box::new(MemoryTransport(Arc::clone(bios)))),
            (None, None) => None,
        };
        let turns = transport.is_some();
        let conn = run(py, || {
            let mut conn = match (server_side, server_hostname) {
                (false, name) => ctx.0.client(name),
                (true, None) => ctx.0.server(),
                (true, Some(_)) => return Err(named_server()),
            };
            conn.set_transport(transport);
            match conn.error() {
                Some(error) => Err(error.clone()),
                None => Ok(conn),
            }
        })?;
        Ok(Self {
            shared: Shared::new(conn, turns),
            socket,
            bios,
            raising,
            owed: AtomicUsize::new(0),
        })
    }

    /// Runs the handshake; returns once it is complete and its last bytes have left. Optional:
    /// read() and write() run it too.
    ///
    /// Raises WantRead, WantWrite, WantApp, TimeoutError, or what ended the connection
    /// (CertificateError, AlertError, ...), as every verb does.
    fn handshake(&self, py: Python<'_>) -> PyResult<()> {
        self.drive(py, Verb::Handshake, Connection::handshake)
    }

    /// Reads up to n decrypted bytes, at least one; b"" only after the peer's close_notify: then all
    /// was read. A transport that ends without it raises TruncatedError: data may be missing.
    ///
    /// While sealed bytes wait it raises WantWrite in place of WantRead: the peer may need them
    /// first. Wait for the transport to be readable or writable then.
    #[pyo3(signature = (n = 16384))]
    fn read<'py>(&self, py: Python<'py>, n: usize) -> PyResult<Bound<'py, PyBytes>> {
        // No call gives more than what the receive buffer can hold.
        collected(py, n.min(RECV_BUFFER_LEN), |room| {
            self.drive(py, Verb::Read, |conn| conn.read_uninit(room))
        })
    }

    /// read() into a writable buffer (bytearray, memoryview). Returns how many bytes of it were
    /// filled; 0 only after the peer's close_notify.
    fn read_into(&self, py: Python<'_>, mut buffer: Output) -> PyResult<usize> {
        let room = buffer.room();
        self.drive(py, Verb::Read, |conn| conn.read_uninit(room))
    }

    /// Seals data (bytes-like) and hands it to the transport. Returns how many bytes were taken: they
    /// are the connection's, and need not be written again. A blocking socket takes all, and has
    /// them when this returns; where it raises (TimeoutError) repeat it with the same data, of which some may be
    /// taken. Otherwise it can be fewer, and some may still wait (flush(), or
    /// drain()); while any wait none are taken: WantWrite.
    ///
    /// data must not be changed by another thread meanwhile.
    fn write(&self, py: Python<'_>, data: Input) -> PyResult<usize> {
        let data = data.bytes();
        if self.socket.is_none() || data.is_empty() {
            return self.drive(py, Verb::Write(data.len()), |conn| conn.write(data));
        }
        let (mut taken, mut patience) = (self.owed_of(py, data.len())?, None);
        loop {
            let step = |conn: &mut Connection| {
                let end = data.len().min(taken + WRITE_STEP);
                while taken < end {
                    taken += conn.write(&data[taken..end])?;
                }
                conn.flush()
            };
            match self.patiently(py, &mut patience, Verb::Write(data.len()), step) {
                Ok(()) if taken < data.len() => {}
                Ok(()) => return Ok(taken),
                Err(Failure::Want { .. }) if taken > 0 => return Ok(taken),
                Err(failure) => {
                    // It timed out, say: the same bytes will come again.
                    self.owed.store(taken, Ordering::Relaxed);
                    return Err(self.exception(py, failure));
                }
            }
        }
    }

    /// Hands the sealed bytes that wait to the transport; returns only when all have left.
    fn flush(&self, py: Python<'_>) -> PyResult<()> {
        self.drive(py, Verb::Write(self.shared.unsent()), Connection::flush)
    }

    /// Sends close_notify; returns once it has left. Nothing can be written behind it. Reading stays
    /// possible until read() returns b""; whoever does not wait for that may close the socket now.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        self.drive(py, Verb::Close, Connection::close)
    }

    /// Asks for another handshake (RFC 5746), which set_renegotiation() must allow; the verbs that
    /// follow carry it on. Raises UsageError (RENEGOTIATION_OFF) where it cannot be.
    fn renegotiate(&self, py: Python<'_>) -> PyResult<()> {
        self.drive(py, Verb::Handshake, Connection::renegotiate)
    }

    /// Without a socket: hands received bytes in. Returns how many were consumed, which can be fewer
    /// than there are, also 0, while received data fills the buffer (run the handshake or read
    /// first). Makes no progress by itself: repeat the verb that wanted to read.
    fn feed(&self, py: Python<'_>, data: Input) -> PyResult<usize> {
        let data = data.bytes();
        self.by_hand(py, |conn| conn.feed(data))
    }

    /// Without a socket: tells that no further bytes will come. Behind the peer's close_notify that is
    /// a clean end; else read() raises TruncatedError.
    fn feed_eof(&self, py: Python<'_>) -> PyResult<()> {
        self.by_hand(py, Connection::feed_eof)
    }

    /// Without a socket: takes out sealed bytes to send, at most n of them (None: all); b"" when none
    /// wait. An alert that tells the peer of a fatal error comes out before that error is raised.
    #[pyo3(signature = (n = None))]
    fn drain<'py>(&self, py: Python<'py>, n: Option<usize>) -> PyResult<Bound<'py, PyBytes>> {
        let waiting = self.look(py, |conn| conn.outgoing().len())?;
        // Room for one byte where none waits: the call then says whether the connection failed.
        let room = n.unwrap_or(usize::MAX).min(waiting.max(1));
        collected(py, room, |out| self.by_hand(py, |conn| conn.drain(out)))
    }

    /// Calls callback() once the answer is there that WantApp waits for, in the thread that answers (at once
    /// where it is there already); repeat the verb then, in the connection's own thread:
    /// conn.set_wake(lambda: loop.call_soon_threadsafe(event.set)). A later call takes its place, None takes it
    /// back. Blocking sockets need none: their calls wait. Raises UsageError (WRONG_ORDER) where nothing
    /// was asked.
    #[pyo3(signature = (callback))]
    fn set_wake(&self, py: Python<'_>, callback: Option<Py<PyAny>>) -> PyResult<()> {
        let callback = optional(py, callback)?;
        match self.shared.bell() {
            Some(bell) => {
                bell.set_wake(py, callback);
                Ok(())
            }
            None => {
                let text = "no callback of this connection was asked anything";
                Err(self.exception(py, Failure::misuse(Reason::WrongOrder, text)))
            }
        }
    }

    /// Takes back the bytes that arrived behind the peer's close_notify: they belong to whatever
    /// follows TLS on this transport (FTP CCC, unwrap). b"" when there are none.
    fn unread<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        // They were in the receive buffer, so no more than that.
        collected(py, RECV_BUFFER_LEN, |out| {
            let result = self.shared.step(py, |conn| Ok(conn.unread(out)));
            result.map_err(|failure| failure.exception(py))
        })
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        self.look(py, |conn| {
            let role = match conn.role() {
                Role::Client => "client",
                Role::Server => "server",
            };
            let state = match (conn.error(), conn.facts().suite) {
                (Some(error), _) if conn.is_failed() => error.reason().name(),
                (_, Some(suite)) if conn.is_established() => suite.openssl_name,
                _ => "in handshake",
            };
            format!("<tlscore.Connection {role} {state}>")
        })
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        if let Some(socket) = &self.socket {
            visit.call(socket.object())?;
        }
        if let Some(bios) = &self.bios {
            bios.visit(&visit)?;
        }
        visit.call(&self.raising)
    }
}

impl PyConnection {
    #[cfg(feature = "test-hooks")]
    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }

    fn look<T: Send>(
        &self,
        py: Python<'_>,
        f: impl FnOnce(&Connection) -> T + Send,
    ) -> PyResult<T> {
        self.shared.look(py, f)
    }

    fn fact<T: Send>(&self, py: Python<'_>, f: impl FnOnce(&Facts) -> T + Send) -> PyResult<T> {
        self.look(py, |conn| f(conn.facts()))
    }
}

fn named_server() -> Error {
    let text = "server_hostname is for clients: it names the server to reach";
    misuse(Reason::WrongRole, text)
}

/// The bytes that `fill` puts into room for `n`; it says how many.
fn collected<'py>(
    py: Python<'py>,
    n: usize,
    fill: impl FnOnce(&mut [MaybeUninit<u8>]) -> PyResult<usize>,
) -> PyResult<Bound<'py, PyBytes>> {
    let mut room = Box::<[u8]>::new_uninit_slice(n);
    let filled = fill(&mut room)?;
    // SAFETY: tls-std's verbs initialise as many bytes as they return, from the start on.
    Ok(PyBytes::new(py, unsafe {
        room[..filled].assume_init_ref()
    }))
}
