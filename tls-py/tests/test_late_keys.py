"""Private keys elsewhere, whose answers may come later."""

from __future__ import annotations

import gc
import socket
import threading
from typing import Any

import pytest
from conftest import NAME, Pair, Peer, client_context, server_context, shake
from late import Signer, external, pair_of, raises, until_asked

import tlscore


@pytest.mark.parametrize(
    ("keypair", "scheme"),
    [("server-p256", "ecdsa_secp256r1_sha256"), ("server-rsa", "rsa_pss_rsae_sha256"), ("server-p384", "ecdsa_secp256r1_sha256")],
)
def test_a_key_elsewhere_signs_with_the_scheme_that_was_agreed_on(keypair: str, scheme: str) -> None:
    sign = Signer(keypair)
    pair = Pair(server_ctx=external(keypair, sign))
    assert sign.schemes == [scheme] == [pair.client.scheme]


def test_a_key_elsewhere_decrypts() -> None:
    key = Signer("server-rsa")
    server_ctx, client_ctx = external("server-rsa", key, key.decrypt), client_context()
    for ctx in (server_ctx, client_ctx):
        ctx.set_policy("legacy")
        ctx.set_cipher_list("AES128-GCM-SHA256")
    assert Pair(client_ctx, server_ctx).client.cipher == "AES128-GCM-SHA256"


def test_a_signature_comes_later() -> None:
    sign, asked = Signer("server-p256"), list[Any]()

    def keep(*question: Any) -> Any:
        asked.append(question)
        return question[-1]

    client, server = pair_of(client_context(), external("server-p256", keep))
    until_asked(client, server)
    with pytest.raises(tlscore.WantApp):
        server.handshake()
    woken: list[int] = []
    server.set_wake(lambda: woken.append(threading.get_ident()))
    scheme, message, pending = asked.pop()
    answerer = Peer(lambda: (pending.answer(sign(scheme, message, pending)), threading.get_ident())[1])
    assert [answerer.join()] == woken
    shake(client, server)
    server.set_wake(lambda: woken.append(0))
    assert woken[1:] == [0], "what was answered before is told at once"
    with pytest.raises(tlscore.UsageError, match="WRONG_ORDER"):
        pending.answer(b"again")
    assert pending.answered and repr(pending) == "<tlscore.Pending signature answered>"


def test_a_blocking_socket_waits_for_the_answer(sockets: tuple[socket.socket, socket.socket]) -> None:
    sign = Signer("server-p256")

    def later(scheme: str, message: bytes, pending: tlscore.Pending) -> tlscore.Pending:
        threading.Timer(0.05, lambda: pending.answer(sign(scheme, message, pending))).start()
        return pending

    left, right = sockets
    right.settimeout(None)
    server = tlscore.Connection(external("server-p256", later), server_side=True, sock=right)
    peer = Peer(server.handshake)
    client = tlscore.Connection(client_context(), NAME, sock=left)
    client.write(b"hello")
    peer.join()
    assert server.read() == b"hello"


def test_a_timeout_ends_the_wait_for_an_answer(sockets: tuple[socket.socket, socket.socket]) -> None:
    kept: list[Any] = []
    ctx = external("server-p256", lambda *question: kept.append(question) or question[-1])
    sockets[1].settimeout(0.2)
    server = tlscore.Connection(ctx, server_side=True, sock=sockets[1])
    client = tlscore.Connection(client_context(), NAME, sock=sockets[0])
    sockets[0].settimeout(0)
    with pytest.raises(tlscore.WantRead):
        client.handshake()
    with pytest.raises(TimeoutError, match="handshake operation timed out"):
        server.handshake()


def refusing_key(sign: Any) -> tlscore.TLSError:
    client, server = pair_of(client_context(), external("server-p256", sign))
    with pytest.raises(tlscore.TLSError) as caught:
        shake(client, server)
    return caught.value


def test_a_key_that_fails_says_why() -> None:
    def fail(scheme: str, message: bytes, pending: tlscore.Pending) -> tlscore.Pending:
        pending.fail("the token is gone")
        return pending

    error = refusing_key(fail)
    assert error.name == "SIGNING_FAILED" and "the token is gone" in error.text


def test_nobody_is_left_who_could_answer() -> None:
    client, server = pair_of(client_context(), external("server-p256", lambda s, m, pending: pending))
    gc.collect()
    with pytest.raises(tlscore.UsageError, match="CALLBACK_MISBEHAVED"):
        shake(client, server)


@pytest.mark.parametrize("value", [None, "text", 7, b""])
def test_what_is_no_signature_is_a_type_error(value: object) -> None:
    client, server = pair_of(client_context(), external("server-p256", lambda *_: value))
    with pytest.raises(TypeError, match="a sign callback returns bytes"):
        shake(client, server)
    with pytest.raises(tlscore.TLSError, match="SIGNING_FAILED"):
        server.handshake()


def test_what_is_too_long_is_refused() -> None:
    client, server = pair_of(client_context(), external("server-p256", lambda *_: bytes(16_385)))
    with pytest.raises(tlscore.UsageError, match="a signature has at most 16384 bytes, not 16385"):
        shake(client, server)


def test_what_a_key_raises_comes_out_with_its_traceback() -> None:
    client, server = pair_of(client_context(), external("server-p256", raises))
    with pytest.raises(LookupError, match="raised on purpose") as caught:
        shake(client, server)
    assert [entry.name for entry in caught.traceback][-1] == "raises"


def test_a_wrong_signature_is_found_by_the_client() -> None:
    assert refusing_key(lambda *_: b"no signature").name == "BAD_SIGNATURE"


@pytest.mark.parametrize("setter", ["set_verify_callback", "set_hello_callback", "set_trace"])
def test_a_callback_is_callable(setter: str) -> None:
    with pytest.raises(TypeError, match="not callable"):
        getattr(client_context(), setter)(7)


def test_every_function_of_a_key_and_a_store_is_callable() -> None:
    for wrong in ((7,), (print, 7)):
        with pytest.raises(TypeError, match="not callable"):
            external("server-p256", *wrong)
    for store in ((7, print), (print, 7), (print, print, 7)):
        with pytest.raises(TypeError, match="not callable"):
            server_context().set_session_store(*store)
