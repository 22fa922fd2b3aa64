//! rustls, with each of three providers.

use crate::pki::Pki;
use crate::wire::Wire;
use crate::work::{Agreed, Bulk, End, HOST, Key, Kind, Pair, Peer, Work, connect};
use pki_types::pem::PemObject;
use pki_types::{CertificateDer, PrivateKeyDer};
use rustls::client::Resumption;
use rustls::crypto::CryptoProvider;
use rustls::server::{NoServerSessionStorage, ServerSessionMemoryCache};
use rustls::{
    CipherSuite, ClientConfig, ClientConnection, Connection, HandshakeKind, NamedGroup,
    RootCertStore, ServerConfig, ServerConnection,
};
use std::io::{Read, Write};
use std::rc::Rc;
use std::sync::Arc;

type Tickets = fn() -> Arc<dyn rustls::server::ProducesTickets>;

struct Rustls {
    name: &'static str,
    provider: fn() -> CryptoProvider,
    tickets: Tickets,
}

pub(crate) fn providers() -> Vec<Box<dyn Peer>> {
    vec![
        Box::new(Rustls {
            name: "rustls+ring",
            provider: rustls::crypto::ring::default_provider,
            tickets: || rustls::crypto::ring::Ticketer::new().expect("a ticketer"),
        }),
        Box::new(Rustls {
            name: "rustls+aws-lc",
            provider: rustls::crypto::aws_lc_rs::default_provider,
            tickets: || rustls::crypto::aws_lc_rs::Ticketer::new().expect("a ticketer"),
        }),
        Box::new(Rustls {
            name: "rustls+graviola",
            provider: rustls_graviola::default_provider,
            tickets: || rustls_graviola::Ticketer::new().expect("a ticketer"),
        }),
    ]
}

fn suite(work: Work) -> Option<CipherSuite> {
    use CipherSuite as S;
    Some(match (work.key, work.bulk) {
        (Key::Rsa2048, Bulk::Aes128Gcm) => S::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        (Key::Rsa2048, Bulk::Aes256Gcm) => S::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        (Key::Rsa2048, Bulk::ChaCha20) => S::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        (Key::P256, Bulk::Aes128Gcm) => S::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        (Key::P256, Bulk::Aes256Gcm) => S::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        (Key::P256, Bulk::ChaCha20) => S::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        _ => return None,
    })
}

impl Peer for Rustls {
    fn name(&self) -> &'static str {
        self.name
    }

    fn prepare(&self, work: Work, pki: &Pki) -> Option<Rc<dyn Pair>> {
        let suite = suite(work)?;
        let mut provider = (self.provider)();
        provider.cipher_suites.retain(|s| s.suite() == suite);
        let groups = [NamedGroup::X25519, NamedGroup::secp256r1];
        provider.kx_groups.retain(|g| groups.contains(&g.name()));
        provider
            .kx_groups
            .sort_by_key(|g| groups.iter().position(|x| *x == g.name()));
        if provider.cipher_suites.is_empty() {
            return None;
        }
        let pair = Rc::new(Configs::new(work, pki, Arc::new(provider), self.tickets));
        if work.kind != Kind::Full {
            drop(connect(&*pair));
        }
        Some(pair)
    }
}

struct Configs {
    client: Arc<ClientConfig>,
    server: Arc<ServerConfig>,
    work: Work,
}

impl Configs {
    fn new(work: Work, pki: &Pki, provider: Arc<CryptoProvider>, tickets: Tickets) -> Self {
        let chain = pki.chain(work.key);
        let version = &[&rustls::version::TLS12];
        let mut roots = RootCertStore::empty();
        roots
            .add(CertificateDer::from(chain.root_der()))
            .expect("the root");
        let mut client = ClientConfig::builder_with_provider(provider.clone())
            .with_protocol_versions(version)
            .expect("TLS 1.2")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let key = PrivateKeyDer::from_pem_slice(&chain.key_pem()).expect("a key");
        let mut server = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(version)
            .expect("TLS 1.2")
            .with_no_client_auth()
            .with_single_cert(chain.sent_der().map(CertificateDer::from).to_vec(), key)
            .expect("a keypair");
        match work.kind {
            Kind::Full => {
                client.resumption = Resumption::disabled();
                server.session_storage = Arc::new(NoServerSessionStorage {});
            }
            Kind::ById => server.session_storage = ServerSessionMemoryCache::new(1024),
            Kind::ByTicket => {
                server.session_storage = Arc::new(NoServerSessionStorage {});
                server.ticketer = tickets();
            }
        }
        Self {
            client: Arc::new(client),
            server: Arc::new(server),
            work,
        }
    }

    fn end(&self, connection: Connection, wire: Wire) -> Box<dyn End> {
        Box::new(Buffered {
            connection,
            wire,
            work: self.work,
        })
    }
}

impl Pair for Configs {
    fn client(&self, wire: Wire) -> Box<dyn End> {
        let name = HOST.try_into().expect("a name");
        let client = ClientConnection::new(self.client.clone(), name).expect("a client");
        self.end(client.into(), wire)
    }

    fn server(&self, wire: Wire) -> Box<dyn End> {
        let server = ServerConnection::new(self.server.clone()).expect("a server");
        self.end(server.into(), wire)
    }
}

struct Buffered {
    connection: Connection,
    wire: Wire,
    work: Work,
}

impl Buffered {
    fn send(&mut self) {
        while self.connection.wants_write() {
            self.connection
                .write_tls(&mut self.wire)
                .expect("a ring takes everything");
        }
    }

    /// Whether anything came.
    fn receive(&mut self) -> bool {
        if self.connection.read_tls(&mut self.wire).is_err() {
            return false;
        }
        self.connection.process_new_packets().expect("rustls");
        true
    }
}

impl End for Buffered {
    fn handshake(&mut self) -> bool {
        loop {
            self.send();
            if !self.connection.is_handshaking() {
                return true;
            }
            if !self.receive() {
                return false;
            }
        }
    }

    fn write(&mut self, mut data: &[u8]) {
        while !data.is_empty() {
            let n = self
                .connection
                .writer()
                .write(data)
                .expect("rustls takes data");
            self.send();
            data = &data[n..];
        }
    }

    fn read(&mut self, out: &mut [u8]) -> usize {
        loop {
            if let Ok(n) = self.connection.reader().read(out) {
                return n;
            }
            if !self.receive() {
                return 0;
            }
        }
    }

    fn agreed(&self) -> Agreed {
        let suite = self.connection.negotiated_cipher_suite().map(|s| s.suite());
        assert_eq!(suite, self::suite(self.work));
        let resumed = self.connection.handshake_kind() == Some(HandshakeKind::Resumed);
        Agreed {
            suite: self.work.suite().to_owned(),
            resumed,
        }
    }
}
