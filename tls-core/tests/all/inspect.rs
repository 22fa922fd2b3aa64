//! What those who look on at a connection are told, and what they are not.

use crate::common::sessions::Pair;
use crate::common::{
    client, config, give, handshake, read, reason, server, server_config, take, transfer,
};
use std::fmt::Write;
use std::sync::{Arc, Mutex};
use tls_core::config::{Config, HelloDecision, MODERN};
use tls_core::conn::Connection;
use tls_core::error::Reason;
use tls_core::inspect::{Event, Observer, Observers};

/// Keeps what was told, a line an event.
#[derive(Clone, Default)]
pub(crate) struct Told(Arc<Mutex<Vec<String>>>);

impl std::fmt::Debug for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Told")
    }
}

impl Told {
    pub(crate) fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    pub(crate) fn check(&self, expected: &str) {
        let told = self.lines().join("\n");
        let expected = expected.trim().lines().map(str::trim).collect::<Vec<_>>();
        assert_eq!(told, expected.join("\n"), "\n{told}\n");
    }

    fn has(&self, line: &str) -> bool {
        self.lines().iter().any(|l| l.contains(line))
    }
}

impl Observers for Told {
    fn observe(&self, client: bool) -> Option<Box<dyn Observer>> {
        let side = if client { "client" } else { "server" };
        self.0.lock().unwrap().push(side.to_owned());
        Some(Box::new(One {
            told: self.clone(),
            now: 0,
        }))
    }
}

struct One {
    told: Told,
    now: u64,
}

impl Observer for One {
    fn event(&mut self, event: Event<'_>) {
        let mut line = String::new();
        match event {
            Event::Record {
                direction,
                content_type,
                version,
                wire_len,
                len,
                protected,
            } => write!(
                line,
                "record {direction:?} {content_type} {version} {wire_len} {len} {protected}"
            ),
            Event::Message {
                direction,
                typ,
                len,
                body,
            } => write!(line, "message {direction:?} {typ} {len} {}", body.is_some()),
            Event::Keys { direction, suite } => {
                write!(line, "keys {direction:?} {}", suite.openssl_name)
            }
            Event::Decision(d) => write!(
                line,
                "decision {}: {} of {}: {}",
                d.what,
                d.chosen.as_deref().unwrap_or("-"),
                d.candidates.len(),
                d.reason
            ),
            Event::Question { kind, waits } => write!(line, "question {kind:?} {waits}"),
            Event::Answer { kind } => write!(line, "answer {kind:?}"),
            Event::Alert {
                direction,
                level,
                description,
            } => write!(line, "alert {direction:?} {level} {description}"),
            Event::Flight {
                direction,
                messages,
                micros,
            } => write!(line, "flight {direction:?} {messages} {micros}"),
            Event::Established {
                resumed,
                renegotiated,
            } => write!(line, "established {resumed} {renegotiated}"),
            Event::Failed(error) => {
                write!(
                    line,
                    "failed {} {:?}",
                    error.reason().name(),
                    error.reason().family()
                )
            }
            _ => panic!("an event without a line: {event:?}"),
        }
        .unwrap();
        self.told.0.lock().unwrap().push(line);
    }

    /// Every look at the clock is a millisecond later.
    fn micros(&mut self) -> u64 {
        self.now += 1000;
        self.now
    }
}

