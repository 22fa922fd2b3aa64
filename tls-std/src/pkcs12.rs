//! Keypairs out of PKCS #12 files.

use crate::error::{Error, Result};
use crate::keypair::{self, Loaded};
use crate::loader::Loader;
use crate::material;
use crate::password::{OnePassword, Password};
use crate::private_key;
use std::path::Path;
use std::sync::Arc;
use tls_core::cert::{Certificate, chain_of};
use tls_core::crypto::PrivateKeyEncoding;
use tls_core::error::Reason;
use tls_crypto::encrypted::{Pkcs12, open_pkcs12};

/// `password` `None`: the context's passwords are asked, and without those none is tried.
pub(crate) fn from_file(
    loader: &Loader,
    path: &Path,
    password: Option<&[u8]>,
) -> Result<Vec<Loaded>> {
    let place = path.display().to_string();
    let found = material::in_file(path, |bytes| read(loader, &place, bytes, password))?;
    let file = material::shown(path);
    Ok(found.into_iter().map(|k| k.within(&file)).collect())
}

/// The same from memory.
pub(crate) fn from_mem(
    loader: &Loader,
    bytes: &[u8],
    password: Option<&[u8]>,
) -> Result<Vec<Loaded>> {
    read(loader, "memory", bytes, password)
}

fn read(
    loader: &Loader,
    place: &str,
    bytes: &[u8],
    password: Option<&[u8]>,
) -> Result<Vec<Loaded>> {
    let given = password.is_some() || loader.has_passwords();
    let own: Arc<_> = OnePassword(Password::new(password.unwrap_or_default())).into();
    let loader = match password {
        Some(_) => &loader.with_passwords(Some(own)),
        None if loader.has_passwords() => loader,
        None => &loader.with_passwords(Some(own)),
    };
    if bytes.first() != Some(&0x30) {
        return Err(bad(match bytes {
            [] => "a PKCS #12 file was expected, nothing is there".into(),
            _ => "no PKCS #12 file: it does not begin with a SEQUENCE".into(),
        }));
    }
    let pfx = loader.unlock(place, Reason::BadPkcs12, |password| {
        open_pkcs12(bytes, password)
    });
    let pfx = pfx.map_err(|error| match error.reason() {
        // The empty one was ours.
        Reason::WrongPassword if !given => Error::with(
            Reason::PasswordNeeded,
            "it is encrypted, and no password was given",
        ),
        _ => error,
    })?;
    keypairs(loader, pfx)
}

/// Every key with the certificate that is its own, and the chain behind that.
fn keypairs(loader: &Loader, pfx: Pkcs12) -> Result<Vec<Loaded>> {
    if pfx.keys.is_empty() {
        return Err(bad("there is no private key in it".into()));
    }
    let certificates: Vec<Certificate> = pfx.certificates.into_iter().map(Into::into).collect();
    let count = pfx.keys.len();
    let keypair = |(i, der): (usize, _)| {
        let place = format!("private key {} of {count}", i + 1);
        let at = |error: Error| error.at(&place);
        let key = private_key::parse(loader, PrivateKeyEncoding::Pkcs8, der).map_err(at)?;
        let chain = chain_of(&*key, &certificates).map_err(|error| at(error.into()))?;
        let chain = chain.ok_or_else(|| {
            let text = format!("none of {} certificates belongs to it", certificates.len());
            at(bad(text))
        })?;
        let keypair = keypair::from_parts(loader.provider(), chain, key).map_err(at)?;
        Ok(keypair.within(&place))
    };
    let keys = pfx.keys.iter().map(|key| &key[..]);
    keys.enumerate().map(keypair).collect()
}

fn bad(text: String) -> Error {
    Error::with(Reason::BadPkcs12, text)
}
