//! Certificates that a client refuses, over a whole connection: the reason, the alert, and that
//! nothing of the key exchange is sent to a server that was not verified. Every rule by itself is in
//! the tests of the verdict (cert_verify, cert_names, cert_hostile).
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::plan::{AtClient, CHACHA, GCM, Plan, RSA};
use common::puppet::{Puppet, certificate_body, params, public_value};
use common::wire::built;
use common::{NOW, anchors, certificates, config};
use std::sync::Arc;
use tls_core::cert::{CertificateVerifier, ServerName, VerifiedChain, VerifyRequest};
use tls_core::config::{Config, LEGACY, MODERN, Policy, Verification};
use tls_core::conn::{Connection, Stop};
use tls_core::crypto::{Later, Reply};
use tls_core::error::{Error, Reason};
use tls_core::wire::{
    AlertDescription as A, HandshakeType as T, NamedGroup as G, Put, SignatureScheme as S,
};

/// ECDHE with ECDSA, in the modern policy.
const ECDSA: Plan = Plan {
    policy: &MODERN,
    ..CHACHA
};

/// The whole flight of a server with this chain. The signature is by some key of the same kind: the
/// verdict comes before it.
fn flight(plan: Plan, config: Config, chain: &str) -> Puppet {
    let mut puppet = plan.client_with(config, AtClient::Certificate);
    puppet.say(T::CERTIFICATE, &certificate_body(chain));
    if plan.is_ecdhe() {
        plan.server_key_exchange(&mut puppet);
    }
    puppet.accepted();
    puppet.seen.clear();
    puppet.say(T::SERVER_HELLO_DONE, &[]);
    puppet
}

fn refused_with(plan: Plan, config: Config, chain: &str, reason: Reason, alert: A) {
    let mut puppet = flight(plan, config, chain);
    puppet.refused(reason, alert);
    assert_eq!(
        puppet.seen.len(),
        1,
        "the alert, and no key exchange before it"
    );
    let facts = puppet.conn.facts();
    assert!(facts.peer_chain.is_some(), "what came can be looked at");
    assert!(facts.verified_chain.is_none());
}

fn refused(chain: &str, reason: Reason, alert: A) {
    refused_with(ECDSA, config(&MODERN), chain, reason, alert);
}

#[test]
fn every_reason_has_its_alert() {
    use Reason as R;
    let bad = [
        ("bad-expired", R::CertificateExpired, A::CERTIFICATE_EXPIRED),
        (
            "bad-by-int-expired",
            R::CertificateExpired,
            A::CERTIFICATE_EXPIRED,
        ),
        (
            "bad-not-yet",
            R::CertificateNotYetValid,
            A::CERTIFICATE_EXPIRED,
        ),
        ("bad-untrusted", R::CertificateUntrusted, A::UNKNOWN_CA),
        ("bad-missing-int", R::CertificateUntrusted, A::UNKNOWN_CA),
        ("self-leaf", R::CertificateUntrusted, A::UNKNOWN_CA),
        ("bad-name", R::CertificateNameMismatch, A::BAD_CERTIFICATE),
        ("name-cn", R::CertificateNameMismatch, A::BAD_CERTIFICATE),
        ("name-ip", R::CertificateNameMismatch, A::BAD_CERTIFICATE),
        (
            "name-wildcard",
            R::CertificateNameMismatch,
            A::BAD_CERTIFICATE,
        ),
        ("bad-eku", R::CertificateUsage, A::UNSUPPORTED_CERTIFICATE),
        (
            "bad-any-eku",
            R::CertificateUsage,
            A::UNSUPPORTED_CERTIFICATE,
        ),
        (
            "bad-ca-leaf",
            R::CertificateUsage,
            A::UNSUPPORTED_CERTIFICATE,
        ),
        ("bad-signature", R::CertificateSignature, A::BAD_CERTIFICATE),
        ("bad-by-int-not-ca", R::CertificateNotCa, A::BAD_CERTIFICATE),
        (
            "bad-by-int-no-cert-sign",
            R::CertificateNotCa,
            A::BAD_CERTIFICATE,
        ),
        ("bad-by-pathlen0", R::CertificateNotCa, A::BAD_CERTIFICATE),
        (
            "bad-by-int-constrained",
            R::CertificateConstraint,
            A::BAD_CERTIFICATE,
        ),
        ("bad-by-int-rsa1024", R::CertificateWeak, A::BAD_CERTIFICATE),
        (
            "bad-critical",
            R::CertificateUnsupported,
            A::UNSUPPORTED_CERTIFICATE,
        ),
        (
            "bad-v1",
            R::CertificateUnsupported,
            A::UNSUPPORTED_CERTIFICATE,
        ),
        ("too-deep", R::CertificateChainTooLong, A::BAD_CERTIFICATE),
    ];
    for (chain, reason, alert) in bad {
        refused(chain, reason, alert);
    }
}

