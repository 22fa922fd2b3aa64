//! The panic boundary. Unwinding into C is undefined; a panic is a bug of ours, and the program that
//! uses us must survive it.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs `body`; `on_panic` when it panicked. What `body` was changing must not be used again: callers
/// mark the object.
pub(crate) fn guard<T>(on_panic: T, body: impl FnOnce() -> T) -> T {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(value) => value,
        Err(payload) => {
            // Dropping a payload runs foreign code that could panic once more.
            core::mem::forget(payload);
            on_panic
        }
    }
}

#[cfg(test)]
mod tests {
    use super::guard;

    struct Bomb;

    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("a payload that panics when it is dropped");
        }
    }

    #[test]
    fn panics_stop_here() {
        assert_eq!(guard(-101, || 7), 7);
        assert_eq!(guard(-101, || panic!("boom")), -101);
        assert_eq!(guard(-101, || std::panic::panic_any(Bomb)), -101);
    }
}
