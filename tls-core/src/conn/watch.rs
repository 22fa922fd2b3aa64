//! Telling an observer. Nobody listening costs one test.

use super::{Connection, Role};
use crate::crypto::Suite;
use crate::error::Error;
use crate::inspect::{Direction, Event, Observer};
use crate::record::{MESSAGE_HEADER_LEN, RecordHeader};
use crate::wire::{ContentType, HandshakeType, ProtocolVersion};

/// An observer, and how far the flight has come.
pub(super) struct Watch {
    observer: Box<dyn Observer>,
    flight: Option<(Direction, u32)>,
    /// When the flight before this one ended.
    since: u64,
    /// Whether records in these directions are protected.
    sending_protected: bool,
    receiving_protected: bool,
    suite: Option<&'static Suite>,
}

impl Watch {
    pub(super) fn tell(&mut self, event: Event<'_>) {
        self.observer.event(event);
    }

    fn protected(&mut self, direction: Direction) -> &mut bool {
        match direction {
            Direction::Sent => &mut self.sending_protected,
            Direction::Received => &mut self.receiving_protected,
        }
    }

    fn message(&mut self, direction: Direction, encoded: &[u8]) {
        // RFC 5246 §7.4.1.1: a HelloRequest belongs to no handshake.
        let typ = HandshakeType(encoded[0]);
        if typ != HandshakeType::HELLO_REQUEST {
            self.count(direction);
        }
        let body = &encoded[MESSAGE_HEADER_LEN..];
        let shown = !*self.protected(direction) || self.observer.danger_sees_protected();
        self.tell(Event::Message {
            direction,
            typ,
            len: body.len(),
            body: shown.then_some(body),
        });
    }

    fn count(&mut self, direction: Direction) {
        match &mut self.flight {
            Some((now, messages)) if *now == direction => *messages += 1,
            _ => {
                self.end_flight();
                self.flight = Some((direction, 1));
            }
        }
    }

    fn end_flight(&mut self) {
        let Some((direction, messages)) = self.flight.take() else {
            return;
        };
        let now = self.observer.micros();
        let micros = now.saturating_sub(self.since);
        self.since = now;
        self.tell(Event::Flight {
            direction,
            messages,
            micros,
        });
    }

    /// A ChangeCipherSpec is no message, and a part of its flight.
    fn turn(&mut self, direction: Direction, content_type: ContentType) {
        let other = |(now, _): (Direction, u32)| now != direction;
        if content_type == ContentType::CHANGE_CIPHER_SPEC && self.flight.is_some_and(other) {
            self.end_flight();
        }
    }

    pub(super) fn sent_records(&mut self, sent: &SentRun<'_>) {
        self.turn(Direction::Sent, sent.content_type);
        let protected = *self.protected(Direction::Sent);
        let mut rest = sent.len;
        loop {
            let len = rest.min(sent.fragment);
            self.tell(Event::Record {
                direction: Direction::Sent,
                content_type: sent.content_type,
                version: sent.version,
                wire_len: (sent.wire_len)(len),
                len,
                protected,
            });
            rest -= len;
            if rest == 0 {
                break;
            }
        }
    }

    pub(super) fn received_record(&mut self, header: RecordHeader, wire_len: usize, len: usize) {
        self.turn(Direction::Received, header.content_type);
        let protected = *self.protected(Direction::Received);
        self.tell(Event::Record {
            direction: Direction::Received,
            content_type: header.content_type,
            version: header.version,
            wire_len,
            len,
            protected,
        });
    }
}

/// Records that were sealed together.
pub(super) struct SentRun<'a> {
    pub(super) content_type: ContentType,
    pub(super) version: ProtocolVersion,
    pub(super) len: usize,
    /// Most of them in one record.
    pub(super) fragment: usize,
    /// Bytes on the way of a record with so many, its header apart.
    pub(super) wire_len: &'a dyn Fn(usize) -> usize,
}

impl Connection {
    /// Whether anybody looks on, and who.
    pub(super) fn watch(role: Role, config: &crate::config::Config) -> Option<Box<Watch>> {
        let observers = config.observers.as_ref()?;
        let mut observer = observers.observe(role == Role::Client)?;
        let since = observer.micros();
        Some(Box::new(Watch {
            observer,
            flight: None,
            since,
            sending_protected: false,
            receiving_protected: false,
            suite: None,
        }))
    }

    pub(super) fn tell(&mut self, event: Event<'_>) {
        if let Some(watch) = &mut self.watch {
            watch.tell(event);
        }
    }

    pub(super) fn tell_received(&mut self, header: RecordHeader, wire_len: usize, len: usize) {
        if let Some(watch) = &mut self.watch {
            watch.received_record(header, wire_len, len);
        }
    }

    pub(super) fn tell_message(&mut self, direction: Direction, encoded: &[u8]) {
        // Nothing goes out behind our close_notify.
        if let Some(watch) = &mut self.watch
            && (direction == Direction::Received || !self.facts.close_sent)
        {
            watch.message(direction, encoded);
        }
    }

    /// The suite of the keys is the one that was learned last.
    pub(super) fn tell_keys(&mut self, direction: Direction) {
        if self.watch.is_none() {
            return;
        }
        let suite = self.learning().suite;
        if let Some(watch) = &mut self.watch {
            watch.suite = suite.or(watch.suite);
            *watch.protected(direction) = true;
            if let Some(suite) = watch.suite {
                watch.tell(Event::Keys { direction, suite });
            }
        }
    }

    pub(super) fn tell_established(&mut self, renegotiated: bool) {
        let resumed = self.facts.resumed;
        if let Some(watch) = &mut self.watch {
            watch.end_flight();
            watch.tell(Event::Established {
                resumed,
                renegotiated,
            });
        }
    }

    pub(super) fn tell_failed(&mut self, error: &Error) {
        if let Some(watch) = &mut self.watch {
            watch.end_flight();
            watch.tell(Event::Failed(error));
        }
    }
}
