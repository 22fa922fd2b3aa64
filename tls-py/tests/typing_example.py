"""Typed code that uses the package as programs do; mypy --strict reads it, nothing runs it."""

import socket
import ssl
from pathlib import Path

import tlscore


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
