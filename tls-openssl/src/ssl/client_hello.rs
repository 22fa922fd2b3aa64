//! `SSL_client_hello_get0_*`: the ClientHello, inside of the callback that is asked about it.

use super::SSL;
use crate::args::Out;
use core::ffi::{c_int, c_uchar, c_uint};

/// The parts of a ClientHello (RFC 5246 §7.4.1.2). libtlscore has read it before.
struct Parts<'a> {
    random: &'a [u8],
    session_id: &'a [u8],
    ciphers: &'a [u8],
    compressions: &'a [u8],
    extensions: &'a [u8],
}

/// A vector behind its length of `size` bytes.
fn vector(bytes: &[u8], size: usize) -> Option<(&[u8], &[u8])> {
    let (len, rest) = bytes.split_at_checked(size)?;
    let len = len.iter().fold(0, |n, byte| n << 8 | usize::from(*byte));
    rest.split_at_checked(len)
}

fn parts(raw: &[u8]) -> Option<Parts<'_>> {
    let body = raw.get(4..)?;
    let (random, rest) = body.get(2..)?.split_at_checked(32)?;
    let (session_id, rest) = vector(rest, 1)?;
    let (ciphers, rest) = vector(rest, 2)?;
    let (compressions, rest) = vector(rest, 1)?;
    let extensions = if rest.is_empty() {
        rest
    } else {
        vector(rest, 2)?.0
    };
    Some(Parts {
        random,
        session_id,
        ciphers,
        compressions,
        extensions,
    })
}

impl SSL {
    /// The numbers of the suites that a ClientHello offers, as far as it was kept: for servers with a callback.
    pub(crate) fn hello_ciphers(&self) -> Vec<u8> {
        let hello = self.hello.borrow();
        let parts = hello.as_ref().and_then(|hello| parts(&hello.raw));
        parts.map_or_else(Vec::new, |parts| parts.ciphers.to_vec())
    }
}

impl SSL {
    /// The contents of an extension of a ClientHello that was kept.
    pub(super) fn hello_extension(&self, number: u16) -> Option<Vec<u8>> {
        let hello = self.hello.borrow();
        let parts = parts(&hello.as_ref()?.raw)?;
        extension(parts.extensions, number).map(<[u8]>::to_vec)
    }
}

/// Shows a part, which lives as long as the SSL keeps its hello; its length.
fn show(
    ssl: Option<&SSL>,
    out: Out<'_, *const c_uchar>,
    part: impl for<'a> FnOnce(&Parts<'a>) -> &'a [u8],
) -> usize {
    let Some(ssl) = ssl else { return 0 };
    let hello = ssl.hello.borrow();
    let Some(parts) = hello.as_ref().and_then(|hello| parts(&hello.raw)) else {
        return 0;
    };
    let part = part(&parts);
    out.set(part.as_ptr());
    part.len()
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_client_hello_get0_random(
    ssl: Option<&SSL>,
    out: Out<'_, *const c_uchar>,
) -> usize {
    show(ssl, out, |parts| parts.random)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_client_hello_get0_session_id(
    ssl: Option<&SSL>,
    out: Out<'_, *const c_uchar>,
) -> usize {
    show(ssl, out, |parts| parts.session_id)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_client_hello_get0_ciphers(
    ssl: Option<&SSL>,
    out: Out<'_, *const c_uchar>,
) -> usize {
    show(ssl, out, |parts| parts.ciphers)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_client_hello_get0_compression_methods(
    ssl: Option<&SSL>,
    out: Out<'_, *const c_uchar>,
) -> usize {
    show(ssl, out, |parts| parts.compressions)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_client_hello_get0_legacy_version(ssl: Option<&SSL>) -> c_uint {
    let version = |raw: &[u8]| {
        Some(c_uint::from(u16::from_be_bytes([
            *raw.get(4)?,
            *raw.get(5)?,
        ])))
    };
    ssl.and_then(|ssl| version(&ssl.hello.borrow().as_ref()?.raw))
        .unwrap_or(0)
}

/// The contents of an extension; 0: it is not there.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_client_hello_get0_ext(
    ssl: Option<&SSL>,
    number: c_uint,
    out: Out<'_, *const c_uchar>,
    out_len: Out<'_, usize>,
) -> c_int {
    let Some(ssl) = ssl else { return 0 };
    let hello = ssl.hello.borrow();
    let Some(parts) = hello.as_ref().and_then(|hello| parts(&hello.raw)) else {
        return 0;
    };
    let found = u16::try_from(number)
        .ok()
        .and_then(|number| extension(parts.extensions, number));
    let Some(contents) = found else { return 0 };
    out.set(contents.as_ptr());
    out_len.set(contents.len());
    1
}

fn extension(mut extensions: &[u8], number: u16) -> Option<&[u8]> {
    loop {
        let (kind, rest) = extensions.split_first_chunk::<2>()?;
        let (contents, rest) = vector(rest, 2)?;
        if u16::from_be_bytes(*kind) == number {
            return Some(contents);
        }
        extensions = rest;
    }
}
