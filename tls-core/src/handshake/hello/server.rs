use super::super::effect::{Effects, Fact};
use super::super::tls12::{self, Side};
use super::super::transcript::Transcript;
use super::super::{Env, Handshake, Input, unexpected};
use crate::config::ClientHelloInfo;
use crate::error::{Error, Reason, Result};
use crate::msg::client_hello::{ClientHello, EMPTY_RENEGOTIATION_INFO_SCSV};
use crate::msg::ext::{self, Extensions, alpn::ProtocolNames};
use crate::record::RawMessage;
use crate::session::SessionId;
use crate::wire::{
    ExtensionType as E, HandshakeType, NamedGroup, ProtocolVersion, Short, SignatureScheme,
};
use std::sync::Arc;

/// A server waits for its client.
pub(crate) struct ExpectClientHello;

/// A ClientHello that is acceptable so far. It owns what it says: a question may wait while the
/// receive buffer goes on.
pub(crate) struct Greeting {
    pub(crate) offer: Offer,
    /// Holds the ClientHello's bytes and nothing else.
    pub(crate) transcript: Transcript,
}

/// A ClientHello, decoded to the end: what it offers, in its order.
#[derive(Debug)]
pub(crate) struct Offer {
    pub(crate) version: ProtocolVersion,
    pub(crate) random: [u8; 32],
    pub(crate) session_id: SessionId,
    pub(crate) suites: Short<u16, 40>,
    /// `None`: no supported_groups.
    pub(crate) groups: Option<Short<NamedGroup, 16>>,
    /// `None`: no signature_algorithms.
    pub(crate) schemes: Option<Short<SignatureScheme, 24>>,
    pub(crate) server_name: Option<Arc<str>>,
    /// `None`: no ALPN.
    pub(crate) alpn: Option<ProtocolNames>,
    pub(crate) point_formats: bool,
    /// `None`: no session_ticket; empty: the client has no ticket and takes one (RFC 5077 §3.2).
    pub(crate) ticket: Option<Box<[u8]>>,
    /// An OCSP response is asked for (RFC 6066 §8).
    pub(crate) status_request: bool,
    /// Signed certificate timestamps are asked for (RFC 6962 §3.3.1).
    pub(crate) scts: bool,
    /// RFC 6066 §4, in bytes.
    pub(crate) max_fragment_length: Option<u16>,
    /// RFC 8449, in bytes.
    pub(crate) record_size_limit: Option<u16>,
    pub(crate) extended_master_secret: bool,
    pub(crate) encrypt_then_mac: bool,
    /// By the extension or by the SCSV (RFC 5746 §3.6).
    pub(crate) secure_renegotiation: bool,
}

impl ExpectClientHello {
    pub(crate) fn on_message(
        self,
        message: &RawMessage<'_>,
        env: Env<'_>,
        fx: &mut Effects,
    ) -> Result<Handshake> {
        if message.typ != HandshakeType::CLIENT_HELLO {
            return Err(unexpected("ClientHello", &Input::Message(*message)));
        }
        let hello = ClientHello::decode(message.body())?;
        // A version above ours is answered with ours (RFC 5246 Appendix E.1); supported_versions
        // belongs to TLS 1.3 and is ignored.
        if hello.version < ProtocolVersion::TLS12 {
            return Err(Error::with(
                Reason::UnsupportedVersion,
                format!(
                    "the client offers at most {}, TLSv1.2 is needed",
                    hello.version
                ),
            ));
        }
        let offer = Offer::read(hello, env)?;
        if let Some(previous) = env.previous {
            previous.check_server_name(offer.server_name.as_deref())?;
        }
        let mut transcript = Transcript::new();
        transcript.add(message.encoded);
        fx.learn(Fact::Version(ProtocolVersion::TLS12));
        if let Some(host) = &offer.server_name {
            fx.learn(Fact::ServerName(host.clone()));
        }
        let greeting = Box::new(Greeting { offer, transcript });
        tls12::greeted(greeting, env, fx).map(Handshake::Server12)
    }
}

impl Greeting {
    /// What applications see of it.
    pub(crate) fn info(&self) -> Result<ClientHelloInfo<'_>> {
        Ok(self.offer.info(self.transcript.bytes()?))
    }
}

