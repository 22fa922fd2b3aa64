//! What lists say, and what a security level leaves of them.

use crate::error::{Error, Result};
use tls_core::config::Config;
use tls_core::crypto::Suite;
use tls_core::error::Reason;
use tls_core::wire::{NamedGroup, SignatureScheme};

/// The lists as they were chosen: a level that is lowered again brings back what it took.
#[derive(Clone, Debug)]
pub(crate) struct Chosen {
    pub(crate) suites: Vec<&'static Suite>,
    pub(crate) groups: Vec<NamedGroup>,
    pub(crate) schemes: Vec<SignatureScheme>,
    signing: Option<Vec<SignatureScheme>>,
}

impl Chosen {
    pub(crate) fn of(config: &Config) -> Self {
        Self {
            suites: config.suites.clone(),
            groups: config.groups.clone(),
            schemes: config.schemes.clone(),
            signing: config.signing_schemes.clone(),
        }
    }

    /// Gives `config` what its policy and security level leave of the lists. Nothing left is an error,
    /// and so is a keypair that is too weak.
    pub(crate) fn apply(&self, config: &mut Config) -> Result<()> {
        let strength = config.strength();
        let level = config.security_level;
        let left = |any: bool, reason, what| match any {
            true => Ok(()),
            false => Err(Error::with(
                reason,
                format!("at security level {level} no {what} of the list is left"),
            )),
        };
        let mut lists = self.clone();
        lists.suites.retain(|s| strength.allows_suite(s));
        lists.groups.retain(|g| strength.allows_group(*g));
        let strong = |s: &SignatureScheme| strength.allows_scheme(*s);
        lists.schemes.retain(strong);
        lists
            .signing
            .iter_mut()
            .for_each(|list| list.retain(strong));
        left(
            !lists.suites.is_empty(),
            Reason::BadCipherList,
            "cipher suite",
        )?;
        left(!lists.groups.is_empty(), Reason::BadGroupList, "group")?;
        left(
            !lists.schemes.is_empty(),
            Reason::BadSchemeList,
            "signature scheme",
        )?;
        config.suites = lists.suites;
        config.groups = lists.groups;
        config.schemes = lists.schemes;
        config.signing_schemes = lists.signing;
        let weak = |keypair| config.check_keypair(keypair);
        Ok(config.keypairs.iter().map(|k| &**k).try_for_each(weak)?)
    }
}
