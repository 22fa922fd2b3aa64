//! One strict walk over the DER of a certificate (RFC 5280 §4.1): what is decided is decided by this view.

use super::extension::Extension;
use super::same::same_name;
use super::{Certificate, time};
use crate::error::{Error, Reason, Result};
use crate::wire::der::{BadDer, Der, only, tag, whole_bits};

/// Contents of the object identifiers that are looked for.
pub(super) mod oid {
    pub(in crate::cert) const SUBJECT_KEY_ID: &[u8] = &[0x55, 0x1d, 0x0e];
    pub(in crate::cert) const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
    pub(in crate::cert) const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1d, 0x11];
    pub(in crate::cert) const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
    pub(in crate::cert) const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x1e];
    /// id-pe-tlsfeature (RFC 7633 §4)
    pub(in crate::cert) const TLS_FEATURE: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 0x18];
    pub(in crate::cert) const CRL_DISTRIBUTION_POINTS: &[u8] = &[0x55, 0x1d, 0x1f];
    pub(in crate::cert) const EXT_KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x25];
    pub(in crate::cert) const AUTHORITY_KEY_ID: &[u8] = &[0x55, 0x1d, 0x23];
    /// id-pe-authorityInfoAccess (RFC 5280 §4.2.2.1)
    pub(in crate::cert) const AUTHORITY_INFO: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 1];
    /// id-ad-caIssuers
    pub(in crate::cert) const CA_ISSUERS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 2];
    /// The extensions that may be critical: what they ask for is done.
    pub(in crate::cert) const UNDERSTOOD: &[&[u8]] = &[
        KEY_USAGE,
        SUBJECT_ALT_NAME,
        BASIC_CONSTRAINTS,
        NAME_CONSTRAINTS,
        EXT_KEY_USAGE,
    ];
    pub(in crate::cert) const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
    /// rsaEncryption (RFC 8017 Appendix A.1)
    pub(in crate::cert) const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
    /// id-ecPublicKey (RFC 5480 §2.1.1)
    pub(in crate::cert) const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
    /// id-RSASSA-PSS (RFC 4055 §1.2)
    pub(in crate::cert) const RSA_PSS: &[u8] =
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a];
}

/// The fields of a certificate (RFC 5280 §4.1) in place: one walk, nothing copied. Extensions that are rare are
/// walked when one is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct CertView<'a> {
    /// All of it.
    pub(super) der: &'a [u8],
    /// The whole `TBSCertificate`: what the signature covers.
    pub(super) tbs: &'a [u8],
    /// Contents of the `signatureAlgorithm` outside of `tbs`.
    pub(super) signature_algorithm: &'a [u8],
    pub(super) signature: &'a [u8],
    /// The same inside of `tbs`.
    pub(super) inner_algorithm: &'a [u8],
    /// 1, 2 or 3.
    pub(super) version: u8,
    pub(super) serial: &'a [u8],
    /// The whole `Name`.
    pub(super) issuer: &'a [u8],
    pub(super) not_before: i64,
    pub(super) not_after: i64,
    /// The whole `Name`.
    pub(super) subject: &'a [u8],
    /// The whole `SubjectPublicKeyInfo`.
    pub(super) spki: &'a [u8],
    /// Whether it has an issuerUniqueID or a subjectUniqueID.
    pub(super) unique_ids: bool,
    /// Contents of `Extensions`.
    extensions: &'a [u8],
    /// The values of [`INDEXED`], as far as they stand in front of what is broken.
    indexed: [Option<&'a [u8]>; INDEXED.len()],
    /// Whether one of the extensions is broken.
    broken: bool,
}

/// The extensions that every verification asks for, some of them many times.
const INDEXED: [&[u8]; 8] = [
    oid::KEY_USAGE,
    oid::SUBJECT_ALT_NAME,
    oid::BASIC_CONSTRAINTS,
    oid::NAME_CONSTRAINTS,
    oid::EXT_KEY_USAGE,
    oid::SUBJECT_KEY_ID,
    oid::AUTHORITY_KEY_ID,
    oid::TLS_FEATURE,
];

/// When a certificate ends (its notAfter), in seconds since 1970; `None`: it does not parse.
pub(crate) fn ends_at(certificate: &Certificate) -> Option<i64> {
    CertView::parse(certificate).ok().map(|view| view.not_after)
}

