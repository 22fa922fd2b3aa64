//! Handshakes inside of an established connection: both starts, with data in flight both ways, and what
//! they may change.

use crate::common;
use common::plan::{GCM, PLANS, Plan};
use common::puppet::suite;
use common::sessions::{Pair, TestClock};
use common::{client, give, handshake, keypair, read, reason, server, take, transfer};
use tls_core::config::{ClientAuth, Config, MODERN, Renegotiation};
use tls_core::conn::{Connection, Stop};
use tls_core::error::Reason;

/// Two ends that are established and may renegotiate.
fn pair(plan: Plan, mode: Renegotiation) -> [Connection; 2] {
    let (mut ours, mut theirs) = (plan.client_config(), plan.server_config());
    ours.suites = vec![suite(plan.suite)];
    (ours.renegotiation, theirs.renegotiation) = (mode, mode);
    established(ours, theirs)
}

fn established(ours: Config, theirs: Config) -> [Connection; 2] {
    let (mut c, mut s) = (client(ours), server(theirs));
    handshake(&mut c, &mut s).unwrap();
    [c, s]
}

/// Moves what waits, whole, until nothing moves any more; both ends must be done then.
fn settle(ends: &mut [Connection; 2]) {
    pump(ends);
    for end in ends {
        assert_eq!(end.handshake(), Ok(()), "{:?}", end.error());
    }
}

/// Moves what waits, whole, until nothing moves any more. No data comes.
pub(crate) fn pump([c, s]: &mut [Connection; 2]) {
    loop {
        for conn in [&mut *c, &mut *s] {
            assert_ne!(read(conn, 1).map(|_data| ()), Ok(()));
        }
        let (from_client, from_server) = (take(c), take(s));
        if from_client.is_empty() && from_server.is_empty() {
            return;
        }
        give(s, &from_client);
        give(c, &from_server);
    }
}

fn handshakes(ends: &[Connection; 2]) -> [u32; 2] {
    [0, 1].map(|n| ends[n].facts().handshakes)
}

#[test]
fn either_side_may_start_and_data_goes_on() {
    for plan in PLANS {
        for starter in [0, 1] {
            let mut ends = pair(plan, Renegotiation::Allow);
            for n in 2..6 {
                ends[starter].renegotiate().unwrap();
                settle(&mut ends);
                assert_eq!(handshakes(&ends), [n, n]);
                let [c, s] = &mut ends;
                transfer(c, s, &[n as u8; 40_000]);
                transfer(s, c, &[n as u8; 40_000]);
            }
        }
    }
}

#[test]
fn asking_twice_or_both_at_once_is_asking_once() {
    let mut ends = pair(GCM, Renegotiation::Allow);
    for end in &mut ends {
        end.renegotiate().unwrap();
        end.renegotiate().unwrap();
    }
    settle(&mut ends);
    assert_eq!(handshakes(&ends), [2, 2]);
}

#[test]
fn own_mode_follows_nobody_and_lets_us_ask() {
    for (starter, mode) in [(0, Renegotiation::Own), (1, Renegotiation::Own)] {
        let mut ends = pair(GCM, Renegotiation::Allow);
        ends[starter].set_renegotiation(mode);
        ends[starter].renegotiate().unwrap();
        settle(&mut ends);
        assert_eq!(handshakes(&ends), [2, 2]);
        // The other way round it is refused, and both go on.
        ends[1 - starter].renegotiate().unwrap();
        let wire = take(&mut ends[1 - starter]);
        give(&mut ends[starter], &wire);
        assert_eq!(read(&mut ends[starter], 10), Err(Stop::WantRead));
        let wire = take(&mut ends[starter]);
        give(&mut ends[1 - starter], &wire);
        let asker = &mut ends[1 - starter];
        assert_eq!(asker.handshake(), Err(Stop::Failed));
        assert_eq!(reason(asker), Reason::RenegotiationRefused);
        assert!(!asker.is_failed() && asker.facts().renegotiation_refused);
        assert_eq!(asker.handshake(), Ok(()));
        let [c, s] = &mut ends;
        transfer(c, s, b"as it was");
        transfer(s, c, b"as it was");
        assert_eq!(handshakes(&ends), [2, 2]);
        // It may be asked again, once the other end changes its mind.
        ends[starter].set_renegotiation(Renegotiation::Allow);
        ends[1 - starter].renegotiate().unwrap();
        assert!(!ends[1 - starter].facts().renegotiation_refused);
        settle(&mut ends);
        assert_eq!(handshakes(&ends), [3, 3]);
    }
}

