//! Sessions through the C functions: what fails and how.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::*;
use core::ffi::{c_int, c_void};
use core::ptr::{null, null_mut};
use std::sync::Mutex;
use tls_capi::code::*;
use tls_capi::ctx::*;
use tls_capi::ctx_sessions::*;
use tls_capi::error::tls_error_info;
use tls_capi::facts::tls_conn_question;
use tls_capi::pending::*;
use tls_capi::reason::*;
use tls_capi::session::*;
use tls_capi::ticket_keys::*;
use tls_capi::verbs::tls_handshake;

/// Contexts that live through several connections.
struct Contexts {
    client: *mut tls_ctx,
    server: *mut tls_ctx,
}

impl Contexts {
    fn new() -> Self {
        Self {
            client: client_ctx(),
            server: server_ctx("p256"),
        }
    }

    fn pair(&self) -> Pair {
        Pair::of(c!(tls_ctx_ref(self.client)), c!(tls_ctx_ref(self.server)))
    }

    fn connect(&self) -> Pair {
        let pair = self.pair();
        assert_eq!(pair.handshake(), (TLS_OK, TLS_OK));
        pair
    }

    fn resumes(&self) -> bool {
        resumed(&self.connect())
    }
}

impl Drop for Contexts {
    fn drop(&mut self) {
        c!(tls_ctx_free(self.client));
        c!(tls_ctx_free(self.server));
    }
}

fn resumed(pair: &Pair) -> bool {
    let both = [pair.client, pair.server].map(|conn| c!(tls_conn_resumed(conn)));
    assert_eq!(both[0], both[1]);
    both[0] == 1
}

fn export(session: *const tls_session) -> Vec<u8> {
    let len = c!(tls_session_export(session, null_mut(), 0));
    let mut blob = vec![0_u8; len.unsigned_abs()];
    let written = c!(tls_session_export(
        session,
        blob.as_mut_ptr().cast(),
        blob.len()
    ));
    assert_eq!(written, len);
    blob
}

fn import(blob: &[u8]) -> Result<*mut tls_session, Box<tls_error_info>> {
    let mut session = null_mut();
    let mut info = core::mem::MaybeUninit::uninit();
    let at = blob.as_ptr().cast();
    match c!(tls_session_import(
        at,
        blob.len(),
        &raw mut session,
        info.as_mut_ptr()
    )) {
        TLS_OK => Ok(session),
        code => {
            assert_eq!(code, TLS_ERR_USAGE);
            assert!(session.is_null());
            // SAFETY: written, as the code says.
            Err(Box::new(unsafe { info.assume_init() }))
        }
    }
}

#[test]
fn a_session_goes_out_and_comes_back() {
    let contexts = Contexts::new();
    let pair = contexts.pair();
    assert!(c!(tls_conn_session(pair.client)).is_null(), "not yet");
    assert_eq!(pair.handshake(), (TLS_OK, TLS_OK));
    assert!(c!(tls_conn_session(pair.server)).is_null(), "a server");
    let session = c!(tls_conn_session(pair.client));
    assert_eq!(c!(tls_session_has_ticket(session)), 1);
    assert_eq!(c!(tls_session_lifetime(session)), 7200);
    assert!(c!(tls_session_issued(session)) > 1_700_000_000);
    assert_eq!(
        text(c!(tls_session_server_name(session))).unwrap(),
        "localhost"
    );
    let cipher = text(c!(tls_session_cipher(session))).unwrap();
    assert_eq!(cipher, "ECDHE-ECDSA-AES128-GCM-SHA256");
    let mut len = 7;
    assert!(c!(tls_session_id(session, &raw mut len)).is_null());
    assert_eq!(len, 7, "written on success alone");

    let blob = export(session);
    let copy = import(&blob).ok().unwrap();
    assert_eq!(export(copy), blob);
    assert_eq!(
        c!(tls_ctx_set_client_session_cache(contexts.client, 0)),
        TLS_OK
    );
    assert!(!contexts.resumes());
    for offered in [session, copy, c!(tls_session_ref(copy))] {
        let pair = contexts.pair();
        assert_eq!(c!(tls_conn_set_session(pair.client, offered)), TLS_OK);
        c!(tls_session_free(offered));
        assert_eq!(pair.handshake(), (TLS_OK, TLS_OK));
        assert!(resumed(&pair));
        // For a renegotiation.
        assert_eq!(c!(tls_conn_set_session(pair.client, null())), TLS_OK);
        assert_eq!(c!(tls_conn_set_session(pair.server, null())), TLS_ERR_USAGE);
    }
}

