//! A peer whose every byte the test decides. It plays the server against a client of ours, or the
//! client against a server of ours. It computes no secrets: the connection's own provider is
//! tapped for them, and what is protected with them is made by the test (see `keys`).

use super::keys::{Keys, Writer};
use super::tap::{Tap, prf};
use super::wire::{ClientHello, Record, ServerHello, built, message, messages, records};
use super::{client, keypair, read, server, take};
use tls_core::config::Config;
use tls_core::conn::{Connection, Role, Stop};
use tls_core::crypto::{Later, Provider, Reply, Suite};
use tls_core::error::{Direction, Error, Reason};
use tls_core::wire::{
    AlertDescription, AlertLevel, ContentType, HandshakeType as T, NamedGroup, Put, SignatureScheme,
};
use tls_crypto::{DefaultProvider, OsRandom};

pub struct Puppet {
    /// The connection under test.
    pub conn: Connection,
    tap: Tap,
    /// Every handshake message so far, both directions.
    transcript: Vec<u8>,
    /// What the connection seals with, from its ChangeCipherSpec on.
    theirs: Option<Keys>,
    /// What we seal with, from our ChangeCipherSpec on.
    pub ours: Option<Keys>,
    /// Opened records of the connection, not looked at yet.
    pub seen: Vec<Record>,
    client_random: [u8; 32],
    server_random: [u8; 32],
    /// verify_data of the last Finished of the client, and of the server.
    pub finished: [Vec<u8>; 2],
    /// How many bytes `refused` reads at a time.
    pub read_size: usize,
}

impl Puppet {
    /// Plays the server; the connection under test is a client, and its hello is out.
    pub fn against_client(mut config: Config) -> Self {
        let tap = Tap::new();
        config.provider = tap.provider();
        let mut puppet = Self::new(client(config), tap);
        assert_eq!(puppet.drive(), Err(Stop::WantRead));
        puppet
    }

    /// Plays the client; the connection under test is a server.
    pub fn against_server(mut config: Config) -> Self {
        let tap = Tap::new();
        config.provider = tap.provider();
        Self::new(server(config), tap)
    }

    fn new(conn: Connection, tap: Tap) -> Self {
        Self {
            conn,
            tap,
            transcript: Vec::new(),
            theirs: None,
            ours: None,
            seen: Vec::new(),
            client_random: [0; 32],
            server_random: [0; 32],
            finished: Default::default(),
            read_size: 1 << 15,
        }
    }

    fn role(&self) -> Role {
        self.conn.role()
    }

    /// Runs the connection and reads what it sends.
    pub fn drive(&mut self) -> Result<(), Stop> {
        let result = self.conn.handshake();
        self.listen();
        result
    }

    /// Opens everything that the connection has sent.
    fn listen(&mut self) {
        for mut record in records(&take(&mut self.conn)) {
            if let Some(keys) = &mut self.theirs {
                record.body = keys.open(&record);
            }
            match record.typ {
                ContentType::HANDSHAKE => {
                    self.remember(&record.body);
                    match record.body[0] {
                        1 => self.client_random.copy_from_slice(&record.body[6..38]),
                        2 => self.server_random.copy_from_slice(&record.body[6..38]),
                        20 => {
                            let writer = usize::from(self.role() == Role::Server);
                            self.finished[writer] = record.body[4..].to_vec();
                        }
                        _ => {}
                    }
                }
                ContentType::CHANGE_CIPHER_SPEC => {
                    let writer = match self.role() {
                        Role::Client => Writer::Client,
                        Role::Server => Writer::Server,
                    };
                    self.theirs = Some(self.keys(writer));
                }
                _ => {}
            }
            self.seen.push(record);
        }
    }

    /// Adds a message to the transcript, which begins anew with every ClientHello.
    fn remember(&mut self, message: &[u8]) {
        if message[0] == T::CLIENT_HELLO.0 {
            self.transcript.clear();
        }
        if message[0] != T::HELLO_REQUEST.0 {
            self.transcript.extend_from_slice(message);
        }
    }

