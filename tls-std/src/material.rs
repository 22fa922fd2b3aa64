//! Files, and certificates out of them.

use crate::der;
use crate::error::{Error, Result};
use crate::pem::{self, Block};
use std::path::{Path, PathBuf};
use tls_core::cert::{Certificate, leaf_spki};
use tls_core::error::Reason;
use zeroize::Zeroizing;

/// A certificate and where it was found.
pub(crate) struct Found {
    pub(crate) certificate: Certificate,
    /// The line of a PEM block; `None` in DER.
    pub(crate) line: Option<usize>,
}

/// What was loaded, and where it stood: that it is too weak, or one too many, may show only later.
pub(crate) struct Placed<T> {
    pub(crate) value: T,
    /// `server.pem`, `crls.pem: line 12`; `None`: in memory, and alone there.
    place: Option<String>,
}

impl<T> Placed<T> {
    pub(crate) fn nowhere(value: T) -> Self {
        Self { value, place: None }
    }

    pub(crate) fn at(value: T, place: String) -> Self {
        let place = Some(place);
        Self { value, place }
    }

    /// The same within a larger place: the line of a file.
    pub(crate) fn within(self, outer: &str) -> Self {
        let place = match self.place {
            Some(place) => format!("{outer}: {place}"),
            None => outer.to_owned(),
        };
        Self::at(self.value, place)
    }

    /// An error about it, which says where it stood.
    pub(crate) fn name(&self, error: impl Into<Error>) -> Error {
        match &self.place {
            Some(place) => error.into().at(place),
            None => error.into(),
        }
    }
}

/// Largest file that is read: the largest bundles of CA certificates have half a mebibyte.
const MAX_FILE: u64 = 16 << 20;

/// Most characters of a path that an error shows.
const MAX_SHOWN: usize = 200;

/// A path in a sentence: on one line, and without the contents that somebody gave where a path is wanted, for
/// those may be a key.
pub(crate) fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    if text.contains("-----BEGIN ") {
        return "PEM in the place of a file's name".into();
    }
    let mut shown: String = text.chars().take(MAX_SHOWN).flat_map(visible).collect();
    if text.chars().nth(MAX_SHOWN).is_some() {
        shown.push_str("...");
    }
    shown
}

/// Control characters as Rust writes them.
fn visible(c: char) -> impl Iterator<Item = char> {
    let (as_is, escaped) = match c.is_control() {
        true => (None, Some(c.escape_default())),
        false => (Some(c), None),
    };
    as_is.into_iter().chain(escaped.into_iter().flatten())
}

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
            format!("{}: cannot be read: {why}", shown(path)),
        )
        .and_os_error(why.raw_os_error())
    };
    use std::io::Read;
    let mut file = open(path).map_err(fail)?;
    let metadata = file.metadata().map_err(fail)?;
    if !metadata.is_file() {
        return Err(Error::with(
            Reason::FileUnreadable,
            format!("{}: is no regular file", shown(path)),
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
            format!("{}: larger than {MAX_FILE} bytes", shown(path)),
        ));
    }
    Ok(bytes)
}

/// The regular files of a directory, in the order of their names.
pub(crate) fn files_of(dir: &Path) -> Result<Vec<PathBuf>> {
    let fail = |why: std::io::Error| {
        Error::with(
            Reason::FileUnreadable,
            format!("{}: the directory cannot be read", shown(dir)),
        )
        .and_os_error(why.raw_os_error())
    };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        // c_rehash leaves links behind whose file is gone: metadata() follows them and fails.
        if std::fs::metadata(&path).is_ok_and(|m| m.is_file()) {
            paths.push(path);
        }
    }
    paths.sort_unstable();
    Ok(paths)
}

/// Runs `f` on a file's contents; errors name the file.
pub(crate) fn in_file<T>(path: &Path, f: impl FnOnce(&[u8]) -> Result<T>) -> Result<T> {
    let bytes = read_file(path)?;
    f(&bytes).map_err(|error| error.at(&shown(path)))
}

/// Whether a file of a directory of certificates is meant to be one: it begins a PEM block with that
/// label, or DER as a certificate does.
pub(crate) fn holds_certificate(bytes: &[u8]) -> bool {
    match pem::is_pem(bytes) {
        true => LABELS
            .iter()
            .chain([&TRUSTED])
            .any(|label| pem::begins(bytes, label)),
        false => der::is_certificate(bytes),
    }
}

