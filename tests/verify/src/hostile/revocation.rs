//! Sets whose paths are good, each, but for what a hostile CA below a trusted one says about revocation.

use super::forge::{Forged, Key, With, key_id, name, oid, seq, time, tlv};
use super::{Set, key};
use tls_core::cert::Certificate;
use tls_core::crypto::{HashId, Provider};
use tls_crypto::DefaultProvider;

/// Delegates of one response: as many as are read.
const DELEGATES: u8 = 8;

/// Lists of one name that are loaded.
const LISTS: u8 = 16;

pub fn of_kind(with: With) -> Vec<Set> {
    vec![
        Set {
            title: "15 paths, a staple with 8 responders".into(),
            ..stapled(with)
        },
        Set {
            title: "6 keys of a name, 16 CRLs that none of them signed".into(),
            ..listed(with)
        },
    ]
}

fn ca(with: With, own: &Key, by: &Key, serial: u8, issuer: &str) -> Certificate {
    let int = Forged::ca("Int", issuer)
        .with_key(own.clone())
        .serial(&[serial]);
    int.signed_with(with).by(by)
}

fn root(with: With) -> Vec<Certificate> {
    let own = key(with, "Root");
    let root = Forged::ca("Root", "Root").with_key(own.clone());
    vec![root.signed_with(with).by(&own)]
}

/// One CA in so many forms that every path is another one.
fn stapled(with: With) -> Set {
    let (int, root_key) = (key(with, "Int"), key(with, "Root"));
    let leaf = Forged::leaf("leaf", "Int");
    let staple = staple(with, &leaf.serial);
    let mut chain = vec![leaf.signed_with(with).by(&int)];
    chain.extend((1..=15).map(|n| ca(with, &int, &root_key, n, "Root")));
    Set {
        chain,
        trusted: root(with),
        staple: Some(staple),
        ..Set::default()
    }
}

/// CAs of the name of the lists, each with a key of its own: whose the lists are is asked of each. Nobody insists on an
/// answer.
fn listed(with: With) -> Set {
    let own = |n: u8| match n {
        7 => key(with, "Root"),
        n => key(with, &format!("Int {n}")),
    };
    let mut chain = vec![Forged::leaf("leaf", "Int").signed_with(with).by(&own(1))];
    for n in 1..=6 {
        let issuer = if n == 6 { "Root" } else { "Int" };
        chain.push(ca(with, &own(n), &own(n + 1), n, issuer));
    }
    Set {
        chain,
        trusted: root(with),
        crls: (0..LISTS).map(|n| list(with, n)).collect(),
        allow_unknown: true,
        ..Set::default()
    }
}

/// What the BIT STRING of a `SubjectPublicKeyInfo` holds.
fn key_bits(spki: &[u8]) -> &[u8] {
    // What stands behind the header of an element, and the length of its contents.
    let open = |der: &[u8]| match der[1] {
        n @ 0x81..=0x83 => {
            let n = usize::from(n & 0x7f);
            let len = der[2..2 + n]
                .iter()
                .fold(0, |len, b| len << 8 | usize::from(*b));
            (2 + n, len)
        }
        len => (2, usize::from(len)),
    };
    let fields = &spki[open(spki).0..];
    let (header, len) = open(fields);
    let bits = &fields[header + len..];
    &bits[open(bits).0 + 1..]
}

/// Good, by its own words, and signed by none of those whom the CA really certified for it.
fn staple(with: With, serial: &[u8]) -> Vec<u8> {
    let (int, nobody) = (key(with, "Int"), key(with, "nobody else"));
    let delegate = |n: u8| -> Certificate {
        let c = Forged::new("Responder", "Int").purposes(&["1.3.6.1.5.5.7.3.9"]);
        let c = c
            .with_key(key(with, &format!("responder {n}")))
            .serial(&[n + 1]);
        c.signed_with(with).by(&int)
    };
    let sha1 = DefaultProvider.hash(HashId::Sha1).expect("SHA-1");
    let hash = |bytes: &[u8]| tlv(4, &[sha1.hash(&[bytes]).as_ref()]);
    let id = seq(&[
        &seq(&[&oid("1.3.14.3.2.26"), &[5, 0]]),
        &hash(&name("Int")),
        &hash(key_bits(&int.spki)),
        &tlv(2, &[serial]),
    ]);
    let generalized = |text: &str| tlv(0x18, &[text.as_bytes()]);
    let single = seq(&[
        &id,
        &[0x80, 0],
        &generalized("20251231230000Z"),
        &tlv(0xa0, &[&generalized("20260107000000Z")]),
    ]);
    let data = seq(&[
        &tlv(0xa1, &[&name("Responder")]),
        &generalized("20251231230000Z"),
        &seq(&[&single]),
    ]);
    let delegates: Vec<u8> = (0..DELEGATES).flat_map(|n| delegate(n).to_vec()).collect();
    let basic = seq(&[
        &data,
        &with.algorithm(),
        &tlv(3, &[&[0], &nobody.sign(with, &data)]),
        &tlv(0xa0, &[&seq(&[&delegates])]),
    ]);
    let bytes = seq(&[&oid("1.3.6.1.5.5.7.48.1.1"), &tlv(4, &[&basic])]);
    seq(&[&[0x0a, 1, 0], &tlv(0xa0, &[&bytes])])
}

/// A list in the CA's name, which its key did not sign.
fn list(with: With, number: u8) -> Vec<u8> {
    let nobody = key(with, "nobody else");
    let authority = seq(&[&tlv(0x80, &[&key_id(&nobody.spki)])]);
    let extension = |id: &str, value: &[u8]| seq(&[&oid(id), &tlv(4, &[value])]);
    let extensions = [
        extension("2.5.29.20", &[2, 1, number]),
        extension("2.5.29.35", &authority),
    ];
    let tbs = seq(&[
        &[2, 1, 1],
        &with.algorithm(),
        &name("Int"),
        &time("20251201000000Z"),
        &time("20260201000000Z"),
        &tlv(0xa0, &[&seq(&[&extensions.concat()])]),
    ]);
    let signature = nobody.sign(with, &tbs);
    seq(&[&tbs, &with.algorithm(), &tlv(3, &[&[0], &signature])])
}
