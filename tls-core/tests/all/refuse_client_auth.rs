//! What a server refuses of a client's authentication: order, contents, certificates, signatures.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::plan::{GCM, Plan, RSA};
use common::puppet::{Puppet, certificate_body, key_exchange_body, sign};
use common::wire::built;
use tls_core::config::{ClientAuth, Config, LEGACY, MODERN, Policy, Verification};
use tls_core::error::Reason;
use tls_core::wire::{
    AlertDescription as A, HandshakeType as T, NamedGroup, Put, SignatureScheme as S,
};

/// Where the server stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum At {
    Certificate,
    ClientKeyExchange,
    CertificateVerify,
    Ccs,
    Finished,
    Traffic,
}

const ALL: [At; 6] = [
    At::Certificate,
    At::ClientKeyExchange,
    At::CertificateVerify,
    At::Ccs,
    At::Finished,
    At::Traffic,
];

fn asking(plan: &Plan, mode: ClientAuth) -> Config {
    let mut config = plan.server_config();
    config.client_auth = mode;
    config
}

fn requiring(plan: &Plan) -> Config {
    asking(plan, ClientAuth::Require)
}

/// A server with a client that has `client-p256`.
fn server(plan: &Plan, at: At) -> Puppet {
    server_with(plan, requiring(plan), at)
}

fn server_with(plan: &Plan, config: Config, at: At) -> Puppet {
    let mut puppet = Puppet::against_server(config);
    puppet.client_hello(&plan.client_hello());
    puppet.accepted();
    if at > At::Certificate {
        puppet.certificate("client-p256");
    }
    if at > At::ClientKeyExchange {
        plan.client_key_exchange(&mut puppet);
    }
    if at > At::CertificateVerify {
        puppet.certificate_verify("client-p256", S::ECDSA_SECP256R1_SHA256);
    }
    if at > At::Ccs {
        puppet.ccs();
    }
    if at > At::Finished {
        puppet.finished();
        puppet.established();
    } else {
        puppet.accepted();
    }
    puppet
}

fn takes(at: At, typ: T) -> bool {
    match at {
        At::Certificate => typ == T::CERTIFICATE,
        At::ClientKeyExchange => typ == T::CLIENT_KEY_EXCHANGE,
        At::CertificateVerify => typ == T::CERTIFICATE_VERIFY,
        At::Ccs => false,
        At::Finished => typ == T::FINISHED,
        At::Traffic => typ == T::CLIENT_HELLO,
    }
}

#[test]
fn the_request_says_what_is_verified() {
    let cases: [(&Policy, Option<S>, &[u8]); 3] = [
        (&MODERN, None, &[64, 1]),
        (&LEGACY, Some(S::RSA_PKCS1_SHA256), &[1]),
        (&LEGACY, Some(S::ED25519), &[64]),
    ];
    for (policy, only, types) in cases {
        let plan = Plan { policy, ..RSA };
        let mut config = asking(
            &Plan {
                policy: &LEGACY,
                ..plan
            },
            ClientAuth::Request,
        );
        config.schemes = only.map_or(policy.schemes.to_vec(), |s| vec![s]);
        let schemes = config.schemes.clone();
        let mut puppet = Puppet::against_server(config);
        puppet.client_hello(&RSA.client_hello());
        puppet.accepted();
        let heard = puppet.heard();
        let order: Vec<T> = heard.iter().map(|(typ, _)| *typ).collect();
        let expected = [
            T::SERVER_HELLO,
            T::CERTIFICATE,
            T::CERTIFICATE_REQUEST,
            T::SERVER_HELLO_DONE,
        ];
        assert_eq!(order, expected);
        let subject = common::anchors("pki/ca.pem");
        let subject = subject.subjects().next().unwrap();
        let body = built(|out| {
            out.vec8(|out| out.raw(types));
            out.vec16(|out| schemes.iter().for_each(|s| out.u16(s.0)));
            out.vec16(|out| out.vec16(|out| out.raw(subject)));
        });
        assert_eq!(heard[2].1, body);
    }
}

#[test]
fn every_other_message_in_every_state() {
    for plan in [GCM, RSA] {
        for at in ALL {
            for typ in T::KNOWN.iter().copied().filter(|typ| !takes(at, *typ)) {
                let mut puppet = server(&plan, at);
                puppet.say(typ, &[]);
                puppet.refused(Reason::UnexpectedMessage, A::UNEXPECTED_MESSAGE);
            }
        }
    }
}

#[test]
fn a_change_of_keys_without_the_signature() {
    for plan in [GCM, RSA] {
        for at in [
            At::Certificate,
            At::ClientKeyExchange,
            At::CertificateVerify,
        ] {
            let mut puppet = server(&plan, at);
            puppet.ccs();
            puppet.refused(Reason::UnexpectedCcs, A::UNEXPECTED_MESSAGE);
        }
    }
}

