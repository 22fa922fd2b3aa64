//! When two names are one (RFC 5280 §7.1): the same attributes in the same order, whatever their string types are, with
//! letters in either case and blanks folded. Unicode's other forms of a character (NFKC) stay different. A name finds candidates
//! alone: whose key made a signature is always verified.

use super::dn::attribute;
use super::text::Text;
use crate::wire::der::{BadDer, Der, Element, only, tag};
use core::hash::{Hash, Hasher};
use std::borrow::Cow;

/// Longest `Name` that is folded, in bytes: what is longer is compared byte for byte, since the peer chooses how
/// often.
const MAX_FOLDED: usize = 4096;

/// Most attributes of one RDN that may stand in any order (it is a SET): others stand in the order of both.
const MAX_UNORDERED: usize = 8;

/// Whether two whole `Name`s are the same.
pub(super) fn same_name(a: &[u8], b: &[u8]) -> bool {
    #[cfg(test)]
    COMPARED.with(|count| count.set(count.get() + 1));
    a == b || (a.len().max(b.len()) <= MAX_FOLDED && folded_same(a, b).unwrap_or(false))
}

fn folded_same(a: &[u8], b: &[u8]) -> Result<bool, BadDer> {
    let mut a = Der::new(only(a, tag::SEQUENCE)?);
    let mut b = Der::new(only(b, tag::SEQUENCE)?);
    while !a.is_empty() && !b.is_empty() {
        if !same_rdn(a.expect(tag::SET)?.content, b.expect(tag::SET)?.content)? {
            return Ok(false);
        }
    }
    Ok(a.is_empty() && b.is_empty())
}

fn same_rdn(a: &[u8], b: &[u8]) -> Result<bool, BadDer> {
    let count = count(a)?;
    if count != self::count(b)? {
        return Ok(false);
    }
    if count == 1 || count > MAX_UNORDERED {
        return Ok(attributes(a)
            .zip(attributes(b))
            .all(|(a, b)| same_attribute(a, b)));
    }
    let within = |a, b| attributes(a).all(|a| attributes(b).any(|b| same_attribute(a, b)));
    Ok(within(a, b) && within(b, a))
}

/// Attributes of an RDN, each of which is read.
fn count(rdn: &[u8]) -> Result<usize, BadDer> {
    let (mut rest, mut count) = (Der::new(rdn), 0);
    while !rest.is_empty() {
        attribute(&mut rest)?;
        count += 1;
    }
    Ok(count)
}

/// Ends in front of what does not parse.
fn attributes<'a>(rdn: &'a [u8]) -> impl Iterator<Item = Attribute<'a>> {
    let mut rest = Der::new(rdn);
    core::iter::from_fn(move || attribute(&mut rest).ok())
}

type Attribute<'a> = (&'a [u8], Element<'a>);

fn same_attribute(a: Attribute<'_>, b: Attribute<'_>) -> bool {
    a.0 == b.0
        && match (Text::of(a.1), Text::of(b.1)) {
            (Some(a), Some(b)) => folded(a).eq(folded(b)),
            _ => a.1.whole == b.1.whole,
        }
}

/// Lower case; no blank at either end, one for several (RFC 4518 §2.2, §2.6.1).
fn folded(text: Text<'_>) -> impl Iterator<Item = char> {
    let blank = |c: char| if c.is_whitespace() { ' ' } else { c };
    let mut chars = text.map(blank).peekable();
    while chars.next_if_eq(&' ').is_some() {}
    let single = core::iter::from_fn(move || match chars.next()? {
        ' ' => {
            while chars.next_if_eq(&' ').is_some() {}
            chars.peek().map(|_| ' ')
        }
        c => Some(c),
    });
    single.flat_map(char::to_lowercase)
}

/// A whole `Name` as a key of a map: names that are the same are one key.
#[derive(Clone, Debug)]
pub(super) struct SameName<'a>(pub(super) Cow<'a, [u8]>);

impl SameName<'_> {
    pub(super) fn owned(name: &[u8]) -> SameName<'static> {
        SameName(Cow::Owned(name.to_vec()))
    }
}

impl PartialEq for SameName<'_> {
    fn eq(&self, other: &Self) -> bool {
        same_name(&self.0, &other.0)
    }
}

impl Eq for SameName<'_> {}

impl Hash for SameName<'_> {
    /// Of the attributes that stand alone in their RDN, and of the rest how many there are: those have no order.
    fn hash<H: Hasher>(&self, state: &mut H) {
        if self.0.len() > MAX_FOLDED || hash_folded(&self.0, state).is_err() {
            self.0.hash(state);
        }
    }
}

fn hash_folded(name: &[u8], state: &mut impl Hasher) -> Result<(), BadDer> {
    let mut rdns = Der::new(only(name, tag::SEQUENCE)?);
    while !rdns.is_empty() {
        let rdn = rdns.expect(tag::SET)?.content;
        let count = count(rdn)?;
        state.write_usize(count);
        if count != 1 {
            continue;
        }
        let (id, value) = attribute(&mut Der::new(rdn))?;
        state.write(id);
        match Text::of(value) {
            Some(text) => folded(text).for_each(|c| state.write_u32(c.into())),
            None => state.write(value.whole),
        }
    }
    Ok(())
}

#[cfg(test)]
thread_local! {
    /// Calls of [`same_name`].
    pub(super) static COMPARED: core::cell::Cell<usize> = const { core::cell::Cell::new(0) };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::der::sequence;
    use std::collections::HashMap;

    fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
        let len = u8::try_from(content.len()).expect("short");
        [&[tag, len], content].concat()
    }

    fn cn(tag: u8, value: &str) -> Vec<u8> {
        let pair = sequence(&[&[6, 3, 0x55, 4, 3], &tlv(tag, value.as_bytes())]);
        sequence(&[&tlv(0x31, &pair)])
    }

    /// Bundles of CAs and CRLs may have any number of names: each is found in one look, whatever its form.
    #[test]
    fn a_map_of_names_compares_few_of_them() {
        const NAMES: usize = 20_000;
        let mut map = HashMap::new();
        COMPARED.set(0);
        for n in 0..NAMES {
            map.insert(SameName::owned(&cn(0x0c, &format!("CA {n}"))), n);
        }
        for n in 0..NAMES {
            let name = cn(0x13, &format!(" ca  {n} "));
            assert_eq!(map.get(&SameName(Cow::Borrowed(&name))), Some(&n));
        }
        assert_eq!(map.len(), NAMES);
        let compared = COMPARED.get();
        // One for each that is found, and some where a part of two hashes is the same.
        assert!((NAMES..NAMES + NAMES / 2).contains(&compared), "{compared}");
    }
}
