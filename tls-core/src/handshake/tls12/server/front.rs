//! What a server decides before it answers a ClientHello. Each decision is a function that goes on
//! with the next one, or asks a question and becomes the state that waits for its answer.
//!
//! ```text
//!   ClientHello  (what the application makes of it)  (the session, if there is one)  full or resumed
//! ```

use super::{Server12, server_hello};
use crate::error::Result;
use crate::handshake::Env;
use crate::handshake::effect::Effects;
use crate::handshake::hello::Greeting;

/// A ClientHello came. This is where an application's say in it comes in, before anything is
/// looked up or chosen.
pub(crate) fn greeted(greeting: Box<Greeting>, env: Env<'_>, fx: &mut Effects) -> Result<Server12> {
    look_up(greeting, env, fx)
}

/// Whether the client has a session with us. Nothing is kept so far: every handshake is a full one.
fn look_up(greeting: Box<Greeting>, env: Env<'_>, fx: &mut Effects) -> Result<Server12> {
    full(*greeting, env, fx)
}

/// A full handshake: what to answer with, and the answer.
fn full(greeting: Greeting, env: Env<'_>, fx: &mut Effects) -> Result<Server12> {
    server_hello::server_hello(&greeting.offer, greeting.transcript, env, fx)
}
