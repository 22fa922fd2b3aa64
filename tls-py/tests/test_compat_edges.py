"""Contexts that change behind a connection's back, writes that time out, data behind a close_notify."""

from __future__ import annotations

import socket
import ssl
from typing import Any

import pytest
from compat_peers import BOTH, HOST, client_ctx, ends, handshake, server_ctx, shaken
from conftest import NAME, PKI, Peer, client_context, server_context

import tlscore
from tlscore import compat

Sockets = tuple[socket.socket, socket.socket]


# Contexts


@pytest.mark.parametrize("module", [compat, ssl])
def test_a_context_that_is_assigned_before_the_handshake_is_followed(module: Any) -> None:
    other = module.create_default_context(cafile=PKI / "other-ca.pem")
    client, server = ends(client_ctx(module), server_ctx())
    client.context = other
    assert client.context is other
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(client, server)


def test_a_servers_context_that_is_assigned_too() -> None:
    client, server = ends(client_ctx(), server_ctx())
    server.context = server_ctx(keypair="server-rsa")
    handshake(client, server)
    assert "RSA" in client.cipher()[0]


def test_a_context_cannot_be_assigned_in_the_middle() -> None:
    client, server = ends(client_ctx(), server_ctx())
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    before = client.context
    with pytest.raises(ValueError, match="the handshake has begun"):
        client.context = client_ctx()
    assert client.context is before
    handshake(client, server)
    after = client.context = client_ctx()
    assert client.context is after, "a name, no more"


def test_a_context_that_does_not_fit_is_refused() -> None:
    client, server = ends(client_ctx(), server_ctx())
    for end, wrong in ((client, server_ctx()), (server, client_ctx())):
        before = end.context
        with pytest.raises(ssl.SSLError):
            end.context = wrong
        assert end.context is before
    handshake(client, server)
    ctx = client.context
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    again = ctx.wrap_bio(down, up, server_hostname=HOST, session=client.session)
    with pytest.raises(ValueError, match="different SSLContext"):
        again.context = client_ctx()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("verify_mode", ssl.CERT_NONE),
        ("verify_flags", ssl.VERIFY_CRL_CHECK_LEAF),
        ("check_hostname", False),
        ("options", ssl.OP_NO_TICKET),
        ("minimum_version", ssl.TLSVersion.TLSv1_3),
        ("maximum_version", ssl.TLSVersion.TLSv1_2),
    ],
)
def test_settings_of_the_base_class_do_not_go_nowhere(name: str, value: int) -> None:
    ctx, used = client_ctx(), client_ctx()
    ends(used, server_ctx())
    for each in ctx, used:
        if name == "verify_mode":
            ssl.SSLContext.__base__.check_hostname.__set__(each, False)
        # As gevent, eventlet and truststore have it.
        getattr(ssl.SSLContext.__base__, name).__set__(each, value)
        with pytest.raises(NotImplementedError, match="set in OpenSSL's context"):
            ends(each, server_ctx())


# Writes that time out


def connected(sockets: Sockets) -> tuple[Any, Any]:
    server = Peer(lambda: server_ctx().wrap_socket(sockets[1], server_side=True))
    client = client_ctx().wrap_socket(sockets[0], server_hostname=HOST)
    return client, server.join()


def received(sock: Any, count: int) -> bytes:
    got = bytearray()
    while len(got) < count:
        got += sock.recv(65536)
    return bytes(got)


DATA = bytes(index % 251 for index in range(3_000_000))


def test_a_send_that_timed_out_and_is_repeated_sends_its_bytes_once(sockets: Sockets) -> None:
    client, server = connected(sockets)
    with client, server:
        client.settimeout(0.05)
        place, timeouts = 0, 0
        reader = None
        while place < len(DATA):
            try:
                place += client.send(DATA[place:])
            except TimeoutError:
                timeouts += 1
                reader = reader or Peer(lambda: received(server, len(DATA)))
        assert timeouts and reader is not None and reader.join() == DATA


def test_other_bytes_behind_a_write_that_timed_out_are_refused(sockets: Sockets) -> None:
    client, server = connected(sockets)
    with client, server:
        client.settimeout(0.05)
        with pytest.raises(TimeoutError):
            client.sendall(DATA)
        with pytest.raises(ssl.SSLError, match="bad write retry"):
            client.send(b"shorter")


def test_a_native_write_that_timed_out_and_is_repeated_sends_its_bytes_once(sockets: Sockets) -> None:
    client = tlscore.Connection(client_context(), NAME, sock=sockets[0])
    server = tlscore.Connection(server_context(), server_side=True, sock=sockets[1])
    peer = Peer(server.handshake)
    client.handshake()
    peer.join()
    sockets[0].settimeout(0.05)
    with pytest.raises(TimeoutError):
        client.write(DATA)
    with pytest.raises(tlscore.UsageError, match="bad write retry"):
        client.write(b"shorter")

    def read() -> bytes:
        got = bytearray()
        while len(got) < len(DATA):
            got += server.read(65536)
        return bytes(got)

    reader = Peer(read)
    sockets[0].settimeout(20)
    assert client.write(DATA) == len(DATA)
    assert reader.join() == DATA


