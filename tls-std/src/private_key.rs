//! Private keys out of bytes, encrypted or not.

use crate::der::{Container, container};
use crate::error::{Error, Result};
use crate::loader::Loader;
use crate::material::{check_whole, labels};
use crate::password::PasswordSource;
use crate::pem::{self, Block};
use std::sync::Arc;
use tls_core::crypto::{KeyError, PrivateKey, PrivateKeyEncoding};
use tls_core::error::Reason;
use tls_crypto::DefaultProvider;
use tls_crypto::encrypted::{decrypt_pem, decrypt_pkcs8};

/// The one private key in PEM, or the one in DER, for
/// [`Context::add_keypair`](crate::Context::add_keypair). `passwords` is asked where it is encrypted. Errors:
/// `BadPem`, `BadPrivateKey`, `PasswordNeeded`, `WrongPassword`, `KeyDerivationTooCostly`.
pub fn read_private_key(
    pem_or_der: &[u8],
    passwords: Option<Arc<dyn PasswordSource>>,
) -> Result<Arc<dyn PrivateKey>> {
    read(
        &Loader::new(Arc::new(DefaultProvider), passwords),
        "memory",
        pem_or_der,
    )
}

/// The one private key in PEM, or the one in DER. `place` is what a password is asked for.
pub(crate) fn read(loader: &Loader, place: &str, bytes: &[u8]) -> Result<Arc<dyn PrivateKey>> {
    if !pem::is_pem(bytes) {
        return der(loader, place, bytes);
    }
    let blocks = pem::blocks(bytes)?;
    let mut keys = blocks.iter().filter(|b| b.label.ends_with("PRIVATE KEY"));
    let Some(block) = keys.next() else {
        return Err(Error::with(
            Reason::BadPem,
            format!("no private key among the PEM blocks {}", labels(&blocks)),
        ));
    };
    if let Some(second) = keys.next() {
        let text = format!(
            "line {}: a second private key, the first begins in line {}: which is meant?",
            second.line, block.line
        );
        return Err(Error::with(Reason::BadPrivateKey, text));
    }
    pem_key(loader, place, block).map_err(|error| error.at(&format!("line {}", block.line)))
}

fn pem_key(loader: &Loader, place: &str, block: &Block<'_>) -> Result<Arc<dyn PrivateKey>> {
    let encoding = match block.label {
        "ENCRYPTED PRIVATE KEY" => return encrypted(loader, place, &block.der),
        "PRIVATE KEY" => PrivateKeyEncoding::Pkcs8,
        "RSA PRIVATE KEY" => PrivateKeyEncoding::Pkcs1,
        "EC PRIVATE KEY" => PrivateKeyEncoding::Sec1,
        other => {
            return Err(Error::with(
                Reason::BadPrivateKey,
                format!("private keys of the kind {other:?} are not supported"),
            ));
        }
    };
    if !block.encrypted {
        return parse(loader, encoding, &block.der);
    }
    let Some(dek_info) = block.dek_info else {
        let text = "the PEM block says that it is encrypted and has no DEK-Info header";
        return Err(Error::with(Reason::BadPrivateKey, text));
    };
    let plain = loader.unlock(place, Reason::BadPrivateKey, |password| {
        decrypt_pem(dek_info, &block.der, password)
    })?;
    parse(loader, encoding, &plain)
}

fn der(loader: &Loader, place: &str, bytes: &[u8]) -> Result<Arc<dyn PrivateKey>> {
    if bytes.first() != Some(&0x30) {
        return Err(Error::with(
            Reason::BadPem,
            match bytes {
                [] => "a private key was expected, nothing is there",
                _ => "neither PEM nor DER: no private key was found",
            },
        ));
    }
    check_whole(Reason::BadPrivateKey, bytes)?;
    match container(bytes) {
        Some(Container::Plain(encoding)) => parse(loader, encoding, bytes),
        Some(Container::Encrypted) => encrypted(loader, place, bytes),
        Some(Container::Pkcs12) => Err(Error::with(
            Reason::BadPrivateKey,
            "a PKCS #12 file, which is loaded as such, with its certificates",
        )),
        None => Err(Error::with(
            Reason::BadPrivateKey,
            "DER, but no private key: neither PKCS #8 nor PKCS #1 nor SEC 1",
        )),
    }
}

/// An `EncryptedPrivateKeyInfo`.
fn encrypted(loader: &Loader, place: &str, der: &[u8]) -> Result<Arc<dyn PrivateKey>> {
    let plain = loader.unlock(place, Reason::BadPrivateKey, |password| {
        decrypt_pkcs8(der, password)
    })?;
    parse(loader, PrivateKeyEncoding::Pkcs8, &plain)
}

pub(crate) fn parse(
    loader: &Loader,
    encoding: PrivateKeyEncoding,
    der: &[u8],
) -> Result<Arc<dyn PrivateKey>> {
    loader
        .provider()
        .private_key(encoding, der)
        .map_err(|why: KeyError| Error::with(Reason::BadPrivateKey, why.to_string()))
}
