//! DHE between our two sides: named groups, a server's own group, and who gets which.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::plan::GCM;
use common::puppet::{Puppet, suite};
use common::wire::{list16, lists16};
use common::{client, config, handshake, reason, server, server_config, transfer};
use std::sync::Arc;
use tls_core::config::{COMPATIBLE, Config, LEGACY, MODERN, Policy, Preference};
use tls_core::conn::Connection;
use tls_core::crypto::{DhParams, SUITES};
use tls_core::error::Reason;
use tls_core::wire::{ExtensionType as E, HandshakeType as T, NamedGroup as G};

pub(crate) const FIELDS: [G; 5] = [
    G::FFDHE2048,
    G::FFDHE3072,
    G::FFDHE4096,
    G::FFDHE6144,
    G::FFDHE8192,
];

/// DHE alone, with these groups.
fn only_dhe(mut config: Config, groups: &[G]) -> Config {
    config.suites.retain(|s| s.is_dhe() && s.id == 0x009e);
    config.groups = groups.to_vec();
    config
}

/// Odd numbers of so many bits stand in for primes: nobody checks that, here or elsewhere.
pub(crate) fn own_group(bits: usize) -> Arc<DhParams> {
    let mut p = vec![0xff; bits.div_ceil(8)];
    p[0] >>= 8 * p.len() - bits;
    Arc::new(DhParams::new(&p, &[2]).unwrap())
}

fn run(client_config: Config, server_config: Config) -> (Connection, Connection) {
    let (mut c, mut s) = (client(client_config), server(server_config));
    let _result = handshake(&mut c, &mut s);
    (c, s)
}

#[test]
fn every_named_group_by_the_servers_order_and_by_the_clients() {
    for group in FIELDS {
        let ours = only_dhe(config(&LEGACY), &[G::X25519, group]);
        let (mut c, mut s) = run(ours, server_config(&LEGACY, &["server-rsa"]));
        transfer(&mut c, &mut s, b"to");
        transfer(&mut s, &mut c, b"fro");
        for facts in [c.facts(), s.facts()] {
            assert_eq!(facts.group, Some(group));
            assert_eq!(facts.dh_bits, DhParams::named(group).map(DhParams::bits));
        }
    }
    for (preference, expected) in [
        (Preference::Server, G::FFDHE3072),
        (Preference::Client, G::FFDHE2048),
    ] {
        let ours = only_dhe(config(&LEGACY), &[G::FFDHE2048, G::FFDHE3072]);
        let mut theirs = server_config(&LEGACY, &["server-rsa"]);
        theirs.groups = vec![G::FFDHE4096, G::FFDHE3072, G::FFDHE2048];
        theirs.preference = preference;
        assert_eq!(run(ours, theirs).0.facts().group, Some(expected));
    }
}

#[test]
fn dhe_is_for_legacy_alone() {
    let has = |policy: &Policy| {
        let fields = policy.groups.iter().any(|g| g.is_ffdhe());
        (policy.suites().any(|s| s.is_dhe()), fields)
    };
    assert_eq!(has(&MODERN), (false, false));
    assert_eq!(has(&COMPATIBLE), (false, false));
    assert_eq!(has(&LEGACY), (true, true));
    let ours = only_dhe(config(&LEGACY), &[G::FFDHE2048]);
    let (_, s) = run(ours, server_config(&COMPATIBLE, &["server-rsa"]));
    assert_eq!(reason(&s), Reason::NoCommonSuite);
}

#[test]
fn supported_groups_lists_what_the_suites_can_use() {
    let groups = |change: fn(&mut Config)| {
        let mut config = config(&LEGACY);
        change(&mut config);
        let puppet = Puppet::against_client(config);
        let hello = common::wire::ClientHello::parse(&puppet.client_hello_body());
        hello.extensions.get(E::SUPPORTED_GROUPS).map(lists16)
    };
    let all = LEGACY.groups.iter().map(|g| g.0).collect::<Vec<_>>();
    assert_eq!(groups(|_| {}), Some(all.clone()));
    let no_dhe = groups(|c| c.suites.retain(|s| !s.is_dhe()));
    assert_eq!(no_dhe, Some(all[..4].to_vec()));
    let no_ecdhe = groups(|c| c.suites.retain(|s| !s.is_ecdhe()));
    assert_eq!(no_ecdhe, Some(all[4..].to_vec()));
    assert_eq!(
        groups(|c| c.suites.retain(|s| !s.is_dhe() && !s.is_ecdhe())),
        None
    );
}

#[test]
fn suites_without_a_curve_are_not_offered() {
    let mut config = config(&LEGACY);
    config.groups = FIELDS.to_vec();
    let puppet = Puppet::against_client(config.clone());
    let hello = common::wire::ClientHello::parse(&puppet.client_hello_body());
    assert!(hello.suites.iter().all(|id| !suite(*id).is_ecdhe()));
    assert!(hello.extensions.get(E::EC_POINT_FORMATS).is_none());
    // Nor chosen by a server, and a list that has nothing else is no list.
    let mut theirs = server_config(&LEGACY, &["server-rsa"]);
    theirs.groups = FIELDS.to_vec();
    let (c, _) = run(common::config(&LEGACY), theirs);
    assert!(c.facts().suite.unwrap().is_dhe());
    config.suites.retain(|s| s.is_ecdhe());
    assert_eq!(reason(&client(config)), Reason::BadCipherList);
}

