//! X509_STORE: who is trusted. libtlscore judges; a store is a list of what was added, and the contexts of
//! libtlscore that were made of it, one for each set of demands.

use crate::err::{self, Lib};
use crate::ex_data::{Class, ExData};
use crate::native::{Cert, Ctx};
use crate::object::{Counted, Owned};
use crate::stack::{OBJECT_STACK, OPENSSL_STACK};
use crate::sys::{self, tls_error_info};
use crate::x509::lookup::X509_LOOKUP;
use crate::x509::object::X509_OBJECT;
use crate::x509::param::{self, Values};
use crate::x509::store_ctx::VerifyFn;
use crate::x509::{X509, X509_VERIFY_PARAM};
use core::ffi::{CStr, c_int, c_ulong};
use std::ffi::CString;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Files with more certificates than these are not taken apart before somebody asks: they are the CAs of the web.
const MOST_SHOWN: usize = 16;

/// Most files of a directory.
const MOST_HASHED: usize = 4096;

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

impl Demands {
    /// Of a level and X509_V_FLAG_*.
    const fn new(level: c_int, flags: c_ulong) -> Self {
        Self {
            level,
            partial: flags & param::PARTIAL_CHAIN != 0,
            crls: match flags {
                flags if flags & param::CRL_CHECK == 0 => Crls::None,
                flags if flags & param::CRL_CHECK_ALL == 0 => Crls::Leaf,
                _ => Crls::All,
            },
        }
    }

    /// Tells a context.
    fn make(&self, ctx: &Ctx) -> Result<(), tls_error_info> {
        // SAFETY: a live context, here and below.
        ctx.set(|ctx| unsafe { sys::tls_ctx_set_security_level(ctx, self.level) })?;
        let partial = c_int::from(self.partial);
        // SAFETY: as above.
        ctx.set(|ctx| unsafe { sys::tls_ctx_set_partial_chain(ctx, partial) })?;
        match self.crls {
            // SAFETY: as above.
            Crls::None => ctx.set(|ctx| unsafe { sys::tls_ctx_clear_crls(ctx) }),
            Crls::Leaf | Crls::All => {
                let leaf_only = c_int::from(self.crls == Crls::Leaf);
                // SAFETY: as above.
                ctx.set(|ctx| unsafe { sys::tls_ctx_set_crl_leaf_only(ctx, leaf_only) })
            }
        }
    }
}

#[derive(Default)]
struct State {
    /// Everything that is trusted, and every CRL: read when it was added.
    all: Option<Ctx>,
    any: bool,
    crls: bool,
    /// The certificates that were added one by one, or by file.
    certificates: Vec<Owned<X509>>,
    /// Files with more of them than these are worth before somebody asks.
    bundles: Vec<CString>,
    /// What programs see of `certificates`.
    objects: Option<Owned<OBJECT_STACK>>,
    /// That for files, and that for directories.
    lookups: [Option<Box<X509_LOOKUP>>; 2],
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
        let store = Owned::new(Self {
            state: Mutex::default(),
            param: X509_VERIFY_PARAM::new(Values::default()),
            ex_data: ExData::default(),
        });
        store.ex_data.made(store.pointer().cast(), Class::X509Store);
        store
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

    pub(crate) fn set_callback(&self, callback: Option<VerifyFn>) {
        self.state().callback = callback;
    }

    pub(crate) fn is_empty(&self) -> bool {
        !self.state().any
    }

    /// Whether there is any CRL to ask.
    pub(crate) fn has_crls(&self) -> bool {
        self.state().crls
    }

    /// The certificates that were added one by one, or by file: what a chain may be completed with.
    pub(crate) fn certificates(&self) -> Vec<Owned<X509>> {
        self.state().certificates.clone()
    }

    /// All certificates that were added one by one, or by file, bundles as well.
    pub(crate) fn all_certificates(&self) -> Vec<Owned<X509>> {
        let mut state = self.state();
        state.take_apart();
        state.certificates.clone()
    }

    /// The same as a list that the store keeps, and that grows when it is asked for again.
    pub(crate) fn objects(&self) -> *mut OBJECT_STACK {
        let mut state = self.state();
        state.take_apart();
        let State {
            certificates,
            objects,
            ..
        } = &mut *state;
        let list =
            objects.get_or_insert_with(|| OPENSSL_STACK::owning(Vec::new(), super::object::free));
        for x509 in &certificates[list.items().len()..] {
            list.push(X509_OBJECT::of(x509.clone()).cast());
        }
        list.pointer()
    }

