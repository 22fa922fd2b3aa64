//! X509_STORE_CTX: one verification. Connections use it, too: there is one way in which certificates are judged.

use crate::ex_data::{Class, ExData};
use crate::object::{Counted, Owned};
use crate::stack::OPENSSL_STACK;
use crate::x509::errors;
use crate::x509::findings::Finding;
use crate::x509::param::Values;
use crate::x509::{X509, X509_STORE, X509_VERIFY_PARAM};
use core::cell::{Cell, RefCell};
use core::ffi::{CStr, c_int, c_void};

/// A program's word on each error (0) and each certificate that is right (1): 1 goes on, 0 ends it.
pub type VerifyFn = unsafe extern "C" fn(c_int, *mut X509_STORE_CTX) -> c_int;

/// One verification, used by one thread.
#[derive(Default)]
pub struct X509_STORE_CTX {
    pub(super) store: RefCell<Option<Owned<X509_STORE>>>,
    pub(super) leaf: RefCell<Option<Owned<X509>>>,
    pub(super) untrusted: RefCell<Vec<Owned<X509>>>,
    pub(super) param: RefCell<Option<Owned<X509_VERIFY_PARAM>>>,
    pub(super) callback: Cell<Option<VerifyFn>>,
    /// The security level that keys and hashes must have.
    pub(super) level: Cell<c_int>,
    /// It has verified.
    used: Cell<bool>,
    pub(super) error: Cell<c_int>,
    pub(super) depth: Cell<c_int>,
    pub(super) chain: RefCell<Vec<Owned<X509>>>,
    /// The chain as a list, where it was asked for.
    pub(super) shown: RefCell<Option<Owned<OPENSSL_STACK>>>,
    pub(crate) ex_data: ExData,
}

// SAFETY: made in `new` alone, inside of an Owned.
unsafe impl Counted for X509_STORE_CTX {}

impl X509_STORE_CTX {
    pub(crate) fn new() -> Owned<Self> {
        let ctx = Owned::new(Self::default());
        ctx.ex_data.made(ctx.pointer().cast(), Class::X509StoreCtx);
        ctx
    }

    pub(crate) fn init(
        &self,
        store: Option<&X509_STORE>,
        leaf: Option<&X509>,
        untrusted: Vec<Owned<X509>>,
    ) {
        // What goes may ask for what is there: it goes when that is in its place.
        drop(self.store.replace(store.map(Owned::again)));
        drop(self.leaf.replace(leaf.map(Owned::again)));
        drop(self.untrusted.replace(untrusted));
        let values = store.map(|store| store.param().get()).unwrap_or_default();
        drop(self.param.replace(Some(X509_VERIFY_PARAM::new(values))));
        self.callback.set(store.and_then(X509_STORE::callback));
        self.ex_data.forget(self.here(), Class::X509StoreCtx);
        self.level.set(0);
        self.error.set(errors::OK);
        self.depth.set(0);
        self.used.set(false);
        self.keep(Vec::new());
    }

    fn here(&self) -> *mut c_void {
        core::ptr::from_ref(self).cast_mut().cast()
    }

    pub(crate) fn set_level(&self, level: c_int) {
        self.level.set(level);
    }

    pub(crate) fn set_callback(&self, callback: Option<VerifyFn>) {
        self.callback.set(callback);
    }

    pub(crate) fn set_values(&self, values: Values) {
        drop(self.param.replace(Some(X509_VERIFY_PARAM::new(values))));
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

    pub(super) fn keep(&self, chain: Vec<Owned<X509>>) {
        drop(self.shown.take());
        drop(self.chain.replace(chain));
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
        if self.used.replace(true) {
            // A context verifies once.
            self.error.set(errors::INVALID_CALL);
            return -1;
        }
        let Some(findings) = self.judge(&store, &leaf, &values) else {
            self.error.set(errors::UNSPECIFIED);
            return -1;
        };
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
            Some(callback) => unsafe { callback(ok, core::ptr::from_ref(self).cast_mut()) > 0 },
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
        let unanchored = findings
            .iter()
            .any(|(error, _)| *error == errors::NO_ISSUER_LOCALLY);
        // Each finding is told, also one at a certificate that is not on the chain that is shown.
        let walked = self.walked(unanchored);
        let (beyond, late): (Vec<Finding>, Vec<Finding>) = late
            .into_iter()
            .partition(|(_, depth)| crate::args::length(*depth) >= walked);
        let last = crate::args::count(walked.saturating_sub(1));
        if !beyond.into_iter().all(|(error, _)| said((error, last))) {
            return false;
        }
        for depth in (0..walked).rev() {
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
    fn walked(&self, unanchored: bool) -> usize {
        let len = self.chain.borrow().len();
        match unanchored && len > 1 {
            true => len - 1,
            false => len,
        }
    }
}

impl Drop for X509_STORE_CTX {
    fn drop(&mut self) {
        self.ex_data.free(self.here(), Class::X509StoreCtx);
    }
}
