//! What is wrong with a certificate, one finding after the other, as OpenSSL tells it. libtlscore's verifier stops at
//! the first: for what stands behind it it is asked again, supposing that the program overrules what was found.

use super::findings::{Finding, common_time, dates, unanchored, unfit, unknown, unlisted};
use super::{X509, X509_STORE, X509_STORE_CTX, cert, errors, strength};
use crate::args::length;
use crate::native::{Cert, Ctx, Verify};
use crate::object::Owned;
use crate::sys;
use crate::x509::check::host_name;
use crate::x509::param::{self, Values};
use core::ffi::{CStr, c_int};
use std::ffi::CString;
use std::sync::Arc;

/// Most questions about one certificate.
const MOST: usize = 8;

/// Most certificates of a chain that is put together here.
const MOST_WALKED: usize = 16;

/// What the verifier is asked with: what the program wants, and what it may overrule.
struct Question<'a> {
    store: &'a X509_STORE,
    leaf: &'a X509,
    values: &'a Values,
    level: c_int,
    /// The end of the chain, supposing that it is trusted.
    anchor: Option<Owned<X509>>,
    /// The other purpose, where that of `values` does not fit.
    other_purpose: bool,
    without_crls: bool,
    time: Option<i64>,
}

/// Why there is no path.
#[allow(
    clippy::large_enum_variant,
    reason = "errors are rare, and told at once"
)]
enum Fault {
    /// Nobody is trusted.
    Nobody,
    Wrong(sys::tls_error_info),
    /// The question could not be asked: no program overrules that.
    Unasked,
}

impl Question<'_> {
    fn context(&self) -> Result<Arc<Ctx>, Fault> {
        let flags = match self.without_crls {
            true => self.values.flags & !param::CRL_CHECK,
            false => self.values.flags,
        };
        let context = match &self.anchor {
            Some(anchor) => self
                .store
                .supposing(anchor, self.level, flags)
                .map(Arc::new),
            None if self.store.is_empty() => return Err(Fault::Nobody),
            None => self.store.context(self.level, flags),
        };
        context.map_err(|_| Fault::Unasked)
    }

    /// The purposes to ask for, in turn: without one of the program's own, either will do.
    fn purposes(&self) -> &'static [c_int] {
        let client = self.values.purpose == param::PURPOSE_CLIENT;
        match (self.values.purpose, client != self.other_purpose) {
            (0 | param::PURPOSE_ANY, _) => &[sys::TLS_SERVER, sys::TLS_CLIENT],
            (_, true) => &[sys::TLS_CLIENT],
            (_, false) => &[sys::TLS_SERVER],
        }
    }

    /// Supposes that the program overrules an error; false: nothing can be seen behind it.
    fn suppose(&mut self, error: c_int, chain: &[Owned<X509>]) -> bool {
        match error {
            errors::NO_ISSUER_LOCALLY if self.anchor.is_none() => {
                self.anchor = chain.last().cloned();
                self.anchor.is_some()
            }
            errors::NOT_YET_VALID | errors::EXPIRED if self.time.is_none() => {
                self.time = common_time(chain);
                self.time.is_some()
            }
            errors::PURPOSE => !core::mem::replace(&mut self.other_purpose, true),
            errors::EE_KEY_TOO_SMALL | errors::CA_KEY_TOO_SMALL | errors::CA_MD_TOO_WEAK => {
                core::mem::replace(&mut self.level, 0) != 0
            }
            3 | 8 | 11 | 12 | 23 => !core::mem::replace(&mut self.without_crls, true),
            _ => false,
        }
    }
}

