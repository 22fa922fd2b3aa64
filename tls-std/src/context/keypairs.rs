use super::Context;
use crate::error::Result;
use crate::external_key::KeyOperations;
use crate::keypair::{self, Loaded};
use crate::loader::Loader;
use crate::material::Placed;
use crate::password::PasswordSource;
use crate::pkcs12;
use crate::settings::Settings;
use std::path::Path;
use std::sync::Arc;
use tls_core::cert::{Certificate, Keypair};
use tls_core::crypto::PrivateKey;

/// Certificates with their private keys. A server may have several and chooses by the name that the
/// client asks for and by what it can verify. Keys are RSA (1024 to 8192 bits, also RSA-PSS), ECDSA
/// (P-256, P-384, P-521) or Ed25519, in PKCS #8, PKCS #1 or SEC 1 form, and may be encrypted
/// ([`Context::set_password_source`]); each must belong to its certificate, and be as strong as the policy
/// and the security level want it (`WeakKeypair`).
impl Context {
    /// Adds a certificate chain, leaf first, and its private key, from PEM or DER files. `key`
    /// `None`: the key is in the certificate's file. Errors name the file and the line.
    pub fn add_keypair_file(&self, cert: impl AsRef<Path>, key: Option<&Path>) -> Result<()> {
        self.add(|loader| keypair::from_file(loader, cert.as_ref(), key))
    }

    /// The same from memory. `key` `None`: the key is in `cert`.
    pub fn add_keypair_mem(&self, cert: &[u8], key: Option<&[u8]>) -> Result<()> {
        self.add(|loader| keypair::from_mem(loader, cert, key))
    }

    /// A certificate chain whose private key lives elsewhere and may answer later.
    pub fn add_keypair_external(
        &self,
        cert: &[u8],
        operations: Arc<dyn KeyOperations>,
    ) -> Result<()> {
        self.add(|loader| keypair::external(loader.provider(), cert, operations))
    }

    /// A certificate chain, leaf first, and any implementation of a private key.
    pub fn add_keypair(&self, chain: Vec<Certificate>, key: Arc<dyn PrivateKey>) -> Result<()> {
        self.add(|loader| keypair::from_parts(loader.provider(), chain, key))
    }

    /// This keypair in place of all others, at once: a server whose certificate is renewed has a
    /// keypair at every moment. Arguments and errors as for [`Context::add_keypair_file`]; where it
    /// fails, the old keypairs stay.
    pub fn set_keypair_file(&self, cert: impl AsRef<Path>, key: Option<&Path>) -> Result<()> {
        self.replace(|loader| keypair::from_file(loader, cert.as_ref(), key).map(one))
    }

    /// The same from memory; see [`Context::add_keypair_mem`].
    pub fn set_keypair_mem(&self, cert: &[u8], key: Option<&[u8]>) -> Result<()> {
        self.replace(|loader| keypair::from_mem(loader, cert, key).map(one))
    }

    /// This keypair in place of those whose keys are of the same kind (RSA, RSA-PSS, EC, Ed25519), at
    /// once: what `SSL_CTX_use_certificate` of OpenSSL means. See [`Context::add_keypair_file`].
    pub fn renew_keypair_file(&self, cert: impl AsRef<Path>, key: Option<&Path>) -> Result<()> {
        self.try_prepare(
            |loader| keypair::from_file(loader, cert.as_ref(), key),
            |settings, keypair| {
                let kind = |keypair: &Keypair| core::mem::discriminant(&keypair.kind());
                let mut keypairs = known(&settings.config().keypairs);
                keypairs.retain(|other| kind(&other.value) != kind(&keypair.value));
                keypairs.push(keypair);
                settings.set_keypairs(keypairs)
            },
        )
    }

    /// Adds the keypairs of a PKCS #12 file (RFC 7292): each private key with its own certificate and,
    /// of the other certificates, the chain behind that. They vouch for nobody: trust is
    /// [`Context::add_ca_file`]. `password` `None`: the [`PasswordSource`] of the context is asked, and
    /// without one the file must have no password.
    ///
    /// Errors: `FileUnreadable`, `BadPkcs12`, `WrongPassword`, `PasswordNeeded`,
    /// `KeyDerivationTooCostly`, and those of keypairs.
    pub fn add_pkcs12_file(&self, path: impl AsRef<Path>, password: Option<&[u8]>) -> Result<()> {
        self.try_prepare(
            |loader| pkcs12::from_file(loader, path.as_ref(), password),
            Settings::add_keypairs,
        )
    }

    /// The same from memory.
    pub fn add_pkcs12_mem(&self, pfx: &[u8], password: Option<&[u8]>) -> Result<()> {
        self.try_prepare(
            |loader| pkcs12::from_mem(loader, pfx, password),
            Settings::add_keypairs,
        )
    }

    /// The keypairs of a PKCS #12 file in place of all others, at once; where it fails, the old ones
    /// stay.
    pub fn set_pkcs12_file(&self, path: impl AsRef<Path>, password: Option<&[u8]>) -> Result<()> {
        self.replace(|loader| pkcs12::from_file(loader, path.as_ref(), password))
    }

    /// The same from memory.
    pub fn set_pkcs12_mem(&self, pfx: &[u8], password: Option<&[u8]>) -> Result<()> {
        self.replace(|loader| pkcs12::from_mem(loader, pfx, password))
    }

    /// Who knows the passwords of keys and PKCS #12 files that are loaded from now on; `None`: nobody.
    pub fn set_password_source(&self, source: Option<Arc<dyn PasswordSource>>) {
        self.change(|s| s.set_passwords(source));
    }

    /// The same context, for loads that ask `source` for passwords in place of the context's own: a password of one file
    /// is no matter of other threads.
    pub fn with_passwords(&self, source: Arc<dyn PasswordSource>) -> Self {
        Self {
            shared: self.shared.clone(),
            passwords: Some(source),
        }
    }

    /// Takes the keypairs of another context in place of all of this one's, at once: for servers
    /// that renew several.
    pub fn set_keypairs_of(&self, other: &Self) -> Result<()> {
        let keypairs = known(&other.config().keypairs);
        self.edit(|s| s.set_keypairs(keypairs))
    }

    /// Forgets all keypairs. New connections of a server fail until there is one again: a live
    /// server is renewed by [`Context::set_keypair_file`].
    pub fn clear_keypairs(&self) {
        self.change(Settings::clear_keypairs);
    }

    fn add(&self, load: impl FnOnce(&Loader) -> Result<Loaded>) -> Result<()> {
        self.try_prepare(|loader| load(loader).map(one), Settings::add_keypairs)
    }

    fn replace(&self, load: impl FnOnce(&Loader) -> Result<Vec<Loaded>>) -> Result<()> {
        self.try_prepare(load, Settings::set_keypairs)
    }
}

fn one(keypair: Loaded) -> Vec<Loaded> {
    vec![keypair]
}

/// Where they came from is forgotten.
fn known(keypairs: &[Arc<Keypair>]) -> Vec<Loaded> {
    keypairs.iter().cloned().map(Placed::nowhere).collect()
}
