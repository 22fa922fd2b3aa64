"""Pre-shared keys of tlscore.compat, also with the ssl module where it has them (Python 3.13)."""

from __future__ import annotations

import socket
import ssl
import sys
from typing import Any

import pytest
from compat_peers import MODULES, echoing, serving, shaken

from tlscore import compat

KEY = bytes(range(32))
HAS_PSK = [m for m in MODULES if all(hasattr(ssl, "HAS_PSK") or part is compat for part in m)]


def context(module: Any, protocol: int) -> Any:
    ctx = module.SSLContext(protocol)
    ctx.check_hostname = False
    ctx.verify_mode = ssl.CERT_NONE
    ctx.maximum_version = ssl.TLSVersion.TLSv1_2
    if module is compat:
        ctx.set_policy("legacy")
    ctx.set_ciphers("PSK")
    return ctx


def contexts(client: Any = compat, server: Any = compat) -> tuple[Any, Any]:
    return context(client, ssl.PROTOCOL_TLS_CLIENT), context(server, ssl.PROTOCOL_TLS_SERVER)


@pytest.mark.parametrize("modules", HAS_PSK, ids=lambda modules: "-".join(m.__name__ for m in modules))
def test_a_handshake_with_a_pre_shared_key(modules: tuple[Any, Any]) -> None:
    client_ctx, server_ctx = contexts(*modules)
    hints: list[str | None] = []
    names: list[str] = []
    client_ctx.set_psk_client_callback(lambda hint: (hints.append(hint), ("a client", KEY))[1])
    server_ctx.set_psk_server_callback(lambda identity: (names.append(identity), KEY)[1], "a server")
    with serving(echoing(server_ctx)) as port:
        with socket.create_connection(("127.0.0.1", port), timeout=20) as sock:
            with client_ctx.wrap_socket(sock) as tls:
                assert "PSK" in tls.cipher()[0]
                tls.sendall(b"hello")
                assert tls.recv(16) == b"hello"
                tls.unwrap()
    assert (hints, names) == (["a server"], ["a client"])


def memory(client_ctx: Any, server_ctx: Any) -> None:
    shaken(client_ctx, server_ctx, None)


def test_ciphers_with_pre_shared_keys_are_listed_where_there_are_keys() -> None:
    ctx = contexts()[0]
    assert ctx.get_ciphers() == []
    ctx.set_psk_client_callback(lambda hint: (None, KEY))
    assert all("psk" in cipher["auth"] or "psk" in cipher["kea"] for cipher in ctx.get_ciphers())
    assert ctx.get_ciphers()
    ctx.set_psk_client_callback(None)
    assert ctx.get_ciphers() == []


def test_no_identity_and_no_hint() -> None:
    client_ctx, server_ctx = contexts()
    seen: list[Any] = []
    client_ctx.set_psk_client_callback(lambda hint: (seen.append(hint), (None, KEY))[1])
    server_ctx.set_psk_server_callback(lambda identity: (seen.append(identity), KEY)[1])
    memory(client_ctx, server_ctx)
    assert seen == [None, ""]


@pytest.mark.parametrize(
    ("client", "server"),
    [
        (lambda hint: ("me", b""), lambda identity: KEY),
        (lambda hint: ("me", KEY), lambda identity: b""),
        (lambda hint: ("me", KEY), lambda identity: bytes(32)),
        (lambda hint: ("me", KEY), None),
        (None, lambda identity: KEY),
    ],
)
def test_keys_that_are_missing_or_wrong(client: Any, server: Any) -> None:
    client_ctx, server_ctx = contexts()
    client_ctx.set_psk_client_callback(client)
    server_ctx.set_psk_server_callback(server)
    with pytest.raises(ssl.SSLError):
        memory(client_ctx, server_ctx)


