//! Runs a connection over a stream and checks what must hold whatever the peer says.

use crate::input::Input;
use core::mem::MaybeUninit;
use tls_core::conn::{Connection, Stop};
use tls_core::error::{Direction, Error};

/// Most bytes that the connection may say without an end: a flight of ours is a few kilobytes, and
/// every answer to the peer's questions is bounded in number.
const MAX_SAID: usize = 1 << 20;

struct Watch {
    conn: Connection,
    said: usize,
    fatal_alerts: usize,
    error: Option<Error>,
    established: bool,
}

pub(crate) fn drive(conn: Connection, stream: &[u8], input: &Input<'_>) {
    let mut watch = Watch {
        conn,
        said: 0,
        fatal_alerts: 0,
        error: None,
        established: false,
    };
    let piece = match input.piece {
        0 => stream.len().max(1),
        n => usize::from(n),
    };
    let mut verbs = input.verbs;
    watch.settle(verbs);
    let mut rest = stream;
    while !rest.is_empty() && !watch.conn.is_failed() {
        let n = watch.conn.feed(&rest[..piece.min(rest.len())]);
        rest = &rest[n..];
        let progress = watch.settle(verbs);
        verbs = verbs.rotate_left(1);
        if n == 0 && !progress {
            // Behind a close_notify, the peer's or ours in the handshake, nothing is taken any more.
            let facts = watch.conn.facts();
            assert!(facts.close_received || facts.close_sent, "stuck");
            watch.conn.take_unread();
            break;
        }
    }
    watch.conn.transport_eof();
    watch.settle(0);
    watch.end();
}

impl Watch {
    /// Calls verbs until nothing moves; whether anything did.
    fn settle(&mut self, verbs: u8) -> bool {
        let mut moved = false;
        for round in 0.. {
            assert!(round < 1 << 16, "no end");
            let mut out = [MaybeUninit::uninit(); 700];
            let size = if verbs & 1 == 0 { out.len() } else { 3 };
            let read = self.conn.read(&mut out[..size]);
            self.check();
            if let Ok(n) = read {
                assert!(n <= size);
                assert!(self.established, "data before the handshake is complete");
            }
            if verbs & 0x80 != 0 && self.established && read.is_ok_and(|n| n > 0) {
                let _written = self.conn.write(b"echo");
                self.check();
            }
            if verbs & 0x7e == 0x7e {
                let _closed = self.conn.close();
                self.check();
            }
            match read {
                Ok(0) => return moved,
                Ok(_) => moved = true,
                // The keys here answer in time; a question that is asked is answered.
                Err(Stop::WantApp) => moved = true,
                Err(Stop::WantRead | Stop::WantWrite | Stop::Failed) => return moved,
            }
        }
        moved
    }

    /// After every call.
    fn check(&mut self) {
        self.listen();
        if self.conn.is_failed() {
            let error = self.conn.error().expect("a failed connection knows why");
            match &self.error {
                None => self.error = Some(error.clone()),
                Some(first) => assert_eq!(error, first, "the error changed"),
            }
        }
        assert!(self.conn.is_established() || !self.established || self.conn.is_failed());
        self.established |= self.conn.is_established();
    }

    /// Everything that is said is whole records, and nothing is said after a fatal alert.
    fn listen(&mut self) {
        let bytes = self.conn.outgoing().to_vec();
        self.conn.sent(bytes.len());
        assert!(self.conn.outgoing().is_empty());
        if self.error.is_some() {
            assert!(bytes.is_empty(), "a word after the last");
        }
        self.said += bytes.len();
        assert!(self.said < MAX_SAID, "the connection does not stop to talk");
        let mut rest = &bytes[..];
        while let [typ, 3, minor, a, b, more @ ..] = rest {
            // An alert before the version is agreed on has the peer's, from 1.0 to 1.2.
            assert!((20..=23).contains(typ) && (1..=3).contains(minor));
            let len = usize::from(u16::from_be_bytes([*a, *b]));
            assert!(0 < len && len <= (1 << 14) + 2048 && len <= more.len());
            self.fatal_alerts += usize::from(*typ == 21 && more[0] == 2 && len == 2);
            rest = &more[len..];
        }
        assert!(rest.is_empty(), "half a record");
        assert!(self.fatal_alerts <= 1);
    }

    fn end(mut self) {
        for _ in 0..2 {
            let _handshake = self.conn.handshake();
            self.check();
        }
        let closed = self.conn.facts().close_received && self.established;
        assert!(
            closed || self.error.is_some() || self.conn.facts().close_sent,
            "an end of file without an error: {:?}",
            self.conn
        );
        if let Some(error) = &self.error {
            let sent = matches!(error.alert(), Some((_, Direction::Sent)));
            assert!(sent || self.fatal_alerts == 0);
            assert!(
                !self.conn.holds_buffer(),
                "a failed connection keeps a buffer"
            );
        }
    }
}
