//! Reading and writing as the ssl module's own objects do it, in one call: of use to tlscore.compat alone.

use super::PyConnection;
use super::drive::Verb;
use crate::buffer::{Input, Output};
use crate::failure::misuse;
use core::mem::MaybeUninit;
use core::sync::atomic::Ordering;
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use tls_std::{Connection, Reason, Stop};

/// Most bytes of a record's data (RFC 5246 §6.2.1).
const MAX_FRAGMENT: usize = 1 << 14;

/// About what a record has beside them: a few bytes that are taken for a record's cost a look, no more.
const OVERHEAD: usize = 64;

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
            n => {
                let (room, waiting) = (&mut room[..n], self.waiting(py, n)?);
                self.drive(py, Verb::Read, |conn| read_records(conn, room, waiting))?
            }
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

/// The records of `waiting` bytes that there is room for: a call of Python for each would take longer than what is done in
/// it. One behind the first that cannot be read is the next call's.
fn read_records(
    conn: &mut Connection,
    room: &mut [MaybeUninit<u8>],
    waiting: usize,
) -> Result<usize, Stop> {
    let mut filled = conn.read_uninit(room)?;
    let mut left = waiting.saturating_sub(filled + OVERHEAD);
    while left > 0 && filled < room.len() {
        let Ok(n @ 1..) = conn.read_uninit(&mut room[filled..]) else {
            break;
        };
        filled += n;
        left = left.saturating_sub(n + OVERHEAD);
    }
    Ok(filled)
}

impl PyConnection {
    /// How many bytes wait in an ssl.MemoryBIO, where there is room for more than a record of them.
    fn waiting(&self, py: Python<'_>, room: usize) -> PyResult<usize> {
        let bios = self.bios.as_ref().filter(|_| room > MAX_FRAGMENT);
        match bios.and_then(|bios| bios.standard_incoming()) {
            Some(incoming) => incoming.bind(py).getattr(intern!(py, "pending"))?.extract(),
            None => Ok(0),
        }
    }

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
