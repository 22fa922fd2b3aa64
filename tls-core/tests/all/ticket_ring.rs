//! The ring of ticket keys: what seals, what opens, and for how long.

use crate::common::sessions::{Pair, key};
use std::sync::Arc;
use std::time::Duration;
use tls_core::cert::UnixTime;
use tls_core::config::{COMPATIBLE, MODERN};
use tls_core::crypto::Secret;
use tls_core::error::Reason;
use tls_core::session::{
    AeadTicketKey, KeyWindow, MAX_LIFETIME, Opened, SealFailed, TicketKey, TicketRing, TicketSealer,
};
use tls_crypto::{CbcTicketKey, DefaultProvider, OsRandom};

const HOUR: u64 = 3600;
const DAY: u64 = MAX_LIFETIME as u64;

fn at(secs: u64) -> UnixTime {
    UnixTime::since_unix_epoch(Duration::from_secs(secs))
}

fn seal(ring: &TicketRing, now: u64) -> Result<Vec<u8>, SealFailed> {
    ring.seal(b"a session", at(now), &OsRandom)
}

fn open(ring: &TicketRing, sealed: &[u8], now: u64) -> Option<Opened> {
    ring.open(sealed, at(now))
        .inspect(|opened| assert_eq!(&opened.plain[..], b"a session"))
}

fn given() -> TicketRing {
    TicketRing::given(Arc::new(DefaultProvider))
}

fn random(period: u64) -> TicketRing {
    TicketRing::random(Arc::new(DefaultProvider), period as u32)
}

fn derived(master: u8, period: u64) -> TicketRing {
    let master = Secret::new(vec![master; 32]);
    TicketRing::derived(Arc::new(DefaultProvider), master, period as u32).unwrap()
}

fn window(from: u64, encrypt: u64, decrypt: u64) -> KeyWindow {
    KeyWindow {
        from,
        encrypt,
        decrypt,
    }
}

#[test]
fn an_empty_ring_seals_and_opens_nothing() {
    let ring = given();
    assert!(seal(&ring, 100).is_err());
    assert!(open(&ring, &[7; 100], 100).is_none());
    assert!(open(&ring, &[], 100).is_none());
}

#[test]
fn windows_say_when_a_key_seals_and_opens() {
    let ring = given();
    ring.add(key(1), window(100, 50, 30));
    assert!(seal(&ring, 99).is_err(), "not yet");
    let sealed = seal(&ring, 100).unwrap();
    assert!(seal(&ring, 149).is_ok());
    assert!(seal(&ring, 150).is_err(), "no longer");
    for now in [0, 99, 100, 149, 150, 179] {
        assert!(open(&ring, &sealed, now).is_some(), "{now}");
    }
    assert!(open(&ring, &sealed, 180).is_none(), "over");
    assert!(!open(&ring, &sealed, 100).unwrap().renew);
    assert!(open(&ring, &sealed, 150).unwrap().renew);
}

#[test]
fn the_newest_key_seals_and_the_older_ones_open() {
    let ring = given();
    ring.add(key(1), KeyWindow::ALWAYS);
    let old = seal(&ring, 100).unwrap();
    ring.add(key(2), window(50, 100, 100));
    let new = seal(&ring, 100).unwrap();
    assert_eq!(
        (old[..16].to_vec(), new[..16].to_vec()),
        ([1; 16].to_vec(), [2; 16].to_vec())
    );
    assert!(open(&ring, &old, 100).unwrap().renew);
    assert!(!open(&ring, &new, 100).unwrap().renew);
    assert_eq!(
        seal(&ring, 10).unwrap()[..16],
        [1; 16],
        "before the new one's time"
    );
    assert_eq!(seal(&ring, 160).unwrap()[..16], [1; 16], "behind it");
}

#[test]
fn keys_go_when_they_are_removed_or_replaced() {
    let ring = given();
    ring.add(key(1), KeyWindow::ALWAYS);
    let sealed = seal(&ring, 1).unwrap();
    assert!(!ring.remove(&[2; 16]));
    assert!(ring.remove(&[1; 16]));
    assert!(open(&ring, &sealed, 1).is_none() && seal(&ring, 1).is_err() && ring.is_empty());
    ring.add(key(1), KeyWindow::DECRYPT);
    assert!(open(&ring, &sealed, 1).is_some() && seal(&ring, 1).is_err());
    // The same name with other bytes takes the old one's place.
    let mut bytes = [9; AeadTicketKey::LEN];
    bytes[..16].copy_from_slice(&[1; 16]);
    let other = AeadTicketKey::new(&DefaultProvider, &bytes).unwrap();
    ring.add(Arc::new(other), KeyWindow::ALWAYS);
    assert_eq!(ring.len(), 1);
    assert!(open(&ring, &sealed, 1).is_none());
    ring.set(vec![
        (key(3), KeyWindow::ALWAYS),
        (key(4), KeyWindow::DECRYPT),
    ]);
    assert_eq!((ring.len(), seal(&ring, 1).unwrap()[0]), (2, 3));
}

