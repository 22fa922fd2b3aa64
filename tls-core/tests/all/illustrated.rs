//! The illustrated TLS 1.2 connection, byte for byte from both sides: injected randomness, clock
//! and configuration, and no special path in the product.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;
use crate::inspect::Told;
use crate::secrets::Lines;

use common::{FixedClock, ScriptedRandom, anchors, give, keypair_from, read, take};
use std::sync::{Arc, Mutex};
use tls_core::cert::ServerName;
use tls_core::config::{Config, LEGACY, Ocsp, Verification};
use tls_core::conn::{Connection, Stop};
use tls_core::crypto::{
    AeadAlgorithm, AeadId, CbcAlgorithm, CertificateAlgorithms, CipherId, FiniteField, Hash,
    HashId, KeyError, KeyExchangeGroup, Prf, PrfKey, PrivateKey, PrivateKeyEncoding, Provider,
    PublicKey, Suite,
};
use tls_core::wire::{ExtensionType as E, NamedGroup, SignatureScheme};
use tls_crypto::DefaultProvider;

const JSON: &str = include_str!("../../../tests/vectors/tls12-illustrated/connection.json");

/// The value of a string or number field; `after` is where to look from.
fn field<'a>(after: &'a str, name: &str) -> &'a str {
    let key = format!("\"{name}\": ");
    let rest = &after[after.find(&key).unwrap_or_else(|| panic!("no {name}")) + key.len()..];
    let rest = rest.strip_prefix('"').unwrap_or(rest);
    rest.split(['"', ',', '\n']).next().unwrap()
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap())
        .collect()
}

fn secret(name: &str) -> Vec<u8> {
    hex(field(JSON, name))
}

fn record(name: &str) -> Vec<u8> {
    let at = JSON.find(&format!("\"name\": \"{name}\"")).unwrap();
    hex(field(&JSON[at..], "record_hex"))
}

fn flight(names: &[&str]) -> Vec<u8> {
    names.iter().flat_map(|name| record(name)).collect()
}

/// The default provider, with a witness to every derivation.
#[derive(Debug, Default)]
struct Witness {
    prf: OnceWitness,
}

type OnceWitness = std::sync::OnceLock<&'static WitnessPrf>;

/// Secret, label, output.
type Derivation = (Vec<u8>, Vec<u8>, Vec<u8>);

#[derive(Debug)]
struct WitnessPrf {
    seen: Arc<Mutex<Vec<Derivation>>>,
}

struct WitnessKey {
    secret: Vec<u8>,
    seen: Arc<Mutex<Vec<Derivation>>>,
}

impl Prf for WitnessPrf {
    fn hash(&self) -> HashId {
        HashId::Sha256
    }

    fn key(&self, secret: &[u8]) -> Box<dyn PrfKey> {
        Box::new(WitnessKey {
            secret: secret.to_vec(),
            seen: self.seen.clone(),
        })
    }
}

impl PrfKey for WitnessKey {
    fn derive(&self, label: &[u8], seed: &[&[u8]], out: &mut [u8]) {
        DefaultProvider
            .prf(HashId::Sha256)
            .unwrap()
            .derive(&self.secret, label, seed, out);
        self.seen
            .lock()
            .unwrap()
            .push((self.secret.clone(), label.to_vec(), out.to_vec()));
    }
}

impl Witness {
    fn prf(&self) -> &'static WitnessPrf {
        // Leaked on purpose: providers hand out 'static references.
        self.prf.get_or_init(|| {
            Box::leak(Box::new(WitnessPrf {
                seen: Arc::default(),
            }))
        })
    }

    fn output(&self, label: &str) -> Derivation {
        let seen = self.prf().seen.lock().unwrap();
        seen.iter()
            .find(|(_, l, _)| l == label.as_bytes())
            .unwrap()
            .clone()
    }

    fn check(&self) {
        let (pre_master, _, master) = self.output("master secret");
        assert_eq!(pre_master, secret("pre_master_secret"));
        assert_eq!(master, secret("master_secret"));
        let (_, _, block) = self.output("key expansion");
        let listed = [
            "client_write_mac_key",
            "server_write_mac_key",
            "client_write_key",
            "server_write_key",
        ];
        assert_eq!(block, listed.map(secret).concat());
    }
}

