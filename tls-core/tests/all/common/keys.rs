//! Record protection as the tests do it: made of the RFCs and of the provider's primitives, and of
//! nothing from the record layer under test. CBC is put together here, so that any part of a
//! record can be wrong.

use super::tap::Tap;
use super::wire::Record;
use aes::cipher::{BlockCipherEncrypt, KeyInit};
use tls_core::crypto::{
    Aead, AeadId, BulkCipher, CbcMac, CipherId, HashId, MacForm, Provider, Suite,
};
use tls_core::wire::ContentType;
use tls_crypto::DefaultProvider;

/// Whose records the keys are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writer {
    Client,
    Server,
}

/// The keys of one direction.
pub struct Keys {
    cipher: Cipher,
    /// The sequence number of the next record.
    pub seq: u64,
}

enum Cipher {
    Aead {
        id: AeadId,
        key: Box<dyn Aead>,
        iv: Vec<u8>,
    },
    Cbc(Cbc),
}

/// The parts of GenericBlockCipher.
pub struct Cbc {
    cipher: CipherId,
    hash: HashId,
    form: MacForm,
    key: Vec<u8>,
    mac_key: Vec<u8>,
    opener: Box<dyn CbcMac>,
}

/// What goes into a CBC record, and where it may go wrong.
pub struct CbcParts {
    pub plain: Vec<u8>,
    /// Empty with encrypt-then-MAC: there it comes behind.
    pub mac: Vec<u8>,
    /// With its length byte at the end.
    pub padding: Vec<u8>,
    /// XORed to the outer MAC of encrypt-then-MAC.
    pub outer_spoil: u8,
}

impl Keys {
    /// The writer's half of the key block that the connection derived (RFC 5246 §6.3).
    pub fn derive(tap: &Tap, suite: &Suite, etm: bool, writer: Writer) -> Self {
        let block = tap.key_block().expect("no keys were derived yet");
        Self::from_block(&block, suite, etm, writer)
    }

    /// The same of any key block that is long enough.
    pub fn from_block(block: &[u8], suite: &Suite, etm: bool, writer: Writer) -> Self {
        let (mac, key, iv) = match suite.bulk {
            BulkCipher::Aead(AeadId::ChaCha20Poly1305) => (0, 32, 12),
            BulkCipher::Aead(id) => (0, id.key_len(), 4),
            BulkCipher::Cbc { cipher, mac } => (mac.output_len(), cipher.key_len(), 0),
        };
        let side = usize::from(writer == Writer::Server);
        let part = |start: usize, len: usize| block[start + side * len..][..len].to_vec();
        let (mac_key, key, iv) = (part(0, mac), part(2 * mac, key), part(2 * (mac + key), iv));
        let cipher = match suite.bulk {
            BulkCipher::Aead(id) => Cipher::Aead {
                id,
                key: DefaultProvider.aead(id).unwrap().key(&key),
                iv,
            },
            BulkCipher::Cbc { cipher, mac } => {
                let form = if etm {
                    MacForm::EncryptThenMac
                } else {
                    MacForm::MacThenEncrypt
                };
                let algorithm = DefaultProvider.cbc(cipher, mac).unwrap();
                Cipher::Cbc(Cbc {
                    cipher,
                    hash: mac,
                    form,
                    opener: algorithm.key(form, &key, &mac_key),
                    key,
                    mac_key,
                })
            }
        };
        Self { cipher, seq: 0 }
    }

    /// A good record.
    pub fn seal(&mut self, typ: ContentType, plain: &[u8]) -> Record {
        match &self.cipher {
            Cipher::Aead { .. } => self.seal_aead(typ, plain),
            Cipher::Cbc(_) => self.seal_cbc(typ, plain, |_| {}),
        }
    }

    fn seal_aead(&mut self, typ: ContentType, plain: &[u8]) -> Record {
        let Cipher::Aead { id, key, iv } = &self.cipher else {
            panic!("not an AEAD");
        };
        let mut record = Record::new(typ, &[]);
        let explicit = explicit_nonce(*id, self.seq);
        let aad = pseudo_header(self.seq, &record, plain.len());
        let mut sealed = vec![0; plain.len() + key.tag_len()];
        key.seal(
            &nonce(*id, iv, self.seq, &explicit),
            &aad,
            plain,
            &mut sealed,
        );
        record.body = [explicit, sealed].concat();
        self.seq += 1;
        record
    }

    /// A CBC record with a fault.
    pub fn seal_cbc(
        &mut self,
        typ: ContentType,
        plain: &[u8],
        spoil: impl FnOnce(&mut CbcParts),
    ) -> Record {
        let Cipher::Cbc(keys) = &self.cipher else {
            panic!("not CBC");
        };
        let record = keys.seal(self.seq, typ, plain, spoil);
        self.seq += 1;
        record
    }

