//! Alerts (RFC 5246 §7.2), renegotiation, and the end of a connection.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::plan::{AtClient, AtServer, GCM, PLANS, Plan};
use common::puppet::Puppet;
use common::read;
use common::wire::{Record, message, records};
use tls_core::conn::Stop;
use tls_core::error::Reason;
use tls_core::wire::{
    AlertDescription as A, AlertLevel as L, ContentType as C, HandshakeType as T,
};

const AT_CLIENT: [AtClient; 6] = [
    AtClient::ServerHello,
    AtClient::Certificate,
    AtClient::ServerKeyExchange,
    AtClient::ServerHelloDone,
    AtClient::Ccs,
    AtClient::Finished,
];

const AT_SERVER: [AtServer; 4] = [
    AtServer::ClientHello,
    AtServer::ClientKeyExchange,
    AtServer::Ccs,
    AtServer::Finished,
];

fn in_handshake(plan: Plan) -> Vec<Puppet> {
    let clients = AT_CLIENT.into_iter().map(|at| plan.client(at));
    clients
        .chain(AT_SERVER.into_iter().map(|at| plan.server(at)))
        .collect()
}

fn in_traffic(plan: Plan) -> Vec<Puppet> {
    vec![
        plan.client(AtClient::Traffic),
        plan.server(AtServer::Traffic),
    ]
}

fn everywhere(plan: Plan) -> Vec<Puppet> {
    let mut all = in_handshake(plan);
    all.extend(in_traffic(plan));
    all
}

#[test]
fn a_fatal_alert_ends_the_connection_and_none_is_sent_back() {
    for description in A::KNOWN.iter().filter(|d| **d != A::CLOSE_NOTIFY) {
        for mut puppet in everywhere(GCM) {
            puppet.alert(L::FATAL, *description);
            puppet.told(*description);
        }
    }
    for plan in PLANS {
        for mut puppet in everywhere(plan) {
            puppet.alert(L::FATAL, A::HANDSHAKE_FAILURE);
            puppet.told(A::HANDSHAKE_FAILURE);
        }
    }
}

#[test]
fn a_fatal_alert_that_nobody_registered_counts_as_well() {
    for description in [1, 99, 200, 255].map(A) {
        for mut puppet in everywhere(GCM) {
            puppet.alert(L::FATAL, description);
            puppet.told(description);
            let text = puppet.conn.error().unwrap().text().to_owned();
            assert!(text.contains(&format!("{:#04x}", description.0)), "{text}");
        }
    }
}

#[test]
fn an_alert_of_unknown_level_is_refused() {
    for level in [0, 3, 128, 255].map(L) {
        for description in [A::CLOSE_NOTIFY, A::HANDSHAKE_FAILURE, A(200)] {
            for mut puppet in everywhere(GCM) {
                puppet.alert(level, description);
                puppet.refused(Reason::BadAlert, A::ILLEGAL_PARAMETER);
            }
        }
    }
}

#[test]
fn an_alert_record_holds_one_alert() {
    for body in [&[][..], &[1], &[2], &[1, 0, 0], &[2, 40, 2, 40], &[0; 100]] {
        for plan in PLANS {
            for mut puppet in everywhere(plan) {
                puppet.record(C::ALERT, body);
                puppet.refused(Reason::BadAlert, A::DECODE_ERROR);
            }
        }
    }
}

#[test]
fn warnings_are_bounded() {
    for description in [A::USER_CANCELED, A::NO_RENEGOTIATION, A(222)] {
        for mut puppet in everywhere(GCM) {
            for _ in 0..4 {
                puppet.alert(L::WARNING, description);
            }
            let _waits = puppet.drive();
            assert!(puppet.conn.error().is_none());
            puppet.alert(L::WARNING, description);
            puppet.refused(Reason::TooManyWarningAlerts, A::UNEXPECTED_MESSAGE);
        }
    }
}

#[test]
fn warnings_are_counted_from_the_last_record_that_brought_something() {
    for plan in PLANS {
        for mut puppet in in_traffic(plan) {
            for _ in 0..5 {
                for _ in 0..4 {
                    puppet.alert(L::WARNING, A::USER_CANCELED);
                    puppet.data(b"");
                }
                puppet.data(b"data");
                assert_eq!(read(&mut puppet.conn, 10).unwrap(), b"data");
            }
            for _ in 0..5 {
                puppet.alert(L::WARNING, A::USER_CANCELED);
                puppet.data(b"");
            }
            puppet.refused(Reason::TooManyWarningAlerts, A::UNEXPECTED_MESSAGE);
        }
    }
}

#[test]
fn close_notify_in_the_handshake_ends_it() {
    for level in [L::WARNING, L::FATAL] {
        for plan in PLANS {
            for mut puppet in in_handshake(plan) {
                puppet.alert(level, A::CLOSE_NOTIFY);
                puppet.refused(Reason::EofInHandshake, None);
            }
        }
    }
}

