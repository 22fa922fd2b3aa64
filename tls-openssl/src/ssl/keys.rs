//! An SSL's own certificate and key, in place of its context's.

use super::SSL;
use crate::args::Str;
use crate::ctx::keys::{Keys, is_strong, read_chain_file, read_key_file, read_leaf_file};
use crate::ctx::{CertFn, SSL_CTX, mode};
use crate::evp::EVP_PKEY;
use crate::guard::guard;
use crate::object::{Owned, lend};
use crate::x509::{X509, X509_STORE};
use core::ffi::{c_int, c_void};

impl SSL {
    /// Changes the keys, which are the context's until the first change.
    pub(super) fn change_keys<T>(&self, f: impl FnOnce(&mut Keys) -> T) -> T {
        let ctx = self.ctx();
        let mut own = self.own.borrow_mut();
        f(own.keys.get_or_insert_with(|| ctx.keys().clone()))
    }

    /// What completes chains that the program does not give whole.
    pub(super) fn chain_store(&self, ctx: &SSL_CTX) -> Option<Owned<X509_STORE>> {
        let asked = self.settings().mode & mode::NO_AUTO_CHAIN == 0;
        asked.then(|| ctx.store())
    }

    pub(super) fn with_keys<T>(&self, f: impl FnOnce(&Keys) -> T) -> T {
        match &self.own.borrow().keys {
            Some(keys) => f(keys),
            None => f(&self.ctx().keys()),
        }
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_use_certificate(ssl: Option<&SSL>, x509: Option<&X509>) -> c_int {
    guard(0, || {
        let Some((ssl, x509)) = ssl.zip(x509) else {
            return 0;
        };
        if !is_strong(x509, ssl.level(), true) {
            return 0;
        }
        let _old = ssl.change_keys(|keys| keys.set_leaf(Owned::again(x509)));
        1
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_use_PrivateKey(ssl: Option<&SSL>, key: Option<&EVP_PKEY>) -> c_int {
    guard(0, || {
        let Some((ssl, key)) = ssl.zip(key) else {
            return 0;
        };
        c_int::from(ssl.change_keys(|keys| keys.set_key(Owned::again(key))))
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_use_certificate_file(
    ssl: Option<&SSL>,
    file: Str<'_>,
    kind: c_int,
) -> c_int {
    guard(0, || {
        let read = ssl.and_then(|ssl| Some((ssl, read_leaf_file(file, kind, ssl.level())?)));
        let Some((ssl, leaf)) = read else { return 0 };
        let _old = ssl.change_keys(|keys| keys.set_leaf(leaf));
        1
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_use_certificate_chain_file(
    ssl: Option<&SSL>,
    file: Str<'_>,
) -> c_int {
    guard(0, || {
        let read = ssl.and_then(|ssl| Some((ssl, read_chain_file(file, ssl.level())?)));
        let Some((ssl, (leaf, chain))) = read else {
            return 0;
        };
        let _old = ssl.change_keys(|keys| keys.set_chain(leaf, chain));
        1
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_use_PrivateKey_file(
    ssl: Option<&SSL>,
    file: Str<'_>,
    kind: c_int,
) -> c_int {
    guard(0, || {
        let Some(ssl) = ssl else { return 0 };
        let asker = ssl.settings().passwords;
        // The program is asked for a password while nothing of the SSL is held.
        let key = read_key_file(file, kind, asker);
        c_int::from(key.is_some_and(|key| ssl.change_keys(|keys| keys.set_key(key))))
    })
}

/// As `SSL_CTX_set_cert_cb`, for this connection.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_cert_cb(
    ssl: Option<&SSL>,
    callback: Option<CertFn>,
    arg: *mut c_void,
) {
    if let Some(ssl) = ssl {
        ssl.cert.set(callback.map(|callback| (callback, arg)));
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_check_private_key(ssl: Option<&SSL>) -> c_int {
    guard(0, || {
        c_int::from(ssl.is_some_and(|ssl| ssl.with_keys(Keys::check)))
    })
}

/// The certificate of this side; it belongs to the SSL.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_certificate(ssl: Option<&SSL>) -> *mut X509 {
    ssl.map_or(core::ptr::null_mut(), |ssl| {
        ssl.with_keys(|keys| lend(keys.current().and_then(|pair| pair.leaf.as_ref())))
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_privatekey(ssl: Option<&SSL>) -> *mut EVP_PKEY {
    ssl.map_or(core::ptr::null_mut(), |ssl| {
        ssl.with_keys(|keys| lend(keys.current().and_then(|pair| pair.key.as_ref())))
    })
}
