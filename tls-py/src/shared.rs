//! A connection behind its lock. The lock is held for one step that never waits: with a socket,
//! reading and writing threads take turns; without one, calls that overlap are a mistake and raise.

use crate::error::{exception, want};
use crate::guard::detached;
use pyo3::prelude::*;
use std::sync::{Mutex, MutexGuard, TryLockError};
use tls_std::{Connection, Error, Reason, Stop, tls_core};

/// Why a step brought nothing.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Wait for this, then repeat.
    Want {
        stop: Stop,
        /// In the handshake a step of another thread can be what this one waits for.
        in_handshake: bool,
    },
    /// For good, or until the mistake is mended.
    Error(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl Failure {
    /// A misuse that this layer found.
    pub(crate) fn misuse(reason: Reason, text: &'static str) -> Self {
        Self::Error(tls_core::error::Error::with(reason, text).into())
    }

    /// The exception for it.
    pub(crate) fn exception(&self, py: Python<'_>) -> PyErr {
        match self {
            Self::Want { stop, .. } => want(py, *stop),
            Self::Error(error) => exception(py, error),
        }
    }
}

/// The connection and its lock.
pub(crate) struct Shared {
    conn: Mutex<Connection>,
    /// Whether calls take turns (with a socket) or raise when they overlap.
    turns: bool,
}

impl Shared {
    pub(crate) fn new(conn: Connection, turns: bool) -> Self {
        Self {
            conn: Mutex::new(conn),
            turns,
        }
    }

    /// Runs one step of a verb, without the interpreter.
    pub(crate) fn step<T: Send>(
        &self,
        py: Python<'_>,
        verb: impl FnOnce(&mut Connection) -> Result<T, Stop> + Send,
    ) -> Result<T, Failure> {
        detached(py, || {
            let mut conn = self.lock()?;
            verb(&mut conn).map_err(|stop| match (stop, conn.error()) {
                (Stop::Failed, Some(error)) => Failure::Error(error.clone()),
                (Stop::Failed, None) => Failure::Error(Reason::Bug.into()),
                (stop, _) => Failure::Want {
                    stop,
                    in_handshake: !conn.is_established(),
                },
            })
        })
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

    /// A step that panicked poisons the lock: nobody knows what it left behind.
    pub(crate) fn lock(&self) -> Result<MutexGuard<'_, Connection>, Error> {
        if self.turns {
            return self
                .conn
                .lock()
                .map_err(|_poisoned| Reason::Panicked.into());
        }
        self.conn.try_lock().map_err(|error| match error {
            TryLockError::Poisoned(_) => Reason::Panicked.into(),
            TryLockError::WouldBlock => tls_core::error::Error::with(
                Reason::WrongOrder,
                "another call on this connection is still running",
            )
            .into(),
        })
    }
}
