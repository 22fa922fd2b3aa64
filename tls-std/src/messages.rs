//! What the handshake protocol says, byte by byte, for those who print it.

use crate::trace::JsonTrace;
use core::fmt;
use std::sync::Arc;
use tls_core::inspect::{Direction, Event, Observer, Observers};
use tls_core::wire::{AlertDescription, AlertLevel, ContentType, ProtocolVersion};

/// Part of the record protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// The header of a record, 5 bytes.
    RecordHeader,
    /// What records of this type hold: a whole handshake message with its header of 4 bytes, an alert
    /// (2 bytes), a ChangeCipherSpec (1 byte). Application data is not shown.
    Of(ContentType),
}

/// Where messages go. Called by any thread that drives a connection, also by several at once: briefly, and
/// without a call on the connection.
pub trait MessageSink: Send + Sync {
    /// What was sent or received, in the order of the wire and as it is before protection; `version` is that of the
    /// record around it.
    fn message(
        &self,
        direction: Direction,
        content: Content,
        version: ProtocolVersion,
        bytes: &[u8],
    );
}

/// Who looks on at a context's connections.
#[derive(Clone, Default)]
pub(crate) struct Lookers {
    pub(crate) trace: Option<Arc<JsonTrace>>,
    pub(crate) messages: Option<Arc<dyn MessageSink>>,
}

impl Lookers {
    /// `None`: nobody.
    pub(crate) fn observers(&self) -> Option<Arc<dyn Observers>> {
        match (&self.trace, &self.messages) {
            (None, None) => None,
            (Some(trace), None) => Some(trace.clone()),
            _ => Some(Arc::new(self.clone())),
        }
    }
}

impl fmt::Debug for Lookers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lookers")
    }
}

impl Observers for Lookers {
    fn observe(&self, client: bool) -> Option<Box<dyn Observer>> {
        let trace = self.trace.as_ref().and_then(|trace| trace.observe(client));
        let messages = self.messages.clone().map(Messages::new);
        Some(Box::new(Both { trace, messages }))
    }
}

struct Both {
    trace: Option<Box<dyn Observer>>,
    messages: Option<Messages>,
}

impl Observer for Both {
    fn event(&mut self, event: Event<'_>) {
        if let Some(trace) = &mut self.trace {
            trace.event(event);
        }
        if let Some(messages) = &mut self.messages {
            messages.event(event);
        }
    }

    fn micros(&mut self) -> u64 {
        self.trace.as_mut().map_or(0, |trace| trace.micros())
    }

    fn danger_sees_protected(&self) -> bool {
        self.messages.is_some()
    }
}

/// Messages of one connection.
struct Messages {
    sink: Arc<dyn MessageSink>,
    version: ProtocolVersion,
    /// What is sent is told before its record is made, and shown behind that record's header.
    held: Option<(ContentType, Vec<u8>)>,
}

impl Messages {
    fn new(sink: Arc<dyn MessageSink>) -> Self {
        Self {
            sink,
            version: ProtocolVersion::TLS12,
            held: None,
        }
    }

    fn show(&self, direction: Direction, content_type: ContentType, bytes: &[u8]) {
        let content = Content::Of(content_type);
        self.sink.message(direction, content, self.version, bytes);
    }

    fn tell(&mut self, direction: Direction, content_type: ContentType, bytes: Vec<u8>) {
        match direction {
            Direction::Sent => self.held = Some((content_type, bytes)),
            Direction::Received => self.show(direction, content_type, &bytes),
        }
    }

    fn record(&mut self, direction: Direction, content_type: ContentType, wire_len: usize) {
        let [major, minor] = self.version.0.to_be_bytes();
        let [high, low] = u16::try_from(wire_len).unwrap_or(u16::MAX).to_be_bytes();
        let header = [content_type.0, major, minor, high, low];
        self.sink
            .message(direction, Content::RecordHeader, self.version, &header);
        if content_type == ContentType::CHANGE_CIPHER_SPEC {
            self.show(direction, content_type, &[1]);
        }
        let due = |held: &mut (ContentType, Vec<u8>)| {
            direction == Direction::Sent && held.0 == content_type
        };
        if let Some((content_type, bytes)) = self.held.take_if(due) {
            self.show(direction, content_type, &bytes);
        }
    }

    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Record {
                direction,
                content_type,
                version,
                wire_len,
                ..
            } => {
                self.version = version;
                self.record(direction, content_type, wire_len);
            }
            Event::Message {
                direction,
                typ,
                body: Some(body),
                ..
            } => {
                // A length of three bytes: RFC 5246 §7.4.
                let len = u32::try_from(body.len()).unwrap_or(0).to_be_bytes();
                let encoded = [&[typ.0], &len[1..], body].concat();
                self.tell(direction, ContentType::HANDSHAKE, encoded);
            }
            Event::Alert {
                direction,
                level,
                description,
            } => {
                let (AlertLevel(level), AlertDescription(description)) = (level, description);
                self.tell(direction, ContentType::ALERT, vec![level, description]);
            }
            _ => {}
        }
    }
}
