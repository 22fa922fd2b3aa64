"""Decisions on a ClientHello that come later."""

from __future__ import annotations

import pytest
from conftest import Pair, client_context, server_context, shake
from late import pair_of, until_asked

import tlscore


def test_a_decision_on_a_hello_comes_later() -> None:
    kept: list[tlscore.ClientHello] = []
    ctx = server_context()
    ctx.set_hello_callback(lambda hello: kept.append(hello) or hello.pending)  # type: ignore[func-returns-value]
    client, server = pair_of(client_context(), ctx)
    until_asked(client, server)
    kept[0].pending.answer(server_context("server-rsa"))
    shake(client, server)
    assert client.cipher is not None and "RSA" in client.cipher
    client, server = pair_of(client_context(), ctx)
    until_asked(client, server)
    kept[1].pending.answer(40)
    with pytest.raises(tlscore.IncompatibleError, match="CONNECTION_REJECTED") as caught:
        shake(client, server)
    assert caught.value.alert == 40


def test_nothing_was_asked() -> None:
    with pytest.raises(tlscore.UsageError, match="WRONG_ORDER"):
        Pair().server.set_wake(print)
