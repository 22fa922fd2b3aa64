//! Pre-shared keys for both sides.

use std::sync::{Arc, Mutex};
use tls_core::config::Config;
use tls_core::crypto::{Authentication, Later, Pending, Psk, PskKeys, Reply, Secret, Suite};

pub const IDENTITY: &[u8] = b"a device";
pub const KEY: &[u8] = &[0x6b; 40];

pub fn psk(identity: &[u8], key: &[u8]) -> Psk {
    Psk {
        identity: identity.to_vec(),
        key: Secret::new(key.to_vec()),
    }
}

/// How the answer comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum When {
    #[default]
    Now,
    /// Through what lies in `pending`.
    Later,
    /// Never: no handle is taken.
    Forgotten,
}

/// One key: a client uses it for every hint, a server knows its identity alone.
#[derive(Debug, Default)]
pub struct OneKey {
    pub psk: Option<Psk>,
    pub when: When,
    /// The hints and identities that were asked for.
    pub asked: Mutex<Vec<Vec<u8>>>,
    pub pending: Mutex<Option<Arc<Pending>>>,
}

impl OneKey {
    pub fn new(identity: &[u8], key: &[u8]) -> Arc<Self> {
        Arc::new(Self {
            psk: Some(psk(identity, key)),
            ..Self::default()
        })
    }

    fn reply(&self, asked: &[u8], psk: Option<Psk>, later: &Later) -> Reply<Option<Psk>> {
        self.asked.lock().unwrap().push(asked.to_vec());
        match self.when {
            When::Now => Reply::Now(psk),
            When::Forgotten => Reply::Later,
            When::Later => {
                *self.pending.lock().unwrap() = Some(later.pending());
                Reply::Later
            }
        }
    }
}

impl PskKeys for OneKey {
    fn for_hint(&self, hint: &[u8], later: &Later) -> Reply<Option<Psk>> {
        self.reply(hint, self.psk.clone(), later)
    }

    fn for_identity(&self, identity: &[u8], later: &Later) -> Reply<Option<Psk>> {
        let known = self.psk.clone().filter(|psk| psk.identity == identity);
        self.reply(identity, known, later)
    }

    fn scope(&self) -> Vec<u8> {
        self.psk.clone().map_or(Vec::new(), |psk| psk.identity)
    }
}

/// Gives both sides the same key, if the suite needs one.
pub fn share_key(suite: &Suite, configs: [&mut Config; 2]) {
    if suite.kx.row().psk {
        for config in configs {
            config.psk = Some(OneKey::new(IDENTITY, KEY));
        }
    }
}

/// The certificate that goes with a suite; any where it has none.
pub fn keypair_for(suite: &Suite) -> &'static str {
    match suite.auth {
        Authentication::Rsa | Authentication::Psk => "server-rsa",
        Authentication::Ecdsa => "server-p256",
    }
}
