//! EVP_MD: hashes by name. What they compute is in [`super::digest`].

use crate::args::Str;
use core::ffi::{CStr, c_char, c_int};
use md5::Md5;
use sha1::Sha1;
use sha2::digest::DynDigest;
use sha2::{Sha224, Sha256, Sha384, Sha512};

/// A hash, by name. Constants.
pub struct EVP_MD {
    nid: c_int,
    name: &'static CStr,
    size: c_int,
    block: c_int,
    start: fn() -> Box<dyn DynDigest>,
}

macro_rules! hashes {
    ($($constant:ident $nid:literal $name:literal $size:literal $block:literal $hash:ident;)*) => {
        $(static $constant: EVP_MD = EVP_MD {
            nid: $nid,
            name: $name,
            size: $size,
            block: $block,
            start: || Box::new($hash::default()),
        };)*
        static ALL: &[&EVP_MD] = &[$(&$constant),*];
    };
}

hashes! {
    MD5 4 c"MD5" 16 64 Md5;
    SHA1 64 c"SHA1" 20 64 Sha1;
    SHA224 675 c"SHA224" 28 64 Sha224;
    SHA256 672 c"SHA256" 32 64 Sha256;
    SHA384 673 c"SHA384" 48 128 Sha384;
    SHA512 674 c"SHA512" 64 128 Sha512;
}

impl EVP_MD {
    pub(crate) fn is_sha256(&self) -> bool {
        self.nid == SHA256.nid
    }

    pub(crate) fn start(&self) -> Box<dyn DynDigest> {
        (self.start)()
    }

    /// The hash over these bytes.
    pub(crate) fn of(&self, bytes: &[u8]) -> Box<[u8]> {
        let mut hash = self.start();
        hash.update(bytes);
        hash.finalize()
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_EVP_md5() -> *const EVP_MD {
    &raw const MD5
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_EVP_sha1() -> *const EVP_MD {
    &raw const SHA1
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_EVP_sha224() -> *const EVP_MD {
    &raw const SHA224
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_EVP_sha256() -> *const EVP_MD {
    &raw const SHA256
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_EVP_sha384() -> *const EVP_MD {
    &raw const SHA384
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_EVP_sha512() -> *const EVP_MD {
    &raw const SHA512
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_EVP_get_digestbyname(name: Str<'_>) -> *const EVP_MD {
    let name = name
        .utf8()
        .unwrap_or_default()
        .to_ascii_uppercase()
        .replace('-', "");
    let found = ALL.iter().find(|md| md.name.to_bytes() == name.as_bytes());
    found.map_or(core::ptr::null(), |md| core::ptr::from_ref(*md))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_EVP_MD_get_size(md: Option<&EVP_MD>) -> c_int {
    md.map_or(-1, |md| md.size)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_EVP_MD_get_type(md: Option<&EVP_MD>) -> c_int {
    md.map_or(0, |md| md.nid)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_EVP_MD_get_block_size(md: Option<&EVP_MD>) -> c_int {
    md.map_or(-1, |md| md.block)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_EVP_MD_get0_name(md: Option<&EVP_MD>) -> *const c_char {
    md.map_or(core::ptr::null(), |md| md.name.as_ptr())
}
