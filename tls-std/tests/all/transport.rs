//! The loop between a connection and its transport, over transports that are slow, odd or wrong.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::*;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tls_std::transport::{Transfer, Transport, TransportError, Want};
use tls_std::{Connection, Reason, Stop, Wants};

type Pipe = Arc<Mutex<VecDeque<u8>>>;

/// One end of two pipes in memory.
struct Memory {
    from: Pipe,
    to: Pipe,
    /// Most bytes that one call moves.
    step: usize,
    /// Most bytes that wait in a pipe.
    room: usize,
    calls: Arc<Mutex<(usize, usize)>>,
}

impl Transport for Memory {
    fn read(&mut self, buf: &mut [u8]) -> Transfer {
        assert!(!buf.is_empty());
        self.calls.lock().unwrap().0 += 1;
        let mut from = self.from.lock().unwrap();
        let n = from.len().min(buf.len()).min(self.step);
        if n == 0 {
            return Transfer::Blocked(Want::Read);
        }
        for (to, from) in buf.iter_mut().zip(from.drain(..n)) {
            *to = from;
        }
        Transfer::Bytes(n)
    }

    fn write(&mut self, buf: &[u8]) -> Transfer {
        assert!(!buf.is_empty());
        self.calls.lock().unwrap().1 += 1;
        let mut to = self.to.lock().unwrap();
        let n = (self.room - to.len()).min(buf.len()).min(self.step);
        if n == 0 {
            return Transfer::Blocked(Want::Write);
        }
        to.extend(&buf[..n]);
        Transfer::Bytes(n)
    }
}

type Calls = Arc<Mutex<(usize, usize)>>;

fn connected(step: usize, room: usize) -> (Connection, Connection, Calls) {
    let (mut client, mut server) = pair();
    let (a, b) = (Pipe::default(), Pipe::default());
    let calls = Calls::default();
    let end = |from: &Pipe, to: &Pipe, calls: &Calls| Memory {
        from: from.clone(),
        to: to.clone(),
        step,
        room,
        calls: calls.clone(),
    };
    client.set_transport(Some(Box::new(end(&a, &b, &calls))));
    server.set_transport(Some(Box::new(end(&b, &a, &Calls::default()))));
    (client, server, calls)
}

fn hands(client: &mut Connection, server: &mut Connection) {
    for _ in 0..100_000 {
        let done = (client.handshake(), server.handshake());
        match done {
            (Ok(()), Ok(())) => return,
            (Err(Stop::Failed), _) => panic!("{:?}", client.error()),
            (_, Err(Stop::Failed)) => panic!("{:?}", server.error()),
            _ => {}
        }
    }
    panic!("the handshake does not end");
}

#[test]
fn any_grain() {
    for (step, room) in [(usize::MAX, usize::MAX), (1, usize::MAX), (1, 1), (7, 100)] {
        let (mut client, mut server, _) = connected(step, room);
        hands(&mut client, &mut server);
        let data: Vec<u8> = (0..40_000_u32).map(|i| (i % 253) as u8).collect();
        let (mut sent, mut got) = (0, Vec::<u8>::new());
        let mut buf = [0; 5000];
        while got.len() < data.len() {
            let written = match sent == data.len() {
                true => client.flush().map(|()| 0),
                false => client.write(&data[sent..]),
            };
            match written {
                Ok(n) => sent += n,
                Err(Stop::WantWrite) => assert!(client.wants().write),
                Err(stop) => panic!("{stop:?}"),
            }
            match server.read(&mut buf) {
                Ok(n) => got.extend(&buf[..n]),
                Err(Stop::WantRead) => assert!(server.wants().read),
                Err(stop) => panic!("{stop:?}"),
            }
        }
        assert!(got == data, "{step} {room}");
        while client.close().is_err() {
            let _ = server.read(&mut buf);
        }
        while server.read(&mut buf) != Ok(0) {}
    }
}

