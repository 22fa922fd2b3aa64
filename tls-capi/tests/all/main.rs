//! Every test of this crate that needs no process of its own, in one program: it links once.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;
mod keys;
mod loopback;
mod misuse;
mod null;
mod numbers;
mod sessions;
