//! Errors: who is to blame, a stable number and name, a sentence, and the alert that tells the peer.

use crate::wire::AlertDescription;
use std::borrow::Cow;

/// Who is to blame. A [`Reason`] belongs to exactly one family, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// The program called the library wrongly or configured it wrongly (100..).
    Misuse,
    /// The transport failed or ended early (200..).
    Transport,
    /// The peer's bytes do not parse (300..).
    Malformed,
    /// The peer's bytes parse and break the protocol (400..).
    Misbehaved,
    /// Both are right and have nothing in common, or cannot go on together (500..).
    Incompatible,
    /// The peer's certificate is not acceptable (600..).
    Certificate,
    /// The peer gave up and said so with an alert (700..).
    PeerAlert,
    /// Our own fault, or the machine's (900..).
    Internal,
}

macro_rules! reasons {
    ($( $number:literal $variant:ident $name:literal $family:ident $alert:tt $text:literal; )*) => {
        /// What went wrong. Numbers and names are stable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u16)]
        pub enum Reason {
            $( #[doc = $text] $variant = $number, )*
        }

        impl Reason {
            /// All reasons, by number.
            pub const ALL: &'static [Self] = &[$( Self::$variant, )*];

            /// The symbolic name, in capitals.
            pub const fn name(self) -> &'static str {
                match self { $( Self::$variant => $name, )* }
            }

            /// Who is to blame.
            pub const fn family(self) -> Family {
                match self { $( Self::$variant => Family::$family, )* }
            }

            /// The sentence used when nothing more precise is known.
            pub const fn text(self) -> &'static str {
                match self { $( Self::$variant => $text, )* }
            }

            /// The alert that tells the peer, or `None` where nothing is sent. All are fatal but close_notify,
            /// by which we end a connection that cannot go on and in which nobody did anything wrong. One
            /// exhaustive match: a new reason does not compile without a decision.
            pub const fn alert(self) -> Option<AlertDescription> {
                match self { $( Self::$variant => reasons!(@alert $alert), )* }
            }
        }
    };
    (@alert none) => { None };
    (@alert $alert:ident) => { Some(AlertDescription::$alert) };
}

