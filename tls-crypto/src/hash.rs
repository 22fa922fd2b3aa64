use core::fmt;
use core::marker::PhantomData;
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};
use tls_core::crypto::{Digest, Hash, HashContext, HashId};

static SHA1: Function<Sha1> = Function::new(HashId::Sha1);
static SHA256: Function<Sha256> = Function::new(HashId::Sha256);
static SHA384: Function<Sha384> = Function::new(HashId::Sha384);
static SHA512: Function<Sha512> = Function::new(HashId::Sha512);

/// The hash function `id`. sha1 and sha2 choose SHA-NI, the ARMv8 instructions or portable code
/// themselves, at run time.
pub(crate) fn hash(id: HashId) -> &'static dyn Hash {
    match id {
        HashId::Sha1 => &SHA1,
        HashId::Sha256 => &SHA256,
        HashId::Sha384 => &SHA384,
        HashId::Sha512 => &SHA512,
    }
}

struct Function<D> {
    id: HashId,
    digest: PhantomData<fn() -> D>,
}

impl<D> Function<D> {
    const fn new(id: HashId) -> Self {
        Self {
            id,
            digest: PhantomData,
        }
    }
}

impl<D> fmt::Debug for Function<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.id)
    }
}

impl<D: sha2::Digest + Clone + Send + Sync + 'static> Hash for Function<D> {
    fn id(&self) -> HashId {
        self.id
    }

    fn start(&self) -> Box<dyn HashContext> {
        Box::new(Running(D::new()))
    }

    fn hash(&self, parts: &[&[u8]]) -> Digest {
        let mut digest = D::new();
        parts.iter().for_each(|part| digest.update(part));
        Digest::new(&digest.finalize())
    }
}

/// Wiped by the crates' own `Drop` (their feature `zeroize`).
#[derive(Clone)]
struct Running<D>(D);

impl<D: sha2::Digest + Clone + Send + Sync + 'static> HashContext for Running<D> {
    fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn current(&self) -> Digest {
        Digest::new(&self.0.clone().finalize())
    }

    fn fork(&self) -> Box<dyn HashContext> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::hex;

    const ALL: [HashId; 4] = [HashId::Sha1, HashId::Sha256, HashId::Sha384, HashId::Sha512];

    /// FIPS 180-4, the examples "abc" and the two-block messages.
    #[test]
    fn known_answers() {
        let two_blocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
        let cases = [
            (
                HashId::Sha1,
                "abc",
                "a9993e364706816aba3e25717850c26c9cd0d89d",
            ),
            (
                HashId::Sha1,
                two_blocks,
                "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
            ),
            (
                HashId::Sha256,
                "abc",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            ),
            (
                HashId::Sha256,
                two_blocks,
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
            ),
            (
                HashId::Sha384,
                "abc",
                "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed\
                 8086072ba1e7cc2358baeca134c825a7",
            ),
            (
                HashId::Sha512,
                "abc",
                "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
                 2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
            ),
        ];
        for (id, message, expected) in cases {
            assert_eq!(
                hash(id).hash(&[message.as_bytes()]).as_ref(),
                hex(expected),
                "{id:?}"
            );
        }
    }

    #[test]
    fn lengths_and_identities() {
        for id in ALL {
            assert_eq!(hash(id).id(), id);
            assert_eq!(hash(id).hash(&[]).as_ref().len(), id.output_len());
            assert_eq!(format!("{:?}", hash(id)), format!("{id:?}"));
        }
    }

    #[test]
    fn parts_and_running_contexts_agree_and_forks_are_independent() {
        let message: Vec<u8> = (0..300u32).map(|i| i as u8).collect();
        for id in ALL {
            let whole = hash(id).hash(&[&message]);
            assert_eq!(
                hash(id)
                    .hash(&[&message[..1], &[], &message[1..200], &message[200..]])
                    .as_ref(),
                whole.as_ref()
            );

            let mut context = hash(id).start();
            context.update(&message[..129]);
            let mut fork = context.fork();
            let before = context.current();
            context.update(&message[129..]);
            assert_eq!(context.current().as_ref(), whole.as_ref());
            assert_eq!(fork.current().as_ref(), before.as_ref());
            fork.update(b"another end");
            assert_ne!(fork.current().as_ref(), whole.as_ref());
            assert_eq!(
                fork.current().as_ref(),
                hash(id).hash(&[&message[..129], b"another end"]).as_ref()
            );
        }
    }
}