/// What PEM calls a certificate (RFC 7468 §5.1 and its appendix).
const LABELS: [&str; 2] = ["CERTIFICATE", "X509 CERTIFICATE"];

/// A certificate with settings of OpenSSL behind it.
const TRUSTED: &str = "TRUSTED CERTIFICATE";

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
            Some(0x30) => {
                check_whole(Reason::BadCertificateFile, bytes)?;
                Ok(vec![Found {
                    certificate: bytes.to_vec().into(),
                    line: None,
                }])
            }
            _ => Err(Error::with(
                Reason::BadPem,
                "neither PEM nor DER: no certificate was found",
            )),
        };
    }
    let blocks = pem::blocks(bytes)?;
    if let Some(block) = blocks.iter().find(|b| b.label == TRUSTED) {
        let text = format!(
            "line {}: a {TRUSTED} is OpenSSL's own form, which is not read (openssl x509 -in FILE -out FILE makes a \
             CERTIFICATE of it)",
            block.line
        );
        return Err(Error::with(Reason::BadCertificateFile, text));
    }
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

/// The chain of a keypair, leaf first. Each certificate parses.
pub(crate) fn chain(bytes: &[u8]) -> Result<Vec<Certificate>> {
    let mut chain = Vec::new();
    for found in certificates(bytes)? {
        leaf_spki(&found.certificate).map_err(|_malformed| {
            let place = found.line.map_or(String::new(), |n| format!("line {n}: "));
            let number = chain.len() + 1;
            let text = format!("{place}certificate {number} of the chain does not parse");
            Error::with(Reason::BadCertificateFile, text)
        })?;
        chain.push(found.certificate);
    }
    Ok(chain)
}

/// That DER is one whole element: what is cut off, or has something behind it, says where.
pub(crate) fn check_whole(reason: Reason, der: &[u8]) -> Result<()> {
    let bad = |text: String| Err(Error::with(reason, text));
    let (header, digits) = match der {
        [_, short @ 0..=0x7f, ..] => (2, &[*short][..]),
        [_, n @ 0x81..=0x83, rest @ ..] if rest.len() >= usize::from(n & 0x7f) => {
            let n = usize::from(n & 0x7f);
            (2 + n, &rest[..n])
        }
        [_, 0x84..=0xff, ..] => return bad("byte 1: a length that no such file has".into()),
        [_, 0x80, ..] => return bad("byte 1: BER of indefinite length is no DER".into()),
        _ => return bad(format!("byte {}: the DER is cut off", der.len())),
    };
    let len = header + digits.iter().fold(0, |n, d| n << 8 | usize::from(*d));
    match der.len().cmp(&len) {
        core::cmp::Ordering::Equal => Ok(()),
        core::cmp::Ordering::Less => bad(format!(
            "byte {}: the DER is cut off, it has {len} bytes",
            der.len()
        )),
        core::cmp::Ordering::Greater => bad(format!("byte {len}: bytes are left over behind it")),
    }
}

/// The first of them, for a sentence.
pub(crate) fn labels(blocks: &[Block<'_>]) -> String {
    const MOST: usize = 8;
    let labels: Vec<_> = blocks.iter().take(MOST).map(|b| b.label).collect();
    let more = if blocks.len() > MOST {
        " and others"
    } else {
        ""
    };
    format!("{labels:?}{more}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_one_line_and_no_key() {
        let of = |text: &str| shown(Path::new(text));
        assert_eq!(of("/etc/ssl/a b.pem"), "/etc/ssl/a b.pem");
        assert_eq!(of("a\n\u{1b}[2Jb"), "a\\n\\u{1b}[2Jb");
        assert_eq!(of(&"x".repeat(300)).len(), 203);
        let key = of("-----BEGIN PRIVATE KEY-----\nMIGH\n");
        assert_eq!(key, "PEM in the place of a file's name");
        let error = read_file(Path::new("-----BEGIN A-----\nMIGH\n")).expect_err("no file");
        assert!(!error.text().contains("MIGH"), "{}", error.text());
    }
}
