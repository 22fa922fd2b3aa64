use crate::cert::{Authorities, Certificate};
use crate::crypto::Suite;
use crate::handshake::Fact;
use crate::record::RecordLimits;
use crate::wire::{NamedGroup, ProtocolVersion, SignatureScheme};
use std::sync::Arc;

/// What the handshake learned; fields fill as it goes. In a renegotiation they stay what they were
/// until it is complete.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The negotiated version.
    pub version: Option<ProtocolVersion>,
    /// The negotiated suite.
    pub suite: Option<&'static Suite>,
    /// The group of the key exchange, where it has one.
    pub group: Option<NamedGroup>,
    /// Length in bits of the modulus of a key exchange in a finite field.
    pub dh_bits: Option<usize>,
    /// The scheme of the signature on the key exchange, where it has one.
    pub scheme: Option<SignatureScheme>,
    /// The scheme of the client's CertificateVerify, where it sent one.
    pub client_scheme: Option<SignatureScheme>,
    /// The application protocol (RFC 7301).
    pub alpn: Option<Vec<u8>>,
    /// The host name that the client asked for (server_name), on either side.
    pub server_name: Option<Arc<str>>,
    /// The peer's certificates as they came, leaf first.
    pub peer_chain: Option<Arc<[Certificate]>>,
    /// The path that verified, leaf first; `None` when nothing was verified.
    pub verified_chain: Option<Arc<[Certificate]>>,
    /// The keypair that we presented, by its place in `Config::keypairs`; `None` when we had none to
    /// present or were not asked.
    pub local_keypair: Option<usize>,
    /// The OCSP response that the server stapled (RFC 6066 §8), as it came:
    /// [`Connection::ocsp_info`](super::Connection::ocsp_info) tells what it is worth.
    pub ocsp_response: Option<Arc<[u8]>>,
    /// The server's SignedCertificateTimestampList (RFC 6962 §3.3), as it came; its framing was checked.
    pub scts: Option<Arc<[u8]>>,
    /// How long the records of either direction may be, as negotiated.
    pub record_limits: RecordLimits,
    /// On a client: the server asked for a certificate, of one of these CAs.
    pub certificate_requested: Option<Authorities>,
    /// What the client calls the pre-shared key (RFC 4279), also in a resumed session; `None` where
    /// the key exchange has none, and where the first handshake failed. Only as good as the handshake: believe it when that is complete.
    pub psk_identity: Option<Vec<u8>>,
    /// RFC 7627
    pub extended_master_secret: bool,
    /// RFC 7366
    pub encrypt_then_mac: bool,
    /// RFC 5746: the peer knows it.
    pub secure_renegotiation: bool,
    /// The handshake resumed a session: the certificates are those of the handshake that made it.
    pub resumed: bool,
    /// The session ID of a session that the server keeps (RFC 5246 §7.3); empty where there is none:
    /// a session in a ticket has no ID.
    pub session_id: Vec<u8>,
    /// How many handshakes of this connection are complete: more than one after a renegotiation.
    pub handshakes: u32,
    /// How many of the peer's requests to renegotiate we refused.
    pub requests_refused: u32,
    /// The peer refused our last request to renegotiate.
    pub renegotiation_refused: bool,
    /// Our close_notify is on its way.
    pub close_sent: bool,
    /// The peer's close_notify came.
    pub close_received: bool,
    /// The first handshake is complete.
    pub established: bool,
}

impl Facts {
    pub(super) fn learn(&mut self, fact: Fact) {
        match fact {
            Fact::Version(version) => self.version = Some(version),
            Fact::Suite(suite) => self.suite = Some(suite),
            Fact::Group(group) => self.group = Some(group),
            Fact::DhBits(bits) => self.dh_bits = Some(bits),
            Fact::Scheme(scheme) => self.scheme = Some(scheme),
            Fact::ClientScheme(scheme) => self.client_scheme = Some(scheme),
            Fact::Alpn(name) => self.alpn = Some(name),
            Fact::ServerName(name) => self.server_name = Some(name),
            Fact::PeerChain(chain) => self.peer_chain = Some(chain),
            Fact::VerifiedChain(chain) => self.verified_chain = Some(chain),
            Fact::LocalKeypair(index) => self.local_keypair = Some(index),
            Fact::OcspResponse(response) => self.ocsp_response = Some(response),
            Fact::Scts(list) => self.scts = Some(list),
            Fact::RecordLimits(limits) => self.record_limits = limits,
            Fact::CertificateRequested(from) => self.certificate_requested = Some(from),
            Fact::ExtendedMasterSecret => self.extended_master_secret = true,
            Fact::EncryptThenMac => self.encrypt_then_mac = true,
            Fact::SecureRenegotiation => self.secure_renegotiation = true,
            Fact::PskIdentity(identity) => self.psk_identity = Some(identity),
            Fact::Resumed => self.resumed = true,
            Fact::SessionId(id) => self.session_id = id.to_vec(),
        }
    }
}
