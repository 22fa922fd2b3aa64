//! SSL_CTX: a context of libtlscore, a store of certificates, and what OpenSSL has beside.

pub mod api;
pub mod authorities;
pub mod callbacks;
mod chain;
pub mod control;
pub mod hooks;
pub mod keys;
pub mod keys_api;
pub mod method;
pub mod session_cache;
pub mod sessions;
pub mod ticket;
pub mod verify;

use crate::err::{self, Lib};
use crate::evp::{Asker, EVP_PKEY};
use crate::ex_data::{Class, ExData};
use crate::native::Ctx;
use crate::object::{Counted, Owned};
use crate::session::SSL_SESSION;
use crate::ssl::psk::{PskClientFn, PskServerFn};
use crate::ssl::status::{self, StatusFn};
use crate::ssl::{SSL, Terms};
use crate::stack::OPENSSL_STACK;
use crate::sys::{self, tls_error_info};
use crate::x509::param::Param;
use crate::x509::store_ctx::VerifyFn;
use crate::x509::{X509, X509_NAME, X509_STORE, X509_STORE_CTX};
use core::ffi::{c_char, c_int, c_long, c_uchar, c_uint, c_void};
use keys::Keys;
pub use method::SSL_METHOD;
use session_cache::Cache;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// SSL_OP_*
pub(crate) mod op {
    pub(crate) const LEGACY_SERVER_CONNECT: u64 = 1 << 2;
    pub(crate) const IGNORE_UNEXPECTED_EOF: u64 = 1 << 7;
    pub(crate) const ALLOW_CLIENT_RENEGOTIATION: u64 = 1 << 8;
    pub(crate) const DISABLE_TLSEXT_CA_NAMES: u64 = 1 << 9;
    pub(crate) const NO_TICKET: u64 = 1 << 14;
    pub(crate) const NO_COMPRESSION: u64 = 1 << 17;
    pub(crate) const ENABLE_MIDDLEBOX_COMPAT: u64 = 1 << 20;
    pub(crate) const CIPHER_SERVER_PREFERENCE: u64 = 1 << 22;
    pub(crate) const NO_TLSV1_2: u64 = 1 << 27;
    pub(crate) const NO_RENEGOTIATION: u64 = 1 << 30;
}

/// SSL_MODE_*
pub(crate) mod mode {
    use core::ffi::c_long;
    pub(crate) const ENABLE_PARTIAL_WRITE: c_long = 1;
    pub(crate) const ACCEPT_MOVING_WRITE_BUFFER: c_long = 2;
    pub(crate) const AUTO_RETRY: c_long = 4;
    pub(crate) const NO_AUTO_CHAIN: c_long = 8;
}

/// SSL_VERIFY_*
pub(crate) const VERIFY_PEER: c_int = 1;
pub(crate) const VERIFY_FAIL_IF_NO_PEER_CERT: c_int = 2;

/// SSL_SESS_CACHE_*
pub(crate) const CACHE_CLIENT: c_long = 1;
pub(crate) const CACHE_SERVER: c_long = 2;

/// TLS1_2_VERSION
pub(crate) const TLS12: c_int = 0x0303;

/// The level of Debian's OpenSSL, and of upstream's from 3.2 on.
const DEFAULT_LEVEL: c_int = 2;
/// The highest security level that there is; nothing passes a higher one.
pub(crate) const MOST_LEVEL: c_int = 5;
/// Sessions that a server keeps.
const CACHE_SIZE: usize = 20_480;
/// Bytes of a peer's chain that are taken; libtlscore has a bound of its own.
const MAX_CERT_LIST: usize = 100 * 1024;
/// Seconds that a session is good for.
const TIMEOUT: c_long = 7200;

pub type InfoFn = unsafe extern "C" fn(*const SSL, c_int, c_int);
pub type MsgFn =
    unsafe extern "C" fn(c_int, c_int, c_int, *const c_void, usize, *mut SSL, *mut c_void);
