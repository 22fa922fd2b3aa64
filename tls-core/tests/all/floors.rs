//! The floors of ARCHITECTURE.md: a floor uses only what stands below it. Every path that begins
//! with `crate::` or climbs out of its floor with `super::` is looked at; `error`, which every floor
//! speaks, is open to all, and so is `inspect` (observers).
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};

/// From the ground up.
const FLOORS: [&str; 9] = [
    "wire",
    "crypto",
    "record",
    "msg",
    "cert",
    "session",
    "config",
    "handshake",
    "conn",
];

/// Modules that are no floor: usable by all.
const OPEN: [&str; 2] = ["error", "inspect"];

fn floor(name: &str) -> Option<usize> {
    FLOORS.iter().position(|f| *f == name)
}

fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// The code without comments and without its tests, which may use anything.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]").next().unwrap().to_owned();
    let lines = text.lines().map(|l| l.split("//").next().unwrap());
    lines.collect::<Vec<_>>().join("\n")
}

/// The first segments of the paths that follow `prefix`: `crate::a::b` gives a, `crate::{a, b::c}`
/// gives a and b.
fn heads(code: &str, prefix: &str) -> Vec<String> {
    let mut heads = Vec::new();
    for (at, _) in code.match_indices(prefix) {
        let rest = &code[at + prefix.len()..];
        match rest.strip_prefix('{') {
            None => heads.push(word(rest)),
            Some(group) => heads.extend(items(group)),
        }
    }
    heads
}

/// The first words of the items of a group, up to its closing brace.
fn items(group: &str) -> Vec<String> {
    let (mut depth, mut start, mut found) = (0, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                found.push(word(group[start..at].trim_start()));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                found.push(word(group[start..at].trim_start()));
                start = at + 1;
            }
            _ => {}
        }
    }
    found
}

fn word(text: &str) -> String {
    text.chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}

/// What of the crate a source file names: `crate::x`, and as many `super::` as lead to the root.
fn uses(code: &str, depth: usize) -> Vec<String> {
    let mut found = heads(code, "crate::");
    found.extend(heads(code, &"super::".repeat(depth)));
    found
}

/// Upward uses of a source text that belongs to `own` and is `depth` modules below the root.
fn upward(code: &str, own: &str, depth: usize) -> Vec<String> {
    let Some(at) = floor(own) else {
        return Vec::new();
    };
    uses(code, depth)
        .into_iter()
        .filter(|name| floor(name).is_some_and(|used| used > at))
        .collect()
}

#[test]
fn no_floor_looks_up() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    assert!(files.len() > 50, "the sources are somewhere else");
    let mut wrong = Vec::new();
    for path in files {
        let below = path.strip_prefix(&root).unwrap();
        let parts: Vec<_> = below.iter().map(|p| p.to_str().unwrap()).collect();
        let [own, ..] = parts[..] else { continue };
        // a/mod.rs is one module below the root, a/b.rs two.
        let depth = parts.len() - usize::from(below.ends_with("mod.rs"));
        for name in upward(&code(&path), own.trim_end_matches(".rs"), depth) {
            wrong.push(format!("{} uses {name}", below.display()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_module_is_a_floor_or_open() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in fs::read_dir(root).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let name = name.trim_end_matches(".rs");
        let known = floor(name).is_some() || OPEN.contains(&name);
        assert!(
            known || matches!(name, "lib" | "fuzzing"),
            "{name} has no place in ARCHITECTURE.md"
        );
    }
}

#[test]
fn the_check_can_fail() {
    let found = |text: &str, own: &str, depth: usize| upward(text, own, depth);
    assert_eq!(found("use crate::conn::Connection;", "wire", 2), ["conn"]);
    let group = "use crate::{error::{Error, Reason}, wire, handshake::Env,\n config};";
    assert_eq!(found(group, "msg", 2), ["handshake", "config"]);
    assert_eq!(found("use super::super::conn::Facts;", "msg", 2), ["conn"]);
    assert_eq!(
        found("fn f(x: &crate::msg::Hello) {}", "record", 1),
        ["msg"]
    );
    assert!(
        found(
            "use crate::wire::Reader; use super::config;",
            "handshake",
            3
        )
        .is_empty()
    );
    assert_eq!(found("use crate::config::Config;", "msg", 2), ["config"]);
}

/// Files that ARCHITECTURE.md names are there: a design that moved takes its description along.
#[test]
fn the_architecture_names_files_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for part in [
        "tls-core",
        "tls-crypto",
        "tls-std",
        "tls-capi",
        "tls-openssl/src",
        "tls-py/src",
        "tests",
        "bench",
    ] {
        sources(&root.join(part), &mut files);
    }
    let text = fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap();
    let word = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
    let named: Vec<&str> = text
        .split(|c| !word(c))
        .filter(|name| name.ends_with(".rs"))
        .collect();
    assert!(named.len() > 10, "{named:?}");
    for name in named {
        // A component at a time: `a.rs` is no part of `extra.rs`.
        assert!(files.iter().any(|f| f.ends_with(name)), "no file {name}");
    }
}
