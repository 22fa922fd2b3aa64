//! X509_STORE: who is trusted. libtlscore judges; a store is a list of what was added, and the contexts of
//! libtlscore that were made of it, one for each set of demands.

use crate::args::Str;
use crate::err::{self, Lib};
use crate::ex_data::ExData;
use crate::guard::guard;
use crate::native::{Cert, Ctx};
use crate::object::{Counted, Owned};
use crate::stack::{OPENSSL_STACK, X509_STACK};
use crate::sys::{self, tls_error_info};
use crate::x509::param::{self, Values};
use crate::x509::store_ctx::VerifyFn;
use crate::x509::{X509, X509_VERIFY_PARAM};
use core::ffi::{CStr, c_int, c_ulong, c_void};
use std::ffi::CString;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Where trusted certificates come from.
#[derive(Clone)]
enum Source {
    Certificate(Owned<X509>),
    /// A file, and the certificates in it.
    File(CString, Vec<Owned<X509>>),
    Dir(CString),
    System,
}

/// Files with more certificates than these are not taken apart: they are the CAs of the web.
const MOST_SHOWN: usize = 16;

/// What a context of libtlscore is made for.
#[derive(Clone, Copy, PartialEq)]
struct Demands {
    level: c_int,
    partial: bool,
    /// Which certificates CRLs are asked about.
    crls: Crls,
}

#[derive(Clone, Copy, PartialEq)]
enum Crls {
    None,
    Leaf,
    All,
}

#[derive(Default)]
struct State {
    sources: Vec<Source>,
    made: Vec<(Demands, Arc<Ctx>)>,
    callback: Option<VerifyFn>,
}

/// Who is trusted. Shared by any number of threads.
pub struct X509_STORE {
    state: Mutex<State>,
    param: Owned<X509_VERIFY_PARAM>,
    pub(crate) ex_data: ExData,
}

// SAFETY: made in `new` alone, inside of an Owned.
unsafe impl Counted for X509_STORE {}

