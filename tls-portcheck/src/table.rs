//! What becomes of each function: the table that tools/openssl-header.py makes beside the headers.
use std::collections::{HashMap, HashSet};

/// OpenSSL's two libraries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Library {
    /// libssl: the protocol.
    Ssl,
    /// libcrypto: certificates, BIOs, errors, and cryptography in general.
    Crypto,
}

impl Library {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Library::Ssl => "libssl",
            Library::Crypto => "libcrypto",
        }
    }
}

/// What becomes of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It is not there: using it is a compile error.
    Unsupported,
    /// It is there, and does something else.
    Changed,
    /// It is there.
    Supported,
}

impl Verdict {
    /// As it is printed.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Unsupported => "unsupported",
            Verdict::Changed => "changed",
            Verdict::Supported => "supported",
        }
    }
}

/// A row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// OpenSSL's name.
    pub name: &'static str,
    /// Whose it is.
    pub library: Library,
    /// What becomes of it.
    pub verdict: Verdict,
    /// What differs, or what to do instead; may be empty.
    pub why: &'static str,
    /// Functions of `<tlscore/tls.h>`, between blanks; may be empty.
    pub native: &'static str,
}

/// All rows.
#[derive(Debug)]
pub struct Table {
    entries: HashMap<&'static str, Entry>,
    absent: HashSet<&'static str>,
}

impl Default for Table {
    fn default() -> Self {
        Table::new()
    }
}

impl Table {
    /// The table of this version of tlscore.
    pub fn new() -> Table {
        let mut table = Table {
            entries: HashMap::new(),
            absent: HashSet::new(),
        };
        for line in include_str!("table.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
        {
            if let Some(name) = line.strip_prefix('!') {
                table.absent.insert(name);
            } else {
                let entry = row(line);
                table.entries.insert(entry.name, entry);
            }
        }
        table
    }

    /// What becomes of a function, if the name is OpenSSL's.
    pub fn get(&self, name: &str) -> Option<&Entry> {
        self.entries.get(name)
    }

    /// Whether our headers define this `OPENSSL_NO_...`.
    pub fn says_absent(&self, name: &str) -> bool {
        self.absent.contains(name)
    }

    /// How many functions it knows.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Never: it is part of the program.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

fn row(line: &'static str) -> Entry {
    let mut fields = line.split('\t');
    let mut next = || fields.next().unwrap_or_default();
    let name = next();
    let library = if next() == "ssl" {
        Library::Ssl
    } else {
        Library::Crypto
    };
    let verdict = match next() {
        "supported" => Verdict::Supported,
        "changed" => Verdict::Changed,
        _ => Verdict::Unsupported,
    };
    Entry {
        name,
        library,
        verdict,
        why: next(),
        native: next(),
    }
}