    fn keys(&self, writer: Writer) -> Keys {
        let facts = self.conn.facts();
        Keys::derive(
            &self.tap,
            facts.suite.expect("no suite"),
            facts.encrypt_then_mac,
            writer,
        )
    }

    /// The handshake messages that the connection sent, and forgets them.
    pub fn heard(&mut self) -> Vec<(T, Vec<u8>)> {
        let seen = std::mem::take(&mut self.seen);
        let handshake = seen.iter().filter(|r| r.typ == ContentType::HANDSHAKE);
        messages(&handshake.flat_map(|r| r.body.clone()).collect::<Vec<u8>>())
    }

    /// The ClientHello that a client under test sent.
    pub fn client_hello_body(&self) -> Vec<u8> {
        messages(&self.transcript)[0].1.clone()
    }

    // ------------------------------------------------------------------ what the puppet says

    /// These very bytes.
    pub fn raw(&mut self, bytes: &[u8]) {
        super::give(&mut self.conn, bytes);
    }

    /// A record, protected once our ChangeCipherSpec is out.
    pub fn record(&mut self, typ: ContentType, body: &[u8]) {
        let record = match &mut self.ours {
            Some(keys) => keys.seal(typ, body),
            None => Record::new(typ, body),
        };
        self.raw(&record.encode());
    }

    /// Part of a handshake message, or several of them, in one record; not in the transcript.
    pub fn handshake_bytes(&mut self, bytes: &[u8]) {
        self.record(ContentType::HANDSHAKE, bytes);
    }

    /// A handshake message in a record of its own.
    pub fn say(&mut self, typ: T, body: &[u8]) {
        let message = message(typ, body);
        self.remember(&message);
        if typ == T::FINISHED {
            let writer = usize::from(self.role() == Role::Client);
            self.finished[writer] = body.to_vec();
        }
        self.handshake_bytes(&message);
    }

    pub fn alert(&mut self, level: AlertLevel, description: AlertDescription) {
        self.record(ContentType::ALERT, &[level.0, description.0]);
    }

    pub fn data(&mut self, data: &[u8]) {
        self.record(ContentType::APPLICATION_DATA, data);
    }

    /// ChangeCipherSpec, and our keys, if the connection has them by now.
    pub fn ccs(&mut self) {
        let _result = self.drive();
        self.record(ContentType::CHANGE_CIPHER_SPEC, &[1]);
        let writer = match self.role() {
            Role::Client => Writer::Server,
            Role::Server => Writer::Client,
        };
        if self.tap.key_block().is_some() {
            self.ours = Some(self.keys(writer));
        }
    }

    /// verify_data of our Finished (RFC 5246 §7.4.9).
    pub fn verify_data(&self) -> [u8; 12] {
        self.verify_data_of(&self.tap.master().expect("no master secret"))
    }

    /// The same under a master secret that the connection need not have.
    pub fn verify_data_of(&self, master: &[u8]) -> [u8; 12] {
        let label: &[u8] = match self.role() {
            Role::Client => b"server finished",
            Role::Server => b"client finished",
        };
        let mut out = [0; 12];
        let hash = self.transcript_hash();
        prf(self.suite().prf).derive(master, label, &[&hash], &mut out);
        out
    }

    /// The master secret that follows from a pre_master_secret (RFC 5246 §8.1, RFC 7627 §4); the
    /// transcript ends behind ClientKeyExchange.
    pub fn master_of(&self, pre_master: &[u8]) -> Vec<u8> {
        let mut out = vec![0; 48];
        let prf = prf(self.suite().prf);
        if self.conn.facts().extended_master_secret {
            let hash = self.transcript_hash();
            prf.derive(pre_master, b"extended master secret", &[&hash], &mut out);
        } else {
            let seed: [&[u8]; 2] = [&self.client_random, &self.server_random];
            prf.derive(pre_master, b"master secret", &seed, &mut out);
        }
        out
    }

