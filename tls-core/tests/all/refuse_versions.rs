//! Versions (RFC 5246 Appendix E): 1.2 is spoken, nothing else.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::plan::{AtClient, AtServer, GCM, RSA};
use common::puppet::Puppet;
use tls_core::error::Reason;
use tls_core::wire::{
    AlertDescription as A, ExtensionType as E, HandshakeType as T, ProtocolVersion,
};

const BELOW: [u16; 7] = [0x0000, 0x0002, 0x0200, 0x02ff, 0x0300, 0x0301, 0x0302];
const ABOVE: [u16; 6] = [0x0304, 0x0305, 0x03ff, 0x0400, 0x7f1c, 0xfefd];

#[test]
fn a_client_that_is_too_old_is_refused() {
    for version in BELOW {
        let mut puppet = GCM.server(AtServer::ClientHello);
        let mut hello = GCM.client_hello();
        hello.version = version;
        puppet.client_hello(&hello);
        puppet.refused(Reason::UnsupportedVersion, A::PROTOCOL_VERSION);
    }
}

#[test]
fn an_old_client_is_refused_even_if_supported_versions_says_more() {
    // That extension belongs to TLS 1.3, which is not spoken here: it is not looked at.
    let mut hello = GCM.client_hello();
    hello.version = 0x0302;
    hello.extensions.set(E::SUPPORTED_VERSIONS, &[2, 3, 3]);
    let mut puppet = GCM.server(AtServer::ClientHello);
    puppet.client_hello(&hello);
    puppet.refused(Reason::UnsupportedVersion, A::PROTOCOL_VERSION);
}

#[test]
fn a_client_that_is_newer_is_answered_with_1_2() {
    for version in ABOVE {
        for plan in [GCM, RSA] {
            let mut hello = plan.client_hello();
            hello.version = version;
            let mut puppet = plan.server(AtServer::ClientHello);
            puppet.client_hello(&hello);
            puppet.accepted();
            assert_eq!(puppet.conn.facts().version, Some(ProtocolVersion::TLS12));
            let (typ, body) = &puppet.heard()[0];
            assert_eq!((*typ, &body[..2]), (T::SERVER_HELLO, &[3, 3][..]));
            // RFC 5246 §7.4.7.1: the secret begins with the version of the ClientHello.
            if plan.is_ecdhe() {
                plan.client_key_exchange(&mut puppet);
            } else {
                let pre_master = [&version.to_be_bytes()[..], &[9; 46]].concat();
                puppet.rsa_key_exchange(plan.keypair, &pre_master);
            }
            puppet.ccs();
            puppet.finished();
            puppet.established();
        }
    }
}

#[test]
fn supported_versions_is_not_looked_at() {
    for body in [&[2, 3, 4][..], &[2, 0x7a, 0x7a], &[], &[0xff; 3]] {
        let mut hello = GCM.client_hello();
        hello.extensions.set(E::SUPPORTED_VERSIONS, body);
        let mut puppet = GCM.server(AtServer::ClientHello);
        puppet.client_hello(&hello);
        puppet.accepted();
        assert_eq!(puppet.conn.facts().version, Some(ProtocolVersion::TLS12));
    }
}

#[test]
fn a_server_of_any_other_version_is_refused() {
    for version in BELOW.into_iter().chain(ABOVE) {
        let mut hello = GCM.server_hello();
        hello.version = version;
        let mut puppet = Puppet::against_client(GCM.client_config());
        puppet.server_hello(&hello);
        puppet.refused(Reason::UnsupportedVersion, A::PROTOCOL_VERSION);
    }
}

#[test]
fn the_refusal_names_both_versions() {
    let mut hello = GCM.server_hello();
    hello.version = 0x0301;
    let mut puppet = GCM.client(AtClient::ServerHello);
    puppet.server_hello(&hello);
    puppet.refused(Reason::UnsupportedVersion, A::PROTOCOL_VERSION);
    let text = puppet.conn.error().unwrap().text();
    assert_eq!(text, "the server chose TLSv1.0, only TLSv1.2 was offered");
}
