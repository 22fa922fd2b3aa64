//! EVP_PKEY and EVP_MD, as far as TLS programs touch them: keys to be handed to contexts, names of hashes.

use crate::args::Str;
use crate::bio::BIO;
use crate::err::{self, Lib};
use crate::guard::guard;
use crate::native::{Cert, Key};
use crate::object::{Counted, Owned};
use crate::pem;
use crate::sys;
use core::ffi::{CStr, c_char, c_int, c_void};

/// What a key is: private, the public one of a certificate, or parameters of a group.
enum Kind {
    Private(Key),
    Public {
        spki: Vec<u8>,
        kind: std::ffi::CString,
        bits: c_int,
    },
    /// DHParameter in DER.
    DhParameters(Vec<u8>),
}

/// A key.
pub struct EVP_PKEY {
    kind: Kind,
}

// SAFETY: made in the functions of this file alone, inside of an Owned.
unsafe impl Counted for EVP_PKEY {}

/// EVP_PKEY_*: OpenSSL's numbers for kinds of keys.
const RSA: c_int = 6;
const RSA_PSS: c_int = 912;
const DH: c_int = 28;
const EC: c_int = 408;
const ED25519: c_int = 1087;

impl EVP_PKEY {
    pub(crate) fn private(key: Key) -> Owned<Self> {
        Owned::new(Self {
            kind: Kind::Private(key),
        })
    }

    pub(crate) fn public(cert: &Cert) -> Owned<Self> {
        // SAFETY: a live certificate.
        let bits = unsafe { sys::tls_cert_key_bits(cert.raw()) };
        let kind = cert.text(sys::tls_cert_key_type).to_owned();
        Owned::new(Self {
            kind: Kind::Public {
                spki: cert.spki().to_vec(),
                kind,
                bits,
            },
        })
    }

    pub(crate) fn dh_parameters(der: &[u8]) -> Owned<Self> {
        Owned::new(Self {
            kind: Kind::DhParameters(der.to_vec()),
        })
    }

    pub(crate) const fn key(&self) -> Option<&Key> {
        match &self.kind {
            Kind::Private(key) => Some(key),
            Kind::Public { .. } | Kind::DhParameters(_) => None,
        }
    }

    pub(crate) fn as_dh_parameters(&self) -> Option<&[u8]> {
        match &self.kind {
            Kind::DhParameters(der) => Some(der),
            Kind::Private(_) | Kind::Public { .. } => None,
        }
    }

    /// The kind in libtlscore's words.
    pub(crate) fn type_name(&self) -> &CStr {
        match &self.kind {
            // SAFETY: a live key, whose text stays while it does.
            Kind::Private(key) => {
                // SAFETY: as the comment above says.
                unsafe { crate::native::text(sys::tls_key_type(key.raw())) }.unwrap_or_default()
            }
            Kind::Public { kind, .. } => kind,
            Kind::DhParameters(_) => c"DH",
        }
    }

