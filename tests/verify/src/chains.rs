//! The rows, by what they are about.

use crate::forge::{Forged, Key, With, key_id, oid, root, seq, time, tlv};
use crate::row::{Row, ca, leaf, row, tower};
use pki_types::PrivateKeyDer;
use pki_types::pem::PemObject;
use tls_core::cert::Certificate;

pub(crate) fn all() -> Vec<Row> {
    [
        paths(),
        trust(),
        cross_signed(),
        validity(),
        issuers(),
        purposes(),
        names(),
        same_names(),
        constraints(),
        strength(),
        version1(),
        form(),
        crate::revocation::all(),
        crate::strict::all(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

const RSA: &[u8] = include_bytes!("../../pki/server-rsa.key");
const RSA1024: &[u8] = include_bytes!("../../pki/server-rsa1024.key");
const P256: &[u8] = include_bytes!("../../pki/server-p256.key");

fn key(pem: &[u8], with: With) -> Key {
    let key = PrivateKeyDer::from_pem_slice(pem).expect("a key of tests/pki");
    Key::new(key.secret_der(), with)
}

fn paths() -> Vec<Row> {
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

fn trust() -> Vec<Row> {
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

fn cross_signed() -> Vec<Row> {
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

fn validity() -> Vec<Row> {
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

fn issuers() -> Vec<Row> {
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

fn purposes() -> Vec<Row> {
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

fn names() -> Vec<Row> {
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
fn same_names() -> Vec<Row> {
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

fn constraints() -> Vec<Row> {
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

fn strength() -> Vec<Row> {
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

fn version1() -> Vec<Row> {
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

fn form() -> Vec<Row> {
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