#[test]
fn a_ring_has_a_bound() {
    let ring = given();
    for n in 0..100 {
        ring.add(key(n), KeyWindow::ALWAYS);
    }
    assert_eq!(ring.len(), 64);
    assert_eq!(seal(&ring, 1).unwrap()[0], 99);
}

#[test]
fn a_random_ring_turns_by_itself() {
    let ring = random(HOUR);
    assert!(open(&ring, &[1; 100], 1000).is_none());
    let mut sealed = Vec::new();
    for hour in 0..100 {
        let now = 1_000_000 + hour * HOUR;
        sealed.push((now, seal(&ring, now).unwrap()));
        assert!(ring.len() <= 26, "what is over goes");
        for (made, ticket) in &sealed {
            let alive = now < made + HOUR + DAY;
            let opened = open(&ring, ticket, now);
            assert_eq!(opened.is_some(), alive);
            assert_eq!(opened.is_some_and(|o| !o.renew), *made == now);
        }
    }
    let names: std::collections::BTreeSet<_> =
        sealed.iter().map(|(_, t)| t[..16].to_vec()).collect();
    assert_eq!(names.len(), 100);
    let other = random(HOUR);
    assert!(open(&other, &sealed[99].1, 1_000_000 + 99 * HOUR).is_none());
}

#[test]
fn a_random_ring_that_only_opens_drops_its_old_keys_too() {
    let ring = random(HOUR);
    let ticket = seal(&ring, 1000).unwrap();
    assert!(open(&ring, &ticket, 1000 + DAY).is_some());
    assert_eq!(ring.len(), 1);
    assert!(open(&ring, &ticket, 1000 + HOUR + DAY).is_none());
    assert!(ring.is_empty(), "a key that opens nothing is not kept");
}

#[test]
fn whoever_adds_a_key_that_encrypts_gets_no_random_ones_behind_it() {
    let window = |encrypt| KeyWindow {
        from: 1000,
        encrypt,
        decrypt: HOUR,
    };
    let ring = random(HOUR);
    ring.add(key(1), window(0));
    assert_ne!(seal(&ring, 1000).unwrap()[0], 1, "it only decrypts");
    ring.add(key(2), window(HOUR));
    assert_eq!(seal(&ring, 1000).unwrap()[0], 2);
    assert!(seal(&ring, 1000 + 2 * HOUR).is_err(), "its window is over");
    ring.add(
        key(3),
        KeyWindow {
            from: 1000 + 2 * HOUR,
            ..window(HOUR)
        },
    );
    assert_eq!(seal(&ring, 1000 + 2 * HOUR).unwrap()[0], 3);

    let ring = random(HOUR);
    ring.set(vec![(key(4), window(HOUR))]);
    assert!(ring.remove(&[4; 16]));
    assert!(
        seal(&ring, 1001).is_err(),
        "removed, and none is made in its place"
    );
}

#[test]
fn hosts_with_one_master_secret_share_their_tickets() {
    let (a, b) = (derived(1, HOUR), derived(1, HOUR));
    let now = 500_000 * HOUR + 7;
    let ticket = seal(&a, now).unwrap();
    assert!(!open(&b, &ticket, now).unwrap().renew, "of this epoch");
    assert!(
        open(&b, &ticket, now + HOUR).unwrap().renew,
        "of the last one"
    );
    assert!(open(&b, &ticket, now + DAY).is_some());
    assert!(open(&b, &ticket, now + DAY + HOUR).is_none());
    // A clock that is behind by an epoch; not by two.
    assert!(open(&derived(1, HOUR), &ticket, now - HOUR).is_some());
    assert!(open(&derived(1, HOUR), &ticket, now - 2 * HOUR).is_none());
    for other in [derived(2, HOUR), derived(1, HOUR / 2)] {
        assert!(open(&other, &ticket, now).is_none());
    }
}

