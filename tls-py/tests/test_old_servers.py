"""Servers that do not know RFC 5746: a client goes on with them where it was told to."""

from __future__ import annotations

import ssl

import pytest
from compat_peers import HOST, client_ctx
from conftest import server_context

import tlscore
from tlscore import compat

RENEGOTIATION_INFO = b"\xff\x01\x00\x01\x00"
OP_LEGACY_SERVER_CONNECT = 4


def shorter(flight: bytes, at: int, size: int) -> bytes:
    """The number of `size` bytes at `at` less the extension's length."""
    number = int.from_bytes(flight[at : at + size], "big") - len(RENEGOTIATION_INFO)
    return flight[:at] + number.to_bytes(size, "big") + flight[at + size :]


def without_renegotiation_info(flight: bytes) -> bytes:
    """A server's first flight: its ServerHello in the first record, alone or not."""
    place = flight.index(RENEGOTIATION_INFO)
    extensions = 5 + 4 + 2 + 32 + 1 + flight[5 + 4 + 2 + 32] + 2 + 1
    for at, size in ((3, 2), (5 + 1, 3), (extensions, 2)):
        flight = shorter(flight, at, size)
    return flight[:place] + flight[place + len(RENEGOTIATION_INFO) :]


def refusal(ctx: compat.SSLContext) -> str:
    """Why a client does not go on behind such a server's flight; "" where it does."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = ctx.wrap_bio(incoming, outgoing, server_hostname=HOST)
    server = tlscore.Connection(server_context(), server_side=True)
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    server.feed(outgoing.read())
    with pytest.raises(tlscore.WantWrite):
        server.handshake()
    incoming.write(without_renegotiation_info(server.drain()))
    try:
        client.do_handshake()
    except ssl.SSLWantReadError:
        return ""
    except ssl.SSLError as error:
        return str(error.reason)
    pytest.fail("a handshake that was tampered with ends well")


def test_they_are_refused() -> None:
    ctx = client_ctx()
    assert not ctx.options & OP_LEGACY_SERVER_CONNECT
    assert refusal(ctx) == "UNSAFE_LEGACY_RENEGOTIATION_DISABLED"


def test_an_option_goes_on_with_them() -> None:
    ctx = client_ctx()
    ctx.options |= OP_LEGACY_SERVER_CONNECT
    assert refusal(ctx) == ""
    ctx.options &= ~OP_LEGACY_SERVER_CONNECT
    assert refusal(ctx) == "UNSAFE_LEGACY_RENEGOTIATION_DISABLED"


def test_so_does_the_legacy_policy() -> None:
    ctx = client_ctx()
    ctx.set_policy("legacy")
    assert refusal(ctx) == ""
