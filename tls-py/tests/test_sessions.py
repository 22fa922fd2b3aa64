"""Sessions, exporters, channel bindings."""

from __future__ import annotations

import time

import pytest
from conftest import NAME, Pair, client_context, move, server_context, shake

import tlscore


def connect(ctx: tlscore.Context, server: tlscore.Context, session: tlscore.Session | None) -> tlscore.Connection:
    client = tlscore.Connection(ctx, NAME)
    if session is not None:
        client.set_session(session)
    shake(client, tlscore.Connection(server, server_side=True))
    return client


def quiet_client() -> tlscore.Context:
    ctx = client_context()
    ctx.set_client_session_cache(0)
    return ctx


def test_a_session_is_resumed_when_it_is_given() -> None:
    ctx, server = quiet_client(), server_context()
    first = connect(ctx, server, None)
    session = first.session
    assert session is not None and not first.resumed
    assert session.has_ticket and session.server_name == NAME and session.cipher == first.cipher
    assert abs(session.time - time.time()) < 60 and session.lifetime == 7200
    assert not connect(ctx, server, None).resumed
    second = connect(ctx, server, session)
    assert second.resumed and second.verified
    assert second.peer_chain == first.peer_chain


def test_by_itself_a_context_resumes() -> None:
    ctx, server = client_context(), server_context()
    assert not connect(ctx, server, None).resumed
    assert connect(ctx, server, None).resumed


def test_export_and_import() -> None:
    ctx, server = quiet_client(), server_context()
    session = connect(ctx, server, None).session
    assert session is not None
    copy = tlscore.Session(session.export())
    assert copy == session and hash(copy) == hash(session) and copy != b""
    assert connect(ctx, server, copy).resumed


@pytest.mark.parametrize("data", [b"", b"tlsS", b"\0" * 200])
def test_what_is_no_session(data: bytes) -> None:
    with pytest.raises(tlscore.UsageError) as error:
        tlscore.Session(data)
    assert error.value.name == "BAD_SESSION"


