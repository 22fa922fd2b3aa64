//! Reading and writing as the ssl module's own objects do it, in one call: of use to tlscore.compat alone.

use super::PyConnection;
use super::drive::Verb;
use crate::buffer::{Input, Output};
use crate::failure::misuse;
use core::sync::atomic::Ordering;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use tls_std::{Connection, Reason};

#[pymethods]
impl PyConnection {
    /// What ssl.SSLSocket and ssl.SSLObject call: up to n bytes, or into a buffer and how many.
    #[pyo3(signature = (n = 1024, buffer = None, /))]
    fn _standard_read<'py>(
        &self,
        py: Python<'py>,
        n: isize,
        buffer: Option<Output>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let Some(mut buffer) = buffer else {
            let n = usize::try_from(n)
                .map_err(|_negative| PyValueError::new_err("size should not be negative"))?;
            return match n {
                0 => Ok(PyBytes::new(py, b"").into_any()),
                n => self.read(py, n).map(Bound::into_any),
            };
        };
        let room = buffer.room();
        let n = match usize::try_from(n) {
            Ok(n) if (1..=room.len()).contains(&n) => n,
            _ => room.len(),
        };
        let filled = match n {
            0 => 0,
            n => self.drive(py, Verb::Read, |conn| conn.read_uninit(&mut room[..n]))?,
        };
        Ok(filled.into_pyobject(py)?.into_any())
    }

    /// What they call to write. A socket that does not wait has got all that is counted: what was
    /// sealed and cannot leave yet is WantWrite, and is counted when the same bytes are written again.
    fn _standard_write(&self, py: Python<'_>, data: Input) -> PyResult<usize> {
        let len = data.bytes().len();
        if self.owed.load(Ordering::Relaxed) == 0 {
            let taken = self.write(py, data)?;
            if self.shared.unsent() == 0 {
                return Ok(taken);
            }
            self.owed.store(taken, Ordering::Relaxed);
        } else {
            let owed = self.owed_of(py, len)?;
            self.owed.store(owed, Ordering::Relaxed);
        }
        self.drive(py, Verb::Write(self.shared.unsent()), Connection::flush)?;
        Ok(self.owed.swap(0, Ordering::Relaxed))
    }
}

impl PyConnection {
    /// How many of so many bytes an earlier write took that did not say so. They are counted now.
    pub(super) fn owed_of(&self, py: Python<'_>, len: usize) -> PyResult<usize> {
        let owed = self.owed.load(Ordering::Relaxed);
        if owed > len {
            let text = "bad write retry: fewer bytes than were taken the last time";
            return Err(self.exception(py, misuse(Reason::BadArgument, text).into()));
        }
        self.owed.store(0, Ordering::Relaxed);
        Ok(owed)
    }
}
