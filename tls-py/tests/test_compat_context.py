"""Settings of tlscore.compat's contexts: done, accepted and listed, or refused. Never stored and forgotten."""

from __future__ import annotations

import base64
import ssl
import subprocess
from pathlib import Path
from typing import Any

import pytest
from compat_peers import BOTH, HOST, client_ctx, ends, handshake, server_ctx, shaken
from conftest import PKI

import tlscore
from tlscore import compat
from tlscore.compat.constants import constants

pytestmark = pytest.mark.filterwarnings("ignore:ssl.:DeprecationWarning")


def fresh(protocol: int = ssl.PROTOCOL_TLS_CLIENT) -> compat.SSLContext:
    return compat.SSLContext(protocol)


def test_it_is_what_programs_look_for() -> None:
    ctx = compat.create_default_context()
    assert isinstance(ctx, ssl.SSLContext)
    assert issubclass(compat.SSLSocket, ssl.SSLSocket) and issubclass(compat.SSLObject, ssl.SSLObject)
    assert ctx.verify_mode is ssl.CERT_REQUIRED and ctx.check_hostname is True
    assert compat.SSLError is ssl.SSLError and compat.CERT_NONE is ssl.CERT_NONE
    assert compat.HAS_TLSv1_2 and compat.HAS_SNI and compat.HAS_ALPN and not compat.HAS_TLSv1_3
    assert ctx.protocol is ssl.PROTOCOL_TLS_CLIENT


def test_what_a_later_ssl_module_has_is_not_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ssl, "HAS_SOMETHING_NEW", True, raising=False)
    found = constants()
    assert found["HAS_SOMETHING_NEW"] is False
    assert {name for name, value in found.items() if name.startswith("HAS_") and value} == {
        *("HAS_ALPN", "HAS_ECDH", "HAS_NEVER_CHECK_COMMON_NAME", "HAS_PSK", "HAS_SNI", "HAS_TLSv1_2")
    }


def test_nothing_of_the_interpreters_class_is_left_over() -> None:
    kept = {"wrap_socket", "wrap_bio", "set_servername_callback", "load_default_certs", "sslsocket_class", "sslobject_class"}
    ours = compat.SSLContext.__mro__[: compat.SSLContext.__mro__.index(ssl.SSLContext)]
    for cls in (ssl.SSLContext, ssl.SSLContext.__base__):
        assert cls is not None
        for name in vars(cls):
            if not name.startswith("_"):
                assert name in kept or any(name in vars(c) for c in ours), name


def test_the_context_underneath_verifies_against_nobody() -> None:
    base: Any = ssl.SSLContext
    ctx = fresh(ssl.PROTOCOL_TLS_SERVER)
    ctx.verify_mode = ssl.CERT_NONE
    assert base.verify_mode.fget(ctx) is ssl.CERT_REQUIRED
    assert base.__base__.check_hostname.__get__(ctx) is True
    assert base.cert_store_stats(ctx)["x509"] == 0


def test_without_cas_nobody_is_trusted() -> None:
    ctx = fresh()
    assert ctx.get_ca_certs() == [] and ctx.cert_store_stats() == {"x509": 0, "crl": 0, "x509_ca": 0}
    with pytest.raises(ssl.SSLCertVerificationError):
        shake(ctx, server_ctx())


def test_cas_are_shown_as_the_ssl_module_does() -> None:
    ours, theirs = fresh(), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for path in ("ca", "other-ca", "self-leaf", "ca-old"):
        for ctx in (ours, theirs):
            ctx.load_verify_locations(PKI / f"{path}.pem")
    assert ours.cert_store_stats() == theirs.cert_store_stats()
    key = str
    assert sorted(ours.get_ca_certs(), key=key) == sorted(theirs.get_ca_certs(), key=key)
    assert sorted(ours.get_ca_certs(True)) == sorted(theirs.get_ca_certs(True))


CERTIFICATES = [path for path in sorted(PKI.glob("*.pem")) if "BEGIN CERTIFICATE" in path.read_text()]


