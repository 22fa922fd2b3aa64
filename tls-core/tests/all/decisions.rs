//! What an application may decide about a ClientHello: at once, later, wrongly, never.

use crate::common::sessions::Pair;
use crate::common::{
    client, config, give, handshake, keypair, reason, server, server_config, take, transfer,
};
use std::sync::{Arc, Mutex};
use tls_core::cert::ServerName;
use tls_core::config::{
    AlpnDecision, AlpnSelector, COMPATIBLE, ClientHelloInfo, Config, HelloDecision, HelloHandler,
    MODERN,
};
use tls_core::conn::{Connection, Stop};
use tls_core::crypto::{Answer, AnswerKind, KeyError, Later, Pending, Reply};
use tls_core::error::{Direction, Reason};
use tls_core::wire::{AlertDescription as A, ExtensionType as E, NamedGroup};

type Make = Box<dyn Fn() -> HelloDecision + Send + Sync>;

/// Decides what the test says, when the test says.
struct Desk {
    make: Make,
    late: bool,
    seen: Mutex<Vec<Seen>>,
    pending: Mutex<Option<Arc<Pending>>>,
}

#[derive(Clone, Debug, PartialEq)]
struct Seen {
    name: Option<String>,
    suites: Vec<u16>,
    groups: Option<Vec<NamedGroup>>,
    schemes: usize,
    alpn: Vec<Vec<u8>>,
    message: Vec<u8>,
    sni_extension: Option<Vec<u8>>,
    unknown: Option<Vec<u8>>,
}

impl Desk {
    fn new(late: bool, make: impl Fn() -> HelloDecision + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self {
            make: Box::new(make),
            late,
            seen: Mutex::default(),
            pending: Mutex::default(),
        })
    }

    fn pending(&self) -> Arc<Pending> {
        self.pending.lock().unwrap().clone().expect("nobody asked")
    }

    fn asked(&self) -> usize {
        self.seen.lock().unwrap().len()
    }
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Desk")
    }
}

impl HelloHandler for Desk {
    fn on_hello(&self, hello: &ClientHelloInfo<'_>, later: &Later) -> Reply<HelloDecision> {
        self.seen.lock().unwrap().push(Seen {
            name: hello.server_name.map(Into::into),
            suites: hello.suites.to_vec(),
            groups: hello.groups.map(Into::into),
            schemes: hello.schemes.map_or(0, <[_]>::len),
            alpn: hello.alpn_names().map(Into::into).collect(),
            message: hello.message.to_vec(),
            sni_extension: hello.extension(E::SERVER_NAME).map(Into::into),
            unknown: hello.extension(E(0x7777)).map(Into::into),
        });
        if !self.late {
            return Reply::Now((self.make)());
        }
        *self.pending.lock().unwrap() = Some(later.pending());
        Reply::Later
    }
}

/// Says "later" and keeps nothing by which an answer could come.
#[derive(Debug)]
struct Liar;

impl HelloHandler for Liar {
    fn on_hello(&self, _: &ClientHelloInfo<'_>, _: &Later) -> Reply<HelloDecision> {
        Reply::Later
    }
}

fn asking(desk: &Arc<Desk>) -> Config {
    let mut config = server_config(&MODERN, &["server-p256"]);
    config.on_hello = Some(desk.clone());
    config
}

/// A handshake with a server of this configuration.
fn shake(server_config: Config) -> ((Connection, Connection), Result<(), Stop>) {
    let mut ends = (client(config(&MODERN)), server(server_config));
    let result = handshake(&mut ends.0, &mut ends.1);
    (ends, result)
}

/// A server that was given a client's hello and waits for an answer.
fn waiting(desk: &Arc<Desk>, config_of_server: Config) -> (Connection, Connection) {
    let mut ends = (client(config(&MODERN)), server(config_of_server));
    assert_eq!(ends.0.handshake(), Err(Stop::WantRead));
    give(&mut ends.1, &take(&mut ends.0));
    for _ in 0..3 {
        assert_eq!(ends.1.handshake(), Err(Stop::WantApp));
        assert!(ends.1.outgoing().is_empty());
    }
    assert_eq!(desk.asked(), 1, "asked once");
    assert_eq!(desk.pending().kind(), Some(AnswerKind::Hello));
    ends
}