/// One end of a conversation: what it still writes, and what it has read.
struct Talk {
    unwritten: Vec<u8>,
    got: Vec<u8>,
}

impl Talk {
    fn go_on(&mut self, conn: &mut Connection, most: usize) {
        while !self.unwritten.is_empty() {
            let n = self.unwritten.len().min(most);
            match conn.write(&self.unwritten[..n]) {
                Ok(n) => drop(self.unwritten.drain(..n)),
                Err(Stop::WantRead | Stop::WantWrite) => break,
                Err(stop) => panic!("{stop:?}: {:?}", conn.error()),
            }
        }
        loop {
            match read(conn, 1000) {
                Ok(data) => self.got.extend(data),
                Err(Stop::WantRead) => break,
                Err(stop) => panic!("{stop:?}: {:?}", conn.error()),
            }
        }
    }
}

/// A byte string that is not the same anywhere.
fn long_text(seed: u8) -> Vec<u8> {
    (0..60_000_u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8 ^ seed)
        .collect()
}

/// Bytes go over in pieces of `piece`; each end starts a renegotiation whenever the other one has
/// read so much more.
fn converse(plan: Plan, piece: usize, starter: usize) {
    let mut ends = pair(plan, Renegotiation::Allow);
    let texts = [long_text(1), long_text(2)];
    let mut talks = [0, 1].map(|n| Talk {
        unwritten: texts[n].clone(),
        got: Vec::new(),
    });
    let mut next = 5_000;
    for _ in 0..200_000 {
        for n in [0, 1] {
            talks[n].go_on(&mut ends[n], 3_000);
            if n == starter && talks[1 - n].got.len() > next {
                next += 20_000;
                // What was written before is on its way still, in both directions.
                ends[n].renegotiate().unwrap();
            }
            let out = ends[n].outgoing();
            let bytes = out[..out.len().min(piece)].to_vec();
            ends[n].sent(bytes.len());
            give(&mut ends[1 - n], &bytes);
        }
        if talks.iter().all(|t| t.got.len() == texts[0].len()) {
            break;
        }
    }
    settle(&mut ends);
    assert!(talks[0].got == texts[1] && talks[1].got == texts[0]);
    assert_eq!(handshakes(&ends), [4, 4]);
}

#[test]
fn data_in_flight_both_ways_arrives_whole_and_in_order() {
    for plan in PLANS {
        for piece in [7, 100, 1_000, 30_000] {
            for starter in [0, 1] {
                converse(plan, piece, starter);
            }
        }
    }
}

#[test]
fn one_byte_at_a_time_with_data_in_flight() {
    converse(GCM, 1, 0);
    converse(GCM, 1, 1);
}

#[test]
fn a_record_that_left_in_part_is_finished_first() {
    for starter in [0, 1] {
        let mut ends = pair(GCM, Renegotiation::Allow);
        ends[starter].write(b"before").unwrap();
        let first = ends[starter].outgoing()[0];
        ends[starter].sent(1);
        give(&mut ends[1 - starter], &[first]);
        ends[starter].renegotiate().unwrap();
        let wire = take(&mut ends[starter]);
        give(&mut ends[1 - starter], &wire);
        assert_eq!(read(&mut ends[1 - starter], 100).unwrap(), b"before");
        settle(&mut ends);
        assert_eq!(handshakes(&ends), [2, 2]);
    }
}

