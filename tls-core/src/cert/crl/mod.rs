//! Certificate revocation lists (RFC 5280 §5): read and indexed once when they are loaded, their signatures
//! verified once for each key, then a search per certificate.
//!
//! rustls-webpki has CRLs too; it hashes a list anew for every handshake, takes the first of a CA's lists
//! though it be the oldest, knows no X.509 version 1 (what `openssl ca -gencrl` makes without
//! extensions), and does not see leaves that are trusted as themselves. Lists that it refuses are
//! refused here too: delta CRLs, indirect ones, those of some reasons alone, and critical extensions
//! that nobody knows.

mod check;
mod parse;
mod scope;

pub(super) use check::{check_crls, revocation};

use super::same::{SameName, same_name};
use super::signature::{Signed, Unproven};
use super::view::CertView;
use super::work::Work;
use super::{UnixTime, VerifyRequest, dn};
use crate::crypto::{HashContext, HashId};
use crate::error::{Error, Reason, Result};
use crate::wire::der::{Der, tag};
use core::ops::Range;
use parse::{Broken, Entry};
use scope::Scope;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Most bytes of a CRL: what three length bytes of DER can say, about 400 000 entries.
pub const MAX_CRL: usize = 16 << 20;

/// CRLReason (RFC 5280 §5.3.1); 7 is not used.
pub(in crate::cert) const CRL_REASONS: [&str; 11] = [
    "unspecified",
    "keyCompromise",
    "cACompromise",
    "affiliationChanged",
    "superseded",
    "cessationOfOperation",
    "certificateHold",
    "?",
    "removeFromCRL",
    "privilegeWithdrawn",
    "aACompromise",
];

/// Keys whose verdict on a list is remembered.
const MAX_PROVEN: usize = 8;

/// Most lists of one name, scope and key identifier: nobody knows yet whose they are, or which is the
/// latest.
const MAX_UNSETTLED: usize = 16;

/// One CRL, indexed by serial numbers. Cloning it is cheap.
#[derive(Clone)]
pub struct Crl(Arc<List>);

struct List {
    der: Box<[u8]>,
    issuer: Range<usize>,
    tbs: Range<usize>,
    algorithm: Range<usize>,
    signature: Range<usize>,
    this_update: i64,
    next_update: Option<i64>,
    scope: Scope,
    /// authorityKeyIdentifier (RFC 5280 §5.2.1): a hint which key of its name signed it.
    authority: Option<Box<[u8]>>,
    /// Where the entries stand, sorted by serial number.
    entries: Box<[u32]>,
    proven: Mutex<Vec<Proof>>,
}

/// A verdict on the signature by this key. Whether the policy allows the algorithm is asked each time.
struct Proof {
    spki: [u8; 32],
    verdict: Result<(), Unproven>,
}

impl Crl {
    /// Reads a CertificateList. Its signature is verified when a chain of its CA is.
    ///
    /// Errors: `BadCrl`, with what is wrong, or what is not supported.
    pub fn parse(der: &[u8]) -> Result<Self> {
        if der.len() > MAX_CRL {
            return Err(Error::with(
                Reason::BadCrl,
                format!("the CRL has {} bytes, the limit is {MAX_CRL}", der.len()),
            ));
        }
        parse::list(der)
            .map(|list| Self(Arc::new(list)))
            .map_err(|Broken(why)| Error::with(Reason::BadCrl, format!("the CRL {why}")))
    }

    /// The CA's name as RFC 4514 writes it.
    pub fn issuer(&self) -> String {
        dn::short(self.issuer_name())
    }

    /// When it was made; seconds since 1970.
    pub fn this_update(&self) -> i64 {
        self.0.this_update
    }

    /// When there will be a newer one, if it says so; seconds since 1970.
    pub fn next_update(&self) -> Option<i64> {
        self.0.next_update
    }

    /// How many certificates it revokes.
    pub fn len(&self) -> usize {
        self.0.entries.len()
    }

    /// Whether it revokes none.
    pub fn is_empty(&self) -> bool {
        self.0.entries.is_empty()
    }

    /// The whole `Name`.
    fn issuer_name(&self) -> &[u8] {
        &self.0.der[self.0.issuer.clone()]
    }

    /// Whether both speak of the same certificates, if it is one CA that made them: a name alone does
    /// not say so.
    fn is_about_the_same(&self, other: &Self) -> bool {
        self.0.scope == other.0.scope && same_name(self.issuer_name(), other.issuer_name())
    }

