//! Every implementation behind the provider, in both forms.

mod runs;

use super::record::BlockCipher;
use super::*;
use crate::testing::{bytes, hex};
use aes::{Aes128, Aes256};
use hmac::{Hmac, KeyInit, Mac};
use tls_core::crypto::{BadRecord, CbcMac, CbcRecord, MacForm};

const FORMS: [MacForm; 2] = [MacForm::MacThenEncrypt, MacForm::EncryptThenMac];
const HEADER: [u8; 3] = [23, 3, 3];
const SEQ: u64 = 0x0102_0304_0506_0708;

/// All that this CPU can run, the preferred one first, the floor last.
fn implementations(cipher: CipherId, mac: HashId) -> Vec<&'static dyn CbcAlgorithm> {
    let both = [kernel(cipher, mac), portable(cipher, mac)];
    both.into_iter().flatten().collect()
}

fn pairs() -> impl Iterator<Item = (CipherId, HashId)> {
    [CipherId::Aes128, CipherId::Aes256, CipherId::TripleDes]
        .into_iter()
        .flat_map(|cipher| [HashId::Sha1, HashId::Sha256, HashId::Sha384].map(|mac| (cipher, mac)))
        .filter(|&(cipher, mac)| portable(cipher, mac).is_some())
}

fn all() -> impl Iterator<Item = &'static dyn CbcAlgorithm> {
    pairs().flat_map(|(cipher, mac)| implementations(cipher, mac))
}

fn key(algorithm: &dyn CbcAlgorithm, form: MacForm) -> Box<dyn CbcMac> {
    algorithm.key(
        form,
        &bytes(1, algorithm.cipher().key_len()),
        &bytes(2, algorithm.mac().output_len()),
    )
}

fn seal(key: &dyn CbcMac, plain: &[u8]) -> Vec<u8> {
    let mut out = vec![0xa5; key.sealed_len(plain.len())];
    key.seal(&mut [CbcRecord {
        seq: SEQ,
        header: HEADER,
        iv: [9; 16],
        plain,
        out: &mut out,
    }]);
    out
}

fn open(key: &dyn CbcMac, sealed: &[u8]) -> Result<Vec<u8>, BadRecord> {
    let mut buf = sealed.to_vec();
    let len = key.open_one(SEQ, HEADER, &mut buf)?;
    Ok(buf[key.iv_len()..][..len].to_vec())
}

fn hmac(mac: HashId, secret: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    macro_rules! hmac {
        ($hash:ty) => {{
            let mut mac = <Hmac<$hash> as KeyInit>::new_from_slice(secret).expect("any length");
            parts.iter().for_each(|part| mac.update(part));
            mac.finalize().into_bytes().to_vec()
        }};
    }
    match mac {
        HashId::Sha1 => hmac!(sha1::Sha1),
        HashId::Sha256 => hmac!(sha2::Sha256),
        HashId::Sha384 => hmac!(sha2::Sha384),
        HashId::Sha512 => hmac!(sha2::Sha512),
    }
}

/// Encrypts `text` as it is: what a peer with any idea of padding and MAC could send.
fn encrypt(algorithm: &dyn CbcAlgorithm, text: &[u8]) -> Vec<u8> {
    let secret = bytes(1, algorithm.cipher().key_len());
    let iv = [9; 16];
    let iv = &iv[..algorithm.cipher().block_len()];
    let mut body = text.to_vec();
    match algorithm.cipher() {
        CipherId::Aes128 => Portable::<Aes128>::new(&secret).encrypt(iv, &mut body),
        CipherId::Aes256 => Portable::<Aes256>::new(&secret).encrypt(iv, &mut body),
        CipherId::TripleDes => Portable::<TdesEde3>::new(&secret).encrypt(iv, &mut body),
    }
    [iv, &body].concat()
}

/// The text under the cipher of a MAC-then-encrypt record with `padding` bytes of padding.
fn padded_text(algorithm: &dyn CbcAlgorithm, plain: &[u8], padding: usize) -> Vec<u8> {
    let secret = bytes(2, algorithm.mac().output_len());
    let header = pseudo_header(SEQ, HEADER, plain.len());
    let mac = hmac(algorithm.mac(), &secret, &[&header, plain]);
    [plain, &mac, &vec![padding as u8; padding + 1]].concat()
}

