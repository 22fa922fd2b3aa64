use super::keepsake::Keepsake;
use super::keys::{KeyBlock, MasterSecret, Side};
use crate::cert::Certificate;
use crate::config::Config;
use crate::crypto::{Digest, Hash, Master, Prf, Suite};
use crate::error::{Reason, Result};
use crate::handshake::effect::{Derived, Effect, Effects, Fact};
use crate::handshake::transcript::Transcript;
use crate::handshake::{Env, Previous};
use crate::msg::VERIFY_DATA_LEN;
use crate::record::RecordLimits;
use crate::session::Exchange;
use crate::wire::SignatureScheme;
use std::sync::Arc;

/// What the hellos agreed on: the one bundle that survives from state to state.
pub(super) struct Agreed {
    pub(super) suite: &'static Suite,
    prf: &'static dyn Prf,
    hash: &'static dyn Hash,
    pub(super) client_random: [u8; 32],
    pub(super) server_random: [u8; 32],
    pub(super) extended_master_secret: bool,
    pub(super) encrypt_then_mac: bool,
    /// RFC 5746: the peer knows it.
    pub(super) secure_renegotiation: bool,
    /// Of the client's Finished, then of the server's, as far as they are.
    verify_data: [[u8; VERIFY_DATA_LEN]; 2],
    /// Whose Finished was the first.
    first: Option<Side>,
    /// How long records may be.
    pub(super) limits: RecordLimits,
    pub(super) transcript: Transcript,
    /// What the session keeps.
    pub(super) keep: Keepsake,
}

impl Agreed {
    pub(super) fn new(
        config: &Config,
        suite: &'static Suite,
        client_random: [u8; 32],
        server_random: [u8; 32],
        transcript: Transcript,
    ) -> Result<Self> {
        Ok(Self {
            suite,
            prf: config
                .provider
                .prf(suite.prf)
                .ok_or(Reason::ProviderMissing)?,
            hash: config
                .provider
                .hash(suite.prf)
                .ok_or(Reason::ProviderMissing)?,
            client_random,
            server_random,
            extended_master_secret: false,
            encrypt_then_mac: false,
            secure_renegotiation: false,
            verify_data: Default::default(),
            first: None,
            limits: RecordLimits::default(),
            transcript,
            keep: Keepsake::default(),
        })
    }

    /// Everything that the hellos decide is decided: a renegotiation keeps what it must.
    pub(super) fn decided(&self, env: Env<'_>, fx: &mut Effects) -> Result<()> {
        let (ems, etm) = (self.extended_master_secret, self.encrypt_then_mac);
        if let Some(previous) = env.previous {
            previous.check_kept(ems, etm, self.suite.is_cbc())?;
        }
        fx.learn(Fact::Suite(self.suite));
        if self.extended_master_secret {
            fx.learn(Fact::ExtendedMasterSecret);
        }
        if self.encrypt_then_mac {
            fx.learn(Fact::EncryptThenMac);
        }
        if self.secure_renegotiation {
            fx.learn(Fact::SecureRenegotiation);
        }
        Ok(())
    }

    /// The server signs the key exchange with this scheme.
    pub(super) fn scheme(&mut self, scheme: SignatureScheme, fx: &mut Effects) {
        self.keep.exchange.scheme = Some(scheme);
        fx.learn(Fact::Scheme(scheme));
    }

    /// The client signs with this one.
    pub(super) fn client_scheme(&mut self, scheme: SignatureScheme, fx: &mut Effects) {
        self.keep.exchange.client_scheme = Some(scheme);
        fx.learn(Fact::ClientScheme(scheme));
    }

    /// What a resumed session's full handshake had.
    pub(super) fn exchange_of_session(&mut self, exchange: Exchange, fx: &mut Effects) {
        self.keep.exchange = exchange;
        if let Some(group) = exchange.group {
            fx.learn(Fact::Group(group));
        }
        if let Some(scheme) = exchange.scheme {
            fx.learn(Fact::Scheme(scheme));
        }
        if let Some(scheme) = exchange.client_scheme {
            fx.learn(Fact::ClientScheme(scheme));
        }
    }

    /// The peer showed this chain; it is judged later.
    pub(super) fn peer_chain(&mut self, chain: Arc<[Certificate]>, fx: &mut Effects) {
        self.keep.peer_chain = chain.clone();
        fx.learn(Fact::PeerChain(chain));
    }

