//! X509_STORE_CTX: one verification. Connections use it, too: there is one way in which certificates are judged.

use crate::args::length;
use crate::ex_data::{Class, ExData};
use crate::guard::guard;
use crate::native::{Cert, Verify};
use crate::object::{Counted, Owned, lend};
use crate::stack::{OPENSSL_STACK, X509_STACK};
use crate::sys;
use crate::x509::errors;
use crate::x509::param::{self, PURPOSE_CLIENT, Values};
use crate::x509::{X509, X509_STORE, X509_VERIFY_PARAM, cert};
use core::cell::{Cell, RefCell};
use core::ffi::{CStr, c_int, c_void};

/// A program's word on each error (0) and each certificate that is right (1): 1 goes on, 0 ends it.
pub type VerifyFn = unsafe extern "C" fn(c_int, *mut X509_STORE_CTX) -> c_int;

/// One verification, used by one thread.
#[derive(Default)]
pub struct X509_STORE_CTX {
    store: RefCell<Option<Owned<X509_STORE>>>,
    leaf: RefCell<Option<Owned<X509>>>,
    untrusted: RefCell<Vec<Owned<X509>>>,
    param: RefCell<Option<Owned<X509_VERIFY_PARAM>>>,
    callback: Cell<Option<VerifyFn>>,
    /// The security level that keys and hashes must have.
    level: Cell<c_int>,
    error: Cell<c_int>,
    depth: Cell<c_int>,
    chain: RefCell<Vec<Owned<X509>>>,
    /// The chain as a list, where it was asked for.
    shown: RefCell<Option<Owned<OPENSSL_STACK>>>,
    pub(crate) ex_data: ExData,
}

// SAFETY: made in `new` alone, inside of an Owned.
unsafe impl Counted for X509_STORE_CTX {}

/// What is wrong, and at which certificate of the chain.
type Finding = (c_int, c_int);

impl X509_STORE_CTX {
    pub(crate) fn new() -> Owned<Self> {
        Owned::new(Self::default())
    }

    pub(crate) fn init(
        &self,
        store: Option<&X509_STORE>,
        leaf: Option<&X509>,
        untrusted: Vec<Owned<X509>>,
    ) {
        *self.store.borrow_mut() = store.map(Owned::again);
        *self.leaf.borrow_mut() = leaf.map(Owned::again);
        *self.untrusted.borrow_mut() = untrusted;
        let values = store.map(|store| store.param().get()).unwrap_or_default();
        *self.param.borrow_mut() = Some(X509_VERIFY_PARAM::new(values));
        self.callback.set(store.and_then(X509_STORE::callback));
        self.level.set(0);
        self.error.set(errors::OK);
        self.depth.set(0);
        self.keep(Vec::new());
    }

    pub(crate) fn set_level(&self, level: c_int) {
        self.level.set(level);
    }

    pub(crate) fn set_callback(&self, callback: Option<VerifyFn>) {
        self.callback.set(callback);
    }

    pub(crate) fn set_values(&self, values: Values) {
        *self.param.borrow_mut() = Some(X509_VERIFY_PARAM::new(values));
    }

    pub(crate) fn error(&self) -> c_int {
        self.error.get()
    }

    pub(crate) fn chain(&self) -> Vec<Owned<X509>> {
        self.chain.borrow().clone()
    }

    /// The name that the certificate was found to be for.
    pub(crate) fn matched(&self) -> Option<std::ffi::CString> {
        let param = self.param.borrow();
        let name = param
            .as_ref()
            .map_or(core::ptr::null(), |param| param.peername());
        // SAFETY: NULL, or a text of the parameters, which live.
        unsafe { crate::native::text(name) }.map(CStr::to_owned)
    }

    fn keep(&self, chain: Vec<Owned<X509>>) {
        *self.shown.borrow_mut() = None;
        *self.chain.borrow_mut() = chain;
    }

    /// Verifies: libtlscore finds, and the program's callback has its word on each finding.
    pub(crate) fn verify(&self) -> c_int {
        let (store, leaf) = (self.store.borrow().clone(), self.leaf.borrow().clone());
        let Some((store, leaf)) = store.zip(leaf) else {
            self.error.set(errors::INVALID_CALL);
            return -1;
        };
        let values = self
            .param
            .borrow()
            .as_ref()
            .map(|param| param.get())
            .unwrap_or_default();
        let findings = self.judge(&store, &leaf, &values);
        let ok = self.tell(&findings);
        if !ok && self.error.get() == errors::OK {
            self.error.set(errors::UNSPECIFIED);
        }
        c_int::from(ok)
    }

