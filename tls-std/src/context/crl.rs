//! CRLs, and what is asked of them.

use super::Context;
use crate::crl;
use crate::error::Result;
use crate::material::Placed;
use crate::settings::Settings;
use std::path::Path;
use tls_core::cert::Crl;

impl Context {
    /// Asks the CRLs of a PEM or DER file about the peer's certificates, from now on: every certificate
    /// of a path but the trusted one must be covered by a list of its CA that is signed, not out of date,
    /// and does not revoke it. Of several lists of one CA the latest counts that its key signed. Errors name
    /// the file and the line; then nothing was added. So does a 17th list of one name, scope and
    /// authorityKeyIdentifier, while no verification has shown which of them count (`BadCrl`).
    pub fn add_crl_file(&self, path: impl AsRef<Path>) -> Result<()> {
        self.add_crls(|| crl::from_file(path.as_ref()))
    }

    /// The same for the files of a directory that hold a CRL; others are passed over.
    pub fn add_crl_dir(&self, path: impl AsRef<Path>) -> Result<()> {
        self.add_crls(|| crl::from_dir(path.as_ref()))
    }

    /// The same for PEM (any number of CRLs) or one in DER.
    pub fn add_crl_mem(&self, pem_or_der: &[u8]) -> Result<()> {
        self.add_crls(|| crl::from_mem(pem_or_der))
    }

    /// Takes the CRLs of another context in place of all of this one's, at once.
    pub fn set_crls_of(&self, other: &Self) {
        let crls = other.config().verify_options.crls.clone();
        self.change(|s| s.edit().verify_options.crls = crls);
    }

    /// Forgets all CRLs: nothing is asked about revocation then but a server's staple.
    pub fn clear_crls(&self) {
        self.change(|s| s.edit().verify_options.crls = Default::default());
    }

    /// Whether CRLs are asked about the leaf alone; by default about the CAs of its path too.
    pub fn set_crl_leaf_only(&self, leaf_only: bool) {
        self.change(|s| s.edit().verify_options.crl_policy.leaf_only = leaf_only);
    }

    /// Whether a certificate is accepted that no usable CRL covers; by default it is refused.
    pub fn allow_unknown_revocation(&self, allow: bool) {
        self.change(|s| s.edit().verify_options.crl_policy.allow_unknown = allow);
    }

    /// Whether CRLs are believed that are out of date; by default they are not. What they revoke is
    /// revoked in any case.
    pub fn allow_expired_crls(&self, allow: bool) {
        self.change(|s| s.edit().verify_options.crl_policy.allow_expired = allow);
    }

    /// Whether CRLs are asked for where there are none, too: then every certificate is refused whose status a list would
    /// tell. By default nobody is asked until one was added.
    pub fn require_crls(&self, required: bool) {
        self.change(|s| s.edit().verify_options.crl_policy.required = required);
    }

    fn add_crls(&self, load: impl FnOnce() -> Result<Vec<Placed<Crl>>>) -> Result<()> {
        // Asked before any lock is taken: the clock may be the application's.
        let now = self.config().clock.now();
        self.try_prepare(
            |_| load(),
            |s: &mut Settings, found| {
                let lists = found.iter().map(|found| found.value.clone());
                let added = s.edit().verify_options.crls.add(lists, now);
                added.map_err(|refused| match found.get(refused.index) {
                    Some(list) => list.name(refused.error),
                    None => refused.error.into(),
                })
            },
        )
    }
}
