//! SSL_SESSION: what a client resumes, and what a server may look at.

use crate::asn1;
use crate::cipher::SSL_CIPHER;
use crate::ctx::TLS12;
use crate::der;
use crate::err::{self, Lib};
use crate::ex_data::{Class, ExData};
use crate::guard::guard;
use crate::native::Session;
use crate::object::{Counted, Owned, lend};
use crate::sys::*;
use crate::x509::X509;
use crate::x509::cert::hand_out;
use core::ffi::{c_char, c_int, c_long, c_uchar, c_uint, c_ulong, c_void};
use core::sync::atomic::{AtomicBool, AtomicI64, Ordering::Relaxed};
use zeroize::Zeroizing;

/// What a server keeps under a session ID: sealed by libtlscore, and told to nobody else.
pub(crate) struct Kept {
    pub(crate) id: Vec<u8>,
    pub(crate) sealed: Vec<u8>,
}

/// A session. A server's has no secrets: those are in the ticket, or sealed.
pub struct SSL_SESSION {
    client: Option<Session>,
    kept: Option<Kept>,
    cipher: u16,
    verify_result: c_long,
    time: AtomicI64,
    timeout: AtomicI64,
    /// A connection with it has failed.
    spoiled: AtomicBool,
    peer: Option<Owned<X509>>,
    pub(crate) ex_data: ExData,
}

// SAFETY: made in `new` alone, inside of an Owned.
unsafe impl Counted for SSL_SESSION {}

impl SSL_SESSION {
    pub(crate) fn new(
        client: Option<Session>,
        kept: Option<Kept>,
        cipher: c_int,
        verify_result: c_long,
        timeout: c_long,
        peer: Option<Owned<X509>>,
    ) -> Owned<Self> {
        // SAFETY: a live session, here and below.
        let time = client
            .as_ref()
            .map(|client| unsafe { tls_session_issued(client.raw()) });
        let session = Owned::new(Self {
            client,
            kept,
            cipher: u16::try_from(cipher).unwrap_or(0),
            verify_result,
            time: AtomicI64::new(time.unwrap_or_else(asn1::now)),
            timeout: AtomicI64::new(timeout),
            spoiled: AtomicBool::new(false),
            peer,
            ex_data: ExData::default(),
        });
        session
            .ex_data
            .made(session.pointer().cast(), Class::SslSession);
        session
    }

    /// What a client offers.
    pub(crate) fn client(&self) -> Option<&Session> {
        self.client.as_ref().filter(|_| !self.spoiled.load(Relaxed))
    }

    /// What a server keeps of it.
    pub(crate) const fn kept(&self) -> Option<&Kept> {
        self.kept.as_ref()
    }

    pub(crate) fn is_spoiled(&self) -> bool {
        self.spoiled.load(Relaxed)
    }

    /// Whether its time is over at `time`.
    pub(crate) fn is_over(&self, time: i64) -> bool {
        let end = self
            .time
            .load(Relaxed)
            .saturating_add(self.timeout.load(Relaxed));
        end < time
    }

    /// No connection resumes it any more.
    pub(crate) fn spoil(&self) {
        self.spoiled.store(true, Relaxed);
    }

    pub(crate) const fn verify_result(&self) -> c_long {
        self.verify_result
    }

