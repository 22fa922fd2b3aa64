use crate::crypto::Answer;
use crate::record::RawMessage;
use std::borrow::Cow;

/// What a step is given.
pub(crate) enum Input<'a> {
    /// We begin: a client with its hello, a server that is established with a request for one.
    Start,
    /// A whole handshake message.
    Message(RawMessage<'a>),
    /// A ChangeCipherSpec, at a message boundary.
    ChangeCipherSpec,
    /// The answer to the question asked last.
    Answer(Answer),
    /// The peer's warning that it will not renegotiate.
    NoRenegotiation,
}

impl Input<'_> {
    /// What it is, for error sentences.
    pub(crate) fn kind(&self) -> Cow<'static, str> {
        match self {
            Self::Start => "the start".into(),
            Self::Message(m) => match m.typ.name() {
                Some(name) => name.into(),
                None => format!("a handshake message of unknown type {}", m.typ.0).into(),
            },
            Self::ChangeCipherSpec => "ChangeCipherSpec".into(),
            Self::Answer(_) => "an answer".into(),
            Self::NoRenegotiation => "a refusal to renegotiate".into(),
        }
    }
}
