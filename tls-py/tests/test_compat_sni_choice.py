"""What still holds where an sni_callback chooses another context: as in the ssl module what the first one asks of clients."""

from __future__ import annotations

import ssl
import sys
from typing import Any

import pytest
from compat_peers import BOTH, HOST, client_ctx, handshake, server_ctx, shaken
from conftest import PKI

from tlscore import compat

CRL_LEAF = ssl.VERIFY_CRL_CHECK_LEAF


def choosing(module: Any, chosen: Any) -> Any:
    """A server's context whose callback chooses another one."""
    base = server_ctx(module)

    def choose(sslobject: Any, name: str | None, context: Any) -> None:
        sslobject.context = chosen

    base.sni_callback = choose
    return base


def asking(ctx: Any, mode: ssl.VerifyMode, *ca: str) -> Any:
    ctx.verify_mode = mode
    for name in ca:
        ctx.load_verify_locations(PKI / f"{name}.pem")
    return ctx


def served(server: Any, keypair: str | None) -> Any:
    """What the server sees of a client's certificate."""
    client = client_ctx()
    if keypair:
        client.load_cert_chain(PKI / f"{keypair}.pem", PKI / f"{keypair}.key")
    return shaken(client, server)[1].getpeercert(True)


@pytest.mark.parametrize("module", BOTH)
def test_who_must_show_a_certificate_must_show_it_there_too(module: Any) -> None:
    chosen = asking(server_ctx(module), ssl.CERT_NONE, "ca")
    base = asking(choosing(module, chosen), ssl.CERT_REQUIRED, "ca")
    assert served(base, "client-p256")
    with pytest.raises(ssl.SSLError, match="PEER_DID_NOT_RETURN_A_CERTIFICATE"):
        served(base, None)


@pytest.mark.parametrize("module", BOTH)
def test_the_chosen_context_says_who_is_trusted(module: Any) -> None:
    chosen = asking(server_ctx(module), ssl.CERT_NONE, "other-ca")
    base = asking(choosing(module, chosen), ssl.CERT_REQUIRED, "ca")
    with pytest.raises(ssl.SSLCertVerificationError):
        served(base, "client-p256")


@pytest.mark.parametrize("module", BOTH)
def test_it_trusts_nobody_where_it_was_told_of_nobody(module: Any) -> None:
    base = asking(choosing(module, server_ctx(module)), ssl.CERT_REQUIRED, "ca")
    with pytest.raises(ssl.SSLCertVerificationError):
        served(base, "client-p256")


@pytest.mark.parametrize("module", BOTH)
def test_who_is_asked_is_asked_there_too(module: Any) -> None:
    chosen = asking(server_ctx(module), ssl.CERT_NONE, "ca")
    base = asking(choosing(module, chosen), ssl.CERT_OPTIONAL, "ca")
    assert served(base, "client-p256")
    assert not served(base, None)


@pytest.mark.parametrize("mode", [ssl.CERT_NONE, ssl.CERT_OPTIONAL])
def test_the_stricter_of_both_holds(mode: ssl.VerifyMode) -> None:
    chosen = asking(server_ctx(), ssl.CERT_REQUIRED, "ca")
    with pytest.raises(ssl.SSLError, match="PEER_DID_NOT_RETURN_A_CERTIFICATE"):
        served(asking(choosing(compat, chosen), mode, "ca"), None)


@pytest.mark.parametrize("module", BOTH)
def test_crls_that_are_to_be_checked_are_missed(module: Any) -> None:
    chosen = asking(server_ctx(module), ssl.CERT_REQUIRED, "ca")
    base = asking(choosing(module, chosen), ssl.CERT_REQUIRED, "ca", "crl-ca")
    base.verify_flags |= CRL_LEAF
    with pytest.raises(ssl.SSLCertVerificationError, match="unable to get certificate CRL"):
        served(base, "client-p256")


def test_crls_that_the_chosen_context_wants_and_has_not() -> None:
    chosen = asking(server_ctx(), ssl.CERT_REQUIRED, "ca")
    chosen.verify_flags |= CRL_LEAF
    base = asking(choosing(compat, chosen), ssl.CERT_REQUIRED, "ca")
    with pytest.raises(ssl.SSLCertVerificationError, match="unable to get certificate CRL"):
        served(base, "client-p256")


@pytest.mark.parametrize("module", BOTH)
def test_a_truncation_is_told_where_the_first_context_wants_it(module: Any) -> None:
    chosen = server_ctx(module)
    chosen.options |= getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0x80)
    base = choosing(module, chosen)
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    left = client_ctx().wrap_bio(down, up, server_hostname=HOST)
    right = base.wrap_bio(up, down, server_side=True)
    handshake(left, right)
    up.write_eof()
    with pytest.raises(ssl.SSLEOFError):
        right.read()


@pytest.mark.parametrize("module", BOTH)
def test_a_callback_that_raises_fails_the_handshake_and_no_more(
    module: Any, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    # The interpreter's own hook, not pytest's.
    monkeypatch.setattr(sys, "unraisablehook", sys.__unraisablehook__)
    server = server_ctx(module)

    def fail(sslobject: Any, name: str | None, context: Any) -> None:
        raise KeyError(name)

    server.sni_callback = fail
    with pytest.raises(ssl.SSLError, match="CALLBACK_FAILED|callback failed"):
        served(server, None)
    assert f"KeyError: '{HOST}'" in capfd.readouterr().err


@pytest.mark.parametrize("module", BOTH)
def test_a_callback_that_cannot_be_named_fails_it_too(
    module: Any, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "unraisablehook", sys.__unraisablehook__)

    class Nameless:
        def __call__(self, *_: Any) -> None:
            raise KeyError("asked")

        def __repr__(self) -> str:
            raise ValueError("no name")

    server = server_ctx(module)
    server.sni_callback = Nameless()
    with pytest.raises(ssl.SSLError, match="CALLBACK_FAILED|callback failed"):
        served(server, None)
    said = capfd.readouterr().err
    assert "Exception ignored in: <object repr() failed>" in said and "KeyError: 'asked'" in said
