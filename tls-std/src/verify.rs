//! Certificates verified without a connection, by the trust, policy and clock of a context: the code is
//! the connections' own. Pins are one requirement more; alone they vouch for nothing here, where nobody proves
//! that the pinned key is his.

use crate::connection::parse_name;
use crate::error::{Error, Result};
use crate::material;
use crate::settings::Settings;
use std::path::Path;
use tls_core::cert::{
    Certificate, Purpose, ServerName, UnixTime, VerifiedChain, VerifyRequest, issuers_by_name,
};
use tls_core::crypto::{AnswerKind, Later, Reply};
use tls_core::error::Reason;

/// Most untrusted certificates that are held: several times what public CAs have.
const MAX_UNTRUSTED: usize = 10_000;

/// One verification, or several that ask the same: made by [`Context::verify`](crate::Context::verify).
/// By default: of a server, now, without a name.
#[derive(Clone, Debug)]
pub struct Verify {
    settings: Settings,
    untrusted: Vec<Certificate>,
    name: Option<ServerName>,
    purpose: Purpose,
    now: Option<UnixTime>,
}

impl Verify {
    pub(crate) const fn new(settings: Settings) -> Self {
        Self {
            settings,
            untrusted: Vec::new(),
            name: None,
            purpose: Purpose::Server,
            now: None,
        }
    }

    /// The DNS name or IP address that the leaf must carry; `None`: none is checked.
    pub fn set_name(&mut self, name: Option<&str>) -> Result<()> {
        self.name = name.map(parse_name).transpose()?;
        Ok(())
    }

    /// What the leaf must be good for. Clients need CAs that were added, as on connections: else
    /// `NoTrustAnchors`.
    pub const fn set_purpose(&mut self, purpose: Purpose) {
        self.purpose = purpose;
    }

    /// The time of the check; `None`: the context's clock.
    pub const fn set_time(&mut self, now: Option<UnixTime>) {
        self.now = now;
    }

    /// Most intermediate certificates of a path; see
    /// [`Context::set_verify_depth`](crate::Context::set_verify_depth).
    pub fn set_depth(&mut self, max_intermediates: usize) -> Result<()> {
        self.settings.set_verify_depth(max_intermediates)
    }

    /// Certificates that a path may lead through, PEM (any number) or one in DER.
    pub fn add_untrusted_mem(&mut self, pem_or_der: &[u8]) -> Result<()> {
        let found = material::certificates(pem_or_der)?;
        self.add(found.into_iter().map(|found| found.certificate))
    }

    /// The same from a file; errors name it.
    pub fn add_untrusted_file(&mut self, path: impl AsRef<Path>) -> Result<()> {
        material::in_file(path.as_ref(), |bytes| self.add_untrusted_mem(bytes))
    }

    /// A certificate that a path may lead through.
    pub fn add_untrusted(&mut self, certificate: Certificate) -> Result<()> {
        self.add([certificate])
    }

    fn add(&mut self, more: impl IntoIterator<Item = Certificate>) -> Result<()> {
        let more: Vec<_> = more.into_iter().collect();
        if more.len() > MAX_UNTRUSTED.saturating_sub(self.untrusted.len()) {
            return Err(Error::with(
                Reason::BadArgument,
                format!("more than {MAX_UNTRUSTED} untrusted certificates"),
            ));
        }
        self.untrusted.extend(more);
        Ok(())
    }

    /// Verifies a leaf.
    pub fn verify(&self, leaf: &Certificate) -> Result<VerifiedChain> {
        self.verify_chain(core::slice::from_ref(leaf))
    }

    /// The same for PEM or DER. The first certificate is the leaf; those behind it may be on the path.
    pub fn verify_mem(&self, pem_or_der: &[u8]) -> Result<VerifiedChain> {
        let found = material::certificates(pem_or_der)?;
        let chain: Vec<_> = found.into_iter().map(|found| found.certificate).collect();
        self.verify_chain(&chain)
    }

    /// The same from a file.
    pub fn verify_file(&self, path: impl AsRef<Path>) -> Result<VerifiedChain> {
        let bytes = material::read_file(path.as_ref())?;
        let found = material::certificates(&bytes)
            .map_err(|error| error.at(&material::shown(path.as_ref())))?;
        let chain: Vec<_> = found.into_iter().map(|found| found.certificate).collect();
        self.verify_chain(&chain)
    }

    fn verify_chain(&self, sent: &[Certificate]) -> Result<VerifiedChain> {
        let [leaf, rest @ ..] = sent else {
            return Err(Reason::CertificateMalformed.into());
        };
        // The program's own come first: others cannot push them out.
        let pool = self.untrusted.iter().chain(rest);
        let mut chain = vec![leaf.clone()];
        chain.extend(issuers_by_name(leaf, pool).into_iter().cloned());
        let config = self.settings.config();
        let verifier = self.settings.verifier();
        if self.purpose == Purpose::Client && !verifier.judges_clients() {
            let text = "the CAs of the web do not vouch for clients: add the CAs that issue their certificates";
            return Err(Error::with(Reason::NoTrustAnchors, text));
        }
        let mut options = config.verify_options.clone();
        options.pins.set_alone(false);
        let request = VerifyRequest {
            chain: &chain,
            name: self.name.as_ref(),
            purpose: self.purpose,
            key_use: None,
            now: self.now.unwrap_or_else(|| config.clock.now()),
            policy: config.certificate_policy(),
            options: &options,
            ocsp_response: None,
            ocsp_required: false,
            provider: &*config.provider,
            known: &config.known,
        };
        let later = Later::new(AnswerKind::Verdict);
        match verifier.verify(&request, &later) {
            Reply::Now(verdict) => Ok(verdict?),
            Reply::Later => Err(Error::with(
                Reason::WrongOrder,
                "the context's verifier answers later: only a connection can wait for it",
            )),
        }
    }
}
