//! Names as text: `X509_NAME_print_ex` with XN_FLAG_* and ASN1_STRFLGS_*, `X509_NAME_oneline`, `X509_NAME_print`.

use super::X509_NAME;
use super::name::X509_NAME_ENTRY;
use crate::args::{count, length};
use crate::asn1::ASN1_STRING;
use crate::bio::BIO;
use crate::guard::guard;
use crate::{der, objects};
use core::ffi::{c_int, c_ulong};
use std::io::Write;

/// ASN1_STRFLGS_*: what is escaped, and what is not shown as text.
mod string {
    use core::ffi::c_ulong;
    pub(super) const ESC_2253: c_ulong = 1;
    pub(super) const ESC_CTRL: c_ulong = 2;
    pub(super) const ESC_MSB: c_ulong = 4;
    pub(super) const ESC_QUOTE: c_ulong = 8;
    pub(super) const UTF8_CONVERT: c_ulong = 0x10;
    pub(super) const IGNORE_TYPE: c_ulong = 0x20;
    pub(super) const SHOW_TYPE: c_ulong = 0x40;
    pub(super) const DUMP_ALL: c_ulong = 0x80;
    pub(super) const DUMP_UNKNOWN: c_ulong = 0x100;
    pub(super) const DUMP_DER: c_ulong = 0x200;
    pub(super) const ESC_2254: c_ulong = 0x400;
    pub(super) const ESCAPES: c_ulong = ESC_2253 | ESC_2254 | ESC_QUOTE | ESC_CTRL | ESC_MSB;
}

/// XN_FLAG_*: how attributes are separated, in which order they stand, and what they are called.
mod name {
    use core::ffi::c_ulong;
    pub(super) const SEPARATORS: c_ulong = 0xf << 16;
    pub(super) const COMMA_PLUS: c_ulong = 1 << 16;
    pub(super) const COMMA_PLUS_SPACED: c_ulong = 2 << 16;
    pub(super) const SEMICOLON_PLUS_SPACED: c_ulong = 3 << 16;
    pub(super) const LINES: c_ulong = 4 << 16;
    pub(super) const REVERSED: c_ulong = 1 << 20;
    pub(super) const FIELDS: c_ulong = 3 << 21;
    pub(super) const SHORT: c_ulong = 0;
    pub(super) const LONG: c_ulong = 1 << 21;
    pub(super) const NONE: c_ulong = 3 << 21;
    pub(super) const SPACED_EQUALS: c_ulong = 1 << 23;
    pub(super) const DUMP_UNKNOWN: c_ulong = 1 << 24;
    pub(super) const ALIGNED: c_ulong = 1 << 25;
}

/// Prints a name with XN_FLAG_* and ASN1_STRFLGS_*. The bytes, or -1; without any flag (XN_FLAG_COMPAT) 1.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_NAME_print_ex(
    bio: Option<&BIO>,
    name: Option<&X509_NAME>,
    indent: c_int,
    flags: c_ulong,
) -> c_int {
    guard(-1, || {
        let Some((bio, name)) = bio.zip(name) else {
            return -1;
        };
        let compat = flags == 0;
        let text = match compat {
            true => Some(spaced(name)),
            false => printed(name, length(indent), flags),
        };
        let Some(text) = text else { return -1 };
        let whole = text.is_empty() || length(bio.write(&text)) == text.len();
        match (whole, compat) {
            (true, true) => 1,
            (true, false) => count(text.len()),
            (false, true) => 0,
            (false, false) => -1,
        }
    })
}

/// `O=Example, CN=localhost`: one line, with commas where an attribute of one or two capitals begins.
fn spaced(name: &X509_NAME) -> Vec<u8> {
    let line = one_line(name);
    let line = line.get(1..).unwrap_or_default();
    let mut text = Vec::new();
    for (at, byte) in line.iter().enumerate() {
        let begins = *byte == b'/'
            && matches!(
                &line[at + 1..],
                [b'A'..=b'Z', b'=', ..] | [b'A'..=b'Z', b'A'..=b'Z', b'=', ..]
            );
        match begins {
            true => text.extend(b", "),
            false => text.push(*byte),
        }
    }
    text
}