# Data behind a close_notify


def test_data_that_unwrap_found_is_not_read_in_part(sockets: Sockets) -> None:
    client, server = connected(sockets)
    with client, server:
        server.sendall(b"hello")
        for _ in range(2):
            with pytest.raises(ssl.SSLError, match="APPLICATION_DATA_AFTER_CLOSE_NOTIFY"):
                client.unwrap()
            with pytest.raises(ssl.SSLError, match="APPLICATION_DATA_AFTER_CLOSE_NOTIFY"):
                client.recv(16)
            server.sendall(b"more")


@pytest.mark.parametrize("module", BOTH)
def test_a_write_behind_our_own_close_notify(module: Any) -> None:
    """Not SSLZeroReturnError: that is the clean end of what is read."""
    client, _server = shaken(client_ctx(module), server_ctx())
    with pytest.raises(ssl.SSLWantReadError):
        client.unwrap()
    with pytest.raises(ssl.SSLError) as error:
        client.write(b"x")
    assert type(error.value) is ssl.SSLError
    assert (error.value.errno, error.value.reason) == (ssl.SSL_ERROR_SSL, "PROTOCOL_IS_SHUTDOWN")


# Chains


def test_chains_are_shown() -> None:
    client, server = shaken(client_ctx(), server_ctx())
    verified, sent = client._sslobj.get_verified_chain(), client._sslobj.get_unverified_chain()
    assert [len(verified), len(sent)] == [3, 2] and verified[:2] == sent
    leaf = tlscore.Certificate.load(PKI / "server-p256.pem")[0]
    assert verified[0].public_bytes() == leaf.pem and verified[0].public_bytes(2) == leaf.der
    assert verified[0].get_info() == client.getpeercert() and len({*verified, *sent}) == 3
    with pytest.raises(ValueError, match="Unsupported format"):
        verified[0].public_bytes(3)
    assert server._sslobj.get_verified_chain() is None and server._sslobj.get_unverified_chain() is None


@pytest.mark.parametrize("module", BOTH)
def test_certificates_after_the_handshake_are_tls_1_3s(module: Any) -> None:
    _client, server = shaken(client_ctx(), server_ctx(module))
    with pytest.raises(ssl.SSLError) as error:
        server.verify_client_post_handshake()
    assert error.value.reason == "WRONG_SSL_VERSION"


# Certificates in text


@pytest.mark.parametrize("cut", ["no end", "half a block", "rubbish"])
def test_text_that_is_cut_is_refused(cut: str) -> None:
    whole = (PKI / "ca.pem").read_text()
    body = whole[: whole.index("-----END")]
    data = {"no end": body, "half a block": whole + body[:400], "rubbish": body + "*\n" + whole[len(body) :]}[cut]
    ctx = compat.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    with pytest.raises(ssl.SSLError, match="PEM"):
        ctx.load_verify_locations(cadata=data)
    assert ctx.cert_store_stats()["x509"] == 0
    with pytest.raises(ValueError):
        ctx.load_verify_locations(cadata="")


# Looks from inside of a callback


def test_an_sni_callback_may_look_at_the_connection() -> None:
    seen: list[Any] = []

    def look(end: Any, name: str | None, context: Any) -> None:
        seen.extend((end.version(), end.cipher(), end.pending(), end.session, end.selected_alpn_protocol()))
        seen.extend((end.session_reused, end.get_channel_binding()))
        with pytest.raises(ValueError, match="handshake not done yet"):
            end.getpeercert()

    ctx = server_ctx()
    ctx.sni_callback = look
    client, server = ends(client_ctx(), ctx)
    handshake(client, server)
    assert seen == [None, None, 0, None, None, False, None] and server.version() == "TLSv1.2"


@pytest.mark.parametrize("module", [compat, ssl])
def test_plain_http_as_an_answer(module: Any) -> None:
    incoming = ssl.MemoryBIO()
    client = client_ctx(module).wrap_bio(incoming, ssl.MemoryBIO(), server_hostname=HOST)
    incoming.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    with pytest.raises(ssl.SSLError, match="wrong version number") as caught:
        client.do_handshake()
    assert caught.value.reason == "WRONG_VERSION_NUMBER"


def test_a_psk_callback_that_refers_to_its_context_does_not_keep_it() -> None:
    import gc
    import weakref

    ctx = compat.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    ctx.set_psk_client_callback(lambda hint, kept=ctx: ("me", b"key"))  # type: ignore[misc]
    gone = weakref.ref(ctx)
    del ctx
    gc.collect()
    assert gone() is None
