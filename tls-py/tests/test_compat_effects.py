"""Options and flags that do something: what they do, beside the ssl module."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import pytest
from compat_peers import BOTH, client_ctx, server_ctx, shaken
from conftest import PKI

pytestmark = pytest.mark.parametrize("module", BOTH)
PARTIAL_CHAIN = ssl.VERIFY_X509_PARTIAL_CHAIN


def trusting(module: Any, *names: str) -> Any:
    """A client's context without the flags that create_default_context() sets in some versions."""
    ctx = module.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    ctx.maximum_version = ssl.TLSVersion.TLSv1_2
    for name in names:
        ctx.load_verify_locations(PKI / f"{name}.pem")
    return ctx


@pytest.mark.parametrize("end", ["client", "server"])
def test_tickets_that_nobody_wants(module: Any, end: str) -> None:
    client, server = client_ctx(module), server_ctx(module)
    assert shaken(client, server)[0].session.has_ticket
    ctx = client if end == "client" else server
    ctx.options |= ssl.OP_NO_TICKET
    assert not shaken(client, server)[0].session.has_ticket
    ctx.options &= ~ssl.OP_NO_TICKET
    assert shaken(client, server)[0].session.has_ticket


def test_whose_order_of_suites_decides(module: Any) -> None:
    first, second = "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-GCM-SHA256"
    client, server = client_ctx(), server_ctx(module)
    client.set_ciphers(f"{first}:{second}")
    server.set_ciphers(f"{second}:{first}")
    server.options |= ssl.OP_CIPHER_SERVER_PREFERENCE
    assert shaken(client, server)[0].cipher()[0] == second
    server.options &= ~ssl.OP_CIPHER_SERVER_PREFERENCE
    assert shaken(client, server)[0].cipher()[0] == first


def test_paths_that_end_in_an_intermediate(module: Any) -> None:
    ctx = trusting(module, "int")
    with pytest.raises(ssl.SSLCertVerificationError, match="unable to get issuer certificate|unable to get local issuer"):
        shaken(ctx, server_ctx())
    ctx.verify_flags |= PARTIAL_CHAIN
    assert shaken(ctx, server_ctx())[0].getpeercert()
    ctx.verify_flags &= ~PARTIAL_CHAIN
    with pytest.raises(ssl.SSLCertVerificationError):
        shaken(ctx, server_ctx())


def test_crls_of_the_whole_path(module: Any) -> None:
    ctx = trusting(module, "ca", "crl-int")
    ctx.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
    assert shaken(ctx, server_ctx())[0].getpeercert()
    ctx.verify_flags |= ssl.VERIFY_CRL_CHECK_CHAIN
    with pytest.raises(ssl.SSLCertVerificationError, match="unable to get certificate CRL"):
        shaken(ctx, server_ctx())
    ctx.load_verify_locations(PKI / "crl-ca.pem")
    assert shaken(ctx, server_ctx())[0].getpeercert()


def test_common_names(module: Any) -> None:
    ctx, server, name = trusting(module, "ca"), server_ctx(module, "name-cn"), "cn.example.test"
    assert ctx.hostname_checks_common_name
    assert shaken(ctx, server, name)[0].getpeercert()
    ctx.hostname_checks_common_name = False
    assert not ctx.hostname_checks_common_name
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        shaken(ctx, server, name)


def test_groups(module: Any) -> None:
    client, server = client_ctx(module), server_ctx(module)
    client.set_ecdh_curve("prime256v1")
    server.set_ecdh_curve("secp384r1")
    with pytest.raises(ssl.SSLError, match="NO_SHARED_(CIPHER|GROUP)|no shared (cipher|group)"):
        shaken(client, server)
    server.set_ecdh_curve("prime256v1")
    shaken(client, server)


def test_shared_ciphers_are_in_the_servers_order(module: Any) -> None:
    client, server = client_ctx(), server_ctx(module)
    client.set_ciphers("ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256")
    server.set_ciphers("ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305")
    end = shaken(client, server)[1]
    names = [name for name, _version, _bits in end.shared_ciphers()]
    assert names == ["ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305"]


def test_a_key_log_that_cannot_be_opened(module: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ctx = client_ctx(module)
    with pytest.raises(OSError):
        ctx.keylog_filename = tmp_path / "nothing" / "log"
    assert ctx.keylog_filename is None


@pytest.mark.parametrize("name", ["options", "verify_flags", "minimum_version", "maximum_version"])
def test_numbers_that_are_none(module: Any, name: str) -> None:
    ctx = client_ctx(module)
    before = getattr(ctx, name)
    with pytest.raises(TypeError):
        setattr(ctx, name, "text")
    assert getattr(ctx, name) == before


def test_arguments_that_are_refused(module: Any) -> None:
    ctx = client_ctx(module)
    for wrong in ((1, ssl.MemoryBIO()), (ssl.MemoryBIO(), 2)):
        with pytest.raises(TypeError, match="_wrap_bio\\(\\) argument"):
            ctx.wrap_bio(*wrong, server_hostname="localhost")
    for load in (ctx.load_cert_chain, ctx.load_verify_locations, ctx.load_dh_params):
        with pytest.raises(ValueError, match="embedded null byte"):
            load("a\0b")
    with pytest.raises(ValueError, match="embedded null byte"):
        ctx.keylog_filename = "a\0b"
