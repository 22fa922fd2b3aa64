use super::super::effect::{Effect, Effects, Fact, SessionEffect};
use super::super::tls12::{self, Side};
use super::super::transcript::Transcript;
use super::super::{Env, Handshake, Input, unexpected};
use super::session::OfferedSession;
use crate::config::{Config, Ocsp};
use crate::crypto::Suite;
use crate::error::{Error, Reason, Result};
use crate::msg::client_hello::{ClientHello, EMPTY_RENEGOTIATION_INFO_SCSV, FALLBACK_SCSV};
use crate::msg::ext::{self, Extensions};
use crate::msg::server_hello::ServerHello;
use crate::record::RawMessage;
use crate::session::{Binding, ClientSession};
use crate::wire::{ExtensionType as E, HandshakeType, NamedGroup, ProtocolVersion, Short};
use std::sync::Arc;

/// Our ClientHello is out.
pub(crate) struct ExpectServerHello {
    pub(crate) random: [u8; 32],
    /// The extensions that were sent: nothing else may be answered.
    sent: Short<E, 16>,
    scsv: bool,
    pub(crate) transcript: Transcript,
    pub(crate) offered: Option<OfferedSession>,
    /// What a new session will be bound to.
    pub(crate) binding: Option<Binding>,
    /// Of a renegotiation: where the connection stands if the server refuses it.
    back: Option<Box<Handshake>>,
}

/// Sends the ClientHello (RFC 5246 §7.4.1.2).
pub(crate) fn start(
    session: Option<Arc<ClientSession>>,
    back: Option<Box<Handshake>>,
    env: Env<'_>,
    fx: &mut Effects,
) -> Result<Handshake> {
    let config = env.config;
    let mut random = [0; 32];
    config
        .random
        .fill(&mut random)
        .map_err(|_| Reason::RandomFailed)?;
    let binding = config.client_binding(env.names.send.as_ref(), env.names.verify.as_ref());
    let offered = OfferedSession::choose(session, binding.as_ref(), env)?;
    let session_id = offered.as_ref().map_or(&[][..], |o| &o.id);
    let sent = extensions(env);
    // RFC 5746 §3.5: a renegotiation has the extension, and never the SCSV.
    let scsv = config.renegotiation_scsv && env.previous.is_none();
    let mut transcript = Transcript::new();
    let suites = config.usable_suites().map(|s| s.id);
    let suites = suites.chain(scsv.then_some(EMPTY_RENEGOTIATION_INFO_SCSV));
    let suites = suites.chain(config.fallback_scsv.then_some(FALLBACK_SCSV));
    fx.message(&mut transcript, HandshakeType::CLIENT_HELLO, |out| {
        ClientHello::encode(out, &random, session_id, suites, |out| {
            for typ in sent.iter() {
                ext::encode(*typ, out, |out| write(*typ, env, offered.as_ref(), out));
            }
            pad(config, out);
        });
    });
    if let (true, Some(host)) = (sent.contains(&E::SERVER_NAME), sni(env)) {
        fx.learn(Fact::ServerName(host.clone()));
    }
    if let Some(offered) = &offered {
        fx.push(Effect::Session(SessionEffect::Offer(
            offered.session.clone(),
        )));
    }
    Ok(Handshake::ServerHello(Box::new(ExpectServerHello {
        random,
        sent,
        scsv,
        transcript,
        offered,
        binding,
        back,
    })))
}

/// The extensions of the configured order that have something to say.
fn extensions(env: Env<'_>) -> Short<E, 16> {
    let configured = env.config.client_extensions.iter().copied();
    let mut sent: Short<E, 16> = configured.filter(|typ| applies(*typ, env)).collect();
    if env.previous.is_some() && !sent.contains(&E::RENEGOTIATION_INFO) {
        sent.push(E::RENEGOTIATION_INFO);
    }
    sent
}

/// RFC 7685, behind everything else: then the length is known. A server must not answer it, so that
/// it is not among those that were sent.
fn pad(config: &Config, out: &mut Vec<u8>) {
    let padded = config.client_extensions.contains(&E::PADDING);
    if let (true, Some(fill)) = (padded, ext::padding::fill(out.len(), config.hello_padding)) {
        ext::encode(E::PADDING, out, |out| out.resize(out.len() + fill, 0));
    }
}

fn sni<'a>(env: Env<'a>) -> Option<&'a Arc<str>> {
    env.names.send.as_ref().and_then(|name| name.shared_sni())
}

