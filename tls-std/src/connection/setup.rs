use super::{Connection, Stage};
use crate::alpn;
use crate::error::{Error, Result};
use crate::external_key::KeyOperations;
use crate::keypair::{self, Loaded};
use crate::loader::Loader;
use crate::settings::Settings;
use crate::trust::{Judge, Mode};
use std::path::Path;
use std::sync::Arc;
use tls_core::cert::{Certificate, CertificateVerifier, Reviewer, ServerName};
use tls_core::config::{ClientAuth, Config};
use tls_core::conn::{Connection as Core, Facts, Role};
use tls_core::crypto::PrivateKey;
use tls_core::error::Reason;
use tls_core::session::ClientSession;

/// What a connection is before its first verb.
pub(super) struct Setup {
    role: Role,
    settings: Settings,
    send_name: Option<ServerName>,
    verify_name: Option<ServerName>,
    failure: Option<Error>,
    facts: Facts,
    /// What a client offers in place of what its store has.
    session: Option<Arc<ClientSession>>,
}

impl Setup {
    pub(super) fn client(settings: Settings, name: Option<&str>) -> Self {
        match name.map(parse_name).transpose() {
            Ok(name) => Self {
                send_name: name.clone(),
                verify_name: name,
                ..Self::new(Role::Client, settings)
            },
            Err(error) => Self::failed(settings, Role::Client, error),
        }
    }

    pub(super) fn server(settings: Settings) -> Self {
        Self::new(Role::Server, settings)
    }

    pub(super) fn failed(settings: Settings, role: Role, error: Error) -> Self {
        Self {
            failure: Some(error),
            ..Self::new(role, settings)
        }
    }

    fn new(role: Role, settings: Settings) -> Self {
        Self {
            role,
            settings,
            send_name: None,
            verify_name: None,
            failure: None,
            facts: Facts::default(),
            session: None,
        }
    }

    pub(super) fn role(&self) -> Role {
        self.role
    }

    pub(super) fn failure(&self) -> Option<&Error> {
        self.failure.as_ref()
    }

    /// Why the first verb will fail as things stand, as far as that can be told without looking at
    /// the system's CA certificates. A client without a name is about to get one.
    pub(super) fn lacks(&self) -> Option<Error> {
        match self.role {
            _ if self.failure.is_some() => self.failure.clone(),
            Role::Server if !self.settings.config().may_have_keypair() => {
                Some(Reason::NoKeypair.into())
            }
            Role::Server => self.settings.check_server().err(),
            Role::Client => None,
        }
    }

    pub(super) fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The connection proper; it may be born failed.
    pub(super) fn begin(&mut self) -> Core {
        let config = self.settings.config().clone();
        let failure = match self.role {
            _ if self.failure.is_some() => self.failure.clone(),
            Role::Client => self.settings.prepare_client().err(),
            Role::Server => None,
        };
        if let Some(error) = failure {
            return Core::born_failed(config, self.role, error.into_core());
        }
        match self.role {
            Role::Client => self.begin_client(config),
            Role::Server => Core::server(config),
        }
    }

    fn begin_client(&mut self, config: Arc<Config>) -> Core {
        let mut core = Core::client(config, self.send_name.take(), self.verify_name.take());
        if let Some(session) = self.session.take() {
            // Only a connection that is born failed takes none, and that one says more.
            let _taken = core.set_session(Some(session));
        }
        core
    }
}

/// What can be set until the first verb, for this connection alone. What a server connection says about
/// verification, its reviewer, [`Connection::set_client_auth`], [`Connection::set_renegotiation`] and
/// [`Connection::set_key_limits`] holds too where a [`HelloHandler`](tls_core::config::HelloHandler) chooses
/// another context; lists, protocols and keypairs are then those of the chosen one.
impl Connection {
    /// The host name that a client sends (server_name), in A-labels. Nothing is sent for an IP address. The error
    /// is `BadServerName`.
    pub fn set_server_name(&mut self, name: Option<&str>) -> Result<()> {
        self.edit(|setup| {
            setup.check_client()?;
            setup.send_name = name.map(parse_name).transpose()?;
            Ok(())
        })
    }

