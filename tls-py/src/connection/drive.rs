//! Verbs of a connection, step after step, and the waiting between the steps.

use super::PyConnection;
use crate::bell::Bell;
use crate::certificate::PyCertificate;
use crate::failure::Failure;
use crate::interpreter::{call, detach};
use crate::socket::{Patience, Ready};
use core::time::Duration;
use pyo3::exceptions::PyTimeoutError;
use pyo3::intern;
use pyo3::prelude::*;
use tls_std::{Connection, Family, Reason, Stop};

/// How long a call in the handshake waits before it looks again. A reading and a writing thread may
/// both run the handshake: the bytes that one of them waits for, the other may have taken, and then
/// the socket never becomes readable again.
const HANDSHAKE_LOOK: Duration = Duration::from_millis(100);

/// How long a call waits for the application's answer before it looks for signals.
const ANSWER_LOOK: Duration = Duration::from_millis(100);

/// For fewer bytes the interpreter is not given back: their protection takes less than a microsecond.
const BRIEF: usize = 2048;

/// What a call that waits would do next.
#[derive(Clone, Copy)]
pub(super) enum Verb {
    /// Take what the peer sent.
    Read,
    /// Send so many bytes.
    Write(usize),
    /// Run the handshake.
    Handshake,
    /// Send close_notify, and the like.
    Close,
}

impl Verb {
    /// In the words of the ssl module, where it has any.
    const fn timed_out(self) -> &'static str {
        match self {
            Self::Read => "The read operation timed out",
            Self::Write(_) => "The write operation timed out",
            Self::Handshake => "The handshake operation timed out",
            Self::Close => "The operation timed out",
        }
    }
}

impl PyConnection {
    /// Runs a verb, waiting for the socket as its timeout allows.
    pub(super) fn drive<T: Send>(
        &self,
        py: Python<'_>,
        kind: Verb,
        verb: impl FnMut(&mut Connection) -> Result<T, Stop> + Send,
    ) -> PyResult<T> {
        self.patiently(py, &mut None, kind, verb)
            .map_err(|failure| self.exception(py, failure))
    }

    /// The same for a part of a call. Its patience is asked for where something has to be waited for.
    /// `Failure::Want`: the socket, or nobody's, does not wait.
    pub(super) fn patiently<T: Send>(
        &self,
        py: Python<'_>,
        patience: &mut Option<Patience>,
        kind: Verb,
        mut verb: impl FnMut(&mut Connection) -> Result<T, Stop> + Send,
    ) -> Result<T, Failure> {
        let Some(socket) = &self.socket else {
            return match self.is_brief(py, kind)? {
                true => self.shared.brief_step(py, verb),
                false => self.shared.step(py, verb),
            };
        };
        loop {
            // Anew after each wait: another thread may have closed it meanwhile.
            socket.begin(py)?;
            let failure = match self.shared.step(py, &mut verb) {
                Ok(value) => return Ok(value),
                Err(failure) => failure,
            };
            let Failure::Want { stop, in_handshake } = failure else {
                return Err(failure);
            };
            let patience = match *patience {
                Some(patience) => patience,
                None => *patience.insert(socket.patience(py)?),
            };
            if matches!(patience, Patience::None) {
                return Err(failure);
            }
            let ready = match (stop, kind) {
                (Stop::WantApp, _) => {
                    match self.shared.bell() {
                        Some(bell) => await_answer(py, &bell, patience, kind.timed_out())?,
                        None => return Err(failure),
                    }
                    continue;
                }
                // Sealed bytes do not leave: perhaps because the peer waits for us to read.
                (Stop::WantWrite, Verb::Read) if !in_handshake => Ready::Either,
                (Stop::WantWrite, _) => Ready::Writable,
                _ => Ready::Readable,
            };
            let at_most = in_handshake.then_some(HANDSHAKE_LOOK);
            socket.wait(py, ready, patience, at_most, kind.timed_out())?;
        }
    }

    /// Whether a step moves little from memory to memory.
    fn is_brief(&self, py: Python<'_>, kind: Verb) -> PyResult<bool> {
        let bios = self.bios.as_ref().filter(|_| self.shared.established());
        let Some(incoming) = bios.and_then(|bios| bios.standard_incoming()) else {
            return Ok(false);
        };
        let bytes = match kind {
            Verb::Read => incoming
                .bind(py)
                .getattr(intern!(py, "pending"))?
                .extract()?,
            Verb::Write(bytes) => bytes,
            Verb::Handshake | Verb::Close => return Ok(false),
        };
        Ok(bytes <= BRIEF)
    }

    /// Runs a verb of connections without a socket.
    pub(super) fn by_hand<T: Send>(
        &self,
        py: Python<'_>,
        verb: impl FnOnce(&mut Connection) -> Result<T, Stop> + Send,
    ) -> PyResult<T> {
        let result = match self.shared.turns() {
            false => self.shared.step(py, verb),
            true => Err(Failure::misuse(
                Reason::WrongOrder,
                "the connection has a transport: it feeds and drains itself",
            )),
        };
        result.map_err(|failure| self.exception(py, failure))
    }

    /// What a verb raises. An error about the peer's certificate shows what came.
    pub(super) fn exception(&self, py: Python<'_>, failure: Failure) -> PyErr {
        let Failure::Error(error) = &failure else {
            return failure.exception(py);
        };
        let about_certificate = error.family() == Family::Certificate;
        let exception = failure.exception(py);
        let told = || -> PyResult<PyErr> {
            if about_certificate {
                let chain = self.look(py, |conn| PyCertificate::of(conn.peer_chain()))?;
                exception.value(py).setattr("peer_chain", chain)?;
            }
            Ok(match &self.raising {
                Some(raising) => PyErr::from_value(call(raising.bind(py), (exception.value(py),))?),
                None => exception,
            })
        };
        told().unwrap_or_else(|broken| broken)
    }
}

/// Waits for an answer of the application; signal handlers run meanwhile, and may raise.
fn await_answer(
    py: Python<'_>,
    bell: &Bell,
    patience: Patience,
    timed_out: &'static str,
) -> PyResult<()> {
    loop {
        let left = patience.left();
        let at_most = left.unwrap_or(ANSWER_LOOK).min(ANSWER_LOOK);
        if detach(py, || bell.wait(at_most)) {
            return Ok(());
        }
        if left == Some(Duration::ZERO) {
            return Err(PyTimeoutError::new_err(timed_out));
        }
        py.check_signals()?;
    }
}
