//! OCSP staples that a client refuses, each for its reason, whether it requires one or only asked.

use crate::common;

use common::NOW;
use common::der::{
    Issue, RSA_SHA1, der, extension, general, key_usage, ocsp_signing, oid, parts, parts_of,
    sequence, signed_by,
};
use common::judge::{judge, pki};
use common::staple::{DAY, GOOD, Staple, no_answer, revoked, staple, successful};
use tls_core::cert::{Certificate, MAX_OCSP_RESPONSE, check_ocsp_response};
use tls_core::error::Reason as R;
use tls_core::wire::{AlertDescription as A, SignatureScheme};

#[track_caller]
fn refused(bytes: &[u8], reason: R, words: &[&str]) {
    let asked = judge("server-p256").stapled(bytes);
    asked.refused(reason, words);
    asked.requiring_a_staple().refused(reason, words);
}

#[track_caller]
fn bad(staple: &Staple, reason: R, words: &[&str]) {
    refused(&staple.bytes(), reason, words);
}

#[test]
fn alerts() {
    for (reason, alert) in [
        (R::BadOcspResponse, A::BAD_CERTIFICATE_STATUS_RESPONSE),
        (R::OcspResponseMissing, A::BAD_CERTIFICATE_STATUS_RESPONSE),
        (R::OcspExpired, A::BAD_CERTIFICATE_STATUS_RESPONSE),
        (R::OcspNotYetValid, A::BAD_CERTIFICATE_STATUS_RESPONSE),
        (R::OcspSignature, A::BAD_CERTIFICATE_STATUS_RESPONSE),
        (R::OcspUnknown, A::BAD_CERTIFICATE_STATUS_RESPONSE),
        (R::CertificateRevoked, A::CERTIFICATE_REVOKED),
    ] {
        assert_eq!(reason.alert(), Some(alert));
    }
    assert_eq!(
        (
            A::BAD_CERTIFICATE_STATUS_RESPONSE.0,
            A::CERTIFICATE_REVOKED.0
        ),
        (113, 44)
    );
}

#[test]
fn revoked_is_revoked_also_when_the_word_is_old() {
    for (reason, words) in [
        (None, &["server-p256", "2025-12-22 00:00:00 UTC"][..]),
        (Some(1), &["(keyCompromise)"]),
        (Some(6), &["(certificateHold)"]),
        (Some(10), &["(aACompromise)"]),
    ] {
        let status = revoked(reason);
        bad(
            &staple("server-p256").says(&status),
            R::CertificateRevoked,
            words,
        );
        for (this, next) in [(NOW - 9 * DAY, Some(NOW - DAY)), (NOW + DAY, None)] {
            let old = staple("server-p256").says(&status).from(this, next);
            bad(&old, R::CertificateRevoked, words);
        }
    }
    // Who is nobody revokes nothing: but such a staple is refused all the same.
    let stranger = staple("server-p256")
        .says(&revoked(None))
        .signed_by("ca", &parts_of("int"));
    bad(&stranger, R::OcspSignature, &["does not verify"]);
}

#[test]
fn about_another_certificate() {
    let other = ["another certificate", "server-p256"];
    bad(&staple("server-p384"), R::BadOcspResponse, &other);
    bad(
        &staple("server-p384").says(&revoked(None)),
        R::BadOcspResponse,
        &other,
    );
    // The same number under another CA.
    let mut staple_ = staple("server-p256");
    staple_.leaf.issuer = parts_of("ca").subject;
    bad(&staple_, R::BadOcspResponse, &other);
    let mut staple_ = staple("server-p256");
    staple_.issuer.key = parts_of("ca").key;
    bad(
        &staple_,
        R::BadOcspResponse,
        &["another key", "Test Intermediate"],
    );
    // A hash that nobody knows names nothing.
    let bytes = staple("server-p256").bytes();
    let at = bytes
        .windows(5)
        .position(|w| w == [0x2b, 14, 3, 2, 26])
        .unwrap();
    let mut unknown = bytes.clone();
    unknown[at + 4] = 27;
    refused(&unknown, R::BadOcspResponse, &other);
    let mut none = staple("server-p256");
    none.leaf.serial = der(2, &[]);
    bad(&none, R::BadOcspResponse, &other);
}