#[test]
fn one_write_for_all_that_goes_out_and_one_read_for_all_that_came() {
    let (mut client, mut server, calls) = connected(usize::MAX, usize::MAX);
    assert_eq!(client.handshake(), Err(Stop::WantRead));
    assert_eq!(*calls.lock().unwrap(), (1, 1));
    assert_eq!(server.handshake(), Err(Stop::WantRead));
    *calls.lock().unwrap() = (0, 0);
    // The server's flight in one read, ours in one write, and a read that finds nothing.
    assert_eq!(client.handshake(), Err(Stop::WantRead));
    assert_eq!(*calls.lock().unwrap(), (2, 1));
    server.handshake().unwrap();
    client.handshake().unwrap();
    *calls.lock().unwrap() = (0, 0);
    assert_eq!(client.write(&[1; 40_000]), Ok(40_000));
    assert_eq!(*calls.lock().unwrap(), (0, 1), "three records, one write");
}

#[test]
fn reading_goes_on_while_writing_is_blocked() {
    let (mut client, mut server, _) = connected(usize::MAX, 8000);
    hands(&mut client, &mut server);
    // Both fill their pipe and wait for the other to read.
    while client.write(&[1; 3000]).is_ok() {}
    while server.write(&[2; 3000]).is_ok() {}
    let mut buf = [0; 100];
    assert_eq!(client.read(&mut buf), Ok(100));
    assert_eq!(server.read(&mut buf), Ok(100));
    while client.flush().is_err() || server.flush().is_err() {
        let _ = (client.read(&mut buf), server.read(&mut buf));
    }
}

/// A transport that answers from a script.
struct Script {
    read: Transfer,
    write: Transfer,
}

impl Transport for Script {
    fn read(&mut self, _buf: &mut [u8]) -> Transfer {
        self.read.clone()
    }

    fn write(&mut self, buf: &[u8]) -> Transfer {
        match &self.write {
            Transfer::Bytes(usize::MAX) => Transfer::Bytes(buf.len()),
            other => other.clone(),
        }
    }
}

const TAKES_ALL: Transfer = Transfer::Bytes(usize::MAX);

fn scripted(read: Transfer, write: Transfer) -> Connection {
    let (mut client, _) = pair();
    client.set_transport(Some(Box::new(Script { read, write })));
    client
}

fn broken() -> Transfer {
    Transfer::Failed(TransportError {
        text: "gone".into(),
        os_error: Some(104),
    })
}

#[test]
fn wants_of_the_transport_itself_are_handed_on() {
    for (want, stop, wants) in [
        (
            Want::Read,
            Stop::WantRead,
            Wants {
                read: true,
                ..Wants::default()
            },
        ),
        (
            Want::Write,
            Stop::WantWrite,
            Wants {
                write: true,
                ..Wants::default()
            },
        ),
        (
            Want::App,
            Stop::WantApp,
            Wants {
                app: true,
                ..Wants::default()
            },
        ),
    ] {
        let mut reading = scripted(Transfer::Blocked(want), TAKES_ALL);
        assert_eq!(reading.handshake(), Err(stop));
        assert_eq!(reading.wants(), wants);
        let mut writing = scripted(Transfer::End, Transfer::Blocked(want));
        assert_eq!(writing.handshake(), Err(stop));
        assert_eq!(writing.wants(), wants);
        assert!(writing.error().is_none());
    }
}

#[test]
fn failures_are_kept_for_ever_with_the_systems_number() {
    for mut conn in [
        scripted(broken(), TAKES_ALL),
        scripted(Transfer::End, broken()),
    ] {
        for _ in 0..3 {
            assert_eq!(conn.handshake(), Err(Stop::Failed));
            let error = conn.error().unwrap();
            assert_eq!(
                (error.reason(), error.os_error()),
                (Reason::TransportFailed, Some(104))
            );
            assert!(error.text().ends_with(": gone"), "{error}");
            assert!(
                conn.outgoing().is_empty(),
                "a broken transport gets nothing more"
            );
        }
        assert_eq!(conn.wants(), Wants::default());
    }
    let mut early = scripted(Transfer::End, TAKES_ALL);
    assert_eq!(early.handshake(), Err(Stop::Failed));
    assert_eq!(reason(&early), Reason::EofInHandshake);
}

