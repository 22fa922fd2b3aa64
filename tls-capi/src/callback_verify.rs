//! A reviewer behind a C callback.

use crate::args;
use crate::callback::{self, CallbackArg};
use crate::cert::tls_cert;
use crate::code::TLS_OK;
use crate::conn_state::{Certificates, c_string, pointer};
use crate::error::tls_error_info;
use crate::pending::tls_pending;
use crate::verify::{peer, tls_verdict};
use core::ffi::{c_int, c_void};
use std::ffi::CString;
use tls_core::cert::{Review, Reviewer};
use tls_core::crypto::{Later, Random, Reply, Ruling};
use tls_core::error::{Error, Reason};
use tls_std::OsRandom;

pub(crate) type VerifyFn =
    unsafe extern "C" fn(*mut tls_pending, *const tls_verdict, *mut c_void) -> c_int;

pub(crate) struct CallbackReviewer {
    callback: VerifyFn,
    arg: CallbackArg,
    /// Drawn when it was set: what a callback accepts, nobody but itself knows.
    scope: [u8; 32],
}

impl CallbackReviewer {
    pub(crate) fn new(
        callback: VerifyFn,
        arg: *mut c_void,
        release: Option<unsafe extern "C" fn(*mut c_void)>,
    ) -> args::Result<Self> {
        let mut scope = [0; 32];
        OsRandom
            .fill(&mut scope)
            .map_err(|_| Error::from(Reason::RandomFailed))?;
        Ok(Self {
            callback,
            arg: CallbackArg::new(arg, release),
            scope,
        })
    }

    pub(crate) fn adopt(&self) {
        self.arg.adopt();
    }
}

impl Reviewer for CallbackReviewer {
    fn review(&self, review: &Review<'_>, later: &Later) -> Reply<Ruling> {
        let chain = Certificates::of(review.chain);
        let path = Certificates::of(review.verdict.unwrap_or_default());
        let name: Option<CString> = review.name.map(|n| c_string(n.to_string().as_bytes()));
        let error = review.verdict.err().cloned().map(tls_std::Error::from);
        let ocsp = review.ocsp_response;
        let list = |certs: &Certificates| certs.as_slice().as_ptr().cast::<*const tls_cert>();
        let verdict = tls_verdict {
            peer: peer(review.purpose),
            name: pointer(name.as_deref()),
            chain: list(&chain),
            chain_len: chain.as_slice().len(),
            path: list(&path),
            path_len: path.as_slice().len(),
            ocsp_response: ocsp.map_or(core::ptr::null(), |r| r.as_ptr().cast()),
            ocsp_response_len: ocsp.map_or(0, <[u8]>::len),
            error: tls_error_info::new(error.as_ref()),
        };
        let said = callback::ask(later, |pending| {
            // SAFETY: the program gave this function for this argument; the handle and everything in
            // `verdict` are live.
            unsafe { (self.callback)(pending, &verdict, self.arg.get()) }
        });
        match said {
            None => Reply::Later,
            Some(TLS_OK) => Reply::Now(Ruling::Stands),
            Some(code) => Reply::Now(Ruling::Refused(Error::with(
                Reason::CertificateRejected,
                format!("the verify callback returned {code}"),
            ))),
        }
    }

    fn scope(&self) -> Option<[u8; 32]> {
        Some(self.scope)
    }
}

impl core::fmt::Debug for CallbackReviewer {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("CallbackReviewer")
    }
}
