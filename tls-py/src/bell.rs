//! Who waits for an answer is woken: a call on a blocking socket, and a function of the program.

use crate::interpreter::{attach, call, detach, tell};
use pyo3::prelude::*;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tls_std::tls_core::crypto::Pending;

/// Rings once, when a question is answered.
#[derive(Default)]
pub(crate) struct Bell {
    state: Mutex<State>,
    rung: Condvar,
}

#[derive(Default)]
struct State {
    rung: bool,
    wake: Option<Py<PyAny>>,
}

impl Bell {
    /// Of this question: nobody else sets its waker.
    pub(crate) fn of(pending: &Pending) -> Arc<Self> {
        let bell = Arc::new(Self::default());
        let ours = bell.clone();
        pending.set_waker(move || ours.ring());
        bell
    }

    /// Waits at most so long; whether it rang.
    pub(crate) fn wait(&self, at_most: Duration) -> bool {
        let state = self.state();
        let (state, _timed_out) = self
            .rung
            .wait_timeout_while(state, at_most, |state| !state.rung)
            .unwrap_or_else(PoisonError::into_inner);
        state.rung
    }

    /// Calls `wake` once it rings, in the thread that answers; at once where it rang already.
    pub(crate) fn set_wake(&self, py: Python<'_>, wake: Option<Py<PyAny>>) {
        // Dropping the one before can run any code: never under the lock.
        let _before = detach(py, || core::mem::replace(&mut self.state().wake, wake));
        if detach(py, || self.state().rung) {
            self.call(py);
        }
    }

    fn ring(&self) {
        self.state().rung = true;
        self.rung.notify_all();
        attach(|py| self.call(py));
    }

    /// The function is called once, whoever comes first.
    fn call(&self, py: Python<'_>) {
        let wake = detach(py, || self.state().wake.take());
        if let Some(wake) = wake
            && let Err(raised) = call(wake.bind(py), ())
        {
            tell(py, raised, Some(wake.bind(py)));
        }
    }

    /// The lock is held for a look and never while Python runs.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
