//! Pre-shared keys in the pre_master_secret (RFC 4279 §2, §3, §4; RFC 5489 §2), and the answers of
//! those who have them.

use crate::crypto::{Answer, MAX_PSK, MAX_PSK_IDENTITY, Psk, Random, Secret};
use crate::error::{Error, Reason, Result};
use crate::handshake::question;

/// Bytes of the key that stands in for one that nobody has.
const FALLBACK_LEN: usize = 32;

/// `other_secret`, `psk`, each behind its length. Plain PSK has as many zeroes as the key has bytes
/// for the other secret (RFC 4279 §2).
pub(in crate::handshake::tls12) fn pre_master(other: Option<&Secret>, key: &Secret) -> Secret {
    let zeros = Secret::new(vec![0; key.len()]);
    let parts = [other.unwrap_or(&zeros), key];
    let len = parts.iter().map(|part| 2 + part.len()).sum();
    // Of its whole length from the start: a growing buffer leaves copies behind.
    let mut out = Secret::new(Vec::with_capacity(len));
    for part in parts {
        out.extend_from_slice(&(part.len() as u16).to_be_bytes());
        out.extend_from_slice(part);
    }
    out
}

/// What a server goes on with when nobody has the identity. Drawn before the answer.
pub(in crate::handshake::tls12) fn fallback(random: &dyn Random) -> Result<Secret> {
    let mut key = Secret::new(vec![0; FALLBACK_LEN]);
    random.fill(&mut key).map_err(|_| Reason::RandomFailed)?;
    Ok(key)
}

/// The key that a client was given for the server's hint.
pub(in crate::handshake::tls12) fn chosen(answer: Answer) -> Result<Psk> {
    let psk = question::psk(answer)?.ok_or(Reason::PskMissing)?;
    check_key(&psk.key)?;
    if psk.identity.len() > MAX_PSK_IDENTITY {
        return Err(Error::with(
            Reason::CallbackMisbehaved,
            format!(
                "a PSK identity of {} bytes was answered, {MAX_PSK_IDENTITY} are allowed",
                psk.identity.len()
            ),
        ));
    }
    Ok(psk)
}

/// The key that a server was given for the client's identity, if there is one. Whoever fails to say
/// so says no: the peer learns nothing either way.
pub(in crate::handshake::tls12) fn found(answer: Answer) -> Result<Option<Secret>> {
    let psk = match answer {
        Answer::Failed(_) | Answer::Never => None,
        answer => question::psk(answer)?,
    };
    let key = psk.map(|psk| psk.key);
    key.as_ref().map_or(Ok(()), check_key)?;
    Ok(key)
}

fn check_key(key: &Secret) -> Result<()> {
    if (1..=MAX_PSK).contains(&key.len()) {
        return Ok(());
    }
    Err(Error::with(
        Reason::CallbackMisbehaved,
        format!(
            "a PSK of {} bytes was answered, 1 to {MAX_PSK} are allowed",
            key.len()
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_secrets_behind_their_lengths() {
        let key = Secret::new(vec![7, 8]);
        assert_eq!(pre_master(None, &key)[..], [0, 2, 0, 0, 0, 2, 7, 8]);
        let other = Secret::new(vec![1, 2, 3]);
        let both = pre_master(Some(&other), &key);
        assert_eq!(both[..], [0, 3, 1, 2, 3, 0, 2, 7, 8]);
        assert_eq!(both.capacity(), both.len());
    }
}
