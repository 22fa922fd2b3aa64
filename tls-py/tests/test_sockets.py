"""Sockets: blocking, with a timeout, non-blocking; signals; what is no socket."""

from __future__ import annotations

import errno
import gc
import os
import select
import signal
import socket
import threading
import time
import weakref

import pytest
from conftest import NAME, Peer, client_context, server_context

import tlscore

Sockets = tuple[socket.socket, socket.socket]


def establish(sockets: Sockets) -> tuple[tlscore.Connection, tlscore.Connection]:
    client = tlscore.Connection(client_context(), NAME, sock=sockets[0])
    server = tlscore.Connection(server_context(), server_side=True, sock=sockets[1])
    peer = Peer(server.handshake)
    client.handshake()
    peer.join()
    return client, server


def test_both_sides_on_sockets(sockets: Sockets) -> None:
    client, server = establish(sockets)
    assert client.write(b"ping") == 4
    assert server.read() == b"ping"
    client.close()
    assert server.read() == b""


def test_a_bare_descriptor() -> None:
    a, b = socket.socketpair()
    with a, b:
        client = tlscore.Connection(client_context(), NAME, sock=a.fileno())
        server = tlscore.Connection(server_context(), server_side=True, sock=b.fileno())
        peer = Peer(server.handshake)
        client.handshake()
        peer.join()
        assert client.cipher == server.cipher
        a.setblocking(False)
        with pytest.raises(tlscore.WantRead):
            client.read()


def test_a_timeout_is_kept(sockets: Sockets) -> None:
    client, _ = establish(sockets)
    sockets[0].settimeout(0.05)
    with pytest.raises(TimeoutError):
        client.read()
    sockets[0].settimeout(20)
    assert client.established


def test_the_handshake_times_out() -> None:
    a, b = socket.socketpair()
    with a, b:
        a.settimeout(0.05)
        with pytest.raises(TimeoutError):
            tlscore.Connection(client_context(), NAME, sock=a).handshake()


def test_non_blocking_with_select(sockets: Sockets) -> None:
    for sock in sockets:
        sock.setblocking(False)
    client = tlscore.Connection(client_context(), NAME, sock=sockets[0])
    server = tlscore.Connection(server_context(), server_side=True, sock=sockets[1])
    data = os.urandom(2 << 20)
    rest, got = memoryview(data), bytearray()
    while len(got) < len(data):
        reading: list[socket.socket] = []
        writing: list[socket.socket] = []
        try:
            if rest:
                rest = rest[client.write(rest) :]
            else:
                client.flush()
        except tlscore.WantRead:
            reading.append(sockets[0])
        except tlscore.WantWrite:
            writing.append(sockets[0])
        try:
            got += server.read(100_000)
        except tlscore.WantRead:
            reading.append(sockets[1])
        except tlscore.WantWrite:
            writing.append(sockets[1])
        if reading and not rest and not writing:
            assert any(select.select(reading, [], [], 20)), "nothing moves"
    assert got == data


def test_a_blocking_write_takes_all_of_it(sockets: Sockets) -> None:
    client, server = establish(sockets)
    data = os.urandom(1 << 20)

    def receive() -> bytes:
        got = bytearray()
        while len(got) < len(data):
            got += server.read(1 << 16)
        return bytes(got)

    peer = Peer(receive)
    assert client.write(data) == len(data)
    assert peer.join() == data


def test_writing_to_a_closed_peer_is_an_error_not_a_signal(sockets: Sockets) -> None:
    client, _ = establish(sockets)
    sockets[1].close()
    with pytest.raises(tlscore.TransportError) as error:
        for _ in range(10):
            client.write(b"x" * 100_000)
    assert error.value.os_errno == errno.EPIPE and error.value.name == "TRANSPORT_FAILED"


def test_a_closed_socket_is_refused(sockets: Sockets) -> None:
    client, _ = establish(sockets)
    sockets[0].close()
    with pytest.raises(OSError):
        client.read()


@pytest.mark.parametrize("sock", ["fd", 1.5, b"3"])
def test_what_is_no_socket(sock: int) -> None:
    with pytest.raises(TypeError):
        tlscore.Connection(client_context(), NAME, sock=sock)