    /// The name that the server's certificate must be for, in A-labels. The error is `BadServerName`.
    pub fn set_verify_name(&mut self, name: Option<&str>) -> Result<()> {
        self.edit(|setup| {
            setup.check_client()?;
            setup.verify_name = name.map(parse_name).transpose()?;
            Ok(())
        })
    }

    /// See [`Context::set_cipher_list`](crate::Context::set_cipher_list).
    pub fn set_cipher_list(&mut self, list: &str) -> Result<()> {
        self.edit(|setup| setup.settings.set_cipher_list(list))
    }

    /// See [`Context::set_alpn`](crate::Context::set_alpn).
    pub fn set_alpn(&mut self, names: &[impl AsRef<[u8]>]) -> Result<()> {
        self.edit(|setup| setup.settings.set_alpn(alpn::check(names)))
    }

    /// See [`Context::set_alpn_list`](crate::Context::set_alpn_list).
    pub fn set_alpn_list(&mut self, list: &str) -> Result<()> {
        self.edit(|setup| setup.settings.set_alpn(alpn::parse_list(list)))
    }

    /// See [`Context::set_alpn_wire`](crate::Context::set_alpn_wire).
    pub fn set_alpn_wire(&mut self, wire: &[u8]) -> Result<()> {
        self.edit(|setup| setup.settings.set_alpn(alpn::parse_wire(wire)))
    }

    /// See [`Context::set_verifier`](crate::Context::set_verifier).
    pub fn set_verifier(&mut self, verifier: Arc<dyn CertificateVerifier>) -> Result<()> {
        self.change(|settings| {
            settings.set_judge(Judge::Custom(verifier));
            settings.own_verification(true);
        })
    }

    /// See [`Context::set_reviewer`](crate::Context::set_reviewer).
    pub fn set_reviewer(&mut self, reviewer: Option<Arc<dyn Reviewer>>) -> Result<()> {
        self.change(|settings| settings.edit().set_own_reviewer(reviewer))
    }

    /// Pins a key for this connection; see [`Context::add_pin`](crate::Context::add_pin).
    pub fn add_pin(&mut self, spki_sha256: [u8; 32]) -> Result<()> {
        self.change(|settings| settings.edit().add_own_pin(spki_sha256))
    }

    /// See [`Context::require_verification`](crate::Context::require_verification).
    pub fn require_verification(&mut self) -> Result<()> {
        self.verify_as(Mode::Required)
    }

    /// DANGER: accepts a certificate of a trusted CA for any name.
    pub fn danger_accept_any_name(&mut self) -> Result<()> {
        self.verify_as(Mode::WithoutName)
    }

    /// DANGER: accepts any certificate at all.
    pub fn danger_accept_any_cert(&mut self) -> Result<()> {
        self.verify_as(Mode::AcceptAny)
    }

    /// This keypair in place of the context's; see
    /// [`Context::add_keypair_file`](crate::Context::add_keypair_file).
    pub fn set_keypair_file(&mut self, cert: impl AsRef<Path>, key: Option<&Path>) -> Result<()> {
        self.set_keypair(|loader| keypair::from_file(loader, cert.as_ref(), key))
    }

    /// This keypair in place of the context's; see
    /// [`Context::add_keypair_mem`](crate::Context::add_keypair_mem).
    pub fn set_keypair_mem(&mut self, cert: &[u8], key: Option<&[u8]>) -> Result<()> {
        self.set_keypair(|loader| keypair::from_mem(loader, cert, key))
    }

