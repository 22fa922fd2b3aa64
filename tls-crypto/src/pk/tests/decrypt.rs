use super::{Fixed, Os, Stuck, data, engines, pkcs8, public};
use crate::pk::private_key::MemoryKey;
use tls_core::crypto::{KeyError, Later, PrivateKey, PublicKey, Reply, Secret};

fn decrypt(key: &MemoryKey, ciphertext: &[u8]) -> Result<Secret, KeyError> {
    match key.decrypt_raw(ciphertext, &Later::default()) {
        Reply::Now(result) => result,
        Reply::Later => panic!("a key in memory answers at once"),
    }
}

fn failed<T>(result: Result<T, KeyError>, text: &str) {
    match result {
        Err(KeyError::Failed(why)) => assert!(why.contains(text), "{why:?} lacks {text:?}"),
        Err(other) => panic!("expected a failed operation, not {other:?}"),
        Ok(_) => panic!("succeeded, expected: {text}"),
    }
}

fn keys() -> [(&'static [u8], &'static [u8], &'static [u8]); 4] {
    [
        (
            data!("rsa1024.p8"),
            data!("rsa1024.spki"),
            data!("rsa1024.cipher"),
        ),
        (
            data!("rsa2048.p8"),
            data!("rsa2048.spki"),
            data!("rsa2048.cipher"),
        ),
        (
            data!("rsa2056.p8"),
            data!("rsa2056.spki"),
            data!("rsa2056.cipher"),
        ),
        (
            data!("rsa4096.p8"),
            data!("rsa4096.spki"),
            data!("rsa4096.cipher"),
        ),
    ]
}

/// `00 02 padding 00 message` (RFC 8017 §7.2.1).
fn check_padded(plain: &[u8], len: usize, message: &[u8]) {
    assert_eq!(plain.len(), len);
    let (padded, end) = plain.split_at(len - message.len());
    assert_eq!(end, message);
    assert_eq!(padded[..2], [0, 2]);
    assert_eq!(padded[padded.len() - 1], 0);
    assert!(padded[2..padded.len() - 1].iter().all(|&byte| byte != 0));
}

#[test]
fn ciphertexts_of_openssl_decrypt_with_leading_zero_kept() {
    for engine in engines() {
        for (private, _, ciphertext) in keys() {
            let key = pkcs8(private, engine).unwrap();
            let plain = decrypt(&key, ciphertext).unwrap();
            check_padded(&plain, ciphertext.len(), b"a message");
        }
    }
}

/// However many zeroes the plaintext begins with, its length does not change.
#[test]
fn small_plaintexts_keep_the_modulus_length() {
    for engine in engines() {
        for (private, _, ciphertext) in keys() {
            let key = pkcs8(private, engine).unwrap();
            for tiny in [0, 1] {
                let mut raw = vec![0; ciphertext.len()];
                *raw.last_mut().unwrap() = tiny;
                // 0 and 1 are their own powers.
                assert_eq!(*decrypt(&key, &raw).unwrap(), raw);
            }
        }
    }
}

#[test]
fn our_ciphertexts_decrypt() {
    let pre_master_secret = [0x03; 48];
    for engine in engines() {
        for (private, spki, ciphertext) in keys() {
            let sealed = public(spki, engine)
                .unwrap()
                .encrypt_pkcs1(&pre_master_secret, &Os)
                .unwrap();
            assert_eq!(sealed.len(), ciphertext.len());
            let plain = decrypt(&pkcs8(private, engine).unwrap(), &sealed).unwrap();
            check_padded(&plain, sealed.len(), &pre_master_secret);
        }
    }
}

/// The padding is the injected bytes, with zeroes replaced by what is drawn after them.
#[test]
fn padding_comes_from_the_injected_source_alone() {
    let key = public(data!("rsa1024.spki"), engines()[0]).unwrap();
    let private = pkcs8(data!("rsa1024.p8"), engines()[0]).unwrap();
    let mut bytes = vec![7; 128 - 3 - 48];
    bytes[0] = 0;
    bytes[9] = 0;
    // Drawn for the first zero, for the second (zero again), and for that once more.
    bytes.extend([21, 0, 22]);
    let random = Fixed::new(&bytes);
    let sealed = key.encrypt_pkcs1(&[3; 48], &random).unwrap();
    assert_eq!(random.left(), 0);
    let plain = decrypt(&private, &sealed).unwrap();
    check_padded(&plain, 128, &[3; 48]);
    assert_eq!((plain[2], plain[3], plain[11]), (21, 7, 22));

    let again = key.encrypt_pkcs1(&[3; 48], &Fixed::new(&bytes)).unwrap();
    assert_eq!(sealed, again);
}

#[test]
fn encryption_refuses_a_broken_source() {
    let key = public(data!("rsa1024.spki"), engines()[0]).unwrap();
    failed(key.encrypt_pkcs1(&[3; 48], &Fixed::new(&[])), "randomness");
    failed(key.encrypt_pkcs1(&[3; 48], &Stuck(0)), "randomness");
}

#[test]
fn encryption_refuses_messages_that_leave_less_than_eight_bytes_of_padding() {
    let key = public(data!("rsa1024.spki"), engines()[0]).unwrap();
    assert!(key.encrypt_pkcs1(&[1; 117], &Os).is_ok());
    failed(key.encrypt_pkcs1(&[1; 118], &Os), "too long");
    failed(key.encrypt_pkcs1(&[1; 1000], &Os), "too long");
}

#[test]
fn encryption_is_for_rsa_encryption_keys() {
    for spki in [data!("pss.spki"), data!("p256.spki"), data!("ed25519.spki")] {
        let key = public(spki, engines()[0]).unwrap();
        let refused = key.encrypt_pkcs1(&[3; 48], &Os);
        assert!(matches!(refused, Err(KeyError::Unsupported(_))), "{key:?}");
    }
}

#[test]
fn ciphertexts_of_a_wrong_length_are_refused() {
    for engine in engines() {
        let key = pkcs8(data!("rsa2048.p8"), engine).unwrap();
        let good = data!("rsa2048.cipher");
        failed(decrypt(&key, &[]), "0 bytes");
        failed(decrypt(&key, &good[1..]), "255 bytes");
        failed(decrypt(&key, &[&[0], good].concat()), "257 bytes");
    }
}

#[test]
fn ciphertexts_not_below_the_modulus_are_refused() {
    for engine in engines() {
        let key = pkcs8(data!("rsa2048.p8"), engine).unwrap();
        failed(decrypt(&key, &[0xff; 256]), "below the modulus");
        // The modulus itself: it ends before the exponent, 02 03 01 00 01.
        let spki = data!("rsa2048.spki");
        let modulus = &spki[spki.len() - 5 - 256..spki.len() - 5];
        failed(decrypt(&key, modulus), "below the modulus");
        let mut below = modulus.to_vec();
        below[255] -= 1;
        assert!(decrypt(&key, &below).is_ok());
    }
}

#[test]
fn decryption_is_for_rsa_encryption_keys() {
    for der in [data!("pss.p8"), data!("p256.p8"), data!("ed25519.p8")] {
        let key = pkcs8(der, engines()[0]).unwrap();
        failed(decrypt(&key, &[1; 256]), "does not decrypt");
    }
}