pub type ServernameFn = unsafe extern "C" fn(*mut SSL, *mut c_int, *mut c_void) -> c_int;
pub type AlpnSelectFn = unsafe extern "C" fn(
    *mut SSL,
    *mut *const c_uchar,
    *mut c_uchar,
    *const c_uchar,
    c_uint,
    *mut c_void,
) -> c_int;
pub type ClientHelloFn = unsafe extern "C" fn(*mut SSL, *mut c_int, *mut c_void) -> c_int;
pub type CertFn = unsafe extern "C" fn(*mut SSL, *mut c_void) -> c_int;
pub type ClientCertFn = unsafe extern "C" fn(*mut SSL, *mut *mut X509, *mut *mut EVP_PKEY) -> c_int;
pub type CertVerifyFn = unsafe extern "C" fn(*mut X509_STORE_CTX, *mut c_void) -> c_int;
pub type NewSessionFn = unsafe extern "C" fn(*mut SSL, *mut SSL_SESSION) -> c_int;
pub type GetSessionFn =
    unsafe extern "C" fn(*mut SSL, *const c_uchar, c_int, *mut c_int) -> *mut SSL_SESSION;
pub type RemoveSessionFn = unsafe extern "C" fn(*mut SSL_CTX, *mut SSL_SESSION);
pub type KeylogFn = unsafe extern "C" fn(*const SSL, *const c_char);

/// What `SSL_new` takes along, and an SSL changes for itself.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) options: u64,
    pub(crate) mode: c_long,
    pub(crate) verify_mode: c_int,
    pub(crate) verify_callback: Option<VerifyFn>,
    pub(crate) param: Param,
    pub(crate) session_context: Vec<u8>,
    pub(crate) min: c_int,
    pub(crate) max: c_int,
    pub(crate) quiet_shutdown: bool,
    pub(crate) read_ahead: bool,
    pub(crate) cache_mode: c_long,
    /// TLSEXT_STATUSTYPE_*: what a client asks for.
    pub(crate) status_type: c_long,
    pub(crate) info: Option<InfoFn>,
    pub(crate) message: Option<MsgFn>,
    pub(crate) message_arg: *mut c_void,
    pub(crate) client_cas: Option<Vec<Owned<X509_NAME>>>,
    pub(crate) passwords: Asker,
    pub(crate) psk_client: Option<PskClientFn>,
    pub(crate) psk_server: Option<PskServerFn>,
    pub(crate) psk_hint: Vec<u8>,
}

/// What a context alone has.
#[derive(Clone, Copy)]
pub(crate) struct Hooks {
    pub(crate) servername: Option<ServernameFn>,
    pub(crate) servername_arg: *mut c_void,
    pub(crate) alpn_select: Option<AlpnSelectFn>,
    pub(crate) alpn_arg: *mut c_void,
    pub(crate) client_hello: Option<ClientHelloFn>,
    pub(crate) client_hello_arg: *mut c_void,
    pub(crate) cert: Option<CertFn>,
    pub(crate) cert_arg: *mut c_void,
    pub(crate) client_cert: Option<ClientCertFn>,
    pub(crate) cert_verify: Option<CertVerifyFn>,
    pub(crate) cert_verify_arg: *mut c_void,
    pub(crate) new_session: Option<NewSessionFn>,
    pub(crate) get_session: Option<GetSessionFn>,
    pub(crate) remove_session: Option<RemoveSessionFn>,
    pub(crate) keylog: Option<KeylogFn>,
    pub(crate) status: Option<StatusFn>,
    pub(crate) status_arg: *mut c_void,
    pub(crate) ticket_key: Option<ticket::TicketKeyFn>,
    pub(crate) timeout: c_long,
    pub(crate) cache_size: usize,
    pub(crate) sessions: Counters,
    /// Most bytes of a peer's chain.
    pub(crate) max_cert_list: usize,
    /// A security level that libtlscore does not have, and that nothing meets.
    pub(crate) level_beyond: Option<c_int>,
    /// The cipher list selects nothing.
    pub(crate) no_ciphers: bool,
}