@pytest.mark.parametrize("path", CERTIFICATES, ids=lambda path: path.name)
def test_certificates_decode_as_in_the_ssl_module(path: Path) -> None:
    theirs = ssl._ssl._test_decode_cert(str(path))  # type: ignore[attr-defined]
    der = tlscore.Certificate.load(path)[0].der
    ours = compat.peercert.decode(der)
    assert ours == theirs and list(ours) == list(theirs)


@pytest.mark.parametrize("der", [b"", b"\x30", b"\x30\x80", b"\x30\x02\x30\x00", b"\x30\x84\xff\xff\xff\xff"])
def test_what_does_not_decode(der: bytes) -> None:
    with pytest.raises((ValueError, IndexError, StopIteration)):
        compat.peercert.decode(der)


def openssl_hash(kind: str, name: str) -> str:
    command = ["openssl", kind, "-in", PKI / f"{name}.pem", "-noout", "-hash"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize("name", ["ca", "int", "no-subject", "name-utf8", "name-many", "crl-ca", "crl-int", "ca-ed25519"])
def test_names_have_the_hashes_of_openssl(name: str) -> None:
    if name.startswith("crl"):
        pem = "".join((PKI / f"{name}.pem").read_text().split("-----")[2].split())
        assert compat.capath.issuer_hash(base64.b64decode(pem)) == openssl_hash("crl", name)
    else:
        der = tlscore.Certificate.load(PKI / f"{name}.pem")[0].der
        assert compat.capath.subject_hash(der) == openssl_hash("x509", name)


@pytest.mark.parametrize("tag", [0x13, 0x14, 0x16, 0x0C])
def test_names_that_compare_equal_have_one_hash(tag: int) -> None:
    """RFC 5280 section 7.1: the type, capitals and spaces do not matter."""
    der = tlscore.Certificate.load(PKI / "server-p256.pem")[0].der.replace(b"server-p256", b" SERVER  p2")
    at = der.index(b"\x0c", der.index(b" SERVER  p2") - 3)
    odd = der[:at] + bytes([tag]) + der[at + 1 :]
    plain = der.replace(b"\x0c\x0b SERVER  p2", b"\x0c\x0bserver p2\x20\x20")
    assert compat.capath.subject_hash(odd) == compat.capath.subject_hash(plain) != compat.capath.subject_hash(
        der.replace(b"SERVER", b"SERVES")
    )


def test_directories_are_trusted_as_openssl_does(tmp_path: Path) -> None:
    (tmp_path / "server.pem").write_bytes((PKI / "ca.pem").read_bytes())
    ctx = fresh()
    ctx.load_verify_locations(capath=tmp_path)
    with pytest.raises(ssl.SSLCertVerificationError):
        shake(ctx, server_ctx())
    (tmp_path / "0123abcd.0").write_bytes((PKI / "ca.pem").read_bytes())
    ctx.load_verify_locations(capath=tmp_path)
    with pytest.raises(ssl.SSLCertVerificationError):
        shake(ctx, server_ctx())
    ca, crl = openssl_hash("x509", "ca"), openssl_hash("crl", "crl-int-revoked")
    (tmp_path / f"{ca}.1").write_bytes((PKI / "ca.pem").read_bytes())
    ctx.load_verify_locations(capath=f"{tmp_path}:{tmp_path / 'nothing'}")
    with pytest.raises(ssl.SSLCertVerificationError):
        shake(ctx, server_ctx())
    (tmp_path / f"{ca}.0").write_bytes((PKI / "other-ca.pem").read_bytes())
    (tmp_path / f"{crl}.r0").write_bytes((PKI / "crl-int-revoked.pem").read_bytes())
    ctx.load_verify_locations(capath=f"{tmp_path / 'nothing'}:{tmp_path}")
    assert ctx.get_ca_certs() == [], "until a path ends in one"
    assert shake(ctx, server_ctx()).getpeercert() and len(ctx.get_ca_certs()) == 1
    ctx.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
    with pytest.raises(ssl.SSLCertVerificationError, match="revoked"):
        shake(ctx, server_ctx())
    ctx.load_verify_locations(capath=tmp_path / "nothing")


@pytest.mark.parametrize("module", BOTH)
def test_what_is_trusted_is_shown(module: Any, tmp_path: Path) -> None:
    ca = ssl.PEM_cert_to_DER_cert((PKI / "ca.pem").read_text())
    ctx = module.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    (tmp_path / "ca.der").write_bytes(ca)
    with pytest.raises(ssl.SSLError) as error:
        ctx.load_verify_locations(tmp_path / "ca.der")
    assert error.value.reason == "NO_CERTIFICATE_OR_CRL_FOUND"
    with pytest.raises(ssl.SSLCertVerificationError):
        shake(ctx, server_ctx())
    with pytest.raises(ssl.SSLError):
        ctx.load_verify_locations(cadata=ca + b"\x30\x03abc")
    assert ctx.get_ca_certs(True) == [ca] and ctx.cert_store_stats() == {"x509": 1, "crl": 0, "x509_ca": 1}
    assert shake(ctx, server_ctx()).getpeercert(), "one that was taken before the bad one is trusted"


@pytest.mark.parametrize("module", BOTH)
@pytest.mark.parametrize("kind", [0x13, 0x16], ids=["Printable", "IA5"])
def test_names_in_latin_1(module: Any, kind: int, tmp_path: Path) -> None:
    """Of all strings but UTF8, BMP and Universal, as old CAs wrote them."""
    ca = ssl.PEM_cert_to_DER_cert((PKI / "ca.pem").read_text())
    subject = ca.rindex(b"\x55\x04\x03")
    at = subject + 5
    der = ca[: subject + 3] + bytes([kind]) + ca[subject + 4 : at] + b"\xe4" + ca[at + 1 :]
    (tmp_path / "old.pem").write_text(ssl.DER_cert_to_PEM_cert(der))
    ctx = module.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    ctx.load_verify_locations(tmp_path / "old.pem")
    (found,) = ctx.get_ca_certs()
    assert found["subject"][-1][0][1].startswith("\xe4")


def test_verify_mode_and_check_hostname() -> None:
    ctx = fresh()
    with pytest.raises(ValueError, match="Cannot set verify_mode to CERT_NONE"):
        ctx.verify_mode = ssl.CERT_NONE
    ctx.check_hostname = False
    ctx.verify_mode = ssl.CERT_NONE
    ctx.check_hostname = True
    assert ctx.verify_mode is ssl.CERT_REQUIRED
    for wrong in (17, -1):
        with pytest.raises(ValueError):
            ctx.verify_mode = wrong  # type: ignore[assignment]
    with pytest.raises(TypeError):
        ctx.verify_mode = None  # type: ignore[assignment]


def test_versions() -> None:
    ctx = fresh()
    ctx.minimum_version = ssl.TLSVersion.TLSv1_2
    ctx.maximum_version = ssl.TLSVersion.TLSv1_3
    assert ctx.minimum_version is ssl.TLSVersion.TLSv1_2
    for attribute, version in (("minimum_version", "TLSv1_3"), ("maximum_version", "TLSv1_1")):
        with pytest.raises(ValueError, match="tlscore speaks TLS 1.2"):
            setattr(ctx, attribute, ssl.TLSVersion[version])
    for protocol in (ssl.PROTOCOL_TLSv1, ssl.PROTOCOL_TLSv1_1, 99):
        with pytest.raises(ValueError):
            compat.SSLContext(protocol)


def test_options_that_are_refused() -> None:
    ctx = fresh()
    before = ctx.options
    with pytest.raises(ValueError):
        ctx.options |= 1 << 13
    for wrong in (-1, 1 << 64):
        with pytest.raises(OverflowError):
            ctx.options = wrong  # type: ignore[assignment]
    assert ctx.options == before


def test_options_that_are_accepted() -> None:
    ctx = fresh()
    for name in compat.ACCEPTED:
        if name.startswith("OP_") and hasattr(ssl, name):
            ctx.options |= getattr(ssl, name)
    ctx.options = ssl.Options(0)
    assert ctx.options == 0
    ctx.post_handshake_auth = True
    assert ctx.post_handshake_auth
    server = fresh(ssl.PROTOCOL_TLS_SERVER)
    server.num_tickets = 1
    with pytest.raises(ValueError):
        server.num_tickets = -1
    with pytest.raises(ValueError):
        ctx.num_tickets = 1


def test_flags() -> None:
    ctx = fresh()
    assert ctx.verify_flags == ssl.VERIFY_DEFAULT | ssl.VERIFY_X509_TRUSTED_FIRST
    ctx.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_CRL_CHECK_CHAIN
    with pytest.raises(ValueError, match="does not know"):
        ctx.verify_flags |= 1 << 30
    assert ctx.verify_flags & ssl.VERIFY_X509_STRICT


def test_without_tls_1_2_nothing_is_left() -> None:
    ctx = client_ctx()
    with pytest.warns(DeprecationWarning, match="deprecated"):
        ctx.options |= ssl.OP_NO_TLSv1_2
    with pytest.raises(ssl.SSLError) as error:
        shake(ctx, server_ctx())
    assert error.value.reason == "NO_PROTOCOLS_AVAILABLE"


def test_protocols_without_one_in_common() -> None:
    client, server = client_ctx(), server_ctx()
    client.set_alpn_protocols(["a"])
    server.set_alpn_protocols(["b"])
    assert shake(client, server).selected_alpn_protocol() is None
    server.set_alpn_protocols(["b", "a"])
    assert shake(client, server).selected_alpn_protocol() == "a"


def shake(client_context: Any, server_context: Any) -> Any:
    return shaken(client_context, server_context)[0]


def test_ciphers() -> None:
    ctx, theirs = fresh(), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    known = {suite["name"]: suite for suite in theirs.get_ciphers()}
    ctx.set_policy("legacy")
    ctx.set_ciphers("ALL:!PSK")
    compared = 0
    for suite in ctx.get_ciphers():
        if (other := known.get(suite["name"])) is not None:
            description = suite.pop("description").split(), other.pop("description").split()
            assert suite == other and description[0] == description[1]
            compared += 1
    assert compared > 8
    for wrong in ("^$:,;?*'dorothyx", "", "NULL"):
        with pytest.raises(ssl.SSLError, match="No cipher can be selected"):
            ctx.set_ciphers(wrong)
    fresh_one = fresh()
    with pytest.raises(ssl.SSLError, match="legacy"):
        fresh_one.set_ciphers("AES128-SHA")
    fresh_one.set_ecdh_curve("prime256v1")
    with pytest.raises(ValueError):
        fresh_one.set_ecdh_curve("foo")


def test_alpn() -> None:
    for wrong in ([""], ["x" * 256]):
        with pytest.raises(ssl.SSLError, match="1 to 255"):
            fresh().set_alpn_protocols(wrong)


def test_what_raises_with_a_sentence() -> None:
    ctx: Any = fresh()
    with pytest.raises(NotImplementedError, match="ALPN"):
        ctx.set_npn_protocols(["h2"])
    with pytest.raises(NotImplementedError, match="trace"):
        ctx._msg_callback = print
    ctx._msg_callback = None
    assert ctx._msg_callback is None


def test_cert_chains() -> None:
    ctx = fresh(ssl.PROTOCOL_TLS_SERVER)
    with pytest.raises(FileNotFoundError) as missing:
        ctx.load_cert_chain(PKI / "nothing.pem")
    assert missing.value.errno == 2
    with pytest.raises(ssl.SSLError, match="PEM lib"):
        ctx.load_cert_chain(PKI / "server-p256.pem")
    with pytest.raises(ssl.SSLError, match="key values mismatch") as mismatch:
        ctx.load_cert_chain(PKI / "server-p256.pem", PKI / "by-ca-p256.key")
    assert (mismatch.value.library, mismatch.value.reason) == ("X509", "KEY_VALUES_MISMATCH")
    for password in ("secret", b"secret", lambda: "secret"):
        ctx.load_cert_chain(PKI / "server-rsa.pem", PKI / "server-rsa-encrypted.key", password)
    with pytest.raises(ssl.SSLError):
        ctx.load_cert_chain(PKI / "server-rsa.pem", PKI / "server-rsa-encrypted.key", "wrong")
    with pytest.raises(ZeroDivisionError):
        ctx.load_cert_chain(PKI / "server-rsa.pem", PKI / "server-rsa-encrypted.key", lambda: str(1 / 0))
    with pytest.raises(ValueError, match="cannot be longer"):
        ctx.load_cert_chain(PKI / "server-rsa.pem", PKI / "server-rsa-encrypted.key", "x" * 2000)


@pytest.mark.parametrize("name", ["", ".example.org"])
def test_bad_names(name: str) -> None:
    with pytest.raises(ValueError):
        fresh().wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname=name)


