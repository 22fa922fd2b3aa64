//! X509: a certificate, for reading. Shared by any number of threads.

use crate::args::{Out, count};
use crate::asn1::ASN1_STRING;
use crate::der;
use crate::err::{self, Lib};
use crate::ex_data::{Class, ExData};
use crate::guard::guard;
use crate::native::Cert;
use crate::object::{Counted, Owned};
use crate::sys;
use crate::x509::name::X509_NAME;
use core::ffi::{CStr, c_int, c_long, c_uchar, c_ulong, c_void};
use std::net::IpAddr;
use std::sync::OnceLock;

/// A certificate.
pub struct X509 {
    cert: Cert,
    shown: OnceLock<Shown>,
    pub(crate) ex_data: ExData,
}

/// What programs are lent of a certificate.
struct Shown {
    subject: Owned<X509_NAME>,
    issuer: Owned<X509_NAME>,
    serial: Owned<ASN1_STRING>,
    not_before: Owned<ASN1_STRING>,
    not_after: Owned<ASN1_STRING>,
}

// SAFETY: made in `of` alone, inside of an Owned.
unsafe impl Counted for X509 {}

impl X509 {
    pub(crate) fn of(cert: Cert) -> Owned<Self> {
        let x509 = Owned::new(Self {
            cert,
            shown: OnceLock::new(),
            ex_data: ExData::default(),
        });
        x509.ex_data.made(x509.pointer().cast(), Class::X509);
        x509
    }

    /// `None` for what is no certificate, with an error in the queue.
    pub(crate) fn parse(der: &[u8]) -> Option<Owned<Self>> {
        let cert = Cert::of(der).filter(|cert| der::fields(cert.der()).is_some());
        if cert.is_none() {
            err::put(Lib::Asn1, err::ASN1_LIB, "no certificate");
        }
        cert.map(Self::of)
    }

    pub(crate) const fn native(&self) -> &Cert {
        &self.cert
    }

    pub(crate) fn der(&self) -> &[u8] {
        self.cert.der()
    }

    /// The certificate as a PEM block.
    pub(crate) fn pem(&self) -> &[u8] {
        self.cert.text(sys::tls_cert_pem).to_bytes()
    }

    /// Whether it is issued by its own subject.
    pub(crate) fn is_self_issued(&self) -> bool {
        der::fields(self.der()).is_some_and(|fields| fields.subject == fields.issuer)
    }

    /// Whether the subject of `issuer` is this one's issuer.
    pub(crate) fn names_issuer(&self, issuer: &Self) -> bool {
        let (ours, theirs) = (der::fields(self.der()), der::fields(issuer.der()));
        ours.zip(theirs)
            .is_some_and(|(ours, theirs)| ours.issuer == theirs.subject)
    }

    /// The names of its subjectAltName.
    pub(crate) fn names(&self) -> Vec<&core::ffi::CStr> {
        // SAFETY: a live certificate, whose texts stay while it does.
        unsafe {
            (0..sys::tls_cert_name_count(self.cert.raw()))
                .filter_map(|at| crate::native::text(sys::tls_cert_name(self.cert.raw(), at)))
                .collect()
        }
    }

    pub(crate) fn common_name(&self) -> &CStr {
        self.cert.text(sys::tls_cert_common_name)
    }

    /// From when to when it is good, in seconds since 1970.
    pub(crate) fn validity(&self) -> (i64, i64) {
        // SAFETY: a live certificate.
        unsafe {
            (
                sys::tls_cert_not_before(self.cert.raw()),
                sys::tls_cert_not_after(self.cert.raw()),
            )
        }
    }

    /// Whether it is for a host name or an IP address in text form, by its subjectAltName.
    pub(crate) fn is_for(&self, name: &CStr) -> bool {
        // SAFETY: a live certificate and a text.
        unsafe { sys::tls_cert_is_for(self.cert.raw(), name.as_ptr()) == 1 }
    }

    /// Whether it is for a host name by its common name, which counts where there is no subjectAltName.
    pub(crate) fn is_called(&self, host: &CStr) -> bool {
        let host = host.to_string_lossy();
        let host = host.strip_suffix('.').unwrap_or(&host);
        if !self.names().is_empty() || host.is_empty() || host.parse::<IpAddr>().is_ok() {
            return false;
        }
        let common = self.common_name().to_string_lossy();
        common.eq_ignore_ascii_case(host)
            || wildcard_for(host).is_some_and(|wild| common.eq_ignore_ascii_case(&wild))
    }

