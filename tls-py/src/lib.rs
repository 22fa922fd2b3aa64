//! `tlscore._native`: tls-std as Python classes. No protocol and no policy lives here: classes
//! convert arguments, release the interpreter, call tls-std and turn its errors into exceptions.

mod answer;
mod bell;
mod buffer;
mod callbacks;
mod certificate;
mod connection;
mod context;
mod error;
mod failure;
mod frame;
mod guard;
mod hello;
mod interpreter;
mod memory;
mod password;
mod pending;
mod session;
mod shared;
mod socket;
#[cfg(feature = "test-hooks")]
mod test_hooks;
mod text;

/// The extension module behind the package `tlscore`.
#[pyo3::pymodule(gil_used = false)]
mod _native {
    #[pymodule_export]
    use crate::callbacks::PyReview;
    #[pymodule_export]
    use crate::certificate::PyCertificate;
    #[pymodule_export]
    use crate::connection::PyConnection;
    #[pymodule_export]
    use crate::context::PyContext;
    #[pymodule_export]
    use crate::hello::PyClientHello;
    #[pymodule_export]
    use crate::pending::PyPending;
    #[pymodule_export]
    use crate::session::PySession;
    #[cfg(feature = "test-hooks")]
    #[pymodule_export]
    use crate::test_hooks::{hold, panic};
    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        crate::error::classes(module.py())?;
        crate::memory::standard(module.py())?;
        module.add("CLIENT", crate::context::CLIENT)?;
        module.add("SERVER", crate::context::SERVER)?;
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
