//! EVP_PKEY: keys to be handed to contexts. Reading them, hashes, groups and decoders have files of their own.

pub mod decoder;
pub mod digest;
pub mod group;
pub mod md;
pub mod read;
pub mod sha;

use crate::err::{self, Lib};
use crate::guard::guard;
use crate::native::{Cert, Key};
use crate::object::{Counted, Owned};
use crate::sys;
use core::ffi::{CStr, c_int};
pub use digest::EVP_MD_CTX;
pub use md::EVP_MD;
pub use read::PasswordFn;
pub(crate) use read::{Asker, read_key};

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
    /// A key of one handshake: nothing of it but its group.
    Ephemeral(group::Group),
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
const X25519: c_int = 1034;

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
            Kind::Public { .. } | Kind::DhParameters(_) | Kind::Ephemeral(_) => None,
        }
    }

    pub(crate) fn as_dh_parameters(&self) -> Option<&[u8]> {
        match &self.kind {
            Kind::DhParameters(der) => Some(der),
            Kind::Private(_) | Kind::Public { .. } | Kind::Ephemeral(_) => None,
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
            Kind::Ephemeral(group) => group.kind,
        }
    }

    pub(crate) fn is_rsa(&self) -> bool {
        self.type_name() == c"RSA"
    }

    pub(crate) fn fits(&self, cert: &Cert) -> bool {
        match &self.kind {
            // SAFETY: live handles.
            Kind::Private(key) => unsafe { sys::tls_key_fits(key.raw(), cert.raw()) == 1 },
            Kind::Public { spki, .. } => cert.spki() == spki,
            Kind::DhParameters(_) | Kind::Ephemeral(_) => false,
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
        b"X25519" => X25519,
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
        Kind::Ephemeral(group) => group.bits,
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