#[rustfmt::skip]
reasons! {
    101 NullHandle "NULL_HANDLE" Misuse none "a required pointer or handle is NULL";
    102 WrongRole "WRONG_ROLE" Misuse none "the context was not made for this role";
    103 WrongOrder "WRONG_ORDER" Misuse none "the call is not possible in this state";
    104 BadArgument "BAD_ARGUMENT" Misuse none "an argument is out of range";
    105 NoTransport "NO_TRANSPORT" Misuse none "no I/O callbacks and no file descriptor are set";
    106 NoServerName "NO_SERVER_NAME" Misuse none "the server's name is needed to verify its certificate";
    107 BadServerName "BAD_SERVER_NAME" Misuse none "the server's name is neither a DNS name nor an IP address";
    108 NoKeypair "NO_KEYPAIR" Misuse none "a server needs a certificate and its private key";
    109 NoTrustAnchors "NO_TRUST_ANCHORS" Misuse none "no CA certificate is loaded, so nothing could be verified";
    110 BadCipherList "BAD_CIPHER_LIST" Misuse none "the cipher list has an unknown word or selects nothing";
    111 BadGroupList "BAD_GROUP_LIST" Misuse none "the group list has an unknown word or selects nothing";
    112 BadSchemeList "BAD_SCHEME_LIST" Misuse none "the signature scheme list has an unknown word or selects nothing";
    113 BadAlpnList "BAD_ALPN_LIST" Misuse none "an ALPN protocol name is empty or longer than 255 bytes";
    114 RefusedByPolicy "REFUSED_BY_POLICY" Misuse none "the policy refuses this name";
    115 FileUnreadable "FILE_UNREADABLE" Misuse none "a file cannot be read";
    116 BadPem "BAD_PEM" Misuse none "no usable PEM block was found, or it is broken";
    117 BadCertificateFile "BAD_CERTIFICATE_FILE" Misuse none "a certificate does not parse";
    118 BadPrivateKey "BAD_PRIVATE_KEY" Misuse none "the private key does not parse or is of an unsupported kind";
    119 KeyMismatch "KEY_MISMATCH" Misuse none "the private key does not belong to the certificate";
    120 AlreadyAnswered "ALREADY_ANSWERED" Misuse none "the pending question was answered already";
    121 CallbackMisbehaved "CALLBACK_MISBEHAVED" Misuse INTERNAL_ERROR "a callback returned a value that makes no sense";
    122 ClosedForWriting "CLOSED_FOR_WRITING" Misuse none "close_notify was sent already: nothing can be written behind it";
    123 BadPolicyName "BAD_POLICY_NAME" Misuse none "the policy's name is unknown";
    126 BindingUndefined "CHANNEL_BINDING_UNDEFINED" Misuse none "the channel binding is not defined for this connection";
    131 BadSession "BAD_SESSION" Misuse none "the bytes are no exported session, or one of another version";
    132 BadTicketKeys "BAD_TICKET_KEYS" Misuse none "the ticket keys have a wrong length or form";
    141 BadDhParams "BAD_DH_PARAMS" Misuse none "the Diffie-Hellman parameters do not parse, or are shorter than allowed";
    151 RenegotiationOff "RENEGOTIATION_OFF" Misuse none "renegotiation is not allowed by the configuration, or the peer cannot do it securely";
    152 KeyLimitReached "KEY_LIMIT_REACHED" Misuse none "our keys have protected as much data as they may: close the connection, or renegotiate";
    161 PasswordNeeded "PASSWORD_NEEDED" Misuse none "a password is needed, and none was given";
    162 WrongPassword "WRONG_PASSWORD" Misuse none "the password is wrong, or the file is damaged";
    163 KeyDerivationTooCostly "KEY_DERIVATION_TOO_COSTLY" Misuse none "deriving a key of the password would cost more than is allowed";
    164 BadPkcs12 "BAD_PKCS12" Misuse none "the PKCS #12 file does not parse, or lacks a key or its certificate";
    165 WeakKeypair "WEAK_KEYPAIR" Misuse none "the keypair is weaker than the policy or the security level allows";
    171 BadCrl "BAD_CRL" Misuse none "a certificate revocation list does not parse, or is of an unsupported kind";
    172 BadStaple "BAD_STAPLE" Misuse none "clients would refuse the OCSP response that is to be stapled";

    201 TransportFailed "TRANSPORT_FAILED" Transport none "the transport failed";
    202 Truncated "TRUNCATED" Transport none "the transport ended without close_notify: data may be missing";
    203 EofInHandshake "EOF_IN_HANDSHAKE" Transport none "the peer closed the transport during the handshake";

    301 DecodeError "DECODE_ERROR" Malformed DECODE_ERROR "a message is truncated, too long, or has a wrong inner length";
    302 TrailingData "TRAILING_DATA" Malformed DECODE_ERROR "bytes are left over behind a complete message";
    303 MessageTooLong "MESSAGE_TOO_LONG" Malformed ILLEGAL_PARAMETER "a handshake message is longer than the limit for its kind";
    304 DuplicateExtension "DUPLICATE_EXTENSION" Malformed DECODE_ERROR "an extension appears twice";
    305 BadAlert "BAD_ALERT" Malformed DECODE_ERROR "an alert record does not hold exactly one alert";
    306 BadChangeCipherSpec "BAD_CHANGE_CIPHER_SPEC" Malformed DECODE_ERROR "a ChangeCipherSpec record does not hold exactly the byte 1";
    307 RecordOverflow "RECORD_OVERFLOW" Malformed RECORD_OVERFLOW "a record is longer than the limit";
    308 BadPoint "BAD_ECPOINT" Malformed ILLEGAL_PARAMETER "the peer's public value is not a valid element of the group";
    309 NotTls "WRONG_VERSION_NUMBER" Malformed PROTOCOL_VERSION "the bytes are not a TLS record";
    310 HttpRequest "HTTP_REQUEST" Malformed none "the peer speaks plain HTTP";
    311 EmptyAlpnName "EMPTY_ALPN_NAME" Malformed DECODE_ERROR "an ALPN protocol name is empty";
    312 UnknownContentType "UNEXPECTED_RECORD" Malformed UNEXPECTED_MESSAGE "the record's content type is unknown";
    313 EmptyHandshakeRecord "EMPTY_HANDSHAKE_RECORD" Malformed UNEXPECTED_MESSAGE "a handshake record is empty";
    314 BadFragmentLength "BAD_FRAGMENT_LENGTH" Malformed ILLEGAL_PARAMETER "a record or fragment length that was negotiated is out of range";
    321 BadDhValue "BAD_DH_VALUE" Malformed ILLEGAL_PARAMETER "the peer's Diffie-Hellman parameters or public value make no sense";

    401 UnexpectedMessage "UNEXPECTED_MESSAGE" Misbehaved UNEXPECTED_MESSAGE "a message came that the protocol does not allow here";
    403 ExcessHandshakeData "EXCESS_HANDSHAKE_DATA" Misbehaved UNEXPECTED_MESSAGE "a handshake message is cut off by a change of keys or by another record type";
    404 BadRecordMac "BAD_RECORD_MAC" Misbehaved BAD_RECORD_MAC "a record does not authenticate";
    405 BadSignature "BAD_SIGNATURE" Misbehaved DECRYPT_ERROR "the peer's signature does not verify";
    406 BadFinished "BAD_FINISHED" Misbehaved DECRYPT_ERROR "the peer's Finished does not match the handshake";
    407 SuiteNotOffered "WRONG_CIPHER_RETURNED" Misbehaved ILLEGAL_PARAMETER "the server chose a cipher suite that was not offered";
    408 CompressionNotOffered "UNSUPPORTED_COMPRESSION" Misbehaved ILLEGAL_PARAMETER "the server chose a compression method that was not offered";
    409 NullCompressionMissing "NULL_COMPRESSION_MISSING" Misbehaved ILLEGAL_PARAMETER "the client does not offer the null compression method";
    410 GroupNotOffered "WRONG_CURVE" Misbehaved ILLEGAL_PARAMETER "the server chose a group that was not offered";
    411 SchemeNotOffered "WRONG_SIGNATURE_TYPE" Misbehaved ILLEGAL_PARAMETER "the peer signed with a scheme that was not offered or does not fit its key";
    412 UnsolicitedExtension "UNEXPECTED_EXTENSION" Misbehaved UNSUPPORTED_EXTENSION "the server answered an extension that was not offered";
    413 BadExtension "BAD_EXTENSION" Misbehaved ILLEGAL_PARAMETER "an extension's value makes no sense here";
    414 RenegotiationMismatch "RENEGOTIATION_MISMATCH" Misbehaved HANDSHAKE_FAILURE "renegotiation_info does not match the previous handshake";
    415 TooManyEmptyRecords "TOO_MANY_EMPTY_FRAGMENTS" Misbehaved UNEXPECTED_MESSAGE "too many empty records came in a row";
    416 TooManyWarningAlerts "TOO_MANY_WARNING_ALERTS" Misbehaved UNEXPECTED_MESSAGE "too many warning alerts came in a row";
    417 TooManyRenegotiations "TOO_MANY_RENEGOTIATION_REQUESTS" Misbehaved UNEXPECTED_MESSAGE "the peer asked for renegotiation too often";
    418 SequenceExhausted "SEQUENCE_NUMBER_EXHAUSTED" Misbehaved none "no further record can be protected under these keys";
    419 AlpnNotOffered "INVALID_ALPN_PROTOCOL" Misbehaved ILLEGAL_PARAMETER "the server chose an application protocol that was not offered";
    420 CertificateTypeMismatch "WRONG_CERTIFICATE_TYPE" Misbehaved ILLEGAL_PARAMETER "the server's certificate does not fit the cipher suite";
    421 EmptyCertificateChain "DECODE_ERROR_EMPTY_CHAIN" Misbehaved DECODE_ERROR "the server sent no certificate";
    422 PointFormatMissing "UNSUPPORTED_POINT_FORMAT" Misbehaved ILLEGAL_PARAMETER "the peer does not support uncompressed points";
    424 ApplicationDataEarly "APP_DATA_IN_HANDSHAKE" Misbehaved UNEXPECTED_MESSAGE "application data came before the handshake was complete";
    425 UnexpectedCcs "CCS_RECEIVED_EARLY" Misbehaved UNEXPECTED_MESSAGE "ChangeCipherSpec came where the protocol does not allow it";
    426 EncryptThenMacWithoutCbc "ENCRYPT_THEN_MAC_WITHOUT_CBC" Misbehaved ILLEGAL_PARAMETER "the server answered encrypt_then_mac for a suite that is not CBC";
    431 SessionSuiteChanged "OLD_SESSION_CIPHER_NOT_RETURNED" Misbehaved ILLEGAL_PARAMETER "the server resumed a session under another cipher suite";
    432 ResumedWithoutEms "RESUMED_EMS_SESSION_WITHOUT_EMS_EXTENSION" Misbehaved HANDSHAKE_FAILURE "a session with the extended master secret was resumed without it (RFC 7627 5.3)";
    433 ResumedWithEms "RESUMED_NON_EMS_SESSION_WITH_EMS_EXTENSION" Misbehaved HANDSHAKE_FAILURE "a session without the extended master secret was resumed with it (RFC 7627 5.3)";
    441 RenegotiationEms "RENEGOTIATION_EMS_MISMATCH" Misbehaved HANDSHAKE_FAILURE "a renegotiation changes whether the extended master secret is used";
    442 RenegotiationEtm "RENEGOTIATION_ETM_DROPPED" Misbehaved HANDSHAKE_FAILURE "a renegotiation gives encrypt-then-MAC up (RFC 7366 3.1)";
    443 ServerCertificateChanged "SERVER_CERT_CHANGED" Misbehaved HANDSHAKE_FAILURE "the server shows another certificate in a renegotiation";
    444 RenegotiationServerName "RENEGOTIATION_SERVER_NAME" Misbehaved HANDSHAKE_FAILURE "the client asks for another host name in a renegotiation";

    501 UnsupportedVersion "UNSUPPORTED_PROTOCOL" Incompatible PROTOCOL_VERSION "the peer does not speak TLS 1.2";
    502 NoCommonSuite "NO_SHARED_CIPHER" Incompatible HANDSHAKE_FAILURE "no cipher suite in common";
    503 NoCommonGroup "NO_SHARED_GROUP" Incompatible HANDSHAKE_FAILURE "no key exchange group in common";
    504 NoCommonScheme "NO_COMMON_SIGNATURE_ALGORITHMS" Incompatible HANDSHAKE_FAILURE "no signature scheme in common";
    505 NoCommonProtocol "NO_APPLICATION_PROTOCOL" Incompatible NO_APPLICATION_PROTOCOL "no application protocol in common";
    506 NoSecureRenegotiation "UNSAFE_LEGACY_RENEGOTIATION" Incompatible HANDSHAKE_FAILURE "the peer does not support secure renegotiation (RFC 5746)";
    507 Rejected "CONNECTION_REJECTED" Incompatible HANDSHAKE_FAILURE "the application refused what the client offers";
    521 DhTooSmall "DH_KEY_TOO_SMALL" Incompatible INSUFFICIENT_SECURITY "the server's Diffie-Hellman group is smaller than allowed";
    522 DhTooLarge "MODULUS_TOO_LARGE" Incompatible HANDSHAKE_FAILURE "the server's Diffie-Hellman group is larger than what is computed with";
    523 NoCommonDhGroup "NO_SHARED_FFDHE_GROUP" Incompatible INSUFFICIENT_SECURITY "no finite-field group in common (RFC 7919 4)";
    524 PskMissing "PSK_IDENTITY_NOT_FOUND" Incompatible HANDSHAKE_FAILURE "no pre-shared key goes with the server's identity hint";
    541 RenegotiationRefused "NO_RENEGOTIATION" Incompatible none "the peer refused to renegotiate: the connection goes on as it was";
    551 KeyLimitExceeded "KEY_LIMIT_EXCEEDED" Incompatible CLOSE_NOTIFY "the peer's keys have protected as much data as they may, and it sends more: the connection was closed";

    601 CertificateMalformed "BAD_CERTIFICATE" Certificate BAD_CERTIFICATE "the certificate does not parse";
    602 CertificateUnsupported "UNSUPPORTED_CERTIFICATE" Certificate UNSUPPORTED_CERTIFICATE "the certificate's key or signature is of an unsupported kind";
    603 CertificateExpired "CERTIFICATE_EXPIRED" Certificate CERTIFICATE_EXPIRED "the certificate has expired";
    604 CertificateNotYetValid "CERTIFICATE_NOT_YET_VALID" Certificate CERTIFICATE_EXPIRED "the certificate is not valid yet";
    605 CertificateUntrusted "UNKNOWN_CA" Certificate UNKNOWN_CA "no trusted CA stands behind the certificate";
    606 CertificateNameMismatch "NAME_MISMATCH" Certificate BAD_CERTIFICATE "the certificate is for another name";
    607 CertificateUsage "WRONG_KEY_USAGE" Certificate UNSUPPORTED_CERTIFICATE "the certificate may not be used for this";
    608 CertificateRevoked "CERTIFICATE_REVOKED" Certificate CERTIFICATE_REVOKED "the certificate was revoked";
    609 CertificateSignature "BAD_CERTIFICATE_SIGNATURE" Certificate BAD_CERTIFICATE "a signature in the certificate chain does not verify";
    610 CertificateNotCa "ISSUER_NOT_CA" Certificate BAD_CERTIFICATE "an issuer in the chain is not allowed to issue certificates";
    611 CertificateConstraint "NAME_CONSTRAINT_VIOLATION" Certificate BAD_CERTIFICATE "a name constraint of an issuer forbids the certificate's name";
    612 CertificateRejected "CERTIFICATE_VERIFY_FAILED" Certificate BAD_CERTIFICATE "the verifier rejected the certificate";
    614 CertificateWeak "WEAK_CERTIFICATE" Certificate BAD_CERTIFICATE "the certificate's key or hash is weaker than the policy allows";
    615 CertificateChainTooLong "CERTIFICATE_CHAIN_TOO_LONG" Certificate BAD_CERTIFICATE "the chain is longer or costlier than the limit";
    616 ClientCertificateMissing "PEER_DID_NOT_RETURN_A_CERTIFICATE" Certificate HANDSHAKE_FAILURE "the client sent no certificate, and one is required";
    617 WeakPeerKey "WEAK_PEER_KEY" Certificate BAD_CERTIFICATE "the peer's key is shorter than the policy allows";
    618 BadOcspResponse "BAD_OCSP_RESPONSE" Certificate BAD_CERTIFICATE_STATUS_RESPONSE "the stapled OCSP response is malformed, or about another certificate";
    619 OcspResponseMissing "OCSP_RESPONSE_MISSING" Certificate BAD_CERTIFICATE_STATUS_RESPONSE "the server stapled no OCSP response, and one is required";
    620 CertificateProfile "PROFILE_VIOLATION" Certificate BAD_CERTIFICATE "the certificate breaks a rule of RFC 5280 which it was asked to keep";

    631 CertificateNotPinned "CERTIFICATE_NOT_PINNED" Certificate BAD_CERTIFICATE "no key of the certificate's path is one of the pinned keys";
    641 OcspExpired "OCSP_HAS_EXPIRED" Certificate BAD_CERTIFICATE_STATUS_RESPONSE "the stapled OCSP response is out of date";
    642 OcspNotYetValid "OCSP_NOT_YET_VALID" Certificate BAD_CERTIFICATE_STATUS_RESPONSE "the stapled OCSP response is from the future";
    643 OcspSignature "OCSP_SIGNATURE_FAILURE" Certificate BAD_CERTIFICATE_STATUS_RESPONSE "the stapled OCSP response is not signed by who may";
    644 OcspUnknown "OCSP_CERT_UNKNOWN" Certificate BAD_CERTIFICATE_STATUS_RESPONSE "the stapled OCSP response does not vouch for the certificate";
    651 CrlMissing "UNABLE_TO_GET_CRL" Certificate CERTIFICATE_UNKNOWN "no revocation list tells whether the certificate was revoked";
    652 CrlExpired "CRL_HAS_EXPIRED" Certificate CERTIFICATE_UNKNOWN "the revocation list about the certificate is out of date";
    653 CrlNotYetValid "CRL_NOT_YET_VALID" Certificate CERTIFICATE_UNKNOWN "the revocation list about the certificate is from the future";
    654 CrlSignature "CRL_SIGNATURE_FAILURE" Certificate CERTIFICATE_UNKNOWN "the revocation list about the certificate is not signed by its CA";

    701 AlertReceived "ALERT_RECEIVED" PeerAlert none "the peer sent a fatal alert";

    901 RandomFailed "RANDOM_FAILED" Internal INTERNAL_ERROR "the source of randomness failed";
    902 SigningFailed "SIGNING_FAILED" Internal INTERNAL_ERROR "the private key could not sign";
    903 ProviderMissing "PROVIDER_MISSING" Internal INTERNAL_ERROR "the crypto provider lacks a primitive that was chosen";
    904 Bug "INTERNAL_ERROR" Internal INTERNAL_ERROR "an internal invariant is broken: please report it";
    905 Panicked "PANICKED" Internal none "the library panicked: please report it";
    906 EncryptionFailed "ENCRYPTION_FAILED" Internal INTERNAL_ERROR "the secret of the key exchange could not be encrypted";
}

