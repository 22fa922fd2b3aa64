//! Keypairs out of files, memory and the application's own keys.

use crate::error::{Error, Result};
use crate::external_key::{ExternalKey, KeyOperations};
use crate::loader::Loader;
use crate::material::{self, Placed};
use crate::private_key;
use std::path::Path;
use std::sync::Arc;
use tls_core::cert::{Certificate, Keypair, leaf_spki};
use tls_core::crypto::{PrivateKey, Provider};
use tls_core::error::Reason;

/// A keypair, and the file that it came from.
pub(crate) type Loaded = Placed<Arc<Keypair>>;

/// `key` `None`: the key is in `cert`.
pub(crate) fn from_file(loader: &Loader, cert: &Path, key: Option<&Path>) -> Result<Loaded> {
    let chain = material::in_file(cert, material::chain)?;
    let path = key.unwrap_or(cert);
    let place = path.display().to_string();
    let private = material::in_file(path, |bytes| private_key::read(loader, &place, bytes))?;
    let place = material::shown(cert);
    match from_parts(loader.provider(), chain, private) {
        Ok(keypair) => Ok(keypair.within(&place)),
        Err(error) if error.reason() == Reason::KeyMismatch && path != cert => {
            Err(error.at(&format!("{place} and {}", material::shown(path))))
        }
        Err(error) => Err(error.at(&place)),
    }
}

/// The same from memory.
pub(crate) fn from_mem(loader: &Loader, cert: &[u8], key: Option<&[u8]>) -> Result<Loaded> {
    let chain = material::chain(cert)?;
    let key = private_key::read(loader, "memory", key.unwrap_or(cert))?;
    from_parts(loader.provider(), chain, key)
}

/// A key that lives elsewhere; the certificate tells what kind it is.
pub(crate) fn external(
    provider: &dyn Provider,
    cert: &[u8],
    operations: Arc<dyn KeyOperations>,
) -> Result<Loaded> {
    let chain = material::chain(cert)?;
    let broken = |why: String| Error::with(Reason::BadCertificateFile, why);
    let spki = chain
        .first()
        .and_then(|leaf| leaf_spki(leaf).ok())
        .ok_or_else(|| broken("the leaf certificate does not parse".into()))?;
    let public = provider
        .public_key(spki)
        .map_err(|why| broken(format!("the leaf certificate's key: {why}")))?;
    let key = Arc::new(ExternalKey::new(public, operations));
    from_parts(provider, chain, key)
}

/// A chain, leaf first, and any implementation of a private key.
pub(crate) fn from_parts(
    provider: &dyn Provider,
    chain: Vec<Certificate>,
    key: Arc<dyn PrivateKey>,
) -> Result<Loaded> {
    let keypair = Keypair::new(provider, chain, key)?;
    Ok(Placed::nowhere(Arc::new(keypair)))
}