    /// Adds what `f` loads into a context; else its error.
    fn add(&self, f: impl FnOnce(*mut sys::tls_ctx) -> c_int) -> Result<(), tls_error_info> {
        let mut state = self.state();
        if state.all.is_none() {
            state.all = Some(blank()?);
        }
        let all = state.all.as_ref().ok_or_else(tls_error_info::none)?;
        all.set(f)?;
        state.made.clear();
        Ok(())
    }

    /// A context that trusts what this store trusts, for a security level and X509_V_FLAG_*.
    pub(crate) fn context(&self, level: c_int, flags: c_ulong) -> Result<Arc<Ctx>, tls_error_info> {
        let demands = Demands::new(level, flags);
        let mut state = self.state();
        if let Some((_, made)) = state.made.iter().find(|(of, _)| *of == demands) {
            return Ok(made.clone());
        }
        let all = state.all.as_ref().ok_or_else(tls_error_info::none)?;
        let ctx = all.duplicate().ok_or_else(tls_error_info::none)?;
        demands.make(&ctx)?;
        let ctx = Arc::new(ctx);
        state.made.push((demands, ctx.clone()));
        Ok(ctx)
    }

    /// The same, supposing that one more certificate is trusted: with the CRLs of this store.
    pub(super) fn supposing(
        &self,
        anchor: &X509,
        level: c_int,
        flags: c_ulong,
    ) -> Result<Ctx, tls_error_info> {
        let ctx = match &self.state().all {
            Some(all) => all.duplicate().ok_or_else(tls_error_info::none)?,
            None => blank()?,
        };
        Demands::new(level, flags | param::PARTIAL_CHAIN).make(&ctx)?;
        let der = anchor.der();
        // SAFETY: a live context and readable bytes.
        ctx.set(|ctx| unsafe { sys::tls_ctx_add_ca_mem(ctx, der.as_ptr().cast(), der.len()) })?;
        Ok(ctx)
    }

    /// Trusts the certificates of a file, and keeps its CRLs; false, with errors in the queue, where it has neither.
    pub(crate) fn load_file(&self, path: &CStr) -> bool {
        // SAFETY: a live context and a text, here and below.
        let added = self.add(|ctx| unsafe { sys::tls_ctx_add_ca_file(ctx, path.as_ptr()) });
        // SAFETY: as above.
        let crls = self.add(|ctx| unsafe { sys::tls_ctx_add_crl_file(ctx, path.as_ptr()) });
        if let Err(info) = &added
            && crls.is_err()
        {
            tell(info, path);
            return false;
        }
        let shown = shown(path);
        let mut state = self.state();
        state.crls |= crls.is_ok();
        state.any |= added.is_ok();
        match shown {
            Some(certificates) => state.show(certificates),
            None => state.bundles.push(path.to_owned()),
        }
        true
    }

    /// Keeps the CRLs of a file; false, with errors in the queue, where it has none.
    pub(crate) fn load_crls(&self, path: &CStr) -> bool {
        // SAFETY: a live context and a text.
        let added = self.add(|ctx| unsafe { sys::tls_ctx_add_crl_file(ctx, path.as_ptr()) });
        if let Err(info) = &added {
            tell(info, path);
        }
        self.state().crls |= added.is_ok();
        added.is_ok()
    }

    /// What programs fill it with.
    pub(crate) fn lookup(&self, directory: bool) -> *mut X509_LOOKUP {
        let lookup = &mut self.state().lookups[usize::from(directory)];
        &raw mut **lookup.get_or_insert_with(|| X509_LOOKUP::of(self, directory))
    }

    /// Trusts the certificates of a directory, read now, whose names are what OpenSSL looks for (`c_rehash`); a directory
    /// that is not there, or has none, is no error.
    pub(crate) fn load_dir(&self, path: &CStr) -> bool {
        for (path, crl) in hashed(path) {
            // SAFETY: a live context and a text, here and below.
            let added = match crl {
                // SAFETY: as above.
                true => self.add(|ctx| unsafe { sys::tls_ctx_add_crl_file(ctx, path.as_ptr()) }),
                // SAFETY: as above.
                false => self.add(|ctx| unsafe { sys::tls_ctx_add_ca_file(ctx, path.as_ptr()) }),
            };
            let mut state = self.state();
            state.crls |= crl && added.is_ok();
            state.any |= !crl && added.is_ok();
        }
        true
    }

