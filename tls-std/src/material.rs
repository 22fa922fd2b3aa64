//! Certificates and private keys out of bytes and files.

use crate::error::{Error, Result};
use crate::pem::{self, Block};
use std::path::Path;
use std::sync::Arc;
use tls_core::cert::CertificateDer;
use tls_core::crypto::{KeyError, PrivateKey, PrivateKeyEncoding, Provider};
use tls_core::error::Reason;
use zeroize::Zeroizing;

/// A certificate and where it was found.
pub(crate) struct Found {
    pub(crate) certificate: CertificateDer<'static>,
    /// The line of a PEM block; `None` in DER.
    pub(crate) line: Option<usize>,
}

/// Largest file that is read: the largest bundles of CA certificates have half a mebibyte.
const MAX_FILE: u64 = 16 << 20;

/// Opens a file without waiting: a FIFO that nobody writes to would hold us for ever.
fn open(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY);
    }
    options.open(path)
}

/// Reads a whole regular file; the error names it.
pub(crate) fn read_file(path: &Path) -> Result<Zeroizing<Vec<u8>>> {
    let fail = |why: std::io::Error| {
        Error::with(
            Reason::FileUnreadable,
            format!("{}: cannot be read: {why}", path.display()),
        )
        .and_os_error(why.raw_os_error())
    };
    use std::io::Read;
    let mut file = open(path).map_err(fail)?;
    let metadata = file.metadata().map_err(fail)?;
    if !metadata.is_file() {
        return Err(Error::with(
            Reason::FileUnreadable,
            format!("{}: is no regular file", path.display()),
        ));
    }
    let size = metadata.len();
    // With room for all of it the buffer never moves: no unwiped copy of a key stays behind.
    let room = usize::try_from(size.min(MAX_FILE)).unwrap_or(0) + 2;
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    // One byte more than is allowed tells a file of the limit's size from a larger one.
    file.by_ref()
        .take(MAX_FILE + 1)
        .read_to_end(&mut bytes)
        .map_err(fail)?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(Error::with(
            Reason::FileUnreadable,
            format!("{}: larger than {MAX_FILE} bytes", path.display()),
        ));
    }
    Ok(bytes)
}

/// Runs `f` on a file's contents; errors name the file.
pub(crate) fn in_file<T>(path: &Path, f: impl FnOnce(&[u8]) -> Result<T>) -> Result<T> {
    let bytes = read_file(path)?;
    f(&bytes).map_err(|error| error.at(&path.display().to_string()))
}

/// Whether a file of a directory of certificates is meant to be one: it begins a PEM block with that
/// label, or a DER sequence.
pub(crate) fn holds_certificate(bytes: &[u8]) -> bool {
    match pem::is_pem(bytes) {
        true => LABELS.iter().any(|label| pem::begins(bytes, label)),
        false => bytes.first() == Some(&0x30),
    }
}

/// What PEM calls a certificate (RFC 7468 §5.1 and its appendix).
const LABELS: [&str; 2] = ["CERTIFICATE", "X509 CERTIFICATE"];

/// All certificates in PEM, or the one in DER; none is an error.
pub(crate) fn certificates(bytes: &[u8]) -> Result<Vec<Found>> {
    if bytes.is_empty() {
        return Err(Error::with(
            Reason::BadPem,
            "a certificate was expected, nothing is there",
        ));
    }
    if !pem::is_pem(bytes) {
        return match bytes.first() {
            Some(0x30) => Ok(vec![Found {
                certificate: bytes.to_vec().into(),
                line: None,
            }]),
            _ => Err(Error::with(
                Reason::BadPem,
                "neither PEM nor DER: no certificate was found",
            )),
        };
    }
    let blocks = pem::blocks(bytes)?;
    let found: Vec<_> = blocks
        .iter()
        .filter(|b| LABELS.contains(&b.label))
        .map(|b| Found {
            certificate: b.der.to_vec().into(),
            line: Some(b.line),
        })
        .collect();
    if found.is_empty() {
        return Err(Error::with(
            Reason::BadPem,
            format!("no certificate among the PEM blocks {}", labels(&blocks)),
        ));
    }
    Ok(found)
}

/// The chain of a keypair, leaf first.
pub(crate) fn chain(bytes: &[u8]) -> Result<Vec<CertificateDer<'static>>> {
    let found = certificates(bytes)?;
    Ok(found.into_iter().map(|f| f.certificate).collect())
}

/// The first private key in PEM, or the one in DER.
pub(crate) fn private_key(provider: &dyn Provider, bytes: &[u8]) -> Result<Arc<dyn PrivateKey>> {
    if !pem::is_pem(bytes) {
        let encoding = der_encoding(bytes).ok_or_else(|| {
            Error::with(
                Reason::BadPem,
                "neither PEM nor DER: no private key was found",
            )
        })?;
        return parse_key(provider, encoding, bytes);
    }
    let blocks = pem::blocks(bytes)?;
    let Some(block) = blocks.iter().find(|b| b.label.ends_with("PRIVATE KEY")) else {
        return Err(Error::with(
            Reason::BadPem,
            format!("no private key among the PEM blocks {}", labels(&blocks)),
        ));
    };
    pem_key(provider, block).map_err(|error| error.at(&format!("line {}", block.line)))
}

fn pem_key(provider: &dyn Provider, block: &Block<'_>) -> Result<Arc<dyn PrivateKey>> {
    let encoding = match block.label {
        _ if block.encrypted || block.label == "ENCRYPTED PRIVATE KEY" => {
            return Err(Error::with(
                Reason::BadPrivateKey,
                "the private key is encrypted; decrypt it first (openssl pkey -in FILE -out FILE)",
            ));
        }
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
    parse_key(provider, encoding, &block.der)
}

fn parse_key(
    provider: &dyn Provider,
    encoding: PrivateKeyEncoding,
    der: &[u8],
) -> Result<Arc<dyn PrivateKey>> {
    provider
        .private_key(encoding, der)
        .map_err(|why: KeyError| Error::with(Reason::BadPrivateKey, why.to_string()))
}

/// Which container a DER key has, by what follows its version: an AlgorithmIdentifier (RFC 5958),
/// the modulus (RFC 8017) or the OCTET STRING with the key (RFC 5915).
fn der_encoding(der: &[u8]) -> Option<PrivateKeyEncoding> {
    let body = match der {
        [0x30, len, body @ ..] if *len < 0x80 => body,
        [0x30, 0x81, _, body @ ..] | [0x30, 0x82, _, _, body @ ..] => body,
        _ => return None,
    };
    match body {
        [0x02, 1, _, 0x30, ..] => Some(PrivateKeyEncoding::Pkcs8),
        [0x02, 1, _, 0x02, ..] => Some(PrivateKeyEncoding::Pkcs1),
        [0x02, 1, _, 0x04, ..] => Some(PrivateKeyEncoding::Sec1),
        // An EncryptedPrivateKeyInfo begins with its AlgorithmIdentifier: PKCS #8 parsers say so.
        [0x30, ..] => Some(PrivateKeyEncoding::Pkcs8),
        _ => None,
    }
}

fn labels(blocks: &[Block<'_>]) -> String {
    format!("{:?}", blocks.iter().map(|b| b.label).collect::<Vec<_>>())
}
