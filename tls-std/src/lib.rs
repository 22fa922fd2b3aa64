//! TLS for Rust programs: what [`tls_core`] leaves out, as std is to core. Files and PEM, the system's
//! CA certificates, the clock, the operating system's randomness, sockets, and the loop that drives a
//! connection over them. The C and Python libraries wrap this crate and hold no logic of their own.
//!
//! ```text
//!             Context ── policy, lists, trust, keypairs: shared by any number of threads
//!                │ client(name) / server(): a connection keeps the settings of that moment
//!                ▼
//!   your bytes ─▶ Connection::write ─▶ seal ─▶ one send buffer ─▶ Transport ─▶ fd, stream, callbacks
//!   your bytes ◀─ Connection::read ◀─ open ◀─ one receive buffer ◀─ (or feed / drain, without one)
//!                │
//!                └─ handshake: messages in, messages out; a private key may answer later
//! ```
//!
//! A verb that cannot finish returns [`Stop::WantRead`], [`Stop::WantWrite`] or [`Stop::WantApp`]:
//! wait for it, then repeat the verb. [`Stop::Failed`] means that [`Connection::error`] says why. With
//! a blocking transport no want ever comes back, and [`Connection`] is then a [`std::io::Read`] and
//! [`std::io::Write`] like any other.
//!
//! # Example
//!
//! A server and a client over a loopback socket, both blocking:
//!
//! ```
//! use std::io::{Read, Write};
//! use std::net::{TcpListener, TcpStream};
//! use tls_std::transport::StreamTransport;
//! use tls_std::{Context, Roles};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let pki = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/pki");
//! # let (cert, key) = (format!("{pki}/server-p256.pem"), format!("{pki}/server-p256.key"));
//! # let ca = format!("{pki}/ca.pem");
//! let server_ctx = Context::new(Roles::Server);
//! server_ctx.add_keypair_file(cert, Some(key.as_ref()))?;
//!
//! let listener = TcpListener::bind("127.0.0.1:0")?;
//! let address = listener.local_addr()?;
//! let server = std::thread::spawn(move || -> std::io::Result<()> {
//!     let (socket, _peer) = listener.accept()?;
//!     let mut conn = server_ctx.server();
//!     conn.set_transport(Some(Box::new(StreamTransport(socket))));
//!     let mut request = String::new();
//!     conn.read_to_string(&mut request)?; // to the client's close_notify: nothing was cut off
//!     conn.write_all(request.to_uppercase().as_bytes())?;
//!     conn.shutdown()
//! });
//!
//! let client_ctx = Context::new(Roles::Client);
//! client_ctx.add_ca_file(ca)?; // without this: the system's CA certificates
//! let mut conn = client_ctx.client(Some("localhost"));
//! conn.set_transport(Some(Box::new(StreamTransport(TcpStream::connect(address)?))));
//! conn.write_all(b"hello")?; // runs the handshake first
//! assert_eq!(conn.facts().suite.unwrap().openssl_name, "ECDHE-ECDSA-AES128-GCM-SHA256");
//! conn.shutdown()?;
//!
//! let mut answer = String::new();
//! conn.read_to_string(&mut answer)?;
//! assert_eq!(answer, "HELLO");
//! # server.join().unwrap()?;
//! # Ok(())
//! # }
//! ```

mod alpn;
mod certificates;
mod chosen;
mod clock;
mod connection;
mod context;
mod crl;
mod der;
mod error;
mod external_key;
mod key_log;
mod keypair;
mod loader;
mod material;
mod messages;
mod password;
mod pem;
mod pkcs12;
mod private_key;
mod settings;
mod ticket_keys;
mod trace;
pub mod transport;
mod trust;
mod verify;

pub use certificates::{
    certificate_pem, read_certificates, read_certificates_file, spki_pin, spki_sha256,
};
pub use clock::SystemClock;
pub use connection::{Connection, Wants};
pub use context::{Context, Roles};
pub use error::{Error, Result};
pub use external_key::KeyOperations;
pub use key_log::KeyLogFile;
pub use messages::{Content, MessageSink};
pub use password::{MAX_PASSWORDS, OnePassword, Password, PasswordRequest, PasswordSource};
pub use private_key::read_private_key;
pub use tls_core;
pub use tls_core::cert::{OcspInfo, OcspStatus};
pub use tls_core::config::{ClientAuth, KeyLimits, Ocsp, Preference, Renegotiation};
pub use tls_core::conn::{ChannelBinding, Facts, Role, Stop};
pub use tls_core::error::{Family, Reason};
pub use tls_core::session::ClientSession;
pub use tls_crypto::{BulkRandom, CbcTicketKey, DefaultProvider, OsRandom};
pub use trace::{TRACE_VERSION, TraceSink};
pub use verify::Verify;
