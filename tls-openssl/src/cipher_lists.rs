//! Lists of cipher suites: what a context and a connection may choose, and what a client offers.

use crate::args::length;
use crate::cipher::SSL_CIPHER;
use crate::ctx::SSL_CTX;
use crate::guard::guard;
use crate::native::Ctx;
use crate::object::{Owned, lend};
use crate::ssl::SSL;
use crate::stack::{CIPHER_STACK, OPENSSL_STACK};
use crate::sys::{tls_ctx_set_cipher_list, tls_ctx_set_policy, tls_ctx_set_security_level};
use core::ffi::{c_char, c_int, c_uchar};

type Ciphers = Vec<&'static SSL_CIPHER>;

fn of_names(names: &[u8]) -> Ciphers {
    let split = names.split(|byte| *byte == b':');
    split.filter_map(SSL_CIPHER::by_name).collect()
}

impl SSL_CTX {
    /// Its suites as a list, which may be empty.
    pub(crate) fn ciphers(&self) -> Vec<u8> {
        match self.hooks().no_ciphers {
            true => Vec::new(),
            false => cipher_names(self.native()),
        }
    }
}

/// The suites of a context of libtlscore, as a list.
fn cipher_names(ctx: &Ctx) -> Vec<u8> {
    // SAFETY: a live context; without room it says how much it wants.
    let len = unsafe { crate::sys::tls_ctx_ciphers(ctx.raw(), core::ptr::null_mut(), 0) };
    let mut names = vec![0_u8; usize::try_from(len).unwrap_or(0) + 1];
    // SAFETY: a live context, and as much room.
    unsafe { crate::sys::tls_ctx_ciphers(ctx.raw(), names.as_mut_ptr().cast(), names.len()) };
    let end = names.iter().position(|byte| *byte == 0).unwrap_or(0);
    names.truncate(end);
    names
}

fn list(ciphers: &[&'static SSL_CIPHER]) -> Owned<OPENSSL_STACK> {
    let items = ciphers
        .iter()
        .map(|cipher| core::ptr::from_ref(*cipher).cast_mut().cast());
    OPENSSL_STACK::new(items.collect())
}

impl SSL {
    /// In its order of preference.
    fn ciphers(&self) -> Ciphers {
        let ctx = self.ctx();
        let own = self.own_ciphers();
        let Some((own, trial)) = own.zip(Ctx::new()) else {
            return of_names(&ctx.ciphers());
        };
        if own.is_empty() {
            return Vec::new();
        }
        let level = self.level();
        // SAFETY: a live context and texts.
        let set = trial.set(|trial| unsafe {
            tls_ctx_set_policy(trial, c"legacy".as_ptr());
            tls_ctx_set_cipher_list(trial, own.as_ptr());
            tls_ctx_set_security_level(trial, level)
        });
        match set {
            Ok(()) => of_names(&cipher_names(&trial)),
            Err(_) => Vec::new(),
        }
    }

    /// What the client of this server offers.
    fn offered(&self) -> Ciphers {
        self.hello_ciphers()
            .chunks_exact(2)
            .filter_map(|pair| SSL_CIPHER::by_id(u16::from_be_bytes([pair[0], pair[1]])))
            .collect()
    }
}

/// The suites that a connection may choose, most preferred first; the list belongs to the SSL.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_ciphers(ssl: Option<&SSL>) -> *mut CIPHER_STACK {
    guard(core::ptr::null_mut(), || {
        ssl.map_or(core::ptr::null_mut(), |ssl| {
            ssl.keep_list(list(&ssl.ciphers()))
        })
    })
}

/// The same of a context, to which the list belongs.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_get_ciphers(ctx: Option<&SSL_CTX>) -> *mut CIPHER_STACK {
    guard(core::ptr::null_mut(), || {
        ctx.map_or(core::ptr::null_mut(), |ctx| {
            let ciphers = list(&of_names(&ctx.ciphers()));
            lend(Some(&ctx.keep_list(ciphers)))
        })
    })
}

/// The suites as a list that the program frees.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get1_supported_ciphers(
    ssl: Option<&SSL>,
) -> Option<Owned<CIPHER_STACK>> {
    guard(None, || ssl.map(|ssl| list(&ssl.ciphers())))
}

/// The suites that the client offers, on servers; the list belongs to the SSL.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_client_ciphers(ssl: Option<&SSL>) -> *mut CIPHER_STACK {
    guard(core::ptr::null_mut(), || {
        ssl.filter(|ssl| !ssl.hello_ciphers().is_empty())
            .map_or(core::ptr::null_mut(), |ssl| {
                ssl.keep_list(list(&ssl.offered()))
            })
    })
}

/// The name of the suite at this place of `SSL_get_ciphers`; NULL beyond the last.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_cipher_list(ssl: Option<&SSL>, at: c_int) -> *const c_char {
    guard(core::ptr::null(), || {
        let name = |ssl: &SSL| {
            let at = usize::try_from(at).ok()?;
            Some(ssl.ciphers().get(at)?.name().as_ptr())
        };
        ssl.and_then(name).unwrap_or(core::ptr::null())
    })
}

/// On servers: the names of the suites that both sides have, with colons between, in `len` bytes at `out`; NULL where there
/// are none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SSL_get_shared_ciphers(
    ssl: Option<&SSL>,
    out: *mut c_char,
    len: c_int,
) -> *mut c_char {
    guard(core::ptr::null_mut(), || {
        let Some(ssl) = ssl.filter(|_| len >= 2 && !out.is_null()) else {
            return core::ptr::null_mut();
        };
        let ours = ssl.ciphers();
        let both = ssl
            .offered()
            .into_iter()
            .filter(|offered| ours.iter().any(|cipher| core::ptr::eq(*cipher, *offered)));
        let mut text = Vec::new();
        for name in both.map(|cipher| cipher.name().to_bytes()) {
            // Whole names alone.
            if text.len() + name.len() + 2 > length(len) {
                break;
            }
            if !text.is_empty() {
                text.push(b':');
            }
            text.extend_from_slice(name);
        }
        if text.is_empty() {
            return core::ptr::null_mut();
        }
        // SAFETY: room for `len` bytes: the manual's promise.
        unsafe { crate::args::copy_text(&text, out, length(len)) };
        out
    })
}

/// The suite with this number in two bytes; NULL for one that is not there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SSL_CIPHER_find(
    _ssl: Option<&SSL>,
    number: *const c_uchar,
) -> *const SSL_CIPHER {
    // SAFETY: two readable bytes, or NULL: the manual's promise.
    let bytes = unsafe { crate::args::bytes(number.cast(), 2) };
    let id = <[u8; 2]>::try_from(bytes).map(u16::from_be_bytes);
    let cipher = id.ok().and_then(SSL_CIPHER::by_id);
    cipher.map_or(core::ptr::null(), core::ptr::from_ref)
}

impl SSL_CIPHER {
    fn by_name(name: &[u8]) -> Option<&'static Self> {
        Self::all()
            .iter()
            .find(|cipher| cipher.name().to_bytes() == name)
    }
}