    /// Asks the program about each finding, then, from the root to the leaf, about what is right.
    fn tell(&self, findings: &[Finding]) -> bool {
        let ask = |ok: c_int| match self.callback.get() {
            // SAFETY: the program's function, with a context that lives.
            Some(callback) => unsafe { callback(ok, core::ptr::from_ref(self).cast_mut()) != 0 },
            None => ok != 0,
        };
        let (late, early): (Vec<Finding>, Vec<Finding>) = findings
            .iter()
            .partition(|(error, _)| errors::is_late(*error));
        let said = |(error, depth): Finding| {
            self.error.set(error);
            self.depth.set(depth);
            ask(0)
        };
        if !early.into_iter().all(said) {
            return false;
        }
        for depth in (0..self.walked()).rev() {
            let depth = crate::args::count(depth);
            if !late.iter().filter(|at| at.1 == depth).all(|at| said(*at)) {
                return false;
            }
            self.depth.set(depth);
            if !ask(1) {
                return false;
            }
        }
        true
    }

    /// How many certificates are looked at one by one: without a root the last has nobody who could vouch for it.
    fn walked(&self) -> usize {
        let chain = self.chain.borrow();
        let rooted = chain.last().is_some_and(|top| top.is_self_issued());
        if rooted || chain.len() < 2 || self.error.get() != errors::NO_ISSUER_LOCALLY {
            chain.len()
        } else {
            chain.len() - 1
        }
    }

    /// What is wrong, in OpenSSL's order: the chain, the name, the rest.
    fn judge(&self, store: &X509_STORE, leaf: &X509, values: &Values) -> Vec<Finding> {
        let verdict = self.ask(store, leaf, values, None);
        let mut findings = Vec::new();
        match &verdict {
            Ok(path) => self.keep(path.clone()),
            Err(info) => {
                let sent = self.walk(store, leaf);
                let (error, depth) = match info {
                    None => (errors::NO_ISSUER_LOCALLY, 0),
                    Some(info) => errors::of_native(info),
                };
                if error == errors::NO_ISSUER_LOCALLY {
                    let (error, depth) = unknown(&sent);
                    self.keep(sent);
                    let name = self.mismatch(store, leaf, values, false);
                    return [(error, depth)]
                        .into_iter()
                        .chain(name.map(|name| (name, 0)))
                        .collect();
                }
                self.keep(sent);
                findings.push((error, depth));
            }
        }
        if let Some(mismatch) = self.mismatch(store, leaf, values, verdict.is_ok()) {
            findings.insert(0, (mismatch, 0));
        }
        findings
    }

    /// One verification by libtlscore; the error, or `None` where nobody is trusted.
    fn ask(
        &self,
        store: &X509_STORE,
        leaf: &X509,
        values: &Values,
        name: Option<&CStr>,
    ) -> Result<Vec<Owned<X509>>, Option<sys::tls_error_info>> {
        if store.is_empty() {
            return Err(None);
        }
        let ctx = store.context(self.level.get(), values).map_err(Some)?;
        // SAFETY: a live context; the verification is ours.
        let verify = unsafe { Verify::own(sys::tls_verify_new(ctx.raw())) }.ok_or(None)?;
        let purpose = if values.purpose == PURPOSE_CLIENT {
            sys::TLS_CLIENT
        } else {
            sys::TLS_SERVER
        };
        // SAFETY: live handles and texts; what fails shows in the verdict's error.
        let code = unsafe {
            sys::tls_verify_set_purpose(verify.raw(), purpose);
            if let Some(name) = name {
                sys::tls_verify_set_name(verify.raw(), name.as_ptr());
            }
            if let Some(time) = values
                .time
                .filter(|_| values.flags & param::USE_CHECK_TIME != 0)
            {
                sys::tls_verify_set_time(verify.raw(), time);
            }
            if let Some(depth) = values.depth {
                sys::tls_verify_set_depth(verify.raw(), length(depth).min(6));
            }
            for cert in self.untrusted.borrow().iter() {
                sys::tls_verify_add_untrusted_cert(verify.raw(), cert.native().raw());
            }
            sys::tls_verify_cert(verify.raw(), leaf.native().raw())
        };
        if code != sys::TLS_OK {
            return Err(Some(verify.error()));
        }
        Ok(verify
            .path()
            .into_iter()
            .map(|cert| self.known(cert))
            .collect())
    }

    /// The program's own object for a certificate, where it has one.
    fn known(&self, cert: Cert) -> Owned<X509> {
        let same = |x509: &&Owned<X509>| x509.der() == cert.der();
        let leaf = self.leaf.borrow();
        let untrusted = self.untrusted.borrow();
        let known = leaf.iter().chain(untrusted.iter()).find(same).cloned();
        known.unwrap_or_else(|| X509::of(cert))
    }