    /// The plaintext of a record of the connection, which must be good.
    pub fn open(&mut self, record: &Record) -> Vec<u8> {
        let mut body = record.body.clone();
        let plain = match &self.cipher {
            Cipher::Aead { id, key, iv } => {
                let explicit = explicit_nonce(*id, self.seq).len();
                let nonce = nonce(*id, iv, self.seq, &body[..explicit]);
                let sealed = &mut body[explicit..];
                let aad = pseudo_header(self.seq, record, sealed.len() - key.tag_len());
                let len = key.open_in_place(&nonce, &aad, sealed).expect("bad record");
                sealed[..len].to_vec()
            }
            Cipher::Cbc(keys) => {
                let len = keys
                    .opener
                    .open_one(self.seq, record.header3(), &mut body)
                    .expect("bad record");
                body[keys.opener.iv_len()..][..len].to_vec()
            }
        };
        self.seq += 1;
        plain
    }
}

/// Eight explicit bytes with GCM and CCM (RFC 5288 §3), none with ChaCha20 (RFC 7905 §2).
fn explicit_nonce(id: AeadId, seq: u64) -> Vec<u8> {
    match id {
        AeadId::ChaCha20Poly1305 => Vec::new(),
        _ => (seq + 0x1000).to_be_bytes().to_vec(),
    }
}

fn nonce(id: AeadId, iv: &[u8], seq: u64, explicit: &[u8]) -> [u8; 12] {
    let mut nonce = [0; 12];
    match id {
        AeadId::ChaCha20Poly1305 => {
            nonce[4..].copy_from_slice(&seq.to_be_bytes());
            nonce.iter_mut().zip(iv).for_each(|(n, i)| *n ^= i);
        }
        _ => {
            nonce[..4].copy_from_slice(iv);
            nonce[4..].copy_from_slice(explicit);
        }
    }
    nonce
}

/// seq_num, type, version, length (RFC 5246 §6.2.3.1).
fn pseudo_header(seq: u64, record: &Record, len: usize) -> [u8; 13] {
    let mut out = [0; 13];
    out[..8].copy_from_slice(&seq.to_be_bytes());
    out[8..11].copy_from_slice(&record.header3());
    out[11..].copy_from_slice(&(len as u16).to_be_bytes());
    out
}

impl Cbc {
    fn seal(
        &self,
        seq: u64,
        typ: ContentType,
        plain: &[u8],
        spoil: impl FnOnce(&mut CbcParts),
    ) -> Record {
        let mut record = Record::new(typ, &[]);
        let block = self.cipher.block_len();
        let mac_then_encrypt = self.form == MacForm::MacThenEncrypt;
        let mac = if mac_then_encrypt {
            let header = pseudo_header(seq, &record, plain.len());
            self.hmac(&[&header, plain])
        } else {
            Vec::new()
        };
        let pad = block - 1 - (plain.len() + mac.len()) % block;
        let mut parts = CbcParts {
            plain: plain.to_vec(),
            mac,
            padding: vec![pad as u8; pad + 1],
            outer_spoil: 0,
        };
        spoil(&mut parts);
        let iv = vec![0x17; block];
        let blocks = [parts.plain, parts.mac, parts.padding].concat();
        record.body = [iv.clone(), self.encrypt(&iv, &blocks)].concat();
        if !mac_then_encrypt {
            // RFC 7366 §3: over IV and ciphertext, with their length.
            let header = pseudo_header(seq, &record, record.body.len());
            let mut mac = self.hmac(&[&header, &record.body]);
            mac[0] ^= parts.outer_spoil;
            record.body.extend(mac);
        }
        record
    }

    fn encrypt(&self, iv: &[u8], blocks: &[u8]) -> Vec<u8> {
        match self.cipher {
            CipherId::Aes128 => encrypt::<aes::Aes128>(&self.key, iv, blocks),
            CipherId::Aes256 => encrypt::<aes::Aes256>(&self.key, iv, blocks),
            CipherId::TripleDes => panic!("the tests speak CBC with AES"),
        }
    }

    /// RFC 2104
    fn hmac(&self, parts: &[&[u8]]) -> Vec<u8> {
        let hash = DefaultProvider.hash(self.hash).unwrap();
        let mut key = self.mac_key.clone();
        key.resize(self.hash.block_len(), 0);
        let pad = |x: u8| key.iter().map(|k| k ^ x).collect::<Vec<u8>>();
        let inner = hash.hash(&[&[&pad(0x36)[..]], parts].concat());
        hash.hash(&[&pad(0x5c), inner.as_ref()]).as_ref().to_vec()
    }
}

fn encrypt<C: KeyInit + BlockCipherEncrypt>(key: &[u8], iv: &[u8], plain: &[u8]) -> Vec<u8> {
    let cipher = C::new_from_slice(key).unwrap();
    let (mut last, mut out) = (iv.to_vec(), Vec::new());
    for block in plain.chunks_exact(iv.len()) {
        last.iter_mut().zip(block).for_each(|(l, p)| *l ^= p);
        let in_place: &mut [u8] = &mut last;
        cipher.encrypt_block(in_place.try_into().unwrap());
        out.extend_from_slice(&last);
    }
    out
}
