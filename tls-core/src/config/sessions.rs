//! What is kept for resumption, on either side.

use super::{ClientAuth, Config, Verification};
use crate::cert::ServerName;
use crate::crypto::HashId;
use crate::session::{Binding, ClientSessionStore, MAX_LIFETIME, SessionStore, TicketSealer};
use std::sync::Arc;

/// What is kept for resumption. The default keeps nothing and offers no tickets.
#[derive(Clone, Debug)]
pub struct Sessions {
    /// A client asks for tickets, a server gives them out (RFC 5077), where it has a sealer.
    pub tickets: bool,
    /// Seals a server's tickets, and what goes into a store outside.
    pub sealer: Option<Arc<dyn TicketSealer>>,
    /// A server's sessions by session ID, for clients that take no tickets.
    pub store: Option<Arc<dyn SessionStore>>,
    /// A client's sessions.
    pub client_store: Option<Arc<dyn ClientSessionStore>>,
    /// A server's session context ID, at most 32 bytes: sessions of another context are not
    /// resumed. For servers that share ticket keys or a store and differ in what they are for.
    pub context_id: Vec<u8>,
    /// How many seconds a session is used, at most [`MAX_LIFETIME`].
    pub lifetime: u32,
}

impl Sessions {
    /// Two hours: the usual life of a session.
    pub const LIFETIME: u32 = 2 * 60 * 60;

    /// Most bytes of a session context ID.
    pub const MAX_CONTEXT_ID: usize = 32;

    /// The life of a session that is made now, in seconds.
    pub(crate) fn lifetime(&self) -> u32 {
        self.lifetime.min(MAX_LIFETIME)
    }
}

impl Default for Sessions {
    fn default() -> Self {
        Self {
            tickets: false,
            sealer: None,
            store: None,
            client_store: None,
            context_id: Vec::new(),
            lifetime: Self::LIFETIME,
        }
    }
}

impl Config {
    /// What a client's session is bound to: both names, the policy, how the server is verified and by
    /// what, and which certificates the client has to show. `None`: the verifier does not say what it
    /// accepts ([`crate::cert::CertificateVerifier::scope`]), so nothing is kept.
    pub(crate) fn client_binding(
        &self,
        send: Option<&ServerName>,
        verify: Option<&ServerName>,
    ) -> Option<Binding> {
        let hash = self.provider.hash(HashId::Sha256)?;
        let mut digest = hash.start();
        digest.update(b"tlscore client session 2");
        self.bind_policy(&mut *digest);
        self.bind_verification(&mut *digest)?;
        for name in [send, verify] {
            let name = name.map_or("".into(), ServerName::text);
            // Names have at most 253 bytes.
            digest.update(&[name.len().min(0xff) as u8]);
            digest.update(name.as_bytes());
        }
        for keypair in &self.keypairs {
            if let Some(leaf) = keypair.chain().first() {
                digest.update(hash.hash(&[leaf]).as_ref());
            }
        }
        if let Some(keys) = &self.psk {
            digest.update(hash.hash(&[&keys.scope()]).as_ref());
        }
        digest.current().as_ref().try_into().ok()
    }

    /// What a server's session is bound to beside its context ID: the policy, what is asked of
    /// clients, and what judges their certificates. `None`: the verifier does not say what it accepts.
    pub(crate) fn server_binding(&self) -> Option<Binding> {
        let hash = self.provider.hash(HashId::Sha256)?;
        let mut digest = hash.start();
        digest.update(b"tlscore server session 2");
        self.bind_policy(&mut *digest);
        if self.client_auth != ClientAuth::None {
            self.bind_verification(&mut *digest)?;
        }
        digest.current().as_ref().try_into().ok()
    }

    /// A server's binding where the client has shown that it knows a pre-shared key: the session ends with
    /// that key. It stands beside the session's master secret, where the server alone reads it.
    pub(crate) fn bind_key(&self, binding: Binding, key: &[u8]) -> Option<Binding> {
        let hash = self.provider.hash(HashId::Sha256)?;
        let digest = hash.hash(&[b"tlscore shared key 1", &binding, key]);
        digest.as_ref().try_into().ok()
    }

    fn bind_policy(&self, digest: &mut dyn crate::crypto::HashContext) {
        let policy = self.policy.name.as_bytes();
        digest.update(&[policy.len() as u8]);
        digest.update(policy);
        digest.update(&[self.security_level]);
    }

    /// What is done with the peer's certificate.
    fn bind_verification(&self, digest: &mut dyn crate::crypto::HashContext) -> Option<()> {
        let hash = self.provider.hash(HashId::Sha256)?;
        let (mode, verifier) = match &self.verification {
            Verification::Required(verifier) => (1, Some(verifier)),
            Verification::WithoutName(verifier) => (2, Some(verifier)),
            Verification::AcceptAny => (3, None),
        };
        digest.update(&[mode, u8::from(self.common_name), self.ocsp as u8]);
        self.verify_options.bind(digest);
        if let Some(verifier) = verifier {
            digest.update(verifier.scope(hash)?.as_ref());
        }
        if let Some(reviewer) = &self.reviewer {
            digest.update(&reviewer.scope()?);
        }
        Some(())
    }
}
