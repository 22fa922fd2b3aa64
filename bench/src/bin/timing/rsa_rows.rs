//! RSA key exchange: whether the padding of an EncryptedPreMasterSecret was good may not show
//! (Bleichenbacher; RFC 5246 §7.4.7.1), nor what the private operation works on (Marvin). RSA signatures: nor
//! what is signed, nor with which key.

use crate::Row;
use crate::welch::{Outcome, Random, Subject, compare};
use pki_types::CertificateDer;
use pki_types::pem::PemObject;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use tls_core::cert::{Keypair, UnixTime};
use tls_core::config::{Clock, Config, LEGACY, Verification};
use tls_core::conn::Connection;
use tls_core::crypto::{
    KeyError, KeyKind, Later, PrivateKey, PrivateKeyEncoding, Provider, PublicKey, Reply, Secret,
    SignedBytes, Suite,
};
use tls_core::wire::SignatureScheme;
use tls_crypto::{DefaultProvider, OsRandom};

/// Length in bytes of the test key's modulus.
const MODULUS: usize = 256;

/// The private operation is slow: so many times fewer measurements.
const FEWER: usize = 20;

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for (name, flaw) in FLAWS {
        rows.push(Row {
            name: format!("RSA key exchange, a whole server: good padding / {name}"),
            differs: false,
            measure: Box::new(move |n| compare(n, &mut Server::new(flaw))),
        });
    }
    rows.push(Row {
        name: format!("RSA-2048 private operation: one / any ciphertext (1/{FEWER})"),
        differs: false,
        measure: Box::new(|n| decryptions(n / FEWER, false)),
    });
    rows.push(Row {
        name: format!("RSA-2048 private operation: small / any plaintext (1/{FEWER})"),
        differs: false,
        measure: Box::new(|n| decryptions(n / FEWER, true)),
    });
    rows.push(Row {
        name: format!("RSA-2048 signature: one / any message (1/{FEWER})"),
        differs: false,
        measure: Box::new(|n| compare(n / FEWER, &mut Signature::new(false))),
    });
    rows.push(Row {
        name: format!("RSA-2048 signature: one / any key (1/{FEWER})"),
        differs: false,
        measure: Box::new(|n| compare(n / FEWER, &mut Signature::new(true))),
    });
    rows
}

/// The block that the key "decrypts": `00 02 | nonzero padding | 00 | version | 46 random bytes`.
fn good(random: &mut Random) -> Vec<u8> {
    let mut block = vec![0; MODULUS];
    random.fill(&mut block);
    for byte in &mut block[2..MODULUS - 49] {
        *byte |= 1;
    }
    block[..2].copy_from_slice(&[0, 2]);
    block[MODULUS - 49..MODULUS - 46].copy_from_slice(&[0, 3, 3]);
    block
}

type Spoil = fn(&mut Random, &mut Vec<u8>);

const FLAWS: [(&str, Spoil); 6] = [
    ("good", |_, _| {}),
    ("first byte", |_, b| b[0] = 1),
    ("block type", |_, b| b[1] = 1),
    ("zero in the padding", |r, b| b[2 + r.below(8)] = 0),
    ("no zero before the secret", |_, b| b[MODULUS - 49] = 1),
    ("version", |_, b| b[MODULUS - 47] = 1),
];

#[derive(Debug)]
struct NoClock;

impl Clock for NoClock {
    fn now(&self) -> UnixTime {
        UnixTime::since_unix_epoch(std::time::Duration::from_secs(1_767_225_600))
    }
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/pki")
        .join(name)
}

fn private_key() -> Arc<dyn PrivateKey> {
    let der = pki_types::PrivatePkcs8KeyDer::from_pem_file(path("server-rsa.key"))
        .expect("a key of the test PKI");
    DefaultProvider
        .private_key(PrivateKeyEncoding::Pkcs8, der.secret_pkcs8_der())
        .expect("a good key")
}

/// A key whose private operation costs nothing and gives what it was told: what is left is the protocol.
#[derive(Debug)]
struct Decrypted(Mutex<Vec<u8>>);

impl PrivateKey for Decrypted {
    fn kind(&self) -> KeyKind {
        KeyKind::Rsa { bits: 8 * MODULUS }
    }

    fn schemes(&self) -> &[SignatureScheme] {
        &[]
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
        Reply::Now(Err(KeyError::Failed("it only decrypts".into())))
    }

    fn decrypt_raw(&self, _: &[u8], _: &Later) -> Reply<Result<Secret, KeyError>> {
        Reply::Now(Ok(Secret::new(self.0.lock().expect("one thread").clone())))
    }
}

/// A server behind its ServerHelloDone gets a ClientKeyExchange, and then a Finished that is wrong for good
/// and bad padding alike.
struct Server {
    config: Arc<Config>,
    key: Arc<Decrypted>,
    flaw: Spoil,
    hello: Vec<u8>,
    conn: Connection,
}