#[test]
fn writing_waits_and_reading_goes_on() {
    let [mut c, mut s] = pair(GCM, Renegotiation::Allow);
    c.renegotiate().unwrap();
    assert_eq!(c.write(b"later"), Err(Stop::WantRead));
    assert!(c.is_established(), "the connection stays established");
    // The server has not seen the hello yet.
    for n in 0..20 {
        s.write(&[n; 500]).unwrap();
        let wire = take(&mut s);
        give(&mut c, &wire);
        assert_eq!(read(&mut c, 1_000).unwrap(), [n; 500]);
        assert_eq!(c.write(b"later"), Err(Stop::WantRead));
    }
    // A HelloRequest changes nothing for the server that sent it.
    let [mut c, mut s] = pair(GCM, Renegotiation::Allow);
    s.renegotiate().unwrap();
    assert_eq!(s.handshake(), Err(Stop::WantRead));
    let mut wire = take(&mut s);
    for n in 0..20 {
        assert_eq!(s.write(&[n; 10]), Ok(10));
        wire.extend(take(&mut s));
        c.write(&[n; 10]).unwrap();
        let data = take(&mut c);
        give(&mut s, &data);
        assert_eq!(read(&mut s, 99).unwrap(), [n; 10]);
    }
    give(&mut c, &wire);
    assert_eq!(read(&mut c, 999).unwrap().len(), 200);
    let mut ends = [c, s];
    settle(&mut ends);
    assert_eq!(handshakes(&ends), [2, 2]);
}

#[test]
fn data_that_nobody_reads_waits_in_the_receive_buffer() {
    let mut ends = pair(GCM, Renegotiation::Allow);
    let [c, s] = &mut ends;
    c.renegotiate().unwrap();
    let mut sent = Vec::new();
    for n in 0..10 {
        s.write(&[n; 3_000]).unwrap();
        sent.extend([n; 3_000]);
        let wire = take(s);
        give(c, &wire);
        // A writer runs the handshake; the data is kept for a reader.
        assert_eq!(c.write(b"later"), Err(Stop::WantRead));
    }
    assert_eq!(c.pending_plain(), sent.len());
    // More than the buffer holds is not taken from the transport.
    let mut refused = Vec::new();
    for n in 10..14 {
        s.write(&[n; 3_000]).unwrap();
        sent.extend([n; 3_000]);
        refused.extend(take(s));
        let taken = c.feed(&refused);
        refused.drain(..taken);
        assert_eq!(c.handshake(), Err(Stop::WantRead));
    }
    assert!(!refused.is_empty() && c.recv_buffer().is_empty());
    // Reading makes room.
    let mut got = Vec::new();
    while got.len() < sent.len() {
        match read(c, 700) {
            Ok(data) => got.extend(data),
            Err(Stop::WantRead) => {
                let taken = c.feed(&refused);
                assert!(taken > 0);
                refused.drain(..taken);
            }
            Err(stop) => panic!("{stop:?}"),
        }
    }
    assert!(got == sent);
    settle(&mut ends);
    assert_eq!(handshakes(&ends), [2, 2]);
}

#[test]
fn a_server_asks_for_a_certificate_when_it_needs_one() {
    for auth in [ClientAuth::Request, ClientAuth::Require] {
        let mut config = GCM.client_config();
        config.keypairs = vec![keypair("client-rsa")];
        config.renegotiation = Renegotiation::Allow;
        let mut theirs = GCM.server_config();
        theirs.renegotiation = Renegotiation::Own;
        let mut ends = established(config, theirs);
        assert!(ends[1].facts().peer_chain.is_none());
        ends[1].set_client_auth(auth).unwrap();
        ends[1].renegotiate().unwrap();
        // What is learned holds from the end on.
        let [c, s] = &mut ends;
        for _ in 0..2 {
            let wire = take(s);
            give(c, &wire);
            assert_eq!(read(c, 1), Err(Stop::WantRead));
            let wire = take(c);
            give(s, &wire[..wire.len() - 1]);
            assert_eq!(read(s, 1), Err(Stop::WantRead));
            assert!(s.facts().peer_chain.is_none() && s.facts().client_scheme.is_none());
            assert_eq!(s.facts().suite, c.facts().suite);
            give(s, &wire[wire.len() - 1..]);
            let _waits = read(s, 1);
        }
        settle(&mut ends);
        let facts = ends[1].facts();
        assert!(facts.peer_chain.is_some());
        assert!(facts.verified_chain.is_some() && facts.client_scheme.is_some());
    }
}

