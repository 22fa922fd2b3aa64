//! What a context and a connection that has not begun have in common: a configuration that can still
//! change. Copy on write: a connection's own setting never touches its context.

use crate::chosen::Chosen;
use crate::context::sessions;
use crate::error::{Error, Result};
use crate::keypair::Loaded;
use crate::loader::Loader;
use crate::messages::Lookers;
use crate::password::PasswordSource;
use crate::ticket_keys::Keys;
use crate::trust::{Judge, Mode, Trust};
use std::sync::Arc;
use tls_core::cert::{CertificateVerifier, Keypair, Reviewer, TrustAnchors};
use tls_core::config::{
    ClientAuth, Config, KeyLimits, MAX_SECURITY_LEVEL, Policy, Preference, Renegotiation,
    parse_cipher_list, parse_group_list, parse_scheme_list,
};
use tls_core::error::Reason;
use tls_core::inspect::KeyLog;
use tls_core::session::TicketRing;

#[derive(Clone, Debug)]
pub(crate) struct Settings {
    config: Arc<Config>,
    trust: Trust,
    /// The ticket keys, changed live: connections that exist see the changes.
    ring: Arc<TicketRing>,
    /// Whether the ring has given keys and no others.
    ring_given: bool,
    /// What the lists say, whatever the security level leaves of it.
    chosen: Arc<Chosen>,
    /// Who knows the passwords of what is loaded from now on.
    passwords: Option<Arc<dyn PasswordSource>>,
    lookers: Lookers,
}

impl Settings {
    /// A configuration of the caller's own keeps the sessions that it says.
    pub(crate) fn new(config: Config) -> Self {
        let ring = sessions::random_ring(&config);
        Self::with_ring(config, ring)
    }

    /// With the default sessions.
    pub(crate) fn with_sessions(mut config: Config) -> Self {
        let ring = sessions::defaults(&mut config);
        Self::with_ring(config, ring)
    }

    fn with_ring(config: Config, ring: Arc<TicketRing>) -> Self {
        Self {
            chosen: Arc::new(Chosen::of(&config)),
            config: Arc::new(config),
            trust: Trust::default(),
            ring,
            ring_given: false,
            passwords: None,
            lookers: Lookers::default(),
        }
    }

    pub(crate) fn loader(&self) -> Loader {
        Loader::new(self.config.provider.clone(), self.passwords.clone())
    }

    /// Who looks on at connections that are created from now on.
    pub(crate) fn set_lookers(&mut self, change: impl FnOnce(&mut Lookers)) {
        change(&mut self.lookers);
        let observers = self.lookers.observers();
        self.edit().observers = observers;
    }

    pub(crate) fn set_passwords(&mut self, passwords: Option<Arc<dyn PasswordSource>>) {
        self.passwords = passwords;
    }

    pub(crate) fn config(&self) -> &Arc<Config> {
        &self.config
    }

    pub(crate) fn edit(&mut self) -> &mut Config {
        Arc::make_mut(&mut self.config)
    }

    pub(crate) fn ring(&self) -> &TicketRing {
        &self.ring
    }

    /// The ring, which seals from now on.
    pub(crate) fn ticket_ring(&mut self) -> Arc<TicketRing> {
        let ring = self.ring.clone();
        self.edit().sessions.sealer = Some(ring.clone());
        ring
    }

    pub(crate) fn set_ring(&mut self, ring: Arc<TicketRing>) {
        self.ring = ring;
        self.ring_given = false;
        self.ticket_ring();
    }

    /// These keys in place of all others.
    pub(crate) fn set_ticket_keys(&mut self, keys: Keys) {
        if !self.ring_given {
            let provider = self.config.provider.clone();
            self.set_ring(Arc::new(TicketRing::given(provider)));
            self.ring_given = true;
        }
        self.ticket_ring().set(keys);
    }

    /// Changes lists, level or keypairs, which have to fit together. Where they do not, nothing changed.
    fn next(&mut self, change: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        let mut change = Some(change);
        self.next_by(&mut |next| change.take().map_or(Ok(()), |change| change(next)))
    }

    /// One function for all changes, which it calls once.
    fn next_by(&mut self, change: &mut dyn FnMut(&mut Self) -> Result<()>) -> Result<()> {
        let mut next = self.clone();
        change(&mut next)?;
        let chosen = next.chosen.clone();
        chosen.apply(next.edit())?;
        *self = next;
        Ok(())
    }

    pub(crate) fn set_policy(&mut self, name: &str) -> Result<()> {
        let policy = Policy::by_name(name).ok_or_else(|| {
            let known: Vec<_> = Policy::ALL.iter().map(|p| p.name).collect();
            Error::with(
                Reason::BadPolicyName,
                format!(
                    "the policy {name:?} is unknown; known are {}",
                    known.join(", ")
                ),
            )
        })?;
        self.next(|next| {
            let config = next.edit();
            config.set_policy(policy);
            next.chosen = Arc::new(Chosen::of(config));
            Ok(())
        })
    }

    pub(crate) fn set_cipher_list(&mut self, text: &str) -> Result<()> {
        let list = parse_cipher_list(text, self.config.policy)?;
        let mut suites = list.suites;
        suites.retain(|suite| self.config.has_suite(suite));
        if suites.is_empty() {
            return Err(Error::with(
                Reason::BadCipherList,
                format!("the crypto provider has none of the suites of {text:?}"),
            ));
        }
        self.next(|next| {
            Arc::make_mut(&mut next.chosen).suites = suites;
            let config = next.edit();
            config.equal_suites = list.equal;
            config.security_level = list.seclevel.unwrap_or(config.security_level);
            Ok(())
        })
    }