fn refused(conn: &Connection, reason_wanted: Reason, alert: A) {
    let error = conn.error().unwrap();
    assert_eq!(error.reason(), reason_wanted, "{error}");
    assert_eq!(error.alert(), Some((alert, Direction::Sent)));
}

#[test]
fn a_handler_sees_everything_that_is_offered() {
    let desk = Desk::new(false, || HelloDecision::GoOn);
    let mut offered = config(&COMPATIBLE);
    offered.alpn = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let (mut c, mut s) = (client(offered.clone()), server(asking(&desk)));
    assert!(c.handshake().is_err());
    let hello = take(&mut c);
    give(&mut s, &hello);
    handshake(&mut c, &mut s).unwrap();
    let seen = desk.seen.lock().unwrap()[0].clone();
    assert_eq!(seen.name.as_deref(), Some("example.test"));
    assert_eq!(
        seen.suites,
        offered.usable_suites().map(|s| s.id).collect::<Vec<_>>()
    );
    assert_eq!(seen.groups, Some(offered.groups));
    assert_eq!(seen.schemes, offered.schemes.len());
    assert_eq!(seen.alpn, offered.alpn);
    assert_eq!(
        seen.message,
        hello[5..],
        "with its header, without the record's"
    );
    let extension = seen.sni_extension.unwrap();
    assert!(extension.ends_with(b"example.test") && extension.len() == 17);
    assert_eq!(seen.unknown, None);
}

#[test]
fn going_on_changes_nothing() {
    for late in [false, true] {
        let desk = Desk::new(late, || HelloDecision::GoOn);
        let mut ends = if late {
            let mut ends = waiting(&desk, asking(&desk));
            desk.pending().answer(HelloDecision::GoOn.into()).unwrap();
            handshake(&mut ends.0, &mut ends.1).unwrap();
            ends
        } else {
            let (ends, result) = shake(asking(&desk));
            result.unwrap();
            ends
        };
        assert_eq!(desk.asked(), 1);
        transfer(&mut ends.0, &mut ends.1, b"data");
    }
}

#[test]
fn another_configuration_is_used_in_everything() {
    for late in [false, true] {
        let other = || {
            let mut other = server_config(&COMPATIBLE, &["server-rsa"]);
            other.suites = vec![tls_core::crypto::Suite::by_id(0xc027).unwrap()];
            other.alpn = vec![b"other".to_vec()];
            // Not asked: that would be the second word on one hello.
            other.on_hello = Some(Arc::new(Liar));
            HelloDecision::Config(Arc::new(other))
        };
        let desk = Desk::new(late, other);
        let mut offered = config(&COMPATIBLE);
        offered.alpn = vec![b"other".to_vec()];
        let (mut c, mut s) = (client(offered), server(asking(&desk)));
        if late {
            assert!(c.handshake().is_err());
            give(&mut s, &take(&mut c));
            assert_eq!(s.handshake(), Err(Stop::WantApp));
            desk.pending().answer(other().into()).unwrap();
        }
        handshake(&mut c, &mut s).unwrap();
        assert_eq!(c.facts().suite.unwrap().id, 0xc027);
        assert_eq!(c.facts().alpn.as_deref(), Some(&b"other"[..]));
        assert_eq!(s.config().policy.name, "compatible");
        let leaf = &keypair("server-rsa").chain()[0].clone();
        assert_eq!(&c.facts().peer_chain.as_ref().unwrap()[0], leaf);
        use tls_core::conn::ChannelBinding::TlsServerEndPoint as B;
        assert_eq!(c.channel_binding(B).unwrap(), s.channel_binding(B).unwrap());
        transfer(&mut c, &mut s, b"data");
    }
}

