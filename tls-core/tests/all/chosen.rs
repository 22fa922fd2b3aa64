//! A configuration that is chosen for a ClientHello, against what a connection has of its own.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common::{client, config, handshake, keypair, reason, server, server_config, transfer};
use std::sync::Arc;
use tls_core::cert::{CertificateVerifier, VerifiedChain, VerifyRequest};
use tls_core::config::{
    ClientAuth, ClientHelloInfo, Config, HelloDecision, HelloHandler, MODERN, Renegotiation,
    Verification,
};
use tls_core::conn::{Connection, Stop};
use tls_core::crypto::{Later, Reply};
use tls_core::error::{Direction, Error, Reason};
use tls_core::wire::AlertDescription as A;

/// Chooses this one, whatever comes.
#[derive(Debug)]
struct Chooses(Arc<Config>);

impl HelloHandler for Chooses {
    fn on_hello(&self, _: &ClientHelloInfo<'_>, _: &Later) -> Reply<HelloDecision> {
        Reply::Now(HelloDecision::Config(self.0.clone()))
    }
}

/// A server in front of `chosen`.
fn front(chosen: Config) -> Config {
    let mut front = server_config(&MODERN, &["server-rsa"]);
    front.on_hello = Some(Arc::new(Chooses(Arc::new(chosen))));
    front
}

/// Both ends after their handshake.
fn run(front: Config) -> (Connection, Connection) {
    let (mut c, mut s) = (client(config(&MODERN)), server(front));
    handshake(&mut c, &mut s).unwrap();
    (c, s)
}

/// Trusts what vouches for servers, as the CAs of a system do.
#[derive(Debug)]
struct ForServers;

impl CertificateVerifier for ForServers {
    fn verify(&self, _: &VerifyRequest<'_>, _: &Later) -> Reply<Result<VerifiedChain, Error>> {
        panic!("it judges no clients")
    }

    fn judges_clients(&self) -> bool {
        false
    }
}

/// A server that was told nothing about client certificates.
fn untold(asks: ClientAuth) -> Config {
    let mut config = server_config(&MODERN, &["server-p256"]);
    config.verification = Verification::Required(Arc::new(ForServers));
    config.client_auth = asks;
    config
}

#[test]
fn servers_ask_nothing_that_nobody_may_judge() {
    for asks in [ClientAuth::Request, ClientAuth::Require] {
        let mut direct = server(untold(asks));
        assert_eq!(direct.handshake(), Err(Stop::Failed));
        assert_eq!(reason(&direct), Reason::NoTrustAnchors);
        for mode in [Verification::Required, Verification::WithoutName] {
            let mut chosen = untold(asks);
            chosen.verification = mode(Arc::new(ForServers));
            let (mut c, mut s) = (client(config(&MODERN)), server(front(chosen)));
            assert!(handshake(&mut c, &mut s).is_err());
            let error = s.error().unwrap();
            assert_eq!(error.reason(), Reason::NoTrustAnchors, "{error}");
            let alert = (A::INTERNAL_ERROR, Direction::Sent);
            assert_eq!(error.alert(), Some(alert));
        }
    }
    let mut any = untold(ClientAuth::Request);
    any.verification = Verification::AcceptAny;
    run(front(any));
}

#[test]
fn what_was_chosen_is_what_judges_later_too() {
    let mut chosen = untold(ClientAuth::None);
    chosen.renegotiation = Renegotiation::Own;
    let (mut c, mut s) = run(front(chosen));
    for asks in [ClientAuth::Request, ClientAuth::Require] {
        let error = s.set_client_auth(asks).unwrap_err();
        assert_eq!(error.reason(), Reason::NoTrustAnchors);
    }
    s.set_client_auth(ClientAuth::None).unwrap();
    transfer(&mut c, &mut s, b"data");
}

#[test]
fn pins_of_a_connection_hold_whatever_is_chosen() {
    let serve = |pin: Option<[u8; 32]>| {
        let mut chosen = server_config(&MODERN, &["server-rsa"]);
        chosen.client_auth = ClientAuth::Require;
        let mut front = front(chosen);
        if let Some(pin) = pin {
            front.add_own_pin(pin);
        }
        let mut visitor = config(&MODERN);
        visitor.keypairs = vec![keypair("client-p256")];
        let (mut c, mut s) = (client(visitor), server(front));
        let done = handshake(&mut c, &mut s);
        done.map_err(|_| reason(&s))
    };
    assert_eq!(serve(None), Ok(()));
    assert_eq!(serve(Some([7; 32])), Err(Reason::CertificateNotPinned));
}
