use super::super::agreed::Agreed;
use super::super::keys::Side;
use super::super::kx::Start;
use super::super::limits::{Lengths, own_limit};
use super::client_auth::asks;
use super::{Server12, server_key_exchange};
use crate::cert::MatchQuality;
use crate::config::Config;
use crate::error::{Reason, Result};
use crate::handshake::Env;
use crate::handshake::effect::{Effects, Fact};
use crate::handshake::hello::Offer;
use crate::handshake::negotiate;
use crate::handshake::protocol;
use crate::handshake::tell;
use crate::handshake::transcript::Transcript;
use crate::msg;
use crate::msg::ext;
use crate::msg::server_hello::ServerHello;
use crate::wire::{ExtensionType as E, HandshakeType};
use std::sync::Arc;

/// Answers a ClientHello: ServerHello, Certificate, and what the key exchange begins with.
pub(super) fn server_hello(
    offer: &Offer,
    transcript: Transcript,
    env: Env<'_>,
    fx: &mut Effects,
) -> Result<Server12> {
    let config = env.config;
    let choice = negotiate::choose(config, offer)?;
    let alpn = choose_alpn(offer, transcript.bytes()?, env)?;
    tell::server_choice(offer, &choice, alpn, env, fx);
    let random = random(config)?;
    let mut agreed = Agreed::new(config, choice.suite, offer.random, random, transcript)?;
    if !asks(choice.suite, config) {
        // Nobody signs the messages: no CertificateVerify comes.
        agreed.hash_transcript();
    }
    let keypair = choice.keypair.map(|index| {
        fx.learn(Fact::LocalKeypair(index));
        &config.keypairs[index]
    });
    // RFC 6066 §3: answered when the name was used.
    let named = offer
        .server_name
        .as_deref()
        .is_some_and(|n| keypair.is_some_and(|k| k.matches(n) != MatchQuality::No));
    agreed.keep.exchange.certificate = keypair.and_then(|k| k.leaf_digest());
    agreed.choose_keeping(offer, config)?;
    let answered = |typ| config.server_extensions.contains(&typ);
    let status = keypair
        .and_then(|keypair| keypair.ocsp_response())
        .filter(|_| offer.status_request && answered(E::STATUS_REQUEST));
    let hello = Hello {
        alpn,
        named,
        status: status.is_some(),
        scts: keypair
            .and_then(|keypair| keypair.scts())
            .filter(|_| offer.scts),
        lengths: Lengths::choose(offer, config),
    };
    answer(&mut agreed, offer, &hello, env, fx)?;
    agreed.limit_records(hello.lengths, None, env, fx);
    if let Some(keypair) = keypair {
        fx.message(&mut agreed.transcript, HandshakeType::CERTIFICATE, |out| {
            msg::certificate::encode(keypair.chain(), out);
        });
    }
    if let Some(response) = status {
        let typ = HandshakeType::CERTIFICATE_STATUS;
        fx.message(&mut agreed.transcript, typ, |out| {
            msg::certificate_status::encode(response, out);
        });
    }
    let start = Start {
        kind: choice.suite.kx,
        group: choice.group,
        key: keypair.map(|k| k.key().clone()),
        version: offer.version,
    };
    server_key_exchange::start(start, choice.scheme, Box::new(agreed), env, fx)
}

/// The application protocol. It is the connection's: a renegotiation does not change it.
pub(super) fn choose_alpn<'a>(
    offer: &'a Offer,
    message: &[u8],
    env: Env<'_>,
) -> Result<Option<&'a [u8]>> {
    match env.previous {
        None => protocol::choose_alpn(env.config, offer, message),
        Some(_) => Ok(None),
    }
}

pub(super) fn random(config: &Config) -> Result<[u8; 32]> {
    let mut random = [0; 32];
    config
        .random
        .fill(&mut random)
        .map_err(|_| Reason::RandomFailed)?;
    Ok(random)
}

