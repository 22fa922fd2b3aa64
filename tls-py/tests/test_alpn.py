"""Functions that choose the application protocol."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from conftest import NAME, Pair, client_context, server_context

import tlscore

OFFERED = ["h2", "odd\udcff", "http/1.1"]


def pair(callback: Any, **more: Any) -> Pair:
    client, server = client_context(), server_context()
    client.set_alpn(OFFERED)
    server.set_alpn_callback(callback)
    return Pair(client, server, **more)


def test_it_sees_what_is_offered_and_to_whom() -> None:
    seen: list[Any] = []

    def choose(protocols: list[str], name: str | None) -> str:
        seen.append((protocols, name))
        return "http/1.1"

    both = pair(choose)
    assert both.client.alpn == both.server.alpn == "http/1.1"
    assert seen == [(OFFERED, NAME)]


@pytest.mark.parametrize(("answer", "alpn"), [("odd\udcff", "odd\udcff"), (b"h2", "h2"), (None, None)])
def test_it_chooses(answer: Any, alpn: str | None) -> None:
    assert pair(lambda protocols, name: answer).client.alpn == alpn


def test_it_refuses() -> None:
    with pytest.raises(tlscore.IncompatibleError) as error:
        pair(lambda protocols, name: False)
    assert error.value.name == "NO_APPLICATION_PROTOCOL" and error.value.alert == 120


@pytest.mark.parametrize(("answer", "kind"), [("spdy/3", tlscore.UsageError), (True, TypeError), (7, TypeError), ("", Exception)])
def test_answers_that_make_no_sense(answer: Any, kind: type[Exception]) -> None:
    with pytest.raises(kind, match="offered|'bool'|'int'|bytes|object"):
        pair(lambda protocols, name: answer)


def test_what_it_raises_comes_out() -> None:
    def choose(protocols: list[str], name: str | None) -> str:
        raise LookupError(name)

    with pytest.raises(LookupError, match=NAME):
        pair(choose)


def test_nobody_is_asked_without_an_offer() -> None:
    server = server_context()
    server.set_alpn_callback(lambda protocols, name: 1 / 0)  # type: ignore[arg-type, return-value]
    assert Pair(server_ctx=server).client.alpn is None


@pytest.mark.parametrize("back", ["None", "list", "lenient list"])
def test_it_is_taken_back(back: str) -> None:
    client, server = client_context(), server_context()
    client.set_alpn(OFFERED)
    server.set_alpn(["http/1.1"])
    server.set_alpn_callback(lambda protocols, name: "h2")
    take_back: dict[str, Callable[[], None]] = {
        "None": lambda: server.set_alpn_callback(None),
        "list": lambda: server.set_alpn(["http/1.1"]),
        "lenient list": lambda: server.set_alpn(["http/1.1"], required=False),
    }
    take_back[back]()
    assert Pair(client, server).client.alpn == "http/1.1"
    with pytest.raises(TypeError):
        server.set_alpn_callback("h2")  # type: ignore[arg-type]


def test_a_list_that_is_refused_changes_nothing() -> None:
    client, server = client_context(), server_context()
    client.set_alpn(["x"])
    server.set_alpn(["http/1.1"], required=False)
    with pytest.raises(tlscore.UsageError):
        server.set_alpn(["h2", ""], required=True)
    assert Pair(client, server).client.alpn is None
