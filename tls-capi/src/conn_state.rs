//! What is behind a `tls_conn`.

use crate::cert::tls_cert;
use crate::cert_state::Cert;
use crate::code::{TLS_ERR_PANIC, TLS_ERR_USAGE};
use crate::conn::tls_conn;
use crate::error::code;
use crate::guard::guard;
use crate::handle::{self, Handle};
use crate::kept::Kept;
use crate::pending::{Asked, tls_pending};
use core::cell::{Cell, RefCell};
use core::ffi::{CStr, c_char, c_int, c_void};
use std::ffi::CString;
use std::sync::Arc;
use tls_core::cert::Certificate;
use tls_core::crypto::Pending;
use tls_std::{Connection, Error, Facts, Reason};

/// A connection as C sees it. Only ever lent as a shared reference: an I/O callback may come back
/// with the handle while a verb runs, and is told so rather than obeyed.
pub(crate) struct Conn {
    connection: RefCell<Connection>,
    /// What a callback said with tls_conn_set_os_error().
    pub(crate) os_errno: Cell<c_int>,
    /// A panic left the connection in an unknown state.
    panicked: Cell<bool>,
    /// Facts as texts, each with its NUL.
    texts: Kept<Vec<u8>>,
    error_text: RefCell<Option<CString>>,
    certificates: Kept<(Chain, Certificates)>,
    question: RefCell<Option<Lent>>,
    /// tls_conn_set_key_limit_callback()
    pub(crate) key_notice: Cell<Option<KeyNotice>>,
}

pub(crate) type KeyNotice = (
    unsafe extern "C" fn(conn: *mut tls_conn, arg: *mut c_void),
    *mut c_void,
);

impl Handle for tls_conn {
    type Value = Conn;
    const MAGIC: u64 = u64::from_be_bytes(*b"tlsconn\x01");
}

/// Certificates that are lent to C; one reference to each is ours.
pub(crate) struct Certificates(Vec<*mut tls_cert>);

impl Certificates {
    pub(crate) fn of(chain: &[Certificate]) -> Self {
        let handle = |der: &Certificate| handle::shared(Cert::new(der.clone()));
        Self(chain.iter().map(handle).collect())
    }

    pub(crate) fn as_slice(&self) -> &[*mut tls_cert] {
        &self.0
    }
}

impl Drop for Certificates {
    fn drop(&mut self) {
        for cert in &self.0 {
            // SAFETY: made by handle::shared; this reference is ours.
            unsafe { handle::release(*cert) };
        }
    }
}

type Chain = Arc<[Certificate]>;

/// A question's handle that is lent to C.
struct Lent {
    question: Arc<Pending>,
    handle: *mut tls_pending,
}

impl Drop for Lent {
    fn drop(&mut self) {
        // SAFETY: made by handle::shared; this reference is ours.
        unsafe { handle::release(self.handle) };
    }
}

/// The connection is in use further up the stack.
fn reentered() -> Error {
    tls_core::error::Error::with(
        Reason::WrongOrder,
        "a callback of the connection called a function on it",
    )
    .into()
}

impl Conn {
    pub(crate) fn new(connection: Connection) -> Self {
        Self {
            connection: RefCell::new(connection),
            os_errno: Cell::new(0),
            panicked: Cell::new(false),
            texts: Kept::default(),
            error_text: RefCell::new(None),
            certificates: Kept::default(),
            question: RefCell::new(None),
            key_notice: Cell::new(None),
        }
    }

    /// Whether one of its verbs is running.
    pub(crate) fn is_busy(&self) -> bool {
        self.connection.try_borrow_mut().is_err()
    }

    /// Changes the connection; a return code on error.
    fn change<T>(&self, f: impl FnOnce(&mut Connection) -> Result<T, c_int>) -> Result<T, c_int> {
        let Ok(mut connection) = self.connection.try_borrow_mut() else {
            return Err(code(&reentered()));
        };
        if self.panicked.get() {
            return Err(TLS_ERR_PANIC);
        }
        // Set for the time being: it stays when `f` unwinds.
        self.panicked.set(true);
        let result = f(&mut connection);
        self.panicked.set(false);
        result
    }

    /// Reads the connection; `None` while one of its verbs runs and after a panic.
    pub(crate) fn look<T>(&self, f: impl FnOnce(&Connection) -> T) -> Option<T> {
        if self.panicked.get() {
            return None;
        }
        self.connection.try_borrow().ok().map(|c| f(&c))
    }

    /// The error, as it is now.
    pub(crate) fn error(&self) -> Option<Error> {
        if self.is_busy() {
            return Some(reentered());
        }
        if self.panicked.get() {
            return Some(Reason::Panicked.into());
        }
        self.look(|c| c.error().cloned()).flatten()
    }

    /// The error as one line. The text stays where it is until it changes.
    pub(crate) fn error_text(&self) -> *const c_char {
        let text = match self.error() {
            Some(error) => c_string(error.to_string().as_bytes()),
            None => c"no error".into(),
        };
        let mut kept = self.error_text.borrow_mut();
        if kept.as_ref() != Some(&text) {
            *kept = Some(text);
        }
        kept.as_deref().unwrap_or(c"").as_ptr()
    }

