use super::super::agreed::{Agreed, CLIENT_FINISHED, SERVER_FINISHED};
use super::super::keys::{KeyBlock, MasterSecret, Side};
use super::Client12;
use crate::error::Result;
use crate::handshake::Env;
use crate::handshake::effect::{Effect, Effects};
use crate::handshake::proof::{FinishedProof, PeerProof, PossessionProof};
use crate::msg;
use crate::record::RawMessage;
use crate::wire::HandshakeType;

/// What was proven before any secret was computed. With RSA key exchange the proof of possession
/// is still to come.
pub(super) struct Authenticated {
    pub(super) peer: PeerProof,
    pub(super) possession: Option<PossessionProof>,
}

/// Sends ChangeCipherSpec and Finished (RFC 5246 §7.1, §7.4.9).
pub(super) fn finish(
    mut agreed: Box<Agreed>,
    master: MasterSecret,
    proofs: Authenticated,
    env: Env<'_>,
    fx: &mut Effects,
) -> Result<Client12> {
    agreed.hash_transcript();
    let keys = agreed.key_block(&master);
    fx.push(Effect::SendChangeCipherSpec);
    fx.push(Effect::WriteKeys(
        keys.write(&*env.config.provider, Side::Client)?,
    ));
    let verify_data = agreed.verify_data(&master, CLIENT_FINISHED);
    fx.message(&mut agreed.transcript, HandshakeType::FINISHED, |out| {
        out.extend_from_slice(&verify_data);
    });
    Ok(Client12::ServerCcs(ExpectServerCcs {
        agreed,
        master,
        keys,
        proofs,
    }))
}

/// The server changes its keys.
pub(crate) struct ExpectServerCcs {
    agreed: Box<Agreed>,
    master: MasterSecret,
    keys: KeyBlock,
    proofs: Authenticated,
}

impl ExpectServerCcs {
    pub(super) fn on_change_cipher_spec(self, env: Env<'_>, fx: &mut Effects) -> Result<Client12> {
        fx.push(Effect::ReadKeys(
            self.keys.read(&*env.config.provider, Side::Server)?,
        ));
        Ok(Client12::ServerFinished(ExpectServerFinished {
            expected: self.agreed.verify_data(&self.master, SERVER_FINISHED),
            proofs: self.proofs,
        }))
    }
}

/// The server's Finished, under its new keys.
pub(crate) struct ExpectServerFinished {
    expected: [u8; msg::VERIFY_DATA_LEN],
    proofs: Authenticated,
}

impl ExpectServerFinished {
    pub(super) fn on_message(self, message: &RawMessage<'_>) -> Result<Client12> {
        let finished = FinishedProof::check(&self.expected, message.body())?;
        let possession = self
            .proofs
            .possession
            .unwrap_or_else(|| PossessionProof::by_finished(&finished));
        Ok(Client12::Traffic(Traffic::new(
            self.proofs.peer,
            possession,
            finished,
        )))
    }
}

/// Application data may flow: the peer is verified, holds its key, and saw the same handshake.
pub(crate) struct Traffic(());

impl Traffic {
    fn new(_: PeerProof, _: PossessionProof, _: FinishedProof) -> Self {
        Self(())
    }

    /// RFC 5246 §7.4.1.1, §7.2.2: refused with the warning no_renegotiation; the connection goes on.
    pub(super) fn on_hello_request(
        self,
        message: &RawMessage<'_>,
        fx: &mut Effects,
    ) -> Result<Self> {
        msg::decode_empty("HelloRequest", message.body())?;
        fx.push(Effect::RefuseRenegotiation);
        Ok(self)
    }
}
