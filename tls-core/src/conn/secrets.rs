//! What a complete handshake leaves that is secret, and what is made of it: exporters (RFC 5705),
//! channel bindings (RFC 5929, RFC 9266), the key log.

use super::{Connection, Role};
use crate::cert::{Certificate, end_point_hash};
use crate::config::Renegotiation;
use crate::error::{Error, Reason, Result};
use crate::handshake::{Derived, Previous};
use crate::inspect::CLIENT_RANDOM;

/// Labels of TLS's own derivations (RFC 5246 §6.3, §7.4.9, §8.1, RFC 7627 §4). An exporter's label
/// must not begin with one (RFC 5705 §4).
const OWN_LABELS: [&[u8]; 5] = [
    b"client finished",
    b"server finished",
    b"master secret",
    b"key expansion",
    b"extended master secret",
];

/// RFC 9266 §2
const EXPORTER_BINDING: &[u8] = b"EXPORTER-Channel-Binding";

/// Bytes of tls-exporter (RFC 9266 §2).
const EXPORTER_BINDING_LEN: usize = 32;

/// What ties an authentication inside of the connection to the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChannelBinding {
    /// The first Finished of the last handshake, 12 bytes (RFC 5929 §3). Only with the extended
    /// master secret: without it two connections can be made to have the same (RFC 7627 §1).
    TlsUnique,
    /// A hash of the server's certificate (RFC 5929 §4).
    TlsServerEndPoint,
    /// An exporter's value, 32 bytes (RFC 9266). Only with the extended master secret, and where the
    /// connection does not renegotiate.
    TlsExporter,
}

/// The most bytes of one export. RFC 5705 knows no limit; TLS 1.3 writes the length in 16 bits (RFC 8446
/// §7.5).
pub const MAX_EXPORT: usize = 0xffff;

impl Connection {
    pub(super) fn on_secret(&mut self, derived: Derived) {
        if let Some(log) = &self.handshake_config().key_log {
            log.log(CLIENT_RANDOM, &derived.client_random, &derived.master[..]);
        }
        self.scratch().derived = Some(derived);
    }

    /// Fills `out` with keying material for the application (RFC 5705 §4): both sides get the same
    /// for the same label and context, and nobody else does. `context` `None` differs from an empty
    /// one; it has at most 65535 bytes. Labels are registered with IANA or begin with
    /// `EXPERIMENTAL`.
    ///
    /// Errors: `WrongOrder` before the handshake is complete, `BadArgument` for a label that TLS uses
    /// itself, and for no output or more than [`MAX_EXPORT`] bytes. A failed connection has no secrets any more and
    /// gives its error. Without the extended master secret (see
    /// [`Facts::extended_master_secret`](super::Facts)) two connections can be made to export the
    /// same (RFC 7627 §1): applications that authenticate by it must look.
    pub fn export_keying_material(
        &self,
        label: &[u8],
        context: Option<&[u8]>,
        out: &mut [u8],
    ) -> Result<()> {
        let (derived, _) = self.complete()?;
        let bad = |text| Err(Error::with(Reason::BadArgument, text));
        if OWN_LABELS.iter().any(|own| label.starts_with(own)) {
            return bad("TLS uses this exporter's label itself");
        }
        if out.is_empty() {
            return bad("exporting no bytes at all");
        }
        if out.len() > MAX_EXPORT {
            return bad("exporting more than 65535 bytes");
        }
        let randoms: [&[u8]; 2] = [&derived.client_random, &derived.server_random];
        let Some(context) = context else {
            derived
                .prf
                .derive(&derived.master[..], label, &randoms, out);
            return Ok(());
        };
        let Ok(len) = u16::try_from(context.len()) else {
            return bad("an exporter's context has at most 65535 bytes");
        };
        let [client, server] = randoms;
        let seed = [client, server, &len.to_be_bytes(), context];
        derived.prf.derive(&derived.master[..], label, &seed, out);
        Ok(())
    }

    /// A channel binding of the established connection.
    ///
    /// Errors: `WrongOrder` before the handshake is complete, and `BindingUndefined` where the
    /// binding is not defined or not safe.
    pub fn channel_binding(&self, binding: ChannelBinding) -> Result<Vec<u8>> {
        let (_, previous) = self.complete()?;
        match binding {
            ChannelBinding::TlsUnique => {
                self.check_unique("tls-unique")?;
                Ok(previous.first_finished().to_vec())
            }
            ChannelBinding::TlsServerEndPoint => self.server_end_point(),
            ChannelBinding::TlsExporter => {
                self.check_unique("tls-exporter")?;
                self.check_single()?;
                let mut out = vec![0; EXPORTER_BINDING_LEN];
                self.export_keying_material(EXPORTER_BINDING, Some(&[]), &mut out)?;
                Ok(out)
            }
        }
    }

    /// DANGER: tls-unique on a connection without the extended master secret too. Someone in the
    /// middle can make two connections that have the same (RFC 7627 §1).
    pub fn danger_tls_unique(&self) -> Result<Vec<u8>> {
        Ok(self.complete()?.1.first_finished().to_vec())
    }

    fn complete(&self) -> Result<(&Derived, &Previous)> {
        if let Some(error) = &self.fatal {
            return Err(error.clone());
        }
        let complete = self.secrets.as_ref().zip(self.previous.as_ref());
        complete.ok_or_else(|| {
            Error::with(
                Reason::WrongOrder,
                "the handshake is not complete: there is no secret to derive from",
            )
        })
    }

    fn check_unique(&self, what: &str) -> Result<()> {
        if self.facts.extended_master_secret {
            return Ok(());
        }
        Err(Error::with(
            Reason::BindingUndefined,
            format!("{what} is not unique without the extended master secret (RFC 7627)"),
        ))
    }

    /// RFC 9266 §3: where renegotiation is off.
    fn check_single(&self) -> Result<()> {
        if self.config.renegotiation == Renegotiation::Refuse && self.facts.handshakes == 1 {
            return Ok(());
        }
        Err(Error::with(
            Reason::BindingUndefined,
            "tls-exporter is not defined where the connection may renegotiate (RFC 9266)",
        ))
    }

    /// RFC 5929 §4.1
    fn server_end_point(&self) -> Result<Vec<u8>> {
        let Some(certificate) = self.server_certificate() else {
            return Err(Error::with(
                Reason::BindingUndefined,
                "tls-server-end-point needs the server's certificate, and none was shown",
            ));
        };
        let hash = self.config.provider.hash(end_point_hash(certificate)?);
        let hash = hash.ok_or(Reason::ProviderMissing)?;
        Ok(hash.hash(&[certificate]).as_ref().to_vec())
    }

    /// The server's leaf, as its Certificate message had it.
    fn server_certificate(&self) -> Option<&Certificate> {
        match self.role {
            Role::Client => self.facts.peer_chain.as_ref()?.first(),
            Role::Server => {
                let keypair = self.config.keypairs.get(self.facts.local_keypair?)?;
                keypair.chain().first()
            }
        }
    }
}
