//! NULL where an object is required: every function of the header, by table.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::common;

use common::c;
use core::ffi::c_int;
use core::ptr::{null, null_mut};
use std::collections::BTreeSet;
use tls_capi::cert::*;
use tls_capi::cert_details::*;
use tls_capi::certs::*;
use tls_capi::client_auth::*;
use tls_capi::code::*;
use tls_capi::conn::*;
use tls_capi::conn_setup::*;
use tls_capi::ctx::*;
use tls_capi::ctx_crl::*;
use tls_capi::ctx_dh::*;
use tls_capi::ctx_extensions::*;
use tls_capi::ctx_lists::*;
use tls_capi::ctx_psk::*;
use tls_capi::ctx_sessions::*;
use tls_capi::ctx_trust::*;
use tls_capi::facts::*;
use tls_capi::hello::*;
use tls_capi::io::*;
use tls_capi::key_limits::*;
use tls_capi::keypair::*;
use tls_capi::messages::*;
use tls_capi::ocsp::*;
use tls_capi::password::*;
use tls_capi::pending::*;
use tls_capi::private_key::*;
use tls_capi::renegotiation::*;
use tls_capi::secrets::*;
use tls_capi::session::*;
use tls_capi::ticket_keys::*;
use tls_capi::trace::*;
use tls_capi::verbs::*;
use tls_capi::verify::*;
use tls_capi::verify_path::*;

/// What a call with NULL gives.
#[derive(Debug, PartialEq)]
enum Gives {
    Usage,
    Null,
    Zero,
    Nothing,
    Text,
}

trait Given {
    fn given(self) -> Gives;
}

impl Given for c_int {
    fn given(self) -> Gives {
        (self as isize).given()
    }
}

impl Given for isize {
    fn given(self) -> Gives {
        match self {
            0 => Gives::Zero,
            other if other == TLS_ERR_USAGE as isize => Gives::Usage,
            other => panic!("{other}"),
        }
    }
}

impl Given for usize {
    fn given(self) -> Gives {
        assert_eq!(self, 0);
        Gives::Zero
    }
}

impl Given for u32 {
    fn given(self) -> Gives {
        (self as usize).given()
    }
}

impl Given for i64 {
    fn given(self) -> Gives {
        assert_eq!(self, 0);
        Gives::Zero
    }
}

impl Given for () {
    fn given(self) -> Gives {
        Gives::Nothing
    }
}

impl<T> Given for *const T {
    fn given(self) -> Gives {
        if self.is_null() {
            Gives::Null
        } else {
            Gives::Text
        }
    }
}

impl<T> Given for *mut T {
    fn given(self) -> Gives {
        self.cast_const().given()
    }
}

macro_rules! table {
    ($( $gives:ident: $( $name:ident($($arg:expr),*) )* ; )*) => {
        const NAMES: &[&str] = &[$( $( stringify!($name), )* )*];

        #[test]
        fn null_objects() {
            $( $(
                assert_eq!(c!($name($($arg),*)).given(), Gives::$gives, stringify!($name));
            )* )*
        }
    };
}

