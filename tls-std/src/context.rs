//! What connections have in common, and how it is changed while they run; each theme has a file of its own.

mod client_auth;
mod crl;
mod dh;
mod extensions;
mod hello;
mod keypairs;
mod psk;
pub(crate) mod sessions;
mod trust;

use crate::alpn;
use crate::connection::Connection;
use crate::error::{Error, Result};
use crate::key_log::KeyLogFile;
use crate::loader::Loader;
use crate::messages::MessageSink;
use crate::password::PasswordSource;
use crate::settings::Settings;
use crate::trace::{JsonTrace, TraceSink};
use crate::trust::{Judge, Mode};
use crate::{BulkRandom, SystemClock};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use tls_core::cert::{CertificateVerifier, Reviewer};
use tls_core::config::{Config, Preference};
use tls_core::conn::Role;
use tls_core::crypto::Provider;
use tls_core::error::Reason;
use tls_core::inspect::KeyLog;
use tls_crypto::DefaultProvider;

/// The sides that connections of a context may play.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Roles {
    /// Clients alone.
    Client,
    /// Servers alone.
    Server,
    /// Both.
    Both,
}

impl Roles {
    fn has(self, role: Role) -> bool {
        match self {
            Self::Client => role == Role::Client,
            Self::Server => role == Role::Server,
            Self::Both => true,
        }
    }
}

/// Configuration of connections, shared by any number of threads. Cloning it is cheap and gives the
/// same context. Setters work at any time and affect the connections that are created later; one
/// that fails changes nothing and leaves its error in [`Context::last_error`] too.
///
/// The defaults are safe: policy "modern", the peer's certificate verified with its name against the
/// system's CA certificates (loaded at the first client connection where no CA was added).
#[derive(Clone, Debug)]
pub struct Context {
    shared: Arc<Shared>,
    /// Who is asked for passwords by what is loaded through this handle; `None`: whom the context names.
    passwords: Option<Arc<dyn PasswordSource>>,
}

#[derive(Debug)]
struct Shared {
    roles: Roles,
    /// Held by a setter while it works on its copy, so that no two lose each other's work.
    editing: Mutex<()>,
    state: RwLock<State>,
}

#[derive(Debug)]
struct State {
    settings: Settings,
    error: Option<Error>,
}

impl Context {
    /// A context with the default cryptography, the operating system's randomness and clock.
    pub fn new(roles: Roles) -> Self {
        let provider: Arc<dyn Provider> = Arc::new(DefaultProvider);
        let unset = tls_core::config::Verification::AcceptAny;
        let config = Config::new(
            provider,
            Arc::new(BulkRandom::new()),
            Arc::new(SystemClock),
            unset,
        );
        Self::with_settings(roles, Settings::with_sessions(config))
    }

    /// A context over a configuration of the caller's own: another provider, clock or source of
    /// randomness, other orders of extensions. What it says about verification is replaced by the
    /// default, which verifies. Sessions are as it says: none are kept by default.
    pub fn with_config(roles: Roles, config: Config) -> Self {
        Self::with_settings(roles, Settings::new(config))
    }

    fn with_settings(roles: Roles, mut settings: Settings) -> Self {
        settings.apply_trust();
        Self::of(roles, settings)
    }

    fn of(roles: Roles, settings: Settings) -> Self {
        let error = None;
        Self {
            shared: Arc::new(Shared {
                roles,
                editing: Mutex::default(),
                state: RwLock::new(State { settings, error }),
            }),
            passwords: None,
        }
    }

    /// Another context with the same settings, which goes its own way from here on: setters of one do not touch the
    /// other. Sessions and ticket keys are shared, until one of the two is given its own.
    pub fn duplicate(&self) -> Self {
        Self::of(self.roles(), self.read().settings.clone())
    }

    /// The roles it was made for.
    pub fn roles(&self) -> Roles {
        self.shared.roles
    }

    /// The configuration that a connection created now would get.
    pub fn config(&self) -> Arc<Config> {
        self.read().settings.config().clone()
    }

    /// The error of the last setter that failed.
    pub fn last_error(&self) -> Option<Error> {
        self.read().error.clone()
    }

    /// Keeps an error of the layer above as the last one.
    pub fn set_last_error(&self, error: impl Into<Error>) {
        self.write().error = Some(error.into());
    }

    /// A client connection to `name`, a DNS name in A-labels (RFC 5890: `xn--bcher-kva.example`) or an IP address: it
    /// is sent (never an address) and verified. `None`: set them apart on the connection. What is no name,
    /// or has characters beyond ASCII, makes it born failed with `BadServerName`.
    pub fn client(&self, name: Option<&str>) -> Connection {
        let (settings, wrong) = self.settings_for(Role::Client);
        match wrong {
            None => Connection::client(settings, name),
            Some(error) => Connection::born_failed(settings, Role::Client, error),
        }
    }