#[test]
fn nobody_asked_for_a_certificate() {
    let mut puppet = server_with(&GCM, asking(&GCM, ClientAuth::None), At::Certificate);
    puppet.certificate("client-p256");
    puppet.refused(Reason::UnexpectedMessage, A::UNEXPECTED_MESSAGE);
}

#[test]
fn no_certificate_where_one_is_required() {
    let mut puppet = server(&GCM, At::Certificate);
    puppet.say(T::CERTIFICATE, &[0, 0, 0]);
    puppet.refused(Reason::ClientCertificateMissing, A::HANDSHAKE_FAILURE);
}

#[test]
fn a_client_without_a_certificate_has_nothing_to_sign() {
    let config = asking(&GCM, ClientAuth::Request);
    let mut puppet = server_with(&GCM, config, At::Certificate);
    puppet.say(T::CERTIFICATE, &[0, 0, 0]);
    GCM.client_key_exchange(&mut puppet);
    puppet.accepted();
    puppet.certificate_verify("client-p256", S::ECDSA_SECP256R1_SHA256);
    puppet.refused(Reason::UnexpectedMessage, A::UNEXPECTED_MESSAGE);
}

#[test]
fn certificates_that_are_refused() {
    let cases = [
        ("self-client", Reason::CertificateUntrusted, A::UNKNOWN_CA),
        (
            "bad-client-expired",
            Reason::CertificateExpired,
            A::CERTIFICATE_EXPIRED,
        ),
        (
            "server-p256",
            Reason::CertificateUsage,
            A::UNSUPPORTED_CERTIFICATE,
        ),
        (
            "bad-any-eku",
            Reason::CertificateUsage,
            A::UNSUPPORTED_CERTIFICATE,
        ),
        (
            "bad-client-no-sign",
            Reason::CertificateUsage,
            A::UNSUPPORTED_CERTIFICATE,
        ),
        (
            "bad-curve",
            Reason::CertificateUnsupported,
            A::UNSUPPORTED_CERTIFICATE,
        ),
    ];
    for mode in [ClientAuth::Request, ClientAuth::Require] {
        for (name, reason, alert) in cases {
            let mut puppet = server_with(&GCM, asking(&GCM, mode), At::Certificate);
            puppet.certificate(name);
            puppet.refused(reason, alert);
        }
    }
}

#[test]
fn a_key_that_was_not_asked_for() {
    let refused = |schemes: &[S], groups: &[NamedGroup], name: &str, reason, alert| {
        let mut config = requiring(&RSA);
        config.schemes = schemes.to_vec();
        config.groups = groups.to_vec();
        let mut puppet = server_with(&RSA, config, At::Certificate);
        puppet.certificate(name);
        puppet.refused(reason, alert);
    };
    let (unsupported, alert) = (Reason::CertificateUnsupported, A::UNSUPPORTED_CERTIFICATE);
    let p256 = [NamedGroup::SECP256R1];
    refused(
        &[S::RSA_PKCS1_SHA256],
        &p256,
        "client-p256",
        unsupported,
        alert,
    );
    refused(
        &[S::RSA_PKCS1_SHA256],
        &p256,
        "client-ed25519",
        unsupported,
        alert,
    );
    refused(&[S::ED25519], &p256, "client-rsa", unsupported, alert);
    let ecdsa = [S::ECDSA_SECP256R1_SHA256];
    let curve = (Reason::GroupNotOffered, A::ILLEGAL_PARAMETER);
    refused(&ecdsa, &p256, "client-p384", curve.0, curve.1);
    refused(
        &ecdsa,
        &[NamedGroup::X25519],
        "client-p256",
        curve.0,
        curve.1,
    );
}

#[test]
fn certificates_that_do_not_decode() {
    let good = certificate_body("client-p256");
    for cut in [0, 1, 2, 3, 5, 6, 100, good.len() - 1] {
        let mut puppet = server(&GCM, At::Certificate);
        puppet.say(T::CERTIFICATE, &good[..cut]);
        puppet.refused(Reason::DecodeError, A::DECODE_ERROR);
    }
    let mut puppet = server(&GCM, At::Certificate);
    puppet.say(T::CERTIFICATE, &[&good[..], &[0]].concat());
    puppet.refused(Reason::TrailingData, A::DECODE_ERROR);
    let empty_entry = built(|out| out.vec24(|out| out.vec24(|_| {})));
    let mut puppet = server(&GCM, At::Certificate);
    puppet.say(T::CERTIFICATE, &empty_entry);
    puppet.refused(Reason::DecodeError, A::DECODE_ERROR);
    let no_der = built(|out| out.vec24(|out| out.vec24(|out| out.raw(b"no certificate"))));
    let mut puppet = server(&GCM, At::Certificate);
    puppet.say(T::CERTIFICATE, &no_der);
    puppet.refused(Reason::CertificateMalformed, A::DECODE_ERROR);
}

