//! PEM (RFC 7468), read by this crate itself for two reasons: its errors name the line, and every
//! buffer that may hold a private key is wiped.

mod body;

use crate::error::{Error, Result};
use base64ct::{Base64, Encoding as _};
use tls_core::error::Reason;
use zeroize::Zeroizing;

/// A decoded block.
#[derive(Debug)]
pub(crate) struct Block<'a> {
    /// What stands between `BEGIN` and the dashes.
    pub(crate) label: &'a str,
    /// The line of `BEGIN`, counted from 1.
    pub(crate) line: usize,
    /// Whether RFC 1421 headers say that the contents are encrypted.
    pub(crate) encrypted: bool,
    /// The value of the `DEK-Info` header, where there is one in UTF-8: how it is encrypted.
    pub(crate) dek_info: Option<&'a str>,
    /// The contents.
    pub(crate) der: Zeroizing<Vec<u8>>,
}

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// A label is as long as this at the most (RFC 7468 has no bound; the longest in use has 22 characters).
const MAX_LABEL: usize = 64;

/// Whether `bytes` are PEM rather than DER. What begins as DER of more than 127 bytes does, which no text
/// does, is DER, though a block may stand in it: a certificate has room for another one's PEM, and who
/// reads the DER elsewhere must not see another certificate than we.
pub(crate) fn is_pem(bytes: &[u8]) -> bool {
    !matches!(bytes, [0x30, 0x80..=0x84, ..])
        && lines(bytes).any(|(_, line)| line.starts_with(BEGIN.as_bytes()))
}

/// Numbered from 1, without the space around them. What editors of Windows put in front of the first (the byte
/// order mark of UTF-8) is none of it.
fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    text.split(|b| *b == b'\n')
        .enumerate()
        .map(|(i, line)| (i + 1, line.trim_ascii()))
}

/// Whether a block with this label begins somewhere, were it only to be found broken.
pub(crate) fn begins(bytes: &[u8], wanted: &str) -> bool {
    let starts = |line: &[u8]| {
        line.strip_prefix(BEGIN.as_bytes())?
            .strip_prefix(wanted.as_bytes())?
            .strip_prefix(DASHES.as_bytes())
            .map(drop)
    };
    lines(bytes).any(|(_, line)| starts(line).is_some())
}

/// A block of public contents, with lines of 64 characters (RFC 7468 §3).
pub(crate) fn encode(label: &str, der: &[u8]) -> String {
    let body = base64(der);
    let mut text = format!("{BEGIN}{label}{DASHES}\n");
    for at in (0..body.len()).step_by(64) {
        text.push_str(&body[at..body.len().min(at + 64)]);
        text.push('\n');
    }
    text + "-----END " + label + DASHES + "\n"
}

/// Base64 with its padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
    let mut room = vec![0; Base64::encoded_len(bytes)];
    // The room is what is needed: there is no error.
    Base64::encode(bytes, &mut room).map_or_else(|_| String::new(), str::to_owned)
}

/// All blocks, in their order. Text between blocks is passed over (RFC 7468 §2), but not what looks like the
/// beginning or the end of one: a block that is passed over would be lost silently.
pub(crate) fn blocks(bytes: &[u8]) -> Result<Vec<Block<'_>>> {
    // Explanatory text may be in any encoding; it is only passed over.
    let mut lines = lines(bytes);
    let mut blocks = Vec::new();
    while let Some((number, line)) = lines.next() {
        if line.starts_with(BEGIN.as_bytes()) {
            let label = label(line, BEGIN).ok_or_else(|| stray(number, "BEGIN"))?;
            blocks.push(block(label, number, &mut lines)?);
        } else if line.starts_with(END.as_bytes()) {
            return Err(Error::with(
                Reason::BadPem,
                format!("line {number}: an END line without its BEGIN line"),
            ));
        }
    }
    Ok(blocks)
}

/// The line is not quoted: where line breaks were lost, a whole key may stand on it.
fn stray(number: usize, kind: &str) -> Error {
    Error::with(
        Reason::BadPem,
        format!(
            "line {number}: more than a label stands between the dashes of a {kind} line, or something behind \
             them: were line breaks lost?"
        ),
    )
}

/// The label of a `-----BEGIN label-----` line, or of its `END`: printable, without two hyphens in a row
/// (RFC 7468 §3).
fn label<'a>(line: &'a [u8], start: &str) -> Option<&'a str> {
    let label = line
        .strip_prefix(start.as_bytes())?
        .strip_suffix(DASHES.as_bytes())?;
    let is_label = label.len() <= MAX_LABEL
        && label.iter().all(|c| matches!(c, b' '..=b'~'))
        && !label.windows(2).any(|pair| pair == b"--");
    core::str::from_utf8(label).ok().filter(|_| is_label)
}

fn block<'a>(
    name: &'a str,
    begin: usize,
    lines: &mut impl Iterator<Item = (usize, &'a [u8])>,
) -> Result<Block<'a>> {
    let (mut encrypted, mut dek_info) = (false, None);
    let mut body = body::Body::default();
    for (number, line) in lines {
        if line.starts_with(DASHES.as_bytes()) {
            return match label(line, END) {
                Some(end) if end == name => Ok(Block {
                    label: name,
                    line: begin,
                    encrypted,
                    dek_info,
                    der: body.decode().map_err(|what| bad(begin, name, what))?,
                }),
                _ => Err(bad(
                    number,
                    name,
                    "something other than its END line follows",
                )),
            };
        }
        // RFC 1421 §4.6 headers: OpenSSL's old form of encrypted keys.
        if line.contains(&b':') {
            encrypted |= line.starts_with(b"Proc-Type:") && line.ends_with(b"ENCRYPTED");
            if let Some(value) = line.strip_prefix(b"DEK-Info:") {
                dek_info = core::str::from_utf8(value.trim_ascii()).ok();
            }
        } else {
            body.push(line);
        }
    }
    Err(bad(begin, name, "its END line is missing"))
}

