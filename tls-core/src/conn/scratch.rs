//! What a handshake works with. Between handshakes there is none of it.

use super::Connection;
use crate::handshake::{Derived, Effects};
use crate::record::Joiner;

/// Buffers, and what is known but does not hold yet. Made when the first handshake byte comes or goes, used by
/// every step, dropped with the handshake.
#[derive(Default)]
pub(super) struct Scratch {
    pub(super) joiner: Joiner,
    /// Empty between steps; what it has of memory serves them all.
    pub(super) effects: Effects,
    /// The secrets of the handshake that goes on.
    pub(super) derived: Option<Derived>,
}

impl Connection {
    pub(super) fn scratch(&mut self) -> &mut Scratch {
        self.scratch.get_or_insert_default()
    }

    /// Whether a part of a handshake message waits for the rest, or a whole one for its turn.
    pub(super) fn joins(&self) -> bool {
        self.scratch.as_ref().is_some_and(|s| !s.joiner.is_empty())
    }

    /// Gives it back, if nothing needs it.
    pub(super) fn tidy(&mut self) {
        if !self.is_handshaking() && !self.joins() {
            self.scratch = None;
        }
    }
}
