"""Pre-shared keys, whose owners may be looked up later."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Pair, shake
from late import raises, until_asked

import tlscore

SECRET = bytes(range(32))


def psk_contexts(client: Any, server: Any) -> tuple[tlscore.Context, tlscore.Context]:
    contexts = tlscore.Context(), tlscore.Context(tlscore.SERVER)
    for ctx in contexts:
        ctx.set_policy("legacy")
        ctx.set_cipher_list("aPSK")
    contexts[0].set_psk_callbacks(client=client)
    contexts[1].set_psk_callbacks(server=server)
    return contexts


def psk_pair(client_ctx: tlscore.Context, server_ctx: tlscore.Context) -> tuple[tlscore.Connection, tlscore.Connection]:
    return tlscore.Connection(client_ctx), tlscore.Connection(server_ctx, server_side=True)


def test_pre_shared_keys() -> None:
    contexts = tlscore.Context(), tlscore.Context(tlscore.SERVER)
    for ctx in contexts:
        ctx.set_policy("compatible")
        ctx.set_cipher_list("aPSK")
        ctx.set_psk(b"me", SECRET)
    client, server = psk_pair(*contexts)
    shake(client, server)
    assert client.cipher is not None and "PSK" in client.cipher


def test_functions_look_keys_up() -> None:
    asked: list[tuple[str, bytes]] = []

    def client_key(hint: bytes, pending: tlscore.Pending) -> tuple[bytes, bytes]:
        asked.append(("client", hint))
        return b"me", SECRET

    def server_key(identity: bytes, pending: tlscore.Pending) -> bytes:
        asked.append(("server", identity))
        return SECRET

    contexts = psk_contexts(client_key, server_key)
    contexts[1].set_psk_hint(b"which one")
    shake(*psk_pair(*contexts))
    assert asked == [("client", b"which one"), ("server", b"me")]


def test_who_connected() -> None:
    client, server = psk_pair(*psk_contexts(lambda *_: (b"a\xff", SECRET), lambda *_: SECRET))
    assert client.psk_identity is None and server.psk_identity is None
    shake(client, server)
    assert client.psk_identity == server.psk_identity == b"a\xff"
    assert Pair().server.psk_identity is None


def test_a_pre_shared_key_comes_later() -> None:
    kept: list[tlscore.Pending] = []
    client, server = psk_pair(*psk_contexts(lambda *_: (b"me", SECRET), lambda _, pending: kept.append(pending) or pending))
    until_asked(client, server)
    for wrong in (b"", "text", (b"me",), (b"me", "text")):
        with pytest.raises(TypeError):
            kept[0].answer(wrong)
    for long in (bytes(1025), (bytes(1025), SECRET)):
        with pytest.raises(tlscore.UsageError, match="at most 1024 bytes, not 1025"):
            kept[0].answer(long)
    kept[0].answer(SECRET)
    shake(client, server)


@pytest.mark.parametrize(
    ("client", "server", "name"),
    [
        (lambda *_: None, lambda *_: SECRET, "PSK"),
        (lambda *_: (b"me", SECRET), lambda *_: bytes(32), "BAD_RECORD_MAC"),
        (lambda *_: (b"me", SECRET), lambda *_: None, "PSK|BAD_RECORD_MAC"),
    ],
)
def test_a_pre_shared_key_that_is_missing_or_wrong(client: Any, server: Any, name: str) -> None:
    with pytest.raises(tlscore.TLSError, match=name):
        shake(*psk_pair(*psk_contexts(client, server)))


def test_what_a_psk_callback_raises_comes_out() -> None:
    with pytest.raises(LookupError):
        shake(*psk_pair(*psk_contexts(raises, raises)))


@pytest.mark.parametrize("arguments", [(bytes(1025), SECRET), (b"me", b""), (b"me", bytes(1025))])
def test_a_pre_shared_key_has_bounds(arguments: tuple[bytes, bytes]) -> None:
    with pytest.raises(tlscore.UsageError, match="BAD_ARGUMENT"):
        tlscore.Context().set_psk(*arguments)
    with pytest.raises(tlscore.UsageError, match="BAD_ARGUMENT"):
        tlscore.Context().set_psk_hint(bytes(1025))
