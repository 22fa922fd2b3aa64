//! The BIOs that an SSL reads from and writes to.

use super::SSL;
use crate::bio::{BIO, ctrl, sources};
use crate::guard::guard;
use crate::object::{Owned, lend};
use core::ffi::c_int;

impl SSL {
    pub(crate) fn set_bios(&self, rbio: Option<Owned<BIO>>, wbio: Option<Owned<BIO>>) {
        self.set_rbio(rbio);
        self.set_wbio(wbio);
    }

    /// The chain that was there before is given back, all of it.
    pub(crate) fn set_rbio(&self, bio: Option<Owned<BIO>>) {
        let old = self.rbio.replace(bio);
        crate::bio::chain::free_all(old);
    }

    /// As `set_rbio`.
    pub(crate) fn set_wbio(&self, bio: Option<Owned<BIO>>) {
        let old = self.wbio.replace(bio);
        crate::bio::chain::free_all(old);
    }

    pub(crate) fn rbio(&self) -> Option<Owned<BIO>> {
        self.rbio.borrow().clone()
    }

    pub(crate) fn wbio(&self) -> Option<Owned<BIO>> {
        self.wbio.borrow().clone()
    }
}

/// Takes a reference of each BIO, of one that is given twice one reference, as OpenSSL's rules for the references
/// that it has already say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SSL_set_bio(ssl: Option<&SSL>, rbio: *mut BIO, wbio: *mut BIO) {
    guard((), || {
        let Some(ssl) = ssl else { return };
        let (old_r, old_w) = (
            lend(ssl.rbio.borrow().as_ref()),
            lend(ssl.wbio.borrow().as_ref()),
        );
        // SAFETY: BIOs, with as many references as the manual asks for.
        unsafe {
            if rbio == old_r && wbio == old_w {
                return;
            }
            // One reference for both: the second is made here.
            if !rbio.is_null() && rbio == wbio {
                core::mem::forget(rbio.as_ref().map(Owned::again));
            }
            if rbio == old_r {
                ssl.set_wbio(Owned::from_raw(wbio));
            } else if wbio == old_w && (old_r != old_w) {
                ssl.set_rbio(Owned::from_raw(rbio));
            } else {
                let (r, w) = (Owned::from_raw(rbio), Owned::from_raw(wbio));
                ssl.set_bios(r, w);
            }
        }
    });
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set0_rbio(ssl: Option<&SSL>, bio: Option<Owned<BIO>>) {
    guard((), || {
        if let Some(ssl) = ssl {
            ssl.set_rbio(bio);
        }
    });
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set0_wbio(ssl: Option<&SSL>, bio: Option<Owned<BIO>>) {
    guard((), || {
        if let Some(ssl) = ssl {
            ssl.set_wbio(bio);
        }
    });
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_rbio(ssl: Option<&SSL>) -> *mut BIO {
    ssl.map_or(core::ptr::null_mut(), |ssl| {
        lend(ssl.rbio.borrow().as_ref())
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_wbio(ssl: Option<&SSL>) -> *mut BIO {
    ssl.map_or(core::ptr::null_mut(), |ssl| {
        lend(ssl.wbio.borrow().as_ref())
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_fd(ssl: Option<&SSL>, fd: c_int) -> c_int {
    guard(0, || {
        let bio = sources::borrowed_socket(fd);
        ssl.map_or(0, |ssl| {
            ssl.set_bios(bio.clone(), bio);
            1
        })
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_rfd(ssl: Option<&SSL>, fd: c_int) -> c_int {
    guard(0, || {
        ssl.map_or(0, |ssl| {
            ssl.set_rbio(sources::borrowed_socket(fd));
            1
        })
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_wfd(ssl: Option<&SSL>, fd: c_int) -> c_int {
    guard(0, || {
        ssl.map_or(0, |ssl| {
            ssl.set_wbio(sources::borrowed_socket(fd));
            1
        })
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_fd(ssl: Option<&SSL>) -> c_int {
    tlscore_SSL_get_rfd(ssl)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_rfd(ssl: Option<&SSL>) -> c_int {
    descriptor(ssl.and_then(SSL::rbio))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_wfd(ssl: Option<&SSL>) -> c_int {
    descriptor(ssl.and_then(SSL::wbio))
}

/// BIO_TYPE_DESCRIPTOR
const DESCRIPTOR: c_int = 0x100;

/// The descriptor at the end of a chain; -1: it has none.
fn descriptor(bio: Option<Owned<BIO>>) -> c_int {
    let found = crate::bio::chain::tlscore_BIO_find_type(bio.as_deref(), DESCRIPTOR);
    // SAFETY: NULL, or a BIO of the chain, which the SSL holds.
    let fd = unsafe { found.as_ref() }.map_or(-1, |bio| bio.command(ctrl::GET_FD));
    c_int::try_from(fd).unwrap_or(-1)
}
