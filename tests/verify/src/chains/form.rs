//! Versions, extensions and encodings.

use crate::forge::{Forged, Key, With, key_id, oid, root, seq, time, tlv};
use crate::row::{Row, ca, leaf, row};
use tls_core::cert::Certificate;

pub(super) fn version1() -> Vec<Row> {
    let old = |subject: &str, issuer: &str| Forged::new(subject, issuer).version1().signed();
    let unsupported = "UNSUPPORTED_CERTIFICATE";
    vec![
        row("a leaf of version 1", old("leaf", "Root"), unsupported)
            .no_host()
            .differs("version 1 cannot say what it is for: the policy legacy alone takes it"),
        row("the same, policy legacy", old("leaf", "Root"), "OK")
            .no_host()
            .legacy(),
        row("a root of version 1", leaf("Root"), unsupported)
            .trusting([old("Root", "Root")])
            .differs("version 1 cannot say what it is for: the policy legacy alone takes it"),
        row("the same, policy legacy", leaf("Root"), "OK")
            .trusting([old("Root", "Root")])
            .legacy(),
        row(
            "an intermediate of version 1, policy legacy",
            leaf("Int 1"),
            "ISSUER_NOT_CA",
        )
        .sent([old("Int 1", "Root")])
        .legacy(),
    ]
    .into_iter()
    .chain(extensions_before_version3())
    .collect()
}

/// RFC 5280 §4.1.2.9: what is in such extensions is not believed, and nobody gets around constraints.
fn extensions_before_version3() -> Vec<Row> {
    let called = |c: Forged, version| c.called_version(version).signed();
    let bad = "BAD_CERTIFICATE";
    let why = "extensions need version 3 (RFC 5280 4.1.2.9)";
    let mut rows = Vec::new();
    for version in [1, 2] {
        let of = |c: Forged| called(c, version);
        let mid = || of(Forged::ca("Mid", "Narrow"));
        let narrow = Forged::ca("Narrow", "Root").constraints(&[tlv(0x82, &[b"good.test"])], &[]);
        let below = Forged::new("leaf", "Narrow").version1();
        rows.extend([
            row(
                "a leaf of version 1 or 2 with extensions",
                of(Forged::leaf("leaf", "Root")),
                bad,
            )
            .legacy()
            .differs(why),
            row("an intermediate like that", leaf("Int 1"), bad)
                .sent([of(Forged::ca("Int 1", "Root"))])
                .legacy()
                .differs(why),
            row("the same under name constraints", leaf("Mid"), bad)
                .sent([mid(), narrow.clone().signed()])
                .legacy(),
            row(
                "a bare leaf under name constraints",
                of(below),
                "NAME_CONSTRAINT_VIOLATION",
            )
            .sent([narrow.signed()])
            .no_host()
            .legacy()
            .differs("nobody can apply constraints to it"),
        ]);
    }
    rows
}

/// With so many extensions more.
fn many(certificate: Forged, count: usize) -> Forged {
    (0..count).fold(certificate, |c, n| {
        c.extension(&format!("1.2.3.{n}"), false, &[5, 0])
    })
}

