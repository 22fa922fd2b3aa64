//! What a transport, or somebody on it, may do to two good ends: cut, join and delay anything as
//! long as the bytes stay the same; and lose, repeat, swap or change nothing at all.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::middle::{Middle, Way, coalesced, fragmented, whole};
use common::plan::{CBC, CHACHA, ETM, GCM, PLANS, Plan, RSA};
use common::puppet::{Puppet, certificate_body, suite};
use common::wire::{Record, message, messages};
use common::{give, read, take, transfer};
use tls_core::conn::{Connection, Stop};
use tls_core::error::{Direction, Reason};
use tls_core::wire::{ContentType as C, HandshakeType as T};

fn middle(plan: Plan) -> Middle {
    let mut client = plan.client_config();
    client.suites = vec![suite(plan.suite)];
    Middle::new(client, plan.server_config())
}

#[test]
fn nothing_in_between_changes_nothing() {
    for plan in PLANS {
        let mut middle = middle(plan);
        middle.run(|_, records| whole(&records));
        middle.both_are_done();
        transfer(&mut middle.client, &mut middle.server, &[1; 40_000]);
        transfer(&mut middle.server, &mut middle.client, &[2; 40_000]);
    }
}

#[test]
fn handshake_messages_may_be_cut_anywhere() {
    for len in (1..40).chain([63, 100, 255, 256, 1000]) {
        for plan in [GCM, RSA] {
            let mut middle = middle(plan);
            middle.run(|_, records| fragmented(&records, len));
            middle.both_are_done();
        }
    }
}

#[test]
fn handshake_messages_may_share_a_record() {
    for plan in PLANS {
        let mut middle = middle(plan);
        middle.run(|_, records| coalesced(&records));
        middle.both_are_done();
    }
}

#[test]
fn messages_may_be_cut_and_share_a_record_at_once() {
    // Records that end in the middle of a message and begin in the middle of the next.
    for len in [3, 5, 77, 400] {
        let mut middle = middle(GCM);
        middle.run(|_, records| {
            let one = common::wire::records(&coalesced(&records));
            fragmented(&one, len)
        });
        middle.both_are_done();
    }
}

/// Gives one byte at a time, and calls the verb after each.
fn trickle(to: &mut Connection, bytes: &[u8]) {
    for byte in bytes {
        give(to, &[*byte]);
        let _waits = to.handshake();
    }
}

#[test]
fn one_byte_at_a_time_is_enough_for_both_sides() {
    for plan in PLANS {
        let Middle {
            mut client,
            mut server,
        } = middle(plan);
        assert_eq!(client.handshake(), Err(Stop::WantRead));
        for _ in 0..2 {
            let bytes = take(&mut client);
            trickle(&mut server, &bytes);
            let bytes = take(&mut server);
            trickle(&mut client, &bytes);
        }
        let mut middle = Middle { client, server };
        middle.both_are_done();
        say_goodbye_bytewise(&mut middle.client, &mut middle.server);
        say_goodbye_bytewise(&mut middle.server, &mut middle.client);
    }
}

/// Some data and close_notify, one byte at a time.
fn say_goodbye_bytewise(from: &mut Connection, to: &mut Connection) {
    from.write(&[7; 1000]).unwrap();
    from.close().unwrap();
    let mut got = Vec::new();
    for byte in take(from) {
        give(to, &[byte]);
        while let Ok(data) = read(to, 64) {
            if data.is_empty() {
                break;
            }
            got.extend(data);
        }
    }
    assert_eq!(got, [7; 1000]);
    assert_eq!(read(to, 1), Ok(vec![]));
}

#[test]
fn one_byte_out_at_a_time_is_enough() {
    let Middle {
        mut client,
        mut server,
    } = middle(CBC);
    for _ in 0..10_000 {
        pass_one_byte(&mut client, &mut server);
        pass_one_byte(&mut server, &mut client);
    }
    let mut middle = Middle { client, server };
    middle.both_are_done();
}

fn pass_one_byte(from: &mut Connection, to: &mut Connection) {
    let _waits = from.handshake();
    if let [byte, ..] = *from.outgoing() {
        from.sent(1);
        give(to, &[byte]);
    }
}

