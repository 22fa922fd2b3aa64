//! The paddings of signatures for moduli of every length modulo 8, against those of the crate `rsa`.

use crate::pk::portable;
use crate::pk::scheme::RsaPadding::{Pkcs1, Pss};
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use rsa::traits::{PublicKeyParts as _, SignatureScheme};
use rsa::{Pkcs1v15Sign, RsaPrivateKey};
use sha2::{Digest as _, Sha256};
use tls_core::crypto::HashId;

#[test]
fn paddings_for_moduli_of_any_length_are_those_of_the_crate_rsa() {
    let message = b"whole bytes or not";
    let hashed = Sha256::digest(message);
    for bits in 1024..1034 {
        let key = RsaPrivateKey::new(&mut UnwrapErr(SysRng), bits).unwrap();
        assert_eq!(key.n().bits() as usize, bits);
        let public = key.to_public_key();
        let verifies = |padding, signature: &[u8]| {
            portable::verify(&public, padding, HashId::Sha256, message, signature)
        };
        for padding in [Pkcs1, Pss] {
            let ours = portable::sign(&key, padding, HashId::Sha256, message).unwrap();
            let theirs = match padding {
                Pkcs1 => {
                    let scheme = || Pkcs1v15Sign::new::<Sha256>();
                    public.verify(scheme(), &hashed, &ours).unwrap();
                    scheme().sign(Some(&mut SysRng), &key, &hashed)
                }
                Pss => {
                    let scheme = rsa::Pss::<Sha256>::new;
                    public.verify(scheme(), &hashed, &ours).unwrap();
                    scheme().sign(Some(&mut SysRng), &key, &hashed)
                }
            };
            let mut theirs = theirs.unwrap();
            assert!(verifies(padding, &theirs), "{bits} {padding:?}");
            assert!(verifies(padding, &ours), "{bits} {padding:?}");
            let other = if padding == Pss { Pkcs1 } else { Pss };
            assert!(!verifies(other, &theirs), "{bits} {padding:?}");
            theirs[bits / 16] ^= 1;
            assert!(!verifies(padding, &theirs), "{bits} {padding:?}");
            assert!(!verifies(padding, &[0xff; 130][..bits.div_ceil(8)]));
        }
        // Too short for the hash's salt, and for eight bytes of padding: nothing is signed.
        let long = HashId::Sha512;
        let room = bits.div_ceil(8) - usize::from(bits % 8 == 1) >= 2 * 64 + 2;
        assert_eq!(portable::sign(&key, Pss, long, message).is_some(), room);
    }
}
