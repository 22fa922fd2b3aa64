//! The certificates that are sent behind a leaf.

use crate::object::{Owned, lend};
use crate::stack::OPENSSL_STACK;
use crate::x509::{X509, cert};

/// A list of certificates, and the same list as programs are lent it: once made, it follows every change and stays
/// until the last certificate goes, as OpenSSL's does.
#[derive(Default)]
pub(crate) struct Chain {
    certs: Vec<Owned<X509>>,
    lent: Option<Owned<OPENSSL_STACK>>,
}

impl Chain {
    pub(crate) fn certs(&self) -> &[Owned<X509>] {
        &self.certs
    }

    pub(crate) fn push(&mut self, x509: Owned<X509>) {
        if let Some(lent) = &self.lent {
            lent.push(x509.clone().into_raw().cast());
        }
        self.certs.push(x509);
    }

    /// The list for the program; NULL where there is no certificate.
    pub(crate) fn lend(&mut self) -> *mut OPENSSL_STACK {
        if self.lent.is_none() && !self.certs.is_empty() {
            let items = self.certs.iter().map(|x509| x509.clone().into_raw().cast());
            self.lent = Some(OPENSSL_STACK::owning(items.collect(), cert::free));
        }
        lend(self.lent.as_ref())
    }
}

impl From<Vec<Owned<X509>>> for Chain {
    fn from(certs: Vec<Owned<X509>>) -> Self {
        Self { certs, lent: None }
    }
}

impl Clone for Chain {
    fn clone(&self) -> Self {
        self.certs.clone().into()
    }
}
