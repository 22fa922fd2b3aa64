"""Python functions that connections ask or tell, and what becomes of their exceptions."""

from __future__ import annotations

import gc
import json
import select
import socket
import ssl
import sys
import weakref
from typing import Any

import pytest
from conftest import NAME, Pair, client_context, finish, move, server_context

import tlscore


def hello_of(client: tlscore.Context, server: tlscore.Context) -> tlscore.Connection:
    """A server that got the client's hello."""
    a, b = tlscore.Connection(client, NAME), tlscore.Connection(server, server_side=True)
    with pytest.raises(tlscore.WantWrite):
        a.handshake()
    move(a, b)
    return b


def test_a_hello_is_shown() -> None:
    seen: list[tlscore.ClientHello] = []
    client, server = client_context(), server_context()
    client.set_alpn(["h2"])
    server.set_alpn(["h2"])
    server.set_hello_callback(seen.append)
    pair = Pair(client, server)
    (hello,) = seen
    assert hello.server_name == NAME and hello.alpn == ["h2"]
    assert {n for n, name, _ in client.cipher_suites if "PSK" not in name} <= set(hello.cipher_suites)
    assert hello.cipher_suites == pair.server.offered_ciphers
    assert "x25519" in hello.groups and "ecdsa_secp256r1_sha256" in hello.sigalgs
    assert len(hello.random) == 32 and hello.message[0] == 1 and NAME in repr(hello)


def test_another_context_is_chosen() -> None:
    server, other = server_context(), server_context("server-rsa")
    server.set_hello_callback(lambda hello: other)
    assert Pair(server_ctx=server).client.cipher == "ECDHE-RSA-AES128-GCM-SHA256"
    server.set_hello_callback(None)
    assert Pair(server_ctx=server).client.cipher == "ECDHE-ECDSA-AES128-GCM-SHA256"


def test_a_hello_is_refused_with_an_alert() -> None:
    server = server_context()
    server.set_hello_callback(lambda hello: 49)
    with pytest.raises(tlscore.IncompatibleError) as error:
        Pair(server_ctx=server)
    assert error.value.name == "CONNECTION_REJECTED" and error.value.alert_name == "access_denied"


def test_what_it_raises_comes_out_of_the_call() -> None:
    def callback(hello: tlscore.ClientHello) -> None:
        raise LookupError("nobody of that name")

    server = server_context()
    server.set_hello_callback(callback)
    conn = hello_of(client_context(), server)
    with pytest.raises(LookupError, match="nobody of that name") as error:
        conn.handshake()
    assert error.traceback[-1].name == "callback"
    assert conn.drain()[-1] == 80, "the client gets internal_error"
    with pytest.raises(tlscore.IncompatibleError) as failure:
        conn.handshake()
    assert failure.value.name == "CONNECTION_REJECTED"


@pytest.mark.parametrize(("answer", "kind"), [("no", TypeError), (256, tlscore.UsageError), (-1, tlscore.UsageError)])
def test_answers_that_make_no_sense(answer: Any, kind: type[Exception]) -> None:
    server = server_context()
    server.set_hello_callback(lambda hello: answer)
    with pytest.raises(kind):
        hello_of(client_context(), server).handshake()


def test_a_client_context_cannot_be_chosen() -> None:
    server = server_context()
    server.set_hello_callback(lambda hello: client_context())
    with pytest.raises(tlscore.UsageError) as error:
        hello_of(client_context(), server).handshake()
    assert error.value.name == "WRONG_ROLE"


def test_what_is_not_callable() -> None:
    ctx: Any = server_context()
    for setter in (ctx.set_hello_callback, ctx.set_trace, ctx.danger_set_key_log):
        with pytest.raises(TypeError):
            setter(1)


def test_a_callback_that_uses_its_connection_is_told(sockets: tuple[socket.socket, socket.socket]) -> None:
    holder: list[tlscore.Connection] = []
    server = server_context()
    server.set_hello_callback(lambda hello: holder[0].read())  # type: ignore[arg-type, return-value]
    conn = tlscore.Connection(server, server_side=True, sock=sockets[0])
    holder.append(conn)
    client = tlscore.Connection(client_context(), NAME)
    with pytest.raises(tlscore.WantWrite):
        client.handshake()
    sockets[1].sendall(client.drain())
    with pytest.raises(tlscore.UsageError) as error:
        conn.handshake()
    assert error.value.name == "WRONG_ORDER"


def test_other_connections_may_be_used() -> None:
    server = server_context()
    server.set_hello_callback(lambda hello: None if Pair().client.verified else 80)
    assert Pair(server_ctx=server).client.verified


