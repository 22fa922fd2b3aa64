//! Lists that users write: cipher strings, groups, signature schemes.

use tls_core::config::{
    COMPATIBLE, LEGACY, MODERN, Policy, parse_cipher_list, parse_group_list, parse_scheme_list,
};
use tls_core::crypto::{SUITES, Suite};
use tls_core::error::Reason;

/// The OpenSSL names that a string selects, or the error's reason and text. PSK has tests of its own.
fn ciphers(text: &str, policy: &Policy) -> Result<Vec<&'static str>, (Reason, String)> {
    let without_psk = |s: &&Suite| !s.kx.row().psk;
    parse_cipher_list(text, policy)
        .map(|l| {
            l.suites
                .into_iter()
                .filter(without_psk)
                .map(|s| s.openssl_name)
                .collect()
        })
        .map_err(|e| (e.reason(), e.text().to_owned()))
}

fn ok(text: &str, policy: &Policy) -> Vec<&'static str> {
    ciphers(text, policy).unwrap_or_else(|e| panic!("{text:?}: {e:?}"))
}

fn refusal(text: &str, policy: &Policy, reason: Reason, words: &[&str]) {
    let (got, sentence) = ciphers(text, policy).expect_err(text);
    assert_eq!(got, reason, "{text:?}: {sentence}");
    for word in words {
        assert!(sentence.contains(word), "{text:?}: {sentence}");
    }
}

fn certificate_suites() -> impl Iterator<Item = &'static Suite> {
    SUITES.iter().filter(|s| !s.kx.row().psk)
}

const MODERN_NAMES: [&str; 6] = [
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-RSA-CHACHA20-POLY1305",
];

#[test]
fn everything_is_the_policys_own_order() {
    for policy in Policy::ALL {
        let all = policy.suites().filter(|s| !s.kx.row().psk);
        let all: Vec<_> = all.map(|s| s.openssl_name).collect();
        assert_eq!(ok("ALL", policy), all);
        assert_eq!(ok("DEFAULT", policy), all);
        assert_eq!(ok("DEFAULT@SECLEVEL=2", policy), all);
    }
    assert_eq!(ok("HIGH:!aNULL:!MD5", &MODERN), MODERN_NAMES);
    assert_eq!(ok("ALL", &LEGACY).len(), certificate_suites().count());
}

#[test]
fn names_of_both_registries_in_any_case() {
    let expected = [
        "ECDHE-RSA-AES256-GCM-SHA384",
        "ECDHE-ECDSA-AES128-GCM-SHA256",
    ];
    for text in [
        "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        " ecdhe-rsa-aes256-gcm-sha384 tls_ecdhe_ecdsa_with_aes_128_gcm_sha256 ",
        "ECDHE-RSA-AES256-GCM-SHA384;;ECDHE-RSA-AES256-GCM-SHA384::ECDHE-ECDSA-AES128-GCM-SHA256",
    ] {
        assert_eq!(ok(text, &MODERN), expected, "{text:?}");
    }
    for suite in certificate_suites() {
        assert_eq!(ok(suite.name, &LEGACY), [suite.openssl_name]);
        assert_eq!(ok(suite.openssl_name, &LEGACY), [suite.openssl_name]);
    }
}