/// A puppet client that offers one DHE suite and these groups; the group and bits that it gets.
fn served(config: Config, groups: Option<&[u16]>) -> Result<(Option<G>, usize), Reason> {
    let mut hello = GCM.client_hello();
    hello.suites = vec![0x009e];
    match groups {
        Some(groups) => hello.extensions.set(E::SUPPORTED_GROUPS, &list16(groups)),
        None => hello.extensions.remove(E::SUPPORTED_GROUPS),
    }
    let mut puppet = Puppet::against_server(config);
    puppet.client_hello(&hello);
    let _result = puppet.drive();
    if puppet.conn.is_failed() {
        return Err(reason(&puppet.conn));
    }
    let heard = puppet.heard();
    assert!(heard.iter().any(|m| m.0 == T::SERVER_KEY_EXCHANGE));
    let facts = puppet.conn.facts();
    Ok((facts.group, facts.dh_bits.unwrap()))
}

#[test]
fn rfc7919_4_a_client_that_lists_fields_gets_one_of_them_or_no_dhe_suite() {
    let ours = || server_config(&LEGACY, &["server-rsa"]);
    for own in [None, Some(own_group(2048))] {
        let got = |groups: &[u16]| {
            let mut config = ours();
            config.dh_params = own.clone();
            served(config, Some(groups))
        };
        assert_eq!(got(&[23, 257, 256]), Ok((Some(G::FFDHE2048), 2048)));
        assert_eq!(got(&[260]), Ok((Some(G::FFDHE8192), 8192)));
        // Nobody's, private use, and the last of the range; curves do not matter.
        for unknown in [&[261][..], &[23, 508], &[511, 29]] {
            assert_eq!(got(unknown), Err(Reason::NoCommonDhGroup), "{unknown:?}");
        }
    }
    let mut few = ours();
    few.groups = vec![G::FFDHE3072];
    assert_eq!(served(few, Some(&[256])), Err(Reason::NoCommonDhGroup));
}

#[test]
fn a_client_that_lists_no_field_gets_the_servers_own_group_or_its_first() {
    let ours = || server_config(&LEGACY, &["server-rsa"]);
    for groups in [None, Some(&[23, 29][..]), Some(&[255, 512])] {
        assert_eq!(served(ours(), groups), Ok((Some(G::FFDHE2048), 2048)));
        let mut own = ours();
        own.dh_params = Some(own_group(2050));
        assert_eq!(served(own.clone(), groups), Ok((None, 2050)));
        own.dh_params = Some(Arc::new(DhParams::named(G::FFDHE4096).unwrap().clone()));
        assert_eq!(served(own, groups), Ok((Some(G::FFDHE4096), 4096)));
        let mut none = ours();
        none.groups.retain(|g| !g.is_ffdhe());
        assert_eq!(served(none, groups), Err(Reason::NoCommonGroup));
    }
}

#[test]
fn another_suite_is_found_where_no_field_is() {
    let mut ours = config(&LEGACY);
    ours.suites = [0x009e, 0x009c].map(suite).to_vec();
    ours.groups = vec![G::FFDHE2048];
    let mut theirs = server_config(&LEGACY, &["server-rsa"]);
    theirs.groups = vec![G::FFDHE3072];
    assert_eq!(run(ours, theirs).0.facts().suite.unwrap().id, 0x009c);
}

#[test]
fn a_servers_own_group_between_our_two_sides() {
    for (bits, danger) in [(2048, false), (2049, false), (1024, true), (2047, true)] {
        let mut theirs = only_dhe(server_config(&LEGACY, &["server-rsa"]), &[G::X25519]);
        theirs.dh_params = Some(own_group(bits));
        theirs.dh_1024 = danger;
        let mut ours = only_dhe(config(&LEGACY), &[G::X25519]);
        ours.dh_1024 = danger;
        let (mut c, mut s) = run(ours, theirs.clone());
        transfer(&mut c, &mut s, b"data");
        assert_eq!((c.facts().group, c.facts().dh_bits), (None, Some(bits)));
        // Without the option neither side has it.
        if danger {
            let (c, _) = run(only_dhe(config(&LEGACY), &[G::X25519]), theirs.clone());
            assert_eq!(reason(&c), Reason::DhTooSmall);
            theirs.dh_1024 = false;
            assert_eq!(reason(&server(theirs)), Reason::BadDhParams);
        }
    }
}

#[test]
fn an_rsapss_certificate_signs_for_every_dhe_suite() {
    for suite in SUITES.iter().filter(|s| s.is_dhe() && s.kx.row().signed) {
        let mut ours = config(&LEGACY);
        ours.suites = vec![suite];
        let (mut c, mut s) = run(ours, server_config(&LEGACY, &["server-rsapss"]));
        transfer(&mut c, &mut s, b"data");
    }
}
