"""Every cipher suite and group that both have, against the ssl module, in both directions."""

from __future__ import annotations

import ssl
from typing import Any

import pytest
from compat_peers import shaken
from conftest import PKI

from tlscore import compat


def contexts(suite: str, client: Any, server: Any) -> tuple[Any, Any]:
    """Both sides with one suite, whatever policy or level it needs."""
    serving, asking = server.SSLContext(ssl.PROTOCOL_TLS_SERVER), client.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    keypair = "server-p256" if "ECDSA" in suite else "server-rsa"
    serving.load_cert_chain(PKI / f"{keypair}.pem", PKI / f"{keypair}.key")
    asking.load_verify_locations(PKI / "ca.pem")
    # OpenSSL has no group of its own for DHE.
    serving.load_dh_params(PKI / "dh2048.pem")
    for module, ctx in ((server, serving), (client, asking)):
        ctx.maximum_version = ssl.TLSVersion.TLSv1_2
        if module is compat:
            ctx.set_policy("legacy")
        ctx.set_ciphers(suite if module is compat else f"{suite}:@SECLEVEL=0")
    return asking, serving


def ours() -> list[str]:
    ctx = compat.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    ctx.set_policy("legacy")
    ctx.set_ciphers("ALL")
    return [suite["name"] for suite in ctx.get_ciphers()]


def theirs() -> set[str]:
    ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    ctx.set_ciphers("ALL:@SECLEVEL=0")
    return {suite["name"] for suite in ctx.get_ciphers()}


SUITES = [name for name in ours() if name in theirs()]


def test_there_are_suites() -> None:
    assert len(SUITES) >= 20, SUITES


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("sides", [(compat, ssl), (ssl, compat)], ids=["client", "server"])
def test_suites(suite: str, sides: Any) -> None:
    client, server = shaken(*contexts(suite, *sides))
    assert client.cipher() == server.cipher() and client.cipher()[0] == suite
    for writer, reader in ((client, server), (server, client)):
        data, got = bytes(range(256)) * 200, b""
        assert writer.write(data) == len(data)
        while len(got) < len(data):
            got += reader.read(65536)
        assert got == data


GROUPS = {"prime256v1": "secp256r1", "secp384r1": "secp384r1", "secp521r1": "secp521r1", "X25519": "x25519"}


@pytest.mark.parametrize(("group", "name"), GROUPS.items())
@pytest.mark.parametrize("end", ["client", "server"])
def test_groups(group: str, name: str, end: str) -> None:
    pair = {"client": (compat, ssl), "server": (ssl, compat)}[end]
    asking, serving = contexts("ECDHE-RSA-AES128-GCM-SHA256", *pair)
    ours = asking if end == "client" else serving
    ours.set_ecdh_curve(group)
    client, server = shaken(asking, serving)
    assert (client if end == "client" else server)._sslobj._conn.group == name