def test_offers_are_kept() -> None:
    server = server_context()
    assert Pair(server_ctx=server).server.offered_ciphers == []
    server.keep_offers()
    pair = Pair(server_ctx=server)
    assert 0xC02B in pair.server.offered_ciphers and pair.client.offered_ciphers == []


def test_traces() -> None:
    lines: list[str] = []
    ctx = client_context()
    ctx.set_trace(lines.append)
    Pair(ctx)
    events = [json.loads(line)["event"] for line in lines]
    assert events[0] == "begin" and "established" in events and "decision" not in events[:1]
    count = len(lines)
    ctx.set_trace(None)
    Pair(ctx)
    assert len(lines) == count


def test_key_logs(tmp_path: Any) -> None:
    lines: list[str] = []
    ctx = client_context()
    ctx.danger_set_key_log(lines.append)
    Pair(ctx)
    (line,) = lines
    assert line.startswith("CLIENT_RANDOM ") and len(line.split()) == 3
    ctx.danger_key_log_file(tmp_path / "log")
    Pair(ctx)
    assert (tmp_path / "log").read_text().startswith("CLIENT_RANDOM ")
    with pytest.raises(tlscore.UsageError):
        ctx.danger_key_log_file(tmp_path / "no" / "log")


def test_who_only_listens_costs_no_data(monkeypatch: pytest.MonkeyPatch) -> None:
    hooked: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", hooked.append)
    broken = False

    def callback(line: str) -> None:
        if broken:
            raise OSError("disk full")

    ctx = client_context()
    ctx.set_trace(callback)
    pair = Pair(ctx)
    broken = True
    assert pair.client.write(b"data") == 4
    assert hooked and hooked[0].exc_type is OSError


def test_a_listener_that_raises_while_nothing_is_lost_is_heard() -> None:
    def callback(line: str) -> None:
        raise OSError("disk full")

    ctx = client_context()
    ctx.danger_set_key_log(callback)
    with pytest.raises(OSError, match="disk full"):
        Pair(ctx)


def test_memory_bios() -> None:
    a, b = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = tlscore.Connection(client_context(), NAME, bio=(a, b))
    server = tlscore.Connection(server_context(), server_side=True, bio=(b, a))
    finish(client, server)
    data = bytes(100_000)
    assert client.write(data) == len(data)
    got = 0
    while got < len(data):
        got += len(server.read(65536))
    with pytest.raises(tlscore.WantRead):
        server.read()
    b.write_eof()
    with pytest.raises(tlscore.TruncatedError):
        server.read()
    with pytest.raises(tlscore.UsageError):
        client.feed(b"x")
    with pytest.raises(TypeError):
        tlscore.Connection(client_context(), NAME, bio=(a, b), sock=0)


def test_bios_that_fail() -> None:
    class Broken:
        eof = False

        def read(self, n: int, /) -> bytes:
            raise RuntimeError("no memory of it")

        def write(self, b: bytes, /) -> int:
            return len(b)

    bio = Broken()
    client = tlscore.Connection(client_context(), NAME, bio=(bio, bio))
    with pytest.raises(RuntimeError, match="no memory of it"):
        client.handshake()


def test_a_weak_socket_is_not_kept() -> None:
    a, b = socket.socketpair()
    with b:
        conn = tlscore.Connection(client_context(), NAME, sock=weakref.ref(a))
        a.setblocking(False)
        with pytest.raises(tlscore.WantRead):
            conn.handshake()
        a.close()
        gone = weakref.ref(a)
        del a
        gc.collect()
        assert gone() is None
        with pytest.raises(OSError):
            conn.handshake()


def test_without_read_ahead_nothing_waits_inside(sockets: tuple[socket.socket, socket.socket]) -> None:
    client = tlscore.Connection(client_context(), NAME, sock=sockets[0])
    client.set_read_ahead(False)
    server = tlscore.Connection(server_context(), server_side=True)
    sockets[0].setblocking(False)
    for _ in range(4):
        with pytest.raises(tlscore.WantRead):
            client.handshake()
        server.feed(sockets[1].recv(65536))
        try:
            server.handshake()
        except (tlscore.WantRead, tlscore.WantWrite):
            pass
        if out := server.drain():
            sockets[1].sendall(out)
        if server.established:
            break
    client.handshake()
    for n in range(3):
        server.write(b"record %d" % n)
        sockets[1].sendall(server.drain())
    for n in range(3):
        assert select.select([sockets[0]], [], [], 0)[0], "the socket has what was not read"
        assert client.read() == b"record %d" % n
        assert client.pending == 0
    assert not select.select([sockets[0]], [], [], 0)[0]
