"""Trust, client certificates, revocation, keypairs with passwords: what a context is told."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import pytest
from conftest import NAME, PKI, Pair, Peer, client_context, server_context, shake
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

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
    trusted, other = (tlscore.Certificate.load(PKI / f"{name}.pem")[0].der for name in ("ca", "other-ca"))
    client = Pair(with_certificate(), ctx).client
    (name,) = client.requested_cas
    assert client.certificate_requested and name in trusted
    ctx.set_client_ca_file(PKI / "other-ca.pem")
    (name,) = Pair(with_certificate(), ctx).client.requested_cas
    assert name in other and name not in trusted
    ctx.set_client_ca_mem(b"")
    pair = Pair(with_certificate(), ctx)
    assert pair.client.certificate_requested and pair.client.requested_cas == [] and pair.server.verified
    assert Pair().client.requested_cas == []


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


def test_pins_of_a_connection() -> None:
    leaf = tlscore.Certificate.load(PKI / "server-p256.pem")[0]
    for pin, refuses in ((leaf.spki_sha256, False), (bytes(32), True)):
        client = tlscore.Connection(client_context(), NAME)
        client.add_pin(pin)
        server = tlscore.Connection(server_context(), server_side=True)
        if not refuses:
            shake(client, server)
            continue
        with pytest.raises(tlscore.CertificateError, match="CERTIFICATE_NOT_PINNED"):
            shake(client, server)
    with pytest.raises(tlscore.UsageError) as error:
        tlscore.Connection(client_context(), NAME).add_pin(bytes(33))
    assert error.value.name == "BAD_ARGUMENT"


def test_pins_without_any_ca() -> None:
    leaf = tlscore.Certificate.load(PKI / "server-p256.pem")[0]
    ctx = client_context("other-ca")
    ctx.add_pin(leaf.spki_sha256)
    assert refused(ctx) == "UNKNOWN_CA"
    ctx.trust_pins_alone(True)
    assert Pair(ctx).client.verified
    assert refused(ctx, server_context("server-p384")) in {"UNKNOWN_CA", "CERTIFICATE_NOT_PINNED"}
    ctx.trust_pins_alone(False)
    assert refused(ctx) == "UNKNOWN_CA"


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


def test_the_profile_of_rfc_5280() -> None:
    ctx = client_context()
    server = server_context("no-subject")
    assert Pair(ctx, server).client.verified
    ctx.set_strict_certificates(True)
    assert refused(ctx, server) == "PROFILE_VIOLATION"
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


def test_a_directory_of_crls_and_what_no_list_covers(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no CRL")
    (tmp_path / "ca.pem").write_bytes((PKI / "crl-ca.pem").read_bytes())
    ctx = client_context()
    ctx.add_crl_dir(tmp_path)
    assert refused(ctx) == "UNABLE_TO_GET_CRL", "of the leaf's CA"
    ctx.allow_unknown_revocation(True)
    assert Pair(ctx).client.verified
    ctx.allow_unknown_revocation(False)
    (tmp_path / "int.pem").write_bytes((PKI / "crl-int-revoked.pem").read_bytes())
    ctx.add_crl_dir(tmp_path)
    assert refused(ctx) == "CERTIFICATE_REVOKED"
    with pytest.raises(tlscore.UsageError):
        ctx.add_crl_dir(tmp_path / "nothing")


def test_the_systems_cas(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(PKI / "ca.pem"))
    ctx = client_context("other-ca")
    assert refused(ctx) == "UNKNOWN_CA"
    ctx.add_ca_system()
    assert Pair(ctx).client.verified
    (tmp_path / "empty.pem").write_text("")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "empty.pem"))
    with pytest.raises(tlscore.UsageError) as error:
        client_context().add_ca_system()
    assert error.value.name == "NO_TRUST_ANCHORS"


def test_danger_is_taken_back() -> None:
    ctx = client_context("other-ca")
    ctx.danger_accept_any_cert()
    assert not Pair(ctx).client.verified
    ctx.require_verification()
    assert refused(ctx) == "UNKNOWN_CA"
    ctx = client_context()
    ctx.danger_accept_any_name()
    Pair(ctx, name="another.test")
    ctx.require_verification()
    with pytest.raises(tlscore.CertificateError, match="NAME_MISMATCH"):
        Pair(ctx, name="another.test")


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


def pkcs12(password: bytes | None) -> bytes:
    cert, key = ((PKI / f"server-p256.{kind}").read_bytes() for kind in ("pem", "key"))
    leaf, *others = x509.load_pem_x509_certificates(cert)
    private: Any = serialization.load_pem_private_key(key, None)
    how: Any = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return serialize_key_and_certificates(b"name", private, leaf, others, how)


@pytest.mark.parametrize("password", [None, b"secret"])
def test_pkcs12(password: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "keypair.p12"
    file.write_bytes(pkcs12(password))
    ctx = tlscore.Context(tlscore.SERVER)
    ctx.add_pkcs12_file(file, password)
    ctx.add_pkcs12_mem(file.read_bytes(), (lambda: password) if password else None)
    assert ctx.keypairs == 2 and Pair(server_ctx=ctx).client.verified
    with pytest.raises(tlscore.UsageError) as error:
        ctx.add_pkcs12_mem(file.read_bytes(), "wrong")
    assert error.value.name == "WRONG_PASSWORD"
    with pytest.raises(tlscore.UsageError) as error:
        ctx.add_pkcs12_mem(b"\x30\x00")
    assert error.value.name == "BAD_PKCS12" and ctx.keypairs == 2
    with pytest.raises(tlscore.UsageError) as error:
        ctx.add_pkcs12_file(tmp_path / "nothing")
    assert error.value.name == "FILE_UNREADABLE"


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


def test_a_servers_own_group_for_dhe() -> None:
    client, server = client_context(), server_context("server-rsa")
    for ctx in client, server:
        ctx.set_policy("legacy")
        ctx.set_cipher_list("DHE-RSA-AES128-GCM-SHA256")
    client.set_client_session_cache(0)
    assert Pair(client, server).client.group == "ffdhe2048", "which the client names (RFC 7919)"
    client.set_groups("X25519")
    server.set_dh_params_file(PKI / "dh2048.pem")
    # Its prime, in ServerKeyExchange.
    prime = ssl.PEM_cert_to_DER_cert(
        (PKI / "dh2048.pem").read_text().strip().replace("DH PARAMETERS", "CERTIFICATE")
    )[20:200]
    ends = tlscore.Connection(client, NAME), tlscore.Connection(server, server_side=True)
    for conn, peer in (ends, ends[::-1]):
        with pytest.raises(tlscore.WantWrite):
            conn.handshake()
        flight = conn.drain()
        peer.feed(flight)
    assert prime in flight
    shake(*ends)
    assert ends[0].cipher == "DHE-RSA-AES128-GCM-SHA256" and ends[0].group is None
    with pytest.raises(tlscore.UsageError) as error:
        server.set_dh_params_file(PKI / "ca.pem")
    assert error.value.name in {"BAD_PEM", "BAD_DH_PARAMS"}
