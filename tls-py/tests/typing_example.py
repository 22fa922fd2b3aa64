"""Typed code that uses the package as programs do; mypy --strict reads it, nothing runs it."""

import socket
import ssl
from datetime import datetime
from pathlib import Path

import tlscore
from tlscore import compat


def fetch(host: str, ca: Path | None) -> tuple[bytes, str | None]:
    ctx = tlscore.Context(tlscore.CLIENT)
    if ca is not None:
        ctx.add_ca_file(ca)
    ctx.set_alpn(["h2", b"http/1.1"])
    with socket.create_connection((host, 443)) as sock:
        conn = tlscore.Connection(ctx, host, sock=sock)
        room = bytearray(65536)
        taken: int = conn.write(memoryview(b"GET / HTTP/1.0\r\n\r\n"))
        assert taken
        try:
            n = conn.read_into(memoryview(room)[16:])
        except tlscore.CertificateError as error:
            also: ssl.SSLCertVerificationError = error
            number: int = error.number
            alert: str | None = error.alert_name
            raise RuntimeError(also, number, alert) from error
        conn.close()
        return bytes(room[16 : 16 + n]), conn.alpn


def with_compat(cert: Path, key: Path) -> ssl.SSLContext:
    ctx = compat.create_default_context(compat.Purpose.CLIENT_AUTH, cafile=str(cert))
    ctx.load_cert_chain(cert, key, password=lambda: "secret")
    ctx.verify_mode = compat.CERT_REQUIRED
    ctx.minimum_version = compat.TLSVersion.TLSv1_2
    ctx.options |= compat.OP_NO_TICKET
    listed: str = compat.ACCEPTED["OP_ALL"]
    with socket.socket() as bare, ctx.wrap_socket(bare, server_side=True) as listener:
        tls, _address = listener.accept()
        name: str | None = tls.selected_alpn_protocol()
    assert listed and name is None and not compat.HAS_TLSv1_3
    return ctx


def chain(conn: tlscore.Connection) -> list[tuple[str, datetime]]:
    session: tlscore.Session | None = conn.session
    if session is not None:
        conn.set_session(tlscore.Session(session.export()))
    return [(cert.subject, cert.not_after) for cert in conn.verified_chain]


def choose(hello: tlscore.ClientHello) -> tlscore.Context | None:
    return contexts.get(hello.server_name or "")


contexts: dict[str, tlscore.Context] = {}
tlscore.Context(tlscore.SERVER).set_hello_callback(choose)