/// What happens to a flight on its way.
type Mischief = fn(&mut Vec<Record>, usize);

/// Does `mischief` to the `nth` record that goes one way; neither end may come to the end.
fn spoil(plan: Plan, way: Way, nth: usize, mischief: Mischief) -> Option<Middle> {
    let mut middle = middle(plan);
    let (mut before, mut done) = (0, false);
    middle.run(|w, mut records| {
        if w == way && !done && nth < before + records.len() {
            mischief(&mut records, nth - before);
            done = true;
        } else if w == way {
            before += records.len();
        }
        whole(&records)
    });
    done.then_some(middle)
}

const MISCHIEFS: [Mischief; 4] = [
    // lost
    |records, n| drop(records.remove(n)),
    // repeated
    |records, n| {
        let twice = records[n].clone();
        records.insert(n, twice);
    },
    // its last byte changed
    |records, n| *records[n].body.last_mut().unwrap() ^= 1,
    // its first byte changed
    |records, n| records[n].body[0] ^= 0x40,
];

#[test]
fn whoever_loses_repeats_or_changes_a_record_ends_the_handshake() {
    for plan in PLANS {
        for way in [Way::ToServer, Way::ToClient] {
            for mischief in MISCHIEFS {
                for nth in 0.. {
                    let Some(mut middle) = spoil(plan, way, nth, mischief) else {
                        assert!(nth >= 4, "too few records were spoiled");
                        break;
                    };
                    check_nobody_was_fooled(&mut middle);
                }
            }
        }
    }
}

/// Nobody is done; or one is, because only the last flight was spoiled; or both are, because a
/// Finished came twice: then the second is no record of the connection.
fn check_nobody_was_fooled(middle: &mut Middle) {
    let Middle { client, server } = middle;
    match (client.is_established(), server.is_established()) {
        (false, false) => middle.nobody_is_done(),
        (false, true) => {}
        (true, false) => panic!("the client is done without the server"),
        (true, true) => {
            let twice = if client.has_buffered_input() {
                client
            } else {
                server
            };
            assert_eq!(read(twice, 9), Err(Stop::Failed));
            assert_eq!(common::reason(twice), Reason::BadRecordMac);
        }
    }
}

#[test]
fn whoever_swaps_two_records_ends_the_handshake() {
    for plan in [GCM, RSA, CBC] {
        for way in [Way::ToServer, Way::ToClient] {
            let swap: Mischief = |records, n| {
                let other = if n + 1 < records.len() { n + 1 } else { 0 };
                records.swap(n, other);
            };
            let from = usize::from(way == Way::ToServer);
            for nth in from..4 {
                let mut middle = spoil(plan, way, nth, swap).unwrap();
                check_nobody_was_fooled(&mut middle);
                assert!(!middle.client.is_established());
            }
        }
    }
}

/// Changes one byte of the bodies of the handshake messages of a type.
fn change_message(plan: Plan, typ: T, place: usize) -> Middle {
    let mut middle = middle(plan);
    let mut done = false;
    middle.run(|_, mut records| {
        for record in &mut records {
            let clear = record.typ == C::HANDSHAKE && T(record.body[0]) == typ && !done;
            if clear && place + 4 < record.body.len() {
                record.body[place + 4] ^= 1;
                done = true;
            }
        }
        whole(&records)
    });
    assert!(done, "{typ} has no byte {place}");
    middle
}

#[test]
fn a_change_that_nobody_sees_at_once_is_seen_at_the_latest_by_finished() {
    // Randoms and session_id: good wherever they are looked at.
    for plan in [CHACHA, RSA, ETM] {
        for place in [2, 20, 33] {
            for typ in [T::CLIENT_HELLO, T::SERVER_HELLO] {
                if !plan.is_ecdhe() || typ == T::CLIENT_HELLO {
                    let mut middle = change_message(plan, typ, place);
                    middle.nobody_is_done();
                    let reasons = [&middle.client, &middle.server].map(|c| {
                        let error = c.error().unwrap();
                        (error.reason(), error.alert().map(|(_, way)| way))
                    });
                    // Who sees it first tells the other.
                    assert!(
                        reasons.contains(&(Reason::AlertReceived, Some(Direction::Received))),
                        "{reasons:?}"
                    );
                    let sent = [
                        (Reason::BadSignature, Some(Direction::Sent)),
                        (Reason::BadRecordMac, Some(Direction::Sent)),
                        (Reason::BadFinished, Some(Direction::Sent)),
                    ];
                    assert!(sent.iter().any(|s| reasons.contains(s)), "{reasons:?}");
                }
            }
        }
    }
}

