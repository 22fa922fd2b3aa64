use super::{Connection, Role};
use crate::cert::{OcspInfo, Purpose, TrustAnchors, VerifyRequest, ocsp_info};
use crate::config::Verification;
use crate::error::Result;

impl Connection {
    /// What the server's staple says of its certificate, and whether it is right now: the signature, who
    /// made it, the certificate it names and its times are checked anew with every call. On a resumed
    /// connection it is about the staple of the handshake that made the session. `None`: there is no
    /// staple. The outer error: it says nothing about the certificate.
    pub fn ocsp_info(&self) -> Option<Result<(OcspInfo, Result<()>)>> {
        let facts = self.facts();
        let (Some(response), Some(chain)) = (&facts.ocsp_response, &facts.peer_chain) else {
            return None;
        };
        debug_assert_eq!(self.role, Role::Client);
        let config = &self.config;
        let request = VerifyRequest {
            chain,
            name: None,
            purpose: Purpose::Server,
            key_use: None,
            now: config.clock.now(),
            policy: config.certificate_policy(),
            options: &config.verify_options,
            ocsp_response: Some(response),
            ocsp_required: false,
            provider: &*config.provider,
            known: &config.known,
        };
        let path = facts.verified_chain.as_deref().unwrap_or_default();
        let none = TrustAnchors::default();
        let anchors = match &config.verification {
            Verification::Required(v) | Verification::WithoutName(v) => v.anchors(),
            Verification::AcceptAny => None,
        };
        Some(ocsp_info(&request, anchors.unwrap_or(&none), path))
    }
}
