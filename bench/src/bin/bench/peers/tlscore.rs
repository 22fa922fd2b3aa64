//! This project, through its Rust core.

use crate::pki::Pki;
use crate::wire::Wire;
use crate::work::{Agreed, End, HOST, Kind, Pair, Peer, Work};
use std::mem::MaybeUninit;
use std::rc::Rc;
use std::sync::Arc;
use std::time::SystemTime;
use tls_core::cert::{Certificate, Keypair, ServerName, TrustAnchors, UnixTime};
use tls_core::config::{COMPATIBLE, Clock, Config, Verification};
use tls_core::conn::{Connection, Stop};
use tls_core::crypto::{PrivateKeyEncoding, Provider, SUITES};
use tls_core::session::{MemoryClientStore, MemoryStore, TicketRing};
use tls_core::wire::{ExtensionType, NamedGroup};
use tls_crypto::{BulkRandom, DefaultProvider};

pub(crate) struct Tlscore;

impl Peer for Tlscore {
    fn name(&self) -> &'static str {
        "tlscore"
    }

    fn prepare(&self, work: Work, pki: &Pki) -> Option<Rc<dyn Pair>> {
        let pair = Rc::new(Configs::new(work, pki));
        if work.kind != Kind::Full {
            drop(crate::work::connect(&*pair));
        }
        Some(pair)
    }
}

/// Contexts that threads may share.
#[derive(Clone)]
pub(crate) struct Configs {
    client: Arc<Config>,
    server: Arc<Config>,
    name: ServerName,
}

#[derive(Debug)]
struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> UnixTime {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        UnixTime::since_unix_epoch(now.unwrap_or_default())
    }
}

impl Configs {
    pub(crate) fn new(work: Work, pki: &Pki) -> Self {
        let chain = pki.chain(work.key);
        let mut anchors = TrustAnchors::default();
        anchors
            .add(Certificate::from(chain.root_der()))
            .expect("the root");
        let new = || {
            let verification = Verification::Required(Arc::new(anchors.clone()));
            let mut config = Config::new(
                Arc::new(DefaultProvider),
                Arc::new(BulkRandom::new()),
                Arc::new(SystemClock),
                verification,
            );
            if work.suite().ends_with("-SHA") {
                config.set_policy(&COMPATIBLE);
            }
            config.suites = SUITES
                .iter()
                .filter(|s| s.openssl_name == work.suite())
                .collect();
            config.groups = vec![NamedGroup::X25519, NamedGroup::SECP256R1];
            if !work.encrypts_then_macs() {
                config
                    .client_extensions
                    .retain(|e| *e != ExtensionType::ENCRYPT_THEN_MAC);
            }
            config.sessions.tickets = work.kind == Kind::ByTicket;
            config
        };
        let (mut client, mut server) = (new(), new());
        let key = DefaultProvider
            .private_key(PrivateKeyEncoding::Pkcs8, &chain.key_der())
            .expect("a key");
        let sent = chain.sent_der().map(Certificate::from).to_vec();
        server.keypairs = vec![Arc::new(
            Keypair::new(&DefaultProvider, sent, key).expect("a keypair"),
        )];
        match work.kind {
            Kind::Full => {}
            Kind::ById => server.sessions.store = Some(Arc::new(MemoryStore::new(1024))),
            Kind::ByTicket => {
                server.sessions.sealer = Some(Arc::new(TicketRing::random(
                    Arc::new(DefaultProvider),
                    43200,
                )))
            }
        }
        if work.kind != Kind::Full {
            client.sessions.client_store = Some(Arc::new(MemoryClientStore::new(8)));
        }
        let name = ServerName::parse(HOST).expect("a name");
        Self {
            client: Arc::new(client),
            server: Arc::new(server),
            name,
        }
    }
}

impl Pair for Configs {
    fn client(&self, wire: Wire) -> Box<dyn End> {
        let name = Some(self.name.clone());
        Box::new(Core {
            conn: Connection::client(self.client.clone(), name.clone(), name),
            wire,
        })
    }

    fn server(&self, wire: Wire) -> Box<dyn End> {
        Box::new(Core {
            conn: Connection::server(self.server.clone()),
            wire,
        })
    }
}

struct Core {
    conn: Connection,
    wire: Wire,
}

impl Core {
    fn send(&mut self) {
        let outgoing = self.conn.outgoing();
        let n = outgoing.len();
        if n > 0 {
            self.wire.outgoing.borrow_mut().put(outgoing);
            self.conn.sent(n);
        }
    }

    /// Whether anything came.
    fn receive(&mut self) -> bool {
        let n = self
            .wire
            .incoming
            .borrow_mut()
            .take(self.conn.recv_buffer());
        self.conn.received(n);
        n > 0
    }

    fn failed(&self) -> ! {
        panic!("tlscore: {:?}", self.conn.error())
    }
}

impl End for Core {
    fn handshake(&mut self) -> bool {
        loop {
            let outcome = self.conn.handshake();
            self.send();
            match outcome {
                Ok(()) => return true,
                Err(Stop::WantRead) if self.receive() => {}
                Err(Stop::WantRead) => return false,
                Err(_) => self.failed(),
            }
        }
    }

    fn write(&mut self, mut data: &[u8]) {
        while !data.is_empty() {
            let n = self.conn.write(data).unwrap_or_else(|_| self.failed());
            self.send();
            data = &data[n..];
        }
    }

    fn read(&mut self, out: &mut [u8]) -> usize {
        // SAFETY: bytes are initialised, and `read` writes nothing but initialised bytes.
        let out = unsafe { &mut *(std::ptr::from_mut(out) as *mut [MaybeUninit<u8>]) };
        loop {
            match self.conn.read(out) {
                Ok(n) => return n,
                Err(Stop::WantRead) if self.receive() => {}
                Err(Stop::WantRead) => return 0,
                Err(_) => self.failed(),
            }
        }
    }

    fn agreed(&self) -> Agreed {
        let facts = self.conn.facts();
        Agreed {
            suite: facts
                .suite
                .map(|s| s.openssl_name.to_owned())
                .unwrap_or_default(),
            resumed: facts.resumed,
        }
    }
}
