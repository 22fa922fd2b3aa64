//! Sockets: the bytes' way in and out, and the waiting that Python's socket timeouts ask for.

use crate::interpreter::{attribute, attribute_if_any, call, detach};
use core::ffi::c_int;
use pyo3::exceptions::{PyOSError, PyTimeoutError, PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyInt, PyWeakrefMethods, PyWeakrefReference};
use std::io::{Error, ErrorKind};
use std::os::fd::RawFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::{Duration, Instant};
use tls_std::transport::{Transfer, Transport, Want};

/// What the program gave as `sock`.
pub(crate) struct Socket {
    object: Py<PyAny>,
    kind: Kind,
    /// Where the transport finds the descriptor. Asked for anew by each call: an object that was
    /// closed has -1, and its old number may be somebody else's by now.
    fd: Arc<AtomicI32>,
}

/// What that is.
#[derive(Clone, Copy)]
enum Kind {
    /// A descriptor.
    Descriptor,
    /// An object with fileno().
    Object,
    /// A weak reference to one: of who holds the connection, so that neither keeps the other.
    Weak,
}

/// How long a call may wait.
#[derive(Clone, Copy)]
pub(crate) enum Patience {
    /// Not at all: a non-blocking socket.
    None,
    /// Until then; the socket's timeout.
    Until(Instant),
    /// For ever: a blocking socket.
    Endless,
}

/// What a call waits for.
#[derive(Clone, Copy)]
pub(crate) enum Ready {
    Readable,
    Writable,
    Either,
}

impl Socket {
    pub(crate) fn new(object: Bound<'_, PyAny>) -> PyResult<Self> {
        let py = object.py();
        let kind = if object.is_instance_of::<PyInt>() {
            Kind::Descriptor
        } else if object.is_instance_of::<PyWeakrefReference>() {
            Kind::Weak
        } else if attribute_if_any(&object, intern!(py, "fileno"))?.is_some() {
            Kind::Object
        } else {
            let text = "sock must be a socket, an object with fileno(), or a descriptor";
            return Err(PyTypeError::new_err(text));
        };
        let socket = Self {
            object: object.unbind(),
            kind,
            fd: Arc::new(AtomicI32::new(-1)),
        };
        match socket.fileno(py)? {
            fd if fd < 0 => Err(PyValueError::new_err("sock has no descriptor (closed?)")),
            _open => Ok(socket),
        }
    }

    pub(crate) fn object(&self) -> &Py<PyAny> {
        &self.object
    }

    pub(crate) fn transport(&self) -> Box<dyn Transport> {
        Box::new(SocketTransport(self.fd.clone()))
    }

    /// Every step begins here: the descriptor as it is now.
    pub(crate) fn begin(&self, py: Python<'_>) -> PyResult<()> {
        match self.fileno(py)? {
            fd if fd < 0 => Err(PyOSError::new_err((libc::EBADF, "the socket is closed"))),
            fd => {
                self.fd.store(fd, Ordering::Relaxed);
                Ok(())
            }
        }
    }

    /// The timeout as it is now.
    pub(crate) fn patience(&self, py: Python<'_>) -> PyResult<Patience> {
        let gettimeout = match self.kind {
            Kind::Descriptor => None,
            _ => attribute_if_any(&self.target(py)?, intern!(py, "gettimeout"))?,
        };
        let timeout = match gettimeout {
            Some(gettimeout) => call(&gettimeout, ())?.extract::<Option<f64>>()?,
            None if is_non_blocking(self.fd.load(Ordering::Relaxed))? => Some(0.0),
            None => None,
        };
        Ok(match timeout {
            None => Patience::Endless,
            Some(0.0) => Patience::None,
            Some(seconds) => Duration::try_from_secs_f64(seconds)
                .ok()
                .and_then(|timeout| Instant::now().checked_add(timeout))
                .map_or(Patience::Endless, Patience::Until),
        })
    }

    fn fileno(&self, py: Python<'_>) -> PyResult<RawFd> {
        match self.kind {
            Kind::Descriptor => self.object.bind(py).extract(),
            _ => {
                let fileno = attribute(&self.target(py)?, intern!(py, "fileno"))?;
                call(&fileno, ())?.extract()
            }
        }
    }