    pub(crate) fn fits(&self, cert: &Cert) -> bool {
        match &self.kind {
            // SAFETY: live handles.
            Kind::Private(key) => unsafe { sys::tls_key_fits(key.raw(), cert.raw()) == 1 },
            Kind::Public { spki, .. } => cert.spki() == spki,
            Kind::DhParameters(_) => false,
        }
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_EVP_PKEY_free(key: Option<Owned<EVP_PKEY>>) {
    guard((), || drop(key));
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_EVP_PKEY_up_ref(key: Option<&EVP_PKEY>) -> c_int {
    key.map_or(0, |key| {
        core::mem::forget(Owned::again(key));
        1
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_EVP_PKEY_get_base_id(key: Option<&EVP_PKEY>) -> c_int {
    tlscore_EVP_PKEY_get_id(key)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_EVP_PKEY_get_id(key: Option<&EVP_PKEY>) -> c_int {
    key.map_or(0, |key| match key.type_name().to_bytes() {
        b"RSA" => RSA,
        b"RSA-PSS" => RSA_PSS,
        b"EC" => EC,
        b"Ed25519" => ED25519,
        b"DH" => DH,
        _ => 0,
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_EVP_PKEY_get_bits(key: Option<&EVP_PKEY>) -> c_int {
    key.map_or(0, |key| match &key.kind {
        // SAFETY: a live key.
        Kind::Private(key) => unsafe { sys::tls_key_bits(key.raw()) },
        Kind::Public { bits, .. } => *bits,
        Kind::DhParameters(_) => 0,
    })
}

/// The public key of a certificate, with a reference of its own.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_get_pubkey(
    x509: Option<&crate::x509::X509>,
) -> Option<Owned<EVP_PKEY>> {
    guard(None, || x509.map(|x509| EVP_PKEY::public(x509.native())))
}

/// 1 where the key belongs to the certificate.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_check_private_key(
    x509: Option<&crate::x509::X509>,
    key: Option<&EVP_PKEY>,
) -> c_int {
    guard(0, || {
        let fits = x509
            .zip(key)
            .is_some_and(|(x509, key)| key.fits(x509.native()));
        if !fits {
            err::put(Lib::X509, err::x509::KEY_VALUES_MISMATCH, "");
        }
        c_int::from(fits)
    })
}

/// Asked for the password of an encrypted key: writes it to the buffer and returns its length; OpenSSL's
/// `pem_password_cb`.
pub type PasswordFn = unsafe extern "C" fn(*mut c_char, c_int, c_int, *mut c_void) -> c_int;

/// Who knows a password: the program's function, or, without one, a text.
#[derive(Clone, Copy)]
pub(crate) struct Asker {
    pub(crate) callback: Option<PasswordFn>,
    pub(crate) data: *mut c_void,
}

/// PEM_BUFSIZE
const ROOM: c_int = 1024;

/// libtlscore asks, and the program answers. OpenSSL asks once.
unsafe extern "C" fn ask(
    _place: *const c_char,
    attempt: usize,
    out: *mut c_char,
    cap: usize,
    arg: *mut c_void,
) -> isize {
    // SAFETY: the argument is an Asker that lives during the call that loads the key.
    let asker = unsafe { &*arg.cast::<Asker>() };
    if attempt > 0 {
        return -1;
    }
    match asker.callback {
        // SAFETY: the program's function, with room for that many bytes.
        Some(callback) => unsafe {
            callback(out, ROOM.min(crate::args::count(cap)), 0, asker.data) as isize
        },
        None if asker.data.is_null() => -1,
        None => {
            // SAFETY: without a function the argument is a text: the manual's words.
            let text = unsafe { CStr::from_ptr(asker.data.cast()) }.to_bytes();
            let n = text.len().min(cap);
            // SAFETY: room for `cap` bytes.
            unsafe { core::ptr::copy_nonoverlapping(text.as_ptr(), out.cast(), n) };
            n.cast_signed()
        }
    }
}

/// Reads a private key in PEM or DER; errors are in the queue.
pub(crate) fn read_key(bytes: &[u8], mut asker: Asker) -> Option<Owned<EVP_PKEY>> {
    let mut info = sys::tls_error_info::none();
    let arg = (&raw mut asker).cast();
    // SAFETY: readable bytes; the asker lives during the call; the key's reference is ours.
    let key = unsafe {
        Key::own(sys::tls_key_from_mem(
            bytes.as_ptr().cast(),
            bytes.len(),
            Some(ask),
            arg,
            &raw mut info,
        ))
    };
    if key.is_none() {
        let reason = match info.number {
            // BAD_PEM, PASSWORD_NEEDED, WRONG_PASSWORD
            116 => err::pem::NO_START_LINE,
            161 => err::pem::BAD_PASSWORD_READ,
            162 => err::pem::BAD_DECRYPT,
            _ => err::ASN1_LIB,
        };
        err::put(Lib::Pem, reason, info.text());
    }
    key.map(EVP_PKEY::private)
}

/// Reads the next private key of a BIO. With `old` the key is put where it points, too.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_PEM_read_bio_PrivateKey(
    bio: Option<&BIO>,
    old: *mut *mut EVP_PKEY,
    callback: Option<PasswordFn>,
    data: *mut c_void,
) -> *mut EVP_PKEY {
    guard(core::ptr::null_mut(), || {
        let block = bio.and_then(|bio| pem::next(bio, |label| label.ends_with(b"PRIVATE KEY")));
        let key = block.and_then(|block| read_key(&block, Asker { callback, data }));
        // SAFETY: NULL or a place for a key: the manual's promise.
        unsafe { pem::put(old, key) }
    })
}

/// The key of DHParameter in DER, as `PEM_read_bio_Parameters` reads it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_PEM_read_bio_Parameters(
    bio: Option<&BIO>,
    old: *mut *mut EVP_PKEY,
) -> *mut EVP_PKEY {
    guard(core::ptr::null_mut(), || {
        let block = bio.and_then(|bio| pem::next(bio, |label| label == b"DH PARAMETERS"));
        let key = block.map(|block| EVP_PKEY::dh_parameters(&block));
        // SAFETY: as above.
        unsafe { pem::put(old, key) }
    })
}

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

/// Reads parameters for Diffie-Hellman in PEM, and nothing else, as OpenSSL's decoders do.
pub struct OSSL_DECODER_CTX {
    key: *mut *mut EVP_PKEY,
}

/// A decoder for DH parameters in PEM; NULL for everything else.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_OSSL_DECODER_CTX_new_for_pkey(
    key: *mut *mut EVP_PKEY,
    input: Str<'_>,
    structure: Str<'_>,
    kind: Str<'_>,
    selection: c_int,
    libctx: *mut c_void,
    propquery: Str<'_>,
) -> Option<Owned<OSSL_DECODER_CTX>> {
    let _ = (structure, selection, libctx, propquery);
    let known = input.bytes().is_none_or(|input| input == b"PEM") && kind.bytes() == Some(b"DH");
    if !known || key.is_null() {
        err::put(
            Lib::Evp,
            err::UNSUPPORTED,
            "decoders read DH parameters in PEM",
        );
        return None;
    }
    Some(Owned::new(OSSL_DECODER_CTX { key }))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_OSSL_DECODER_from_bio(
    decoder: Option<&OSSL_DECODER_CTX>,
    bio: Option<&BIO>,
) -> c_int {
    guard(0, || {
        let Some((decoder, bio)) = decoder.zip(bio) else {
            return 0;
        };
        let Some(block) = pem::next(bio, |label| label == b"DH PARAMETERS") else {
            return 0;
        };
        let key = EVP_PKEY::dh_parameters(&block);
        // SAFETY: the place that the program gave to the decoder.
        unsafe { decoder.key.write(key.into_raw()) };
        1
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_OSSL_DECODER_from_fp(
    decoder: Option<&OSSL_DECODER_CTX>,
    file: *mut libc::FILE,
) -> c_int {
    // SAFETY: an open file, which stays the program's.
    let bio = unsafe { crate::bio::sources::tlscore_BIO_new_fp(file, 0) };
    tlscore_OSSL_DECODER_from_bio(decoder, bio.as_deref())
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_OSSL_DECODER_CTX_free(decoder: Option<Owned<OSSL_DECODER_CTX>>) {
    guard((), || drop(decoder));
}
