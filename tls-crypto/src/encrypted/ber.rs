use super::{OpenError, Result, malformed};
use zeroize::Zeroizing;

/// Deeper nesting than any file has.
const MAX_DEPTH: usize = 16;

const OCTET_STRING: u8 = 0x04;
const CONSTRUCTED: u8 = 0x20;

/// End-of-contents octets (X.690 §8.1.5).
const END: [u8; 2] = [0, 0];

/// What came as DER, or what was made of BER.
pub(super) enum Der<'a> {
    Same(&'a [u8]),
    Made(Zeroizing<Vec<u8>>),
}

impl core::ops::Deref for Der<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Same(bytes) => bytes,
            Self::Made(bytes) => bytes,
        }
    }
}

/// PKCS #12 is BER (RFC 7292 §4), and NSS and old Windows use that: indefinite lengths, and OCTET
/// STRINGs in pieces. This is the same in DER, as far as a reader cares: definite lengths in their
/// shortest form, whole strings. DER comes back as it was, uncopied. Costs grow with the length alone:
/// whatever is nested how, a byte is moved once for each level around it at most.
pub(super) fn to_der(bytes: &[u8]) -> Result<Der<'_>> {
    if is_der(bytes, 0) {
        return Ok(Der::Same(bytes));
    }
    // With room for all of it the buffer never moves, which would leave copies behind. Only an element of
    // 64 KiB can get longer, by its length's bytes, on each level.
    let room = bytes.len() + bytes.len() / 1024 + 64;
    let mut out = Zeroizing::new(Vec::with_capacity(room));
    let rest = element(bytes, 0, &mut out)?;
    if !rest.is_empty() {
        return Err(malformed("bytes are left over behind the end"));
    }
    Ok(Der::Made(out))
}

/// The contents of a `[0] IMPLICIT OCTET STRING`, in DER or (constructed) in pieces.
pub(super) fn pieces(constructed: bool, content: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let mut whole = Zeroizing::new(Vec::with_capacity(content.len()));
    if constructed {
        join(content, Some(content.len()), 0, &mut whole)?;
    } else {
        whole.extend_from_slice(content);
    }
    Ok(whole)
}

/// Whether nothing is to be done: one element, every length definite and in its shortest form, no string
/// in pieces.
fn is_der(bytes: &[u8], depth: usize) -> bool {
    is_der_element(bytes, depth).is_some_and(<[u8]>::is_empty)
}

/// What is behind an element of DER.
fn is_der_element(bytes: &[u8], depth: usize) -> Option<&[u8]> {
    let (tag, len, rest) = header(bytes).ok()?;
    let len = len.filter(|_| depth <= MAX_DEPTH && tag != OCTET_STRING | CONSTRUCTED)?;
    let (mut content, rest) = rest.split_at_checked(len)?;
    if bytes.len() - content.len() - rest.len() != 1 + length(len).count() {
        return None;
    }
    while tag & CONSTRUCTED != 0 && !content.is_empty() {
        content = is_der_element(content, depth + 1)?;
    }
    Some(rest)
}

/// Converts one element and returns what is behind it.
fn element<'a>(bytes: &'a [u8], depth: usize, out: &mut Vec<u8>) -> Result<&'a [u8]> {
    if depth > MAX_DEPTH {
        return Err(malformed("it is nested too deep"));
    }
    let (tag, len, rest) = header(bytes)?;
    let start = out.len() + 1;
    if tag == OCTET_STRING | CONSTRUCTED {
        out.push(OCTET_STRING);
        let rest = join(rest, len, depth, out)?;
        put_length(out, start);
        return Ok(rest);
    }
    out.push(tag);
    let rest = if tag & CONSTRUCTED != 0 {
        each(rest, len, |inner| element(inner, depth + 1, out))?
    } else {
        let len = len.ok_or_else(|| malformed("a length that is not there"))?;
        let (content, rest) = rest.split_at_checked(len).ok_or_else(cut)?;
        out.extend_from_slice(content);
        rest
    };
    put_length(out, start);
    Ok(rest)
}

/// Appends the contents of an OCTET STRING in pieces, which may be in pieces themselves (X.690 §8.7.3).
fn join<'a>(
    bytes: &'a [u8],
    len: Option<usize>,
    depth: usize,
    out: &mut Vec<u8>,
) -> Result<&'a [u8]> {
    if depth > MAX_DEPTH {
        return Err(malformed("it is nested too deep"));
    }
    each(bytes, len, |piece| {
        let (tag, len, rest) = header(piece)?;
        match (tag, len) {
            (OCTET_STRING, Some(len)) => {
                let (content, rest) = rest.split_at_checked(len).ok_or_else(cut)?;
                out.extend_from_slice(content);
                Ok(rest)
            }
            (tag, len) if tag == OCTET_STRING | CONSTRUCTED => join(rest, len, depth + 1, out),
            _ => Err(malformed("an OCTET STRING in pieces")),
        }
    })
}

/// Runs `read` on element after element of a content: of `len` bytes, or (`None`) up to the
/// end-of-contents octets. Returns what is behind it.
fn each<'a>(
    bytes: &'a [u8],
    len: Option<usize>,
    mut read: impl FnMut(&'a [u8]) -> Result<&'a [u8]>,
) -> Result<&'a [u8]> {
    let Some(len) = len else {
        let mut rest = bytes;
        loop {
            if let Some(behind) = rest.strip_prefix(&END) {
                return Ok(behind);
            }
            rest = read(rest)?;
        }
    };
    let (mut content, rest) = bytes.split_at_checked(len).ok_or_else(cut)?;
    while !content.is_empty() {
        content = read(content)?;
    }
    Ok(rest)
}

fn cut() -> OpenError {
    malformed("it is cut off")
}

/// Identifier octet, length (`None`: indefinite), and what is behind them.
fn header(bytes: &[u8]) -> Result<(u8, Option<usize>, &[u8])> {
    let [tag, first, rest @ ..] = bytes else {
        return Err(cut());
    };
    if tag & 0x1f == 0x1f || *tag == 0 {
        return Err(malformed("an identifier that no such file has"));
    }
    match first {
        0..=0x7f => Ok((*tag, Some(usize::from(*first)), rest)),
        0x80 => Ok((*tag, None, rest)),
        0x81..=0x84 => {
            let (digits, rest) = rest
                .split_at_checked(usize::from(first & 0x7f))
                .ok_or_else(cut)?;
            let len = digits.iter().fold(0, |n, d| n << 8 | usize::from(*d));
            Ok((*tag, Some(len), rest))
        }
        _ => Err(malformed("a length that no memory holds")),
    }
}

/// The bytes of a length in its shortest form.
fn length(len: usize) -> impl Iterator<Item = u8> {
    let digits = len.to_be_bytes();
    let zeroes = digits.iter().take_while(|b| **b == 0).count();
    let first = match len {
        0..=0x7f => None,
        _ => Some(0x80 | (digits.len() - zeroes) as u8),
    };
    let shown = digits.into_iter().skip(zeroes.min(digits.len() - 1));
    first.into_iter().chain(shown)
}

/// Puts the length of what stands behind `start` there.
fn put_length(out: &mut Vec<u8>, start: usize) {
    let len = out.len() - start;
    out.splice(start..start, length(len));
}
