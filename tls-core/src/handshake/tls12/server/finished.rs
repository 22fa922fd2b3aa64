use super::super::agreed::Agreed;
use super::super::keys::{KeyBlock, MasterSecret, Side};
use super::Server12;
use super::client_auth::{Client, ExpectCertificateVerify};
use crate::config::Renegotiation;
use crate::error::Result;
use crate::handshake::effect::{Effect, Effects, Fact, SessionEffect};
use crate::handshake::hello::ExpectClientHello;
use crate::handshake::proof::{ClientProof, FinishedProof};
use crate::handshake::{Env, Handshake};
use crate::msg::new_session_ticket::NewSessionTicket;
use crate::record::RawMessage;
use crate::session::{SessionState, seal_ticket, value_for};
use crate::wire::HandshakeType;

/// What the key exchange gave.
pub(super) struct Secrets {
    master: MasterSecret,
    keys: KeyBlock,
}

impl Secrets {
    pub(super) fn new(agreed: &Agreed, master: MasterSecret, fx: &mut Effects) -> Self {
        agreed.tell_secret(&master, fx);
        Self {
            keys: agreed.key_block(&master),
            master,
        }
    }
}

/// NewSessionTicket (RFC 5077 §3.3), as the ServerHello promised: empty where there is no session
/// after all, or it cannot be sealed.
pub(super) fn send_ticket(
    agreed: &mut Agreed,
    state: Option<&SessionState>,
    env: Env<'_>,
    fx: &mut Effects,
) {
    let (config, now) = (env.config, env.config.clock.now());
    let ticket = state.filter(|s| s.fits()).and_then(|state| {
        let sealer = config.sessions.sealer.as_deref()?;
        seal_ticket(sealer, state, now, &*config.random)
    });
    let left = state.map_or(0, |s| s.seconds_left(now.as_secs()));
    let new = NewSessionTicket {
        lifetime_hint: if ticket.is_some() { left } else { 0 },
        ticket: ticket.as_deref().unwrap_or_default(),
    };
    let typ = HandshakeType::NEW_SESSION_TICKET;
    fx.message(&mut agreed.transcript, typ, |out| new.encode(out));
}

/// ChangeCipherSpec and Finished (RFC 5246 §7.1, §7.4.9).
pub(super) fn send_finished(
    agreed: &mut Agreed,
    secrets: &Secrets,
    env: Env<'_>,
    fx: &mut Effects,
) -> Result<()> {
    fx.push(Effect::SendChangeCipherSpec);
    fx.push(Effect::WriteKeys(
        secrets.keys.write(env.config, Side::Server)?,
    ));
    let verify_data = agreed.verify_data(&secrets.master, Side::Server);
    fx.message(&mut agreed.transcript, HandshakeType::FINISHED, |out| {
        out.extend_from_slice(&verify_data);
    });
    Ok(())
}

/// The pre_master_secret is there, and the transcript reaches through ClientKeyExchange. A client
/// with a certificate signs the messages next; without one their hash is enough.
pub(super) fn with_pre_master(
    mut agreed: Box<Agreed>,
    client: Client,
    pre_master: &[u8],
    fx: &mut Effects,
) -> Server12 {
    if matches!(client, Client::Anonymous(_)) {
        agreed.hash_transcript();
    }
    let secrets = Secrets::new(&agreed, agreed.master_secret(pre_master), fx);
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
    /// A resumed session: our Finished is out already.
    resumed: bool,
}

impl ExpectClientCcs {
    pub(super) fn resumed(agreed: Box<Agreed>, secrets: Secrets, client: ClientProof) -> Self {
        Self {
            resumed: true,
            ..Self::new(agreed, secrets, client)
        }
    }

    pub(super) fn new(mut agreed: Box<Agreed>, secrets: Secrets, client: ClientProof) -> Self {
        agreed.hash_transcript();
        Self {
            agreed,
            secrets,
            client,
            resumed: false,
        }
    }

    pub(super) fn on_change_cipher_spec(self, env: Env<'_>, fx: &mut Effects) -> Result<Server12> {
        fx.push(Effect::ReadKeys(
            self.secrets.keys.read(env.config, Side::Client)?,
        ));
        let Self {
            agreed,
            secrets,
            client,
            resumed,
        } = self;
        Ok(Server12::ClientFinished(ExpectClientFinished {
            agreed,
            secrets,
            client,
            resumed,
        }))
    }
}

