//! X509_OBJECT: what a store trusts, as programs walk through it. There are certificates alone in such lists.

use super::{X509, X509_STORE};
use crate::guard::guard;
use crate::object::Owned;
use crate::stack::OBJECT_STACK;
use core::ffi::{c_int, c_void};

/// A certificate of a store.
pub struct X509_OBJECT {
    x509: Owned<X509>,
}

/// X509_LU_X509
const CERTIFICATE: c_int = 1;

impl X509_OBJECT {
    /// For lists that are ours, which give it back with [`free`].
    pub(super) fn of(x509: Owned<X509>) -> *mut Self {
        Box::into_raw(Box::new(Self { x509 }))
    }
}

pub(super) unsafe extern "C" fn free(object: *mut c_void) {
    // SAFETY: an item of a list of ours, made by `X509_OBJECT::of`.
    drop(unsafe { Box::from_raw(object.cast::<X509_OBJECT>()) });
}

/// The certificates that were added one by one or by file. The list is the store's, and lives as long; what is added later
/// is in it when it is asked for again. CRLs and directories stay with libtlscore.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_get0_objects(store: Option<&X509_STORE>) -> *mut OBJECT_STACK {
    guard(core::ptr::null_mut(), || {
        store.map_or(core::ptr::null_mut(), X509_STORE::objects)
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_OBJECT_get0_X509(object: Option<&X509_OBJECT>) -> *mut X509 {
    object.map_or(core::ptr::null_mut(), |object| object.x509.pointer())
}

/// X509_LU_X509; X509_LU_NONE (0) for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_OBJECT_get_type(object: Option<&X509_OBJECT>) -> c_int {
    object.map_or(0, |_| CERTIFICATE)
}
