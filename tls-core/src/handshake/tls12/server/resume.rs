//! A resumed session (RFC 5246 §7.3, figure 2).

use super::super::agreed::Agreed;
use super::super::limits::Lengths;
use super::Server12;
use super::finished::{ExpectClientCcs, Secrets, send_finished, send_ticket};
use super::server_hello::{Hello, answer, choose_alpn, random};
use crate::config::Config;
use crate::crypto::Secret;
use crate::error::{Reason, Result};
use crate::handshake::effect::{Effects, Fact};
use crate::handshake::hello::{Greeting, Offer};
use crate::handshake::negotiate;
use crate::handshake::proof::ClientProof;
use crate::handshake::{Env, Question, tell};
use crate::session::{SessionId, SessionState};
use crate::wire::ExtensionType as E;

/// Where a session was found.
pub(super) enum Found {
    Ticket {
        /// The key that sealed it is being replaced.
        renew: bool,
    },
    Id,
}

/// A session that may be resumed.
pub(super) struct Resumption {
    state: SessionState,
    found: Found,
    client: ClientProof,
}

impl Resumption {
    /// `None`: a full handshake. The only refusal is that of RFC 7627 §5.3.
    pub(super) fn check(
        state: SessionState,
        found: Found,
        offer: &Offer,
        config: &Config,
        key: Option<&Secret>,
    ) -> Result<Option<Self>> {
        if obstacle(&state, offer, config, key).is_some() {
            return Ok(None);
        }
        let answers_ems = config
            .server_extensions
            .contains(&E::EXTENDED_MASTER_SECRET);
        let resumes = match (state.extended_master_secret, offer.extended_master_secret) {
            (true, false) => return Err(Reason::ResumedWithoutEms.into()),
            (true, true) => answers_ems,
            (false, true) => false,
            (false, false) => config.policy.resumption_without_ems,
        };
        let client = ClientProof::by_session(&state, config.client_auth).filter(|_| resumes);
        Ok(client.map(|client| Self {
            state,
            found,
            client,
        }))
    }

    /// ServerHello, a new ticket where one is due, ChangeCipherSpec and Finished.
    pub(super) fn resume(
        self,
        greeting: Greeting,
        env: Env<'_>,
        fx: &mut Effects,
    ) -> Result<Server12> {
        let Self {
            mut state,
            found,
            client,
        } = self;
        let (config, offer) = (env.config, &greeting.offer);
        let alpn = choose_alpn(offer, greeting.transcript.bytes()?, env)?;
        tell::protocol(offer, alpn, env, fx);
        let random = random(config)?;
        let mut agreed = Agreed::new(
            config,
            state.suite,
            offer.random,
            random,
            greeting.transcript,
        )?;
        let now = config.clock.now().as_secs();
        agreed.keep.server_name = offer.server_name.clone();
        agreed.keep.session_id = offer.session_id.clone();
        agreed.keep.ticket = match found {
            Found::Ticket { renew } => renew || state.is_half_over(now),
            Found::Id => false,
        };
        fx.learn(Fact::Resumed);
        // RFC 6066 §3: no server_name in the ServerHello that resumes a session.
        let hello = Hello {
            alpn,
            named: false,
            status: false,
            scts: None,
            lengths: Lengths::choose(offer, config),
        };
        answer(&mut agreed, offer, &hello, env, fx)?;
        if matches!(found, Found::Ticket { .. }) {
            // A mere echo: it names no session of ours (RFC 5077 §3.4).
            agreed.keep.session_id = SessionId::new();
        }
        agreed.limit_records(hello.lengths, state.max_fragment_length, env, fx);
        agreed.exchange_of_session(state.exchange, fx);
        if let Some(index) = keypair_of(&state, config) {
            fx.learn(Fact::LocalKeypair(index));
        }
        if !state.peer_chain.is_empty() {
            agreed.peer_chain(state.peer_chain.clone(), fx);
        }
        if let Some(path) = &state.verified_chain {
            agreed.verified_chain(path.clone(), fx);
        }
        if let Some(identity) = &state.psk_identity {
            agreed.psk_identity(identity.clone(), fx);
        }
        agreed.hash_transcript();
        let master = agreed.master_of_session(&state.master_secret);
        let secrets = Secrets::new(&agreed, master, fx);
        if agreed.keep.ticket {
            state.issued = now;
            state.lifetime = config.sessions.lifetime();
            state = state.within_its_proofs();
            send_ticket(&mut agreed, Some(&state), env, fx);
        }
        send_finished(&mut agreed, &secrets, env, fx)?;
        let agreed = Box::new(agreed);
        Ok(Server12::ClientCcs(ExpectClientCcs::resumed(
            agreed, secrets, client,
        )))
    }
}

/// The certificate that the session's full handshake showed, as long as it is among ours.
fn keypair_of(state: &SessionState, config: &Config) -> Option<usize> {
    let shown = state.exchange.certificate?;
    let ours = config.keypairs.iter();
    ours.map(|k| k.leaf_digest())
        .position(|digest| digest == Some(shown))
}

/// The question for the pre-shared key of a session that was made with one, where all else about it
/// holds: a key that was taken back, or replaced, takes its sessions along.
pub(super) fn key_question(
    state: &SessionState,
    offer: &Offer,
    config: &Config,
) -> Option<Question> {
    let keys = config.psk.clone().filter(|_| state.suite.kx.row().psk)?;
    let identity = state.psk_identity.clone()?;
    apart_from_binding(state, offer, config)
        .is_none()
        .then_some(Question::PskForIdentity { keys, identity })
}

/// What of that under which a session was made no longer holds; `None`: it fits. `key`: the client's
/// pre-shared key, where the session has one and it is still there.
pub(super) fn obstacle(
    state: &SessionState,
    offer: &Offer,
    config: &Config,
    key: Option<&Secret>,
) -> Option<&'static str> {
    let binding = config.server_binding();
    let binding = match state.suite.kx.row().psk {
        true => binding.and_then(|binding| config.bind_key(binding, key?)),
        false => binding,
    };
    let text = match state.suite.kx.row().psk {
        true => "it was made with another shared key, policy, or demands on clients",
        false => "it was made under another policy, or under other demands on clients",
    };
    apart_from_binding(state, offer, config).or((binding != Some(state.binding)).then_some(text))
}

fn same_name(one: Option<&str>, other: Option<&str>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
        (one, other) => one == other,
    }
}

/// Time, context, the host name (RFC 6066 §3), or a suite that both sides still have and would not
/// exchange for one they like more.
fn apart_from_binding(
    state: &SessionState,
    offer: &Offer,
    config: &Config,
) -> Option<&'static str> {
    let id = state.suite.id;
    match () {
        () if !state.is_fresh(config.clock.now().as_secs()) => Some("its time is over"),
        () if state.context != config.sessions.context_id => Some("it has another context ID"),
        () if !same_name(state.server_name.as_deref(), offer.server_name.as_deref()) => {
            Some("it is for another host name")
        }
        // RFC 6066 §4: it holds for the session.
        () if offer.max_fragment_length.is_some()
            && state.max_fragment_length.is_some()
            && offer.max_fragment_length != state.max_fragment_length =>
        {
            Some("it has another max_fragment_length")
        }
        () if !offer.suites.contains(&id) => Some("the client no longer offers its suite"),
        () if !config.server_suites().any(|s| s.id == id) => Some("its suite is no longer ours"),
        () if negotiate::prefers_another(config, offer, state.suite) => {
            Some("both sides have a suite that we like more")
        }
        () => None,
    }
}