fn applies(typ: E, env: Env<'_>) -> bool {
    let config: &Config = env.config;
    match typ {
        E::SERVER_NAME => sni(env).is_some(),
        // The protocol is the connection's: a renegotiation does not change it.
        E::ALPN => !config.alpn.is_empty() && env.previous.is_none(),
        E::ENCRYPT_THEN_MAC => config.usable_suites().any(Suite::is_cbc),
        E::SUPPORTED_GROUPS => offered_groups(config).next().is_some(),
        E::EC_POINT_FORMATS => config.usable_suites().any(Suite::is_ecdhe),
        E::SESSION_TICKET => config.takes_tickets(),
        E::EXTENDED_MASTER_SECRET | E::RENEGOTIATION_INFO | E::SIGNATURE_ALGORITHMS => true,
        E::STATUS_REQUEST => config.ocsp != Ocsp::Off,
        E::SIGNED_CERTIFICATE_TIMESTAMP => config.scts,
        E::MAX_FRAGMENT_LENGTH => config.max_fragment_length.is_some(),
        E::RECORD_SIZE_LIMIT => config.record_size_limit.is_some(),
        _ => false,
    }
}

/// The groups that a suite of ours can use (RFC 8422 §4, RFC 7919 §3).
fn offered_groups(config: &Config) -> impl Iterator<Item = NamedGroup> {
    let curves = config.usable_suites().any(Suite::is_ecdhe);
    let fields = config.usable_suites().any(Suite::is_dhe);
    let wanted = move |g: &NamedGroup| if g.is_ffdhe() { fields } else { curves };
    config.groups.iter().copied().filter(wanted)
}

fn write(typ: E, env: Env<'_>, offered: Option<&OfferedSession>, out: &mut Vec<u8>) {
    let config = env.config;
    match typ {
        E::SERVER_NAME => ext::server_name::encode_client(sni(env).map_or("", |name| name), out),
        E::STATUS_REQUEST => ext::status_request::encode_client(out),
        E::SUPPORTED_GROUPS => ext::supported_groups::encode(offered_groups(config), out),
        E::EC_POINT_FORMATS => ext::ec_point_formats::encode(out),
        E::SIGNATURE_ALGORITHMS => ext::signature_algorithms::encode(&config.schemes, out),
        E::ALPN => ext::alpn::encode(config.alpn.iter().map(Vec::as_slice), out),
        E::MAX_FRAGMENT_LENGTH => {
            ext::max_fragment_length::encode(config.max_fragment_length.unwrap_or_default(), out);
        }
        E::RECORD_SIZE_LIMIT => {
            ext::record_size_limit::encode(config.record_size_limit.unwrap_or_default(), out);
        }
        E::RENEGOTIATION_INFO => {
            ext::renegotiation_info::encode(&env.renegotiated_connection(Side::Client), out);
        }
        // RFC 5077 §3.2: empty asks for a ticket.
        E::SESSION_TICKET => out.extend_from_slice(offered.map_or(&[], |o| &o.session.ticket)),
        // extended_master_secret, encrypt_then_mac, signed_certificate_timestamp: no contents.
        _ => {}
    }
}

impl ExpectServerHello {
    /// RFC 5246 §7.2.2: the server will not renegotiate. In a first handshake the warning means
    /// nothing.
    pub(crate) fn on_refusal(mut self, fx: &mut Effects) -> Handshake {
        match self.back.take() {
            Some(back) => {
                fx.push(Effect::RenegotiationRefused);
                *back
            }
            None => Handshake::ServerHello(Box::new(self)),
        }
    }

    pub(crate) fn on_message(
        mut self,
        message: &RawMessage<'_>,
        env: Env<'_>,
        fx: &mut Effects,
    ) -> Result<Handshake> {
        if message.typ != HandshakeType::SERVER_HELLO {
            return Err(unexpected("ServerHello", &Input::Message(*message)));
        }
        let hello = ServerHello::decode(message.body())?;
        if hello.version != ProtocolVersion::TLS12 {
            return Err(Error::with(
                Reason::UnsupportedVersion,
                format!(
                    "the server chose {}, only TLSv1.2 was offered",
                    hello.version
                ),
            ));
        }
        self.check_unsolicited(&hello.extensions)?;
        self.transcript.add(message.encoded);
        fx.learn(Fact::Version(hello.version));
        tls12::client_hello_answered(self, &hello, env, fx).map(Handshake::Client12)
    }

    /// RFC 5246 §7.4.1.4: a server answers what was offered and nothing else. The SCSV counts as
    /// offering renegotiation_info (RFC 5746 §3.4).
    fn check_unsolicited(&self, answered: &Extensions<'_>) -> Result<()> {
        let offered = |typ| self.sent.contains(&typ) || (typ == E::RENEGOTIATION_INFO && self.scsv);
        match answered.iter().find(|(typ, _)| !offered(*typ)) {
            None => Ok(()),
            Some((typ, _)) => Err(Error::with(
                Reason::UnsolicitedExtension,
                format!("the server answered {typ}, which was not offered"),
            )),
        }
    }
}