/// SSL_CTX_sess_*
#[derive(Clone, Copy, Default)]
pub(crate) struct Counters {
    pub(crate) connect: c_long,
    pub(crate) connect_good: c_long,
    pub(crate) accept: c_long,
    pub(crate) accept_good: c_long,
    pub(crate) hits: c_long,
}

/// A context, shared by any number of threads once it is configured.
pub struct SSL_CTX {
    native: Ctx,
    method: &'static SSL_METHOD,
    settings: Mutex<Settings>,
    hooks: Mutex<Hooks>,
    keys: Mutex<Keys>,
    /// What libtlscore's context was last told of settings that an SSL may have for itself: a connection keeps what the
    /// context has when it is made.
    told: Mutex<Option<Terms>>,
    store: Mutex<Owned<X509_STORE>>,
    cache: Mutex<Cache>,
    /// Lists that were lent.
    lent: Mutex<Vec<Owned<OPENSSL_STACK>>>,
    pub(crate) ex_data: ExData,
}

// SAFETY: made in `make` alone, inside of an Owned.
unsafe impl Counted for SSL_CTX {}

impl SSL_CTX {
    pub(crate) fn make(method: &'static SSL_METHOD) -> Result<Owned<Self>, tls_error_info> {
        let native = Ctx::new().ok_or_else(tls_error_info::none)?;
        callbacks::prepare(&native)?;
        // SAFETY: a live context and a text.
        native.set(|ctx| unsafe { sys::tls_ctx_set_policy(ctx, c"legacy".as_ptr()) })?;
        // SAFETY: a live context.
        native.set(|ctx| unsafe { sys::tls_ctx_set_security_level(ctx, DEFAULT_LEVEL) })?;
        let list = c"DEFAULT:!3DES";
        // SAFETY: a live context and a text.
        native.set(|ctx| unsafe { sys::tls_ctx_set_cipher_list(ctx, list.as_ptr()) })?;
        // Sessions of clients are the program's to keep.
        // SAFETY: a live context.
        native.set(|ctx| unsafe { sys::tls_ctx_set_client_session_cache(ctx, 0) })?;
        // What is stapled is shown to the program, which judges it.
        // SAFETY: a live context.
        native.set(|ctx| unsafe { sys::tls_ctx_set_ocsp(ctx, 0) })?;
        let ctx = Owned::new(Self {
            native,
            method,
            settings: Mutex::new(Settings::new(method)),
            hooks: Mutex::new(Hooks::new()),
            keys: Mutex::default(),
            told: Mutex::default(),
            store: Mutex::new(X509_STORE::new()),
            cache: Mutex::default(),
            lent: Mutex::default(),
            ex_data: ExData::default(),
        });
        ctx.apply_cache();
        ctx.ex_data.made(ctx.pointer().cast(), Class::SslCtx);
        Ok(ctx)
    }

    pub(crate) const fn native(&self) -> &Ctx {
        &self.native
    }

