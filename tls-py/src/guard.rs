//! The way into tls-std: without the interpreter, with panics caught.

use crate::error::exception;
use pyo3::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tls_std::{Error, Reason};

/// Runs `f` with the interpreter released. A panic becomes the error PANICKED: pyo3 would make an
/// exception of it that is no `Exception`, and programs would not catch it.
pub(crate) fn detached<T, E>(
    py: Python<'_>,
    f: impl FnOnce() -> Result<T, E> + Send,
) -> Result<T, E>
where
    T: Send,
    E: Send + From<Error>,
{
    py.detach(|| {
        // Unwind safety: a connection's lock is poisoned by the panic, and a context's setter works
        // on a copy that is dropped.
        catch_unwind(AssertUnwindSafe(f))
            .unwrap_or_else(|_payload| Err(Error::from(Reason::Panicked).into()))
    })
}

/// The same for what has no other way to fail than an error of tls-std.
pub(crate) fn run<T: Send>(
    py: Python<'_>,
    f: impl FnOnce() -> Result<T, Error> + Send,
) -> PyResult<T> {
    detached(py, f).map_err(|error| exception(py, &error))
}
