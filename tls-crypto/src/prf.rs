use crate::cbc::compression::{Compression, MAX_MAC, Sha256, Sha384};
use crate::hmac::{Key, Message, wipe};
use core::fmt;
use core::iter::once;
use core::marker::PhantomData;
use tls_core::crypto::{HashId, Prf, PrfKey};
use zeroize::Zeroize;

static SHA256: Function<Sha256> = Function::new(HashId::Sha256);
static SHA384: Function<Sha384> = Function::new(HashId::Sha384);

/// The PRF over `hash`; only those that a TLS 1.2 suite names (RFC 5246 §5, RFC 5288 §3).
pub(crate) fn prf(hash: HashId) -> Option<&'static dyn Prf> {
    match hash {
        HashId::Sha256 => Some(&SHA256),
        HashId::Sha384 => Some(&SHA384),
        HashId::Sha1 | HashId::Sha512 => None,
    }
}

struct Function<C> {
    hash: HashId,
    compression: PhantomData<fn() -> C>,
}

impl<C> Function<C> {
    const fn new(hash: HashId) -> Self {
        Self {
            hash,
            compression: PhantomData,
        }
    }
}

impl<C> fmt::Debug for Function<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "P_{:?}", self.hash)
    }
}

impl<C: Compression> Prf for Function<C> {
    fn hash(&self) -> HashId {
        self.hash
    }

    fn key(&self, secret: &[u8]) -> Box<dyn PrfKey> {
        Box::new(Key::<C>::new(secret))
    }

    fn derive(&self, secret: &[u8], label: &[u8], seed: &[&[u8]], out: &mut [u8]) {
        Key::<C>::new(secret).derive(label, seed, out);
    }
}

impl<C: Compression> PrfKey for Key<C> {
    /// RFC 5246 §5, with `A(0) = label || seed`:
    /// `P_hash = HMAC(secret, A(1) || label || seed) || HMAC(secret, A(2) || label || seed) || ...`
    fn derive(&self, label: &[u8], seed: &[&[u8]], out: &mut [u8]) {
        let mut message = Message::new(once(label).chain(seed.iter().copied()));
        let (mut a, mut digest) = (C::INIT, C::INIT);
        self.mac(&mut message, &mut a);
        let mut bytes = [0; MAX_MAC];
        let mut parts = out.chunks_mut(C::OUTPUT).peekable();
        while let Some(part) = parts.next() {
            self.mac_behind(&a, &mut message, &mut digest);
            C::output(&digest, &mut bytes[..C::OUTPUT]);
            part.copy_from_slice(&bytes[..part.len()]);
            if parts.peek().is_some() {
                self.mac_digest(&mut a);
            }
        }
        a.zeroize();
        digest.zeroize();
        wipe(&mut bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{bytes, hex};

    /// The vectors for P_SHA256 and P_SHA384 that were posted to the TLS working group's list when
    /// TLS 1.2 was new, and that implementations have tested themselves with since.
    #[test]
    fn known_answers() {
        let cases = [
            (
                HashId::Sha256,
                "9bbe436ba940f017b17652849a71db35",
                "a0ba9f936cda311827a6f796ffd5198c",
                "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a
                 6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab
                 4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff701
                 87347b66",
            ),
            (
                HashId::Sha384,
                "b80b733d6ceefcdc71566ea48e5567df",
                "cd665cf6a8447dd6ff8b27555edb7465",
                "7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cd
                 e9ca0faa60be9fe34f82b1233c9146a0e534cb400fed2700884f9dc236f80edd
                 8bfa961144c9e8d792eca722a7b32fc3d416d473ebc2c5fd4abfdad05d918425
                 9b5bf8cd4d90fa0d31e2dec479e4f1a26066f2eea9a69236a3e52655c9e9aee6
                 91c8f3a26854308d5eaa3be85e0990703d73e56f",
            ),
        ];
        for (hash, secret, seed, expected) in cases {
            let expected = hex(expected);
            let mut out = vec![0; expected.len()];
            let prf = prf(hash).expect("a hash of the suites");
            prf.derive(&hex(secret), b"test label", &[&hex(seed)], &mut out);
            assert_eq!(out, expected, "{prf:?}");
            assert_eq!(prf.hash(), hash);
        }
    }

    /// The illustrated TLS 1.2 connection: master secret (RFC 5246 §8.1) and key block (§6.3).
    #[test]
    fn known_answers_of_the_illustrated_connection() {
        let client_random: Vec<u8> = (0x00..0x20).collect();
        let server_random: Vec<u8> = (0x70..0x90).collect();
        let pre_master_secret =
            hex("df4a291baa1eb7cfa6934b29b474baad2697e29f1f920dcc77c8a0a088447624");
        let prf = prf(HashId::Sha256).expect("the PRF of TLS 1.2");

        let mut master_secret = [0; 48];
        let seed: [&[u8]; 2] = [&client_random, &server_random];
        prf.derive(
            &pre_master_secret,
            b"master secret",
            &seed,
            &mut master_secret,
        );
        let expected = "916abf9da55973e13614ae0a3f5d3f37b023ba129aee02cc9134338127cd7049
                        781c8e19fc1eb2a7387ac06ae237344c";
        assert_eq!(master_secret[..], hex(expected));

        let mut key_block = [0; 104];
        let seed: [&[u8]; 2] = [&server_random, &client_random];
        prf.derive(&master_secret, b"key expansion", &seed, &mut key_block);
        let expected =
            "1b7d117c7d5f690bc263cae8ef60af0f1878acc2 2ad8bdd8c601a617126f63540eb20906f781fad2
                        f656d037b173ef3e11169f27231a84b6 752a18e7a9fcb7cbcdd8f98dd8f769eb
                        a0d2550c9238eebfef5c32251abb67d6 434528db4937d540d393135e06a11bb8";
        assert_eq!(key_block[..], hex(expected));
    }

    #[test]
    fn every_length_is_a_prefix_and_every_input_matters() {
        for hash in [HashId::Sha256, HashId::Sha384] {
            let prf = prf(hash).expect("a hash of the suites");
            let derive = |secret: &[u8], label: &[u8], seed: &[&[u8]], len| {
                let mut out = vec![0; len];
                prf.derive(secret, label, seed, &mut out);
                out
            };
            let (secret, seed) = (bytes(1, 48), bytes(2, 64));
            let long = derive(&secret, b"label", &[&seed], 200);
            for len in 0..200 {
                assert_eq!(derive(&secret, b"label", &[&seed], len), long[..len]);
            }
            // Where the seed is cut does not matter, and neither does where the label ends (§5).
            assert_eq!(
                derive(&secret, b"label", &[&seed[..9], &[], &seed[9..]], 200),
                long
            );
            assert_eq!(derive(&secret, b"lab", &[b"el", &seed], 200), long);

            assert_ne!(derive(&secret[1..], b"label", &[&seed], 200), long);
            assert_ne!(derive(&secret, b"Label", &[&seed], 200), long);
            assert_ne!(derive(&secret, b"label", &[&seed[1..]], 200), long);
            assert_ne!(derive(&[], b"label", &[&seed], 200), long);
        }
    }

    #[test]
    fn no_prf_that_no_suite_names() {
        assert!(prf(HashId::Sha1).is_none());
        assert!(prf(HashId::Sha512).is_none());
    }
}