    fn cipher(&self) -> Option<&'static SSL_CIPHER> {
        SSL_CIPHER::by_id(self.cipher)
    }

    /// A SEQUENCE of the verdict, the timeout, and libtlscore's own encoding, or what a server keeps.
    fn encode(&self) -> Option<Zeroizing<Vec<u8>>> {
        let (magic, blob) = match (&self.client, &self.kept) {
            (Some(client), _) => (MAGIC, Zeroizing::new(client.export())),
            (None, Some(kept)) => {
                let len = u8::try_from(kept.id.len()).ok()?;
                let time = self.time.load(Relaxed).to_be_bytes();
                let blob = [&time[..], &[len], &kept.id, &kept.sealed].concat();
                (MAGIC_SERVER, Zeroizing::new(blob))
            }
            (None, None) => return None,
        };
        let mut body = Zeroizing::new(magic.to_vec());
        body.extend_from_slice(&self.verify_result.to_be_bytes());
        body.extend_from_slice(&self.timeout.load(Relaxed).to_be_bytes());
        body.extend_from_slice(&self.cipher.to_be_bytes());
        body.extend_from_slice(&blob);
        let mut out = Zeroizing::new(vec![0x30, 0x83]);
        let len = u32::try_from(body.len()).ok()?.to_be_bytes();
        out.extend_from_slice(&len[1..]);
        out.extend_from_slice(&body);
        Some(out)
    }

    fn decode(sequence: &[u8]) -> Option<Owned<Self>> {
        let (0x30, body, _) = der::element(sequence)? else {
            return None;
        };
        let (rest, server) = match body.strip_prefix(MAGIC) {
            Some(rest) => (rest, false),
            None => (body.strip_prefix(MAGIC_SERVER)?, true),
        };
        let (result, rest) = rest.split_first_chunk::<8>()?;
        let (timeout, rest) = rest.split_first_chunk::<8>()?;
        let (cipher, blob) = rest.split_first_chunk::<2>()?;
        let cipher = c_int::from(u16::from_be_bytes(*cipher));
        let (result, timeout) = (
            c_long::from_be_bytes(*result),
            c_long::from_be_bytes(*timeout),
        );
        if !server {
            let session = Session::import(blob)?;
            return Some(Self::new(
                Some(session),
                None,
                cipher,
                result,
                timeout,
                None,
            ));
        }
        let (time, rest) = blob.split_first_chunk::<8>()?;
        let (len, rest) = rest.split_first()?;
        let (id, sealed) = rest.split_at_checked(usize::from(*len))?;
        let kept = Kept {
            id: id.to_vec(),
            sealed: sealed.to_vec(),
        };
        let session = Self::new(None, Some(kept), cipher, result, timeout, None);
        session.time.store(i64::from_be_bytes(*time), Relaxed);
        Some(session)
    }
}

/// Which encoding it is.
const MAGIC: &[u8] = b"tlscore1";
/// What a server keeps: it is sealed, and opens where the ticket keys are the same.
const MAGIC_SERVER: &[u8] = b"tlscoreS";

