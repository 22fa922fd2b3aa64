use super::super::agreed::Agreed;
use super::super::keys::Side;
use super::super::limits::Lengths;
use super::Client12;
use super::certificate::ExpectCertificate;
use super::key_exchange::ExpectServerKeyExchange;
use crate::crypto::Suite;
use crate::error::{Error, Reason, Result};
use crate::handshake::effect::{Effects, Fact};
use crate::handshake::hello::{ExpectServerHello, OfferedSession};
use crate::handshake::{Env, tell};
use crate::msg::ext;
use crate::msg::server_hello::ServerHello;
use crate::session::ClientSession;
use crate::wire::ExtensionType as E;
use std::sync::Arc;

/// A ServerHello of version 1.2 answers our ClientHello (RFC 5246 §7.4.1.3). That nothing was
/// answered that we did not offer is checked already.
pub(crate) fn client_hello_answered(
    ours: ExpectServerHello,
    hello: &ServerHello<'_>,
    env: Env<'_>,
    fx: &mut Effects,
) -> Result<Client12> {
    let suite = offered_suite(hello.suite, env)?;
    let resumed = accepted_session(ours.offered.as_ref(), hello);
    let mut agreed = Agreed::new(
        env.config,
        suite,
        ours.random,
        hello.random,
        ours.transcript,
    )?;
    let mut status = false;
    let mut lengths = Lengths::default();
    let mut scts = None;
    for (typ, body) in hello.extensions.iter() {
        match typ {
            E::SERVER_NAME => ext::empty::decode("server_name", body)?,
            E::EC_POINT_FORMATS => ext::ec_point_formats::decode(body)?,
            E::EXTENDED_MASTER_SECRET => {
                ext::empty::decode("extended_master_secret", body)?;
                agreed.extended_master_secret = true;
            }
            E::ENCRYPT_THEN_MAC => {
                ext::empty::decode("encrypt_then_mac", body)?;
                if !suite.is_cbc() {
                    return Err(Reason::EncryptThenMacWithoutCbc.into());
                }
                agreed.encrypt_then_mac = true;
            }
            E::RENEGOTIATION_INFO => {
                let expected = env.renegotiated_connection(Side::Server);
                ext::renegotiation_info::check(body, &expected)?;
                agreed.secure_renegotiation = true;
            }
            E::STATUS_REQUEST => {
                ext::empty::decode("status_request", body)?;
                status = true;
            }
            E::SIGNED_CERTIFICATE_TIMESTAMP => {
                scts = Some(ext::signed_certificate_timestamp::decode_server(body)?);
            }
            E::MAX_FRAGMENT_LENGTH => {
                lengths.max_fragment_length = Some(ext::max_fragment_length::decode(body)?);
            }
            E::RECORD_SIZE_LIMIT => {
                lengths.record_size_limit = Some(ext::record_size_limit::decode(body)?);
            }
            E::SESSION_TICKET => {
                ext::empty::decode("session_ticket", body)?;
                agreed.keep.ticket = true;
            }
            E::ALPN => fx.learn(Fact::Alpn(offered_protocol(body, env)?.to_vec())),
            // Only a client may send it (RFC 5246 §7.4.1.4.1). A supported_groups is tolerated:
            // servers were seen to send it.
            E::SIGNATURE_ALGORITHMS => {
                return Err(Error::with(
                    Reason::UnsolicitedExtension,
                    "a server must not send signature_algorithms",
                ));
            }
            _ => {}
        }
    }
    check_secure(agreed.secure_renegotiation, env)?;
    agreed.decided(env, fx)?;
    lengths.check_answer(env.config)?;
    let of_session = resumed.as_ref().and_then(|s| s.state.max_fragment_length);
    agreed.limit_records(lengths, of_session, env, fx);
    tell::suite_of_server(agreed.suite, env, fx);
    if ours.offered.is_some() {
        tell::session(env, fx, resumed.is_some(), "the server's choice");
    }
    if let Some(session) = resumed {
        return super::resume::resume(session, agreed, env, fx);
    }
    if let Some(list) = scts {
        agreed.scts(list.into(), fx);
    }
    agreed.keep.binding = ours.binding;
    agreed.keep.server_name = env
        .names
        .send
        .as_ref()
        .and_then(|n| n.shared_sni())
        .cloned();
    agreed.keep.session_id = hello.session_id.into();
    if env.config.keypairs.is_empty() {
        // We have nothing to sign the messages with.
        agreed.hash_transcript();
    }
    let agreed = Box::new(agreed);
    let certified = agreed.suite.kx.row().certificate;
    if let (Some(previous), false) = (env.previous, certified) {
        // Who proved by a certificate who it is does not go on by a shared key.
        previous.check_server(&[])?;
    }
    if certified {
        return Ok(Client12::Certificate(ExpectCertificate { agreed, status }));
    }
    let next = ExpectServerKeyExchange::new(agreed, None, false);
    Ok(Client12::ServerKeyExchange(next))
}

/// RFC 5746 §3.4, §3.5: a renegotiation needs renegotiation_info, a first handshake unless the policy
/// goes on without it.
fn check_secure(secure: bool, env: Env<'_>) -> Result<()> {
    match env.previous {
        _ if secure => Ok(()),
        Some(_) => Err(Error::with(
            Reason::RenegotiationMismatch,
            "the server renegotiates without renegotiation_info",
        )),
        None if env.config.policy.insecure_renegotiation_peers => Ok(()),
        None if env.config.servers_without_rfc5746 => Ok(()),
        None => Err(Reason::NoSecureRenegotiation.into()),
    }
}

/// RFC 5246 §7.4.1.3: the echo of the session ID resumes the session that was offered with it.
fn accepted_session(
    offered: Option<&OfferedSession>,
    hello: &ServerHello<'_>,
) -> Option<Arc<ClientSession>> {
    offered
        .filter(|offered| *hello.session_id == offered.id[..])
        .map(|offered| offered.session.clone())
}

fn offered_suite(id: u16, env: Env<'_>) -> Result<&'static Suite> {
    env.config
        .usable_suites()
        .find(|s| s.id == id)
        .ok_or_else(|| {
            let name = Suite::by_id(id).map_or("unknown", |s| s.name);
            Error::with(
                Reason::SuiteNotOffered,
                format!("the server chose the suite {id:#06x} ({name}), which was not offered"),
            )
        })
}

/// RFC 7301 §3.1
fn offered_protocol<'a>(body: &'a [u8], env: Env<'_>) -> Result<&'a [u8]> {
    let name = ext::alpn::decode_server(body)?;
    if env.config.alpn.iter().any(|ours| ours == name) {
        return Ok(name);
    }
    Err(Error::with(
        Reason::AlpnNotOffered,
        format!(
            "the server chose the protocol {:?}, which was not offered",
            String::from_utf8_lossy(name)
        ),
    ))
}
