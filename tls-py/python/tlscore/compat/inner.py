"""The object behind ``SSLSocket`` and ``SSLObject``: what ``_ssl._SSLSocket`` is in the ssl module, over a
native connection. What stands above it (suppress_ragged_eofs, makefile, the checks of arguments) is the
ssl module's own code."""

from __future__ import annotations

import hashlib
import ssl
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

from .. import _errors as native
from .._native import Certificate, Connection, Session
from . import accepted, ciphers, names, peercert
from .errors import ssl_error, translated, translating
from .sni import is_asked, running

if TYPE_CHECKING:
    from .context import SSLContext

CHANNEL_BINDING_TYPES = ["tls-unique", "tls-server-end-point", "tls-exporter"]


class Inner:
    """One connection, as ``ssl.SSLSocket`` and ``ssl.SSLObject`` use it."""

    def __init__(
        self,
        context: SSLContext,
        server_side: bool,
        server_hostname: str | None,
        owner: Any,
        session: SSLSession | None,
        sock: Any = None,
        bio: tuple[Any, Any] | None = None,
    ) -> None:
        _check_role(context, server_side)
        self._context = context
        self.server_side = server_side
        self.server_hostname = names.checked(server_hostname)
        self._owner = None if owner is None else weakref.ref(owner)
        self._sock = None if sock is None else weakref.ref(sock)
        self._bio = bio
        self._begun = self._done = False
        self._resumes = False
        self._conn = self._connection()
        if session is not None:
            self.session = session

    def _connection(self) -> Connection:
        # What the connection is made with holds, whatever becomes of the context or an sni_callback chooses.
        context = self._context
        context._check_idle()
        self._options, self.asks = context._options, (context._verify_mode, context._verify_flags)
        native_context, name = context._native, None if self.server_side else self.server_hostname
        side = self.server_side
        raising = partial(translated, hostname=name, client=not side)
        with translating(name):
            if self._bio is not None:
                conn = Connection(native_context, name, server_side=side, bio=self._bio, raising=raising)
            else:
                conn = Connection(native_context, name, server_side=side, sock=self._sock, raising=raising)
        context._apply_verification_to(conn, side)
        if self._bio is not None:
            return conn
        # Programs poll the socket: what they have not read must be in it.
        conn.set_read_ahead(False)
        return conn

    # What it belongs to

    @property
    def owner(self) -> Any:
        """The SSLSocket or SSLObject."""
        return None if self._owner is None else self._owner()

    @owner.setter
    def owner(self, owner: Any) -> None:
        self._owner = weakref.ref(owner)

    @property
    def context(self) -> SSLContext:
        """The context. An sni_callback may choose another one, and so may anybody before the handshake begins;
        behind it this is a name, no more."""
        return self._context

    @context.setter
    def context(self, context: Any) -> None:
        from .context import SSLContext

        if not isinstance(context, SSLContext):
            raise TypeError("The value must be a tlscore.compat.SSLContext")
        if self._begun and not self._done and not is_asked(self):
            raise ValueError("the handshake has begun: only an sni_callback can choose another context now")
        before, self._context = self._context, context
        if self._begun or context is before:
            return
        try:
            _check_role(context, self.server_side)
            if self._resumes:
                raise ValueError("Session refers to a different SSLContext.")
            self._conn = self._connection()
        except BaseException:
            self._context = before
            raise

    # Verbs. Once the handshake is complete, the native ones take the place of read and write.

    def do_handshake(self) -> None:
        """Runs the handshake."""
        with self._beginning():
            self._conn.handshake()

    def read(self, size: int = 1024, buffer: Any = None, /) -> Any:
        """Up to size bytes, b"" after the peer's close_notify; into a buffer: how many."""
        if not size and buffer is None:
            return b""
        with self._beginning():
            # Not data itself: what a handshake needs comes first.
            self._conn.handshake()
        return self.read(size, buffer)

    def write(self, data: Any, /) -> int:
        """Sends bytes, and returns how many. Where the socket takes no more before all that was sealed
        has left, it raises SSLWantWriteError and is to be repeated with the same bytes."""
        with self._beginning():
            self._conn.handshake()
        return self.write(data)

    def _lenient_read(self, size: int = 1024, buffer: Any = None, /) -> Any:
        """For OP_IGNORE_UNEXPECTED_EOF."""
        try:
            return self._conn._standard_read(size, buffer)
        except ssl.SSLEOFError:
            return b"" if buffer is None else 0

    def shutdown(self) -> Any:
        """Sends close_notify and waits for the peer's; returns the socket, which is bare again."""
        if not self._conn.established:
            text = "shutdown while in init"
            raise ssl_error(ssl.SSLError, ssl.SSL_ERROR_SSL, "SHUTDOWN_WHILE_IN_INIT", text)
        self._conn.close()
        if self._conn.read(1):
            # Something is lost of what came: nothing that is read later may look as if it were all.
            self.read = _refuse_data  # type: ignore[method-assign]
            _refuse_data()
        self._give_back(self._conn.unread())
        return None if self._sock is None else self._sock()

    def _give_back(self, rest: bytes) -> None:
        """Bytes that came behind the close_notify are not TLS's. From a socket none are taken (set_read_ahead)."""
        if rest and self._bio is not None:
            incoming = self._bio[0]
            behind = incoming.read()
            incoming.write(rest + behind)

    @contextmanager
    def _beginning(self) -> Iterator[None]:
        """Around what runs the handshake."""
        if not self._begun:
            self._begin()
        with running(self):
            yield
        if not self._done:
            self._end()

    def _begin(self) -> None:
        if self._options & ssl.OP_NO_TLSv1_2:
            name = "NO_PROTOCOLS_AVAILABLE"
            raise ssl_error(ssl.SSLError, ssl.SSL_ERROR_SSL, name, "no protocols available")
        self._begun = True
        self._context._count("accept" if self.server_side else "connect")

    def _end(self) -> None:
        self._done = True
        context, conn = self._context, self._conn
        context._count("accept_good" if self.server_side else "connect_good", *["hits"] * conn.resumed)
        if context._trust.has_dir and (path := conn.verified_chain):
            context._trust.used(path[-1].der)
        lenient = self._options & accepted.bit("OP_IGNORE_UNEXPECTED_EOF")
        self.read = self._lenient_read if lenient else conn._standard_read  # type: ignore[method-assign]
        self.write = conn._standard_write  # type: ignore[method-assign]

    # Facts

    def _is_early(self) -> bool:
        """Whether a callback asks in the middle of the handshake, of which nothing is known yet."""
        return not self._done and is_asked(self)

    def pending(self) -> int:
        """Decrypted bytes that wait."""
        return 0 if self._is_early() else self._conn.pending

    def version(self) -> str | None:
        """The version, once the handshake is complete."""
        return self._conn.version if not self._is_early() and self._conn.established else None

    def cipher(self) -> ciphers.Cipher | None:
        """Name, version and bits of the cipher suite."""
        if self._is_early():
            return None
        name, bits = self._conn.cipher, self._conn.cipher_bits
        return None if name is None or bits is None else ciphers.triple(name, bits)

    def shared_ciphers(self) -> list[ciphers.Cipher] | None:
        """On servers: what the client offered of what is accepted, in the server's order."""
        offered = set(self._conn.offered_ciphers)
        if not self.server_side or not offered:
            return None
        suites = self._context._native.cipher_suites
        return [ciphers.triple(name, bits) for number, name, bits in suites if number in offered]

    def compression(self) -> None:
        """There is none."""

    def selected_alpn_protocol(self) -> str | None:
        """The application protocol."""
        return None if self._is_early() else self._conn.alpn

    def selected_npn_protocol(self) -> None:
        """NPN is not supported."""

    def get_channel_binding(self, cb_type: str = "tls-unique") -> bytes | None:
        """RFC 5929, RFC 9266; None before the handshake, and where it would bind nothing."""
        if cb_type not in CHANNEL_BINDING_TYPES:
            raise ValueError(f"'{cb_type}' channel binding type not implemented")
        if self._is_early() or not self._conn.established:
            return None
        try:
            return self._conn.channel_binding(cb_type)
        except native.UsageError:
            return None

    def getpeercert(self, binary_form: bool = False, /) -> Any:
        """The peer's certificate: a dict (empty where it was not verified), or DER."""
        if self._is_early() or not self._conn.established:
            raise ValueError("handshake not done yet")
        chain = self._conn.peer_chain
        if not chain:
            return None
        if binary_form:
            return chain[0].der
        return peercert.decode(chain[0].der) if self._conn.verified else {}

    def get_verified_chain(self) -> list[ChainCertificate] | None:
        """The path that verified, leaf first."""
        if self._is_early():
            return None
        return [ChainCertificate(c) for c in self._conn.verified_chain] or None

    def get_unverified_chain(self) -> list[ChainCertificate] | None:
        """What the peer sent, leaf first."""
        if self._is_early():
            return None
        return [ChainCertificate(c) for c in self._conn.peer_chain] or None

    def verify_client_post_handshake(self) -> None:
        """Concerns TLS 1.3."""
        raise ssl_error(ssl.SSLError, ssl.SSL_ERROR_SSL, "WRONG_SSL_VERSION", "wrong ssl version")

    @property
    def session(self) -> SSLSession | None:
        """A client's session; None before the handshake, and on servers."""
        if self._is_early():
            return None
        session = self._conn.session
        return None if session is None else SSLSession(self._context, session)

    @session.setter
    def session(self, session: SSLSession) -> None:
        if not isinstance(session, SSLSession):
            raise TypeError("Value is not a SSLSession.")
        if session._context is not self._context:
            raise ValueError("Session refers to a different SSLContext.")
        if self.server_side:
            raise ValueError("Cannot set session for server-side SSLSocket.")
        if self._begun:
            raise ValueError("Cannot set session after handshake.")
        self._conn.set_session(session._session)
        self._resumes = True

    @property
    def session_reused(self) -> bool:
        """Whether a session was resumed."""
        return not self._is_early() and self._conn.resumed


