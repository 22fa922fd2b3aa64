//! PEM out of and into BIOs. What a block holds is for libtlscore to read; here blocks are found.

use crate::bio::BIO;
use crate::err::{self, Lib};
use crate::evp::PasswordFn;
use crate::guard::guard;
use crate::object::Owned;
use crate::x509::X509;
use core::ffi::{c_int, c_void};
use core::mem::MaybeUninit;
use zeroize::Zeroizing;

/// Longest block, as text.
const MAX_BLOCK: usize = 16 << 20;

/// One line, without what ends it; `None` at the end.
fn line(bio: &BIO) -> Option<Zeroizing<Vec<u8>>> {
    let mut line = Zeroizing::new(Vec::new());
    loop {
        let mut room = [MaybeUninit::uninit(); 256];
        let n = crate::args::length(bio.gets(&mut room));
        // SAFETY: gets() wrote that many bytes.
        let part = unsafe { crate::args::bytes(room.as_ptr().cast(), n) };
        line.extend_from_slice(part);
        if n == 0 && line.is_empty() {
            return None;
        }
        if n == 0 || line.ends_with(b"\n") || line.len() > MAX_BLOCK {
            while line.last().is_some_and(u8::is_ascii_whitespace) {
                line.pop();
            }
            return Some(line);
        }
    }
}

/// The next block whose label is wanted, as text; blocks before it are passed over. Without one there is an error
/// in the queue.
pub(crate) fn next(bio: &BIO, wanted: impl Fn(&[u8]) -> bool) -> Option<Zeroizing<Vec<u8>>> {
    while let Some(begin) = line(bio) {
        let label = begin
            .strip_prefix(b"-----BEGIN ")
            .and_then(|rest| rest.strip_suffix(b"-----"));
        let Some(label) = label.filter(|label| wanted(label)) else {
            continue;
        };
        let end = [b"-----END ", label, b"-----"].concat();
        let mut block = Zeroizing::new(begin.to_vec());
        block.push(b'\n');
        while let Some(line) = line(bio) {
            block.extend_from_slice(&line);
            block.push(b'\n');
            if *line == end {
                return Some(block);
            }
            if block.len() > MAX_BLOCK {
                break;
            }
        }
        err::put(Lib::Pem, err::pem::BAD_END_LINE, "");
        return None;
    }
    err::put(Lib::Pem, err::pem::NO_START_LINE, "");
    None
}

/// Returns an object, and puts it where `old` points, in place of what is there.
///
/// # Safety
/// `old` is NULL, or points to NULL or to an object whose reference is given up.
pub(crate) unsafe fn put<T: crate::object::Counted>(
    old: *mut *mut T,
    new: Option<Owned<T>>,
) -> *mut T {
    let Some(new) = new else {
        return core::ptr::null_mut();
    };
    let pointer = new.into_raw();
    // SAFETY: the caller's promise.
    unsafe {
        if let Some(old) = old.as_mut() {
            drop(Owned::from_raw(core::mem::replace(old, pointer)));
        }
    }
    pointer
}

/// A certificate in DER as PEM.
pub(crate) fn certificate_text(der: &[u8]) -> Vec<u8> {
    let cert = crate::native::Cert::of(der);
    cert.map_or_else(Vec::new, |cert| {
        cert.text(crate::sys::tls_cert_pem).to_bytes().to_vec()
    })
}

fn is_certificate(label: &[u8]) -> bool {
    [
        &b"CERTIFICATE"[..],
        b"X509 CERTIFICATE",
        b"TRUSTED CERTIFICATE",
    ]
    .contains(&label)
}

/// The next certificate of a BIO.
pub(crate) fn certificate(bio: &BIO) -> Option<Owned<X509>> {
    let block = next(bio, is_certificate)?;
    X509::parse(&block)
}

/// All certificates that are left in a BIO; `None`, with errors in the queue, where one of them is broken.
pub(crate) fn certificates(bio: &BIO) -> Option<Vec<Owned<X509>>> {
    let mut all = Vec::new();
    let marked = err::mark();
    while let Some(next) = certificate(bio) {
        all.push(next);
    }
    // The end of the file is no error.
    if !err::is_last(Lib::Pem, err::pem::NO_START_LINE) {
        if marked {
            err::clear_mark();
        }
        return None;
    }
    if marked {
        err::pop_to_mark();
    } else {
        err::clear();
    }
    Some(all)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_PEM_read_bio_X509(
    bio: Option<&BIO>,
    old: *mut *mut X509,
    _callback: Option<PasswordFn>,
    _data: *mut c_void,
) -> *mut X509 {
    guard(core::ptr::null_mut(), || {
        // SAFETY: NULL or a place for a certificate: the manual's promise.
        unsafe { put(old, bio.and_then(certificate)) }
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_PEM_read_X509(
    file: *mut libc::FILE,
    old: *mut *mut X509,
    _callback: Option<PasswordFn>,
    _data: *mut c_void,
) -> *mut X509 {
    // SAFETY: an open file, which stays the program's.
    let bio = unsafe { crate::bio::sources::tlscore_BIO_new_fp(file, 0) };
    // SAFETY: the manual's promise.
    unsafe { tlscore_PEM_read_bio_X509(bio.as_deref(), old, None, core::ptr::null_mut()) }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_PEM_write_bio_X509(bio: Option<&BIO>, x509: Option<&X509>) -> c_int {
    guard(0, || {
        let written = bio.zip(x509).is_some_and(|(bio, x509)| {
            let pem = x509.pem();
            !pem.is_empty() && crate::args::length(bio.write(pem)) == pem.len()
        });
        c_int::from(written)
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_PEM_write_X509(
    file: *mut libc::FILE,
    x509: Option<&X509>,
) -> c_int {
    // SAFETY: an open file, which stays the program's.
    let bio = unsafe { crate::bio::sources::tlscore_BIO_new_fp(file, 0) };
    tlscore_PEM_write_bio_X509(bio.as_deref(), x509)
}
