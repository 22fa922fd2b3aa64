//! What is printed: lines for people, JSON for programs.
use std::collections::BTreeMap;
use std::fmt::Write;

use crate::read::Use;
use crate::table::{Library, Table, Verdict};

/// Functions by library and verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([[usize; 3]; 2]);

impl Counts {
    /// How many functions of a library have a verdict.
    pub fn of(&self, library: Library, verdict: Verdict) -> usize {
        self.0[library as usize][verdict as usize]
    }

    /// All together.
    pub fn add(&mut self, other: &Counts) {
        for (sums, more) in self.0.iter_mut().zip(other.0) {
            for (sum, more) in sums.iter_mut().zip(more) {
                *sum += more;
            }
        }
    }

    /// Whether a program could not be rebuilt.
    pub fn any_unsupported(&self) -> bool {
        self.0
            .iter()
            .any(|library| library[Verdict::Unsupported as usize] > 0)
    }

    /// `libssl: 40 supported, 1 changed, 2 unsupported; libcrypto: ...`
    pub fn sentence(&self) -> String {
        let one = |library: Library| {
            let count = |verdict| self.of(library, verdict);
            format!(
                "{}: {} supported, {} changed, {} unsupported",
                library.name(),
                count(Verdict::Supported),
                count(Verdict::Changed),
                count(Verdict::Unsupported)
            )
        };
        format!("{}; {}", one(Library::Ssl), one(Library::Crypto))
    }

    fn json(&self) -> String {
        let one = |library: Library| {
            let count =
                |verdict: Verdict| format!("\"{}\": {}", verdict.name(), self.of(library, verdict));
            format!(
                "\"{}\": {{{}, {}, {}}}",
                library.name(),
                count(Verdict::Supported),
                count(Verdict::Changed),
                count(Verdict::Unsupported)
            )
        };
        format!("{{{}, {}}}", one(Library::Ssl), one(Library::Crypto))
    }
}

/// One function of a report.
#[derive(Debug)]
pub struct Line {
    name: String,
    library: Library,
    verdict: Verdict,
    why: &'static str,
    native: &'static str,
    line: Option<usize>,
}

/// What one file uses, the worst first.
#[derive(Debug)]
pub struct Report {
    /// The file, as it was named.
    pub file: String,
    /// Its functions.
    pub lines: Vec<Line>,
    /// Their numbers.
    pub counts: Counts,
}

impl Report {
    /// Looks up what a file uses.
    pub fn new(file: &str, uses: BTreeMap<String, Use>, table: &Table) -> Report {
        let mut counts = Counts::default();
        let mut lines: Vec<Line> = uses
            .into_iter()
            .map(|(name, found)| line(name, &found, table))
            .collect();
        for line in &lines {
            counts.0[line.library as usize][line.verdict as usize] += 1;
        }
        lines.sort_by(|a, b| (a.verdict, a.library, &a.name).cmp(&(b.verdict, b.library, &b.name)));
        Report {
            file: file.to_owned(),
            lines,
            counts,
        }
    }

    /// Lines for people; `differences`: not those of supported functions.
    pub fn text(&self, differences: bool) -> String {
        let mut out = String::new();
        for line in self
            .lines
            .iter()
            .filter(|line| !differences || line.verdict != Verdict::Supported)
        {
            let place = line
                .line
                .map_or_else(String::new, |at| format!("  {}:{at}", self.file));
            let _ = write!(
                out,
                "{:<11}  {:<9}  {}",
                line.verdict.name(),
                line.library.name(),
                line.name
            );
            if !line.why.is_empty() {
                let _ = write!(out, ": {}", line.why);
            }
            if !line.native.is_empty() {
                let pages: Vec<String> = line
                    .native
                    .split(' ')
                    .map(|function| format!("{function}(3)"))
                    .collect();
                let _ = write!(out, " [{}]", pages.join(", "));
            }
            let _ = writeln!(out, "{place}");
        }
        let _ = writeln!(out, "{}: {}", self.file, self.counts.sentence());
        out
    }

    fn json(&self) -> String {
        let mut out = format!("    {{\"file\": {}, \"functions\": [", string(&self.file));
        for (at, line) in self.lines.iter().enumerate() {
            let native: Vec<String> = line.native.split_whitespace().map(string).collect();
            let _ = write!(
                out,
                "{}\n      {{\"name\": {}, \"library\": \"{}\", \"verdict\": \"{}\", \"why\": {}, \"native\": [{}], \"line\": {}}}",
                if at == 0 { "" } else { "," },
                string(&line.name),
                line.library.name(),
                line.verdict.name(),
                string(line.why),
                native.join(", "),
                line.line
                    .map_or_else(|| "null".to_owned(), |at| at.to_string())
            );
        }
        let _ = write!(out, "\n    ], \"summary\": {}}}", self.counts.json());
        out
    }
}

fn line(name: String, found: &Use, table: &Table) -> Line {
    let (verdict, why, native) = match table.get(&name) {
        Some(entry) if entry.verdict == Verdict::Unsupported && entry.why.is_empty() => {
            let why = match (entry.library, entry.native) {
                (Library::Crypto, "") => {
                    "not TLS: keep OpenSSL's libcrypto for it, in a source file of its own"
                }
                (_, "") => "there is nothing of the kind",
                _ => "only in <tlscore/tls.h>",
            };
            (entry.verdict, why, entry.native)
        }
        Some(entry) => (entry.verdict, entry.why, entry.native),
        None => (Verdict::Unsupported, "not in OpenSSL 3.0's interface", ""),
    };
    Line {
        name,
        library: found.library,
        verdict,
        why,
        native,
        line: found.line,
    }
}

/// Everything as one JSON document; `failed`: files that could not be read, with the reason.
pub fn json(reports: &[Report], failed: &[(String, String)], counts: &Counts) -> String {
    let files: Vec<String> = reports.iter().map(Report::json).collect();
    let failed: Vec<String> = failed
        .iter()
        .map(|(file, why)| format!("{{\"file\": {}, \"error\": {}}}", string(file), string(why)))
        .collect();
    format!(
        "{{\n  \"version\": {},\n  \"files\": [\n{}\n  ],\n  \"unreadable\": [{}],\n  \"summary\": {}\n}}\n",
        string(env!("CARGO_PKG_VERSION")),
        files.join(",\n"),
        failed.join(", "),
        counts.json()
    )
}

/// A string as JSON has it (RFC 8259 §7).
fn string(text: &str) -> String {
    let mut out = String::from("\"");
    for char in text.chars() {
        match char {
            '"' | '\\' => out.extend(['\\', char]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            char if char < ' ' || char == '\u{7f}' => {
                let _ = write!(out, "\\u{:04x}", char as u32);
            }
            char => out.push(char),
        }
    }
    out.push('"');
    out
}
