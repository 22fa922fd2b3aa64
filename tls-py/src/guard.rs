//! The way into tls-std: without the interpreter, with panics caught, and with what callbacks raise.

use crate::failure::Failure;
use crate::frame::Frame;
use crate::interpreter::detach;
use pyo3::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tls_std::{Error, Reason};

/// Runs `f` with the interpreter released, and gives what its callbacks left. A panic becomes the
/// error PANICKED: pyo3 would make an exception of it that is no `Exception`, and programs would not
/// catch it.
pub(crate) fn framed<T: Send>(
    py: Python<'_>,
    holder: usize,
    f: impl FnOnce() -> Result<T, Failure> + Send,
) -> (Result<T, Failure>, Frame) {
    detach(py, || attached(holder, f))
}

/// The same with the interpreter as it is.
pub(crate) fn attached<T>(
    holder: usize,
    f: impl FnOnce() -> Result<T, Failure>,
) -> (Result<T, Failure>, Frame) {
    // Unwind safety: a connection's lock is poisoned by the panic, and a context's setter works
    // on a copy that is dropped.
    let (result, mut frame) = Frame::run(holder, || {
        catch_unwind(AssertUnwindSafe(f))
            .unwrap_or_else(|_payload| Err(Error::from(Reason::Panicked).into()))
    });
    let result = result.map_err(|failure| frame.take_raised().map_or(failure, Failure::Raised));
    (result, frame)
}

/// The same where nothing is expected of callbacks but exceptions.
pub(crate) fn detached<T: Send>(
    py: Python<'_>,
    f: impl FnOnce() -> Result<T, Failure> + Send,
) -> Result<T, Failure> {
    let (result, frame) = framed(py, 0, f);
    frame.tell(py);
    result
}

/// The same for what has no other way to fail than an error of tls-std.
pub(crate) fn run<T: Send>(
    py: Python<'_>,
    f: impl FnOnce() -> Result<T, Error> + Send,
) -> PyResult<T> {
    detached(py, || f().map_err(Failure::from)).map_err(|failure| failure.exception(py))
}

/// The same for setters that cannot fail.
pub(crate) fn set(py: Python<'_>, f: impl FnOnce() + Send) -> PyResult<()> {
    run(py, || {
        f();
        Ok(())
    })
}
