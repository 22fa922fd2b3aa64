//! A session store, and ticket keys, behind C callbacks.

use crate::args;
use crate::callback;
use crate::ctx_sessions::tls_session_store;
use crate::pending::tls_pending;
use core::ffi::{c_int, c_void};
use tls_core::cert::UnixTime;
use tls_core::crypto::{Later, Random, Reply, Secret};
use tls_core::session::{
    Opened, SealFailed, SessionStore, TICKET_KEY_NAME_LEN, TicketKey, TicketSealer,
};
use tls_std::CbcTicketKey;

type GetFn = unsafe extern "C" fn(*mut tls_pending, *const u8, usize, *mut c_void) -> c_int;
type PutFn = unsafe extern "C" fn(*const u8, usize, *const u8, usize, u32, *mut c_void);
type RemoveFn = unsafe extern "C" fn(*const u8, usize, *mut c_void);
type ReleaseFn = unsafe extern "C" fn(*mut c_void);
type KeyFn = unsafe extern "C" fn(*const u8, *mut u8, *mut c_int, *mut c_void) -> c_int;

/// What C calls its `arg`, with the function that is called when it is no longer needed.
pub(crate) struct Argument {
    arg: *mut c_void,
    release: Option<ReleaseFn>,
}

impl Argument {
    pub(crate) fn new(arg: *mut c_void, release: Option<ReleaseFn>) -> Self {
        Self { arg, release }
    }

    pub(crate) fn get(&self) -> *mut c_void {
        self.arg
    }
}

// SAFETY: the header says that the callbacks are called by any thread, also by several at once; `arg`
// is only handed through.
unsafe impl Send for Argument {}
// SAFETY: as above.
unsafe impl Sync for Argument {}

impl Drop for Argument {
    fn drop(&mut self) {
        if let Some(release) = self.release {
            // SAFETY: the program gave this function for this argument, to be called once.
            unsafe { release(self.arg) };
        }
    }
}

pub(crate) struct CallbackStore {
    get: GetFn,
    put: PutFn,
    remove: Option<RemoveFn>,
    argument: Argument,
}

impl CallbackStore {
    pub(crate) fn new(callbacks: tls_session_store, arg: *mut c_void) -> args::Result<Self> {
        Ok(Self {
            get: callbacks.get.ok_or_else(|| args::null("store.get"))?,
            put: callbacks.put.ok_or_else(|| args::null("store.put"))?,
            remove: callbacks.remove,
            argument: Argument::new(arg, callbacks.release),
        })
    }
}

impl SessionStore for CallbackStore {
    fn get(&self, id: &[u8], _now: UnixTime, later: &Later) -> Reply<Option<Secret>> {
        let said = callback::ask(later, |pending| {
            // SAFETY: the program gave this function for this argument; the bytes are live, the
            // handle too.
            unsafe { (self.get)(pending, id.as_ptr(), id.len(), self.argument.arg) }
        });
        said.map_or(Reply::Later, |_| Reply::Now(None))
    }

    fn put(&self, id: &[u8], value: &[u8], _now: UnixTime, lifetime: u32) {
        let (arg, value_len) = (self.argument.arg, value.len());
        // SAFETY: as above.
        unsafe {
            (self.put)(
                id.as_ptr(),
                id.len(),
                value.as_ptr(),
                value_len,
                lifetime,
                arg,
            )
        };
    }

    fn remove(&self, id: &[u8]) {
        if let Some(remove) = self.remove {
            // SAFETY: as above.
            unsafe { remove(id.as_ptr(), id.len(), self.argument.arg) };
        }
    }
}

impl core::fmt::Debug for CallbackStore {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("CallbackStore")
    }
}

/// Ticket keys that a callback knows.
pub(crate) struct CallbackTicketKeys {
    key: KeyFn,
    argument: Argument,
}

/// The longer of the two forms.
const MAX_KEY: usize = 80;

impl CallbackTicketKeys {
    pub(crate) fn new(
        key: Option<KeyFn>,
        arg: *mut c_void,
        release: Option<ReleaseFn>,
    ) -> args::Result<Self> {
        Ok(Self {
            key: key.ok_or_else(|| args::null("key"))?,
            argument: Argument::new(arg, release),
        })
    }

    /// The key with this name, or the one to seal with; and whether it is being replaced. Lengths that
    /// no key has are no key.
    fn ask(&self, name: Option<&[u8; TICKET_KEY_NAME_LEN]>) -> Option<(CbcTicketKey, bool)> {
        let mut bytes = Secret::new(vec![0; MAX_KEY]);
        let mut renew = 0;
        let name = name.map_or(core::ptr::null(), |name| name.as_ptr());
        // SAFETY: the program gave this function for this argument; the header says how much is
        // readable and how much room there is.
        let len =
            unsafe { (self.key)(name, bytes.as_mut_ptr(), &raw mut renew, self.argument.arg) };
        let bytes = bytes.get(..usize::try_from(len).ok()?)?;
        Some((CbcTicketKey::new(bytes)?, renew != 0))
    }
}

impl TicketSealer for CallbackTicketKeys {
    fn seal(
        &self,
        plain: &[u8],
        _now: UnixTime,
        random: &dyn Random,
    ) -> Result<Vec<u8>, SealFailed> {
        let (key, _) = self.ask(None).ok_or(SealFailed)?;
        key.seal(plain, random)
    }

    fn open(&self, sealed: &[u8], _now: UnixTime) -> Option<Opened> {
        let (key, renew) = self.ask(Some(sealed.first_chunk()?))?;
        let plain = key.open(sealed)?;
        Some(Opened { plain, renew })
    }
}

impl core::fmt::Debug for CallbackTicketKeys {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("CallbackTicketKeys")
    }
}
