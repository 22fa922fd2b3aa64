//! Sets in which the search for a path has much to do.

use super::forge::{Forged, Key, With, root, tlv};
use super::{Set, key};
use tls_core::cert::{Certificate, MAX_CHAIN_CERTIFICATES};

fn set(title: &str, chain: Vec<Certificate>, trusted: Vec<Certificate>) -> Set {
    Set {
        title: title.into(),
        chain,
        trusted,
        ..Set::default()
    }
}

/// Where keys are cheap.
pub fn all() -> Vec<Set> {
    let long = &[0; 55_000][..];
    let trusted = || vec![root("Root")];
    let bare = Forged::leaf("leaf", "Root").by(&Key::of("nobody"));
    vec![
        set(
            "levels of 3, all ways to a root that refuses",
            levels(3, 4, &[]),
            vec![narrow("L4")],
        ),
        set(
            "the same, 60 KiB each",
            levels(3, 4, long),
            vec![narrow("L4")],
        ),
        set("levels of 2, nowhere", levels(2, 7, &[]), trusted()),
        set("15 of one name", levels(15, 1, &[]), trusted()),
        set("the same, 60 KiB each", levels(15, 1, long), trusted()),
        set("4000 extensions each", extensions(), vec![narrow("L4")]),
        set("4000 names, 60 constraints", names(4000, 60), trusted()),
        set("500 names, 490 constraints", names(500, 490), trusted()),
        set("4000 names, 4000 constraints", names(4000, 4000), trusted()),
        set("300 trusted of one name", vec![bare], generations()),
    ]
}

/// With keys of one kind.
pub fn of_kind(with: With) -> Vec<Set> {
    let own = |name: &str| key(with, name);
    let signed = |c: Forged, by: &str| c.signed_with(with).by(&own(by));
    let ca =
        |name: &str, issuer: &str| signed(Forged::ca(name, issuer).with_key(own(name)), issuer);
    let honest = vec![
        signed(Forged::leaf("leaf", "Int"), "Int"),
        ca("Int", "Root"),
    ];
    vec![
        set("an honest chain", honest, vec![ca("Root", "Root")]),
        set(
            "levels of 4, 7 and 4",
            between(with),
            vec![ca("Root", "Root")],
        ),
        set(
            "everybody of one name",
            one_name(with),
            vec![ca("Same", "Same")],
        ),
    ]
}

/// `width` certificates for each step of so many levels: each leads on over each of the next level.
fn levels(width: u8, levels: u8, filler: &[u8]) -> Vec<Certificate> {
    let mut chain = vec![Forged::leaf("leaf", "L0").signed()];
    for level in 0..levels {
        for n in 0..width {
            let c = Forged::ca(&format!("L{level}"), &format!("L{}", level + 1));
            let c = c.extension("1.2.3.4", false, filler).serial(&[n + 1]);
            chain.push(c.signed());
        }
    }
    chain.truncate(MAX_CHAIN_CERTIFICATES);
    chain
}

/// The same where every pair costs most signatures: one key for each level.
fn between(with: With) -> Vec<Certificate> {
    let own = |level: usize| key(with, &format!("L{level}"));
    let mut chain = vec![Forged::leaf("leaf", "L0").signed_with(with).by(&own(0))];
    for (level, width) in [4, 7, 4].into_iter().enumerate() {
        for n in 0..width {
            let c = Forged::ca(&format!("L{level}"), &format!("L{}", level + 1));
            let c = c.with_key(own(level)).serial(&[n + 1]).signed_with(with);
            chain.push(c.by(&own(level + 1)));
        }
    }
    chain
}

/// All issuers have one name, the trusted root too, and who really signed comes last each time.
fn one_name(with: With) -> Vec<Certificate> {
    let own = |n: usize| key(with, &format!("Same {n}"));
    let issuers = MAX_CHAIN_CERTIFICATES - 1;
    let leaf = Forged::new("leaf", "Same").dns(&["host.test"]);
    let mut chain = vec![leaf.signed_with(with).by(&own(issuers))];
    for n in 1..=issuers {
        let c = Forged::new("Same", "Same")
            .basic(true, None)
            .with_key(own(n));
        let c = c.serial(&[u8::try_from(n).expect("few")]).signed_with(with);
        chain.push(c.by(&own(n - 1)));
    }
    chain
}

/// A root that allows no CA below it.
fn narrow(name: &str) -> Certificate {
    Forged::new(name, name).basic(true, Some(0)).signed()
}

fn extensions() -> Vec<Certificate> {
    let mut chain = vec![Forged::leaf("leaf", "L0").signed()];
    for level in 0..4 {
        for n in 0..3 {
            let mut c = Forged::new(&format!("L{level}"), &format!("L{}", level + 1));
            for id in 0..4000 {
                c = c.extension(&format!("1.2.{}.{}", 128 + id / 128, id % 128), false, &[]);
            }
            chain.push(c.basic(true, None).serial(&[n + 1]).signed());
        }
    }
    chain
}

fn names(names: usize, trees: usize) -> Vec<Certificate> {
    let tree = vec![tlv(0x82, &[b"test"]); trees];
    let int = Forged::ca("Int", "Root").constraints(&tree, &[]);
    let names = tlv(0x82, &[b"host.test"]).repeat(names);
    vec![
        Forged::new("leaf", "Int").alt_names(&names).signed(),
        int.signed(),
    ]
}

fn generations() -> Vec<Certificate> {
    let generation = |n: u32| {
        let key = Key::of(&format!("generation {n}"));
        Forged::new("Root", "Root")
            .basic(true, None)
            .with_key(key.clone())
            .by(&key)
    };
    (0..300).map(generation).collect()
}
