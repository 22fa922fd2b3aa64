//! Application protocols, as flags have them.

use crate::options::Options;
use std::sync::Arc;
use tls_core::config::{AlpnDecision, AlpnSelector, ClientHelloInfo, Config};

/// A server that chooses by callback, and is told what it must see.
#[derive(Debug)]
struct Chosen {
    advertised: Vec<u8>,
    name: Vec<u8>,
}

impl AlpnSelector for Chosen {
    fn select(&self, hello: &ClientHelloInfo<'_>) -> AlpnDecision {
        match hello.alpn == Some(&self.advertised[..]) {
            true => AlpnDecision::Select(self.name.clone()),
            // The test then fails by the alert.
            false => AlpnDecision::Refuse,
        }
    }
}

pub(crate) fn apply(options: &Options, config: &mut Config) {
    config.alpn = names(options);
    let chosen = match options.select_empty_alpn {
        true => Some(Vec::new()),
        false => options.select_alpn.clone(),
    };
    if let (Some(advertised), Some(name)) = (options.expect.advertised_alpn.clone(), chosen) {
        config.alpn_selector = Some(Arc::new(Chosen { advertised, name }));
    }
}

fn names(options: &Options) -> Vec<Vec<u8>> {
    if let Some(wire) = &options.advertise_alpn {
        return split(wire);
    }
    if options.decline_alpn {
        return Vec::new();
    }
    if options.reject_alpn {
        return vec![b"nothing that a client offers".to_vec()];
    }
    options.select_alpn.iter().cloned().collect()
}

/// Names behind a length byte each.
fn split(mut wire: &[u8]) -> Vec<Vec<u8>> {
    let mut names = Vec::new();
    while let Some((len, rest)) = wire.split_first() {
        let (name, rest) = rest.split_at(usize::from(*len).min(rest.len()));
        names.push(name.to_vec());
        wire = rest;
    }
    names
}