    /// A text with its NUL, lent.
    pub(crate) fn text(&self, text: Vec<u8>) -> *const c_char {
        let same = |kept: &Vec<u8>| *kept == text;
        let kept = self.texts.get(self.handshakes(), same, || text.clone());
        kept.as_ptr().cast()
    }

    fn handshakes(&self) -> u32 {
        self.look(|c| c.facts().handshakes).unwrap_or(0)
    }

    pub(crate) fn peer_certificate(&self, index: usize) -> *const tls_cert {
        self.certificate(index, |facts| facts.peer_chain.clone())
    }

    pub(crate) fn verified_certificate(&self, index: usize) -> *const tls_cert {
        self.certificate(index, |facts| facts.verified_chain.clone())
    }

    fn certificate(&self, index: usize, chain: fn(&Facts) -> Option<Chain>) -> *const tls_cert {
        let Some(chain) = self.look(|c| chain(c.facts())).flatten() else {
            return core::ptr::null();
        };
        let make = || (chain.clone(), Certificates::of(&chain));
        let same = |(kept, _): &(Chain, Certificates)| *kept == chain;
        let kept = self.certificates.get(self.handshakes(), same, make);
        let certificate = kept.1.as_slice().get(index);
        certificate.map_or(core::ptr::null(), |cert| cert.cast_const())
    }

    /// The question that the connection waits for, lent.
    pub(crate) fn question(&self) -> *mut tls_pending {
        let question = self.look(|c| c.question().cloned()).flatten();
        let mut kept = self.question.borrow_mut();
        match question {
            None => core::ptr::null_mut(),
            Some(question) => {
                let same = |lent: &Lent| Arc::ptr_eq(&lent.question, &question);
                if !kept.as_ref().is_some_and(same) {
                    let handle = handle::shared(Asked::lent(question.clone()));
                    *kept = Some(Lent { question, handle });
                }
                kept.as_ref()
                    .map_or(core::ptr::null_mut(), |lent| lent.handle)
            }
        }
    }
}

/// Runs something that changes a connection, and catches what must not reach C.
///
/// # Safety
/// `conn` is NULL or a live connection that no other thread uses.
pub(crate) unsafe fn change<T>(
    conn: *const tls_conn,
    f: impl FnOnce(&mut Connection) -> Result<T, c_int>,
) -> Result<T, c_int> {
    // SAFETY: the caller's promise.
    let Ok(conn) = (unsafe { handle::value(conn) }) else {
        return Err(TLS_ERR_USAGE);
    };
    guard(Err(TLS_ERR_PANIC), || conn.change(f))
}

/// Runs a setter or anything else that has no value.
///
/// # Safety
/// As for [`change`].
pub(crate) unsafe fn set(
    conn: *const tls_conn,
    f: impl FnOnce(&mut Connection) -> tls_std::Result<()>,
) -> c_int {
    let mut f = Some(f);
    // SAFETY: the caller's promise.
    unsafe { set_by(conn, &mut |c| f.take().map_or(Ok(()), |set| set(c))) }
}

/// One function for all setters, which it calls once.
///
/// # Safety
/// As for [`change`].
unsafe fn set_by(
    conn: *const tls_conn,
    f: &mut dyn FnMut(&mut Connection) -> tls_std::Result<()>,
) -> c_int {
    // The code is that of the setter's own error, also where a fatal one stays on the connection.
    let setter = |connection: &mut Connection| {
        f(connection).map_err(|error| {
            let code = code(&error);
            connection.misused(error);
            code
        })
    };
    // SAFETY: the caller's promise.
    match unsafe { change(conn, setter) } {
        Ok(()) => crate::code::TLS_OK,
        Err(code) => code,
    }
}

/// Reads a connection; `default` when there is none to read.
///
/// # Safety
/// As for [`change`].
pub(crate) unsafe fn look<T>(conn: *const tls_conn, default: T, f: impl FnOnce(&Conn) -> T) -> T {
    // SAFETY: the caller's promise.
    match unsafe { handle::value(conn) } {
        Ok(conn) => guard(None, || Some(f(conn))).unwrap_or(default),
        Err(_) => default,
    }
}

/// Bytes as a C string. A NUL inside, which would hide what follows, is shown as `\00`.
pub(crate) fn c_string(bytes: &[u8]) -> CString {
    CString::new(bytes).unwrap_or_else(|_| {
        let shown: Vec<u8> = bytes
            .iter()
            .flat_map(|b| match b {
                0 => br"\00".as_slice(),
                b => core::slice::from_ref(b),
            })
            .copied()
            .collect();
        CString::new(shown).unwrap_or_default()
    })
}

/// The pointer of a text that may be absent.
pub(crate) fn pointer(text: Option<&CStr>) -> *const c_char {
    text.map_or(core::ptr::null(), CStr::as_ptr)
}
