//! AEADs: a kernel where the CPU has the instructions, else the portable floor.

#[cfg(target_arch = "x86_64")]
mod chacha;
#[cfg(target_arch = "x86_64")]
mod gcm;
#[cfg(all(test, unix))]
mod guarded;
mod portable;
#[cfg(test)]
mod tests;

use aes::{Aes128, Aes256};
use aes_gcm::aead::consts::{U8, U12, U16};
use aes_gcm::{Aes128Gcm, Aes256Gcm};
use ccm::Ccm;
use chacha20poly1305::ChaCha20Poly1305;
use portable::Portable;
use tls_core::crypto::{AeadAlgorithm, AeadId};

static AES_128_GCM: Portable<Aes128Gcm> = Portable::new(AeadId::Aes128Gcm);
static AES_256_GCM: Portable<Aes256Gcm> = Portable::new(AeadId::Aes256Gcm);
static CHACHA20_POLY1305: Portable<ChaCha20Poly1305> = Portable::new(AeadId::ChaCha20Poly1305);
static AES_128_CCM: Portable<Ccm<Aes128, U16, U12>> = Portable::new(AeadId::Aes128Ccm);
static AES_256_CCM: Portable<Ccm<Aes256, U16, U12>> = Portable::new(AeadId::Aes256Ccm);
static AES_128_CCM_8: Portable<Ccm<Aes128, U8, U12>> = Portable::new(AeadId::Aes128Ccm8);
static AES_256_CCM_8: Portable<Ccm<Aes256, U8, U12>> = Portable::new(AeadId::Aes256Ccm8);

/// The implementation of `id` to use on this CPU.
pub(crate) fn aead(id: AeadId) -> &'static dyn AeadAlgorithm {
    kernels(id)
        .into_iter()
        .flatten()
        .next()
        .unwrap_or_else(|| portable(id))
}

/// The kernels of our own that this CPU can run, the fastest first.
#[cfg(target_arch = "x86_64")]
fn kernels(id: AeadId) -> [Option<&'static dyn AeadAlgorithm>; 3] {
    match id {
        AeadId::Aes128Gcm => gcm::kernels::<10>(),
        AeadId::Aes256Gcm => gcm::kernels::<14>(),
        AeadId::ChaCha20Poly1305 => {
            let [best, next] = chacha::kernels();
            [best, next, None]
        }
        _ => [None; 3],
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn kernels(_id: AeadId) -> [Option<&'static dyn AeadAlgorithm>; 3] {
    [None; 3]
}

/// The implementation that runs everywhere.
fn portable(id: AeadId) -> &'static dyn AeadAlgorithm {
    match id {
        AeadId::Aes128Gcm => &AES_128_GCM,
        AeadId::Aes256Gcm => &AES_256_GCM,
        AeadId::ChaCha20Poly1305 => &CHACHA20_POLY1305,
        AeadId::Aes128Ccm => &AES_128_CCM,
        AeadId::Aes256Ccm => &AES_256_CCM,
        AeadId::Aes128Ccm8 => &AES_128_CCM_8,
        AeadId::Aes256Ccm8 => &AES_256_CCM_8,
    }
}

/// Compares tags without a branch on their bytes; whether they are equal is public.
#[cfg(target_arch = "x86_64")]
fn same_tag(computed: &[u8; 16], received: &[u8]) -> bool {
    let Ok(received) = received.try_into() else {
        return false;
    };
    let difference = u128::from_ne_bytes(*computed) ^ u128::from_ne_bytes(received);
    core::hint::black_box(difference) == 0
}
