//! CBC records of data that are opened two at a time: nobody can tell but by the clock.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::plan::{AtClient, AtServer, CBC, ETM, Plan};
use common::puppet::Puppet;
use common::read;
use common::wire::Record;
use tls_core::conn::Stop;
use tls_core::error::Reason;
use tls_core::wire::{AlertDescription as A, AlertLevel, ContentType as C};

fn everyone() -> impl Iterator<Item = Puppet> {
    let ends = |plan: Plan| {
        [
            plan.client(AtClient::Traffic),
            plan.server(AtServer::Traffic),
        ]
    };
    [CBC, ETM].into_iter().flat_map(ends)
}

fn sealed(puppet: &mut Puppet, typ: C, plain: &[u8]) -> Record {
    puppet.ours.as_mut().unwrap().seal(typ, plain)
}

/// Sends records at once; those named are spoiled.
fn send(puppet: &mut Puppet, plains: &[&[u8]], bad: &[usize]) {
    let mut bytes = Vec::new();
    for (n, plain) in plains.iter().enumerate() {
        let mut record = sealed(puppet, C::APPLICATION_DATA, plain);
        if bad.contains(&n) {
            *record.body.last_mut().unwrap() ^= 1;
        }
        bytes.extend(record.encode());
    }
    puppet.raw(&bytes);
}

#[test]
fn data_comes_whole_and_in_order_however_it_is_read() {
    for size in [1, 3, 7, 8, 100] {
        for mut puppet in everyone() {
            send(&mut puppet, &[b"one", b"", b"three", b"4", b"fifth"], &[]);
            let mut data = Vec::new();
            while data.len() < 14 {
                data.extend(read(&mut puppet.conn, size).unwrap());
            }
            assert_eq!(data, b"onethree4fifth");
            assert_eq!(read(&mut puppet.conn, size), Err(Stop::WantRead));
            assert!(!puppet.conn.holds_buffer());
        }
    }
}

#[test]
fn a_record_that_is_split_by_the_transport_is_waited_for() {
    for mut puppet in everyone() {
        let records = [b"first", b"other", b"third"].map(|plain| {
            let record = sealed(&mut puppet, C::APPLICATION_DATA, plain);
            record.encode()
        });
        let bytes = records.concat();
        for cut in bytes.chunks(11) {
            puppet.raw(cut);
        }
        assert_eq!(read(&mut puppet.conn, 5).unwrap(), b"first");
        assert_eq!(read(&mut puppet.conn, 99).unwrap(), b"otherthird");
    }
}

#[test]
fn the_error_of_the_second_comes_behind_the_data_of_the_first() {
    for mut puppet in everyone() {
        send(&mut puppet, &[b"good", b"bad"], &[1]);
        assert_eq!(read(&mut puppet.conn, 4).unwrap(), b"good");
        assert!(!puppet.conn.is_failed());
        puppet.refused(Reason::BadRecordMac, A::BAD_RECORD_MAC);
    }
}

#[test]
fn behind_a_bad_record_nothing_is_read() {
    for mut puppet in everyone() {
        send(&mut puppet, &[b"bad", b"good"], &[0]);
        assert_eq!(read(&mut puppet.conn, 99), Err(Stop::Failed));
        puppet.refused(Reason::BadRecordMac, A::BAD_RECORD_MAC);
    }
    for mut puppet in everyone() {
        send(&mut puppet, &[b"1", b"2", b"bad", b"4", b"5"], &[2]);
        assert_eq!(read(&mut puppet.conn, 99).unwrap(), b"12");
        puppet.refused(Reason::BadRecordMac, A::BAD_RECORD_MAC);
    }
}

/// The sequence numbers of a pair are those of its places.
#[test]
fn a_pair_cannot_be_turned_round() {
    for mut puppet in everyone() {
        let [a, b] = [b"a", b"b"].map(|p| sealed(&mut puppet, C::APPLICATION_DATA, p).encode());
        puppet.raw(&[b, a].concat());
        puppet.refused(Reason::BadRecordMac, A::BAD_RECORD_MAC);
    }
}

#[test]
fn an_alert_between_two_records_has_its_place() {
    for mut puppet in everyone() {
        let warning = [AlertLevel::WARNING.0, A::USER_CANCELED.0];
        let records = [
            sealed(&mut puppet, C::APPLICATION_DATA, b"before"),
            sealed(&mut puppet, C::ALERT, &warning),
            sealed(&mut puppet, C::APPLICATION_DATA, b"behind"),
            sealed(&mut puppet, C::APPLICATION_DATA, b"last"),
            sealed(
                &mut puppet,
                C::ALERT,
                &[AlertLevel::WARNING.0, A::CLOSE_NOTIFY.0],
            ),
        ];
        let mut bytes = records.map(|record| record.encode()).concat();
        bytes.extend(b"something else");
        puppet.raw(&bytes);
        assert_eq!(read(&mut puppet.conn, 6).unwrap(), b"before");
        assert_eq!(read(&mut puppet.conn, 6).unwrap(), b"behind");
        assert!(puppet.conn.take_unread().is_empty(), "data waits");
        assert_eq!(read(&mut puppet.conn, 9).unwrap(), b"last");
        assert_eq!(read(&mut puppet.conn, 9).unwrap(), b"");
        assert_eq!(puppet.conn.take_unread(), b"something else");
    }
}

/// A plaintext that is too long is that record's error, not its neighbour's.
#[test]
fn a_limit_of_the_second_is_told_at_its_turn() {
    for mut puppet in everyone() {
        let long = vec![7; (1 << 14) + 1];
        send(&mut puppet, &[b"good", &long], &[]);
        assert_eq!(read(&mut puppet.conn, 4).unwrap(), b"good");
        puppet.refused(Reason::RecordOverflow, A::RECORD_OVERFLOW);
    }
}
