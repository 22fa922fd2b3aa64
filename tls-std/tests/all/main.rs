//! Every test of this crate that needs no process of its own, in one program: it links once.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod client_auth;
mod common;
mod config;
mod descriptors;
mod encrypted;
mod external_key;
mod levels;
mod own;
mod places;
mod refused_keys;
mod reload;
mod renegotiation;
mod secrets;
mod sessions;
mod trace;
mod transport;
mod verbs;
mod verify;
