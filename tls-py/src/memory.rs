//! Two buffers of Python in the place of a socket: what comes and what goes.

use crate::frame::Frame;
use crate::interpreter::{attach, attribute, call};
use core::ffi::c_char;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyType};
use pyo3::{ffi, intern};
use std::sync::Arc;
use tls_std::transport::{Transfer, Transport, TransportError, Want};

/// Objects with the methods of `ssl.MemoryBIO`: the connection's, which the collector asks for them, and its transport's.
pub(crate) struct Bios {
    incoming: Py<PyAny>,
    /// The method read() of it.
    read: Py<PyAny>,
    /// The method write() of the other.
    write: Py<PyAny>,
    /// Whether both are `ssl.MemoryBIO` itself, which keeps nothing of what it is given.
    standard: bool,
}

/// The class `ssl.MemoryBIO`, as the interpreter made it: not what a program has put in its place since.
pub(crate) fn standard(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static STANDARD: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    STANDARD.import(py, "_ssl", "MemoryBIO")
}

impl Bios {
    pub(crate) fn new(incoming: Bound<'_, PyAny>, outgoing: &Bound<'_, PyAny>) -> PyResult<Self> {
        let py = incoming.py();
        let standard = standard(py)?;
        Ok(Self {
            standard: incoming.get_type().is(standard) && outgoing.get_type().is(standard),
            read: incoming.getattr(intern!(py, "read"))?.unbind(),
            incoming: incoming.unbind(),
            write: outgoing.getattr(intern!(py, "write"))?.unbind(),
        })
    }

    /// What comes, where a look at it runs no code of the program.
    pub(crate) fn standard_incoming(&self) -> Option<&Py<PyAny>> {
        self.standard.then_some(&self.incoming)
    }

    pub(crate) fn visit(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.incoming)?;
        visit.call(&self.read)?;
        visit.call(&self.write)
    }

    fn take(&self, py: Python<'_>, room: &mut [u8]) -> PyResult<Transfer> {
        let bytes: PyBackedBytes = call(self.read.bind(py), (room.len(),))?.extract()?;
        if bytes.is_empty() {
            let incoming = self.incoming.bind(py);
            let ended = attribute(incoming, intern!(py, "eof"))?.is_truthy()?;
            return Ok(match ended {
                true => Transfer::End,
                false => Transfer::Blocked(Want::Read),
            });
        }
        match room.get_mut(..bytes.len()) {
            Some(room) => room.copy_from_slice(&bytes),
            // tls-std says what is wrong with the number.
            None => return Ok(Transfer::Bytes(bytes.len())),
        }
        Ok(Transfer::Bytes(bytes.len()))
    }

    fn give(&self, py: Python<'_>, bytes: &[u8]) -> PyResult<Transfer> {
        let write = self.write.bind(py);
        let n = match self.standard {
            true => lent(py, bytes, |view| call(write, (view,)))?,
            false => call(write, (PyBytes::new(py, bytes),))?,
        };
        Ok(Transfer::Bytes(n.extract()?))
    }
}

/// Calls with a memoryview of bytes of ours, for what keeps nothing of it.
fn lent<'py, T>(
    py: Python<'py>,
    bytes: &[u8],
    call: impl FnOnce(&Bound<'py, PyAny>) -> PyResult<T>,
) -> PyResult<T> {
    let len = bytes.len().cast_signed();
    // SAFETY: the view is read-only, has the slice's length, and is released below, before the slice's borrow ends. A
    // view of it would outlive that: it is given to the interpreter's own MemoryBIO.write() alone, which copies the
    // bytes and keeps nothing.
    let view = unsafe {
        let start = bytes.as_ptr().cast_mut().cast::<c_char>();
        let view = ffi::PyMemoryView_FromMemory(start, len, ffi::PyBUF_READ);
        Bound::from_owned_ptr_or_err(py, view)?
    };
    let result = call(&view);
    view.call_method0(intern!(py, "release"))?;
    result
}

/// Reads one and writes the other.
pub(crate) struct MemoryTransport(pub(crate) Arc<Bios>);

impl Transport for MemoryTransport {
    fn read(&mut self, buf: &mut [u8]) -> Transfer {
        attach(|py| {
            self.0
                .take(py, buf)
                .unwrap_or_else(|raised| failed(py, raised))
        })
    }

    fn write(&mut self, buf: &[u8]) -> Transfer {
        attach(|py| {
            self.0
                .give(py, buf)
                .unwrap_or_else(|raised| failed(py, raised))
        })
    }
}

fn failed(py: Python<'_>, raised: PyErr) -> Transfer {
    let error = TransportError {
        text: raised.to_string(),
        os_error: None,
    };
    Frame::raise(py, raised);
    Transfer::Failed(error)
}
