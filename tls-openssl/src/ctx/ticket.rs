//! The ticket key callback. OpenSSL's gets a cipher and a MAC to set up; here they only note the keys that the program
//! sets, and libtlscore seals its tickets with them: AES-CBC with HMAC-SHA256 (RFC 5077 §4).

use super::SSL_CTX;
use super::callbacks::current;
use crate::args::{Str, length};
use crate::err::{self, Lib};
use crate::evp::EVP_MD;
use crate::guard::guard;
use crate::object::Plain;
use crate::ssl::SSL;
use crate::sys::tls_ctx_set_ticket_key_callback;
use core::ffi::{c_char, c_int, c_uchar, c_uint, c_void};
use core::ptr;
use zeroize::Zeroizing;

/// A cipher for tickets. Constants.
pub struct EVP_CIPHER {
    key_len: usize,
}

static AES_128_CBC: EVP_CIPHER = EVP_CIPHER { key_len: 16 };
static AES_256_CBC: EVP_CIPHER = EVP_CIPHER { key_len: 32 };

type Key = Plain<Zeroizing<Vec<u8>>>;

/// Where the program puts the key of the cipher.
pub struct EVP_CIPHER_CTX(Key);
/// Where the program puts the key of the MAC.
pub struct HMAC_CTX(Key);
/// The same by OpenSSL 3's name.
pub type EVP_MAC_CTX = HMAC_CTX;

/// OpenSSL's OSSL_PARAM, as its header shows it.
#[repr(C)]
pub struct OSSL_PARAM {
    key: *const c_char,
    data_type: c_uint,
    data: *mut c_void,
    data_size: usize,
    return_size: usize,
}

/// OSSL_PARAM_UTF8_STRING, OSSL_PARAM_OCTET_STRING
const UTF8: c_uint = 4;
const OCTETS: c_uint = 5;

pub type TicketKeyFn = unsafe extern "C" fn(
    *mut SSL,
    *mut c_uchar,
    *mut c_uchar,
    *mut EVP_CIPHER_CTX,
    *mut HMAC_CTX,
    c_int,
) -> c_int;

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_EVP_aes_128_cbc() -> *const EVP_CIPHER {
    &raw const AES_128_CBC
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_EVP_aes_256_cbc() -> *const EVP_CIPHER {
    &raw const AES_256_CBC
}

/// # Safety
/// `key` has as many bytes as the cipher wants.
unsafe fn note(
    ctx: Option<&EVP_CIPHER_CTX>,
    cipher: Option<&EVP_CIPHER>,
    key: *const c_uchar,
) -> c_int {
    guard(0, || {
        let Some((ctx, cipher)) = ctx.zip(cipher).filter(|_| !key.is_null()) else {
            return 0;
        };
        // SAFETY: the caller's promise.
        let key = unsafe { crate::args::bytes(key.cast(), cipher.key_len) };
        ctx.0.change(|noted| *noted = Zeroizing::new(key.to_vec()));
        1
    })
}

/// In a ticket key callback: AES-128-CBC or AES-256-CBC with this key. The IV is libtlscore's to choose.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_EVP_EncryptInit_ex(
    ctx: Option<&EVP_CIPHER_CTX>,
    cipher: Option<&EVP_CIPHER>,
    _engine: *mut c_void,
    key: *const c_uchar,
    _iv: *const c_uchar,
) -> c_int {
    // SAFETY: the manual's promise.
    unsafe { note(ctx, cipher, key) }
}

/// In a ticket key callback, as EVP_EncryptInit_ex.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_EVP_DecryptInit_ex(
    ctx: Option<&EVP_CIPHER_CTX>,
    cipher: Option<&EVP_CIPHER>,
    _engine: *mut c_void,
    key: *const c_uchar,
    _iv: *const c_uchar,
) -> c_int {
    // SAFETY: the manual's promise.
    unsafe { note(ctx, cipher, key) }
}

fn note_mac(ctx: &HMAC_CTX, key: &[u8]) -> c_int {
    ctx.0.change(|noted| *noted = Zeroizing::new(key.to_vec()));
    1
}

/// In a ticket key callback: HMAC-SHA256 with this key, 32 bytes at most (16 beside AES-128); no other hash.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_HMAC_Init_ex(
    ctx: Option<&HMAC_CTX>,
    key: *const c_void,
    len: c_int,
    md: Option<&EVP_MD>,
    _engine: *mut c_void,
) -> c_int {
    guard(0, || {
        // SAFETY: `len` readable bytes: the manual's promise.
        let key = unsafe { crate::args::bytes(key, length(len)) };
        let Some((ctx, md)) = ctx.zip(md).filter(|_| !key.is_empty()) else {
            return 0;
        };
        if !md.is_sha256() {
            err::put(
                Lib::Evp,
                err::UNSUPPORTED,
                "tickets are authenticated with HMAC-SHA256",
            );
            return 0;
        }
        note_mac(ctx, key)
    })
}

