//! graviola: formally verified assembly for x86_64 and aarch64. It asserts its CPU features, so
//! nothing here may be called unless [`available`] says so.

mod ecdsa;
mod ed25519;
mod kx;
mod point;
mod rsa;

pub(crate) use ecdsa::{EcSigner, EcVerifier};
pub(crate) use ed25519::{Ed25519Signer, Ed25519Verifier};
pub(crate) use kx::group;
pub(crate) use rsa::{RsaSigner, RsaVerifier};

/// Whether this CPU has every instruction that graviola asserts before its first use.
#[cfg(target_arch = "x86_64")]
pub(crate) fn available() -> bool {
    use std::arch::is_x86_feature_detected as has;
    has!("aes") && has!("pclmulqdq") && has!("bmi1") && has!("adx") && has!("avx") && has!("avx2")
}

/// Whether this CPU has every instruction that graviola asserts before its first use.
#[cfg(target_arch = "aarch64")]
pub(crate) fn available() -> bool {
    use std::arch::is_aarch64_feature_detected as has;
    has!("neon") && has!("aes") && has!("pmull") && has!("sha2")
}
