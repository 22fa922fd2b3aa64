"""tlscore's errors in the words of CPython's ssl module, which programs match on."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from .. import _errors as native
from .names import is_address

_REASONS = {
    "WRONG_VERSION_NUMBER": "wrong version number",
    "HTTP_REQUEST": "http request",
    "UNSUPPORTED_PROTOCOL": "unsupported protocol",
    "NO_SHARED_CIPHER": "no shared cipher",
    "BAD_RECORD_MAC": "decryption failed or bad record mac",
    "BAD_SIGNATURE": "bad signature",
    "UNEXPECTED_MESSAGE": "unexpected message",
    "PEER_DID_NOT_RETURN_A_CERTIFICATE": "peer did not return a certificate",
    "UNSAFE_LEGACY_RENEGOTIATION": "unsafe legacy renegotiation disabled",
    "KEY_MISMATCH": "key values mismatch",
    "CONNECTION_REJECTED": "callback failed",
}
"""Sentences of OpenSSL, by our names; of the others ours are used."""

_NAMES = {
    "BAD_RECORD_MAC": "DECRYPTION_FAILED_OR_BAD_RECORD_MAC",
    "UNSAFE_LEGACY_RENEGOTIATION": "UNSAFE_LEGACY_RENEGOTIATION_DISABLED",
    "KEY_MISMATCH": "KEY_VALUES_MISMATCH",
    "CONNECTION_REJECTED": "CALLBACK_FAILED",
    "RECORD_OVERFLOW": "PACKET_LENGTH_TOO_LONG",
    "MESSAGE_TOO_LONG": "EXCESSIVE_MESSAGE_SIZE",
    "EMPTY_HANDSHAKE_RECORD": "RECORD_TOO_SMALL",
    "TOO_MANY_WARNING_ALERTS": "TOO_MANY_WARN_ALERTS",
    "CCS_RECEIVED_EARLY": "UNEXPECTED_MESSAGE",
    "APP_DATA_IN_HANDSHAKE": "UNEXPECTED_MESSAGE",
}
"""OpenSSL's names, where they differ from ours."""

_ALERTS = {
    10: "SSLV3_ALERT_UNEXPECTED_MESSAGE",
    20: "SSLV3_ALERT_BAD_RECORD_MAC",
    22: "TLSV1_ALERT_RECORD_OVERFLOW",
    30: "SSLV3_ALERT_DECOMPRESSION_FAILURE",
    40: "SSLV3_ALERT_HANDSHAKE_FAILURE",
    42: "SSLV3_ALERT_BAD_CERTIFICATE",
    43: "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE",
    44: "SSLV3_ALERT_CERTIFICATE_REVOKED",
    45: "SSLV3_ALERT_CERTIFICATE_EXPIRED",
    46: "SSLV3_ALERT_CERTIFICATE_UNKNOWN",
    47: "SSLV3_ALERT_ILLEGAL_PARAMETER",
    48: "TLSV1_ALERT_UNKNOWN_CA",
    49: "TLSV1_ALERT_ACCESS_DENIED",
    50: "TLSV1_ALERT_DECODE_ERROR",
    51: "TLSV1_ALERT_DECRYPT_ERROR",
    70: "TLSV1_ALERT_PROTOCOL_VERSION",
    71: "TLSV1_ALERT_INSUFFICIENT_SECURITY",
    80: "TLSV1_ALERT_INTERNAL_ERROR",
    86: "TLSV1_ALERT_INAPPROPRIATE_FALLBACK",
    90: "TLSV1_ALERT_USER_CANCELLED",
    100: "TLSV1_ALERT_NO_RENEGOTIATION",
    110: "TLSV1_UNSUPPORTED_EXTENSION",
    112: "TLSV1_UNRECOGNIZED_NAME",
    113: "TLSV1_BAD_CERTIFICATE_STATUS_RESPONSE",
    115: "TLSV1_ALERT_UNKNOWN_PSK_IDENTITY",
    116: "TLSV13_ALERT_CERTIFICATE_REQUIRED",
    120: "TLSV1_ALERT_NO_APPLICATION_PROTOCOL",
}
"""OpenSSL's names of the alerts that a peer sends."""

_VERIFY = {
    "UNKNOWN_CA": (20, "unable to get local issuer certificate"),
    "CERTIFICATE_NOT_YET_VALID": (9, "certificate is not yet valid"),
    "CERTIFICATE_EXPIRED": (10, "certificate has expired"),
    "CERTIFICATE_REVOKED": (23, "certificate revoked"),
    "BAD_CERTIFICATE_SIGNATURE": (7, "certificate signature failure"),
    "ISSUER_NOT_CA": (79, "invalid CA certificate"),
    "WRONG_KEY_USAGE": (26, "unsuitable certificate purpose"),
    "NAME_CONSTRAINT_VIOLATION": (47, "permitted subtree violation"),
    "PROFILE_VIOLATION": (1, "unspecified certificate verification error"),
    "CERTIFICATE_CHAIN_TOO_LONG": (22, "certificate chain too long"),
    "WEAK_CERTIFICATE": (66, "EE certificate key too weak"),
    "WEAK_PEER_KEY": (66, "EE certificate key too weak"),
    "UNABLE_TO_GET_CRL": (3, "unable to get certificate CRL"),
    "CRL_HAS_EXPIRED": (12, "CRL has expired"),
    "CRL_NOT_YET_VALID": (11, "CRL is not yet valid"),
    "CRL_SIGNATURE_FAILURE": (8, "CRL signature failure"),
}
"""OpenSSL's numbers (X509_V_ERR_*) and sentences for what is wrong with a certificate."""

