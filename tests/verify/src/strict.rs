//! The profile of RFC 5280 §4: `openssl verify -x509_strict`.

use crate::forge::{Forged, Key, key_id, root, seq, tlv};
use crate::row::{Row, ca, leaf, row};
use tls_core::cert::Certificate;

const RULE: &str = "PROFILE_VIOLATION";
const SAN: &str = "2.5.29.17";

/// A version 3 certificate with key identifiers and nothing else.
fn bare(subject: &str, issuer: &str) -> Forged {
    Forged::new(subject, issuer).key_ids()
}

fn server(subject: &str, issuer: &str) -> Forged {
    bare(subject, issuer).purposes(&["1.3.6.1.5.5.7.3.1"])
}

fn host() -> Vec<u8> {
    seq(&[&tlv(0x82, &[b"host.test"])])
}

/// The usual leaf under this "Int", which is under "Root".
fn below(title: &'static str, int: Forged, ours: &'static str) -> Row {
    row(title, leaf("Int"), ours).sent([int.signed()]).strict()
}

fn alone(title: &'static str, leaf: Forged, ours: &'static str) -> Row {
    row(title, leaf.signed(), ours).strict()
}

pub(crate) fn all() -> Vec<Row> {
    let mut rows = issuers();
    rows.extend(leaves());
    rows.extend(trusted());
    rows
}

fn issuers() -> Vec<Row> {
    let int = || bare("Int", "Root");
    let signs = &[3, 2, 2, 4];
    vec![
        below("strict: a usual chain", Forged::ca("Int", "Root"), "OK"),
        below(
            "strict: a CA's basicConstraints are not critical",
            int()
                .extension("2.5.29.19", false, &seq(&[&[1, 1, 0xff]]))
                .usage(signs),
            RULE,
        ),
        below(
            "strict: a CA without keyUsage",
            int().basic(true, None),
            RULE,
        ),
        row(
            "a CA without keyUsage, where nobody is strict",
            leaf("Int"),
            "OK",
        )
        .sent([int().basic(true, None).signed()]),
        below(
            "strict: a path length with keyCertSign",
            int().basic(true, Some(0)).usage(signs),
            "OK",
        ),
        below(
            "strict: a CA without subjectKeyIdentifier",
            Forged::new("Int", "Root")
                .basic(true, None)
                .usage(signs)
                .authority(&key_id(&Key::of("Root").spki)),
            RULE,
        ),
        below(
            "strict: a CA that does not name its issuer's key",
            Forged::new("Int", "Root")
                .basic(true, None)
                .usage(signs)
                .extension("2.5.29.14", false, &tlv(4, &[b"Int"])),
            RULE,
        ),
        row(
            "strict: an issuer without a name",
            Forged::leaf("leaf", "").signed(),
            RULE,
        )
        .sent([Forged::ca("", "Root").signed()])
        .strict(),
    ]
}

fn leaves() -> Vec<Row> {
    let no_ids = Forged::new("leaf", "Root").purposes(&["1.3.6.1.5.5.7.3.1"]);
    vec![
        alone(
            "strict: a leaf that does not name its issuer's key",
            no_ids.dns(&["host.test"]),
            RULE,
        ),
        alone(
            "strict: a leaf that names its issuer's serial number alone",
            Forged::new("leaf", "Root")
                .extension("2.5.29.35", false, &seq(&[&tlv(0x82, &[&[1]])]))
                .dns(&["host.test"]),
            RULE,
        ),
        alone(
            "strict: a leaf with keyCertSign",
            server("leaf", "Root")
                .usage(&[3, 2, 2, 0x84])
                .dns(&["host.test"]),
            RULE,
        ),
        alone(
            "strict: a leaf with a path length",
            server("leaf", "Root")
                .basic(false, Some(0))
                .dns(&["host.test"]),
            RULE,
        ),
        alone(
            "strict: no subject beside a subjectAltName that is not critical",
            server("", "Root").extension(SAN, false, &host()),
            RULE,
        ),
        alone(
            "strict: no subject beside a critical subjectAltName",
            server("", "Root").extension(SAN, true, &host()),
            "OK",
        ),
        alone("strict: no subject at all", server("", "Root"), RULE).no_host(),
        alone(
            "strict: no subject, and it signs CRLs",
            server("", "Root")
                .usage(&[3, 2, 1, 0x82])
                .extension(SAN, true, &host()),
            RULE,
        ),
        alone(
            "strict: an empty subjectAltName",
            server("leaf", "Root").extension(SAN, false, &seq(&[])),
            RULE,
        )
        .no_host(),
    ]
}

fn trusted() -> Vec<Row> {
    let lax = || -> Certificate { Forged::new("Root", "Root").basic(true, None).signed() };
    let no_ids = Forged::new("Root", "Root")
        .basic(true, None)
        .usage(&[3, 2, 1, 6]);
    let itself = Forged::new("leaf", "leaf").dns(&["host.test"]).signed();
    vec![
        row("strict: a root without keyUsage", leaf("Root"), RULE)
            .trusting([lax()])
            .strict(),
        row(
            "strict: a root without subjectKeyIdentifier",
            leaf("Root"),
            RULE,
        )
        .trusting([no_ids.signed()])
        .strict(),
        row(
            "strict: a root that names no issuer's key",
            leaf("Root"),
            "OK",
        )
        .trusting([Forged::new("Root", "Root")
            .basic(true, None)
            .usage(&[3, 2, 1, 6])
            .extension(
                "2.5.29.14",
                false,
                &tlv(4, &[&key_id(&Key::of("Root").spki)]),
            )
            .signed()])
        .strict(),
        row(
            "strict: a leaf that is trusted as itself",
            itself.clone(),
            "OK",
        )
        .trusting([itself])
        .strict(),
        row("strict: two intermediates", leaf("Int 2"), "OK")
            .sent([ca("Int 2", "Int 1"), ca("Int 1", "Root")])
            .trusting([root("Root")])
            .strict(),
    ]
}
