"""Connections between ssl.MemoryBIOs: what they are lent, and short steps that keep the interpreter."""

from __future__ import annotations

import ssl
import threading
from typing import Any

import pytest
from compat_peers import client_ctx, server_ctx, shaken
from conftest import NAME, client_context, finish, server_context

import tlscore


class Keeping:
    """Like a MemoryBIO; keeps what it is given."""

    def __init__(self) -> None:
        self.bio = ssl.MemoryBIO()
        self.kept: list[Any] = []

    def write(self, b: Any, /) -> int:
        self.kept.append(b)
        return self.bio.write(b)

    def read(self, n: int = -1, /) -> bytes:
        return self.bio.read(n)

    @property
    def eof(self) -> bool:
        return self.bio.eof


def connected(bio: Any = ssl.MemoryBIO) -> tuple[tlscore.Connection, tlscore.Connection, Any, Any]:
    """Both ends with their handshake done, and what goes up and down."""
    up, down = bio(), bio()
    client = tlscore.Connection(client_context(), NAME, bio=(down, up))
    server = tlscore.Connection(server_context(), server_side=True, bio=(up, down))
    finish(client, server)
    return client, server, up, down


@pytest.mark.parametrize("size", [1, 2048, 2049, 100_000])
def test_a_class_of_the_programs_own_gets_bytes_that_it_may_keep(size: int) -> None:
    client, server, up, _down = connected(Keeping)
    client.write(bytes(size))
    assert {type(given) for given in up.kept} == {bytes}
    got = 0
    while got < size:
        got += len(server.read())
    sealed = b"".join(up.kept)
    for _ in range(50):
        client.write(b"more")
    assert b"".join(up.kept).startswith(sealed)


@pytest.mark.parametrize("size", [1, 2048, 2049, 100_000])
def test_data_of_every_size_goes_through(size: int) -> None:
    client, server, up, _down = connected()
    data = bytes(index % 251 for index in range(size))
    assert client.write(data) == size
    got = b""
    while len(got) < size:
        got += server.read()
    assert got == data and up.pending == 0
    with pytest.raises(tlscore.WantRead):
        server.read()


def test_the_end_is_seen_in_a_short_step() -> None:
    client, server, up, _down = connected()
    client.close()
    assert server.read() == b""
    _client, server, up, _down = connected()
    up.write_eof()
    with pytest.raises(tlscore.TruncatedError):
        server.read()


def test_rubbish_in_a_short_step_is_refused() -> None:
    client, server, up, _down = connected()
    up.write(b"rubbish!")
    for _ in range(2):
        with pytest.raises(tlscore.ProtocolError):
            server.read()


def test_what_a_bio_raises_comes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    client, _server, _up, _down = connected(Keeping)
    client.write(b"x")
    monkeypatch.setattr(Keeping, "eof", property(lambda self: 1 / 0))
    with pytest.raises(ZeroDivisionError):
        client.read()


def test_a_room_for_several_records_gets_them() -> None:
    client, server = shaken(client_ctx(), server_ctx())
    data = bytes(index % 251 for index in range(100_000))
    client.write(data)
    room = bytearray(1 << 16)
    assert server.read(len(room), room) == len(room) and room == data[: len(room)]
    got = server.read(len(room), room)
    assert got == len(data) - len(room) and room[:got] == data[len(room) :]
    with pytest.raises(ssl.SSLWantReadError):
        server.read(len(room), room)


@pytest.mark.parametrize("behind", ["close", "end", "rubbish", "part"])
def test_what_stands_behind_the_first_record_is_the_next_calls(behind: str) -> None:
    client, server = shaken(client_ctx(), server_ctx())
    up = client._sslobj._bio[1]
    client.write(b"x" * 20_000)
    if behind == "close":
        with pytest.raises(ssl.SSLWantReadError):
            client.unwrap()
    elif behind == "rubbish":
        up.write(b"rubbish" * 100)
    elif behind == "part":
        client.write(b"y" * 16_000)
        up.write(up.read()[:-1])
    else:
        up.write_eof()
    room, got = bytearray(1 << 17), 0
    while got < 20_000:
        got += server.read(len(room), memoryview(room)[got:])
    assert room[:got] == b"x" * 20_000
    for _ in range(2):
        if behind == "close":
            assert server.read(len(room), room) == 0
            continue
        kind = {"end": ssl.SSLEOFError, "rubbish": ssl.SSLError, "part": ssl.SSLWantReadError}[behind]
        with pytest.raises(kind):
            server.read(len(room), room)


def test_two_threads_on_one_object() -> None:
    client, server = shaken(client_ctx(), server_ctx())
    rounds, failures = 3000, list[BaseException]()

    def write(end: Any) -> None:
        try:
            for turn in range(rounds):
                end.write(bytes(turn % 4096 + 1))
        except BaseException as error:
            failures.append(error)

    def read(end: Any) -> None:
        left = sum(turn % 4096 + 1 for turn in range(rounds))
        try:
            while left:
                try:
                    left -= len(end.read(65536))
                except ssl.SSLWantReadError:
                    pass
        except BaseException as error:
            failures.append(error)

    work = [(write, client), (read, client), (write, server), (read, server)]
    threads = [threading.Thread(target=f, args=(end,), daemon=True) for f, end in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive(), "they wait for each other"
    assert not failures


def test_what_a_trace_raises_in_a_short_step_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    monkeypatch.setattr("sys.unraisablehook", lambda args: told.append(args.exc_type))
    fail = False

    def trace(line: str) -> None:
        if fail:
            raise LookupError

    ctx = client_context()
    ctx.set_trace(trace)
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = tlscore.Connection(ctx, NAME, bio=(down, up))
    server = tlscore.Connection(server_context(), server_side=True, bio=(up, down))
    finish(client, server)
    fail = True
    assert client.write(b"x") == 1
    assert told and set(told) == {LookupError}
