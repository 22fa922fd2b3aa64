//! The key exchange: groups and points that are none, signatures that do not verify, and the RSA
//! decryption that never tells what was wrong (RFC 5246 §7.4.7.1, RFC 8422 §5).
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::keys::{Keys, Writer};
use common::plan::{AtClient, AtServer, CBC, CHACHA, GCM, Plan, RSA};
use common::puppet::{Puppet, key_exchange_body, params, public_value, sign, suite};
use common::wire::{built, list16, message};
use tls_core::config::{COMPATIBLE, MODERN};
use tls_core::error::Reason;
use tls_core::wire::{
    AlertDescription as A, ContentType as C, ExtensionType as E, HandshakeType as T,
    NamedGroup as G, Put, SignatureScheme as S,
};

const GROUPS: [G; 4] = [G::X25519, G::SECP256R1, G::SECP384R1, G::SECP521R1];

/// Says a ServerKeyExchange with good signature, and the end of the flight.
fn exchange(puppet: &mut Puppet, plan: Plan, group: G, public: &[u8]) {
    puppet.server_key_exchange(&params(group, public), plan.keypair, plan.scheme);
    puppet.say(T::SERVER_HELLO_DONE, &[]);
}

/// What stands in place of a public value and is none.
fn bad_points(group: G) -> Vec<Vec<u8>> {
    let good = public_value(group);
    let mut bad = vec![
        good[1..].to_vec(),
        good[..good.len() - 1].to_vec(),
        [&good[..], &[0]].concat(),
        vec![0],
        vec![4],
        vec![0xff; 255],
    ];
    if group == G::X25519 {
        bad.extend(small_order_points());
        return bad;
    }
    let field = (good.len() - 1) / 2;
    let changed = |place: usize, bit: u8| {
        let mut point = good.clone();
        point[place] ^= bit;
        point
    };
    // Off the curve.
    bad.extend([changed(1, 1), changed(field, 1), changed(2 * field, 1)]);
    // Compressed, hybrid, of unknown form, at infinity, and coordinates beyond the field.
    bad.push([&[2 + (good[2 * field] & 1)], &good[1..=field]].concat());
    bad.push(changed(0, 4 ^ 6));
    bad.push(changed(0, 4 ^ 7));
    bad.push(changed(0, 4 ^ 5));
    bad.push(vec![0; 2 * field + 1]);
    bad.push([vec![4], vec![0; 2 * field]].concat());
    bad.push([vec![4], vec![0xff; 2 * field]].concat());
    bad
}

/// The points of small order of Curve25519 and their non-canonical forms: the result is all zero
/// with any private key (RFC 7748 §6.1).
fn small_order_points() -> Vec<Vec<u8>> {
    let order8 = [
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    ];
    let mut points: Vec<Vec<u8>> = order8.map(hex).to_vec();
    // 0, 1, and p - 1, p, p + 1 with p = 2^255 - 19.
    points.push(vec![0; 32]);
    points.push([&[1][..], &[0; 31]].concat());
    for low in [0xec, 0xed, 0xee] {
        points.push([&[low][..], &[0xff; 30], &[0x7f]].concat());
    }
    // The highest bit does not count.
    let mut with_high_bit = points.clone();
    for point in &mut with_high_bit {
        point[31] |= 0x80;
    }
    points.extend(with_high_bit);
    points
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap())
        .collect()
}

#[test]
fn a_client_refuses_what_is_no_point() {
    for plan in [GCM, CHACHA] {
        for group in GROUPS {
            for public in bad_points(group) {
                let mut puppet = plan.client(AtClient::ServerKeyExchange);
                puppet.seen.clear();
                exchange(&mut puppet, plan, group, &public);
                puppet.refused(Reason::BadPoint, A::ILLEGAL_PARAMETER);
                assert_eq!(
                    puppet.seen.len(),
                    1,
                    "the alert, and no key exchange before it"
                );
            }
        }
    }
}

#[test]
fn a_server_refuses_what_is_no_point() {
    for plan in [GCM, CHACHA] {
        for group in GROUPS {
            for public in bad_points(group) {
                let mut hello = plan.client_hello();
                let groups = list16(&[group.0, G::SECP256R1.0]);
                hello.extensions.set(E::SUPPORTED_GROUPS, &groups);
                let mut puppet = Puppet::against_server({
                    let mut config = plan.server_config();
                    config.groups = vec![group];
                    config
                });
                puppet.client_hello(&hello);
                puppet.accepted();
                assert_eq!(puppet.conn.facts().group, Some(group));
                let body = built(|out| out.vec8(|out| out.raw(&public)));
                puppet.say(T::CLIENT_KEY_EXCHANGE, &body);
                puppet.refused(Reason::BadPoint, A::ILLEGAL_PARAMETER);
            }
        }
    }
}