impl Server {
    fn new(flaw: Spoil) -> Self {
        let key = Arc::new(Decrypted(Mutex::new(vec![0; MODULUS])));
        let chain = CertificateDer::pem_file_iter(path("server-rsa.pem"))
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .expect("a chain of the test PKI");
        let keypair = Keypair::new(&DefaultProvider, chain, key.clone()).expect("a good chain");
        let mut config = Config::new(
            Arc::new(DefaultProvider),
            Arc::new(OsRandom),
            Arc::new(NoClock),
            Verification::AcceptAny,
        );
        config.set_policy(&LEGACY);
        config.suites = vec![Suite::by_name("AES128-GCM-SHA256").expect("a known name")];
        config.keypairs = vec![Arc::new(keypair)];
        let config = Arc::new(config);
        let mut client = Connection::client(config.clone(), None, None);
        let _waits = client.handshake();
        Self {
            conn: Connection::server(config.clone()),
            hello: client.outgoing().to_vec(),
            config,
            key,
            flaw,
        }
    }
}

impl Subject for Server {
    fn prepare(&mut self, random: &mut Random, class: usize) {
        let mut block = good(random);
        let spoil: Spoil = if class == 0 { |_, _| {} } else { self.flaw };
        spoil(random, &mut block);
        *self.key.0.lock().expect("one thread") = block;
        self.conn = Connection::server(self.config.clone());
        self.conn.feed(&self.hello);
        let _waits = self.conn.handshake();
        self.conn.sent(self.conn.outgoing().len());
        let mut flight = vec![22, 3, 3, 1, 6, 16, 0, 1, 2, 1, 0];
        flight.resize(flight.len() + MODULUS, 0x55);
        flight.extend([20, 3, 3, 0, 1, 1, 22, 3, 3, 0, 40]);
        flight.resize(flight.len() + 40, 0xaa);
        self.conn.feed(&flight);
    }

    fn run(&mut self) {
        let _failed = core::hint::black_box(self.conn.handshake());
    }
}

/// The private operation of the default provider.
struct Decryption {
    key: Arc<dyn PrivateKey>,
    public: Arc<dyn PublicKey>,
    pool: Vec<Vec<u8>>,
    fixed: Vec<u8>,
    input: Vec<u8>,
}

/// Ciphertexts of class B that are made ahead.
const POOL: usize = 256;

fn decryptions(measurements: usize, small_plaintext: bool) -> Outcome {
    let key = private_key();
    let public = key
        .public_key()
        .expect("a key in memory knows its public half");
    let secret = [3; 48];
    let mut subject = Decryption {
        fixed: public
            .encrypt_pkcs1(&secret, &OsRandom)
            .expect("an RSA key encrypts"),
        key,
        public,
        pool: Vec::new(),
        input: vec![0; MODULUS],
    };
    if small_plaintext {
        // 1 is its own ciphertext: the smallest number that can come out.
        subject.fixed = vec![0; MODULUS];
        subject.fixed[MODULUS - 1] = 1;
    }
    compare(measurements, &mut subject)
}

impl Subject for Decryption {
    fn prepare(&mut self, random: &mut Random, class: usize) {
        if self.pool.len() < POOL {
            let mut secret = [0; 48];
            random.fill(&mut secret);
            self.pool.push(
                self.public
                    .encrypt_pkcs1(&secret, &OsRandom)
                    .expect("an RSA key encrypts"),
            );
        }
        let any = &self.pool[random.below(self.pool.len())];
        self.input
            .copy_from_slice(if class == 0 { &self.fixed } else { any });
    }

    fn run(&mut self) {
        let later = Later::default();
        let _opened = core::hint::black_box(self.key.decrypt_raw(&self.input, &later));
    }
}

/// A PKCS#1 signature of the default provider.
struct Signature {
    files: Vec<Vec<u8>>,
    any_key: bool,
    key: Option<Arc<dyn PrivateKey>>,
    message: [u8; 32],
}

/// Keys to choose from. Class A takes the first.
const KEYS: usize = 16;

impl Signature {
    fn new(any_key: bool) -> Self {
        let generate = || {
            let key = openssl::rsa::Rsa::generate(8 * MODULUS as u32).expect("a key");
            key.private_key_to_der().expect("a key in PKCS#1")
        };
        // Of one length: what is loaded lies at the same places.
        let mut files: Vec<Vec<u8>> = vec![generate()];
        while files.len() < KEYS {
            files.extend(Some(generate()).filter(|file| file.len() == files[0].len()));
        }
        Self {
            key: Some(load(&files[0])),
            files,
            any_key,
            message: [0; 32],
        }
    }
}

fn load(file: &[u8]) -> Arc<dyn PrivateKey> {
    DefaultProvider
        .private_key(PrivateKeyEncoding::Pkcs1, file)
        .expect("a good key")
}

impl Subject for Signature {
    fn prepare(&mut self, random: &mut Random, class: usize) {
        let (mut any, at) = ([0; 32], random.below(KEYS));
        random.fill(&mut any);
        if self.any_key {
            // Loaded anew in both classes, into the memory of the last one.
            self.key = None;
            self.key = Some(load(&self.files[if class == 0 { 0 } else { at }]));
            self.message = any;
            // What loading left in caches and predictors is not asked.
            self.run();
        } else {
            self.message = if class == 0 { [0; 32] } else { any };
        }
    }

    fn run(&mut self) {
        let (scheme, later) = (SignatureScheme::RSA_PKCS1_SHA256, Later::default());
        let key = self.key.as_ref().expect("prepared");
        let _signed = core::hint::black_box(key.sign(scheme, &self.message, &later));
    }
}
