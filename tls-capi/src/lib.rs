//! The C library of tlscore: `libtlscore.so.1` and `<tlscore/tls.h>`, generated from the public items
//! here, in this order. There is no protocol in this crate and no state outside of its objects: each
//! function checks its handle and arguments, calls tls-std, and turns what comes back into a number.
//!
//! ```text
//!  C ─▶ handle (what is it?) ─▶ args (readable?) ─▶ guard (no panic gets out) ─▶ tls-std
//! ```
#![allow(non_camel_case_types, reason = "these are C's names")]
// The header is the contract: each function's description there says what its pointers must be.
#![allow(clippy::missing_safety_doc)]

pub mod code;
pub mod reason;
pub mod renegotiation;

pub mod version;

pub mod error;

pub mod ctx;
pub mod ctx_crl;
pub mod ctx_lists;
pub mod ctx_trust;

pub mod key_limits;
pub mod keypair;
pub mod password;
pub mod private_key;

pub mod ctx_dh;
pub mod ctx_psk;

pub mod ctx_sessions;
pub mod ticket_keys;

pub mod conn;

pub mod conn_setup;

pub mod io;

pub mod verbs;

pub mod facts;

pub mod client_auth;

pub mod ctx_extensions;
pub mod ocsp;

pub mod cert;
pub mod cert_details;
pub mod certs;

pub mod secrets;
pub mod session;

pub mod pending;

pub mod verify;

pub mod verify_path;

pub mod hello;

pub mod messages;
pub mod trace;

mod args;
mod callback;
mod callback_hello;
mod callback_key;
mod callback_psk;
mod callback_store;
mod callback_verify;
mod cert_state;
mod conn_state;
mod guard;
mod handle;
mod io_transport;
mod kept;

#[cfg(feature = "test-hooks")]
pub mod test_hooks;
