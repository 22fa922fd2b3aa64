//! CRLs and OCSP.

use super::PyContext;
use crate::buffer::Input;
use crate::error::exception;
use crate::failure::misuse;
use crate::guard::{run, set};
use crate::text::Material;
use pyo3::prelude::*;
use std::path::PathBuf;
use tls_std::{Ocsp, Reason};

#[pymethods]
impl PyContext {
    /// Asks the CRLs of a PEM or DER file about the peer's certificates, from now on: every
    /// certificate of a path but the trusted one must be covered by a list of its CA that is signed,
    /// not out of date, and does not revoke it.
    ///
    /// Raises UsageError (FILE_UNREADABLE, BAD_PEM, BAD_CRL); then nothing was added.
    fn add_crl_file(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        run(py, || self.0.add_crl_file(path))
    }

    /// The same for the files of a directory that hold a CRL; others are passed over.
    fn add_crl_dir(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        run(py, || self.0.add_crl_dir(path))
    }

    /// The same for PEM (str or bytes, any number of CRLs) or one in DER (bytes).
    fn add_crl_mem(&self, py: Python<'_>, crl: Material) -> PyResult<()> {
        run(py, || self.0.add_crl_mem(crl.bytes()))
    }

    /// Takes the CRLs of another Context in place of all of this one's, at once: a file of CRLs that is renewed leaves no
    /// moment without them.
    fn set_crls_of(&self, py: Python<'_>, other: &Self) -> PyResult<()> {
        set(py, || self.0.set_crls_of(&other.0))
    }

    /// Whether CRLs are asked for where there are none, too (bool): then nobody is accepted whose status a list
    /// would tell. False by default: nobody is asked until one was added.
    fn require_crls(&self, py: Python<'_>, required: bool) -> PyResult<()> {
        set(py, || self.0.require_crls(required))
    }

    /// Forgets all CRLs: nothing is asked about revocation then but a server's staple, unless require_crls() wants one.
    fn clear_crls(&self, py: Python<'_>) -> PyResult<()> {
        set(py, || self.0.clear_crls())
    }

    /// Whether CRLs are asked about the leaf alone (bool); by default about the CAs of its path too.
    fn set_crl_leaf_only(&self, py: Python<'_>, leaf_only: bool) -> PyResult<()> {
        set(py, || self.0.set_crl_leaf_only(leaf_only))
    }

    /// Whether a certificate is accepted that no usable CRL covers (bool); by default it is refused.
    fn allow_unknown_revocation(&self, py: Python<'_>, allow: bool) -> PyResult<()> {
        set(py, || self.0.allow_unknown_revocation(allow))
    }

    /// Whether CRLs are believed that are out of date (bool); by default they are not. What they revoke
    /// is revoked in any case.
    fn allow_expired_crls(&self, py: Python<'_>, allow: bool) -> PyResult<()> {
        set(py, || self.0.allow_expired_crls(allow))
    }

    /// What clients do about OCSP staples (RFC 6066 section 8): "off", "request" (the default) or
    /// "require". One that says "revoked" ends the handshake in every case.
    ///
    /// Raises UsageError (BAD_ARGUMENT) for another word.
    fn set_ocsp(&self, py: Python<'_>, ocsp: &str) -> PyResult<()> {
        let ocsp = match ocsp {
            "off" => Ocsp::Off,
            "request" => Ocsp::Request,
            "require" => Ocsp::Require,
            _ => {
                let text = format!("{ocsp:?} is none of off, request and require");
                return Err(exception(py, &misuse(Reason::BadArgument, text)));
            }
        };
        set(py, || self.0.set_ocsp(ocsp))
    }

    /// The OCSP response (DER, bytes-like) that servers staple to a keypair, by its place in the order
    /// of adding (int); None: none. It can be replaced while connections run.
    ///
    /// Raises UsageError: BAD_ARGUMENT, BAD_STAPLE for one that clients would refuse.
    #[pyo3(signature = (keypair, response))]
    fn set_ocsp_response(
        &self,
        py: Python<'_>,
        keypair: usize,
        response: Option<Input>,
    ) -> PyResult<()> {
        let response = response.as_ref().map(Input::bytes);
        run(py, || self.0.set_ocsp_response(keypair, response))
    }
}
