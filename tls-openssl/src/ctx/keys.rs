//! Certificates with their keys, one pair for each kind of key, as OpenSSL's SSL_CTX and SSL have them.

use super::chain::Chain;
use super::tell;
use crate::args::Str;
use crate::bio::{BIO, sources};
use crate::err::{self, Lib, ssl};
use crate::evp::{Asker, EVP_PKEY};
use crate::native::Ctx;
use crate::object::Owned;
use crate::stack::OPENSSL_STACK;
use crate::sys;
use crate::x509::strength::{self, Weak};
use crate::x509::{X509, X509_STORE};
use core::ffi::{CStr, c_int};
use std::ffi::CString;
use zeroize::Zeroizing;

/// A certificate, its key and the chain that is sent behind it.
#[derive(Clone)]
pub(crate) struct Pair {
    kind: CString,
    pub(crate) leaf: Option<Owned<X509>>,
    pub(crate) key: Option<Owned<EVP_PKEY>>,
    pub(crate) chain: Chain,
}

/// Certificates that are not used any more. They go when the lock is free: what programs have hung on them (ex_data) is freed
/// by the programs, who may ask for what is in their place.
#[must_use]
pub(crate) struct Old(#[allow(dead_code)] Option<Owned<X509>>, Chain);

/// The pairs of a context or a connection.
#[derive(Clone, Default)]
pub(crate) struct Keys {
    pairs: Vec<Pair>,
    current: usize,
    /// Sent behind every certificate that has no chain of its own.
    pub(crate) extra: Chain,
    /// The signature algorithms and the parameters for DHE (PEM) that the program chose.
    pub(crate) sigalgs: Option<CString>,
    pub(crate) dh: Option<Vec<u8>>,
    /// libtlscore has not heard of the last change.
    dirty: bool,
    /// How many sessions libtlscore was told to keep.
    pub(crate) cached: Option<bool>,
}

impl Keys {
    fn pair(&mut self, kind: &CStr) -> &mut Pair {
        self.dirty = true;
        self.current = match self
            .pairs
            .iter()
            .position(|pair| pair.kind.as_c_str() == kind)
        {
            Some(at) => at,
            None => {
                self.pairs.push(Pair {
                    kind: kind.to_owned(),
                    leaf: None,
                    key: None,
                    chain: Chain::default(),
                });
                self.pairs.len() - 1
            }
        };
        &mut self.pairs[self.current]
    }

    pub(crate) fn current(&self) -> Option<&Pair> {
        self.pairs.get(self.current)
    }

    pub(crate) fn current_mut(&mut self) -> Option<&mut Pair> {
        self.dirty = true;
        self.pairs.get_mut(self.current)
    }

    /// A certificate; a key that does not belong to it is forgotten, as OpenSSL does.
    pub(crate) fn set_leaf(&mut self, leaf: Owned<X509>) -> Old {
        let kind = leaf.key_type().to_owned();
        let pair = self.pair(&kind);
        if pair
            .key
            .as_ref()
            .is_some_and(|key| !key.fits(leaf.native()))
        {
            pair.key = None;
        }
        Old(pair.leaf.replace(leaf), Chain::default())
    }

    /// A certificate and what is sent behind it.
    pub(crate) fn set_chain(&mut self, leaf: Owned<X509>, chain: Vec<Owned<X509>>) -> Old {
        let mut old = self.set_leaf(leaf);
        if let Some(pair) = self.current_mut() {
            old.1 = core::mem::replace(&mut pair.chain, chain.into());
        }
        old
    }

    /// A key; false, with an error in the queue, for one that does not belong to the certificate.
    pub(crate) fn set_key(&mut self, key: Owned<EVP_PKEY>) -> bool {
        if key.key().is_none() {
            err::put(Lib::Ssl, err::INVALID_ARGUMENT, "no private key");
            return false;
        }
        let kind = key.type_name().to_owned();
        let pair = self.pair(&kind);
        if let Some(leaf) = &pair.leaf
            && !key.fits(leaf.native())
        {
            err::put(Lib::X509, err::x509::KEY_VALUES_MISMATCH, "");
            return false;
        }
        pair.key = Some(key);
        true
    }

    pub(crate) fn changed(&mut self) {
        self.dirty = true;
    }

    /// The list of the current pair's chain.
    pub(crate) fn lend_own_chain(&mut self) -> *mut OPENSSL_STACK {
        let pair = self.pairs.get_mut(self.current);
        pair.map_or(core::ptr::null_mut(), |pair| pair.chain.lend())
    }

    /// Whether the current pair is whole.
    pub(crate) fn check(&self) -> bool {
        let Some(leaf) = self.current().and_then(|pair| pair.leaf.as_ref()) else {
            err::put(Lib::Ssl, ssl::NO_CERTIFICATE_ASSIGNED, "");
            return false;
        };
        let Some(key) = self.current().and_then(|pair| pair.key.as_ref()) else {
            err::put(Lib::Ssl, ssl::NO_PRIVATE_KEY_ASSIGNED, "");
            return false;
        };
        let fits = key.fits(leaf.native());
        if !fits {
            err::put(Lib::X509, err::x509::KEY_VALUES_MISMATCH, "");
        }
        fits
    }

    /// Whether there is a pair that can be shown.
    pub(crate) fn is_usable(&self) -> bool {
        self.pairs
            .iter()
            .any(|pair| pair.leaf.is_some() && pair.key.is_some())
    }

    /// Gives the whole pairs to a context, in place of those that it has. False, with an error in the queue, where
    /// one is refused.
    pub(crate) fn give(&mut self, to: &Ctx, store: Option<&X509_STORE>, level: c_int) -> bool {
        if !self.dirty {
            return true;
        }
        let Some(fresh) = Ctx::new() else {
            return false;
        };
        for pair in &self.pairs {
            let Some((leaf, key)) = pair
                .leaf
                .as_ref()
                .zip(pair.key.as_ref().and_then(|key| key.key()))
            else {
                continue;
            };
            let pem = self.sent(pair, leaf, store);
            // SAFETY: live handles, a text and readable bytes.
            let added = fresh.set(|ctx| unsafe {
                sys::tls_ctx_set_policy(ctx, c"legacy".as_ptr());
                sys::tls_ctx_set_security_level(ctx, level);
                sys::tls_ctx_add_keypair_key(ctx, pem.as_ptr().cast(), pem.len(), key.raw())
            });
            if !tell(added) {
                return false;
            }
        }
        // SAFETY: live contexts.
        let given = tell(to.set(|ctx| unsafe { sys::tls_ctx_set_keypairs_of(ctx, fresh.raw()) }));
        self.dirty = !given;
        given
    }

    /// Tells a context that another one's keys are used in what they are used with. Parameters that this one does not have
    /// stay the other's.
    pub(crate) fn choose(&self, to: &Ctx) -> bool {
        let sigalgs = self.sigalgs.as_deref().unwrap_or(c"DEFAULT");
        // SAFETY: a live context and a text.
        let set = tell(to.set(|ctx| unsafe { sys::tls_ctx_set_sigalgs(ctx, sigalgs.as_ptr()) }));
        let params = self.dh.as_ref().is_none_or(|pem| {
            // SAFETY: a live context and readable bytes.
            tell(to.set(|ctx| unsafe {
                sys::tls_ctx_set_dh_params_mem(ctx, pem.as_ptr().cast(), pem.len())
            }))
        });
        set && params
    }

    /// What is sent for a pair, in PEM: its chain, or the extra certificates, or what a store has of its issuers
    /// (without the root, which the peer must have).
    pub(crate) fn sent(
        &self,
        pair: &Pair,
        leaf: &Owned<X509>,
        store: Option<&X509_STORE>,
    ) -> Vec<u8> {
        let mut chain = vec![leaf.clone()];
        let own = [&pair.chain, &self.extra];
        if let Some(own) = own.iter().find(|own| !own.certs().is_empty()) {
            chain.extend_from_slice(own.certs());
        } else if let Some(store) = store {
            let trusted = store.certificates();
            while let Some(last) = chain
                .last()
                .filter(|last| !last.is_self_issued() && chain.len() < 10)
            {
                match trusted
                    .iter()
                    .find(|issuer| last.names_issuer(issuer) && !issuer.is_self_issued())
                {
                    Some(issuer) => chain.push(issuer.clone()),
                    None => break,
                }
            }
        }
        chain.iter().flat_map(|x509| x509.pem().to_vec()).collect()
    }
}

/// SSL_FILETYPE_*
const PEM: c_int = 1;
const DER: c_int = 2;

/// The bytes of a file; the errors of OpenSSL are in the queue where it cannot be read.
fn contents(file: Str<'_>) -> Option<Owned<BIO>> {
    let bio = sources::file_to_read(file);
    if bio.is_none() {
        err::put(Lib::Ssl, err::SYS_LIB, "");
    }
    bio
}

fn known(kind: c_int) -> bool {
    let known = [PEM, DER].contains(&kind);
    if !known {
        err::put(Lib::Ssl, ssl::BAD_SSL_FILETYPE, "");
    }
    known
}

/// All that a BIO has.
fn all(bio: &BIO) -> Zeroizing<Vec<u8>> {
    let mut all = Zeroizing::new(Vec::with_capacity(1 << 14));
    loop {
        let mut room = [core::mem::MaybeUninit::uninit(); 4096];
        let n = bio.read(&mut room);
        if n <= 0 {
            return all;
        }
        // SAFETY: that many bytes were written.
        all.extend_from_slice(unsafe {
            crate::args::bytes(room.as_ptr().cast(), crate::args::length(n))
        });
    }
}

/// The first certificate of a file, which must be as strong as `level` asks for.
pub(crate) fn read_leaf_file(file: Str<'_>, kind: c_int, level: c_int) -> Option<Owned<X509>> {
    let bio = contents(file).filter(|_| known(kind))?;
    let (leaf, reason) = match kind {
        PEM => (crate::pem::certificate(&bio), err::PEM_LIB),
        _ => (X509::parse(&all(&bio)), err::ASN1_LIB),
    };
    if leaf.is_none() {
        err::put(Lib::Ssl, reason, "");
    }
    leaf.filter(|leaf| is_strong(leaf, level, true))
}

/// The certificates of a PEM file, the leaf first, each as strong as `level` asks for.
pub(crate) fn read_chain_file(
    file: Str<'_>,
    level: c_int,
) -> Option<(Owned<X509>, Vec<Owned<X509>>)> {
    let bio = contents(file)?;
    let Some(leaf) = crate::pem::certificate(&bio) else {
        err::put(Lib::Ssl, err::PEM_LIB, "");
        return None;
    };
    if !is_strong(&leaf, level, true) {
        return None;
    }
    let chain = crate::pem::certificates(&bio)?;
    let strong = chain.iter().all(|x509| is_strong(x509, level, false));
    strong.then_some((leaf, chain))
}

/// Whether a certificate is as strong as `level` asks for; an error is in the queue otherwise.
pub(crate) fn is_strong(x509: &X509, level: c_int, leaf: bool) -> bool {
    let reason = match strength::of(x509, level) {
        Some(Weak::Key) if leaf => ssl::EE_KEY_TOO_SMALL,
        Some(Weak::Key) => ssl::CA_KEY_TOO_SMALL,
        // A root's signature on itself says nothing.
        Some(Weak::Hash) if !x509.is_self_issued() => ssl::CA_MD_TOO_WEAK,
        _ => return true,
    };
    err::put(Lib::Ssl, reason, "");
    false
}

/// The first private key of a file.
pub(crate) fn read_key_file(file: Str<'_>, kind: c_int, asker: Asker) -> Option<Owned<EVP_PKEY>> {
    let bio = contents(file).filter(|_| known(kind))?;
    let block = match kind {
        PEM => crate::pem::next(&bio, |label| label.ends_with(b"PRIVATE KEY")),
        _ => Some(all(&bio)),
    };
    let key = block.and_then(|block| crate::evp::read_key(&block, asker));
    if key.is_none() {
        let reason = if kind == PEM {
            err::PEM_LIB
        } else {
            err::ASN1_LIB
        };
        err::put(Lib::Ssl, reason, "");
    }
    key
}
