//! The way into Python code, from a thread that may not come out of it again.
//!
//! Where an interpreter ends while daemon threads run, CPython before 3.14 ends each of them with `pthread_exit()` when it
//! wants to go on in Python code: the stack is unwound, by force and without the interpreter. Rust's frames on it
//! must not take part: destructors would touch objects that are nobody's any more, and `catch_unwind` aborts the
//! process. So the thread stops for ever in the first frame that is ours, as Python 3.14 has it do. What
//! it holds stays held: see `is_ending`. Not covered is what pyo3 runs by itself: `__del__` of a callback that is
//! replaced, `__buffer__` of an argument.

use core::mem;
use pyo3::exceptions::PyAttributeError;
use pyo3::ffi::{self, PyObject};
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};
use std::thread;

type Call =
    unsafe extern "C-unwind" fn(*mut PyObject, *mut PyObject, *mut PyObject) -> *mut PyObject;
type GetAttr = unsafe extern "C-unwind" fn(*mut PyObject, *mut PyObject) -> *mut PyObject;
type WriteUnraisable = unsafe extern "C-unwind" fn(*mut PyObject);

/// The functions of CPython that run a program's code for us. pyo3 declares them as ones that never unwind, and LLVM, for
/// which a name is one function, takes the one declaration or the other: so they are called by addresses of which it knows
/// nothing (`unknown`).
mod raw {
    use pyo3::ffi::PyObject;

    unsafe extern "C-unwind" {
        pub(super) fn PyObject_Call(
            callable: *mut PyObject,
            arguments: *mut PyObject,
            named: *mut PyObject,
        ) -> *mut PyObject;
        pub(super) fn PyObject_GetAttr(object: *mut PyObject, name: *mut PyObject)
        -> *mut PyObject;
        pub(super) fn PyErr_WriteUnraisable(object: *mut PyObject);
    }
}

static CALL: Call = raw::PyObject_Call;
static GET_ATTR: GetAttr = raw::PyObject_GetAttr;
static WRITE_UNRAISABLE: WriteUnraisable = raw::PyErr_WriteUnraisable;

fn unknown<F: Copy>(function: &'static F) -> F {
    // SAFETY: a reference is valid and aligned, and what it refers to is `Copy`.
    unsafe { core::ptr::from_ref(function).read_volatile() }
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

/// Runs `f` without the interpreter, so that other threads have it. While it ends there is no other thread that could run
/// Python code, and who gave it back would not get it again.
pub(crate) fn detach<T: Send>(py: Python<'_>, f: impl FnOnce() -> T + Send) -> T {
    match is_ending(py) {
        true => f(),
        false => py.detach(f),
    }
}

/// Runs `f` with the interpreter. Where that is ended by another thread it is not to be had, and there is nobody to tell.
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
        unsafe { unknown(&CALL)(callable.as_ptr(), arguments.as_ptr(), core::ptr::null_mut()) };
    mem::forget(stop);
    // SAFETY: a new reference, or NULL with an exception set.
    unsafe { Bound::from_owned_ptr_or_err(py, result) }
}

/// An attribute, which may be a property of a class of the program.
pub(crate) fn attribute<'py>(
    object: &Bound<'py, PyAny>,
    name: &Bound<'py, PyString>,
) -> PyResult<Bound<'py, PyAny>> {
    let stop = Stop;
    // SAFETY: both are live objects. As for `call`.
    let result = unsafe { unknown(&GET_ATTR)(object.as_ptr(), name.as_ptr()) };
    mem::forget(stop);
    // SAFETY: a new reference, or NULL with an exception set.
    unsafe { Bound::from_owned_ptr_or_err(object.py(), result) }
}

/// The same; `None` where there is none.
pub(crate) fn attribute_if_any<'py>(
    object: &Bound<'py, PyAny>,
    name: &Bound<'py, PyString>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    match attribute(object, name) {
        Err(none) if none.is_instance_of::<PyAttributeError>(object.py()) => Ok(None),
        found => found.map(Some),
    }
}

/// Tells `sys.unraisablehook`, which is the program's too.
pub(crate) fn tell(py: Python<'_>, raised: PyErr, of: Option<&Bound<'_, PyAny>>) {
    raised.restore(py);
    let stop = Stop;
    // SAFETY: an exception is set, and NULL stands for no object. As for `call`.
    unsafe { unknown(&WRITE_UNRAISABLE)(of.map_or(core::ptr::null_mut(), Bound::as_ptr)) };
    mem::forget(stop);
}

/// Whether the interpreter ends, in this thread: then none but this one will run Python code again, and what another one
/// held in the midst of a callback is never given back.
pub(crate) fn is_ending(_py: Python<'_>) -> bool {
    // SAFETY: may be called at any time. CPython takes the mark away when it has stopped all other threads, before the
    // last destructors of the program run.
    unsafe { ffi::Py_IsInitialized() == 0 }
}
