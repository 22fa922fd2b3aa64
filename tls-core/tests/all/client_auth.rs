//! Client certificates between our own two sides: every key and scheme, what is asked for, which
//! keypair answers, verdicts that come later.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::{
    anchors, certificates, client, config, handshake, keypair, reason, server, server_config,
};
use common::{give, take};
use std::sync::{Arc, Mutex};
use tls_core::cert::{CertificateVerifier, TrustAnchors, VerifiedChain, VerifyRequest};
use tls_core::config::{ClientAuth, Config, LEGACY, MODERN, Policy, Verification};
use tls_core::conn::{Connection, Stop};
use tls_core::crypto::{Answer, Later, Pending, Reply};
use tls_core::error::{Error, Reason};
use tls_core::wire::SignatureScheme as S;

fn asking(policy: &'static Policy, client_auth: ClientAuth) -> Config {
    let mut config = server_config(policy, &["server-rsa", "server-p256"]);
    config.client_auth = client_auth;
    config
}

fn with(policy: &'static Policy, keypairs: &[&str]) -> Config {
    let mut config = config(policy);
    config.keypairs = keypairs.iter().map(|name| keypair(name)).collect();
    config
}

fn pair(c: Config, s: Config) -> (Connection, Connection) {
    let (mut c, mut s) = (client(c), server(s));
    handshake(&mut c, &mut s)
        .unwrap_or_else(|_| panic!("client: {:?}, server: {:?}", c.error(), s.error()));
    (c, s)
}

/// The reason of the server, which must refuse.
fn refused(c: Config, s: Config) -> (Reason, Reason) {
    let (mut c, mut s) = (client(c), server(s));
    handshake(&mut c, &mut s).unwrap_err();
    (reason(&s), reason(&c))
}

#[test]
fn every_key_and_scheme_under_either_key_exchange() {
    let ecdsa = [
        S::ECDSA_SECP256R1_SHA256,
        S::ECDSA_SECP384R1_SHA384,
        S::ECDSA_SECP521R1_SHA512,
        S::ECDSA_SHA1,
    ];
    let cases: [(&str, &[S]); 6] = [
        (
            "client-rsa",
            &[
                S::RSA_PKCS1_SHA1,
                S::RSA_PKCS1_SHA256,
                S::RSA_PKCS1_SHA384,
                S::RSA_PKCS1_SHA512,
                S::RSA_PSS_RSAE_SHA256,
                S::RSA_PSS_RSAE_SHA384,
                S::RSA_PSS_RSAE_SHA512,
            ],
        ),
        (
            "client-rsapss",
            &[
                S::RSA_PSS_PSS_SHA256,
                S::RSA_PSS_PSS_SHA384,
                S::RSA_PSS_PSS_SHA512,
            ],
        ),
        ("client-p256", &ecdsa),
        ("client-p384", &ecdsa),
        ("client-p521", &ecdsa),
        ("client-ed25519", &[S::ED25519]),
    ];
    for (name, schemes) in cases {
        for scheme in schemes {
            // ECDHE with extended master secret, RSA key exchange with and without.
            for (id, ems) in [(0xc02f, true), (0x009c, true), (0x009c, false)] {
                let mut c = with(&LEGACY, &[name]);
                let s = asking(&LEGACY, ClientAuth::Require);
                c.suites.retain(|suite| suite.id == id);
                // Its own first; the second is for the server's signature.
                c.schemes = vec![*scheme, S::RSA_PKCS1_SHA256];
                if !ems {
                    let ext = tls_core::wire::ExtensionType::EXTENDED_MASTER_SECRET;
                    c.client_extensions.retain(|typ| *typ != ext);
                }
                let (c, s) = pair(c, s);
                let chain = certificates(&format!("pki/{name}.pem"));
                assert_eq!(s.facts().peer_chain.as_deref(), Some(&chain[..]), "{name}");
                let path = s.facts().verified_chain.as_deref().unwrap();
                assert_eq!(path[..2], chain[..]);
                assert_eq!(path[2..], certificates("pki/ca.pem")[..]);
                assert_eq!(s.facts().client_scheme, Some(*scheme), "{name}");
                assert_eq!(c.facts().client_scheme, Some(*scheme), "{name}");
                assert_eq!(c.facts().local_keypair, Some(0));
                assert!(c.facts().verified_chain.is_some());
            }
        }
    }
}

/// What our keys make and what we verify are lists of their own, where one is set.
#[test]
fn signing_schemes_are_a_list_of_their_own() {
    let mut c = with(&MODERN, &["client-rsa"]);
    c.signing_schemes = Some(vec![S::RSA_PSS_RSAE_SHA512]);
    let mut s = asking(&MODERN, ClientAuth::Require);
    s.keypairs.truncate(1);
    s.signing_schemes = Some(vec![S::RSA_PKCS1_SHA384]);
    let (c, s) = pair(c, s);
    assert_eq!(s.facts().client_scheme, Some(S::RSA_PSS_RSAE_SHA512));
    assert_eq!(c.facts().scheme, Some(S::RSA_PKCS1_SHA384));
    let mut s = server_config(&MODERN, &["server-rsa"]);
    s.signing_schemes = Some(vec![S::ED25519]);
    assert_eq!(refused(with(&MODERN, &[]), s).0, Reason::NoCommonScheme);
}

