//! The panic boundary: unwinding into C is undefined, and a bug of ours must not end the program.

use crate::err::{self, Lib};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs `body`; `on_panic`, with an internal error in the queue, when it panicked.
pub(crate) fn guard<T>(on_panic: T, body: impl FnOnce() -> T) -> T {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(value) => value,
        Err(payload) => {
            // Dropping a payload runs foreign code that could panic once more.
            core::mem::forget(payload);
            err::put(
                Lib::Ssl,
                err::INTERNAL_ERROR,
                "a bug in libtlscore_openssl: please report it",
            );
            on_panic
        }
    }
}
