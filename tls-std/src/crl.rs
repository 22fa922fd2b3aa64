//! CRLs out of bytes, files and directories.

use crate::error::{Error, Result};
use crate::material::{self, Placed};
use crate::pem;
use std::path::Path;
use tls_core::cert::Crl;
use tls_core::error::Reason;

/// What PEM calls a CRL (RFC 7468 §6).
const LABEL: &str = "X509 CRL";

/// All CRLs in PEM, or the one in DER; none is an error.
pub(crate) fn from_mem(bytes: &[u8]) -> Result<Vec<Placed<Crl>>> {
    let none = |what: &str| Error::with(Reason::BadPem, what.to_owned());
    if bytes.is_empty() {
        return Err(none("a CRL was expected, nothing is there"));
    }
    if !pem::is_pem(bytes) {
        return match bytes.first() {
            Some(0x30) => Ok(vec![Placed::nowhere(Crl::parse(bytes)?)]),
            _ => Err(none("neither PEM nor DER: no CRL was found")),
        };
    }
    let mut found = Vec::new();
    for block in pem::blocks(bytes)?.iter().filter(|b| b.label == LABEL) {
        let line = format!("line {}", block.line);
        match Crl::parse(&block.der) {
            Ok(list) => found.push(Placed::at(list, line)),
            Err(error) => return Err(Error::from(error).at(&line)),
        }
    }
    match found.is_empty() {
        true => Err(none("no PEM block is an X509 CRL")),
        false => Ok(found),
    }
}

/// The same from a file.
pub(crate) fn from_file(path: &Path) -> Result<Vec<Placed<Crl>>> {
    in_file(path, from_mem)
}

/// What `read` makes of a file's contents, and that it was this file.
fn in_file(
    path: &Path,
    read: impl FnOnce(&[u8]) -> Result<Vec<Placed<Crl>>>,
) -> Result<Vec<Placed<Crl>>> {
    let found = material::in_file(path, read)?;
    let file = material::shown(path);
    Ok(found.into_iter().map(|list| list.within(&file)).collect())
}

/// Every file of a directory that holds a CRL: in PEM, or in DER under a name of CRLs. Others are passed
/// over; a CRL that is damaged, and a directory without any, are errors.
pub(crate) fn from_dir(dir: &Path) -> Result<Vec<Placed<Crl>>> {
    let mut found = Vec::new();
    for path in material::files_of(dir)? {
        found.extend(in_file(&path, |bytes| {
            let is_crl = match pem::is_pem(bytes) {
                true => pem::begins(bytes, LABEL),
                false => has_name(&path),
            };
            match is_crl {
                true => from_mem(bytes),
                false => Ok(Vec::new()),
            }
        })?);
    }
    if !found.is_empty() {
        return Ok(found);
    }
    Err(Error::with(
        Reason::BadPem,
        format!(
            "{}: no file of the directory holds a CRL",
            material::shown(dir)
        ),
    ))
}

/// `ca.crl`, or `1a2b3c4d.r0` as `openssl rehash` links it.
fn has_name(path: &Path) -> bool {
    let extension = path
        .extension()
        .and_then(|e| e.to_str())
        .unwrap_or_default();
    let hashed = extension
        .strip_prefix('r')
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()));
    hashed || extension.eq_ignore_ascii_case("crl")
}