/// A plaintext length for which `padding` is a possible padding.
fn fitting_len(algorithm: &dyn CbcAlgorithm, at_least: usize, padding: usize) -> usize {
    let overhead = algorithm.mac().output_len() + padding + 1;
    let total = (at_least + overhead).next_multiple_of(algorithm.cipher().block_len());
    total - overhead
}

#[test]
fn seals_what_the_rfcs_say_and_opens_it_at_all_lengths() {
    let plain = bytes(3, 16384);
    let iv = [9; 16];
    for algorithm in all() {
        let block = algorithm.cipher().block_len();
        let keys = FORMS.map(|form| key(algorithm, form));
        let secret = bytes(2, algorithm.mac().output_len());
        for len in (0..=1024).chain([4095, 8191, 16383, 16384]) {
            let plain = &plain[..len];
            let padding = block - 1 - (len + secret.len()) % block;
            let expected = encrypt(algorithm, &padded_text(algorithm, plain, padding));
            let sealed = seal(keys[0].as_ref(), plain);
            assert!(sealed == expected, "{algorithm:?} seals {len} bytes");
            assert!(
                open(keys[0].as_ref(), &sealed).as_deref() == Ok(plain),
                "{algorithm:?} {len}"
            );

            let padding = block - 1 - len % block;
            let mut expected = encrypt(
                algorithm,
                &[plain, &vec![padding as u8; padding + 1]].concat(),
            );
            let header = pseudo_header(SEQ, HEADER, expected.len());
            let mac = hmac(algorithm.mac(), &secret, &[&header, &expected]);
            expected.extend(mac);
            let sealed = seal(keys[1].as_ref(), plain);
            assert!(
                sealed == expected,
                "{algorithm:?} seals {len} bytes, MAC last"
            );
            assert_eq!(sealed[..block], iv[..block]);
            assert!(
                open(keys[1].as_ref(), &sealed).as_deref() == Ok(plain),
                "{algorithm:?} {len}"
            );
        }
    }
}

/// RFC 5246 §6.2.3.2: any length up to 255 that fills a whole number of blocks.
#[test]
fn every_padding_length_is_accepted() {
    let plain = bytes(4, 600);
    for algorithm in all() {
        let key = key(algorithm, MacForm::MacThenEncrypt);
        for at_least in [0, 40, 300] {
            for padding in 0..=255 {
                let len = fitting_len(algorithm, at_least, padding);
                let text = padded_text(algorithm, &plain[..len], padding);
                let opened = open(key.as_ref(), &encrypt(algorithm, &text));
                assert_eq!(
                    opened.as_deref(),
                    Ok(&plain[..len]),
                    "{algorithm:?} {padding}"
                );
            }
        }
    }
}

#[test]
fn every_wrong_padding_byte_is_refused() {
    let plain = bytes(4, 100);
    for algorithm in all() {
        let key = key(algorithm, MacForm::MacThenEncrypt);
        for padding in [0, 1, 2, 7, 15, 16, 100, 254, 255] {
            let len = fitting_len(algorithm, 20, padding);
            let text = padded_text(algorithm, &plain[..len], padding);
            for position in text.len() - padding - 1..text.len() {
                for flip in [1, 0x80] {
                    let mut text = text.clone();
                    text[position] ^= flip;
                    let opened = open(key.as_ref(), &encrypt(algorithm, &text));
                    assert_eq!(
                        opened,
                        Err(BadRecord),
                        "{algorithm:?} {padding} at {position}"
                    );
                }
            }
        }
    }
}

/// A padding that would reach into the MAC or in front of the record.
#[test]
fn padding_longer_than_the_record_is_refused() {
    for algorithm in all() {
        let key = key(algorithm, MacForm::MacThenEncrypt);
        let block = algorithm.cipher().block_len();
        for blocks in 1..=18 {
            for fill in 0..=255u8 {
                let text = vec![fill; blocks * block];
                assert_eq!(
                    open(key.as_ref(), &encrypt(algorithm, &text)),
                    Err(BadRecord)
                );
            }
        }
    }
}

