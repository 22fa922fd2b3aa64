//! What a password protects: encrypted private keys (PKCS #8 with PBES2, the old `Proc-Type:
//! 4,ENCRYPTED` form of PEM) and PKCS #12 files.
//!
//! ```text
//! pkcs8  ─► pbe ──► kdf (PBKDF2, scrypt, PKCS #12) ──► cipher (CBC) ──► plaintext, wiped on drop
//! pkcs12 ─► ber, mac ─► bags ─► pbe
//! pem    ─► kdf (MD5) ─► cipher
//! ```
//!
//! Files may be hostile: what their key derivation would cost is added up in `work::Work` before
//! anything is derived, and is bounded for the whole file.

mod bags;
mod ber;
mod cipher;
mod kdf;
mod mac;
mod oids;
mod pbe;
mod pem;
mod pkcs12;
mod pkcs8;
#[cfg(test)]
mod tests;
mod work;

pub use pem::decrypt_pem;
pub use pkcs8::decrypt_pkcs8;
pub use pkcs12::{Pkcs12, open_pkcs12};
pub use work::{MAX_SCRYPT_MEMORY, MAX_WORK};

/// Why something encrypted was not opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// The password is another one. A damaged file can look the same.
    WrongPassword,
    /// The encoding is broken; the text says where.
    Malformed(String),
    /// Encrypted in a way that is not supported; the text names it.
    Unsupported(String),
    /// Deriving the key would cost more than [`MAX_WORK`] or [`MAX_SCRYPT_MEMORY`]; the text says how
    /// much.
    TooCostly(String),
}

impl core::fmt::Display for OpenError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::WrongPassword => f.write_str("the password is wrong"),
            Self::Malformed(why) => write!(f, "malformed: {why}"),
            Self::Unsupported(why) => write!(f, "not supported: {why}"),
            Self::TooCostly(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for OpenError {}

type Result<T, E = OpenError> = core::result::Result<T, E>;

fn malformed(what: &str) -> OpenError {
    OpenError::Malformed(what.into())
}
