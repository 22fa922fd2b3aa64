//! Ticket keys in the files of others.

use crate::error::{Error, Result};
use base64ct::{Base64, Encoding};
use std::sync::Arc;
use tls_core::error::Reason;
use tls_core::session::{KeyWindow, TicketKey};
use tls_crypto::CbcTicketKey;
use zeroize::Zeroizing;

/// Keys and when they are used, the newest last.
pub(crate) type Keys = Vec<(Arc<dyn TicketKey>, KeyWindow)>;

/// How many keys of a file of haproxy are used: the last ones.
const HAPROXY_KEYS: usize = 3;

/// One key as raw bytes: 48 or 80, as nginx and OpenSSL have them.
pub(crate) fn raw(bytes: &[u8]) -> Result<Arc<dyn TicketKey>> {
    match CbcTicketKey::new(bytes) {
        Some(key) => Ok(Arc::new(key)),
        None => Err(bad(format!(
            "a ticket key has 48 or 80 bytes, this one has {}",
            bytes.len()
        ))),
    }
}

/// A whole file: one raw key (nginx), or lines of base64, at least three, of which the last but one
/// encrypts and the last three decrypt (haproxy). All lines of a file have one length.
pub(crate) fn file(bytes: &[u8]) -> Result<Keys> {
    if let Ok(key) = raw(bytes) {
        return Ok(vec![(key, KeyWindow::ALWAYS)]);
    }
    let lines = lines(bytes)?;
    if lines.len() < HAPROXY_KEYS {
        return Err(bad(format!(
            "neither one key of 48 or 80 bytes ({} bytes) nor {HAPROXY_KEYS} lines of base64 ({} lines)",
            bytes.len(),
            lines.len()
        )));
    }
    let encrypts = lines.len() - 2;
    let mut keys = Keys::new();
    for (place, line) in lines.iter().enumerate() {
        let window = if place == encrypts {
            KeyWindow::ALWAYS
        } else {
            KeyWindow::DECRYPT
        };
        keys.push((raw(line)?, window));
    }
    Ok(keys.split_off(keys.len() - HAPROXY_KEYS))
}

/// The keys of all lines that are not empty.
fn lines(bytes: &[u8]) -> Result<Vec<Zeroizing<Vec<u8>>>> {
    let lines = bytes.split(|b| *b == b'\n').map(<[u8]>::trim_ascii);
    let mut keys: Vec<Zeroizing<Vec<u8>>> = Vec::new();
    for (number, line) in (1..).zip(lines).filter(|(_, line)| !line.is_empty()) {
        let mut key = Zeroizing::new(vec![0; line.len() / 4 * 3 + 3]);
        let decoded = Base64::decode(line, &mut key).map(<[u8]>::len);
        let len = decoded.map_err(|_| {
            bad(format!(
                "line {number} is no base64, and the whole is no key of 48 or 80 bytes"
            ))
        })?;
        key.truncate(len);
        if !matches!(len, 48 | 80) {
            return Err(bad(format!(
                "line {number}: a ticket key has 48 or 80 bytes, this one has {len}"
            )));
        }
        if keys.first().is_some_and(|first| first.len() != len) {
            return Err(bad(format!(
                "line {number}: keys of 48 and of 80 bytes are mixed"
            )));
        }
        keys.push(key);
    }
    Ok(keys)
}

fn bad(text: String) -> Error {
    Error::with(Reason::BadTicketKeys, text)
}