#[test]
fn every_wrong_mac_byte_is_refused_and_leaves_no_plaintext() {
    let plain = bytes(4, 400);
    for algorithm in all() {
        let mac_len = algorithm.mac().output_len();
        let key = key(algorithm, MacForm::MacThenEncrypt);
        for (at_least, padding) in [(0, 0), (0, 255), (13, 3), (55, 8), (128, 0), (250, 77)] {
            let len = fitting_len(algorithm, at_least, padding);
            let text = padded_text(algorithm, &plain[..len], padding);
            for position in (0..len + mac_len).filter(|p| p % 7 == 0 || *p >= len) {
                let mut text = text.clone();
                text[position] ^= 0x10;
                let mut buf = encrypt(algorithm, &text);
                assert_eq!(
                    key.open_one(SEQ, HEADER, &mut buf),
                    Err(BadRecord),
                    "{position}"
                );
                assert!(buf[key.iv_len()..].iter().all(|&byte| byte == 0));
            }
        }
    }
}

#[test]
fn another_sequence_number_type_version_or_key_is_refused() {
    let plain = bytes(4, 77);
    for algorithm in all() {
        for form in FORMS {
            let key = key(algorithm, form);
            let sealed = seal(key.as_ref(), &plain);
            let try_with = |seq, header| key.open_one(seq, header, &mut sealed.clone());
            assert_eq!(try_with(SEQ, HEADER), Ok(77));
            assert_eq!(try_with(SEQ + 1, HEADER), Err(BadRecord));
            assert_eq!(try_with(SEQ, [22, 3, 3]), Err(BadRecord));
            assert_eq!(try_with(SEQ, [23, 3, 2]), Err(BadRecord));
            let other = algorithm.key(
                form,
                &bytes(1, algorithm.cipher().key_len()),
                &bytes(9, algorithm.mac().output_len()),
            );
            assert_eq!(open(other.as_ref(), &sealed), Err(BadRecord));
            let other_form = FORMS
                .into_iter()
                .find(|&f| f != form)
                .expect("there are two");
            let other = self::key(algorithm, other_form);
            assert_eq!(open(other.as_ref(), &sealed), Err(BadRecord));
        }
    }
}

#[test]
fn truncated_and_lengthened_records_are_refused() {
    let plain = bytes(4, 150);
    for algorithm in all() {
        for form in FORMS {
            let key = key(algorithm, form);
            let sealed = seal(key.as_ref(), &plain);
            for len in 0..sealed.len() {
                assert_eq!(open(key.as_ref(), &sealed[..len]), Err(BadRecord), "{len}");
            }
            for more in 1..=64 {
                let longer = [&sealed[..], &vec![0; more]].concat();
                assert_eq!(open(key.as_ref(), &longer), Err(BadRecord), "{more}");
            }
        }
    }
}

/// RFC 7366: the MAC covers IV and ciphertext, so each bit of them counts.
#[test]
fn encrypt_then_mac_notices_every_byte() {
    let plain = bytes(4, 60);
    for algorithm in all() {
        let key = key(algorithm, MacForm::EncryptThenMac);
        let sealed = seal(key.as_ref(), &plain);
        for position in 0..sealed.len() {
            let mut forged = sealed.clone();
            forged[position] ^= 4;
            assert_eq!(open(key.as_ref(), &forged), Err(BadRecord), "{position}");
        }
    }
}

#[test]
fn encrypt_then_mac_accepts_every_padding_and_refuses_wrong_ones() {
    let plain = bytes(4, 300);
    for algorithm in all() {
        let key = key(algorithm, MacForm::EncryptThenMac);
        let secret = bytes(2, algorithm.mac().output_len());
        let authentic = |text: &[u8]| {
            let sealed = encrypt(algorithm, text);
            let header = pseudo_header(SEQ, HEADER, sealed.len());
            let mac = hmac(algorithm.mac(), &secret, &[&header, &sealed]);
            [sealed, mac].concat()
        };
        let block = algorithm.cipher().block_len();
        for padding in 0..=255usize {
            let len = (padding + 1).next_multiple_of(block) - padding - 1;
            let mut text = [&plain[..len], &vec![padding as u8; padding + 1]].concat();
            let opened = open(key.as_ref(), &authentic(&text));
            assert_eq!(opened.as_deref(), Ok(&plain[..len]), "{padding}");
            if padding > 0 {
                text[len] ^= 1;
                assert_eq!(
                    open(key.as_ref(), &authentic(&text)),
                    Err(BadRecord),
                    "{padding}"
                );
            }
        }
        let too_long = vec![block as u8; block];
        assert_eq!(open(key.as_ref(), &authentic(&too_long)), Err(BadRecord));
    }
}