#[test]
fn a_group_that_was_not_offered_is_refused() {
    let mut config = GCM.client_config();
    config.groups = vec![G::SECP256R1];
    for group in [
        G::X25519,
        G::SECP384R1,
        G(0),
        G(22),
        G(256),
        G(0x0a0a),
        G(0xffff),
    ] {
        let mut puppet = GCM.client_with(config.clone(), AtClient::ServerKeyExchange);
        exchange(&mut puppet, GCM, group, &[9; 32]);
        puppet.refused(Reason::GroupNotOffered, A::ILLEGAL_PARAMETER);
    }
    // The group of a point is what the parameters say, not what the point looks like.
    let mut puppet = GCM.client(AtClient::ServerKeyExchange);
    exchange(&mut puppet, GCM, G::SECP256R1, &public_value(G::SECP384R1));
    puppet.refused(Reason::BadPoint, A::ILLEGAL_PARAMETER);
}

#[test]
fn a_curve_without_a_name_is_refused() {
    // explicit_prime, explicit_char2, and numbers that nobody has.
    for curve_type in [0, 1, 2, 4, 255] {
        let mut puppet = GCM.client(AtClient::ServerKeyExchange);
        let mut params = params(G::X25519, &[9; 32]);
        params[0] = curve_type;
        puppet.server_key_exchange(&params, GCM.keypair, GCM.scheme);
        puppet.refused(Reason::GroupNotOffered, A::ILLEGAL_PARAMETER);
    }
}

/// A client whose server signs its parameters as `signature` says.
fn signed(plan: Plan, scheme: S, signature: impl FnOnce(&[u8]) -> Vec<u8>) -> Puppet {
    let mut puppet = plan.client(AtClient::ServerKeyExchange);
    puppet.seen.clear();
    let params = params(G::X25519, &public_value(G::X25519));
    let message = puppet.signed_message(&params);
    let body = key_exchange_body(&params, scheme, &signature(&message));
    puppet.say(T::SERVER_KEY_EXCHANGE, &body);
    puppet.say(T::SERVER_HELLO_DONE, &[]);
    puppet
}

fn bad_signature(plan: Plan, scheme: S, signature: impl FnOnce(&[u8]) -> Vec<u8>) {
    let mut puppet = signed(plan, scheme, signature);
    puppet.refused(Reason::BadSignature, A::DECRYPT_ERROR);
    assert_eq!(
        puppet.seen.len(),
        1,
        "the alert, and no key exchange before it"
    );
}

/// RSA with either padding, ECDSA on every curve, Ed25519.
fn signers() -> Vec<Plan> {
    let with = |plan: Plan, keypair, scheme| Plan {
        keypair,
        scheme,
        ..plan
    };
    vec![
        with(GCM, "server-rsa", S::RSA_PKCS1_SHA256),
        with(GCM, "server-rsa", S::RSA_PSS_RSAE_SHA512),
        with(GCM, "server-rsapss", S::RSA_PSS_PSS_SHA256),
        with(CHACHA, "server-p256", S::ECDSA_SECP256R1_SHA256),
        with(CHACHA, "server-p384", S::ECDSA_SECP256R1_SHA256),
        with(CHACHA, "server-p521", S::ECDSA_SECP384R1_SHA384),
        with(CHACHA, "server-ed25519", S::ED25519),
    ]
}

#[test]
fn a_changed_signature_is_refused() {
    for plan in signers() {
        signed(plan, plan.scheme, |m| sign(plan.keypair, plan.scheme, m)).accepted();
        let len = sign(plan.keypair, plan.scheme, b"").len();
        for place in [0, 1, 2, 3, 4, 5, len / 2, len - 4, len - 3] {
            bad_signature(plan, plan.scheme, |message| {
                let mut signature = sign(plan.keypair, plan.scheme, message);
                // ECDSA signatures differ in length.
                let last = signature.len() - 1;
                signature[place.min(last)] ^= 1;
                signature
            });
        }
    }
}

#[test]
fn a_signature_of_another_length_is_refused() {
    for plan in signers() {
        let len = sign(plan.keypair, plan.scheme, b"").len();
        for new_len in [0, 1, len / 2, len - 4, len + 4, 4096] {
            bad_signature(plan, plan.scheme, |message| {
                let mut signature = sign(plan.keypair, plan.scheme, message);
                signature.resize(new_len, 0);
                signature
            });
        }
        for byte in [0, 0xff] {
            bad_signature(plan, plan.scheme, |_| vec![byte; len]);
        }
    }
}

