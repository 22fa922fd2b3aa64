//! libtlscore's objects as Rust values: what is counted there is given back here.

use crate::sys::*;
use core::ffi::{CStr, c_int, c_void};
use core::ptr::{self, NonNull};

/// A handle that is given back when it goes.
macro_rules! handle {
    ($(#[$doc:meta])* $name:ident, $raw:ident, $free:ident) => {
        $(#[$doc])*
        pub(crate) struct $name(NonNull<$raw>);

        impl $name {
            /// # Safety
            /// `raw` is NULL, or a handle whose reference is ours from here on.
            pub(crate) unsafe fn own(raw: *mut $raw) -> Option<Self> {
                NonNull::new(raw).map(Self)
            }

            pub(crate) fn raw(&self) -> *mut $raw {
                self.0.as_ptr()
            }
        }

        impl Drop for $name {
            fn drop(&mut self) {
                // SAFETY: a live handle; the reference is ours.
                unsafe { $free(self.0.as_ptr()) };
            }
        }
    };
}

handle!(
    /// A configuration.
    Ctx,
    tls_ctx,
    tls_ctx_free
);
handle!(
    /// A certificate.
    Cert,
    tls_cert,
    tls_cert_free
);
handle!(
    /// A private key.
    Key,
    tls_key,
    tls_key_free
);
handle!(
    /// A client's session.
    Session,
    tls_session,
    tls_session_free
);
handle!(
    /// A question that waits.
    Pending,
    tls_pending,
    tls_pending_free
);
handle!(
    /// A verification.
    Verify,
    tls_verify,
    tls_verify_free
);
handle!(
    /// A connection.
    Conn,
    tls_conn,
    tls_conn_free
);

// SAFETY: libtlscore's contexts are shared by any number of threads: its header says so.
unsafe impl Send for Ctx {}
// SAFETY: as above.
unsafe impl Sync for Ctx {}

impl Ctx {
    pub(crate) fn new() -> Option<Self> {
        // SAFETY: always possible; the reference is ours.
        unsafe { Self::own(tls_ctx_new(TLS_CLIENT | TLS_SERVER)) }
    }

    /// Another one with the same settings, which shares its sessions.
    pub(crate) fn duplicate(&self) -> Option<Self> {
        // SAFETY: a live context; the new one is ours.
        unsafe { Self::own(tls_ctx_dup(self.raw())) }
    }

    /// Runs a setter; where it fails, the error.
    pub(crate) fn set(&self, f: impl FnOnce(*mut tls_ctx) -> c_int) -> Result<(), tls_error_info> {
        if f(self.raw()) == TLS_OK {
            return Ok(());
        }
        let mut info = tls_error_info::none();
        // SAFETY: a live context and room for an error.
        unsafe { tls_ctx_error(self.raw(), &raw mut info) };
        Err(info)
    }
}

impl Cert {
    /// All certificates of a file; none of one that cannot be read.
    pub(crate) fn all_of_file(path: &CStr) -> Vec<Self> {
        let mut count = 0;
        // SAFETY: a text; the array has as many certificates, and each of them gets a reference of ours.
        unsafe {
            let all = tls_certs_from_file(path.as_ptr(), &raw mut count, ptr::null_mut());
            let certs = (0..count).filter(|_| !all.is_null());
            let certs = certs.filter_map(|at| Self::again(*all.add(at))).collect();
            tls_certs_free(all);
            certs
        }
    }

    /// The certificate in DER; `None` for what is none.
    pub(crate) fn of(der: &[u8]) -> Option<Self> {
        // SAFETY: readable bytes; no error is asked for; the reference is ours.
        unsafe {
            Self::own(tls_cert_from_mem(
                der.as_ptr().cast(),
                der.len(),
                0,
                ptr::null_mut(),
            ))
        }
    }

    /// One more reference to a certificate that was lent.
    ///
    /// # Safety
    /// `cert` is NULL or a live certificate.
    pub(crate) unsafe fn again(cert: *const tls_cert) -> Option<Self> {
        // SAFETY: the caller's promise; the new reference is ours.
        unsafe { Self::own(tls_cert_ref(cert)) }
    }

    pub(crate) fn der(&self) -> &[u8] {
        let mut len = 0;
        // SAFETY: a live certificate, whose DER stays while it does.
        unsafe { crate::args::bytes(tls_cert_der(self.raw(), &raw mut len), len) }
    }

    pub(crate) fn spki(&self) -> &[u8] {
        let mut len = 0;
        // SAFETY: as above.
        unsafe { crate::args::bytes(tls_cert_spki(self.raw(), &raw mut len), len) }
    }

    /// A text that belongs to it.
    pub(crate) fn text(
        &self,
        f: unsafe extern "C" fn(*const tls_cert) -> *const core::ffi::c_char,
    ) -> &CStr {
        // SAFETY: a live certificate, whose texts stay while it does.
        unsafe { text(f(self.raw())) }.unwrap_or_default()
    }
}

impl Verify {
    pub(crate) fn error(&self) -> tls_error_info {
        let mut info = tls_error_info::none();
        // SAFETY: a live verification and room for an error.
        unsafe { tls_verify_error(self.raw(), &raw mut info) };
        info
    }

    /// The verified path, leaf first.
    pub(crate) fn path(&self) -> Vec<Cert> {
        // SAFETY: a live verification; the certificates get references of their own.
        unsafe {
            (0..tls_verify_path_len(self.raw()))
                .filter_map(|at| Cert::again(tls_verify_path(self.raw(), at)))
                .collect()
        }
    }
}

impl Conn {
    pub(crate) fn error(&self) -> tls_error_info {
        let mut info = tls_error_info::none();
        // SAFETY: a live connection and room for an error.
        unsafe { tls_conn_error(self.raw(), &raw mut info) };
        info
    }

    /// The peer's chain as it came, leaf first.
    pub(crate) fn chain(&self) -> Vec<Cert> {
        // SAFETY: a live connection; the certificates get references of their own.
        unsafe {
            (0..tls_conn_peer_cert_count(self.raw()))
                .filter_map(|at| Cert::again(tls_conn_peer_cert(self.raw(), at)))
                .collect()
        }
    }

    /// Asks for a number or a flag.
    pub(crate) fn ask<T>(&self, f: unsafe extern "C" fn(*const tls_conn) -> T) -> T {
        // SAFETY: a live connection; who has a `Conn` is in no call on it.
        unsafe { f(self.raw()) }
    }
}

impl Session {
    pub(crate) fn export(&self) -> Vec<u8> {
        // SAFETY: a live session; without room it says how much it wants.
        let len = unsafe { tls_session_export(self.raw(), ptr::null_mut(), 0) };
        let mut blob = vec![0; usize::try_from(len).unwrap_or(0)];
        // SAFETY: a live session, and as much room.
        unsafe { tls_session_export(self.raw(), blob.as_mut_ptr().cast(), blob.len()) };
        blob
    }

    pub(crate) fn import(blob: &[u8]) -> Option<Self> {
        let mut session = ptr::null_mut();
        let (data, len) = (blob.as_ptr().cast::<c_void>(), blob.len());
        // SAFETY: readable bytes and a place for the session, whose reference is ours.
        unsafe {
            tls_session_import(data, len, &raw mut session, ptr::null_mut());
            Self::own(session)
        }
    }
}

/// A text that libtlscore lends.
///
/// # Safety
/// `text` is NULL or a text that stays within `'a`.
pub(crate) unsafe fn text<'a>(text: *const core::ffi::c_char) -> Option<&'a CStr> {
    // SAFETY: not NULL, so a text: the caller's promise.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) })
}