#[test]
fn a_key_may_only_do_what_its_certificate_says() {
    let usage = Reason::CertificateUsage;
    let alert = A::UNSUPPORTED_CERTIFICATE;
    let plan = |plan: Plan, keypair| Plan { keypair, ..plan };
    // Encipherment alone does not sign a key exchange; a signing key does not decrypt one.
    let no_sign = plan(GCM, "bad-no-sign");
    refused_with(no_sign, config(&LEGACY), "bad-no-sign", usage, alert);
    let no_encrypt = plan(RSA, "bad-no-encrypt");
    refused_with(no_encrypt, config(&LEGACY), "bad-no-encrypt", usage, alert);
    flight(
        plan(GCM, "bad-no-encrypt"),
        config(&LEGACY),
        "bad-no-encrypt",
    )
    .accepted();
    flight(plan(RSA, "bad-no-sign"), config(&LEGACY), "bad-no-sign").accepted();
}

#[test]
fn sha1_and_short_keys_are_for_legacy_alone() {
    for chain in ["bad-sha1", "server-rsa1024"] {
        let plan = Plan {
            keypair: chain,
            ..GCM
        };
        let weak = Reason::CertificateWeak;
        refused_with(plan, config(&MODERN), chain, weak, A::BAD_CERTIFICATE);
        flight(plan, config(&LEGACY), chain).accepted();
    }
}

#[test]
fn the_clock_is_the_configurations() {
    let at = |now| {
        let mut config = config(&MODERN);
        config.clock = Arc::new(common::FixedClock(now));
        config
    };
    let plan = ECDSA;
    let expired = Reason::CertificateExpired;
    let alert = A::CERTIFICATE_EXPIRED;
    let (y2200, y1999) = (7_258_118_400, 915_148_800);
    refused_with(plan, at(y2200), "server-p256", expired, alert);
    let early = Reason::CertificateNotYetValid;
    refused_with(plan, at(y1999), "server-p256", early, alert);
    flight(plan, at(NOW), "server-p256").accepted();
}

#[test]
fn nobody_is_trusted_by_an_empty_store() {
    let mut config = config(&MODERN);
    config.verification = Verification::Required(Arc::new(tls_core::cert::TrustAnchors::default()));
    refused_with(
        ECDSA,
        config,
        "server-p256",
        Reason::CertificateUntrusted,
        A::UNKNOWN_CA,
    );
    let mut other = common::config(&MODERN);
    other.verification = Verification::Required(anchors("pki/other-ca.pem"));
    let untrusted = Reason::CertificateUntrusted;
    refused_with(ECDSA, other, "server-p256", untrusted, A::UNKNOWN_CA);
}

#[test]
fn without_a_name_to_verify_a_client_is_born_failed() {
    let name = ServerName::parse("example.test").unwrap();
    let mut conn = Connection::client(Arc::new(config(&MODERN)), Some(name), None);
    assert_eq!(conn.handshake(), Err(Stop::Failed));
    assert_eq!(common::reason(&conn), Reason::NoServerName);
    assert!(conn.outgoing().is_empty());
}

#[test]
fn the_dangers_are_exactly_as_large_as_their_names() {
    let mut any_name = config(&MODERN);
    any_name.verification = Verification::WithoutName(anchors("pki/ca.pem"));
    let plan = Plan {
        keypair: "bad-name",
        ..ECDSA
    };
    flight(plan, any_name.clone(), "bad-name").accepted();
    let expired = Reason::CertificateExpired;
    refused_with(
        ECDSA,
        any_name,
        "bad-expired",
        expired,
        A::CERTIFICATE_EXPIRED,
    );

    let mut anything = config(&MODERN);
    anything.verification = Verification::AcceptAny;
    for chain in ["bad-expired", "bad-untrusted", "bad-name", "bad-signature"] {
        let plan = Plan {
            keypair: chain,
            ..ECDSA
        };
        flight(plan, anything.clone(), chain).accepted();
        // The signature of the key exchange is still the leaf's.
        let mut puppet = plan.client_with(anything.clone(), AtClient::ServerKeyExchange);
        let params = params(G::X25519, &public_value(G::X25519));
        puppet.server_key_exchange(&params, "server-p256", S::ECDSA_SECP256R1_SHA256);
        puppet.say(T::SERVER_HELLO_DONE, &[]);
        puppet.refused(Reason::BadSignature, A::DECRYPT_ERROR);
    }
}

