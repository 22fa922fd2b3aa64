//! Key logs.

use crate::error::{Error, Result};
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use tls_core::error::Reason;
use tls_core::inspect::{KeyLog, key_log_line};
use zeroize::Zeroizing;

/// Appends the lines of NSS's key log to a file. DANGER: whoever reads it can read everything that
/// the connections say. Several processes may share a file: each line is one write at its end. A
/// line that cannot be written is lost; connections do not depend on it.
#[derive(Debug)]
pub struct KeyLogFile(Mutex<File>);

impl KeyLogFile {
    /// Opens the file, or makes one that its owner alone can read.
    ///
    /// Errors: `FileUnreadable`.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let mut options = std::fs::OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600).custom_flags(libc::O_NOCTTY);
        }
        match options.open(path) {
            Ok(file) => Ok(Self(Mutex::new(file))),
            Err(why) => Err(Error::with(
                Reason::FileUnreadable,
                format!(
                    "{}: the key log cannot be written",
                    crate::material::shown(path)
                ),
            )
            .and_os_error(why.raw_os_error())),
        }
    }

    /// The file that the environment variable SSLKEYLOGFILE names, as browsers take it; `None`
    /// without one, and in a program that runs with more rights than who started it.
    pub fn from_env() -> Result<Option<Self>> {
        match env("SSLKEYLOGFILE").filter(|path| !path.is_empty()) {
            Some(path) => Self::open(path).map(Some),
            None => Ok(None),
        }
    }
}

/// secure_getenv(3): a program with the set-user-ID bit does not write where its user says.
#[cfg(target_os = "linux")]
fn env(name: &str) -> Option<std::ffi::OsString> {
    // SAFETY: it takes no argument and only reads.
    let secure = unsafe { libc::getauxval(libc::AT_SECURE) } != 0;
    if secure { None } else { std::env::var_os(name) }
}

#[cfg(all(unix, not(target_os = "linux")))]
fn env(name: &str) -> Option<std::ffi::OsString> {
    // SAFETY: these only read the process's identities.
    let secure = unsafe { libc::getuid() != libc::geteuid() || libc::getgid() != libc::getegid() };
    if secure { None } else { std::env::var_os(name) }
}

#[cfg(not(unix))]
fn env(name: &str) -> Option<std::ffi::OsString> {
    std::env::var_os(name)
}

impl KeyLog for KeyLogFile {
    fn log(&self, label: &str, client_random: &[u8; 32], secret: &[u8]) {
        let line = key_log_line(label, client_random, secret);
        // With room for the line feed: growing would leave a copy behind.
        let mut whole = Zeroizing::new(Vec::with_capacity(line.len() + 1));
        whole.extend_from_slice(line.as_bytes());
        whole.push(b'\n');
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let _lost = file.write_all(&whole);
    }
}
