//! TLS 1.2 (RFC 5246), client and server, without I/O: no sockets, no clock, no randomness and no
//! cryptography of its own. The caller owns the first three; a [`crypto::Provider`] brings the
//! last.
//!
//! ```text
//!  transport bytes ─▶ records ─▶ open ─┬─ application data ──────────────▶ Connection::read
//!  (recv_buffer, received)             ├─ handshake ─▶ messages ─┐
//!                                      ├─ change_cipher_spec ────┤ step(state, input)
//!                                      └─ alert                  ▼        │
//!  outgoing, sent ◀── seal ◀── fragments ◀── Connection::write    effects ◀┘
//!                                   ▲─────── messages ◀──────────────┤
//!                                            question ─▶ answer ─────┘ (now, or later)
//! ```
//!
//! A [`conn::Connection`] is driven by its verbs: [`handshake`](conn::Connection::handshake),
//! [`read`](conn::Connection::read), [`write`](conn::Connection::write) and
//! [`close`](conn::Connection::close). None blocks; each says through [`conn::Stop`] what it waits
//! for. Programs with sockets and files want the crate `tls-std`, which adds them.
//!
//! ```
//! use std::sync::Arc;
//! use tls_core::cert::{ServerName, TrustAnchors, UnixTime};
//! use tls_core::config::{Clock, Config, Verification};
//! use tls_core::conn::{Connection, Stop};
//!
//! #[derive(Debug)]
//! struct WallClock;
//! impl Clock for WallClock {
//!     fn now(&self) -> UnixTime {
//!         UnixTime::now()
//!     }
//! }
//!
//! let config = Config::new(
//!     Arc::new(tls_crypto::DefaultProvider),
//!     Arc::new(tls_crypto::OsRandom),
//!     Arc::new(WallClock),
//!     Verification::Required(Arc::new(TrustAnchors::default())),
//! );
//! let name = ServerName::parse("example.com").ok();
//! let mut client = Connection::client(Arc::new(config), name.clone(), name);
//!
//! // The first call makes the ClientHello and then wants the server's answer.
//! assert_eq!(client.handshake(), Err(Stop::WantRead));
//! let hello = client.outgoing().to_vec();
//! assert_eq!(hello[0], 22, "a handshake record");
//! client.sent(hello.len());
//!
//! // What does not speak TLS is refused, and the error says so.
//! client.feed(b"HTTP/1.1 400 Bad Request\r\n");
//! assert_eq!(client.handshake(), Err(Stop::Failed));
//! let error = client.error().expect("a failed connection knows why");
//! assert_eq!(error.reason().name(), "HTTP_REQUEST");
//! ```
#![forbid(unsafe_code)]

pub mod cert;
pub mod config;
pub mod conn;
pub mod crypto;
pub mod error;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod handshake;
pub mod inspect;
mod msg;
mod record;
pub mod session;
pub mod wire;
