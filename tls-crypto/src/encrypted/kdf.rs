use hmac::Hmac;
use hmac::{KeyInit as _, Mac as _};
use md5::Md5;
use rsa::pkcs8::ObjectIdentifier;
use sha1::Sha1;
use sha2::digest::{Digest, common::BlockSizeUser};
use sha2::{Sha224, Sha256, Sha384, Sha512};
use zeroize::{Zeroize as _, Zeroizing};

/// The hashes under PBKDF2, PKCS #12 and their MACs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hash {
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

/// Runs code with `$d` as the type of a hash.
macro_rules! with {
    ($hash:expr, $d:ident => $body:expr) => {
        match $hash {
            Hash::Sha1 => {
                type $d = Sha1;
                $body
            }
            Hash::Sha224 => {
                type $d = Sha224;
                $body
            }
            Hash::Sha256 => {
                type $d = Sha256;
                $body
            }
            Hash::Sha384 => {
                type $d = Sha384;
                $body
            }
            Hash::Sha512 => {
                type $d = Sha512;
                $body
            }
        }
    };
}

const fn oid(dotted: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(dotted)
}

/// A hash, its own identifier and that of HMAC over it (RFC 8018 Appendix B.1).
#[rustfmt::skip]
const HASHES: [(Hash, ObjectIdentifier, ObjectIdentifier); 5] = [
    (Hash::Sha1, oid("1.3.14.3.2.26"), oid("1.2.840.113549.2.7")),
    (Hash::Sha224, oid("2.16.840.1.101.3.4.2.4"), oid("1.2.840.113549.2.8")),
    (Hash::Sha256, oid("2.16.840.1.101.3.4.2.1"), oid("1.2.840.113549.2.9")),
    (Hash::Sha384, oid("2.16.840.1.101.3.4.2.2"), oid("1.2.840.113549.2.10")),
    (Hash::Sha512, oid("2.16.840.1.101.3.4.2.3"), oid("1.2.840.113549.2.11")),
];

impl Hash {
    /// By its own identifier.
    pub(super) fn by_oid(id: ObjectIdentifier) -> Option<Self> {
        HASHES.iter().find(|row| row.1 == id).map(|row| row.0)
    }

    /// By the identifier of HMAC over it.
    pub(super) fn by_hmac(id: ObjectIdentifier) -> Option<Self> {
        HASHES.iter().find(|row| row.2 == id).map(|row| row.0)
    }

    /// Of a digest, in bytes.
    pub(super) fn len(self) -> usize {
        with!(self, D => <D as Digest>::output_size())
    }

    /// What a compression costs, in those of SHA-256.
    pub(super) const fn weight(self) -> u64 {
        match self {
            Self::Sha1 | Self::Sha224 | Self::Sha256 => 1,
            Self::Sha384 | Self::Sha512 => 2,
        }
    }

    /// HMAC, compared in constant time.
    pub(super) fn hmac_is(self, key: &[u8], message: &[u8], mac: &[u8]) -> bool {
        with!(self, D => {
            let Ok(mut hmac) = Hmac::<D>::new_from_slice(key) else {
                return false;
            };
            hmac.update(message);
            hmac.verify_slice(mac).is_ok()
        })
    }
}

/// PBKDF2 (RFC 8018 §5.2).
pub(super) fn pbkdf2(
    prf: Hash,
    password: &[u8],
    salt: &[u8],
    iterations: u32,
    len: usize,
) -> Zeroizing<Vec<u8>> {
    let mut key = Zeroizing::new(vec![0; len]);
    with!(prf, D => pbkdf2::pbkdf2_hmac::<D>(password, salt, iterations, &mut key));
    key
}

/// What PKCS #12 derives for: the "ID" of RFC 7292 Appendix B.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Key = 1,
    Iv = 2,
    Mac = 3,
}

/// The key derivation of PKCS #12 (RFC 7292 Appendix B.2). `password` is a BMPString with its NUL.
pub(super) fn pkcs12(
    hash: Hash,
    purpose: Purpose,
    password: &[u8],
    salt: &[u8],
    iterations: u32,
    len: usize,
) -> Zeroizing<Vec<u8>> {
    with!(hash, D => pkcs12_with::<D>(purpose as u8, password, salt, iterations, len))
}

/// The names are those of the RFC: v is the hash's block, D the diversifier, I = S || P.
fn pkcs12_with<H: Digest + BlockSizeUser>(
    id: u8,
    password: &[u8],
    salt: &[u8],
    iterations: u32,
    len: usize,
) -> Zeroizing<Vec<u8>> {
    let v = <H as BlockSizeUser>::block_size();
    let filled = |bytes: &[u8]| {
        let len = bytes.len().next_multiple_of(v);
        Zeroizing::new(bytes.iter().copied().cycle().take(len).collect::<Vec<u8>>())
    };
    let mut i = Zeroizing::new([&filled(salt)[..], &filled(password)[..]].concat());
    let d = vec![id; v];
    let mut out = Zeroizing::new(Vec::with_capacity(len + v));
    while out.len() < len {
        let mut a = H::new().chain_update(&d).chain_update(&*i).finalize();
        for _ in 1..iterations {
            a = H::digest(&a);
        }
        out.extend_from_slice(&a);
        let b = Zeroizing::new(a.iter().copied().cycle().take(v).collect::<Vec<u8>>());
        i.chunks_exact_mut(v)
            .for_each(|block| add_one_more(block, &b));
        a.as_mut_slice().zeroize();
    }
    out.truncate(len);
    out
}

/// `block = block + b + 1` modulo 2^(8v), big-endian.
fn add_one_more(block: &mut [u8], b: &[u8]) {
    let mut carry = 1_u16;
    for (to, from) in block.iter_mut().zip(b).rev() {
        let sum = u16::from(*to) + u16::from(*from) + carry;
        *to = sum.to_le_bytes()[0];
        carry = sum >> 8;
    }
}

/// EVP_BytesToKey of OpenSSL with MD5 and one round, which its old PEM keys are encrypted with.
/// `salt` is the IV's first 8 bytes.
pub(super) fn old_pem(password: &[u8], salt: &[u8], len: usize) -> Zeroizing<Vec<u8>> {
    let mut key = Zeroizing::new(Vec::with_capacity(len + 16));
    while key.len() < len {
        let mut digest = Md5::new()
            .chain_update(key.last_chunk::<16>().map_or(&[][..], |last| last))
            .chain_update(password)
            .chain_update(salt)
            .finalize();
        key.extend_from_slice(&digest);
        digest.as_mut_slice().zeroize();
    }
    key.truncate(len);
    key
}
