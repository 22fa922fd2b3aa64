//! Rules of single certificates: dates, purposes, the strength of keys and hashes.

use super::{P256, RSA, RSA1024, key};
use crate::forge::{Forged, Key, With};
use crate::row::{Row, leaf, row};

pub(super) fn validity() -> Vec<Row> {
    let of = |from, to| Forged::leaf("leaf", "Root").valid(from, to).signed();
    let (past, future) = ("20210203040506Z", "21100203040506Z");
    let int = Forged::ca("Int 1", "Root").valid("20200101000000Z", past);
    let old_root = Forged::ca("Root", "Root").valid("20200101000000Z", past);
    vec![
        row(
            "the leaf has expired",
            of("20200101000000Z", past),
            "CERTIFICATE_EXPIRED",
        ),
        row("its last second", of("20200101000000Z", past), "OK").at(1_612_325_106)
            .differs("both ends belong to the validity (RFC 5280 4.1.2.5); OpenSSL's ends a second earlier"),
        row(
            "a second later",
            of("20200101000000Z", past),
            "CERTIFICATE_EXPIRED",
        )
        .at(1_612_325_107),
        row(
            "the leaf is not valid yet",
            of(future, "21110101000000Z"),
            "CERTIFICATE_NOT_YET_VALID",
        ),
        row("its first second", of(future, "21110101000000Z"), "OK").at(4_420_843_506),
        row(
            "the intermediate has expired",
            leaf("Int 1"),
            "CERTIFICATE_EXPIRED",
        )
        .sent([int.signed()]),
        row("the root has expired", leaf("Root"), "CERTIFICATE_EXPIRED")
            .trusting([old_root.signed()]),
        row(
            "it ends before it begins",
            of(past, "20200101000000Z"),
            "CERTIFICATE_EXPIRED",
        ),
    ]
}

pub(super) fn purposes() -> Vec<Row> {
    const SERVER: &str = "1.3.6.1.5.5.7.3.1";
    const CLIENT: &str = "1.3.6.1.5.5.7.3.2";
    const ANY: &str = "2.5.29.37.0";
    let of = |ids: &[&str]| {
        Forged::new("leaf", "Root")
            .dns(&["host.test"])
            .purposes(ids)
            .signed()
    };
    let under = |ids: &[&str]| Forged::ca("Int 1", "Root").purposes(ids).signed();
    let usage = |bits: &[u8]| {
        Forged::new("leaf", "Root")
            .dns(&["host.test"])
            .usage(bits)
            .signed()
    };
    let wrong = "WRONG_KEY_USAGE";
    vec![
        row("serverAuth and clientAuth", of(&[SERVER, CLIENT]), "OK"),
        row(
            "no extendedKeyUsage",
            Forged::new("leaf", "Root").dns(&["host.test"]).signed(),
            "OK",
        ),
        row("clientAuth for a server", of(&[CLIENT]), wrong),
        row("clientAuth for a client", of(&[CLIENT]), "OK").client(),
        row("serverAuth for a client", of(&[SERVER]), wrong).client(),
        row("anyExtendedKeyUsage alone", of(&[ANY]), wrong),
        row("the intermediate is for clients", leaf("Int 1"), wrong).sent([under(&[CLIENT])]),
        row("the intermediate is for servers", leaf("Int 1"), "OK").sent([under(&[SERVER])]),
        row("the root is for clients", leaf("Root"), wrong)
            .trusting([Forged::ca("Root", "Root").purposes(&[CLIENT]).signed()]),
        row("keyUsage cRLSign alone", usage(&[3, 2, 1, 2]), wrong),
        row(
            "keyUsage keyEncipherment alone",
            usage(&[3, 2, 5, 0x20]),
            "OK",
        ),
        row("keyUsage without a bit", usage(&[3, 1, 0]), wrong),
        row("an empty extendedKeyUsage", of(&[]), wrong),
    ]
}

pub(super) fn strength() -> Vec<Row> {
    let rsa = || key(RSA, With::RsaSha256);
    let short = || key(RSA1024, With::RsaSha256);
    let rsa_root = |with| {
        Forged::ca("Root", "Root")
            .with_key(rsa())
            .signed_with(with)
            .by(&rsa())
    };
    let by_rsa = |with| Forged::leaf("leaf", "Root").signed_with(with).by(&rsa());
    let of = |key: Key| Forged::leaf("leaf", "Root").with_key(key).signed();
    let int = || Forged::ca("Int 1", "Root").with_key(short()).signed();
    let by_short = || {
        Forged::leaf("leaf", "Int 1")
            .signed_with(With::RsaSha256)
            .by(&short())
    };
    let p256 = || key(P256, With::EcdsaSha256);
    let sha256 = With::RsaSha256;
    vec![
        row("RSA with SHA-256", by_rsa(sha256), "OK").trusting([rsa_root(sha256)]),
        row(
            "ECDSA with SHA-256",
            Forged::leaf("leaf", "Root")
                .signed_with(With::EcdsaSha256)
                .by(&p256()),
            "OK",
        )
        .trusting([Forged::ca("Root", "Root")
            .with_key(p256())
            .signed_with(With::EcdsaSha256)
            .by(&p256())]),
        row(
            "signed with SHA-1",
            by_rsa(With::RsaSha1),
            "WEAK_CERTIFICATE",
        )
        .trusting([rsa_root(sha256)]),
        row("the same, policy legacy", by_rsa(With::RsaSha1), "OK")
            .trusting([rsa_root(sha256)])
            .legacy(),
        row("the root signed itself with SHA-1", by_rsa(sha256), "OK")
            .trusting([rsa_root(With::RsaSha1)]),
        row("signed with MD5", by_rsa(With::RsaMd5), "WEAK_CERTIFICATE")
            .trusting([rsa_root(sha256)]),
        row(
            "signed with MD5, policy legacy",
            by_rsa(With::RsaMd5),
            "WEAK_CERTIFICATE",
        )
        .trusting([rsa_root(sha256)])
        .legacy(),
        row("a leaf with 1024 bits", of(short()), "WEAK_CERTIFICATE"),
        row("the same, policy legacy", of(short()), "OK").legacy(),
        row(
            "an intermediate with 1024 bits",
            by_short(),
            "WEAK_CERTIFICATE",
        )
        .sent([int()]),
        row("the same, policy legacy", by_short(), "OK")
            .sent([int()])
            .legacy(),
        row(
            "an unknown signature algorithm",
            Forged::leaf("leaf", "Root")
                .signed_with(With::Unknown)
                .signed(),
            "UNSUPPORTED_CERTIFICATE",
        ),
    ]
}
