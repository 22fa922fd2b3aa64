//! tls-portcheck: what a program uses of OpenSSL, and what becomes of it with tlscore.
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tls_portcheck::report::{self, Counts, Report};
use tls_portcheck::{Table, read};

const USAGE: &str = "\
usage: tls-portcheck [--differences] [--json] FILE...

What becomes of the functions of OpenSSL's that programs use, when they are rebuilt on tlscore: unsupported, changed
or supported, with the functions of <tlscore/tls.h> that do the same, and their manual pages.
A FILE is an executable, a shared object, an object file, an archive, a C or C++ source, or a directory of sources.

  --differences  nothing of supported functions
  --json         one JSON document, with all of them
  --version      the version of tlscore it was made for

Exit status: 0 when nothing is unsupported, 1 when something is, 2 for a wrong command line or a file that cannot be read.
";

/// The largest file that is read, in bytes.
const MAX_FILE: u64 = 1 << 30;
/// How deep directories of sources are looked into.
const MAX_DEPTH: usize = 32;

struct Options {
    differences: bool,
    json: bool,
    files: Vec<PathBuf>,
}

fn main() -> ExitCode {
    let options = match options() {
        Ok(Some(options)) => options,
        Ok(None) => return ExitCode::SUCCESS,
        Err(why) => {
            eprint!("tls-portcheck: {why}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let table = Table::new();
    let (mut reports, mut failed, mut counts) = (Vec::new(), Vec::new(), Counts::default());
    for file in &options.files {
        match contents(file).and_then(|data| read(&data, &table).map_err(|error| error.to_string()))
        {
            Ok(uses) => {
                let report = Report::new(&file.display().to_string(), uses, &table);
                counts.add(&report.counts);
                reports.push(report);
            }
            Err(why) => failed.push((file.display().to_string(), why)),
        }
    }
    for (file, why) in &failed {
        eprintln!("tls-portcheck: {file}: {why}");
    }
    let text = if options.json {
        report::json(&reports, &failed, &counts)
    } else {
        text(&reports, &counts, options.differences)
    };
    // Nobody reads to the end of `tls-portcheck FILE | head`.
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
    match (failed.is_empty(), counts.any_unsupported()) {
        (false, _) => ExitCode::from(2),
        (true, true) => ExitCode::from(1),
        (true, false) => ExitCode::SUCCESS,
    }
}

fn text(reports: &[Report], counts: &Counts, differences: bool) -> String {
    // Of many files those that use nothing are not told of.
    let told = reports
        .iter()
        .filter(|report| reports.len() == 1 || !report.lines.is_empty());
    let mut out: String = told.map(|report| report.text(differences)).collect();
    if reports.len() > 1 {
        out.push_str(&format!(
            "all {} files: {}\n",
            reports.len(),
            counts.sentence()
        ));
    }
    out
}

/// The command line; `None`: it was answered.
fn options() -> Result<Option<Options>, String> {
    let mut options = Options {
        differences: false,
        json: false,
        files: Vec::new(),
    };
    let mut only_files = false;
    for word in std::env::args_os().skip(1) {
        match word.to_str() {
            Some("--") if !only_files => only_files = true,
            Some("--differences") if !only_files => options.differences = true,
            Some("--json") if !only_files => options.json = true,
            Some("--help" | "-h") if !only_files => {
                print!("{USAGE}");
                return Ok(None);
            }
            Some("--version") if !only_files => {
                println!("tls-portcheck {}", env!("CARGO_PKG_VERSION"));
                return Ok(None);
            }
            Some(word) if !only_files && word.starts_with('-') => {
                return Err(format!("unknown option {word}"));
            }
            _ => {
                let path = PathBuf::from(word);
                if path.is_dir() {
                    let before = options.files.len();
                    sources(&path, 0, &mut options.files)?;
                    if options.files.len() == before {
                        return Err(format!("{}: no C or C++ source in it", path.display()));
                    }
                } else {
                    options.files.push(path);
                }
            }
        }
    }
    if options.files.is_empty() {
        Err("no file".into())
    } else {
        Ok(Some(options))
    }
}

/// The sources below a directory, in order; links to directories are not followed.
fn sources(directory: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<(), String> {
    let because = |error: std::io::Error| format!("{}: {error}", directory.display());
    if depth > MAX_DEPTH {
        return Err(format!("{}: too deep", directory.display()));
    }
    let mut entries = Vec::new();
    for entry in fs::read_dir(directory).map_err(because)? {
        let entry = entry.map_err(because)?;
        entries.push((entry.path(), entry.file_type().map_err(because)?));
    }
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    for (path, kind) in entries {
        let ending = path
            .extension()
            .and_then(|ending| ending.to_str())
            .unwrap_or_default();
        if kind.is_dir() {
            sources(&path, depth + 1, found)?;
        } else if kind.is_file()
            && matches!(
                ending,
                "c" | "h" | "cc" | "cpp" | "cxx" | "hpp" | "hh" | "C" | "inc"
            )
        {
            found.push(path);
        }
    }
    Ok(())
}

fn contents(path: &Path) -> Result<Vec<u8>, String> {
    let because = |error: std::io::Error| error.to_string();
    // A pipe, or a device, would not end.
    if !fs::metadata(path).map_err(because)?.is_file() {
        return Err("not a regular file".into());
    }
    let mut data = Vec::new();
    fs::File::open(path)
        .map_err(because)?
        .take(MAX_FILE + 1)
        .read_to_end(&mut data)
        .map_err(because)?;
    if data.len() as u64 > MAX_FILE {
        Err("larger than 1 GiB".into())
    } else {
        Ok(data)
    }
}