/// `/C=DE/O=Example/CN=localhost`; what is not printable as `\xHH`.
pub(super) fn one_line(name: &X509_NAME) -> Vec<u8> {
    let mut line = Vec::new();
    let mut before = None;
    for entry in name.entries() {
        line.push(match before.replace(entry.set) {
            Some(set) if set == entry.set => b'+',
            _ => b'/',
        });
        line.extend(called(entry, name::SHORT));
        line.push(b'=');
        for byte in entry.value.bytes() {
            match byte {
                b'/' | b'+' => line.extend([b'\\', byte]),
                b' '..=b'~' => line.push(byte),
                _ => line.extend(format!("\\x{byte:02X}").into_bytes()),
            }
        }
    }
    line
}

/// What an attribute is called: by a name, or by numbers where it has none.
fn called(entry: &X509_NAME_ENTRY, fields: c_ulong) -> Vec<u8> {
    match (objects::by_oid(&entry.object.oid), fields) {
        (Some(row), name::SHORT) => row.short.to_bytes().to_vec(),
        (Some(row), name::LONG) => row.long.to_bytes().to_vec(),
        _ => der::dotted(&entry.object.oid).into_bytes(),
    }
}

/// `None`: separators that there are not, or a value that is not of its type.
fn printed(name: &X509_NAME, indent: usize, flags: c_ulong) -> Option<Vec<u8>> {
    let lines = flags & name::SEPARATORS == name::LINES;
    let (between, plus) = match flags & name::SEPARATORS {
        name::COMMA_PLUS => (",", "+"),
        name::COMMA_PLUS_SPACED => (", ", " + "),
        name::SEMICOLON_PLUS_SPACED => ("; ", " + "),
        name::LINES => ("\n", " + "),
        _ => return None,
    };
    let equals = match flags & name::SPACED_EQUALS {
        0 => "=",
        _ => " = ",
    };
    let mut entries: Vec<&X509_NAME_ENTRY> = name.entries().iter().collect();
    if flags & name::REVERSED != 0 {
        entries.reverse();
    }
    let mut text = b" ".repeat(indent);
    let mut before: Option<c_int> = None;
    for entry in entries {
        match before.replace(entry.set) {
            Some(set) if set == entry.set => text.extend(plus.bytes()),
            Some(_) => {
                text.extend(between.bytes());
                text.extend(b" ".repeat(if lines { indent } else { 0 }));
            }
            None => {}
        }
        let known = objects::by_oid(&entry.object.oid).is_some();
        let fields = flags & name::FIELDS;
        if fields != name::NONE {
            let called = called(entry, fields);
            let width = match fields {
                _ if !known || flags & name::ALIGNED == 0 => 0,
                name::SHORT => 10,
                name::LONG => 25,
                _ => 0,
            };
            let blanks = width.max(called.len()) - called.len();
            text.extend(called);
            text.extend(b" ".repeat(blanks));
            text.extend(equals.bytes());
        }
        let dumped = match !known && flags & name::DUMP_UNKNOWN != 0 {
            true => string::DUMP_ALL,
            false => 0,
        };
        value(&entry.value, flags | dumped, &mut text)?;
    }
    Some(text)
}

/// How wide the characters of a type are; `None`: it is no text.
const fn width(kind: c_int) -> Option<usize> {
    match kind {
        // UTF8String: as many as each says.
        12 => Some(0),
        18 | 19 | 20 | 22 | 23 | 24 | 26 => Some(1),
        28 => Some(4),
        30 => Some(2),
        _ => None,
    }
}

/// What ASN1_STRFLGS_SHOW_TYPE calls a type.
const fn type_name(kind: c_int) -> &'static str {
    match kind {
        12 => "UTF8STRING",
        18 => "NUMERICSTRING",
        19 => "PRINTABLESTRING",
        20 => "T61STRING",
        22 => "IA5STRING",
        23 => "UTCTIME",
        24 => "GENERALIZEDTIME",
        26 => "VISIBLESTRING",
        28 => "UNIVERSALSTRING",
        30 => "BMPSTRING",
        4 => "OCTET STRING",
        3 => "BIT STRING",
        2 => "INTEGER",
        _ => "(unknown)",
    }
}

