//! Which suites and groups can be used as things are: by what the provider can do, and by what else is configured.

use super::{ClientAuth, Config};
use crate::crypto::{Agreement, DhParams, Suite};
use crate::wire::NamedGroup;

impl Config {
    /// Whether the provider can do everything that `suite` needs.
    pub fn has_suite(&self, suite: &Suite) -> bool {
        use crate::crypto::BulkCipher;
        let bulk = match suite.bulk {
            BulkCipher::Aead(aead) => self.provider.aead(aead).is_some(),
            BulkCipher::Cbc { cipher, mac } => self.provider.cbc(cipher, mac).is_some(),
        };
        let field =
            suite.kx.row().agreement != Agreement::Dhe || self.provider.finite_field().is_some();
        bulk && field
            && self.provider.prf(suite.prf).is_some()
            && self.provider.hash(suite.prf).is_some()
    }

    /// Whether the provider can compute in `group`.
    pub fn has_group(&self, group: NamedGroup) -> bool {
        match group.is_ffdhe() {
            true => self.provider.finite_field().is_some() && DhParams::named(group).is_some(),
            false => self.provider.group(group).is_some(),
        }
    }

    /// The suites that can be negotiated as things are, most preferred first: ECDHE needs a curve,
    /// PSK somebody who has keys.
    pub fn usable_suites(&self) -> impl Iterator<Item = &'static Suite> {
        let curves = self.groups.iter().any(|g| !g.is_ffdhe());
        let usable = move |suite: &&'static Suite| {
            let row = suite.kx.row();
            (row.agreement != Agreement::Ecdhe || curves) && (!row.psk || self.psk.is_some())
        };
        self.suites.iter().copied().filter(usable)
    }

    /// Those that a server chooses and resumes: one that requires a certificate of its clients can ask
    /// for it only in a key exchange with certificates (RFC 5246 §7.4.4, RFC 4279 §2).
    pub fn server_suites(&self) -> impl Iterator<Item = &'static Suite> {
        let required = self.client_auth == ClientAuth::Require;
        self.usable_suites()
            .filter(move |suite| suite.kx.row().certificate || !required)
    }

    /// A suite's place by our preference; equals have the same.
    pub(crate) fn rank(&self, suite: &Suite) -> Option<usize> {
        let has = |group: &[&Suite], suite: &Suite| group.iter().any(|s| s.id == suite.id);
        let group = self.equal_suites.iter().find(|group| has(group, suite));
        self.suites.iter().position(|s| match group {
            Some(group) => has(group, s),
            None => s.id == suite.id,
        })
    }

    /// Whether every suite that can be negotiated has the server show a certificate.
    pub fn needs_certificate(&self) -> bool {
        self.usable_suites().all(|s| s.kx.row().certificate)
    }

    /// Whether there is a suite in which the server shows a certificate: a client then verifies it.
    pub fn takes_certificate(&self) -> bool {
        self.usable_suites().any(|s| s.kx.row().certificate)
    }
}
