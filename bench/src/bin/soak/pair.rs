//! A client and a server in one process, and their handshakes.

use pki_types::pem::PemObject;
use pki_types::{CertificateDer, PrivateKeyDer};
use std::mem::MaybeUninit;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;
use tls_core::cert::{Keypair, ServerName, TrustAnchors, UnixTime};
use tls_core::config::{Clock, Config, Verification};
use tls_core::conn::{Connection, Stop};
use tls_core::crypto::{PrivateKeyEncoding, Provider};
use tls_core::session::{MemoryClientStore, MemoryStore, TicketRing};
use tls_crypto::{DefaultProvider, OsRandom};

/// How the keys of a connection come about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Full,
    ByTicket,
    BySessionId,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::Full, Self::ByTicket, Self::BySessionId];
}

/// Sessions that the server's store holds: fewer than the handshakes, so that it turns over.
const STORE: usize = 1000;

#[derive(Debug)]
struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> UnixTime {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        UnixTime::since_unix_epoch(now.unwrap_or_default())
    }
}

/// The configurations of the three kinds.
pub(crate) struct Pair {
    name: ServerName,
    ends: [(Arc<Config>, Arc<Config>); 3],
}

impl Pair {
    pub(crate) fn new() -> Self {
        let pair = Self {
            name: ServerName::parse("example.test").expect("a name"),
            ends: Kind::ALL.map(|kind| {
                let mut client = config();
                let mut server = config();
                server.keypairs = vec![keypair()];
                for config in [&mut client, &mut server] {
                    config.sessions.tickets = kind != Kind::BySessionId;
                }
                if kind != Kind::Full {
                    client.sessions.client_store = Some(Arc::new(MemoryClientStore::new(8)));
                }
                // A full handshake makes a session too, as in every server's life.
                let ring = TicketRing::random(Arc::new(DefaultProvider), 3600);
                server.sessions.sealer = Some(Arc::new(ring));
                server.sessions.store = Some(Arc::new(MemoryStore::new(STORE)));
                (Arc::new(client), Arc::new(server))
            }),
        };
        // What there is to resume.
        drop((pair.run(Kind::ByTicket), pair.run(Kind::BySessionId)));
        pair
    }

    /// A handshake of this kind, checked to be of this kind.
    pub(crate) fn connect(&self, kind: Kind) -> (Connection, Connection) {
        let (client, server) = self.run(kind);
        for end in [&client, &server] {
            assert_eq!(end.facts().resumed, kind != Kind::Full, "{kind:?}");
        }
        (client, server)
    }

    fn run(&self, kind: Kind) -> (Connection, Connection) {
        let (client, server) = &self.ends[kind as usize];
        let name = Some(self.name.clone());
        let mut client = Connection::client(client.clone(), name.clone(), name);
        let mut server = Connection::server(server.clone());
        loop {
            let ended = (client.handshake(), server.handshake());
            for (end, outcome) in [(&client, ended.0), (&server, ended.1)] {
                if outcome.is_err_and(|stop| stop == Stop::Failed) {
                    panic!("{:?}", end.error());
                }
            }
            if ended == (Ok(()), Ok(())) {
                return (client, server);
            }
            pass(&mut client, &mut server);
            pass(&mut server, &mut client);
        }
    }
}

/// A message each way.
pub(crate) fn converse(client: &mut Connection, server: &mut Connection) {
    say(client, server);
    say(server, client);
}

fn say(from: &mut Connection, to: &mut Connection) {
    assert_eq!(from.write(b"hello"), Ok(5));
    pass(from, to);
    let mut buffer = [MaybeUninit::uninit(); 16];
    assert_eq!(to.read(&mut buffer), Ok(5));
}

/// Everything that waits to be sent goes over.
fn pass(from: &mut Connection, to: &mut Connection) {
    while !from.outgoing().is_empty() {
        let n = to.feed(from.outgoing());
        from.sent(n);
    }
}

fn config() -> Config {
    let mut anchors = TrustAnchors::default();
    let ca = CertificateDer::from_pem_file(pki("ca.pem")).expect("the test CA");
    anchors.add(ca).expect("the test CA");
    Config::new(
        Arc::new(DefaultProvider),
        Arc::new(OsRandom),
        Arc::new(SystemClock),
        Verification::Required(Arc::new(anchors)),
    )
}

fn keypair() -> Arc<Keypair> {
    let chain = CertificateDer::pem_file_iter(pki("server-p256.pem")).expect("the test chain");
    let key = PrivateKeyDer::from_pem_file(pki("server-p256.key")).expect("the test key");
    let key = DefaultProvider
        .private_key(PrivateKeyEncoding::Pkcs8, key.secret_der())
        .expect("the test key");
    let chain = chain
        .collect::<Result<Vec<_>, _>>()
        .expect("the test chain");
    Arc::new(Keypair::new(&DefaultProvider, chain, key).expect("the test keypair"))
}

fn pki(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/pki")
        .join(file)
}
