//! CRLs that are refused when they are loaded, each with what is wrong with it.

use crate::common;

use common::NOW;
use common::crl::{Revocations, at, crl, distribution, entry, reason_code};
use common::der::{RSA_SHA1, der, extension, general, sequence, signed};
use tls_core::cert::{Crl, MAX_CRL};
use tls_core::error::Reason;

#[track_caller]
fn refused(bytes: &[u8], words: &str) {
    let error = Crl::parse(bytes).unwrap_err();
    assert_eq!(error.reason(), Reason::BadCrl);
    assert!(error.text().contains(words), "{words:?} is not in: {error}");
}

#[test]
fn truncated_and_followed_by_something() {
    let good = crl("int").revoking("server-p256").bytes();
    let parsed = Crl::parse(&good).unwrap();
    assert_eq!((parsed.len(), parsed.is_empty()), (1, false));
    assert_eq!(parsed.issuer(), "CN=Test Intermediate,O=tlscore tests");
    for cut in 0..good.len() {
        refused(&good[..cut], "does not parse");
    }
    refused(&[&good[..], &[0]].concat(), "does not parse");
    refused(&vec![0x30; MAX_CRL + 1], "the limit is 16777216");
    refused(&common::certificates("pki/ca.pem")[0], "the CRL");
}

#[test]
fn fields_that_make_no_sense() {
    let serial = [2, 1, 9];
    let critical = || extension(&[0x2a, 3], true, &[5, 0]);
    let with_entry = |extensions: &[Vec<u8>]| crl("int").with_entry(entry(&serial, extensions));
    let change = |f: &dyn Fn(&mut Revocations)| {
        let mut list = crl("int");
        f(&mut list);
        list
    };
    let cases: Vec<(Revocations, &str)> = vec![
        (change(&|l| l.version = vec![2, 1, 2]), "version"),
        (change(&|l| l.version = vec![2, 1, 0]), "version"),
        (change(&|l| l.version.clear()), "extensions in version 1"),
        (change(&|l| l.algorithm = Some(RSA_SHA1)), "two different"),
        (change(&|l| l.issuer = vec![5, 0]), "DER"),
        (crl("int").from(NOW, Some(NOW - 1)), "nextUpdate before"),
        (with_entry(&[critical()]), "critical extension"),
        (with_entry(&[reason_code(7)]), "reason that is none"),
        (with_entry(&[reason_code(11)]), "reason that is none"),
        (with_entry(&[reason_code(8)]), "removeFromCRL"),
        (with_entry(&[reason_code(1), reason_code(1)]), "two reasons"),
        (
            with_entry(&[extension(&[0x55, 0x1d, 0x1d], true, &[0x30, 0])]),
            "indirect",
        ),
        (crl("int").with_entry(sequence(&[&serial])), "DER"),
        (
            crl("int").with_entry(sequence(&[&[2, 0], &general(NOW)])),
            "DER",
        ),
        (
            crl("int").with_entry(sequence(&[&serial, &general(NOW), &[5, 0]])),
            "DER",
        ),
        (crl("int").with_entry(vec![4, 0]), "DER"),
        (crl("int").with_extension(critical()), "critical extension"),
        (
            crl("int").with_extension(extension(&[0x55, 0x1d, 0x14], false, &[2, 1, 8])),
            "twice",
        ),
        (
            crl("int").with_extension(extension(&[0x55, 0x1d, 0x1b], true, &[2, 1, 8])),
            "delta",
        ),
        (
            crl("int").with_extension(extension(&[0x55, 0x1d, 0x23], false, &[5, 0])),
            "DER",
        ),
        (
            crl("int").with_extension(distribution(&[&[0x84, 1, 0xff]])),
            "indirect",
        ),
        (
            crl("int").with_extension(distribution(&[&[0x83, 2, 1, 2]])),
            "onlySomeReasons",
        ),
        (
            crl("int").with_extension(distribution(&[&[0x85, 1, 0xff]])),
            "attribute",
        ),
        (
            crl("int").with_extension(distribution(&[&[0x81, 1, 0xff], &[0x82, 1, 0xff]])),
            "no certificate at all",
        ),
        (
            crl("int").with_extension(distribution(&[&[0x81, 1, 1]])),
            "DER",
        ),
        (
            crl("int").with_extension(distribution(&[&der(0xa0, &[&der(0xa1, &[&[5, 0]])])])),
            "relative",
        ),
        (
            crl("int").with_extension(distribution(&[&der(0xa0, &[&der(0xa0, &[])])])),
            "DER",
        ),
        (
            crl("int").with_extension(distribution(&[&der(
                0xa0,
                &[&der(0xa0, &[&[0x86, 1, b'a'].repeat(17)])],
            )])),
            "more than 16 names",
        ),
        (
            crl("int").with_extension(distribution(&[&at("http://a"), &[5, 0]])),
            "DER",
        ),
    ];
    for (list, words) in cases {
        refused(&list.bytes(), words);
    }
    // Extensions of entries in version 1.
    let mut first = with_entry(&[reason_code(1)]);
    first.version.clear();
    first.extensions.clear();
    refused(&first.bytes(), "extensions in version 1");
    let many: Vec<_> = (0..33)
        .map(|i| extension(&[0x2a, i], false, &[5, 0]))
        .collect();
    refused(
        &change(&|l| l.extensions.clone_from(&many)).bytes(),
        "more than 32",
    );
    let tbs = crl("int").tbs();
    refused(&sequence(&[&signed(&tbs, "int"), &[5, 0]]), "DER");
}
