"""The functions of the ssl module that make contexts."""

from __future__ import annotations

import os
import socket
import ssl
import sys
from typing import Any

from .context import SSLContext


def create_default_context(
    purpose: ssl.Purpose = ssl.Purpose.SERVER_AUTH,
    *,
    cafile: str | bytes | os.PathLike[str] | None = None,
    capath: str | bytes | os.PathLike[str] | None = None,
    cadata: str | bytes | bytearray | memoryview | None = None,
) -> SSLContext:
    """A context that verifies servers (SERVER_AUTH) against these CA certificates or the system's, or
    one for servers (CLIENT_AUTH).

    DANGER: as in the ssl module, the environment variable SSLKEYLOGFILE names a file that gets the secrets
    of all connections."""
    context = SSLContext(_protocol(purpose))
    if sys.version_info >= (3, 13):
        # As the ssl module of this interpreter.
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | ssl.VERIFY_X509_STRICT
    _load(context, cafile, capath, cadata)
    return context


def _create_unverified_context(
    protocol: int | None = None,
    *,
    cert_reqs: int | None = ssl.CERT_NONE,
    check_hostname: bool = False,
    purpose: ssl.Purpose = ssl.Purpose.SERVER_AUTH,
    certfile: Any = None,
    keyfile: Any = None,
    cafile: Any = None,
    capath: Any = None,
    cadata: Any = None,
) -> SSLContext:
    """DANGER: verifies nothing, unless cert_reqs and check_hostname say so."""
    context = SSLContext(_protocol(purpose) if protocol is None else protocol)
    context.check_hostname = check_hostname
    if cert_reqs is not None:
        context.verify_mode = cert_reqs
    if check_hostname:
        context.check_hostname = True
    if keyfile and not certfile:
        raise ValueError("certfile must be specified")
    if certfile:
        context.load_cert_chain(certfile, keyfile)
    _load(context, cafile, capath, cadata)
    return context


def get_server_certificate(
    addr: tuple[str, int], ssl_version: int = ssl.PROTOCOL_TLS_CLIENT, ca_certs: Any = None, timeout: Any = ...
) -> str:
    """A server's certificate in PEM; verified only against ca_certs, where they are given."""
    asked = ssl.CERT_NONE if ca_certs is None else ssl.CERT_REQUIRED
    context = _create_unverified_context(ssl_version, cert_reqs=asked, cafile=ca_certs)
    more = {} if timeout is ... else {"timeout": timeout}
    with socket.create_connection(addr, **more) as bare:
        with context.wrap_socket(bare, server_hostname=addr[0]) as wrapped:
            der = wrapped.getpeercert(True)
    return ssl.DER_cert_to_PEM_cert(der or b"")


def _protocol(purpose: object) -> int:
    if not isinstance(purpose, ssl._ASN1Object):
        raise TypeError(purpose)
    if purpose == ssl.Purpose.SERVER_AUTH:
        return ssl.PROTOCOL_TLS_CLIENT
    if purpose == ssl.Purpose.CLIENT_AUTH:
        return ssl.PROTOCOL_TLS_SERVER
    raise ValueError(purpose)


def _load(context: SSLContext, cafile: Any, capath: Any, cadata: Any) -> None:
    if cafile or capath or cadata:
        context.load_verify_locations(cafile, capath, cadata)
    elif context.verify_mode != ssl.CERT_NONE:
        context.load_default_certs()
    log = os.environ.get("SSLKEYLOGFILE")
    if log and not sys.flags.ignore_environment:
        context.keylog_filename = log