#[test]
fn aliases_mean_what_they_mean_to_openssl() {
    for (text, expected) in [
        ("MEDIUM", "ECDHE-RSA-DES-CBC3-SHA DES-CBC3-SHA"),
        ("3DES+kRSA", "DES-CBC3-SHA"),
        ("kRSA+AESGCM", "AES128-GCM-SHA256 AES256-GCM-SHA384"),
        ("RSA+SHA256", "AES128-SHA256 AES256-SHA256"),
        ("RSA+AES128+SHA", "AES128-SHA"),
        ("RSA+AES256+SHA1", "AES256-SHA"),
        (
            "SHA384",
            "ECDHE-ECDSA-AES256-SHA384 ECDHE-RSA-AES256-SHA384",
        ),
        (
            "EECDH+aRSA+AES128+TLSv1.2",
            "ECDHE-RSA-AES128-GCM-SHA256 ECDHE-RSA-AES128-SHA256",
        ),
        (
            "TLSv1+AES+aECDSA",
            "ECDHE-ECDSA-AES128-SHA ECDHE-ECDSA-AES256-SHA",
        ),
        (
            "CHACHA20",
            "ECDHE-ECDSA-CHACHA20-POLY1305 ECDHE-RSA-CHACHA20-POLY1305 DHE-RSA-CHACHA20-POLY1305",
        ),
        (
            "ECDSA+AESGCM",
            "ECDHE-ECDSA-AES128-GCM-SHA256 ECDHE-ECDSA-AES256-GCM-SHA384",
        ),
        (
            "CBC+ECDSA+AES128",
            "ECDHE-ECDSA-AES128-SHA ECDHE-ECDSA-AES128-SHA256",
        ),
        (
            "SUITEB128",
            "ECDHE-ECDSA-AES128-GCM-SHA256 ECDHE-ECDSA-AES256-GCM-SHA384",
        ),
        (
            "AESCCM+kECDHE+AES128",
            "ECDHE-ECDSA-AES128-CCM ECDHE-ECDSA-AES128-CCM8",
        ),
        ("EDH+CHACHA20", "DHE-RSA-CHACHA20-POLY1305"),
        ("kDHE+SHA256+AES128", "DHE-RSA-AES128-SHA256"),
        ("DHE+AESCCM8", "DHE-RSA-AES128-CCM8 DHE-RSA-AES256-CCM8"),
        ("AESCCM8+kRSA", "AES128-CCM8 AES256-CCM8"),
        ("SUITEB128ONLY", "ECDHE-ECDSA-AES128-GCM-SHA256"),
        ("SUITEB192", "ECDHE-ECDSA-AES256-GCM-SHA384"),
    ] {
        assert_eq!(ok(text, &LEGACY).join(" "), expected, "{text}");
    }
    let fips = ok("FIPS", &LEGACY);
    assert!(
        !fips
            .iter()
            .any(|s| s.contains("CHACHA") || s.contains("CCM"))
    );
    let old = ok("SSLv3", &LEGACY);
    assert!(old.contains(&"DHE-RSA-AES128-SHA") && old.contains(&"DES-CBC3-SHA"));
    assert!(
        !old.iter()
            .any(|s| s.starts_with("ECDHE") || s.contains("SHA256"))
    );
    assert_eq!(ok("kEECDH", &LEGACY), ok("kECDHE", &LEGACY));
    assert_eq!(ok("ECDHE", &LEGACY), ok("EECDH", &LEGACY));
    for alias in ["kDHE", "kEDH", "DHE", "DH"] {
        assert_eq!(ok(alias, &LEGACY), ok("EDH", &LEGACY));
    }
    assert!(ok("EDH", &LEGACY).iter().all(|s| s.starts_with("DHE-RSA")));
}

#[test]
fn operators_and_order() {
    // A word appends what is not there yet.
    assert_eq!(
        ok("CHACHA20:AES256:AES", &MODERN),
        [&MODERN_NAMES[4..], &MODERN_NAMES[2..4], &MODERN_NAMES[..2]].concat()
    );
    // + moves to the end what is there, and adds nothing.
    assert_eq!(
        ok("ALL:+AES128", &MODERN),
        [&MODERN_NAMES[2..], &MODERN_NAMES[..2]].concat()
    );
    assert_eq!(ok("CHACHA20:+AES128", &MODERN), MODERN_NAMES[4..]);
    // - removes until it is asked for again, ! for ever.
    assert_eq!(
        ok("ALL:-AESGCM:AES256", &MODERN),
        [&MODERN_NAMES[4..], &MODERN_NAMES[2..4]].concat()
    );
    assert_eq!(ok("ALL:!AESGCM:AES256:ALL", &MODERN), MODERN_NAMES[4..]);
    assert_eq!(ok("!CHACHA20:ALL", &MODERN), MODERN_NAMES[..4]);
    // What was removed comes back in its own order, before what was never there.
    assert_eq!(
        ok("AES256:-AES256:ALL", &MODERN),
        [&MODERN_NAMES[2..4], &MODERN_NAMES[..2], &MODERN_NAMES[4..]].concat()
    );
    // Removing by the name of what the policy refuses is no error.
    assert_eq!(
        ok("ALL:!AES128-SHA:-DES-CBC3-SHA:+AES256-SHA", &MODERN),
        MODERN_NAMES
    );
}

