//! What the tests cannot bring about otherwise (feature test-hooks alone).

use crate::connection::PyConnection;
use crate::error::exception;
use pyo3::prelude::*;

/// Holds the connection, as a running call does, while it calls `f`.
#[pyfunction]
#[pyo3(name = "_test_hold")]
pub(crate) fn hold(py: Python<'_>, conn: &PyConnection, f: Bound<'_, PyAny>) -> PyResult<()> {
    let held = conn
        .shared()
        .lock()
        .map_err(|error| exception(py, &error))?;
    let result = f.call0();
    drop(held);
    result.map(drop)
}

/// Panics in the middle of a call on the connection.
#[pyfunction]
#[pyo3(name = "_test_panic")]
pub(crate) fn panic(py: Python<'_>, conn: &PyConnection) -> PyResult<()> {
    conn.shared()
        .look(py, |_conn| panic!("provoked by the tests"))
}