#[test]
fn blobs_and_buffers_that_do_not_fit_are_refused() {
    let contexts = Contexts::new();
    let pair = contexts.connect();
    let session = c!(tls_conn_session(pair.client));
    let blob = export(session);
    let mut room = vec![0x55_u8; blob.len()];
    for len in [1, blob.len() - 1] {
        let code = c!(tls_session_export(session, room.as_mut_ptr().cast(), len));
        assert_eq!(code, TLS_ERR_USAGE as isize);
    }
    assert_eq!(
        c!(tls_session_export(session, null_mut(), 9)),
        TLS_ERR_USAGE as isize
    );
    assert!(room.iter().all(|b| *b == 0x55));
    let mut other_version = blob.clone();
    let state = blob.len() - 1;
    other_version[0] = b'T';
    let all = [
        Vec::new(),
        blob[..state].to_vec(),
        [&blob[..], &[0]].concat(),
        other_version,
    ];
    for bytes in &all {
        let error = import(bytes).unwrap_err();
        assert_eq!(error.number, TLS_REASON_BAD_SESSION);
    }
    assert!(message(&import(&all[3]).unwrap_err()).contains("no exported session"));
    let (at, len) = (blob.as_ptr().cast::<c_void>(), blob.len());
    let mut out = null_mut();
    // Without a place for the reason; without one for the session; without bytes.
    assert_eq!(
        c!(tls_session_import(at, 3, &raw mut out, null_mut())),
        TLS_ERR_USAGE
    );
    assert_eq!(
        c!(tls_session_import(at, len, null_mut(), null_mut())),
        TLS_ERR_USAGE
    );
    assert_eq!(
        c!(tls_session_import(null(), 3, &raw mut out, null_mut())),
        TLS_ERR_USAGE
    );
    assert!(out.is_null());
    // Another kind of object.
    let wrong = pair.client.cast::<tls_session>();
    let fresh = contexts.pair();
    assert_eq!(c!(tls_conn_set_session(fresh.client, wrong)), TLS_ERR_USAGE);
    assert_eq!(conn_error(fresh.client).number, TLS_REASON_BAD_ARGUMENT);
    c!(tls_session_free(session));
}