#[test]
fn strength_sorts_only_the_list_and_keeps_the_order_within() {
    assert_eq!(
        ok("ALL:@STRENGTH", &MODERN),
        [&MODERN_NAMES[2..], &MODERN_NAMES[..2]].concat()
    );
    assert_eq!(ok("ALL@STRENGTH", &MODERN), ok("ALL:@STRENGTH", &MODERN));
    assert_eq!(
        ok("CHACHA20:AES128:@STRENGTH:AES", &MODERN),
        [&MODERN_NAMES[4..], &MODERN_NAMES[..2], &MODERN_NAMES[2..4]].concat()
    );
    assert_eq!(ok("AES128:@STRENGTH:ALL", &MODERN), MODERN_NAMES);
}

#[test]
fn security_levels_are_reported() {
    let level = |text| parse_cipher_list(text, &MODERN).expect(text).seclevel;
    assert_eq!(level("ALL"), None);
    assert_eq!(level("ALL:@SECLEVEL=0"), Some(0));
    assert_eq!(level("@SECLEVEL=3:ALL@SECLEVEL=5"), Some(5));
    for bad in [
        "ALL@SECLEVEL=6",
        "ALL:@SECLEVEL=",
        "ALL:@SECLEVEL",
        "ALL:@SECLEVEL=10",
        "ALL:@SECLEVEL=-1",
        "ALL:@strength",
        "ALL:@",
        "ALL@@STRENGTH",
        "@FOO=1:ALL",
    ] {
        refusal(bad, &MODERN, Reason::BadCipherList, &["@"]);
    }
}

#[test]
fn words_without_a_suite_select_nothing() {
    for word in [
        "aNULL",
        "eNULL",
        "NULL",
        "MD5",
        "RC4",
        "DSS",
        "aDSS",
        "CAMELLIA",
        "ARIA",
        "SEED",
        "IDEA",
        "EXPORT",
        "EXP",
        "DES",
        "ADH",
        "AECDH",
        "SRP",
        "GOST",
        "LOW",
        "SSLv2",
        "COMPLEMENTOFALL",
        "COMPLEMENTOFDEFAULT",
        "EDH+aECDSA",
        "RC4+ALL",
        "DHE-DSS-AES128-GCM-SHA256",
        "TLS_DHE_DSS_WITH_AES_128_GCM_SHA256",
        "RC4-SHA",
        "ECDH-RSA-AES128-SHA",
        "EDH-RSA-DES-CBC3-SHA",
        "TLS_AES_128_GCM_SHA256",
        "TLS_CHACHA20_POLY1305_SHA256",
        "EXP-RC4-MD5",
        "PSK-NULL-SHA",
        "ECDHE-PSK-3DES-EDE-CBC-SHA",
    ] {
        refusal(
            word,
            &LEGACY,
            Reason::BadCipherList,
            &["selects nothing", "legacy"],
        );
        for operator in ["", "!", "-", "+"] {
            let text = format!("{operator}{word}:ALL:{operator}{word}");
            assert_eq!(ok(&text, &MODERN), MODERN_NAMES, "{text}");
        }
    }
}

#[test]
fn lists_of_the_world_work() {
    let mozilla = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:\
        ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:\
        DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384:DHE-RSA-CHACHA20-POLY1305";
    assert_eq!(ok(mozilla, &LEGACY)[..6], MODERN_NAMES);
    assert_eq!(ok(mozilla, &LEGACY).len(), 9);
    // It names DHE, which is for legacy.
    let refused = Reason::RefusedByPolicy;
    let words = ["DHE-RSA-AES128-GCM-SHA256", "legacy allows"];
    refusal(mozilla, &MODERN, refused, &words);
    let python = "ECDH+AESGCM:DH+AESGCM:ECDH+AES256:DH+AES256:ECDH+AES128:DH+AES:ECDH+HIGH:DH+HIGH:\
        ECDH+3DES:DH+3DES:RSA+AESGCM:RSA+AES:RSA+HIGH:RSA+3DES:!aNULL:!eNULL:!MD5";
    assert_eq!(ok(python, &MODERN), MODERN_NAMES);
    assert_eq!(ok(python, &LEGACY).len(), certificate_suites().count());
    let old =
        "EECDH+AESGCM:EDH+AESGCM:AES256+EECDH:AES256+EDH:!LOW:!EXP:!PSK:!SRP:!KRB5:!SSLv2:!RC4";
    assert_eq!(ok(old, &COMPATIBLE)[..4], MODERN_NAMES[..4]);
}

