//! Calling back, with a moment from which on nothing is called any more.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

pub(super) type Waker = Box<dyn Fn() + Send + Sync>;

/// A thread, as long as it lives.
type Me = usize;

thread_local! {
    /// Nothing but a place that each thread has for itself. std's own handle of a thread would be
    /// allocated, and given back by a destructor at the thread's end.
    static PLACE: u8 = const { 0 };
}

fn me() -> Me {
    PLACE.with(|place| core::ptr::from_ref(place).addr())
}

/// At most one wake-up waits to be called; it is called once.
#[derive(Default)]
pub(super) struct WakeUp {
    state: Mutex<State>,
    returned: Condvar,
}

#[derive(Default)]
struct State {
    waker: Option<Waker>,
    /// The thread that is calling one now.
    caller: Option<Me>,
}

impl WakeUp {
    /// Sets what is called; an earlier one is not called any more, and is not being called either
    /// when this returns, so that what belongs to it may go. A wake-up that sets another one does not
    /// wait for itself.
    pub(super) fn set(&self, waker: Option<Waker>) {
        let me = me();
        let mut state = self.lock();
        while state.caller.is_some_and(|caller| caller != me) {
            let waited = self.returned.wait(state);
            state = waited.unwrap_or_else(PoisonError::into_inner);
        }
        let before = core::mem::replace(&mut state.waker, waker);
        // What it holds may come back here when it is dropped.
        drop(state);
        drop(before);
    }

    /// Calls it, without holding a lock.
    pub(super) fn call(&self) {
        let mut state = self.lock();
        let Some(waker) = state.waker.take() else {
            return;
        };
        let before = state.caller.replace(me());
        drop(state);
        let _returns = Returns(self, before);
        waker();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The end of a call, also by a panic.
struct Returns<'a>(&'a WakeUp, Option<Me>);

impl Drop for Returns<'_> {
    fn drop(&mut self) {
        self.0.lock().caller = self.1;
        self.0.returned.notify_all();
    }
}
