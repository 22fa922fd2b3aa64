//! Passwords of encrypted keys and PKCS #12 files: who knows them, and how they are tried.

use crate::error::{Error, Result};
use std::sync::Arc;
use tls_core::error::Reason;
use tls_crypto::encrypted::OpenError;
use zeroize::Zeroizing;

/// How many passwords are tried for one file. Each costs a key derivation.
pub const MAX_PASSWORDS: usize = 16;

/// A password: any bytes, UTF-8 by custom. Wiped when dropped.
#[derive(Clone, Default)]
pub struct Password(Zeroizing<Vec<u8>>);

impl Password {
    /// Takes a copy.
    pub fn new(password: impl AsRef<[u8]>) -> Self {
        Self(Zeroizing::new(password.as_ref().to_vec()))
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl core::fmt::Debug for Password {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Password")
    }
}

/// What a password is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordRequest<'a> {
    /// The file as the program named it, or `memory`.
    pub place: &'a str,
    /// How many passwords were wrong already: 0 at first, less than [`MAX_PASSWORDS`].
    pub attempt: usize,
}

/// Who knows passwords: asked when a key or a PKCS #12 file turns out to be encrypted, by whatever
/// thread loads it, and again (up to [`MAX_PASSWORDS`] times) where a password was wrong.
pub trait PasswordSource: Send + Sync + core::fmt::Debug {
    /// The password; `None`: there is none, or no other. An error ends the loading.
    fn password(&self, request: &PasswordRequest<'_>) -> Result<Option<Password>>;
}

/// One password, for everything.
#[derive(Clone, Debug)]
pub struct OnePassword(pub Password);

impl PasswordSource for OnePassword {
    fn password(&self, request: &PasswordRequest<'_>) -> Result<Option<Password>> {
        Ok((request.attempt == 0).then(|| self.0.clone()))
    }
}

/// Opens what `place` has with the passwords of `source`, one after the other. `reason` is that of
/// contents that are broken or not supported.
pub(crate) fn unlock<T>(
    source: Option<&Arc<dyn PasswordSource>>,
    place: &str,
    reason: Reason,
    open: impl Fn(&[u8]) -> Result<T, OpenError>,
) -> Result<T> {
    let Some(source) = source else {
        let text = "it is encrypted, and nothing was set that knows passwords";
        return Err(Error::with(Reason::PasswordNeeded, text));
    };
    for attempt in 0..MAX_PASSWORDS {
        let Some(password) = source.password(&PasswordRequest { place, attempt })? else {
            return Err(none_fits(attempt));
        };
        match open(password.as_bytes()) {
            Err(OpenError::WrongPassword) => {}
            opened => return opened.map_err(|why| explain(reason, &why)),
        }
    }
    Err(none_fits(MAX_PASSWORDS))
}

fn none_fits(tried: usize) -> Error {
    match tried {
        0 => Error::with(
            Reason::PasswordNeeded,
            "it is encrypted, and no password was given",
        ),
        1 => Reason::WrongPassword.into(),
        n => Error::with(
            Reason::WrongPassword,
            format!("all of {n} passwords are wrong, or the file is damaged"),
        ),
    }
}

/// The error of a file that does not open.
pub(crate) fn explain(reason: Reason, why: &OpenError) -> Error {
    let reason = match why {
        OpenError::WrongPassword => return Reason::WrongPassword.into(),
        OpenError::TooCostly(_) => Reason::KeyDerivationTooCostly,
        OpenError::Malformed(_) | OpenError::Unsupported(_) => reason,
    };
    Error::with(reason, why.to_string())
}
