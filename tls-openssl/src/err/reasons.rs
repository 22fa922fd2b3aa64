//! Numbers and words of errors: OpenSSL's, and which of them says what libtlscore says.

use core::ffi::c_int;
use std::borrow::Cow;
use std::ffi::CStr;

/// Constants for the errors that are raised here, and the words for all of them.
macro_rules! reasons {
    ($($name:ident = $number:literal, $text:literal;)*) => {
        $(
            #[allow(dead_code, reason = "some are there for their words alone")]
            pub(crate) const $name: c_int = $number;
        )*
        pub(crate) const TEXTS: &[(c_int, &core::ffi::CStr)] = &[$(($number, $text)),*];
    };
}

/// SSL_R_*
pub(crate) mod ssl {
    use core::ffi::c_int;

    reasons! {
        BAD_DH_VALUE = 102, c"bad dh value";
        BAD_CHANGE_CIPHER_SPEC = 103, c"bad change cipher spec";
        INCONSISTENT_EXTMS = 104, c"inconsistent extms";
        BAD_EXTENSION = 110, c"bad extension";
        BAD_SIGNATURE = 123, c"bad signature";
        BAD_SSL_FILETYPE = 124, c"bad ssl filetype";
        BAD_WRITE_RETRY = 127, c"bad write retry";
        BIO_NOT_SET = 128, c"bio not set";
        CCS_RECEIVED_EARLY = 133, c"ccs received early";
        CERTIFICATE_VERIFY_FAILED = 134, c"certificate verify failed";
        UNKNOWN_COMMAND = 139, c"unknown command";
        CONNECTION_TYPE_NOT_SET = 144, c"connection type not set";
        DATA_LENGTH_TOO_LONG = 146, c"data length too long";
        DIGEST_CHECK_FAILED = 149, c"digest check failed";
        ENCRYPTED_LENGTH_TOO_LONG = 150, c"encrypted length too long";
        EXCESSIVE_MESSAGE_SIZE = 152, c"excessive message size";
        HTTP_REQUEST = 156, c"http request";
        LENGTH_MISMATCH = 159, c"length mismatch";
        NO_CERTIFICATE_ASSIGNED = 177, c"no certificate assigned";
        NO_CERTIFICATE_SET = 179, c"no certificate set";
        NO_CIPHERS_AVAILABLE = 181, c"no ciphers available";
        NO_CIPHER_MATCH = 185, c"no cipher match";
        NO_COMPRESSION_SPECIFIED = 187, c"no compression specified";
        NO_PRIVATE_KEY_ASSIGNED = 190, c"no private key assigned";
        NO_PROTOCOLS_AVAILABLE = 191, c"no protocols available";
        NO_SHARED_CIPHER = 193, c"no shared cipher";
        NULL_SSL_CTX = 195, c"null ssl ctx";
        NULL_SSL_METHOD_PASSED = 196, c"null ssl method passed";
        OLD_SESSION_CIPHER_NOT_RETURNED = 197, c"old session cipher not returned";
        PEER_DID_NOT_RETURN_A_CERTIFICATE = 199, c"peer did not return a certificate";
        PROTOCOL_IS_SHUTDOWN = 207, c"protocol is shutdown";
        PSK_IDENTITY_NOT_FOUND = 223, c"psk identity not found";
        CALLBACK_FAILED = 234, c"callback failed";
        NO_APPLICATION_PROTOCOL = 235, c"no application protocol";
        UNEXPECTED_MESSAGE = 244, c"unexpected message";
        UNEXPECTED_RECORD = 245, c"unexpected record";
        UNSUPPORTED_COMPRESSION_ALGORITHM = 257, c"unsupported compression algorithm";
        UNSUPPORTED_PROTOCOL = 258, c"unsupported protocol";
        WRONG_CIPHER_RETURNED = 261, c"wrong cipher returned";
        UNEXPECTED_CCS_MESSAGE = 262, c"unexpected ccs message";
        WRONG_VERSION_NUMBER = 267, c"wrong version number";
        BAD_LENGTH = 271, c"bad length";
        SSL_SESSION_ID_CONTEXT_TOO_LONG = 273, c"ssl session id context too long";
        LIBRARY_BUG = 274, c"library bug";
        UNINITIALIZED = 276, c"uninitialized";
        SESSION_ID_CONTEXT_UNINITIALIZED = 277, c"session id context uninitialized";
        INVALID_COMMAND = 280, c"invalid command";
        DECRYPTION_FAILED_OR_BAD_RECORD_MAC = 281, c"decryption failed or bad record mac";
        APPLICATION_DATA_AFTER_CLOSE_NOTIFY = 291, c"application data after close notify";
        UNEXPECTED_EOF_WHILE_READING = 294, c"unexpected eof while reading";
        BAD_ECPOINT = 306, c"bad ecpoint";
        UNSUPPORTED_ELLIPTIC_CURVE = 315, c"unsupported elliptic curve";
        EXT_INVALID_SERVERNAME = 319, c"ssl3 ext invalid servername";
        CLIENTHELLO_TLSEXT = 226, c"clienthello tlsext";
        OCSP_CALLBACK_FAILURE = 305, c"ocsp callback failure";
        INVALID_STATUS_RESPONSE = 328, c"invalid status response";
        RENEGOTIATION_MISMATCH = 337, c"renegotiation mismatch";
        UNSAFE_LEGACY_RENEGOTIATION_DISABLED = 338, c"unsafe legacy renegotiation disabled";
        NO_RENEGOTIATION = 339, c"no renegotiation";
        WRONG_SIGNATURE_TYPE = 370, c"wrong signature type";
        SSL_NEGATIVE_LENGTH = 372, c"ssl negative length";
        NO_SHARED_SIGNATURE_ALGORITHMS = 376, c"no shared signature algorithms";
        CERT_CB_ERROR = 377, c"cert cb error";
        WRONG_CURVE = 378, c"wrong curve";
        DH_KEY_TOO_SMALL = 394, c"dh key too small";
        CA_KEY_TOO_SMALL = 397, c"ca key too small";
        CA_MD_TOO_WEAK = 398, c"ca md too weak";
        EE_KEY_TOO_SMALL = 399, c"ee key too small";
        SHUTDOWN_WHILE_IN_INIT = 407, c"shutdown while in init";
        TOO_MANY_WARN_ALERTS = 409, c"too many warn alerts";
        NO_SHARED_GROUPS = 410, c"no shared groups";
    }

