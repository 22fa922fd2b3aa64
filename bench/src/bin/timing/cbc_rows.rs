//! Opening MAC-then-encrypt records: neither the padding nor what was wrong may show (Lucky 13).

use crate::Row;
use crate::record::{Flaw, HEADER, Sender};
use crate::welch::{Outcome, Random, Subject, compare};
use tls_core::crypto::{CbcMac, CipherId, HashId, MacForm, Provider};
use tls_crypto::DefaultProvider;

/// Ciphertext of each record: room for a padding of 255, and as long as a small request.
const LEN: usize = 512;

/// The sequence number of every record.
const SEQ: u64 = 7;

/// Records of each class that are made ahead and drawn from.
const POOL: usize = 512;

const SUITES: [(CipherId, HashId, &str); 5] = [
    (CipherId::Aes128, HashId::Sha1, "AES-128-CBC, HMAC-SHA1"),
    (CipherId::Aes256, HashId::Sha1, "AES-256-CBC, HMAC-SHA1"),
    (CipherId::Aes128, HashId::Sha256, "AES-128-CBC, HMAC-SHA256"),
    (CipherId::Aes256, HashId::Sha384, "AES-256-CBC, HMAC-SHA384"),
    (CipherId::TripleDes, HashId::Sha1, "3DES-CBC, HMAC-SHA1"),
];

/// A class of records: what is wrong with them, and how long their padding is.
type Class = (Flaw, fn(&mut Random) -> u8);

fn any(random: &mut Random) -> u8 {
    random.below(256) as u8
}

/// What is compared with what.
const PAIRS: [(&str, Class, Class); 6] = [
    (
        "control: good / bad MAC",
        (Flaw::None, any),
        (Flaw::Mac, any),
    ),
    (
        "good: padding 0 / any",
        (Flaw::None, |_| 0),
        (Flaw::None, any),
    ),
    (
        "bad MAC: padding 0 / any",
        (Flaw::Mac, |_| 0),
        (Flaw::Mac, any),
    ),
    (
        "bad MAC: padding 0 / 255",
        (Flaw::Mac, |_| 0),
        (Flaw::Mac, |_| 255),
    ),
    (
        "bad MAC / bad padding, of any length",
        (Flaw::Mac, any),
        (Flaw::Padding, |r| any(r).max(1)),
    ),
    (
        "bad padding of 1 / 255",
        (Flaw::Padding, |_| 1),
        (Flaw::Padding, |_| 255),
    ),
];

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for (cipher, hash, suite) in SUITES {
        for (name, a, b) in PAIRS {
            rows.push(Row {
                name: format!("{suite}: {name}"),
                differs: name.starts_with("control"),
                measure: Box::new(move |n| measure(cipher, hash, [a, b], n)),
            });
        }
    }
    rows
}

fn measure(cipher: CipherId, hash: HashId, classes: [Class; 2], measurements: usize) -> Outcome {
    let sender = Sender::new(cipher, hash);
    let algorithm = DefaultProvider
        .cbc(cipher, hash)
        .expect("the provider has every suite");
    let key = algorithm.key(MacForm::MacThenEncrypt, &sender.cipher_key, &sender.mac_key);
    compare(
        measurements,
        &mut Opening {
            key,
            classes,
            pools: [Vec::new(), Vec::new()],
            fragment: vec![0; LEN + cipher.block_len()],
            sender,
        },
    )
}

struct Opening {
    sender: Sender,
    key: Box<dyn CbcMac>,
    classes: [Class; 2],
    pools: [Vec<Vec<u8>>; 2],
    /// One buffer for all: where a record lies must not depend on its class.
    fragment: Vec<u8>,
}

impl Subject for Opening {
    fn prepare(&mut self, random: &mut Random, class: usize) {
        let pool = &mut self.pools[class];
        if pool.len() < POOL {
            let (flaw, padding) = self.classes[class];
            pool.push(self.sender.seal(SEQ, LEN, padding(random), flaw));
        }
        self.fragment
            .copy_from_slice(&pool[random.below(pool.len())]);
    }

    fn run(&mut self) {
        let _opened = core::hint::black_box(self.key.open_one(SEQ, HEADER, &mut self.fragment));
    }
}
