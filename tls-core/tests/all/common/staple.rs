//! OCSP responses as a responder makes them, and as none should.

use super::NOW;
use super::der::{Parts, der, digest, general, oid, parts, parts_of, sequence, signed};
use tls_core::cert::Certificate;
use tls_core::crypto::HashId;

pub const HOUR: u64 = 3600;
pub const DAY: u64 = 24 * HOUR;

pub const GOOD: &[u8] = &[0x80, 0];
pub const UNKNOWN: &[u8] = &[0x82, 0];

pub fn revoked(reason: Option<u8>) -> Vec<u8> {
    let reason = reason
        .map(|r| der(0xa0, &[&[0x0a, 1, r]]))
        .unwrap_or_default();
    der(0xa1, &[&general(NOW - 10 * DAY), &reason])
}

/// What a response says; by default that the leaf of server-p256 is good, from an hour ago for a week,
/// signed by its issuer under its name.
#[derive(Clone)]
pub struct Staple {
    pub leaf: Parts,
    pub issuer: Parts,
    pub hash: HashId,
    pub status: Vec<u8>,
    pub this_update: u64,
    pub next_update: Option<u64>,
    pub responder: Vec<u8>,
    pub signer: &'static str,
    pub certificates: Vec<Vec<u8>>,
    /// Further SingleResponses, before and behind.
    pub before: Vec<u8>,
    pub behind: Vec<u8>,
    pub single_extensions: Vec<u8>,
    pub extensions: Vec<u8>,
    pub version: Vec<u8>,
}

pub fn staple(leaf: &str) -> Staple {
    staple_for(&super::certificates(&format!("pki/{leaf}.pem"))[0])
}

pub fn staple_for(leaf: &Certificate) -> Staple {
    let issuer = parts_of("int");
    Staple {
        leaf: parts(leaf),
        responder: der(0xa1, &[&issuer.subject]),
        issuer,
        hash: HashId::Sha1,
        status: GOOD.to_vec(),
        this_update: NOW - HOUR,
        next_update: Some(NOW + 7 * DAY),
        signer: "int",
        certificates: Vec::new(),
        before: Vec::new(),
        behind: Vec::new(),
        single_extensions: Vec::new(),
        extensions: Vec::new(),
        version: Vec::new(),
    }
}

impl Staple {
    pub fn says(mut self, status: &[u8]) -> Self {
        self.status = status.to_vec();
        self
    }

    pub fn from(mut self, this_update: u64, next_update: Option<u64>) -> Self {
        (self.this_update, self.next_update) = (this_update, next_update);
        self
    }

    pub fn signed_by(mut self, signer: &'static str, responder: &Parts) -> Self {
        self.signer = signer;
        self.responder = der(0xa1, &[&responder.subject]);
        self
    }

    /// By a responder whose certificate comes along.
    pub fn delegated(self, key: &'static str, certificate: Vec<u8>) -> Self {
        let responder = parts(&Certificate::from(certificate.clone()));
        let mut staple = self.signed_by(key, &responder);
        staple.certificates.push(certificate);
        staple
    }

    pub fn single(&self) -> Vec<u8> {
        let arc: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2];
        let hash = match self.hash {
            HashId::Sha1 => oid(&[0x2b, 14, 3, 2, 26]),
            HashId::Sha256 => oid(&[arc, &[1]].concat()),
            HashId::Sha384 => oid(&[arc, &[2]].concat()),
            HashId::Sha512 => oid(&[arc, &[3]].concat()),
        };
        let id = sequence(&[
            &sequence(&[&hash, &[5, 0]]),
            &der(4, &[&digest(self.hash, &self.leaf.issuer)]),
            &der(4, &[&digest(self.hash, &self.issuer.key)]),
            &self.leaf.serial,
        ]);
        let next = self.next_update.map(|t| der(0xa0, &[&general(t)]));
        sequence(&[
            &id,
            &self.status,
            &general(self.this_update),
            &next.unwrap_or_default(),
            &self.single_extensions,
        ])
    }

    pub fn basic(&self) -> Vec<u8> {
        let list = sequence(&[&self.before, &self.single(), &self.behind]);
        let data = sequence(&[
            &self.version,
            &self.responder,
            &general(self.this_update),
            &list,
            &self.extensions,
        ]);
        let certificates = match self.certificates.is_empty() {
            true => Vec::new(),
            false => der(0xa0, &[&sequence(&[&self.certificates.concat()])]),
        };
        sequence(&[&signed(&data, self.signer), &certificates])
    }

    pub fn bytes(&self) -> Vec<u8> {
        successful(&self.basic())
    }
}

pub fn successful(basic: &[u8]) -> Vec<u8> {
    let kind = oid(&[0x2b, 6, 1, 5, 5, 7, 0x30, 1, 1]);
    let bytes = sequence(&[&kind, &der(4, &[basic])]);
    sequence(&[&[0x0a, 1, 0], &der(0xa0, &[&bytes])])
}

/// Without responseBytes.
pub fn no_answer(status: u8) -> Vec<u8> {
    sequence(&[&[0x0a, 1, status]])
}
