"""``SSLSocket`` and ``SSLObject``: the ssl module's, over connections of tlscore."""

from __future__ import annotations

import socket
import ssl
from typing import Any

from .inner import CHANNEL_BINDING_TYPES, Inner


class SSLObject(ssl.SSLObject):
    """An ``ssl.SSLObject`` that tlscore drives. Contexts make it: ``SSLContext.wrap_bio()``."""


class SSLSocket(ssl.SSLSocket):
    """An ``ssl.SSLSocket`` that tlscore drives. Contexts make it: ``SSLContext.wrap_socket()``."""

    _sslobj: Inner | None
    _behind_tls = b""
    """What came behind the peer's close_notify, and was taken from the socket with it."""

    def get_channel_binding(self, cb_type: str = "tls-unique") -> bytes | None:
        """tls-unique and tls-server-end-point (RFC 5929) or tls-exporter (RFC 9266)."""
        if self._sslobj is not None:
            return self._sslobj.get_channel_binding(cb_type)
        if cb_type not in CHANNEL_BINDING_TYPES:
            raise ValueError(f"{cb_type} channel binding type not implemented")
        return None

    def _give_back(self, rest: bytes) -> None:
        """What came behind the peer's close_notify is read first, once the socket is bare again. Until then
        nothing stands between a program and the ssl module's own methods."""
        self._behind_tls = rest
        self.recv, self.recv_into = self._recv_behind, self._recv_into_behind  # type: ignore[method-assign]

    def _recv_behind(self, buflen: int = 1024, flags: int = 0) -> bytes:
        if self._sslobj is None and self._behind_tls:
            data = self._behind_tls[:buflen]
            if not flags & socket.MSG_PEEK:
                self._behind_tls = self._behind_tls[buflen:]
            if not self._behind_tls:
                del self.recv, self.recv_into
            return data
        return super().recv(buflen, flags)

    def _recv_into_behind(self, buffer: Any, nbytes: int | None = None, flags: int = 0) -> int:
        if self._sslobj is None and self._behind_tls:
            with memoryview(buffer) as view, view.cast("B") as room:
                data = self._recv_behind(min(nbytes or len(room), len(room)), flags)
                room[: len(data)] = data
                return len(data)
        return super().recv_into(buffer, nbytes, flags)