pub(super) fn form() -> Vec<Row> {
    let of = |change: fn(Forged) -> Forged| change(Forged::leaf("leaf", "Root")).signed();
    let flipped = |der: Certificate| {
        let mut der = der.to_vec();
        *der.last_mut().expect("a signature") ^= 1;
        Certificate::from(der)
    };
    let trailing = [leaf("Root").as_ref(), &[0]].concat();
    let bad = "BAD_CERTIFICATE";
    let times = |from: &[u8], to: &[u8]| {
        let mut forged = Forged::leaf("leaf", "Root");
        forged.validity = seq(&[from, to]);
        forged.signed()
    };
    let end = time("21200101000000Z");
    vec![
        row(
            "a wrong bit in the leaf's signature",
            flipped(leaf("Root")),
            "BAD_CERTIFICATE_SIGNATURE",
        ),
        row(
            "a wrong bit in the intermediate's",
            leaf("Int 1"),
            "BAD_CERTIFICATE_SIGNATURE",
        )
        .sent([flipped(ca("Int 1", "Root"))]),
        row("a wrong bit in the root's own", leaf("Root"), "OK").trusting([flipped(root("Root"))]),
        row(
            "a critical extension nobody knows",
            of(|c| c.extension("1.2.3.4", true, &[5, 0])),
            "UNSUPPORTED_CERTIFICATE",
        ),
        row(
            "the same, not critical",
            of(|c| c.extension("1.2.3.4", false, &[5, 0])),
            "OK",
        ),
        row(
            "the same, in the intermediate",
            leaf("Int 1"),
            "UNSUPPORTED_CERTIFICATE",
        )
        .sent([Forged::ca("Int 1", "Root")
            .extension("1.2.3.4", true, &[5, 0])
            .signed()]),
        row("the same, in the root", leaf("Root"), "OK")
            .trusting([Forged::ca("Root", "Root")
                .extension("1.2.3.4", true, &[5, 0])
                .signed()])
            .differs("of a trusted root, name, key and restrictions count (RFC 5280 6.1.1)"),
        row(
            "an extension twice",
            of(|c| {
                c.extension("1.2.3.4", false, &[5, 0])
                    .extension("1.2.3.4", false, &[5, 0])
            }),
            bad,
        )
        .differs("RFC 5280 4.2: no extension comes twice, whether it is known or not"),
        row("subjectAltName twice", of(|c| c.dns(&["a.test"])), bad),
        row(
            "a negative serial number",
            of(|c| c.serial(&[0x80, 1])),
            "OK",
        ),
        row("serial number 0", of(|c| c.serial(&[0])), "OK"),
        row(
            "a serial number of 21 bytes",
            of(|c| c.serial(&[0x55; 21])),
            "OK",
        ),
        row(
            "a serial number of 1000 bytes",
            of(|c| c.serial(&[0x55; 1000])),
            "OK",
        ),
        row(
            "two signature algorithms",
            of(|mut c| {
                c.inner = Some(With::EcdsaSha256);
                c
            }),
            bad,
        ),
        row(
            "bytes behind the signature",
            of(|mut c| {
                c.garbage = vec![5, 0];
                c
            }),
            bad,
        ),
        row(
            "bytes behind the certificate",
            Certificate::from(trailing),
            bad,
        )
        .differs("OpenSSL's reader of PEM does not look at what is left over"),
        row(
            "a time without seconds",
            times(&tlv(0x17, &[b"2001010000Z"]), &end),
            bad,
        ),
        row(
            "a time with an offset",
            times(&tlv(0x17, &[b"200101000000+0000"]), &end),
            bad,
        ),
        row(
            "GeneralizedTime before 2050",
            times(&tlv(0x18, &[b"20200101000000Z"]), &end),
            "OK",
        ),
        row(
            "a broken keyUsage",
            of(|c| {
                Forged {
                    extensions: Vec::new(),
                    ..c
                }
                .usage(&[4, 1, 0])
                .dns(&["host.test"])
            }),
            bad,
        ),
        row(
            "a key identifier of no bytes",
            Forged::new("leaf", "Root")
                .dns(&["host.test"])
                .extension("2.5.29.14", false, &tlv(4, &[]))
                .signed(),
            "OK",
        ),
        row("many extensions", of(|c| many(c, 50)), "OK"),
        row("more of them", of(|c| many(c, 500)), "BAD_CERTIFICATE")
            .differs("64 extensions are our limit: real certificates have about ten"),
        row(
            "a policy identifier, critical",
            of(|c| c.extension("2.5.29.32", true, &seq(&[&seq(&[&oid("1.2.3.4")])]))),
            "UNSUPPORTED_CERTIFICATE",
        )
        .differs("certificate policies are not evaluated, so they must not be critical"),
        row(
            "an authority key identifier that fits",
            Forged::new("leaf", "Root")
                .dns(&["host.test"])
                .authority(&key_id(&Key::of("Root").spki))
                .signed(),
            "OK",
        ),
    ]
}