#[test]
fn the_verdict_comes_before_the_signature() {
    // Both are bad: the one that says more is told.
    let mut puppet = ECDSA.client(AtClient::Certificate);
    puppet.certificate("bad-expired");
    let params = params(G::X25519, &public_value(G::X25519));
    puppet.server_key_exchange(&params, "server-p256", S::ECDSA_SECP256R1_SHA256);
    puppet.say(T::SERVER_HELLO_DONE, &[]);
    puppet.refused(Reason::CertificateExpired, A::CERTIFICATE_EXPIRED);
}

#[test]
fn the_key_must_fit_the_suite() {
    for (plan, chain) in [
        (GCM, "server-p256"),
        (GCM, "server-ed25519"),
        (RSA, "server-p256"),
        (RSA, "server-ed25519"),
        // An RSASSA-PSS key signs and does nothing else (RFC 4055 §1.2).
        (RSA, "server-rsapss"),
        (CHACHA, "server-rsa"),
        (CHACHA, "server-rsapss"),
    ] {
        let mut puppet = plan.client(AtClient::Certificate);
        puppet.certificate(chain);
        puppet.refused(Reason::CertificateTypeMismatch, A::ILLEGAL_PARAMETER);
    }
}

#[test]
fn an_ecdsa_key_must_be_on_a_curve_that_was_offered() {
    for (chain, curve) in [
        ("server-p256", G::SECP256R1),
        ("server-p384", G::SECP384R1),
        ("server-p521", G::SECP521R1),
    ] {
        let mut config = CHACHA.client_config();
        config.groups.retain(|g| *g != curve);
        let mut puppet = CHACHA.client_with(config, AtClient::Certificate);
        puppet.certificate(chain);
        puppet.refused(Reason::GroupNotOffered, A::ILLEGAL_PARAMETER);
    }
}

#[test]
fn a_key_of_an_unknown_kind_is_refused() {
    for chain in ["bad-curve", "bad-explicit"] {
        let mut puppet = CHACHA.client(AtClient::Certificate);
        puppet.certificate(chain);
        puppet.refused(Reason::CertificateUnsupported, A::UNSUPPORTED_CERTIFICATE);
    }
}

fn entry(bytes: &[u8]) -> Vec<u8> {
    built(|out| out.vec24(|out| out.vec24(|out| out.raw(bytes))))
}

#[test]
fn a_leaf_that_does_not_parse_makes_the_message_malformed() {
    let leaf = certificates("pki/server-p256.pem")[0].to_vec();
    let behind = [&leaf[..], &[0]].concat();
    let mut longer = leaf.clone();
    longer[3] = longer[3].wrapping_add(1);
    let cuts = (1..leaf.len()).step_by(23).map(|cut| leaf[..cut].to_vec());
    let others = [
        vec![0],
        vec![0x30],
        vec![0x30, 0],
        vec![0xff; 500],
        behind,
        longer,
    ];
    for bytes in cuts.chain(others) {
        let mut puppet = CHACHA.client(AtClient::Certificate);
        puppet.say(T::CERTIFICATE, &entry(&bytes));
        puppet.refused(Reason::CertificateMalformed, A::DECODE_ERROR);
    }
}

#[test]
fn a_broken_certificate_behind_the_leaf_does_no_good() {
    // The leaf needs its intermediate: garbage in its place leads nowhere.
    let leaf = certificates("pki/server-p256.pem")[0].to_vec();
    for garbage in [vec![0x30, 0], vec![0xff; 100]] {
        let body = built(|out| {
            out.vec24(|out| {
                out.vec24(|out| out.raw(&leaf));
                out.vec24(|out| out.raw(&garbage));
            });
        });
        let mut puppet = ECDSA.client(AtClient::Certificate);
        puppet.say(T::CERTIFICATE, &body);
        ECDSA.server_key_exchange(&mut puppet);
        puppet.say(T::SERVER_HELLO_DONE, &[]);
        puppet.refused(Reason::CertificateUntrusted, A::UNKNOWN_CA);
    }
}

/// A verifier with an opinion of its own.
#[derive(Debug)]
struct Opinion(Error);

impl CertificateVerifier for Opinion {
    fn verify(&self, _: &VerifyRequest<'_>, _: &Later) -> Reply<Result<VerifiedChain, Error>> {
        Reply::Now(Err(self.0.clone()))
    }
}

#[test]
fn a_verifier_chooses_reason_sentence_and_alert() {
    for (error, alert) in [
        (Error::new(Reason::CertificateRejected), A::BAD_CERTIFICATE),
        (
            Error::new(Reason::CertificateRevoked),
            A::CERTIFICATE_REVOKED,
        ),
        (
            Error::with(Reason::CertificateRejected, "not on a Sunday").and_alert(A::ACCESS_DENIED),
            A::ACCESS_DENIED,
        ),
    ] {
        let mut config = config(&MODERN);
        config.verification = Verification::Required(Arc::new(Opinion(error.clone())));
        let mut puppet = flight(ECDSA, config, "server-p256");
        puppet.refused(error.reason(), alert);
        assert_eq!(puppet.conn.error(), Some(&error));
    }
}

