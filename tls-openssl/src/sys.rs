//! What is used of libtlscore's public interface, `<tlscore/tls.h>`. The compiler of the C tests compares it with
//! the header (tests/openssl/sys.py).

use core::ffi::{c_char, c_int, c_void};

/// Opaque objects of libtlscore.
macro_rules! opaque {
    ($($name:ident)*) => {
        $(#[repr(C)]
        pub struct $name {
            _private: [u8; 0],
        })*
    };
}

opaque!(tls_ctx tls_conn tls_cert tls_session tls_pending tls_hello tls_verify tls_key);

pub(crate) const TLS_OK: c_int = 0;
pub(crate) const TLS_WANT_READ: c_int = -2;
pub(crate) const TLS_WANT_WRITE: c_int = -3;
pub(crate) const TLS_WANT_APP: c_int = -4;
pub(crate) const TLS_ERR_IO: c_int = -5;
pub(crate) const TLS_ERR_USAGE: c_int = -100;
pub(crate) const TLS_CLIENT: c_int = 1;
pub(crate) const TLS_SERVER: c_int = 2;
pub(crate) const TLS_ALPN_IGNORE: c_int = 1;
pub(crate) const TLS_OCSP_REQUEST: c_int = 1;

/// One error, copied out.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct tls_error_info {
    pub number: c_int,
    pub family: c_int,
    pub alert: c_int,
    pub alert_direction: c_int,
    pub os_errno: c_int,
    pub certificate: c_int,
    pub reserved: [c_int; 2],
    pub name: [c_char; 48],
    pub text: [c_char; 432],
}

impl tls_error_info {
    pub(crate) const fn none() -> Self {
        Self {
            number: 0,
            family: 0,
            alert: -1,
            alert_direction: 0,
            os_errno: 0,
            certificate: -1,
            reserved: [0; 2],
            name: [0; 48],
            text: [0; 432],
        }
    }

    /// The sentence.
    pub(crate) fn text(&self) -> &[u8] {
        // SAFETY: c_char and u8 have one layout.
        let text = unsafe { core::slice::from_raw_parts(self.text.as_ptr().cast::<u8>(), 432) };
        text.split(|byte| *byte == 0).next().unwrap_or_default()
    }
}

/// A verdict on the peer's chain.
#[repr(C)]
pub struct tls_verdict {
    pub peer: c_int,
    pub name: *const c_char,
    pub chain: *const *const tls_cert,
    pub chain_len: usize,
    pub path: *const *const tls_cert,
    pub path_len: usize,
    pub ocsp_response: *const c_void,
    pub ocsp_response_len: usize,
    pub error: tls_error_info,
}

/// A server's session store.
#[repr(C)]
pub struct tls_session_store {
    pub get: Option<unsafe extern "C" fn(*mut tls_pending, *const u8, usize, *mut c_void) -> c_int>,
    pub put: Option<unsafe extern "C" fn(*const u8, usize, *const u8, usize, u32, *mut c_void)>,
    pub remove: Option<unsafe extern "C" fn(*const u8, usize, *mut c_void)>,
    pub release: Option<unsafe extern "C" fn(*mut c_void)>,
}

/// Who knows pre-shared keys.
#[repr(C)]
pub struct tls_psk_callbacks {
    pub client:
        Option<unsafe extern "C" fn(*mut tls_pending, *const u8, usize, *mut c_void) -> c_int>,
    pub server:
        Option<unsafe extern "C" fn(*mut tls_pending, *const u8, usize, *mut c_void) -> c_int>,
    pub release: Option<unsafe extern "C" fn(*mut c_void)>,
}

pub(crate) type ReleaseFn = unsafe extern "C" fn(*mut c_void);
pub(crate) type HelloFn =
    unsafe extern "C" fn(*mut tls_pending, *const tls_hello, *mut c_void) -> c_int;