#[test]
fn signed_by_who_may_not() {
    let good = staple("server-p256");
    // One bit of the signature, then one of what is signed.
    let bytes = good.bytes();
    let mut flipped = bytes.clone();
    *flipped.last_mut().unwrap() ^= 1;
    refused(
        &flipped,
        R::OcspSignature,
        &["Test Intermediate", "does not verify"],
    );
    let at = bytes
        .windows(15)
        .position(|w| w == &general(good.this_update)[2..])
        .unwrap();
    let mut flipped = bytes;
    flipped[at + 13] ^= 1;
    refused(&flipped, R::OcspSignature, &["does not verify"]);
    // Another CA: under its own name, under the right one.
    bad(
        &good.clone().signed_by("ca", &parts_of("ca")),
        R::OcspSignature,
        &["neither by"],
    );
    bad(
        &good.clone().signed_by("ca", &parts_of("int")),
        R::OcspSignature,
        &["does not verify"],
    );
    // The certificate's own key, with and without it.
    let own = good.clone().signed_by("server-p256", &good.leaf);
    bad(&own, R::OcspSignature, &["neither by"]);
    let own = good
        .clone()
        .delegated("server-p256", pki("server-p256")[0].to_vec());
    bad(&own, R::OcspSignature, &["server-p256", "OCSPSigning"]);
    let mut by_key = good;
    by_key.responder = der(0xa2, &[&der(4, &[&[9; 20]])]);
    bad(&by_key, R::OcspSignature, &["neither by"]);
}

#[test]
fn responders_whom_the_ca_did_not_certify_for_it() {
    let good = staple("server-p256");
    let delegated = |certificate: Vec<u8>| good.clone().delegated("client-p256", certificate);
    let issue = |extensions: &[Vec<u8>]| Issue::new("client-p256", "int", extensions);
    let cases: [(Vec<u8>, &str); 8] = [
        (issue(&[key_usage(7, 0x80)]).certificate(), "OCSPSigning"),
        (
            issue(&[ocsp_signing(), key_usage(2, 0x04)]).certificate(),
            "keyUsage allows keyCertSign alone",
        ),
        (
            Issue::new("client-p256", "ca", &[ocsp_signing()]).certificate(),
            "another CA",
        ),
        (
            Issue::new("client-p256", "other-ca", &[ocsp_signing()]).certificate(),
            "another CA",
        ),
        (
            Issue {
                until: NOW - DAY,
                ..issue(&[ocsp_signing()])
            }
            .certificate(),
            "has expired",
        ),
        (
            issue(&[ocsp_signing(), extension(&[0x2a, 3, 4], true, &[5, 0])]).certificate(),
            "a critical extension is not known here",
        ),
        (
            issue(&[
                ocsp_signing(),
                extension(&[0x55, 0x1d, 0x13], true, &sequence(&[&[1, 1, 0xff]])),
            ])
            .certificate(),
            "another CA",
        ),
        (
            issue(&[ocsp_signing(), ocsp_signing()]).certificate(),
            "an extension is broken or comes twice",
        ),
    ];
    for (certificate, why) in cases {
        bad(
            &delegated(certificate),
            R::OcspSignature,
            &["not authorized", why],
        );
    }
    // Certified, but the signature is another's.
    let certificate = issue(&[ocsp_signing()]).certificate();
    let mut forged = delegated(certificate.clone());
    forged.signer = "server-p256";
    bad(
        &forged,
        R::OcspSignature,
        &["CN=responder", "does not verify"],
    );
    // A chain of responders is not enough.
    let mut flipped = certificate.clone();
    *flipped.last_mut().unwrap() ^= 1;
    bad(
        &delegated(flipped),
        R::OcspSignature,
        &["its certificate does not verify"],
    );
    // Its certificate did not come.
    let responder = parts(&Certificate::from(certificate));
    bad(
        &good.clone().signed_by("client-p256", &responder),
        R::OcspSignature,
        &["comes with it"],
    );
    // A key that is too short for the policy.
    let weak = Issue::new("server-rsa1024", "int", &[ocsp_signing()]).certificate();
    bad(
        &good.clone().delegated("server-rsa1024", weak),
        R::OcspSignature,
        &["1024 bits"],
    );
}

