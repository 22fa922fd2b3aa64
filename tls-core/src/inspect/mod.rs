//! Looking on: what a connection tells those who watch it. Every floor may speak to it.

mod event;
mod keylog;

pub use event::{Decision, Direction, Event, Observer, Observers};
pub use keylog::{CLIENT_RANDOM, KeyLog, key_log_line};
