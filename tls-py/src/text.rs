//! Arguments that are text or bytes.

use crate::buffer::Input;
use pyo3::prelude::*;
use pyo3::pybacked::{PyBackedBytes, PyBackedStr};
use pyo3::types::{PyBytes, PyString};

/// PEM as text, or PEM or DER as bytes. Neither is copied: it may be a private key.
#[derive(FromPyObject)]
pub(crate) enum Material {
    #[pyo3(annotation = "str")]
    Text(PyBackedStr),
    #[pyo3(annotation = "bytes-like object")]
    Bytes(Input),
}

impl Material {
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes.bytes(),
        }
    }
}

/// The name of an application protocol: bytes, or text in UTF-8 where surrogate escapes (PEP 383)
/// stand for bytes that are not.
pub(crate) struct ProtocolName(PyBackedBytes);

impl AsRef<[u8]> for ProtocolName {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for ProtocolName {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if object.is_instance_of::<PyString>() {
            let encoded = object.call_method1("encode", ("utf-8", "surrogateescape"))?;
            return Ok(Self(encoded.extract()?));
        }
        Ok(Self(object.extract()?))
    }
}

/// The reverse.
pub(crate) fn protocol_name<'py>(py: Python<'py>, name: &[u8]) -> PyResult<Bound<'py, PyString>> {
    PyString::from_encoded_object(
        &PyBytes::new(py, name),
        Some(c"utf-8"),
        Some(c"surrogateescape"),
    )
}
