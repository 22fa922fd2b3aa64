//! The CAs that a peer names in a CertificateRequest (RFC 5246 §7.4.4).

use crate::wire::Reader;
use std::sync::Arc;

/// The CAs that a server named when it asked for a certificate (RFC 5246 §7.4.4), as it sent them: a
/// message has room for twenty thousand, which are no twenty thousand allocations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Authorities(Arc<[u8]>);

impl Authorities {
    /// Of a list whose framing was checked: each name behind two bytes with its length.
    pub(crate) fn of_checked(list: &[u8]) -> Self {
        Self(list.into())
    }

    /// Their DER `Name`s. None: any CA may do.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let mut r = Reader::new("certificate_authorities", &self.0);
        core::iter::from_fn(move || match r.is_empty() {
            true => None,
            false => r.vec16(1..=0xffff).ok(),
        })
    }

    /// Whether the server named none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
