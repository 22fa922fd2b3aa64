//! What a hostile peer or a careless program tries that is no wrong message: to cost much, to write
//! into logs, to make secrets show, to upset a connection by its own methods.

use crate::common;

use common::plan::{AtServer, GCM};
use common::wire::{ClientHello, alpn, host_name, list16, message};
use common::{client, config, keypair, reason, server, server_config};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tls_core::cert::Keypair;
use tls_core::config::{Config, LEGACY, MODERN, Preference};
use tls_core::conn::Stop;
use tls_core::crypto::{
    Answer, KeyError, KeyKind, Later, PrivateKey, PublicKey, Reply, Secret, SignedBytes,
};
use tls_core::error::Reason;
use tls_core::wire::{ExtensionType as E, HandshakeType as T, SignatureScheme};
use tls_crypto::DefaultProvider;

/// A key that counts how often it is asked for its schemes: once per keypair that is looked at.
#[derive(Debug)]
struct Counting(Arc<dyn PrivateKey>, Arc<AtomicUsize>);

impl PrivateKey for Counting {
    fn kind(&self) -> KeyKind {
        self.0.kind()
    }

    fn schemes(&self) -> &[SignatureScheme] {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.schemes()
    }

    fn public_key(&self) -> Option<Arc<dyn PublicKey>> {
        self.0.public_key()
    }

    fn sign(
        &self,
        scheme: SignatureScheme,
        message: &[u8],
        later: &Later,
    ) -> Reply<Result<SignedBytes, KeyError>> {
        self.0.sign(scheme, message, later)
    }

    fn decrypt_raw(&self, ciphertext: &[u8], later: &Later) -> Reply<Result<Secret, KeyError>> {
        self.0.decrypt_raw(ciphertext, later)
    }
}

/// A suite that is offered twenty thousand times is looked at once: with the client's order the
/// search was as long as the offer, times the other lists.
#[test]
fn a_suite_offered_again_and_again_is_looked_at_once() {
    for preference in [Preference::Server, Preference::Client] {
        let calls = Arc::new(AtomicUsize::new(0));
        let good = keypair("server-rsa");
        let key = Arc::new(Counting(good.key().clone(), calls.clone()));
        let counting = Keypair::new(&DefaultProvider, good.chain().to_vec(), key).unwrap();
        let mut server = server_config(&LEGACY, &[]);
        server.keypairs = vec![Arc::new(counting)];
        server.preference = preference;
        let mut hello = GCM.client_hello();
        hello.suites = vec![0xc02f; 20_000];
        let unknown: Vec<u16> = (0..5_000).map(|n| 0xe000 + n % 0x1000).collect();
        hello
            .extensions
            .set(E::SIGNATURE_ALGORITHMS, &list16(&unknown));
        let mut puppet = GCM.server_with(server, AtServer::ClientHello);
        for fragment in message(T::CLIENT_HELLO, &hello.encode()).chunks(1 << 14) {
            puppet.handshake_bytes(fragment);
            let _more = puppet.drive();
        }
        assert_eq!(puppet.drive(), Err(Stop::Failed));
        assert_eq!(reason(&puppet.conn), Reason::NoCommonScheme);
        let calls = calls.load(Ordering::Relaxed);
        assert!((1..=4).contains(&calls), "{preference:?}: {calls} looks");
    }
}

