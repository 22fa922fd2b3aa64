//! Secrets and keys (RFC 5246 §6.3, §8.1).

use crate::config::Config;
use crate::crypto::{AeadId, BulkCipher, MacForm, Master, Prf, PrfKey, Provider, Suite, wipe};
use crate::error::{Reason, Result};
use crate::msg::VERIFY_DATA_LEN;
use crate::record::{
    AeadRead, AeadWrite, CbcRead, CbcWrite, NonceForm, ReadProtection, RecordLimits,
    WriteProtection,
};
use core::ops::Range;

/// The longest key block: AES-256-CBC with HMAC-SHA384, twice.
const MAX_KEY_BLOCK: usize = 2 * (48 + 32 + 16);

/// master_secret (RFC 5246 §8.1), and what the PRF computes of it once for all that is derived from it.
pub(super) struct MasterSecret {
    secret: Master,
    key: Box<dyn PrfKey>,
}

impl MasterSecret {
    /// RFC 5246 §8.1
    pub(super) fn classic(
        prf: &dyn Prf,
        pre_master_secret: &[u8],
        client_random: &[u8; 32],
        server_random: &[u8; 32],
    ) -> Self {
        let seed: [&[u8]; 2] = [client_random, server_random];
        Self::derived(prf, pre_master_secret, b"master secret", &seed)
    }

    /// RFC 7627 §4
    pub(super) fn extended(prf: &dyn Prf, pre_master_secret: &[u8], session_hash: &[u8]) -> Self {
        let label = b"extended master secret";
        Self::derived(prf, pre_master_secret, label, &[session_hash])
    }

    fn derived(prf: &dyn Prf, pre_master_secret: &[u8], label: &[u8], seed: &[&[u8]]) -> Self {
        let fill = |secret: &mut [u8]| prf.derive(pre_master_secret, label, seed, secret);
        Self::of_session(prf, &Master::new(fill))
    }

    /// Of a session that is resumed.
    pub(super) fn of_session(prf: &dyn Prf, secret: &Master) -> Self {
        Self {
            secret: secret.clone(),
            key: prf.key(secret),
        }
    }

    /// For whatever outlives the handshake.
    pub(super) fn shared(&self) -> Master {
        self.secret.clone()
    }

    /// RFC 5246 §7.4.9
    pub(super) fn verify_data(
        &self,
        label: &[u8],
        transcript_hash: &[u8],
    ) -> [u8; VERIFY_DATA_LEN] {
        let mut verify_data = [0; VERIFY_DATA_LEN];
        self.key.derive(label, &[transcript_hash], &mut verify_data);
        verify_data
    }
}

/// A side of the handshake: whose half of the key block, whose Finished.
#[derive(Clone, Copy)]
pub(crate) enum Side {
    Client,
    Server,
}

/// key_block (RFC 5246 §6.3), wiped when dropped. On the heap: states move from step to step, and a move
/// leaves its bytes behind on the stack, where nobody wipes them.
pub(super) struct KeyBlock {
    bytes: Box<[u8; MAX_KEY_BLOCK]>,
    bulk: BulkCipher,
    form: MacForm,
    limits: RecordLimits,
}

impl KeyBlock {
    pub(super) fn derive(
        suite: &Suite,
        encrypt_then_mac: bool,
        master: &MasterSecret,
        client_random: &[u8; 32],
        server_random: &[u8; 32],
    ) -> Self {
        let form = if encrypt_then_mac {
            MacForm::EncryptThenMac
        } else {
            MacForm::MacThenEncrypt
        };
        let mut block = Self {
            bytes: Box::new([0; MAX_KEY_BLOCK]),
            bulk: suite.bulk,
            form,
            limits: RecordLimits::default(),
        };
        let (mac, key, iv) = block.lengths();
        let seed: [&[u8]; 2] = [server_random, client_random];
        let len = 2 * (mac + key + iv);
        let bytes = &mut block.bytes[..len];
        master.key.derive(b"key expansion", &seed, bytes);
        block
    }

    /// mac_key_length, enc_key_length, fixed_iv_length. The explicit IVs of CBC do not come from
    /// here (RFC 5246 §6.3).
    fn lengths(&self) -> (usize, usize, usize) {
        match self.bulk {
            BulkCipher::Aead(AeadId::ChaCha20Poly1305) => (0, 32, 12),
            BulkCipher::Aead(aead) => (0, aead.key_len(), 4),
            BulkCipher::Cbc { cipher, mac } => (mac.output_len(), cipher.key_len(), 0),
        }
    }

    /// The places of MAC key, key and IV of a side: first both MAC keys, then both keys, then both
    /// IVs, the client's always first.
    fn half(&self, side: Side) -> [Range<usize>; 3] {
        let (mac, key, iv) = self.lengths();
        let second = matches!(side, Side::Server) as usize;
        let at = |start: usize, len: usize| start + second * len..start + (second + 1) * len;
        [at(0, mac), at(2 * mac, key), at(2 * (mac + key), iv)]
    }

    fn aead(
        &self,
        provider: &dyn Provider,
        id: AeadId,
        side: Side,
    ) -> Result<(Box<dyn crate::crypto::Aead>, NonceForm)> {
        let [_, key, iv] = self.half(side);
        let key = provider
            .aead(id)
            .ok_or(Reason::ProviderMissing)?
            .key(&self.bytes[key]);
        Ok((key, NonceForm::new(&self.bytes[iv])))
    }

    fn cbc(&self, provider: &dyn Provider, side: Side) -> Result<Box<dyn crate::crypto::CbcMac>> {
        let BulkCipher::Cbc { cipher, mac } = self.bulk else {
            return Err(Reason::Bug.into());
        };
        let [mac_key, key, _] = self.half(side);
        let algorithm = provider.cbc(cipher, mac).ok_or(Reason::ProviderMissing)?;
        Ok(algorithm.key(self.form, &self.bytes[key], &self.bytes[mac_key]))
    }

    /// The same for records that hold at most so much.
    pub(super) fn limited(mut self, limits: RecordLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Keys for what we send, `side` being ours.
    pub(super) fn write(&self, config: &Config, side: Side) -> Result<WriteProtection> {
        let (provider, limit) = (&*config.provider, config.key_limits.of(self.bulk));
        let mut keys = match self.bulk {
            BulkCipher::Aead(id) => {
                let (key, nonce) = self.aead(provider, id, side)?;
                WriteProtection::aead(AeadWrite::new(key, nonce), limit)
            }
            BulkCipher::Cbc { .. } => {
                WriteProtection::cbc(CbcWrite::new(self.cbc(provider, side)?), limit)
            }
        };
        keys.limit_fragments(self.limits.send.into());
        Ok(keys)
    }

    /// Keys for what we receive, `side` being the peer's.
    pub(super) fn read(&self, config: &Config, side: Side) -> Result<ReadProtection> {
        let (provider, limit) = (&*config.provider, config.key_limits.of(self.bulk));
        let mut keys = match self.bulk {
            BulkCipher::Aead(id) => {
                let (key, nonce) = self.aead(provider, id, side)?;
                ReadProtection::aead(AeadRead::new(key, nonce), limit)
            }
            BulkCipher::Cbc { .. } => {
                ReadProtection::cbc(CbcRead::new(self.cbc(provider, side)?), limit)
            }
        };
        keys.limit_fragments(self.limits.receive.into());
        Ok(keys)
    }
}

impl Drop for KeyBlock {
    fn drop(&mut self) {
        wipe(&mut self.bytes[..]);
    }
}