/// The client's Finished, under its new keys.
pub(crate) struct ExpectClientFinished {
    agreed: Box<Agreed>,
    secrets: Secrets,
    client: ClientProof,
    resumed: bool,
}

impl ExpectClientFinished {
    /// RFC 5246 §7.4.9; in a full handshake our own Finished covers the client's.
    pub(super) fn on_message(
        mut self,
        message: &RawMessage<'_>,
        env: Env<'_>,
        fx: &mut Effects,
    ) -> Result<Server12> {
        let expected = self.agreed.verify_data(&self.secrets.master, Side::Client);
        let finished = FinishedProof::check(&expected, message.body())?;
        self.agreed.transcript.add(message.encoded);
        if self.resumed {
            // The client has shown that the session is its own; until here a failure must not take the
            // session along, or whoever saw its ID could end it.
            let id = core::mem::take(&mut self.agreed.keep.session_id);
            fx.learn(Fact::SessionId(id));
        } else {
            self.keep_session(env, fx);
            send_finished(&mut self.agreed, &self.secrets, env, fx)?;
        }
        self.agreed.complete(fx);
        Ok(Server12::Traffic(Traffic::new(self.client, finished)))
    }

    /// The session goes to the client in a ticket, or to the store under the ID of our ServerHello.
    fn keep_session(&mut self, env: Env<'_>, fx: &mut Effects) {
        let (config, now) = (env.config, env.config.clock.now());
        let state = self.agreed.session(&self.secrets.master, config);
        if self.agreed.keep.ticket {
            return send_ticket(&mut self.agreed, state.as_ref(), env, fx);
        }
        let id = core::mem::take(&mut self.agreed.keep.session_id);
        let (Some(state), Some(store)) = (state.filter(|s| s.fits()), &config.sessions.store)
        else {
            return;
        };
        let sealer = config.sessions.sealer.as_deref();
        if id.is_empty() {
            return;
        }
        if let Some(value) = value_for(&**store, sealer, &id, &state, now, &*config.random) {
            fx.push(Effect::Session(SessionEffect::Store {
                id,
                value,
                lifetime: state.seconds_left(now.as_secs()),
            }));
        }
    }
}

/// Application data may flow: the client is authenticated as far as the configuration insists, and
/// saw the same handshake.
pub(crate) struct Traffic {
    /// Our HelloRequest is out.
    asked: bool,
}

impl Traffic {
    fn new(_: ClientProof, _: FinishedProof) -> Self {
        Self { asked: false }
    }

    pub(crate) fn has_asked(&self) -> bool {
        self.asked
    }

    /// HelloRequest (RFC 5246 §7.4.1.1); it is in no transcript.
    pub(super) fn ask(self, fx: &mut Effects) -> Self {
        fx.message_apart(HandshakeType::HELLO_REQUEST);
        Self { asked: true }
    }

    /// RFC 5246 §7.2.2: the client will not. Where nothing was asked that means nothing.
    pub(super) fn on_refusal(self, fx: &mut Effects) -> Self {
        if self.asked {
            fx.push(Effect::RenegotiationRefused);
        }
        Self { asked: false }
    }

    /// The client renegotiates, asked or by itself. Where it may not, that is refused with the
    /// warning no_renegotiation, and the connection goes on (RFC 5246 §7.2.2).
    pub(crate) fn on_client_hello(
        self,
        message: &RawMessage<'_>,
        env: Env<'_>,
        fx: &mut Effects,
    ) -> Result<Handshake> {
        let wanted = if self.asked {
            Renegotiation::Own
        } else {
            Renegotiation::Allow
        };
        if env.may_renegotiate(wanted) {
            fx.push(Effect::Renegotiate);
            return ExpectClientHello.on_message(message, env, fx);
        }
        fx.push(Effect::RefuseRenegotiation);
        // It answered a HelloRequest of ours; the next one would not.
        Ok(Handshake::Server12(Server12::Traffic(Self {
            asked: false,
        })))
    }
}
