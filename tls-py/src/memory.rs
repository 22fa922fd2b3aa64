//! Two buffers of Python in the place of a socket: what comes and what goes.

use crate::frame::Frame;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyBytes;
use tls_std::transport::{Transfer, Transport, TransportError, Want};

/// Objects with the methods of `ssl.MemoryBIO`.
pub(crate) struct MemoryTransport {
    incoming: Py<PyAny>,
    outgoing: Py<PyAny>,
}

impl MemoryTransport {
    pub(crate) fn new(incoming: Py<PyAny>, outgoing: Py<PyAny>) -> Self {
        Self { incoming, outgoing }
    }

    fn take(&self, py: Python<'_>, room: &mut [u8]) -> PyResult<Transfer> {
        let incoming = self.incoming.bind(py);
        let read = pyo3::intern!(py, "read");
        let bytes: PyBackedBytes = incoming.call_method1(read, (room.len(),))?.extract()?;
        if bytes.is_empty() {
            let ended = incoming.getattr(pyo3::intern!(py, "eof"))?.is_truthy()?;
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
        let write = pyo3::intern!(py, "write");
        let outgoing = self.outgoing.bind(py);
        let n = outgoing.call_method1(write, (PyBytes::new(py, bytes),))?;
        Ok(Transfer::Bytes(n.extract()?))
    }
}

impl Transport for MemoryTransport {
    fn read(&mut self, buf: &mut [u8]) -> Transfer {
        Python::attach(|py| {
            self.take(py, buf)
                .unwrap_or_else(|raised| failed(py, raised))
        })
    }

    fn write(&mut self, buf: &[u8]) -> Transfer {
        Python::attach(|py| {
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
