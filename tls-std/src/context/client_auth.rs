//! What a server asks of its clients.

use super::Context;
use crate::error::Result;
use crate::trust;
use std::path::Path;
use tls_core::cert::TrustAnchors;
use tls_core::config::{ClientAuth, KeyLimits, Renegotiation};

impl Context {
    /// Whether servers ask their clients for a certificate (RFC 5246 §7.4.4): not at all (the
    /// default), or of those that have one, or of every client. What comes is verified in either case
    /// as [`Context::require_verification`] and its like say, without a name, against the CAs that
    /// were added: the system's vouch for servers, so that a server which asks needs
    /// [`Context::add_ca_file`] or its like.
    pub fn set_client_auth(&self, asked: ClientAuth) {
        self.change(|s| s.set_client_auth(asked));
    }

    /// Whether handshakes may follow the first one of a connection (RFC 5746); none may by default.
    pub fn set_renegotiation(&self, renegotiation: Renegotiation) {
        self.change(|s| s.set_renegotiation(renegotiation));
    }

    /// How much the keys of one direction may protect; the default is [`KeyLimits::DEFAULT`]. See
    /// [`Connection::take_key_notice`](crate::Connection::take_key_notice).
    pub fn set_key_limits(&self, limits: KeyLimits) {
        self.change(|s| s.set_key_limits(limits));
    }

    /// The CAs whose names a server sends when it asks, for clients to choose by: the subjects of the
    /// certificates of a PEM or DER file, which are not trusted by this. The default: those that are
    /// trusted, unless their names take more than 48 KiB, which counts as none.
    pub fn set_client_ca_file(&self, path: impl AsRef<Path>) -> Result<()> {
        self.name_authorities(|| trust::from_file(path.as_ref()))
    }

    /// The same from memory; no bytes at all: no names.
    pub fn set_client_ca_mem(&self, pem_or_der: &[u8]) -> Result<()> {
        self.name_authorities(|| match pem_or_der {
            [] => Ok(TrustAnchors::default()),
            bytes => trust::from_mem(bytes),
        })
    }

    /// The same as DER `Name`s. `None`: the default.
    pub fn set_client_ca_names(&self, names: Option<Vec<Vec<u8>>>) -> Result<()> {
        self.edit(|s| s.set_client_authorities(names))
    }

    fn name_authorities(&self, load: impl FnOnce() -> Result<TrustAnchors>) -> Result<()> {
        let names = load().map(|anchors| anchors.subjects().map(<[u8]>::to_vec).collect());
        self.edit(|s| s.set_client_authorities(Some(names?)))
    }
}