unsafe extern "C" {

    pub fn tls_ctx_new(roles: c_int) -> *mut tls_ctx;
    pub fn tls_ctx_dup(ctx: *const tls_ctx) -> *mut tls_ctx;
    pub fn tls_ctx_free(ctx: *mut tls_ctx);
    pub fn tls_ctx_set_client_auth(ctx: *mut tls_ctx, mode: c_int) -> c_int;
    pub fn tls_ctx_error(ctx: *const tls_ctx, out: *mut tls_error_info) -> c_int;
    pub fn tls_ctx_set_policy(ctx: *mut tls_ctx, name: *const c_char) -> c_int;
    pub fn tls_ctx_set_cipher_list(ctx: *mut tls_ctx, list: *const c_char) -> c_int;
    pub fn tls_ctx_set_groups(ctx: *mut tls_ctx, list: *const c_char) -> c_int;
    pub fn tls_ctx_set_sigalgs(ctx: *mut tls_ctx, list: *const c_char) -> c_int;
    pub fn tls_ctx_set_security_level(ctx: *mut tls_ctx, level: c_int) -> c_int;
    pub fn tls_ctx_security_level(ctx: *const tls_ctx) -> c_int;
    pub fn tls_ctx_set_preference(ctx: *mut tls_ctx, preference: c_int) -> c_int;
    pub fn tls_ctx_ciphers(ctx: *const tls_ctx, out: *mut c_char, cap: usize) -> isize;
    pub fn tls_ctx_set_alpn_wire(ctx: *mut tls_ctx, wire: *const c_void, len: usize) -> c_int;
    pub fn tls_ctx_set_alpn_callback(
        ctx: *mut tls_ctx,
        callback: Option<
            unsafe extern "C" fn(
                *const tls_hello,
                *mut *const u8,
                *mut usize,
                *mut c_void,
            ) -> c_int,
        >,
        arg: *mut c_void,
        release: Option<ReleaseFn>,
    ) -> c_int;
    pub fn tls_ctx_set_hello_callback(
        ctx: *mut tls_ctx,
        callback: Option<HelloFn>,
        arg: *mut c_void,
        release: Option<ReleaseFn>,
    ) -> c_int;
    pub fn tls_ctx_set_verify_callback(
        ctx: *mut tls_ctx,
        callback: Option<
            unsafe extern "C" fn(*mut tls_pending, *const tls_verdict, *mut c_void) -> c_int,
        >,
        arg: *mut c_void,
        release: Option<ReleaseFn>,
    ) -> c_int;
    pub fn tls_ctx_danger_accept_any_cert(ctx: *mut tls_ctx) -> c_int;
    pub fn tls_ctx_danger_set_keylog(
        ctx: *mut tls_ctx,
        log: Option<unsafe extern "C" fn(*const c_char, *mut c_void)>,
        arg: *mut c_void,
        release: Option<ReleaseFn>,
    ) -> c_int;
    pub fn tls_ctx_danger_set_message_callback(
        ctx: *mut tls_ctx,
        callback: Option<
            unsafe extern "C" fn(c_int, c_int, c_int, *const c_void, usize, *mut c_void),
        >,
        arg: *mut c_void,
        release: Option<ReleaseFn>,
    ) -> c_int;
    pub fn tls_ctx_set_legacy_common_name(ctx: *mut tls_ctx, accept: c_int) -> c_int;
    pub fn tls_ctx_clear_crls(ctx: *mut tls_ctx) -> c_int;
    pub fn tls_ctx_set_partial_chain(ctx: *mut tls_ctx, allow: c_int) -> c_int;
    pub fn tls_ctx_add_ca_file(ctx: *mut tls_ctx, path: *const c_char) -> c_int;
    pub fn tls_ctx_add_ca_mem(ctx: *mut tls_ctx, ca: *const c_void, len: usize) -> c_int;
    pub fn tls_ctx_add_ca_system(ctx: *mut tls_ctx) -> c_int;
    pub fn tls_ctx_add_crl_file(ctx: *mut tls_ctx, path: *const c_char) -> c_int;
    pub fn tls_ctx_set_crl_leaf_only(ctx: *mut tls_ctx, leaf_only: c_int) -> c_int;
    pub fn tls_ctx_set_client_ca_mem(ctx: *mut tls_ctx, ca: *const c_void, len: usize) -> c_int;
    pub fn tls_ctx_add_keypair_key(
        ctx: *mut tls_ctx,
        cert: *const c_void,
        cert_len: usize,
        key: *const tls_key,
    ) -> c_int;
    pub fn tls_ctx_set_keypairs_of(ctx: *mut tls_ctx, from: *const tls_ctx) -> c_int;
    pub fn tls_ctx_set_dh_params_mem(ctx: *mut tls_ctx, params: *const c_void, len: usize)
    -> c_int;
    pub fn tls_ctx_set_ocsp(ctx: *mut tls_ctx, mode: c_int) -> c_int;
    pub fn tls_ctx_set_ocsp_response_mem(
        ctx: *mut tls_ctx,
        keypair: usize,
        response: *const c_void,
        len: usize,
    ) -> c_int;
    pub fn tls_ctx_set_psk_callback(
        ctx: *mut tls_ctx,
        callbacks: *const tls_psk_callbacks,
        arg: *mut c_void,
    ) -> c_int;
    pub fn tls_ctx_set_psk_hint(ctx: *mut tls_ctx, hint: *const c_void, len: usize) -> c_int;
    pub fn tls_ctx_set_ticket_key_callback(
        ctx: *mut tls_ctx,
        key: Option<unsafe extern "C" fn(*const u8, *mut u8, *mut c_int, *mut c_void) -> c_int>,
        arg: *mut c_void,
        release: Option<unsafe extern "C" fn(*mut c_void)>,
    ) -> c_int;
    pub fn tls_ctx_set_tickets(ctx: *mut tls_ctx, on: c_int) -> c_int;
    pub fn tls_ctx_set_session_store(
        ctx: *mut tls_ctx,
        store: *const tls_session_store,
        arg: *mut c_void,
    ) -> c_int;
    pub fn tls_pending_answer_session(
        pending: *mut tls_pending,
        value: *const c_void,
        len: usize,
    ) -> c_int;
    pub fn tls_ctx_set_session_cache(ctx: *mut tls_ctx, sessions: usize) -> c_int;
    pub fn tls_ctx_set_client_session_cache(ctx: *mut tls_ctx, sessions: usize) -> c_int;
    pub fn tls_ctx_set_session_lifetime(ctx: *mut tls_ctx, seconds: u32) -> c_int;
    pub fn tls_ctx_set_session_id_context(
        ctx: *mut tls_ctx,
        id: *const c_void,
        len: usize,
    ) -> c_int;
    pub fn tls_ctx_set_max_send_fragment(ctx: *mut tls_ctx, bytes: usize) -> c_int;

    pub fn tls_conn_new(ctx: *mut tls_ctx, name: *const c_char) -> *mut tls_conn;
    pub fn tls_conn_new_server(ctx: *mut tls_ctx) -> *mut tls_conn;
    pub fn tls_conn_free(conn: *mut tls_conn);
    pub fn tls_conn_error(conn: *const tls_conn, out: *mut tls_error_info) -> c_int;
    pub fn tls_conn_set_server_name(conn: *mut tls_conn, name: *const c_char) -> c_int;
    pub fn tls_conn_set_cipher_list(conn: *mut tls_conn, list: *const c_char) -> c_int;
    pub fn tls_conn_set_alpn_wire(conn: *mut tls_conn, wire: *const c_void, len: usize) -> c_int;
    pub fn tls_conn_set_keypair_key(
        conn: *mut tls_conn,
        cert: *const c_void,
        cert_len: usize,
        key: *const tls_key,
    ) -> c_int;
    pub fn tls_conn_set_client_auth(conn: *mut tls_conn, mode: c_int) -> c_int;
    pub fn tls_conn_set_renegotiation(conn: *mut tls_conn, mode: c_int) -> c_int;
    pub fn tls_conn_set_session(conn: *mut tls_conn, session: *const tls_session) -> c_int;
    pub fn tls_conn_set_io(
        conn: *mut tls_conn,
        read: Option<unsafe extern "C" fn(*mut tls_conn, *mut c_void, usize, *mut c_void) -> isize>,
        write: Option<
            unsafe extern "C" fn(*mut tls_conn, *const c_void, usize, *mut c_void) -> isize,
        >,
        arg: *mut c_void,
    ) -> c_int;
    pub fn tls_conn_set_os_error(conn: *mut tls_conn, os_errno: c_int);

    pub fn tls_handshake(conn: *mut tls_conn) -> c_int;
    pub fn tls_read(conn: *mut tls_conn, buf: *mut c_void, len: usize) -> isize;
    pub fn tls_write(conn: *mut tls_conn, buf: *const c_void, len: usize) -> isize;
    pub fn tls_flush(conn: *mut tls_conn) -> c_int;
    pub fn tls_close(conn: *mut tls_conn) -> c_int;
    pub fn tls_renegotiate(conn: *mut tls_conn) -> c_int;

    pub fn tls_conn_pending(conn: *const tls_conn) -> usize;
    pub fn tls_conn_has_pending(conn: *const tls_conn) -> c_int;
    pub fn tls_conn_close_sent(conn: *const tls_conn) -> c_int;
    pub fn tls_conn_handshakes(conn: *const tls_conn) -> c_int;
    pub fn tls_conn_resumed(conn: *const tls_conn) -> c_int;
    pub fn tls_conn_cipher_id(conn: *const tls_conn) -> c_int;
    pub fn tls_conn_dh_bits(conn: *const tls_conn) -> c_int;
    pub fn tls_conn_group(conn: *const tls_conn) -> *const c_char;
    pub fn tls_conn_alpn(conn: *const tls_conn, len: *mut usize) -> *const c_char;
    pub fn tls_conn_server_name(conn: *const tls_conn) -> *const c_char;
    pub fn tls_conn_secure_renegotiation(conn: *const tls_conn) -> c_int;
    pub fn tls_conn_extended_master_secret(conn: *const tls_conn) -> c_int;
    pub fn tls_conn_peer_cert_count(conn: *const tls_conn) -> usize;
    pub fn tls_conn_peer_cert(conn: *const tls_conn, index: usize) -> *const tls_cert;
    pub fn tls_conn_session(conn: *const tls_conn) -> *mut tls_session;
    pub fn tls_conn_export(
        conn: *mut tls_conn,
        label: *const c_char,
        label_len: usize,
        context: *const c_void,
        context_len: usize,
        out: *mut c_void,
        out_len: usize,
    ) -> c_int;

    pub fn tls_cert_ref(cert: *const tls_cert) -> *mut tls_cert;
    pub fn tls_cert_free(cert: *mut tls_cert);
    pub fn tls_cert_from_mem(
        pem_or_der: *const c_void,
        len: usize,
        index: usize,
        error: *mut tls_error_info,
    ) -> *mut tls_cert;
    pub fn tls_cert_from_file(
        path: *const c_char,
        index: usize,
        error: *mut tls_error_info,
    ) -> *mut tls_cert;
    pub fn tls_certs_from_file(
        path: *const c_char,
        count: *mut usize,
        error: *mut tls_error_info,
    ) -> *mut *mut tls_cert;
    pub fn tls_certs_free(certs: *mut *mut tls_cert);
    pub fn tls_cert_der(cert: *const tls_cert, len: *mut usize) -> *const c_void;
    pub fn tls_cert_pem(cert: *const tls_cert) -> *const c_char;
    pub fn tls_cert_version(cert: *const tls_cert) -> c_int;
    pub fn tls_cert_not_before(cert: *const tls_cert) -> i64;
    pub fn tls_cert_not_after(cert: *const tls_cert) -> i64;
    pub fn tls_cert_key_type(cert: *const tls_cert) -> *const c_char;
    pub fn tls_cert_key_usage(cert: *const tls_cert) -> *const c_char;
    pub fn tls_cert_key_bits(cert: *const tls_cert) -> c_int;
    pub fn tls_cert_is_ca(cert: *const tls_cert) -> c_int;
    pub fn tls_cert_spki(cert: *const tls_cert, len: *mut usize) -> *const c_void;
    pub fn tls_cert_common_name(cert: *const tls_cert) -> *const c_char;
    pub fn tls_cert_is_for(cert: *const tls_cert, name: *const c_char) -> c_int;
    pub fn tls_cert_name_type(cert: *const tls_cert, index: usize) -> c_int;
    pub fn tls_cert_extension_find(cert: *const tls_cert, oid: *const c_char) -> usize;
    pub fn tls_cert_extension_value(
        cert: *const tls_cert,
        index: usize,
        len: *mut usize,
    ) -> *const c_void;
    pub fn tls_cert_extension_critical(cert: *const tls_cert, index: usize) -> c_int;
    pub fn tls_cert_name_count(cert: *const tls_cert) -> usize;
    pub fn tls_cert_name(cert: *const tls_cert, index: usize) -> *const c_char;

    pub fn tls_key_from_mem(
        pem_or_der: *const c_void,
        len: usize,
        password: Option<
            unsafe extern "C" fn(*const c_char, usize, *mut c_char, usize, *mut c_void) -> isize,
        >,
        arg: *mut c_void,
        error: *mut tls_error_info,
    ) -> *mut tls_key;
    pub fn tls_key_free(key: *mut tls_key);
    pub fn tls_key_type(key: *const tls_key) -> *const c_char;
    pub fn tls_key_bits(key: *const tls_key) -> c_int;
    pub fn tls_key_fits(key: *const tls_key, cert: *const tls_cert) -> c_int;

    pub fn tls_session_free(session: *mut tls_session);
    pub fn tls_session_export(session: *const tls_session, out: *mut c_void, len: usize) -> isize;
    pub fn tls_session_import(
        blob: *const c_void,
        len: usize,
        out: *mut *mut tls_session,
        error: *mut tls_error_info,
    ) -> c_int;
    pub fn tls_session_issued(session: *const tls_session) -> i64;
    pub fn tls_session_lifetime(session: *const tls_session) -> u32;
    pub fn tls_session_has_ticket(session: *const tls_session) -> c_int;
    pub fn tls_session_id(session: *const tls_session, len: *mut usize) -> *const u8;
    pub fn tls_session_server_name(session: *const tls_session) -> *const c_char;

    pub fn tls_pending_ref(pending: *mut tls_pending) -> *mut tls_pending;
    pub fn tls_pending_free(pending: *mut tls_pending);
    pub fn tls_pending_verdict_stands(pending: *mut tls_pending) -> c_int;
    pub fn tls_pending_refuse_peer(
        pending: *mut tls_pending,
        alert: c_int,
        text: *const c_char,
    ) -> c_int;
    pub fn tls_conn_cert_requested(conn: *const tls_conn) -> c_int;
    pub fn tls_conn_client_ca_count(conn: *const tls_conn) -> usize;
    pub fn tls_conn_client_ca(
        conn: *const tls_conn,
        index: usize,
        out: *mut c_void,
        cap: usize,
    ) -> isize;
    pub fn tls_pending_answer_psk(
        pending: *mut tls_pending,
        identity: *const c_void,
        identity_len: usize,
        key: *const c_void,
        key_len: usize,
    ) -> c_int;
    pub fn tls_conn_psk_identity(conn: *const tls_conn, len: *mut usize) -> *const c_char;
    pub fn tls_pending_use_ctx(pending: *mut tls_pending, ctx: *const tls_ctx) -> c_int;
    pub fn tls_pending_use_keypairs_of(pending: *mut tls_pending, ctx: *const tls_ctx) -> c_int;
    pub fn tls_pending_refuse_hello(pending: *mut tls_pending, alert: c_int) -> c_int;

    pub fn tls_verify_new(ctx: *const tls_ctx) -> *mut tls_verify;
    pub fn tls_verify_free(verify: *mut tls_verify);
    pub fn tls_verify_set_name(verify: *mut tls_verify, name: *const c_char) -> c_int;
    pub fn tls_verify_set_purpose(verify: *mut tls_verify, purpose: c_int) -> c_int;
    pub fn tls_verify_set_time(verify: *mut tls_verify, unix_time: i64) -> c_int;
    pub fn tls_verify_set_depth(verify: *mut tls_verify, depth: usize) -> c_int;
    pub fn tls_verify_add_untrusted_cert(verify: *mut tls_verify, cert: *const tls_cert) -> c_int;
    pub fn tls_verify_cert(verify: *mut tls_verify, leaf: *const tls_cert) -> c_int;
    pub fn tls_verify_path_len(verify: *const tls_verify) -> usize;
    pub fn tls_verify_path(verify: *const tls_verify, index: usize) -> *const tls_cert;
    pub fn tls_verify_error(verify: *const tls_verify, out: *mut tls_error_info) -> c_int;

    pub fn tls_hello_server_name(hello: *const tls_hello) -> *const c_char;
    pub fn tls_hello_alpn(hello: *const tls_hello, len: *mut usize) -> *const u8;
    pub fn tls_hello_raw(hello: *const tls_hello, len: *mut usize) -> *const u8;
}
