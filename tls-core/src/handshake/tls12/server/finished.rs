use super::super::agreed::{Agreed, CLIENT_FINISHED, SERVER_FINISHED};
use super::super::keys::{KeyBlock, MasterSecret, Side};
use super::Server12;
use super::client_auth::{Client, ExpectCertificateVerify};
use crate::error::Result;
use crate::handshake::Env;
use crate::handshake::effect::{Effect, Effects};
use crate::handshake::proof::{ClientProof, FinishedProof};
use crate::record::RawMessage;
use crate::wire::HandshakeType;

/// What the key exchange gave.
pub(super) struct Secrets {
    master: MasterSecret,
    keys: KeyBlock,
}

/// The pre_master_secret is there, and the transcript reaches through ClientKeyExchange. A client
/// with a certificate signs the messages next; without one their hash is enough.
pub(super) fn with_pre_master(
    mut agreed: Box<Agreed>,
    client: Client,
    pre_master: &[u8],
) -> Server12 {
    if matches!(client, Client::Anonymous(_)) {
        agreed.hash_transcript();
    }
    let master = agreed.master_secret(pre_master);
    let keys = agreed.key_block(&master);
    let secrets = Secrets { master, keys };
    match client {
        Client::Anonymous(proof) => {
            Server12::ClientCcs(ExpectClientCcs::new(agreed, secrets, proof))
        }
        Client::Certified { peer, key } => {
            Server12::CertificateVerify(ExpectCertificateVerify::new(agreed, secrets, peer, key))
        }
    }
}

/// The client changes its keys.
pub(crate) struct ExpectClientCcs {
    agreed: Box<Agreed>,
    secrets: Secrets,
    client: ClientProof,
}

impl ExpectClientCcs {
    pub(super) fn new(mut agreed: Box<Agreed>, secrets: Secrets, client: ClientProof) -> Self {
        agreed.hash_transcript();
        Self {
            agreed,
            secrets,
            client,
        }
    }

    pub(super) fn on_change_cipher_spec(self, env: Env<'_>, fx: &mut Effects) -> Result<Server12> {
        fx.push(Effect::ReadKeys(
            self.secrets
                .keys
                .read(&*env.config.provider, Side::Client)?,
        ));
        let Self {
            agreed,
            secrets,
            client,
        } = self;
        Ok(Server12::ClientFinished(ExpectClientFinished {
            agreed,
            secrets,
            client,
        }))
    }
}

/// The client's Finished, under its new keys.
pub(crate) struct ExpectClientFinished {
    agreed: Box<Agreed>,
    secrets: Secrets,
    client: ClientProof,
}

impl ExpectClientFinished {
    /// RFC 5246 §7.4.9; our own Finished covers the client's.
    pub(super) fn on_message(
        mut self,
        message: &RawMessage<'_>,
        env: Env<'_>,
        fx: &mut Effects,
    ) -> Result<Server12> {
        let Secrets { master, keys } = self.secrets;
        let expected = self.agreed.verify_data(&master, CLIENT_FINISHED);
        let finished = FinishedProof::check(&expected, message.body())?;
        self.agreed.transcript.add(message.encoded);
        fx.push(Effect::SendChangeCipherSpec);
        fx.push(Effect::WriteKeys(
            keys.write(&*env.config.provider, Side::Server)?,
        ));
        let verify_data = self.agreed.verify_data(&master, SERVER_FINISHED);
        fx.message(
            &mut self.agreed.transcript,
            HandshakeType::FINISHED,
            |out| {
                out.extend_from_slice(&verify_data);
            },
        );
        Ok(Server12::Traffic(Traffic::new(self.client, finished)))
    }
}

/// Application data may flow: the client is authenticated as far as the configuration insists, and
/// saw the same handshake.
pub(crate) struct Traffic(());

impl Traffic {
    fn new(_: ClientProof, _: FinishedProof) -> Self {
        Self(())
    }

    /// RFC 5246 §7.2.2: refused with the warning no_renegotiation; the connection goes on.
    pub(super) fn on_client_hello(self, fx: &mut Effects) -> Result<Self> {
        fx.push(Effect::RefuseRenegotiation);
        Ok(self)
    }
}
