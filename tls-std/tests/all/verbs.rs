//! What the verbs promise, on connections driven with feed and drain.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::*;
use std::mem::MaybeUninit;
use tls_core::config::{ClientAuth, Config};
use tls_std::{Connection, Context, Reason, Role, Roles, Stop, Wants};

const NONE: Wants = Wants {
    read: false,
    write: false,
    app: false,
};

#[test]
fn data_goes_both_ways_and_both_ends_close() {
    let (mut client, mut server) = established();
    assert_eq!(client.write(b"question").unwrap(), 8);
    carry(&mut client, &mut server);
    assert_eq!(read_all(&mut server), b"question");
    assert_eq!(server.write(b"answer").unwrap(), 6);
    carry(&mut server, &mut client);
    assert_eq!(read_all(&mut client), b"answer");

    assert_eq!(client.close(), Err(Stop::WantWrite));
    assert!(client.facts().close_sent);
    carry(&mut client, &mut server);
    assert_eq!(client.close(), Ok(()));
    assert_eq!(client.close(), Ok(()));
    let mut buf = [0; 8];
    assert_eq!(server.read(&mut buf), Ok(0));
    assert_eq!(server.read(&mut buf), Ok(0));
    assert!(server.facts().close_received && !server.facts().close_sent);

    // Half closed: the other direction still works.
    assert_eq!(server.write(b"late").unwrap(), 4);
    carry(&mut server, &mut client);
    assert_eq!(read_all(&mut client), b"late");
    assert_eq!(server.close(), Err(Stop::WantWrite));
    carry(&mut server, &mut client);
    assert_eq!(client.read(&mut buf), Ok(0));
    assert_eq!(client.wants(), NONE);
}

#[test]
fn reading_and_writing_run_the_handshake() {
    let (mut client, mut server) = pair();
    let mut buf = [0; 8];
    for _ in 0..4 {
        let _ = client.write(b"x");
        carry(&mut client, &mut server);
        let _ = server.read(&mut buf);
        carry(&mut server, &mut client);
    }
    assert!(client.is_established() && server.is_established());
    assert_eq!(buf[0], b'x');
}

#[test]
fn nothing_is_taken_while_sealed_bytes_wait() {
    let (mut client, mut server) = established();
    assert_eq!(client.write(b"first").unwrap(), 5);
    let waiting = client.outgoing().len();
    assert_eq!(client.write(b"another buffer"), Err(Stop::WantWrite));
    assert_eq!(client.outgoing().len(), waiting);
    assert!(client.error().is_none());
    assert_eq!(client.flush(), Err(Stop::WantWrite));
    assert!(client.wants().write);

    let mut byte = [MaybeUninit::uninit(); 1];
    while waiting > 0 && client.outgoing().len() > 1 {
        assert_eq!(client.drain(&mut byte), Ok(1));
        // SAFETY: drain() initialised it.
        assert_eq!(server.feed(&[unsafe { byte[0].assume_init() }]), Ok(1));
        assert_eq!(client.write(b"x"), Err(Stop::WantWrite));
    }
    carry(&mut client, &mut server);
    assert_eq!(client.flush(), Ok(()));
    assert!(!client.wants().write);
    assert_eq!(read_all(&mut server), b"first");
}

#[test]
fn a_write_takes_what_the_buffer_holds() {
    let (mut client, mut server) = established();
    let data: Vec<u8> = (0..300_000_u32).map(|i| (i % 251) as u8).collect();
    let (mut sent, mut got) = (0, Vec::new());
    while sent < data.len() {
        let n = client.write(&data[sent..]).unwrap();
        assert!((1..=65_536).contains(&n), "{n}");
        sent += n;
        let mut bytes = &drain(&mut client)[..];
        while !bytes.is_empty() {
            bytes = &bytes[server.feed(bytes).unwrap()..];
            got.extend(read_all(&mut server));
        }
    }
    assert!(got == data);
}

