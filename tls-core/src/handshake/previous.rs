//! What a handshake inside of an established connection continues.

use super::tls12::Side;
use crate::cert::Certificate;
use crate::error::{Error, Reason, Result};
use crate::msg::VERIFY_DATA_LEN;
use std::sync::Arc;

/// What the last complete handshake of a connection leaves to the next one. A renegotiation proves
/// that both ends mean the same connection (RFC 5746), and takes nothing back that they agreed on.
pub(crate) struct Previous {
    /// Of the client's Finished, then of the server's.
    pub(crate) verify_data: [[u8; VERIFY_DATA_LEN]; 2],
    /// Whose Finished came first: the server's where a session was resumed.
    pub(crate) first: Side,
    /// The peer knows RFC 5746. Without it there is no renegotiation.
    pub(crate) secure: bool,
    pub(crate) extended_master_secret: bool,
    pub(crate) encrypt_then_mac: bool,
    /// A server's: the host name that the client asked for.
    pub(crate) server_name: Option<Arc<str>>,
    /// As they came.
    pub(crate) peer_chain: Arc<[Certificate]>,
}

impl Previous {
    /// The first Finished (RFC 5929 §3.1).
    pub(crate) fn first_finished(&self) -> &[u8; VERIFY_DATA_LEN] {
        &self.verify_data[self.first as usize]
    }

    /// renegotiated_connection of a side's hello: the client's verify_data, and in a ServerHello
    /// the server's behind it (RFC 5746 §3.2).
    pub(crate) fn renegotiated_connection(&self, hello: Side) -> [&[u8]; 2] {
        let [client, server] = &self.verify_data;
        match hello {
            Side::Client => [client, &[]],
            Side::Server => [client, server],
        }
    }

    /// Neither the extended master secret (RFC 7627: it is what the connection's identity rests
    /// upon) nor encrypt-then-MAC (RFC 7366 §3.1) may be lost; nor may the former come, since the
    /// handshake before is not covered by it.
    pub(crate) fn check_kept(&self, ems: bool, etm: bool, suite_is_cbc: bool) -> Result<()> {
        if ems != self.extended_master_secret {
            return Err(Reason::RenegotiationEms.into());
        }
        if self.encrypt_then_mac && suite_is_cbc && !etm {
            return Err(Reason::RenegotiationEtm.into());
        }
        Ok(())
    }

    /// The host name stays what it was, or none: by it the server chose a configuration, and what it
    /// demands of clients, and by it an application knows whom it speaks for (RFC 6066 §11.1).
    pub(crate) fn check_server_name(&self, name: Option<&str>) -> Result<()> {
        match (self.server_name.as_deref(), name) {
            (None, None) => Ok(()),
            (Some(before), Some(now)) if before.eq_ignore_ascii_case(now) => Ok(()),
            _ => Err(Reason::RenegotiationServerName.into()),
        }
    }

    /// The server stays who it is: an application that looked at its certificate once need not look
    /// again (RFC 7627 §1 shows what comes of it otherwise).
    pub(crate) fn check_server(&self, chain: &[Certificate]) -> Result<()> {
        if chain == &*self.peer_chain {
            return Ok(());
        }
        Err(Error::new(Reason::ServerCertificateChanged))
    }
}