fn bad(line: usize, label: &str, what: &str) -> Error {
    Error::with(
        Reason::BadPem,
        format!("line {line}: the PEM block {label:?} is broken: {what}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(pem: &str) -> String {
        blocks(pem.as_bytes()).unwrap_err().text().to_owned()
    }

    #[test]
    fn blocks_with_text_around_them() {
        let pem = "subject=x\r\n-----BEGIN A-----\r\nAQID\r\nBA==\r\n-----END A-----\r\n\
                   noise \u{e9}\n  -----BEGIN B C-----  \nProc-Type: 4,ENCRYPTED\nDEK-Info: AES,00\n\n/+8=\n-----END B C-----";
        let blocks = blocks(pem.as_bytes()).unwrap();
        assert_eq!(blocks.len(), 2);
        assert_eq!((blocks[0].label, blocks[0].line), ("A", 2));
        assert_eq!(*blocks[0].der, [1, 2, 3, 4]);
        assert!(!blocks[0].encrypted && blocks[0].dek_info.is_none());
        assert_eq!((blocks[1].label, blocks[1].line), ("B C", 7));
        assert_eq!(*blocks[1].der, [0xff, 0xef]);
        assert!(blocks[1].encrypted);
        assert_eq!(blocks[1].dek_info, Some("AES,00"));
    }

    #[test]
    fn what_is_written_is_read_again() {
        for len in [1, 2, 3, 47, 48, 49, 1000] {
            let der: Vec<u8> = (0..len).map(|i| (i * 7 % 256) as u8).collect();
            let text = encode("X Y", &der);
            assert!(text.lines().all(|line| line.len() <= 64));
            let blocks = blocks(text.as_bytes()).unwrap();
            assert_eq!((blocks[0].label, &*blocks[0].der), ("X Y", &der));
        }
    }

    #[test]
    fn nothing_is_no_error() {
        assert!(blocks(b"").unwrap().is_empty());
        assert!(blocks(&[0xff, 0, 10, 200]).unwrap().is_empty());
        assert!(!is_pem(&[0x30, 0x82]));
        assert!(!is_pem(b"x -----BEGIN A-----"));
        assert!(is_pem(b"0 of 1\n  -----BEGIN A-----"));
        for der in [
            &[0x30, 0x82, 1, 0][..],
            &[0x30, 0x80],
            &[0x30, 0x81, 0xff],
            &[0x30, 0x84],
        ] {
            assert!(!is_pem(
                &[der, b"\n-----BEGIN A-----\nAQID\n-----END A-----\n"].concat()
            ));
        }
    }

    #[test]
    fn a_key_whose_line_breaks_were_lost_is_not_quoted() {
        let key = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg";
        for between in ["\\n", " ", "\r", "", "\\r\\n"] {
            let pem = format!("-----BEGIN A-----{between}{key}{between}-----END A-----");
            for pem in [
                pem.clone(),
                pem.clone() + "\n",
                "\u{feff}".to_owned() + &pem,
            ] {
                assert!(is_pem(pem.as_bytes()), "{between:?}");
                let text = text(&pem);
                assert!(!text.contains("MIGH") && text.len() < 200, "{text}");
                assert!(text.starts_with("line 1: "), "{text}");
            }
        }
        let long = format!("-----BEGIN {}-----\n", "A".repeat(65));
        assert!(!text(&long).contains("AA"));
    }

    #[test]
    fn no_block_is_passed_over() {
        let block = "-----BEGIN A-----\nAQID\n-----END A-----\n";
        for (before, line) in [
            ("-----BEGIN A----- x\nAQID\n-----END A-----\n", "line 1: "),
            ("-----BEGIN A----\nAQID\n-----END A-----\n", "line 1: "),
            ("-----BEGIN A\nAQID\n-----END A-----\n", "line 1: "),
            ("x\n  -----END A-----\n", "line 2: "),
            ("-----END A----- x\n", "line 1: "),
        ] {
            assert!(
                text(&(before.to_owned() + block)).starts_with(line),
                "{before}"
            );
            assert!(begins((before.to_owned() + block).as_bytes(), "A"));
        }
        // What comes of Windows, and a comment.
        for before in [
            "\u{feff}",
            "# -----BEGIN A----- was here\n",
            "---- BEGIN A ----\n",
        ] {
            let pem = before.to_owned() + block;
            assert!(is_pem(pem.as_bytes()) && begins(pem.as_bytes(), "A"));
            assert_eq!(blocks(pem.as_bytes()).unwrap().len(), 1, "{before}");
        }
    }

    #[test]
    fn broken_blocks_name_their_line() {
        assert_eq!(
            text("\n-----BEGIN A-----\nAQID\n"),
            "line 2: the PEM block \"A\" is broken: its END line is missing"
        );
        assert_eq!(
            text("-----BEGIN A-----\nAQID\n-----END B-----\n"),
            "line 3: the PEM block \"A\" is broken: something other than its END line follows"
        );
        assert!(text("-----BEGIN A-----\n-----BEGIN A-----\n").starts_with("line 2:"));
        assert!(text("-----BEGIN A-----\nA*ID\n-----END A-----\n").contains("base64"));
        assert!(text("-----BEGIN A-----\nAQI\n-----END A-----\n").contains("base64"));
        assert!(text("-----BEGIN A-----\nAQ==ID==\n-----END A-----\n").contains("base64"));
        assert!(text("-----BEGIN A-----\n-----END A-----\n").contains("empty"));
    }
}