@pytest.mark.parametrize("wrong", [0, 1])
def test_what_a_callback_raises_is_told_to_the_hook(monkeypatch: pytest.MonkeyPatch, wrong: int) -> None:
    told: list[Any] = []
    monkeypatch.setattr("sys.unraisablehook", lambda args: told.append((args.exc_type, args.object)))

    def fail(_: Any) -> Any:
        raise LookupError

    client_ctx, server_ctx = contexts()
    client_ctx.set_psk_client_callback(fail if wrong == 0 else lambda hint: ("me", KEY))
    server_ctx.set_psk_server_callback(fail if wrong == 1 else lambda identity: KEY)
    with pytest.raises(ssl.SSLError):
        memory(client_ctx, server_ctx)
    assert told == [(LookupError, fail)]


@pytest.mark.parametrize("hook", [sys.__unraisablehook__, lambda args: 1 / 0], ids=["default", "raising"])
@pytest.mark.parametrize("answer", [None, "text", b"k" * 1025])
def test_no_hook_changes_how_the_handshake_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], hook: Any, answer: Any
) -> None:
    monkeypatch.setattr("sys.unraisablehook", hook)

    def callback(identity: str) -> Any:
        return answer or {}["nobody"]

    client_ctx, server_ctx = contexts()
    client_ctx.set_psk_client_callback(lambda hint: ("me", KEY))
    server_ctx.set_psk_server_callback(callback)
    with pytest.raises(ssl.SSLError):
        memory(client_ctx, server_ctx)
    most = "ValueError: a pre-shared key has at most 1024 bytes"
    wrong = {"NoneType": "KeyError: 'nobody'", "str": "TypeError", "bytes": most}
    assert wrong[type(answer).__name__] in capsys.readouterr().err


@pytest.mark.parametrize("wrong", ["client", "server"])
def test_a_callback_that_exits_fails_the_handshake_and_no_more(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    told: list[Any] = []
    monkeypatch.setattr("sys.unraisablehook", lambda args: told.append(args.exc_type))
    client_ctx, server_ctx = contexts()
    client_ctx.set_psk_client_callback(lambda hint: sys.exit(3) if wrong == "client" else ("me", KEY))
    server_ctx.set_psk_server_callback(lambda identity: sys.exit(3) if wrong == "server" else KEY)
    with pytest.raises(ssl.SSLError):
        memory(client_ctx, server_ctx)
    assert told == [SystemExit]


def test_an_identity_that_is_too_long_is_the_callbacks_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    monkeypatch.setattr("sys.unraisablehook", lambda args: told.append(str(args.exc_value)))
    client_ctx, server_ctx = contexts()
    client_ctx.set_psk_client_callback(lambda hint: ("\xe4" * 512 + "x", KEY))
    server_ctx.set_psk_server_callback(lambda identity: KEY)
    with pytest.raises(ssl.SSLError):
        memory(client_ctx, server_ctx)
    assert told == ["a PSK identity has at most 1024 bytes"]


def test_it_says_that_it_has_them() -> None:
    assert compat.HAS_PSK is True


def test_an_identity_that_is_no_text_is_nobodys(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    monkeypatch.setattr("sys.unraisablehook", lambda args: told.append(args.exc_type))
    client_ctx, server_ctx = contexts()
    client_ctx._native.set_psk(b"\xff", KEY)
    server_ctx.set_psk_server_callback(lambda identity: KEY)
    with pytest.raises(ssl.SSLError):
        memory(client_ctx, server_ctx)
    assert told == [UnicodeDecodeError]


def test_arguments() -> None:
    client_ctx, server_ctx = contexts()
    with pytest.raises(ssl.SSLError, match="Cannot add PSK server callback to a PROTOCOL_TLS_CLIENT context"):
        client_ctx.set_psk_server_callback(lambda identity: KEY)
    with pytest.raises(ssl.SSLError, match="Cannot add PSK client callback to a PROTOCOL_TLS_SERVER context"):
        server_ctx.set_psk_client_callback(lambda hint: ("me", KEY))
    with pytest.raises(TypeError):
        client_ctx.set_psk_client_callback(7)
    with pytest.raises(ssl.SSLError, match="BAD_ARGUMENT|at most"):
        server_ctx.set_psk_server_callback(lambda identity: KEY, "h" * 1025)
