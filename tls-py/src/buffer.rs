//! Python's buffers as slices: bytes-like objects in, writable ones out.

use core::mem::MaybeUninit;
use core::slice;
use pyo3::buffer::PyUntypedBuffer;
use pyo3::exceptions::{PyBufferError, PyTypeError};
use pyo3::prelude::*;

/// A contiguous buffer, held (so that it cannot be resized) while this lives.
struct Contiguous(PyUntypedBuffer);

impl<'a, 'py> FromPyObject<'a, 'py> for Contiguous {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let buffer = PyUntypedBuffer::get(&object)?;
        if buffer.is_c_contiguous() {
            Ok(Self(buffer))
        } else {
            Err(PyBufferError::new_err("the buffer is not contiguous"))
        }
    }
}

/// Bytes to read: bytes, bytearray, memoryview, array and the like.
pub(crate) struct Input(Contiguous);

impl<'a, 'py> FromPyObject<'a, 'py> for Input {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        object.extract().map(Self)
    }
}

impl Input {
    /// The bytes. A program that changes a bytearray in another thread while it is being written
    /// gets an unspecified mixture of both contents sent, as with the standard ssl module.
    pub(crate) fn bytes(&self) -> &[u8] {
        let buffer = &self.0.0;
        if buffer.len_bytes() == 0 {
            return &[];
        }
        // SAFETY: the exporter keeps `len_bytes` contiguous, initialised bytes at `buf_ptr` until
        // the buffer is released, which is when `self` is dropped. That nobody writes to them
        // meanwhile is the caller's part (see above); nothing read from them is trusted twice.
        unsafe { slice::from_raw_parts(buffer.buf_ptr().cast(), buffer.len_bytes()) }
    }
}

/// Bytes to fill: bytearray, writable memoryview and the like.
pub(crate) struct Output(Contiguous);

impl<'a, 'py> FromPyObject<'a, 'py> for Output {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let contiguous: Contiguous = object.extract()?;
        if contiguous.0.readonly() {
            // TypeError, as the methods of socket.socket and ssl.SSLSocket have it.
            let text = "a read-write bytes-like object is required";
            return Err(PyTypeError::new_err(text));
        }
        Ok(Self(contiguous))
    }
}

impl Output {
    /// The room to fill.
    pub(crate) fn room(&mut self) -> &mut [MaybeUninit<u8>] {
        let buffer = &self.0.0;
        if buffer.len_bytes() == 0 {
            return &mut [];
        }
        // SAFETY: as in `Input::bytes`; the exporter declared the bytes writable.
        unsafe { slice::from_raw_parts_mut(buffer.buf_ptr().cast(), buffer.len_bytes()) }
    }
}