pub(crate) const ILLUSTRATED_CLIENT: &str = "
    client
    message Sent ClientHello 161 true
    record Sent handshake TLSv1.0 165 165 false
    record Received handshake TLSv1.2 49 49 false
    flight Sent 1 1000
    message Received ServerHello 45 true
    decision cipher suite: ECDHE-RSA-AES128-SHA of 16: the server's choice
    record Received handshake TLSv1.2 815 815 false
    message Received Certificate 811 true
    record Received handshake TLSv1.2 300 300 false
    message Received ServerKeyExchange 296 true
    record Received handshake TLSv1.2 4 4 false
    message Received ServerHelloDone 0 true
    question Verdict false
    flight Received 4 1000
    message Sent ClientKeyExchange 33 true
    record Sent handshake TLSv1.2 37 37 false
    record Sent change_cipher_spec TLSv1.2 1 1 false
    keys Sent ECDHE-RSA-AES128-SHA
    message Sent Finished 12 false
    record Sent handshake TLSv1.2 64 16 true
    flight Sent 2 1000
    record Received change_cipher_spec TLSv1.2 1 1 false
    keys Received ECDHE-RSA-AES128-SHA
    record Received handshake TLSv1.2 64 16 true
    message Received Finished 12 false
    flight Received 1 1000
    established false false
    record Sent application_data TLSv1.2 48 4 true
    record Received application_data TLSv1.2 48 4 true
    alert Sent warning close_notify
    record Sent alert TLSv1.2 48 2 true
";

pub(crate) const ILLUSTRATED_SERVER: &str = "
    server
    record Received handshake TLSv1.0 165 165 false
    message Received ClientHello 161 true
    decision session: full handshake of 2: the client offers none, or none that was found and could be opened
    decision cipher suite: ECDHE-RSA-AES128-SHA of 16: the first of our order that a keypair of ours and the client allow
    decision group: x25519 of 4: the first of our order that a keypair of ours and the client allow
    decision certificate: example.ulfheim.net, RSA of 2048 bits of 1: the best of ours for \"example.ulfheim.net\" and what the client verifies
    decision signature scheme: rsa_pkcs1_sha256 of 8: the first of our order that a keypair of ours and the client allow
    flight Received 1 1000
    message Sent ServerHello 45 true
    record Sent handshake TLSv1.2 49 49 false
    message Sent Certificate 811 true
    record Sent handshake TLSv1.2 815 815 false
    question Signature false
    message Sent ServerKeyExchange 296 true
    record Sent handshake TLSv1.2 300 300 false
    message Sent ServerHelloDone 0 true
    record Sent handshake TLSv1.2 4 4 false
    record Received handshake TLSv1.2 37 37 false
    flight Sent 4 1000
    message Received ClientKeyExchange 33 true
    record Received change_cipher_spec TLSv1.2 1 1 false
    keys Received ECDHE-RSA-AES128-SHA
    record Received handshake TLSv1.2 64 16 true
    message Received Finished 12 false
    flight Received 2 1000
    record Sent change_cipher_spec TLSv1.2 1 1 false
    keys Sent ECDHE-RSA-AES128-SHA
    message Sent Finished 12 false
    record Sent handshake TLSv1.2 64 16 true
    flight Sent 1 1000
    established false false
    record Received application_data TLSv1.2 48 4 true
    record Sent application_data TLSv1.2 48 4 true
    record Received alert TLSv1.2 48 2 true
    alert Received warning close_notify
";

fn watched(mut config: Config) -> (Config, Told) {
    let told = Told::default();
    config.observers = Some(Arc::new(told.clone()));
    (config, told)
}

#[test]
fn a_refusal_tells_alert_and_blame() {
    let (given, told) = watched(server_config(&MODERN, &["server-p256"]));
    let mut s = server(given);
    give(&mut s, b"GET / HTTP/1.0\r\n\r\n");
    assert!(s.handshake().is_err());
    told.check("server\nfailed HTTP_REQUEST Malformed");

    let (given, told) = watched(server_config(&MODERN, &["server-p256"]));
    let (mut c, mut s) = (client(config(&MODERN)), server(given));
    assert!(c.handshake().is_err());
    let mut hello = take(&mut c);
    hello.truncate(hello.len() - 1);
    let len = hello.len() - 5;
    hello[3..5].copy_from_slice(&(len as u16).to_be_bytes());
    hello[8] -= 1;
    give(&mut s, &hello);
    assert!(s.handshake().is_err());
    let lines = told.lines();
    assert!(
        lines[2].starts_with("message Received ClientHello"),
        "{lines:?}"
    );
    assert_eq!(lines[3..].len(), 4, "{lines:?}");
    assert_eq!(lines[3], "alert Sent fatal decode_error");
    assert!(lines[4].starts_with("record Sent alert"));
    assert!(lines[5].starts_with("flight Received 1"));
    assert_eq!(lines[6], "failed DECODE_ERROR Malformed");
}

