//! What a certificate says that it is good for: keyUsage and extendedKeyUsage (RFC 5280 §4.2.1.3, §4.2.1.12).

use super::view::{CertView, oid};
use super::{KeyUse, Purpose};
use crate::error::{Error, Reason, Result};
use crate::wire::der::{BadDer, Der, only, tag};

/// The keyUsage extension (RFC 5280 §4.2.1.3): bit n of the extension is `0x8000 >> n` here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyUsage(pub u16);

impl KeyUsage {
    /// Signatures other than those on certificates and CRLs.
    pub const DIGITAL_SIGNATURE: Self = Self(0x8000);
    /// Encryption of keys: RSA key exchange.
    pub const KEY_ENCIPHERMENT: Self = Self(0x2000);
    /// Signatures on certificates.
    pub const KEY_CERT_SIGN: Self = Self(0x0400);
    /// Signatures on CRLs.
    pub const CRL_SIGN: Self = Self(0x0200);

    /// The bits' names in their order.
    const NAMES: [&'static str; 9] = [
        "digitalSignature",
        "nonRepudiation",
        "keyEncipherment",
        "dataEncipherment",
        "keyAgreement",
        "keyCertSign",
        "cRLSign",
        "encipherOnly",
        "decipherOnly",
    ];

    /// What a key in TLS may be for: one of these bits.
    const TLS: Self = Self(0xa800);

    /// Whether it allows anything that TLS does with a leaf's key: signatures, encryption or agreement.
    pub const fn allows_tls(self) -> bool {
        self.0 & Self::TLS.0 != 0
    }

    /// Whether all bits of `other` are set.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether the key may do this.
    pub const fn allows(self, key_use: KeyUse) -> bool {
        self.contains(match key_use {
            KeyUse::Sign => Self::DIGITAL_SIGNATURE,
            KeyUse::Encrypt => Self::KEY_ENCIPHERMENT,
        })
    }

    /// The names of the bits that are set.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES
            .into_iter()
            .enumerate()
            .filter(move |(bit, _)| self.0 & (0x8000 >> bit) != 0)
            .map(|(_, name)| name)
    }

    /// From the extension's value, a BIT STRING of one or two bytes (or empty: no bit is set).
    fn parse(value: &[u8]) -> Result<Self, BadDer> {
        match *only(value, tag::BIT_STRING)? {
            [0] => Ok(Self(0)),
            [unused @ 0..=7, first] if first & !(0xff << unused) == 0 => {
                Ok(Self(u16::from_be_bytes([first, 0])))
            }
            [unused @ 0..=7, first, second] if second & !(0xff << unused) == 0 => {
                Ok(Self(u16::from_be_bytes([first, second])))
            }
            _ => Err(BadDer),
        }
    }
}

impl core::fmt::Display for KeyUsage {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        if self.names().next().is_none() {
            return f.write_str("nothing");
        }
        for (i, name) in self.names().enumerate() {
            write!(f, "{}{name}", if i == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

impl core::fmt::Display for KeyUse {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Sign => "digitalSignature",
            Self::Encrypt => "keyEncipherment",
        })
    }
}

impl<'a> CertView<'a> {
    /// keyUsage, or `None` where the certificate has no such extension and so restricts nothing.
    pub(super) fn key_usage(&self) -> Result<Option<KeyUsage>, BadDer> {
        self.extension(oid::KEY_USAGE)?
            .map(KeyUsage::parse)
            .transpose()
    }

    /// Whether extendedKeyUsage is absent or has the purpose. anyExtendedKeyUsage does not stand
    /// for it (RFC 5280 §4.2.1.12 lets an application require the particular purpose; OpenSSL and
    /// webpki do).
    pub(super) fn is_for(&self, purpose: Purpose) -> Result<bool, BadDer> {
        let mut found = false;
        let ids = self.each_purpose(|id| found |= id == purpose.oid())?;
        Ok(found || !ids)
    }

    /// The identifiers in extendedKeyUsage, or `None` without that extension.
    pub(super) fn purposes(&self) -> Result<Option<Vec<&'a [u8]>>, BadDer> {
        let mut found = Vec::new();
        let ids = self.each_purpose(|id| found.push(id))?;
        Ok(ids.then_some(found))
    }

    /// Runs `f` on each identifier in extendedKeyUsage; whether there is that extension.
    fn each_purpose(&self, mut f: impl FnMut(&'a [u8])) -> Result<bool, BadDer> {
        let Some(value) = self.extension(oid::EXT_KEY_USAGE)? else {
            return Ok(false);
        };
        let mut ids = Der::new(only(value, tag::SEQUENCE)?);
        while !ids.is_empty() {
            f(ids.expect(tag::OID)?.content);
        }
        Ok(true)
    }
}

impl Purpose {
    /// The name of the key purpose.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Server => "serverAuth",
            Self::Client => "clientAuth",
        }
    }

    /// Contents of the id-kp-* object identifier.
    const fn oid(self) -> &'static [u8] {
        match self {
            Self::Server => &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01],
            Self::Client => &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02],
        }
    }
}

/// The keyUsage of a certificate, or `None` where it restricts nothing.
pub fn leaf_key_usage(certificate: &[u8]) -> Result<Option<KeyUsage>> {
    CertView::parse(certificate)
        .and_then(|view| view.key_usage())
        .map_err(|BadDer| Error::new(Reason::CertificateMalformed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits() {
        let both = KeyUsage::parse(&[3, 2, 5, 0xa0]);
        assert_eq!(both, Ok(KeyUsage(0xa000)));
        let both = KeyUsage(0xa000);
        assert!(both.allows(KeyUse::Sign) && both.allows(KeyUse::Encrypt));
        assert!(!both.contains(KeyUsage::KEY_CERT_SIGN));
        assert_eq!(both.to_string(), "digitalSignature, keyEncipherment");
        assert_eq!(KeyUsage::parse(&[3, 3, 7, 0, 0x80]), Ok(KeyUsage(0x80)));
        assert_eq!(KeyUsage(0x80).to_string(), "decipherOnly");
        assert_eq!(KeyUsage::parse(&[3, 1, 0]), Ok(KeyUsage(0)));
        assert_eq!(KeyUsage(0).to_string(), "nothing");
    }

    #[test]
    fn what_is_no_key_usage() {
        let bad: &[&[u8]] = &[
            &[],
            &[3, 0],
            &[3, 1, 1],
            &[3, 2, 8, 0],
            &[3, 2, 5, 0x01],
            &[3, 4, 0, 1, 2, 3],
            &[4, 2, 0, 0x80],
            &[3, 2, 0, 0x80, 0],
        ];
        for bytes in bad {
            assert_eq!(KeyUsage::parse(bytes), Err(BadDer), "{bytes:02x?}");
        }
    }
}