SELF_SIGNED = (18, "self-signed certificate")
SELF_SIGNED_IN_CHAIN = (19, "self-signed certificate in certificate chain")
HOSTNAME_MISMATCH = 62
IP_ADDRESS_MISMATCH = 64


def ssl_error(
    kind: type[ssl.SSLError], errno: int, reason: str, text: str, library: str | None = "SSL"
) -> ssl.SSLError:
    """An exception with the attributes that _ssl gives its own."""
    error = kind(errno, f"[{library}: {reason}] {text} (tlscore)")
    error.library = library  # type: ignore[assignment]
    error.reason = reason
    return error


def verification_error(code: int, message: str, detail: str = "") -> ssl.SSLCertVerificationError:
    """CERTIFICATE_VERIFY_FAILED."""
    text = f"certificate verify failed: {message}"
    if detail and detail != message:
        text += f" ({detail})"
    kind = ssl.SSLCertVerificationError
    error = ssl_error(kind, ssl.SSL_ERROR_SSL, "CERTIFICATE_VERIFY_FAILED", text)
    assert isinstance(error, kind)
    error.verify_code = code
    error.verify_message = message
    return error


def eof_error() -> ssl.SSLError:
    """The transport ended without close_notify."""
    return ssl_error(
        ssl.SSLEOFError,
        ssl.SSL_ERROR_EOF,
        "UNEXPECTED_EOF_WHILE_READING",
        "EOF occurred in violation of protocol",
    )


def translated(error: native.TLSError, hostname: str | None = None, client: bool = False) -> OSError:
    """The exception of the ssl module for one of tlscore's, which is its cause: that one says more."""
    if client and error.name == "HTTP_REQUEST":
        # OpenSSL looks for HTTP on servers alone, and programs know the words that clients get.
        exception: OSError = _filled(error, "WRONG_VERSION_NUMBER", "wrong version number")
    else:
        exception = _counterpart(error, hostname)
    exception.__cause__ = error
    return exception


def _counterpart(error: native.TLSError, hostname: str | None) -> OSError:
    match error:
        case native.TruncatedError():
            return eof_error()
        case native.TransportError() if error.os_errno:
            return OSError(error.os_errno, os.strerror(error.os_errno))
        case native.CertificateError() if error.name == "PEER_DID_NOT_RETURN_A_CERTIFICATE":
            pass
        case native.CertificateError():
            return _verification(error, hostname)
        case native.AlertError():
            name = _ALERTS.get(error.alert or 0, "TLSV1_ALERT_UNKNOWN")
            return _filled(error, name, name.lower().replace("_", " "))
        case native.UsageError() if error.name == "CLOSED_FOR_WRITING":
            # Not SSLZeroReturnError: that is how what is read ends.
            return _filled(error, "PROTOCOL_IS_SHUTDOWN", "protocol is shutdown")
        case native.UsageError() if error.name == "FILE_UNREADABLE" and error.os_errno:
            return OSError(error.os_errno, os.strerror(error.os_errno), *_file(error))
        case native.UsageError() if error.name in {"BAD_PEM", "BAD_CERTIFICATE_FILE", "BAD_PRIVATE_KEY"}:
            return ssl_error(ssl.SSLError, ssl.SSL_ERROR_SSL, "PEM_LIB", f"PEM lib: {error.text}")
        case native.UsageError() if error.name == "BAD_DH_PARAMS":
            return _filled(error, "NO_START_LINE", f"no start line: {error.text}", "PEM")
        case _:
            pass
    text = _REASONS.get(error.name, error.text)
    if text is not error.text:
        text += f": {error.text}" if error.text.lower() != text else ""
    library = "X509" if error.name == "KEY_MISMATCH" else "SSL"
    return _filled(error, _NAMES.get(error.name, error.name), text, library)


@contextmanager
def translating(hostname: str | None = None) -> Iterator[None]:
    """tlscore's errors as those of the ssl module."""
    try:
        yield
    except native.TLSError as error:
        raise translated(error, hostname) from error


def _filled(error: native.TLSError, reason: str, text: str, library: str = "SSL") -> ssl.SSLError:
    return ssl_error(ssl.SSLError, ssl.SSL_ERROR_SSL, reason, text, library)


def _file(error: native.TLSError) -> tuple[str, ...]:
    """The path stands before the sentence."""
    path, colon, _sentence = error.text.partition(": ")
    return (path,) if colon else ()


def _verification(error: native.CertificateError, hostname: str | None) -> ssl.SSLError:
    if error.name == "NAME_MISMATCH":
        if is_address(hostname or ""):
            message = f"IP address mismatch, certificate is not valid for '{hostname}'."
            return verification_error(IP_ADDRESS_MISMATCH, message)
        message = f"Hostname mismatch, certificate is not valid for '{hostname}'."
        return verification_error(HOSTNAME_MISMATCH, message)
    if error.name == "UNKNOWN_CA" and (chain := error.peer_chain) and chain[-1].subject == chain[-1].issuer:
        what = SELF_SIGNED if len(chain) == 1 else SELF_SIGNED_IN_CHAIN
        return verification_error(*what, error.text)
    if error.name in _VERIFY:
        code, message = _VERIFY[error.name]
        return verification_error(code, message, error.text)
    # X509_V_ERR_UNSPECIFIED, with a sentence that specifies it.
    return verification_error(1, error.text)
