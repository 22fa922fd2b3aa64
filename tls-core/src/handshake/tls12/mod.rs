//! TLS 1.2 behind the hellos (RFC 5246 §7.3).

mod agreed;
mod client;
mod keepsake;
mod keys;
mod kx;
mod limits;
mod server;

pub(super) use client::{Client12, client_hello_answered};
pub(super) use keys::Side;
pub(super) use server::{Server12, greeted};
