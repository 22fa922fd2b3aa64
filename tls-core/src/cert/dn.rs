//! Distinguished names as people read them (RFC 4514).

use super::text::Text;
use super::view::oid;
use crate::wire::der::{BadDer, Der, Element, only, tag};
use core::fmt::Write;

/// Characters of a name in a sentence: enough for every honest name, short enough for a log.
const MAX_SHORT: usize = 200;

/// Attribute types with a name of their own: those of RFC 4514 §3, and what else is usual.
const TYPES: &[(&[u8], &str)] = &[
    (oid::COMMON_NAME, "CN"),
    (&[0x55, 0x04, 0x04], "SN"),
    (&[0x55, 0x04, 0x05], "serialNumber"),
    (&[0x55, 0x04, 0x06], "C"),
    (&[0x55, 0x04, 0x07], "L"),
    (&[0x55, 0x04, 0x08], "ST"),
    (&[0x55, 0x04, 0x09], "STREET"),
    (&[0x55, 0x04, 0x0a], "O"),
    (&[0x55, 0x04, 0x0b], "OU"),
    (&[0x55, 0x04, 0x0c], "title"),
    (&[0x55, 0x04, 0x0f], "businessCategory"),
    (&[0x55, 0x04, 0x11], "postalCode"),
    (&[0x55, 0x04, 0x2a], "GN"),
    (&[0x55, 0x04, 0x61], "organizationIdentifier"),
    (
        &[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 0x01, 0x01],
        "UID",
    ),
    (
        &[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 0x01, 0x19],
        "DC",
    ),
    (
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x01],
        "emailAddress",
    ),
];

/// The name in the order and with the escapes of RFC 4514 §2: last RDN first, `+` within an RDN.
/// Control characters and those that turn the direction of writing are escaped as well, so that a
/// name can stand in a terminal or a log.
pub(super) fn rfc4514(name: &[u8]) -> Result<String, BadDer> {
    let mut rdns = Vec::new();
    let mut sequence = Der::new(only(name, tag::SEQUENCE)?);
    while !sequence.is_empty() {
        rdns.push(sequence.expect(tag::SET)?.content);
    }
    let mut text = String::new();
    for rdn in rdns.into_iter().rev() {
        let mut set = Der::new(rdn);
        let mut separator = if text.is_empty() { "" } else { "," };
        while !set.is_empty() {
            let (id, value) = attribute(&mut set)?;
            text.push_str(separator);
            separator = "+";
            push_attribute(&mut text, id, value);
        }
    }
    Ok(text)
}

/// The same for a sentence: of bounded length, and with words where there is no name.
pub(super) fn short(name: &[u8]) -> String {
    let text = match rfc4514(name) {
        Ok(text) if text.is_empty() => return "an empty name".into(),
        Ok(text) => text,
        Err(BadDer) => return "an unreadable name".into(),
    };
    shorten(text)
}

/// Cuts a text that someone else wrote to the length that a sentence bears.
pub(super) fn shorten(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(MAX_SHORT) {
        text.truncate(end);
        text.push('…');
    }
    text
}

/// The last common name, which is the most specific one; `None` when there is none or when it is no
/// text.
pub(super) fn common_name(name: &[u8]) -> Result<Option<String>, BadDer> {
    let mut found = None;
    let mut sequence = Der::new(only(name, tag::SEQUENCE)?);
    while !sequence.is_empty() {
        let mut set = Der::new(sequence.expect(tag::SET)?.content);
        while !set.is_empty() {
            let (id, value) = attribute(&mut set)?;
            if id == oid::COMMON_NAME {
                found = Text::of(value).map(Iterator::collect);
            }
        }
    }
    Ok(found)
}

/// `AttributeTypeAndValue` (RFC 5280 §4.1.2.4)
pub(super) fn attribute<'a>(set: &mut Der<'a>) -> Result<(&'a [u8], Element<'a>), BadDer> {
    let mut pair = Der::new(set.expect(tag::SEQUENCE)?.content);
    let id = pair.expect(tag::OID)?.content;
    let value = pair.next()?;
    pair.end()?;
    Ok((id, value))
}

fn push_attribute(text: &mut String, id: &[u8], value: Element<'_>) {
    let known = TYPES.iter().find(|(known, _)| *known == id);
    match known {
        Some((_, name)) => text.push_str(name),
        None => text.push_str(&dotted(id)),
    }
    text.push('=');
    // RFC 4514 §2.4: a type in dotted form, and what is no string, goes as hexadecimal DER.
    match Text::of(value) {
        Some(string) if known.is_some() => push_escaped(text, &string),
        _ => {
            text.push('#');
            push_hex(text, value.whole);
        }
    }
}

/// RFC 4514 §2.4
fn push_escaped(text: &mut String, value: &Text<'_>) {
    let last = value.clone().count().saturating_sub(1);
    for (i, c) in value.clone().enumerate() {
        match c {
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => {
                text.push('\\');
                text.push(c);
            }
            ' ' | '#' if i == 0 => {
                text.push('\\');
                text.push(c);
            }
            ' ' if i == last => text.push_str("\\ "),
            c => push_visible(text, c),
        }
    }
}

