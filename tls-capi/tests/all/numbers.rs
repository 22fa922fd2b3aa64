//! The numbers of the header are those of the library.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use tls_core::error::Reason;

/// `NAME: c_int = n` of a source file.
fn constants(source: &'static str) -> BTreeMap<&'static str, i64> {
    let constants = source.lines().filter_map(|line| {
        let (name, value) = line.strip_prefix("pub const ")?.split_once(": c_int = ")?;
        Some((name, value.strip_suffix(';')?.parse().ok()?))
    });
    constants.collect()
}

#[test]
fn every_reason_is_in_the_header_and_no_other() {
    let expected = Reason::ALL
        .iter()
        .map(|r| (format!("TLS_REASON_{}", r.name()), *r as i64));
    let declared = constants(include_str!("../../src/reason.rs"));
    let declared = declared
        .iter()
        .map(|(name, number)| ((*name).to_owned(), *number));
    let (expected, declared): (BTreeMap<_, _>, BTreeMap<_, _>) =
        (expected.collect(), declared.collect());
    assert_eq!(expected, declared);
}

#[test]
fn return_codes_are_apart_and_equal_openssls() {
    let codes = constants(include_str!("../../src/code.rs"));
    // SSL_ERROR_SSL 1, WANT_READ 2, WANT_WRITE 3, WANT_X509_LOOKUP 4, SYSCALL 5
    for (name, number) in [
        ("TLS_OK", 0),
        ("TLS_ERR_TLS", -1),
        ("TLS_WANT_READ", -2),
        ("TLS_WANT_WRITE", -3),
        ("TLS_WANT_APP", -4),
        ("TLS_ERR_IO", -5),
        ("TLS_ERR_USAGE", -100),
        ("TLS_ERR_PANIC", -101),
    ] {
        assert_eq!(codes.get(name), Some(&number), "{name}");
    }
}
