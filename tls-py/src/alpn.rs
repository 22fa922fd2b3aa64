//! A server that has no application protocol in common with a client, and goes on.

use std::sync::Arc;
use tls_std::tls_core::config::{AlpnDecision, AlpnSelector, ClientHelloInfo};

/// Chooses the first of these that the client has, or none.
#[derive(Debug)]
pub(crate) struct Optional(Vec<Vec<u8>>);

impl Optional {
    pub(crate) fn of(names: &[impl AsRef<[u8]>]) -> Arc<dyn AlpnSelector> {
        Arc::new(Self(names.iter().map(|n| n.as_ref().to_vec()).collect()))
    }
}

impl AlpnSelector for Optional {
    fn select(&self, hello: &ClientHelloInfo<'_>) -> AlpnDecision {
        let offered = |name: &&Vec<u8>| hello.alpn_names().any(|offer| offer == name.as_slice());
        match self.0.iter().find(offered) {
            Some(name) => AlpnDecision::Select(name.clone()),
            None => AlpnDecision::Ignore,
        }
    }
}
