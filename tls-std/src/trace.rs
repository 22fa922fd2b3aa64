//! Traces: the events of connections as lines of JSON.

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use tls_core::error::{Direction as AlertDirection, Error, Family};
use tls_core::inspect::{Decision, Direction, Event, Observer, Observers};

/// The version of the lines, their member "v". Members may be added within a version; none changes
/// its meaning or goes.
pub const TRACE_VERSION: u32 = 1;

/// Where lines go. Called by any thread that drives a connection, also by several at once; a line
/// has no line feed.
pub trait TraceSink: Send + Sync {
    /// One event of one connection.
    fn line(&self, line: &str);
}

/// Makes lines of JSON of the events of a context's connections.
///
/// Every line is one object with "v" (the version, 1), "conn" (a number of the connection, from 1,
/// counted for each context), "t" (microseconds since the connection began) and "event". No line holds
/// a secret. The events and their other members:
///
/// - `begin`: role ("client", "server");
/// - `record`: dir ("sent", "received"), type, version, wire (bytes behind the header), len (bytes of
///   its contents), protected;
/// - `message`: dir, type, len (bytes of its body);
/// - `keys`: dir, cipher;
/// - `decision`: what, chosen (or null), candidates, reason;
/// - `question`: kind, waits; `answer`: kind;
/// - `alert`: dir, level, alert, number;
/// - `flight`: dir, messages, micros (since the flight before);
/// - `established`: resumed, renegotiated;
/// - `failed`: error (its number), name, text, blame ("peer", "application", "transport", "nobody",
///   "library"), alert and dir (null where none belongs to it).
pub(crate) struct JsonTrace {
    sink: Arc<dyn TraceSink>,
    connections: AtomicU64,
}

impl JsonTrace {
    pub(crate) fn new(sink: Arc<dyn TraceSink>) -> Self {
        Self {
            sink,
            connections: AtomicU64::new(0),
        }
    }
}

impl core::fmt::Debug for JsonTrace {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("JsonTrace")
    }
}

impl Observers for JsonTrace {
    fn observe(&self, client: bool) -> Option<Box<dyn Observer>> {
        let one = JsonObserver {
            sink: self.sink.clone(),
            connection: self.connections.fetch_add(1, Ordering::Relaxed) + 1,
            begun: Instant::now(),
        };
        let role = if client { "client" } else { "server" };
        one.tell("begin", |line| member(line, "role", &Text(role)));
        Some(Box::new(one))
    }
}

struct JsonObserver {
    sink: Arc<dyn TraceSink>,
    connection: u64,
    begun: Instant,
}