/// A sentence names what was offered, and stays a sentence however long the offer is.
#[test]
fn sentences_about_long_offers_are_short() {
    let unknown: Vec<u16> = (0..15_000).map(|n| 0x2000 + n).collect();
    let long_names: Vec<Vec<u8>> = (0..200).map(|n| vec![n as u8; 200]).collect();
    let names: Vec<&[u8]> = long_names.iter().map(Vec::as_slice).collect();
    type Change<'a> = &'a dyn Fn(&mut ClientHello);
    let cases: [(&str, Reason, Change<'_>); 4] = [
        ("suites", Reason::NoCommonSuite, &|h| {
            h.suites = unknown.clone()
        }),
        ("groups", Reason::NoCommonGroup, &|h| {
            h.extensions.set(E::SUPPORTED_GROUPS, &list16(&unknown));
        }),
        ("schemes", Reason::NoCommonScheme, &|h| {
            h.extensions.set(E::SIGNATURE_ALGORITHMS, &list16(&unknown));
        }),
        ("protocols", Reason::NoCommonProtocol, &|h| {
            h.extensions.set(E::ALPN, &alpn(&names));
        }),
    ];
    for (what, expected, change) in cases {
        let mut hello = GCM.client_hello();
        change(&mut hello);
        let mut server = GCM.server_config();
        server.alpn = vec![b"h2".to_vec()];
        let mut puppet = GCM.server_with(server, AtServer::ClientHello);
        for fragment in message(T::CLIENT_HELLO, &hello.encode()).chunks(1 << 14) {
            puppet.handshake_bytes(fragment);
            let _more = puppet.drive();
        }
        assert_eq!(puppet.drive(), Err(Stop::Failed));
        let error = puppet.conn.error().unwrap();
        assert_eq!(error.reason(), expected, "{what}");
        assert!(error.text().len() < 4000, "{what}: {}", error.text().len());
        assert!(error.text().contains("more"), "{what}: {error}");
    }
}

/// Programs log the host name and look files up by it: a text that is no name is not told.
#[test]
fn a_host_name_that_is_none_is_ignored() {
    let name = |text: &[u8]| {
        let mut hello = GCM.client_hello();
        hello.extensions.set(E::SERVER_NAME, &host_name(text));
        let mut puppet = GCM.server_with(GCM.server_config(), AtServer::ClientHello);
        puppet.say(T::CLIENT_HELLO, &hello.encode());
        assert_eq!(puppet.drive(), Err(Stop::WantRead), "{text:?}");
        puppet.conn.facts().server_name.clone()
    };
    for odd in [
        &b"a\nb"[..],
        b"\x1b[2Jexample.test",
        b"../../etc/passwd",
        b"example..test",
        b"*.example.test",
        b"example.test:443",
        b"..",
        b" ",
        &[b'a'; 300],
    ] {
        assert_eq!(name(odd), None, "{odd:?}");
    }
    assert_eq!(name(b"Example.test").as_deref(), Some("Example.test"));
    assert_eq!(name(b"192.0.2.1").as_deref(), Some("192.0.2.1"));
    assert_eq!(name(b"2001:db8::1").as_deref(), Some("2001:db8::1"));
    assert_eq!(name(b"odd-.test").as_deref(), Some("odd-.test"));
    assert_eq!(
        name(b"under_score.test.").as_deref(),
        Some("under_score.test.")
    );
}

/// A panic message or a log of an answer shows no secret: an answer that comes too late is handed
/// back, and programs unwrap.
#[test]
fn an_answer_does_not_show_its_secret() {
    let secret = || Secret::new(vec![0xa7, 167, 0xa7]);
    let texts = [
        format!("{:?}", secret()),
        format!("{:#?}", Answer::Decrypted(Ok(secret()))),
        format!("{:?}", Reply::Now(Ok::<_, KeyError>(secret()))),
    ];
    for text in texts {
        assert!(!text.contains("167") && !text.contains("a7"), "{text}");
    }
}

/// Numbers of bytes that cannot be are bugs of the program, but break no invariant.
#[test]
fn impossible_numbers_of_bytes_do_not_panic() {
    let mut client = client(config(&MODERN));
    assert_eq!(client.handshake(), Err(Stop::WantRead));
    let half = client.outgoing().len() / 2;
    client.sent(half);
    client.sent(usize::MAX);
    assert!(client.outgoing().is_empty());
    assert_eq!(client.feed(&[22, 3, 3]), 3);
    client.received(usize::MAX);
    assert!(client.recv_buffer().is_empty());
    let _any = client.handshake();
    client.received(usize::MAX);
    client.sent(usize::MAX);
    let _any = client.handshake();
}

/// A key that signs with so many zeroes.
#[derive(Debug)]
struct Nonsense(Arc<dyn PrivateKey>, usize);

impl PrivateKey for Nonsense {
    fn kind(&self) -> KeyKind {
        self.0.kind()
    }

    fn schemes(&self) -> &[SignatureScheme] {
        self.0.schemes()
    }

    fn public_key(&self) -> Option<Arc<dyn PublicKey>> {
        None
    }

    fn sign(
        &self,
        _: SignatureScheme,
        _: &[u8],
        _: &Later,
    ) -> Reply<Result<SignedBytes, KeyError>> {
        Reply::Now(Ok(vec![0; self.1]))
    }

    fn decrypt_raw(&self, _: &[u8], _: &Later) -> Reply<Result<Secret, KeyError>> {
        Reply::Now(Err(KeyError::Failed("no".into())))
    }
}

/// A callback's signature that no message can carry is the callback's fault, and nothing of it is
/// sent.
#[test]
fn a_signature_of_an_impossible_length_is_not_sent() {
    for len in [0, 70_000] {
        let good = keypair("server-rsa");
        let key = Arc::new(Nonsense(good.key().clone(), len));
        let odd = Keypair::new(&DefaultProvider, good.chain().to_vec(), key).unwrap();
        let mut server = server_config(&LEGACY, &[]);
        server.keypairs = vec![Arc::new(odd)];
        let mut puppet = GCM.server_with(server, AtServer::ClientHello);
        puppet.say(T::CLIENT_HELLO, &GCM.client_hello().encode());
        assert_eq!(puppet.drive(), Err(Stop::Failed));
        assert_eq!(reason(&puppet.conn), Reason::CallbackMisbehaved, "{len}");
    }
}

/// Lists that cannot be encoded are refused when the connection is made, not written into a hello.
#[test]
fn a_configuration_that_cannot_be_encoded_is_born_failed() {
    type Change = fn(&mut Config);
    let changes: [(Reason, Change); 9] = [
        (Reason::BadCipherList, |c| c.suites.clear()),
        (Reason::BadGroupList, |c| c.groups.clear()),
        (Reason::BadSchemeList, |c| c.schemes.clear()),
        (Reason::BadAlpnList, |c| c.alpn = vec![vec![]]),
        (Reason::BadAlpnList, |c| c.alpn = vec![vec![b'a'; 256]]),
        (Reason::BadAlpnList, |c| c.alpn = vec![vec![b'a'; 255]; 256]),
        (Reason::BadCipherList, |c| c.suites = vec![c.suites[0]; 300]),
        (Reason::BadGroupList, |c| c.groups = vec![c.groups[0]; 300]),
        (Reason::BadSchemeList, |c| {
            c.schemes = vec![c.schemes[0]; 40_000]
        }),
    ];
    for (expected, change) in changes {
        let mut theirs = config(&MODERN);
        change(&mut theirs);
        let mut client = client(theirs);
        assert_eq!(client.handshake(), Err(Stop::Failed));
        assert_eq!(reason(&client), expected, "client");
        assert!(client.outgoing().is_empty());
        let mut ours = server_config(&MODERN, &["server-rsa"]);
        change(&mut ours);
        let mut server = server(ours);
        assert_eq!(server.handshake(), Err(Stop::Failed));
        assert_eq!(reason(&server), expected, "server");
    }
}