def test_a_damaged_session() -> None:
    session = connect(client_context(), server_context(), None).session
    assert session is not None
    data = bytearray(session.export())
    data[len(data) // 2] ^= 1
    with pytest.raises(tlscore.UsageError):
        tlscore.Session(data)


def test_session_ids() -> None:
    ctx, server = quiet_client(), server_context()
    server.set_tickets(False)
    session = connect(ctx, server, None).session
    assert session is not None and len(session.id) == 32 and not session.has_ticket
    assert connect(ctx, server, session).resumed
    server.set_session_cache(0)
    assert not connect(ctx, server, session).resumed


def test_ticket_keys() -> None:
    ctx, a, b = quiet_client(), server_context(), server_context()
    session = connect(ctx, a, None).session
    assert not connect(ctx, b, session).resumed
    for server in (a, b):
        server.set_ticket_keys_mem(bytes(range(80)))
    session = connect(ctx, a, None).session
    assert connect(ctx, b, session).resumed
    b.set_session_id_context(b"another purpose")
    assert not connect(ctx, b, session).resumed
    with pytest.raises(tlscore.UsageError) as error:
        a.set_ticket_keys_mem(b"short")
    assert error.value.name == "BAD_TICKET_KEYS"
    a.add_ticket_key(bytes(48), 3600, 3600)
    a.set_ticket_master(bytes(range(32)), 3600)


def test_a_ticket_key_that_is_removed() -> None:
    ctx, server = quiet_client(), server_context()
    key = bytes(range(80))
    server.set_ticket_keys_mem(key)
    session = connect(ctx, server, None).session
    server.add_ticket_key(bytes(48), 3600, 3600)
    assert connect(ctx, server, session).resumed
    server.remove_ticket_key(key[:16])
    assert not connect(ctx, server, session).resumed
    for wrong in (key[:16], key[:15], b""):
        with pytest.raises(tlscore.UsageError) as error:
            server.remove_ticket_key(wrong)
        assert error.value.name == "BAD_TICKET_KEYS"


def test_how_long_sessions_last() -> None:
    ctx, server = quiet_client(), server_context()
    server.set_session_lifetime(77)
    session = connect(ctx, server, None).session
    assert session is not None and session.lifetime == 77
    for wrong in (0, 86401):
        with pytest.raises(tlscore.UsageError) as error:
            server.set_session_lifetime(wrong)
        assert error.value.name == "BAD_ARGUMENT"


def test_setting_one_too_late(pair: Pair) -> None:
    client = tlscore.Connection(client_context(), NAME)
    with pytest.raises(tlscore.WantWrite):
        client.handshake()
    for setter in (lambda: client.set_session(None), lambda: client.set_server_name("a.test")):
        with pytest.raises(tlscore.UsageError) as error:
            setter()
        assert error.value.name == "WRONG_ORDER"
    with pytest.raises(tlscore.UsageError) as error:
        tlscore.Connection(server_context(), server_side=True).set_session(None)
    assert error.value.name == "WRONG_ROLE"
    assert pair.server.session is None


def test_names_apart() -> None:
    client = tlscore.Connection(client_context(), "a.other.test")
    client.set_server_name(None)
    client.set_verify_name(NAME)
    server = tlscore.Connection(server_context(), server_side=True)
    shake(client, server)
    assert client.verified and server.server_name is None


def test_lists_of_a_connection() -> None:
    client = tlscore.Connection(client_context(), NAME)
    client.set_cipher_list("ECDHE-ECDSA-AES256-GCM-SHA384")
    client.set_alpn(["h2"])
    server = tlscore.Connection(server_context(), server_side=True)
    server.set_alpn(["http/1.1", "h2"])
    shake(client, server)
    assert client.alpn == "h2" and client.cipher == "ECDHE-ECDSA-AES256-GCM-SHA384"


def test_exporters(pair: Pair) -> None:
    args = "EXPERIMENTAL label", 40, b"context"
    key = pair.client.export_keying_material(*args)
    assert len(key) == 40 and key == pair.server.export_keying_material(*args)
    assert key != pair.client.export_keying_material("EXPERIMENTAL label", 40)
    for label, length in (("master secret", 32), ("EXPERIMENTAL", 0), ("EXPERIMENTAL", 65536)):
        with pytest.raises(tlscore.UsageError) as error:
            pair.client.export_keying_material(label, length)
        assert error.value.name == "BAD_ARGUMENT"
    with pytest.raises(tlscore.UsageError) as error:
        tlscore.Connection(client_context(), NAME).export_keying_material(*args)
    assert error.value.name == "WRONG_ORDER"


@pytest.mark.parametrize(("kind", "length"), [("tls-unique", 12), ("tls-server-end-point", 32), ("tls-exporter", 32)])
def test_channel_bindings(pair: Pair, kind: str, length: int) -> None:
    binding = pair.client.channel_binding(kind)
    assert len(binding) == length and binding == pair.server.channel_binding(kind)


def test_unknown_channel_bindings(pair: Pair) -> None:
    with pytest.raises(tlscore.UsageError) as error:
        pair.client.channel_binding("tls-guess")
    assert error.value.name == "BAD_ARGUMENT"


@pytest.mark.parametrize("theirs", ["allow", "own"])
def test_renegotiation(theirs: str) -> None:
    hellos: list[bytes] = []
    server_ctx = server_context()
    server_ctx.set_hello_callback(lambda hello: hellos.append(hello.session_id))  # type: ignore[arg-type, func-returns-value, return-value]
    client, server = tlscore.Connection(client_context(), NAME), tlscore.Connection(server_ctx, server_side=True)
    client.set_renegotiation("own")
    server.set_renegotiation(theirs)
    shake(client, server)
    with pytest.raises((tlscore.WantRead, tlscore.WantWrite)):
        client.renegotiate()
    for _ in range(4):
        for conn, peer in ((client, server), (server, client)):
            move(conn, peer)
            with pytest.raises((tlscore.WantRead, tlscore.WantWrite)):
                peer.read()
    assert len(hellos) == (2 if theirs == "allow" else 1) and hellos[0] == b""
    client.write(b"as before")
    move(client, server)
    assert server.read() == b"as before"


def test_renegotiation_is_refused_by_default(pair: Pair) -> None:
    with pytest.raises(tlscore.UsageError) as error:
        pair.client.renegotiate()
    assert error.value.name == "RENEGOTIATION_OFF"
    with pytest.raises(tlscore.UsageError):
        pair.client.set_renegotiation("perhaps")
