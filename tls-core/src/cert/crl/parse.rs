//! CertificateList (RFC 5280 §5.1): one strict walk.

use super::scope::Scope;
use super::{List, compare, significant};
use crate::cert::extension::Extension;
use crate::cert::time;
use crate::wire::der::{BadDer, Der, Element, only, tag, whole_bits};
use core::ops::Range;
use std::sync::Mutex;

/// ENUMERATED
const ENUMERATED: u8 = 0x0a;

/// What is wrong with the list: goes on behind "the CRL".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Broken(pub(super) &'static str);

impl From<BadDer> for Broken {
    fn from(_: BadDer) -> Self {
        Self("does not parse: the DER is broken")
    }
}

/// The contents of `id-ce` identifiers (RFC 5280 §5.2, §5.3).
mod id {
    pub(super) const CRL_NUMBER: &[u8] = &[0x55, 0x1d, 0x14];
    pub(super) const REASON_CODE: &[u8] = &[0x55, 0x1d, 0x15];
    pub(super) const DELTA_CRL_INDICATOR: &[u8] = &[0x55, 0x1d, 0x1b];
    pub(super) const ISSUING_DISTRIBUTION_POINT: &[u8] = &[0x55, 0x1d, 0x1c];
    pub(super) const CERTIFICATE_ISSUER: &[u8] = &[0x55, 0x1d, 0x1d];
    pub(super) const AUTHORITY_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1d, 0x23];
}

/// Where `part` lies in `whole`, of which it is a slice.
fn range(whole: &[u8], part: &[u8]) -> Range<usize> {
    let start = part.as_ptr() as usize - whole.as_ptr() as usize;
    start..start + part.len()
}

pub(super) fn list(der: &[u8]) -> Result<List, Broken> {
    let mut outer = Der::new(only(der, tag::SEQUENCE)?);
    let tbs = outer.expect(tag::SEQUENCE)?;
    let algorithm = outer.expect(tag::SEQUENCE)?.content;
    let signature = whole_bits(outer.expect(tag::BIT_STRING)?.content)?;
    outer.end()?;

    let mut fields = Der::new(tbs.content);
    let version2 = match fields.optional(tag::INTEGER)?.map(|v| v.content) {
        None => false,
        Some([1]) => true,
        Some(_) => return Err(Broken("has a version that is neither 1 nor 2")),
    };
    if fields.expect(tag::SEQUENCE)?.content != algorithm {
        return Err(Broken("names two different signature algorithms"));
    }
    let issuer = fields.expect(tag::SEQUENCE)?.whole;
    let this_update = time::parse(fields.next()?)?;
    let next_update = match optional_time(&mut fields)? {
        Some(next) => Some(time::parse(next)?),
        None => None,
    };
    if next_update.is_some_and(|next| next < this_update) {
        return Err(Broken("has a nextUpdate before its thisUpdate"));
    }
    let entries = match fields.optional(tag::SEQUENCE)? {
        Some(revoked) => entries(der, revoked.content, version2)?,
        None => Box::default(),
    };
    let mut extensions = Extensions::default();
    if let Some(list) = fields.optional(tag::context(0))? {
        if !version2 {
            return Err(Broken("has extensions in version 1"));
        }
        extensions.read(only(list.content, tag::SEQUENCE)?)?;
    }
    fields.end()?;
    Ok(List {
        issuer: range(der, issuer),
        tbs: range(der, tbs.whole),
        algorithm: range(der, algorithm),
        signature: range(der, signature),
        this_update,
        next_update,
        scope: extensions.scope,
        authority: extensions.authority,
        entries,
        proven: Mutex::default(),
        der: der.into(),
    })
}

fn optional_time<'a>(fields: &mut Der<'a>) -> Result<Option<Element<'a>>, BadDer> {
    match fields.optional(tag::UTC_TIME)? {
        Some(time) => Ok(Some(time)),
        None => fields.optional(tag::GENERALIZED_TIME),
    }
}