fn walk<'a>(content: &'a [u8]) -> impl Iterator<Item = Result<Extension<'a>, BadDer>> + use<'a> {
    let mut rest = Der::new(content);
    core::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let extension = Extension::read(&mut rest);
        if extension.is_err() {
            rest = Der::new(&[]);
        }
        Some(extension)
    })
}

/// The values of [`INDEXED`], and whether one of the extensions is broken.
fn index(extensions: &[u8]) -> ([Option<&[u8]>; INDEXED.len()], bool) {
    let mut indexed = [None; INDEXED.len()];
    for extension in walk(extensions) {
        let Ok(Extension { id, value, .. }) = extension else {
            return (indexed, true);
        };
        if let Some(place) = INDEXED.iter().position(|known| *known == id) {
            indexed[place].get_or_insert(value);
        }
    }
    (indexed, false)
}

impl<'a> CertView<'a> {
    pub(super) fn parse(certificate: &'a [u8]) -> Result<Self, BadDer> {
        let mut outer = Der::new(only(certificate, tag::SEQUENCE)?);
        let tbs = outer.expect(tag::SEQUENCE)?;
        let signature_algorithm = outer.expect(tag::SEQUENCE)?.content;
        let signature = whole_bits(outer.expect(tag::BIT_STRING)?.content)?;
        outer.end()?;

        let mut fields = Der::new(tbs.content);
        let version = match fields.optional(tag::context(0))? {
            None => 1,
            Some(version) => match only(version.content, tag::INTEGER)? {
                [v @ 0..=2] => v + 1,
                _ => return Err(BadDer),
            },
        };
        let serial = fields.integer()?;
        let inner_algorithm = fields.expect(tag::SEQUENCE)?.content;
        let issuer = fields.expect(tag::SEQUENCE)?.whole;
        let mut validity = Der::new(fields.expect(tag::SEQUENCE)?.content);
        let not_before = time::parse(validity.next()?)?;
        let not_after = time::parse(validity.next()?)?;
        validity.end()?;
        let subject = fields.expect(tag::SEQUENCE)?.whole;
        let spki = fields.expect(tag::SEQUENCE)?.whole;
        let issuer_unique = fields.optional(0x81)?;
        let subject_unique = fields.optional(0x82)?;
        let extensions = match fields.optional(tag::context(3))? {
            None => &[],
            Some(extensions) => only(extensions.content, tag::SEQUENCE)?,
        };
        fields.end()?;
        let (indexed, broken) = index(extensions);
        Ok(Self {
            der: certificate,
            tbs: tbs.whole,
            signature_algorithm,
            signature,
            inner_algorithm,
            version,
            serial,
            issuer,
            not_before,
            not_after,
            subject,
            spki,
            unique_ids: issuer_unique.is_some() || subject_unique.is_some(),
            extensions,
            indexed,
            broken,
        })
    }

    /// The extensions in their order; ends at the first that is broken.
    pub(super) fn extensions(
        &self,
    ) -> impl Iterator<Item = Result<Extension<'a>, BadDer>> + use<'a> {
        walk(self.extensions)
    }