#[test]
fn transports_that_lie() {
    let lie = || Transfer::Misbehaved("the callback returned -77".into());
    for (read, write) in [
        (Transfer::Bytes(0), TAKES_ALL),
        (Transfer::Bytes(usize::MAX), TAKES_ALL),
        (Transfer::Bytes(1 << 20), TAKES_ALL),
        (lie(), TAKES_ALL),
        (Transfer::End, Transfer::Bytes(0)),
        (Transfer::End, Transfer::Bytes(1 << 20)),
        (Transfer::End, Transfer::End),
        (Transfer::End, lie()),
    ] {
        let mut conn = scripted(read.clone(), write.clone());
        for _ in 0..2 {
            assert_eq!(conn.handshake(), Err(Stop::Failed), "{read:?} {write:?}");
            assert_eq!(
                reason(&conn),
                Reason::CallbackMisbehaved,
                "{read:?} {write:?}"
            );
            assert_eq!(conn.read(&mut [0]), Err(Stop::Failed));
        }
    }
}

/// Writes fail; the peer's alert can still be read.
struct Refused(Vec<u8>);

impl Transport for Refused {
    fn read(&mut self, _buf: &mut [u8]) -> Transfer {
        Transfer::Blocked(Want::Read)
    }

    fn write(&mut self, _buf: &[u8]) -> Transfer {
        broken()
    }

    fn read_rest(&mut self, buf: &mut [u8]) -> Transfer {
        buf[..self.0.len()].copy_from_slice(&self.0);
        Transfer::Bytes(self.0.len())
    }
}

#[test]
fn the_peers_alert_says_more_than_a_broken_pipe() {
    let (mut client, _) = pair();
    let refused = Refused(vec![21, 3, 3, 0, 2, 2, 40]);
    client.set_transport(Some(Box::new(refused)));
    assert_eq!(client.handshake(), Err(Stop::Failed));
    assert_eq!(reason(&client), Reason::AlertReceived);

    // Half an alert is none.
    let (mut client, _) = pair();
    client.set_transport(Some(Box::new(Refused(vec![21, 3, 3, 0]))));
    assert_eq!(client.handshake(), Err(Stop::Failed));
    assert_eq!(reason(&client), Reason::TransportFailed);
}

#[test]
fn the_alert_leaves_with_the_failing_verb() {
    let (mut client, mut server, _) = connected(usize::MAX, usize::MAX);
    client.set_verify_name(Some("other.test")).unwrap();
    for _ in 0..4 {
        let _ = (client.handshake(), server.handshake());
    }
    assert_eq!(reason(&client), Reason::CertificateNameMismatch);
    assert_eq!(reason(&server), Reason::AlertReceived);
}

#[test]
fn a_transport_can_come_and_go() {
    let (mut client, mut server, _) = connected(usize::MAX, usize::MAX);
    assert!(client.has_transport());
    client.set_transport(None);
    assert_eq!(client.handshake(), Err(Stop::WantWrite));
    server.set_transport(None);
    shake(&mut client, &mut server).unwrap();
}

/// The other end of `Memory` that stops taking anything.
struct Breaks {
    inner: Memory,
    broken: Arc<Mutex<bool>>,
}

impl Transport for Breaks {
    fn read(&mut self, buf: &mut [u8]) -> Transfer {
        match self.inner.read(buf) {
            Transfer::Blocked(_) if *self.broken.lock().unwrap() => Transfer::End,
            other => other,
        }
    }

    fn write(&mut self, buf: &[u8]) -> Transfer {
        match *self.broken.lock().unwrap() {
            true => broken(),
            false => self.inner.write(buf),
        }
    }
}