    pub(crate) fn set_groups(&mut self, text: &str) -> Result<()> {
        let mut groups = parse_group_list(text, self.config.policy)?;
        groups.retain(|g| self.config.has_group(*g));
        if groups.is_empty() {
            return Err(Error::with(
                Reason::BadGroupList,
                format!("the crypto provider has none of the groups {text:?}"),
            ));
        }
        self.next(|next| {
            Arc::make_mut(&mut next.chosen).groups = groups;
            Ok(())
        })
    }

    pub(crate) fn set_schemes(&mut self, text: &str) -> Result<()> {
        let schemes = parse_scheme_list(text, self.config.policy)?;
        self.next(|next| {
            Arc::make_mut(&mut next.chosen).schemes = schemes;
            Ok(())
        })
    }

    pub(crate) fn set_security_level(&mut self, level: u8) -> Result<()> {
        if level > MAX_SECURITY_LEVEL {
            let text = format!("{level} is no security level: 0 to {MAX_SECURITY_LEVEL} are");
            return Err(Error::with(Reason::BadArgument, text));
        }
        self.next(|next| {
            next.edit().security_level = level;
            Ok(())
        })
    }

    pub(crate) fn set_alpn(&mut self, names: Result<Vec<Vec<u8>>>) -> Result<()> {
        let names = names?;
        self.edit().alpn = names;
        Ok(())
    }

    pub(crate) fn set_preference(&mut self, preference: Preference) {
        self.edit().preference = preference;
    }

    pub(crate) fn set_common_name(&mut self, accept: bool) {
        self.edit().common_name = accept;
    }

    pub(crate) fn set_key_limits(&mut self, limits: KeyLimits) {
        self.edit().key_limits = limits;
    }

    pub(crate) fn set_renegotiation(&mut self, renegotiation: Renegotiation) {
        self.edit().renegotiation = renegotiation;
    }

    pub(crate) fn set_client_auth(&mut self, asked: ClientAuth) {
        self.edit().client_auth = asked;
    }

    /// `None`: the subjects of the CAs that are trusted.
    pub(crate) fn set_client_authorities(&mut self, names: Option<Vec<Vec<u8>>>) -> Result<()> {
        let names: Option<Arc<[_]>> = names.map(Into::into);
        Config::check_authorities(names.as_deref().unwrap_or_default())?;
        self.edit().client_authorities = names;
        Ok(())
    }

    pub(crate) fn set_mode(&mut self, mode: Mode) {
        self.trust.mode = mode;
        self.apply_trust();
    }

    /// Replaces one keypair by what `f` makes of it; later connections get that one.
    pub(crate) fn change_keypair(
        &mut self,
        place: usize,
        f: impl FnOnce(Keypair) -> Result<Keypair, tls_core::error::Error>,
    ) -> Result<()> {
        let Some(keypair) = self.config.keypairs.get(place) else {
            return Err(Error::with(
                Reason::BadArgument,
                format!(
                    "there is no keypair {place}: the context has {}",
                    self.config.keypairs.len()
                ),
            ));
        };
        let changed = Arc::new(f(Keypair::clone(keypair))?);
        self.edit().keypairs[place] = changed;
        Ok(())
    }

    pub(crate) fn set_reviewer(&mut self, reviewer: Option<Arc<dyn Reviewer>>) {
        self.edit().reviewer = reviewer;
    }

    /// What was just set about verification is the connection's own: the mode, or the verifier too.
    pub(crate) fn own_verification(&mut self, verifier: bool) {
        let verification = self.config.verification.clone();
        self.edit().set_own_verification(verification, verifier);
    }

    pub(crate) fn set_judge(&mut self, judge: Judge) {
        self.trust.judge = judge;
        self.apply_trust();
    }

    pub(crate) fn trust_more(&mut self, more: TrustAnchors) {
        self.trust.add(more);
        self.apply_trust();
    }

    /// Loads what a client needs before it begins.
    pub(crate) fn prepare_client(&self) -> Result<()> {
        match self.config.takes_certificate() {
            true => self.trust.prepare(),
            false => Ok(()),
        }
    }

    /// A server that asks for certificates trusts the CAs that it was given, and none by itself.
    pub(crate) fn check_server(&self) -> Result<()> {
        let config = &self.config;
        Ok(config.check_client_auth(config.client_auth)?)
    }

    /// Who judges, whatever the mode says.
    pub(crate) fn verifier(&self) -> Arc<dyn CertificateVerifier> {
        self.trust.verifier()
    }

    pub(crate) fn apply_trust(&mut self) {
        self.edit().verification = self.trust.verification();
    }

    pub(crate) fn set_key_log(&mut self, log: Option<Arc<dyn KeyLog>>) {
        self.edit().key_log = log;
    }

    pub(crate) fn clear_keypairs(&mut self) {
        self.edit().keypairs.clear();
    }

    pub(crate) fn add_keypairs(&mut self, more: Vec<Loaded>) -> Result<()> {
        let keypairs = self.strong_enough(more)?;
        self.next(|next| {
            next.edit().keypairs.extend(keypairs);
            Ok(())
        })
    }

    /// These in place of all others.
    pub(crate) fn set_keypairs(&mut self, keypairs: Vec<Loaded>) -> Result<()> {
        let keypairs = self.strong_enough(keypairs)?;
        self.next(|next| {
            next.edit().keypairs = keypairs;
            Ok(())
        })
    }

    /// The keypairs, each of which is as strong as policy and level want it: here it is known yet where a weak one
    /// came from.
    fn strong_enough(&self, keypairs: Vec<Loaded>) -> Result<Vec<Arc<Keypair>>> {
        let checked = |loaded: Loaded| match self.config.check_keypair(&loaded.value) {
            Ok(()) => Ok(loaded.value),
            Err(error) => Err(loaded.name(error)),
        };
        keypairs.into_iter().map(checked).collect()
    }
}
