//! Passwords of encrypted keys: text, bytes, or a function that knows them.

use crate::buffer::Input;
use crate::frame::Frame;
use crate::interpreter::{attach, call};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use std::sync::Arc;
use tls_std::{Error, OnePassword, Password, PasswordRequest, PasswordSource, Reason};

/// What a program gives as a password.
#[derive(FromPyObject)]
pub(crate) enum PasswordArgument {
    #[pyo3(annotation = "str")]
    Text(PyBackedStr),
    #[pyo3(annotation = "bytes-like object")]
    Bytes(Input),
    #[pyo3(annotation = "callable")]
    Callback(Py<PyAny>),
}

impl PasswordArgument {
    pub(crate) fn source(self, py: Python<'_>) -> PyResult<Arc<dyn PasswordSource>> {
        Ok(match self {
            Self::Text(text) => Arc::new(OnePassword(Password::new(text.as_bytes()))),
            Self::Bytes(bytes) => Arc::new(OnePassword(Password::new(bytes.bytes()))),
            Self::Callback(callback) if callback.bind(py).is_callable() => {
                Arc::new(Callback(callback))
            }
            Self::Callback(_) => {
                return Err(PyTypeError::new_err(
                    "a password is str, bytes-like, or a callable",
                ));
            }
        })
    }
}

#[derive(Debug)]
struct Callback(Py<PyAny>);

impl PasswordSource for Callback {
    /// Called once for each file: a function without arguments would say the same again.
    fn password(&self, request: &PasswordRequest<'_>) -> Result<Option<Password>, Error> {
        if request.attempt > 0 {
            return Ok(None);
        }
        attach(|py| {
            ask(self.0.bind(py)).map_err(|raised| {
                Frame::raise(py, raised);
                Reason::PasswordNeeded.into()
            })
        })
    }
}

fn ask(callback: &Bound<'_, PyAny>) -> PyResult<Option<Password>> {
    let answer = call(callback, ())?;
    if answer.is_none() {
        return Ok(None);
    }
    if let Ok(text) = answer.extract::<PyBackedStr>() {
        return Ok(Some(Password::new(text.as_bytes())));
    }
    match answer.extract::<Input>() {
        Ok(bytes) => Ok(Some(Password::new(bytes.bytes()))),
        Err(_) => Err(PyTypeError::new_err(
            "a password callback must return a string, bytes or None",
        )),
    }
}
