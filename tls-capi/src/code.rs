//! Numbers of the C interface.

use core::ffi::c_int;

/// Success, or the clean end that the function's description names.
pub const TLS_OK: c_int = 0;
/// The TLS connection failed: a broken protocol, a bad certificate, no common ground, the peer's
/// fatal alert. tls_conn_error() says which. The connection says the same for ever.
pub const TLS_ERR_TLS: c_int = -1;
/// Bytes from the peer are needed. Wait until the transport is readable, then repeat the call.
pub const TLS_WANT_READ: c_int = -2;
/// Sealed bytes must leave first. Wait until the transport is writable, then repeat the call.
pub const TLS_WANT_WRITE: c_int = -3;
/// A callback answered "later". Wait for the answer (see tls_pending), then repeat the call.
pub const TLS_WANT_APP: c_int = -4;
/// The transport failed, or ended without the peer's close_notify (truncation: never a clean end).
pub const TLS_ERR_IO: c_int = -5;
/// The program called or configured the library wrongly: a NULL handle, a call in the wrong order
/// or with a value out of range, an unreadable file, an unknown word in a list. Where the object
/// allows it, the connection goes on.
pub const TLS_ERR_USAGE: c_int = -100;
/// A bug in the library was caught at its boundary. The object concerned is unusable.
pub const TLS_ERR_PANIC: c_int = -101;

/// Role of a context: it may make client connections. May be combined with TLS_SERVER.
pub const TLS_CLIENT: c_int = 1;
/// Role of a context: it may make server connections. May be combined with TLS_CLIENT.
pub const TLS_SERVER: c_int = 2;

/// tls_conn_wants(): wait until the transport is readable.
pub const TLS_WANTS_READ: c_int = 1;
/// tls_conn_wants(): wait until the transport is writable.
pub const TLS_WANTS_WRITE: c_int = 2;
/// tls_conn_wants(): wait for the answer of the application (tls_conn_question()).
pub const TLS_WANTS_APP: c_int = 4;

/// tls_ctx_set_preference(): the server's order of suites decides (the default).
pub const TLS_PREFER_SERVER: c_int = 0;
/// tls_ctx_set_preference(): the client's order of suites decides.
pub const TLS_PREFER_CLIENT: c_int = 1;

/// tls_ctx_set_verify(): the peer's certificate must verify, and be for the right name.
pub const TLS_VERIFY_REQUIRED: c_int = 1;

/// tls_conn_channel_binding(): tls-unique, the first Finished of the last handshake (RFC 5929 §3).
pub const TLS_BINDING_UNIQUE: c_int = 1;
/// tls_conn_channel_binding(): tls-server-end-point, a hash of the server's certificate (RFC 5929 §4).
pub const TLS_BINDING_SERVER_END_POINT: c_int = 2;
/// tls_conn_channel_binding(): tls-exporter, an exporter's value (RFC 9266).
pub const TLS_BINDING_EXPORTER: c_int = 3;
/// tls_conn_channel_binding(): no binding has more bytes.
pub const TLS_BINDING_MAX: usize = 64;

/// How many bytes a password callback can write.
pub const TLS_PASSWORD_MAX: usize = 1024;

/// tls_ctx_set_ocsp(): clients ask for no OCSP response.
pub const TLS_OCSP_OFF: c_int = 0;
/// tls_ctx_set_ocsp(): clients ask for an OCSP response, and go on without (the default).
pub const TLS_OCSP_REQUEST: c_int = 1;
/// tls_ctx_set_ocsp(): clients refuse a server without an OCSP response that vouches for it.
pub const TLS_OCSP_REQUIRE: c_int = 2;

