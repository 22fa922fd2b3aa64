"""The boundary itself: overlapping calls, panics, threads, misuse."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading

import pytest
from conftest import NAME, Pair, Peer, client_context, move, server_context, shake

import tlscore
from tlscore import _native


def hook(name: str):  # type: ignore[no-untyped-def]
    if not hasattr(_native, name):
        pytest.skip("the extension was built without the feature test-hooks")
    return getattr(_native, name)


def test_overlapping_calls_raise(pair: Pair) -> None:
    """The hook holds the connection, as a call in another thread does, while it calls back."""
    hold = hook("_test_hold")

    def overlap() -> None:
        calls = (
            lambda: pair.client.handshake(),
            lambda: pair.client.read(),
            lambda: pair.client.read_into(bytearray(9)),
            lambda: pair.client.write(b"x"),
            lambda: pair.client.flush(),
            lambda: pair.client.close(),
            lambda: pair.client.feed(b"x"),
            lambda: pair.client.feed_eof(),
            lambda: pair.client.drain(),
            lambda: pair.client.unread(),
            lambda: pair.client.cipher,
        )
        for call in calls:
            with pytest.raises(tlscore.UsageError) as error:
                call()
            assert error.value.name == "WRONG_ORDER" and "another call" in error.value.text

    hold(pair.client, lambda: Peer(overlap).join())
    hold(pair.client, overlap)
    assert pair.client.write(b"unharmed") == 8
    move(pair.client, pair.server)
    assert pair.server.read() == b"unharmed"


def test_many_threads_on_one_connection_raise_or_work(pair: Pair) -> None:
    data = b"x" * 16384
    start = threading.Barrier(4)

    def hammer() -> None:
        start.wait()
        for _ in range(200):
            try:
                pair.client.write(data)
                pair.client.drain()
            except tlscore.WantWrite:
                pass
            except tlscore.UsageError as error:
                assert error.name == "WRONG_ORDER"

    for peer in [Peer(hammer) for _ in range(4)]:
        peer.join()
    assert pair.client.established


def test_a_panic_is_an_exception_and_the_connection_is_done(
    pair: Pair, capfd: pytest.CaptureFixture[str]
) -> None:
    panic = hook("_test_panic")
    with pytest.raises(tlscore.InternalError) as error:
        panic(pair.client)
    assert error.value.name == "PANICKED" and error.value.number == 905
    assert "provoked" in capfd.readouterr().err, "the process's panic hook is untouched"
    for call in (pair.client.handshake, pair.client.read, lambda: pair.client.cipher):
        with pytest.raises(tlscore.InternalError, match="PANICKED"):
            call()
    # The context and other connections go on.
    assert Pair().client.established


def test_contexts_are_shared_by_threads() -> None:
    client_ctx, server_ctx = client_context(), server_context()

    def connect() -> str | None:
        for _ in range(5):
            pair = Pair(client_ctx, server_ctx)
            client_ctx.set_groups("X25519:P-256")
        return pair.client.group

    assert {peer.join() for peer in [Peer(connect) for _ in range(4)]} == {"x25519"}


def test_a_context_may_go_before_its_connections() -> None:
    ctx = client_context()
    client = tlscore.Connection(ctx, NAME)
    del ctx
    gc.collect()
    server = tlscore.Connection(server_context(), server_side=True)
    shake(client, server)


def test_connections_that_die_halfway() -> None:
    for _ in range(50):
        conn = tlscore.Connection(client_context(), NAME)
        with pytest.raises(tlscore.WantWrite):
            conn.handshake()
        del conn


def test_the_interpreter_ends_with_open_connections() -> None:
    code = (
        "import socket, threading, tlscore\n"
        "ctx = tlscore.Context(); ctx.danger_accept_any_cert()\n"
        "a, b = socket.socketpair()\n"
        "conn = tlscore.Connection(ctx, 'x.test', sock=a)\n"
        "threading.Thread(target=conn.handshake, daemon=True).start()\n"
        "idle = tlscore.Connection(ctx, 'x.test')\n"
        "print('end')\n"
    )
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-X", "faulthandler", "-c", code],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "end\n"), done.stderr


def test_classes_are_final_and_have_no_attributes_to_misspell() -> None:
    ctx = client_context()
    with pytest.raises(AttributeError):
        ctx.verify_mode = 0  # type: ignore[attr-defined]
    with pytest.raises(TypeError):
        type("Sub", (tlscore.Context,), {})


def test_repr_says_what_it_is(pair: Pair) -> None:
    assert repr(pair.client).startswith("<tlscore.Connection client")
    assert "ECDHE" in repr(pair.client)
    assert repr(client_context()).startswith("<tlscore.Context")
