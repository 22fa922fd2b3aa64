//! A strict cursor over DER (X.690 §10.1): definite lengths in their shortest form, tag numbers
//! below 31. It borrows, never allocates and never recurses.

/// The bytes are not the DER that was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadDer;

/// Identifier octets of the types that certificates use.
pub(crate) mod tag {
    pub(crate) const BOOLEAN: u8 = 0x01;
    pub(crate) const INTEGER: u8 = 0x02;
    pub(crate) const BIT_STRING: u8 = 0x03;
    pub(crate) const OCTET_STRING: u8 = 0x04;
    pub(crate) const OID: u8 = 0x06;
    pub(crate) const UTC_TIME: u8 = 0x17;
    pub(crate) const GENERALIZED_TIME: u8 = 0x18;
    pub(crate) const SEQUENCE: u8 = 0x30;
    pub(crate) const SET: u8 = 0x31;

    /// `[number]`, constructed.
    pub(crate) const fn context(number: u8) -> u8 {
        0xa0 | number
    }
}

/// One element: identifier octet, contents, and the whole encoding.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element<'a> {
    pub(crate) tag: u8,
    pub(crate) content: &'a [u8],
    pub(crate) whole: &'a [u8],
}

/// What is left of a run of elements.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Der<'a>(&'a [u8]);

impl<'a> Der<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next element, whatever it is.
    pub(crate) fn next(&mut self) -> Result<Element<'a>, BadDer> {
        let (&tag, rest) = self.0.split_first().ok_or(BadDer)?;
        if tag & 0x1f == 0x1f {
            return Err(BadDer);
        }
        let (len, rest) = length(rest)?;
        let content = rest.get(..len).ok_or(BadDer)?;
        let header = self.0.len() - rest.len();
        let (whole, rest) = self.0.split_at(header + len);
        self.0 = rest;
        Ok(Element {
            tag,
            content,
            whole,
        })
    }

    /// The next element, which must have this tag.
    pub(crate) fn expect(&mut self, tag: u8) -> Result<Element<'a>, BadDer> {
        self.optional(tag)?.ok_or(BadDer)
    }

    /// The next element when it has this tag, else nothing is taken.
    pub(crate) fn optional(&mut self, tag: u8) -> Result<Option<Element<'a>>, BadDer> {
        match self.0.first() {
            Some(&t) if t == tag => self.next().map(Some),
            _ => Ok(None),
        }
    }

    /// `BOOLEAN DEFAULT FALSE` with this tag; an encoded default breaks DER, but is common.
    pub(crate) fn flag(&mut self, tag: u8) -> Result<bool, BadDer> {
        match self.optional(tag)?.map(|b| b.content) {
            None | Some([0]) => Ok(false),
            Some([0xff]) => Ok(true),
            Some(_) => Err(BadDer),
        }
    }

    /// An INTEGER in its shortest form (X.690 §8.3): its contents.
    pub(crate) fn integer(&mut self) -> Result<&'a [u8], BadDer> {
        match self.expect(tag::INTEGER)?.content {
            [] | [0, 0..=0x7f, ..] | [0xff, 0x80..=0xff, ..] => Err(BadDer),
            digits => Ok(digits),
        }
    }

    /// What is left.
    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.0
    }

    /// That nothing is left.
    pub(crate) const fn end(&self) -> Result<(), BadDer> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(BadDer)
        }
    }
}

/// The only element of `bytes`, which must have this tag: its contents.
pub(crate) fn only(bytes: &[u8], tag: u8) -> Result<&[u8], BadDer> {
    let mut der = Der::new(bytes);
    let element = der.expect(tag)?;
    der.end()?;
    Ok(element.content)
}