#[test]
fn unknown_words_are_named() {
    for (text, word) in [
        ("HIHG", "\"HIHG\""),
        (
            "ALL:ECDHE-RSA-AES256-GCM-SHA256",
            "\"ECDHE-RSA-AES256-GCM-SHA256\"",
        ),
        ("ALL:!aNUL", "\"aNUL\""),
        ("ALL:-x", "\"x\""),
        ("kECDHE+AESGMC", "\"AESGMC\""),
        ("ALL:+", "\"\""),
        ("ALL:!", "\"\""),
        ("ALL:AES++ECDSA", "\"\""),
        ("ALL:!!AES", "\"!AES\""),
        ("high", "\"high\""),
        ("kecdhe", "\"kecdhe\""),
        ("ALL:\u{e9}", "\"\u{e9}\""),
        ("ALL|AES", "\"ALL|AES\""),
        ("TLSv1.3", "\"TLSv1.3\""),
        ("ALL:a\nb", "\"a\""),
        ("ALL:a\u{7}b", "\"a\\u{7}b\""),
    ] {
        refusal(
            text,
            &LEGACY,
            Reason::BadCipherList,
            &["unknown word", word],
        );
    }
}

#[test]
fn what_the_policy_refuses_is_an_error_by_name_and_nothing_by_alias() {
    let refused = Reason::RefusedByPolicy;
    refusal(
        "ALL:AES128-SHA",
        &MODERN,
        refused,
        &["AES128-SHA", "modern refuses", "legacy allows"],
    );
    refusal(
        "TLS_RSA_WITH_AES_128_GCM_SHA256",
        &COMPATIBLE,
        refused,
        &["compatible", "legacy"],
    );
    refusal(
        "ECDHE-RSA-AES128-SHA",
        &MODERN,
        refused,
        &["modern", "compatible allows"],
    );
    refusal(
        "ECDHE-ECDSA-AES128-CCM",
        &MODERN,
        refused,
        &["modern", "compatible allows"],
    );
    refusal(
        "ECDHE-ECDSA-AES128-CCM8",
        &COMPATIBLE,
        refused,
        &["compatible", "legacy allows"],
    );
    assert_eq!(
        ok("ECDHE-RSA-AES128-SHA", &COMPATIBLE),
        ["ECDHE-RSA-AES128-SHA"]
    );
    assert_eq!(ok("kRSA:3DES:AESGCM+kECDHE", &MODERN), MODERN_NAMES[..4]);
    refusal(
        "kRSA",
        &MODERN,
        Reason::BadCipherList,
        &["selects nothing", "modern", "legacy has"],
    );
    refusal("CBC", &MODERN, Reason::BadCipherList, &["compatible has"]);
    for empty in [
        "",
        " :, ;",
        "ALL:!ALL",
        "ALL:-ALL",
        "+ALL",
        "!AES",
        "@STRENGTH",
    ] {
        refusal(empty, &MODERN, Reason::BadCipherList, &["selects nothing"]);
    }
}

#[test]
fn groups() {
    let names = |text, policy| {
        parse_group_list(text, policy)
            .map(|l| {
                l.iter()
                    .map(|g| g.name().expect("known"))
                    .collect::<Vec<_>>()
                    .join(" ")
            })
            .map_err(|e| (e.reason(), e.text().to_owned()))
    };
    for (text, expected) in [
        ("X25519", "x25519"),
        ("P-384:x25519", "secp384r1 x25519"),
        (
            "prime256v1,secp384r1 P-521",
            "secp256r1 secp384r1 secp521r1",
        ),
        ("P-256:secp256r1:prime256v1", "secp256r1"),
        ("X448:X25519MLKEM768:P-256", "secp256r1"),
        ("X25519:?ffdhe2048", "x25519"),
        ("?nonsense:?X448:?p-256", "secp256r1"),
        ("DEFAULT", "x25519 secp256r1 secp384r1 secp521r1"),
        ("P-384:DEFAULT", "secp384r1 x25519 secp256r1 secp521r1"),
        ("DEFAULT:-P-256:-X448", "x25519 secp384r1 secp521r1"),
        ("P-384/P-256:DEFAULT:-DEFAULT:P-521", "secp521r1"),
        ("?*X25519MLKEM768 / *X25519:secp256r1", "x25519 secp256r1"),
        ("X25519:-X25519:P-256:X25519", "secp256r1 x25519"),
    ] {
        assert_eq!(names(text, &MODERN), Ok(expected.into()), "{text}");
    }
    for (text, word) in [
        ("", "selects nothing"),
        ("X448", "selects nothing"),
        ("?X25519x", "selects nothing"),
        ("P-257", "\"P-257\""),
        ("X25519:!P-256", "\"!P-256\""),
        ("X25519:-P-257", "\"P-257\""),
        ("X25519:-X25519", "selects nothing"),
        ("DEFAULT:default", "\"default\""),
        ("X25519:*", "\"\""),
    ] {
        let (reason, sentence) = names(text, &MODERN).expect_err(text);
        assert_eq!(reason, Reason::BadGroupList, "{text}");
        assert!(sentence.contains(word), "{sentence}");
    }
}

