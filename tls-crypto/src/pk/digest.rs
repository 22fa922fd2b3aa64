use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use tls_core::crypto::{Digest, HashId};

/// The hash of a signed message, for the implementations that take digests.
pub(crate) fn digest(hash: HashId, message: &[u8]) -> Digest {
    match hash {
        HashId::Sha1 => Digest::new(&Sha1::digest(message)),
        HashId::Sha256 => Digest::new(&Sha256::digest(message)),
        HashId::Sha384 => Digest::new(&Sha384::digest(message)),
        HashId::Sha512 => Digest::new(&Sha512::digest(message)),
    }
}
