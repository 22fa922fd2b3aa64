"""Session stores of the program, whose answers may come later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from conftest import Pair, client_context, server_context, shake
from late import pair_of, raises, until_asked

import tlscore


class Store(dict[bytes, bytes]):
    """In memory; its answers are kept back where `late`."""

    def __init__(self, late: bool = False) -> None:
        self.late, self.asked = late, list[tuple[bytes, tlscore.Pending]]()

    def find(self, id: bytes, pending: tlscore.Pending) -> Any:
        self.asked.append((id, pending))
        return pending if self.late else self.get(id)

    def keep(self, id: bytes, value: bytes, lifetime: int) -> None:
        assert len(id) == 32 and lifetime > 0
        self[id] = value

    def forget(self, id: bytes) -> None:
        self.pop(id, None)


def stored(store: Store) -> tuple[tlscore.Context, tlscore.Context]:
    server_ctx = server_context()
    server_ctx.set_tickets(False)
    server_ctx.set_session_store(store.find, store.keep, store.forget)
    return client_context(), server_ctx


def test_a_store_resumes() -> None:
    store = Store()
    contexts = stored(store)
    assert not Pair(*contexts).client.resumed
    assert len(store) == 1 and not store.asked
    assert Pair(*contexts).client.resumed


def test_a_store_answers_later() -> None:
    store = Store(late=True)
    contexts = stored(store)
    Pair(*contexts)
    client, server = pair_of(*contexts)
    until_asked(client, server)
    id, pending = store.asked.pop()
    assert pending.kind == "session"
    pending.answer(store[id])
    shake(client, server)
    assert client.resumed


@pytest.mark.parametrize("end", [lambda p: p.answer(None), lambda p: p.fail("gone"), lambda p: p.answer(b"rubbish")])
def test_a_store_without_the_session_costs_a_full_handshake(end: Callable[[tlscore.Pending], None]) -> None:
    store = Store(late=True)
    contexts = stored(store)
    Pair(*contexts)
    client, server = pair_of(*contexts)
    until_asked(client, server)
    end(store.asked.pop()[1])
    shake(client, server)
    assert client.established and not client.resumed


def test_a_store_that_forgets_its_question_costs_a_full_handshake() -> None:
    store = Store(late=True)
    contexts = stored(store)
    Pair(*contexts)
    client, server = pair_of(*contexts)
    until_asked(client, server)
    store.asked.clear()
    shake(client, server)
    assert not client.resumed


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_store_that_raises_costs_a_full_handshake(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    monkeypatch.setattr("sys.unraisablehook", lambda args: told.append(args.exc_type))
    server_ctx = server_context()
    server_ctx.set_tickets(False)
    keep: dict[bytes, bytes] = {}
    server_ctx.set_session_store(raises, lambda id, value, _: keep.update({id: value}))
    client_ctx = client_context()
    Pair(client_ctx, server_ctx)
    assert keep and not told
    assert not Pair(client_ctx, server_ctx).client.resumed
    server_ctx.set_session_store(lambda id, pending: 7, raises)  # type: ignore[arg-type, return-value]
    Pair(client_ctx, server_ctx)
    assert told == [LookupError, TypeError, LookupError] or told == [LookupError, LookupError, LookupError]
