//! The protocol's registries as integer newtypes.
//!
//! Unknown values survive a round trip and print in hexadecimal: a peer may send numbers that
//! nobody has registered yet (RFC 8701 makes sure that some do).

/// Declares integer newtypes with named constants, a `name()` and a readable `Debug`/`Display`.
macro_rules! registry {
    ($(
        $(#[$doc:meta])*
        $type:ident($int:ty) {
            $( $(#[$cdoc:meta])* $konst:ident = $value:literal => $name:literal, )*
        }
    )*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $type(pub $int);

        impl $type {
            $( $(#[$cdoc])* pub const $konst: Self = Self($value); )*

            /// Every value that has a name here, in the order of declaration.
            pub const KNOWN: &'static [Self] = &[$( Self::$konst, )*];

            /// The registered name, or `None` for a value unknown here.
            pub const fn name(self) -> Option<&'static str> {
                match self.0 {
                    $( $value => Some($name), )*
                    _ => None,
                }
            }

            /// The value registered under `name` (ASCII case does not matter).
            pub fn from_name(name: &str) -> Option<Self> {
                Self::KNOWN.iter().copied().find(|v| {
                    v.name().is_some_and(|n| n.eq_ignore_ascii_case(name))
                })
            }
        }

        impl core::fmt::Display for $type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                match self.name() {
                    Some(name) => f.write_str(name),
                    None => write!(f, "{:#0width$x}", self.0, width = 2 + 2 * size_of::<$int>()),
                }
            }
        }

        impl core::fmt::Debug for $type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::Display::fmt(self, f)
            }
        }
    )* };
}

