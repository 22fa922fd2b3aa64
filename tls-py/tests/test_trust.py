"""Trust, client certificates, revocation, keypairs with passwords: what a context is told."""

from __future__ import annotations

import pytest
from conftest import PKI, Pair, Peer, client_context, server_context

import tlscore


def refused(client_ctx: tlscore.Context | None = None, server_ctx: tlscore.Context | None = None) -> str:
    with pytest.raises(tlscore.TLSError) as error:
        Pair(client_ctx, server_ctx)
    return error.value.name


def asking(how: str) -> tlscore.Context:
    ctx = server_context()
    ctx.add_ca_file(PKI / "ca.pem")
    ctx.set_client_auth(how)
    return ctx


def with_certificate() -> tlscore.Context:
    ctx = client_context()
    ctx.add_keypair_file(PKI / "client-p256.pem", PKI / "client-p256.key")
    return ctx


@pytest.mark.parametrize("how", ["request", "require"])
def test_client_certificates(how: str) -> None:
    pair = Pair(with_certificate(), asking(how))
    assert pair.server.verified and pair.client.certificate_requested
    assert pair.server.verified_chain[0] == tlscore.Certificate.load(PKI / "client-p256.pem")[0]


def test_clients_without_one() -> None:
    assert not Pair(server_ctx=asking("request")).server.verified
    assert not Pair(with_certificate(), asking("none")).client.certificate_requested
    assert refused(server_ctx=asking("require")) == "PEER_DID_NOT_RETURN_A_CERTIFICATE"


def test_client_ca_names() -> None:
    ctx = asking("request")
    ctx.set_client_ca_file(PKI / "other-ca.pem")
    assert Pair(with_certificate(), ctx).client.certificate_requested
    ctx.set_client_ca_mem(b"")
    assert Pair(with_certificate(), ctx).server.verified


@pytest.mark.parametrize(("setter", "word"), [("set_client_auth", "maybe"), ("set_ocsp", "on")])
def test_unknown_words(setter: str, word: str) -> None:
    with pytest.raises(tlscore.UsageError) as error:
        getattr(server_context(), setter)(word)
    assert error.value.name == "BAD_ARGUMENT" and word in error.value.text


def test_a_context_that_trusts_nobody() -> None:
    ctx = client_context()
    ctx.clear_cas()
    assert refused(ctx) == "UNKNOWN_CA"
    ctx.add_ca_file(PKI / "ca.pem")
    assert Pair(ctx).client.verified


def test_pins() -> None:
    leaf = tlscore.Certificate.load(PKI / "server-p256.pem")[0]
    ctx = client_context()
    ctx.add_pin(leaf.spki_sha256)
    assert Pair(ctx).client.verified
    ctx = client_context()
    ctx.add_pin(bytes(32))
    assert refused(ctx) == "CERTIFICATE_NOT_PINNED"
    with pytest.raises(tlscore.UsageError) as error:
        ctx.add_pin(b"short")
    assert error.value.name == "BAD_ARGUMENT"


def test_depth_and_partial_chains() -> None:
    ctx = client_context()
    ctx.set_verify_depth(0)
    assert refused(ctx) == "CERTIFICATE_CHAIN_TOO_LONG"
    with pytest.raises(tlscore.UsageError):
        ctx.set_verify_depth(7)
    ctx = client_context("int")
    assert refused(ctx) == "UNKNOWN_CA"
    ctx.set_partial_chain(True)
    assert Pair(ctx).client.verified


def test_crls() -> None:
    ctx = client_context()
    ctx.add_crl_file(PKI / "crl-int.pem")
    assert refused(ctx) == "UNABLE_TO_GET_CRL", "of the intermediate's own CA"
    ctx.set_crl_leaf_only(True)
    assert Pair(ctx).client.verified
    ctx.add_crl_mem((PKI / "crl-int-revoked.pem").read_text())
    assert refused(ctx) == "CERTIFICATE_REVOKED"
    ctx.clear_crls()
    assert Pair(ctx).client.verified
    ctx.add_crl_file(PKI / "crl-int-expired.pem")
    assert refused(ctx) == "CRL_HAS_EXPIRED"
    ctx.allow_expired_crls(True)
    assert Pair(ctx).client.verified
    with pytest.raises(tlscore.UsageError):
        ctx.add_crl_mem(b"no CRL")


