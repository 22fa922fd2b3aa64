//! Every test runs against every engine that this machine has.
#![allow(clippy::unwrap_used)]

mod certificates;
mod decrypt;
mod key_refusals;
mod keys;
mod kx;
mod openssl;
mod rsa_lengths;
mod rsa_refusals;
mod sign;
mod wycheproof;

use super::engine::Engine;
use super::key_formats;
use super::private_key::MemoryKey;
use super::public_key::SpkiKey;
use std::sync::Mutex;
use tls_core::crypto::{KeyError, PrivateKeyEncoding, Random, RandomFailed};

/// A file of `testdata/pk`; `make.sh` there says how each was made.
macro_rules! data {
    ($name:literal) => {
        include_bytes!(concat!("../../../testdata/pk/", $name)).as_slice()
    };
}
use data;

/// The engines to test: all that this CPU has what they need for.
fn engines() -> Vec<Engine> {
    match Engine::detect() {
        Engine::Ifma => vec![Engine::Portable, Engine::Fast, Engine::Ifma],
        Engine::Fast => vec![Engine::Portable, Engine::Fast],
        Engine::Portable => vec![Engine::Portable],
    }
}

fn public(spki: &[u8], engine: Engine) -> Result<SpkiKey, KeyError> {
    SpkiKey::from_der(spki, engine)
}

fn pkcs8(der: &[u8], engine: Engine) -> Result<MemoryKey, KeyError> {
    key_formats::parse(PrivateKeyEncoding::Pkcs8, der, engine)
}

fn malformed<T>(result: Result<T, KeyError>, text: &str) {
    match result {
        Err(KeyError::Malformed(why)) => assert!(why.contains(text), "{why:?} lacks {text:?}"),
        Err(other) => panic!("expected a malformed key, not {other:?}"),
        Ok(_) => panic!("accepted, expected: {text}"),
    }
}

fn unsupported<T>(result: Result<T, KeyError>, text: &str) {
    match result {
        Err(KeyError::Unsupported(why)) => assert!(why.contains(text), "{why:?} lacks {text:?}"),
        Err(other) => panic!("expected an unsupported key, not {other:?}"),
        Ok(_) => panic!("accepted, expected: {text}"),
    }
}

/// Gives out a fixed sequence and fails when it is used up; counts its calls.
#[derive(Debug)]
struct Fixed {
    left: Mutex<(Vec<u8>, usize)>,
}

impl Fixed {
    fn new(bytes: &[u8]) -> Self {
        Self {
            left: Mutex::new((bytes.to_vec(), 0)),
        }
    }

    fn calls(&self) -> usize {
        self.left.lock().unwrap().1
    }

    fn left(&self) -> usize {
        self.left.lock().unwrap().0.len()
    }
}

impl Random for Fixed {
    fn fill(&self, out: &mut [u8]) -> Result<(), RandomFailed> {
        let mut state = self.left.lock().unwrap();
        state.1 += 1;
        if state.0.len() < out.len() {
            return Err(RandomFailed);
        }
        let rest = state.0.split_off(out.len());
        out.copy_from_slice(&state.0);
        state.0 = rest;
        Ok(())
    }
}

/// A source stuck on one byte.
#[derive(Debug)]
struct Stuck(u8);

impl Random for Stuck {
    fn fill(&self, out: &mut [u8]) -> Result<(), RandomFailed> {
        out.fill(self.0);
        Ok(())
    }
}

/// The operating system's randomness.
#[derive(Debug)]
struct Os;

impl Random for Os {
    fn fill(&self, out: &mut [u8]) -> Result<(), RandomFailed> {
        getrandom::fill(out).map_err(|_| RandomFailed)
    }
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap())
        .collect()
}