/// Which way an alert went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// We sent it.
    Sent,
    /// The peer sent it.
    Received,
}

/// An error: reason, sentence, and the alert with its direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    reason: Reason,
    text: Cow<'static, str>,
    alert: Option<(AlertDescription, Direction)>,
    certificate: Option<u8>,
}

/// Shorthand of this crate.
pub type Result<T, E = Error> = core::result::Result<T, E>;

impl Error {
    /// An error with its general sentence.
    pub const fn new(reason: Reason) -> Self {
        Self {
            reason,
            text: Cow::Borrowed(reason.text()),
            alert: alert_sent(reason),
            certificate: None,
        }
    }

    /// An error with a sentence that says what was expected and what came.
    pub fn with(reason: Reason, text: impl Into<Cow<'static, str>>) -> Self {
        Self {
            reason,
            text: text.into(),
            alert: alert_sent(reason),
            certificate: None,
        }
    }

    /// The same error, told to the peer with another alert.
    pub fn and_alert(mut self, alert: AlertDescription) -> Self {
        self.alert = Some((alert, Direction::Sent));
        self
    }

    /// The same error; an alert of its own choice that ends no handshake (close_notify, user_canceled,
    /// no_renegotiation) gives way to its reason's.
    pub(crate) fn fatally(mut self) -> Self {
        use AlertDescription as A;
        let warnings = [A::CLOSE_NOTIFY, A::USER_CANCELED, A::NO_RENEGOTIATION];
        if matches!(self.alert, Some((alert, Direction::Sent)) if warnings.contains(&alert)) {
            self.alert = alert_sent(self.reason);
        }
        self
    }