impl Provider for Witness {
    fn name(&self) -> &'static str {
        "witness"
    }
    fn aead(&self, id: AeadId) -> Option<&'static dyn AeadAlgorithm> {
        DefaultProvider.aead(id)
    }
    fn cbc(&self, cipher: CipherId, mac: HashId) -> Option<&'static dyn CbcAlgorithm> {
        DefaultProvider.cbc(cipher, mac)
    }
    fn hash(&self, id: HashId) -> Option<&'static dyn Hash> {
        DefaultProvider.hash(id)
    }
    fn prf(&self, hash: HashId) -> Option<&'static dyn Prf> {
        match hash {
            HashId::Sha256 => Some(self.prf()),
            _ => DefaultProvider.prf(hash),
        }
    }
    fn group(&self, group: NamedGroup) -> Option<&'static dyn KeyExchangeGroup> {
        DefaultProvider.group(group)
    }
    fn finite_field(&self) -> Option<&'static dyn FiniteField> {
        DefaultProvider.finite_field()
    }
    fn public_key(&self, spki: &[u8]) -> Result<Arc<dyn PublicKey>, KeyError> {
        DefaultProvider.public_key(spki)
    }
    fn private_key(
        &self,
        encoding: PrivateKeyEncoding,
        der: &[u8],
    ) -> Result<Arc<dyn PrivateKey>, KeyError> {
        DefaultProvider.private_key(encoding, der)
    }
    fn certificate_algorithms(&self) -> CertificateAlgorithms {
        DefaultProvider.certificate_algorithms()
    }
}

/// The orders of suites, groups, schemes and extensions are configuration.
fn config(witness: &Arc<Witness>, random: &[&[u8]]) -> Config {
    const SUITES: [u16; 16] = [
        0xcca8, 0xcca9, 0xc02f, 0xc030, 0xc02b, 0xc02c, 0xc013, 0xc009, 0xc014, 0xc00a, 0x009c,
        0x009d, 0x002f, 0x0035, 0xc012, 0x000a,
    ];
    const SCHEMES: [u16; 8] = [
        0x0401, 0x0403, 0x0501, 0x0503, 0x0601, 0x0603, 0x0201, 0x0203,
    ];
    let now = field(JSON, "certificate_valid_at_unix").parse().unwrap();
    let mut config = Config::new(
        witness.clone(),
        ScriptedRandom::new(random),
        Arc::new(FixedClock(now)),
        Verification::Required(anchors("vectors/tls12-illustrated/ca.crt")),
    );
    config.set_policy(&LEGACY);
    config.suites = SUITES.iter().map(|id| Suite::by_id(*id).unwrap()).collect();
    config.groups = [29, 23, 24, 25].map(NamedGroup).to_vec();
    config.schemes = SCHEMES.map(SignatureScheme).to_vec();
    config.client_extensions = vec![
        E::SERVER_NAME,
        E::STATUS_REQUEST,
        E::SUPPORTED_GROUPS,
        E::EC_POINT_FORMATS,
        E::SIGNATURE_ALGORITHMS,
        E::RENEGOTIATION_INFO,
        E::SIGNED_CERTIFICATE_TIMESTAMP,
    ];
    config.ocsp = Ocsp::Request;
    config.scts = true;
    config.server_extensions = vec![E::RENEGOTIATION_INFO];
    config
}

/// The key log is the one that came with the connection.
pub(crate) fn check_log(log: &Lines) {
    let listed = include_str!("../../../tests/vectors/tls12-illustrated/keylog.txt");
    assert_eq!(*log.0.lock().unwrap(), [listed.trim_end()]);
}

/// The sixteen bytes of an explicit IV, as the illustration counts them.
fn iv(first: u8) -> Vec<u8> {
    (first..first + 16).collect()
}

#[test]
fn illustrated_client() {
    let witness = Arc::new(Witness::default());
    let mut config = config(
        &witness,
        &[
            &secret("client_random"),
            &secret("client_ephemeral_x25519_private"),
            &iv(0x40),
            &iv(0x00),
            &iv(0x10),
        ],
    );
    // The server's certificate carries its name in the common name alone.
    config.common_name = true;
    let log = Arc::new(Lines::default());
    config.key_log = Some(log.clone());
    let witness_of_events = Arc::new(Told::default());
    config.observers = Some(witness_of_events.clone());
    let name = ServerName::parse("example.ulfheim.net").unwrap();
    let mut client = Connection::client(Arc::new(config), Some(name.clone()), Some(name));

    assert_eq!(client.handshake(), Err(Stop::WantRead));
    assert_eq!(take(&mut client), record("clienthello"));
    give(
        &mut client,
        &flight(&[
            "serverhello",
            "servercert",
            "serverkeyexchange",
            "serverhellodone",
        ]),
    );
    assert_eq!(
        client.handshake(),
        Err(Stop::WantRead),
        "{:?}",
        client.error()
    );
    assert_eq!(
        take(&mut client),
        flight(&["clientkeyexchange", "clientccs", "clientfinished"])
    );
    give(&mut client, &flight(&["serverccs", "serverfinished"]));
    assert_eq!(client.handshake(), Ok(()), "{:?}", client.error());
    assert!(client.facts().verified_chain.is_some());
    witness.check();
    check_log(&log);
    let finished = hex(&field(JSON, "decrypted_hex")[8..32]);
    assert_eq!(client.danger_tls_unique().unwrap(), finished);

    assert_eq!(client.write(b"ping"), Ok(4));
    assert_eq!(take(&mut client), record("clientdata"));
    give(&mut client, &record("serverdata"));
    assert_eq!(read(&mut client, 100).unwrap(), b"pong");
    client.close().unwrap();
    assert_eq!(take(&mut client), record("clientalert"));
    witness_of_events.check(crate::inspect::ILLUSTRATED_CLIENT);
}

