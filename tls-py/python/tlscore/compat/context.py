"""``SSLContext``: the ssl module's, over a native context."""

from __future__ import annotations

import operator
import os
import ssl
import threading
import warnings
import weakref
from collections.abc import Callable
from typing import Any

from .. import _errors as native
from .._native import CLIENT, SERVER, Context
from . import accepted, ciphers
from .errors import ssl_error, translating
from .inner import Inner
from .psk import Psk
from .sni import Sni
from .trust import Trust
from .verification import Verification, _Path, path

_PROTOCOLS = {ssl.PROTOCOL_TLS, ssl.PROTOCOL_TLS_CLIENT, ssl.PROTOCOL_TLS_SERVER}
_DEPRECATED = {ssl.PROTOCOL_TLS, ssl.PROTOCOL_TLSv1, ssl.PROTOCOL_TLSv1_1, ssl.PROTOCOL_TLSv1_2}
_VERSION_PROTOCOLS = {getattr(ssl, "PROTOCOL_TLSv1_2", None)}
_NO_VERSION = ssl.OP_NO_SSLv3 | ssl.OP_NO_TLSv1 | ssl.OP_NO_TLSv1_1 | ssl.OP_NO_TLSv1_2 | ssl.OP_NO_TLSv1_3
_IDLE = ("check_hostname", "verify_mode", "verify_flags", "options", "minimum_version", "maximum_version")
"""What a program may have set of OpenSSL's context, taking it for ours."""
_COUNTERS = (
    "number connect connect_good connect_renegotiate accept accept_good accept_renegotiate hits misses timeouts "
    "cache_full"
).split()


