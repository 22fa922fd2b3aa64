//! A connection behind its lock. The lock is held for one step that never waits: with a transport,
//! reading and writing threads take turns; without one, calls that overlap are a mistake and raise.

use crate::bell::Bell;
use crate::failure::{Failure, misuse};
use crate::frame::Frame;
use crate::guard::{attached, framed};
use crate::interpreter::is_ending;
use pyo3::prelude::*;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, TryLockError};
use std::thread;
use std::time::{Duration, Instant};
use tls_std::{Connection, Error, Reason, Stop};

/// Longer than any step that computes takes: those of a handshake take milliseconds.
const STEP_AT_MOST: Duration = Duration::from_millis(500);

/// The connection and its lock.
pub(crate) struct Shared {
    conn: Mutex<Connection>,
    /// Whether calls take turns (with a transport) or raise when they overlap.
    turns: bool,
    /// Sealed bytes that waited for the transport when the last step ended.
    unsent: AtomicUsize,
    /// Whether the handshake was complete then.
    established: AtomicBool,
    /// The cipher suites that a client offered, where the server's context has a hello handler.
    offered: OnceLock<Vec<u16>>,
    /// Rings when the last question that was asked is answered.
    bell: Mutex<Option<Arc<Bell>>>,
}

impl Shared {
    pub(crate) fn new(conn: Connection, turns: bool) -> Self {
        Self {
            conn: Mutex::new(conn),
            turns,
            unsent: AtomicUsize::new(0),
            established: AtomicBool::new(false),
            offered: OnceLock::new(),
            bell: Mutex::default(),
        }
    }

    /// Runs one step of a verb, without the interpreter.
    pub(crate) fn step<T: Send>(
        &self,
        py: Python<'_>,
        verb: impl FnOnce(&mut Connection) -> Result<T, Stop> + Send,
    ) -> Result<T, Failure> {
        let ending = self.turns && self.is_held() && is_ending(py);
        let lock = || {
            if ending {
                self.lock_at_the_end()
            } else {
                self.lock()
            }
        };
        let ran = framed(py, self.address(), || self.run(lock()?, verb));
        self.after(py, ran)
    }

    /// The same for a step that is over before another thread could use the interpreter, which keeps it: giving
    /// it back would take longer. Where another thread has the connection it is given back all the same.
    pub(crate) fn brief_step<T: Send>(
        &self,
        py: Python<'_>,
        verb: impl FnOnce(&mut Connection) -> Result<T, Stop> + Send,
    ) -> Result<T, Failure> {
        let Ok(conn) = self.conn.try_lock() else {
            return self.step(py, verb);
        };
        let ran = attached(self.address(), || self.run(conn, verb));
        self.after(py, ran)
    }

    fn run<T>(
        &self,
        mut conn: MutexGuard<'_, Connection>,
        verb: impl FnOnce(&mut Connection) -> Result<T, Stop>,
    ) -> Result<T, Failure> {
        let result = verb(&mut conn);
        self.unsent.store(conn.outgoing().len(), Ordering::Relaxed);
        self.established
            .store(conn.is_established(), Ordering::Relaxed);
        result.map_err(|stop| match (stop, conn.error()) {
            (Stop::Failed, Some(error)) => Failure::Error(error.clone()),
            (Stop::Failed, None) => Failure::Error(Reason::Bug.into()),
            (stop, _) => Failure::Want {
                stop,
                in_handshake: !conn.is_established(),
            },
        })
    }

    /// Keeps what callbacks left.
    fn after<T>(
        &self,
        py: Python<'_>,
        (result, mut frame): (Result<T, Failure>, Frame),
    ) -> Result<T, Failure> {
        if let Some(suites) = frame.take_offered() {
            // A renegotiation offers again: what counts is the first.
            let _kept = self.offered.set(suites);
        }
        if let Some(bell) = frame.take_bell() {
            *self.bell.lock().unwrap_or_else(PoisonError::into_inner) = Some(bell);
        }
        frame.tell(py);
        result
    }

    /// Looks at the connection.
    pub(crate) fn look<T: Send>(
        &self,
        py: Python<'_>,
        f: impl FnOnce(&Connection) -> T + Send,
    ) -> PyResult<T> {
        self.step(py, |conn| Ok(f(conn)))
            .map_err(|failure| failure.exception(py))
    }

    /// Runs what fails with an error of its own: setters, secrets.
    pub(crate) fn attempt<T: Send>(
        &self,
        py: Python<'_>,
        f: impl FnOnce(&mut Connection) -> Result<T, Error> + Send,
    ) -> PyResult<T> {
        let result = self.step(py, |conn| Ok(f(conn)));
        let result = result.and_then(|result| result.map_err(Failure::from));
        result.map_err(|failure| failure.exception(py))
    }

    fn address(&self) -> usize {
        core::ptr::from_ref(self).addr()
    }

    /// Whether calls take turns: there is a transport.
    pub(crate) fn turns(&self) -> bool {
        self.turns
    }

    /// How many sealed bytes wait for the transport.
    pub(crate) fn unsent(&self) -> usize {
        self.unsent.load(Ordering::Relaxed)
    }

    /// Whether the handshake was complete when the last step ended.
    pub(crate) fn established(&self) -> bool {
        self.established.load(Ordering::Relaxed)
    }

    /// What the client offered; empty where nobody kept it.
    pub(crate) fn offered(&self) -> &[u16] {
        self.offered.get().map_or(&[], Vec::as_slice)
    }

    /// What rings when the last question that was asked is answered.
    pub(crate) fn bell(&self) -> Option<Arc<Bell>> {
        let bell = self.bell.lock().unwrap_or_else(PoisonError::into_inner);
        bell.clone()
    }

    fn is_held(&self) -> bool {
        matches!(self.conn.try_lock(), Err(TryLockError::WouldBlock))
    }

    /// While the interpreter ends: a step that computes will give the connection back, one that is in a callback has stopped
    /// for ever.
    fn lock_at_the_end(&self) -> Result<MutexGuard<'_, Connection>, Error> {
        let patience = Instant::now() + STEP_AT_MOST;
        while self.is_held() && Instant::now() < patience {
            thread::sleep(Duration::from_millis(1));
        }
        self.try_lock("the interpreter ends, and a callback of this connection with it")
    }

    /// A step that panicked poisons the lock: nobody knows what it left behind.
    pub(crate) fn lock(&self) -> Result<MutexGuard<'_, Connection>, Error> {
        if self.turns && !Frame::is_inside(self.address()) {
            return self
                .conn
                .lock()
                .map_err(|_poisoned| Reason::Panicked.into());
        }
        self.try_lock("another call on this connection is still running")
    }

    fn try_lock(&self, why_not: &'static str) -> Result<MutexGuard<'_, Connection>, Error> {
        self.conn.try_lock().map_err(|error| match error {
            TryLockError::Poisoned(_) => Reason::Panicked.into(),
            TryLockError::WouldBlock => misuse(Reason::WrongOrder, why_not),
        })
    }
}
