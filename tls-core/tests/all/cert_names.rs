//! Which names a certificate is for.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::judge::{Judge, judge};
use tls_core::cert::ServerName;
use tls_core::error::Reason as R;

fn mismatch(judge: Judge, name: &str, words: &[&str]) {
    judge.named(name).refused(R::CertificateNameMismatch, words);
}

#[test]
fn dns_names_wildcards_and_addresses() {
    for name in [
        "example.test",
        "EXAMPLE.Test",
        "example.test.",
        "localhost",
        "a.wild.test",
        "A.WILD.TEST",
        "127.0.0.1",
        "::1",
        "[::1]",
        "0:0:0:0:0:0:0:1",
    ] {
        judge("server-rsa").named(name).accepted();
    }
    for name in [
        "a.example.test",
        "example.tes",
        "xample.test",
        "test",
        "wild.test",
        "a.b.wild.test",
        "127.0.0.2",
        "::2",
        "::ffff:127.0.0.1",
        "localhost.localdomain",
    ] {
        mismatch(
            judge("server-rsa"),
            name,
            &["localhost, example.test, *.wild.test, 127.0.0.1, ::1"],
        );
    }
    judge("name-wildcard").named("a.example.test").accepted();
    mismatch(
        judge("name-wildcard"),
        "example.test",
        &["for *.example.test, not for example.test"],
    );
    judge("name-ip").named("192.0.2.1").accepted();
    judge("name-ip").named("2001:db8::1").accepted();
    mismatch(
        judge("name-ip"),
        "192.0.2.2",
        &["for 192.0.2.1, 2001:db8::1, not for 192.0.2.2"],
    );
    mismatch(judge("name-ip"), "example.test", &["not for example.test"]);
}

#[test]
fn sentences_name_both_sides_and_stay_short() {
    mismatch(
        judge("bad-name"),
        "c.other.test",
        &["the certificate is for a.other.test, b.other.test, not for c.other.test"],
    );
    judge("name-many").named("h.many.test").accepted();
    mismatch(
        judge("name-many"),
        "i.many.test",
        &["a.many.test, b.many.test", "h.many.test, not for"],
    );
    mismatch(
        judge("name-email-only"),
        "cn.example.test",
        &["names no host"],
    );
    mismatch(
        judge("name-cn"),
        "cn.example.test",
        &["CN=cn.example.test has no subjectAltName"],
    );
}

#[test]
fn no_name_is_checked_where_none_is_given() {
    let mut any = judge("bad-name");
    any.name = None;
    any.accepted();
}

#[test]
fn common_names_count_only_where_asked_for_and_without_subject_alt_name() {
    judge("name-cn")
        .with_common_name()
        .named("cn.example.test")
        .accepted();
    judge("name-cn")
        .with_common_name()
        .named("CN.EXAMPLE.test")
        .accepted();
    let words = ["the certificate is for cn.example.test, not for a.example.test"];
    mismatch(
        judge("name-cn").with_common_name(),
        "a.example.test",
        &words,
    );
    mismatch(
        judge("name-cn-and-san").with_common_name(),
        "cn.example.test",
        &["san.example.test"],
    );
    mismatch(
        judge("name-email-only").with_common_name(),
        "cn.example.test",
        &["names no host"],
    );
    mismatch(
        judge("name-cn-ip").with_common_name(),
        "192.0.2.9",
        &["no subjectAltName"],
    );
    judge("name-cn-and-san")
        .with_common_name()
        .named("san.example.test")
        .accepted();
}

#[test]
fn a_common_name_under_name_constraints_is_refused() {
    let judge = judge("bad-cn-constrained").with_common_name();
    judge.named("cn.inside.test").refused(
        R::CertificateConstraint,
        &["CN=cn.inside.test", "common name"],
    );
}

#[test]
fn server_names() {
    for good in [
        "a",
        "a.b",
        "a-b.c",
        "a_b.c",
        "xn--kse-qla.test",
        "1.a",
        "a1",
        "123.example.test",
        "localhost",
    ] {
        assert!(
            matches!(ServerName::parse(good), Ok(ServerName::Dns(_))),
            "{good}"
        );
    }
    for bad in [
        "",
        ".",
        "..",
        "a..b",
        ".a",
        "-a",
        "a-",
        "a b",
        "a/b",
        "*.a",
        "käse.test",
        "1.2.3",
        "1.2.3.4.5",
        "256.1.1.1",
        "[a]",
        "[::1",
        "a\0b",
    ] {
        assert!(ServerName::parse(bad).is_err(), "{bad}");
    }
    assert!(ServerName::parse(&"a".repeat(64)).is_err());
    assert!(ServerName::parse(&["a".repeat(63).as_str(); 4].join(".")).is_err());
    // A name that was not parsed matches nothing.
    let mut odd = judge("server-rsa");
    odd.name = Some(ServerName::Dns("not a name".into()));
    odd.refused(R::CertificateNameMismatch, &["not for not a name"]);
    odd.name = Some(ServerName::Dns("*.wild.test".into()));
    odd.refused(R::CertificateNameMismatch, &[]);
}
