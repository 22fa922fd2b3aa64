//! Pre-shared keys behind C callbacks.

use crate::args;
use crate::callback;
use crate::callback_store::Argument;
use crate::ctx_psk::tls_psk_callbacks;
use crate::pending::tls_pending;
use core::ffi::{c_int, c_void};
use tls_core::crypto::{Later, Psk, PskKeys, Random as _, Reply};
use tls_core::error::Reason;
use tls_std::OsRandom;

type LookUpFn = unsafe extern "C" fn(*mut tls_pending, *const u8, usize, *mut c_void) -> c_int;

pub(crate) struct CallbackPsk {
    client: Option<LookUpFn>,
    server: Option<LookUpFn>,
    argument: Argument,
    /// What nobody else has: sessions that were made with these keys are resumed with them alone.
    scope: [u8; 16],
}

impl CallbackPsk {
    pub(crate) fn new(callbacks: tls_psk_callbacks, arg: *mut c_void) -> args::Result<Self> {
        if callbacks.client.is_none() && callbacks.server.is_none() {
            return Err(args::null("callbacks.client and callbacks.server"));
        }
        let mut scope = [0; 16];
        OsRandom
            .fill(&mut scope)
            .map_err(|_| Reason::RandomFailed)?;
        Ok(Self {
            client: callbacks.client,
            server: callbacks.server,
            argument: Argument::new(arg, callbacks.release),
            scope,
        })
    }

    fn ask(&self, look_up: Option<LookUpFn>, name: &[u8], later: &Later) -> Reply<Option<Psk>> {
        let Some(look_up) = look_up else {
            return Reply::Now(None);
        };
        let said = callback::ask(later, |pending| {
            // SAFETY: the program gave this function for this argument; the bytes are live, the
            // handle too.
            unsafe { look_up(pending, name.as_ptr(), name.len(), self.argument.get()) }
        });
        said.map_or(Reply::Later, |_| Reply::Now(None))
    }
}

impl PskKeys for CallbackPsk {
    fn for_hint(&self, hint: &[u8], later: &Later) -> Reply<Option<Psk>> {
        self.ask(self.client, hint, later)
    }

    fn for_identity(&self, identity: &[u8], later: &Later) -> Reply<Option<Psk>> {
        self.ask(self.server, identity, later)
    }

    fn scope(&self) -> Vec<u8> {
        self.scope.to_vec()
    }
}

impl core::fmt::Debug for CallbackPsk {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("CallbackPsk")
    }
}
