use super::{Fixed, Os, Stuck, engines, hex};
use crate::pk::group_of;
use tls_core::crypto::{ActiveKeyExchange, InvalidKeyShare, Random, RandomFailed};
use tls_core::wire::NamedGroup;

const GROUPS: [(NamedGroup, usize); 4] = [
    (NamedGroup::X25519, 32),
    (NamedGroup::SECP256R1, 32),
    (NamedGroup::SECP384R1, 48),
    (NamedGroup::SECP521R1, 66),
];

/// Every group in every engine.
fn each(check: impl Fn(&dyn Fn(&dyn Random) -> Box<dyn ActiveKeyExchange>, NamedGroup, usize)) {
    for engine in engines() {
        for (number, len) in GROUPS {
            let group = group_of(engine, number).unwrap();
            assert_eq!(group.group(), number);
            check(&|random| group.start(random).unwrap(), number, len);
        }
    }
}

/// The key pairs and the pre_master_secret of the connection explained at tls12.xargs.org.
#[test]
fn illustrated_connection() {
    let client = hex("202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f");
    let client_public = hex("358072d6365880d1aeea329adf9121383851ed21a28e3b75e965d0d2cd166254");
    let server = hex("909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeaf");
    let server_public = hex("9fd7ad6dcff4298dd3f96d5b1b2af910a0535b1488d7f8fabb349a982880b615");
    let shared = hex("df4a291baa1eb7cfa6934b29b474baad2697e29f1f920dcc77c8a0a088447624");
    for engine in engines() {
        let group = group_of(engine, NamedGroup::X25519).unwrap();
        let (client_random, server_random) = (Fixed::new(&client), Fixed::new(&server));
        let client = group.start(&client_random).unwrap();
        let server = group.start(&server_random).unwrap();
        assert_eq!(client.public(), client_public);
        assert_eq!(server.public(), server_public);
        assert_eq!((client_random.calls(), client_random.left()), (1, 0));
        assert_eq!(*client.complete(&server_public).unwrap(), shared);
        assert_eq!(*server.complete(&client_public).unwrap(), shared);
    }
}

#[test]
fn both_sides_agree_also_across_engines() {
    for (number, len) in GROUPS {
        for ours in engines() {
            for theirs in engines() {
                let ours = group_of(ours, number).unwrap().start(&Os).unwrap();
                let theirs = group_of(theirs, number).unwrap().start(&Os).unwrap();
                let (our_share, their_share) = (ours.public().to_vec(), theirs.public().to_vec());
                let secret = ours.complete(&their_share).unwrap();
                assert_eq!(secret, theirs.complete(&our_share).unwrap());
                assert_eq!(secret.len(), len);
            }
        }
    }
}

/// The same random bytes make the same key pair in both engines, and are used as they come.
#[test]
fn the_private_key_comes_from_the_injected_source_alone() {
    for (number, len) in GROUPS {
        let bytes: Vec<u8> = (0..len as u8).collect();
        let shares: Vec<_> = engines()
            .into_iter()
            .map(|engine| {
                let random = Fixed::new(&bytes);
                let key = group_of(engine, number).unwrap().start(&random).unwrap();
                assert_eq!((random.calls(), random.left()), (1, 0), "{number}");
                key.public().to_vec()
            })
            .collect();
        assert!(shares.windows(2).all(|pair| pair[0] == pair[1]), "{number}");
    }
}

/// Zero and what is not below the order are drawn again.
#[test]
fn unusable_scalars_are_drawn_again() {
    for engine in engines() {
        for (number, len) in GROUPS.into_iter().skip(1) {
            let mut bytes = vec![0; len];
            bytes.extend(vec![0xff; len]);
            bytes.extend(vec![0x00; len - 1]);
            bytes.push(1);
            let random = Fixed::new(&bytes);
            let key = group_of(engine, number).unwrap().start(&random).unwrap();
            assert_eq!((random.calls(), random.left()), (3, 0), "{number}");
            // The private key 1 has the base point as its public key.
            let base = match number {
                NamedGroup::SECP256R1 => "046b17d1f2e12c4247",
                NamedGroup::SECP384R1 => "04aa87ca22be8b0537",
                _ => "0400c6858e06b70404",
            };
            assert_eq!(key.public()[..9], hex(base));
        }
    }
}

