//! The class Pending: a question whose answer may come later, and how Python functions are asked.

use crate::answer::answer;
use crate::bell::Bell;
use crate::error::exception;
use crate::failure::misuse;
use crate::frame::Frame;
use crate::interpreter::{attach, detach};
use pyo3::prelude::*;
use std::sync::Arc;
use tls_std::Reason;
use tls_std::tls_core::crypto::{Answer, AnswerKind, KeyError, Later, Pending, Reply, Ruling};

/// A question that a callback got, for an answer that comes later: the callback keeps it and returns it. The
/// call that asked then waits (on a blocking socket), or raises WantApp; answer() from any thread ends that.
///
/// It outlives its connection. Once nobody holds it any more, nobody can answer: a session store then has
/// nothing, anything else fails the connection.
#[pyclass(name = "Pending", module = "tlscore", frozen, weakref)]
pub(crate) struct PyPending(Arc<Pending>);

#[pymethods]
impl PyPending {
    /// What is asked for (str): "signature", "decryption", "ruling", "hello", "session" or "psk".
    #[getter]
    fn kind(&self) -> &'static str {
        kind_name(self.0.kind())
    }

    /// Whether it was answered (bool).
    #[getter]
    fn answered(&self) -> bool {
        self.0.is_answered()
    }

    /// Answers with what the callback would have returned. From any thread, once: a second answer raises
    /// UsageError (WRONG_ORDER). What is no answer to this question raises TypeError, or UsageError
    /// (BAD_ARGUMENT), and answers nothing.
    fn answer(&self, py: Python<'_>, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let answer = answer(self.0.kind(), value)?;
        self.give(py, answer)
    }

    /// Answers that the operation failed, whatever was asked, and why (str). A decryption then looks to the
    /// peer like one of rubbish, a session like one that is not there.
    #[pyo3(signature = (why = "the application could not answer"))]
    fn fail(&self, py: Python<'_>, why: &str) -> PyResult<()> {
        self.give(py, Answer::Failed(KeyError::Failed(why.to_owned())))
    }

    /// DANGER: answers a verify callback: the peer is accepted though its certificate was refused. Whoever
    /// sits between the two sides can show such a certificate: the callback must know this very one
    /// (Certificate.fingerprint()). Connection.verified stays False.
    fn danger_accept_peer(&self, py: Python<'_>) -> PyResult<()> {
        match self.0.kind() {
            Some(AnswerKind::Ruling) => self.give(py, Answer::Ruling(Ruling::DangerAccepted)),
            _ => {
                let error = misuse(Reason::BadArgument, "the question is not about a peer");
                Err(exception(py, &error))
            }
        }
    }

    fn __repr__(&self) -> String {
        let state = if self.0.is_answered() {
            "answered"
        } else {
            "waits"
        };
        format!("<tlscore.Pending {} {state}>", self.kind())
    }
}

impl PyPending {
    fn give(&self, py: Python<'_>, answer: Answer) -> PyResult<()> {
        // The wake-up takes the interpreter itself.
        let given = detach(py, || self.0.answer(answer).is_ok());
        match given {
            true => Ok(()),
            false => {
                let error = misuse(Reason::WrongOrder, "the question was answered before");
                Err(exception(py, &error))
            }
        }
    }
}

impl Drop for PyPending {
    fn drop(&mut self) {
        // Where no connection waits any more, nobody is told.
        if Arc::get_mut(&mut self.0).is_none() {
            let _answered_before = self.0.answer(Answer::Never);
        }
    }
}

fn kind_name(kind: Option<AnswerKind>) -> &'static str {
    match kind {
        Some(AnswerKind::Signature) => "signature",
        Some(AnswerKind::Decryption) => "decryption",
        Some(AnswerKind::Verdict) => "verdict",
        Some(AnswerKind::Hello) => "hello",
        Some(AnswerKind::Ruling) => "ruling",
        Some(AnswerKind::Session) => "session",
        Some(AnswerKind::Psk) => "psk",
        None => "unknown",
    }
}

/// Asks a Python function, which is given a Pending: what it returns is the answer, unless that is the
/// Pending, or the answer was given through it meanwhile. `Err`: it raised, also where it had answered
/// before: what fails half-way must not have accepted anybody.
pub(crate) fn ask<'py, T>(
    py: Python<'py>,
    later: &Later,
    call: impl FnOnce(&Bound<'py, PyPending>) -> PyResult<Bound<'py, PyAny>>,
) -> PyResult<Reply<T>> {
    let pending = later.pending();
    let handle = Bound::new(py, PyPending(pending.clone()))?;
    Frame::ask(Bell::of(&pending));
    let said = call(&handle)?;
    if !said.is(&handle) && !pending.is_answered() {
        handle.get().answer(py, &said)?;
    }
    Ok(Reply::Later)
}

/// The same for questions whose exceptions end the handshake: they come out of the call that asked, which
/// gets `failed` for an answer.
pub(crate) fn ask_or<T>(
    later: &Later,
    failed: impl FnOnce(&PyErr) -> T,
    call: impl for<'py> FnOnce(Python<'py>, &Bound<'py, PyPending>) -> PyResult<Bound<'py, PyAny>>,
) -> Reply<T> {
    attach(|py| {
        ask(py, later, |pending| call(py, pending)).unwrap_or_else(|raised| {
            let answer = failed(&raised);
            Frame::raise(py, raised);
            Reply::Now(answer)
        })
    })
}
