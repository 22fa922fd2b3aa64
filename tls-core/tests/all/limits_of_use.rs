//! How much the keys of one direction may protect: who is told, what is refused, and what new keys bring.

use crate::common;
use common::plan::{AtClient, AtServer, CBC, CHACHA, ETM, GCM, PLANS, Plan};
use common::puppet::{Puppet, suite};
use common::sessions::Pair;
use common::{client, give, handshake, read, reason, server, take, transfer};
use tls_core::config::{Config, KeyLimits, MODERN, Renegotiation};
use tls_core::conn::{Connection, Stop};
use tls_core::error::{Direction, Family, Reason};
use tls_core::wire::{AlertDescription as A, AlertLevel as L};

/// 3DES as a plan; the puppet does not speak it, our own two ends do.
const TRIPLE_DES: Plan = Plan {
    suite: 0xc012,
    ..GCM
};

/// CCM.
const CCM: Plan = Plan {
    suite: 0xc09e,
    ..GCM
};

fn limited(mut config: Config, most: u64) -> Config {
    config.key_limits = KeyLimits::DEFAULT.at_most(most);
    config.renegotiation = Renegotiation::Allow;
    config
}

fn pair(plan: Plan, clients: u64, servers: u64) -> [Connection; 2] {
    let mut ours = limited(plan.client_config(), clients);
    ours.suites = vec![suite(plan.suite)];
    let mut ends = [client(ours), server(limited(plan.server_config(), servers))];
    let [c, s] = &mut ends;
    handshake(c, s).unwrap();
    ends
}

#[test]
fn the_limits_are_those_of_the_rfcs() {
    let limits = KeyLimits::default();
    assert_eq!(limits.gcm, 2_f64.powf(24.5).floor() as u64);
    assert_eq!((limits.ccm, limits.triple_des), (1 << 23, 1 << 32));
    assert_eq!((limits.chacha20, limits.aes_cbc), (u64::MAX, 1 << 48));
    let low = limits.at_most(9);
    assert_eq!(
        low.gcm + low.ccm + low.chacha20 + low.aes_cbc + low.triple_des,
        45
    );
    for plan in PLANS.into_iter().chain([TRIPLE_DES, CCM]) {
        let [mut c, mut s] = pair(plan, u64::MAX, u64::MAX);
        transfer(&mut c, &mut s, &[1; 100_000]);
        assert!(!c.keys_nearly_used() && !s.keys_nearly_used());
    }
}

