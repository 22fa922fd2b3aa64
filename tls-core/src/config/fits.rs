//! Whether messages can be made of a configuration: its lists, names and lengths have to fit them.

use super::{Config, Sessions, Verification};
use crate::crypto::MAX_PSK_IDENTITY;
use crate::error::{Error, Reason, Result};
use crate::msg::certificate_request::{MAX_AUTHORITIES, authorities_len};
use crate::msg::ext::{max_fragment_length, record_size_limit};
use crate::record::MAX_FRAGMENT;

/// Most suites, groups or schemes: several times what is registered.
const MAX_LIST: usize = 256;

/// Most bytes of ALPN names, each with its length byte: servers refuse longer hellos.
const MAX_ALPN: usize = 16 << 10;

impl Config {
    /// Whether a hello can be made of the lists: they are public, and what cannot be encoded must
    /// not go out in pieces. `None`: it can.
    pub(crate) fn unusable(&self) -> Option<Reason> {
        let alpn = |name: &Vec<u8>| (1..=255).contains(&name.len());
        let alpn_len = || self.alpn.iter().map(|name| 1 + name.len()).sum::<usize>();
        match () {
            () if !(1..=MAX_LIST).contains(&self.suites.len()) => Some(Reason::BadCipherList),
            () if !(1..=MAX_LIST).contains(&self.groups.len()) => Some(Reason::BadGroupList),
            () if self.usable_suites().next().is_none() => Some(Reason::BadCipherList),
            () if !(1..=MAX_LIST).contains(&self.schemes.len()) => Some(Reason::BadSchemeList),
            () if self.sessions.context_id.len() > Sessions::MAX_CONTEXT_ID => {
                Some(Reason::BadArgument)
            }
            () if !self.alpn.iter().all(alpn) || alpn_len() > MAX_ALPN => Some(Reason::BadAlpnList),
            () if !self.dh_params_fit() => Some(Reason::BadDhParams),
            () if self.psk_hint.len() > MAX_PSK_IDENTITY => Some(Reason::BadArgument),
            () if !self.check_lengths() => Some(Reason::BadArgument),
            () if !self.authorities_fit() => Some(Reason::BadArgument),
            () => None,
        }
    }

    fn dh_params_fit(&self) -> bool {
        let least = self.min_dh_bits();
        self.dh_params.as_ref().is_none_or(|p| p.bits() >= least)
    }

    /// Whether `max_fragment_length`, `record_size_limit` and `max_send_fragment` are within their
    /// bounds.
    pub fn check_lengths(&self) -> bool {
        let limit = record_size_limit::MIN..=MAX_FRAGMENT as u16;
        limit.contains(&self.max_send_fragment)
            && self
                .max_fragment_length
                .is_none_or(|len| max_fragment_length::number(len).is_some())
            && self
                .record_size_limit
                .is_none_or(|len| limit.contains(&len))
    }

    fn authorities_fit(&self) -> bool {
        self.client_authorities
            .as_ref()
            .is_none_or(|names| Self::check_authorities(names).is_ok())
    }

    /// Whether a CertificateRequest has room for these names (48 KiB together), none of them empty;
    /// else a `BadArgument`.
    pub fn check_authorities(names: &[Vec<u8>]) -> Result<()> {
        let len = authorities_len(names);
        if len <= MAX_AUTHORITIES && names.iter().all(|name| !name.is_empty()) {
            return Ok(());
        }
        Err(Error::with(
            Reason::BadArgument,
            format!(
                "the names of {} CAs have {len} bytes, a request has room for {MAX_AUTHORITIES}",
                names.len()
            ),
        ))
    }

    /// The names that a CertificateRequest lists. Too many CAs to list are as good as none: clients
    /// then choose without a hint.
    pub(crate) fn authorities(&self) -> Vec<Vec<u8>> {
        let names = match (&self.client_authorities, &self.verification) {
            (Some(names), _) => names.to_vec(),
            (None, Verification::Required(v) | Verification::WithoutName(v)) => v.authorities(),
            (None, Verification::AcceptAny) => Vec::new(),
        };
        if authorities_len(&names) <= MAX_AUTHORITIES {
            names
        } else {
            Vec::new()
        }
    }
}