#[test]
fn a_bad_record_and_the_peers_alert_are_told() {
    let (given, told) = watched(config(&MODERN));
    let (mut c, mut s) = (
        client(given),
        server(server_config(&MODERN, &["server-p256"])),
    );
    handshake(&mut c, &mut s).unwrap();
    let before = told.lines().len();
    assert_eq!(s.write(b"x"), Ok(1));
    let mut wire = take(&mut s);
    *wire.last_mut().unwrap() ^= 1;
    give(&mut c, &wire);
    assert!(read(&mut c, 10).is_err());
    let lines = told.lines()[before..].to_vec();
    assert_eq!(lines[0], "alert Sent fatal bad_record_mac");
    assert!(lines[1].starts_with("record Sent alert TLSv1.2"));
    assert_eq!(lines[2], "failed BAD_RECORD_MAC Misbehaved");
    assert_eq!(lines.len(), 3);

    let (given, told) = watched(server_config(&MODERN, &["server-p256"]));
    let mut untrusting = config(&MODERN);
    untrusting.verification =
        tls_core::config::Verification::Required(crate::common::anchors("pki/other-ca.pem"));
    let (mut c, mut s) = (client(untrusting), server(given));
    assert!(handshake(&mut c, &mut s).is_err());
    assert_eq!(reason(&s), Reason::AlertReceived);
    assert!(
        told.has("alert Received fatal unknown_ca"),
        "{:?}",
        told.lines()
    );
    assert_eq!(
        told.lines().last().unwrap(),
        "failed ALERT_RECEIVED PeerAlert"
    );
}

#[test]
fn sessions_and_their_reasons() {
    let mut pair = Pair::tickets(&MODERN, "server-p256");
    let (given, told) = watched(pair.server.clone());
    pair.server = given;
    pair.connect();
    assert!(told.has("decision session: full handshake of 2: the client offers none"));
    assert!(told.has("established false false"));
    assert!(pair.resumes());
    assert!(told.has("decision session: resumed of 2: everything"));
    assert!(told.has("established true false"));
    pair.server.sessions.context_id = b"other".to_vec();
    assert!(!pair.resumes());
    assert!(told.has("full handshake of 2: it has another context ID"));
    // The client told a choice, too.
    let (given, told) = watched(pair.client.clone());
    pair.client = given;
    assert!(pair.resumes());
    assert!(told.has("decision session: resumed of 2: the server's choice"));
}

#[test]
fn questions_that_wait_and_their_answers() {
    #[derive(Debug, Default)]
    struct Late(Mutex<Option<Arc<tls_core::crypto::Pending>>>);
    impl tls_core::config::HelloHandler for Late {
        fn on_hello(
            &self,
            _: &tls_core::config::ClientHelloInfo<'_>,
            later: &tls_core::crypto::Later,
        ) -> tls_core::crypto::Reply<HelloDecision> {
            *self.0.lock().unwrap() = Some(later.pending());
            tls_core::crypto::Reply::Later
        }
    }
    let late = Arc::new(Late::default());
    let (mut given, told) = watched(server_config(&MODERN, &["server-p256"]));
    given.on_hello = Some(late.clone());
    let (mut c, mut s) = (client(config(&MODERN)), server(given));
    assert!(c.handshake().is_err());
    give(&mut s, &take(&mut c));
    assert!(s.handshake().is_err());
    assert_eq!(told.lines().last().unwrap(), "question Hello true");
    let pending = late.0.lock().unwrap().clone().unwrap();
    pending.answer(HelloDecision::GoOn.into()).unwrap();
    handshake(&mut c, &mut s).unwrap();
    assert!(told.has("answer Some(Hello)"));
    assert!(told.has("question Signature false"));
}