/// Appendix F.2 of NIST SP 800-38A, and a Triple DES block of NIST SP 800-67 Appendix B.
#[test]
fn known_answers_of_the_ciphers() {
    let plain = hex(
        "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51
         30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
    );
    let iv = hex("000102030405060708090a0b0c0d0e0f");
    let aes128 = Portable::<Aes128>::new(&hex("2b7e151628aed2a6abf7158809cf4f3c"));
    let mut data = plain.clone();
    aes128.encrypt(&iv, &mut data);
    let expected = "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2
                    73bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7";
    assert_eq!(data, hex(expected));
    aes128.decrypt(&iv, &mut data);
    assert_eq!(data, plain);

    let aes256 = Portable::<Aes256>::new(&hex(
        "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
    ));
    aes256.encrypt(&iv, &mut data);
    let expected = "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d
                    39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b";
    assert_eq!(data, hex(expected));
    aes256.decrypt(&iv, &mut data);
    assert_eq!(data, plain);

    let tdes = Portable::<TdesEde3>::new(&hex("0123456789abcdef23456789abcdef01456789abcdef0123"));
    let mut data = b"The qufck brown fox jump".to_vec();
    for block in data.chunks_mut(8) {
        tdes.encrypt(&[0; 8], block);
    }
    assert_eq!(
        data,
        hex("a826fd8ce53b855fcce21c8112256fe668d5c05dd9b6b900")
    );
}

#[test]
fn only_the_pairs_of_the_suites_exist() {
    assert_eq!(pairs().count(), 7);
    for cipher in [CipherId::Aes128, CipherId::Aes256, CipherId::TripleDes] {
        assert!(cbc(cipher, HashId::Sha512).is_none());
    }
    for (cipher, mac) in pairs() {
        let chosen = cbc(cipher, mac).expect("the pair exists");
        assert_eq!((chosen.cipher(), chosen.mac()), (cipher, mac));
    }
}

/// The first protected record of either side in the illustrated TLS 1.2 connection
/// (TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, sequence number 0: their Finished), and the first
/// application data of the client.
#[test]
fn known_answers_of_the_illustrated_connection() {
    let client = (
        hex("f656d037b173ef3e11169f27231a84b6"),
        hex("1b7d117c7d5f690bc263cae8ef60af0f1878acc2"),
    );
    let server = (
        hex("752a18e7a9fcb7cbcdd8f98dd8f769eb"),
        hex("2ad8bdd8c601a617126f63540eb20906f781fad2"),
    );
    let client_finished = hex(
        "404142434445464748494a4b4c4d4e4f227bc9ba81ef30f2a8a78ff1df50844d\
         5804b7eeb2e214c32b6892aca3db7b78077fdd90067c516bacb3ba90dedf720f",
    );
    let server_finished = hex(
        "5152535455565758595a5b5c5d5e5f6018e075317b100315f6081fcbf313781a\
         ac73efe19fe25ba1af59c20be94fc01bda2d6800298b73a7e849d74bd494cf7d",
    );
    let client_data = hex(
        "000102030405060708090a0b0c0d0e0f6c421c71c42b183bfa06195d133d0a09\
         d00fc7cb4e0f5d1cda59d147ec790c99",
    );
    let cases = [
        (&client, 0, 22, client_finished, "1400000c"),
        (&server, 0, 22, server_finished, "1400000c"),
        (&client, 1, 23, client_data, "70696e67"),
    ];
    for algorithm in implementations(CipherId::Aes128, HashId::Sha1) {
        for ((cipher_key, mac_key), seq, content_type, fragment, begin) in &cases {
            let key = algorithm.key(MacForm::MacThenEncrypt, cipher_key, mac_key);
            let header = [*content_type, 3, 3];
            let mut buf = fragment.clone();
            let len = key
                .open_one(*seq, header, &mut buf)
                .expect("an authentic record");
            let plain = buf[16..][..len].to_vec();
            assert!(plain.starts_with(&hex(begin)));

            let mut out = vec![0; key.sealed_len(len)];
            key.seal(&mut [CbcRecord {
                seq: *seq,
                header,
                iv: fragment[..16].try_into().expect("16 bytes"),
                plain: &plain,
                out: &mut out,
            }]);
            assert_eq!(&out, fragment, "{algorithm:?}");
        }
    }
}