#[test]
fn the_verifier_sees_what_the_server_sent() {
    #[derive(Debug)]
    struct Looks;
    impl CertificateVerifier for Looks {
        fn verify(
            &self,
            request: &VerifyRequest<'_>,
            _: &Later,
        ) -> Reply<Result<VerifiedChain, Error>> {
            assert_eq!(request.chain, certificates("pki/server-p256.pem"));
            assert_eq!(
                request.name,
                ServerName::parse("example.test").ok().as_ref()
            );
            assert_eq!(request.purpose, tls_core::cert::Purpose::Server);
            assert_eq!(request.key_use, Some(tls_core::cert::KeyUse::Sign));
            assert_eq!(request.now.as_secs(), NOW);
            Reply::Now(Err(Reason::CertificateRejected.into()))
        }
    }
    let mut config = config(&MODERN);
    config.verification = Verification::Required(Arc::new(Looks));
    let mut puppet = flight(ECDSA, config, "server-p256");
    puppet.refused(Reason::CertificateRejected, A::BAD_CERTIFICATE);
}

#[derive(Debug)]
struct Yes;

impl CertificateVerifier for Yes {
    fn verify(
        &self,
        request: &VerifyRequest<'_>,
        _later: &Later,
    ) -> Reply<Result<VerifiedChain, Error>> {
        let path = request.chain.to_vec();
        Reply::Now(Ok(VerifiedChain { path: path.into() }))
    }
}

#[test]
fn a_short_key_proves_nothing_whoever_accepts_its_certificate() {
    let strict: &'static Policy = Box::leak(Box::new(Policy {
        min_rsa_bits: 2049,
        ..policy_copy(&LEGACY)
    }));
    let plan = |plan: Plan, keypair| Plan { keypair, ..plan };
    for judge in [
        Verification::AcceptAny,
        Verification::Required(Arc::new(Yes)),
        Verification::WithoutName(Arc::new(Yes)),
    ] {
        let with = |policy| {
            let mut config = config(policy);
            config.verification = judge.clone();
            config
        };
        let refused = |plan: Plan, policy| {
            let mut puppet = flight(plan, with(policy), plan.keypair);
            puppet.refused(Reason::WeakPeerKey, A::BAD_CERTIFICATE);
            assert_eq!(puppet.seen.len(), 1, "the alert, and no key exchange");
        };
        refused(plan(GCM, "server-rsa1024"), &MODERN);
        refused(plan(GCM, "server-rsa"), strict);
        // Also where the key only encrypts.
        refused(plan(RSA, "server-rsa"), strict);
        for (plan, policy) in [
            (plan(GCM, "server-rsa1024"), &LEGACY),
            (plan(GCM, "server-rsa4096"), strict),
            (plan(CHACHA, "server-p256"), strict),
        ] {
            flight(plan, with(policy), plan.keypair).accepted();
        }
    }
}

fn policy_copy(policy: &Policy) -> Policy {
    Policy {
        name: policy.name,
        class: policy.class,
        groups: policy.groups,
        schemes: policy.schemes,
        insecure_renegotiation_peers: policy.insecure_renegotiation_peers,
        resumption_without_ems: policy.resumption_without_ems,
        min_rsa_bits: policy.min_rsa_bits,
        min_ec_bits: policy.min_ec_bits,
        min_hash_bits: policy.min_hash_bits,
        version1_certificates: policy.version1_certificates,
    }
}

#[test]
fn a_list_without_end_is_refused_before_it_is_kept() {
    let leaf = certificates("pki/server-p256.pem").remove(0);
    let body = |n: usize, filler: &[u8]| {
        built(|out| {
            out.vec24(|out| {
                out.vec24(|out| out.raw(&leaf));
                for _ in 1..n {
                    out.vec24(|out| out.raw(filler));
                }
            });
        })
    };
    for n in [65, 3000] {
        let mut puppet = ECDSA.client(AtClient::Certificate);
        puppet.say(T::CERTIFICATE, &body(n, &[0]));
        puppet.refused(Reason::CertificateChainTooLong, A::BAD_CERTIFICATE);
        assert!(puppet.conn.facts().peer_chain.is_none());
    }
    let mut puppet = ECDSA.client(AtClient::Certificate);
    puppet.say(T::CERTIFICATE, &body(64, &[0]));
    puppet.accepted();
}