/// tls_ocsp_info.status: the responder knows of no revocation.
pub const TLS_OCSP_GOOD: c_int = 0;
/// tls_ocsp_info.status: the certificate was revoked.
pub const TLS_OCSP_REVOKED: c_int = 1;
/// tls_ocsp_info.status: the responder does not know the certificate.
pub const TLS_OCSP_UNKNOWN: c_int = 2;
/// tls_ocsp_info.status: there is no answer about the certificate.
pub const TLS_OCSP_NO_ANSWER: c_int = 3;
/// tls_ocsp_info: there is no such time.
pub const TLS_NO_TIME: i64 = i64::MIN;

/// tls_ctx_set_client_auth(): servers ask for no certificate (the default).
pub const TLS_CLIENT_AUTH_NONE: c_int = 0;
/// tls_ctx_set_client_auth(): servers ask for a certificate, and do without.
pub const TLS_CLIENT_AUTH_REQUEST: c_int = 1;
/// tls_ctx_set_client_auth(): servers ask for a certificate and refuse a client without one.
pub const TLS_CLIENT_AUTH_REQUIRE: c_int = 2;
/// An ALPN callback chooses none: the handshake goes on without.
pub const TLS_ALPN_IGNORE: c_int = 1;

/// tls_ctx_danger_set_message_callback(): the header of a record.
pub const TLS_RECORD_HEADER: c_int = 256;

/// tls_ctx_set_renegotiation(): no handshake follows the first one (the default).
pub const TLS_RENEGOTIATION_REFUSE: c_int = 0;
/// tls_ctx_set_renegotiation(): those of tls_renegotiate() do.
pub const TLS_RENEGOTIATION_OWN: c_int = 1;
/// tls_ctx_set_renegotiation(): those that the peer asks for do too.
pub const TLS_RENEGOTIATION_ALLOW: c_int = 2;

/// tls_error_info.family: the program called or configured the library wrongly.
pub const TLS_FAMILY_MISUSE: c_int = 1;
/// tls_error_info.family: the transport failed or ended early.
pub const TLS_FAMILY_TRANSPORT: c_int = 2;
/// tls_error_info.family: the peer's bytes do not parse.
pub const TLS_FAMILY_MALFORMED: c_int = 3;
/// tls_error_info.family: the peer's bytes parse and break the protocol.
pub const TLS_FAMILY_MISBEHAVED: c_int = 4;
/// tls_error_info.family: both sides are right and have nothing in common.
pub const TLS_FAMILY_INCOMPATIBLE: c_int = 5;
/// tls_error_info.family: the peer's certificate is not acceptable.
pub const TLS_FAMILY_CERTIFICATE: c_int = 6;
/// tls_error_info.family: the peer gave up and said so with an alert.
pub const TLS_FAMILY_PEER_ALERT: c_int = 7;
/// tls_error_info.family: the library's own fault, or the machine's.
pub const TLS_FAMILY_INTERNAL: c_int = 9;

/// tls_error_info.alert_direction: no alert belongs to the error.
pub const TLS_ALERT_NONE: c_int = 0;
/// tls_error_info.alert_direction: this side sends the alert.
pub const TLS_ALERT_SENT: c_int = 1;
/// tls_error_info.alert_direction: the peer sent the alert.
pub const TLS_ALERT_RECEIVED: c_int = 2;

/// tls_cert_name_type(): a DNS name, possibly with a leading "*." label.
pub const TLS_NAME_DNS: c_int = 1;
/// tls_cert_name_type(): an IP address in text form.
pub const TLS_NAME_IP: c_int = 2;
/// tls_cert_name_type(): an e-mail address.
pub const TLS_NAME_EMAIL: c_int = 3;
/// tls_cert_name_type(): a URI.
pub const TLS_NAME_URI: c_int = 4;
/// A distinguished name (RFC 4514).
pub const TLS_NAME_DIRECTORY: c_int = 5;
/// A registered object identifier.
pub const TLS_NAME_ID: c_int = 6;
/// A name of a type of its own (otherName): the text is the type's object identifier.
pub const TLS_NAME_OTHER: c_int = 7;