    /// What the peer's alerts are called.
    pub(crate) const ALERTS: &[(c_int, &core::ffi::CStr)] = &[
        (1010, c"sslv3 alert unexpected message"),
        (1020, c"sslv3 alert bad record mac"),
        (1021, c"tlsv1 alert decryption failed"),
        (1022, c"tlsv1 alert record overflow"),
        (1030, c"sslv3 alert decompression failure"),
        (1040, c"sslv3 alert handshake failure"),
        (1041, c"sslv3 alert no certificate"),
        (1042, c"sslv3 alert bad certificate"),
        (1043, c"sslv3 alert unsupported certificate"),
        (1044, c"sslv3 alert certificate revoked"),
        (1045, c"sslv3 alert certificate expired"),
        (1046, c"sslv3 alert certificate unknown"),
        (1047, c"sslv3 alert illegal parameter"),
        (1048, c"tlsv1 alert unknown ca"),
        (1049, c"tlsv1 alert access denied"),
        (1050, c"tlsv1 alert decode error"),
        (1051, c"tlsv1 alert decrypt error"),
        (1060, c"tlsv1 alert export restriction"),
        (1070, c"tlsv1 alert protocol version"),
        (1071, c"tlsv1 alert insufficient security"),
        (1080, c"tlsv1 alert internal error"),
        (1086, c"tlsv1 alert inappropriate fallback"),
        (1090, c"tlsv1 alert user cancelled"),
        (1100, c"tlsv1 alert no renegotiation"),
        (1109, c"tlsv13 alert missing extension"),
        (1110, c"tlsv1 unsupported extension"),
        (1111, c"tlsv1 certificate unobtainable"),
        (1112, c"tlsv1 unrecognized name"),
        (1113, c"tlsv1 bad certificate status response"),
        (1114, c"tlsv1 bad certificate hash value"),
        (1115, c"tlsv1 alert unknown psk identity"),
        (1116, c"tlsv13 alert certificate required"),
        (1120, c"tlsv1 alert no application protocol"),
    ];
}

