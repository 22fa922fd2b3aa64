//! Renegotiation over a transport, and what a program may set when.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common::*;
use tls_std::{ClientAuth, Reason, Renegotiation, Stop};

#[test]
fn the_default_refuses_and_a_connection_may_differ() {
    let (ctx, theirs) = (client_ctx(), server_ctx("p256"));
    assert_eq!(ctx.config().renegotiation, Renegotiation::Refuse);
    theirs.set_renegotiation(Renegotiation::Own);
    assert_eq!(theirs.config().renegotiation, Renegotiation::Own);
    let (mut c, mut s) = (ctx.client(Some("localhost")), theirs.server());
    shake(&mut c, &mut s).unwrap();
    assert_eq!(c.renegotiate(), Err(Stop::Failed));
    assert_eq!(c.error().unwrap().reason(), Reason::RenegotiationOff);
    assert!(!c.is_failed());
    c.set_renegotiation(Renegotiation::Own).unwrap();
    let error = c.set_client_auth(ClientAuth::Request).unwrap_err();
    assert_eq!(error.reason(), Reason::WrongRole);
    // Nobody said which CAs issue client certificates.
    let error = s.set_client_auth(ClientAuth::Request).unwrap_err();
    assert_eq!(error.reason(), Reason::NoTrustAnchors);
    s.set_client_auth(ClientAuth::None).unwrap();
}

#[test]
fn a_verb_without_room_for_data_wants_to_read() {
    use std::io::{Read, Write};
    use std::os::fd::AsRawFd;
    use std::os::unix::net::UnixStream;
    use tls_std::transport::FdTransport;
    let (ctx, theirs) = (client_ctx(), server_ctx("p256"));
    ctx.set_renegotiation(Renegotiation::Allow);
    theirs.set_renegotiation(Renegotiation::Allow);
    let (mut c, mut s) = (ctx.client(Some("localhost")), theirs.server());
    shake(&mut c, &mut s).unwrap();
    let (ours, mut peer) = UnixStream::pair().unwrap();
    ours.set_nonblocking(true).unwrap();
    let fd = ours.as_raw_fd();
    c.set_transport(Some(Box::new(FdTransport::new(fd, fd))));
    c.renegotiate().unwrap();
    // More than the receive buffer holds comes before the server has seen the hello.
    let mut sent = 0;
    while sent < 60_000 {
        sent += s.write(&[7; 4_000]).unwrap();
        peer.write_all(&drain(&mut s)).unwrap();
    }
    assert_eq!(c.write(b"later"), Err(Stop::WantRead));
    assert!(c.pending() > 30_000);
    assert_eq!(c.handshake(), Err(Stop::WantRead));
    let mut got = 0;
    while got < sent {
        let mut buf = [0; 5_000];
        let n = c.read(&mut buf).unwrap();
        assert!(buf[..n].iter().all(|b| *b == 7));
        got += n;
    }
    assert_eq!(c.write(b"later"), Err(Stop::WantRead));
    // The server's turn.
    let mut wire = [0; 5_000];
    for _ in 0..2 {
        let n = peer.read(&mut wire).unwrap();
        assert_eq!(s.feed(&wire[..n]), Ok(n));
        assert!(s.read(&mut [0; 9]).is_err() && !s.is_failed());
        peer.write_all(&drain(&mut s)).unwrap();
        let _goes_on = c.handshake();
    }
    assert_eq!(c.write(b"later"), Ok(5));
    assert_eq!((c.facts().handshakes, s.facts().handshakes), (2, 2));
}