    /// The names that were asked for, none of which the certificate has; whatever else is wrong with it.
    fn mismatch(
        &self,
        store: &X509_STORE,
        leaf: &X509,
        values: &Values,
        trusted: bool,
    ) -> Option<c_int> {
        if values.ip.as_deref().is_some_and(|ip| !leaf.is_for(ip)) {
            return Some(errors::IP_MISMATCH);
        }
        if values.hosts.is_empty() {
            return None;
        }
        // A common name must keep the constraints of its issuers, which the verifier knows.
        let called = |host: &CStr| {
            leaf.is_called(host) && (!trusted || self.ask(store, leaf, values, Some(host)).is_ok())
        };
        let matched = values
            .hosts
            .iter()
            .find(|host| leaf.is_for(host) || called(host));
        if let Some(param) = self.param.borrow().as_ref() {
            param.matched(matched.map(|host| name_for(leaf, host)));
        }
        matched.is_none().then_some(errors::HOSTNAME_MISMATCH)
    }

    /// The chain as far as each certificate names the next one, those first that are trusted.
    fn walk(&self, store: &X509_STORE, leaf: &X509) -> Vec<Owned<X509>> {
        let untrusted = self.untrusted.borrow();
        let trusted = store.certificates();
        let mut chain = vec![Owned::again(leaf)];
        while let Some(last) = chain.last().filter(|last| !last.is_self_issued()) {
            let new = |x509: &&Owned<X509>| {
                last.names_issuer(x509) && !chain.iter().any(|old| old.der() == x509.der())
            };
            match trusted.iter().chain(untrusted.iter()).find(new) {
                Some(issuer) => chain.push(issuer.clone()),
                None => break,
            }
        }
        chain
    }
}

/// The name of a certificate that stands for a host: the host, or a wildcard.
fn name_for(leaf: &X509, host: &CStr) -> std::ffi::CString {
    let host_text = host.to_string_lossy();
    let wild = cert::wildcard_for(&host_text);
    let names = leaf.names();
    let is = |name: &&CStr, text: &str| name.to_string_lossy().eq_ignore_ascii_case(text);
    let found = names.iter().find(|name| is(name, &host_text));
    let found = found.or_else(|| {
        names
            .iter()
            .find(|name| wild.as_ref().is_some_and(|wild| is(name, wild)))
    });
    (*found.unwrap_or(&host)).to_owned()
}

/// Why nobody that is trusted stands behind a chain.
fn unknown(chain: &[Owned<X509>]) -> Finding {
    let top = crate::args::count(chain.len().saturating_sub(1));
    let rooted = chain.last().is_some_and(|top| top.is_self_issued());
    match (rooted, top) {
        (true, 0) => (errors::SELF_SIGNED_LEAF, 0),
        (true, top) => (errors::SELF_SIGNED_IN_CHAIN, top),
        (false, top) => (errors::NO_ISSUER_LOCALLY, top),
    }
}

