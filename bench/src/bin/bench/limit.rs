//! The raw primitives of a row's work and nothing else: no parsing, no state, no allocation. Handshakes are
//! named sums: server = keygen + agree + sign; client = keygen + agree + one verification for each
//! signature that it checks: the leaf's and the key exchange's. The signature of the intermediate, which the root
//! made, is one that a context verifies once and then remembers (tls-core's cert/known.rs); peers that
//! remember nothing check three. Bulk has the transport's copies too.

use crate::tasks::Sampler;
use crate::wire::Ring;
use graviola::hashing::Sha256;
use graviola::key_agreement::x25519;
use graviola::signing::{ecdsa, rsa};
use std::mem::MaybeUninit;
use std::time::{Duration, Instant};
use tls_core::crypto::{AeadId, HashId, Provider};
use tls_crypto::DefaultProvider;

/// Microseconds of each of `count` calls.
fn micros(count: u32, mut work: impl FnMut()) -> f64 {
    // The first one warms up: others had the caches before.
    work();
    let begin = Instant::now();
    for _ in 0..count {
        work();
    }
    begin.elapsed().as_secs_f64() * 1e6 / f64::from(count)
}

/// What both sides do: make a key pair, and agree on a secret.
fn keygen_and_agree(peer: &x25519::PublicKey) {
    let own = x25519::PrivateKey::new_random().expect("a key");
    std::hint::black_box(own.public_key());
    std::hint::black_box(own.diffie_hellman(peer).expect("a secret"));
}

const SIGNATURES_CHECKED: usize = 2;

fn sum(mut sign: impl FnMut() + 'static, mut verify: impl FnMut() + 'static) -> Sampler {
    let peer = x25519::PrivateKey::new_random()
        .expect("a key")
        .public_key();
    Box::new(move || {
        let both = micros(10, || keygen_and_agree(&peer));
        let server = both + micros(2, &mut sign);
        let client = both + micros(2, || (0..SIGNATURES_CHECKED).for_each(|_| verify()));
        vec![server, client]
    })
}

const MESSAGE: &[u8] = &[0x4d; 512];

pub(crate) fn full_rsa() -> Sampler {
    let key = rsa::SigningKey::generate(rsa::KeySize::Rsa2048).expect("a key");
    let public = key.public_key();
    let mut buffer = [0; 256];
    let signature = key
        .sign_pss_sha256(&mut buffer, MESSAGE)
        .expect("a signature")
        .to_vec();
    let mut out = [0; 256];
    sum(
        move || {
            std::hint::black_box(key.sign_pss_sha256(&mut out, MESSAGE).expect("a signature"));
        },
        move || {
            public
                .verify_pss_sha256(&signature, MESSAGE)
                .expect("a good signature")
        },
    )
}

pub(crate) fn full_p256() -> Sampler {
    let key = ecdsa::SigningKey::<ecdsa::P256>::generate().expect("a key");
    let point = key.private_key.public_key_uncompressed();
    let public = ecdsa::VerifyingKey::<ecdsa::P256>::from_x962_uncompressed(&point).expect("a key");
    let mut buffer = [0; 128];
    let signature = key
        .sign_asn1::<Sha256>(&[MESSAGE], &mut buffer)
        .expect("a signature")
        .to_vec();
    let mut out = [0; 128];
    sum(
        move || {
            std::hint::black_box(
                key.sign_asn1::<Sha256>(&[MESSAGE], &mut out)
                    .expect("a signature"),
            );
        },
        move || {
            public
                .verify_asn1::<Sha256>(&[MESSAGE], &signature)
                .expect("a good signature")
        },
    )
}

/// key_block, two verify_data, a Finished sealed and one opened: what each side of a resumed handshake must do.
pub(crate) fn resumed() -> Sampler {
    let (master, seed) = ([1; 48], [2; 64]);
    Box::new(move || {
        let prf = DefaultProvider.prf(HashId::Sha256).expect("a PRF");
        let aead = DefaultProvider.aead(AeadId::Aes128Gcm).expect("an AEAD");
        let hash = DefaultProvider.hash(HashId::Sha256).expect("a hash");
        let each = micros(60, || {
            let (mut block, mut verify) = ([0; 40], [0; 12]);
            prf.derive(&master, b"key expansion", &[&seed], &mut block);
            for _ in 0..2 {
                std::hint::black_box(hash.hash(&[&[0; 400]]));
                prf.derive(&master, b"client finished", &[&seed[..32]], &mut verify);
            }
            let keys = [aead.key(&block[..16]), aead.key(&block[16..32])];
            let (mut sealed, mut opened) = ([0; 32], [MaybeUninit::uninit(); 16]);
            keys[0].seal(&[0; 12], &[0; 13], &[0; 16], &mut sealed);
            let _ = std::hint::black_box(keys[1].open(&[0; 12], &[0; 13], &sealed, &mut opened));
        });
        vec![each, each]
    })
}

pub(crate) fn aes128() -> Sampler {
    aead(AeadId::Aes128Gcm)
}

pub(crate) fn aes256() -> Sampler {
    aead(AeadId::Aes256Gcm)
}

pub(crate) fn chacha() -> Sampler {
    aead(AeadId::ChaCha20Poly1305)
}

/// Records of 16 KiB, eight at a time; the first eight warm up.
fn aead(id: AeadId) -> Sampler {
    const RECORD: usize = 16 << 10;
    const COUNT: usize = 8;
    let key = DefaultProvider
        .aead(id)
        .expect("an AEAD")
        .key(&vec![3; id.key_len()]);
    let plain = vec![0x5a; RECORD];
    let mut record = vec![0; RECORD + 16];
    let mut opened = vec![MaybeUninit::uninit(); RECORD];
    let mut ring = Ring::default();
    Box::new(move || {
        let (mut sealing, mut opening, mut bytes) = (Duration::ZERO, Duration::ZERO, 0);
        let mut is_warm = false;
        while sealing + opening < Duration::from_millis(1) {
            let begin = Instant::now();
            for n in 0..COUNT {
                key.seal(&[n as u8; 12], &[0; 13], &plain, &mut record);
                ring.put(&record);
            }
            let sealed = Instant::now();
            for n in 0..COUNT {
                ring.take(&mut record);
                key.open(&[n as u8; 12], &[0; 13], &record, &mut opened)
                    .expect("a good record");
            }
            let done = Instant::now();
            if std::mem::replace(&mut is_warm, true) {
                sealing += sealed - begin;
                opening += done - sealed;
                bytes += COUNT * RECORD;
            }
        }
        [sealing, opening]
            .map(|t| bytes as f64 / t.as_secs_f64() / 1e9)
            .to_vec()
    })
}