impl X509_STORE {
    pub(crate) fn new() -> Owned<Self> {
        Owned::new(Self {
            state: Mutex::default(),
            param: X509_VERIFY_PARAM::new(Values::default()),
            ex_data: ExData::default(),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) const fn param(&self) -> &Owned<X509_VERIFY_PARAM> {
        &self.param
    }

    pub(crate) fn callback(&self) -> Option<VerifyFn> {
        self.state().callback
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.state().sources.is_empty()
    }

    /// The certificates that were added one by one, or by file: what a chain may be completed with.
    pub(crate) fn certificates(&self) -> Vec<Owned<X509>> {
        let of = |source: &Source| match source {
            Source::Certificate(x509) => vec![x509.clone()],
            Source::File(_, certificates) => certificates.clone(),
            Source::Dir(_) | Source::System => Vec::new(),
        };
        self.state().sources.iter().flat_map(of).collect()
    }

    /// Adds a source that a context takes; else its error.
    fn add(&self, source: Source) -> Result<(), tls_error_info> {
        let trial = Ctx::new().ok_or_else(tls_error_info::none)?;
        trust(&trial, &source)?;
        let mut state = self.state();
        state.made.clear();
        state.sources.push(source);
        Ok(())
    }

    /// A context that trusts what this store trusts.
    pub(crate) fn context(
        &self,
        level: c_int,
        values: &Values,
    ) -> Result<Arc<Ctx>, tls_error_info> {
        let demands = Demands {
            level,
            partial: values.flags & param::PARTIAL_CHAIN != 0,
            crls: match values.flags {
                flags if flags & param::CRL_CHECK == 0 => Crls::None,
                flags if flags & param::CRL_CHECK_ALL == 0 => Crls::Leaf,
                _ => Crls::All,
            },
        };
        let mut state = self.state();
        if let Some((_, made)) = state.made.iter().find(|(of, _)| *of == demands) {
            return Ok(made.clone());
        }
        let ctx = Ctx::new().ok_or_else(tls_error_info::none)?;
        // SAFETY: a live context and a text.
        ctx.set(|ctx| unsafe { sys::tls_ctx_set_policy(ctx, c"legacy".as_ptr()) })?;
        // SAFETY: a live context.
        ctx.set(|ctx| unsafe { sys::tls_ctx_set_legacy_common_name(ctx, 1) })?;
        // SAFETY: a live context.
        ctx.set(|ctx| unsafe { sys::tls_ctx_set_security_level(ctx, level) })?;
        // SAFETY: a live context.
        ctx.set(|ctx| unsafe {
            sys::tls_ctx_set_partial_chain(ctx, c_int::from(demands.partial))
        })?;
        for source in &state.sources {
            trust(&ctx, source)?;
        }
        if demands.crls != Crls::None {
            ask_crls(&ctx, &state.sources, demands.crls)?;
        }
        let ctx = Arc::new(ctx);
        state.made.push((demands, ctx.clone()));
        Ok(ctx)
    }

    /// Trusts the certificates of a file; false, with errors in the queue, where it cannot be read.
    pub(crate) fn load_file(&self, path: &CStr) -> bool {
        let mut certificates = Vec::new();
        for at in 0.. {
            // SAFETY: a text; no error is asked for; the certificate's reference is ours.
            let cert = unsafe {
                Cert::own(sys::tls_cert_from_file(
                    path.as_ptr(),
                    at,
                    core::ptr::null_mut(),
                ))
            };
            match cert {
                Some(cert) if at < MOST_SHOWN => certificates.push(X509::of(cert)),
                // A bundle of public CAs is for libtlscore alone.
                Some(_) => certificates.clear(),
                None => break,
            }
            if at == MOST_SHOWN {
                break;
            }
        }
        let added = self.add(Source::File(path.to_owned(), certificates));
        added.map_err(|info| tell(&info, path)).is_ok()
    }

    /// Trusts the certificates of a directory, read now; one that is not there, or has none, is no error.
    pub(crate) fn load_dir(&self, path: &CStr) -> bool {
        let _none = self.add(Source::Dir(path.to_owned()));
        true
    }

    pub(crate) fn load_system(&self) -> bool {
        // A system without CA certificates trusts nobody, which is no error here.
        let _none = self.add(Source::System);
        true
    }

    pub(crate) fn add_certificate(&self, x509: &X509) -> bool {
        let ours = |old: &Owned<X509>| old.der() == x509.der();
        if self.certificates().iter().any(ours) {
            return true;
        }
        self.add(Source::Certificate(Owned::again(x509)))
            .map_err(|info| tell(&info, c""))
            .is_ok()
    }
}

/// The CRLs of the files that were loaded. Without any there is nothing to ask, and nothing passes.
fn ask_crls(ctx: &Ctx, sources: &[Source], crls: Crls) -> Result<(), tls_error_info> {
    let leaf_only = c_int::from(crls == Crls::Leaf);
    // SAFETY: a live context.
    ctx.set(|ctx| unsafe { sys::tls_ctx_set_crl_leaf_only(ctx, leaf_only) })?;
    let mut loaded = 0;
    for source in sources {
        if let Source::File(path, _) = source {
            // A file without CRLs is none of the errors.
            // SAFETY: a live context and a text.
            let added = ctx.set(|ctx| unsafe { sys::tls_ctx_add_crl_file(ctx, path.as_ptr()) });
            loaded += usize::from(added.is_ok());
        }
    }
    if loaded > 0 {
        return Ok(());
    }
    let mut none = tls_error_info::none();
    none.number = UNABLE_TO_GET_CRL;
    Err(none)
}

/// TLS_REASON_UNABLE_TO_GET_CRL
const UNABLE_TO_GET_CRL: c_int = 651;

fn trust(ctx: &Ctx, source: &Source) -> Result<(), tls_error_info> {
    // SAFETY: a live context, texts and readable bytes.
    ctx.set(|ctx| unsafe {
        match source {
            Source::Certificate(x509) => {
                sys::tls_ctx_add_ca_mem(ctx, x509.der().as_ptr().cast(), x509.der().len())
            }
            Source::File(path, _) => sys::tls_ctx_add_ca_file(ctx, path.as_ptr()),
            Source::Dir(path) => sys::tls_ctx_add_ca_dir(ctx, path.as_ptr()),
            Source::System => sys::tls_ctx_add_ca_system(ctx),
        }
    })
}

/// A file that could not be loaded, in OpenSSL's words.
pub(crate) fn tell(info: &tls_error_info, path: &CStr) {
    match info.os_errno {
        0 => {
            let reason = match info.number {
                // BAD_PEM
                116 => err::x509::NO_CERTIFICATE_OR_CRL_FOUND,
                _ => err::PEM_LIB,
            };
            err::put(Lib::X509, reason, info.text());
        }
        errno => {
            err::put_system(
                errno,
                format!("calling fopen({}, r)", path.to_string_lossy()),
            );
            let missing = [libc::ENOENT, libc::ENXIO].contains(&errno);
            err::put(
                Lib::Bio,
                if missing {
                    err::bio::NO_SUCH_FILE
                } else {
                    err::SYS_LIB
                },
                "",
            );
            err::put(Lib::X509, err::SYS_LIB, "");
        }
    }
}

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
            store.param.set(|values| values.flags |= flags);
            1
        })
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_get0_param(
    store: Option<&X509_STORE>,
) -> *mut X509_VERIFY_PARAM {
    store.map_or(core::ptr::null_mut(), |store| store.param.pointer())
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_set_verify_cb(
    store: Option<&X509_STORE>,
    callback: Option<VerifyFn>,
) {
    if let Some(store) = store {
        store.state().callback = callback;
    }
}

/// The certificates that were added one by one, each with a reference; files and directories stay with libtlscore.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_get1_all_certs(
    store: Option<&X509_STORE>,
) -> Option<Owned<X509_STACK>> {
    guard(None, || {
        let all = store?
            .certificates()
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
