//! Sockets and pipes.
#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![cfg(unix)]

use crate::common;

use common::*;
use std::io::{Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use tls_std::transport::{FdTransport, StreamTransport, Transport};
use tls_std::{Connection, Reason, Stop};

fn over(fd: i32) -> Option<Box<dyn Transport>> {
    Some(Box::new(FdTransport::new(fd, fd)))
}

/// Reads to the end and sends it back.
fn echo(mut conn: Connection) {
    let mut all = Vec::new();
    conn.read_to_end(&mut all).unwrap();
    conn.write_all(&all).unwrap();
    conn.shutdown().unwrap();
}

fn ask(mut conn: Connection, data: &[u8]) -> Vec<u8> {
    conn.write_all(data).unwrap();
    conn.shutdown().unwrap();
    let mut all = Vec::new();
    conn.read_to_end(&mut all).unwrap();
    all
}

#[test]
fn blocking_sockets_take_all() {
    let (mut client, mut server) = pair();
    let (a, b) = UnixStream::pair().unwrap();
    client.set_transport(over(a.as_raw_fd()));
    server.set_transport(over(b.as_raw_fd()));
    let data = vec![0x5a; 300_000];
    std::thread::scope(|scope| {
        scope.spawn(|| echo(server));
        // One call, however long.
        assert_eq!(client.write(&data), Ok(data.len()));
        assert_eq!(client.flush(), Ok(()));
        assert!(ask(client, b"!") == [&data[..], b"!"].concat());
    });
}

#[test]
fn streams_and_descriptors_mix() {
    let (mut client, mut server) = pair();
    let (a, b) = UnixStream::pair().unwrap();
    client.set_transport(Some(Box::new(StreamTransport(a))));
    server.set_transport(over(b.as_raw_fd()));
    std::thread::scope(|scope| {
        scope.spawn(|| echo(server));
        assert_eq!(ask(client, b"stream"), b"stream");
    });
}

#[test]
fn non_blocking_sockets() {
    let (mut client, mut server) = pair();
    let (a, b) = UnixStream::pair().unwrap();
    a.set_nonblocking(true).unwrap();
    b.set_nonblocking(true).unwrap();
    client.set_transport(over(a.as_raw_fd()));
    server.set_transport(Some(Box::new(StreamTransport(b))));
    assert_eq!(client.handshake(), Err(Stop::WantRead));
    while client.handshake().is_err() {
        let _ = server.handshake();
        assert!(client.error().is_none() && server.error().is_none());
    }
    let (mut sent, mut got) = (0, 0);
    let mut buf = vec![0; 70_000];
    while got < 3_000_000 {
        match client.write(&[3; 70_000]) {
            Ok(n) => sent += n,
            Err(stop) => assert_eq!(stop, Stop::WantWrite),
        }
        match server.read(&mut buf) {
            Ok(n) => got += n,
            Err(stop) => assert_eq!(stop, Stop::WantRead),
        }
        assert!(got <= sent);
    }
}

#[test]
fn two_pipes() {
    let (mut client, mut server) = pair();
    let ((r1, w1), (r2, w2)) = (std::io::pipe().unwrap(), std::io::pipe().unwrap());
    let ends =
        |r: i32, w: i32| -> Option<Box<dyn Transport>> { Some(Box::new(FdTransport::new(r, w))) };
    client.set_transport(ends(r1.as_raw_fd(), w2.as_raw_fd()));
    server.set_transport(ends(r2.as_raw_fd(), w1.as_raw_fd()));
    std::thread::scope(|scope| {
        scope.spawn(|| echo(server));
        assert_eq!(ask(client, b"through pipes"), b"through pipes");
    });
}

#[test]
fn a_closed_socket_is_a_truncation_or_a_failed_transport() {
    let (mut client, mut server) = pair();
    let (a, b) = UnixStream::pair().unwrap();
    client.set_transport(over(a.as_raw_fd()));
    server.set_transport(over(b.as_raw_fd()));
    std::thread::scope(|scope| {
        let server = scope.spawn(|| {
            server.handshake().unwrap();
            server
        });
        client.handshake().unwrap();
        drop(server.join().unwrap());
    });
    drop(b);
    assert_eq!(client.read(&mut [0; 4]), Err(Stop::Failed));
    assert_eq!(reason(&client), Reason::Truncated);

    let (mut client, _) = pair();
    client.set_transport(over(a.as_raw_fd()));
    assert_eq!(client.handshake(), Err(Stop::Failed));
    let error = client.error().unwrap();
    assert_eq!(
        (error.reason(), error.os_error()),
        (Reason::TransportFailed, Some(libc_epipe()))
    );

    let (mut client, _) = pair();
    client.set_transport(over(1_000_000));
    assert_eq!(client.handshake(), Err(Stop::Failed));
    assert_eq!(reason(&client), Reason::TransportFailed);
}

fn libc_epipe() -> i32 {
    libc::EPIPE
}

#[test]
fn std_io_errors_carry_the_reason() {
    let (mut client, mut server) = established();
    let mut buf = [0; 4];
    let blocked = Read::read(&mut client, &mut buf).unwrap_err();
    assert_eq!(blocked.kind(), std::io::ErrorKind::WouldBlock);
    assert_eq!(Read::read(&mut client, &mut []).unwrap(), 0);
    server.feed_eof().unwrap();
    let cut = Read::read(&mut server, &mut buf).unwrap_err();
    assert_eq!(cut.kind(), std::io::ErrorKind::UnexpectedEof);
    assert!(cut.to_string().starts_with("TRUNCATED: "), "{cut}");
    let _ = client.close();
    let late = Write::write(&mut client, b"x").unwrap_err();
    assert_eq!(late.kind(), std::io::ErrorKind::BrokenPipe);
}