    /// The kind of its key in libtlscore's words ("RSA").
    pub(crate) fn key_type(&self) -> &core::ffi::CStr {
        self.cert.text(sys::tls_cert_key_type)
    }

    fn shown(&self) -> &Shown {
        self.shown.get_or_init(|| {
            let empty = der::Fields {
                serial: &[],
                issuer: b"\x30\x00",
                subject: b"\x30\x00",
                validity: [(23, &[]), (23, &[])],
            };
            let fields = der::fields(self.der()).unwrap_or(empty);
            let [before, after] = fields.validity;
            let time = |(tag, text): (u8, &[u8])| ASN1_STRING::new(c_int::from(tag), text);
            Shown {
                subject: X509_NAME::new(fields.subject, Some(self.der())),
                issuer: X509_NAME::new(fields.issuer, None),
                serial: ASN1_STRING::integer(fields.serial),
                not_before: time(before),
                not_after: time(after),
            }
        })
    }

    pub(crate) fn subject(&self) -> &Owned<X509_NAME> {
        &self.shown().subject
    }
}

/// The wildcard that stands for a host: at least two labels must follow it.
pub(crate) fn wildcard_for(host: &str) -> Option<String> {
    let (label, rest) = host.split_once('.')?;
    (!label.is_empty() && rest.contains('.')).then(|| format!("*.{rest}"))
}

impl Drop for X509 {
    fn drop(&mut self) {
        let us = core::ptr::from_ref(self).cast_mut().cast();
        self.ex_data.free(us, Class::X509);
    }
}