impl Offer {
    /// What applications see of it; `message` is all of it.
    pub(crate) fn info<'a>(&'a self, message: &'a [u8]) -> ClientHelloInfo<'a> {
        ClientHelloInfo {
            version: self.version,
            random: &self.random,
            session_id: &self.session_id,
            server_name: self.server_name.as_deref(),
            suites: &self.suites,
            groups: self.groups.as_deref(),
            schemes: self.schemes.as_deref(),
            alpn: self.alpn.as_ref().map(ProtocolNames::wire),
            message,
        }
    }

    /// Decodes every extension that is known here, whether or not it will be used: malformed is
    /// malformed.
    fn read(hello: ClientHello<'_>, env: Env<'_>) -> Result<Self> {
        let scsv = hello.suites.contains(&EMPTY_RENEGOTIATION_INFO_SCSV);
        check_renegotiation(scsv, &hello.extensions, env)?;
        let mut offer = Self {
            version: hello.version,
            random: hello.random,
            session_id: hello.session_id.into(),
            suites: hello.suites,
            groups: None,
            schemes: None,
            server_name: None,
            alpn: None,
            point_formats: false,
            ticket: None,
            status_request: false,
            scts: false,
            max_fragment_length: None,
            record_size_limit: None,
            extended_master_secret: false,
            encrypt_then_mac: false,
            secure_renegotiation: scsv,
        };
        for (typ, body) in hello.extensions.iter() {
            offer.read_extension(typ, body)?;
        }
        Ok(offer)
    }

    fn read_extension(&mut self, typ: E, body: &[u8]) -> Result<()> {
        match typ {
            E::SERVER_NAME => {
                self.server_name = ext::server_name::decode_client(body)?.map(Into::into);
            }
            E::STATUS_REQUEST => self.status_request = ext::status_request::decode_client(body)?,
            E::MAX_FRAGMENT_LENGTH => {
                self.max_fragment_length = Some(ext::max_fragment_length::decode(body)?);
            }
            E::RECORD_SIZE_LIMIT => {
                self.record_size_limit = Some(ext::record_size_limit::decode(body)?);
            }
            E::SUPPORTED_GROUPS => self.groups = Some(ext::supported_groups::decode(body)?),
            E::EC_POINT_FORMATS => {
                ext::ec_point_formats::decode(body)?;
                self.point_formats = true;
            }
            E::SESSION_TICKET => self.ticket = Some(body.into()),
            E::SIGNATURE_ALGORITHMS => {
                self.schemes = Some(ext::signature_algorithms::decode(body)?);
            }
            E::ALPN => self.alpn = Some(ProtocolNames::decode(body)?),
            E::SIGNED_CERTIFICATE_TIMESTAMP => {
                ext::empty::decode("signed_certificate_timestamp", body)?;
                self.scts = true;
            }
            E::ENCRYPT_THEN_MAC => {
                ext::empty::decode("encrypt_then_mac", body)?;
                self.encrypt_then_mac = true;
            }
            E::EXTENDED_MASTER_SECRET => {
                ext::empty::decode("extended_master_secret", body)?;
                self.extended_master_secret = true;
            }
            E::RENEGOTIATION_INFO => {
                // Its contents are checked already.
                self.secure_renegotiation = true;
            }
            _ => {}
        }
        Ok(())
    }
}

/// RFC 5746 §3.6, §3.7: in a renegotiation renegotiation_info must be there, and the SCSV must not.
fn check_renegotiation(scsv: bool, extensions: &Extensions<'_>, env: Env<'_>) -> Result<()> {
    let mismatch = |text| Err(Error::with(Reason::RenegotiationMismatch, text));
    let info = extensions
        .iter()
        .find(|(typ, _)| *typ == E::RENEGOTIATION_INFO);
    match (info, env.previous) {
        (_, Some(_)) if scsv => {
            mismatch("the client renegotiates with the SCSV of a first handshake")
        }
        (None, Some(_)) => mismatch("the client renegotiates without renegotiation_info"),
        (Some((_, body)), _) => {
            ext::renegotiation_info::check(body, &env.renegotiated_connection(Side::Client))
        }
        (None, None) => Ok(()),
    }
}