def test_a_negative_descriptor() -> None:
    with pytest.raises(ValueError):
        tlscore.Connection(client_context(), NAME, sock=-1)


def test_feed_and_drain_are_for_connections_without_a_socket(sockets: Sockets) -> None:
    conn = tlscore.Connection(client_context(), NAME, sock=sockets[0])
    for call in (lambda: conn.feed(b"x"), conn.feed_eof, conn.drain):
        with pytest.raises(tlscore.UsageError, match="WRONG_ORDER"):
            call()


def test_the_interpreter_runs_while_a_thread_waits(sockets: Sockets) -> None:
    client, server = establish(sockets)
    peer = Peer(client.read)
    # Reached only when the waiting thread holds neither the interpreter nor the connection.
    server.write(b"for the reader")
    client.write(b"from beside the reader")
    assert server.read() == b"from beside the reader"
    assert peer.join() == b"for the reader"


def test_a_reader_goes_on_while_sealed_bytes_cannot_leave(sockets: Sockets) -> None:
    """Both sides write before either reads: reading must not wait for the writing alone."""
    client, server = establish(sockets)
    data = os.urandom(1 << 20)
    writers = [Peer(lambda conn=conn: conn.write(data)) for conn in (client, server)]
    for conn in (client, server):
        got = bytearray()
        while len(got) < len(data):
            got += conn.read(1 << 16)
        assert got == data
    assert [writer.join() for writer in writers] == [len(data)] * 2


def test_two_threads_may_run_the_handshake() -> None:
    """What one of them waits for, the other may have taken."""
    for _ in range(20):
        a, b = socket.socketpair()
        with a, b:
            client = tlscore.Connection(client_context(), NAME, sock=a)
            server = tlscore.Connection(server_context(), server_side=True, sock=b)
            calls = [client.handshake, server.handshake] * 3
            for peer in [Peer(call) for call in calls]:
                peer.join()
            assert client.established and server.established


def test_a_signal_handler_runs_and_may_raise(sockets: Sockets) -> None:
    class Interrupted(Exception):
        pass

    def interrupt(*_: object) -> None:
        raise Interrupted

    client, server = establish(sockets)
    before = signal.signal(signal.SIGUSR1, interrupt)
    stop = threading.Event()

    def poke() -> None:
        # Repeated: the first may come before the reader waits.
        while not stop.is_set():
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)
            time.sleep(0.05)

    poker = None
    try:
        with pytest.raises(Interrupted):
            poker = Peer(poke)
            try:
                client.read()
            finally:
                stop.set()
    finally:
        stop.set()
        if poker is not None:
            poker.join()
        signal.signal(signal.SIGUSR1, before)
    server.write(b"still there")
    assert client.read() == b"still there"


def test_the_connection_keeps_its_socket_alive() -> None:
    a, b = socket.socketpair()
    client = tlscore.Connection(client_context(), NAME, sock=a)
    server = tlscore.Connection(server_context(), server_side=True, sock=b)
    kept = weakref.ref(a)
    del a
    gc.collect()
    peer = Peer(server.handshake)
    client.handshake()
    peer.join()
    for sock in (kept(), b):
        assert sock is not None
        sock.close()
    del sock, client
    gc.collect()
    assert kept() is None


def test_a_cycle_through_the_socket_is_collected() -> None:
    class Holder(socket.socket):
        conn: tlscore.Connection

    with Holder() as sock:
        sock.conn = tlscore.Connection(client_context(), NAME, sock=sock)
        gone = weakref.ref(sock)
    del sock
    gc.collect()
    assert gone() is None


def test_a_socket_that_is_closed_while_a_call_waits_is_not_asked_again(sockets: Sockets) -> None:
    client, server = establish(sockets)
    reader = Peer(client.read)
    time.sleep(0.2)
    number = sockets[0].fileno()
    keeps_it_open = os.dup(number)
    sockets[0].close()
    other, more = socket.socketpair()
    with other, more:
        assert other.fileno() == number, "the number is somebody else's now"
        more.sendall(b"not for TLS")
        server.write(b"wakes it")
        with pytest.raises(OSError) as caught:
            reader.join()
        assert caught.value.errno == errno.EBADF
        assert other.recv(64) == b"not for TLS"
    os.close(keeps_it_open)