/// A text that someone else wrote, for a sentence: short, and harmless to a terminal.
pub(super) fn visible(text: &str) -> String {
    let mut visible = String::new();
    shorten(text.to_owned())
        .chars()
        .for_each(|c| push_visible(&mut visible, c));
    visible
}

/// A character as it is, or in the escape of RFC 4514 where it could disturb a terminal or a log.
pub(super) fn push_visible(text: &mut String, c: char) {
    // What turns the direction of writing (Unicode's Bidi_Control), breaks lines, or is not seen at all.
    let hidden = matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
    );
    if c.is_control() || hidden {
        for byte in c.encode_utf8(&mut [0; 4]).bytes() {
            text.push('\\');
            push_hex(text, &[byte]);
        }
    } else {
        text.push(c);
    }
}

/// Lower-case hexadecimal.
pub(super) fn push_hex(text: &mut String, bytes: &[u8]) {
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
}

/// An object identifier in dotted form; a component beyond 64 bits makes it hexadecimal.
pub(super) fn dotted(id: &[u8]) -> String {
    let mut text = String::new();
    let mut component = 0_u64;
    for &byte in id {
        if component >> 57 != 0 {
            text = "0x".into();
            push_hex(&mut text, id);
            return text;
        }
        component = component << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 != 0 {
            continue;
        }
        // X.690 §8.19.4: the first two components share one number.
        if text.is_empty() {
            let first = (component / 40).min(2);
            let _ = write!(text, "{first}.{}", component - 40 * first);
        } else {
            let _ = write!(text, ".{component}");
        }
        component = 0;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
        let mut out = vec![tag, u8::try_from(content.len()).expect("short")];
        out.extend_from_slice(content);
        out
    }

    fn pair(id: &[u8], tag: u8, value: &[u8]) -> Vec<u8> {
        tlv(0x30, &[tlv(6, id), tlv(tag, value)].concat())
    }

    fn cn(value: &str) -> Vec<u8> {
        pair(oid::COMMON_NAME, 0x0c, value.as_bytes())
    }

    fn name(rdns: &[Vec<u8>]) -> Vec<u8> {
        let sets: Vec<u8> = rdns.iter().flat_map(|r| tlv(0x31, r)).collect();
        tlv(0x30, &sets)
    }

    #[test]
    fn order_and_several_values() {
        let multi = [
            pair(&[0x55, 4, 10], 0x13, b"Org"),
            pair(&[0x55, 4, 11], 0x13, b"Unit"),
        ]
        .concat();
        let n = name(&[multi, cn("x")]);
        assert_eq!(rfc4514(&n), Ok("CN=x,O=Org+OU=Unit".into()));
        assert_eq!(common_name(&n), Ok(Some("x".into())));
    }

    #[test]
    fn escapes() {
        let n = name(&[cn(" #a,b+\"c\\<d>;e\n\u{202e}é ")]);
        let expected = r#"CN=\ #a\,b\+\"c\\\<d\>\;e\0a\e2\80\aeé\ "#;
        assert_eq!(rfc4514(&n), Ok(expected.into()));
        assert_eq!(rfc4514(&name(&[cn("#a")])), Ok("CN=\\#a".into()));
        assert_eq!(rfc4514(&name(&[cn("")])), Ok("CN=".into()));
    }

    #[test]
    fn other_strings_and_types() {
        let bmp = pair(oid::COMMON_NAME, 0x1e, &[0, 0x41, 0x20, 0xac]);
        assert_eq!(rfc4514(&name(&[bmp])), Ok("CN=A€".into()));
        let universal = pair(oid::COMMON_NAME, 0x1c, &[0, 1, 0xf6, 0]);
        assert_eq!(rfc4514(&name(&[universal])), Ok("CN=😀".into()));
        let latin = pair(oid::COMMON_NAME, 0x14, &[0xe9]);
        assert_eq!(rfc4514(&name(&[latin])), Ok("CN=é".into()));
        let unknown = pair(&[0x2a, 3, 4], 0x13, b"x");
        assert_eq!(rfc4514(&name(&[unknown])), Ok("1.2.3.4=#130178".into()));
        for (tag, value) in [
            (0x0c, &[0xff][..]),
            (0x13, &[0x80]),
            (0x1e, &[0]),
            (0x1e, &[0xd8, 0]),
            (0x1c, &[0, 0, 0]),
            (0x1c, &[0xff; 4]),
            (0x02, &[1]),
        ] {
            let n = name(&[pair(oid::COMMON_NAME, tag, value)]);
            let text = rfc4514(&n).expect("a name");
            assert!(text.starts_with("CN=#"), "{text}");
            assert_eq!(common_name(&n), Ok(None));
        }
    }

    #[test]
    fn names_in_sentences_are_short() {
        assert_eq!(short(&name(&[])), "an empty name");
        assert_eq!(short(&[1, 2, 3]), "an unreadable name");
        assert_eq!(shorten("é".repeat(1000)).chars().count(), MAX_SHORT + 1);
        assert_eq!(shorten("é".repeat(MAX_SHORT)).chars().count(), MAX_SHORT);
    }

    #[test]
    fn dotted_identifiers() {
        assert_eq!(
            dotted(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d]),
            "1.2.840.113549"
        );
        assert_eq!(dotted(&[0x88, 0x37]), "2.999");
        assert_eq!(dotted(&[0xff; 12]), format!("0x{}", "ff".repeat(12)));
    }
}
