//! What a peer may send to cost much, by the kind of its keys: for `slowest`, which measures, and for the tests, which
//! count.
#![allow(unreachable_pub, reason = "a module of several programs")]

pub mod revocation;
pub mod search;

use super::forge::{self, Key, With};
use pki_types::PrivateKeyDer;
use pki_types::pem::PemObject;
use tls_core::cert::Certificate;

/// The longest modulus and the longest exponent that are read.
const RSA8192: &[u8] = include_bytes!("../../../keys/rsa8192-long-exponent.pem");

/// What a peer sends, and what is trusted and loaded. It is for host.test at the beginning of 2026.
#[derive(Clone, Default)]
pub struct Set {
    pub title: String,
    pub chain: Vec<Certificate>,
    pub trusted: Vec<Certificate>,
    pub staple: Option<Vec<u8>>,
    pub crls: Vec<Vec<u8>>,
    pub allow_unknown: bool,
}

/// The key of this kind and text; of RSA there is one.
fn key(with: With, text: &str) -> Key {
    match with {
        With::RsaSha256 => {
            let key = PrivateKeyDer::from_pem_slice(RSA8192).expect("a key of tests/keys");
            Key::new(key.secret_der(), with)
        }
        _ => Key::on_curve(with, text),
    }
}
