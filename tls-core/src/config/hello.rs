//! What an application may decide about a ClientHello.

use super::Config;
use crate::cert::Keypair;
use crate::crypto::{Answer, Later, Reply};
use crate::msg::client_hello::ClientHello;
use crate::msg::ext::alpn;
use crate::wire::{AlertDescription, ExtensionType, NamedGroup, ProtocolVersion, SignatureScheme};
use std::sync::Arc;

/// A ClientHello that was read to its end: what it offers, in its order. Values without a meaning
/// here (GREASE, RFC 8701) are in the lists too.
#[derive(Clone, Copy, Debug)]
pub struct ClientHelloInfo<'a> {
    /// The version in the hello itself, at least TLS 1.2.
    pub version: ProtocolVersion,
    /// The client's random.
    pub random: &'a [u8; 32],
    /// The session that it would resume, as it names it.
    pub session_id: &'a [u8],
    /// The host name of server_name.
    pub server_name: Option<&'a str>,
    /// Cipher suites by number, signalling values among them.
    pub suites: &'a [u16],
    /// `None`: no supported_groups.
    pub groups: Option<&'a [NamedGroup]>,
    /// `None`: no signature_algorithms.
    pub schemes: Option<&'a [SignatureScheme]>,
    /// ALPN names, each behind one byte with its length; `None`: no ALPN.
    pub alpn: Option<&'a [u8]>,
    /// The whole handshake message, its header too.
    pub message: &'a [u8],
}

impl<'a> ClientHelloInfo<'a> {
    /// The application protocols that the client offers.
    pub fn alpn_names(&self) -> impl Iterator<Item = &'a [u8]> + Clone + use<'a> {
        alpn::names(self.alpn.unwrap_or_default())
    }

    /// The contents of an extension, known here or not; `None`: it is not there.
    pub fn extension(&self, wanted: ExtensionType) -> Option<&'a [u8]> {
        Self::find_extension(self.message, wanted)
    }

    /// The same in a message that was kept.
    pub fn find_extension(message: &[u8], wanted: ExtensionType) -> Option<&[u8]> {
        let hello = ClientHello::decode(message.get(4..)?).ok()?;
        let found = hello.extensions.iter().find(|(typ, _)| *typ == wanted);
        found.map(|(_, body)| body)
    }
}

/// What an application makes of a ClientHello.
#[derive(Debug)]
pub enum HelloDecision {
    /// Nothing: on with what the connection has.
    GoOn,
    /// On with another configuration, in everything but what was set for the connection itself
    /// ([`super::Own`]). Its own [`Config::on_hello`] is not asked.
    Config(Arc<Config>),
    /// On with these keypairs in place of the configuration's.
    Keypairs(Vec<Arc<Keypair>>),
    /// The handshake ends with this alert.
    Refuse(AlertDescription),
}

impl From<HelloDecision> for Answer {
    /// To answer later.
    fn from(decision: HelloDecision) -> Self {
        Self::Hello(Box::new(decision))
    }
}

/// An application's say in what a server does with a ClientHello.
pub trait HelloHandler: Send + Sync + core::fmt::Debug {
    /// Decides, at once or later (by [`HelloDecision`] as an [`Answer`]). `hello` is borrowed: who
    /// answers later copies what it needs.
    fn on_hello(&self, hello: &ClientHelloInfo<'_>, later: &Later) -> Reply<HelloDecision>;
}

/// What an application makes of the client's application protocols.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlpnDecision {
    /// This one, which must be among them.
    Select(Vec<u8>),
    /// None: the extension is not answered.
    Ignore,
    /// The handshake ends with no_application_protocol (RFC 7301 §3.2).
    Refuse,
}

/// Chooses the application protocol in place of [`Config::alpn`], on a server.
pub trait AlpnSelector: Send + Sync + core::fmt::Debug {
    /// Called for each ClientHello that offers protocols, a resumed session's too
    /// (RFC 7301 §3.1).
    fn select(&self, hello: &ClientHelloInfo<'_>) -> AlpnDecision;
}
