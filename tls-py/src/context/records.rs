//! How much a record holds.

use super::PyContext;
use crate::guard::run;
use pyo3::prelude::*;

#[pymethods]
impl PyContext {
    /// Clients ask that no record holds more plaintext than length bytes (int: 512, 1024, 2048 or 4096), in either
    /// direction (RFC 6066 section 4); None, the default: they do not ask. Servers do as they are asked.
    ///
    /// Raises UsageError (BAD_ARGUMENT).
    #[pyo3(signature = (length))]
    fn set_max_fragment_length(&self, py: Python<'_>, length: Option<u16>) -> PyResult<()> {
        run(py, || self.0.set_max_fragment_length(length))
    }

    /// The most plaintext in bytes of a record that this side takes (int, 64 to 16384; RFC 8449); None, the default:
    /// clients do not say, servers say 16384 to those that do. Where both sides have it, it comes before
    /// set_max_fragment_length().
    ///
    /// Raises UsageError (BAD_ARGUMENT).
    #[pyo3(signature = (limit))]
    fn set_record_size_limit(&self, py: Python<'_>, limit: Option<u16>) -> PyResult<()> {
        run(py, || self.0.set_record_size_limit(limit))
    }

    /// The most plaintext in bytes of a record that this side sends (int, 64 to 16384, the default): less where the
    /// reader should have data to work on before a whole record has arrived.
    ///
    /// Raises UsageError (BAD_ARGUMENT).
    fn set_max_send_fragment(&self, py: Python<'_>, length: u16) -> PyResult<()> {
        run(py, || self.0.set_max_send_fragment(length))
    }
}
