//! What a connection knows.

use super::PyConnection;
use crate::certificate::PyCertificate;
use crate::session::PySession;
use crate::text::protocol_name;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
use tls_std::{Connection, Role};

#[pymethods]
impl PyConnection {
    /// Whether this is the server (bool).
    #[getter]
    fn server_side(&self, py: Python<'_>) -> PyResult<bool> {
        self.look(py, |conn| conn.role() == Role::Server)
    }

    /// Whether the handshake is complete (bool).
    #[getter]
    fn established(&self, py: Python<'_>) -> PyResult<bool> {
        self.look(py, Connection::is_established)
    }

    /// Whether the peer's certificate was verified (bool). False where any certificate was accepted,
    /// and on a server that asked for none.
    #[getter]
    fn verified(&self, py: Python<'_>) -> PyResult<bool> {
        self.fact(py, |facts| facts.verified_chain.is_some())
    }

    /// The negotiated version (str): "TLSv1.2"; None before.
    #[getter]
    fn version(&self, py: Python<'_>) -> PyResult<Option<String>> {
        self.fact(py, |facts| facts.version.map(|v| v.to_string()))
    }

    /// The negotiated suite's OpenSSL name (str): "ECDHE-RSA-AES128-GCM-SHA256"; None before.
    #[getter]
    fn cipher(&self, py: Python<'_>) -> PyResult<Option<&'static str>> {
        self.fact(py, |facts| facts.suite.map(|s| s.openssl_name))
    }

    /// The strength of its cipher in bits (int); None before.
    #[getter]
    fn cipher_bits(&self, py: Python<'_>) -> PyResult<Option<u16>> {
        self.fact(py, |facts| facts.suite.map(|s| s.bits))
    }

    /// The group of the key exchange (str): "x25519"; None before, and for RSA key exchange.
    #[getter]
    fn group(&self, py: Python<'_>) -> PyResult<Option<String>> {
        self.fact(py, |facts| facts.group.map(|g| g.to_string()))
    }

    /// The scheme of the server's signature (str): "rsa_pss_rsae_sha256"; None before, and for RSA
    /// key exchange.
    #[getter]
    fn scheme(&self, py: Python<'_>) -> PyResult<Option<String>> {
        self.fact(py, |facts| facts.scheme.map(|s| s.to_string()))
    }

    /// The application protocol that was agreed on (str, bytes that are not UTF-8 as surrogate
    /// escapes); None when none was.
    #[getter]
    fn alpn<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyString>>> {
        let name = self.fact(py, |facts| facts.alpn.clone())?;
        name.map(|name| protocol_name(py, &name)).transpose()
    }

    /// The host name that the client sent (str), on either side; None when it sent none.
    #[getter]
    fn server_name(&self, py: Python<'_>) -> PyResult<Option<String>> {
        self.fact(py, |facts| facts.server_name.as_deref().map(str::to_owned))
    }

    /// The peer's certificates as they came (list of bytes, DER), leaf first. What an unverified peer
    /// sends proves nothing.
    #[getter]
    fn peer_chain_der<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyBytes>>> {
        let chain = self.fact(py, |facts| facts.peer_chain.clone())?;
        Ok(chain
            .iter()
            .flat_map(|c| c.iter())
            .map(|c| PyBytes::new(py, c))
            .collect())
    }

    /// The path that verified (list of bytes, DER), leaf first, the trusted CA last where it is known
    /// as a certificate; empty when nothing was verified.
    #[getter]
    fn verified_chain_der<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyBytes>>> {
        let chain = self.fact(py, |facts| facts.verified_chain.clone())?;
        Ok(chain
            .iter()
            .flat_map(|c| c.iter())
            .map(|c| PyBytes::new(py, c))
            .collect())
    }

    /// How many decrypted bytes read() can give without the transport (int).
    #[getter]
    fn pending(&self, py: Python<'_>) -> PyResult<usize> {
        self.look(py, Connection::pending)
    }

    /// Whether any received byte waits inside, decrypted or not (bool): read before polling.
    #[getter]
    fn has_pending(&self, py: Python<'_>) -> PyResult<bool> {
        self.look(py, Connection::has_pending)
    }

    /// Whether close_notify was sent, or waits among the sealed bytes (bool).
    #[getter]
    fn close_sent(&self, py: Python<'_>) -> PyResult<bool> {
        self.fact(py, |facts| facts.close_sent)
    }

    /// Whether the peer's close_notify came (bool).
    #[getter]
    fn close_received(&self, py: Python<'_>) -> PyResult<bool> {
        self.fact(py, |facts| facts.close_received)
    }

    /// Whether extended_master_secret is in use (bool, RFC 7627).
    #[getter]
    fn extended_master_secret(&self, py: Python<'_>) -> PyResult<bool> {
        self.fact(py, |facts| facts.extended_master_secret)
    }

    /// Whether encrypt_then_mac is in use (bool, RFC 7366); it concerns CBC suites alone.
    #[getter]
    fn encrypt_then_mac(&self, py: Python<'_>) -> PyResult<bool> {
        self.fact(py, |facts| facts.encrypt_then_mac)
    }

    /// Whether the peer knows RFC 5746 (bool).
    #[getter]
    fn secure_renegotiation(&self, py: Python<'_>) -> PyResult<bool> {
        self.fact(py, |facts| facts.secure_renegotiation)
    }

    /// The peer's certificates as they came (list of Certificate), leaf first. What an unverified peer
    /// sends proves nothing.
    #[getter]
    fn peer_chain(&self, py: Python<'_>) -> PyResult<Vec<PyCertificate>> {
        self.look(py, |conn| PyCertificate::of(conn.peer_chain()))
    }

    /// The path that verified (list of Certificate), leaf first; empty when nothing was verified.
    #[getter]
    fn verified_chain(&self, py: Python<'_>) -> PyResult<Vec<PyCertificate>> {
        self.look(py, |conn| PyCertificate::of(conn.verified_chain()))
    }

    /// Whether a session was resumed (bool): the certificates are those of the handshake that made it.
    #[getter]
    fn resumed(&self, py: Python<'_>) -> PyResult<bool> {
        self.fact(py, |facts| facts.resumed)
    }

    /// The session that a client can offer next time (Session); None on servers, before the handshake
    /// is complete, and where the server keeps none.
    #[getter]
    fn session(&self, py: Python<'_>) -> PyResult<Option<PySession>> {
        self.look(py, |conn| conn.session().cloned().map(PySession))
    }

    /// On a server whose context has a hello callback or keep_offers(): the cipher suites that the
    /// client offered, by number (list of int); else empty.
    #[getter]
    fn offered_ciphers(&self) -> Vec<u16> {
        self.shared.offered().to_vec()
    }

    /// The server's OCSP response as it came (DER, bytes), or None. A verified connection has checked
    /// it.
    #[getter]
    fn ocsp_response<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyBytes>>> {
        let response = self.fact(py, |facts| facts.ocsp_response.clone())?;
        Ok(response.map(|response| PyBytes::new(py, &response)))
    }

    /// On a client: whether the server asked for a certificate (bool).
    #[getter]
    fn certificate_requested(&self, py: Python<'_>) -> PyResult<bool> {
        self.fact(py, |facts| facts.certificate_requested.is_some())
    }

    /// The names of the CAs that it asked for (list of bytes, X.501 Names in DER); empty where any will do.
    #[getter]
    fn requested_cas<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyBytes>>> {
        let names = self.fact(py, |facts| facts.certificate_requested.clone())?;
        let names = names.unwrap_or_default();
        Ok(names.iter().map(|name| PyBytes::new(py, name)).collect())
    }

    /// What the client called its pre-shared key (bytes), on either side; None where none was used. On a server
    /// this says who connected.
    #[getter]
    fn psk_identity<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyBytes>>> {
        let identity = self.fact(py, |facts| facts.psk_identity.clone())?;
        Ok(identity.map(|identity| PyBytes::new(py, &identity)))
    }

    /// The most plaintext in bytes that a record of ours may hold, as it was negotiated (int).
    #[getter]
    fn send_limit(&self, py: Python<'_>) -> PyResult<u16> {
        self.fact(py, |facts| facts.record_limits.send)
    }

    /// The most plaintext in bytes that a record of the peer may hold (int).
    #[getter]
    fn receive_limit(&self, py: Python<'_>) -> PyResult<u16> {
        self.fact(py, |facts| facts.record_limits.receive)
    }

    /// How many sealed bytes wait for the transport (int): flush() or drain() them.
    #[getter]
    fn unsent(&self) -> usize {
        self.shared.unsent()
    }
}
