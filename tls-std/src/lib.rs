//! TLS for Rust programs.

mod alpn;
mod clock;
mod connection;
mod context;
mod error;
mod external_key;
mod material;
mod pem;
mod settings;
pub mod transport;
mod trust;

pub use clock::SystemClock;
pub use connection::{Connection, Wants};
pub use context::{Context, Roles};
pub use error::{Error, Result};
pub use external_key::KeyOperations;
pub use tls_core;
pub use tls_core::config::Preference;
pub use tls_core::conn::{Facts, Role, Stop};
pub use tls_core::error::{Family, Reason};
pub use tls_crypto::{DefaultProvider, OsRandom};