#[test]
fn values_out_of_range_are_refused() {
    let ctx = server_ctx("p256");
    let refused = |code: c_int, reason: c_int| {
        assert_eq!(code, TLS_ERR_USAGE);
        assert_eq!(ctx_error(ctx).number, reason);
    };
    let bytes = [1_u8; 96];
    let at = bytes.as_ptr().cast();
    for seconds in [0, 86_401] {
        let code = c!(tls_ctx_set_session_lifetime(ctx, seconds));
        refused(code, TLS_REASON_BAD_ARGUMENT);
    }
    assert_eq!(c!(tls_ctx_set_session_id_context(ctx, at, 32)), TLS_OK);
    assert_eq!(c!(tls_ctx_set_session_id_context(ctx, null(), 0)), TLS_OK);
    refused(
        c!(tls_ctx_set_session_id_context(ctx, at, 33)),
        TLS_REASON_BAD_ARGUMENT,
    );
    refused(
        c!(tls_ctx_set_session_id_context(ctx, null(), 3)),
        TLS_REASON_NULL_HANDLE,
    );
    for len in [0, 16, 47, 49, 79, 81, 96] {
        refused(
            c!(tls_ctx_set_ticket_keys_mem(ctx, at, len)),
            TLS_REASON_BAD_TICKET_KEYS,
        );
        let code = c!(tls_ctx_add_ticket_key_mem(ctx, at, len, 1, 1));
        refused(code, TLS_REASON_BAD_TICKET_KEYS);
    }
    refused(
        c!(tls_ctx_set_ticket_keys_file(ctx, null())),
        TLS_REASON_NULL_HANDLE,
    );
    let missing = c!(tls_ctx_set_ticket_keys_file(ctx, c"no/such".as_ptr()));
    refused(missing, TLS_REASON_FILE_UNREADABLE);
    let missing = c!(tls_ctx_add_ticket_key_file(ctx, c"no/such".as_ptr(), 1, 1));
    refused(missing, TLS_REASON_FILE_UNREADABLE);
    for len in [0, 15, 17] {
        let code = c!(tls_ctx_remove_ticket_key(ctx, bytes.as_ptr(), len));
        refused(code, TLS_REASON_BAD_ARGUMENT);
    }
    let unknown = c!(tls_ctx_remove_ticket_key(ctx, bytes.as_ptr(), 16));
    refused(unknown, TLS_REASON_BAD_TICKET_KEYS);
    refused(
        c!(tls_ctx_set_ticket_master(ctx, at, 31, 60)),
        TLS_REASON_BAD_TICKET_KEYS,
    );
    refused(
        c!(tls_ctx_set_ticket_master(ctx, at, 32, 0)),
        TLS_REASON_BAD_TICKET_KEYS,
    );
    let none = c!(tls_ctx_set_ticket_key_callback(ctx, None, null_mut(), None));
    refused(none, TLS_REASON_NULL_HANDLE);
    refused(
        c!(tls_ctx_set_session_store(ctx, null(), null_mut())),
        TLS_REASON_NULL_HANDLE,
    );
    let empty = tls_session_store {
        get: None,
        put: Some(put),
        remove: None,
        release: Some(release),
    };
    let code = c!(tls_ctx_set_session_store(ctx, &raw const empty, null_mut()));
    refused(code, TLS_REASON_NULL_HANDLE);
    let half = tls_session_store {
        get: Some(get),
        put: None,
        ..empty
    };
    let code = c!(tls_ctx_set_session_store(ctx, &raw const half, null_mut()));
    refused(code, TLS_REASON_NULL_HANDLE);
    c!(tls_ctx_free(ctx));
}

/// What a store of these tests does when it is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    Answers,
    Later,
    /// Returns TLS_WANT_APP and forgets.
    Never,
    Garbage,
    /// More than any session has.
    Huge,
    /// Returns something that is no code.
    Nonsense,
}

struct Store {
    manner: Mutex<Manner>,
    values: Mutex<Vec<(Vec<u8>, Vec<u8>)>>,
    pending: Mutex<Option<usize>>,
    released: Mutex<u32>,
}

impl Store {
    fn new() -> Box<Self> {
        Box::new(Self {
            manner: Mutex::new(Manner::Answers),
            values: Mutex::default(),
            pending: Mutex::default(),
            released: Mutex::default(),
        })
    }

    fn arg(&self) -> *mut c_void {
        core::ptr::from_ref(self).cast_mut().cast()
    }

    fn find(&self, id: &[u8]) -> Option<Vec<u8>> {
        let values = self.values.lock().unwrap();
        values.iter().find(|(i, _)| i == id).map(|(_, v)| v.clone())
    }

    fn only(&self) -> Vec<u8> {
        self.values.lock().unwrap().first().unwrap().1.clone()
    }

    fn take(&self) -> *mut tls_pending {
        let taken = self.pending.lock().unwrap().take().unwrap();
        core::ptr::with_exposed_provenance_mut(taken)
    }
}

unsafe fn store<'a>(arg: *mut c_void) -> &'a Store {
    // SAFETY: every test hands its Store over.
    unsafe { &*arg.cast::<Store>() }
}

unsafe fn slice<'a>(at: *const u8, len: usize) -> &'a [u8] {
    // SAFETY: the library's bytes, for the call.
    unsafe { core::slice::from_raw_parts(at, len) }
}