#[test]
fn close_notify_is_a_clean_end_for_ever() {
    for level in [L::WARNING, L::FATAL] {
        for plan in PLANS {
            for mut puppet in in_traffic(plan) {
                puppet.data(b"last");
                puppet.alert(level, A::CLOSE_NOTIFY);
                assert_eq!(read(&mut puppet.conn, 10).unwrap(), b"last");
                for _ in 0..3 {
                    assert_eq!(read(&mut puppet.conn, 10).unwrap(), b"");
                    puppet.conn.transport_eof();
                }
                assert!(puppet.conn.facts().close_received);
                assert!(puppet.conn.error().is_none());
            }
        }
    }
}

#[test]
fn nothing_behind_close_notify_is_looked_at() {
    let behinds: [fn(&mut Puppet); 4] = [
        |puppet| puppet.data(b"more"),
        |puppet| puppet.alert(L::FATAL, A::INTERNAL_ERROR),
        |puppet| puppet.raw(&[0xff; 50]),
        |puppet| puppet.say(T::FINISHED, &[]),
    ];
    for say in behinds {
        for mut puppet in in_traffic(GCM) {
            puppet.alert(L::WARNING, A::CLOSE_NOTIFY);
            say(&mut puppet);
            assert_eq!(read(&mut puppet.conn, 10).unwrap(), b"");
            assert!(puppet.conn.error().is_none());
        }
    }
}

#[test]
fn an_eof_in_the_handshake_is_an_error() {
    for plan in PLANS {
        for mut puppet in in_handshake(plan) {
            puppet.conn.transport_eof();
            puppet.refused(Reason::EofInHandshake, None);
        }
        // In the middle of a header, of a record, and of a message.
        for part in [
            &[22][..],
            &[22, 3, 3, 0],
            &[22, 3, 3, 0, 4, 2],
            &[22, 3, 3, 0, 2, 2, 0],
        ] {
            for mut puppet in [
                plan.client(AtClient::ServerHello),
                plan.server(AtServer::ClientHello),
            ] {
                puppet.raw(part);
                puppet.conn.transport_eof();
                puppet.refused(Reason::EofInHandshake, None);
            }
        }
    }
}

#[test]
fn an_eof_says_what_was_expected() {
    let mut puppet = GCM.client(AtClient::ServerHelloDone);
    puppet.conn.transport_eof();
    puppet.refused(Reason::EofInHandshake, None);
    assert_eq!(
        puppet.conn.error().unwrap().text(),
        "the transport ended where ServerHelloDone was expected"
    );
}

#[test]
fn what_came_before_an_eof_still_counts() {
    // The whole rest of the handshake, the data, and then the end.
    let mut puppet = GCM.client(AtClient::Ccs);
    puppet.ccs();
    puppet.finished();
    puppet.data(b"data");
    puppet.conn.transport_eof();
    puppet.established();
    assert_eq!(read(&mut puppet.conn, 10).unwrap(), b"data");
    puppet.refused(Reason::Truncated, None);
}

#[test]
fn an_eof_without_close_notify_is_never_a_clean_end() {
    for plan in PLANS {
        for mut puppet in in_traffic(plan) {
            puppet.conn.transport_eof();
            puppet.refused(Reason::Truncated, None);
        }
        let len = {
            let mut puppet = plan.client(AtClient::Traffic);
            let keys = puppet.ours.as_mut().unwrap();
            keys.seal(C::APPLICATION_DATA, b"data").encode().len()
        };
        for cut in 0..len {
            for mut puppet in in_traffic(plan) {
                puppet.data(b"data");
                let keys = puppet.ours.as_mut().unwrap();
                let record = keys.seal(C::APPLICATION_DATA, b"data").encode();
                puppet.raw(&record[..cut]);
                puppet.conn.transport_eof();
                assert_eq!(read(&mut puppet.conn, 10).unwrap(), b"data");
                puppet.refused(Reason::Truncated, None);
            }
        }
    }
}

/// Descriptions of the warnings that the connection sent.
fn warnings(puppet: &Puppet) -> Vec<A> {
    let alerts = puppet.seen.iter().filter(|r| r.typ == C::ALERT);
    alerts
        .map(|r| {
            assert_eq!(r.body[0], L::WARNING.0);
            A(r.body[1])
        })
        .collect()
}

#[test]
fn renegotiation_is_refused_with_a_warning_ten_times() {
    for plan in PLANS {
        for (mut puppet, typ) in in_traffic(plan)
            .into_iter()
            .zip([T::HELLO_REQUEST, T::CLIENT_HELLO])
        {
            for n in 1..=10 {
                puppet.say(typ, &[]);
                puppet.data(b"go on");
                assert_eq!(read(&mut puppet.conn, 10).unwrap(), b"go on");
                puppet.established();
                assert_eq!(warnings(&puppet), vec![A::NO_RENEGOTIATION; n]);
            }
            puppet.say(typ, &[]);
            puppet.refused(Reason::TooManyRenegotiations, A::UNEXPECTED_MESSAGE);
        }
    }
}

