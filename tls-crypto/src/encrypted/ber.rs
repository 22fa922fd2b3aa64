use super::{Result, malformed};
use zeroize::Zeroizing;

/// Deeper nesting than any file has. Each level has room for twice what is in it.
const MAX_DEPTH: usize = 16;

const OCTET_STRING: u8 = 0x04;
const CONSTRUCTED: u8 = 0x20;

/// PKCS #12 is BER (RFC 7292 §4), and NSS and old Windows use that: indefinite lengths, and OCTET
/// STRINGs in pieces. This is the same in DER, as far as a reader cares: definite lengths in their
/// shortest form, whole strings. DER comes back as it was.
pub(super) fn to_der(bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    // Never longer than it was, but for the lengths of what was indefinite.
    let mut out = Zeroizing::new(Vec::with_capacity(2 * bytes.len()));
    let rest = element(bytes, 0, &mut out)?;
    if !rest.is_empty() {
        return Err(malformed("bytes are left over behind the end"));
    }
    Ok(out)
}

/// The contents of a `[0] IMPLICIT OCTET STRING`, in DER or (constructed) in pieces.
pub(super) fn pieces(constructed: bool, content: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    if !constructed {
        return Ok(Zeroizing::new(content.to_vec()));
    }
    join(content)
}

/// Converts one element and returns what is behind it.
fn element<'a>(bytes: &'a [u8], depth: usize, out: &mut Vec<u8>) -> Result<&'a [u8]> {
    if depth > MAX_DEPTH {
        return Err(malformed("it is nested too deep"));
    }
    let (tag, len, rest) = header(bytes)?;
    let constructed = tag & CONSTRUCTED != 0;
    let (body, rest) = match len {
        Some(len) => {
            let cut = || malformed("it is cut off");
            let (content, rest) = rest.split_at_checked(len).ok_or_else(cut)?;
            match constructed {
                true => (all(content, depth)?, rest),
                false => (Zeroizing::new(content.to_vec()), rest),
            }
        }
        None if constructed => to_end(rest, depth)?,
        None => return Err(malformed("a length that is not there")),
    };
    if tag == OCTET_STRING | CONSTRUCTED {
        put(OCTET_STRING, &join(&body)?, out);
    } else {
        put(tag, &body, out);
    }
    Ok(rest)
}

/// Elements to the end of `content`.
fn all(mut content: &[u8], depth: usize) -> Result<Zeroizing<Vec<u8>>> {
    let mut body = Zeroizing::new(Vec::with_capacity(2 * content.len()));
    while !content.is_empty() {
        content = element(content, depth + 1, &mut body)?;
    }
    Ok(body)
}

/// Elements to the end-of-contents octets (X.690 §8.1.5), and what is behind those.
fn to_end(mut rest: &[u8], depth: usize) -> Result<(Zeroizing<Vec<u8>>, &[u8])> {
    // With room for all of it the buffer never moves, which would leave copies behind.
    let mut body = Zeroizing::new(Vec::with_capacity(2 * rest.len()));
    loop {
        if let Some(behind) = rest.strip_prefix(&[0, 0]) {
            return Ok((body, behind));
        }
        rest = element(rest, depth + 1, &mut body)?;
    }
}

/// The contents of the OCTET STRINGs in `content`, which is DER, one behind the other.
fn join(content: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let mut whole = Zeroizing::new(Vec::with_capacity(content.len()));
    let mut rest = content;
    while !rest.is_empty() {
        let (tag, len, behind) = header(rest)?;
        let piece = len.filter(|_| tag == OCTET_STRING);
        let piece = piece.and_then(|len| behind.split_at_checked(len));
        let (piece, behind) = piece.ok_or_else(|| malformed("an OCTET STRING in pieces"))?;
        whole.extend_from_slice(piece);
        rest = behind;
    }
    Ok(whole)
}

/// Identifier octet, length (`None`: indefinite), and what is behind them.
fn header(bytes: &[u8]) -> Result<(u8, Option<usize>, &[u8])> {
    let cut = || malformed("it is cut off");
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

fn put(tag: u8, content: &[u8], out: &mut Vec<u8>) {
    out.push(tag);
    let len = content.len().to_be_bytes();
    let digits = &len[len.iter().take_while(|b| **b == 0).count()..];
    match digits {
        [] => out.push(0),
        [short @ 0..=0x7f] => out.push(*short),
        _ => {
            out.push(0x80 | digits.len() as u8);
            out.extend_from_slice(digits);
        }
    }
    out.extend_from_slice(content);
}