/// X509_R_*, PEM_R_*, BIO_R_*
pub(crate) mod other {
    pub(crate) mod x509 {
        use core::ffi::c_int;

        reasons! {
            CERT_ALREADY_IN_HASH_TABLE = 101, c"cert already in hash table";
            KEY_TYPE_MISMATCH = 115, c"key type mismatch";
            KEY_VALUES_MISMATCH = 116, c"key values mismatch";
            NO_CERT_SET_FOR_US_TO_VERIFY = 105, c"no cert set for us to verify";
            NO_CERTIFICATE_OR_CRL_FOUND = 136, c"no certificate or crl found";
        }
    }

    pub(crate) mod evp {
        use core::ffi::c_int;

        reasons! {
            EXPECTING_AN_RSA_KEY = 127, c"expecting an rsa key";
            NO_DIGEST_SET = 139, c"no digest set";
            FINAL_ERROR = 188, c"final error";
            UPDATE_ERROR = 189, c"update error";
        }
    }

    pub(crate) mod pem {
        use core::ffi::c_int;

        reasons! {
            BAD_BASE64_DECODE = 100, c"bad base64 decode";
            BAD_DECRYPT = 101, c"bad decrypt";
            BAD_END_LINE = 102, c"bad end line";
            BAD_PASSWORD_READ = 104, c"bad password read";
            NO_START_LINE = 108, c"no start line";
            UNSUPPORTED_ENCRYPTION = 114, c"unsupported encryption";
        }
    }

    pub(crate) mod bio {
        use core::ffi::c_int;

        reasons! {
            BROKEN_PIPE = 124, c"broken pipe";
            INVALID_ARGUMENT = 125, c"invalid argument";
            IN_USE = 123, c"in use";
            NO_SUCH_FILE = 128, c"no such file";
            NULL_PARAMETER = 115, c"null parameter";
            UNINITIALIZED = 120, c"uninitialized";
            UNSUPPORTED_METHOD = 121, c"unsupported method";
            WRITE_TO_READ_ONLY_BIO = 126, c"write to read only BIO";
        }
    }

    pub(crate) mod common {
        use core::ffi::c_int;

        reasons! {
            INTERNAL = 786_691, c"internal error";
            MALLOC = 786_688, c"malloc failure";
            NULL = 786_690, c"passed a null parameter";
            ARGUMENT = 524_550, c"passed invalid argument";
            UNSUPPORTED = 524_556, c"unsupported";
            SYS = 524_290, c"system lib";
            PEM = 524_297, c"PEM lib";
            ASN1 = 524_301, c"ASN1 lib";
            X509 = 524_299, c"X509 lib";
            BIO = 524_320, c"BIO lib";
            SSL = 524_308, c"SSL lib";
        }
    }
}

/// The words for a library's number.
pub(crate) fn lib_text(lib: c_int) -> Option<&'static CStr> {
    Some(match lib {
        2 => c"system library",
        3 => c"bignum routines",
        4 => c"rsa routines",
        5 => c"Diffie-Hellman routines",
        6 => c"digital envelope routines",
        7 => c"memory buffer routines",
        8 => c"object identifier routines",
        9 => c"PEM routines",
        10 => c"dsa routines",
        11 => c"x509 certificate routines",
        13 => c"asn1 encoding routines",
        14 => c"configuration file routines",
        15 => c"common libcrypto routines",
        16 => c"elliptic curve routines",
        20 => c"SSL routines",
        32 => c"BIO routines",
        33 => c"PKCS7 routines",
        34 => c"X509 V3 routines",
        35 => c"PKCS12 routines",
        36 => c"random number generator",
        39 => c"OCSP routines",
        40 => c"UI routines",
        _ => return None,
    })
}

