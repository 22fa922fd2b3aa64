use crate::crypto::Answer;
use crate::record::RawMessage;
use std::borrow::Cow;

/// What a step is given.
pub(crate) enum Input<'a> {
    /// A client begins.
    Start,
    /// A whole handshake message.
    Message(RawMessage<'a>),
    /// A ChangeCipherSpec, at a message boundary.
    ChangeCipherSpec,
    /// The answer to the question asked last.
    Answer(Answer),
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
        }
    }
}
