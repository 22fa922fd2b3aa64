//! `tls_error_info.number`, spelled out: the same numbers and names as `tls_core::error::Reason`
//! (a test compares them).

use core::ffi::c_int;

/// A required pointer or handle is NULL.
pub const TLS_REASON_NULL_HANDLE: c_int = 101;
/// The context was not made for this role.
pub const TLS_REASON_WRONG_ROLE: c_int = 102;
/// The call is not possible in this state.
pub const TLS_REASON_WRONG_ORDER: c_int = 103;
/// An argument is out of range.
pub const TLS_REASON_BAD_ARGUMENT: c_int = 104;
/// No I/O callbacks and no file descriptor are set.
pub const TLS_REASON_NO_TRANSPORT: c_int = 105;
/// The server's name is needed to verify its certificate.
pub const TLS_REASON_NO_SERVER_NAME: c_int = 106;
/// The server's name is neither a DNS name nor an IP address.
pub const TLS_REASON_BAD_SERVER_NAME: c_int = 107;
/// A server needs a certificate and its private key.
pub const TLS_REASON_NO_KEYPAIR: c_int = 108;
/// No CA certificate is loaded, so nothing could be verified.
pub const TLS_REASON_NO_TRUST_ANCHORS: c_int = 109;
/// The cipher list has an unknown word or selects nothing.
pub const TLS_REASON_BAD_CIPHER_LIST: c_int = 110;
/// The group list has an unknown word or selects nothing.
pub const TLS_REASON_BAD_GROUP_LIST: c_int = 111;
/// The signature scheme list has an unknown word or selects nothing.
pub const TLS_REASON_BAD_SCHEME_LIST: c_int = 112;
/// An ALPN protocol name is empty or longer than 255 bytes.
pub const TLS_REASON_BAD_ALPN_LIST: c_int = 113;
/// The policy refuses this name.
pub const TLS_REASON_REFUSED_BY_POLICY: c_int = 114;
/// A file cannot be read.
pub const TLS_REASON_FILE_UNREADABLE: c_int = 115;
/// No usable PEM block was found, or it is broken.
pub const TLS_REASON_BAD_PEM: c_int = 116;
/// A certificate does not parse.
pub const TLS_REASON_BAD_CERTIFICATE_FILE: c_int = 117;
/// The private key does not parse or is of an unsupported kind.
pub const TLS_REASON_BAD_PRIVATE_KEY: c_int = 118;
/// The private key does not belong to the certificate.
pub const TLS_REASON_KEY_MISMATCH: c_int = 119;
/// The pending question was answered already.
pub const TLS_REASON_ALREADY_ANSWERED: c_int = 120;
/// A callback returned a value that makes no sense.
pub const TLS_REASON_CALLBACK_MISBEHAVED: c_int = 121;
/// Close_notify was sent already: nothing can be written behind it.
pub const TLS_REASON_CLOSED_FOR_WRITING: c_int = 122;
/// The policy's name is unknown.
pub const TLS_REASON_BAD_POLICY_NAME: c_int = 123;
/// The channel binding is not defined for this connection.
pub const TLS_REASON_CHANNEL_BINDING_UNDEFINED: c_int = 126;
/// The bytes are no exported session, or one of another version.
pub const TLS_REASON_BAD_SESSION: c_int = 131;
/// The ticket keys have a wrong length or form.
pub const TLS_REASON_BAD_TICKET_KEYS: c_int = 132;
/// The Diffie-Hellman parameters do not parse, or are shorter than allowed.
pub const TLS_REASON_BAD_DH_PARAMS: c_int = 141;
/// Renegotiation is not allowed by the configuration, or the peer cannot do it securely.
pub const TLS_REASON_RENEGOTIATION_OFF: c_int = 151;
/// Our keys have protected as much data as they may: close the connection, or renegotiate.
pub const TLS_REASON_KEY_LIMIT_REACHED: c_int = 152;
/// A password is needed, and none was given.
pub const TLS_REASON_PASSWORD_NEEDED: c_int = 161;
/// The password is wrong, or the file is damaged.
pub const TLS_REASON_WRONG_PASSWORD: c_int = 162;
/// Deriving a key of the password would cost more than is allowed.
pub const TLS_REASON_KEY_DERIVATION_TOO_COSTLY: c_int = 163;
/// The PKCS #12 file does not parse, or lacks a key or its certificate.
pub const TLS_REASON_BAD_PKCS12: c_int = 164;
/// The keypair is weaker than the policy or the security level allows.
pub const TLS_REASON_WEAK_KEYPAIR: c_int = 165;
/// A certificate revocation list does not parse, or is of an unsupported kind.
pub const TLS_REASON_BAD_CRL: c_int = 171;
/// Clients would refuse the OCSP response that is to be stapled.
pub const TLS_REASON_BAD_STAPLE: c_int = 172;
/// The transport failed.
pub const TLS_REASON_TRANSPORT_FAILED: c_int = 201;
/// The transport ended without close_notify: data may be missing.
pub const TLS_REASON_TRUNCATED: c_int = 202;
/// The peer closed the transport during the handshake.
pub const TLS_REASON_EOF_IN_HANDSHAKE: c_int = 203;
/// A message is truncated, too long, or has a wrong inner length.
pub const TLS_REASON_DECODE_ERROR: c_int = 301;
/// Bytes are left over behind a complete message.
pub const TLS_REASON_TRAILING_DATA: c_int = 302;
/// A handshake message is longer than the limit for its kind.
pub const TLS_REASON_MESSAGE_TOO_LONG: c_int = 303;
/// An extension appears twice.
pub const TLS_REASON_DUPLICATE_EXTENSION: c_int = 304;
/// An alert record does not hold exactly one alert.
pub const TLS_REASON_BAD_ALERT: c_int = 305;
/// A ChangeCipherSpec record does not hold exactly the byte 1.
pub const TLS_REASON_BAD_CHANGE_CIPHER_SPEC: c_int = 306;
/// A record is longer than the limit.
pub const TLS_REASON_RECORD_OVERFLOW: c_int = 307;
/// The peer's public value is not a valid element of the group.
pub const TLS_REASON_BAD_ECPOINT: c_int = 308;
/// The bytes are not a TLS record.
pub const TLS_REASON_WRONG_VERSION_NUMBER: c_int = 309;
/// The peer speaks plain HTTP.
pub const TLS_REASON_HTTP_REQUEST: c_int = 310;
/// An ALPN protocol name is empty.
pub const TLS_REASON_EMPTY_ALPN_NAME: c_int = 311;
/// The record's content type is unknown.
pub const TLS_REASON_UNEXPECTED_RECORD: c_int = 312;
/// A handshake record is empty.
pub const TLS_REASON_EMPTY_HANDSHAKE_RECORD: c_int = 313;
/// A record or fragment length that was negotiated is out of range.
pub const TLS_REASON_BAD_FRAGMENT_LENGTH: c_int = 314;
/// The peer's Diffie-Hellman parameters or public value make no sense.
pub const TLS_REASON_BAD_DH_VALUE: c_int = 321;
/// A message came that the protocol does not allow here.
pub const TLS_REASON_UNEXPECTED_MESSAGE: c_int = 401;
/// A handshake message is cut off by a change of keys or by another record type.
pub const TLS_REASON_EXCESS_HANDSHAKE_DATA: c_int = 403;
/// A record does not authenticate.
pub const TLS_REASON_BAD_RECORD_MAC: c_int = 404;
/// The peer's signature does not verify.
pub const TLS_REASON_BAD_SIGNATURE: c_int = 405;
/// The peer's Finished does not match the handshake.
pub const TLS_REASON_BAD_FINISHED: c_int = 406;
/// The server chose a cipher suite that was not offered.
pub const TLS_REASON_WRONG_CIPHER_RETURNED: c_int = 407;
/// The server chose a compression method that was not offered.
pub const TLS_REASON_UNSUPPORTED_COMPRESSION: c_int = 408;
/// The client does not offer the null compression method.
pub const TLS_REASON_NULL_COMPRESSION_MISSING: c_int = 409;
/// The server chose a group that was not offered.
pub const TLS_REASON_WRONG_CURVE: c_int = 410;
/// The peer signed with a scheme that was not offered or does not fit its key.
pub const TLS_REASON_WRONG_SIGNATURE_TYPE: c_int = 411;
/// The server answered an extension that was not offered.
pub const TLS_REASON_UNEXPECTED_EXTENSION: c_int = 412;
/// An extension's value makes no sense here.
pub const TLS_REASON_BAD_EXTENSION: c_int = 413;
/// renegotiation_info does not match the previous handshake.
pub const TLS_REASON_RENEGOTIATION_MISMATCH: c_int = 414;
/// Too many empty records came in a row.
pub const TLS_REASON_TOO_MANY_EMPTY_FRAGMENTS: c_int = 415;
/// Too many warning alerts came in a row.
pub const TLS_REASON_TOO_MANY_WARNING_ALERTS: c_int = 416;
/// The peer asked for renegotiation too often.
pub const TLS_REASON_TOO_MANY_RENEGOTIATION_REQUESTS: c_int = 417;
/// No further record can be protected under these keys.
pub const TLS_REASON_SEQUENCE_NUMBER_EXHAUSTED: c_int = 418;
/// The server chose an application protocol that was not offered.
pub const TLS_REASON_INVALID_ALPN_PROTOCOL: c_int = 419;
/// The server's certificate does not fit the cipher suite.
pub const TLS_REASON_WRONG_CERTIFICATE_TYPE: c_int = 420;
/// The server sent no certificate.
pub const TLS_REASON_DECODE_ERROR_EMPTY_CHAIN: c_int = 421;
/// The peer does not support uncompressed points.
pub const TLS_REASON_UNSUPPORTED_POINT_FORMAT: c_int = 422;
/// Application data came before the handshake was complete.
pub const TLS_REASON_APP_DATA_IN_HANDSHAKE: c_int = 424;
/// ChangeCipherSpec came where the protocol does not allow it.
pub const TLS_REASON_CCS_RECEIVED_EARLY: c_int = 425;
/// The server answered encrypt_then_mac for a suite that is not CBC.
pub const TLS_REASON_ENCRYPT_THEN_MAC_WITHOUT_CBC: c_int = 426;
/// The server resumed a session under another cipher suite.
pub const TLS_REASON_OLD_SESSION_CIPHER_NOT_RETURNED: c_int = 431;
/// A session with the extended master secret was resumed without it (RFC 7627 5.3).
pub const TLS_REASON_RESUMED_EMS_SESSION_WITHOUT_EMS_EXTENSION: c_int = 432;
/// A session without the extended master secret was resumed with it (RFC 7627 5.3).
pub const TLS_REASON_RESUMED_NON_EMS_SESSION_WITH_EMS_EXTENSION: c_int = 433;
/// A renegotiation changes whether the extended master secret is used.
pub const TLS_REASON_RENEGOTIATION_EMS_MISMATCH: c_int = 441;
/// A renegotiation gives encrypt-then-MAC up (RFC 7366 3.1).
pub const TLS_REASON_RENEGOTIATION_ETM_DROPPED: c_int = 442;
/// The server shows another certificate in a renegotiation.
pub const TLS_REASON_SERVER_CERT_CHANGED: c_int = 443;
/// The client asks for another host name in a renegotiation.
pub const TLS_REASON_RENEGOTIATION_SERVER_NAME: c_int = 444;
/// The peer does not speak TLS 1.2.
pub const TLS_REASON_UNSUPPORTED_PROTOCOL: c_int = 501;
/// No cipher suite in common.
pub const TLS_REASON_NO_SHARED_CIPHER: c_int = 502;
/// No key exchange group in common.
pub const TLS_REASON_NO_SHARED_GROUP: c_int = 503;
/// No signature scheme in common.
pub const TLS_REASON_NO_COMMON_SIGNATURE_ALGORITHMS: c_int = 504;
/// No application protocol in common.
pub const TLS_REASON_NO_APPLICATION_PROTOCOL: c_int = 505;
/// The peer does not support secure renegotiation (RFC 5746).
pub const TLS_REASON_UNSAFE_LEGACY_RENEGOTIATION: c_int = 506;
/// The application refused what the client offers.
pub const TLS_REASON_CONNECTION_REJECTED: c_int = 507;
/// The server's Diffie-Hellman group is smaller than allowed.
pub const TLS_REASON_DH_KEY_TOO_SMALL: c_int = 521;
/// The server's Diffie-Hellman group is larger than what is computed with.
pub const TLS_REASON_MODULUS_TOO_LARGE: c_int = 522;
/// No finite-field group in common (RFC 7919 4).
pub const TLS_REASON_NO_SHARED_FFDHE_GROUP: c_int = 523;
/// No pre-shared key goes with the server's identity hint.
pub const TLS_REASON_PSK_IDENTITY_NOT_FOUND: c_int = 524;
/// The peer refused to renegotiate: the connection goes on as it was.
pub const TLS_REASON_NO_RENEGOTIATION: c_int = 541;
/// The peer's keys have protected as much data as they may, and it sends more: the connection was closed.
pub const TLS_REASON_KEY_LIMIT_EXCEEDED: c_int = 551;
/// The certificate does not parse.
pub const TLS_REASON_BAD_CERTIFICATE: c_int = 601;
/// The certificate's key or signature is of an unsupported kind.
pub const TLS_REASON_UNSUPPORTED_CERTIFICATE: c_int = 602;
/// The certificate has expired.
pub const TLS_REASON_CERTIFICATE_EXPIRED: c_int = 603;
/// The certificate is not valid yet.
pub const TLS_REASON_CERTIFICATE_NOT_YET_VALID: c_int = 604;
/// No trusted CA stands behind the certificate.
pub const TLS_REASON_UNKNOWN_CA: c_int = 605;
/// The certificate is for another name.
pub const TLS_REASON_NAME_MISMATCH: c_int = 606;
/// The certificate may not be used for this.
pub const TLS_REASON_WRONG_KEY_USAGE: c_int = 607;
/// The certificate was revoked.
pub const TLS_REASON_CERTIFICATE_REVOKED: c_int = 608;
/// A signature in the certificate chain does not verify.
pub const TLS_REASON_BAD_CERTIFICATE_SIGNATURE: c_int = 609;
/// An issuer in the chain is not allowed to issue certificates.
pub const TLS_REASON_ISSUER_NOT_CA: c_int = 610;
/// A name constraint of an issuer forbids the certificate's name.
pub const TLS_REASON_NAME_CONSTRAINT_VIOLATION: c_int = 611;
/// The verifier rejected the certificate.
pub const TLS_REASON_CERTIFICATE_VERIFY_FAILED: c_int = 612;
/// The certificate's key or hash is weaker than the policy allows.
pub const TLS_REASON_WEAK_CERTIFICATE: c_int = 614;
/// The chain is longer or costlier than the limit.
pub const TLS_REASON_CERTIFICATE_CHAIN_TOO_LONG: c_int = 615;
/// The client sent no certificate, and one is required.
pub const TLS_REASON_PEER_DID_NOT_RETURN_A_CERTIFICATE: c_int = 616;
/// The peer's key is shorter than the policy allows.
pub const TLS_REASON_WEAK_PEER_KEY: c_int = 617;
/// The stapled OCSP response is malformed, or about another certificate.
pub const TLS_REASON_BAD_OCSP_RESPONSE: c_int = 618;
/// The server stapled no OCSP response, and one is required.
pub const TLS_REASON_OCSP_RESPONSE_MISSING: c_int = 619;
/// The certificate breaks a rule of RFC 5280 which it was asked to keep (tls_ctx_set_strict_certificates()).
pub const TLS_REASON_PROFILE_VIOLATION: c_int = 620;
/// No key of the certificate's path is one of the pinned keys.
pub const TLS_REASON_CERTIFICATE_NOT_PINNED: c_int = 631;
/// The stapled OCSP response is out of date.
pub const TLS_REASON_OCSP_HAS_EXPIRED: c_int = 641;
/// The stapled OCSP response is from the future.
pub const TLS_REASON_OCSP_NOT_YET_VALID: c_int = 642;
/// The stapled OCSP response is not signed by who may.
pub const TLS_REASON_OCSP_SIGNATURE_FAILURE: c_int = 643;
/// The stapled OCSP response does not vouch for the certificate.
pub const TLS_REASON_OCSP_CERT_UNKNOWN: c_int = 644;
/// No revocation list tells whether the certificate was revoked.
pub const TLS_REASON_UNABLE_TO_GET_CRL: c_int = 651;
/// The revocation list about the certificate is out of date.
pub const TLS_REASON_CRL_HAS_EXPIRED: c_int = 652;
/// The revocation list about the certificate is from the future.
pub const TLS_REASON_CRL_NOT_YET_VALID: c_int = 653;
/// The revocation list about the certificate is not signed by its CA.
pub const TLS_REASON_CRL_SIGNATURE_FAILURE: c_int = 654;
/// The peer sent a fatal alert.
pub const TLS_REASON_ALERT_RECEIVED: c_int = 701;
/// The source of randomness failed.
pub const TLS_REASON_RANDOM_FAILED: c_int = 901;
/// The private key could not sign.
pub const TLS_REASON_SIGNING_FAILED: c_int = 902;
/// The crypto provider lacks a primitive that was chosen.
pub const TLS_REASON_PROVIDER_MISSING: c_int = 903;
/// An internal invariant is broken: please report it.
pub const TLS_REASON_INTERNAL_ERROR: c_int = 904;
/// The library panicked: please report it.
pub const TLS_REASON_PANICKED: c_int = 905;
/// The secret of the key exchange could not be encrypted.
pub const TLS_REASON_ENCRYPTION_FAILED: c_int = 906;