/// What was chosen for a ServerHello, beside what is in [`Agreed`].
pub(super) struct Hello<'a> {
    pub(super) alpn: Option<&'a [u8]>,
    pub(super) named: bool,
    /// A CertificateStatus follows (RFC 6066 §8).
    pub(super) status: bool,
    pub(super) scts: Option<&'a Arc<[u8]>>,
    pub(super) lengths: Lengths,
}

/// Negotiates what every handshake negotiates anew, a resumed one too, and sends the ServerHello.
pub(super) fn answer(
    agreed: &mut Agreed,
    offer: &Offer,
    hello: &Hello<'_>,
    env: Env<'_>,
    fx: &mut Effects,
) -> Result<()> {
    let answered = |typ| env.config.server_extensions.contains(&typ);
    agreed.extended_master_secret =
        offer.extended_master_secret && answered(E::EXTENDED_MASTER_SECRET);
    // RFC 7366 §3: for GenericBlockCipher only.
    agreed.encrypt_then_mac =
        offer.encrypt_then_mac && agreed.suite.is_cbc() && answered(E::ENCRYPT_THEN_MAC);
    agreed.secure_renegotiation = offer.secure_renegotiation && answered(E::RENEGOTIATION_INFO);
    agreed.decided(env, fx)?;
    if let Some(name) = hello.alpn {
        fx.learn(Fact::Alpn(name.to_vec()));
    }
    write_hello(agreed, offer, hello, env, fx);
    Ok(())
}

/// RFC 5246 §7.4.1.3, with the extensions of the configured order that the client offered.
fn write_hello(
    agreed: &mut Agreed,
    offer: &Offer,
    hello: &Hello<'_>,
    env: Env<'_>,
    fx: &mut Effects,
) {
    let (etm, ems) = (agreed.encrypt_then_mac, agreed.extended_master_secret);
    let (random, suite, ticket) = (agreed.server_random, agreed.suite, agreed.keep.ticket);
    let session_id = agreed.keep.session_id.clone();
    fx.message(&mut agreed.transcript, HandshakeType::SERVER_HELLO, |out| {
        ServerHello::encode(out, &random, &session_id, suite.id, |out| {
            for typ in &env.config.server_extensions {
                match *typ {
                    E::RENEGOTIATION_INFO if offer.secure_renegotiation => {
                        let info = env.renegotiated_connection(Side::Server);
                        ext::encode(*typ, out, |out| ext::renegotiation_info::encode(&info, out));
                    }
                    E::EC_POINT_FORMATS if offer.point_formats && suite.is_ecdhe() => {
                        ext::encode(*typ, out, ext::ec_point_formats::encode);
                    }
                    E::ALPN => {
                        if let Some(name) = hello.alpn {
                            let names = core::iter::once(name);
                            ext::encode(*typ, out, |out| ext::alpn::encode(names, out));
                        }
                    }
                    E::SIGNED_CERTIFICATE_TIMESTAMP => {
                        if let Some(list) = hello.scts {
                            ext::encode(*typ, out, |out| out.extend_from_slice(list));
                        }
                    }
                    E::MAX_FRAGMENT_LENGTH => {
                        if let Some(length) = hello.lengths.max_fragment_length {
                            ext::encode(*typ, out, |out| {
                                ext::max_fragment_length::encode(length, out);
                            });
                        }
                    }
                    E::RECORD_SIZE_LIMIT if hello.lengths.record_size_limit.is_some() => {
                        let limit = own_limit(env.config);
                        ext::encode(*typ, out, |out| ext::record_size_limit::encode(limit, out));
                    }
                    E::STATUS_REQUEST if hello.status => ext::encode(*typ, out, |_| {}),
                    E::SERVER_NAME if hello.named => ext::encode(*typ, out, |_| {}),
                    E::EXTENDED_MASTER_SECRET if ems => ext::encode(*typ, out, |_| {}),
                    E::ENCRYPT_THEN_MAC if etm => ext::encode(*typ, out, |_| {}),
                    E::SESSION_TICKET if ticket => ext::encode(*typ, out, |_| {}),
                    _ => {}
                }
            }
        });
    });
}