/// For lists of certificates that are ours.
pub(crate) unsafe extern "C" fn free(x509: *mut c_void) {
    // SAFETY: an item of a list of ours, which holds a reference.
    drop(unsafe { Owned::<X509>::from_raw(x509.cast()) });
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_free(x509: Option<Owned<X509>>) {
    guard((), || drop(x509));
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_up_ref(x509: Option<&X509>) -> c_int {
    x509.map_or(0, |x509| {
        core::mem::forget(Owned::again(x509));
        1
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_dup(x509: Option<&X509>) -> Option<Owned<X509>> {
    guard(None, || {
        // SAFETY: a live certificate.
        unsafe { Cert::again(x509?.cert.raw()) }.map(X509::of)
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_get_subject_name(x509: Option<&X509>) -> *mut X509_NAME {
    guard(core::ptr::null_mut(), || {
        x509.map_or(core::ptr::null_mut(), |x509| x509.shown().subject.pointer())
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_get_issuer_name(x509: Option<&X509>) -> *mut X509_NAME {
    guard(core::ptr::null_mut(), || {
        x509.map_or(core::ptr::null_mut(), |x509| x509.shown().issuer.pointer())
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_get_serialNumber(x509: Option<&X509>) -> *mut ASN1_STRING {
    guard(core::ptr::null_mut(), || {
        x509.map_or(core::ptr::null_mut(), |x509| x509.shown().serial.pointer())
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_get0_serialNumber(x509: Option<&X509>) -> *const ASN1_STRING {
    tlscore_X509_get_serialNumber(x509)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_get0_notBefore(x509: Option<&X509>) -> *const ASN1_STRING {
    tlscore_X509_getm_notBefore(x509)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_get0_notAfter(x509: Option<&X509>) -> *const ASN1_STRING {
    tlscore_X509_getm_notAfter(x509)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_getm_notBefore(x509: Option<&X509>) -> *mut ASN1_STRING {
    guard(core::ptr::null_mut(), || {
        x509.map_or(core::ptr::null_mut(), |x509| {
            x509.shown().not_before.pointer()
        })
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_getm_notAfter(x509: Option<&X509>) -> *mut ASN1_STRING {
    guard(core::ptr::null_mut(), || {
        x509.map_or(core::ptr::null_mut(), |x509| {
            x509.shown().not_after.pointer()
        })
    })
}

/// 0 for version 1, 2 for version 3.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_get_version(x509: Option<&X509>) -> c_long {
    // SAFETY: a live certificate.
    x509.map_or(0, |x509| {
        // SAFETY: as the comment above says.
        c_long::from(unsafe { sys::tls_cert_version(x509.cert.raw()) }) - 1
    })
}

/// 0 where they are the same, byte for byte.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_cmp(a: Option<&X509>, b: Option<&X509>) -> c_int {
    a.zip(b).map_or(-2, |(a, b)| a.der().cmp(b.der()) as c_int)
}

/// A number for hash tables of the program's own: not OpenSSL's (`openssl x509 -hash`).
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_subject_name_hash(x509: Option<&X509>) -> c_ulong {
    guard(0, || x509.map_or(0, |x509| x509.shown().subject.hash()))
}

/// -1: the time is earlier than `at` (NULL: now), 1: later, or the same; 0: it is no time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_X509_cmp_time(
    time: Option<&ASN1_STRING>,
    at: *const libc::time_t,
) -> c_int {
    guard(0, || {
        // SAFETY: NULL or a time: the manual's promise.
        let at = unsafe { at.as_ref() }
            .copied()
            .unwrap_or_else(crate::asn1::now);
        let seconds = time.and_then(ASN1_STRING::seconds);
        seconds.map_or(0, |seconds| if seconds <= at { -1 } else { 1 })
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_cmp_current_time(time: Option<&ASN1_STRING>) -> c_int {
    // SAFETY: NULL is now.
    unsafe { tlscore_X509_cmp_time(time, core::ptr::null()) }
}

/// Writes the DER behind `*out`, which moves on, or into memory that the program frees; its length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_i2d_X509(x509: Option<&X509>, out: *mut *mut c_uchar) -> c_int {
    // SAFETY: as for `hand_out`: the manual's promise.
    guard(-1, || {
        // SAFETY: as the comment above says.
        x509.map_or(-1, |x509| unsafe { hand_out(x509.der(), out) })
    })
}

/// What i2d functions do with the bytes that they made.
///
/// # Safety
/// `out` is NULL, or points to NULL, or to a pointer to enough room.
pub(crate) unsafe fn hand_out(der: &[u8], out: *mut *mut c_uchar) -> c_int {
    // SAFETY: NULL or a pointer: the caller's promise.
    if let Some(out) = unsafe { out.as_mut() } {
        let fresh = out.is_null();
        if fresh {
            // SAFETY: an allocation of the C library, which the program frees.
            *out = unsafe { libc::malloc(der.len().max(1)) }.cast();
        }
        // SAFETY: room for all of it.
        unsafe { core::ptr::copy_nonoverlapping(der.as_ptr(), *out, der.len()) };
        if !fresh {
            // SAFETY: within the room.
            *out = unsafe { out.add(der.len()) };
        }
    }
    count(der.len())
}

/// Reads DER at `*data`, which moves on, and puts the certificate where `old` points as well.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_d2i_X509(
    old: *mut *mut X509,
    data: *mut *const c_uchar,
    len: c_long,
) -> *mut X509 {
    guard(core::ptr::null_mut(), || {
        // SAFETY: `len` readable bytes behind the pointer: the manual's promise.
        let all = unsafe { crate::args::bytes((*data).cast(), usize::try_from(len).unwrap_or(0)) };
        let read = der::whole(all).and_then(|der| Some((der, X509::parse(der)?)));
        let Some((der, x509)) = read else {
            err::put(Lib::Asn1, err::ASN1_LIB, "no certificate");
            // SAFETY: a place for a pointer, and a reference that the program gives up.
            if let Some(old) = unsafe { old.as_mut() } {
                // SAFETY: as above.
                drop(unsafe { Owned::from_raw(core::mem::replace(old, core::ptr::null_mut())) });
            }
            return core::ptr::null_mut();
        };
        // SAFETY: places for pointers, and a reference that the program gives up.
        unsafe {
            *data = (*data).add(der.len());
            let made = x509.into_raw();
            if let Some(old) = old.as_mut() {
                drop(Owned::from_raw(core::mem::replace(old, made)));
            }
            made
        }
    })
}

/// A hash over the DER.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_X509_digest(
    x509: Option<&X509>,
    md: Option<&crate::evp::EVP_MD>,
    out: *mut c_uchar,
    len: Out<'_, core::ffi::c_uint>,
) -> c_int {
    guard(0, || {
        let Some((x509, md)) = x509.zip(md) else {
            return 0;
        };
        // SAFETY: room for a digest: the manual's promise.
        unsafe { crate::evp::digest::tell(&md.of(x509.der()), out, len) };
        1
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_get_ex_data(x509: Option<&X509>, index: c_int) -> *mut c_void {
    x509.map_or(core::ptr::null_mut(), |x509| x509.ex_data.get(index))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_X509_set_ex_data(
    x509: Option<&X509>,
    index: c_int,
    data: *mut c_void,
) -> c_int {
    c_int::from(x509.is_some_and(|x509| x509.ex_data.set(index, data)))
}
