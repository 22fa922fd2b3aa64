//! The class Certificate.

use crate::error::exception;
use crate::failure::misuse;
use crate::guard::run;
use crate::text::Material;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDateTime, PyType, PyTzInfo};
use std::path::PathBuf;
use tls_std::tls_core::cert::{Certificate as Shared, CertificateInfo, SubjectName};
use tls_std::tls_core::crypto::{HashId, Provider as _};
use tls_std::{DefaultProvider, Reason, certificate_pem, read_certificates, spki_sha256};

/// An X.509 certificate, for reading. Nothing in it was verified by being read: a certificate says
/// what its maker wrote into it. Connection.verified_chain has those that were.
///
/// Certificate(der): one in DER (bytes-like). load() reads files, parse() PEM.
///
/// Two are equal when their bytes are. Texts have control characters escaped. Raises UsageError
/// (BAD_CERTIFICATE_FILE) for what is no certificate; the properties raise CertificateError
/// (BAD_CERTIFICATE) where what is inside does not parse.
#[pyclass(name = "Certificate", module = "tlscore", frozen, weakref)]
pub(crate) struct PyCertificate(Shared);

#[pymethods]
impl PyCertificate {
    #[new]
    fn new(py: Python<'_>, der: Material) -> PyResult<Self> {
        let mut found = read(py, der)?;
        match (found.pop(), found.is_empty()) {
            (Some(certificate), true) => Ok(certificate),
            _ => Err(exception(
                py,
                &misuse(
                    Reason::BadCertificateFile,
                    "one certificate is wanted: parse() takes more",
                ),
            )),
        }
    }

    /// The certificates in PEM (str or bytes), in their order, or the one in DER (list of
    /// Certificate). Raises UsageError (BAD_PEM, BAD_CERTIFICATE_FILE).
    #[staticmethod]
    fn parse(py: Python<'_>, data: Material) -> PyResult<Vec<Self>> {
        read(py, data)
    }

    /// The same from a file. Raises UsageError (FILE_UNREADABLE) too.
    #[staticmethod]
    fn load(py: Python<'_>, path: PathBuf) -> PyResult<Vec<Self>> {
        let found = run(py, || tls_std::read_certificates_file(path))?;
        Ok(found.into_iter().map(Self).collect())
    }