    pub(crate) fn load_system(&self) -> bool {
        // A system without CA certificates trusts nobody, which is no error here.
        // SAFETY: a live context.
        let added = self.add(|ctx| unsafe { sys::tls_ctx_add_ca_system(ctx) });
        self.state().any |= added.is_ok();
        true
    }

    pub(crate) fn add_certificate(&self, x509: &X509) -> bool {
        let ours = |old: &Owned<X509>| old.der() == x509.der();
        if self.certificates().iter().any(ours) {
            return true;
        }
        let der = x509.der();
        // SAFETY: a live context and readable bytes.
        let added =
            self.add(|ctx| unsafe { sys::tls_ctx_add_ca_mem(ctx, der.as_ptr().cast(), der.len()) });
        match added {
            Ok(()) => {
                let mut state = self.state();
                state.any = true;
                state.certificates.push(Owned::again(x509));
            }
            Err(info) => {
                tell(&info, c"");
                return false;
            }
        }
        true
    }
}

impl State {
    fn show(&mut self, certificates: Vec<Owned<X509>>) {
        for x509 in certificates {
            let ours = |old: &Owned<X509>| old.der() == x509.der();
            if !self.certificates.iter().any(ours) {
                self.certificates.push(x509);
            }
        }
    }

    /// Reads the bundles: of one that is not there any more, nothing is shown.
    fn take_apart(&mut self) {
        for path in core::mem::take(&mut self.bundles) {
            self.show(Cert::all_of_file(&path).into_iter().map(X509::of).collect());
        }
    }
}

impl Drop for X509_STORE {
    fn drop(&mut self) {
        let us = core::ptr::from_ref(self).cast_mut().cast();
        self.ex_data.free(us, Class::X509Store);
    }
}

/// The files of a directory that are named by the hash of a subject: eight hexadecimal digits, a dot and a number, with
/// an `r` in front of it for CRLs.
fn hashed(dir: &CStr) -> Vec<(CString, bool)> {
    use std::os::unix::ffi::OsStrExt;
    let dir = std::path::Path::new(std::ffi::OsStr::from_bytes(dir.to_bytes()));
    let named = |name: &[u8]| {
        let (hash, rest) = name.split_at_checked(8)?;
        let rest = rest.strip_prefix(b".")?;
        let number = rest.strip_prefix(b"r").unwrap_or(rest);
        let digits = !number.is_empty() && number.iter().all(u8::is_ascii_digit);
        let hex = hash.iter().all(u8::is_ascii_hexdigit);
        (hex && digits).then_some(number.len() < rest.len())
    };
    let entry = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.ok()?;
        let crl = named(path.file_name().as_bytes())?;
        let text = CString::new(path.path().as_os_str().as_bytes()).ok()?;
        Some((text, crl))
    };
    let Ok(entries) = std::fs::read_dir(dir) else {
        return Vec::new();
    };
    let mut found: Vec<_> = entries.filter_map(entry).take(MOST_HASHED).collect();
    found.sort();
    found
}

/// The certificates of a file; `None` where they are many: a bundle of public CAs is for libtlscore alone.
fn shown(path: &CStr) -> Option<Vec<Owned<X509>>> {
    let mut certificates = Vec::new();
    for at in 0..=MOST_SHOWN {
        // SAFETY: a text; no error is asked for; the certificate's reference is ours.
        let cert = unsafe {
            Cert::own(sys::tls_cert_from_file(
                path.as_ptr(),
                at,
                core::ptr::null_mut(),
            ))
        };
        match cert {
            Some(_) if at == MOST_SHOWN => return None,
            Some(cert) => certificates.push(X509::of(cert)),
            None => break,
        }
    }
    Some(certificates)
}

/// A context that trusts nobody, judges by no policy but the level that it is given, and takes a common name.
fn blank() -> Result<Ctx, tls_error_info> {
    let ctx = Ctx::new().ok_or_else(tls_error_info::none)?;
    // SAFETY: a live context and a text.
    ctx.set(|ctx| unsafe { sys::tls_ctx_set_policy(ctx, c"legacy".as_ptr()) })?;
    // SAFETY: a live context.
    ctx.set(|ctx| unsafe { sys::tls_ctx_set_legacy_common_name(ctx, 1) })?;
    Ok(ctx)
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