#[test]
fn schemes() {
    let names = |text, policy| {
        parse_scheme_list(text, policy)
            .map(|l| {
                l.iter()
                    .map(|g| g.name().expect("known"))
                    .collect::<Vec<_>>()
                    .join(" ")
            })
            .map_err(|e| (e.reason(), e.text().to_owned()))
    };
    for (text, expected) in [
        ("RSA+SHA256", "rsa_pkcs1_sha256"),
        ("?rsa_pss_pss_sha9:ed25519", "ed25519"),
        (
            "RSA-PSS+SHA256:PSS+SHA384",
            "rsa_pss_rsae_sha256 rsa_pss_rsae_sha384",
        ),
        ("ECDSA+SHA256:ed25519", "ecdsa_secp256r1_sha256 ed25519"),
        (
            "rsa_pss_pss_sha512,ecdsa_secp521r1_sha512",
            "rsa_pss_pss_sha512 ecdsa_secp521r1_sha512",
        ),
        ("ecdsa+sha384:ECDSA+SHA384", "ecdsa_secp384r1_sha384"),
        ("ed448:DSA+SHA256:RSA+SHA224:RSA+SHA512", "rsa_pkcs1_sha512"),
        ("?RSA+SHA1:?nonsense:RSA+SHA256", "rsa_pkcs1_sha256"),
    ] {
        assert_eq!(names(text, &MODERN), Ok(expected.into()), "{text}");
    }
    assert_eq!(
        names("RSA+SHA1:ecdsa_sha1", &LEGACY),
        Ok("rsa_pkcs1_sha1 ecdsa_sha1".into())
    );
    for (text, reason, word) in [
        ("", Reason::BadSchemeList, "selects nothing"),
        ("ed448", Reason::BadSchemeList, "selects nothing"),
        ("RSA+SHA257", Reason::BadSchemeList, "\"RSA+SHA257\""),
        ("RSA", Reason::BadSchemeList, "\"RSA\""),
        ("RSA+SHA1", Reason::RefusedByPolicy, "legacy allows"),
        (
            "ed25519:ecdsa_sha1",
            Reason::RefusedByPolicy,
            "\"ecdsa_sha1\"",
        ),
    ] {
        let (got, sentence) = names(text, &MODERN).expect_err(text);
        assert_eq!(got, reason, "{text}: {sentence}");
        assert!(sentence.contains(word), "{text}: {sentence}");
    }
}

