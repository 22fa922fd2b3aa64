"""Verify callbacks, whose verdicts may come later."""

from __future__ import annotations

import pytest
from conftest import NAME, PKI, Pair, client_context, server_context, shake
from late import external, pair_of, raises, until_asked

import tlscore


def test_a_verify_callback_sees_the_path() -> None:
    seen: list[tlscore.Review] = []
    ctx = client_context()
    ctx.set_verify_callback(seen.append)
    pair = Pair(ctx)
    (review,) = seen
    assert (review.peer, review.name, review.error) == ("server", NAME, None)
    assert review.chain == pair.client.peer_chain and review.path == pair.client.verified_chain
    assert review.ocsp_response is None and repr(review) == "<tlscore.Review of a server: good>"


def test_a_verify_callback_sees_why() -> None:
    seen: list[tlscore.Review] = []
    ctx = client_context("other-ca")
    ctx.set_verify_callback(seen.append)
    client, server = pair_of(ctx, server_context())
    with pytest.raises(tlscore.CertificateError, match="UNKNOWN_CA"):
        shake(client, server)
    assert isinstance(seen[0].error, tlscore.CertificateError) and seen[0].path == []
    assert seen[0].error.name == "UNKNOWN_CA"


@pytest.mark.parametrize(("answer", "text"), [(False, "refused the certificate"), ("not this one", "not this one")])
def test_a_verify_callback_refuses(answer: object, text: str) -> None:
    ctx = client_context()
    ctx.set_verify_callback(lambda review: answer)  # type: ignore[arg-type, return-value]
    client, server = pair_of(ctx, server_context())
    with pytest.raises(tlscore.CertificateError, match=text) as caught:
        shake(client, server)
    assert caught.value.name == "CERTIFICATE_VERIFY_FAILED"


def test_true_does_not_accept_what_was_refused() -> None:
    ctx = client_context("other-ca")
    ctx.set_verify_callback(lambda review: True)
    with pytest.raises(tlscore.CertificateError, match="UNKNOWN_CA"):
        Pair(ctx)


def test_danger_accepts_what_was_refused_and_calls_nothing_verified() -> None:
    ctx = client_context("other-ca")
    ctx.set_verify_callback(lambda review: review.pending.danger_accept_peer())  # type: ignore[func-returns-value]
    pair = Pair(ctx)
    assert pair.client.established and not pair.client.verified


def test_an_exception_wins_over_an_answer_before_it() -> None:
    def accept_and_raise(review: tlscore.Review) -> None:
        review.pending.danger_accept_peer()
        raises()

    ctx = client_context("other-ca")
    ctx.set_verify_callback(accept_and_raise)
    client, server = pair_of(ctx, server_context())
    with pytest.raises(LookupError):
        shake(client, server)
    with pytest.raises(tlscore.CertificateError, match="the verify callback raised LookupError"):
        client.handshake()


def test_a_verdict_comes_later() -> None:
    kept: list[tlscore.Review] = []
    ctx = client_context()
    ctx.set_verify_callback(lambda review: kept.append(review) or review.pending)  # type: ignore[func-returns-value]
    client, server = pair_of(ctx, server_context())
    until_asked(client, server)
    with pytest.raises(TypeError, match="a verify callback returns"):
        kept[0].pending.answer(b"bytes")
    assert not kept[0].pending.answered
    kept[0].pending.answer(None)
    shake(client, server)
    assert client.verified


def test_a_verify_callback_of_a_connection_and_of_a_server() -> None:
    seen: list[str] = []
    client_ctx, server_ctx = client_context(), server_context()
    client_ctx.add_keypair_file(PKI / "client-p256.pem", PKI / "client-p256.key")
    server_ctx.add_ca_file(PKI / "ca.pem")
    server_ctx.set_client_auth("require")
    server_ctx.set_verify_callback(lambda review: seen.append(review.peer))  # type: ignore[func-returns-value]
    client, server = pair_of(client_ctx, server_ctx)
    client.set_verify_callback(lambda review: seen.append(review.peer))  # type: ignore[func-returns-value]
    shake(client, server)
    assert seen == ["server", "client"]
    client, server = pair_of(client_ctx, server_ctx)
    server.set_verify_callback(None)
    shake(client, server)
    assert seen == ["server", "client"]


def test_only_a_verify_callback_can_accept_a_peer() -> None:
    def accept(scheme: str, message: bytes, pending: tlscore.Pending) -> None:
        pending.danger_accept_peer()

    client, server = pair_of(client_context(), external("server-p256", accept))
    with pytest.raises(tlscore.UsageError, match="not about a peer"):
        shake(client, server)