#[test]
fn illustrated_client_refuses_without_the_common_name_option() {
    let witness = Arc::new(Witness::default());
    let random = secret("client_random");
    let name = ServerName::parse("example.ulfheim.net").unwrap();
    let config = Arc::new(config(&witness, &[&random]));
    let mut client = Connection::client(config, Some(name.clone()), Some(name));
    assert_eq!(client.handshake(), Err(Stop::WantRead));
    give(
        &mut client,
        &flight(&[
            "serverhello",
            "servercert",
            "serverkeyexchange",
            "serverhellodone",
        ]),
    );
    assert_eq!(client.handshake(), Err(Stop::Failed));
    assert_eq!(client.error().unwrap().reason().name(), "NAME_MISMATCH");
}

#[test]
fn illustrated_server() {
    let witness = Arc::new(Witness::default());
    let mut config = config(
        &witness,
        &[
            &secret("server_random"),
            &secret("server_ephemeral_x25519_private"),
            &iv(0x51),
            &iv(0x61),
        ],
    );
    config.suites = vec![Suite::by_id(0xc013).unwrap()];
    config.keypairs = vec![keypair_from(
        "vectors/tls12-illustrated/server.crt",
        "vectors/tls12-illustrated/server.key",
    )];
    let log = Arc::new(Lines::default());
    config.key_log = Some(log.clone());
    let witness_of_events = Arc::new(Told::default());
    config.observers = Some(witness_of_events.clone());
    let mut server = Connection::server(Arc::new(config));

    assert_eq!(server.handshake(), Err(Stop::WantRead));
    give(&mut server, &record("clienthello"));
    assert_eq!(
        server.handshake(),
        Err(Stop::WantRead),
        "{:?}",
        server.error()
    );
    assert_eq!(
        take(&mut server),
        flight(&[
            "serverhello",
            "servercert",
            "serverkeyexchange",
            "serverhellodone"
        ])
    );
    give(
        &mut server,
        &flight(&["clientkeyexchange", "clientccs", "clientfinished"]),
    );
    assert_eq!(server.handshake(), Ok(()), "{:?}", server.error());
    assert_eq!(take(&mut server), flight(&["serverccs", "serverfinished"]));
    witness.check();
    check_log(&log);

    give(&mut server, &record("clientdata"));
    assert_eq!(read(&mut server, 100).unwrap(), b"ping");
    assert_eq!(server.write(b"pong"), Ok(4));
    assert_eq!(take(&mut server), record("serverdata"));
    give(&mut server, &record("clientalert"));
    assert_eq!(read(&mut server, 100), Ok(Vec::new()), "a clean end");
    assert!(server.facts().close_received);
    witness_of_events.check(crate::inspect::ILLUSTRATED_SERVER);
}

#[test]
fn illustrated_server_with_one_byte_at_a_time() {
    let witness = Arc::new(Witness::default());
    let mut config = config(
        &witness,
        &[
            &secret("server_random"),
            &secret("server_ephemeral_x25519_private"),
            &iv(0x51),
        ],
    );
    config.suites = vec![Suite::by_id(0xc013).unwrap()];
    config.keypairs = vec![keypair_from(
        "vectors/tls12-illustrated/server.crt",
        "vectors/tls12-illustrated/server.key",
    )];
    let mut server = Connection::server(Arc::new(config));
    for byte in flight(&["clienthello", "clientkeyexchange", "clientccs"]) {
        assert_eq!(server.handshake(), Err(Stop::WantRead));
        give(&mut server, &[byte]);
    }
    let finished = record("clientfinished");
    for byte in &finished {
        assert_eq!(server.handshake(), Err(Stop::WantRead));
        give(&mut server, &[*byte]);
    }
    assert_eq!(server.handshake(), Ok(()), "{:?}", server.error());
}
