//! Configurations, and the flights of a good handshake under each: recorded once, reproducible
//! because every source is injected.

use crate::open::{Open, OpenPrivate};
use core::mem::MaybeUninit;
use pki_types::pem::PemObject;
use pki_types::{CertificateDer, PrivateKeyDer};
use std::sync::{Arc, Mutex, OnceLock};
use tls_core::cert::{Keypair, ServerName, TrustAnchors, UnixTime};
use tls_core::config::{Clock, Config, LEGACY, Ocsp, Renegotiation, Verification};
use tls_core::conn::Connection;
use tls_core::crypto::{PrivateKeyEncoding, Provider, Random, RandomFailed, Suite};
use tls_core::wire::{ExtensionType as E, NamedGroup, SignatureScheme as S};
use tls_crypto::DefaultProvider;

/// Which side is under test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Client,
    Server,
}

/// One configuration of both sides.
pub(crate) struct Setup {
    client: Config,
    server: Config,
    to_client: Vec<u8>,
    to_server: Vec<u8>,
}

/// Always the same bytes, from the beginning in every connection.
#[derive(Debug, Default)]
struct Counting(Mutex<u64>);

impl Random for Counting {
    fn fill(&self, out: &mut [u8]) -> Result<(), RandomFailed> {
        let mut n = self.0.lock().unwrap();
        for byte in out {
            *n = n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            // Never zero: RSA padding is drawn from here.
            *byte = (*n >> 33) as u8 | 1;
        }
        Ok(())
    }
}

#[derive(Debug)]
struct Noon;

impl Clock for Noon {
    fn now(&self) -> UnixTime {
        UnixTime::since_unix_epoch(core::time::Duration::from_secs(1_767_268_800))
    }
}

/// Suite, keypair, encrypt_then_mac, extended_master_secret.
const PROTECTIONS: [(u16, bool, bool, bool); 6] = [
    (0xc02f, true, false, true),
    (0xcca9, false, false, false),
    (0xc013, true, false, true),
    (0xc028, true, true, false),
    (0x009c, true, false, true),
    (0x003d, true, true, false),
];

/// The configuration that a byte of the input names: protection, open or real provider, whether
/// the chain is verified, and whether keys answer later.
pub(crate) fn get(byte: u8) -> &'static Setup {
    static ALL: [OnceLock<Setup>; 48] = [const { OnceLock::new() }; 48];
    let n = usize::from(byte) % ALL.len();
    ALL[n].get_or_init(|| {
        let open = !(n / 6).is_multiple_of(4);
        Setup::new(n % 6, open, (n / 6) & 2 != 0, (n / 6) & 4 != 0)
    })
}

const RSA: (&str, &str) = (
    include_str!("../../tests/pki/server-rsa.pem"),
    include_str!("../../tests/pki/server-rsa.key"),
);
const P256: (&str, &str) = (
    include_str!("../../tests/pki/server-p256.pem"),
    include_str!("../../tests/pki/server-p256.key"),
);

fn keypair((chain, key): (&str, &str), open: bool, later: bool) -> Arc<Keypair> {
    let chain = CertificateDer::pem_slice_iter(chain.as_bytes());
    let chain = chain.map(Result::unwrap).collect();
    let der = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
    let real = DefaultProvider
        .private_key(PrivateKeyEncoding::Pkcs8, der.secret_der())
        .unwrap();
    let key: Arc<dyn tls_core::crypto::PrivateKey> = if open {
        Arc::new(OpenPrivate { real, later })
    } else {
        real
    };
    Arc::new(Keypair::new(&DefaultProvider, chain, key).unwrap())
}