registry! {
    /// `ProtocolVersion` (RFC 5246 §6.2.1), as one big-endian 16-bit number.
    ProtocolVersion(u16) {
        /// SSL 3.0: recognised, never spoken.
        SSL3 = 0x0300 => "SSLv3",
        /// TLS 1.0: recognised, never spoken.
        TLS10 = 0x0301 => "TLSv1.0",
        /// TLS 1.1: recognised, never spoken.
        TLS11 = 0x0302 => "TLSv1.1",
        /// TLS 1.2 (RFC 5246).
        TLS12 = 0x0303 => "TLSv1.2",
        /// TLS 1.3 (RFC 8446): not spoken yet.
        TLS13 = 0x0304 => "TLSv1.3",
    }

    /// `ContentType` of a record (RFC 5246 §6.2.1).
    ContentType(u8) {
        /// Keys change after this record.
        CHANGE_CIPHER_SPEC = 20 => "change_cipher_spec",
        /// Warnings, errors and close_notify.
        ALERT = 21 => "alert",
        /// Handshake messages, fragmented or coalesced.
        HANDSHAKE = 22 => "handshake",
        /// The application's bytes.
        APPLICATION_DATA = 23 => "application_data",
    }

    /// `HandshakeType` (RFC 5246 §7.4 and the registry).
    HandshakeType(u8) {
        /// RFC 5246 §7.4.1.1
        HELLO_REQUEST = 0 => "HelloRequest",
        /// RFC 5246 §7.4.1.2
        CLIENT_HELLO = 1 => "ClientHello",
        /// RFC 5246 §7.4.1.3
        SERVER_HELLO = 2 => "ServerHello",
        /// RFC 5077 §3.3
        NEW_SESSION_TICKET = 4 => "NewSessionTicket",
        /// RFC 5246 §7.4.2
        CERTIFICATE = 11 => "Certificate",
        /// RFC 5246 §7.4.3
        SERVER_KEY_EXCHANGE = 12 => "ServerKeyExchange",
        /// RFC 5246 §7.4.4
        CERTIFICATE_REQUEST = 13 => "CertificateRequest",
        /// RFC 5246 §7.4.5
        SERVER_HELLO_DONE = 14 => "ServerHelloDone",
        /// RFC 5246 §7.4.8
        CERTIFICATE_VERIFY = 15 => "CertificateVerify",
        /// RFC 5246 §7.4.7
        CLIENT_KEY_EXCHANGE = 16 => "ClientKeyExchange",
        /// RFC 5246 §7.4.9
        FINISHED = 20 => "Finished",
        /// RFC 6066 §8
        CERTIFICATE_STATUS = 22 => "CertificateStatus",
    }

    /// `ExtensionType` (RFC 5246 §7.4.1.4 and the registry).
    ExtensionType(u16) {
        /// RFC 6066 §3
        SERVER_NAME = 0 => "server_name",
        /// RFC 6066 §4
        MAX_FRAGMENT_LENGTH = 1 => "max_fragment_length",
        /// RFC 6066 §8
        STATUS_REQUEST = 5 => "status_request",
        /// RFC 7919 §2, RFC 8422 §5.1.1
        SUPPORTED_GROUPS = 10 => "supported_groups",
        /// RFC 8422 §5.1.2
        EC_POINT_FORMATS = 11 => "ec_point_formats",
        /// RFC 5246 §7.4.1.4.1
        SIGNATURE_ALGORITHMS = 13 => "signature_algorithms",
        /// RFC 7301
        ALPN = 16 => "application_layer_protocol_negotiation",
        /// RFC 6962 §3.3.1
        SIGNED_CERTIFICATE_TIMESTAMP = 18 => "signed_certificate_timestamp",
        /// RFC 7685
        PADDING = 21 => "padding",
        /// RFC 7366
        ENCRYPT_THEN_MAC = 22 => "encrypt_then_mac",
        /// RFC 7627
        EXTENDED_MASTER_SECRET = 23 => "extended_master_secret",
        /// RFC 8449
        RECORD_SIZE_LIMIT = 28 => "record_size_limit",
        /// RFC 5077
        SESSION_TICKET = 35 => "session_ticket",
        /// RFC 8446 §4.2.1: ignored by a TLS 1.2 server.
        SUPPORTED_VERSIONS = 43 => "supported_versions",
        /// RFC 5746
        RENEGOTIATION_INFO = 0xff01 => "renegotiation_info",
    }

    /// `NamedGroup` (RFC 8422 §5.1.1, RFC 7919 §2).
    NamedGroup(u16) {
        /// NIST P-256
        SECP256R1 = 23 => "secp256r1",
        /// NIST P-384
        SECP384R1 = 24 => "secp384r1",
        /// NIST P-521
        SECP521R1 = 25 => "secp521r1",
        /// RFC 7748
        X25519 = 29 => "x25519",
        /// RFC 7919 Appendix A.1
        FFDHE2048 = 256 => "ffdhe2048",
        /// RFC 7919 Appendix A.2
        FFDHE3072 = 257 => "ffdhe3072",
        /// RFC 7919 Appendix A.3
        FFDHE4096 = 258 => "ffdhe4096",
        /// RFC 7919 Appendix A.4
        FFDHE6144 = 259 => "ffdhe6144",
        /// RFC 7919 Appendix A.5
        FFDHE8192 = 260 => "ffdhe8192",
    }

    /// `SignatureScheme`: TLS 1.2's `SignatureAndHashAlgorithm` read as one number, under the names
    /// of RFC 8446 §4.2.3. In TLS 1.2 the ECDSA code points name a hash, not a curve.
    SignatureScheme(u16) {
        /// Legacy policy only.
        RSA_PKCS1_SHA1 = 0x0201 => "rsa_pkcs1_sha1",
        /// Legacy policy only.
        ECDSA_SHA1 = 0x0203 => "ecdsa_sha1",
        /// RSASSA-PKCS1-v1_5 with SHA-256
        RSA_PKCS1_SHA256 = 0x0401 => "rsa_pkcs1_sha256",
        /// ECDSA with SHA-256
        ECDSA_SECP256R1_SHA256 = 0x0403 => "ecdsa_secp256r1_sha256",
        /// RSASSA-PKCS1-v1_5 with SHA-384
        RSA_PKCS1_SHA384 = 0x0501 => "rsa_pkcs1_sha384",
        /// ECDSA with SHA-384
        ECDSA_SECP384R1_SHA384 = 0x0503 => "ecdsa_secp384r1_sha384",
        /// RSASSA-PKCS1-v1_5 with SHA-512
        RSA_PKCS1_SHA512 = 0x0601 => "rsa_pkcs1_sha512",
        /// ECDSA with SHA-512
        ECDSA_SECP521R1_SHA512 = 0x0603 => "ecdsa_secp521r1_sha512",
        /// RSASSA-PSS with an rsaEncryption key
        RSA_PSS_RSAE_SHA256 = 0x0804 => "rsa_pss_rsae_sha256",
        /// RSASSA-PSS with an rsaEncryption key
        RSA_PSS_RSAE_SHA384 = 0x0805 => "rsa_pss_rsae_sha384",
        /// RSASSA-PSS with an rsaEncryption key
        RSA_PSS_RSAE_SHA512 = 0x0806 => "rsa_pss_rsae_sha512",
        /// RFC 8422 §5.1.3
        ED25519 = 0x0807 => "ed25519",
        /// RSASSA-PSS with an RSASSA-PSS key
        RSA_PSS_PSS_SHA256 = 0x0809 => "rsa_pss_pss_sha256",
        /// RSASSA-PSS with an RSASSA-PSS key
        RSA_PSS_PSS_SHA384 = 0x080a => "rsa_pss_pss_sha384",
        /// RSASSA-PSS with an RSASSA-PSS key
        RSA_PSS_PSS_SHA512 = 0x080b => "rsa_pss_pss_sha512",
    }

    /// `ClientCertificateType` (RFC 5246 §7.4.4, RFC 8422 §5.5).
    ClientCertificateType(u8) {
        /// A certificate with an RSA key that may sign.
        RSA_SIGN = 1 => "rsa_sign",
        /// DSS: recognised, never used.
        DSS_SIGN = 2 => "dss_sign",
        /// A certificate with an ECDSA or EdDSA key.
        ECDSA_SIGN = 64 => "ecdsa_sign",
    }

    /// `AlertLevel` (RFC 5246 §7.2).
    AlertLevel(u8) {
        /// The connection goes on (close_notify apart).
        WARNING = 1 => "warning",
        /// The connection ends.
        FATAL = 2 => "fatal",
    }

    /// `AlertDescription` (RFC 5246 §7.2 and the registry).
    AlertDescription(u8) {
        /// §7.2.1
        CLOSE_NOTIFY = 0 => "close_notify",
        /// §7.2.2
        UNEXPECTED_MESSAGE = 10 => "unexpected_message",
        /// §7.2.2
        BAD_RECORD_MAC = 20 => "bad_record_mac",
        /// §7.2.2: reserved, never sent.
        DECRYPTION_FAILED_RESERVED = 21 => "decryption_failed_RESERVED",
        /// §7.2.2
        RECORD_OVERFLOW = 22 => "record_overflow",
        /// §7.2.2
        DECOMPRESSION_FAILURE = 30 => "decompression_failure",
        /// §7.2.2
        HANDSHAKE_FAILURE = 40 => "handshake_failure",
        /// SSL 3.0 only.
        NO_CERTIFICATE_RESERVED = 41 => "no_certificate_RESERVED",
        /// §7.2.2
        BAD_CERTIFICATE = 42 => "bad_certificate",
        /// §7.2.2
        UNSUPPORTED_CERTIFICATE = 43 => "unsupported_certificate",
        /// §7.2.2
        CERTIFICATE_REVOKED = 44 => "certificate_revoked",
        /// §7.2.2
        CERTIFICATE_EXPIRED = 45 => "certificate_expired",
        /// §7.2.2
        CERTIFICATE_UNKNOWN = 46 => "certificate_unknown",
        /// §7.2.2
        ILLEGAL_PARAMETER = 47 => "illegal_parameter",
        /// §7.2.2
        UNKNOWN_CA = 48 => "unknown_ca",
        /// §7.2.2
        ACCESS_DENIED = 49 => "access_denied",
        /// §7.2.2
        DECODE_ERROR = 50 => "decode_error",
        /// §7.2.2
        DECRYPT_ERROR = 51 => "decrypt_error",
        /// §7.2.2: reserved, never sent.
        EXPORT_RESTRICTION_RESERVED = 60 => "export_restriction_RESERVED",
        /// §7.2.2
        PROTOCOL_VERSION = 70 => "protocol_version",
        /// §7.2.2
        INSUFFICIENT_SECURITY = 71 => "insufficient_security",
        /// §7.2.2
        INTERNAL_ERROR = 80 => "internal_error",
        /// RFC 7507 §3
        INAPPROPRIATE_FALLBACK = 86 => "inappropriate_fallback",
        /// §7.2.2
        USER_CANCELED = 90 => "user_canceled",
        /// §7.2.2
        NO_RENEGOTIATION = 100 => "no_renegotiation",
        /// §7.2.2
        UNSUPPORTED_EXTENSION = 110 => "unsupported_extension",
        /// RFC 6066 §9
        CERTIFICATE_UNOBTAINABLE = 111 => "certificate_unobtainable",
        /// RFC 6066 §3
        UNRECOGNIZED_NAME = 112 => "unrecognized_name",
        /// RFC 6066 §8
        BAD_CERTIFICATE_STATUS_RESPONSE = 113 => "bad_certificate_status_response",
        /// RFC 4279 §2
        UNKNOWN_PSK_IDENTITY = 115 => "unknown_psk_identity",
        /// RFC 7301 §3.2
        NO_APPLICATION_PROTOCOL = 120 => "no_application_protocol",
    }
}

impl NamedGroup {
    /// Whether it is a finite field, known or not: the codepoints of RFC 7919 §2.
    pub const fn is_ffdhe(self) -> bool {
        matches!(self.0, 256..=511)
    }
}
