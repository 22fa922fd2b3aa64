//! The way into Python code, from a thread that may not come out of it again.
//!
//! Where an interpreter ends while daemon threads run, CPython before 3.14 ends each of them with `pthread_exit()` when it
//! wants to go on in Python code: the stack is unwound, by force and without the interpreter. Rust's frames on it
//! must not take part: destructors would touch objects that are nobody's any more, and `catch_unwind` aborts the
//! process. So the thread stops for ever in the first frame that is ours, as Python 3.14 has it do. What
//! it holds stays held: see `is_ending`.

use core::mem;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use std::thread;

/// The two functions of CPython that run a program's code for us; pyo3 declares them as ones that never unwind.
mod raw {
    use pyo3::ffi::PyObject;

    unsafe extern "C-unwind" {
        pub(super) fn PyObject_Call(
            callable: *mut PyObject,
            arguments: *mut PyObject,
            named: *mut PyObject,
        ) -> *mut PyObject;
        pub(super) fn PyErr_WriteUnraisable(object: *mut PyObject);
    }
}

/// Dropped only where the thread is unwound, which ends here.
struct Stop;

impl Drop for Stop {
    fn drop(&mut self) {
        stop();
    }
}

fn stop() -> ! {
    loop {
        thread::park();
    }
}

/// Runs `f` with the interpreter. Where that ends it is not to be had, and there is nobody to tell.
pub(crate) fn attach<R>(f: impl FnOnce(Python<'_>) -> R) -> R {
    Python::try_attach(f).unwrap_or_else(|| stop())
}

/// Calls a function of the program.
pub(crate) fn call<'py, A>(
    callable: &Bound<'py, PyAny>,
    arguments: A,
) -> PyResult<Bound<'py, PyAny>>
where
    A: IntoPyObject<'py, Target = PyTuple, Output = Bound<'py, PyTuple>, Error: Into<PyErr>>,
{
    let py = callable.py();
    let arguments = arguments.into_pyobject(py).map_err(Into::into)?;
    let stop = Stop;
    // SAFETY: both are live objects, the second is a tuple, and NULL stands for no named arguments. Nothing is dropped
    // between the call and `stop`, which is dropped before everything else here.
    let result =
        unsafe { raw::PyObject_Call(callable.as_ptr(), arguments.as_ptr(), core::ptr::null_mut()) };
    mem::forget(stop);
    // SAFETY: a new reference, or NULL with an exception set.
    unsafe { Bound::from_owned_ptr_or_err(py, result) }
}

/// Tells `sys.unraisablehook`, which is the program's too.
pub(crate) fn tell(py: Python<'_>, raised: PyErr, of: Option<&Bound<'_, PyAny>>) {
    raised.restore(py);
    let stop = Stop;
    // SAFETY: an exception is set, and NULL stands for no object. As for `call`.
    unsafe { raw::PyErr_WriteUnraisable(of.map_or(core::ptr::null_mut(), Bound::as_ptr)) };
    mem::forget(stop);
}

/// Whether the interpreter ends: then no thread but this one will run Python code again, and what another one held in the
/// midst of a callback is never given back.
pub(crate) fn is_ending(py: Python<'_>) -> bool {
    let asked = || {
        let sys = py.import(intern!(py, "sys"))?;
        sys.call_method0(intern!(py, "is_finalizing"))?.is_truthy()
    };
    // Where even that cannot be asked any more, it does.
    asked().unwrap_or(true)
}