    /// The contents of the extension's OCTET STRING: of the first one with this identifier.
    pub(super) fn extension(&self, oid: &[u8]) -> Result<Option<&'a [u8]>, BadDer> {
        if let Some(place) = INDEXED.iter().position(|id| *id == oid) {
            return match self.indexed[place] {
                None if self.broken => Err(BadDer),
                value => Ok(value),
            };
        }
        for extension in self.extensions() {
            let extension = extension?;
            if extension.id == oid {
                return Ok(Some(extension.value));
            }
        }
        Ok(None)
    }

    /// Whether basicConstraints says CA:TRUE; `None` without that extension.
    pub(super) fn is_ca(&self) -> Result<Option<bool>, BadDer> {
        let Some(value) = self.extension(oid::BASIC_CONSTRAINTS)? else {
            return Ok(None);
        };
        let mut fields = Der::new(only(value, tag::SEQUENCE)?);
        fields.flag(tag::BOOLEAN).map(Some)
    }

    /// pathLenConstraint (RFC 5280 §4.2.1.9); `None`: so many CAs as one likes.
    pub(super) fn path_length(&self) -> Result<Option<u64>, BadDer> {
        let Some(value) = self.extension(oid::BASIC_CONSTRAINTS)? else {
            return Ok(None);
        };
        let mut fields = Der::new(only(value, tag::SEQUENCE)?);
        fields.flag(tag::BOOLEAN)?;
        let Some(number) = fields.optional(tag::INTEGER)? else {
            return Ok(None);
        };
        match number.content {
            [first, ..] if first & 0x80 != 0 => Err(BadDer),
            digits @ [_, ..] if digits.len() <= 8 => {
                Ok(Some(digits.iter().fold(0, |n, d| n << 8 | u64::from(*d))))
            }
            // More than any path has.
            [_, ..] => Ok(Some(u64::MAX)),
            [] => Err(BadDer),
        }
    }

    /// subjectKeyIdentifier (RFC 5280 §4.2.1.2): a hint for path building, so what is broken is none.
    pub(super) fn subject_key_id(&self) -> Option<&'a [u8]> {
        let value = self.extension(oid::SUBJECT_KEY_ID).ok()??;
        only(value, tag::OCTET_STRING).ok()
    }

    /// The issuer's key identifier in authorityKeyIdentifier (RFC 5280 §4.2.1.1).
    pub(super) fn authority_key_id(&self) -> Option<&'a [u8]> {
        let value = self.extension(oid::AUTHORITY_KEY_ID).ok()??;
        let mut fields = Der::new(only(value, tag::SEQUENCE).ok()?);
        Some(fields.optional(0x80).ok()??.content)
    }

    /// Where the issuer's certificate can be had: the first URI under caIssuers (RFC 5280 §4.2.2.1).
    pub(super) fn ca_issuers(&self) -> Option<&'a str> {
        let value = self.extension(oid::AUTHORITY_INFO).ok()??;
        let mut list = Der::new(only(value, tag::SEQUENCE).ok()?);
        while let Ok(entry) = list.expect(tag::SEQUENCE) {
            let mut fields = Der::new(entry.content);
            let method = fields.expect(tag::OID).ok()?.content;
            let place = fields.next().ok()?;
            if method == oid::CA_ISSUERS && place.tag == 0x86 {
                return core::str::from_utf8(place.content).ok();
            }
        }
        None
    }

    /// Whether subject and issuer are the same.
    pub(super) fn is_self_issued(&self) -> bool {
        same_name(self.subject, self.issuer)
    }

    /// The parts of the `SubjectPublicKeyInfo`: contents of the algorithm, and the key's bytes.
    pub(super) fn public_key(&self) -> Result<(&'a [u8], &'a [u8]), BadDer> {
        spki_parts(self.spki)
    }

    /// Length of the RSA modulus in bits; `None` for other kinds of keys.
    pub(super) fn rsa_bits(&self) -> Result<Option<usize>, BadDer> {
        Ok(self.rsa_size()?.map(|size| size.modulus_bits))
    }

    /// How large an RSA key is; `None` for other keys.
    pub(super) fn rsa_size(&self) -> Result<Option<RsaSize>, BadDer> {
        let (algorithm, key) = self.public_key()?;
        let id = Der::new(algorithm).expect(tag::OID)?.content;
        if id != oid::RSA && id != oid::RSA_PSS {
            return Ok(None);
        }
        let mut numbers = Der::new(only(key, tag::SEQUENCE)?);
        Ok(Some(RsaSize {
            modulus_bits: bit_length(numbers.expect(tag::INTEGER)?.content),
            exponent_bits: bit_length(numbers.expect(tag::INTEGER)?.content),
        }))
    }
}

/// Lengths of the numbers of an RSA key.
pub(super) struct RsaSize {
    pub(super) modulus_bits: usize,
    pub(super) exponent_bits: usize,
}

/// Of a number that is not negative.
fn bit_length(content: &[u8]) -> usize {
    let zeroes = content.iter().take_while(|b| **b == 0).count();
    let digits = &content[zeroes..];
    digits
        .first()
        .map_or(0, |first| 8 * digits.len() - first.leading_zeros() as usize)
}

/// The parts of a `SubjectPublicKeyInfo`: contents of the algorithm, and the key's bytes.
pub(super) fn spki_parts(spki: &[u8]) -> Result<(&[u8], &[u8]), BadDer> {
    let mut fields = Der::new(only(spki, tag::SEQUENCE)?);
    let algorithm = fields.expect(tag::SEQUENCE)?.content;
    let key = whole_bits(fields.expect(tag::BIT_STRING)?.content)?;
    fields.end()?;
    Ok((algorithm, key))
}

/// The DER `SubjectPublicKeyInfo` inside a certificate, for [`crate::crypto::Provider::public_key`].
pub fn leaf_spki(certificate: &[u8]) -> Result<&[u8]> {
    CertView::parse(certificate)
        .map(|view| view.spki)
        .map_err(|BadDer| Error::new(Reason::CertificateMalformed))
}