    /// Whether `newer` stands in this list's place at `now`: it is not one of the future, and one key signed
    /// both. When somebody asked about them says nothing: he may have asked about another time.
    fn was_replaced_by(&self, newer: &Self, now: UnixTime) -> bool {
        let ours = || self.signers();
        self.is_about_the_same(newer)
            && self.this_update() < newer.this_update()
            && newer.this_update() <= seconds(now)
            && newer.signers().iter().any(|key| ours().contains(key))
    }

    /// The keys, as SHA-256, that are known to have signed the list.
    fn signers(&self) -> Vec<[u8; 32]> {
        let proven = self.proven();
        let good = proven.iter().filter(|p| p.verdict.is_ok());
        good.map(|p| p.spki).collect()
    }

    fn proven(&self) -> MutexGuard<'_, Vec<Proof>> {
        self.0.proven.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the list says of a serial number (the contents of its INTEGER).
    fn find(&self, serial: &[u8]) -> Option<Entry> {
        let list = &*self.0;
        let wanted = significant(serial);
        let at = |offset: &u32| Der::new(&list.der[*offset as usize..]).expect(tag::SEQUENCE);
        let number = |offset: &u32| {
            let entry = at(offset).and_then(|e| Der::new(e.content).expect(tag::INTEGER));
            entry.map_or(&[][..], |number| significant(number.content))
        };
        let found = list
            .entries
            .binary_search_by(|o| compare(number(o), wanted))
            .ok()?;
        // All of them were read when the list was.
        at(&list.entries[found])
            .ok()
            .and_then(|e| Entry::parse(e.content, true).ok())
    }

    /// Whether this CA's key signed the list. Asked once for each key: a large list takes its time. What comes to nothing
    /// is counted, for a peer may send any number of CAs of this name; the list itself is the program's.
    fn is_signed_by(
        &self,
        issuer: &CertView<'_>,
        request: &VerifyRequest<'_>,
        work: &mut Work,
    ) -> Result<Result<(), Unproven>> {
        let list = &*self.0;
        let signed = Signed {
            message: &list.der[list.tbs.clone()],
            algorithm: &list.der[list.algorithm.clone()],
            signature: &list.der[list.signature.clone()],
        };
        if let Err(unproven) = signed.check_algorithm(request) {
            return Ok(Err(unproven));
        }
        let hash = request
            .provider
            .hash(HashId::Sha256)
            .ok_or(Reason::ProviderMissing)?;
        let spki: [u8; 32] = hash
            .hash(&[issuer.spki])
            .as_ref()
            .try_into()
            .map_err(|_| Reason::Bug)?;
        if let Some(proof) = self.proven().iter().find(|p| p.spki == spki) {
            return Ok(proof.verdict.clone());
        }
        let verdict = signed.check_signature(issuer, request);
        let mut proven = self.proven();
        if proven.len() == MAX_PROVEN {
            // Strangers do not push out who really signed.
            proven.retain(|proof| proof.verdict.is_ok());
        }
        if proven.len() == MAX_PROVEN {
            proven.clear();
        }
        proven.push(Proof {
            spki,
            verdict: verdict.clone(),
        });
        if verdict.is_err() {
            work.verify(issuer, signed.message)?;
        }
        Ok(verdict)
    }
}

impl core::fmt::Debug for Crl {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Crl({}, {} entries)", self.issuer(), self.len())
    }
}

fn seconds(time: UnixTime) -> i64 {
    i64::try_from(time.as_secs()).unwrap_or(i64::MAX)
}

/// Serial numbers are compared without their leading zeroes, which not every CA writes alike. A negative one (RFC 5280
/// §4.1.2.2 has none) then is the positive one of the same bytes: an entry for either revokes both.
fn significant(serial: &[u8]) -> &[u8] {
    let zeroes = serial.iter().take_while(|b| **b == 0).count();
    &serial[zeroes..]
}

fn compare(a: &[u8], b: &[u8]) -> core::cmp::Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// What lists have in common that may take each other's place: name, scope, key identifier.
type Key = (SameName<'static>, Scope, Option<Box<[u8]>>);

/// Which of them counts shows when a certificate of the CA is verified: giving one up before could be giving up the one
/// that revokes.
fn too_many(list: &Crl) -> Error {
    Error::with(
        Reason::BadCrl,
        format!(
            "there are {MAX_UNSETTLED} CRLs of {} already, by one authorityKeyIdentifier or without any, and no verification has shown yet which of them its key signed and replaced: clear them, or load one of each CA",
            list.issuer()
        ),
    )
}

/// The list that [`Crls::add`] does not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrlRefused {
    /// Its place among those that were to be added, from 0.
    pub index: usize,
    /// Why.
    pub error: Error,
}

