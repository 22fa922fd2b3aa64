//! Ticket keys of nginx and haproxy, and of OpenSSL's ticket key callback.

use crate::cbc::{BlockCipher, Portable};
use aes::{Aes128, Aes256};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use tls_core::crypto::{Random, Secret};
use tls_core::session::{SealFailed, TICKET_KEY_NAME_LEN, TicketKey};
use zeroize::Zeroizing;

const BLOCK: usize = 16;
const MAC: usize = 32;
const IV: usize = TICKET_KEY_NAME_LEN;
const LEN: usize = IV + BLOCK;
const STATE: usize = LEN + 2;

/// A ticket key in the layout of RFC 5077 §4: `key_name[16] || iv[16] || encrypted_state<0..2^16-1>
/// || mac[32]`, the state in AES-CBC and padded as PKCS #7 does, the MAC HMAC-SHA256 over everything
/// before it. The MAC is compared in constant time before anything is decrypted, so that padding
/// tells nobody anything.
pub struct CbcTicketKey {
    name: [u8; TICKET_KEY_NAME_LEN],
    cipher: Cipher,
    mac: Hmac<Sha256>,
}

enum Cipher {
    Aes128(Portable<Aes128>),
    Aes256(Portable<Aes256>),
}

impl Cipher {
    fn encrypt(&self, iv: &[u8], data: &mut [u8]) {
        match self {
            Self::Aes128(key) => key.encrypt(iv, data),
            Self::Aes256(key) => key.encrypt(iv, data),
        }
    }

    fn decrypt(&self, iv: &[u8], data: &mut [u8]) {
        match self {
            Self::Aes128(key) => key.decrypt(iv, data),
            Self::Aes256(key) => key.decrypt(iv, data),
        }
    }
}

impl CbcTicketKey {
    /// From the bytes of a key file of nginx or haproxy. 48 bytes: name, AES-128 key, 16 bytes of HMAC
    /// key. 80 bytes: name, 32 bytes of HMAC key, AES-256 key. `None` for any other length.
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let (name, keys) = bytes.split_first_chunk::<TICKET_KEY_NAME_LEN>()?;
        let (cipher, mac) = match keys.len() {
            32 => (Cipher::Aes128(Portable::new(&keys[..16])), &keys[16..]),
            64 => (Cipher::Aes256(Portable::new(&keys[32..])), &keys[..32]),
            _ => return None,
        };
        Some(Self {
            name: *name,
            cipher,
            mac: Hmac::new_from_slice(mac).ok()?,
        })
    }

    fn mac_of(&self, bytes: &[u8]) -> [u8; MAC] {
        let mut mac = self.mac.clone();
        mac.update(bytes);
        mac.finalize().into_bytes().into()
    }
}

impl TicketKey for CbcTicketKey {
    fn name(&self) -> &[u8; TICKET_KEY_NAME_LEN] {
        &self.name
    }

    fn seal(&self, plain: &[u8], random: &dyn Random) -> Result<Vec<u8>, SealFailed> {
        let pad = BLOCK - plain.len() % BLOCK;
        let encrypted = plain.len() + pad;
        let len = u16::try_from(encrypted).map_err(|_| SealFailed)?;
        let mut out = Zeroizing::new(Vec::with_capacity(STATE + encrypted + MAC));
        out.extend_from_slice(&self.name);
        out.resize(LEN, 0);
        random.fill(&mut out[IV..LEN]).map_err(|_| SealFailed)?;
        out.extend_from_slice(&len.to_be_bytes());
        out.extend_from_slice(plain);
        // At most 16, the length of a block.
        out.resize(STATE + encrypted, pad as u8);
        let (head, state) = out.split_at_mut(STATE);
        self.cipher.encrypt(&head[IV..LEN], state);
        let mac = self.mac_of(&out);
        out.extend_from_slice(&mac);
        Ok(core::mem::take(&mut *out))
    }

    fn open(&self, sealed: &[u8]) -> Option<Secret> {
        let (body, mac) = sealed.split_last_chunk::<MAC>()?;
        if !body.starts_with(&self.name) {
            return None;
        }
        if !bool::from(self.mac_of(body).ct_eq(mac)) {
            return None;
        }
        // From here on it is ours, as we made it; a key that others use too may have sealed something
        // else with it.
        let (head, state) = body.split_at_checked(STATE)?;
        if state.is_empty()
            || !state.len().is_multiple_of(BLOCK)
            || usize::from(u16::from_be_bytes([head[LEN], head[LEN + 1]])) != state.len()
        {
            return None;
        }
        let mut plain = Secret::new(state.to_vec());
        self.cipher.decrypt(&head[IV..LEN], &mut plain);
        let pad = usize::from(*plain.last()?);
        if !(1..=BLOCK).contains(&pad) {
            return None;
        }
        let len = plain.len() - pad;
        plain.truncate(len);
        Some(plain)
    }
}

