//! The symbols that an ELF file defines and asks for, and which library it asks.
use std::collections::{HashMap, HashSet};

use object::elf::{FileHeader32, FileHeader64, SHN_UNDEF, STB_LOCAL, VersionIndex, Versym};
use object::read::elf::{FileHeader, SectionTable, Sym, SymbolTable};
use object::{Endianness, FileKind};

use crate::read::{Error, MAX_NAME};
use crate::table::Library;

/// Versions that one file may name: linkers write a few dozen.
const MAX_VERSIONS: usize = 1 << 16;

/// Whom a file asks for a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// One of OpenSSL's libraries, by the name of the file that its version belongs to.
    OpenSsl(Library),
    /// Another library.
    Another,
    /// The file does not say: objects, and libraries without versions.
    Anywhere,
}

/// What is of interest in a file's symbols.
#[derive(Debug, Default)]
pub(crate) struct Symbols {
    pub(crate) wanted: HashMap<String, Asked>,
    pub(crate) defined: HashSet<String>,
    /// Code that only the linker will make: its symbols are not there.
    pub(crate) link_time: bool,
}

impl Symbols {
    pub(crate) fn add(&mut self, other: Symbols) {
        self.wanted.extend(other.wanted);
        self.defined.extend(other.defined);
        self.link_time |= other.link_time;
    }
}

/// The symbols of an executable, a shared object or an object file.
pub(crate) fn symbols(data: &[u8]) -> Result<Symbols, Error> {
    match FileKind::parse(data)? {
        FileKind::Elf32 => of::<FileHeader32<Endianness>>(data),
        FileKind::Elf64 => of::<FileHeader64<Endianness>>(data),
        _ => Err(Error::NotKnown),
    }
}

fn of<Elf: FileHeader<Endian = Endianness>>(data: &[u8]) -> Result<Symbols, Error> {
    let header = Elf::parse(data)?;
    let endian = header.endian()?;
    let sections = header.sections(endian, data)?;
    if sections.is_empty() {
        return Err(Error::Hidden("its section headers were stripped"));
    }
    let mut found = Symbols::default();
    let dynamic = sections.symbols(endian, data, object::elf::SHT_DYNSYM)?;
    let versions = Versions::of(endian, data, &sections)?;
    add::<Elf>(
        &mut found,
        endian,
        data,
        &sections,
        &dynamic,
        Some(&versions),
    )?;
    // What was linked already has its symbols there; the other table tells of what is inside.
    let linked = !dynamic.is_empty();
    let mut inside = Symbols::default();
    let table = sections.symbols(endian, data, object::elf::SHT_SYMTAB)?;
    add::<Elf>(&mut inside, endian, data, &sections, &table, None)?;
    if linked {
        found.defined.extend(inside.defined);
    } else {
        found = inside;
    }
    Ok(found)
}

fn add<'data, Elf: FileHeader<Endian = Endianness>>(
    found: &mut Symbols,
    endian: Endianness,
    data: &'data [u8],
    sections: &SectionTable<'data, Elf>,
    table: &SymbolTable<'data, Elf>,
    versions: Option<&Versions<'data>>,
) -> Result<(), Error> {
    if table.is_empty() {
        return Ok(());
    }
    let strings = section::<Elf>(endian, data, sections, table)?;
    for (index, symbol) in table.enumerate() {
        let offset = symbol.st_name(endian) as usize;
        if offset == 0 {
            continue;
        }
        let bytes = strings
            .get(offset..)
            .ok_or_else(|| Error::Malformed("a symbol's name is outside of its table".into()))?;
        // Never further than a name goes: tables can be made where each name is long, and the same.
        let bytes = &bytes[..bytes.len().min(MAX_NAME + 1)];
        let Some(len) = bytes.iter().position(|&byte| byte == 0) else {
            continue;
        };
        let Ok(name) = std::str::from_utf8(&bytes[..len]) else {
            continue;
        };
        // What GCC and Clang put into objects without machine code.
        found.link_time |= name.starts_with("__gnu_lto_slim");
        if symbol.st_bind() == STB_LOCAL {
            continue;
        }
        if symbol.st_shndx(endian) == SHN_UNDEF {
            let from = versions.map_or(Asked::Anywhere, |versions| versions.asked(index.0));
            found.wanted.insert(name.to_owned(), from);
        } else {
            found.defined.insert(name.to_owned());
        }
    }
    Ok(())
}

/// The bytes of the names of a table.
fn section<'data, Elf: FileHeader<Endian = Endianness>>(
    endian: Endianness,
    data: &'data [u8],
    sections: &SectionTable<'data, Elf>,
    table: &SymbolTable<'data, Elf>,
) -> Result<&'data [u8], Error> {
    use object::read::elf::SectionHeader;
    Ok(sections
        .section(table.string_section())?
        .data(endian, data)?)
}

/// Whose version each symbol has.
struct Versions<'data> {
    of_symbols: &'data [Versym<Endianness>],
    endian: Endianness,
    from: HashMap<VersionIndex, Asked>,
}

impl<'data> Versions<'data> {
    fn of<Elf: FileHeader<Endian = Endianness>>(
        endian: Endianness,
        data: &'data [u8],
        sections: &SectionTable<'data, Elf>,
    ) -> Result<Self, Error> {
        let of_symbols = sections
            .gnu_versym(endian, data)?
            .map_or(&[][..], |(versions, _)| versions);
        let mut from = HashMap::new();
        if let Some((mut files, link)) = sections.gnu_verneed(endian, data)? {
            let strings = sections.strings(endian, data, link)?;
            let mut seen = 0;
            while let Some((file, mut versions)) = files.next()? {
                let name = file.file(endian, strings)?;
                let library = match name {
                    name if name.starts_with(b"libssl.so") => Asked::OpenSsl(Library::Ssl),
                    name if name.starts_with(b"libcrypto.so") => Asked::OpenSsl(Library::Crypto),
                    _ => Asked::Another,
                };
                while let Some(version) = versions.next()? {
                    seen += 1;
                    if seen > MAX_VERSIONS {
                        return Err(Error::Malformed("more versions than there can be".into()));
                    }
                    from.insert(version.vna_other.get(endian), library);
                }
                seen += 1;
            }
        }
        Ok(Versions {
            of_symbols,
            endian,
            from,
        })
    }

    fn asked(&self, index: usize) -> Asked {
        let Some(version) = self.of_symbols.get(index) else {
            return Asked::Anywhere;
        };
        self.from
            .get(&version.0.get(self.endian).index())
            .copied()
            .unwrap_or(Asked::Anywhere)
    }
}