/// A SEQUENCE of these parts, which are together shorter than 16 MiB.
pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    let len = parts.iter().map(|part| part.len()).sum::<usize>();
    let digits = (len as u32).to_be_bytes();
    let mut out = vec![tag::SEQUENCE];
    match len {
        0..=0x7f => out.push(digits[3]),
        _ => {
            let zeroes = digits.iter().take_while(|d| **d == 0).count();
            out.push(0x84 - zeroes as u8);
            out.extend_from_slice(&digits[zeroes..]);
        }
    }
    parts.iter().for_each(|part| out.extend_from_slice(part));
    out
}

/// The bytes of a BIT STRING without unused bits (signatures and keys).
pub(crate) fn whole_bits(content: &[u8]) -> Result<&[u8], BadDer> {
    match content.split_first() {
        Some((0, bits)) => Ok(bits),
        _ => Err(BadDer),
    }
}

/// X.690 §10.1: the shortest form. More than three length bytes would be more than any message
/// can carry (RFC 5246 §7.4).
fn length(bytes: &[u8]) -> Result<(usize, &[u8]), BadDer> {
    let (&first, rest) = bytes.split_first().ok_or(BadDer)?;
    let count = match first {
        0..=0x7f => return Ok((usize::from(first), rest)),
        0x81..=0x83 => usize::from(first & 0x7f),
        _ => return Err(BadDer),
    };
    let digits = rest.get(..count).ok_or(BadDer)?;
    let len = digits.iter().fold(0, |n, &d| n << 8 | usize::from(d));
    let shortest = match count {
        1 => len > 0x7f,
        2 => len > 0xff,
        _ => len > 0xffff,
    };
    if shortest {
        Ok((len, &rest[count..]))
    } else {
        Err(BadDer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortest_lengths_alone_are_accepted() {
        assert_eq!(only(&[4, 1, 7], tag::OCTET_STRING), Ok(&[7][..]));
        let mut long = vec![4, 0x81, 0x80];
        long.resize(3 + 0x80, 0);
        assert_eq!(only(&long, tag::OCTET_STRING).map(<[u8]>::len), Ok(0x80));
        let bad: &[&[u8]] = &[
            &[],
            &[4],
            &[4, 1],
            &[4, 0x80, 0, 0],
            &[4, 0x81, 1, 7],
            &[4, 0x82, 0, 1, 7],
            &[4, 0x84, 0, 0, 0, 1, 7],
            &[4, 0xff, 7],
            &[4, 1, 7, 0],
            &[5, 1, 7],
            &[0x1f, 1, 7],
        ];
        for bytes in bad {
            assert_eq!(only(bytes, tag::OCTET_STRING), Err(BadDer), "{bytes:02x?}");
        }
    }

    #[test]
    fn integers_and_flags() {
        for (bytes, good) in [
            (&[2, 1, 0][..], true),
            (&[2, 1, 0xff], true),
            (&[2, 2, 0, 0x80], true),
            (&[2, 2, 0xff, 0x7f], true),
            (&[2, 0], false),
            (&[2, 2, 0, 1], false),
            (&[2, 2, 0xff, 0x80], false),
            (&[4, 1, 1], false),
        ] {
            assert_eq!(Der::new(bytes).integer().is_ok(), good, "{bytes:02x?}");
        }
        for (bytes, flag) in [
            (&[][..], Ok(false)),
            (&[2, 1, 0], Ok(false)),
            (&[1, 1, 0], Ok(false)),
            (&[1, 1, 0xff], Ok(true)),
            (&[1, 1, 1], Err(BadDer)),
            (&[1, 0], Err(BadDer)),
            (&[1, 2, 0, 0], Err(BadDer)),
        ] {
            assert_eq!(Der::new(bytes).flag(tag::BOOLEAN), flag, "{bytes:02x?}");
        }
    }

    #[test]
    fn bit_strings_of_whole_bytes() {
        assert_eq!(whole_bits(&[0, 1, 2]), Ok(&[1, 2][..]));
        assert_eq!(whole_bits(&[1, 2]), Err(BadDer));
        assert_eq!(whole_bits(&[]), Err(BadDer));
    }
}