    /// A server connection.
    pub fn server(&self) -> Connection {
        let (settings, wrong) = self.settings_for(Role::Server);
        match wrong {
            None => Connection::server(settings),
            Some(error) => Connection::born_failed(settings, Role::Server, error),
        }
    }

    /// The settings, and what is wrong where this context has not this role.
    fn settings_for(&self, role: Role) -> (Settings, Option<Error>) {
        let settings = self.read().settings.clone();
        let wrong = !self.shared.roles.has(role);
        (settings, wrong.then(|| Reason::WrongRole.into()))
    }

    /// Chooses the policy, "modern" (the default), "compatible" or "legacy", and its lists.
    pub fn set_policy(&self, name: &str) -> Result<()> {
        self.edit(|s| s.set_policy(name))
    }

    /// Chooses and orders suites within the policy, in OpenSSL's syntax or by IANA names. Among suites
    /// in brackets (`[A|B]:C`) a server lets the client's order decide.
    pub fn set_cipher_list(&self, list: &str) -> Result<()> {
        self.edit(|s| s.set_cipher_list(list))
    }

    /// Asks for at least the strength of one of OpenSSL's security levels, 0 (the default: the policy's
    /// alone) to 5, of keys, hashes, suites and groups ([`tls_core::config::Strength`]); `@SECLEVEL=n` in a
    /// cipher list does the same. Errors: `BadArgument`; `BadCipherList`, `BadGroupList` or
    /// `BadSchemeList` where nothing of a list is left; `WeakKeypair`.
    pub fn set_security_level(&self, level: u8) -> Result<()> {
        self.edit(|s| s.set_security_level(level))
    }

    /// Chooses and orders groups within the policy: `X25519:P-256`.
    pub fn set_groups(&self, list: &str) -> Result<()> {
        self.edit(|s| s.set_groups(list))
    }

    /// Chooses and orders signature schemes within the policy: `RSA-PSS+SHA256:ed25519`.
    pub fn set_schemes(&self, list: &str) -> Result<()> {
        self.edit(|s| s.set_schemes(list))
    }

    /// The application protocols (RFC 7301), most preferred first, each of 1 to 255 bytes.
    pub fn set_alpn(&self, names: &[impl AsRef<[u8]>]) -> Result<()> {
        self.edit(|s| s.set_alpn(alpn::check(names)))
    }

    /// The same in the place of a selector too, at once. `required`: a server refuses clients that offer others alone, as
    /// RFC 7301 §3.2 wants it; else it goes on without a protocol.
    pub fn set_alpn_required(&self, names: &[impl AsRef<[u8]>], required: bool) -> Result<()> {
        self.edit(|s| {
            let names = alpn::check(names)?;
            s.edit().alpn_selector = (!required).then(|| alpn::lenient(names.clone()));
            s.set_alpn(Ok(names))
        })
    }

    /// The same as names between commas: `h2,http/1.1`.
    pub fn set_alpn_list(&self, list: &str) -> Result<()> {
        self.edit(|s| s.set_alpn(alpn::parse_list(list)))
    }

    /// The same in the form of the wire: each name behind one byte with its length.
    pub fn set_alpn_wire(&self, wire: &[u8]) -> Result<()> {
        self.edit(|s| s.set_alpn(alpn::parse_wire(wire)))
    }

    /// Whose order decides on a server.
    pub fn set_preference(&self, preference: Preference) {
        self.change(|s| s.set_preference(preference));
    }

    /// Accepts a server's common name where its certificate has no subjectAltName (off by default).
    pub fn set_legacy_common_name(&self, accept: bool) {
        self.change(|s| s.set_common_name(accept));
    }

    /// Whether a client goes on with servers that do not know RFC 5746, which the policy "legacy" does anyway (off
    /// by default). Such a server may take what a stranger sent it before for the client's own.
    pub fn set_servers_without_rfc5746(&self, accept: bool) {
        self.change(|s| s.edit().servers_without_rfc5746 = accept);
    }

    /// Lets the application judge the peer's chains, in place of any CA certificates.
    pub fn set_verifier(&self, verifier: Arc<dyn CertificateVerifier>) {
        self.change(|s| s.set_judge(Judge::Custom(verifier)));
    }

    /// Sets the application's word on verdicts about peers' certificates; `None`: none.
    pub fn set_reviewer(&self, reviewer: Option<Arc<dyn Reviewer>>) {
        self.change(|s| s.set_reviewer(reviewer));
    }

    /// The peer's certificate must verify, for the right name: the default.
    pub fn require_verification(&self) {
        self.change(|s| s.set_mode(Mode::Required));
    }

