"""How much a record holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from conftest import Pair, client_context, server_context

import tlscore


def records(sealed: bytes) -> list[int]:
    """The lengths of their fragments."""
    found = []
    while sealed:
        found.append(int.from_bytes(sealed[3:5], "big"))
        sealed = sealed[5 + found[-1] :]
    return found


def sent(writer: tlscore.Connection) -> int:
    """The longest plaintext of the records that 5000 bytes make."""
    assert writer.write(bytes(5000)) == 5000
    # AES-GCM: 8 bytes in front, 16 behind.
    return max(records(writer.drain())) - 24


def test_without_any_a_record_is_as_long_as_it_can_be(pair: Pair) -> None:
    assert (pair.client.send_limit, pair.client.receive_limit) == (16384, 16384)
    assert sent(pair.client) == 5000


def test_a_client_asks_both_sides_for_less() -> None:
    ctx = client_context()
    ctx.set_max_fragment_length(1024)
    pair = Pair(ctx)
    for end in (pair.client, pair.server):
        assert (end.send_limit, end.receive_limit) == (1024, 1024) and sent(end) == 1024
    ctx.set_max_fragment_length(None)
    assert Pair(ctx).client.send_limit == 16384


def test_each_side_says_what_it_takes() -> None:
    client, server = client_context(), server_context()
    client.set_record_size_limit(700)
    server.set_record_size_limit(900)
    pair = Pair(client, server)
    assert (pair.client.send_limit, pair.client.receive_limit) == (900, 700)
    assert (sent(pair.client), sent(pair.server)) == (900, 700)


def test_one_side_sends_less() -> None:
    client = client_context()
    client.set_max_send_fragment(64)
    pair = Pair(client)
    assert (sent(pair.client), sent(pair.server)) == (64, 5000)


@pytest.mark.parametrize("length", [0, 1, 63, 513, 16385, 65535])
def test_lengths_that_cannot_be(length: int) -> None:
    ctx = client_context()
    setters: list[Callable[[Any], None]] = [ctx.set_max_fragment_length]
    if length != 513:
        setters += [ctx.set_record_size_limit, ctx.set_max_send_fragment]
    for setter in setters:
        with pytest.raises(tlscore.UsageError) as error:
            setter(length)
        assert error.value.name == "BAD_ARGUMENT"
    for setter in setters:
        for wrong in (-1, 65536):
            with pytest.raises(OverflowError):
                setter(wrong)
    assert Pair(ctx).client.send_limit == 16384