    /// The certificate in DER (bytes).
    #[getter]
    fn der<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.0)
    }

    /// The certificate as a PEM block (str, RFC 7468 section 5).
    #[getter]
    fn pem(&self) -> String {
        certificate_pem(&self.0)
    }

    /// Hash of the whole certificate (str, lower-case hexadecimal): "sha256", "sha384" or "sha512".
    #[pyo3(signature = (hash = "sha256"))]
    fn fingerprint(&self, py: Python<'_>, hash: &str) -> PyResult<String> {
        let id = match hash {
            "sha256" => HashId::Sha256,
            "sha384" => HashId::Sha384,
            "sha512" => HashId::Sha512,
            _ => {
                let text = format!("no hash is called {hash:?}: sha256, sha384 and sha512 are");
                return Err(exception(py, &misuse(Reason::BadArgument, text)));
            }
        };
        match DefaultProvider.hash(id) {
            Some(hash) => Ok(CertificateInfo::fingerprint(&self.0, hash)),
            None => Err(exception(py, &Reason::ProviderMissing.into())),
        }
    }

    /// SHA-256 of the SubjectPublicKeyInfo (bytes, RFC 7469 section 2.4): what Context.add_pin() takes.
    #[getter]
    fn spki_sha256<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let digest = run(py, || spki_sha256(&self.0))?;
        Ok(PyBytes::new(py, &digest))
    }

    /// X.509 version (int): 1, 2 or 3.
    #[getter]
    fn version(&self, py: Python<'_>) -> PyResult<u8> {
        Ok(self.info(py)?.version)
    }

    /// Subject (str, RFC 4514): "CN=example.com,O=Example".
    #[getter]
    fn subject(&self, py: Python<'_>) -> PyResult<String> {
        Ok(self.info(py)?.subject)
    }

    /// Issuer (str, RFC 4514).
    #[getter]
    fn issuer(&self, py: Python<'_>) -> PyResult<String> {
        Ok(self.info(py)?.issuer)
    }

    /// The subject's last common name (str), or None.
    #[getter]
    fn common_name(&self, py: Python<'_>) -> PyResult<Option<String>> {
        Ok(self.info(py)?.common_name)
    }

    /// Serial number (int).
    #[getter]
    fn serial_number<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let digits = self.info(py)?.serial;
        py.get_type::<pyo3::types::PyInt>().call1((digits, 16))
    }

    /// First second of its validity (datetime in UTC).
    #[getter]
    fn not_before<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        time(py, self.info(py)?.not_before)
    }

    /// Last second of its validity (datetime in UTC).
    #[getter]
    fn not_after<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        time(py, self.info(py)?.not_after)
    }

    /// Names of subjectAltName in their order (list of (kind, name), both str). The kinds: "DNS",
    /// "IP", "email", "URI", "DirName", "Registered ID", "othername".
    #[getter]
    fn names(&self, py: Python<'_>) -> PyResult<Vec<(&'static str, String)>> {
        Ok(self.info(py)?.names.into_iter().map(name).collect())
    }

    /// Algorithm of the public key (str): "RSA", "RSA-PSS", "EC", "Ed25519", or dotted.
    #[getter]
    fn key_algorithm(&self, py: Python<'_>) -> PyResult<String> {
        Ok(self.info(py)?.key.algorithm)
    }

    /// Bits of its modulus or curve (int); 0 when unknown.
    #[getter]
    fn key_bits(&self, py: Python<'_>) -> PyResult<usize> {
        Ok(self.info(py)?.key.bits)
    }

    /// The named curve of an EC key (str): "P-256"; None for other keys.
    #[getter]
    fn key_curve(&self, py: Python<'_>) -> PyResult<Option<String>> {
        Ok(self.info(py)?.key.curve)
    }

    /// Algorithm of the issuer's signature (str): "sha256WithRSAEncryption", or dotted.
    #[getter]
    fn signature_algorithm(&self, py: Python<'_>) -> PyResult<String> {
        Ok(self.info(py)?.signature_algorithm)
    }

    /// Whether basicConstraints says that it is a CA (bool).
    #[getter]
    fn is_ca(&self, py: Python<'_>) -> PyResult<bool> {
        Ok(self.info(py)?.is_ca)
    }

    /// keyUsage by the names of RFC 5280 (list of str), or None where nothing is restricted.
    #[getter]
    fn key_usage(&self, py: Python<'_>) -> PyResult<Option<Vec<&'static str>>> {
        Ok(self
            .info(py)?
            .key_usage
            .map(|usage| usage.names().collect()))
    }

    /// extendedKeyUsage (list of str): "serverAuth", or dotted; empty where nothing is restricted.
    #[getter]
    fn extended_key_usage(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        Ok(self.info(py)?.extended_key_usage)
    }

    /// Every extension (list of (oid, critical, value): dotted str, bool, DER as bytes).
    #[getter]
    fn extensions<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<Vec<(String, bool, Bound<'py, PyBytes>)>> {
        let extensions = self.info(py)?.extensions;
        Ok(extensions
            .into_iter()
            .map(|e| (e.oid, e.critical, PyBytes::new(py, &e.value)))
            .collect())
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.0 == other.0
    }

    fn __hash__(&self) -> u64 {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        self.0.as_ref().hash(&mut hasher);
        hasher.finish()
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> (Bound<'py, PyType>, (Bound<'py, PyBytes>,)) {
        (slf.get_type(), (slf.get().der(slf.py()),))
    }

    fn __repr__(&self) -> String {
        match CertificateInfo::parse(&self.0) {
            Ok(info) => format!("<tlscore.Certificate {}>", info.subject),
            Err(_unreadable) => "<tlscore.Certificate (malformed)>".to_owned(),
        }
    }
}

impl PyCertificate {
    pub(crate) fn of(chain: &[Shared]) -> Vec<Self> {
        chain.iter().cloned().map(Self).collect()
    }

    fn info(&self, py: Python<'_>) -> PyResult<CertificateInfo> {
        run(py, || Ok(CertificateInfo::parse(&self.0)?))
    }
}

fn read(py: Python<'_>, data: Material) -> PyResult<Vec<PyCertificate>> {
    let found = run(py, || read_certificates(data.bytes()))?;
    Ok(found.into_iter().map(PyCertificate).collect())
}

fn time(py: Python<'_>, seconds: i64) -> PyResult<Bound<'_, PyAny>> {
    let utc = PyTzInfo::utc(py)?;
    // Behind 9999, which RFC 5280 §4.1.2.5 has for no end, there is nothing.
    Ok(PyDateTime::from_timestamp(py, seconds as f64, Some(&utc.to_owned()))?.into_any())
}

fn name(name: SubjectName) -> (&'static str, String) {
    match name {
        SubjectName::Dns(name) => ("DNS", name),
        SubjectName::Ip(ip) => ("IP", ip.to_string()),
        SubjectName::Email(name) => ("email", name),
        SubjectName::Uri(name) => ("URI", name),
        SubjectName::Directory(name) => ("DirName", name),
        SubjectName::Id(id) => ("Registered ID", id),
        SubjectName::Other(id) => ("othername", id),
    }
}
