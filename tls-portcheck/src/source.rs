//! Names in C and C++ sources: every identifier outside of comments, strings and what our headers leave out.
use std::collections::BTreeMap;

use crate::read::Use;
use crate::table::Table;

/// The functions and macros of OpenSSL's that a source names, with the line of the first time.
pub(crate) fn names(text: &[u8], table: &Table) -> BTreeMap<String, Use> {
    let mut found = BTreeMap::new();
    let mut scan = Scan {
        rest: text,
        line: 1,
    };
    let mut conditions = Conditions::default();
    let mut at_start = true;
    let mut last = 0u8;
    while let Some(token) = scan.token() {
        match token {
            Token::Newline => at_start = true,
            // What a macro stands for is code; the name it gets is not a use.
            Token::Other(b'#') if at_start => match scan.defined() {
                true => at_start = false,
                false => conditions.follow(&scan.directive(), table),
            },
            Token::Other(byte) => {
                last = if last == b'-' && byte == b'>' {
                    b'.'
                } else {
                    byte
                };
                at_start = false;
            }
            Token::Name(name) => {
                // `x.SSL_read` is a member.
                if !conditions.leave_out()
                    && last != b'.'
                    && let Some(entry) = table.get(name)
                {
                    found.entry(name.to_owned()).or_insert(Use {
                        library: entry.library,
                        line: Some(scan.line),
                    });
                }
                last = 0;
                at_start = false;
            }
        }
    }
    found
}

/// A branch of an `#if` that is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Branch {
    /// Compiled, or we cannot tell.
    Kept,
    /// Not compiled, by `#if 0` or what our headers define; the other branch is.
    LeftOut,
    /// Compiled for certain: the other branch is not.
    Taken,
}

/// The conditions around a line.
#[derive(Default)]
struct Conditions {
    open: Vec<Branch>,
    /// How many of them leave it out.
    left_out: usize,
}

impl Conditions {
    fn leave_out(&self) -> bool {
        self.left_out > 0
    }

    /// Follows those on `OPENSSL_NO_*`, which our headers answer, and `#if 0`.
    fn follow(&mut self, line: &str, table: &Table) {
        let line = line.trim();
        let (word, rest) = line.split_at(
            line.find(|c: char| !c.is_ascii_lowercase())
                .unwrap_or(line.len()),
        );
        match word {
            "if" | "ifdef" | "ifndef" => {
                let rest: String = rest.chars().filter(|c| !c.is_whitespace()).collect();
                self.enter(condition(word, &rest, table));
            }
            "else" | "elif" => {
                if let Some(before) = self.leave() {
                    self.enter(if before == Branch::Taken {
                        Branch::LeftOut
                    } else {
                        Branch::Kept
                    });
                }
            }
            "endif" => {
                self.leave();
            }
            _ => {}
        }
    }

    fn enter(&mut self, branch: Branch) {
        self.open.push(branch);
        self.left_out += usize::from(branch == Branch::LeftOut);
    }

    fn leave(&mut self) -> Option<Branch> {
        let branch = self.open.pop()?;
        self.left_out -= usize::from(branch == Branch::LeftOut);
        Some(branch)
    }
}

fn condition(word: &str, rest: &str, table: &Table) -> Branch {
    let (name, negated) = match word {
        "ifdef" => (rest, false),
        "ifndef" => (rest, true),
        _ if rest == "0" => return Branch::LeftOut,
        _ => {
            let (rest, negated) = rest
                .strip_prefix('!')
                .map_or((rest, false), |rest| (rest, true));
            let Some(name) = rest.strip_prefix("defined") else {
                return Branch::Kept;
            };
            let name = name
                .strip_prefix('(')
                .and_then(|name| name.strip_suffix(')'))
                .unwrap_or(name);
            (name, negated)
        }
    };
    match (table.says_absent(name), negated) {
        (true, true) => Branch::LeftOut,
        (true, false) => Branch::Taken,
        (false, _) => Branch::Kept,
    }
}

enum Token<'a> {
    Name(&'a str),
    Newline,
    Other(u8),
}

/// Walks over a source, once from front to end.
struct Scan<'a> {
    rest: &'a [u8],
    line: usize,
}

