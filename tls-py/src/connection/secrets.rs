//! What is made of a complete handshake's secrets.

use super::PyConnection;
use crate::buffer::Input;
use crate::error::exception;
use crate::failure::misuse;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use tls_std::{ChannelBinding, Reason};

/// What one export gives at most, in bytes (tls-core's limit).
const MAX_EXPORT: usize = 0xffff;

#[pymethods]
impl PyConnection {
    /// Keying material for the application (bytes, RFC 5705): both sides get the same for the same
    /// label and context, and nobody else does. label is str or bytes; context None differs from an
    /// empty one; length is 1 to 65535.
    ///
    /// Raises UsageError: WRONG_ORDER before the handshake is complete, BAD_ARGUMENT for a length or a
    /// label that cannot be.
    #[pyo3(signature = (label, length, context = None))]
    fn export_keying_material<'py>(
        &self,
        py: Python<'py>,
        label: crate::text::Material,
        length: usize,
        context: Option<Input>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let context = context.as_ref().map(Input::bytes);
        // Nowhere else: whoever gets the bytes has the only copy.
        PyBytes::new_with(py, length.min(MAX_EXPORT + 1), |out| {
            self.shared.attempt(py, |conn| {
                conn.export_keying_material(label.bytes(), context, out)
            })
        })
    }

    /// A channel binding (bytes): "tls-unique" (RFC 5929; only with the extended master secret),
    /// "tls-server-end-point" (RFC 5929) or "tls-exporter" (RFC 9266).
    ///
    /// Raises UsageError: WRONG_ORDER before the handshake is complete, CHANNEL_BINDING_UNDEFINED where
    /// it would bind nothing, BAD_ARGUMENT for another word.
    #[pyo3(signature = (kind = "tls-unique"))]
    fn channel_binding<'py>(&self, py: Python<'py>, kind: &str) -> PyResult<Bound<'py, PyBytes>> {
        let kind = match kind {
            "tls-unique" => ChannelBinding::TlsUnique,
            "tls-server-end-point" => ChannelBinding::TlsServerEndPoint,
            "tls-exporter" => ChannelBinding::TlsExporter,
            _ => {
                let text = format!("no channel binding is called {kind:?}");
                return Err(exception(py, &misuse(Reason::BadArgument, text)));
            }
        };
        let binding = self.shared.attempt(py, |conn| conn.channel_binding(kind))?;
        Ok(PyBytes::new(py, &binding))
    }
}