impl Drop for X509_STORE_CTX {
    fn drop(&mut self) {
        let us = core::ptr::from_ref(self).cast_mut().cast();
        self.ex_data.free(us, Class::X509StoreCtx);
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_new() -> Option<Owned<X509_STORE_CTX>> {
    guard(None, || Some(X509_STORE_CTX::new()))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_free(ctx: Option<Owned<X509_STORE_CTX>>) {
    guard((), || drop(ctx));
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_init(
    ctx: Option<&X509_STORE_CTX>,
    store: Option<&X509_STORE>,
    leaf: Option<&X509>,
    untrusted: Option<&X509_STACK>,
) -> c_int {
    guard(0, || {
        let Some(ctx) = ctx else { return 0 };
        let all = untrusted.map(OPENSSL_STACK::items).unwrap_or_default();
        // SAFETY: a list of certificates: what its type says.
        let certificate =
            |item: *mut c_void| unsafe { item.cast::<X509>().as_ref() }.map(Owned::again);
        ctx.init(
            store,
            leaf,
            all.into_iter().filter_map(certificate).collect(),
        );
        1
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_cleanup(ctx: Option<&X509_STORE_CTX>) {
    guard((), || {
        if let Some(ctx) = ctx {
            ctx.init(None, None, Vec::new());
        }
    });
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_verify_cert(ctx: Option<&X509_STORE_CTX>) -> c_int {
    guard(-1, || ctx.map_or(-1, X509_STORE_CTX::verify))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_get_error(ctx: Option<&X509_STORE_CTX>) -> c_int {
    ctx.map_or(0, X509_STORE_CTX::error)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_set_error(ctx: Option<&X509_STORE_CTX>, error: c_int) {
    if let Some(ctx) = ctx {
        ctx.error.set(error);
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_get_error_depth(ctx: Option<&X509_STORE_CTX>) -> c_int {
    ctx.map_or(0, |ctx| ctx.depth.get())
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_set_error_depth(
    ctx: Option<&X509_STORE_CTX>,
    depth: c_int,
) {
    if let Some(ctx) = ctx {
        ctx.depth.set(depth);
    }
}

/// The certificate that the callback is asked about.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_get_current_cert(
    ctx: Option<&X509_STORE_CTX>,
) -> *mut X509 {
    ctx.map_or(core::ptr::null_mut(), |ctx| {
        lend(ctx.chain.borrow().get(length(ctx.depth.get())))
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_get0_cert(ctx: Option<&X509_STORE_CTX>) -> *mut X509 {
    ctx.map_or(core::ptr::null_mut(), |ctx| {
        lend(ctx.leaf.borrow().as_ref())
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_get0_store(
    ctx: Option<&X509_STORE_CTX>,
) -> *mut X509_STORE {
    ctx.map_or(core::ptr::null_mut(), |ctx| {
        lend(ctx.store.borrow().as_ref())
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_get0_param(
    ctx: Option<&X509_STORE_CTX>,
) -> *mut X509_VERIFY_PARAM {
    ctx.map_or(core::ptr::null_mut(), |ctx| {
        lend(ctx.param.borrow().as_ref())
    })
}

fn list(chain: &[Owned<X509>]) -> Vec<*mut c_void> {
    chain
        .iter()
        .map(|x509| x509.clone().into_raw().cast())
        .collect()
}

/// The chain, leaf first; it belongs to the context.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_get0_chain(
    ctx: Option<&X509_STORE_CTX>,
) -> *mut X509_STACK {
    guard(core::ptr::null_mut(), || {
        let Some(ctx) = ctx else {
            return core::ptr::null_mut();
        };
        let mut shown = ctx.shown.borrow_mut();
        let made = shown
            .get_or_insert_with(|| OPENSSL_STACK::owning(list(&ctx.chain.borrow()), cert::free));
        made.pointer()
    })
}

/// The chain with references of its own.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_get1_chain(
    ctx: Option<&X509_STORE_CTX>,
) -> Option<Owned<X509_STACK>> {
    guard(None, || {
        Some(OPENSSL_STACK::new(list(&ctx?.chain.borrow())))
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_set_verify_cb(
    ctx: Option<&X509_STORE_CTX>,
    callback: Option<VerifyFn>,
) {
    if let Some(ctx) = ctx {
        ctx.callback.set(callback);
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_set_flags(
    ctx: Option<&X509_STORE_CTX>,
    flags: core::ffi::c_ulong,
) {
    if let Some(param) = ctx.and_then(|ctx| ctx.param.borrow().clone()) {
        param.set(|values| values.flags |= flags);
    }
}

/// "ssl_client" or "ssl_server": what the certificate must be good for.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_set_default(
    ctx: Option<&X509_STORE_CTX>,
    name: crate::args::Str<'_>,
) -> c_int {
    let purpose = match name.bytes() {
        Some(b"ssl_client") => PURPOSE_CLIENT,
        Some(b"ssl_server") => param::PURPOSE_SERVER,
        _ => return 0,
    };
    tlscore_X509_STORE_CTX_set_purpose(ctx, purpose)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_set_purpose(
    ctx: Option<&X509_STORE_CTX>,
    purpose: c_int,
) -> c_int {
    let Some(param) = ctx.and_then(|ctx| ctx.param.borrow().clone()) else {
        return 0;
    };
    param::tlscore_X509_VERIFY_PARAM_set_purpose(Some(&param), purpose)
}

/// Number 0 is the SSL of the connection whose peer is verified.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_get_ex_data(
    ctx: Option<&X509_STORE_CTX>,
    index: c_int,
) -> *mut c_void {
    ctx.map_or(core::ptr::null_mut(), |ctx| ctx.ex_data.get(index))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_STORE_CTX_set_ex_data(
    ctx: Option<&X509_STORE_CTX>,
    index: c_int,
    data: *mut c_void,
) -> c_int {
    c_int::from(ctx.is_some_and(|ctx| ctx.ex_data.set(index, data)))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_ex_data_X509_STORE_CTX_idx() -> c_int {
    0
}
