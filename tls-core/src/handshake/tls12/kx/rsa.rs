//! The client's secret, encrypted to the key of the server's certificate (RFC 5246 §7.4.7.1).

use super::ClientHalf;
use super::premaster::{self, PreMaster};
use crate::crypto::{Answer, KeyError, PrivateKey, PublicKey, Secret};
use crate::error::{Error, Reason, Result};
use crate::handshake::question::decrypted;
use crate::handshake::{Env, Question};
use crate::wire::ProtocolVersion;
use std::sync::Arc;

/// A client's half.
pub(super) fn answer(key: &dyn PublicKey, env: Env<'_>) -> Result<ClientHalf> {
    let random = &*env.config.random;
    let pre_master = premaster::generate(random)?;
    let share = key
        .encrypt_pkcs1(&pre_master[..], random)
        .map_err(cannot_encrypt)?;
    let share = share[..].into();
    let secret = Secret::new(pre_master.to_vec());
    Ok(ClientHalf { share, secret })
}

fn cannot_encrypt(why: KeyError) -> Error {
    let reason = match why {
        KeyError::Malformed(_) | KeyError::Unsupported(_) => Reason::CertificateUnsupported,
        KeyError::Failed(_) => Reason::EncryptionFailed,
    };
    Error::with(reason, why.to_string())
}

/// A server's half: the key of its certificate.
pub(in crate::handshake::tls12) struct Ours {
    pub(super) key: Arc<dyn PrivateKey>,
    /// The version of the ClientHello, which the secret must begin with.
    pub(super) version: ProtocolVersion,
}

impl Ours {
    pub(super) fn complete(self, ciphertext: &[u8], env: Env<'_>) -> Result<EncryptedSecret> {
        Ok(EncryptedSecret {
            key: self.key,
            ciphertext: ciphertext.to_vec(),
            version: self.version,
            // Drawn before the decryption, whatever comes of it.
            fallback: premaster::random_secret(&*env.config.random)?,
        })
    }
}

/// What our key has to decrypt.
pub(in crate::handshake::tls12) struct EncryptedSecret {
    key: Arc<dyn PrivateKey>,
    ciphertext: Vec<u8>,
    version: ProtocolVersion,
    fallback: PreMaster,
}

impl EncryptedSecret {
    pub(in crate::handshake::tls12) fn question(&self) -> Question {
        Question::Decrypt {
            key: self.key.clone(),
            ciphertext: self.ciphertext.clone(),
        }
    }

    /// Good or bad, the handshake goes on; a client without the secret fails at its Finished.
    pub(in crate::handshake::tls12) fn on_answer(self, answer: Answer) -> Result<Secret> {
        let pre_master = premaster::unpad(decrypted(answer)?, self.version, self.fallback);
        Ok(Secret::new(pre_master.to_vec()))
    }
}