unsafe extern "C" fn get(
    pending: *mut tls_pending,
    id: *const u8,
    len: usize,
    arg: *mut c_void,
) -> c_int {
    // SAFETY: the library's bytes, and the test's store, live through the call.
    let (store, id) = unsafe { (store(arg), slice(id, len)) };
    assert_eq!(id.len(), 32);
    let manner = *store.manner.lock().unwrap();
    match manner {
        Manner::Answers => {
            if let Some(value) = store.find(id) {
                let at = value.as_ptr().cast();
                assert_eq!(
                    c!(tls_pending_answer_session(pending, at, value.len())),
                    TLS_OK
                );
            }
            TLS_OK
        }
        Manner::Later | Manner::Never => {
            let kept = c!(tls_pending_ref(pending)).expose_provenance();
            *store.pending.lock().unwrap() = Some(kept);
            TLS_WANT_APP
        }
        Manner::Garbage => {
            let bytes = [7_u8; 300];
            c!(tls_pending_answer_session(
                pending,
                bytes.as_ptr().cast(),
                300
            ))
        }
        Manner::Huge => {
            let bytes = vec![7_u8; 65_537];
            let code = c!(tls_pending_answer_session(
                pending,
                bytes.as_ptr().cast(),
                bytes.len()
            ));
            assert_eq!(code, TLS_ERR_USAGE);
            code
        }
        Manner::Nonsense => 4711,
    }
}

unsafe extern "C" fn put(
    id: *const u8,
    id_len: usize,
    value: *const u8,
    value_len: usize,
    lifetime: u32,
    arg: *mut c_void,
) {
    // SAFETY: the library's bytes, and the test's store, live through the call.
    let (store, id, value) = unsafe { (store(arg), slice(id, id_len), slice(value, value_len)) };
    assert_eq!(lifetime, 7200);
    store
        .values
        .lock()
        .unwrap()
        .push((id.to_vec(), value.to_vec()));
}

unsafe extern "C" fn remove(id: *const u8, len: usize, arg: *mut c_void) {
    // SAFETY: the library's bytes, and the test's store, live through the call.
    let (store, id) = unsafe { (store(arg), slice(id, len)) };
    store.values.lock().unwrap().retain(|(i, _)| i != id);
}

unsafe extern "C" fn release(arg: *mut c_void) {
    // SAFETY: the library's bytes, and the test's store, live through the call.
    *unsafe { store(arg) }.released.lock().unwrap() += 1;
}

const STORE: tls_session_store = tls_session_store {
    get: Some(get),
    put: Some(put),
    remove: Some(remove),
    release: Some(release),
};

fn with_store(store: &Store) -> Contexts {
    let contexts = Contexts::new();
    assert_eq!(c!(tls_ctx_set_tickets(contexts.server, 0)), TLS_OK);
    let set = c!(tls_ctx_set_session_store(
        contexts.server,
        &STORE,
        store.arg()
    ));
    assert_eq!(set, TLS_OK);
    contexts
}

#[test]
fn a_store_of_the_programs_own() {
    let store = Store::new();
    let contexts = with_store(&store);
    assert!(!contexts.resumes());
    let pair = contexts.connect();
    assert!(resumed(&pair));
    let session = c!(tls_conn_session(pair.client));
    let mut len = 0;
    let id = c!(tls_session_id(session, &raw mut len));
    assert_eq!(len, 32);
    // SAFETY: the library's bytes, and the test's store, live through the call.
    assert!(store.find(unsafe { slice(id, len) }).is_some());
    c!(tls_session_free(session));
    drop(pair);
    assert_eq!(*store.released.lock().unwrap(), 0);
    drop(contexts);
    assert_eq!(*store.released.lock().unwrap(), 1);
}

#[test]
fn a_store_that_misbehaves_means_full_handshakes() {
    for manner in [Manner::Garbage, Manner::Huge, Manner::Nonsense] {
        let store = Store::new();
        let contexts = with_store(&store);
        assert!(!contexts.resumes());
        *store.manner.lock().unwrap() = manner;
        assert!(!contexts.resumes());
        *store.manner.lock().unwrap() = Manner::Answers;
        assert!(contexts.resumes(), "the test itself");
    }
}

