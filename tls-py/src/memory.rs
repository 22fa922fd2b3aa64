//! Two buffers of Python in the place of a socket: what comes and what goes.

use crate::frame::Frame;
use crate::interpreter::{attach, attribute, call};
use core::ffi::c_char;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyBytes;
use pyo3::{ffi, intern};
use tls_std::transport::{Transfer, Transport, TransportError, Want};

/// Objects with the methods of `ssl.MemoryBIO`.
pub(crate) struct MemoryTransport {
    incoming: Py<PyAny>,
    /// The method read() of it.
    read: Py<PyAny>,
    /// The method write() of the other.
    write: Py<PyAny>,
    /// Whether they are `ssl.MemoryBIO` itself, which keeps nothing of what it is given.
    lends: bool,
}

/// Whether both are `ssl.MemoryBIO`.
pub(crate) fn are_standard(
    incoming: &Bound<'_, PyAny>,
    outgoing: &Bound<'_, PyAny>,
) -> PyResult<bool> {
    let standard = incoming.py().import("ssl")?.getattr("MemoryBIO")?;
    Ok(incoming.get_type().is(&standard) && outgoing.get_type().is(&standard))
}

impl MemoryTransport {
    pub(crate) fn new(incoming: Bound<'_, PyAny>, outgoing: &Bound<'_, PyAny>) -> PyResult<Self> {
        let py = incoming.py();
        Ok(Self {
            lends: are_standard(&incoming, outgoing)?,
            read: incoming.getattr(intern!(py, "read"))?.unbind(),
            incoming: incoming.unbind(),
            write: outgoing.getattr(intern!(py, "write"))?.unbind(),
        })
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
        let n = match self.lends {
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
    // SAFETY: the view is read-only, has the slice's length, and is released below, before the slice's
    // borrow ends; whoever kept the object has a view that raises. ssl.MemoryBIO.write(), which alone is
    // given one, holds the buffer for its call and not longer.
    let view = unsafe {
        let start = bytes.as_ptr().cast_mut().cast::<c_char>();
        let view = ffi::PyMemoryView_FromMemory(start, len, ffi::PyBUF_READ);
        Bound::from_owned_ptr_or_err(py, view)?
    };
    let result = call(&view);
    view.call_method0(intern!(py, "release"))?;
    result
}

impl Transport for MemoryTransport {
    fn read(&mut self, buf: &mut [u8]) -> Transfer {
        attach(|py| {
            self.take(py, buf)
                .unwrap_or_else(|raised| failed(py, raised))
        })
    }

    fn write(&mut self, buf: &[u8]) -> Transfer {
        attach(|py| {
            self.give(py, buf)
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