#[test]
fn lengths_of_zero() {
    let (mut client, _server) = established();
    assert_eq!(client.read(&mut []), Err(Stop::Failed));
    assert_eq!(reason(&client), Reason::BadArgument);
    assert_eq!(client.write(b""), Ok(0));
    assert!(client.error().is_none());
    assert_eq!(client.feed(b""), Ok(0));
    assert_eq!(client.drain(&mut []), Err(Stop::Failed));
    assert_eq!(reason(&client), Reason::BadArgument);
    assert_eq!(client.flush(), Ok(()));
    assert!(client.error().is_none() && !client.is_failed());
}

#[test]
fn a_full_buffer_takes_nothing_more() {
    let (mut client, mut server) = established();
    let mut fed = 0;
    'filling: loop {
        client.write(&[7; 60_000]).unwrap();
        let mut bytes = &drain(&mut client)[..];
        while !bytes.is_empty() {
            match server.feed(bytes).unwrap() {
                0 => break 'filling,
                n => bytes = &bytes[n..],
            }
            fed += 1;
            assert!(fed < 10, "the buffer has no bound");
        }
    }
    assert!(server.has_pending());
    let mut buf = [0; 10];
    assert_eq!(server.read(&mut buf), Ok(10));
    assert!(server.pending() > 0);
    assert!(!read_all(&mut server).is_empty());
    assert!(!server.is_failed());
}

#[test]
fn an_end_without_close_notify_is_no_end() {
    let (mut client, mut server) = established();
    client.write(b"some").unwrap();
    carry(&mut client, &mut server);
    server.feed_eof().unwrap();
    let mut buf = [0; 8];
    // What came before is still the peer's word.
    assert_eq!(server.read(&mut buf), Ok(4));
    assert_eq!(server.read(&mut buf), Err(Stop::Failed));
    assert_eq!(reason(&server), Reason::Truncated);
    for _ in 0..3 {
        assert_eq!(server.read(&mut buf), Err(Stop::Failed));
        assert_eq!(server.write(b"x"), Err(Stop::Failed));
        assert_eq!(server.feed(b"x"), Err(Stop::Failed));
        assert_eq!(reason(&server), Reason::Truncated);
    }
    assert_eq!(server.wants(), NONE);
}

#[test]
fn an_end_in_the_middle_of_a_record_or_of_the_handshake() {
    let (mut client, mut server) = established();
    client.write(b"some").unwrap();
    let bytes = drain(&mut client);
    server.feed(&bytes[..bytes.len() - 1]).unwrap();
    server.feed_eof().unwrap();
    assert_eq!(server.read(&mut [0; 8]), Err(Stop::Failed));
    assert_eq!(reason(&server), Reason::Truncated);

    let (_, mut server) = pair();
    server.feed_eof().unwrap();
    assert_eq!(server.handshake(), Err(Stop::Failed));
    assert_eq!(reason(&server), Reason::EofInHandshake);
}

#[test]
fn bytes_behind_close_notify_can_be_taken_back() {
    let (mut client, mut server) = established();
    let mut buf = [MaybeUninit::uninit(); 4];
    assert_eq!(server.unread(&mut buf), 0);
    client.write(b"bye").unwrap();
    carry(&mut client, &mut server);
    let _ = client.close();
    let mut bytes = drain(&mut client);
    bytes.extend(b"220 plain again\r\n");
    assert_eq!(server.feed(&bytes), Ok(bytes.len()));
    assert_eq!(
        server.unread(&mut buf),
        0,
        "nothing is behind what was not read yet"
    );
    assert_eq!(read_all(&mut server), b"bye");
    assert!(server.has_pending());
    let mut back = Vec::new();
    loop {
        match server.unread(&mut buf) {
            0 => break,
            // SAFETY: unread() initialised so many.
            n => back.extend(buf[..n].iter().map(|b| unsafe { b.assume_init() })),
        }
    }
    assert_eq!(back, b"220 plain again\r\n");
    assert!(!server.has_pending());
}

