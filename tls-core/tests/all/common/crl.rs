//! CRLs as a CA makes them, and as none should.

use super::NOW;
use super::der::{ECDSA_SHA256, RSA_SHA256, der, extension, parts_of, sequence, signed, time};
use super::staple::{DAY, HOUR};

/// What a list says; by default that int revokes nothing, from an hour ago for a week.
#[derive(Clone)]
pub struct Revocations {
    pub issuer: Vec<u8>,
    pub signer: &'static str,
    pub version: Vec<u8>,
    pub this_update: u64,
    pub next_update: Option<u64>,
    pub entries: Vec<Vec<u8>>,
    pub extensions: Vec<Vec<u8>>,
    /// The algorithm inside, where it is not the one outside.
    pub algorithm: Option<&'static [u8]>,
}

pub fn crl(ca: &'static str) -> Revocations {
    Revocations {
        issuer: parts_of(ca).subject,
        signer: ca,
        version: vec![2, 1, 1],
        this_update: NOW - HOUR,
        next_update: Some(NOW + 7 * DAY),
        entries: Vec::new(),
        extensions: vec![extension(&[0x55, 0x1d, 0x14], false, &[2, 1, 7])],
        algorithm: None,
    }
}

/// When entries say that a certificate was revoked.
pub const REVOKED_AT: u64 = NOW - 10 * DAY;

pub fn entry(serial: &[u8], extensions: &[Vec<u8>]) -> Vec<u8> {
    let extensions = match extensions {
        [] => Vec::new(),
        some => sequence(&[&some.concat()]),
    };
    sequence(&[serial, &time(REVOKED_AT), &extensions])
}

pub fn reason_code(reason: u8) -> Vec<u8> {
    extension(&[0x55, 0x1d, 0x15], false, &[0x0a, 1, reason])
}

/// issuingDistributionPoint with these fields.
pub fn distribution(fields: &[&[u8]]) -> Vec<u8> {
    extension(&[0x55, 0x1d, 0x1c], true, &sequence(fields))
}

/// DistributionPointName of one URI, with its tag.
pub fn at(uri: &str) -> Vec<u8> {
    der(0xa0, &[&der(0xa0, &[&der(0x86, &[uri.as_bytes()])])])
}

impl Revocations {
    /// Revokes the leaf of this file of tests/pki.
    pub fn revoking(mut self, name: &str) -> Self {
        self.entries.push(entry(&parts_of(name).serial, &[]));
        self
    }

    pub fn with_entry(mut self, entry: Vec<u8>) -> Self {
        self.entries.push(entry);
        self
    }

    pub fn with_extension(mut self, extension: Vec<u8>) -> Self {
        self.extensions.push(extension);
        self
    }

    pub fn from(mut self, this_update: u64, next_update: Option<u64>) -> Self {
        (self.this_update, self.next_update) = (this_update, next_update);
        self
    }

    pub fn signed_by(mut self, signer: &'static str) -> Self {
        self.signer = signer;
        self
    }

    pub fn tbs(&self) -> Vec<u8> {
        let outside = match super::keypair(self.signer).kind() {
            tls_core::crypto::KeyKind::Rsa { .. } => RSA_SHA256,
            _ => ECDSA_SHA256,
        };
        let entries = match self.entries.is_empty() {
            true => Vec::new(),
            false => sequence(&[&self.entries.concat()]),
        };
        let extensions = match self.extensions.is_empty() {
            true => Vec::new(),
            false => der(0xa0, &[&sequence(&[&self.extensions.concat()])]),
        };
        sequence(&[
            &self.version,
            &sequence(&[self.algorithm.unwrap_or(outside)]),
            &self.issuer,
            &time(self.this_update),
            &self.next_update.map(time).unwrap_or_default(),
            &entries,
            &extensions,
        ])
    }

    pub fn bytes(&self) -> Vec<u8> {
        sequence(&[&signed(&self.tbs(), self.signer)])
    }
}