/// Where the entries stand, by serial number. Every one is read once here.
fn entries(der: &[u8], content: &[u8], version2: bool) -> Result<Box<[u32]>, Broken> {
    let mut list = Der::new(content);
    let mut found: Vec<(&[u8], u32)> = Vec::new();
    while !list.is_empty() {
        let entry = list.expect(tag::SEQUENCE)?;
        Entry::parse(entry.content, version2)?;
        let serial = Der::new(entry.content).expect(tag::INTEGER)?.content;
        let at = u32::try_from(range(der, entry.whole).start).map_err(|_| BadDer)?;
        found.push((significant(serial), at));
    }
    found.sort_unstable_by(|a, b| compare(a.0, b.0));
    Ok(found.into_iter().map(|(_, at)| at).collect())
}

/// One revoked certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Seconds since 1970.
    pub(super) revoked_at: i64,
    /// CRLReason (RFC 5280 §5.3.1).
    pub(super) reason: Option<u8>,
}

impl Entry {
    pub(super) fn parse(content: &[u8], version2: bool) -> Result<Self, Broken> {
        let mut fields = Der::new(content);
        if fields.expect(tag::INTEGER)?.content.is_empty() {
            return Err(BadDer.into());
        }
        let revoked_at = time::parse(fields.next()?)?;
        let mut reason = None;
        if let Some(extensions) = fields.optional(tag::SEQUENCE)? {
            if !version2 {
                return Err(Broken("has extensions in version 1"));
            }
            reason = entry_extensions(extensions.content)?;
        }
        fields.end()?;
        Ok(Self { revoked_at, reason })
    }
}

/// RFC 5280 §5.3: the reason.
fn entry_extensions(content: &[u8]) -> Result<Option<u8>, Broken> {
    let mut list = Der::new(content);
    let mut reason = None;
    while !list.is_empty() {
        let extension = Extension::read(&mut list)?;
        match extension.id {
            id::REASON_CODE if reason.is_some() => {
                return Err(Broken("has an entry with two reasons"));
            }
            id::REASON_CODE => match only(extension.value, ENUMERATED)? {
                [8] => {
                    return Err(Broken(
                        "takes a revocation back, which delta CRLs alone may (removeFromCRL)",
                    ));
                }
                [code @ (0..=6 | 9..=10)] => reason = Some(*code),
                _ => return Err(Broken("has a reason that is none of RFC 5280")),
            },
            id::CERTIFICATE_ISSUER => {
                return Err(Broken(
                    "is indirect (an entry names another CA), which is not supported",
                ));
            }
            _ if extension.critical => {
                return Err(Broken(
                    "has an entry with a critical extension that is not known here",
                ));
            }
            _ => {}
        }
    }
    Ok(reason)
}

/// What the extensions of the list say (RFC 5280 §5.2).
#[derive(Default)]
struct Extensions {
    scope: Scope,
    authority: Option<Box<[u8]>>,
}

impl Extensions {
    fn read(&mut self, content: &[u8]) -> Result<(), Broken> {
        let mut list = Der::new(content);
        let mut seen: Vec<&[u8]> = Vec::new();
        while !list.is_empty() {
            let extension = Extension::read(&mut list)?;
            if seen.contains(&extension.id) {
                return Err(Broken("has an extension twice"));
            }
            // More than are defined, and `seen` is walked for each.
            if seen.len() == 32 {
                return Err(Broken("has more than 32 extensions"));
            }
            seen.push(extension.id);
            match extension.id {
                id::DELTA_CRL_INDICATOR => {
                    return Err(Broken(
                        "is a delta CRL, which is not supported: load the complete one",
                    ));
                }
                id::ISSUING_DISTRIBUTION_POINT => self.scope = Scope::parse(extension.value)?,
                id::AUTHORITY_KEY_IDENTIFIER => {
                    let mut fields = Der::new(only(extension.value, tag::SEQUENCE)?);
                    let id = fields.optional(0x80)?;
                    self.authority = id.map(|id| id.content.into());
                }
                id::CRL_NUMBER => drop(only(extension.value, tag::INTEGER)?),
                _ if extension.critical => {
                    return Err(Broken("has a critical extension that is not known here"));
                }
                _ => {}
            }
        }
        Ok(())
    }
}
