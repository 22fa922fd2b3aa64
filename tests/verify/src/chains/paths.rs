//! Which way a path goes: through what was sent, to what is trusted.

use crate::forge::{Forged, Key, root};
use crate::row::{Row, ca, leaf, row, tower};

pub(super) fn paths() -> Vec<Row> {
    let up = |count| {
        let (issuer, sent) = tower(count);
        (leaf(&issuer), sent)
    };
    let (three, mut unordered) = up(3);
    unordered.reverse();
    unordered.insert(1, root("Stranger"));
    vec![
        row("leaf, root", leaf("Root"), "OK"),
        row("leaf, intermediate, root", up(1).0, "OK").sent(up(1).1),
        row("three intermediates", up(3).0, "OK").sent(up(3).1),
        row("six intermediates", up(6).0, "OK").sent(up(6).1),
        row("seven intermediates", up(7).0, "CERTIFICATE_CHAIN_TOO_LONG")
            .sent(up(7).1)
            .differs("six intermediates are our limit: no public CA needs more than three"),
        row("wrong order, a stranger between", three, "OK").sent(unordered),
        row("the root sent along", leaf("Root"), "OK").sent([root("Root")]),
        row("the intermediate is missing", up(1).0, "UNKNOWN_CA"),
        row("depth 2 for two intermediates", up(2).0, "OK")
            .sent(up(2).1)
            .depth(2),
        row(
            "depth 1 for two intermediates",
            up(2).0,
            "CERTIFICATE_CHAIN_TOO_LONG",
        )
        .sent(up(2).1)
        .depth(1),
        row("depth 0, straight under the root", leaf("Root"), "OK").depth(0),
    ]
}

pub(super) fn trust() -> Vec<Row> {
    let own = |ca| Forged::leaf("self", "self").basic(ca, None).signed();
    vec![
        row("another root is trusted", leaf("Root"), "UNKNOWN_CA").trusting([root("Other")]),
        row("self-signed, CA:FALSE, trusted itself", own(false), "OK").trusting([own(false)]),
        row("self-signed, CA:TRUE, trusted itself", own(true), "OK").trusting([own(true)]),
        row("self-signed, not trusted", own(false), "UNKNOWN_CA"),
        row(
            "self-signed and trusted, for another host",
            own(false),
            "NAME_MISMATCH",
        )
        .trusting([own(false)])
        .host("other.test"),
        row(
            "a leaf is trusted, its issuer is not there",
            leaf("Int 1"),
            "OK",
        )
        .trusting([leaf("Int 1")])
        .differs("a leaf that is trusted needs no issuer here; OpenSSL wants -partial_chain"),
        row(
            "an intermediate is trusted, its root is not",
            leaf("Int 1"),
            "UNKNOWN_CA",
        )
        .trusting([ca("Int 1", "Root")]),
        row("the same as a partial chain", leaf("Int 1"), "OK")
            .trusting([ca("Int 1", "Root")])
            .partial(),
        row("a trusted intermediate and its root", leaf("Int 1"), "OK")
            .trusting([ca("Int 1", "Root"), root("Root")]),
        row(
            "the trusted root has another key",
            leaf("Root"),
            "BAD_CERTIFICATE_SIGNATURE",
        )
        .trusting([Forged::ca("Root", "Root")
            .with_key(Key::of("x"))
            .by(&Key::of("x"))]),
    ]
}