#[test]
fn nothing_is_written_behind_close_notify() {
    let (mut client, _server) = established();
    let _ = client.close();
    drain(&mut client);
    assert_eq!(client.write(b"x"), Err(Stop::Failed));
    assert_eq!(reason(&client), Reason::ClosedForWriting);
    assert!(!client.is_failed());
    // It was the last verb's alone.
    assert_eq!(client.read(&mut [0; 1]), Err(Stop::WantRead));
    assert!(client.error().is_none());
}

#[test]
fn a_fatal_error_is_for_ever_and_its_alert_leaves_first() {
    let (mut client, mut server) = pair();
    server
        .feed(b"\x16\x03\x01\x00\x04\x01\x00\x00\x00")
        .unwrap();
    assert_eq!(server.handshake(), Err(Stop::Failed));
    let first = server.error().unwrap().clone();
    assert!(server.wants().write && !server.wants().read);
    let alert = drain(&mut server);
    assert_eq!(alert[..2], [21, 3]);
    assert_eq!(
        server.drain(&mut [MaybeUninit::uninit(); 4]),
        Err(Stop::Failed)
    );
    for _ in 0..2 {
        assert_eq!(server.handshake(), Err(Stop::Failed));
        assert_eq!(server.close(), Err(Stop::Failed));
        assert_eq!(server.flush(), Err(Stop::Failed));
        assert_eq!(server.feed(b"x"), Err(Stop::Failed));
        assert_eq!(server.feed_eof(), Err(Stop::Failed));
        assert_eq!(server.error(), Some(&first));
    }
    assert!(server.set_alpn_list("h2").is_err());
    assert_eq!(
        server.error(),
        Some(&first),
        "a misuse does not hide a fatal error"
    );

    // The client hears why.
    let _ = client.handshake();
    drain(&mut client);
    client.feed(&alert).unwrap();
    assert_eq!(client.handshake(), Err(Stop::Failed));
    assert_eq!(reason(&client), Reason::AlertReceived);
}

#[test]
fn what_a_connection_waits_for() {
    let (mut client, mut server) = pair();
    assert_eq!(client.role(), Role::Client);
    assert_eq!(
        client.wants(),
        Wants {
            write: true,
            ..NONE
        }
    );
    assert_eq!(server.wants(), Wants { read: true, ..NONE });
    assert_eq!(client.handshake(), Err(Stop::WantWrite));
    assert_eq!(
        client.wants(),
        Wants {
            write: true,
            ..NONE
        }
    );
    carry(&mut client, &mut server);
    assert_eq!(client.handshake(), Err(Stop::WantRead));
    assert_eq!(client.wants(), Wants { read: true, ..NONE });
    shake(&mut client, &mut server).unwrap();
    assert_eq!(client.wants(), Wants { read: true, ..NONE });
    client.write(b"x").unwrap();
    assert_eq!(
        client.wants(),
        Wants {
            read: true,
            write: true,
            app: false
        }
    );
}

#[test]
fn settings_end_with_the_first_verb() {
    let (mut client, mut server) = pair();
    client.set_server_name(None).unwrap();
    client.set_server_name(Some("example.test.")).unwrap();
    client.set_verify_name(Some("127.0.0.1")).unwrap();
    client.set_alpn_list("h2").unwrap();
    shake(&mut client, &mut server).unwrap();
    assert_eq!(server.facts().server_name.as_deref(), Some("example.test"));
    assert!(client.set_server_name(None).is_err());
    assert_eq!(reason(&client), Reason::WrongOrder);
    assert!(client.danger_accept_any_cert().is_err());
    assert!(client.set_keypair_mem(b"", None).is_err());
    assert!(server.set_alpn_list("h2").is_err());
    assert_eq!(client.flush(), Ok(()));
    assert!(client.error().is_none());
}

#[test]
fn servers_have_no_server_name_to_set() {
    let (_, mut server) = pair();
    assert!(server.set_verify_name(Some("localhost")).is_err());
    assert_eq!(reason(&server), Reason::WrongRole);
    assert!(!server.is_failed());
}