impl core::fmt::Display for CrlRefused {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Display::fmt(&self.error, f)
    }
}

impl core::error::Error for CrlRefused {}

impl From<CrlRefused> for Error {
    fn from(refused: CrlRefused) -> Self {
        refused.error
    }
}

/// Lists of any number of CAs. Cloning is cheap.
#[derive(Clone, Default)]
pub struct Crls(Arc<[Crl]>);

impl Crls {
    /// Adds lists. Which of several of one name and scope counts is decided where a path is judged:
    /// the latest that the CA's own key signed. Nothing is given up before: a name proves nothing (two
    /// CAs may share one), and a list of next week is none yet, by the caller's clock, `now`. What such a
    /// list has replaced goes when the next one comes.
    ///
    /// Errors: `BadCrl` for more than 16 of one name, scope and key identifier; then nothing is added.
    pub fn add(
        &mut self,
        more: impl IntoIterator<Item = Crl>,
        now: UnixTime,
    ) -> Result<(), CrlRefused> {
        // Bundles may have any number of those.
        let mut groups: HashMap<Key, Vec<usize>> = HashMap::new();
        let key = |list: &Crl| {
            let List {
                scope, authority, ..
            } = &*list.0;
            (
                SameName::owned(list.issuer_name()),
                scope.clone(),
                authority.clone(),
            )
        };
        let mut kept: Vec<Option<Crl>> = Vec::new();
        for list in self.0.iter() {
            groups.entry(key(list)).or_default().push(kept.len());
            kept.push(Some(list.clone()));
        }
        for group in groups.values_mut() {
            let newer = |old: usize| {
                let by = |new: &usize| self.0[old].was_replaced_by(&self.0[*new], now);
                group.iter().any(by)
            };
            let gone: Vec<usize> = group.iter().copied().filter(|old| newer(*old)).collect();
            gone.iter().for_each(|place| kept[*place] = None);
            group.retain(|place| !gone.contains(place));
        }
        for (index, new) in more.into_iter().enumerate() {
            let group = groups.entry(key(&new)).or_default();
            let is_new = |place: &usize| kept[*place].as_ref().is_none_or(|l| l.0.der != new.0.der);
            if !group.iter().all(is_new) {
                continue;
            }
            if group.len() >= MAX_UNSETTLED {
                let error = too_many(&new);
                return Err(CrlRefused { index, error });
            }
            group.push(kept.len());
            kept.push(Some(new));
        }
        self.0 = kept.into_iter().flatten().collect();
        Ok(())
    }

    /// The lists.
    pub fn lists(&self) -> &[Crl] {
        &self.0
    }

    /// Whether there is none: then nothing is asked of anybody.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What a session is bound to. A signature stands for what it signs.
    pub(crate) fn bind(&self, digest: &mut dyn HashContext) {
        digest.update(&(self.0.len() as u64).to_be_bytes());
        for Crl(list) in &*self.0 {
            let signature = &list.der[list.signature.clone()];
            digest.update(&(signature.len() as u64).to_be_bytes());
            digest.update(signature);
        }
    }
}

impl PartialEq for Crls {
    fn eq(&self, other: &Self) -> bool {
        let same = |(a, b): (&Crl, &Crl)| Arc::ptr_eq(&a.0, &b.0) || a.0.der == b.0.der;
        self.0.len() == other.0.len() && self.0.iter().zip(&*other.0).all(same)
    }
}

impl Eq for Crls {}

impl core::fmt::Debug for Crls {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Crls({} lists)", self.0.len())
    }
}

/// What is asked of CRLs. The default asks for everything, where there are any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct CrlPolicy {
    /// Ask about the leaf alone, not about the CAs of its path.
    pub leaf_only: bool,
    /// Accept a certificate that no list covers: not one of its CA, or none that could be used.
    pub allow_unknown: bool,
    /// Believe lists that are out of date. What they revoke is revoked in any case.
    pub allow_expired: bool,
    /// Ask where there is no list at all, too: then none covers anything. Who signs itself and is trusted is not exempt.
    pub required: bool,
}