#[test]
fn without_a_certificate_request_goes_on_and_require_does_not() {
    let (c, s) = pair(with(&MODERN, &[]), asking(&MODERN, ClientAuth::Request));
    assert_eq!(s.facts().peer_chain, None);
    assert_eq!(s.facts().verified_chain, None);
    assert_eq!(s.facts().client_scheme, None);
    assert_eq!(c.facts().local_keypair, None);
    let refusal = refused(with(&MODERN, &[]), asking(&MODERN, ClientAuth::Require));
    let told = (Reason::ClientCertificateMissing, Reason::AlertReceived);
    assert_eq!(refusal, told);
}

#[test]
fn a_certificate_that_does_not_verify_is_refused_in_either_mode() {
    for mode in [ClientAuth::Request, ClientAuth::Require] {
        for (name, expected) in [
            ("self-client", Reason::CertificateUntrusted),
            ("bad-client-expired", Reason::CertificateExpired),
            ("server-p256", Reason::CertificateUsage),
        ] {
            let (found, _) = refused(with(&MODERN, &[name]), asking(&MODERN, mode));
            assert_eq!(found, expected, "{name}");
        }
    }
}

#[test]
fn accept_any_takes_any_certificate_and_nothing_is_called_verified() {
    let mut s = asking(&MODERN, ClientAuth::Require);
    s.verification = Verification::AcceptAny;
    let (_, s) = pair(with(&MODERN, &["self-client"]), s);
    assert!(s.facts().peer_chain.is_some());
    assert_eq!(s.facts().verified_chain, None);
}

#[test]
fn the_keypair_answers_the_request() {
    let all = ["client-rsa", "client-p256", "client-ed25519"];
    let chosen = |schemes: &[S], keypairs: &[&str]| {
        let mut s = asking(&MODERN, ClientAuth::Request);
        s.schemes = schemes.to_vec();
        let mut c = with(&MODERN, keypairs);
        // The server signs with what it verifies.
        c.schemes
            .retain(|s| *s != S::ED25519 || schemes.contains(s));
        pair(c, s).0.facts().local_keypair
    };
    assert_eq!(chosen(&[S::RSA_PKCS1_SHA256], &all), Some(0));
    assert_eq!(chosen(&[S::ECDSA_SECP256R1_SHA256], &all), Some(1));
    let edwards = [S::ED25519, S::RSA_PKCS1_SHA512];
    assert_eq!(
        chosen(&edwards, &all[1..]),
        Some(1),
        "ed25519 goes with ecdsa_sign"
    );
    assert_eq!(chosen(&[S::RSA_PKCS1_SHA256], &all[1..]), None);
    // keyUsage forbids to sign: it is passed over.
    let usage = ["bad-client-no-sign", "client-rsa"];
    assert_eq!(chosen(&[S::RSA_PKCS1_SHA256], &usage), Some(1));
    assert_eq!(chosen(&[S::RSA_PKCS1_SHA256], &usage[..1]), None);
}

#[test]
fn a_keypair_of_a_ca_that_is_named_comes_first() {
    let chosen = |names: Option<Vec<Vec<u8>>>, verifier: Arc<TrustAnchors>| {
        let mut s = asking(&MODERN, ClientAuth::Request);
        s.client_authorities = names.map(Into::into);
        s.verification = Verification::AcceptAny;
        if s.client_authorities.is_none() {
            s.verification = Verification::Required(verifier);
        }
        let c = with(&MODERN, &["self-client", "client-p256"]);
        pair(c, s).0.facts().local_keypair
    };
    let ca = anchors("pki/ca.pem");
    let other = anchors("pki/other-ca.pem");
    let subjects = |a: &TrustAnchors| a.subjects().map(<[u8]>::to_vec).collect::<Vec<_>>();
    // From the trust anchors, from a list, and from a list that says nothing.
    assert_eq!(chosen(None, ca.clone()), Some(1));
    assert_eq!(chosen(Some(subjects(&ca)), other.clone()), Some(1));
    assert_eq!(chosen(Some(subjects(&other)), ca.clone()), Some(0));
    assert_eq!(chosen(Some(Vec::new()), ca), Some(0));
}

