//! OSSL_DECODER, for parameters of Diffie-Hellman.

use super::EVP_PKEY;
use crate::args::Str;
use crate::bio::BIO;
use crate::err::{self, Lib};
use crate::guard::guard;
use crate::object::Owned;
use crate::pem;
use core::ffi::{c_int, c_void};

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