#[test]
fn a_client_without_the_certificate_that_is_asked_for_later_is_refused() {
    let mut config = GCM.client_config();
    config.renegotiation = Renegotiation::Allow;
    let mut theirs = GCM.server_config();
    theirs.renegotiation = Renegotiation::Own;
    let mut ends = established(config, theirs);
    ends[1].set_client_auth(ClientAuth::Require).unwrap();
    ends[1].renegotiate().unwrap();
    pump(&mut ends);
    assert_eq!(reason(&ends[1]), Reason::ClientCertificateMissing);
    assert_eq!(reason(&ends[0]), Reason::AlertReceived);
}

#[test]
fn what_may_be_set_when() {
    let [mut c, mut s] = pair(GCM, Renegotiation::Allow);
    let error = c.set_client_auth(ClientAuth::Require).unwrap_err();
    assert_eq!(error.reason(), Reason::WrongRole);
    assert_eq!(s.set_session(None).unwrap_err().reason(), Reason::WrongRole);
    s.set_client_auth(ClientAuth::Request).unwrap();
    c.set_session(None).unwrap();
    c.renegotiate().unwrap();
    let error = c.set_session(None).unwrap_err();
    assert_eq!(error.reason(), Reason::WrongOrder);
    let hello = take(&mut c);
    give(&mut s, &hello);
    assert_eq!(read(&mut s, 1), Err(Stop::WantRead));
    let error = s.set_client_auth(ClientAuth::Require).unwrap_err();
    assert_eq!(error.reason(), Reason::WrongOrder);
}

#[test]
fn a_protocol_that_was_chosen_stays_chosen() {
    for starter in [0, 1] {
        let (mut ours, mut theirs) = (GCM.client_config(), GCM.server_config());
        for config in [&mut ours, &mut theirs] {
            config.alpn = vec![b"http/1.1".to_vec()];
            config.renegotiation = Renegotiation::Allow;
        }
        let mut ends = established(ours, theirs);
        ends[starter].renegotiate().unwrap();
        settle(&mut ends);
        for end in &ends {
            assert_eq!(end.facts().alpn.as_deref(), Some(&b"http/1.1"[..]));
            assert_eq!(end.facts().server_name.as_deref(), Some("example.test"));
        }
    }
}

#[test]
fn a_first_hello_with_the_scsv_is_followed_by_one_with_the_extension() {
    use tls_core::wire::ExtensionType as E;
    let (mut ours, mut theirs) = (GCM.client_config(), GCM.server_config());
    ours.client_extensions
        .retain(|typ| *typ != E::RENEGOTIATION_INFO);
    ours.renegotiation_scsv = true;
    (ours.renegotiation, theirs.renegotiation) = (Renegotiation::Allow, Renegotiation::Allow);
    let mut ends = established(ours, theirs);
    for starter in [0, 1] {
        ends[starter].renegotiate().unwrap();
        settle(&mut ends);
    }
    assert_eq!(handshakes(&ends), [3, 3]);
}

/// Ends that keep sessions and may renegotiate, the last handshake resumed or not.
fn with_sessions(pair: &Pair) -> [Connection; 2] {
    let (mut ours, mut theirs) = (pair.client.clone(), pair.server.clone());
    (ours.renegotiation, theirs.renegotiation) = (Renegotiation::Allow, Renegotiation::Allow);
    established(ours, theirs)
}

