"""VERIFY_CRL_CHECK_*: once CRLs are asked for, nobody is accepted without one."""

from __future__ import annotations

import ssl
import threading
from pathlib import Path
from typing import Any

import pytest
from compat_peers import BOTH, client_ctx, ends, handshake, server_ctx, shaken
from conftest import PKI
CRL_LEAF = ssl.VERIFY_CRL_CHECK_LEAF
BROKEN = "-----BEGIN X509 CRL-----\nMAYCAQECAQI=\n-----END X509 CRL-----\n"
MISSING = "unable to get certificate CRL"


def shake(client: Any) -> Any:
    return shaken(client, server_ctx())[0]


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "broken.pem"
    path.write_text(BROKEN)
    return path


def test_crls_are_asked_for_and_must_be_there() -> None:
    ctx = client_ctx()
    ctx.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
    with pytest.raises(ssl.SSLCertVerificationError) as error:
        shake(ctx)
    assert (error.value.verify_code, error.value.verify_message) == (3, "unable to get certificate CRL")
    ctx.load_verify_locations(PKI / "crl-int.pem")
    assert shake(ctx).getpeercert()
    ctx.load_verify_locations(PKI / "crl-int-revoked.pem")
    with pytest.raises(ssl.SSLCertVerificationError, match="certificate revoked"):
        shake(ctx)
    ctx.verify_flags &= ~ssl.VERIFY_CRL_CHECK_LEAF
    assert shake(ctx).getpeercert()


@pytest.mark.parametrize("module", BOTH)
def test_one_that_is_broken_is_none(module: Any, broken: Path) -> None:
    ctx = client_ctx(module)
    ctx.verify_flags |= CRL_LEAF
    with pytest.raises(ssl.SSLError):
        ctx.load_verify_locations(broken)
    with pytest.raises(ssl.SSLCertVerificationError, match=MISSING):
        shake(ctx)


@pytest.mark.parametrize("module", BOTH)
def test_it_is_found_broken_when_it_is_loaded(module: Any, broken: Path) -> None:
    ctx = client_ctx(module)
    with pytest.raises(ssl.SSLError):
        ctx.load_verify_locations(broken)
    ctx.verify_flags |= CRL_LEAF
    with pytest.raises(ssl.SSLCertVerificationError, match=MISSING):
        shake(ctx)
    ctx.load_verify_locations(PKI / "crl-int-revoked.pem")
    with pytest.raises(ssl.SSLCertVerificationError, match="certificate revoked"):
        shake(ctx)


@pytest.mark.parametrize("module", BOTH)
def test_a_file_is_taken_whole_or_not_at_all(module: Any, broken: Path) -> None:
    ctx = client_ctx(module)
    ctx.verify_flags |= CRL_LEAF
    broken.write_text((PKI / "crl-int-revoked.pem").read_text() + BROKEN)
    with pytest.raises(ssl.SSLError):
        ctx.load_verify_locations(broken)
    with pytest.raises(ssl.SSLCertVerificationError, match=MISSING):
        shake(ctx)


def test_one_that_is_loaded_later_does_not_hide_that_there_was_none() -> None:
    ctx = client_ctx()
    ctx.verify_flags |= CRL_LEAF
    client, server = ends(ctx, server_ctx())
    ctx.load_verify_locations(PKI / "crl-int.pem")
    with pytest.raises(ssl.SSLCertVerificationError, match=MISSING):
        handshake(client, server)


@pytest.mark.parametrize("module", BOTH)
def test_what_was_asked_when_the_connection_was_made_is_asked(module: Any) -> None:
    ctx = client_ctx(module)
    ctx.verify_flags |= CRL_LEAF
    client, server = ends(ctx, server_ctx())
    ctx.check_hostname = False
    ctx.verify_mode = ssl.CERT_NONE
    with pytest.raises(ssl.SSLCertVerificationError, match=MISSING):
        handshake(client, server)


@pytest.mark.parametrize("module", BOTH)
def test_whatever_context_an_sni_callback_chooses_and_becomes_of_the_first(module: Any) -> None:
    base, chosen = server_ctx(module), server_ctx(module)
    for ctx in base, chosen:
        ctx.verify_mode = ssl.CERT_REQUIRED
        ctx.load_verify_locations(PKI / "ca.pem")
    base.verify_flags |= CRL_LEAF

    def choose(end: Any, name: str | None, context: Any) -> None:
        end.context = chosen

    base.sni_callback = choose
    client = client_ctx()
    client.load_cert_chain(PKI / "client-p256.pem", PKI / "client-p256.key")
    left, right = ends(client, base)
    base.verify_mode, base.verify_flags = ssl.CERT_NONE, chosen.verify_flags
    with pytest.raises(ssl.SSLCertVerificationError, match=MISSING):
        handshake(left, right)


def test_flags_that_are_assigned_anew_leave_no_moment_without() -> None:
    ctx = client_ctx()
    ctx.load_verify_locations(PKI / "crl-int-revoked.pem")
    ctx.verify_flags |= CRL_LEAF
    done = threading.Event()

    def assign() -> None:
        while not done.is_set():
            ctx.verify_flags = ctx.verify_flags
            ctx.load_verify_locations(PKI / "crl-ca.pem")

    thread = threading.Thread(target=assign)
    thread.start()
    try:
        for _ in range(50):
            with pytest.raises(ssl.SSLCertVerificationError, match="certificate revoked"):
                shake(ctx)
    finally:
        done.set()
        thread.join()
    assert ctx.cert_store_stats()["crl"] == 2