    /// The keys that follow from a master secret (RFC 5246 §6.3).
    pub fn keys_of(&self, master: &[u8], writer: Writer) -> Keys {
        let mut block = [0; 200];
        let seed: [&[u8]; 2] = [&self.server_random, &self.client_random];
        prf(self.suite().prf).derive(master, b"key expansion", &seed, &mut block);
        let etm = self.conn.facts().encrypt_then_mac;
        Keys::from_block(&block, self.suite(), etm, writer)
    }

    fn suite(&self) -> &'static Suite {
        self.conn.facts().suite.expect("no suite")
    }

    fn transcript_hash(&self) -> Vec<u8> {
        let hash = DefaultProvider.hash(self.suite().prf).unwrap();
        hash.hash(&[&self.transcript]).as_ref().to_vec()
    }

    /// What the signature of a ServerKeyExchange covers (RFC 5246 §7.4.3).
    pub fn signed_message(&self, params: &[u8]) -> Vec<u8> {
        [&self.client_random[..], &self.server_random, params].concat()
    }

    /// Puts something into our transcript that the connection never heard.
    pub fn overhear(&mut self, message: &[u8]) {
        self.transcript.extend_from_slice(message);
    }

    pub fn finished(&mut self) {
        let _result = self.drive();
        self.say(T::FINISHED, &self.verify_data());
    }

    pub fn client_hello(&mut self, hello: &ClientHello) {
        self.client_random = hello.random;
        self.say(T::CLIENT_HELLO, &hello.encode());
    }

    pub fn server_hello(&mut self, hello: &ServerHello) {
        self.server_random = hello.random;
        self.say(T::SERVER_HELLO, &hello.encode());
    }

    /// The chain of a keypair in tests/pki.
    pub fn certificate(&mut self, name: &str) {
        self.say(T::CERTIFICATE, &certificate_body(name));
    }

    /// A CertificateVerify over all messages so far, by the key of `name`.
    pub fn certificate_verify(&mut self, name: &str, scheme: SignatureScheme) {
        let signature = sign(name, scheme, &self.transcript);
        self.say(
            T::CERTIFICATE_VERIFY,
            &key_exchange_body(&[], scheme, &signature),
        );
    }

    /// A ServerKeyExchange with these parameters, signed with the key of `name`.
    pub fn server_key_exchange(&mut self, params: &[u8], name: &str, scheme: SignatureScheme) {
        let signature = sign(name, scheme, &self.signed_message(params));
        self.say(
            T::SERVER_KEY_EXCHANGE,
            &key_exchange_body(params, scheme, &signature),
        );
    }

    /// A ClientKeyExchange with a good public value.
    pub fn client_key_exchange(&mut self, group: NamedGroup) {
        let public = public_value(group);
        self.say(
            T::CLIENT_KEY_EXCHANGE,
            &built(|out| out.vec8(|out| out.raw(&public))),
        );
    }

    /// A ClientKeyExchange with this plaintext, encrypted to the key of `name`.
    pub fn rsa_key_exchange(&mut self, name: &str, plain: &[u8]) {
        let key = keypair(name).public_key().clone();
        let encrypted = key.encrypt_pkcs1(plain, &OsRandom).unwrap();
        self.say(
            T::CLIENT_KEY_EXCHANGE,
            &built(|out| out.vec16(|out| out.raw(&encrypted))),
        );
    }

    // ------------------------------------------------------------------ what must come of it

    /// The connection goes on and waits for more.
    pub fn accepted(&mut self) {
        assert_eq!(
            self.drive(),
            Err(Stop::WantRead),
            "{:?}",
            self.conn.error().map(ToString::to_string)
        );
    }

    /// The handshake is complete.
    pub fn established(&mut self) {
        assert_eq!(
            self.drive(),
            Ok(()),
            "{:?}",
            self.conn.error().map(ToString::to_string)
        );
    }

    /// The connection fails for this reason, tells it by exactly this fatal alert (none: by no
    /// alert), says the same error for ever, and never says another word.
    pub fn refused(&mut self, reason: Reason, alert: impl Into<Option<AlertDescription>>) {
        let alert = alert.into();
        let error = self.failure(alert);
        assert_eq!(error.reason(), reason, "{error}");
        assert_eq!(
            error.alert(),
            alert.map(|a| (a, Direction::Sent)),
            "{error}"
        );
        assert!(error.to_string().starts_with(reason.name()), "{error}");
        self.stays_dead();
    }

    /// The same for an alert that the connection received: none is sent back.
    pub fn told(&mut self, alert: AlertDescription) {
        let error = self.failure(None);
        assert_eq!(error.reason(), Reason::AlertReceived, "{error}");
        assert_eq!(error.alert(), Some((alert, Direction::Received)));
        self.stays_dead();
    }

    /// Reads until the connection fails; checks what it said on the wire.
    fn failure(&mut self, alert: Option<AlertDescription>) -> Error {
        let stop = loop {
            match read(&mut self.conn, self.read_size) {
                Ok(data) if data.is_empty() => panic!("a clean end: {:?}", self.conn),
                Ok(_) => {}
                Err(stop) => break stop,
            }
        };
        self.listen();
        assert_eq!(stop, Stop::Failed, "{:?}", self.conn);
        let error = self.conn.error().unwrap().clone();
        let fatal = |r: &&Record| r.typ == ContentType::ALERT && r.body[0] == AlertLevel::FATAL.0;
        let alerts: Vec<_> = self.seen.iter().filter(fatal).map(|r| &r.body).collect();
        match alert {
            Some(alert) => {
                assert_eq!(alerts, [&vec![AlertLevel::FATAL.0, alert.0]], "{error}");
                assert_eq!(self.seen.last().unwrap().typ, ContentType::ALERT);
            }
            None => assert!(alerts.is_empty(), "{error}: {alerts:?}"),
        }
        error
    }

    /// Every verb says the same error for ever, and nothing more is taken or sent.
    pub fn stays_dead(&mut self) {
        let conn = &mut self.conn;
        let error = conn.error().unwrap().clone();
        for _ in 0..2 {
            assert_eq!(conn.handshake(), Err(Stop::Failed));
            assert_eq!(conn.error(), Some(&error));
            assert_eq!(read(conn, 100), Err(Stop::Failed));
            assert_eq!(conn.error(), Some(&error));
            assert_eq!(conn.write(b"more"), Err(Stop::Failed));
            assert_eq!(conn.error(), Some(&error));
            assert_eq!(conn.close(), Err(Stop::Failed));
            assert_eq!(conn.error(), Some(&error));
            assert!(conn.is_failed());
            assert!(conn.outgoing().is_empty());
            assert_eq!(conn.feed(b"more"), 0);
            assert!(!conn.holds_buffer());
            conn.transport_eof();
        }
    }
}

