use super::super::agreed::{Agreed, CLIENT_FINISHED, SERVER_FINISHED};
use super::super::keys::{KeyBlock, MasterSecret, Side};
use super::Server12;
use crate::error::Result;
use crate::handshake::Env;
use crate::handshake::effect::{Effect, Effects};
use crate::handshake::proof::FinishedProof;
use crate::record::RawMessage;
use crate::wire::HandshakeType;

/// The client changes its keys.
pub(crate) struct ExpectClientCcs {
    agreed: Box<Agreed>,
    master: MasterSecret,
    keys: KeyBlock,
}

impl ExpectClientCcs {
    /// The transcript reaches through ClientKeyExchange here.
    pub(super) fn with_pre_master(mut agreed: Box<Agreed>, pre_master: &[u8]) -> Server12 {
        agreed.hash_transcript();
        let master = agreed.master_secret(pre_master);
        let keys = agreed.key_block(&master);
        Server12::ClientCcs(Self {
            agreed,
            master,
            keys,
        })
    }

    pub(super) fn on_change_cipher_spec(self, env: Env<'_>, fx: &mut Effects) -> Result<Server12> {
        fx.push(Effect::ReadKeys(
            self.keys.read(&*env.config.provider, Side::Client)?,
        ));
        let Self {
            agreed,
            master,
            keys,
        } = self;
        Ok(Server12::ClientFinished(ExpectClientFinished {
            agreed,
            master,
            keys,
        }))
    }
}

/// The client's Finished, under its new keys.
pub(crate) struct ExpectClientFinished {
    agreed: Box<Agreed>,
    master: MasterSecret,
    keys: KeyBlock,
}

impl ExpectClientFinished {
    /// RFC 5246 §7.4.9; our own Finished covers the client's.
    pub(super) fn on_message(
        mut self,
        message: &RawMessage<'_>,
        env: Env<'_>,
        fx: &mut Effects,
    ) -> Result<Server12> {
        let expected = self.agreed.verify_data(&self.master, CLIENT_FINISHED);
        let finished = FinishedProof::check(&expected, message.body())?;
        self.agreed.transcript.add(message.encoded);
        fx.push(Effect::SendChangeCipherSpec);
        fx.push(Effect::WriteKeys(
            self.keys.write(&*env.config.provider, Side::Server)?,
        ));
        let verify_data = self.agreed.verify_data(&self.master, SERVER_FINISHED);
        fx.message(
            &mut self.agreed.transcript,
            HandshakeType::FINISHED,
            |out| {
                out.extend_from_slice(&verify_data);
            },
        );
        Ok(Server12::Traffic(Traffic::new(finished)))
    }
}

/// Application data may flow: the client saw the same handshake. It has no certificate, so there
/// is no other proof.
pub(crate) struct Traffic(());

impl Traffic {
    fn new(_: FinishedProof) -> Self {
        Self(())
    }

    /// RFC 5246 §7.2.2: refused with the warning no_renegotiation; the connection goes on.
    pub(super) fn on_client_hello(self, fx: &mut Effects) -> Result<Self> {
        fx.push(Effect::RefuseRenegotiation);
        Ok(self)
    }
}