#[test]
fn groups_of_equals() {
    let parsed = |text: &str| {
        let list = parse_cipher_list(text, &LEGACY).unwrap_or_else(|e| panic!("{text}: {e}"));
        let names = |suites: Vec<&Suite>| suites.iter().map(|s| s.openssl_name).collect::<Vec<_>>();
        let equal: Vec<_> = list.equal.into_iter().map(names).collect();
        (names(list.suites), equal)
    };
    let (a, b, c) = (MODERN_NAMES[0], MODERN_NAMES[3], MODERN_NAMES[5]);
    let groups = vec![vec![b, a]];
    assert_eq!(
        parsed(&format!("[{b}|{a}]:{c}")),
        (vec![b, a, c], groups.clone())
    );
    assert_eq!(parsed(&format!("{c}:[{b}|{a}]")), (vec![c, b, a], groups));
    let two = format!("[{a}|{b}]:[ECDHE+CHACHA20|AES128-SHA]");
    let suites = [&[a, b][..], &MODERN_NAMES[4..], &["AES128-SHA"]].concat();
    let second = suites[2..].to_vec();
    assert_eq!(parsed(&two), (suites, vec![vec![a, b], second]));
    // What is there already is in no group, and a group of one is none.
    assert_eq!(parsed(&format!("{a}:[{a}|{b}]")), (vec![a, b], vec![]));
    assert_eq!(parsed(&format!("[{a}|{b}]:!AES256")), (vec![a], vec![]));
    assert_eq!(parsed(&format!("[{a}]")), (vec![a], vec![]));
    for (text, word) in [
        ("[AES128-SHA|AES256-SHA", "does not end"),
        ("[", "does not end"),
        ("[AES128-SHA:AES256-SHA]", "does not end"),
        ("[]", "unknown word: \"\""),
        ("[AES128-SHA|]", "unknown word: \"\""),
        ("[AES128-SHA||AES256-SHA]", "unknown word: \"\""),
        ("[AES128-SHA|!AES256-SHA]", "operator"),
        ("[AES128-SHA|[AES256-SHA]]", "unknown word"),
        ("AES128-SHA]", "unknown word: \"AES128-SHA]\""),
        ("[AES128-SHA|AES256-SHA]:@STRENGTH", "@STRENGTH"),
        ("[AES128-SHA|AES265-SHA]", "\"AES265-SHA\""),
    ] {
        refusal(text, &LEGACY, Reason::BadCipherList, &[word]);
    }
    let refused = Reason::RefusedByPolicy;
    refusal("[ALL|AES128-SHA]", &MODERN, refused, &["AES128-SHA"]);
}

#[test]
fn pre_shared_keys_by_openssls_aliases() {
    let all = |text: &str| {
        let list = parse_cipher_list(text, &LEGACY).unwrap_or_else(|e| panic!("{text}: {e}"));
        list.suites
    };
    let names = |text| all(text).iter().map(|s| s.openssl_name).collect::<Vec<_>>();
    assert_eq!(
        names("kPSK+AESGCM"),
        ["PSK-AES128-GCM-SHA256", "PSK-AES256-GCM-SHA384"]
    );
    assert_eq!(
        names("PSK+CHACHA20"),
        [
            "ECDHE-PSK-CHACHA20-POLY1305",
            "PSK-CHACHA20-POLY1305",
            "DHE-PSK-CHACHA20-POLY1305",
            "RSA-PSK-CHACHA20-POLY1305"
        ]
    );
    for (alias, start) in [
        ("kPSK", "PSK-"),
        ("kECDHEPSK", "ECDHE-PSK-"),
        ("kDHEPSK", "DHE-PSK-"),
        ("kRSAPSK", "RSA-PSK-"),
    ] {
        assert!(names(alias).iter().all(|name| name.starts_with(start)));
        let every = SUITES.iter().filter(|s| s.openssl_name.starts_with(start));
        assert_eq!(names(alias).len(), every.count(), "{alias}");
    }
    // RSA_PSK has a certificate: aRSA, not aPSK.
    assert_eq!(names("aPSK:kRSAPSK").len(), names("PSK").len());
    assert!(all("aRSA+PSK").iter().all(|s| s.kx.row().certificate));
    assert!(all("ALL:!PSK").iter().all(|s| !s.kx.row().psk));
    for alias in ["kECDHE", "EDH", "RSA"] {
        assert!(all(alias).iter().all(|s| !s.kx.row().psk), "{alias}");
    }
    for suite in SUITES {
        assert_eq!(all(suite.name), [suite]);
        assert_eq!(all(suite.openssl_name), [suite]);
    }
}

#[test]
fn no_suite_is_anonymous_or_without_encryption() {
    for suite in SUITES {
        let row = suite.kx.row();
        assert!(row.certificate || row.psk, "{}", suite.name);
        assert!(!suite.name.contains("NULL") && !suite.name.contains("anon"));
        assert!(suite.bits >= 112);
    }
    for word in [
        "NULL",
        "eNULL",
        "aNULL",
        "ADH",
        "AECDH",
        "ADH-AES128-SHA",
        "NULL-SHA256",
    ] {
        refusal(word, &LEGACY, Reason::BadCipherList, &["selects nothing"]);
        let with_all = parse_cipher_list(&format!("ALL:{word}"), &LEGACY);
        assert_eq!(with_all.map(|l| l.suites.len()), Ok(SUITES.len()));
    }
}