pub fn certificate_body(name: &str) -> Vec<u8> {
    let chain = super::certificates(&format!("pki/{name}.pem"));
    built(|out| {
        out.vec24(|out| {
            for certificate in &chain {
                out.vec24(|out| out.raw(certificate));
            }
        });
    })
}

pub fn sign(name: &str, scheme: SignatureScheme, message: &[u8]) -> Vec<u8> {
    match keypair(name).key().sign(scheme, message, &Later::default()) {
        Reply::Now(Ok(signature)) => signature,
        other => panic!("{name} with {scheme}: {other:?}"),
    }
}

/// ServerECDHParams (RFC 8422 §5.4).
pub fn params(group: NamedGroup, public: &[u8]) -> Vec<u8> {
    built(|out| {
        out.u8(3);
        out.u16(group.0);
        out.vec8(|out| out.raw(public));
    })
}

pub fn key_exchange_body(params: &[u8], scheme: SignatureScheme, signature: &[u8]) -> Vec<u8> {
    built(|out| {
        out.raw(params);
        out.u16(scheme.0);
        out.vec16(|out| out.raw(signature));
    })
}

/// A good public value, whose private half nobody knows.
pub fn public_value(group: NamedGroup) -> Vec<u8> {
    let group = DefaultProvider.group(group).unwrap();
    group.start(&OsRandom).unwrap().public().to_vec()
}

pub fn suite(id: u16) -> &'static Suite {
    Suite::by_id(id).unwrap()
}
