//! EVP_MD: hashes by name.

use crate::args::Str;
use crate::native::Cert;
use crate::sys;
use core::ffi::{CStr, c_int};

/// A hash, by name. Constants.
pub struct EVP_MD {
    nid: c_int,
    name: &'static CStr,
    size: c_int,
}

static SHA1: EVP_MD = EVP_MD {
    nid: 64,
    name: c"SHA1",
    size: 20,
};
static SHA256: EVP_MD = EVP_MD {
    nid: 672,
    name: c"SHA256",
    size: 32,
};
static SHA384: EVP_MD = EVP_MD {
    nid: 673,
    name: c"SHA384",
    size: 48,
};
static SHA512: EVP_MD = EVP_MD {
    nid: 674,
    name: c"SHA512",
    size: 64,
};

impl EVP_MD {
    pub(crate) fn is_sha256(&self) -> bool {
        self.nid == SHA256.nid
    }

    /// The hash over a certificate; `None`: libtlscore does not tell it.
    pub(crate) fn of_cert(&self, cert: &Cert) -> Option<Vec<u8>> {
        let hex = match self.nid {
            64 => cert.text(sys::tls_cert_fingerprint_sha1),
            672 => cert.text(sys::tls_cert_fingerprint),
            _ => return None,
        };
        let digit = |byte: &u8| char::from(*byte).to_digit(16);
        hex.to_bytes()
            .chunks_exact(2)
            .map(|pair| Some((digit(&pair[0])? << 4 | digit(&pair[1])?) as u8))
            .collect()
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_EVP_sha1() -> *const EVP_MD {
    &raw const SHA1
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
    let all = [&SHA1, &SHA256, &SHA384, &SHA512];
    let found = all
        .into_iter()
        .find(|md| md.name.to_bytes() == name.as_bytes());
    found.map_or(core::ptr::null(), core::ptr::from_ref)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_EVP_MD_get_size(md: Option<&EVP_MD>) -> c_int {
    md.map_or(-1, |md| md.size)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_EVP_MD_get_type(md: Option<&EVP_MD>) -> c_int {
    md.map_or(0, |md| md.nid)
}