impl X509_STORE_CTX {
    /// What is wrong, in OpenSSL's order: the chain, what certificates may be used for, how strong they are, the name,
    /// revocation, and last, for each certificate, signature and dates. `None`: that could not be found out.
    pub(super) fn judge(
        &self,
        store: &X509_STORE,
        leaf: &X509,
        values: &Values,
    ) -> Option<Vec<Finding>> {
        let asked = values
            .time
            .filter(|_| values.flags & param::USE_CHECK_TIME != 0);
        let mut question = Question {
            store,
            leaf,
            values,
            level: self.level.get(),
            anchor: None,
            other_purpose: false,
            without_crls: false,
            time: asked,
        };
        let now = asked.unwrap_or_else(crate::asn1::now);
        let (mut findings, mut out_of_date) = (Vec::new(), Vec::new());
        let mut verdict = self.ask(&question, None);
        let timeless = values.flags & param::NO_CHECK_TIME != 0;
        if timeless && matches!(&verdict, Err(Fault::Wrong(info)) if errors::is_date(info)) {
            // As of a time at which all of them were good; where there is none, one of them is still out of date.
            question.time = common_time(&self.walk(store, leaf));
            verdict = self.ask(&question, None);
        }
        let asked = question.time;
        let trusted = verdict.is_ok();
        let chain = match &verdict {
            Ok(path) => path.clone(),
            Err(_) => self.walk(store, leaf),
        };
        if trusted {
            findings.extend(unanchored(&chain, values));
        }
        while let Err(fault) = verdict {
            let (error, depth) = match fault {
                Fault::Nobody => (errors::NO_ISSUER_LOCALLY, 0),
                Fault::Wrong(info) => errors::of_native(&info),
                Fault::Unasked => return None,
            };
            match error {
                errors::NO_ISSUER_LOCALLY => findings.extend(unknown(&chain)),
                errors::NOT_YET_VALID | errors::EXPIRED => out_of_date.push((error, depth)),
                errors::EE_KEY_TOO_SMALL..=errors::CA_MD_TOO_WEAK => {
                    let weak = strength::weak(&chain, question.level);
                    match weak.is_empty() {
                        true => findings.push((error, depth)),
                        false => findings.extend(weak),
                    }
                }
                _ => findings.push((error, depth)),
            }
            if findings.len() > MOST || !question.suppose(error, &chain) {
                // Behind it nobody has looked into the CRLs that were asked for.
                if values.flags & param::CRL_CHECK != 0 && errors::hides_crls(error) {
                    findings.push((errors::NO_CRL, 0));
                }
                break;
            }
            verdict = self.ask(&question, None);
        }
        if !trusted {
            let dates = match timeless {
                true => Vec::new(),
                false => dates(&chain, now),
            };
            // What libtlscore has found on another path stays found.
            let new = |(error, _): &Finding| !dates.iter().any(|(ours, _)| ours == error);
            out_of_date.retain(new);
            findings.extend(dates);
            findings.append(&mut out_of_date);
            if findings.is_empty() {
                findings.push((errors::UNSPECIFIED, 0));
            }
        }
        question.time = asked;
        findings.extend(unfit(leaf, values.purpose));
        if values.flags & param::UNKNOWN_CHECKS != 0 {
            findings.push((errors::UNSPECIFIED, 0));
        }
        findings.extend(unlisted(&chain, trusted, store, values.flags));
        if self.misnamed(&question, trusted) {
            findings.push((errors::HOSTNAME_MISMATCH, 0));
        }
        if values.ip.as_deref().is_some_and(|ip| !leaf.is_for(ip)) {
            findings.push((errors::IP_MISMATCH, 0));
        }
        // One after the other in a group keeps its place.
        findings.sort_by_key(|(error, _)| errors::group(*error));
        findings.dedup();
        self.keep(chain);
        Some(findings)
    }

    /// One verification by libtlscore.
    fn ask(&self, question: &Question<'_>, name: Option<&CStr>) -> Result<Vec<Owned<X509>>, Fault> {
        let ctx = question.context()?;
        let mut failed = Fault::Unasked;
        for purpose in question.purposes() {
            // SAFETY: a live context; the verification is ours.
            let verify = unsafe { Verify::own(sys::tls_verify_new(ctx.raw())) };
            let Some(verify) =
                verify.filter(|verify| self.tell_verifier(verify, question, name, *purpose))
            else {
                return Err(Fault::Unasked);
            };
            // SAFETY: live handles.
            let code = unsafe { sys::tls_verify_cert(verify.raw(), question.leaf.native().raw()) };
            if code == sys::TLS_OK {
                let path = verify.path().into_iter();
                return Ok(path.map(|cert| self.known(cert)).collect());
            }
            let error = verify.error();
            let other = errors::of_native(&error).0 != errors::PURPOSE;
            failed = Fault::Wrong(error);
            if other {
                break;
            }
        }
        Err(failed)
    }