    /// DANGER: accepts a certificate of a trusted CA for any name.
    pub fn danger_accept_any_name(&self) {
        self.change(|s| s.set_mode(Mode::WithoutName));
    }

    /// DANGER: accepts any certificate at all.
    pub fn danger_accept_any_cert(&self) {
        self.change(|s| s.set_mode(Mode::AcceptAny));
    }

    /// Tells `sink` what happens on the connections that are created from now on, an event a line of
    /// JSON: records, messages, decisions with their candidates and reasons, alerts, errors with who is
    /// to blame, and the time of each flight. No line holds a secret. `None`: to nobody.
    pub fn set_trace(&self, sink: Option<Arc<dyn TraceSink>>) {
        let trace = sink.map(|sink| Arc::new(JsonTrace::new(sink)));
        self.change(|s| s.set_lookers(|lookers| lookers.trace = trace));
    }

    /// DANGER: shows `sink` what the connections that are created from now on send and receive but for application
    /// data, as it is before protection: also what only the two sides are meant to read, such as a client's
    /// certificate in a renegotiation. `None`: to nobody.
    pub fn danger_set_message_sink(&self, sink: Option<Arc<dyn MessageSink>>) {
        self.change(|s| s.set_lookers(|lookers| lookers.messages = sink));
    }

    /// DANGER: gives the secrets of the connections that are created from now on to `log`; whoever
    /// has them can read everything. `None`: to nobody.
    pub fn danger_set_key_log(&self, log: Option<Arc<dyn KeyLog>>) {
        self.change(|s| s.set_key_log(log));
    }

    /// DANGER: the same into a file; see [`KeyLogFile`].
    pub fn danger_key_log_file(&self, path: impl AsRef<Path>) -> Result<()> {
        let open = |path| Ok(Arc::new(KeyLogFile::open(path)?));
        self.prepare(|_| open(path), |s, log| s.set_key_log(Some(log)))
    }

    /// DANGER: the same into the file that SSLKEYLOGFILE names; without it nothing happens. Whether
    /// there is a log now.
    pub fn danger_key_log_env(&self) -> Result<bool> {
        let mut named = false;
        self.prepare(
            |_| KeyLogFile::from_env(),
            |s, log| {
                if let Some(log) = log {
                    named = true;
                    s.set_key_log(Some(Arc::new(log)));
                }
            },
        )?;
        Ok(named)
    }

    /// What takes its time (files, keys) comes before any lock is taken.
    pub(crate) fn prepare<T>(
        &self,
        load: impl FnOnce(&Loader) -> Result<T>,
        apply: impl FnOnce(&mut Settings, T),
    ) -> Result<()> {
        self.try_prepare(load, |settings, loaded| {
            apply(settings, loaded);
            Ok(())
        })
    }

    /// The same where what was loaded may not fit.
    pub(crate) fn try_prepare<T>(
        &self,
        load: impl FnOnce(&Loader) -> Result<T>,
        apply: impl FnOnce(&mut Settings, T) -> Result<()>,
    ) -> Result<()> {
        let mut loader = self.read().settings.loader();
        if let Some(source) = &self.passwords {
            loader = loader.with_passwords(Some(source.clone()));
        }
        match load(&loader) {
            Ok(loaded) => self.edit(|settings| apply(settings, loaded)),
            Err(error) => {
                self.set_last_error(error.clone());
                Err(error)
            }
        }
    }

    pub(crate) fn edit(&self, f: impl FnOnce(&mut Settings) -> Result<()>) -> Result<()> {
        let mut f = Some(f);
        self.edit_by(&mut |settings| f.take().map_or(Ok(()), |f| f(settings)))
    }

    /// One function for all changes, which it calls once: a copy for each of them would be longer than they are.
    fn edit_by(&self, f: &mut dyn FnMut(&mut Settings) -> Result<()>) -> Result<()> {
        let editing = self.shared.editing.lock();
        let editing = editing.unwrap_or_else(PoisonError::into_inner);
        let mut settings = self.read().settings.clone();
        let result = f(&mut settings);
        let mut state = self.write();
        match &result {
            Ok(()) => core::mem::swap(&mut state.settings, &mut settings),
            Err(error) => state.error = Some(error.clone()),
        }
        drop(state);
        drop(editing);
        // What was replaced may be the application's (a verifier, a key), and its Drop may come back
        // to this context.
        drop(settings);
        result
    }

    pub(crate) fn change(&self, f: impl FnOnce(&mut Settings)) {
        let infallible = self.edit(|settings| {
            f(settings);
            Ok(())
        });
        debug_assert!(infallible.is_ok());
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.shared
            .state
            .read()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.shared
            .state
            .write()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