/// An established pair; the client's transport breaks at will.
fn breaking() -> (Connection, Connection, Arc<Mutex<bool>>) {
    let (mut client, mut server) = pair();
    let (a, b) = (Pipe::default(), Pipe::default());
    let end = |from: &Pipe, to: &Pipe| Memory {
        from: from.clone(),
        to: to.clone(),
        step: usize::MAX,
        room: usize::MAX,
        calls: Calls::default(),
    };
    let broken = Arc::new(Mutex::new(false));
    client.set_transport(Some(Box::new(Breaks {
        inner: end(&a, &b),
        broken: broken.clone(),
    })));
    server.set_transport(Some(Box::new(end(&b, &a))));
    hands(&mut client, &mut server);
    (client, server, broken)
}

fn unwritable(conn: &mut Connection) {
    for _ in 0..2 {
        assert_eq!(conn.write(b"x"), Err(Stop::Failed));
        let error = conn.error().unwrap();
        let found = (error.reason(), error.os_error());
        assert_eq!(found, (Reason::TransportFailed, Some(104)));
        assert_eq!(conn.flush(), Err(Stop::Failed));
        assert_eq!(reason(conn), Reason::TransportFailed);
        assert!(!conn.is_failed(), "the reading half lives");
        assert!(conn.outgoing().is_empty());
        assert!(!conn.wants().write);
    }
}

#[test]
fn what_the_peer_had_sent_is_read_after_a_write_failed() {
    for clean in [true, false] {
        let (mut client, mut server, broken) = breaking();
        let last_words = vec![7; 50_000];
        assert_eq!(server.write(&last_words), Ok(last_words.len()));
        if clean {
            server.close().unwrap();
        }
        *broken.lock().unwrap() = true;
        unwritable(&mut client);
        assert!(client.wants().read);
        let (mut all, mut buf) = (Vec::<u8>::new(), [0; 777]);
        let end = loop {
            match client.read(&mut buf) {
                Ok(n @ 1..) => {
                    all.extend(&buf[..n]);
                    assert!(client.error().is_none(), "reading did not fail");
                }
                end => break end,
            }
            if all.len() == 7770 {
                unwritable(&mut client);
            }
        };
        assert!(all == last_words);
        if clean {
            assert_eq!(end, Ok(0));
            assert_eq!(client.close(), Err(Stop::Failed));
            assert_eq!(reason(&client), Reason::TransportFailed);
            assert_eq!(client.read(&mut buf), Ok(0), "a clean end stays one");
        } else {
            assert_eq!(end, Err(Stop::Failed));
            assert_eq!(reason(&client), Reason::Truncated);
            assert_eq!(client.write(b"x"), Err(Stop::Failed));
            assert_eq!(reason(&client), Reason::Truncated, "fatal, for ever");
        }
    }
}

#[test]
fn a_close_that_cannot_leave_changes_nothing_about_the_end() {
    let (mut client, mut server, broken) = breaking();
    server.close().unwrap();
    let mut buf = [0; 10];
    assert_eq!(client.read(&mut buf), Ok(0));
    *broken.lock().unwrap() = true;
    for _ in 0..2 {
        assert_eq!(client.close(), Err(Stop::Failed));
        assert_eq!(reason(&client), Reason::TransportFailed);
        assert_eq!(client.read(&mut buf), Ok(0));
        assert!(client.error().is_none());
        assert_eq!(client.wants(), Wants::default());
    }
}

#[test]
fn the_peers_fatal_alert_is_read_after_a_write_failed() {
    let (mut client, mut server, _) = breaking();
    // A record that does not authenticate: the server says so and is gone.
    server.set_transport(None);
    assert_eq!(server.feed(&[23, 3, 3, 0, 30]), Ok(5));
    assert_eq!(server.feed(&[0; 30]), Ok(30));
    assert_eq!(server.read(&mut [0]), Err(Stop::Failed));
    let alert = drain(&mut server);
    client.set_transport(Some(Box::new(Script {
        read: Transfer::Blocked(Want::Read),
        write: broken(),
    })));
    unwritable(&mut client);
    client.set_transport(None);
    client.feed(&alert).unwrap();
    assert_eq!(client.read(&mut [0]), Err(Stop::Failed));
    assert_eq!(reason(&client), Reason::AlertReceived);
}