table! {
    Null:
        tls_key_from_mem(null(), 1, None, null_mut(), null_mut())
        tls_key_ref(null())
        tls_key_type(null())
        tls_ctx_ref(null_mut())
        tls_ctx_dup(null())
        tls_conn_new(null_mut(), c"localhost".as_ptr())
        tls_conn_new_server(null_mut())
        tls_conn_question(null())
        tls_conn_version(null())
        tls_conn_cipher(null())
        tls_conn_cipher_iana(null())
        tls_conn_group(null())
        tls_conn_scheme(null())
        tls_conn_alpn(null(), null_mut())
        tls_conn_psk_identity(null(), null_mut())
        tls_conn_client_scheme(null())
        tls_conn_server_name(null())
        tls_conn_peer_cert(null(), 0)
        tls_conn_verified_cert(null(), 0)
        tls_cert_ref(null())
        tls_cert_der(null(), null_mut())
        tls_cert_subject(null())
        tls_cert_issuer(null())
        tls_cert_serial(null())
        tls_cert_fingerprint(null())
        tls_cert_from_mem(null(), 0, 0, null_mut())
        tls_cert_from_file(null(), 0, null_mut())
        tls_certs_from_mem(null(), 0, null_mut(), null_mut())
        tls_certs_from_file(null(), null_mut(), null_mut())
        tls_cert_pem(null())
        tls_cert_common_name(null())
        tls_cert_fingerprint_sha1(null())
        tls_cert_key_type(null())
        tls_cert_key_curve(null())
        tls_cert_signature_algorithm(null())
        tls_cert_pin(null())
        tls_cert_key_usage(null())
        tls_cert_purpose(null(), 0)
        tls_cert_spki(null(), null_mut())
        tls_cert_extension_oid(null(), 0)
        tls_cert_extension_value(null(), 0, null_mut())
        tls_cert_name(null(), 0)
        tls_hello_server_name(null())
        tls_hello_ciphers(null(), null_mut())
        tls_hello_groups(null(), null_mut())
        tls_hello_sigalgs(null(), null_mut())
        tls_hello_alpn(null(), null_mut())
        tls_hello_session_id(null(), null_mut())
        tls_hello_raw(null(), null_mut())
        tls_hello_extension(null(), 0, null_mut())
        tls_pending_ref(null_mut())
        tls_conn_session(null())
        tls_session_ref(null())
        tls_session_id(null(), null_mut())
        tls_session_server_name(null())
        tls_session_cipher(null())
        tls_verify_new(null())
        tls_verify_path(null(), 0);
    Text:
        tls_conn_error_text(null());
    Zero:
        tls_key_bits(null())
        tls_key_fits(null(), null())
        tls_conn_dh_bits(null())
        tls_hello_version(null())
        tls_conn_wants(null())
        tls_conn_pending(null())
        tls_conn_has_pending(null())
        tls_conn_role(null())
        tls_conn_established(null())
        tls_conn_handshakes(null())
        tls_conn_renegotiation_refused(null())
        tls_conn_verified(null())
        tls_conn_close_sent(null())
        tls_conn_close_received(null())
        tls_conn_cipher_id(null())
        tls_conn_cipher_bits(null())
        tls_conn_extended_master_secret(null())
        tls_conn_encrypt_then_mac(null())
        tls_conn_secure_renegotiation(null())
        tls_conn_peer_cert_count(null())
        tls_conn_cert_requested(null())
        tls_conn_send_limit(null())
        tls_conn_receive_limit(null())
        tls_conn_client_ca_count(null())
        tls_conn_verified_cert_count(null())
        tls_cert_not_before(null())
        tls_cert_not_after(null())
        tls_cert_name_count(null())
        tls_cert_version(null())
        tls_cert_key_bits(null())
        tls_cert_is_ca(null())
        tls_cert_is_for(null(), null())
        tls_cert_purpose_count(null())
        tls_cert_extension_count(null())
        tls_cert_extension_critical(null(), 0)
        tls_cert_extension_find(null(), null())
        tls_cert_name_type(null(), 0)
        tls_conn_resumed(null())
        tls_session_issued(null())
        tls_session_lifetime(null())
        tls_session_has_ticket(null())
        tls_verify_path_len(null());
    Nothing:
        tls_key_free(null_mut())
        tls_ctx_free(null_mut())
        tls_conn_free(null_mut())
        tls_cert_free(null_mut())
        tls_certs_free(null_mut())
        tls_pending_free(null_mut())
        tls_session_free(null_mut())
        tls_verify_free(null_mut())
        tls_conn_set_os_error(null_mut(), 5);
    Usage:
        tls_ctx_add_keypair_key(null_mut(), null(), 0, null())
        tls_conn_set_keypair_key(null_mut(), null(), 0, null())
        tls_ctx_error(null(), null_mut())
        tls_ctx_set_policy(null_mut(), c"modern".as_ptr())
        tls_ctx_set_cipher_list(null_mut(), c"ALL".as_ptr())
        tls_ctx_set_groups(null_mut(), c"X25519".as_ptr())
        tls_ctx_set_psk(null_mut(), null(), 0, null(), 0)
        tls_ctx_set_psk_callback(null_mut(), null(), null_mut())
        tls_ctx_set_psk_hint(null_mut(), null(), 0)
        tls_ctx_set_dh_params_file(null_mut(), c"x".as_ptr())
        tls_ctx_set_dh_params_mem(null_mut(), null(), 0)
        tls_ctx_danger_accept_1024_bit_dh(null_mut())
        tls_ctx_set_sigalgs(null_mut(), c"ed25519".as_ptr())
        tls_ctx_set_alpn(null_mut(), c"h2".as_ptr())
        tls_ctx_set_alpn_wire(null_mut(), null(), 0)
        tls_ctx_set_preference(null_mut(), 0)
        tls_ctx_ciphers(null(), null_mut(), 0)
        tls_ctx_groups(null(), null_mut(), 0)
        tls_ctx_sigalgs(null(), null_mut(), 0)
        tls_ctx_add_ca_file(null_mut(), c"x".as_ptr())
        tls_ctx_add_ca_dir(null_mut(), c"x".as_ptr())
        tls_ctx_add_ca_mem(null_mut(), null(), 0)
        tls_ctx_add_ca_system(null_mut())
        tls_ctx_add_crl_file(null_mut(), c"x".as_ptr())
        tls_ctx_add_crl_dir(null_mut(), c"x".as_ptr())
        tls_ctx_add_crl_mem(null_mut(), null(), 0)
        tls_ctx_set_crls_of(null_mut(), null())
        tls_ctx_clear_crls(null_mut())
        tls_ctx_set_crl_leaf_only(null_mut(), 0)
        tls_ctx_allow_unknown_revocation(null_mut(), 0)
        tls_ctx_allow_expired_crls(null_mut(), 0)
        tls_conn_ocsp_info(null(), null_mut())
        tls_ctx_set_verify(null_mut(), TLS_VERIFY_REQUIRED)
        tls_ctx_set_client_auth(null_mut(), TLS_CLIENT_AUTH_NONE)
        tls_ctx_set_ocsp(null_mut(), TLS_OCSP_OFF)
        tls_ctx_set_ocsp_response_mem(null_mut(), 0, null(), 0)
        tls_ctx_set_ocsp_response_file(null_mut(), 0, null())
        tls_ctx_set_scts_mem(null_mut(), 0, null(), 0)
        tls_ctx_request_scts(null_mut(), 1)
        tls_ctx_set_max_fragment_length(null_mut(), 0)
        tls_ctx_set_record_size_limit(null_mut(), 0)
        tls_ctx_set_max_send_fragment(null_mut(), 512)
        tls_ctx_set_hello_padding(null_mut(), 0)
        tls_ctx_set_fallback_scsv(null_mut(), 0)
        tls_conn_ocsp_response(null(), null_mut(), 0)
        tls_conn_scts(null(), null_mut(), 0)
        tls_conn_set_client_auth(null_mut(), TLS_CLIENT_AUTH_NONE)
        tls_ctx_set_client_ca_file(null_mut(), null())
        tls_ctx_set_client_ca_mem(null_mut(), null(), 0)
        tls_ctx_set_client_ca_trusted(null_mut())
        tls_conn_client_ca(null(), 0, null_mut(), 0)
        tls_conn_keypair(null())
        tls_ctx_danger_accept_any_name(null_mut())
        tls_ctx_danger_accept_any_cert(null_mut())
        tls_ctx_set_legacy_common_name(null_mut(), 1)
        tls_ctx_add_keypair_file(null_mut(), null(), null())
        tls_ctx_add_keypair_mem(null_mut(), null(), 0, null(), 0)
        tls_ctx_add_keypair_callback(null_mut(), null(), 0, null(), null_mut())
        tls_ctx_set_keypair_file(null_mut(), null(), null())
        tls_ctx_set_keypair_mem(null_mut(), null(), 0, null(), 0)
        tls_ctx_set_keypairs_of(null_mut(), null())
        tls_ctx_set_security_level(null_mut(), 1)
        tls_cert_spki_sha256(null(), null_mut(), 0)
        tls_ctx_security_level(null())
        tls_ctx_set_password_callback(null_mut(), None, null_mut(), None)
        tls_ctx_add_pkcs12_file(null_mut(), null(), null())
        tls_ctx_add_pkcs12_mem(null_mut(), null(), 0, null())
        tls_ctx_set_pkcs12_file(null_mut(), null(), null())
        tls_ctx_set_pkcs12_mem(null_mut(), null(), 0, null())
        tls_conn_error(null(), null_mut())
        tls_conn_set_server_name(null_mut(), null())
        tls_conn_set_verify_name(null_mut(), null())
        tls_conn_set_cipher_list(null_mut(), null())
        tls_conn_set_alpn(null_mut(), null())
        tls_conn_set_alpn_wire(null_mut(), null(), 0)
        tls_conn_set_verify(null_mut(), TLS_VERIFY_REQUIRED)
        tls_conn_danger_accept_any_name(null_mut())
        tls_conn_danger_accept_any_cert(null_mut())
        tls_conn_set_keypair_file(null_mut(), null(), null())
        tls_conn_set_keypair_mem(null_mut(), null(), 0, null(), 0)
        tls_conn_set_io(null_mut(), None, None, null_mut())
        tls_conn_set_fd(null_mut(), 0)
        tls_conn_set_fds(null_mut(), 0, 1)
        tls_handshake(null_mut())
        tls_renegotiate(null_mut())
        tls_ctx_set_key_limit(null_mut(), 1)
        tls_conn_set_key_limit_callback(null_mut(), None, null_mut())
        tls_ctx_set_renegotiation(null_mut(), TLS_RENEGOTIATION_OWN)
        tls_conn_set_renegotiation(null_mut(), TLS_RENEGOTIATION_OWN)
        tls_read(null_mut(), null_mut(), 0)
        tls_write(null_mut(), null(), 0)
        tls_flush(null_mut())
        tls_close(null_mut())
        tls_feed(null_mut(), null(), 0)
        tls_feed_eof(null_mut())
        tls_drain(null_mut(), null_mut(), 0)
        tls_conn_unread(null_mut(), null_mut(), 0)
        tls_conn_export(null_mut(), null(), 0, null(), 0, null_mut(), 0)
        tls_conn_channel_binding(null_mut(), TLS_BINDING_UNIQUE, null_mut(), 0)
        tls_conn_danger_tls_unique(null_mut(), null_mut(), 0)
        tls_ctx_danger_set_keylog(null_mut(), None, null_mut(), None)
        tls_ctx_danger_set_keylog_file(null_mut(), null())
        tls_ctx_set_hello_callback(null_mut(), None, null_mut(), None)
        tls_ctx_set_certificate_callback(null_mut(), None, null_mut(), None)
        tls_ctx_set_alpn_callback(null_mut(), None, null_mut(), None)
        tls_ctx_set_trace(null_mut(), None, null_mut(), None)
        tls_ctx_danger_set_message_callback(null_mut(), None, null_mut(), None)
        tls_pending_go_on(null_mut())
        tls_pending_use_ctx(null_mut(), null())
        tls_pending_use_keypairs_of(null_mut(), null())
        tls_pending_refuse_hello(null_mut(), 40)
        tls_pending_answer_signature(null_mut(), null(), 0)
        tls_pending_answer_decrypted(null_mut(), null(), 0)
        tls_pending_answer_error(null_mut(), null())
        tls_pending_set_wake(null_mut(), None, null_mut())
        tls_pending_answer_psk(null_mut(), null(), 0, null(), 0)
        tls_pending_answer_session(null_mut(), null(), 0)
        tls_conn_set_session(null_mut(), null())
        tls_session_export(null(), null_mut(), 0)
        tls_session_import(null(), 0, null_mut(), null_mut())
        tls_ctx_set_tickets(null_mut(), 1)
        tls_ctx_set_session_cache(null_mut(), 0)
        tls_ctx_set_client_session_cache(null_mut(), 0)
        tls_ctx_set_session_lifetime(null_mut(), 1)
        tls_ctx_set_session_id_context(null_mut(), null(), 0)
        tls_ctx_set_session_store(null_mut(), null(), null_mut())
        tls_ctx_set_ticket_keys_file(null_mut(), c"x".as_ptr())
        tls_ctx_set_ticket_keys_mem(null_mut(), null(), 0)
        tls_ctx_add_ticket_key_mem(null_mut(), null(), 0, 0, 0)
        tls_ctx_add_ticket_key_file(null_mut(), c"x".as_ptr(), 0, 0)
        tls_ctx_remove_ticket_key(null_mut(), null(), 0)
        tls_ctx_set_ticket_master(null_mut(), null(), 0, 0)
        tls_ctx_set_ticket_key_callback(null_mut(), None, null_mut(), None)
        tls_ctx_set_verify_callback(null_mut(), None, null_mut(), None)
        tls_conn_set_verify_callback(null_mut(), None, null_mut(), None)
        tls_pending_verdict_stands(null_mut())
        tls_pending_refuse_peer(null_mut(), -1, null())
        tls_pending_danger_accept_peer(null_mut())
        tls_ctx_add_pin(null_mut(), [0; 32].as_ptr().cast(), 32)
        tls_conn_add_pin(null_mut(), [0; 32].as_ptr().cast(), 32)
        tls_ctx_trust_pins_alone(null_mut(), 1)
        tls_ctx_set_partial_chain(null_mut(), 1)
        tls_ctx_set_strict_certificates(null_mut(), 1)
        tls_ctx_set_verify_depth(null_mut(), 1)
        tls_ctx_set_clock(null_mut(), None, null_mut(), None)
        tls_verify_set_name(null_mut(), null())
        tls_verify_set_purpose(null_mut(), TLS_SERVER)
        tls_verify_set_time(null_mut(), 0)
        tls_verify_set_depth(null_mut(), 0)
        tls_verify_add_untrusted_mem(null_mut(), null(), 0)
        tls_verify_add_untrusted_file(null_mut(), c"x".as_ptr())
        tls_verify_add_untrusted_cert(null_mut(), null())
        tls_verify_mem(null_mut(), null(), 0)
        tls_verify_file(null_mut(), c"x".as_ptr())
        tls_verify_cert(null_mut(), null())
        tls_verify_error(null(), null_mut());
}

#[test]
fn the_table_has_every_function_of_the_header() {
    let header = include_str!("../../../include/tlscore/tls.h");
    let code = header.lines().filter(|l| !l.trim_start().starts_with("//"));
    let code = code.collect::<Vec<_>>().join("\n");
    let declared: BTreeSet<&str> = code
        .match_indices('(')
        .filter_map(|(at, _)| {
            let name = code[..at]
                .rsplit(|c: char| !c.is_alphanumeric() && c != '_')
                .next()?;
            name.starts_with("tls_").then_some(name)
        })
        .collect();
    let without_object = [
        "tls_version",
        "tls_features",
        "tls_alert_name",
        "tls_ctx_new",
    ];
    let tabled = NAMES.iter().copied().chain(without_object).collect();
    assert_eq!(declared, tabled);
}
