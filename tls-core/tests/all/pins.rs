//! Pinned keys where nobody else vouches for the peer: what still holds.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::crl::crl;
use common::der::parts;
use common::forge::{Forged, name};
use common::judge::{Judge, judge_chain, pki};
use common::staple::{Staple, revoked, staple_for};
use common::{client, config, handshake, reason, server, server_config};
use tls_core::cert::{Certificate, Crl, TrustAnchors, leaf_spki};
use tls_core::config::{MODERN, Verification};
use tls_core::crypto::{HashId, Provider};
use tls_core::error::Reason as R;
use tls_crypto::DefaultProvider;

fn pin(certificate: &Certificate) -> [u8; 32] {
    let hash = DefaultProvider.hash(HashId::Sha256).unwrap();
    let digest = hash.hash(&[leaf_spki(certificate).unwrap()]);
    digest.as_ref().try_into().unwrap()
}

#[test]
fn any_certificate_is_none_of_another_key() {
    let run = |pins: &[[u8; 32]]| {
        let mut config = config(&MODERN);
        config.verification = Verification::AcceptAny;
        pins.iter()
            .for_each(|pin| config.verify_options.pins.add(*pin));
        let mut client = client(config);
        let mut server = server(server_config(&MODERN, &["server-p256"]));
        handshake(&mut client, &mut server).map_err(|_| reason(&client))
    };
    let chain = pki("server-p256");
    run(&[]).unwrap();
    run(&[[7; 32], pin(&chain[0])]).unwrap();
    assert_eq!(run(&[[7; 32]]), Err(R::CertificateNotPinned));
    // The CA is not verified, so its pin says nothing.
    assert_eq!(run(&[pin(&chain[1])]), Err(R::CertificateNotPinned));
}

/// Self-issued with the key of server-rsa, which is pinned; by that key nothing is signed that can be checked
/// but what it says of itself.
fn alone() -> Judge {
    let key = crate::refuse_weak::rsa();
    let leaf = Forged::leaf("Own", "Own").with_key(key.clone());
    let leaf = leaf.signed_with(common::forge::With::RsaSha256).by(&key);
    let mut judge = judge_chain(vec![leaf.clone()]).named("host.test");
    judge.trusted = TrustAnchors::default();
    judge.options.pins.add(pin(&leaf));
    judge.options.pins.set_alone(true);
    judge.accepted();
    judge
}

#[test]
fn a_pinned_key_has_no_word_on_its_own_revocation() {
    let mut judge = alone();
    let mut list = crl("server-rsa");
    list.issuer = name("Own");
    let now = judge.time();
    judge
        .options
        .crls
        .add([Crl::parse(&list.bytes()).unwrap()], now)
        .unwrap();
    judge.refused(R::CrlMissing, &["CN=Own", "pinned"]);
    judge.options.crl_policy.allow_unknown = true;
    judge.accepted();
    // Trusted as itself without a pin: the user's word on this very certificate.
    let mut trusted = alone();
    trusted.options = judge.options.clone();
    trusted.options.crl_policy.allow_unknown = false;
    trusted.options.pins = Default::default();
    trusted.trusted.add(trusted.chain[0].clone()).unwrap();
    trusted.accepted();
}

#[test]
fn a_pinned_key_does_not_answer_for_itself() {
    let judge = alone();
    let own = parts(&judge.chain[0]);
    let answer = |status: Option<&[u8]>| {
        let mut answer: Staple = staple_for(&judge.chain[0]);
        answer.issuer = own.clone();
        let answer = answer.signed_by("server-rsa", &own);
        match status {
            Some(status) => answer.says(status).bytes(),
            None => answer.bytes(),
        }
    };
    judge.clone().stapled(&answer(None)).accepted();
    let required = judge.clone().requiring_a_staple();
    required
        .clone()
        .stapled(&answer(None))
        .refused(R::OcspUnknown, &["CN=Own", "pinned"]);
    // What it says against itself counts.
    judge
        .clone()
        .stapled(&answer(Some(&revoked(None))))
        .refused(R::CertificateRevoked, &[]);
}