    /// False: something of it was not taken.
    fn tell_verifier(
        &self,
        verify: &Verify,
        question: &Question<'_>,
        name: Option<&CStr>,
        purpose: c_int,
    ) -> bool {
        let raw = verify.raw();
        // SAFETY: live handles and texts.
        unsafe {
            let add = |cert: &Owned<X509>| {
                sys::tls_verify_add_untrusted_cert(raw, cert.native().raw()) == sys::TLS_OK
            };
            sys::tls_verify_set_purpose(raw, purpose) == sys::TLS_OK
                && name
                    .is_none_or(|name| sys::tls_verify_set_name(raw, name.as_ptr()) == sys::TLS_OK)
                && question
                    .time
                    .is_none_or(|time| sys::tls_verify_set_time(raw, time.max(0)) == sys::TLS_OK)
                && question.values.depth.is_none_or(|depth| {
                    sys::tls_verify_set_depth(raw, length(depth).min(6)) == sys::TLS_OK
                })
                && self.untrusted.borrow().iter().all(add)
        }
    }

    /// The program's own object for a certificate, where it has one.
    fn known(&self, cert: Cert) -> Owned<X509> {
        let same = |x509: &&Owned<X509>| x509.der() == cert.der();
        let leaf = self.leaf.borrow();
        let untrusted = self.untrusted.borrow();
        let known = leaf.iter().chain(untrusted.iter()).find(same).cloned();
        known.unwrap_or_else(|| X509::of(cert))
    }

    /// Whether hosts were asked for, and the certificate is for none of them; whatever else is wrong with it.
    fn misnamed(&self, question: &Question<'_>, trusted: bool) -> bool {
        let (leaf, values) = (question.leaf, question.values);
        if values.hosts.is_empty() {
            return false;
        }
        // A common name must keep the constraints of its issuers, which the verifier knows.
        let called = |host: &CStr| {
            leaf.is_called(host) && (!trusted || self.ask(question, Some(host)).is_ok())
        };
        let name = |host: &CString| {
            let known = leaf.is_for(host) || called(host);
            known.then(|| host_name(leaf, host, values.hostflags))?
        };
        let matched = values.hosts.iter().find_map(name);
        let missing = matched.is_none();
        if let Some(param) = self.param.borrow().as_ref() {
            param.matched(matched);
        }
        missing
    }

    /// The chain as far as each certificate names the next one, those first that are trusted.
    fn walk(&self, store: &X509_STORE, leaf: &X509) -> Vec<Owned<X509>> {
        let untrusted = self.untrusted.borrow();
        let trusted = store.certificates();
        let mut chain = vec![Owned::again(leaf)];
        // One that has its issuer's name may still be signed by somebody else of that name.
        while let Some(last) = chain.last().filter(|_| chain.len() < MOST_WALKED) {
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
pub(super) fn name_for(leaf: &X509, host: &CStr) -> CString {
    let host_text = host.to_string_lossy();
    let bare = host_text.strip_suffix('.').unwrap_or(&host_text);
    let wild = cert::wildcard_for(bare);
    let common = leaf.common_name();
    let mut names = leaf.names();
    if names.is_empty() {
        names.push(common);
    }
    let is = |name: &&CStr, text: &str| name.to_string_lossy().eq_ignore_ascii_case(text);
    let found = names.iter().find(|name| is(name, bare));
    let found = found.or_else(|| {
        names
            .iter()
            .find(|name| wild.as_ref().is_some_and(|wild| is(name, wild)))
    });
    (*found.unwrap_or(&host)).to_owned()
}