impl Setup {
    fn new(protection: usize, open: bool, verify: bool, later: bool) -> Self {
        let (suite, rsa, etm, ems) = PROTECTIONS[protection];
        let provider: Arc<dyn Provider> = if open {
            Arc::new(Open)
        } else {
            Arc::new(DefaultProvider)
        };
        let verification = if verify {
            let mut anchors = TrustAnchors::default();
            let ca = include_bytes!("../../tests/pki/ca.pem");
            anchors
                .add(CertificateDer::from_pem_slice(ca).unwrap())
                .unwrap();
            Verification::Required(Arc::new(anchors))
        } else {
            Verification::AcceptAny
        };
        let mut config = Config::new(
            provider,
            Arc::new(Counting::default()),
            Arc::new(Noon),
            verification,
        );
        config.set_policy(&LEGACY);
        config.renegotiation = Renegotiation::Allow;
        config.groups = vec![NamedGroup::X25519, NamedGroup::SECP256R1];
        config.alpn = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        config.ocsp = Ocsp::Request;
        config.scts = true;
        // Signatures that come out the same every time.
        let scheme = if rsa {
            S::RSA_PKCS1_SHA256
        } else {
            S::ECDSA_SECP256R1_SHA256
        };
        config.keypairs = vec![keypair(if rsa { RSA } else { P256 }, open, later)];
        let mut server = config.clone();
        server.schemes = vec![scheme];
        server.suites = vec![Suite::by_id(suite).unwrap()];
        server.server_extensions.retain(|typ| match *typ {
            E::ENCRYPT_THEN_MAC => etm,
            E::EXTENDED_MASTER_SECRET => ems,
            _ => true,
        });
        let mut setup = Self {
            client: config,
            server,
            to_client: Vec::new(),
            to_server: Vec::new(),
        };
        setup.record();
        setup
    }

    pub(crate) fn connection(&self, side: Side) -> Connection {
        let mut config = match side {
            Side::Client => self.client.clone(),
            Side::Server => self.server.clone(),
        };
        config.random = Arc::new(Counting::default());
        match side {
            Side::Client => {
                let name = ServerName::parse("example.test").ok();
                Connection::client(Arc::new(config), name.clone(), name)
            }
            Side::Server => Connection::server(Arc::new(config)),
        }
    }

    /// What a good peer says to `side`: the handshake, some data, a HelloRequest and the handshake
    /// that follows it with data in flight, the end.
    pub(crate) fn flight_to(&self, side: Side) -> &[u8] {
        match side {
            Side::Client => &self.to_client,
            Side::Server => &self.to_server,
        }
    }

    /// A word of each.
    fn talk(&mut self, client: &mut Connection, server: &mut Connection) {
        for (from, text) in [(&mut *client, "ping"), (&mut *server, "pong")] {
            let error = from.error().cloned();
            assert_eq!(from.write(text.as_bytes()), Ok(4), "{error:?}");
        }
        pass(client, server, &mut self.to_server);
        pass(server, client, &mut self.to_client);
    }

    fn record(&mut self) {
        let mut client = self.connection(Side::Client);
        let mut server = self.connection(Side::Server);
        for _ in 0..20 {
            let _client = client.handshake();
            let _server = server.handshake();
            pass(&mut client, &mut server, &mut self.to_server);
            pass(&mut server, &mut client, &mut self.to_client);
        }
        self.talk(&mut client, &mut server);
        assert_eq!(server.renegotiate(), Ok(()));
        pass(&mut server, &mut client, &mut self.to_client);
        self.talk(&mut client, &mut server);
        for _ in 0..20 {
            listen(&mut client);
            listen(&mut server);
            pass(&mut client, &mut server, &mut self.to_server);
            pass(&mut server, &mut client, &mut self.to_client);
        }
        assert_eq!(client.facts().handshakes, 2, "{:?}", client.error());
        assert_eq!(server.facts().handshakes, 2, "{:?}", server.error());
        self.talk(&mut client, &mut server);
        let _closed = (client.close(), server.close());
        pass(&mut client, &mut server, &mut self.to_server);
        pass(&mut server, &mut client, &mut self.to_client);
    }
}

/// Takes what came, data or not.
fn listen(conn: &mut Connection) {
    let mut out = [MaybeUninit::uninit(); 100];
    for _ in 0..20 {
        let _data_or_none = conn.read(&mut out);
    }
}

fn pass(from: &mut Connection, to: &mut Connection, tape: &mut Vec<u8>) {
    let bytes = from.outgoing().to_vec();
    from.sent(bytes.len());
    tape.extend_from_slice(&bytes);
    assert_eq!(to.feed(&bytes), bytes.len());
}