/// In a ticket key callback: "key" (octets) and "digest" (SHA256) of the MAC.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_EVP_MAC_CTX_set_params(
    ctx: Option<&EVP_MAC_CTX>,
    params: *const OSSL_PARAM,
) -> c_int {
    guard(0, || {
        let (Some(ctx), false) = (ctx, params.is_null()) else {
            return 0;
        };
        let (mut at, mut ok) = (params, 1);
        // SAFETY: a list that ends with a key of NULL: the manual's promise.
        while let Some(param) = unsafe { at.as_ref() }.filter(|param| !param.key.is_null()) {
            // SAFETY: a text, and `data_size` readable bytes: the manual's promise.
            let (name, data) = unsafe {
                let name = core::ffi::CStr::from_ptr(param.key).to_bytes();
                (name, crate::args::bytes(param.data, param.data_size))
            };
            match name {
                b"key" => ok &= note_mac(ctx, data),
                b"digest"
                    if data.eq_ignore_ascii_case(b"sha256")
                        || data.eq_ignore_ascii_case(b"sha2-256") => {}
                _ => {
                    err::put(
                        Lib::Evp,
                        err::UNSUPPORTED,
                        "tickets are authenticated with HMAC-SHA256",
                    );
                    ok = 0;
                }
            }
            // SAFETY: there is one more, the end of the list at least.
            at = unsafe { at.add(1) };
        }
        ok
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_OSSL_PARAM_construct_octet_string(
    key: Str<'_>,
    data: *mut c_void,
    len: usize,
) -> OSSL_PARAM {
    param(key.pointer(), OCTETS, data, len)
}

/// `len` 0: up to the NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_OSSL_PARAM_construct_utf8_string(
    key: Str<'_>,
    text: *mut c_char,
    len: usize,
) -> OSSL_PARAM {
    // SAFETY: NULL or a text: the manual's promise.
    let whole = || unsafe { crate::native::text(text) }.map_or(0, core::ffi::CStr::count_bytes);
    let len = if len == 0 { whole() } else { len };
    param(key.pointer(), UTF8, text.cast(), len)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_OSSL_PARAM_construct_end() -> OSSL_PARAM {
    param(ptr::null(), 0, ptr::null_mut(), 0)
}

const fn param(
    key: *const c_char,
    data_type: c_uint,
    data: *mut c_void,
    data_size: usize,
) -> OSSL_PARAM {
    OSSL_PARAM {
        key,
        data_type,
        data,
        data_size,
        return_size: usize::MAX,
    }
}

/// The program's callback for the key to seal with (`name` NULL), or to open with.
unsafe extern "C" fn key(
    name: *const u8,
    out: *mut u8,
    renew: *mut c_int,
    _arg: *mut c_void,
) -> c_int {
    guard(0, || {
        let Some(ssl) = current() else { return 0 };
        let callback = ssl.session_ctx().hooks().ticket_key;
        let Some(callback) = callback else { return 0 };
        let (mut label, mut iv) = ([0_u8; 16], [0_u8; 16]);
        let seals = name.is_null();
        if !seals {
            // SAFETY: 16 bytes: libtlscore's promise.
            label.copy_from_slice(unsafe { crate::args::bytes(name.cast(), 16) });
        }
        let cipher = EVP_CIPHER_CTX(Plain::new(Zeroizing::default()));
        let mac = HMAC_CTX(Plain::new(Zeroizing::default()));
        let (cipher_at, mac_at) = (
            ptr::from_ref(&cipher).cast_mut(),
            ptr::from_ref(&mac).cast_mut(),
        );
        let us = ptr::from_ref(ssl).cast_mut();
        // SAFETY: the program's function, with a name and an IV of 16 bytes and contexts that live for the call.
        let said = unsafe {
            callback(
                us,
                label.as_mut_ptr(),
                iv.as_mut_ptr(),
                cipher_at,
                mac_at,
                c_int::from(seals),
            )
        };
        if said <= 0 {
            return 0;
        }
        let Some(raw) = raw(&label, &cipher.0, &mac.0) else {
            err::put(
                Lib::Ssl,
                err::UNSUPPORTED,
                "the keys are not AES-CBC's and HMAC-SHA256's",
            );
            return 0;
        };
        // SAFETY: room for 80 bytes, and a place for a number: libtlscore's promise.
        unsafe {
            ptr::copy_nonoverlapping(raw.as_ptr(), out, raw.len());
            if said == 2 && !seals {
                renew.write(1);
            }
        }
        crate::args::count(raw.len())
    })
}

/// The raw form of nginx: name, AES-128 key, MAC key of 16 bytes; or name, MAC key of 32 bytes, AES-256 key. HMAC fills
/// shorter keys with zeros (RFC 2104 §2).
fn raw(label: &[u8; 16], cipher: &Key, mac: &Key) -> Option<Zeroizing<Vec<u8>>> {
    let (cipher, mut mac) = (cipher.read(Clone::clone), mac.read(Clone::clone));
    if mac.is_empty() || mac.len() > cipher.len() {
        return None;
    }
    let mut padded = Zeroizing::new(vec![0; cipher.len()]);
    padded[..mac.len()].copy_from_slice(&mac);
    mac = padded;
    let parts: [&[u8]; 3] = match cipher.len() {
        16 => [label, &cipher, &mac],
        _ => [label, &mac, &cipher],
    };
    let mut raw = Zeroizing::new(Vec::with_capacity(80));
    parts.iter().for_each(|part| raw.extend_from_slice(part));
    Some(raw)
}

impl SSL_CTX {
    pub(super) fn set_ticket_key(&self, callback: Option<TicketKeyFn>) -> c_int {
        self.hooks().ticket_key = callback;
        if callback.is_none() {
            // libtlscore's own random keys are gone with the first callback: without one there are no tickets.
            return 1;
        }
        let arg = ptr::null_mut();
        // SAFETY: a live context and a function that needs no argument.
        c_int::from(self.set_native(|ctx| unsafe {
            tls_ctx_set_ticket_key_callback(ctx, Some(key), arg, None)
        }))
    }
}

/// The keys that tickets are sealed and opened with. The cipher is AES-CBC (EVP_EncryptInit_ex, EVP_DecryptInit_ex), the
/// MAC HMAC-SHA256 (EVP_MAC_CTX_set_params): they note the keys and do nothing else.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_set_tlsext_ticket_key_evp_cb(
    ctx: Option<&SSL_CTX>,
    callback: Option<TicketKeyFn>,
) -> c_int {
    guard(0, || ctx.map_or(0, |ctx| ctx.set_ticket_key(callback)))
}