/// The words for an error of a library.
pub(crate) fn reason_text(lib: c_int, reason: c_int) -> Option<Cow<'static, CStr>> {
    if lib == 2 {
        let text = std::io::Error::from_raw_os_error(reason).to_string();
        // Rust's words are strerror()'s and the number behind them.
        let text = text.split(" (os error").next().unwrap_or_default();
        return std::ffi::CString::new(text).ok().map(Cow::Owned);
    }
    let tables: &[&[(c_int, &'static CStr)]] = match lib {
        20 => &[ssl::TEXTS, ssl::ALERTS],
        11 => &[other::x509::TEXTS],
        6 => &[other::evp::TEXTS],
        9 => &[other::pem::TEXTS],
        32 => &[other::bio::TEXTS],
        _ => &[],
    };
    tables
        .iter()
        .copied()
        .chain([other::common::TEXTS])
        .flatten()
        .find(|row| row.0 == reason)
        .map(|row| Cow::Borrowed(row.1))
}

/// What an alert of the peer is to OpenSSL: 1000 more than its number.
pub(crate) const fn ssl_alert(alert: c_int) -> c_int {
    1000 + alert
}

/// What OpenSSL calls an error of libtlscore's, by TLS_REASON_*. The alert that goes with it tells where no other
/// word does.
pub(crate) fn native(number: c_int, alert: c_int) -> c_int {
    use ssl::*;
    match number {
        108 => NO_CERTIFICATE_SET,
        110 => NO_CIPHER_MATCH,
        119 => other::x509::KEY_VALUES_MISMATCH,
        122 => PROTOCOL_IS_SHUTDOWN,
        165 => EE_KEY_TOO_SMALL,
        202 | 203 => UNEXPECTED_EOF_WHILE_READING,
        301 | 302 | 311 | 313 => LENGTH_MISMATCH,
        303 => EXCESSIVE_MESSAGE_SIZE,
        304 | 314 | 412 | 413 => BAD_EXTENSION,
        306 => BAD_CHANGE_CIPHER_SPEC,
        307 => ENCRYPTED_LENGTH_TOO_LONG,
        308 => BAD_ECPOINT,
        309 => WRONG_VERSION_NUMBER,
        310 => HTTP_REQUEST,
        312 => UNEXPECTED_RECORD,
        321 => BAD_DH_VALUE,
        401 | 403 | 424 => UNEXPECTED_MESSAGE,
        404 => DECRYPTION_FAILED_OR_BAD_RECORD_MAC,
        405 => BAD_SIGNATURE,
        406 => DIGEST_CHECK_FAILED,
        407 => WRONG_CIPHER_RETURNED,
        408 => UNSUPPORTED_COMPRESSION_ALGORITHM,
        409 => NO_COMPRESSION_SPECIFIED,
        410 => WRONG_CURVE,
        411 => WRONG_SIGNATURE_TYPE,
        414 => RENEGOTIATION_MISMATCH,
        416 => TOO_MANY_WARN_ALERTS,
        419 | 505 => NO_APPLICATION_PROTOCOL,
        425 => CCS_RECEIVED_EARLY,
        431 => OLD_SESSION_CIPHER_NOT_RETURNED,
        432 | 433 | 441 => INCONSISTENT_EXTMS,
        501 => UNSUPPORTED_PROTOCOL,
        502 => NO_SHARED_CIPHER,
        503 | 523 => NO_SHARED_GROUPS,
        504 => NO_SHARED_SIGNATURE_ALGORITHMS,
        506 => UNSAFE_LEGACY_RENEGOTIATION_DISABLED,
        507 => CALLBACK_FAILED,
        521 => DH_KEY_TOO_SMALL,
        524 => PSK_IDENTITY_NOT_FOUND,
        541 => NO_RENEGOTIATION,
        616 => PEER_DID_NOT_RETURN_A_CERTIFICATE,
        618..=619 | 641..=644 => INVALID_STATUS_RESPONSE,
        601..=654 => CERTIFICATE_VERIFY_FAILED,
        701 if alert >= 0 => ssl_alert(alert),
        _ => super::INTERNAL_ERROR,
    }
}