impl Drop for SSL_SESSION {
    fn drop(&mut self) {
        let us = core::ptr::from_ref(self).cast_mut().cast();
        self.ex_data.free(us, Class::SslSession);
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_SESSION_free(session: Option<Owned<SSL_SESSION>>) {
    guard((), || drop(session));
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_SESSION_up_ref(session: Option<&SSL_SESSION>) -> c_int {
    session.map_or(0, |session| {
        core::mem::forget(Owned::again(session));
        1
    })
}

/// The session ID; none for a ticket.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_SSL_SESSION_get_id(
    session: Option<&SSL_SESSION>,
    len: *mut c_uint,
) -> *const c_uchar {
    let mut n = 0;
    let own = session.and_then(SSL_SESSION::kept);
    let client = session.and_then(|session| session.client.as_ref());
    let id = match (own, client) {
        (Some(kept), _) => {
            n = kept.id.len();
            Some(kept.id.as_ptr())
        }
        // SAFETY: a live session, which owns its ID.
        (None, Some(client)) => Some(unsafe { tls_session_id(client.raw(), &raw mut n) }),
        (None, None) => None,
    };
    // SAFETY: NULL or a place for a length: the manual's promise.
    if let Some(len) = unsafe { len.as_mut() } {
        *len = n as c_uint;
    }
    id.filter(|id| !id.is_null()).unwrap_or(c"".as_ptr().cast())
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_SESSION_get_time(session: Option<&SSL_SESSION>) -> c_long {
    session.map_or(0, |session| session.time.load(Relaxed))
}

/// Changes what `SSL_SESSION_get_time` says; libtlscore goes by its own clock.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_SESSION_set_time(
    session: Option<&SSL_SESSION>,
    time: c_long,
) -> c_long {
    session.map_or(0, |session| {
        session.time.store(time, Relaxed);
        time
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_SESSION_get_timeout(session: Option<&SSL_SESSION>) -> c_long {
    session.map_or(0, |session| session.timeout.load(Relaxed))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_SESSION_set_timeout(
    session: Option<&SSL_SESSION>,
    timeout: c_long,
) -> c_long {
    session.map_or(0, |session| {
        session.timeout.store(timeout, Relaxed);
        1
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_SESSION_get_protocol_version(session: Option<&SSL_SESSION>) -> c_int {
    session.map_or(0, |_| TLS12)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_SESSION_get0_cipher(
    session: Option<&SSL_SESSION>,
) -> *const SSL_CIPHER {
    session
        .and_then(SSL_SESSION::cipher)
        .map_or(core::ptr::null(), core::ptr::from_ref)
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_SESSION_get0_peer(session: Option<&SSL_SESSION>) -> *mut X509 {
    session.map_or(core::ptr::null_mut(), |session| lend(session.peer.as_ref()))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_SESSION_get0_hostname(
    session: Option<&SSL_SESSION>,
) -> *const c_char {
    let client = session.and_then(|session| session.client.as_ref());
    // SAFETY: a live session, which owns its text.
    client.map_or(core::ptr::null(), |client| unsafe {
        tls_session_server_name(client.raw())
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_SESSION_has_ticket(session: Option<&SSL_SESSION>) -> c_int {
    let client = session.and_then(|session| session.client.as_ref());
    // SAFETY: a live session.
    client.map_or(0, |client| unsafe { tls_session_has_ticket(client.raw()) })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_SESSION_get_ticket_lifetime_hint(
    session: Option<&SSL_SESSION>,
) -> c_ulong {
    let client = session.and_then(|session| session.client.as_ref());
    // SAFETY: a live session.
    client.map_or(0, |client| {
        // SAFETY: as the comment above says.
        c_ulong::from(unsafe { tls_session_lifetime(client.raw()) })
    })
}

/// 1 where a client can offer it, or a server resume it.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_SESSION_is_resumable(session: Option<&SSL_SESSION>) -> c_int {
    let can = |session: &SSL_SESSION| {
        session.client().is_some() || session.kept.is_some() && !session.is_spoiled()
    };
    c_int::from(session.is_some_and(can))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_SESSION_set_ex_data(
    session: Option<&SSL_SESSION>,
    index: c_int,
    data: *mut c_void,
) -> c_int {
    c_int::from(session.is_some_and(|session| session.ex_data.set(index, data)))
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_SESSION_get_ex_data(
    session: Option<&SSL_SESSION>,
    index: c_int,
) -> *mut c_void {
    session.map_or(core::ptr::null_mut(), |session| session.ex_data.get(index))
}

/// A client's session as bytes that `d2i_SSL_SESSION` of this library reads, and no other. They hold the master
/// secret. A server's session with an ID is sealed, and resumed where the ticket keys are the same; in a ticket it is 0 bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_i2d_SSL_SESSION(
    session: Option<&SSL_SESSION>,
    out: *mut *mut c_uchar,
) -> c_int {
    guard(0, || {
        let Some(bytes) = session.and_then(SSL_SESSION::encode) else {
            return 0;
        };
        // SAFETY: as for `hand_out`: the manual's promise.
        unsafe { hand_out(&bytes, out) }
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn tlscore_d2i_SSL_SESSION(
    old: *mut *mut SSL_SESSION,
    data: *mut *const c_uchar,
    len: c_long,
) -> *mut SSL_SESSION {
    guard(core::ptr::null_mut(), || {
        // SAFETY: `len` readable bytes behind the pointer: the manual's promise.
        let all = unsafe { crate::args::bytes((*data).cast(), usize::try_from(len).unwrap_or(0)) };
        let session = der::whole(all).and_then(|whole| Some((whole, SSL_SESSION::decode(whole)?)));
        let Some((whole, session)) = session else {
            err::put(Lib::Ssl, err::ASN1_LIB, "no session of this library");
            return core::ptr::null_mut();
        };
        // SAFETY: places for pointers: the manual's promise.
        unsafe {
            *data = (*data).add(whole.len());
            crate::pem::put(old, Some(session))
        }
    })
}
