"""Pre-shared keys of a context, as the ssl module of Python 3.13 has them."""

from __future__ import annotations

import ssl
import weakref
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from .._native import Context, Pending
from .unraisable import tell

_Client = Callable[[str | None], tuple[str | None, bytes]]
_Server = Callable[[str], bytes]

_MOST = 1024
"""Most bytes of a key, and of an identity."""


class Psk(ssl.SSLContext):
    """The part of an ``SSLContext`` that knows pre-shared keys."""

    if TYPE_CHECKING:
        _native: Context
        _protocol: ssl._SSLMethod
    _psk_client: _Client | None = None
    _psk_server: _Server | None = None

    def set_psk_client_callback(self, callback: _Client | None) -> None:
        """callback(hint) gives a client's (identity, key): hint is the server's or None, the identity str or
        None, the key bytes, b"" where there is none. None: no pre-shared keys."""
        if self._protocol == ssl.PROTOCOL_TLS_SERVER:
            raise ssl.SSLError("Cannot add PSK client callback to a PROTOCOL_TLS_SERVER context")
        self._psk_client = None if callback is None else _checked(callback)
        self._set_psk()

    def set_psk_server_callback(self, callback: _Server | None, identity_hint: str | None = None) -> None:
        """callback(identity) gives the key (bytes) of a client that calls itself so (str), b"" where there is none;
        identity_hint is what clients are told. None: no pre-shared keys."""
        if self._protocol == ssl.PROTOCOL_TLS_CLIENT:
            raise ssl.SSLError("Cannot add PSK server callback to a PROTOCOL_TLS_CLIENT context")
        server = None if callback is None else _checked(callback)
        self._native.set_psk_hint((identity_hint or "").encode())
        self._psk_server = server
        self._set_psk()

    def _set_psk(self) -> None:
        # The context must not be kept by what it keeps: no collector sees through it.
        this = weakref.ref(self)
        client = None if self._psk_client is None else partial(_ask_client, this)
        server = None if self._psk_server is None else partial(_ask_server, this)
        self._native.set_psk_callbacks(client, server)

    @property
    def _has_psk(self) -> bool:
        return self._psk_client is not None or self._psk_server is not None


def _checked(callback: Any) -> Any:
    if not callable(callback):
        raise TypeError("callback must be callable")
    return callback


def _short(what: str, value: bytes) -> bytes:
    """What is longer is the callback's mistake."""
    value = bytes(memoryview(value))
    if len(value) > _MOST:
        raise ValueError(f"{what} has at most {_MOST} bytes")
    return value


def _key(key: bytes) -> bytes:
    return _short("a pre-shared key", key)


def _ask_client(context: weakref.ref[Psk], hint: bytes, pending: Pending) -> tuple[bytes, bytes] | None:
    this = context()
    if this is None or (callback := this._psk_client) is None:
        return None
    try:
        identity, key = callback(hint.decode() if hint else None)
        return (_short("a PSK identity", (identity or "").encode()), _key(key)) if key else None
    except (Exception, SystemExit):
        tell(callback)
        return None


def _ask_server(context: weakref.ref[Psk], identity: bytes, pending: Pending) -> bytes | None:
    this = context()
    if this is None or (callback := this._psk_server) is None:
        return None
    try:
        # RFC 4279 section 5.1 wants UTF-8: nobody has a name that is none.
        key = callback(identity.decode())
        return _key(key) if key else None
    except (Exception, SystemExit):
        tell(callback)
        return None