#[test]
fn a_renegotiation_is_full_unless_a_session_is_given() {
    for pair in [
        Pair::tickets(&MODERN, "server-rsa"),
        Pair::ids(&MODERN, "server-rsa"),
    ] {
        let mut ends = with_sessions(&pair);
        for starter in [0, 1] {
            ends[starter].renegotiate().unwrap();
            settle(&mut ends);
            assert!(ends.iter().all(|end| !end.facts().resumed));
            // The session of the connection, of the handshake before.
            let session = ends[0].session().unwrap().clone();
            for _ in 0..2 {
                ends[0].set_session(Some(session.clone())).unwrap();
                ends[starter].renegotiate().unwrap();
                settle(&mut ends);
                assert!(ends.iter().all(|end| end.facts().resumed));
                let [c, s] = &mut ends;
                transfer(c, s, &[1; 20_000]);
                transfer(s, c, &[2; 20_000]);
            }
        }
        assert_eq!(handshakes(&ends), [7, 7]);
        // The first handshake of a connection may be the resumed one.
        let mut ends = with_sessions(&pair);
        assert!(ends[0].facts().resumed);
        ends[0].renegotiate().unwrap();
        settle(&mut ends);
        assert!(!ends[0].facts().resumed && ends[0].session().is_some());
    }
}

#[test]
fn as_often_as_ten_times_a_minute_the_peer_may_ask() {
    let clock = TestClock::new();
    let (mut ours, mut theirs) = (GCM.client_config(), GCM.server_config());
    (ours.renegotiation, theirs.renegotiation) = (Renegotiation::Allow, Renegotiation::Allow);
    (ours.clock, theirs.clock) = (clock.clone(), clock.clone());
    let mut ends = established(ours, theirs);
    for _ in 0..3 {
        // Each end counts what the other one asks for.
        for _ in 0..10 {
            for end in [0, 1] {
                ends[end].renegotiate().unwrap();
                settle(&mut ends);
            }
        }
        clock.forward(60);
    }
    for _ in 0..10 {
        ends[0].renegotiate().unwrap();
        settle(&mut ends);
    }
    ends[0].renegotiate().unwrap();
    pump(&mut ends);
    assert_eq!(reason(&ends[1]), Reason::TooManyRenegotiations);
}

fn exported(conn: &Connection) -> Vec<u8> {
    let mut out = vec![0; 32];
    conn.export_keying_material(b"EXPERIMENTAL x", None, &mut out)
        .unwrap();
    out
}

#[test]
fn exporters_and_bindings_are_those_of_the_last_complete_handshake() {
    use tls_core::conn::ChannelBinding::{TlsExporter, TlsUnique};
    let mut ends = pair(GCM, Renegotiation::Allow);
    let mut seen = Vec::new();
    for _ in 0..3 {
        assert_eq!(exported(&ends[0]), exported(&ends[1]));
        let unique = ends[0].channel_binding(TlsUnique).unwrap();
        assert_eq!(ends[1].channel_binding(TlsUnique).unwrap(), unique);
        assert!(!seen.contains(&exported(&ends[0])) && !seen.contains(&unique));
        seen.extend([exported(&ends[0]), unique]);
        // It is not defined where renegotiation is possible (RFC 9266 §3).
        for end in &ends {
            let error = end.channel_binding(TlsExporter).unwrap_err();
            assert_eq!(error.reason(), Reason::BindingUndefined);
        }
        ends[0].renegotiate().unwrap();
        let [c, s] = &mut ends;
        let hello = take(c);
        give(s, &hello);
        assert_eq!(read(s, 1), Err(Stop::WantRead));
        let answer = take(s);
        give(c, &answer);
        assert_eq!(read(c, 1), Err(Stop::WantRead));
        // The new secrets are there, and not proven.
        assert_eq!(exported(c), exported(s));
        assert!(seen.contains(&exported(c)));
        settle(&mut ends);
    }
    // Off again, it stays undefined: it did renegotiate.
    ends[0].set_renegotiation(Renegotiation::Refuse);
    let error = ends[0].channel_binding(TlsExporter).unwrap_err();
    assert_eq!(error.reason(), Reason::BindingUndefined);
}