#[test]
fn bytes_behind_the_end_are_a_misuse() {
    let (mut client, mut server) = established();
    server.write(b"last").unwrap();
    carry(&mut server, &mut client);
    client.feed_eof().unwrap();
    for _ in 0..2 {
        assert_eq!(client.feed(b"more"), Err(Stop::Failed));
        assert_eq!(reason(&client), Reason::WrongOrder);
        assert_eq!(client.feed(b""), Err(Stop::Failed));
    }
    // It changes nothing about what came before.
    let mut buf = [0; 10];
    assert_eq!(client.read(&mut buf), Ok(4));
    assert_eq!(client.read(&mut buf), Err(Stop::Failed));
    assert_eq!(reason(&client), Reason::Truncated);
}

#[test]
fn closed_in_mid_handshake_nothing_is_wanted() {
    let (mut client, mut server) = pair();
    assert_eq!(client.handshake(), Err(Stop::WantWrite));
    carry(&mut client, &mut server);
    assert!(client.wants().read);
    assert_eq!(client.close(), Err(Stop::WantWrite));
    assert!(client.wants().write && !client.wants().read);
    drain(&mut client);
    assert_eq!(client.close(), Ok(()));
    for _ in 0..2 {
        assert_eq!(client.handshake(), Err(Stop::Failed));
        assert_eq!(reason(&client), Reason::ClosedForWriting);
        assert_eq!(client.read(&mut [0]), Err(Stop::Failed));
        assert_eq!(client.wants(), tls_std::Wants::default());
    }
}

#[test]
fn a_connection_that_was_never_set_up_says_so() {
    let mut born = client_ctx().client(Some("no name"));
    assert_eq!(born.setup_error().unwrap().reason(), Reason::BadServerName);
    assert_eq!(born.handshake(), Err(Stop::Failed));
    assert_eq!(born.setup_error().unwrap().reason(), Reason::BadServerName);
    let mut nameless = client_ctx().client(None);
    assert!(nameless.setup_error().is_none(), "it can still get a name");
    assert_eq!(nameless.handshake(), Err(Stop::Failed));
    assert_eq!(
        nameless.setup_error().unwrap().reason(),
        Reason::NoServerName
    );
    let (mut client, _) = pair();
    client.feed(b"HTTP/1.1 400 Bad Request").unwrap();
    assert_eq!(client.handshake(), Err(Stop::Failed));
    assert!(client.setup_error().is_none(), "it failed later");
}

#[test]
fn a_transport_that_was_forgotten_is_missed_at_the_second_verb() {
    let (mut client, mut server) = pair();
    let missed = |conn: &Connection| {
        assert_eq!(conn.error().unwrap().reason(), Reason::NoTransport);
        assert!(!conn.is_failed());
    };
    assert_eq!(client.handshake(), Err(Stop::WantWrite));
    assert_eq!(client.write(b"x"), Err(Stop::Failed));
    missed(&client);
    assert_eq!(server.handshake(), Err(Stop::WantRead));
    assert_eq!(server.read(&mut [0; 8]), Err(Stop::Failed));
    missed(&server);
    // Whoever moves the bytes by hand may ask as often as he likes.
    shake(&mut client, &mut server).unwrap();
    assert_eq!(client.read(&mut [0; 8]), Err(Stop::WantRead));
    assert_eq!(client.read(&mut [0; 8]), Err(Stop::WantRead));
}

#[test]
fn servers_ask_for_certificates_of_a_named_ca_alone() {
    for (asks, expected) in [
        (ClientAuth::None, None),
        (ClientAuth::Request, Some(Reason::NoTrustAnchors)),
        (ClientAuth::Require, Some(Reason::NoTrustAnchors)),
    ] {
        let mut config = Config::clone(&server_ctx("p256").config());
        config.client_auth = asks;
        let ctx = Context::with_config(Roles::Server, config);
        let mut server = ctx.server();
        let failed = server.handshake() == Err(Stop::Failed);
        let reason = server.error().map(|error| error.reason());
        assert_eq!((failed, reason), (expected.is_some(), expected));
        ctx.add_ca_file(pki("ca.pem")).unwrap();
        assert_eq!(ctx.server().handshake(), Err(Stop::WantRead));
    }
}