#[test]
fn a_broken_source_is_an_error_not_a_loop() {
    for engine in engines() {
        for (number, _) in GROUPS {
            let group = group_of(engine, number).unwrap();
            assert_eq!(group.start(&Fixed::new(&[])).err(), Some(RandomFailed));
            if number != NamedGroup::X25519 {
                assert_eq!(group.start(&Stuck(0)).err(), Some(RandomFailed), "{number}");
                assert_eq!(
                    group.start(&Stuck(0xff)).err(),
                    Some(RandomFailed),
                    "{number}"
                );
            }
        }
    }
}

#[test]
fn shares_of_a_wrong_length_are_refused() {
    each(|start, number, _| {
        let good = start(&Os).public().to_vec();
        for len in [0, 1, good.len() - 1] {
            let refused = start(&Os).complete(&good[..len]);
            assert_eq!(refused.err(), Some(InvalidKeyShare), "{number} {len}");
        }
        let mut long = good;
        long.push(0);
        assert_eq!(start(&Os).complete(&long).err(), Some(InvalidKeyShare));
    });
}

/// RFC 8422 §5.4.1 leaves the uncompressed form alone.
#[test]
fn other_point_forms_are_refused() {
    each(|start, number, len| {
        if number == NamedGroup::X25519 {
            return;
        }
        let good = start(&Os).public().to_vec();
        let parity = good[good.len() - 1] & 1;
        let mut compressed = good[..1 + len].to_vec();
        compressed[0] = 2 + parity;
        let mut hybrid = good.clone();
        hybrid[0] = 6 + parity;
        let mut no_form = good.clone();
        no_form[0] = 0;
        for share in [compressed, hybrid, no_form, vec![0], vec![0; 1 + len]] {
            let refused = start(&Os).complete(&share);
            assert_eq!(refused.err(), Some(InvalidKeyShare), "{number} {share:?}");
        }
    });
}

#[test]
fn points_off_the_curve_are_refused() {
    each(|start, number, len| {
        if number == NamedGroup::X25519 {
            return;
        }
        let good = start(&Os).public().to_vec();
        for at in [len, good.len() - 1] {
            let mut bad = good.clone();
            bad[at] ^= 1;
            let refused = start(&Os).complete(&bad);
            assert_eq!(refused.err(), Some(InvalidKeyShare), "{number} {at}");
        }
        let mut zero = vec![0; good.len()];
        zero[0] = 4;
        assert_eq!(start(&Os).complete(&zero).err(), Some(InvalidKeyShare));
    });
}

/// x = 5 + p encodes the point with x = 5 a second time, on the two curves where x = 5 is on the
/// curve and x + p still fits (SEC 1 §2.3.4 step 2.2 refuses it).
#[test]
fn coordinates_not_below_the_prime_are_refused() {
    // x = 5 on P-256, y computed with Python's integers; p + 5 fits into 32 bytes.
    let y = "459243b9aa581806fe913bce99817ade11ca503c64d9a3c533415c083248fbcc";
    let reduced = hex(&format!("04{:064x}{y}", 5));
    let x_plus_p = "ffffffff00000001000000000000000000000001000000000000000000000004";
    let unreduced = hex(&format!("04{x_plus_p}{y}"));
    for engine in engines() {
        let group = group_of(engine, NamedGroup::SECP256R1).unwrap();
        assert!(group.start(&Os).unwrap().complete(&reduced).is_ok());
        let refused = group.start(&Os).unwrap().complete(&unreduced);
        assert_eq!(refused.err(), Some(InvalidKeyShare));
    }
}

/// RFC 7748 §6.1, RFC 8422 §5.11: points of small order give the all-zero result.
#[test]
fn x25519_points_of_small_order_are_refused() {
    let small_order = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    ];
    for engine in engines() {
        let group = group_of(engine, NamedGroup::X25519).unwrap();
        for point in small_order {
            let refused = group.start(&Os).unwrap().complete(&hex(point));
            assert_eq!(refused.err(), Some(InvalidKeyShare), "{point}");
        }
    }
}

#[test]
fn unknown_groups_are_none() {
    for engine in engines() {
        for number in [0, 22, 26, 30, 0x0a0a, 0x11ec] {
            assert!(group_of(engine, NamedGroup(number)).is_none(), "{number}");
        }
    }
}
