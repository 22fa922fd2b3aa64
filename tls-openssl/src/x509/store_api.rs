//! X509_STORE_*.

use super::store::X509_STORE;
use super::store_ctx::VerifyFn;
use crate::args::Str;
use crate::guard::guard;
use crate::object::Owned;
use crate::stack::{OPENSSL_STACK, X509_STACK};
use crate::x509::{X509, X509_VERIFY_PARAM};
use core::ffi::{c_int, c_ulong, c_void};

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_new() -> Option<Owned<X509_STORE>> {
    guard(None, || Some(X509_STORE::new()))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_free(store: Option<Owned<X509_STORE>>) {
    guard((), || drop(store));
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_up_ref(store: Option<&X509_STORE>) -> c_int {
    store.map_or(0, |store| {
        core::mem::forget(Owned::again(store));
        1
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_add_cert(
    store: Option<&X509_STORE>,
    x509: Option<&X509>,
) -> c_int {
    guard(0, || {
        let added = store
            .zip(x509)
            .is_some_and(|(store, x509)| store.add_certificate(x509));
        c_int::from(added)
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_load_locations(
    store: Option<&X509_STORE>,
    file: Str<'_>,
    dir: Str<'_>,
) -> c_int {
    guard(0, || {
        let Some(store) = store else { return 0 };
        let (file, dir) = (file.c_str(), dir.c_str());
        if file.is_none() && dir.is_none() {
            return 0;
        }
        let read = file.is_none_or(|file| store.load_file(file))
            && dir.is_none_or(|dir| store.load_dir(dir));
        c_int::from(read)
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_load_file(store: Option<&X509_STORE>, file: Str<'_>) -> c_int {
    guard(0, || {
        c_int::from(
            store
                .zip(file.c_str())
                .is_some_and(|(store, file)| store.load_file(file)),
        )
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_load_path(store: Option<&X509_STORE>, dir: Str<'_>) -> c_int {
    guard(0, || {
        c_int::from(
            store
                .zip(dir.c_str())
                .is_some_and(|(store, dir)| store.load_dir(dir)),
        )
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_set_default_paths(store: Option<&X509_STORE>) -> c_int {
    guard(0, || {
        c_int::from(store.is_some_and(X509_STORE::load_system))
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_set_flags(
    store: Option<&X509_STORE>,
    flags: c_ulong,
) -> c_int {
    guard(0, || {
        store.map_or(0, |store| {
            c_int::from(store.param().set(|values| values.add_flags(flags)))
        })
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_get0_param(
    store: Option<&X509_STORE>,
) -> *mut X509_VERIFY_PARAM {
    store.map_or(core::ptr::null_mut(), |store| store.param().pointer())
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_set_verify_cb(
    store: Option<&X509_STORE>,
    callback: Option<VerifyFn>,
) {
    if let Some(store) = store {
        store.set_callback(callback);
    }
}

/// The certificates that were added one by one or by file, each with a reference; directories stay with libtlscore.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_get1_all_certs(
    store: Option<&X509_STORE>,
) -> Option<Owned<X509_STACK>> {
    guard(None, || {
        let all = store?
            .all_certificates()
            .into_iter()
            .map(|x509| x509.into_raw().cast());
        Some(OPENSSL_STACK::new(all.collect()))
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_set_ex_data(
    store: Option<&X509_STORE>,
    index: c_int,
    data: *mut c_void,
) -> c_int {
    c_int::from(store.is_some_and(|store| store.ex_data.set(index, data)))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_get_ex_data(
    store: Option<&X509_STORE>,
    index: c_int,
) -> *mut c_void {
    store.map_or(core::ptr::null_mut(), |store| store.ex_data.get(index))
}