#[test]
fn a_signature_over_something_else_is_refused() {
    for plan in signers() {
        // Another client's random, another server's, other parameters, less, more.
        for place in [0, 31, 32, 63, 64, 70] {
            bad_signature(plan, plan.scheme, |message| {
                let mut other = message.to_vec();
                other[place] ^= 1;
                sign(plan.keypair, plan.scheme, &other)
            });
        }
        bad_signature(plan, plan.scheme, |message| {
            sign(plan.keypair, plan.scheme, &message[64..])
        });
        bad_signature(plan, plan.scheme, |message| {
            sign(plan.keypair, plan.scheme, &[message, &[0]].concat())
        });
    }
}

#[test]
fn a_signature_by_another_key_is_refused() {
    for (plan, other) in [
        (signers()[0], "server-rsa4096"),
        (signers()[3], "client-p256"),
        (signers()[6], "client-ed25519"),
    ] {
        bad_signature(plan, plan.scheme, |message| {
            sign(other, plan.scheme, message)
        });
    }
}

#[test]
fn a_signature_under_the_name_of_another_scheme_is_refused() {
    let [pkcs1, pss, _, p256, ..] = signers()[..] else {
        panic!()
    };
    for (plan, named, made) in [
        (pkcs1, S::RSA_PKCS1_SHA256, S::RSA_PSS_RSAE_SHA256),
        (pkcs1, S::RSA_PKCS1_SHA256, S::RSA_PKCS1_SHA512),
        (pkcs1, S::RSA_PKCS1_SHA384, S::RSA_PKCS1_SHA256),
        (pss, S::RSA_PSS_RSAE_SHA256, S::RSA_PKCS1_SHA256),
        (pss, S::RSA_PSS_RSAE_SHA256, S::RSA_PSS_RSAE_SHA384),
        (p256, S::ECDSA_SECP256R1_SHA256, S::ECDSA_SECP384R1_SHA384),
    ] {
        bad_signature(plan, named, |message| sign(plan.keypair, made, message));
    }
}

#[test]
fn a_scheme_that_was_not_offered_is_refused() {
    let refused = |plan: Plan, scheme: S| {
        let mut puppet = plan.client(AtClient::ServerKeyExchange);
        let params = params(G::X25519, &[9; 32]);
        let body = key_exchange_body(&params, scheme, &[7; 256]);
        puppet.say(T::SERVER_KEY_EXCHANGE, &body);
        puppet.refused(Reason::SchemeNotOffered, A::ILLEGAL_PARAMETER);
    };
    for policy in [&MODERN, &COMPATIBLE] {
        refused(Plan { policy, ..GCM }, S::RSA_PKCS1_SHA1);
        refused(Plan { policy, ..CHACHA }, S::ECDSA_SHA1);
    }
    // MD5, SHA-224, DSA, anonymous, GREASE, nonsense.
    for scheme in [
        0x0101, 0x0301, 0x0303, 0x0402, 0x0000, 0x0400, 0x0a0a, 0xffff,
    ] {
        refused(GCM, S(scheme));
        refused(CHACHA, S(scheme));
    }
}

#[test]
fn a_scheme_that_does_not_fit_the_key_is_refused() {
    let all = signers();
    for plan in &all {
        let able = common::keypair(plan.keypair).key().schemes().to_vec();
        for scheme in plan.client_config().schemes {
            if !able.contains(&scheme) {
                let mut puppet = plan.client(AtClient::ServerKeyExchange);
                let params = params(G::X25519, &[9; 32]);
                let body = key_exchange_body(&params, scheme, &[7; 256]);
                puppet.say(T::SERVER_KEY_EXCHANGE, &body);
                puppet.refused(Reason::SchemeNotOffered, A::ILLEGAL_PARAMETER);
            }
        }
    }
}

// ---------------------------------------------------------------- RSA key exchange

/// Says a ClientKeyExchange, ChangeCipherSpec, and a Finished under keys that an attacker made up.
fn rsa_attempt(plan: Plan, key_exchange: impl FnOnce(&mut Puppet)) -> String {
    let mut puppet = plan.server(AtServer::ClientKeyExchange);
    puppet.seen.clear();
    key_exchange(&mut puppet);
    puppet.accepted();
    assert_eq!(puppet.seen, [], "nothing is told before Finished");
    puppet.ccs();
    puppet.accepted();
    assert_eq!(puppet.seen, [], "nothing is told before Finished");
    puppet.ours = Some(Keys::from_block(
        &[0x42; 200],
        suite(plan.suite),
        plan.encrypt_then_mac,
        Writer::Client,
    ));
    puppet.handshake_bytes(&message(T::FINISHED, &[0; 12]));
    puppet.refused(Reason::BadRecordMac, A::BAD_RECORD_MAC);
    puppet.conn.error().unwrap().to_string()
}