#[test]
fn hello_requests_in_the_handshake_are_counted_too() {
    let mut puppet = GCM.client(AtClient::Certificate);
    for _ in 0..10 {
        puppet.say(T::HELLO_REQUEST, &[]);
    }
    puppet.accepted();
    puppet.say(T::HELLO_REQUEST, &[]);
    puppet.refused(Reason::TooManyRenegotiations, A::UNEXPECTED_MESSAGE);
    // Ten in one record.
    let mut puppet = GCM.client(AtClient::Traffic);
    puppet.handshake_bytes(&message(T::HELLO_REQUEST, &[]).repeat(10));
    puppet.data(b"data");
    assert_eq!(read(&mut puppet.conn, 10).unwrap(), b"data");
    puppet.handshake_bytes(&message(T::HELLO_REQUEST, &[]));
    puppet.refused(Reason::TooManyRenegotiations, A::UNEXPECTED_MESSAGE);
}

#[test]
fn nothing_is_written_behind_our_close_notify() {
    for plan in PLANS {
        for mut puppet in in_traffic(plan) {
            puppet.conn.close().unwrap();
            puppet.established();
            assert_eq!(warnings(&puppet), [A::CLOSE_NOTIFY]);
            // A misuse, not the end: reading goes on.
            for _ in 0..2 {
                assert_eq!(puppet.conn.write(b"more"), Err(Stop::Failed));
                assert_eq!(common::reason(&puppet.conn), Reason::ClosedForWriting);
                assert_eq!(puppet.conn.write(b""), Err(Stop::Failed));
                assert!(!puppet.conn.is_failed());
            }
            puppet.data(b"still");
            assert_eq!(read(&mut puppet.conn, 10).unwrap(), b"still");
            assert!(puppet.conn.error().is_none());
            // Neither a second close_notify nor a warning.
            puppet.conn.close().unwrap();
            let request = match puppet.conn.role() {
                tls_core::conn::Role::Client => T::HELLO_REQUEST,
                tls_core::conn::Role::Server => T::CLIENT_HELLO,
            };
            puppet.say(request, &[]);
            puppet.established();
            let _nothing = read(&mut puppet.conn, 10);
            puppet.established();
            assert_eq!(warnings(&puppet), [A::CLOSE_NOTIFY]);
            // Not even an alert.
            puppet.record(C::CHANGE_CIPHER_SPEC, &[1]);
            assert_eq!(read(&mut puppet.conn, 10), Err(Stop::Failed));
            assert_eq!(common::reason(&puppet.conn), Reason::UnexpectedCcs);
            assert!(puppet.conn.outgoing().is_empty());
            puppet.stays_dead();
        }
    }
}

#[test]
fn closing_in_the_handshake_ends_it() {
    for plan in PLANS {
        for mut puppet in in_handshake(plan) {
            puppet.seen.clear();
            puppet.conn.close().unwrap();
            puppet.conn.close().unwrap();
            assert_eq!(puppet.drive(), Err(Stop::Failed));
            assert_eq!(warnings(&puppet), [A::CLOSE_NOTIFY]);
            // Whatever comes, nothing more is said.
            puppet.alert(L::WARNING, A::USER_CANCELED);
            puppet.say(T::SERVER_HELLO_DONE, &[]);
            for _ in 0..2 {
                assert_eq!(puppet.conn.handshake(), Err(Stop::Failed));
                assert_eq!(common::reason(&puppet.conn), Reason::ClosedForWriting);
                assert_eq!(read(&mut puppet.conn, 10), Err(Stop::Failed));
                assert_eq!(common::reason(&puppet.conn), Reason::ClosedForWriting);
                assert_eq!(puppet.conn.write(b"data"), Err(Stop::Failed));
                assert_eq!(common::reason(&puppet.conn), Reason::ClosedForWriting);
            }
            assert!(puppet.conn.outgoing().is_empty());
        }
    }
}

#[test]
fn a_client_that_closes_before_it_began_says_no_hello() {
    let mut conn = common::client(GCM.client_config());
    conn.close().unwrap();
    assert_eq!(conn.handshake(), Err(Stop::Failed));
    let said = records(&common::take(&mut conn));
    let mut close = Record::new(C::ALERT, &[1, 0]);
    close.version = 0x0301;
    assert_eq!(said, [close]);
}

#[test]
fn an_alert_before_the_version_is_known_has_that_of_the_peers_records() {
    // A server that has chosen 1.2 reads no alert of another version.
    for (version, answered) in [
        (0x0300, 0x0301),
        (0x0301, 0x0301),
        (0x0302, 0x0302),
        (0x0303, 0x0303),
        (0x0304, 0x0303),
    ] {
        for mut puppet in [
            GCM.server(AtServer::ClientHello),
            GCM.client(AtClient::ServerHello),
        ] {
            let mut record = Record::new(C::HANDSHAKE, &message(T::FINISHED, &[]));
            record.version = version;
            puppet.raw(&record.encode());
            puppet.refused(Reason::UnexpectedMessage, A::UNEXPECTED_MESSAGE);
            assert_eq!(puppet.seen.last().unwrap().version, answered);
        }
    }
    let mut puppet = GCM.server(AtServer::ClientKeyExchange);
    puppet.say(T::FINISHED, &[]);
    puppet.refused(Reason::UnexpectedMessage, A::UNEXPECTED_MESSAGE);
    assert_eq!(puppet.seen.last().unwrap().version, 0x0303);
}
