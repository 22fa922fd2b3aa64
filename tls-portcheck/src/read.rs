//! The functions of OpenSSL's that a file uses.
use std::collections::BTreeMap;
use std::fmt;

use object::read::archive::ArchiveFile;

use crate::elf::{self, Asked, Symbols};
use crate::source;
use crate::table::{Library, Table};

/// Longer names are not OpenSSL's, in bytes.
pub(crate) const MAX_NAME: usize = 128;

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// Neither ELF nor an archive nor text.
    NotKnown,
    /// Cut off, or contradicting itself; what the reader says.
    Malformed(String),
    /// There is nothing to see in it, and why.
    Hidden(&'static str),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NotKnown => write!(f, "not an ELF file, an archive or a C source"),
            Error::Malformed(what) => write!(f, "malformed: {what}"),
            Error::Hidden(why) => write!(f, "{why}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<object::read::Error> for Error {
    fn from(error: object::read::Error) -> Error {
        Error::Malformed(error.to_string())
    }
}

/// One function that a file uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The library that the file asks for it, or, where it does not say, the one that OpenSSL 3.0 has it in.
    pub library: Library,
    /// The line of its first use, in sources.
    pub line: Option<usize>,
}

/// The functions of OpenSSL's that a file of these contents uses, by name.
pub fn read(data: &[u8], table: &Table) -> Result<BTreeMap<String, Use>, Error> {
    if data.starts_with(b"\x7fELF") {
        return functions(elf::symbols(data)?, table);
    }
    if data.starts_with(b"!<arch>\n") || data.starts_with(b"!<thin>\n") {
        return functions(archive(data)?, table);
    }
    // Old sources are in old encodings; no source has a NUL.
    if data.contains(&0) {
        Err(Error::NotKnown)
    } else {
        Ok(source::names(data, table))
    }
}

/// All objects of an archive; what one defines and another asks for is the archive's own.
fn archive(data: &[u8]) -> Result<Symbols, Error> {
    let archive = ArchiveFile::parse(data)?;
    if archive.is_thin() {
        return Err(Error::Hidden(
            "a thin archive: name the object files it stands for",
        ));
    }
    let mut all = Symbols::default();
    for member in archive.members() {
        let data = member?.data(data)?;
        if data.starts_with(b"\x7fELF") {
            all.add(elf::symbols(data)?);
        } else if data.starts_with(b"BC\xc0\xde") {
            return Err(Error::Hidden(
                "holds bitcode of a compiler: build without -flto",
            ));
        }
    }
    Ok(all)
}

/// Those of a file's symbols that are OpenSSL's: asked of one of its libraries, or of any and in the table.
fn functions(symbols: Symbols, table: &Table) -> Result<BTreeMap<String, Use>, Error> {
    if symbols.link_time {
        return Err(Error::Hidden(
            "made for optimisation at link time: build without -flto, or with -ffat-lto-objects",
        ));
    }
    let mut found = BTreeMap::new();
    for (name, library) in symbols.wanted {
        let library = match library {
            Asked::OpenSsl(library) => library,
            Asked::Another => continue,
            Asked::Anywhere => match table.get(&name) {
                Some(entry) if !symbols.defined.contains(&name) => entry.library,
                _ => continue,
            },
        };
        found.insert(
            name,
            Use {
                library,
                line: None,
            },
        );
    }
    if found.is_empty()
        && symbols.defined.contains("SSL_CTX_new")
        && symbols.defined.contains("SSL_read")
    {
        return Err(Error::Hidden(
            "OpenSSL itself is in it: give the object files of the program instead",
        ));
    }
    Ok(found)
}