class SSLContext(Psk, Verification):
    """An ``ssl.SSLContext`` whose connections are made by tlscore.

    It takes what the ssl module's takes and gives what that gives. TLS 1.2 alone is spoken for now. What
    would change security and is not supported raises; what is accepted because it concerns TLS 1.3, or
    is tlscore's behaviour anyway, is listed in ``tlscore.compat.ACCEPTED``.

    ``policy`` (read) and ``set_policy()`` are tlscore's own: "modern" at first, "compatible", "legacy".

    The OpenSSL context that it inherits is never configured: whoever reaches it verifies against no CA.
    """

    _protocol: ssl._SSLMethod
    _sni: Sni
    _lock: threading.Lock
    _stats: dict[str, int]
    _idle: dict[str, Any]

    def __new__(cls, protocol: int | None = None, *args: Any, **kwargs: Any) -> SSLContext:
        """protocol is PROTOCOL_TLS_CLIENT, PROTOCOL_TLS_SERVER, or for both PROTOCOL_TLS."""
        if protocol is None:
            text = "SSLContext() without protocol argument is deprecated."
            warnings.warn(text, category=DeprecationWarning, stacklevel=2)
            protocol = ssl.PROTOCOL_TLS
        elif protocol in _DEPRECATED:
            text = f"ssl.{ssl._SSLMethod(protocol).name} is deprecated"
            warnings.warn(text, category=DeprecationWarning, stacklevel=2)
        if protocol not in _PROTOCOLS | _VERSION_PROTOCOLS:
            raise ValueError(f"invalid or unsupported protocol version {protocol!r}: tlscore speaks TLS 1.2")
        self = super().__new__(cls, ssl.PROTOCOL_TLS_CLIENT)
        self._native = Context(CLIENT | SERVER)
        self._trust = Trust(self._native)
        self._protocol = ssl._SSLMethod(protocol)
        self._sni = Sni(weakref.ref(self), self._native)
        self._lock = threading.Lock()
        self._stats = dict.fromkeys(_COUNTERS, 0)
        self._set_defaults()
        self._idle = {name: _openssl(self, name) for name in _IDLE}
        return self

    def _check_idle(self) -> None:
        """Raises where somebody set something through the descriptors of ssl.SSLContext itself, as libraries do that
        have subclasses of it: that is OpenSSL's context, which nobody uses."""
        for name, before in self._idle.items():
            if _openssl(self, name) != before:
                text = f"{name} was set in OpenSSL's context, past tlscore.compat.SSLContext: assign context.{name}"
                raise NotImplementedError(text)

    def _set_defaults(self) -> None:
        # OpenSSL 1.1.1 has this by default.
        legacy = accepted.bit("OP_LEGACY_SERVER_CONNECT")
        self._options = ssl.Options(int(super().options) & accepted.OPTIONS & ~legacy)
        self._minimum, self._maximum = ssl.TLSVersion.MINIMUM_SUPPORTED, ssl.TLSVersion.MAXIMUM_SUPPORTED
        self._post_handshake_auth, self._num_tickets = False, 2
        self._keylog_filename: str | None = None
        # The ssl module resumes what it is given alone.
        self._native.set_client_session_cache(0)
        self._set_verification(client=self._protocol == ssl.PROTOCOL_TLS_CLIENT)
        self._apply_options()

    # Keypairs

    def load_cert_chain(
        self,
        certfile: _Path,
        keyfile: _Path | None = None,
        password: Callable[[], str | bytes | bytearray] | str | bytes | bytearray | None = None,
    ) -> None:
        """A certificate chain and its private key from PEM files. One for each kind of key is kept."""
        for name, value in (("certfile", certfile), ("keyfile", keyfile)):
            if isinstance(value, int) or (value is None and name == "certfile"):
                raise TypeError(f"{name} should be a valid filesystem path")
        if password is not None and not (callable(password) or isinstance(password, (str, bytes, bytearray))):
            raise TypeError("password should be a string or callable")
        _check_password(password)

        def ask() -> str | bytes | bytearray:
            answer = password() if callable(password) else password
            if not isinstance(answer, (str, bytes, bytearray)):
                raise TypeError("password callback must return a string")
            _check_password(answer)
            return answer

        key = None if keyfile is None else path(keyfile)
        source = ask if callable(password) else password
        with translating():
            self._native.renew_keypair_file(path(certfile), key, source)

    # Lists and versions

    def set_ciphers(self, cipherlist: str, /) -> None:
        """Chooses and orders cipher suites within the policy; OpenSSL's syntax."""
        try:
            self._native.set_cipher_list(cipherlist)
        except native.UsageError as error:
            text = f"('No cipher can be selected.',): {error.text}"
            raise ssl_error(ssl.SSLError, ssl.SSL_ERROR_SSL, error.name, text) from error

    def get_ciphers(self) -> Any:
        """The cipher suites that are offered or accepted: a dict for each."""
        # Without pre-shared keys nothing is done with their suites.
        suites = [suite for suite in self._native.cipher_suites if self._has_psk or "PSK" not in suite[1]]
        return [ciphers.described(*suite) for suite in suites]

    def set_alpn_protocols(self, alpn_protocols: Any) -> None:
        """Offers, or accepts, these application protocols, most preferred first."""
        names = [bytes(name, "ascii") for name in alpn_protocols]
        if not all(1 <= len(name) <= 255 for name in names):
            raise ssl.SSLError("ALPN protocols must be 1 to 255 in length")
        self._native.set_alpn(names, required=False)

    def set_ecdh_curve(self, name: str | bytes, /) -> None:
        """The one group for key exchange."""
        if not isinstance(name, (str, bytes)):
            raise TypeError("expected str or bytes")
        try:
            self._native.set_groups(os.fsdecode(name))
        except native.UsageError as error:
            raise ValueError(f"unknown elliptic curve name {name!r}: {error.text}") from error

    def load_dh_params(self, filepath: str | bytes | os.PathLike[str], /) -> None:
        """A server's group for DHE, which the policy "legacy" has."""
        if filepath is None or isinstance(filepath, int):
            raise TypeError("expected str, bytes or os.PathLike object")
        with translating():
            self._native.set_dh_params_file(path(filepath))

    @property
    def policy(self) -> str:
        """tlscore's policy: "modern", "compatible" or "legacy"."""
        return self._native.policy

    def set_policy(self, name: str) -> None:
        """Chooses what is allowed at all; see ``tlscore.Context.set_policy``."""
        with translating():
            self._native.set_policy(name)

    @property
    def security_level(self) -> int:  # type: ignore[override]
        """OpenSSL's security level, which "@SECLEVEL=n" in a cipher list sets."""
        return self._native.security_level

    @property
    def protocol(self) -> Any:  # type: ignore[override]
        """What the context was made for."""
        return self._protocol

    @property
    def minimum_version(self) -> ssl.TLSVersion:
        """At most TLSv1_2; nothing below is spoken."""
        return self._minimum

    @minimum_version.setter
    def minimum_version(self, value: int) -> None:
        version = ssl.TLSVersion(operator.index(value))
        if version in (ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.MAXIMUM_SUPPORTED):
            raise ValueError("tlscore speaks TLS 1.2: a minimum of TLS 1.3 cannot be kept")
        self._minimum = version

    @property
    def maximum_version(self) -> ssl.TLSVersion:
        """At least TLSv1_2; nothing above is spoken yet."""
        return self._maximum

    @maximum_version.setter
    def maximum_version(self, value: int) -> None:
        version = ssl.TLSVersion(operator.index(value))
        if version not in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.MAXIMUM_SUPPORTED):
            raise ValueError("tlscore speaks TLS 1.2: versions below are not supported")
        self._maximum = version

    # Options

    def _apply_options(self) -> None:
        self._native.set_tickets(not self._options & ssl.OP_NO_TICKET)
        self._native.set_servers_without_rfc5746(bool(self._options & accepted.bit("OP_LEGACY_SERVER_CONNECT")))
        self._native.set_client_preference(not self._options & ssl.OP_CIPHER_SERVER_PREFERENCE)

    @property
    def options(self) -> ssl.Options:
        """What differs from the default behaviour; see ``ACCEPTED``, ``DONE`` and ``REFUSED``."""
        return ssl.Options(self._options)

    @options.setter
    def options(self, value: int) -> None:
        accepted.check_options(value)
        if value & ~self._options & _NO_VERSION:
            text = "ssl.OP_NO_SSL*/ssl.OP_NO_TLS* options are deprecated"
            warnings.warn(text, DeprecationWarning, stacklevel=2)
        self._options = ssl.Options(value)
        self._apply_options()

    @property
    def post_handshake_auth(self) -> bool:
        """Concerns TLS 1.3: kept, without effect."""
        return self._post_handshake_auth

    @post_handshake_auth.setter
    def post_handshake_auth(self, value: object) -> None:
        if not isinstance(value, (bool, int)):
            raise TypeError("expected bool")
        self._post_handshake_auth = bool(value)

    @property
    def num_tickets(self) -> int:
        """Concerns TLS 1.3: kept, without effect."""
        return self._num_tickets

    @num_tickets.setter
    def num_tickets(self, value: int) -> None:
        if not isinstance(value, int):
            raise TypeError("an integer is required")
        if value < 0:
            raise ValueError("value must be non-negative")
        if self._protocol != ssl.PROTOCOL_TLS_SERVER:
            raise ValueError("SSLContext is not a server context.")
        self._num_tickets = value

    @property  # type: ignore[override]
    def keylog_filename(self) -> str | None:
        """DANGER: the file that gets the secrets of the connections made from now on."""
        return self._keylog_filename

    @keylog_filename.setter
    def keylog_filename(self, value: str | os.PathLike[str] | None) -> None:
        if value is None:
            self._native.danger_set_key_log(None)
        else:
            if isinstance(value, int):
                raise TypeError("keylog_filename should be a valid filesystem path")
            # First what can fail: no secret is written to a file that is not named here.
            with open(value, "ab") as file:
                # As the ssl module begins it.
                if not file.tell():
                    file.write(b"# TLS secrets log file, generated by tlscore\n")
            with translating():
                self._native.danger_key_log_file(path(value))
        self._keylog_filename = None if value is None else os.fspath(value)

    # Callbacks

    @property
    def sni_callback(self) -> Any:
        """Asked about each ClientHello: ``callback(sslobject, server_name, context)``."""
        return self._sni.callback

    @sni_callback.setter
    def sni_callback(self, value: Any) -> None:
        if self._protocol == ssl.PROTOCOL_TLS_CLIENT:
            raise ValueError("sni_callback cannot be set on TLS_CLIENT context")
        if value is not None and not callable(value):
            raise TypeError("not a callable object")
        self._sni.set(value)

    # Connections

    def session_stats(self) -> dict[str, int]:
        """How many handshakes there were, and how many resumed a session."""
        with self._lock:
            return dict(self._stats)

    def _count(self, *names: str) -> None:
        with self._lock:
            for name in names:
                self._stats[name] += 1

    def _wrap_socket(
        self, sock: Any, server_side: bool, server_hostname: str | None = None, *, owner: Any = None, session: Any = None
    ) -> Any:
        """What ``ssl.SSLSocket`` calls for the object behind it."""
        return Inner(self, bool(server_side), server_hostname, owner, session, sock=sock)

    def _wrap_bio(
        self,
        incoming: Any,
        outgoing: Any,
        server_side: bool,
        server_hostname: str | None = None,
        *,
        owner: Any = None,
        session: Any = None,
    ) -> Any:
        """What ``ssl.SSLObject`` calls for the object behind it."""
        for name, bio, verb in (("incoming", incoming, "read"), ("outgoing", outgoing, "write")):
            if not hasattr(bio, verb):
                raise TypeError(f"_wrap_bio() argument '{name}' must be a MemoryBIO, not {type(bio).__name__}")
        return Inner(self, bool(server_side), server_hostname, owner, session, bio=(incoming, outgoing))


