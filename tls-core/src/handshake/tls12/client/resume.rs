use super::super::agreed::Agreed;
use super::Client12;
use super::finished::{Authenticated, Ending};
use crate::error::{Error, Reason, Result};
use crate::handshake::Env;
use crate::handshake::effect::{Effects, Fact};
use crate::handshake::proof::PeerProof;
use crate::session::ClientSession;
use std::sync::Arc;

/// The server resumes our session (RFC 5246 §7.3, figure 2): it must be the same suite and the same
/// kind of master secret.
pub(super) fn resume(
    session: Arc<ClientSession>,
    mut agreed: Agreed,
    env: Env<'_>,
    fx: &mut Effects,
) -> Result<Client12> {
    check(&session, &agreed)?;
    let state = &session.state;
    if let Some(previous) = env.previous {
        previous.check_server(&state.peer_chain)?;
    }
    fx.learn(Fact::Resumed);
    if !session.id.is_empty() {
        fx.learn(Fact::SessionId(session.id.clone()));
    }
    agreed.exchange_of_session(state.exchange, fx);
    agreed.peer_chain(state.peer_chain.clone(), fx);
    if let Some(path) = &state.verified_chain {
        agreed.verified_chain(path.clone(), fx);
    }
    if let Some(identity) = &state.psk_identity {
        agreed.psk_identity(identity.clone(), fx);
    }
    if let Some(response) = &state.ocsp_response {
        agreed.ocsp_response(response.clone(), fx);
    }
    if let Some(list) = &state.scts {
        agreed.scts(list.clone(), fx);
    }
    agreed.hash_transcript();
    let master = agreed.master_of_session(&state.master_secret);
    let proofs = Authenticated {
        peer: PeerProof::by_session(&session),
        possession: None,
    };
    Ok(Ending::new(Box::new(agreed), master, proofs, Some(session), fx).next())
}

fn check(session: &ClientSession, agreed: &Agreed) -> Result<()> {
    let state = &session.state;
    if state.suite.id != agreed.suite.id {
        return Err(Error::with(
            Reason::SessionSuiteChanged,
            format!(
                "the session has the suite {}, the server resumed it with {}",
                state.suite.name, agreed.suite.name
            ),
        ));
    }
    // RFC 7627 §5.3
    match (state.extended_master_secret, agreed.extended_master_secret) {
        (true, false) => Err(Reason::ResumedWithoutEms.into()),
        (false, true) => Err(Reason::ResumedWithEms.into()),
        (true, true) | (false, false) => Ok(()),
    }
}
