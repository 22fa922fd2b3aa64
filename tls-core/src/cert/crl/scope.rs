//! Which certificates of its CA a list is about: issuingDistributionPoint (RFC 5280 §5.2.5). Large CAs cut
//! their lists into parts.

use super::parse::Broken;
use crate::cert::view::{CertView, oid};
use crate::wire::der::{BadDer, Der, only, tag};

/// Most names of one distribution point.
const MAX_NAMES: usize = 16;

/// The default: all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Scope {
    /// Whole `GeneralName`s; empty: wherever a certificate says that its list is.
    names: Vec<Box<[u8]>>,
    leaves_only: bool,
    cas_only: bool,
}

impl Scope {
    pub(super) fn parse(value: &[u8]) -> Result<Self, Broken> {
        let mut fields = Der::new(only(value, tag::SEQUENCE)?);
        let mut scope = Self::default();
        if let Some(point) = fields.optional(tag::context(0))? {
            let mut point = Der::new(point.content);
            let Some(full) = point.optional(tag::context(0))? else {
                return Err(Broken(
                    "names its distribution point relative to its CA, which is not supported",
                ));
            };
            point.end()?;
            scope.names = names(full.content)?.map(Into::into).collect();
        }
        scope.leaves_only = fields.flag(0x81)?;
        scope.cas_only = fields.flag(0x82)?;
        if fields.optional(0x83)?.is_some() {
            return Err(Broken(
                "is about some reasons alone (onlySomeReasons), which is not supported",
            ));
        }
        if fields.flag(0x84)? {
            return Err(Broken("is indirect (indirectCRL), which is not supported"));
        }
        if fields.flag(0x85)? {
            return Err(Broken(
                "is about attribute certificates alone, which nobody asks about here",
            ));
        }
        fields.end()?;
        if scope.leaves_only && scope.cas_only {
            return Err(Broken("is about no certificate at all"));
        }
        Ok(scope)
    }

    /// RFC 5280 §6.3.3 (b) (2)
    pub(super) fn covers(&self, certificate: &CertView<'_>) -> Result<bool, BadDer> {
        let is_ca = certificate.is_ca()? == Some(true);
        if (is_ca && self.leaves_only) || (!is_ca && self.cas_only) {
            return Ok(false);
        }
        if self.names.is_empty() {
            return Ok(true);
        }
        let Some(points) = certificate.extension(oid::CRL_DISTRIBUTION_POINTS)? else {
            return Ok(false);
        };
        let mut points = Der::new(only(points, tag::SEQUENCE)?);
        while !points.is_empty() {
            if self.has_one_of(points.expect(tag::SEQUENCE)?.content)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether the DistributionPoint has one of our names, for all reasons and from the CA itself.
    fn has_one_of(&self, point: &[u8]) -> Result<bool, BadDer> {
        let mut fields = Der::new(point);
        let name = fields.optional(tag::context(0))?;
        let reasons = fields.optional(0x81)?;
        let issuer = fields.optional(tag::context(2))?;
        fields.end()?;
        let (Some(name), None, None) = (name, reasons, issuer) else {
            return Ok(false);
        };
        let Some(full) = Der::new(name.content).optional(tag::context(0))? else {
            return Ok(false);
        };
        let mut theirs = Der::new(full.content);
        for _ in 0..MAX_NAMES {
            if theirs.is_empty() {
                break;
            }
            let theirs = theirs.next()?.whole;
            if self.names.iter().any(|ours| **ours == *theirs) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn names(content: &[u8]) -> Result<impl Iterator<Item = &[u8]>, Broken> {
    let mut list = Der::new(content);
    let mut found = Vec::new();
    while !list.is_empty() {
        if found.len() == MAX_NAMES {
            return Err(Broken("has more than 16 names of its distribution point"));
        }
        found.push(list.next()?.whole);
    }
    match found.is_empty() {
        true => Err(BadDer.into()),
        false => Ok(found.into_iter()),
    }
}