#[test]
fn keypairs_can_come_from_the_handler_alone() {
    let decide = || HelloDecision::Keypairs(vec![keypair("server-p384")]);
    for certificate in [false, true] {
        let desk = Desk::new(false, decide);
        let mut bare = server_config(&MODERN, &[]);
        if certificate {
            bare.on_certificate = Some(desk.clone());
        } else {
            bare.on_hello = Some(desk.clone());
        }
        let (mut ends, result) = shake(bare);
        assert_eq!(result, Ok(()), "{:?}", ends.1.error());
        let leaf = keypair("server-p384").chain()[0].clone();
        assert_eq!(ends.0.facts().peer_chain.as_ref().unwrap()[0], leaf);
        transfer(&mut ends.0, &mut ends.1, b"data");
    }
}

#[test]
fn keypairs_that_come_late_are_as_strong_as_others() {
    for certificate in [false, true] {
        for (name, strong) in [("server-rsa", false), ("server-p384", true)] {
            let all = move || vec![keypair("server-p384"), keypair(name)];
            let desk = Desk::new(false, move || HelloDecision::Keypairs(all()));
            let mut bare = server_config(&MODERN, &[]);
            bare.security_level = 3;
            match certificate {
                true => bare.on_certificate = Some(desk),
                false => bare.on_hello = Some(desk),
            }
            let (ends, result) = shake(bare);
            assert_eq!(result.is_ok(), strong, "{:?}", ends.1.error());
            if !strong {
                refused(&ends.1, Reason::WeakKeypair, A::INTERNAL_ERROR);
            }
        }
    }
}

#[test]
fn no_keypair_at_all_is_no_common_suite() {
    let desk = Desk::new(false, || HelloDecision::GoOn);
    let mut bare = server_config(&MODERN, &[]);
    bare.on_hello = Some(desk);
    let (ends, result) = shake(bare);
    assert!(result.is_err());
    refused(&ends.1, Reason::NoCommonSuite, A::HANDSHAKE_FAILURE);
}

#[test]
fn a_refusal_sends_the_alert_that_was_chosen() {
    for alert in [A::HANDSHAKE_FAILURE, A::UNRECOGNIZED_NAME, A::ACCESS_DENIED] {
        for late in [false, true] {
            for certificate in [false, true] {
                let desk = Desk::new(late, move || HelloDecision::Refuse(alert));
                let mut given = server_config(&MODERN, &["server-p256"]);
                if certificate {
                    given.on_certificate = Some(desk.clone());
                } else {
                    given.on_hello = Some(desk.clone());
                }
                let (mut c, mut s) = if late {
                    let ends = waiting(&desk, given);
                    let answer = HelloDecision::Refuse(alert).into();
                    desk.pending().answer(answer).unwrap();
                    ends
                } else {
                    (client(config(&MODERN)), server(given))
                };
                assert!(handshake(&mut c, &mut s).is_err());
                refused(&s, Reason::Rejected, alert);
                let told = c.error().unwrap().alert();
                assert_eq!(told, Some((alert, Direction::Received)));
            }
        }
    }
}

#[test]
fn an_alert_that_ends_no_handshake_is_no_refusal() {
    for alert in [A::CLOSE_NOTIFY, A::USER_CANCELED, A::NO_RENEGOTIATION] {
        for certificate in [false, true] {
            let desk = Desk::new(false, move || HelloDecision::Refuse(alert));
            let mut given = server_config(&MODERN, &["server-p256"]);
            match certificate {
                false => given.on_hello = Some(desk),
                true => given.on_certificate = Some(desk),
            }
            let (ends, result) = shake(given);
            assert!(result.is_err());
            refused(&ends.1, Reason::Rejected, A::HANDSHAKE_FAILURE);
            let told = ends.0.error().unwrap().alert();
            assert_eq!(told, Some((A::HANDSHAKE_FAILURE, Direction::Received)));
        }
    }
}

#[test]
fn answers_that_make_no_sense_end_the_connection() {
    let answers: [(fn() -> Answer, Reason); 5] = [
        (|| Answer::Never, Reason::CallbackMisbehaved),
        (
            || Answer::Signature(Ok(vec![1])),
            Reason::CallbackMisbehaved,
        ),
        (|| Answer::Session(None), Reason::CallbackMisbehaved),
        (|| Answer::Hello(Box::new(7)), Reason::CallbackMisbehaved),
        (
            || Answer::Failed(KeyError::Failed("no".into())),
            Reason::Rejected,
        ),
    ];
    for (answer, reason) in answers {
        let desk = Desk::new(true, || HelloDecision::GoOn);
        let (_c, mut s) = waiting(&desk, asking(&desk));
        desk.pending().answer(answer()).unwrap();
        assert_eq!(s.handshake(), Err(Stop::Failed));
        refused(&s, reason, A::INTERNAL_ERROR);
        assert_eq!(s.handshake(), Err(Stop::Failed), "for ever");
    }
}