def _refuse_data(*_: Any) -> NoReturn:
    name, text = "APPLICATION_DATA_AFTER_CLOSE_NOTIFY", "application data after close notify"
    raise ssl_error(ssl.SSLError, ssl.SSL_ERROR_SSL, name, text)


class SSLSession:
    """What one handshake leaves to the next, as ``ssl.SSLSession``."""

    def __init__(self, context: SSLContext, session: Session) -> None:
        self._context, self._session = context, session

    @property
    def id(self) -> bytes:
        """Its ID; where the server gave a ticket alone, a hash names it."""
        return self._session.id or hashlib.sha256(b"tlscore session" + self._session.export()).digest()

    @property
    def time(self) -> int:
        """When it was made, in seconds since 1970."""
        return self._session.time

    @property
    def timeout(self) -> int:
        """For how many seconds it may be used."""
        return self._session.lifetime

    @property
    def ticket_lifetime_hint(self) -> int:
        """The same, where there is a ticket."""
        return self._session.lifetime if self._session.has_ticket else 0

    @property
    def has_ticket(self) -> bool:
        """Whether the server gave a ticket."""
        return self._session.has_ticket

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SSLSession) and self._session == other._session

    def __hash__(self) -> int:
        return hash(self._session)


class ChainCertificate:
    """A certificate of a chain, as ``_ssl.Certificate``."""

    def __init__(self, certificate: Certificate) -> None:
        self._certificate = certificate

    def public_bytes(self, format: int = 1) -> Any:
        """PEM (1) as str or DER (2) as bytes."""
        if format not in (1, 2):
            raise ValueError("Unsupported format")
        return self._certificate.pem if format == 1 else self._certificate.der

    def get_info(self) -> dict[str, Any]:
        """The dict of ``getpeercert()``."""
        return peercert.decode(self._certificate.der)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ChainCertificate) and self._certificate == other._certificate

    def __hash__(self) -> int:
        return hash(self._certificate)


def _check_role(context: SSLContext, server_side: bool) -> None:
    if server_side and context.protocol == ssl.PROTOCOL_TLS_CLIENT:
        what = "Cannot create a server socket with a PROTOCOL_TLS_CLIENT context"
    elif not server_side and context.protocol == ssl.PROTOCOL_TLS_SERVER:
        what = "Cannot create a client socket with a PROTOCOL_TLS_SERVER context"
    else:
        return
    error = ssl.SSLError(ssl.SSL_ERROR_SSL, what)
    error.library, error.reason = "SSL", what
    raise error