impl<'a> Scan<'a> {
    fn token(&mut self) -> Option<Token<'a>> {
        loop {
            let (&byte, rest) = self.rest.split_first()?;
            match (byte, rest.first()) {
                (b'\n', _) => {
                    self.skip(1);
                    return Some(Token::Newline);
                }
                (b'\\', Some(b'\n')) => self.skip(2),
                (b'/', Some(b'*')) => {
                    let end = find(&self.rest[2..], b"*/").map_or(self.rest.len(), |at| at + 4);
                    self.skip(end);
                }
                (b'/', Some(b'/')) => self.skip_line(),
                (b'"' | b'\'', _) => {
                    self.quoted(byte);
                    return Some(Token::Other(byte));
                }
                (b'R', Some(b'"')) => self.raw_string(),
                (b'0'..=b'9', _) => {
                    // Digits may have quotes between them in C++.
                    let len = run(self.rest, |byte| {
                        byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.'
                    });
                    self.skip(len);
                    if self.rest.first() == Some(&b'\'')
                        && self.rest.get(1).is_some_and(u8::is_ascii_alphanumeric)
                    {
                        self.skip(1);
                    }
                }
                _ if byte.is_ascii_alphabetic() || byte == b'_' => {
                    let len = run(self.rest, |byte| {
                        byte.is_ascii_alphanumeric() || byte == b'_'
                    });
                    let name = std::str::from_utf8(&self.rest[..len]).unwrap_or_default();
                    self.skip(len);
                    return Some(Token::Name(name));
                }
                _ if byte.is_ascii_whitespace() => self.skip(1),
                _ => {
                    self.skip(1);
                    return Some(Token::Other(byte));
                }
            }
        }
    }

    /// Whether a `#define` follows: then the scan stands behind the macro's name.
    fn defined(&mut self) -> bool {
        let blank = |byte: u8| byte == b' ' || byte == b'\t';
        let at = run(self.rest, blank);
        let Some(rest) = self.rest[at..].strip_prefix(b"define") else {
            return false;
        };
        let gap = run(rest, blank);
        let name = run(&rest[gap..], |byte| {
            byte.is_ascii_alphanumeric() || byte == b'_'
        });
        if gap > 0 {
            self.skip(at + b"define".len() + gap + name);
        }
        gap > 0
    }

    /// The rest of a directive, with its continued lines; the scan stands behind it.
    fn directive(&mut self) -> String {
        let start = self.rest;
        self.skip_line();
        self.skip(1);
        let line =
            String::from_utf8_lossy(&start[..start.len() - self.rest.len()]).replace("\\\n", " ");
        let end = [line.find("//"), line.find("/*")]
            .into_iter()
            .flatten()
            .min()
            .unwrap_or(line.len());
        // A comment that goes on behind this line is skipped there.
        if let Some(at) = line.find("/*")
            && at == end
            && !line[at..].contains("*/")
        {
            let close = find(self.rest, b"*/").map_or(self.rest.len(), |at| at + 2);
            self.skip(close);
        }
        line[..end].to_owned()
    }

    /// To the end of a line, and of those that continue it.
    fn skip_line(&mut self) {
        loop {
            let len = run(self.rest, |byte| byte != b'\n');
            let continued = len > 0 && self.rest[len - 1] == b'\\' && len < self.rest.len();
            self.skip(len + usize::from(continued));
            if !continued {
                return;
            }
        }
    }

    /// A string or a character, which ends with its line at the latest.
    fn quoted(&mut self, quote: u8) {
        let mut len = 1;
        while let Some(&byte) = self.rest.get(len) {
            match byte {
                b'\\' => len += 2,
                b'\n' => break,
                _ => len += 1,
            }
            if byte == quote {
                break;
            }
        }
        self.skip(len);
    }

    /// C++'s `R"x(...)x"`.
    fn raw_string(&mut self) {
        let mark = run(&self.rest[2..], |byte| {
            byte != b'(' && byte != b'"' && byte != b'\n'
        });
        if self.rest.get(2 + mark) != Some(&b'(') || mark > 16 {
            return self.skip(1);
        }
        let mut end = vec![b')'];
        end.extend_from_slice(&self.rest[2..2 + mark]);
        end.push(b'"');
        let len = find(&self.rest[2..], &end).map_or(self.rest.len(), |at| at + 2 + end.len());
        self.skip(len);
    }

    fn skip(&mut self, len: usize) {
        let (gone, rest) = self.rest.split_at(len.min(self.rest.len()));
        self.line += gone.iter().filter(|&&byte| byte == b'\n').count();
        self.rest = rest;
    }
}

/// How many bytes at the front are of a kind.
fn run(bytes: &[u8], kind: impl Fn(u8) -> bool) -> usize {
    bytes
        .iter()
        .position(|&byte| !kind(byte))
        .unwrap_or(bytes.len())
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}
