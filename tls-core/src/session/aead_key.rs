use super::seal::{SealFailed, TICKET_KEY_NAME_LEN, TicketKey};
use crate::crypto::{AEAD_NONCE_LEN, Aead, AeadId, HashId, Provider, Random, Secret};
use crate::error::{Reason, Result};
use zeroize::Zeroizing;

/// AES-256-GCM under a random nonce: `key_name || nonce || ciphertext || tag`, the name
/// authenticated with it. A key should seal no more than 2^32 tickets (NIST SP 800-38D §8.3): a
/// ring that turns within days stays far below.
pub struct AeadTicketKey {
    name: [u8; TICKET_KEY_NAME_LEN],
    key: Box<dyn Aead>,
}

const NONCE: usize = TICKET_KEY_NAME_LEN;
const SEALED: usize = NONCE + AEAD_NONCE_LEN;

impl AeadTicketKey {
    /// Bytes of a key: the name, then the key of AES-256.
    pub const LEN: usize = TICKET_KEY_NAME_LEN + 32;

    /// From [`AeadTicketKey::LEN`] bytes that nobody else knows.
    pub fn new(provider: &dyn Provider, bytes: &[u8; Self::LEN]) -> Result<Self> {
        let aead = provider
            .aead(AeadId::Aes256Gcm)
            .ok_or(Reason::ProviderMissing)?;
        let mut name = [0; TICKET_KEY_NAME_LEN];
        name.copy_from_slice(&bytes[..TICKET_KEY_NAME_LEN]);
        Ok(Self {
            name,
            key: aead.key(&bytes[TICKET_KEY_NAME_LEN..]),
        })
    }

    /// A random key.
    pub fn random(provider: &dyn Provider, random: &dyn Random) -> Result<Self> {
        let mut bytes = Zeroizing::new([0; Self::LEN]);
        random
            .fill(&mut bytes[..])
            .map_err(|_| Reason::RandomFailed)?;
        Self::new(provider, &bytes)
    }

    /// The key of one epoch, derived from a master secret: hosts that share the secret and know the
    /// time have the same keys without talking to each other. `P_SHA256(master, "tlscore ticket
    /// key" || epoch)` (RFC 5246 §5), the epoch as 8 bytes in network order.
    ///
    /// `master` must be random and at least 32 bytes long (`BadTicketKeys`).
    pub fn derive(provider: &dyn Provider, master: &[u8], epoch: u64) -> Result<Self> {
        if master.len() < 32 {
            return Err(crate::error::Error::with(
                Reason::BadTicketKeys,
                format!(
                    "the master secret of ticket keys has {} bytes, at least 32 are needed",
                    master.len()
                ),
            ));
        }
        let prf = provider
            .prf(HashId::Sha256)
            .ok_or(Reason::ProviderMissing)?;
        let mut bytes = Zeroizing::new([0; Self::LEN]);
        let epoch = epoch.to_be_bytes();
        prf.derive(master, b"tlscore ticket key", &[&epoch], &mut bytes[..]);
        Self::new(provider, &bytes)
    }
}

impl TicketKey for AeadTicketKey {
    fn name(&self) -> &[u8; TICKET_KEY_NAME_LEN] {
        &self.name
    }

    fn seal(&self, plain: &[u8], random: &dyn Random) -> Result<Vec<u8>, SealFailed> {
        let mut nonce = [0; AEAD_NONCE_LEN];
        random.fill(&mut nonce).map_err(|_| SealFailed)?;
        let mut out = vec![0; SEALED + plain.len() + self.key.tag_len()];
        out[..NONCE].copy_from_slice(&self.name);
        out[NONCE..SEALED].copy_from_slice(&nonce);
        self.key.seal(&nonce, &self.name, plain, &mut out[SEALED..]);
        Ok(out)
    }

    fn open(&self, sealed: &[u8]) -> Option<Secret> {
        let (name, rest) = sealed.split_first_chunk::<TICKET_KEY_NAME_LEN>()?;
        let (nonce, sealed) = rest.split_first_chunk::<AEAD_NONCE_LEN>()?;
        if *name != self.name {
            return None;
        }
        let mut plain = Secret::new(sealed.to_vec());
        let n = self.key.open_in_place(nonce, name, &mut plain).ok()?;
        plain.truncate(n);
        Some(plain)
    }
}

impl core::fmt::Debug for AeadTicketKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("AeadTicketKey")
    }
}