def test_ocsp() -> None:
    client, server = client_context(), server_context()
    client.set_client_session_cache(0)
    client.set_ocsp("require")
    assert refused(client, server) == "OCSP_RESPONSE_MISSING"
    good = (PKI / "ocsp-p256-good.der").read_bytes()
    server.set_ocsp_response(0, good)
    assert Pair(client, server).client.ocsp_response == good
    server.set_ocsp_response(0, None)
    assert refused(client, server) == "OCSP_RESPONSE_MISSING"
    for place, response in ((1, good), (0, b"no response")):
        with pytest.raises(tlscore.UsageError):
            server.set_ocsp_response(place, response)


PROTECTED = PKI / "server-rsa.pem", PKI / "server-rsa-encrypted.key"


@pytest.mark.parametrize("password", ["secret", b"secret", bytearray(b"secret"), lambda: "secret"])
def test_passwords(password: str) -> None:
    ctx = tlscore.Context(tlscore.SERVER)
    ctx.add_keypair_file(*PROTECTED, password)
    cert, key = (path.read_bytes() for path in PROTECTED)
    ctx.add_keypair_mem(cert, key, password)
    assert ctx.keypairs == 2
    ctx.renew_keypair_file(*PROTECTED, password)
    assert ctx.keypairs == 1
    assert Pair(server_ctx=ctx).client.verified


@pytest.mark.parametrize(
    ("password", "name"),
    [(None, "PASSWORD_NEEDED"), ("wrong", "WRONG_PASSWORD"), (lambda: None, "PASSWORD_NEEDED")],
)
def test_wrong_passwords(password: str | None, name: str) -> None:
    ctx = tlscore.Context(tlscore.SERVER)
    with pytest.raises(tlscore.UsageError) as error:
        ctx.add_keypair_file(*PROTECTED, password)
    assert error.value.name == name and ctx.keypairs == 0


def test_a_password_callback_may_load_another_keypair() -> None:
    ctx = tlscore.Context(tlscore.SERVER)

    def password() -> str:
        ctx.add_keypair_file(PKI / "server-p256.pem", PKI / "server-p256.key")
        with pytest.raises(tlscore.UsageError, match="PASSWORD_NEEDED"):
            ctx.add_keypair_file(*PROTECTED)
        Peer(lambda: ctx.add_keypair_file(*PROTECTED, "secret")).join()
        return "secret"

    ctx.add_keypair_file(*PROTECTED, password)
    assert ctx.keypairs == 3


def test_what_a_password_callback_raises_comes_out() -> None:
    def ask() -> str:
        raise KeyError("no such password")

    ctx = tlscore.Context(tlscore.SERVER)
    with pytest.raises(KeyError, match="no such password") as error:
        ctx.add_keypair_file(*PROTECTED, ask)
    assert error.traceback[-1].name == "ask"
    with pytest.raises(TypeError):
        ctx.add_keypair_file(*PROTECTED, lambda: 1)  # type: ignore[arg-type, return-value]
    with pytest.raises(TypeError):
        ctx.add_keypair_file(*PROTECTED, 1)  # type: ignore[arg-type]
    with pytest.raises(tlscore.UsageError):
        ctx.add_keypair_file(*PROTECTED)


def test_a_renewed_keypair_keeps_those_of_other_kinds() -> None:
    ctx = server_context("server-p256")
    ctx.add_keypair_file(PKI / "server-rsa.pem", PKI / "server-rsa.key")
    ctx.renew_keypair_file(PKI / "server-p384.pem", PKI / "server-p384.key")
    assert ctx.keypairs == 2
    with pytest.raises(tlscore.UsageError):
        ctx.renew_keypair_file(PKI / "server-p384.pem", PKI / "server-rsa.key")
    assert ctx.keypairs == 2
    ctx.clear_keypairs()
    assert ctx.keypairs == 0


def test_lists_and_levels() -> None:
    ctx = tlscore.Context()
    assert ctx.policy == "modern" and ctx.security_level == 0
    assert [name for _number, name, _bits in ctx.cipher_suites] == ctx.ciphers
    assert (0xC02B, "ECDHE-ECDSA-AES128-GCM-SHA256", 128) in ctx.cipher_suites
    ctx.set_cipher_list("HIGH:@SECLEVEL=2")
    assert ctx.security_level == 2
    ctx.set_security_level(3)
    assert ctx.security_level == 3
    with pytest.raises(tlscore.UsageError):
        ctx.set_security_level(6)
    ctx.set_policy("compatible")
    assert ctx.policy == "compatible"


def test_whose_order_decides() -> None:
    client, server = client_context(), server_context()
    client.set_cipher_list("ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256")
    server.set_cipher_list("ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384")
    assert Pair(client, server).client.cipher == "ECDHE-ECDSA-AES128-GCM-SHA256"
    server.set_client_preference(True)
    assert Pair(client, server).client.cipher == "ECDHE-ECDSA-AES256-GCM-SHA384"
