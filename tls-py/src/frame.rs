//! What callbacks leave for the call that they run in. tls-std runs them on the thread that made the
//! call, and knows no exceptions: they wait here until tls-std has returned.

use crate::bell::Bell;
use crate::interpreter::tell;
use pyo3::prelude::*;
use std::cell::RefCell;
use std::sync::Arc;

thread_local! {
    /// The calls into tls-std of this thread, the innermost last: a callback may make calls itself.
    static FRAMES: RefCell<Vec<Frame>> = const { RefCell::new(Vec::new()) };
}

/// One call into tls-std.
#[derive(Default)]
pub(crate) struct Frame {
    /// The address of the connection's lock that the call may hold; 0: none.
    holder: usize,
    /// The first exception that a callback raised.
    raised: Option<PyErr>,
    /// The cipher suites of a ClientHello that came in it.
    offered: Option<Vec<u16>>,
    /// What rings when the last question of it is answered.
    bell: Option<Arc<Bell>>,
}

impl Frame {
    /// Runs `f` as one call of `holder`. It must not panic.
    pub(crate) fn run<T>(holder: usize, f: impl FnOnce() -> T) -> (T, Self) {
        let frame = Self {
            holder,
            ..Self::default()
        };
        FRAMES.with_borrow_mut(|frames| frames.push(frame));
        let value = f();
        let frame = FRAMES.with_borrow_mut(Vec::pop);
        (value, frame.unwrap_or_default())
    }

    /// Whether this thread is inside of a call of `holder` that an outer frame made: a callback that
    /// comes back to its connection would wait for itself.
    pub(crate) fn is_inside(holder: usize) -> bool {
        FRAMES.with_borrow(|frames| {
            let outer = frames.split_last().map_or(&[][..], |(_own, outer)| outer);
            outer.iter().any(|frame| frame.holder == holder)
        })
    }

    /// Keeps an exception for the call that goes on. Behind the first one they are told to
    /// `sys.unraisablehook`: no call can raise two.
    pub(crate) fn raise(py: Python<'_>, exception: PyErr) {
        let left = FRAMES.with_borrow_mut(|frames| match frames.last_mut() {
            Some(frame) if frame.raised.is_none() => {
                frame.raised = Some(exception);
                None
            }
            _ => Some(exception),
        });
        if let Some(exception) = left {
            tell(py, exception, None);
        }
    }

    /// Keeps what a client offers.
    pub(crate) fn offer(suites: &[u16]) {
        FRAMES.with_borrow_mut(|frames| {
            if let Some(frame) = frames.last_mut() {
                frame.offered = Some(suites.to_vec());
            }
        });
    }

    /// A question was asked whose answer may come later.
    pub(crate) fn ask(bell: Arc<Bell>) {
        FRAMES.with_borrow_mut(|frames| {
            if let Some(frame) = frames.last_mut() {
                frame.bell = Some(bell);
            }
        });
    }

    pub(crate) fn take_bell(&mut self) -> Option<Arc<Bell>> {
        self.bell.take()
    }

    pub(crate) fn take_offered(&mut self) -> Option<Vec<u16>> {
        self.offered.take()
    }

    /// What the call raises where it failed with `failure` otherwise.
    pub(crate) fn take_raised(&mut self) -> Option<PyErr> {
        self.raised.take()
    }

    /// The call succeeded, and what it brought must not be lost: exceptions of callbacks that only
    /// listen (traces, key logs) are told to `sys.unraisablehook`.
    pub(crate) fn tell(self, py: Python<'_>) {
        if let Some(exception) = self.raised {
            tell(py, exception, None);
        }
    }
}