impl JsonObserver {
    fn elapsed(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    fn tell(&self, event: &str, members: impl FnOnce(&mut String)) {
        let mut line = String::with_capacity(160);
        let (connection, elapsed) = (self.connection, self.elapsed());
        let _infallible = write!(
            line,
            "{{\"v\":{TRACE_VERSION},\"conn\":{connection},\"t\":{elapsed},\"event\":\"{event}\""
        );
        members(&mut line);
        line.push('}');
        self.sink.line(&line);
    }

    fn decision(&self, decision: &Decision) {
        self.tell("decision", |line| {
            member(line, "what", &Text(decision.what));
            match &decision.chosen {
                Some(chosen) => member(line, "chosen", &Text(chosen)),
                None => member(line, "chosen", &"null"),
            }
            line.push_str(",\"candidates\":[");
            for (i, candidate) in decision.candidates.iter().enumerate() {
                let comma = if i == 0 { "" } else { "," };
                let _infallible = write!(line, "{comma}{}", Text(candidate));
            }
            line.push(']');
            member(line, "reason", &Text(&decision.reason));
        });
    }

    fn failed(&self, error: &Error) {
        self.tell("failed", |line| {
            let reason = error.reason();
            member(line, "error", &(reason as u16));
            member(line, "name", &Text(reason.name()));
            member(line, "text", &Text(error.text()));
            member(line, "blame", &Text(blame(reason.family())));
            match error.alert() {
                Some((alert, direction)) => {
                    let dir = match direction {
                        AlertDirection::Sent => Direction::Sent,
                        AlertDirection::Received => Direction::Received,
                    };
                    member(line, "alert", &Text(&alert.to_string()));
                    member(line, "dir", &Text(way(dir)));
                }
                None => {
                    member(line, "alert", &"null");
                    member(line, "dir", &"null");
                }
            }
        });
    }
}

impl JsonObserver {
    /// What went over the wire.
    fn passed(&self, event: Event<'_>) {
        match event {
            Event::Record {
                direction,
                content_type,
                version,
                wire_len,
                len,
                protected,
            } => self.tell("record", |line| {
                member(line, "dir", &Text(way(direction)));
                member(line, "type", &Text(&content_type.to_string()));
                member(line, "version", &Text(&version.to_string()));
                member(line, "wire", &wire_len);
                member(line, "len", &len);
                member(line, "protected", &protected);
            }),
            Event::Message {
                direction,
                typ,
                len,
                ..
            } => self.tell("message", |line| {
                member(line, "dir", &Text(way(direction)));
                member(line, "type", &Text(&typ.to_string()));
                member(line, "len", &len);
            }),
            Event::Alert {
                direction,
                level,
                description,
            } => self.tell("alert", |line| {
                member(line, "dir", &Text(way(direction)));
                member(line, "level", &Text(&level.to_string()));
                member(line, "alert", &Text(&description.to_string()));
                member(line, "number", &description.0);
            }),
            Event::Flight {
                direction,
                messages,
                micros,
            } => self.tell("flight", |line| {
                member(line, "dir", &Text(way(direction)));
                member(line, "messages", &messages);
                member(line, "micros", &micros);
            }),
            _ => {}
        }
    }
}

impl Observer for JsonObserver {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Record { .. }
            | Event::Message { .. }
            | Event::Alert { .. }
            | Event::Flight { .. } => self.passed(event),
            Event::Keys { direction, suite } => self.tell("keys", |line| {
                member(line, "dir", &Text(way(direction)));
                member(line, "cipher", &Text(suite.openssl_name));
            }),
            Event::Decision(decision) => self.decision(decision),
            Event::Question { kind, waits } => self.tell("question", |line| {
                member(line, "kind", &Text(&format!("{kind:?}")));
                member(line, "waits", &waits);
            }),
            Event::Answer { kind } => self.tell("answer", |line| match kind {
                Some(kind) => member(line, "kind", &Text(&format!("{kind:?}"))),
                None => member(line, "kind", &"null"),
            }),
            Event::Established {
                resumed,
                renegotiated,
            } => self.tell("established", |line| {
                member(line, "resumed", &resumed);
                member(line, "renegotiated", &renegotiated);
            }),
            Event::Failed(error) => self.failed(error),
            // What a later tls-core tells has no line in this version.
            _ => {}
        }
    }

    fn micros(&mut self) -> u64 {
        self.elapsed()
    }
}

fn way(direction: Direction) -> &'static str {
    match direction {
        Direction::Sent => "sent",
        Direction::Received => "received",
    }
}

fn blame(family: Family) -> &'static str {
    match family {
        Family::Misuse => "application",
        Family::Transport => "transport",
        Family::Malformed | Family::Misbehaved | Family::Certificate | Family::PeerAlert => "peer",
        Family::Incompatible => "nobody",
        Family::Internal => "library",
    }
}

fn member(line: &mut String, name: &str, value: &dyn core::fmt::Display) {
    let _infallible = write!(line, ",\"{name}\":{value}");
}

/// A JSON string (RFC 8259 §7): what a peer says may hold anything.
struct Text<'a>(&'a str);

impl core::fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_char('"')?;
        for c in self.0.chars() {
            match c {
                '"' => f.write_str("\\\"")?,
                '\\' => f.write_str("\\\\")?,
                c if c.is_control() => write!(f, "\\u{:04x}", u32::from(c))?,
                c => f.write_char(c)?,
            }
        }
        f.write_char('"')
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn texts() {
        assert_eq!(
            Text("a\"b\\c\n\0\u{7f}ä").to_string(),
            r#""a\"b\\c\u000a\u0000\u007fä""#
        );
        assert_eq!(Text("").to_string(), "\"\"");
    }
}
