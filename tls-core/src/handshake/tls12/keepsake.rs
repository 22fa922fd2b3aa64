use super::agreed::Agreed;
use super::keys::MasterSecret;
use crate::cert::Certificate;
use crate::config::Config;
use crate::error::Result;
use crate::handshake::hello::Offer;
use crate::session::{Binding, Exchange, SessionId, SessionState, random_id};
use crate::wire::ExtensionType as E;
use std::sync::Arc;

/// What of a handshake its session keeps, beside the suite and the master secret.
#[derive(Default)]
pub(super) struct Keepsake {
    /// What the session is bound to; `None`: it is not kept.
    pub(super) binding: Option<Binding>,
    pub(super) exchange: Exchange,
    pub(super) server_name: Option<Arc<str>>,
    /// The peer's certificates as they came.
    pub(super) peer_chain: Arc<[Certificate]>,
    /// The path that verified, where one did.
    pub(super) verified_chain: Option<Arc<[Certificate]>>,
    pub(super) psk_identity: Option<Vec<u8>>,
    /// A client's: what the server stapled.
    pub(super) ocsp_response: Option<Arc<[u8]>>,
    /// A client's: the server's SignedCertificateTimestampList.
    pub(super) scts: Option<Arc<[u8]>>,
    /// RFC 6066 §4, in bytes, where it was negotiated.
    pub(super) max_fragment_length: Option<u16>,
    /// The session ID in the ServerHello.
    pub(super) session_id: SessionId,
    /// A NewSessionTicket comes with the server's Finished.
    pub(super) ticket: bool,
}

impl Agreed {
    /// How a server's session of a full handshake will be kept: in a ticket where the client takes
    /// them (RFC 5077 §3.2; the session ID is then empty, §3.4), else under a session ID of ours.
    pub(super) fn choose_keeping(&mut self, offer: &Offer, config: &Config) -> Result<()> {
        let sessions = &config.sessions;
        self.keep.server_name = offer.server_name.clone();
        let answered = |typ| config.server_extensions.contains(&typ);
        let ems = offer.extended_master_secret && answered(E::EXTENDED_MASTER_SECRET);
        if !ems && !config.policy.resumption_without_ems {
            return Ok(());
        }
        let takes_ticket = offer.ticket.is_some() && answered(E::SESSION_TICKET);
        let ticket = config.takes_tickets() && sessions.sealer.is_some() && takes_ticket;
        let id = sessions
            .store
            .as_ref()
            .is_some_and(|s| s.keeps_inside() || sessions.sealer.is_some());
        if !ticket && !id {
            return Ok(());
        }
        self.keep.binding = config.server_binding();
        if self.keep.binding.is_none() {
            return Ok(());
        }
        self.keep.ticket = ticket;
        if !ticket {
            self.keep.session_id = random_id(&*config.random)?;
        }
        Ok(())
    }

    /// The session that this full handshake leaves, if any. One without the extended master secret
    /// should not be resumed (RFC 7627 §5.3): a matter of policy.
    pub(super) fn session(&self, master: &MasterSecret, config: &Config) -> Option<SessionState> {
        if !self.extended_master_secret && !config.policy.resumption_without_ems {
            return None;
        }
        let now = config.clock.now().as_secs();
        let session = SessionState {
            suite: self.suite,
            extended_master_secret: self.extended_master_secret,
            master_secret: master.shared(),
            authenticated: now,
            issued: now,
            lifetime: config.sessions.lifetime(),
            context: config.sessions.context_id.clone(),
            binding: self.keep.binding?,
            exchange: self.keep.exchange,
            server_name: self.keep.server_name.clone(),
            peer_chain: self.keep.peer_chain.clone(),
            verified_chain: self.keep.verified_chain.clone(),
            psk_identity: self.keep.psk_identity.clone(),
            ocsp_response: self.keep.ocsp_response.clone(),
            scts: self.keep.scts.clone(),
            max_fragment_length: self.keep.max_fragment_length,
        };
        Some(session.within_its_proofs())
    }
}
