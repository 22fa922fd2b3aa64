//! What is wrong with a chain by what its certificates and the program's demands say; the rest is libtlscore's to find.

use super::param::{self, Values};
use super::{X509, X509_STORE, errors};
use crate::args::count;
use crate::object::Owned;
use crate::sys;
use core::ffi::{c_int, c_ulong};

/// What is wrong, and at which certificate of the chain.
pub(super) type Finding = (c_int, c_int);

/// A time at which all certificates of a chain are valid.
pub(super) fn common_time(chain: &[Owned<X509>]) -> Option<i64> {
    let mut common = (i64::MIN, i64::MAX);
    for x509 in chain {
        let (from, to) = x509.validity();
        common = (common.0.max(from), common.1.min(to));
    }
    (common.0 <= common.1).then_some(common.0)
}

/// Why nobody that is trusted stands behind a chain.
pub(super) fn unknown(chain: &[Owned<X509>]) -> Vec<Finding> {
    let top = count(chain.len().saturating_sub(1));
    let rooted = chain.last().is_some_and(|top| top.is_self_issued());
    match (rooted, top) {
        (true, 0) => vec![(errors::SELF_SIGNED_LEAF, 0)],
        (true, top) => vec![(errors::SELF_SIGNED_IN_CHAIN, top)],
        (false, 0) => vec![(errors::NO_ISSUER_LOCALLY, 0), (errors::UNVERIFIED_LEAF, 0)],
        (false, top) => vec![(errors::NO_ISSUER_LOCALLY, top)],
    }
}

/// The keyUsage that OpenSSL asks of the leaf for a purpose: libtlscore asks for it where the key is used.
pub(super) fn unfit(leaf: &X509, purpose: c_int) -> Option<Finding> {
    let enough: &[&str] = match purpose {
        param::PURPOSE_CLIENT => &["digitalSignature", "keyAgreement"],
        param::PURPOSE_SERVER => &["digitalSignature", "keyEncipherment", "keyAgreement"],
        _ => return None,
    };
    // SAFETY: a live certificate, whose texts stay while it does.
    let usage = unsafe { crate::native::text(sys::tls_cert_key_usage(leaf.native().raw())) }?;
    let usage = usage.to_string_lossy();
    let fits = usage.split(", ").any(|usage| enough.contains(&usage));
    (!fits).then_some((errors::PURPOSE, 0))
}

/// The certificates that CRLs are asked about, where there are none that could tell.
pub(super) fn unlisted(
    chain: &[Owned<X509>],
    trusted: bool,
    store: &X509_STORE,
    flags: c_ulong,
) -> Vec<Finding> {
    // Of one that signs itself, and is not trusted, libtlscore does not ask.
    let alone = !trusted && chain.len() == 1 && chain[0].is_self_issued();
    let asked_about = match flags {
        _ if store.has_crls() && !alone => 0,
        flags if flags & param::CRL_CHECK == 0 => 0,
        flags if flags & param::CRL_CHECK_ALL == 0 => 1,
        _ => count(chain.len()),
    };
    (0..asked_about)
        .map(|depth| (errors::NO_CRL, depth))
        .collect()
}

/// OpenSSL trusts a certificate without its issuer where X509_V_FLAG_PARTIAL_CHAIN says so.
pub(super) fn unanchored(chain: &[Owned<X509>], values: &Values) -> Vec<Finding> {
    let rooted = chain.last().is_some_and(|top| top.is_self_issued());
    match rooted || values.flags & param::PARTIAL_CHAIN != 0 {
        true => Vec::new(),
        false => unknown(chain),
    }
}

/// The dates of each certificate, from the root to the leaf. Without a root nobody vouches for the last one, whose
/// dates are not looked at.
pub(super) fn dates(chain: &[Owned<X509>], now: i64) -> Vec<Finding> {
    let rooted = chain.last().is_some_and(|top| top.is_self_issued());
    let looked_at = match rooted || chain.len() < 2 {
        true => chain.len(),
        false => chain.len() - 1,
    };
    let wrong = |(at, x509): (usize, &Owned<X509>)| {
        let (from, to) = x509.validity();
        match now {
            now if now < from => Some((errors::NOT_YET_VALID, count(at))),
            now if now > to => Some((errors::EXPIRED, count(at))),
            _ => None,
        }
    };
    let all = chain[..looked_at].iter().enumerate().rev();
    all.filter_map(wrong).collect()
}