/// Who asks for it by its name of danger sees a Finished, which keys protect; nobody else does.
#[test]
fn protected_bodies_are_for_those_who_ask() {
    #[derive(Clone, Debug)]
    struct Bodies(bool, Arc<Mutex<Vec<String>>>);
    impl Observers for Bodies {
        fn observe(&self, _: bool) -> Option<Box<dyn Observer>> {
            Some(Box::new(self.clone()))
        }
    }
    impl Observer for Bodies {
        fn event(&mut self, event: Event<'_>) {
            if let Event::Message { typ, body, len, .. } = event {
                let shown = body.map(<[u8]>::len);
                assert!(shown.is_none_or(|shown| shown == len));
                let line = format!("{typ} {}", shown.is_some());
                self.1.lock().unwrap().push(line);
            }
        }

        fn danger_sees_protected(&self) -> bool {
            self.0
        }
    }
    for asks in [false, true] {
        let bodies = Bodies(asks, Arc::default());
        let mut given = config(&MODERN);
        given.observers = Some(Arc::new(bodies.clone()));
        let mut c = client(given);
        let mut s = server(server_config(&MODERN, &["server-rsa"]));
        handshake(&mut c, &mut s).unwrap();
        let told = bodies.1.lock().unwrap().clone();
        let finished = told
            .iter()
            .filter(|line| **line == format!("Finished {asks}"));
        assert_eq!(finished.count(), 2, "{told:?}");
        assert!(told.contains(&"ClientHello true".to_owned()));
    }
}

/// Everything that was told, as text, holds none of these bytes.
#[test]
fn nothing_protected_is_told() {
    #[derive(Clone, Debug, Default)]
    struct Everything(Arc<Mutex<String>>);
    impl Observers for Everything {
        fn observe(&self, _: bool) -> Option<Box<dyn Observer>> {
            Some(Box::new(self.clone()))
        }
    }
    impl Observer for Everything {
        fn event(&mut self, event: Event<'_>) {
            let mut text = self.0.lock().unwrap();
            writeln!(text, "{event:?}").unwrap();
            if let Event::Message {
                body: Some(body), ..
            } = event
            {
                writeln!(text, "{body:?}").unwrap();
            }
        }
    }
    let everything = Everything::default();
    let log = Arc::new(crate::secrets::Lines::default());
    let mut given = config(&MODERN);
    given.observers = Some(Arc::new(everything.clone()));
    given.key_log = Some(log.clone());
    let (mut c, mut s) = (
        client(given),
        server(server_config(&MODERN, &["server-rsa"])),
    );
    handshake(&mut c, &mut s).unwrap();
    transfer(&mut c, &mut s, b"a secret of the application");
    let text = everything.0.lock().unwrap().clone();
    let line = log.0.lock().unwrap()[0].clone();
    let master: Vec<u8> = (0..48)
        .map(|i| u8::from_str_radix(&line[79 + 2 * i..81 + 2 * i], 16).unwrap())
        .collect();
    let unique = c.danger_tls_unique().unwrap();
    for secret in [&master[..], &unique, b"a secret of the application"] {
        let shown = format!("{secret:?}");
        assert!(!text.contains(shown.trim_matches(['[', ']'])));
    }
    assert!(!text.contains("a secret of the application"));
    assert!(text.contains("ServerKeyExchange") || text.contains("server_key_exchange"));
}

#[test]
fn an_observer_may_leave_a_connection_alone() {
    #[derive(Debug)]
    struct Nobody;
    impl Observers for Nobody {
        fn observe(&self, _: bool) -> Option<Box<dyn Observer>> {
            None
        }
    }
    let mut given = config(&MODERN);
    given.observers = Some(Arc::new(Nobody));
    let mut ends: (Connection, Connection) = (
        client(given),
        server(server_config(&MODERN, &["server-p256"])),
    );
    handshake(&mut ends.0, &mut ends.1).unwrap();
}
