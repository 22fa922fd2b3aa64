use crate::crypto::{AnswerKind, Suite};
use crate::error::Error;
use crate::wire::{AlertDescription, AlertLevel, ContentType, HandshakeType, ProtocolVersion};
use std::borrow::Cow;

/// Which way something went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From us to the peer.
    Sent,
    /// From the peer to us.
    Received,
}

/// Something that was chosen, from what, and why. Only made where somebody looks on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What was decided: "cipher suite", "group", "signature scheme", "certificate", "protocol",
    /// "session".
    pub what: &'static str,
    /// What was chosen; `None`: none of them.
    pub chosen: Option<String>,
    /// From what, in the order of preference of whoever decided; cut behind [`Decision::MAX`].
    pub candidates: Vec<String>,
    /// Why.
    pub reason: Cow<'static, str>,
}

impl Decision {
    /// Most candidates that are told: a peer may offer thousands.
    pub const MAX: usize = 64;

    /// Of candidates that can be shown.
    pub fn new<T: ToString>(
        what: &'static str,
        chosen: Option<String>,
        candidates: impl IntoIterator<Item = T>,
        reason: impl Into<Cow<'static, str>>,
    ) -> Self {
        let candidates = candidates.into_iter().take(Self::MAX);
        Self {
            what,
            chosen,
            candidates: candidates.map(|c| c.to_string()).collect(),
            reason: reason.into(),
        }
    }
}

/// What happens on a connection, in the order in which it happens. No event holds a secret: nothing of
/// what is protected (but for [`Observer::danger_sees_protected`]), and of messages in the clear only what everybody
/// on the way could read.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A record was sealed, or opened.
    Record {
        /// Which way.
        direction: Direction,
        /// Its type.
        content_type: ContentType,
        /// The version in its header.
        version: ProtocolVersion,
        /// Bytes on the way, its header apart.
        wire_len: usize,
        /// Bytes of its contents.
        len: usize,
        /// Whether keys protect it.
        protected: bool,
    },
    /// A whole handshake message. A received one is told before it is looked at.
    Message {
        /// Which way.
        direction: Direction,
        /// Its type.
        typ: HandshakeType,
        /// Bytes of its body.
        len: usize,
        /// The body, where it travels in the clear, or the observer sees what does not.
        body: Option<&'a [u8]>,
    },
    /// Everything in this direction is protected with new keys from here on.
    Keys {
        /// Which way.
        direction: Direction,
        /// The suite.
        suite: &'static Suite,
    },
    /// Something was chosen.
    Decision(&'a Decision),
    /// The application was asked.
    Question {
        /// For what.
        kind: AnswerKind,
        /// It has not answered yet.
        waits: bool,
    },
    /// The answer that was waited for is there.
    Answer {
        /// To what.
        kind: Option<AnswerKind>,
    },
    /// An alert.
    Alert {
        /// Which way.
        direction: Direction,
        /// Its level.
        level: AlertLevel,
        /// What it says.
        description: AlertDescription,
    },
    /// Handshake messages in one direction are complete: the other side speaks now, or the handshake
    /// is over.
    Flight {
        /// Which way.
        direction: Direction,
        /// How many messages.
        messages: u32,
        /// Microseconds since the flight before it, or since the first event: the peer's time and the
        /// way's for a received one, our own for one that is sent.
        micros: u64,
    },
    /// A handshake is complete.
    Established {
        /// It resumed a session.
        resumed: bool,
        /// It was not the first one.
        renegotiated: bool,
    },
    /// The connection ended with an error: its family says who is to blame.
    Failed(&'a Error),
}

/// Looks on at one connection.
pub trait Observer: Send + Sync {
    /// Called by the connection's thread, in the middle of its work: briefly, and without a call on
    /// the connection.
    fn event(&mut self, event: Event<'_>);

    /// Microseconds on a clock that never goes back, from any beginning: the connection has none of
    /// its own. Called once or twice a flight.
    fn micros(&mut self) -> u64 {
        0
    }

    /// DANGER: whether bodies of messages are shown to it that keys protect, too: each Finished, and everything of
    /// a renegotiation, clients' certificates among it.
    fn danger_sees_protected(&self) -> bool {
        false
    }
}

/// Where a configuration's connections get their observers.
pub trait Observers: Send + Sync + core::fmt::Debug {
    /// An observer for a connection that begins; `None`: nobody looks on at this one.
    fn observe(&self, client: bool) -> Option<Box<dyn Observer>>;
}