    /// This keypair in place of the context's; see
    /// [`Context::add_keypair_external`](crate::Context::add_keypair_external).
    pub fn set_keypair_external(
        &mut self,
        cert: &[u8],
        operations: Arc<dyn KeyOperations>,
    ) -> Result<()> {
        self.set_keypair(|loader| keypair::external(loader.provider(), cert, operations))
    }

    /// This keypair in place of the context's; see
    /// [`Context::add_keypair`](crate::Context::add_keypair).
    pub fn set_keypair_parts(
        &mut self,
        chain: Vec<Certificate>,
        key: Arc<dyn PrivateKey>,
    ) -> Result<()> {
        self.set_keypair(|loader| keypair::from_parts(loader.provider(), chain, key))
    }

    fn verify_as(&mut self, mode: Mode) -> Result<()> {
        self.change(|settings| {
            settings.set_mode(mode);
            settings.own_verification(false);
        })
    }

    /// What a client offers in its first handshake.
    pub(super) fn offer_first(&mut self, session: Option<Arc<ClientSession>>) -> Result<()> {
        self.edit(|setup| {
            if setup.role == Role::Server {
                let text = "a server offers no session";
                return Err(Error::with(Reason::WrongRole, text));
            }
            setup.session = session;
            Ok(())
        })
    }

    /// What a server asks of this client in the first handshake.
    pub(super) fn ask_first(&mut self, asked: ClientAuth) -> Result<()> {
        self.edit(|setup| {
            setup.check_server()?;
            setup.settings.edit().set_own_client_auth(asked);
            Ok(())
        })?;
        self.look_again();
        Ok(())
    }

    fn set_keypair(&mut self, load: impl FnOnce(&Loader) -> Result<Loaded>) -> Result<()> {
        self.edit(|setup| {
            let keypair = load(&setup.settings.loader())?;
            setup.settings.set_keypairs(vec![keypair])
        })?;
        self.look_again();
        Ok(())
    }

    /// What was lacking before may be there now, and the other way round.
    fn look_again(&mut self) {
        if let Stage::Setup(setup) = &self.stage {
            self.error = setup.lacks();
        }
    }

    pub(super) fn change(&mut self, f: impl FnOnce(&mut Settings)) -> Result<()> {
        self.edit(|setup| {
            f(&mut setup.settings);
            Ok(())
        })?;
        self.look_again();
        Ok(())
    }

    /// Runs a setter; its error is kept until the next verb.
    fn edit(&mut self, f: impl FnOnce(&mut Setup) -> Result<()>) -> Result<()> {
        let result = match &mut self.stage {
            Stage::Setup(setup) => match setup.failure() {
                None => f(setup),
                Some(failure) => Err(failure.clone()),
            },
            Stage::Running(_) => Err(Error::with(
                Reason::WrongOrder,
                "the connection has begun: this can be set before the first verb alone",
            )),
        };
        self.keep(result)
    }
}

impl Setup {
    fn check_client(&self) -> Result<()> {
        match self.role {
            Role::Client => Ok(()),
            Role::Server => Err(Error::with(
                Reason::WrongRole,
                "a server connection has no server name to send or to verify",
            )),
        }
    }

    fn check_server(&self) -> Result<()> {
        match self.role {
            Role::Server => Ok(()),
            Role::Client => Err(Error::with(
                Reason::WrongRole,
                "a client connection asks for no client certificate",
            )),
        }
    }
}

/// A name as users write it. Names beyond ASCII are refused: converting them needs tables that change with
/// each version of Unicode (RFC 5891), and whoever resolved the name has the A-labels.
pub(crate) fn parse_name(name: &str) -> Result<ServerName> {
    ServerName::parse(name).map_err(|_invalid| {
        let why = match name.is_ascii() {
            true => "is neither a DNS name nor an IP address",
            false => "has characters beyond ASCII: write it in A-labels (xn--...)",
        };
        Error::with(Reason::BadServerName, format!("{name:?} {why}"))
    })
}