#[test]
fn a_handler_that_lies_about_later_is_an_error() {
    let mut given = server_config(&MODERN, &["server-p256"]);
    given.on_hello = Some(Arc::new(Liar));
    let (ends, result) = shake(given);
    assert!(result.is_err());
    refused(&ends.1, Reason::CallbackMisbehaved, A::INTERNAL_ERROR);
}

#[test]
fn a_configuration_that_cannot_serve_ends_the_connection() {
    let desk = Desk::new(false, || {
        let mut broken = server_config(&MODERN, &["server-p256"]);
        broken.suites.clear();
        HelloDecision::Config(Arc::new(broken))
    });
    let (ends, result) = shake(asking(&desk));
    assert!(result.is_err());
    refused(&ends.1, Reason::BadCipherList, A::INTERNAL_ERROR);
}

#[test]
fn answering_twice_or_after_the_end_is_safe() {
    let desk = Desk::new(true, || HelloDecision::GoOn);
    let (_c, s) = waiting(&desk, asking(&desk));
    drop(s);
    let pending = desk.pending();
    pending.answer(HelloDecision::GoOn.into()).unwrap();
    assert!(pending.answer(HelloDecision::GoOn.into()).is_err());
}

#[test]
fn a_peer_that_goes_on_while_we_think_is_refused() {
    let desk = Desk::new(true, || HelloDecision::GoOn);
    let mut s = server(asking(&desk));
    let mut c = client(config(&MODERN));
    assert!(c.handshake().is_err());
    let mut hello = take(&mut c);
    // A second handshake message in the same record as the hello.
    hello.extend([0; 4]);
    let len = u16::from_be_bytes([hello[3], hello[4]]) + 4;
    hello[3..5].copy_from_slice(&len.to_be_bytes());
    give(&mut s, &hello);
    assert_eq!(s.handshake(), Err(Stop::Failed));
    refused(&s, Reason::ExcessHandshakeData, A::UNEXPECTED_MESSAGE);
}

#[test]
fn the_certificate_is_asked_for_in_full_handshakes_alone() {
    let desk = Desk::new(false, || HelloDecision::GoOn);
    let mut pair = Pair::tickets(&MODERN, "server-p256");
    pair.server.on_certificate = Some(desk.clone());
    pair.connect();
    assert_eq!(desk.asked(), 1);
    assert!(pair.resumes());
    assert_eq!(desk.asked(), 1, "a resumed session has no Certificate");
    let hello = Desk::new(false, || HelloDecision::GoOn);
    pair.server.on_hello = Some(hello.clone());
    assert!(pair.resumes());
    assert_eq!((hello.asked(), desk.asked()), (1, 1));
}

#[test]
fn a_configuration_comes_too_late_for_the_certificate() {
    let desk = Desk::new(false, || {
        HelloDecision::Config(Arc::new(server_config(&MODERN, &["server-p256"])))
    });
    let mut given = server_config(&MODERN, &["server-p256"]);
    given.on_certificate = Some(desk);
    let (ends, result) = shake(given);
    assert!(result.is_err());
    refused(&ends.1, Reason::CallbackMisbehaved, A::INTERNAL_ERROR);
}

#[test]
fn a_session_of_another_configuration_is_found_through_the_handler() {
    let pair = Pair::tickets(&MODERN, "server-p256");
    let behind = Arc::new(pair.server.clone());
    let mut front = pair.clone();
    let desk = Desk::new(false, move || HelloDecision::Config(behind.clone()));
    front.server = asking(&desk);
    front.server.clock = pair.clock.clone();
    assert!(!front.resumes());
    assert!(
        front.resumes(),
        "tickets are those of the configuration behind"
    );
}

#[derive(Debug)]
struct Selector(AlpnDecision);

