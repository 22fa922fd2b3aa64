//! TLS 1.2, client and server, without I/O.
#![forbid(unsafe_code)]

pub mod cert;
pub mod config;
pub mod conn;
pub mod crypto;
pub mod error;
mod handshake;
mod msg;
mod record;
pub mod wire;