    /// The same error, about the certificate at this place of the path: 0 is the leaf, 1 its issuer.
    pub fn about_certificate(mut self, index: usize) -> Self {
        self.certificate = u8::try_from(index).ok();
        self
    }

    /// The same error, of which the peer is not told.
    pub fn untold(mut self) -> Self {
        self.alert = self.alert.filter(|(_, d)| *d == Direction::Received);
        self
    }

    /// The peer's fatal alert as an error.
    pub fn received(alert: AlertDescription) -> Self {
        Self {
            reason: Reason::AlertReceived,
            text: format!("the peer sent the fatal alert {alert} ({})", alert.0).into(),
            alert: Some((alert, Direction::Received)),
            certificate: None,
        }
    }

    /// What went wrong.
    pub const fn reason(&self) -> Reason {
        self.reason
    }

    /// One English sentence, without a full stop.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The certificate that it is about, by its place on the path: 0 is the leaf, 1 its issuer.
    pub fn certificate(&self) -> Option<usize> {
        self.certificate.map(usize::from)
    }

    /// The alert that was sent or received for it.
    pub const fn alert(&self) -> Option<(AlertDescription, Direction)> {
        self.alert
    }

    /// The alert that the receive loop has to send for it.
    pub(crate) fn alert_to_send(&self) -> Option<AlertDescription> {
        match self.alert {
            Some((alert, Direction::Sent)) => Some(alert),
            Some((_, Direction::Received)) | None => None,
        }
    }
}

const fn alert_sent(reason: Reason) -> Option<(AlertDescription, Direction)> {
    match reason.alert() {
        Some(alert) => Some((alert, Direction::Sent)),
        None => None,
    }
}

impl From<Reason> for Error {
    fn from(reason: Reason) -> Self {
        Self::new(reason)
    }
}

impl core::fmt::Display for Error {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}: {}", self.reason.name(), self.text)
    }
}

impl std::error::Error for Error {}
