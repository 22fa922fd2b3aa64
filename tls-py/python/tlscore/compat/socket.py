"""``SSLSocket`` and ``SSLObject``: the ssl module's, over connections of tlscore."""

from __future__ import annotations

import ssl

from .inner import CHANNEL_BINDING_TYPES, Inner


class SSLObject(ssl.SSLObject):
    """An ``ssl.SSLObject`` that tlscore drives. Contexts make it: ``SSLContext.wrap_bio()``."""


class SSLSocket(ssl.SSLSocket):
    """An ``ssl.SSLSocket`` that tlscore drives. Contexts make it: ``SSLContext.wrap_socket()``."""

    _sslobj: Inner | None

    def get_channel_binding(self, cb_type: str = "tls-unique") -> bytes | None:
        """tls-unique and tls-server-end-point (RFC 5929) or tls-exporter (RFC 9266)."""
        if self._sslobj is not None:
            return self._sslobj.get_channel_binding(cb_type)
        if cb_type not in CHANNEL_BINDING_TYPES:
            raise ValueError(f"{cb_type} channel binding type not implemented")
        return None