def _openssl(context: SSLContext, name: str) -> Any:
    return getattr(ssl.SSLContext.__base__, name).__get__(context)


def _check_password(password: object) -> None:
    if isinstance(password, (str, bytes, bytearray)) and len(password) > 1023:
        raise ValueError("password cannot be longer than 1023 bytes")


def _refused(name: str) -> property:
    why = accepted.REFUSED.get(name, f"tlscore.compat does not support {name}")

    def get(self: SSLContext) -> Any:
        # Looking is harmless: nothing was set.
        return None

    def refuse(self: SSLContext, value: object) -> None:
        if value is not None:
            raise NotImplementedError(why)

    return property(get, refuse, doc=f"Not supported: {why}.")


def _refused_method(name: str) -> Callable[..., Any]:
    why = accepted.REFUSED.get(name, f"tlscore.compat does not support {name}()")

    def refuse(self: SSLContext, *args: object, **kwargs: object) -> Any:
        raise NotImplementedError(why)

    refuse.__name__, refuse.__doc__ = name, f"Not supported: {why}."
    return refuse


_INHERITED = {"wrap_socket", "wrap_bio", "set_servername_callback", "load_default_certs", "sslsocket_class"}
_INHERITED |= {"sslobject_class", "_encode_hostname", "_windows_cert_stores", "_load_windows_store_certs"}

# What this interpreter's class has beyond ours would set up the OpenSSL context that nobody uses.
for _name in {*vars(ssl.SSLContext), *vars(ssl.SSLContext.__base__)}:
    if _name not in {*vars(SSLContext), *vars(Psk), *vars(Verification), *_INHERITED} and not _name.startswith("__"):
        _method = callable(getattr(ssl.SSLContext, _name))
        setattr(SSLContext, _name, _refused_method(_name) if _method else _refused(_name))
del _name