/// A value behind what is there already. Without escapes it may write to a terminal: the caller's flags say so.
fn value(value: &ASN1_STRING, flags: c_ulong, text: &mut Vec<u8>) -> Option<()> {
    let (kind, bytes) = (value.kind(), value.bytes());
    if flags & string::SHOW_TYPE != 0 {
        text.extend(type_name(kind).bytes());
        text.push(b':');
    }
    let wide = match width(kind) {
        _ if flags & string::DUMP_ALL != 0 => None,
        _ if flags & string::IGNORE_TYPE != 0 => Some(1),
        None if flags & string::DUMP_UNKNOWN == 0 => Some(1),
        wide => wide,
    };
    let Some(wide) = wide else {
        text.push(b'#');
        let header = match flags & string::DUMP_DER {
            0 => Vec::new(),
            _ => header(kind, bytes.len()),
        };
        for byte in header.iter().chain(&bytes) {
            write!(text, "{byte:02X}").ok()?;
        }
        return Some(());
    };
    let convert = flags & string::UTF8_CONVERT != 0;
    let chars = match (wide, convert) {
        // What is UTF-8 already is not converted again.
        (0, true) | (1, false) => bytes.iter().map(|byte| u32::from(*byte)).collect(),
        _ => characters(&bytes, wide)?,
    };
    let chars = match convert && wide != 0 {
        true => utf8(&chars),
        false => chars,
    };
    let (mut quoted, mut escaped) = (false, Vec::new());
    for (at, c) in chars.iter().enumerate() {
        let place = (at == 0, at + 1 == chars.len());
        quoted |= escape(*c, flags & string::ESCAPES, place, &mut escaped);
    }
    let quote: &[u8] = if quoted { b"\"" } else { b"" };
    text.extend(quote);
    text.extend(escaped);
    text.extend(quote);
    Some(())
}

/// The tag and the length of a value in DER.
fn header(kind: c_int, len: usize) -> Vec<u8> {
    let digits = len.to_be_bytes();
    let digits = &digits[digits.iter().take_while(|digit| **digit == 0).count()..];
    let mut header = vec![u8::try_from(kind).unwrap_or(0)];
    if len >= 0x80 {
        header.push(0x80 | u8::try_from(digits.len()).unwrap_or(0));
        header.extend(digits);
    } else {
        header.push(u8::try_from(len).unwrap_or(0));
    }
    header
}

fn characters(bytes: &[u8], wide: usize) -> Option<Vec<u32>> {
    if wide == 0 {
        let text = core::str::from_utf8(bytes).ok()?;
        return Some(text.chars().map(u32::from).collect());
    }
    let chunks = bytes.chunks_exact(wide);
    let whole = chunks.remainder().is_empty();
    let number = |chunk: &[u8]| chunk.iter().fold(0, |n, byte| n << 8 | u32::from(*byte));
    whole.then(|| chunks.map(number).collect())
}

/// The same in UTF-8, byte for byte; what is no character as it is.
fn utf8(chars: &[u32]) -> Vec<u32> {
    let mut out = Vec::new();
    for c in chars {
        match char::from_u32(*c) {
            Some(c) => out.extend(c.encode_utf8(&mut [0; 4]).bytes().map(u32::from)),
            None => out.push(*c),
        }
    }
    out
}

/// One character, as far as flags ask for it escaped; true: it stands in quotes. `place`: the first, the last.
fn escape(c: u32, flags: c_ulong, place: (bool, bool), text: &mut Vec<u8>) -> bool {
    let asked = |flag: c_ulong| flags & flag != 0;
    let Ok(byte) = u8::try_from(c) else {
        let escaped = match c {
            0..=0xffff => format!("\\U{c:04X}"),
            _ => format!("\\W{c:08X}"),
        };
        text.extend(escaped.into_bytes());
        return false;
    };
    let (special, in_quotes) = match byte {
        b'"' | b'\\' => (asked(string::ESC_2253), false),
        b',' | b'+' | b'<' | b'>' | b';' => (asked(string::ESC_2253), true),
        b'#' => (asked(string::ESC_2253) && place.0, true),
        b' ' => (asked(string::ESC_2253) && (place.0 || place.1), true),
        _ => (false, false),
    };
    if special && in_quotes && asked(string::ESC_QUOTE) {
        text.push(byte);
        return true;
    }
    let hex = match byte {
        0..=0x1f | 0x7f if asked(string::ESC_CTRL) => true,
        0 | b'(' | b')' | b'*' | b'\\' if !special && asked(string::ESC_2254) => true,
        0x80.. => asked(string::ESC_MSB),
        _ => false,
    };
    if hex {
        text.extend(format!("\\{byte:02X}").into_bytes());
    } else {
        // What escapes is escaped itself wherever anything is.
        if special || byte == b'\\' && flags != 0 {
            text.push(b'\\');
        }
        text.push(byte);
    }
    false
}