/// A ClientKeyExchange with this EncryptedPreMasterSecret.
fn ciphertext(bytes: &[u8]) -> impl FnOnce(&mut Puppet) {
    let body = built(|out| out.vec16(|out| out.raw(bytes)));
    move |puppet| puppet.say(T::CLIENT_KEY_EXCHANGE, &body)
}

/// One whose plaintext, under good padding, is this.
fn encrypted(plain: &[u8]) -> impl FnOnce(&mut Puppet) {
    move |puppet| puppet.rsa_key_exchange("server-rsa", plain)
}

#[test]
fn rsa_every_bad_secret_ends_like_a_good_one_of_somebody_else() {
    const RSA_CBC: Plan = Plan {
        suite: 0x002f,
        ..GCM
    };
    const RSA_ETM: Plan = Plan {
        suite: 0x003d,
        encrypt_then_mac: true,
        ..GCM
    };
    for plan in [RSA, RSA_CBC, RSA_ETM] {
        // The secret is good, but the attacker does not know it.
        let secret = [&[3, 3][..], &[7; 46]].concat();
        let expected = rsa_attempt(plan, encrypted(&secret));
        let same = |attempt: String| assert_eq!(attempt, expected);
        // The version of the record, of SSL 3, above, nonsense (RFC 5246 §7.4.7.1).
        for version in [[3, 1], [3, 0], [3, 2], [3, 4], [0, 0], [3, 0xff], [2, 3]] {
            let secret = [&version[..], &[7; 46]].concat();
            same(rsa_attempt(plan, encrypted(&secret)));
        }
        // Too short, too long, nothing.
        for len in [0, 1, 2, 46, 47, 49, 64, 128, 245] {
            let mut secret = secret.clone();
            secret.resize(len, 7);
            same(rsa_attempt(plan, encrypted(&secret)));
        }
        // No padding, or no ciphertext: of the right length, of another, out of range.
        for byte in [0, 1, 0x42, 0x7f, 0xff] {
            same(rsa_attempt(plan, ciphertext(&[byte; 256])));
        }
        for len in [0, 1, 10, 48, 128, 255, 257, 512] {
            same(rsa_attempt(plan, ciphertext(&vec![0x42; len])));
        }
        let one = [&[0; 255][..], &[1]].concat();
        same(rsa_attempt(plan, ciphertext(&one)));
    }
}

#[test]
fn rsa_a_key_exchange_for_another_key_is_no_different() {
    let secret = [&[3, 3][..], &[7; 46]].concat();
    let text = rsa_attempt(RSA, |puppet| puppet.rsa_key_exchange("client-rsa", &secret));
    assert_eq!(text, rsa_attempt(RSA, encrypted(&secret)));
}

#[test]
fn rsa_the_version_is_that_of_the_hello_not_of_the_handshake() {
    // A newer client is answered with 1.2 and must still put its own version into the secret.
    let mut hello = RSA.client_hello();
    hello.version = 0x0304;
    let at_finished = |version: [u8; 2]| {
        let mut puppet = Puppet::against_server(RSA.server_config());
        puppet.client_hello(&hello);
        puppet.accepted();
        let secret = [&version[..], &[7; 46]].concat();
        puppet.rsa_key_exchange("server-rsa", &secret);
        puppet.ccs();
        // What a client with this secret would derive, not what the server did.
        let master = puppet.master_of(&secret);
        puppet.ours = Some(puppet.keys_of(&master, Writer::Client));
        let verify_data = puppet.verify_data_of(&master);
        puppet.handshake_bytes(&message(T::FINISHED, &verify_data));
        puppet
    };
    at_finished([3, 4]).established();
    at_finished([3, 3]).refused(Reason::BadRecordMac, A::BAD_RECORD_MAC);
}

#[test]
fn a_client_key_exchange_of_the_other_kind_is_refused() {
    // An ECDHE share where an RSA ciphertext is expected has no length of its own.
    let mut puppet = RSA.server(AtServer::ClientKeyExchange);
    puppet.client_key_exchange(G::X25519);
    puppet.refused(Reason::DecodeError, A::DECODE_ERROR);
    // 256 bytes behind two bytes of length: a share of one byte, and a rest.
    let mut puppet = CBC.server(AtServer::ClientKeyExchange);
    puppet.rsa_key_exchange("server-rsa", &[7; 48]);
    puppet.refused(Reason::TrailingData, A::DECODE_ERROR);
    assert!(puppet.seen.iter().all(|r| r.typ != C::CHANGE_CIPHER_SPEC));
}