#[test]
fn names_that_no_request_carries() {
    let mut s = asking(&MODERN, ClientAuth::Require);
    s.client_authorities = Some(vec![vec![0x30; 1000]; 50].into());
    let mut s = server(s);
    assert_eq!(s.handshake(), Err(Stop::Failed));
    assert_eq!(reason(&s), Reason::BadArgument);
    // Trusted CAs that are too many are not listed.
    #[derive(Debug)]
    struct Many;
    impl CertificateVerifier for Many {
        fn verify(
            &self,
            request: &VerifyRequest<'_>,
            _: &Later,
        ) -> Reply<Result<VerifiedChain, Error>> {
            let path = request.chain.to_vec();
            Reply::Now(Ok(VerifiedChain { path: path.into() }))
        }

        fn authorities(&self) -> Vec<Vec<u8>> {
            vec![vec![0x30; 1000]; 50]
        }
    }
    let mut s = asking(&MODERN, ClientAuth::Require);
    s.verification = Verification::Required(Arc::new(Many));
    let (_, s) = pair(with(&MODERN, &["self-client"]), s);
    assert!(s.facts().verified_chain.is_some());
}

/// Keeps the question.
#[derive(Debug, Default)]
struct Slow(Mutex<Option<Arc<Pending>>>);

impl CertificateVerifier for Slow {
    fn verify(&self, _: &VerifyRequest<'_>, later: &Later) -> Reply<Result<VerifiedChain, Error>> {
        *self.0.lock().unwrap() = Some(later.pending());
        Reply::Later
    }
}

/// A server of which the client's whole flight has come, however it is cut into records, waits for
/// its verdict alone.
#[test]
fn a_verdict_may_come_later_while_the_flight_waits() {
    for id in [0xc02f, 0x009c] {
        for accept in [true, false] {
            let slow = Arc::new(Slow::default());
            let mut s = asking(&LEGACY, ClientAuth::Require);
            s.verification = Verification::Required(slow.clone());
            let mut c = with(&LEGACY, &["client-p256"]);
            c.suites.retain(|suite| suite.id == id);
            let (mut c, mut s) = (client(c), server(s));
            let _hello = c.handshake();
            give(&mut s, &take(&mut c));
            let _flight = s.handshake();
            give(&mut c, &take(&mut s));
            assert_eq!(c.handshake(), Err(Stop::WantRead));
            give(&mut s, &joined(&take(&mut c)));
            for _ in 0..3 {
                assert_eq!(s.handshake(), Err(Stop::WantApp));
            }
            let pending = slow.0.lock().unwrap().take().unwrap();
            let verdict = match accept {
                true => Ok(Arc::default()),
                false => Err(Reason::CertificateRejected.into()),
            };
            pending.answer(Answer::Verdict(verdict)).unwrap();
            if accept {
                assert_eq!(s.handshake(), Ok(()), "{:?}", s.error());
                give(&mut c, &take(&mut s));
                assert_eq!(c.handshake(), Ok(()));
            } else {
                assert_eq!(s.handshake(), Err(Stop::Failed));
                assert_eq!(reason(&s), Reason::CertificateRejected);
            }
        }
    }
}

/// The handshake records at the front as one record.
fn joined(wire: &[u8]) -> Vec<u8> {
    use common::wire::{Record, records};
    use tls_core::wire::ContentType;
    let all = records(wire);
    let plain = all
        .iter()
        .take_while(|r| r.typ == ContentType::HANDSHAKE)
        .count();
    assert_eq!(
        plain, 3,
        "Certificate, ClientKeyExchange, CertificateVerify"
    );
    let bodies: Vec<u8> = all[..plain].iter().flat_map(|r| r.body.clone()).collect();
    let rest = all[plain..].iter().map(Record::encode);
    let first = Record::new(ContentType::HANDSHAKE, &bodies).encode();
    std::iter::once(first).chain(rest).flatten().collect()
}

#[test]
fn what_is_asked_for_is_decided_when_the_hello_has_come() {
    let modes = [ClientAuth::None, ClientAuth::Request, ClientAuth::Require];
    for (before, wanted) in modes.into_iter().flat_map(|m| modes.map(|n| (m, n))) {
        let (mut c, mut s) = (
            client(with(&MODERN, &["client-rsa"])),
            server(asking(&MODERN, ClientAuth::None)),
        );
        assert_eq!(s.handshake(), Err(Stop::WantRead));
        s.set_client_auth(before).unwrap();
        for _ in 0..2 {
            assert_eq!(c.handshake(), Err(Stop::WantRead));
            give(&mut s, &take(&mut c));
            assert!(s.handshake().is_err() || s.facts().established);
            if s.facts().established {
                break;
            }
            let error = s.set_client_auth(wanted).unwrap_err();
            assert_eq!(error.reason(), Reason::WrongOrder);
            give(&mut c, &take(&mut s));
        }
        handshake(&mut c, &mut s).unwrap();
        let asked = before != ClientAuth::None;
        assert_eq!(s.facts().peer_chain.is_some(), asked, "{before:?}");
    }
}
