"""Host names with characters beyond ASCII."""

from __future__ import annotations

import ssl
from typing import Any

import pytest
from compat_peers import BOTH, client_ctx, ends, handshake, server_ctx
from conftest import client_context

import tlscore

# IDNA 2003, which is what ssl and socket have: the last one is another name in IDNA 2008.
NAMES = [("Bücher.test", "xn--bcher-kva.test"), ("例え.テスト", "xn--r8jz45g.xn--zckzah"), ("straße.test", "strasse.test")]


@pytest.mark.parametrize("module", BOTH)
@pytest.mark.parametrize(("written", "sent"), NAMES)
def test_compat_encodes_names_as_ssl_does(module: Any, written: str, sent: str) -> None:
    asked: list[str | None] = []
    there = server_ctx()
    there.sni_callback = lambda _sslobj, name, _ctx: asked.append(name)
    client, server = ends(client_ctx(module), there, written)
    assert client.server_hostname == sent
    with pytest.raises(ssl.SSLCertVerificationError, match=f"'{sent}'"):
        handshake(client, server)
    assert asked == [sent]


@pytest.mark.parametrize("module", BOTH)
@pytest.mark.parametrize("name", ["ü" * 70 + ".test", "ü..test", "\ufffd.test"])
def test_what_idna_refuses_is_refused_as_ssl_does(module: Any, name: str) -> None:
    with pytest.raises(UnicodeError):
        client_ctx(module).wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname=name)


@pytest.mark.parametrize("written", [written for written, _sent in NAMES])
def test_the_native_classes_want_a_labels_and_say_so(written: str) -> None:
    with pytest.raises(tlscore.UsageError, match="A-labels") as error:
        tlscore.Connection(client_context(), written)
    assert error.value.name == "BAD_SERVER_NAME"
    tlscore.Connection(client_context(), written.encode("idna").decode())