    pub(crate) const fn method(&self) -> &'static SSL_METHOD {
        self.method
    }

    pub(crate) fn settings(&self) -> MutexGuard<'_, Settings> {
        self.settings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn hooks(&self) -> MutexGuard<'_, Hooks> {
        self.hooks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn told(&self) -> MutexGuard<'_, Option<Terms>> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn cache(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn keys(&self) -> MutexGuard<'_, Keys> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn store(&self) -> Owned<X509_STORE> {
        self.store
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn set_store(&self, store: Owned<X509_STORE>) {
        let mut place = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        let old = core::mem::replace(&mut *place, store);
        // What goes may ask for what is there.
        drop(place);
        drop(old);
    }

    /// A list that stays with the context; the same one again where it was lent before.
    pub(crate) fn keep_list(&self, list: Owned<OPENSSL_STACK>) -> Owned<OPENSSL_STACK> {
        let mut lent = self.lent.lock().unwrap_or_else(PoisonError::into_inner);
        crate::stack::keep(&mut lent, list)
    }

    /// The security level, which a cipher list may have set, too.
    pub(crate) fn level(&self) -> c_int {
        // SAFETY: a live context.
        let level = || unsafe { sys::tls_ctx_security_level(self.native.raw()) };
        self.hooks().level_beyond.unwrap_or_else(level)
    }

    /// Gives libtlscore's context the keys of this one; false, with an error in the queue, where it refuses them.
    pub(crate) fn give_keys(&self) -> bool {
        let (store, level) = (self.chain_store(), self.level());
        self.keys().give(&self.native, store.as_deref(), level)
    }

    /// What completes chains that programs do not give whole.
    pub(crate) fn chain_store(&self) -> Option<Owned<X509_STORE>> {
        let asked = self.settings().mode & mode::NO_AUTO_CHAIN == 0;
        asked.then(|| self.store())
    }

    /// A setter of libtlscore's; where it fails its error is in the queue.
    pub(crate) fn set_native(&self, f: impl FnOnce(*mut sys::tls_ctx) -> c_int) -> bool {
        tell(self.native.set(f))
    }

    /// What the cache's mode and sizes are to libtlscore.
    pub(crate) fn apply_cache(&self) {
        let cache_mode = self.settings().cache_mode;
        let timeout = self.hooks().timeout;
        let cached = cache_mode & CACHE_SERVER != 0;
        let timeout = u32::try_from(timeout).unwrap_or(0).clamp(1, 86_400);
        // SAFETY: a live context, here and below.
        self.set_native(|ctx| unsafe { sys::tls_ctx_set_session_lifetime(ctx, timeout) });
        if self.keys().cached != Some(cached) {
            self.keys().cached = Some(cached);
            self.ask_for_sessions(cached);
        }
    }
}

/// Whether it went well; an error of libtlscore's is in the queue otherwise.
pub(crate) fn tell(result: Result<(), tls_error_info>) -> bool {
    let Err(info) = result else { return true };
    let lib = if info.number == 119 {
        Lib::X509
    } else {
        Lib::Ssl
    };
    err::put(lib, err::native(info.number, info.alert), info.text());
    false
}

impl Settings {
    fn new(method: &SSL_METHOD) -> Self {
        Self {
            options: op::NO_COMPRESSION | op::ENABLE_MIDDLEBOX_COMPAT,
            mode: mode::AUTO_RETRY,
            verify_mode: 0,
            verify_callback: None,
            param: Param::default(),
            session_context: Vec::new(),
            min: method.version(),
            max: method.version(),
            quiet_shutdown: false,
            read_ahead: false,
            cache_mode: CACHE_SERVER,
            status_type: status::NOTHING,
            info: None,
            message: None,
            message_arg: core::ptr::null_mut(),
            client_cas: None,
            passwords: Asker {
                callback: None,
                data: core::ptr::null_mut(),
            },
            psk_client: None,
            psk_server: None,
            psk_hint: Vec::new(),
        }
    }

    /// Whether TLS 1.2 is among the versions that are left.
    pub(crate) const fn has_tls12(&self) -> bool {
        self.options & op::NO_TLSV1_2 == 0
            && (self.min == 0 || self.min <= TLS12)
            && (self.max == 0 || self.max >= TLS12)
    }
}

impl Hooks {
    const fn new() -> Self {
        let none = core::ptr::null_mut();
        Self {
            servername: None,
            servername_arg: none,
            alpn_select: None,
            alpn_arg: none,
            client_hello: None,
            client_hello_arg: none,
            cert: None,
            cert_arg: none,
            client_cert: None,
            cert_verify: None,
            cert_verify_arg: none,
            new_session: None,
            get_session: None,
            remove_session: None,
            keylog: None,
            status: None,
            status_arg: none,
            ticket_key: None,
            timeout: TIMEOUT,
            cache_size: CACHE_SIZE,
            max_cert_list: MAX_CERT_LIST,
            level_beyond: None,
            no_ciphers: false,
            sessions: Counters {
                connect: 0,
                connect_good: 0,
                accept: 0,
                accept_good: 0,
                hits: 0,
            },
        }
    }
}

impl Drop for SSL_CTX {
    fn drop(&mut self) {
        let us = core::ptr::from_ref(self).cast_mut().cast();
        self.ex_data.free(us, Class::SslCtx);
    }
}