#[test]
fn signatures_that_do_not_verify() {
    let at = || server(&GCM, At::CertificateVerify);
    let refused = |mut puppet: Puppet| {
        puppet.refused(Reason::BadSignature, A::DECRYPT_ERROR);
        // Whoever showed the certificate did not show that it is his.
        assert_eq!(puppet.conn.facts().verified_chain, None);
        assert!(!puppet.conn.is_verified());
    };
    // By another key of the same kind.
    let mut puppet = at();
    puppet.certificate_verify("server-p256", S::ECDSA_SECP256R1_SHA256);
    refused(puppet);
    // Over another handshake.
    let mut puppet = at();
    puppet.overhear(&[0]);
    puppet.certificate_verify("client-p256", S::ECDSA_SECP256R1_SHA256);
    refused(puppet);
    // Made with another scheme than it says.
    let mut puppet = at();
    let other = sign("client-p256", S::ECDSA_SECP384R1_SHA384, b"anything");
    let body = key_exchange_body(&[], S::ECDSA_SECP256R1_SHA256, &other);
    puppet.say(T::CERTIFICATE_VERIFY, &body);
    refused(puppet);
    // None at all, and one that is none.
    for signature in [&[][..], &[0x30, 0], &[7; 71]] {
        let mut puppet = at();
        let body = key_exchange_body(&[], S::ECDSA_SECP256R1_SHA256, signature);
        puppet.say(T::CERTIFICATE_VERIFY, &body);
        refused(puppet);
    }
}

#[test]
fn schemes_that_do_not_go() {
    let refused =
        |mut puppet: Puppet| puppet.refused(Reason::SchemeNotOffered, A::ILLEGAL_PARAMETER);
    // Good, but not asked for.
    let mut config = requiring(&RSA);
    config.schemes = vec![S::ECDSA_SECP384R1_SHA384];
    let mut puppet = server_with(&RSA, config, At::CertificateVerify);
    puppet.certificate_verify("client-p256", S::ECDSA_SECP256R1_SHA256);
    refused(puppet);
    // Asked for, but not for this key; and unknown ones.
    for scheme in [
        S::RSA_PKCS1_SHA256,
        S::ED25519,
        S::RSA_PSS_PSS_SHA256,
        S(0x0203),
        S(0),
        S(0xffff),
    ] {
        let mut puppet = server_with(
            &GCM,
            asking(
                &Plan {
                    policy: &MODERN,
                    ..GCM
                },
                ClientAuth::Require,
            ),
            At::CertificateVerify,
        );
        puppet.say(
            T::CERTIFICATE_VERIFY,
            &key_exchange_body(&[], scheme, &[1; 64]),
        );
        refused(puppet);
    }
}

#[test]
fn signatures_that_do_not_decode() {
    let good = key_exchange_body(&[], S::ECDSA_SECP256R1_SHA256, &[1; 70]);
    for cut in [0, 1, 2, 3, 4, good.len() - 1] {
        let mut puppet = server(&RSA, At::CertificateVerify);
        puppet.say(T::CERTIFICATE_VERIFY, &good[..cut]);
        puppet.refused(Reason::DecodeError, A::DECODE_ERROR);
    }
    let mut puppet = server(&RSA, At::CertificateVerify);
    puppet.say(T::CERTIFICATE_VERIFY, &[&good[..], &[0]].concat());
    puppet.refused(Reason::TrailingData, A::DECODE_ERROR);
}

#[test]
fn a_finished_that_does_not_cover_the_signature() {
    let mut puppet = server(&GCM, At::Finished);
    let mut wrong = puppet.verify_data();
    wrong[0] ^= 1;
    puppet.say(T::FINISHED, &wrong);
    puppet.refused(Reason::BadFinished, A::DECRYPT_ERROR);
}

#[test]
fn a_short_key_of_a_client_proves_nothing() {
    let plan = Plan {
        policy: &MODERN,
        ..GCM
    };
    let mut config = requiring(&plan);
    config.verification = Verification::AcceptAny;
    let mut puppet = server_with(&plan, config, At::Certificate);
    puppet.certificate("server-rsa1024");
    plan.client_key_exchange(&mut puppet);
    puppet.certificate_verify("server-rsa1024", S::RSA_PKCS1_SHA256);
    puppet.refused(Reason::WeakPeerKey, A::BAD_CERTIFICATE);
}
