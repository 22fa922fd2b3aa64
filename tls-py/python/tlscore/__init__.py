"""TLS 1.2 (RFC 5246), client and server: safe by default, with errors that say why.

A ``Context`` holds configuration and is shared by any number of connections and threads. A
``Connection`` is one TLS connection, over a socket or without any I/O::

    import socket, tlscore

    ctx = tlscore.Context()
    sock = socket.create_connection(("example.com", 443))
    conn = tlscore.Connection(ctx, "example.com", sock=sock)
    conn.handshake()
    print(conn.version, conn.cipher)

Without a socket, bytes go in with ``feed`` and out with ``drain``. A verb that needs more of either
raises ``WantRead`` or ``WantWrite`` and is repeated afterwards::

    while not conn.established:
        try:
            conn.handshake()
        except tlscore.WantWrite:
            transport.send(conn.drain())
        except tlscore.WantRead:
            conn.feed(transport.receive())

Every exception is a ``TLSError``, and the exception of the standard ``ssl`` module that means the
same: ``except ssl.SSLError`` and ``except ssl.SSLWantReadError`` work.

``tlscore.compat`` is the interface of the ssl module over tlscore, for programs that take an SSLContext.
"""

from ._errors import (
    AlertError,
    CertificateError,
    IncompatibleError,
    InternalError,
    ProtocolError,
    TLSError,
    TransportError,
    TruncatedError,
    UsageError,
    WantApp,
    WantRead,
    WantWrite,
)
from ._native import (
    CLIENT,
    SERVER,
    Certificate,
    ClientHello,
    Connection,
    Context,
    Pending,
    Review,
    Session,
    __version__,
)

__all__ = [
    "CLIENT",
    "SERVER",
    "AlertError",
    "Certificate",
    "CertificateError",
    "ClientHello",
    "Connection",
    "Context",
    "IncompatibleError",
    "InternalError",
    "Pending",
    "ProtocolError",
    "Review",
    "Session",
    "TLSError",
    "TransportError",
    "TruncatedError",
    "UsageError",
    "WantApp",
    "WantRead",
    "WantWrite",
    "__version__",
]
