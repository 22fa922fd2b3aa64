//! Whole handshakes of the puppet, up to any point.

use super::puppet::{Puppet, params, public_value, suite};
use super::wire::{ClientHello, ServerHello, list16};
use super::{config, server_config};
use tls_core::config::{Config, LEGACY, Policy};
use tls_core::wire::{ExtensionType as E, HandshakeType as T, NamedGroup, SignatureScheme};

/// What the handshake uses.
#[derive(Clone, Copy)]
pub struct Plan {
    pub policy: &'static Policy,
    pub suite: u16,
    pub keypair: &'static str,
    pub scheme: SignatureScheme,
    pub extended_master_secret: bool,
    pub encrypt_then_mac: bool,
}

/// ECDHE, RSA certificate, AES-128-GCM.
pub const GCM: Plan = Plan {
    policy: &LEGACY,
    suite: 0xc02f,
    keypair: "server-rsa",
    scheme: SignatureScheme::RSA_PKCS1_SHA256,
    extended_master_secret: true,
    encrypt_then_mac: false,
};

/// ECDHE, ECDSA certificate, ChaCha20-Poly1305, no extended master secret.
pub const CHACHA: Plan = Plan {
    suite: 0xcca9,
    keypair: "server-p256",
    scheme: SignatureScheme::ECDSA_SECP256R1_SHA256,
    extended_master_secret: false,
    ..GCM
};

/// ECDHE, AES-128-CBC, HMAC-SHA1, MAC-then-encrypt.
pub const CBC: Plan = Plan {
    suite: 0xc013,
    ..GCM
};

/// ECDHE, AES-256-CBC, HMAC-SHA384, encrypt-then-MAC.
pub const ETM: Plan = Plan {
    suite: 0xc028,
    encrypt_then_mac: true,
    ..GCM
};

/// RSA key exchange, AES-128-GCM.
pub const RSA: Plan = Plan {
    suite: 0x009c,
    ..GCM
};

/// Plans that differ in everything that matters to a record or a message.
pub const PLANS: [Plan; 5] = [GCM, CHACHA, CBC, ETM, RSA];

/// Where a client under test stands: what it expects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AtClient {
    ServerHello,
    Certificate,
    ServerKeyExchange,
    ServerHelloDone,
    Ccs,
    Finished,
    Traffic,
}

/// Where a server under test stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AtServer {
    ClientHello,
    ClientKeyExchange,
    Ccs,
    Finished,
    Traffic,
}

impl Plan {
    pub fn is_ecdhe(&self) -> bool {
        suite(self.suite).is_ecdhe()
    }

    pub fn client_config(&self) -> Config {
        config(self.policy)
    }

    pub fn server_config(&self) -> Config {
        server_config(self.policy, &[self.keypair])
    }

    pub fn server_hello(&self) -> ServerHello {
        let mut hello = ServerHello::new(self.suite);
        if self.extended_master_secret {
            hello.extensions.set(E::EXTENDED_MASTER_SECRET, &[]);
        }
        if self.encrypt_then_mac {
            hello.extensions.set(E::ENCRYPT_THEN_MAC, &[]);
        }
        hello
    }

    pub fn client_hello(&self) -> ClientHello {
        let mut hello = ClientHello {
            suites: vec![self.suite],
            ..ClientHello::default()
        };
        hello
            .extensions
            .set(E::SIGNATURE_ALGORITHMS, &list16(&[self.scheme.0]));
        if !self.extended_master_secret {
            hello.extensions.remove(E::EXTENDED_MASTER_SECRET);
        }
        if self.encrypt_then_mac {
            hello.extensions.set(E::ENCRYPT_THEN_MAC, &[]);
        }
        hello
    }

    /// A client under test that expects what `at` says.
    pub fn client(&self, at: AtClient) -> Puppet {
        self.client_with(self.client_config(), at)
    }

    pub fn client_with(&self, config: Config, at: AtClient) -> Puppet {
        let mut puppet = Puppet::against_client(config);
        if at > AtClient::ServerHello {
            puppet.server_hello(&self.server_hello());
        }
        if at > AtClient::Certificate {
            puppet.certificate(self.keypair);
        }
        if at > AtClient::ServerKeyExchange && self.is_ecdhe() {
            self.server_key_exchange(&mut puppet);
        }
        if at > AtClient::ServerHelloDone {
            puppet.say(T::SERVER_HELLO_DONE, &[]);
        }
        if at > AtClient::Ccs {
            puppet.ccs();
        }
        if at > AtClient::Finished {
            puppet.finished();
            puppet.established();
        } else {
            puppet.accepted();
        }
        puppet
    }

    /// A good ServerKeyExchange.
    pub fn server_key_exchange(&self, puppet: &mut Puppet) {
        let group = NamedGroup::X25519;
        let params = params(group, &public_value(group));
        puppet.server_key_exchange(&params, self.keypair, self.scheme);
    }

    /// A server under test that expects what `at` says.
    pub fn server(&self, at: AtServer) -> Puppet {
        self.server_with(self.server_config(), at)
    }

    pub fn server_with(&self, config: Config, at: AtServer) -> Puppet {
        let mut puppet = Puppet::against_server(config);
        if at > AtServer::ClientHello {
            puppet.client_hello(&self.client_hello());
        }
        if at > AtServer::ClientKeyExchange {
            puppet.accepted();
            self.client_key_exchange(&mut puppet);
        }
        if at > AtServer::Ccs {
            puppet.ccs();
        }
        if at > AtServer::Finished {
            puppet.finished();
            puppet.established();
        } else {
            puppet.accepted();
        }
        puppet
    }

    /// A good ClientKeyExchange.
    pub fn client_key_exchange(&self, puppet: &mut Puppet) {
        if self.is_ecdhe() {
            puppet.client_key_exchange(NamedGroup::X25519);
        } else {
            let pre_master = [&[3, 3][..], &[0x99; 46]].concat();
            puppet.rsa_key_exchange(self.keypair, &pre_master);
        }
    }
}
