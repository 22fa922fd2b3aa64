//! One row of the table: what is verified and how, what we must say, and why OpenSSL may differ.

use crate::forge::{Forged, root};
use tls_core::cert::Certificate;

/// The certificates of a chain and what is asked of it.
pub(crate) struct Row {
    pub(crate) title: &'static str,
    pub(crate) leaf: Certificate,
    pub(crate) sent: Vec<Certificate>,
    pub(crate) trusted: Vec<Certificate>,
    pub(crate) host: Option<&'static str>,
    pub(crate) client: bool,
    pub(crate) time: u64,
    pub(crate) depth: Option<usize>,
    pub(crate) partial: bool,
    pub(crate) strict: bool,
    pub(crate) legacy: bool,
    /// In DER; none: nobody asks.
    pub(crate) crls: Vec<Vec<u8>>,
    pub(crate) crl_leaf_only: bool,
    /// The name of our error; "OK".
    pub(crate) ours: &'static str,
    /// Why OpenSSL's verdict is another one.
    pub(crate) differs: Option<&'static str>,
}

/// 2026-01-01T00:00:00Z
pub(crate) const NOW: u64 = 1_767_225_600;

/// host.test under "Root", which is trusted.
pub(crate) fn row(title: &'static str, leaf: Certificate, ours: &'static str) -> Row {
    Row {
        title,
        leaf,
        sent: Vec::new(),
        trusted: vec![root("Root")],
        host: Some("host.test"),
        client: false,
        time: NOW,
        depth: None,
        partial: false,
        strict: false,
        legacy: false,
        crls: Vec::new(),
        crl_leaf_only: false,
        ours,
        differs: None,
    }
}

impl Row {
    pub(crate) fn sent(mut self, sent: impl IntoIterator<Item = Certificate>) -> Self {
        self.sent.extend(sent);
        self
    }

    /// These are trusted, and "Root" is not.
    pub(crate) fn trusting(mut self, trusted: impl IntoIterator<Item = Certificate>) -> Self {
        self.trusted = trusted.into_iter().collect();
        self
    }

    pub(crate) const fn host(mut self, host: &'static str) -> Self {
        self.host = Some(host);
        self
    }

    pub(crate) const fn no_host(mut self) -> Self {
        self.host = None;
        self
    }

    pub(crate) const fn client(mut self) -> Self {
        self.client = true;
        self.host = None;
        self
    }

    pub(crate) const fn at(mut self, time: u64) -> Self {
        self.time = time;
        self
    }

    pub(crate) const fn depth(mut self, depth: usize) -> Self {
        self.depth = Some(depth);
        self
    }

    pub(crate) const fn partial(mut self) -> Self {
        self.partial = true;
        self
    }

    pub(crate) const fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    pub(crate) const fn legacy(mut self) -> Self {
        self.legacy = true;
        self
    }

    pub(crate) fn crls(mut self, crls: impl IntoIterator<Item = Vec<u8>>) -> Self {
        self.crls.extend(crls);
        self
    }

    pub(crate) const fn leaf_only(mut self) -> Self {
        self.crl_leaf_only = true;
        self
    }

    pub(crate) const fn differs(mut self, why: &'static str) -> Self {
        self.differs = Some(why);
        self
    }
}

/// The usual leaf under `issuer`.
pub(crate) fn leaf(issuer: &str) -> Certificate {
    Forged::leaf("leaf", issuer).signed()
}

/// A usual CA.
pub(crate) fn ca(subject: &str, issuer: &str) -> Certificate {
    Forged::ca(subject, issuer).signed()
}

/// `count` intermediates between "Root" and the issuer that is returned first.
pub(crate) fn tower(count: usize) -> (String, Vec<Certificate>) {
    let mut issuer = "Root".to_owned();
    let mut all = Vec::new();
    for level in 1..=count {
        let subject = format!("Int {level}");
        all.insert(0, ca(&subject, &issuer));
        issuer = subject;
    }
    (issuer, all)
}