    /// The server's OCSP response came.
    pub(super) fn ocsp_response(&mut self, response: Arc<[u8]>, fx: &mut Effects) {
        self.keep.ocsp_response = Some(response.clone());
        fx.learn(Fact::OcspResponse(response));
    }

    /// The server's SignedCertificateTimestampList came.
    pub(super) fn scts(&mut self, list: Arc<[u8]>, fx: &mut Effects) {
        self.keep.scts = Some(list.clone());
        fx.learn(Fact::Scts(list));
    }

    /// The peer's chain was judged, by this path; it is empty where any is accepted.
    pub(super) fn verified_chain(&mut self, path: Arc<[Certificate]>, fx: &mut Effects) {
        if path.is_empty() {
            return;
        }
        self.keep.verified_chain = Some(path.clone());
        fx.learn(Fact::VerifiedChain(path));
    }

    /// What the client calls the pre-shared key.
    pub(super) fn psk_identity(&mut self, identity: Vec<u8>, fx: &mut Effects) {
        self.keep.psk_identity = Some(identity.clone());
        fx.learn(Fact::PskIdentity(identity));
    }

    /// What the signature of a ServerKeyExchange covers (RFC 5246 §7.4.3, RFC 8422 §5.4).
    pub(super) fn signed_params(&self, params: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
        // Room for both randoms, and for a point with its signature behind it.
        let mut message = Vec::with_capacity(256);
        message.extend_from_slice(&self.client_random);
        message.extend_from_slice(&self.server_random);
        params(&mut message);
        message
    }

    /// The messages need not be kept any longer: from here on their hash is enough.
    pub(super) fn hash_transcript(&mut self) {
        self.transcript.hash_with(self.hash);
    }

    pub(super) fn transcript_hash(&self) -> Digest {
        self.transcript.current(self.hash)
    }

    /// The master secret of a session that is resumed.
    pub(super) fn master_of_session(&self, secret: &Master) -> MasterSecret {
        MasterSecret::of_session(self.prf, secret)
    }

    /// The master secret; the transcript reaches through ClientKeyExchange, which is what
    /// session_hash covers (RFC 7627 §3).
    pub(super) fn master_secret(&self, pre_master_secret: &[u8]) -> MasterSecret {
        if self.extended_master_secret {
            let session_hash = self.transcript_hash();
            MasterSecret::extended(self.prf, pre_master_secret, session_hash.as_ref())
        } else {
            MasterSecret::classic(
                self.prf,
                pre_master_secret,
                &self.client_random,
                &self.server_random,
            )
        }
    }

    pub(super) fn key_block(&self, master: &MasterSecret) -> KeyBlock {
        let form = self.encrypt_then_mac;
        KeyBlock::derive(
            self.suite,
            form,
            master,
            &self.client_random,
            &self.server_random,
        )
        .limited(self.limits)
    }

    /// Hands the master secret to what outlives the handshake.
    pub(super) fn tell_secret(&self, master: &MasterSecret, fx: &mut Effects) {
        fx.push(Effect::Secret(Derived {
            prf: self.prf,
            master: master.shared(),
            client_random: self.client_random,
            server_random: self.server_random,
        }));
    }

    /// verify_data of a side's Finished, sent or expected (RFC 5246 §7.4.9).
    pub(super) fn verify_data(
        &mut self,
        master: &MasterSecret,
        side: Side,
    ) -> [u8; VERIFY_DATA_LEN] {
        let label: &[u8] = match side {
            Side::Client => b"client finished",
            Side::Server => b"server finished",
        };
        let verify_data = master.verify_data(label, self.transcript_hash().as_ref());
        self.verify_data[side as usize] = verify_data;
        self.first.get_or_insert(side);
        verify_data
    }

    /// Both Finished messages are right.
    pub(super) fn complete(self, fx: &mut Effects) {
        fx.push(Effect::Complete(Previous {
            verify_data: self.verify_data,
            first: self.first.unwrap_or(Side::Client),
            secure: self.secure_renegotiation,
            extended_master_secret: self.extended_master_secret,
            encrypt_then_mac: self.encrypt_then_mac,
            server_name: self.keep.server_name,
            peer_chain: self.keep.peer_chain,
        }));
    }
}