#[test]
fn signatures_of_other_kinds() {
    let good = staple("server-p256");
    let basic = good.basic();
    // The data is what stands in front of the algorithm.
    let body = &basic[4..];
    let len = 4 + usize::from(body[2]) * 256 + usize::from(body[3]);
    let data = match body[1] {
        0x82 => &body[..len],
        _ => &body[..3 + usize::from(body[2])],
    };
    let sha1 = signed_by(data, "int", SignatureScheme::RSA_PKCS1_SHA1, RSA_SHA1);
    let sha1 = successful(&sequence(&[&sha1]));
    refused(&sha1, R::OcspSignature, &["SHA-1"]);
    judge("server-p256")
        .legacy()
        .stapled(&sha1)
        .requiring_a_staple()
        .accepted();
    let unknown = [
        data,
        &sequence(&[&oid(&[0x2a, 3, 4])]),
        &der(3, &[&[0, 1, 2]]),
    ]
    .concat();
    refused(
        &successful(&sequence(&[&unknown])),
        R::OcspSignature,
        &["not known here (1.2.3.4)"],
    );
    // An algorithm that does not go with the key.
    let wrong = [
        data,
        &sequence(&[common::der::ECDSA_SHA256]),
        &der(3, &[&[0, 1, 2]]),
    ]
    .concat();
    refused(
        &successful(&sequence(&[&wrong])),
        R::OcspSignature,
        &["does not verify"],
    );
}

#[test]
fn truncated_and_followed_by_something() {
    let good = staple("server-p256").bytes();
    assert_eq!(check_ocsp_response(&good), Ok(true));
    assert_eq!(check_ocsp_response(&no_answer(6)), Ok(false));
    for cut in 0..good.len() {
        let error = check_ocsp_response(&good[..cut]).unwrap_err();
        assert_eq!(error.reason(), R::BadOcspResponse, "cut at {cut}");
    }
    refused(
        &good[..good.len() / 2],
        R::BadOcspResponse,
        &["does not parse"],
    );
    refused(
        &[&good[..], &[0]].concat(),
        R::BadOcspResponse,
        &["does not parse"],
    );
    refused(&[], R::BadOcspResponse, &["does not parse"]);
    refused(
        &vec![0x30; MAX_OCSP_RESPONSE + 1],
        R::BadOcspResponse,
        &["16380"],
    );
}

#[test]
fn fields_that_make_no_sense() {
    let good = staple("server-p256");
    let with = |change: &dyn Fn(&mut Staple)| {
        let mut staple = good.clone();
        change(&mut staple);
        staple.bytes()
    };
    let critical = extension(&[0x2a, 3], true, &[5, 0]);
    let critical = der(0xa1, &[&sequence(&[&critical])]);
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (no_answer(0), "no responseBytes"),
        (no_answer(4), "responseStatus"),
        (no_answer(7), "responseStatus"),
        (
            sequence(&[&[0x0a, 1, 3], &der(0xa0, &[&[5, 0]])]),
            "has responseBytes",
        ),
        (with(&|s| s.status = vec![0x83, 0]), "certStatus"),
        (with(&|s| s.status = vec![0x80, 1, 0]), "certStatus"),
        (with(&|s| s.status = Vec::new()), "certStatus"),
        (with(&|s| s.status = revoked(Some(7))), "revocationReason"),
        (with(&|s| s.status = revoked(Some(11))), "revocationReason"),
        (with(&|s| s.status = vec![0xa1, 0]), "DER"),
        (
            with(&|s| s.next_update = Some(s.this_update - 1)),
            "nextUpdate",
        ),
        (with(&|s| s.version = der(0xa0, &[&[2, 1, 1]])), "version"),
        (
            with(&|s| s.responder = der(0xa3, &[&[5, 0]])),
            "responderID",
        ),
        (with(&|s| s.responder = der(0xa2, &[&[5, 0]])), "DER"),
        (
            with(&|s| s.extensions = critical.clone()),
            "critical extension",
        ),
        (
            with(&|s| s.single_extensions = critical.clone()),
            "critical extension",
        ),
        (with(&|s| s.behind = vec![5, 0]), "DER"),
        (with(&|s| s.behind = GOOD.repeat(2)), "DER"),
        (with(&|s| s.before = s.single().repeat(64)), "more than 64"),
        (
            with(&|s| s.certificates = vec![vec![0x30, 0]; 9]),
            "more than 8",
        ),
        (with(&|s| s.certificates = vec![vec![4, 0]]), "DER"),
    ];
    for (bytes, why) in cases {
        refused(&bytes, R::BadOcspResponse, &["does not parse", why]);
    }
    // Another responseType; no single response.
    let other = sequence(&[
        &oid(&[0x2b, 6, 1, 5, 5, 7, 0x30, 1, 2]),
        &der(4, &[&good.basic()]),
    ]);
    let other = sequence(&[&[0x0a, 1, 0], &der(0xa0, &[&other])]);
    refused(&other, R::BadOcspResponse, &["responseType"]);
    let data = sequence(&[&good.responder, &general(NOW), &sequence(&[])]);
    let empty = successful(&sequence(&[&common::der::signed(&data, "int")]));
    refused(&empty, R::BadOcspResponse, &["about no certificate"]);
}
