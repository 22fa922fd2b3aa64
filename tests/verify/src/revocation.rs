//! Certificate revocation lists (RFC 5280 §5): `openssl verify -crl_check`, with `-crl_check_all` unless the
//! leaf alone is asked about.

use crate::forge::{Forged, Key, With, name, oid, seq, time, tlv};
use crate::row::{Row, ca, leaf, row};
use tls_core::cert::Certificate;

/// A list of 2025-12-01 to 2026-02-01 that revokes these serial numbers.
struct List {
    issuer: &'static str,
    key: Key,
    version2: bool,
    from: &'static str,
    to: Option<&'static str>,
    revoked: Vec<Vec<u8>>,
    extensions: Vec<u8>,
}

fn list(issuer: &'static str) -> List {
    List {
        issuer,
        key: Key::of(issuer),
        version2: true,
        from: "20251201000000Z",
        to: Some("20260201000000Z"),
        revoked: Vec::new(),
        extensions: extension("2.5.29.20", false, &[2, 1, 1]),
    }
}

fn extension(id: &str, critical: bool, value: &[u8]) -> Vec<u8> {
    let critical: &[u8] = if critical { &[1, 1, 0xff] } else { &[] };
    seq(&[&oid(id), critical, &tlv(4, &[value])])
}

/// issuingDistributionPoint
fn scope(fields: &[u8]) -> Vec<u8> {
    extension("2.5.29.28", true, &seq(&[fields]))
}

/// DistributionPointName
fn at(uri: &str) -> Vec<u8> {
    tlv(0xa0, &[&tlv(0xa0, &[&tlv(0x86, &[uri.as_bytes()])])])
}

impl List {
    fn revoking(mut self, subject: &str, issuer: &str) -> Self {
        self.revoked.push(Forged::new(subject, issuer).serial);
        self
    }

    const fn dated(mut self, from: &'static str, to: Option<&'static str>) -> Self {
        (self.from, self.to) = (from, to);
        self
    }

    fn by(mut self, key: Key) -> Self {
        self.key = key;
        self
    }

    fn version1(mut self) -> Self {
        self.version2 = false;
        self.extensions.clear();
        self
    }

    fn with(mut self, extension: &[u8]) -> Self {
        self.extensions.extend(extension);
        self
    }

    fn signed(self) -> Vec<u8> {
        let version: &[u8] = if self.version2 { &[2, 1, 1] } else { &[] };
        let entries: Vec<u8> = self
            .revoked
            .iter()
            .flat_map(|serial| seq(&[&tlv(2, &[serial]), &time("20251115000000Z")]))
            .collect();
        let optional = |tag, content: &[u8]| match content {
            [] => Vec::new(),
            _ => tlv(tag, &[content]),
        };
        let extensions = match self.extensions.as_slice() {
            [] => Vec::new(),
            all => tlv(0xa0, &[&seq(&[all])]),
        };
        let with = With::Ed25519.algorithm();
        let tbs = seq(&[
            version,
            &with,
            &name(self.issuer),
            &time(self.from),
            &self.to.map_or(Vec::new(), time),
            &optional(0x30, &entries),
            &extensions,
        ]);
        let signature = self.key.sign(With::Ed25519, &tbs);
        seq(&[&tbs, &with, &tlv(3, &[&[0], &signature])])
    }
}

/// The leaf under "Int 1" under "Root".
fn chain(title: &'static str, ours: &'static str, lists: Vec<List>) -> Row {
    row(title, leaf("Int 1"), ours)
        .sent([ca("Int 1", "Root")])
        .crls(lists.into_iter().map(List::signed))
}

pub(crate) fn all() -> Vec<Row> {
    let mut rows = said();
    rows.extend(unknown());
    rows.extend(parts());
    rows
}

