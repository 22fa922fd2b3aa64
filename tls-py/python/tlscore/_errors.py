"""The exceptions of tlscore. Each is also the exception of the standard ssl module that programs
already catch: ``except ssl.SSLError`` catches all of them."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._native import Certificate


class TLSError(ssl.SSLError):
    """Base of everything that tlscore raises about TLS.

    ``errno`` is the SSL_ERROR_* number of the ssl module for this kind of error, ``strerror`` and
    ``str()`` are ``"NAME: sentence"``. The attributes below never change their meaning.
    """

    number: int = 0
    """Stable number of the reason (tls-core's error table), or 0 where there is none: WantRead,
    WantWrite and WantApp."""
    name: str = ""
    """Symbolic name of the reason, in capitals: ``"UNKNOWN_CA"``."""
    text: str = ""
    """One English sentence without a full stop: what was expected and what came."""
    family: str | None = None
    """Who is to blame: ``"misuse"``, ``"transport"``, ``"malformed"``, ``"misbehaved"``,
    ``"incompatible"``, ``"certificate"``, ``"peer_alert"``, ``"internal"``, or None."""
    alert: int | None = None
    """The TLS alert (RFC 5246 section 7.2) that was sent or received for it, or None."""
    alert_name: str | None = None
    """The alert's name: ``"unknown_ca"``; None without an alert or for an unknown number."""
    alert_sent: bool | None = None
    """True: this side sent the alert; False: the peer did; None: there is none."""
    os_errno: int | None = None
    """The operating system's errno where the transport or a file gave one, or None."""
    library: str = "TLS"
    """Always ``"TLS"``; the ssl module has ``"SSL"`` here."""
    reason: str = ""
    """The same as ``name``: where users of the ssl module look for it."""


class WantRead(TLSError, ssl.SSLWantReadError):
    """Bytes from the peer are needed. Without a socket: send what ``drain()`` gives, ``feed()`` what
    comes, and repeat the call. With a non-blocking socket: repeat it when that is readable."""

    name = reason = "WANT_READ"
    text = "bytes from the peer are needed"


class WantWrite(TLSError, ssl.SSLWantWriteError):
    """Sealed bytes must leave first. Without a socket: ``drain()`` and send them, then repeat the
    call. With a non-blocking socket: repeat it when that is writable."""

    name = reason = "WANT_WRITE"
    text = "sealed bytes must leave first"


class WantApp(TLSError):
    """A question to the application waits for its answer. Repeat the call once it is there."""

    name = reason = "WANT_APP"
    text = "the application's answer is needed"


class UsageError(TLSError, ValueError):
    """The program called or configured the library wrongly: an unknown word in a list, an unreadable
    file, calls that overlap. Nothing was changed; a connection goes on unless it was born failed."""


class TransportError(TLSError, ssl.SSLSyscallError):
    """The transport failed; ``os_errno`` says how where the operating system did."""


class TruncatedError(TransportError, ssl.SSLEOFError):
    """The transport ended without the peer's close_notify. Data may be missing: an attacker can end
    a transport too."""


class ProtocolError(TLSError):
    """The peer's bytes do not parse, do not authenticate, or break the protocol."""


class IncompatibleError(TLSError):
    """Both sides are right and have nothing in common: version, suite, group, application protocol."""


class CertificateError(TLSError, ssl.SSLCertVerificationError):
    """The peer's certificate is not acceptable."""

    verify_code: int = 0
    """The same as ``number``."""
    verify_message: str = ""
    """The same as ``text``."""
    peer_chain: list[Certificate] = []
    """What the peer sent, leaf first; it proves nothing."""


class AlertError(TLSError):
    """The peer gave up and said so with a fatal alert: ``alert``, ``alert_name``."""


class InternalError(TLSError):
    """The library's own fault, or the machine's: please report it."""


# They are looked for in the package: that is where tracebacks and pickles point.
for _error in list(globals().values()):
    if isinstance(_error, type) and issubclass(_error, TLSError):
        _error.__module__ = "tlscore"