impl AlpnSelector for Selector {
    fn select(&self, hello: &ClientHelloInfo<'_>) -> AlpnDecision {
        assert_eq!(hello.server_name, Some("example.test"));
        assert_eq!(hello.alpn_names().count(), 2);
        self.0.clone()
    }
}

fn alpn(decision: AlpnDecision, offers: bool) -> ((Connection, Connection), Result<(), Stop>) {
    let mut offered = config(&MODERN);
    if offers {
        offered.alpn = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    }
    let mut given = server_config(&MODERN, &["server-p256"]);
    // Its word counts, not the list's.
    given.alpn = vec![b"h2".to_vec()];
    given.alpn_selector = Some(Arc::new(Selector(decision)));
    let mut ends = (client(offered), server(given));
    let result = handshake(&mut ends.0, &mut ends.1);
    (ends, result)
}

#[test]
fn the_application_selects_the_protocol() {
    let select = |name: &[u8]| AlpnDecision::Select(name.to_vec());
    let (ends, result) = alpn(select(b"http/1.1"), true);
    result.unwrap();
    for conn in [&ends.0, &ends.1] {
        assert_eq!(conn.facts().alpn.as_deref(), Some(&b"http/1.1"[..]));
    }
    let (ends, result) = alpn(AlpnDecision::Ignore, true);
    result.unwrap();
    assert_eq!(ends.0.facts().alpn, None);
    // A client that offers none is no matter for it.
    let (ends, result) = alpn(AlpnDecision::Refuse, false);
    result.unwrap();
    assert_eq!(ends.0.facts().alpn, None);
}

#[test]
fn the_application_refuses_all_protocols() {
    let (ends, result) = alpn(AlpnDecision::Refuse, true);
    assert!(result.is_err());
    refused(
        &ends.1,
        Reason::NoCommonProtocol,
        A::NO_APPLICATION_PROTOCOL,
    );
    assert_eq!(reason(&ends.0), Reason::AlertReceived);
}

#[test]
fn a_protocol_that_was_not_offered_cannot_be_selected() {
    for name in [&b"spdy/3"[..], b"", b"h2 ", b"http/1.1\0"] {
        let (ends, result) = alpn(AlpnDecision::Select(name.to_vec()), true);
        assert!(result.is_err());
        refused(&ends.1, Reason::CallbackMisbehaved, A::INTERNAL_ERROR);
    }
}

/// The leaf that a client of this name, with these suites, is shown.
fn shown(name: &str, suites: &[u16], names: &[&str]) -> usize {
    let name = ServerName::parse(name).unwrap();
    let mut offered = config(&COMPATIBLE);
    offered.verification = tls_core::config::Verification::AcceptAny;
    offered
        .suites
        .retain(|s| suites.is_empty() || suites.contains(&s.id));
    let mut c = Connection::client(Arc::new(offered), Some(name.clone()), Some(name));
    let mut s = server(server_config(&COMPATIBLE, names));
    handshake(&mut c, &mut s).unwrap();
    let leaf = c.facts().peer_chain.as_ref().unwrap()[0].clone();
    names
        .iter()
        .position(|n| keypair(n).chain()[0] == leaf)
        .unwrap()
}

#[test]
fn the_name_decides_before_the_kind_of_key() {
    // server-p256 and server-rsa are for example.test and localhost; name-wildcard for *.wild.test.
    let names = ["name-wildcard", "server-rsa"];
    let sans = |n: &str| {
        keypair(n)
            .dns_names()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert!(
        sans("server-rsa").contains(&"example.test".into()),
        "{:?}",
        sans("server-rsa")
    );
    let wild = sans("name-wildcard");
    let host = wild[0].replacen('*', "host", 1);
    assert_eq!(shown(&host, &[], &names), 0, "{wild:?}");
    // ECDHE_ECDSA stands first in both lists, but its only certificate is for another name.
    assert_eq!(shown("example.test", &[], &names), 1);
    // Without a choice a certificate for another name is better than none (RFC 6066 §3).
    assert_eq!(shown("example.test", &[0xc02b], &names), 0);
    assert_eq!(shown("unknown.test", &[], &names), 0, "the first suite's");
}