    /// What a weak reference refers to, or the object itself.
    fn target<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let object = self.object.bind(py);
        match self.kind {
            Kind::Descriptor | Kind::Object => Ok(object.clone()),
            Kind::Weak => object
                .cast::<PyWeakrefReference>()?
                .upgrade()
                .ok_or_else(|| PyOSError::new_err((libc::EBADF, "the socket is gone"))),
        }
    }

    /// Waits until the socket is ready, or for `at_most`; signal handlers run meanwhile, and may raise.
    pub(crate) fn wait(
        &self,
        py: Python<'_>,
        ready: Ready,
        patience: Patience,
        at_most: Option<Duration>,
        timed_out: &'static str,
    ) -> PyResult<()> {
        let events = match ready {
            Ready::Readable => libc::POLLIN,
            Ready::Writable => libc::POLLOUT,
            Ready::Either => libc::POLLIN | libc::POLLOUT,
        };
        let fd = self.fd.load(Ordering::Relaxed);
        let left = match (patience.left(), at_most) {
            (Some(left), Some(at_most)) => Some(left.min(at_most)),
            (left, at_most) => left.or(at_most),
        };
        match detach(py, || poll(fd, events, left)) {
            Ok(true) => Ok(()),
            Ok(false) if patience.left() == Some(Duration::ZERO) => {
                Err(PyTimeoutError::new_err(timed_out))
            }
            Ok(false) => Ok(()),
            Err(error) if error.kind() == ErrorKind::Interrupted => py.check_signals(),
            Err(error) => Err(error.into()),
        }
    }
}

impl Patience {
    /// How long is left to wait; `None`: no end.
    pub(crate) fn left(self) -> Option<Duration> {
        match self {
            Self::None => Some(Duration::ZERO),
            Self::Until(end) => Some(end.saturating_duration_since(Instant::now())),
            Self::Endless => None,
        }
    }
}

fn is_non_blocking(fd: RawFd) -> PyResult<bool> {
    // SAFETY: F_GETFL has no further argument, and touches no memory of ours.
    match unsafe { libc::fcntl(fd, libc::F_GETFL) } {
        -1 => Err(Error::last_os_error().into()),
        flags => Ok(flags & libc::O_NONBLOCK != 0),
    }
}

/// Whether the descriptor became ready (or failed, which the next step will find) in time.
fn poll(fd: RawFd, events: i16, left: Option<Duration>) -> Result<bool, Error> {
    let milliseconds = match left {
        None => -1,
        // Rounded up: never to 0 before the time is over.
        Some(left) => c_int::try_from(left.as_micros().div_ceil(1000)).unwrap_or(c_int::MAX),
    };
    let mut entry = libc::pollfd {
        fd,
        events,
        revents: 0,
    };
    // SAFETY: one live, exclusively borrowed entry, as its count says.
    match unsafe { libc::poll(&raw mut entry, 1, milliseconds) } {
        -1 => Err(Error::last_os_error()),
        ready => Ok(ready > 0),
    }
}

/// Never blocks, whatever mode the socket is in: a blocking read would hold the connection's lock
/// and be deaf to signals. Waiting is `Socket::wait`.
struct SocketTransport(Arc<AtomicI32>);

impl Transport for SocketTransport {
    fn read(&mut self, buf: &mut [u8]) -> Transfer {
        let fd = self.0.load(Ordering::Relaxed);
        transfer(Want::Read, || {
            // SAFETY: the pointer and the length are those of a live, exclusively borrowed slice.
            unsafe { libc::recv(fd, buf.as_mut_ptr().cast(), buf.len(), libc::MSG_DONTWAIT) }
        })
    }

    fn write(&mut self, buf: &[u8]) -> Transfer {
        let fd = self.0.load(Ordering::Relaxed);
        let flags = libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL;
        transfer(Want::Write, || {
            // SAFETY: the pointer and the length are those of a live slice.
            unsafe { libc::send(fd, buf.as_ptr().cast(), buf.len(), flags) }
        })
    }
}

fn transfer(want: Want, mut call: impl FnMut() -> isize) -> Transfer {
    loop {
        match usize::try_from(call()) {
            Ok(0) if want == Want::Read => return Transfer::End,
            Ok(n) => return Transfer::Bytes(n),
            Err(_negative) => {}
        }
        let error = Error::last_os_error();
        match error.kind() {
            ErrorKind::Interrupted => {}
            ErrorKind::WouldBlock => return Transfer::Blocked(want),
            _ => return Transfer::Failed(error.into()),
        }
    }
}