impl core::fmt::Debug for CbcTicketKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("CbcTicketKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{bytes, hex};

    /// Counts up from zero.
    #[derive(Debug)]
    struct Counting;

    impl Random for Counting {
        fn fill(&self, out: &mut [u8]) -> Result<(), tls_core::crypto::RandomFailed> {
            out.iter_mut().zip(0..).for_each(|(b, n)| *b = n);
            Ok(())
        }
    }

    #[derive(Debug)]
    struct Broken;

    impl Random for Broken {
        fn fill(&self, _out: &mut [u8]) -> Result<(), tls_core::crypto::RandomFailed> {
            Err(tls_core::crypto::RandomFailed)
        }
    }

    fn keys() -> [CbcTicketKey; 2] {
        [48, 80].map(|len| CbcTicketKey::new(&bytes(1, len)).expect("a length of theirs"))
    }

    /// A MAC over `body`, appended.
    fn signed(key: &CbcTicketKey, body: &[u8]) -> Vec<u8> {
        [body, &key.mac_of(body)].concat()
    }

    #[test]
    fn every_length_comes_back() {
        for key in keys() {
            for len in [0, 1, 15, 16, 17, 31, 32, 300, 14_000] {
                let plain = bytes(9, len);
                let sealed = key.seal(&plain, &Counting).expect("it fits");
                assert_eq!(sealed.len(), STATE + (len / 16 + 1) * 16 + MAC);
                assert_eq!(sealed[..16], bytes(1, 48)[..16]);
                assert_eq!(key.open(&sealed).expect("ours").to_vec(), plain);
            }
            assert!(key.seal(&[0; 65_536], &Counting).is_err());
            assert!(key.seal(&[], &Broken).is_err());
            assert_eq!(format!("{key:?}"), "CbcTicketKey");
        }
    }

    /// Made with `openssl enc` and `openssl dgst -mac HMAC`.
    #[test]
    fn known_answers() {
        let name = "4e616d65206f662061207469636b6574";
        let state = "the state of a session";
        for (key, expected) in [(KEY_48, SEALED_48), (KEY_80, SEALED_80)] {
            let key = CbcTicketKey::new(&hex(&format!("{name}{key}"))).expect("a key");
            let sealed = key.seal(state.as_bytes(), &Counting).expect("it fits");
            assert_eq!(sealed, hex(expected));
            assert_eq!(key.open(&sealed).expect("ours").to_vec(), state.as_bytes());
        }
    }

    const KEY_48: &str = "000102030405060708090a0b0c0d0e0f 505152535455565758595a5b5c5d5e5f";
    const KEY_80: &str = "505152535455565758595a5b5c5d5e5f606162636465666768696a6b6c6d6e6f
                          000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    const SEALED_48: &str = "4e616d65206f662061207469636b6574000102030405060708090a0b0c0d0e0f
                             0020261d243239431d15b7768bdd7f816fe855d7f3c99e0d148a34aefc1d27d8
                             cfe1a6102ba69eed359c64f5e93343b89cf14290016602a184d287e7b7a76650
                             3de6";
    const SEALED_80: &str = "4e616d65206f662061207469636b6574000102030405060708090a0b0c0d0e0f
                             00201533cb4135827f875f6c91d21f2109298bfd8030812a3b65ced29387fd2c
                             c463dcad4465c6042d5cd7f2cb101d9552d5e8da70005019fc0d2c6c79fc44ce
                             0985";

    #[test]
    fn only_two_lengths_are_keys() {
        for len in (0..48).chain(49..80).chain(81..100) {
            assert!(CbcTicketKey::new(&bytes(2, len)).is_none(), "{len}");
        }
    }

    #[test]
    fn what_was_changed_cut_or_made_by_another_key_does_not_open() {
        for key in keys() {
            let sealed = key.seal(&bytes(3, 100), &Counting).expect("it fits");
            for place in 0..sealed.len() {
                let mut changed = sealed.clone();
                changed[place] ^= 1;
                assert!(key.open(&changed).is_none(), "byte {place}");
            }
            for len in 0..sealed.len() {
                assert!(key.open(&sealed[..len]).is_none(), "{len} bytes");
            }
            assert!(key.open(&[&sealed[..], &[0]].concat()).is_none());
            let mut other = bytes(4, 48);
            other[..16].copy_from_slice(key.name());
            let other = CbcTicketKey::new(&other).expect("a key");
            assert!(other.open(&sealed).is_none());
        }
    }

    #[test]
    fn what_has_the_right_mac_and_the_wrong_form_does_not_open() {
        for key in keys() {
            let head = |len: u16| [&key.name[..], &[7; BLOCK], &len.to_be_bytes()].concat();
            let mut forms = vec![
                key.name.to_vec(),
                head(0)[..STATE - 1].to_vec(),
                head(0),
                [&head(16)[..], &[1; 15]].concat(),
                [&head(15)[..], &[1; 15]].concat(),
                [&head(32)[..], &[1; 16]].concat(),
            ];
            for pad in [0, 17, 255] {
                let mut state = [pad; BLOCK];
                key.cipher.encrypt(&[7; BLOCK], &mut state);
                forms.push([&head(16)[..], &state].concat());
            }
            for form in forms {
                assert!(key.open(&signed(&key, &form)).is_none(), "{form:02x?}");
            }
        }
    }
}