pub(super) fn cross_signed() -> Vec<Row> {
    let by = |issuer| ca("Int 1", issuer);
    let wrong_key = |sent: Forged| sent.with_key(Key::of("another key"));
    let bare_leaf = || Forged::new("leaf", "Int 1").dns(&["host.test"]).signed();
    let bare_ca = || Forged::new("Int 1", "Root").basic(true, None);
    let expired = || Forged::ca("Int 1", "Root").valid("20200101000000Z", "20210101000000Z");
    vec![
        row("cross-signed, the trusted way first", leaf("Int 1"), "OK")
            .sent([by("Root"), by("Stranger")]),
        row("cross-signed, the trusted way last", leaf("Int 1"), "OK")
            .sent([by("Stranger"), root("Stranger"), by("Root")])
            .differs("OpenSSL takes the first that fits by name and key, and looks no further"),
        row(
            "a new root, cross-signed by the old one",
            leaf("New Root"),
            "OK",
        )
        .sent([ca("New Root", "Root")]),
        row(
            "both forms of the new root are sent",
            leaf("New Root"),
            "OK",
        )
        .sent([root("New Root"), ca("New Root", "Root")])
        .differs("OpenSSL takes the self-signed form, which nobody trusts, and looks no further"),
        row(
            "two CAs of one name, key identifiers tell",
            leaf("Int 1"),
            "OK",
        )
        .sent([
            wrong_key(Forged::new("Int 1", "Root").basic(true, None))
                .key_ids()
                .signed(),
            by("Root"),
        ]),
        row("two CAs of one name, nothing tells", bare_leaf(), "OK")
            .sent([wrong_key(bare_ca()).signed(), bare_ca().signed()])
            .differs("OpenSSL takes the first that fits by name, and looks no further"),
        row("the same, the other way round", bare_leaf(), "OK")
            .sent([bare_ca().signed(), wrong_key(bare_ca()).signed()]),
        row(
            "an expired form of the intermediate first",
            leaf("Int 1"),
            "OK",
        )
        .sent([expired().signed(), by("Root")]),
        row("a form without keyCertSign first", leaf("Int 1"), "OK")
            .sent([
                Forged::new("Int 1", "Root")
                    .basic(true, None)
                    .usage(&[3, 2, 1, 2])
                    .signed(),
                by("Root"),
            ])
            .differs("OpenSSL takes the first that fits by name and key, and looks no further"),
        row("two intermediates in a circle", leaf("A"), "UNKNOWN_CA")
            .sent([ca("A", "B"), ca("B", "A")]),
        row("a circle beside the way", leaf("A"), "OK").sent([
            ca("A", "B"),
            ca("B", "A"),
            ca("A", "Root"),
        ]),
        row(
            "the authority key identifier names no key",
            Forged::new("leaf", "Root")
                .dns(&["host.test"])
                .authority(&[1; 20])
                .signed(),
            "OK",
        )
        .differs("the identifier is a hint for path building here (RFC 5280 4.2.1.1)"),
    ]
}

pub(super) fn issuers() -> Vec<Row> {
    let under =
        |int: Forged, ours| move |title| row(title, leaf("Int 1"), ours).sent([int.signed()]);
    let int = || Forged::new("Int 1", "Root");
    let not_ca = "ISSUER_NOT_CA";
    let with_root =
        |title, ours, root: Forged| row(title, leaf("Root"), ours).trusting([root.signed()]);
    let own_root = || Forged::new("Root", "Root");
    let two = |first: Forged, second: Forged| vec![second.signed(), first.signed()];
    let second = || Forged::ca("Int 2", "Int 1");
    let first = |length| {
        Forged::new("Int 1", "Root")
            .basic(true, Some(length))
            .usage(&[3, 2, 1, 6])
    };
    let limited_root = Forged::new("Root", "Root")
        .basic(true, Some(0))
        .usage(&[3, 2, 1, 6]);
    vec![
        under(int().basic(false, None), not_ca)("the issuer has CA:FALSE"),
        under(int().usage(&[3, 2, 1, 6]), not_ca)("the issuer has no basicConstraints"),
        under(int().basic(true, None).usage(&[3, 2, 1, 2]), not_ca)("the issuer lacks keyCertSign"),
        under(int().basic(true, None), "OK")("the issuer has no keyUsage"),
        with_root(
            "the root lacks keyCertSign",
            not_ca,
            own_root().basic(true, None).usage(&[3, 2, 1, 2]),
        ),
        with_root(
            "the root has CA:FALSE",
            not_ca,
            own_root().basic(false, None),
        ),
        with_root(
            "the root has keyCertSign, no basicConstraints",
            "OK",
            own_root().usage(&[3, 2, 1, 6]),
        ),
        row("path length 0, nothing below", leaf("Int 1"), "OK").sent([first(0).signed()]),
        row("path length 0, a CA below", leaf("Int 2"), not_ca).sent(two(first(0), second())),
        row("path length 1, a CA below", leaf("Int 2"), "OK").sent(two(first(1), second())),
        row(
            "path length 0, the CA's own new key below",
            Forged::leaf("leaf", "Int 1").by(&Key::of("new key")),
            not_ca,
        )
        .sent([
            Forged::new("Int 1", "Int 1")
                .basic(true, None)
                .with_key(Key::of("new key"))
                .signed(),
            first(0).signed(),
        ]),
        row(
            "the root's path length 0, a CA below",
            leaf("Int 1"),
            not_ca,
        )
        .trusting([limited_root.signed()])
        .sent([ca("Int 1", "Root")]),
        row(
            "a leaf with CA:TRUE",
            Forged::leaf("leaf", "Root").basic(true, None).signed(),
            "WRONG_KEY_USAGE",
        )
        .differs("a server's key must not be able to issue: only a trusted leaf may have CA:TRUE"),
        row("a leaf issued by a leaf", leaf("other leaf"), not_ca).sent([Forged::leaf(
            "other leaf",
            "Root",
        )
        .signed()]),
    ]
}
