//! Keys in PEM and DER, and who knows their passwords.

use super::EVP_PKEY;
use crate::bio::BIO;
use crate::err::{self, Lib};
use crate::guard::guard;
use crate::native::Key;
use crate::object::Owned;
use crate::pem;
use crate::sys;
use core::ffi::{CStr, c_char, c_int, c_void};

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
