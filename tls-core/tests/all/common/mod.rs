//! What the protocol tests share: injected sources, test certificates, and a pump between two ends.
#![allow(dead_code, reason = "each test crate uses a part of it")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(unreachable_pub, reason = "a module of every test crate")]

pub mod counting;
pub mod crl;
pub mod der;
#[path = "../../../../tests/verify/src/forge.rs"]
pub mod forge;
#[path = "../../../../tests/verify/src/hostile/mod.rs"]
pub mod hostile;
pub mod judge;
pub mod keys;
pub mod middle;
pub mod patched;
pub mod plan;
pub mod psk;
pub mod puppet;
pub mod sessions;
pub mod staple;
pub mod tap;
pub mod wire;

use pki_types::CertificateDer;
use std::collections::VecDeque;
use std::mem::MaybeUninit;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use tls_core::cert::{Certificate, Keypair, ServerName, TrustAnchors, UnixTime};
use tls_core::config::{Clock, Config, Policy, Verification};
use tls_core::conn::{Connection, Stop};
use tls_core::crypto::{PrivateKeyEncoding, Provider, Random, RandomFailed};
use tls_core::error::Reason;
use tls_crypto::{DefaultProvider, OsRandom};

use pki_types::pem::PemObject;

/// 2026-01-01T00:00:00Z
pub const NOW: u64 = 1_767_225_600;

#[derive(Debug)]
pub struct FixedClock(pub u64);

impl Clock for FixedClock {
    fn now(&self) -> UnixTime {
        UnixTime::since_unix_epoch(std::time::Duration::from_secs(self.0))
    }
}

/// Gives out what it was given, and fails when it is used up.
#[derive(Debug, Default)]
pub struct ScriptedRandom(pub Mutex<VecDeque<u8>>);

impl ScriptedRandom {
    pub fn new(parts: &[&[u8]]) -> Arc<Self> {
        Arc::new(Self(Mutex::new(parts.concat().into())))
    }
}

impl Random for ScriptedRandom {
    fn fill(&self, out: &mut [u8]) -> Result<(), RandomFailed> {
        let mut script = self.0.lock().unwrap();
        for byte in out {
            *byte = script.pop_front().ok_or(RandomFailed)?;
        }
        Ok(())
    }
}

pub fn path(below: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../tests")
        .join(below)
}

pub fn certificates(file: &str) -> Vec<Certificate> {
    CertificateDer::pem_file_iter(path(file))
        .unwrap()
        .map(|c| c.unwrap().into())
        .collect()
}

pub fn keypair_from(chain: &str, key: &str) -> Arc<Keypair> {
    use pki_types::PrivateKeyDer as Der;
    let der = Der::from_pem_file(path(key)).unwrap();
    let (encoding, bytes) = match &der {
        Der::Pkcs1(d) => (PrivateKeyEncoding::Pkcs1, d.secret_pkcs1_der()),
        Der::Sec1(d) => (PrivateKeyEncoding::Sec1, d.secret_sec1_der()),
        Der::Pkcs8(d) => (PrivateKeyEncoding::Pkcs8, d.secret_pkcs8_der()),
        _ => panic!("unknown key format"),
    };
    let key = DefaultProvider.private_key(encoding, bytes).unwrap();
    Arc::new(Keypair::new(&DefaultProvider, certificates(chain), key).unwrap())
}

/// The keypair in tests/pki with this name.
pub fn keypair(name: &str) -> Arc<Keypair> {
    keypair_from(&format!("pki/{name}.pem"), &format!("pki/{name}.key"))
}

pub fn anchors(file: &str) -> Arc<TrustAnchors> {
    let mut anchors = TrustAnchors::default();
    for certificate in certificates(file) {
        anchors.add(certificate).unwrap();
    }
    Arc::new(anchors)
}

/// A configuration that trusts the test CA.
pub fn config(policy: &'static Policy) -> Config {
    let mut config = Config::new(
        Arc::new(DefaultProvider),
        Arc::new(OsRandom),
        Arc::new(FixedClock(NOW)),
        Verification::Required(anchors("pki/ca.pem")),
    );
    config.set_policy(policy);
    config
}

pub fn server_config(policy: &'static Policy, keypairs: &[&str]) -> Config {
    let mut config = config(policy);
    config.keypairs = keypairs.iter().map(|name| keypair(name)).collect();
    config
}

pub fn client(config: Config) -> Connection {
    let name = ServerName::parse("example.test").unwrap();
    Connection::client(Arc::new(config), Some(name.clone()), Some(name))
}

pub fn server(config: Config) -> Connection {
    Connection::server(Arc::new(config))
}

/// Takes everything that waits to be sent.
pub fn take(from: &mut Connection) -> Vec<u8> {
    let bytes = from.outgoing().to_vec();
    from.sent(bytes.len());
    bytes
}

/// Gives all of `bytes`.
pub fn give(to: &mut Connection, bytes: &[u8]) {
    let mut rest = bytes;
    while !rest.is_empty() {
        let n = to.feed(rest);
        if n == 0 {
            break;
        }
        rest = &rest[n..];
    }
}

/// Moves bytes until both handshakes are done or one end fails; `Ok` when both are done.
pub fn handshake(client: &mut Connection, server: &mut Connection) -> Result<(), Stop> {
    for _ in 0..20 {
        let (c, s) = (client.handshake(), server.handshake());
        let (from_client, from_server) = (take(client), take(server));
        give(server, &from_client);
        give(client, &from_server);
        if c == Err(Stop::Failed) || s == Err(Stop::Failed) {
            // Let the alert arrive.
            let _result = client.handshake();
            let _result = server.handshake();
            return Err(Stop::Failed);
        }
        if c.is_ok() && s.is_ok() {
            return Ok(());
        }
    }
    panic!("the handshake does not come to an end: {client:?} {server:?}");
}

/// Reads what is there, up to `max` bytes.
pub fn read(conn: &mut Connection, max: usize) -> Result<Vec<u8>, Stop> {
    let mut out = vec![MaybeUninit::new(0xaa_u8); max];
    let n = conn.read(&mut out)?;
    // SAFETY: every element was initialised when the vector was made.
    Ok(out[..n]
        .iter()
        .map(|b| unsafe { b.assume_init() })
        .collect())
}

/// The error's reason, of an end that must have failed.
pub fn reason(conn: &Connection) -> Reason {
    conn.error()
        .unwrap_or_else(|| panic!("no error: {conn:?}"))
        .reason()
}

/// Writes on one end, reads on the other.
pub fn transfer(from: &mut Connection, to: &mut Connection, data: &[u8]) {
    let (mut sent, mut got) = (0, Vec::new());
    while got.len() < data.len() {
        if sent < data.len() {
            sent += from.write(&data[sent..]).unwrap();
        }
        let wire = take(from);
        let mut rest = &wire[..];
        loop {
            let n = to.feed(rest);
            rest = &rest[n..];
            match read(to, 20_000) {
                Ok(bytes) => got.extend(bytes),
                Err(Stop::WantRead) if rest.is_empty() => break,
                Err(Stop::WantRead) => {}
                Err(stop) => panic!("{stop:?}: {:?}", to.error()),
            }
        }
    }
    assert!(got == data);
}
