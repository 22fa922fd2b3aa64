//! Names: of hosts, of issuers in other forms, and what constrains them.

use crate::forge::{Forged, oid, seq, tlv};
use crate::row::{Row, leaf, row};

pub(super) fn names() -> Vec<Row> {
    let dns = |names: &[&str]| Forged::new("cn.test", "Root").dns(names).signed();
    let ip = |bytes: &[u8]| {
        Forged::new("cn.test", "Root")
            .alt_names(&tlv(0x87, &[bytes]))
            .signed()
    };
    let wrong = "NAME_MISMATCH";
    vec![
        row("one of several names", dns(&["a.test", "host.test"]), "OK"),
        row("another name", dns(&["a.test"]), wrong),
        row("upper and lower case", dns(&["HOST.Test"]), "OK"),
        row("a wildcard", dns(&["*.host.test"]), "OK").host("a.host.test"),
        row("a wildcard is one label", dns(&["*.host.test"]), wrong).host("a.b.host.test"),
        row("a wildcard is no bare name", dns(&["*.host.test"]), wrong),
        row("a wildcard below a top-level name", dns(&["*.test"]), wrong),
        row(
            "a part of a label as a wildcard",
            dns(&["ho*.example.test"]),
            wrong,
        )
        .host("host.example.test")
        .differs("RFC 9525 6.3: a wildcard is the whole label"),
        row("a wildcard for an A-label", dns(&["*.host.test"]), "OK")
            .host("xn--bcher-kva.host.test"),
        row("an A-label", dns(&["xn--bcher-kva.test"]), "OK").host("xn--bcher-kva.test"),
        row("an IPv4 address", ip(&[192, 0, 2, 1]), "OK").host("192.0.2.1"),
        row("another IPv4 address", ip(&[192, 0, 2, 1]), wrong).host("192.0.2.2"),
        row(
            "an IPv6 address",
            ip(&[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
            "OK",
        )
        .host("2001:db8::1"),
        row("an address as a DNS name", dns(&["192.0.2.1"]), wrong).host("192.0.2.1"),
        row(
            "a common name alone",
            Forged::new("host.test", "Root").signed(),
            wrong,
        )
        .differs("common names count only by tls_ctx_set_legacy_common_name()"),
        row(
            "a common name beside other names",
            Forged::new("host.test", "Root").dns(&["a.test"]).signed(),
            wrong,
        ),
        row("no name is asked for", dns(&["a.test"]), "OK").no_host(),
        row(
            "an empty subject",
            Forged::new("", "Root").dns(&["host.test"]).signed(),
            "OK",
        ),
        row("a NUL in a name", dns(&["host.test\0.a.test"]), wrong),
    ]
}

/// The issuer's name as the leaf writes it, and as the issuer does (RFC 5280 §7.1).
pub(super) fn same_names() -> Vec<Row> {
    let cn = |tag: u8, value: &[u8]| {
        let pair = seq(&[&oid("2.5.4.3"), &tlv(tag, &[value])]);
        seq(&[&tlv(0x31, &[&pair])])
    };
    let (utf8, printable, latin1, bmp) = (0x0c, 0x13, 0x14, 0x1e);
    let named = |title, issuer: Vec<u8>, subject: Vec<u8>, ours| {
        let mut leaf = Forged::leaf("leaf", "Int");
        leaf.issuer = issuer;
        let mut int = Forged::ca("Int", "Root");
        int.subject = subject;
        row(title, leaf.signed(), ours).sent([int.signed()])
    };
    let (int, none) = (|| cn(utf8, b"Int"), "UNKNOWN_CA");
    let mut pinned = Forged::leaf("leaf", "Root");
    pinned.issuer = cn(printable, b"ROOT");
    let permitted = || Forged::ca("Root", "Root").constraints(&[tlv(0x82, &[b"other.test"])], &[]);
    vec![
        named(
            "issuer as PrintableString",
            cn(printable, b"Int"),
            int(),
            "OK",
        ),
        named("issuer as BMPString", cn(bmp, b"\0I\0n\0t"), int(), "OK"),
        named(
            "issuer as TeletexString",
            cn(latin1, b"M\xe9"),
            cn(utf8, "M\u{e9}".as_bytes()),
            "OK",
        ),
        named("issuer in the other case", cn(utf8, b"INT"), int(), "OK"),
        named(
            "issuer with other blanks",
            cn(utf8, b" My  CA "),
            cn(printable, b"My CA"),
            "OK",
        ),
        named(
            "issuer without its blank",
            cn(utf8, b"MyCA"),
            cn(utf8, b"My CA"),
            none,
        ),
        named(
            "issuer in the other case, Greek",
            cn(utf8, "\u{3a9}".as_bytes()),
            cn(utf8, "\u{3c9}".as_bytes()),
            "OK",
        )
        .differs("case is folded for every letter here (RFC 4518 2.2), for ASCII alone by OpenSSL"),
        named(
            "issuer composed in another way",
            cn(utf8, "a\u{308}".as_bytes()),
            cn(utf8, "\u{e4}".as_bytes()),
            none,
        ),
        named("issuer as an octet string", cn(4, b"Int"), int(), none),
        row(
            "the root's name in the other case",
            pinned.clone().signed(),
            "OK",
        ),
        row(
            "the same, outside of its constraints",
            pinned.signed(),
            "NAME_CONSTRAINT_VIOLATION",
        )
        .trusting([permitted().signed()]),
    ]
}

pub(super) fn constraints() -> Vec<Row> {
    let dns = |text: &str| tlv(0x82, &[text.as_bytes()]);
    let under = |title, permitted: &[Vec<u8>], excluded: &[Vec<u8>], leaf: Forged, ours| {
        let int = Forged::ca("Int 1", "Root").constraints(permitted, excluded);
        row(title, leaf.signed(), ours).sent([int.signed()])
    };
    let of = |names: &[&str]| Forged::new("", "Int 1").dns(names);
    let address = |ip: &[u8]| Forged::new("", "Int 1").alt_names(&tlv(0x87, &[ip]));
    let net = tlv(0x87, &[&[10, 0, 0, 0, 255, 0, 0, 0]]);
    let broken_net = tlv(0x87, &[&[10, 0, 0, 0, 255, 0, 255, 0]]);
    let directory = tlv(0xa4, &[&crate::forge::name("leaf")]);
    let outside = "NAME_CONSTRAINT_VIOLATION";
    let root = Forged::ca("Root", "Root").constraints(&[dns("other.test")], &[]);
    vec![
        under(
            "inside of the permitted names",
            &[dns("test")],
            &[],
            of(&["host.test"]),
            "OK",
        ),
        under(
            "the permitted name itself",
            &[dns("host.test")],
            &[],
            of(&["host.test"]),
            "OK",
        ),
        under(
            "outside of the permitted names",
            &[dns("a.test")],
            &[],
            of(&["host.test"]),
            outside,
        ),
        under(
            "a name that only ends alike",
            &[dns("ost.test")],
            &[],
            of(&["host.test"]),
            outside,
        ),
        under(
            "one name inside, one outside",
            &[dns("host.test")],
            &[],
            of(&["host.test", "a.test"]),
            outside,
        ),
        under(
            "an excluded name",
            &[],
            &[dns("host.test")],
            of(&["host.test"]),
            outside,
        ),
        under(
            "another one is excluded",
            &[],
            &[dns("a.test")],
            of(&["host.test"]),
            "OK",
        ),
        under(
            "permitted and excluded",
            &[dns("test")],
            &[dns("host.test")],
            of(&["host.test"]),
            outside,
        ),
        under(
            "a leading dot, a name below",
            &[dns(".test")],
            &[],
            of(&["host.test"]),
            "OK",
        ),
        under(
            "a wildcard in permitted names",
            &[dns("host.test")],
            &[],
            of(&["*.host.test"]),
            "OK",
        )
        .host("a.host.test"),
        under(
            "a wildcard over an excluded name",
            &[],
            &[dns("a.host.test")],
            of(&["*.host.test"]),
            outside,
        )
        .host("b.host.test")
        .differs("the wildcard stands for the excluded name too"),
        under(
            "an address in a permitted net",
            core::slice::from_ref(&net),
            &[],
            address(&[10, 1, 2, 3]),
            "OK",
        )
        .host("10.1.2.3"),
        under(
            "an address outside of it",
            &[net],
            &[],
            address(&[11, 1, 2, 3]),
            outside,
        )
        .host("11.1.2.3"),
        under(
            "a net whose mask has holes",
            &[broken_net],
            &[],
            address(&[10, 1, 2, 3]),
            "BAD_CERTIFICATE",
        )
        .host("10.1.2.3"),
        under(
            "names that constraints do not concern",
            &[dns("a.test")],
            &[],
            address(&[10, 1, 2, 3]),
            "OK",
        )
        .host("10.1.2.3"),
        under(
            "a permitted directory name",
            &[directory],
            &[],
            Forged::new("leaf", "Int 1").dns(&["host.test"]),
            outside,
        )
        .differs("constraints on directory names are not evaluated: they refuse everything below"),
        row("the root's constraints", leaf("Root"), outside).trusting([root.signed()]),
    ]
}