#[test]
fn the_alert_arrives_as_what_it_is() {
    // The other end's error names the alert that this end's error sent.
    for (plan, typ, place) in [
        (GCM, T::SERVER_KEY_EXCHANGE, 200),
        (GCM, T::CLIENT_HELLO, 0),
        (GCM, T::CERTIFICATE, 900),
        (RSA, T::SERVER_HELLO, 35),
    ] {
        let middle = change_message(plan, typ, place);
        let (client, server) = (
            middle.client.error().unwrap(),
            middle.server.error().unwrap(),
        );
        let (alert, _) = client.alert().unwrap();
        assert_eq!(server.alert().unwrap().0, alert);
        let ways = [client.alert().unwrap().1, server.alert().unwrap().1];
        assert!(ways.contains(&Direction::Sent) && ways.contains(&Direction::Received));
    }
}

#[test]
fn a_message_of_several_records_is_taken() {
    // A chain of 40 KiB in records of any size: more than one record can hold.
    let chain = certificate_body("server-rsa");
    let leaf_and_more = {
        let entries = &chain[3..];
        let mut body = entries.to_vec();
        while body.len() < 40_000 {
            body.extend_from_slice(entries);
        }
        let len = (body.len() as u32).to_be_bytes();
        [&len[1..], &body].concat()
    };
    for piece in [1 << 14, 5000, 999] {
        let mut puppet = Puppet::against_client(GCM.client_config());
        puppet.server_hello(&GCM.server_hello());
        puppet.accepted();
        let certificate = message(T::CERTIFICATE, &leaf_and_more);
        for part in certificate.chunks(piece) {
            puppet.handshake_bytes(part);
            puppet.accepted();
        }
        puppet.overhear(&certificate);
        GCM.server_key_exchange(&mut puppet);
        puppet.accepted();
        assert!(puppet.conn.facts().peer_chain.as_ref().unwrap().len() > 40);
    }
}

#[test]
fn every_boundary_inside_a_finished() {
    for plan in PLANS {
        let len = message(T::FINISHED, &[0; 12]).len();
        for cut in 1..len {
            let ends: [Puppet; 2] = [
                plan.client(common::plan::AtClient::Finished),
                plan.server(common::plan::AtServer::Finished),
            ];
            for mut puppet in ends {
                let finished = message(T::FINISHED, &puppet.verify_data());
                puppet.handshake_bytes(&finished[..cut]);
                puppet.accepted();
                puppet.handshake_bytes(&finished[cut..]);
                puppet.established();
            }
        }
    }
}

#[test]
fn a_flight_is_what_it_should_be() {
    // The middle sees the messages of RFC 5246 §7.3, figure 1, and nothing else.
    for plan in PLANS {
        let mut seen = Vec::new();
        let mut middle = middle(plan);
        middle.run(|_, records| {
            for record in &records {
                match record.typ {
                    C::HANDSHAKE if !seen.contains(&None) => {
                        let all = messages(&record.body);
                        seen.extend(all.into_iter().map(|(typ, _)| Some(typ)));
                    }
                    C::CHANGE_CIPHER_SPEC => seen.push(None),
                    _ => {}
                }
            }
            whole(&records)
        });
        middle.both_are_done();
        let mut expected = vec![
            T::CLIENT_HELLO,
            T::SERVER_HELLO,
            T::CERTIFICATE,
            T::SERVER_KEY_EXCHANGE,
            T::SERVER_HELLO_DONE,
            T::CLIENT_KEY_EXCHANGE,
        ];
        if !plan.is_ecdhe() {
            expected.retain(|typ| *typ != T::SERVER_KEY_EXCHANGE);
        }
        let clear: Vec<T> = seen.into_iter().flatten().collect();
        assert_eq!(clear, expected);
    }
}
