//! The characters of a DirectoryString and of its older relatives (RFC 5280 §4.1.2.4), one by one, without a copy.

use crate::wire::der::Element;

const UTF8: u8 = 0x0c;
const NUMERIC: u8 = 0x12;
const PRINTABLE: u8 = 0x13;
const TELETEX: u8 = 0x14;
const IA5: u8 = 0x16;
const VISIBLE: u8 = 0x1a;
const UNIVERSAL: u8 = 0x1c;
const BMP: u8 = 0x1e;

/// The characters of a string, all of which are valid.
#[derive(Clone, Debug)]
pub(super) enum Text<'a> {
    Utf8(core::str::Chars<'a>),
    /// One byte each; T.61 is used as if it were Latin-1.
    Latin1(&'a [u8]),
    /// Two bytes each, or a surrogate pair.
    Bmp(&'a [u8]),
    /// Four bytes each.
    Universal(&'a [u8]),
}

impl<'a> Text<'a> {
    /// `None` for what is no string, or a broken one.
    pub(super) fn of(value: Element<'a>) -> Option<Self> {
        let bytes = value.content;
        let text = match value.tag {
            UTF8 => return Some(Self::Utf8(core::str::from_utf8(bytes).ok()?.chars())),
            NUMERIC | PRINTABLE | IA5 | VISIBLE if bytes.is_ascii() => Self::Latin1(bytes),
            TELETEX => Self::Latin1(bytes),
            BMP => Self::Bmp(bytes),
            UNIVERSAL => Self::Universal(bytes),
            _ => return None,
        };
        let mut all = text.clone();
        all.by_ref().for_each(drop);
        all.is_at_the_end().then_some(text)
    }

    /// What stops in front of its end is broken there.
    fn is_at_the_end(&self) -> bool {
        match self {
            Self::Utf8(rest) => rest.as_str().is_empty(),
            Self::Latin1(rest) | Self::Bmp(rest) | Self::Universal(rest) => rest.is_empty(),
        }
    }
}

impl Iterator for Text<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        match self {
            Self::Utf8(rest) => rest.next(),
            Self::Latin1(rest) => {
                let (first, behind) = rest.split_first()?;
                *rest = behind;
                Some(char::from(*first))
            }
            Self::Bmp(rest) => {
                let units = rest.chunks_exact(2).take(2);
                let units = units.map(|c| u16::from_be_bytes([c[0], c[1]]));
                let c = char::decode_utf16(units).next()?.ok()?;
                *rest = rest.get(2 * c.len_utf16()..)?;
                Some(c)
            }
            Self::Universal(rest) => {
                let (first, behind) = rest.split_first_chunk::<4>()?;
                let c = char::from_u32(u32::from_be_bytes(*first))?;
                *rest = behind;
                Some(c)
            }
        }
    }
}