#[test]
fn security_levels_ask_for_what_openssl_asks() {
    use tls_core::config::{MAX_SECURITY_LEVEL, Strength};
    use tls_core::crypto::KeyKind;
    use tls_core::wire::{NamedGroup as G, SignatureScheme as S};
    let suites = |level| {
        let strength = Strength::of_level(level);
        let left = LEGACY.suites().filter(|s| strength.allows_suite(s));
        left.map(|s| s.openssl_name).collect::<Vec<_>>()
    };
    let has = |level, name: &str| suites(level).contains(&name);
    assert_eq!(suites(0).len(), SUITES.len());
    // The first level that a suite does not reach.
    for (name, until) in [
        ("AES128-CCM8", 1),
        ("DES-CBC3-SHA", 3),
        ("AES256-GCM-SHA384", 3),
        ("PSK-AES256-GCM-SHA384", 3),
        ("RSA-PSK-AES256-GCM-SHA384", 3),
        ("ECDHE-RSA-AES128-GCM-SHA256", 4),
        ("ECDHE-RSA-AES256-SHA", 4),
    ] {
        assert!(has(until - 1, name) && !has(until, name), "{name}");
    }
    for name in [
        "ECDHE-RSA-AES256-GCM-SHA384",
        "ECDHE-ECDSA-CHACHA20-POLY1305",
        "DHE-RSA-AES256-SHA256",
        "DHE-PSK-AES256-GCM-SHA384",
    ] {
        assert!(has(MAX_SECURITY_LEVEL, name), "{name}");
    }
    let groups = |level| {
        let strength = Strength::of_level(level);
        let all = LEGACY.groups.iter().copied();
        all.filter(|g| strength.allows_group(*g))
            .collect::<Vec<_>>()
    };
    assert_eq!(groups(2), LEGACY.groups);
    assert!(!groups(3).contains(&G::FFDHE2048) && groups(3).contains(&G::FFDHE3072));
    assert_eq!(groups(4), [G::SECP384R1, G::SECP521R1, G::FFDHE8192]);
    assert_eq!(groups(5), [G::SECP521R1]);
    let schemes = |level, scheme| Strength::of_level(level).allows_scheme(scheme);
    assert!(schemes(0, S::RSA_PKCS1_SHA1) && !schemes(1, S::RSA_PKCS1_SHA1));
    assert!(schemes(3, S::ED25519) && !schemes(4, S::ED25519));
    assert!(schemes(4, S::RSA_PSS_PSS_SHA384) && !schemes(5, S::RSA_PSS_PSS_SHA384));
    assert!(schemes(5, S::ECDSA_SECP521R1_SHA512));
    let key = |level, kind| Strength::of_level(level).check_key(kind);
    assert_eq!(key(1, KeyKind::Rsa { bits: 1024 }), Ok(()));
    assert_eq!(key(2, KeyKind::Rsa { bits: 2047 }), Err((2047, 2048)));
    assert_eq!(key(3, KeyKind::RsaPss { bits: 2048 }), Err((2048, 3072)));
    assert_eq!(key(4, KeyKind::Rsa { bits: 8192 }), Ok(()));
    assert_eq!(key(5, KeyKind::Rsa { bits: 8192 }), Err((8192, 15360)));
    assert_eq!(key(4, KeyKind::Ec(G::SECP256R1)), Err((256, 384)));
    assert_eq!(key(4, KeyKind::Ed25519), Err((256, 384)));
    assert_eq!(key(5, KeyKind::Ec(G::SECP521R1)), Ok(()));
}

#[test]
fn a_level_only_ever_adds_to_the_policy() {
    use tls_core::config::Strength;
    let modern = Strength::of_policy(&MODERN);
    for level in 0..=1 {
        let both = modern.and(Strength::of_level(level));
        assert!(both.rsa_bits == 2048 && both.ec_bits == 256 && both.hash_bits == 256);
    }
    let legacy = Strength::of_policy(&LEGACY);
    assert_eq!((legacy.rsa_bits, legacy.hash_bits), (1024, 160));
    let both = legacy.and(Strength::of_level(3));
    assert_eq!(
        (both.rsa_bits, both.dh_bits, both.hash_bits),
        (3072, 3072, 256)
    );
    assert!(both.forward_secrecy && !both.no_sha1_mac);
}
