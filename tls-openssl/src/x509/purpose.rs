//! X509_check_ca: whether a certificate says of itself that it may issue others.

use super::X509;
use super::general::extension;
use crate::der;
use crate::guard::guard;
use crate::sys;
use core::ffi::c_int;

/// id-ce-keyUsage, and its bit keyCertSign (RFC 5280 §4.2.1.3) in the first byte.
const KEY_USAGE: &[u8] = b"\x55\x1d\x0f";
const CERT_SIGN: u8 = 0x04;
/// id-ce-basicConstraints
const BASIC_CONSTRAINTS: &[u8] = b"\x55\x1d\x13";
/// 2.16.840.1.113730.1.1, Netscape's kinds of certificates: the three bits of CAs.
const NETSCAPE: &[u8] = b"\x60\x86\x48\x01\x86\xf8\x42\x01\x01";
const ANY_CA: u8 = 0x07;

/// The first byte of an extension that is a BIT STRING; `None` where it is not there.
fn bits(x509: &X509, oid: &[u8]) -> Option<u8> {
    let (value, _) = extension(x509, oid)?;
    match der::element(value) {
        Some((0x03, [_, first, ..], _)) => Some(*first),
        _ => Some(0),
    }
}

/// 1: a CA by its basicConstraints. Without that extension: 3 for a root of version 1, 4 where keyUsage allows it to sign
/// certificates, 5 where Netscape's extension calls it a CA. 0: none.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_check_ca(x509: Option<&X509>) -> c_int {
    guard(0, || {
        let Some(x509) = x509 else { return 0 };
        let usage = bits(x509, KEY_USAGE);
        if usage.is_some_and(|usage| usage & CERT_SIGN == 0) {
            return 0;
        }
        let raw = x509.native().raw();
        // SAFETY: a live certificate.
        let (ca, version) = unsafe { (sys::tls_cert_is_ca(raw), sys::tls_cert_version(raw)) };
        if extension(x509, BASIC_CONSTRAINTS).is_some() {
            return c_int::from(ca == 1);
        }
        if version == 1 && x509.is_self_issued() {
            return 3;
        }
        match (usage, bits(x509, NETSCAPE)) {
            (Some(_), _) => 4,
            (None, Some(kinds)) if kinds & ANY_CA != 0 => 5,
            _ => 0,
        }
    })
}
