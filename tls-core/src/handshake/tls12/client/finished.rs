use super::super::agreed::Agreed;
use super::super::keys::{KeyBlock, MasterSecret, Side};
use super::Client12;
use super::session::{ExpectNewSessionTicket, NewTicket};
use crate::config::Renegotiation;
use crate::error::Result;
use crate::handshake::effect::{Effect, Effects};
use crate::handshake::hello;
use crate::handshake::proof::{FinishedProof, PeerProof, PossessionProof};
use crate::handshake::{Env, Handshake};
use crate::msg;
use crate::record::RawMessage;
use crate::session::ClientSession;
use crate::wire::HandshakeType;
use std::sync::Arc;

/// What was proven before any secret was computed. With RSA key exchange, and in a resumed session,
/// the proof of possession is still to come.
pub(super) struct Authenticated {
    pub(super) peer: PeerProof,
    pub(super) possession: Option<PossessionProof>,
}

/// What is left of a handshake behind its key exchange, or behind the ServerHello that resumes a
/// session: both sides change their keys and say Finished.
pub(super) struct Ending {
    pub(super) agreed: Box<Agreed>,
    pub(super) master: MasterSecret,
    keys: KeyBlock,
    proofs: Authenticated,
    /// The session that is resumed; the server then says Finished first.
    pub(super) resumed: Option<Arc<ClientSession>>,
    pub(super) ticket: Option<NewTicket>,
}

impl Ending {
    pub(super) fn new(
        agreed: Box<Agreed>,
        master: MasterSecret,
        proofs: Authenticated,
        resumed: Option<Arc<ClientSession>>,
        fx: &mut Effects,
    ) -> Self {
        agreed.tell_secret(&master, fx);
        Self {
            keys: agreed.key_block(&master),
            agreed,
            master,
            proofs,
            resumed,
            ticket: None,
        }
    }

    /// The server's part: a ticket, if it answered session_ticket (RFC 5077 §3.3), and its
    /// ChangeCipherSpec.
    pub(super) fn next(self) -> Client12 {
        if self.agreed.keep.ticket {
            Client12::NewSessionTicket(ExpectNewSessionTicket(self))
        } else {
            Client12::ServerCcs(ExpectServerCcs(self))
        }
    }

    /// Sends ChangeCipherSpec and Finished (RFC 5246 §7.1, §7.4.9).
    fn send_finished(&mut self, env: Env<'_>, fx: &mut Effects) -> Result<()> {
        fx.push(Effect::SendChangeCipherSpec);
        fx.push(Effect::WriteKeys(
            self.keys.write(env.config, Side::Client)?,
        ));
        let verify_data = self.agreed.verify_data(&self.master, Side::Client);
        fx.message(
            &mut self.agreed.transcript,
            HandshakeType::FINISHED,
            |out| {
                out.extend_from_slice(&verify_data);
            },
        );
        Ok(())
    }
}

/// The end of a full handshake: we say Finished first.
pub(super) fn finish(
    mut agreed: Box<Agreed>,
    master: MasterSecret,
    proofs: Authenticated,
    env: Env<'_>,
    fx: &mut Effects,
) -> Result<Client12> {
    agreed.hash_transcript();
    let mut ending = Ending::new(agreed, master, proofs, None, fx);
    ending.send_finished(env, fx)?;
    Ok(ending.next())
}

/// The server changes its keys.
pub(crate) struct ExpectServerCcs(pub(super) Ending);

impl ExpectServerCcs {
    pub(super) fn on_change_cipher_spec(self, env: Env<'_>, fx: &mut Effects) -> Result<Client12> {
        let ending = self.0;
        fx.push(Effect::ReadKeys(
            ending.keys.read(env.config, Side::Server)?,
        ));
        Ok(Client12::ServerFinished(ExpectServerFinished(ending)))
    }
}

/// The server's Finished, under its new keys.
pub(crate) struct ExpectServerFinished(Ending);

impl ExpectServerFinished {
    pub(super) fn on_message(
        self,
        message: &RawMessage<'_>,
        env: Env<'_>,
        fx: &mut Effects,
    ) -> Result<Client12> {
        let mut ending = self.0;
        let expected = ending.agreed.verify_data(&ending.master, Side::Server);
        let finished = FinishedProof::check(&expected, message.body())?;
        if ending.resumed.is_some() {
            ending.agreed.transcript.add(message.encoded);
            ending.send_finished(env, fx)?;
        }
        ending.keep_session(env, fx);
        ending.agreed.complete(fx);
        let Authenticated { peer, possession } = ending.proofs;
        let possession = possession.unwrap_or_else(|| PossessionProof::by_finished(&finished));
        Ok(Client12::Traffic(Traffic::new(peer, possession, finished)))
    }
}

/// Application data may flow: the peer is verified, holds its key, and saw the same handshake.
pub(crate) struct Traffic {
    /// What the next renegotiation offers to resume.
    offer: Option<Arc<ClientSession>>,
}

impl Traffic {
    fn new(_: PeerProof, _: PossessionProof, _: FinishedProof) -> Self {
        Self { offer: None }
    }

    /// The next renegotiation offers this session. Without one it is a full handshake: that is what
    /// it is for.
    pub(crate) fn offer(&mut self) -> &mut Option<Arc<ClientSession>> {
        &mut self.offer
    }

    /// Our ClientHello. If the server refuses, everything stays as it is.
    pub(crate) fn renegotiate(mut self, env: Env<'_>, fx: &mut Effects) -> Result<Handshake> {
        fx.push(Effect::Renegotiate);
        let offer = self.offer.take();
        let back = Handshake::Client12(Client12::Traffic(self));
        hello::start(offer, Some(Box::new(back)), env, fx)
    }

    /// RFC 5246 §7.4.1.1, §7.2.2: followed where it may be, else refused with the warning
    /// no_renegotiation; the connection goes on.
    pub(crate) fn on_hello_request(
        self,
        message: &RawMessage<'_>,
        env: Env<'_>,
        fx: &mut Effects,
    ) -> Result<Handshake> {
        msg::decode_empty("HelloRequest", message.body())?;
        if env.may_renegotiate(Renegotiation::Allow) {
            return self.renegotiate(env, fx);
        }
        fx.push(Effect::RefuseRenegotiation);
        Ok(Handshake::Client12(Client12::Traffic(self)))
    }
}