#[test]
fn a_store_that_answers_later_from_another_thread() {
    let store = Store::new();
    let contexts = with_store(&store);
    assert!(!contexts.resumes());
    *store.manner.lock().unwrap() = Manner::Later;
    for (value, resumes) in [
        (store.only(), true),
        (vec![1; 200], false),
        (Vec::new(), false),
    ] {
        let pair = contexts.pair();
        assert_eq!(pair.handshake(), (TLS_WANT_READ, TLS_WANT_APP));
        assert_eq!(c!(tls_handshake(pair.server)), TLS_WANT_APP);
        assert!(!c!(tls_conn_question(pair.server)).is_null());
        let pending = store.take().expose_provenance();
        let given = value.clone();
        let thread = std::thread::spawn(move || {
            let pending: *mut tls_pending = core::ptr::with_exposed_provenance_mut(pending);
            let at = if given.is_empty() {
                null()
            } else {
                given.as_ptr().cast()
            };
            assert_eq!(
                c!(tls_pending_answer_signature(
                    pending,
                    [1_u8].as_ptr().cast(),
                    1
                )),
                TLS_ERR_USAGE
            );
            assert_eq!(
                c!(tls_pending_answer_session(pending, at, given.len())),
                TLS_OK
            );
            assert_eq!(
                c!(tls_pending_answer_session(pending, at, given.len())),
                TLS_ERR_USAGE
            );
            c!(tls_pending_free(pending));
        });
        thread.join().unwrap();
        assert_eq!(pair.handshake(), (TLS_OK, TLS_OK));
        assert_eq!(resumed(&pair), resumes, "{} bytes", value.len());
        // A full handshake made another session: the client has that one now.
        store.values.lock().unwrap().rotate_right(1);
    }
}

#[test]
fn a_store_that_never_answers_holds_nothing_but_its_own_connection() {
    let store = Store::new();
    let contexts = with_store(&store);
    assert!(!contexts.resumes());
    *store.manner.lock().unwrap() = Manner::Never;
    let pair = contexts.pair();
    assert_eq!(pair.handshake(), (TLS_WANT_READ, TLS_WANT_APP));
    drop(pair);
    // An answer behind the connection's end is nobody's.
    let pending = store.take();
    let value = store.only();
    assert_eq!(
        c!(tls_pending_answer_session(
            pending,
            value.as_ptr().cast(),
            value.len()
        )),
        TLS_OK
    );
    c!(tls_pending_free(pending));
    *store.manner.lock().unwrap() = Manner::Answers;
    assert!(contexts.resumes());
}

/// Keys by name; what the callback is asked for decides.
unsafe extern "C" fn ticket_key(
    name: *const u8,
    out: *mut u8,
    renew: *mut c_int,
    arg: *mut c_void,
) -> c_int {
    // SAFETY: the test's answer.
    let [len, again] = unsafe { *arg.cast::<[c_int; 2]>() };
    for n in 0..80 {
        // SAFETY: there is room for 80 bytes.
        unsafe { out.add(n).write(n as u8) };
    }
    if !name.is_null() {
        // SAFETY: a name has 16 bytes; the result is initialised by the caller.
        unsafe {
            assert_eq!(*name.add(15), 15);
            *renew = again;
        }
    }
    len
}

#[test]
fn ticket_keys_behind_a_callback() {
    let contexts = Contexts::new();
    let mut answer: [c_int; 2] = [48, 0];
    let arg = (&raw mut answer).cast::<c_void>();
    let set = c!(tls_ctx_set_ticket_key_callback(
        contexts.server,
        Some(ticket_key),
        arg,
        None
    ));
    assert_eq!(set, TLS_OK);
    let say = |len, renew| {
        // SAFETY: one thread, and no callback runs.
        unsafe { arg.cast::<[c_int; 2]>().write([len, renew]) };
    };
    assert!(!contexts.resumes());
    let names = |pair: &Pair| {
        let session = c!(tls_conn_session(pair.client));
        let blob = export(session);
        c!(tls_session_free(session));
        blob[7..23].to_vec()
    };
    let pair = contexts.connect();
    assert!(resumed(&pair));
    assert_eq!(names(&pair), (0..16).collect::<Vec<u8>>());
    let before = export_of(&pair);
    say(48, 1);
    let pair = contexts.connect();
    assert!(resumed(&pair));
    assert_ne!(export_of(&pair), before, "renewed");
    // Another key of the same name; then lengths that no key has.
    for len in [80, 0, -1, 79, 81, 4711] {
        say(len, 0);
        assert!(!contexts.resumes(), "{len}");
        say(48, 0);
        contexts.connect();
    }
    assert!(contexts.resumes());
}

fn export_of(pair: &Pair) -> Vec<u8> {
    let session = c!(tls_conn_session(pair.client));
    let blob = export(session);
    c!(tls_session_free(session));
    blob
}