/// Writes records of one byte until it is refused; how many, and how many before the end was near.
fn until_refused(from: &mut Connection, to: &mut Connection) -> (u64, u64) {
    let (mut written, mut calm) = (0, 0);
    loop {
        let near = from.keys_nearly_used();
        match from.write(b"x") {
            Ok(1) => {
                written += 1;
                calm += u64::from(!near);
                let wire = take(from);
                give(to, &wire);
                assert_eq!(read(to, 9).unwrap(), b"x");
            }
            Err(Stop::Failed) => return (written, calm),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn writing_ends_at_the_limit_and_nothing_else_does() {
    for plan in [GCM, CHACHA, CCM] {
        for starter in [0, 1] {
            // The Finished is the first record; 7/8 of 64 are 56.
            let mut ends = pair(plan, 64, 64);
            let [a, b] = &mut ends;
            let (from, to) = if starter == 0 { (a, b) } else { (b, a) };
            assert_eq!(until_refused(from, to), (63, 55));
            for _ in 0..3 {
                assert_eq!(from.write(b"x"), Err(Stop::Failed));
                assert_eq!(reason(from), Reason::KeyLimitReached);
                assert!(!from.is_failed() && from.outgoing().is_empty());
                assert_eq!(from.write(b""), Ok(0));
            }
            // The other direction has its own keys.
            to.write(b"answer").unwrap();
            let wire = take(to);
            give(from, &wire);
            assert_eq!(read(from, 9).unwrap(), b"answer");
            // New keys, and it goes on as far again.
            from.renegotiate().unwrap();
            for _ in 0..4 {
                let wire = take(from);
                give(to, &wire);
                let _waits = read(to, 1);
                let wire = take(to);
                give(from, &wire);
                let _waits = read(from, 1);
            }
            assert_eq!((from.facts().handshakes, to.facts().handshakes), (2, 2));
            assert!(!from.keys_nearly_used() && !to.keys_nearly_used());
            assert_eq!(until_refused(from, to), (63, 55));
            // And so does closing.
            from.close().unwrap();
            let wire = take(from);
            give(to, &wire);
            assert_eq!(read(to, 9), Ok(vec![]));
        }
    }
}

#[test]
fn a_write_takes_no_more_than_may_be_sealed() {
    let [mut c, mut s] = pair(GCM, 4, u64::MAX);
    assert_eq!(c.write(&[1; 100_000]), Ok(3 << 14));
    let wire = take(&mut c);
    give(&mut s, &wire[..20_000]);
    assert!(!read(&mut s, 1 << 14).unwrap().is_empty());
    assert_eq!(c.write(&[1; 100_000]), Err(Stop::Failed));
    assert_eq!(reason(&c), Reason::KeyLimitReached);
}

#[test]
fn blocks_count_where_the_cipher_has_blocks() {
    // Full records: 1 + (16384 + MAC + padding) / block each, IV included.
    for (plan, per_record) in [(CBC, 1_027), (ETM, 1_029), (TRIPLE_DES, 2_052)] {
        let [mut c, mut s] = pair(plan, 10 * per_record, u64::MAX);
        let mut records = 0;
        while let Ok(n) = c.write(&[1; 1 << 14]) {
            assert_eq!(n, 1 << 14);
            records += 1;
            let wire = take(&mut c);
            give(&mut s, &wire);
            assert_eq!(read(&mut s, 1 << 14).unwrap().len(), 1 << 14);
        }
        assert_eq!(reason(&c), Reason::KeyLimitReached);
        // The Finished has cost a few blocks.
        assert_eq!(records, 9, "{per_record}");
    }
}

/// It closes by itself, and says why.
fn closed(puppet: &mut Puppet) {
    while read(&mut puppet.conn, 99).is_ok() {}
    let error = puppet.conn.error().unwrap();
    assert_eq!(error.reason(), Reason::KeyLimitExceeded);
    assert_eq!(error.reason().family(), Family::Incompatible);
    assert_eq!(error.alert(), Some((A::CLOSE_NOTIFY, Direction::Sent)));
    let facts = puppet.conn.facts();
    assert!(facts.close_sent && !facts.close_received);
    assert!(!puppet.conn.outgoing().is_empty());
}

#[test]
fn nothing_that_came_before_the_limit_is_lost_and_the_session_stays() {
    let mut kept = Pair::ids(&MODERN, "server-p256");
    kept.server.key_limits = KeyLimits::DEFAULT.at_most(4);
    let (mut c, mut s) = kept.connect();
    let mut wire = Vec::new();
    for n in 0..5 {
        c.write(&[n; 100]).unwrap();
        wire.extend(take(&mut c));
    }
    give(&mut s, &wire);
    // The Finished was the first record.
    assert_eq!(read(&mut s, 150).unwrap().len(), 150);
    assert_eq!(read(&mut s, 900).unwrap().len(), 150);
    assert_eq!(read(&mut s, 900), Err(Stop::Failed));
    assert_eq!(reason(&s), Reason::KeyLimitExceeded);
    // To the peer it is an end like any other.
    s.close().unwrap_err();
    give(&mut c, &take(&mut s));
    assert_eq!(read(&mut c, 9), Ok(vec![]));
    assert!(kept.resumes());
}

#[test]
fn data_beyond_the_limit_of_the_peers_keys_ends_the_connection() {
    for plan in [GCM, CHACHA] {
        for mut puppet in [
            plan.client_with(limited(plan.client_config(), 16), AtClient::Traffic),
            plan.server_with(limited(plan.server_config(), 16), AtServer::Traffic),
        ] {
            for n in 2..=16 {
                assert_eq!(puppet.conn.keys_nearly_used(), n > 14, "{n}");
                assert_eq!(puppet.conn.peer_keys_nearly_used(), n > 14, "{n}");
                assert!(!puppet.conn.own_keys_nearly_used());
                puppet.data(b"data");
                assert_eq!(read(&mut puppet.conn, 99).unwrap(), b"data");
            }
            // What is no data may come.
            puppet.alert(L::WARNING, A::NO_RENEGOTIATION);
            assert_eq!(read(&mut puppet.conn, 9), Err(Stop::WantRead));
            puppet.data(b"data");
            closed(&mut puppet);
        }
    }
    // Read in place, by a verb that does not read.
    for plan in [CBC, ETM] {
        let mut puppet = plan.server_with(limited(plan.server_config(), 40), AtServer::Traffic);
        for _ in 0..4 {
            puppet.data(b"data");
        }
        puppet.read_size = 1;
        puppet.data(&[1; 1000]);
        closed(&mut puppet);
    }
}

#[test]
fn a_limit_of_nothing_lets_no_data_through() {
    let [mut c, mut s] = pair(GCM, 0, u64::MAX);
    assert!(c.keys_nearly_used());
    assert_eq!(c.write(b"x"), Err(Stop::Failed));
    assert_eq!(reason(&c), Reason::KeyLimitReached);
    s.write(b"x").unwrap();
    let wire = take(&mut s);
    give(&mut c, &wire);
    assert_eq!(read(&mut c, 9), Err(Stop::Failed));
    assert_eq!(reason(&c), Reason::KeyLimitExceeded);
}