def test_roles() -> None:
    with pytest.raises(ssl.SSLError, match="Cannot create a server socket"):
        fresh().wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_side=True)
    with pytest.raises(ssl.SSLError, match="Cannot create a client socket"):
        server_ctx().wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO())
    with pytest.raises(ValueError):
        fresh().sni_callback = print


def test_statistics() -> None:
    client, server = client_ctx(), server_ctx()
    shake(client, server)
    assert (client.session_stats()["connect"], client.session_stats()["connect_good"]) == (1, 1)
    assert (server.session_stats()["accept"], server.session_stats()["hits"]) == (1, 0)


def test_keylog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "log"))
    ctx = client_ctx()
    assert ctx.keylog_filename == str(tmp_path / "log")
    shake(ctx, server_ctx())
    assert "CLIENT_RANDOM" in (tmp_path / "log").read_text()
    ctx.keylog_filename = None
    assert ctx.keylog_filename is None
    with pytest.raises(OSError):
        ctx.keylog_filename = tmp_path / "no" / "log"


def test_no_secret_is_written_to_a_file_that_is_not_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> Any:
        raise OSError(24, "Too many open files")

    ctx = client_ctx()
    with monkeypatch.context() as patched, pytest.raises(OSError, match="Too many"):
        patched.setattr("builtins.open", full)
        ctx.keylog_filename = tmp_path / "log"
    shake(ctx, server_ctx())
    assert ctx.keylog_filename is None and not (tmp_path / "log").exists()


def test_bios_get_back_what_is_not_tls() -> None:
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_ctx().wrap_bio(to_client, to_server, server_hostname=HOST)
    server = server_ctx().wrap_bio(to_server, to_client, server_side=True)
    handshake(client, server)
    assert server.write(b"data") == 4
    assert client.read(100) == b"data"
    with pytest.raises(ssl.SSLWantReadError) as error:
        client.read(1)
    assert str(error.value).startswith("The operation did not complete (read)")
    assert error.value.errno == ssl.SSL_ERROR_WANT_READ
    with pytest.raises(ssl.SSLWantReadError):
        client.unwrap()
    assert server.read(10) == b""
    server.unwrap()
    to_client.write(b"plain text")
    client.unwrap()
    assert to_client.read() == b"plain text"


def test_data_behind_our_close_notify() -> None:
    client, server = ends(client_ctx(), server_ctx())
    with pytest.raises(ssl.SSLError, match="shutdown while in init"):
        client.unwrap()
    handshake(client, server)
    server.write(b"data")
    with pytest.raises(ssl.SSLError) as error:
        client.unwrap()
    assert error.value.reason == "APPLICATION_DATA_AFTER_CLOSE_NOTIFY"