fn said() -> Vec<Row> {
    let by_int = |list: List| list.revoking("leaf", "Int 1");
    vec![
        chain(
            "CRLs that revoke others",
            "OK",
            vec![
                list("Int 1").revoking("other", "Int 1"),
                list("Root").revoking("other", "Root"),
            ],
        ),
        chain(
            "CRLs of version 1",
            "OK",
            vec![list("Int 1").version1(), list("Root").version1()],
        ),
        chain(
            "the leaf was revoked",
            "CERTIFICATE_REVOKED",
            vec![by_int(list("Int 1")), list("Root")],
        ),
        chain(
            "the leaf was revoked, in version 1",
            "CERTIFICATE_REVOKED",
            vec![by_int(list("Int 1").version1()), list("Root")],
        ),
        chain(
            "the intermediate was revoked",
            "CERTIFICATE_REVOKED",
            vec![list("Int 1"), list("Root").revoking("Int 1", "Root")],
        ),
        chain(
            "the intermediate was revoked, leaf only",
            "OK",
            vec![list("Int 1"), list("Root").revoking("Int 1", "Root")],
        )
        .leaf_only(),
        chain(
            "the newer of two CRLs revokes",
            "CERTIFICATE_REVOKED",
            vec![
                list("Int 1"),
                by_int(list("Int 1")).dated("20251220000000Z", Some("20260201000000Z")),
                list("Root"),
            ],
        ),
        chain(
            "the older of two CRLs revokes",
            "OK",
            vec![
                by_int(list("Int 1")),
                list("Int 1").dated("20251220000000Z", Some("20260201000000Z")),
                list("Root"),
            ],
        ),
        chain(
            "an old CRL revokes",
            "CERTIFICATE_REVOKED",
            vec![
                by_int(list("Int 1")).dated("20251101000000Z", Some("20251201000000Z")),
                list("Root"),
            ],
        ),
        row(
            "a client's certificate was revoked",
            Forged::leaf("leaf", "Root").bare().signed(),
            "CERTIFICATE_REVOKED",
        )
        .client()
        .crls([list("Root").revoking("leaf", "Root").signed()]),
    ]
}

fn unknown() -> Vec<Row> {
    let no_crl_sign = Forged::new("Int 1", "Root")
        .basic(true, None)
        .usage(&[3, 2, 2, 4])
        .key_ids()
        .signed();
    vec![
        chain(
            "no CRL about the leaf",
            "UNABLE_TO_GET_CRL",
            vec![list("Root")],
        ),
        chain(
            "no CRL about the intermediate",
            "UNABLE_TO_GET_CRL",
            vec![list("Int 1")],
        ),
        chain("the same, leaf only", "OK", vec![list("Int 1")]).leaf_only(),
        chain(
            "a CRL of a stranger",
            "UNABLE_TO_GET_CRL",
            vec![list("Stranger"), list("Root")],
        ),
        chain(
            "a CRL that is out of date",
            "CRL_HAS_EXPIRED",
            vec![
                list("Int 1").dated("20251101000000Z", Some("20251231235959Z")),
                list("Root"),
            ],
        ),
        chain(
            "a CRL from the future",
            "CRL_NOT_YET_VALID",
            vec![
                list("Int 1").dated("20260102000000Z", Some("20260201000000Z")),
                list("Root"),
            ],
        ),
        chain(
            "a CRL without nextUpdate",
            "CRL_HAS_EXPIRED",
            vec![list("Int 1").dated("20251201000000Z", None), list("Root")],
        )
        .differs(
            "RFC 5280 §5.1.2.5 wants a nextUpdate: without one a list could be held back for ever",
        ),
        chain(
            "a CRL of another key",
            "CRL_SIGNATURE_FAILURE",
            vec![list("Int 1").by(Key::of("x")), list("Root")],
        ),
        row(
            "the CA may not sign CRLs",
            leaf("Int 1"),
            "CRL_SIGNATURE_FAILURE",
        )
        .sent([no_crl_sign])
        .crls([list("Int 1").signed(), list("Root").signed()]),
        row("a self-signed leaf, trusted itself", own(), "OK")
            .trusting([own()])
            .crls([list("Root").signed()])
            .differs("who signs itself cannot revoke itself either; OpenSSL asks for its CRL"),
    ]
}

fn own() -> Certificate {
    Forged::leaf("self", "self").basic(false, None).signed()
}

/// Lists that are about a part of a CA's certificates.
fn parts() -> Vec<Row> {
    let placed = || {
        let points = seq(&[&seq(&[&at("http://a/1")])]);
        Forged::leaf("leaf", "Root")
            .extension("2.5.29.31", false, &points)
            .signed()
    };
    let part = |uri: &str| list("Root").with(&scope(&at(uri)));
    let only = |tag: u8| list("Root").with(&scope(&[tag, 1, 0xff]));
    vec![
        row("the part of a CRL for the leaf", placed(), "OK")
            .crls([part("http://a/1").signed()])
            .leaf_only(),
        row("the part revokes it", placed(), "CERTIFICATE_REVOKED")
            .crls([part("http://a/1").revoking("leaf", "Root").signed()]),
        row("another part", placed(), "UNABLE_TO_GET_CRL").crls([part("http://a/2").signed()]),
        row("a CRL of leaves alone", leaf("Root"), "OK")
            .crls([only(0x81).signed()])
            .leaf_only(),
        row("a CRL of CAs alone", leaf("Root"), "UNABLE_TO_GET_CRL").crls([only(0x82).signed()]),
    ]
}