#[test]
fn derived_keys_follow_the_time_and_old_ones_go() {
    let ring = derived(1, HOUR);
    for hour in 0..100 {
        let now = 500_000 * HOUR + hour * HOUR;
        let ticket = seal(&ring, now).unwrap();
        assert!(!open(&derived(1, HOUR), &ticket, now).unwrap().renew);
        assert!(open(&ring, &ticket, now).is_some());
        assert!(ring.len() <= 27);
    }
    // Short epochs: no more than the ring has room for.
    let ring = derived(1, 1);
    let ticket = seal(&ring, 1000).unwrap();
    assert!(open(&ring, &ticket, 1032).is_some() && ring.len() <= 34);
    assert!(open(&ring, &ticket, 1033).is_none());
}

#[test]
fn a_derived_key_that_was_removed_does_not_come_back() {
    let ring = derived(1, HOUR);
    let now = 500_000 * HOUR;
    let ticket = seal(&ring, now).unwrap();
    let name: [u8; 16] = ticket[..16].try_into().unwrap();
    assert!(ring.remove(&name));
    assert!(!ring.remove(&name));
    assert!(seal(&ring, now).is_err(), "until the next epoch");
    for hour in 0..30 {
        let now = now + hour * HOUR;
        assert!(open(&ring, &ticket, now).is_none());
        if hour > 0 {
            let newer = seal(&ring, now).unwrap();
            assert!(open(&ring, &newer, now).is_some());
        }
    }
}

#[test]
fn the_key_of_an_epoch_is_a_known_function_of_the_master_secret() {
    // HMAC-SHA256 chains over "tlscore ticket key" and the epoch, computed apart.
    let key = AeadTicketKey::derive(&DefaultProvider, &[0x0b; 32], 486_111).unwrap();
    assert_eq!(hex(key.name()), "edee8d262c98e7538d82e93e3219b2e1");
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[test]
fn a_master_secret_has_at_least_32_bytes_and_an_epoch_a_second() {
    let ring = |len, period| {
        TicketRing::derived(Arc::new(DefaultProvider), Secret::new(vec![1; len]), period)
    };
    for (len, period) in [(0, 60), (31, 60), (32, 0)] {
        assert_eq!(
            ring(len, period).unwrap_err().reason(),
            Reason::BadTicketKeys
        );
    }
    assert!(ring(32, 1).is_ok());
}

#[test]
fn debugging_shows_no_key() {
    let ring = given();
    ring.add(key(0xab), KeyWindow::ALWAYS);
    assert_eq!(format!("{ring:?}"), "TicketRing(1 keys)");
    assert_eq!(format!("{:?}", key(0xab)), "AeadTicketKey");
}

/// Tickets in the layout of nginx and haproxy, in whole handshakes.
#[test]
fn key_files_of_others_seal_tickets_that_resume() {
    for len in [48, 80] {
        let bytes: Vec<u8> = (0..len).collect();
        let pair = Pair::tickets(&MODERN, "server-p256");
        let cbc = CbcTicketKey::new(&bytes).unwrap();
        let name = *cbc.name();
        pair.ring.set(vec![(Arc::new(cbc), KeyWindow::ALWAYS)]);
        let session = pair.session();
        assert!(pair.resumes());
        assert_eq!(
            crate::common::sessions::Blob::of(&session).ticket[..16],
            name
        );
        // What others seal under the same key has another form inside: not read.
        let foreign = CbcTicketKey::new(&bytes).unwrap();
        for state in [&b"their session"[..], &[0; 200], &[1; 200], &[2; 200]] {
            let mut blob = crate::common::sessions::Blob::of(&session);
            blob.ticket = foreign.seal(state, &OsRandom).unwrap();
            let (c, _) = pair.offer(&blob.session());
            assert!(!c.facts().resumed);
        }
    }
}

#[test]
fn a_ticket_of_another_policy_means_a_full_handshake() {
    for mut pair in [
        Pair::tickets(&MODERN, "server-p256"),
        Pair::ids(&MODERN, "server-p256"),
    ] {
        let session = pair.session();
        let suites = pair.server.suites.clone();
        pair.server.set_policy(&COMPATIBLE);
        pair.server.suites = suites;
        let (c, s) = pair.offer(&session);
        assert!(!c.facts().resumed && !s.facts().resumed);
    }
}
