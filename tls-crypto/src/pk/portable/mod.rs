//! RustCrypto and dalek: constant time on every CPU, and the only home of P-521 and SHA-1.

mod ecdsa;
mod ed25519;
mod kx;
mod rsa;

pub(crate) use self::ecdsa::{EcSigner, EcVerifier};
pub(crate) use self::ed25519::{Ed25519Signer, Ed25519Verifier};
pub(crate) use self::kx::group;
pub(crate) use self::rsa::{below_modulus, fixed_length, raise, sign, verify};
